// SPDX-License-Identifier: GPL-2.0
/*
 * TLS_EXPORTER and TLS_CHANNEL_BINDING: keying material of the connection (RFC 8446
 * 7.5, RFC 5705), for protocols above TLS. TLS_EXPORTER is set to the label, or to
 * the label, a NUL and the context; then as many bytes can be read as are asked for.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "../facts.h"
#include "../sock.h"
#include "sockopt.h"

/* RFC 9266: the label, and no bytes of context */
#define SSA_BINDING_LABEL	"EXPORTER-Channel-Binding"
#define SSA_BINDING_LEN		32

/* @len: bytes of @input, which is label, or label, NUL and context */
static int ssa_export_input(const struct ssa_facts *facts, const char *input, size_t len,
			    u8 *out, size_t out_len)
{
	size_t label_len = strnlen(input, len);
	const u8 *context = NULL;
	size_t context_len = 0;

	if (label_len < len) {
		context = (const u8 *)input + label_len + 1;
		context_len = len - label_len - 1;
	}
	return ssa_export(&facts->exporter, input, label_len, context, context_len, out, out_len);
}

int ssa_set_exporter(struct ssa_sock *s, struct ssa_value *v)
{
	struct ssa_facts *facts = s->facts;
	u8 trial[16];
	char *old;
	size_t old_len;
	int err;

	/* Is it good for anything? */
	err = ssa_export_input(facts, v->data, v->len, trial, sizeof(trial));
	memzero_explicit(trial, sizeof(trial));
	if (err)
		return err;
	lock_sock(s->sk);
	old = facts->export;
	old_len = facts->export_len;
	facts->export = v->data;
	facts->export_len = v->len;
	release_sock(s->sk);
	v->data = NULL;
	kvfree_sensitive(old, old_len);
	return 0;
}

int ssa_get_exporter(struct ssa_sock *s, struct ssa_answer *a)
{
	struct ssa_facts *facts = s->facts;
	int err = -ENODATA;

	if (!a->room || a->room > SSA_EXPORT_MAX)
		return -EINVAL;
	a->data = kvmalloc(a->room, GFP_KERNEL);
	a->len = a->room;
	if (!a->data)
		return -ENOMEM;
	lock_sock(s->sk);
	if (facts->export)
		err = ssa_export_input(facts, facts->export, facts->export_len, a->data, a->len);
	release_sock(s->sk);
	return err;
}

int ssa_get_channel_binding(struct ssa_sock *s, struct ssa_answer *a)
{
	u8 binding[SSA_BINDING_LEN];
	int err;

	err = ssa_export(&s->facts->exporter, SSA_BINDING_LABEL, strlen(SSA_BINDING_LABEL),
			 (const u8 *)"", 0, binding, sizeof(binding));
	if (!err)
		err = ssa_answer_bytes(a, binding, sizeof(binding));
	memzero_explicit(binding, sizeof(binding));
	return err;
}
