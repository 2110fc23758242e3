// SPDX-License-Identifier: GPL-2.0
/*
 * Application-Layer Protocol Negotiation (RFC 7301): the client offers names, the
 * server chooses one of them.
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include <kunit/visibility.h>
#include "hello.h"

/* ProtocolName protocol_name_list<2..2^16-1>; each opaque<1..2^8-1> (3.1) */
static bool names_are_valid(struct ssa_reader names)
{
	struct ssa_reader name;

	while (ssa_reader_more(&names))
		if (!ssa_read_vec8(&names, &name, 1, SSA_ALPN_NAME_MAX))
			return false;
	return true;
}

static bool names_equal(const struct ssa_reader *a, const struct ssa_reader *b)
{
	return a->left == b->left && !memcmp(a->data, b->data, a->left);
}

/* Is @name in @names, which are valid? */
static bool has_name(struct ssa_reader names, const struct ssa_reader *name)
{
	struct ssa_reader each;

	while (ssa_read_vec8(&names, &each, 1, SSA_ALPN_NAME_MAX))
		if (names_equal(&each, name))
			return true;
	return false;
}

static struct ssa_reader our_names(const struct ssa_hs *hs)
{
	struct ssa_reader names;

	ssa_reader_init(&names, hs->cfg.alpn, hs->cfg.alpn_len);
	return names;
}

/* A name that stands twice is a mistake, and many make each ClientHello cost much. */
static bool names_are_few_and_different(struct ssa_reader names)
{
	struct ssa_reader name;
	u32 count = 0;

	while (ssa_read_vec8(&names, &name, 1, SSA_ALPN_NAME_MAX))
		if (++count > SSA_ALPN_NAMES_MAX || has_name(names, &name))
			return false;
	return true;
}

/**
 * ssa_alpn_is_valid - can this be struct ssa_hs_config's @alpn?
 * @names: each behind a byte with its length
 * @len: bytes of @names; 0: none, which is fine
 *
 * Context: any.
 * Return: false if a name is empty, crosses the end or stands twice, or if they are too
 * many.
 */
bool ssa_alpn_is_valid(const u8 *names, size_t len)
{
	struct ssa_reader r;

	if (!len)
		return true;
	if (!names || len > SSA_ALPN_MAX)
		return false;
	ssa_reader_init(&r, names, len);
	return names_are_valid(r) && names_are_few_and_different(r);
}
EXPORT_SYMBOL_IF_KUNIT(ssa_alpn_is_valid);

/**
 * ssa_put_alpn_answer - the extension with the one name that was chosen, if there is one
 * @hs: server that has negotiated
 * @w: in the extensions of EncryptedExtensions, or of TLS 1.2's ServerHello
 *
 * Context: process, may sleep.
 */
void ssa_put_alpn_answer(struct ssa_hs *hs, struct ssa_writer *w)
{
	struct ssa_vec ext, list, name;

	if (!hs->alpn_len)
		return;
	ssa_write_u16(w, SSA_XT_ALPN);
	ext = ssa_open_vec(w, 2);
	list = ssa_open_vec(w, 2);
	name = ssa_open_vec(w, 1);
	ssa_write_bytes(w, hs->alpn, hs->alpn_len);
	ssa_close_vec(w, name);
	ssa_close_vec(w, list);
	ssa_close_vec(w, ext);
}

/**
 * ssa_choose_alpn - the first of our protocols that the client has too (RFC 7301 3.2)
 * @hs: server; @alpn is set
 * @ch: of the client
 *
 * A server that has none does not take part, nor is there a choice for a client that
 * does not.
 *
 * Context: any.
 * Return: 0 or ssa_fail().
 */
int ssa_choose_alpn(struct ssa_hs *hs, const struct ssa_client_hello *ch)
{
	struct ssa_reader r = ch->exts.body[SSA_EXT_ALPN], ours = our_names(hs), theirs, name;

	if (!ssa_has_ext(&ch->exts, SSA_EXT_ALPN))
		return 0;
	if (!ssa_read_vec16(&r, &theirs, 2, 0xffff) || !ssa_reader_done(&r) ||
	    !names_are_valid(theirs))
		return ssa_fail(hs, SSA_R_DECODE);
	if (!ours.left)
		return 0;
	while (ssa_read_vec8(&ours, &name, 1, SSA_ALPN_NAME_MAX)) {
		if (!has_name(theirs, &name))
			continue;
		hs->alpn = name.data;
		hs->alpn_len = name.left;
		return 0;
	}
	return ssa_fail(hs, SSA_R_NO_ALPN);
}

/**
 * ssa_read_alpn_answer - what the server has chosen, if it says so (RFC 7301 3.1)
 * @hs: client; @alpn is set
 * @exts: of EncryptedExtensions, or of TLS 1.2's ServerHello
 *
 * Exactly one name, of those that we have offered.
 *
 * Context: any.
 * Return: 0 or ssa_fail().
 */
int ssa_read_alpn_answer(struct ssa_hs *hs, const struct ssa_exts *exts)
{
	struct ssa_reader r = exts->body[SSA_EXT_ALPN], ours = our_names(hs), list, chosen, name;

	if (!ssa_has_ext(exts, SSA_EXT_ALPN))
		return 0;
	if (!ssa_read_vec16(&r, &list, 2, 0xffff) || !ssa_reader_done(&r) ||
	    !ssa_read_vec8(&list, &chosen, 1, SSA_ALPN_NAME_MAX) || !ssa_reader_done(&list))
		return ssa_fail(hs, SSA_R_DECODE);
	while (ssa_read_vec8(&ours, &name, 1, SSA_ALPN_NAME_MAX)) {
		if (!names_equal(&name, &chosen))
			continue;
		hs->alpn = name.data;
		hs->alpn_len = name.left;
		return 0;
	}
	return ssa_fail(hs, SSA_R_ILLEGAL_PARAMETER);
}
