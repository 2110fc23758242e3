// SPDX-License-Identifier: GPL-2.0
/*
 * Options that tell what was agreed on with the peer, and who it is.
 */
#include <linux/errno.h>
#include "../facts.h"
#include "../sock.h"
#include "sockopt.h"

int ssa_get_chosen_cipher(struct ssa_sock *s, struct ssa_answer *a)
{
	return ssa_answer_text(a, ssa_suite_name(s->suite) ?: "");
}

int ssa_get_version_conn(struct ssa_sock *s, struct ssa_answer *a)
{
	return ssa_answer_text(a, ssa_version_name(s->version) ?: "");
}

int ssa_get_negotiated_group(struct ssa_sock *s, struct ssa_answer *a)
{
	return ssa_answer_text(a, ssa_group_name(s->group) ?: "");
}

/* "" if the peer is a client without a certificate */
int ssa_get_peer_sigalg(struct ssa_sock *s, struct ssa_answer *a)
{
	u16 scheme = s->facts->peer_sigalg;

	return ssa_answer_text(a, (scheme ? ssa_sig_scheme_name(scheme) : NULL) ?: "");
}

/* "" if the peer has shown no certificate */
static int ssa_get_chain(struct ssa_sock *s, struct ssa_answer *a, bool verified)
{
	char *text;
	size_t len;
	int err;

	if (!s->facts->peer)
		return ssa_answer_text(a, "");
	err = ssa_peer_pem(s->facts->peer, verified, &text, &len);
	if (err)
		return err;
	a->data = text;
	a->len = len + 1;
	return 0;
}

int ssa_get_peer_certificate_chain(struct ssa_sock *s, struct ssa_answer *a)
{
	return ssa_get_chain(s, a, false);
}

int ssa_get_peer_verified_chain(struct ssa_sock *s, struct ssa_answer *a)
{
	return ssa_get_chain(s, a, true);
}

int ssa_get_peer_identity(struct ssa_sock *s, struct ssa_answer *a)
{
	char *text;
	size_t len;
	int err;

	if (!s->facts->peer)
		return ssa_answer_text(a, "");
	err = ssa_peer_identity(s->facts->peer, &text, &len);
	if (err)
		return err;
	a->data = text;
	a->len = len + 1;
	return 0;
}
