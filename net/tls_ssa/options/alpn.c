// SPDX-License-Identifier: GPL-2.0
/*
 * TLS_ALPN: application protocols (RFC 7301). A value that begins with a printable
 * character is a text, names with commas between them: "h2,http/1.1". Any other is
 * in the form of the wire, each name behind a byte with its length. In a text \xNN
 * stands for a byte that is not printable, for a comma and for a backslash: so every
 * list has a text, which is how lists, and the protocol of a connection, are given
 * back.
 */
#include <linux/ctype.h>
#include <linux/hex.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "../facts.h"
#include "../option.h"
#include "../settings.h"
#include "../sock.h"
#include "../sock_settings.h"
#include "sockopt.h"

/* Longest text of a byte: \xNN */
#define SSA_ALPN_ESCAPE		4

struct ssa_alpn {
	u8	*wire;
	size_t	len;
};

static bool ssa_alpn_plain(u8 c)
{
	return c > 0x20 && c < 0x7f && c != ',' && c != '\\';
}

/* One byte of a name from @text. How many characters it took, or 0. */
static size_t ssa_alpn_byte(const char *text, size_t len, u8 *byte)
{
	*byte = text[0];
	if (ssa_alpn_plain(*byte))
		return 1;
	if (len < SSA_ALPN_ESCAPE || text[0] != '\\' || text[1] != 'x')
		return 0;
	return hex2bin(byte, text + 2, 1) ? 0 : SSA_ALPN_ESCAPE;
}

/*
 * @wire has room for @len + 1 bytes: that is enough, since each name costs its length
 * instead of a comma. Bytes of it, or -EINVAL.
 */
static int ssa_alpn_parse(const char *text, size_t len, u8 *wire)
{
	size_t at = 0, n, start = 0, end = 1;	/* of the name in @wire */

	for (;;) {
		if (at < len && text[at] != ',') {
			n = ssa_alpn_byte(text + at, len - at, &wire[end]);
			if (!n || end - start > SSA_ALPN_NAME_MAX)
				return -EINVAL;
			at += n;
			end++;
			continue;
		}
		if (end - start == 1)
			return -EINVAL;
		wire[start] = end - start - 1;
		if (at == len)
			return end;
		at++;
		start = end++;
	}
}

static int ssa_change_alpn(struct ssa_setup *setup, void *arg)
{
	struct ssa_alpn *alpn = arg;

	if (!ssa_alpn_allowed(alpn->wire, alpn->len, setup->policy))
		return -EACCES;
	kfree(setup->alpn);
	setup->alpn = kmemdup(alpn->wire, alpn->len, GFP_KERNEL_ACCOUNT);
	setup->alpn_len = alpn->len;
	return setup->alpn ? 0 : -ENOMEM;
}

int ssa_set_alpn(struct ssa_sock *s, struct ssa_value *v)
{
	struct ssa_alpn alpn = { .wire = v->data, .len = v->len };
	u8 *text = v->data, *wire = NULL;
	int err;

	if (text[0] > 0x20 && text[0] < 0x7f) {
		if (!text[v->len - 1])
			v->len--;
		wire = kmalloc(v->len + 2, GFP_KERNEL);
		if (!wire)
			return -ENOMEM;
		err = ssa_alpn_parse(v->data, v->len, wire);
		if (err < 0)
			goto out;
		alpn.wire = wire;
		alpn.len = err;
	}
	err = -E2BIG;
	if (alpn.len > SSA_ALPN_MAX)
		goto out;
	err = -EINVAL;
	if (!ssa_alpn_is_valid(alpn.wire, alpn.len))
		goto out;
	err = ssa_setup_change(s, SSA_AT_SETUP, ssa_change_alpn, &alpn);
out:
	kfree(wire);
	return err;
}

/* Writes one name; where the next character goes. */
static char *ssa_alpn_name(char *to, const u8 *name, size_t len)
{
	for (; len; len--, name++) {
		if (ssa_alpn_plain(*name)) {
			*to++ = *name;
			continue;
		}
		*to++ = '\\';
		*to++ = 'x';
		to = hex_byte_pack(to, *name);
	}
	return to;
}

int ssa_get_alpn(struct ssa_sock *s, struct ssa_answer *a)
{
	struct ssa_setup *setup = NULL;
	struct ssa_facts *facts = NULL;
	size_t len, at;
	char *text, *to;

	if (ssa_at(s) & (SSA_AT_CLIENT | SSA_AT_SERVER)) {
		facts = s->facts;
		len = facts->alpn_len;
	} else {
		setup = ssa_setup_take(s);
		if (!setup)
			return -EOPNOTSUPP;
		len = setup->alpn_len;
	}
	text = kvmalloc(len * SSA_ALPN_ESCAPE + 1, GFP_KERNEL);
	to = text;
	if (text && facts)
		to = ssa_alpn_name(to, facts->alpn, len);
	for (at = 0; text && setup && at < len; at += 1 + setup->alpn[at]) {
		if (at)
			*to++ = ',';
		to = ssa_alpn_name(to, setup->alpn + at + 1, setup->alpn[at]);
	}
	ssa_setup_put(setup);
	if (!text)
		return -ENOMEM;
	*to++ = '\0';
	a->data = text;
	a->len = to - text;
	return 0;
}
