// SPDX-License-Identifier: GPL-2.0
/*
 * Options that tell how a connection fares, and why it has failed.
 */
#include <linux/string.h>
#include <net/tls.h>
#include "../draft.h"
#include "../facts.h"
#include "../sock.h"
#include "sockopt.h"

static_assert(sizeof(struct tls_ssa_info) == 64);

int ssa_get_error(struct ssa_sock *s, struct ssa_answer *a)
{
	u16 reason = READ_ONCE(s->reason);
	const char *waits = NULL;

	/* A certificate without its key is not there, which listen() says with less words. */
	if ((reason == SSA_R_NONE && !READ_ONCE(s->err)) || reason == SSA_R_NO_CREDENTIAL) {
		lock_sock(s->sk);
		waits = ssa_draft_waits(s->draft);
		release_sock(s->sk);
	}
	if (waits)
		return ssa_answer_text(a, waits);
	if (reason == SSA_R_NONE && READ_ONCE(s->err))
		return ssa_answer_text(a, "TCP connection failed");
	return ssa_answer_text(a, ssa_reason_desc(reason)->text);
}

static u8 ssa_info_state(const struct ssa_sock *s, enum ssa_state state)
{
	switch (state) {
	case SSA_S_IDLE:
		return TLS_INFO_SETUP;
	case SSA_S_LISTEN:
		return TLS_INFO_LISTEN;
	case SSA_S_CONNECTING:
		return TLS_INFO_CONNECTING;
	case SSA_S_HANDSHAKE:
		return TLS_INFO_HANDSHAKE;
	case SSA_S_DONE:
		return READ_ONCE(s->err) ? TLS_INFO_FAILED : TLS_INFO_ESTABLISHED;
	case SSA_S_FAILED:
		break;
	}
	return TLS_INFO_FAILED;
}

static void ssa_info_connection(const struct ssa_sock *s, struct tls_ssa_info *info)
{
	const struct ssa_facts *facts = s->facts;

	info->version = s->version;
	info->suite = s->suite;
	info->group = s->group;
	info->sigalg = facts->sigalg;
	info->peer_sigalg = facts->peer_sigalg;
	info->record_limit = s->record_limit ?: TLS_MAX_PAYLOAD_SIZE;
	info->key_updates = READ_ONCE(facts->key_updates);
	if (facts->hello_retry)
		info->flags |= TLS_INFO_F_HELLO_RETRY;
	if (facts->extended_master_secret)
		info->flags |= TLS_INFO_F_EMS;
	if (facts->peer)
		info->flags |= TLS_INFO_F_PEER_CERTIFICATE;
	if (facts->sigalg)
		info->flags |= TLS_INFO_F_OWN_CERTIFICATE;
}

int ssa_get_info(struct ssa_sock *s, struct ssa_answer *a)
{
	enum ssa_state state = ssa_state(s);
	u16 reason = READ_ONCE(s->reason);
	struct tls_ssa_info info = {
		.state	= ssa_info_state(s, state),
		.alert	= READ_ONCE(s->alert),
		.error	= READ_ONCE(s->err),
	};

	if (s->server)
		info.flags |= TLS_INFO_F_SERVER;
	if (s->below)
		info.flags |= TLS_INFO_F_UPGRADED;
	if (state == SSA_S_DONE)
		ssa_info_connection(s, &info);
	if (READ_ONCE(s->unexpected_eof))
		info.flags |= TLS_INFO_F_UNEXPECTED_EOF;
	if (reason)
		strscpy(info.reason, ssa_reason_desc(reason)->counter, sizeof(info.reason));
	a->prefix = true;
	return ssa_answer_bytes(a, &info, sizeof(info));
}
