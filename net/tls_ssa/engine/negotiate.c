// SPDX-License-Identifier: GPL-2.0
/*
 * Extensions that both sides read in the same way, in a ClientHello as in the
 * answer to it.
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include "hello.h"

/**
 * ssa_check_extended_master_secret - RFC 7627 5.1 and 5.2
 * @hs: either side, TLS 1.2; @extended_master_secret is set
 * @exts: of the peer's hello
 *
 * Context: any.
 * Return: 0 or ssa_fail().
 */
int ssa_check_extended_master_secret(struct ssa_hs *hs, const struct ssa_exts *exts)
{
	hs->extended_master_secret = ssa_has_ext(exts, SSA_EXT_EXTENDED_MASTER_SECRET);
	if (!hs->extended_master_secret)
		return hs->cfg.without_ems ? 0 : ssa_fail(hs, SSA_R_NO_EXTENDED_MASTER_SECRET);
	if (exts->body[SSA_EXT_EXTENDED_MASTER_SECRET].left)
		return ssa_fail(hs, SSA_R_DECODE);
	return 0;
}

/**
 * ssa_check_point_formats - ec_point_formats, if it is there (RFC 8422 5.1.2)
 * @hs: either side, TLS 1.2
 * @exts: of the peer's hello
 *
 * Context: any.
 * Return: 0 or ssa_fail().
 */
int ssa_check_point_formats(struct ssa_hs *hs, const struct ssa_exts *exts)
{
	struct ssa_reader r = exts->body[SSA_EXT_EC_POINT_FORMATS], formats;
	u8 format;

	if (!ssa_has_ext(exts, SSA_EXT_EC_POINT_FORMATS))
		return 0;
	if (!ssa_read_vec8(&r, &formats, 1, 0xff) || !ssa_reader_done(&r))
		return ssa_fail(hs, SSA_R_DECODE);
	while (ssa_read_u8(&formats, &format))
		if (format == SSA_POINT_FORMAT_UNCOMPRESSED)
			return 0;
	return ssa_fail(hs, SSA_R_ILLEGAL_PARAMETER);
}

/**
 * ssa_our_record_size_limit - what we put into record_size_limit (RFC 8449 4)
 * @hs: either side
 *
 * A client that can do TLS 1.3 counts the byte of the type, whatever becomes of it.
 *
 * Context: any.
 * Return: the value, 0: the extension is not sent.
 */
u16 ssa_our_record_size_limit(const struct ssa_hs *hs)
{
	u16 version = hs->version ?: hs->cfg.max_version;
	u16 most = version == SSA_TLS13 ? SSA_INNER_PLAINTEXT_MAX : SSA_PLAINTEXT_MAX;

	if (hs->cfg.ignored & SSA_OPTIONAL_RECORD_SIZE_LIMIT)
		return 0;
	return min(hs->cfg.record_size_limit, most);
}

/**
 * ssa_read_record_size_limit - what the peer put there
 * @hs: either side, with @version; its limits for both directions are set
 * @exts: of the peer's ClientHello, EncryptedExtensions, or TLS 1.2 ServerHello
 *
 * Neither direction is limited unless both sides have sent the extension.
 *
 * Context: any.
 * Return: 0 or ssa_fail().
 */
int ssa_read_record_size_limit(struct ssa_hs *hs, const struct ssa_exts *exts)
{
	struct ssa_reader r = exts->body[SSA_EXT_RECORD_SIZE_LIMIT];
	u16 limit;

	if (!hs->cfg.record_size_limit || !ssa_has_ext(exts, SSA_EXT_RECORD_SIZE_LIMIT))
		return 0;
	if (!ssa_read_u16(&r, &limit) || !ssa_reader_done(&r))
		return ssa_fail(hs, SSA_R_DECODE);
	if (limit < SSA_RECORD_SIZE_LIMIT_MIN)
		return ssa_fail(hs, SSA_R_ILLEGAL_PARAMETER);
	/* more than the protocol has is no error: it may be of a later version */
	if (hs->version == SSA_TLS13)
		limit--;
	hs->tx_limit = min_t(u16, limit, SSA_PLAINTEXT_MAX);
	hs->rx_limit = ssa_our_record_size_limit(hs);
	return 0;
}
