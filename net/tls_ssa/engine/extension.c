// SPDX-License-Identifier: GPL-2.0
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <kunit/visibility.h>
#include "buf.h"
#include "engine.h"
#include "extension.h"
#include "wire.h"

#define CH	SSA_IN_CLIENT_HELLO
#define SH	SSA_IN_SERVER_HELLO
#define HRR	SSA_IN_HELLO_RETRY_REQUEST
#define EE	SSA_IN_ENCRYPTED_EXTENSIONS
#define CT	SSA_IN_CERTIFICATE
#define CR	SSA_IN_CERTIFICATE_REQUEST
#define NST	SSA_IN_NEW_SESSION_TICKET
#define SH12	SSA_IN_SERVER_HELLO_TLS12

#define EXT(x, where)						\
	[SSA_EXT_##x] = {					\
		.type = SSA_XT_##x,				\
		.places = (where),				\
	}

/* One that we can do without */
#define EXT_OPTIONAL(x, where)					\
	[SSA_EXT_##x] = {					\
		.type = SSA_XT_##x,				\
		.places = (where),				\
		.optional = SSA_OPTIONAL_##x,			\
	}

/*
 * The table of RFC 8446 4.2, and what the ServerHello of TLS 1.2 may hold. Some
 * servers put supported_groups there, which is of no use and does no harm.
 */
static const struct {
	u16 type;
	u8 places;
	u8 optional;
} ssa_ext_table[] = {
	EXT_OPTIONAL(SERVER_NAME,		CH | EE | SH12),
	EXT(MAX_FRAGMENT_LENGTH,		CH | EE | SH12),
	EXT(STATUS_REQUEST,			CH | CR | CT | SH12),
	EXT(SUPPORTED_GROUPS,			CH | EE | SH12),
	EXT(EC_POINT_FORMATS,			CH | SH12),
	EXT(SIGNATURE_ALGORITHMS,		CH | CR),
	EXT(USE_SRTP,				CH | EE | SH12),
	EXT(HEARTBEAT,				CH | EE | SH12),
	EXT_OPTIONAL(ALPN,			CH | EE | SH12),
	EXT(SIGNED_CERTIFICATE_TIMESTAMP,	CH | CR | CT | SH12),
	EXT(CLIENT_CERTIFICATE_TYPE,		CH | EE | SH12),
	EXT(SERVER_CERTIFICATE_TYPE,		CH | EE | SH12),
	EXT(PADDING,				CH),
	EXT(EXTENDED_MASTER_SECRET,		CH | SH12),
	EXT_OPTIONAL(RECORD_SIZE_LIMIT,		CH | EE | SH12),
	EXT(PRE_SHARED_KEY,			CH | SH),
	EXT(EARLY_DATA,				CH | EE | NST),
	EXT(SUPPORTED_VERSIONS,			CH | SH | HRR),
	EXT(COOKIE,				CH | HRR),
	EXT(PSK_KEY_EXCHANGE_MODES,		CH),
	EXT_OPTIONAL(CERTIFICATE_AUTHORITIES,	CH | CR),
	EXT(OID_FILTERS,			CR),
	EXT(POST_HANDSHAKE_AUTH,		CH),
	EXT(SIGNATURE_ALGORITHMS_CERT,		CH | CR),
	EXT(KEY_SHARE,				CH | SH | HRR),
	EXT(RENEGOTIATION_INFO,			CH | SH12),
};

static_assert(ARRAY_SIZE(ssa_ext_table) == SSA_EXT_COUNT);
static_assert(SSA_EXT_COUNT <= 32);
static_assert(SSA_OPTIONAL_ALL <= U8_MAX);

#define SSA_UNKNOWN_FEW		16
#define SSA_UNKNOWN_MAP_LEN	(65536 / 8)

/* The types seen that are not in the table; a map once they are many. */
struct unknown_types {
	u32 count;
	u16 few[SSA_UNKNOWN_FEW];
	struct ssa_buf map;
};

static bool test_and_mark(u8 *map, u16 type)
{
	u8 bit = BIT(type % 8);
	bool seen = map[type / 8] & bit;

	map[type / 8] |= bit;
	return seen;
}

static enum ssa_reason note_unknown(struct unknown_types *seen, u16 type)
{
	u32 i;

	if (seen->map.data)
		return test_and_mark(seen->map.data, type) ? SSA_R_DUPLICATE_EXTENSION : SSA_R_NONE;

	for (i = 0; i < seen->count; i++)
		if (seen->few[i] == type)
			return SSA_R_DUPLICATE_EXTENSION;
	if (seen->count < SSA_UNKNOWN_FEW) {
		seen->few[seen->count++] = type;
		return SSA_R_NONE;
	}

	if (ssa_buf_reserve(&seen->map, SSA_UNKNOWN_MAP_LEN, SSA_UNKNOWN_MAP_LEN))
		return SSA_R_NO_MEMORY;
	memset(seen->map.data, 0, SSA_UNKNOWN_MAP_LEN);
	for (i = 0; i < seen->count; i++)
		test_and_mark(seen->map.data, seen->few[i]);
	test_and_mark(seen->map.data, type);
	return SSA_R_NONE;
}

static enum ssa_reason note_extension(struct ssa_exts *exts, struct unknown_types *seen, u16 type,
				      const struct ssa_reader *body)
{
	u32 i;

	for (i = 0; i < SSA_EXT_COUNT; i++) {
		if (ssa_ext_table[i].type != type)
			continue;
		if (exts->present & BIT(i))
			return SSA_R_DUPLICATE_EXTENSION;
		exts->present |= BIT(i);
		exts->body[i] = *body;
		return SSA_R_NONE;
	}
	exts->unknown = true;
	return note_unknown(seen, type);
}

/**
 * ssa_exts_parse - read a list of extensions
 * @list: what is inside the vector of extensions
 * @exts: result; its readers point into @list
 *
 * Checks the form and that none stands twice, known or not. What they mean and
 * whether they may be there is left to ssa_exts_judge() and the caller.
 *
 * Context: process, may sleep.
 * Return: SSA_R_NONE, SSA_R_DECODE, SSA_R_DUPLICATE_EXTENSION, SSA_R_NO_MEMORY.
 */
enum ssa_reason ssa_exts_parse(struct ssa_reader list, struct ssa_exts *exts)
{
	struct unknown_types seen = { 0 };
	enum ssa_reason reason = SSA_R_NONE;
	struct ssa_reader body;
	u16 type;

	memset(exts, 0, sizeof(*exts));
	while (!reason && ssa_reader_more(&list)) {
		if (!ssa_read_u16(&list, &type) || !ssa_read_vec16(&list, &body, 0, 0xffff)) {
			reason = SSA_R_DECODE;
			break;
		}
		reason = note_extension(exts, &seen, type, &body);
		exts->last = type;
	}
	ssa_buf_free(&seen.map);
	return reason;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_exts_parse);

/**
 * ssa_exts_ignore - forget extensions that we do without
 * @exts: from ssa_exts_parse(): of a message that asks something of us
 * @optional: SSA_OPTIONAL_*
 *
 * Context: any.
 */
void ssa_exts_ignore(struct ssa_exts *exts, u32 optional)
{
	u32 i;

	for (i = 0; i < SSA_EXT_COUNT; i++)
		if (ssa_ext_table[i].optional & optional)
			exts->present &= ~BIT(i);
}

/**
 * ssa_exts_judge - may these extensions stand in this message?
 * @exts: from ssa_exts_parse()
 * @place: the message
 * @offered: BIT(enum ssa_ext) of those in our ClientHello; for answers
 *
 * A cookie is the one thing that a server may send unasked (4.2).
 *
 * Context: any.
 * Return: SSA_R_NONE, SSA_R_UNSOLICITED_EXTENSION, SSA_R_MISPLACED_EXTENSION,
 * SSA_R_ILLEGAL_PARAMETER.
 */
enum ssa_reason ssa_exts_judge(const struct ssa_exts *exts, enum ssa_ext_place place, u32 offered)
{
	u32 i;

	/* RFC 8449 5: one or the other, whatever was offered */
	if ((place & SSA_IN_RESPONSES) && ssa_has_ext(exts, SSA_EXT_RECORD_SIZE_LIMIT) &&
	    ssa_has_ext(exts, SSA_EXT_MAX_FRAGMENT_LENGTH))
		return SSA_R_ILLEGAL_PARAMETER;
	if (place == SSA_IN_HELLO_RETRY_REQUEST)
		offered |= BIT(SSA_EXT_COOKIE);
	if (place & SSA_IN_RESPONSES)
		if (exts->unknown || (exts->present & ~offered))
			return SSA_R_UNSOLICITED_EXTENSION;
	for (i = 0; i < SSA_EXT_COUNT; i++)
		if ((exts->present & BIT(i)) && !(ssa_ext_table[i].places & place))
			return SSA_R_MISPLACED_EXTENSION;
	return SSA_R_NONE;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_exts_judge);
