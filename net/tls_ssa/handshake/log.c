// SPDX-License-Identifier: GPL-2.0
/*
 * What the kernel's log says of a handshake that has failed (net.ssa.log_level): who, with
 * whom, and why.
 */
#define pr_fmt(fmt) "tls_ssa: " fmt

#include <linux/printk.h>
#include <net/inet_sock.h>
#include "../sock.h"
#include "log.h"
#include "lookup.h"

static void ssa_log_peer(const struct sock *sk, union ssa_addr *peer)
{
	const struct inet_sock *inet = inet_sk(sk);

	memset(peer, 0, sizeof(*peer));
	peer->sa.sa_family = sk->sk_family;
	if (sk->sk_family == AF_INET) {
		peer->in.sin_addr.s_addr = inet->inet_daddr;
		peer->in.sin_port = inet->inet_dport;
	}
#if IS_ENABLED(CONFIG_IPV6)
	if (sk->sk_family == AF_INET6) {
		peer->in6.sin6_addr = sk->sk_v6_daddr;
		peer->in6.sin6_port = inet->inet_dport;
	}
#endif
}

/**
 * ssa_log_failure - one line for a handshake, or an attempt to connect, that has failed
 * @s: the socket
 * @program: name of who has begun it, or called listen()
 * @pid: the same
 * @reason: why; SSA_R_NONE if it is TCP's error
 * @err: errno, positive
 *
 *	handshake of a client failed: curl[77] with www.example.com 192.0.2.1:443:
 *	UnknownCa, no trusted authority has signed ..., errno 126
 *	handshake of a server failed: nginx[78] at port 443 with 192.0.2.2:50000: ...
 *
 * Context: the work item.
 */
void ssa_log_failure(const struct ssa_sock *s, const char *program, pid_t pid,
		     enum ssa_reason reason, int err)
{
	const char *counter = reason ? ssa_reason_desc(reason)->counter : "Tcp";
	const char *text = reason ? ssa_reason_desc(reason)->text : "no connection of TCP";
	union ssa_addr peer;

	ssa_log_peer(s->sk, &peer);
	if (s->server)
		pr_notice_ratelimited("handshake of a server failed: %*pE[%d] at port %u with %pISpc: %s, %s, errno %d\n",
				      (int)strlen(program), program, pid,
				      s->sk->sk_num, &peer.sa, counter, text, err);
	else
		pr_notice_ratelimited("handshake of a client failed: %*pE[%d] with %s %pISpc: %s, %s, errno %d\n",
				      (int)strlen(program), program, pid,
				      s->name, &peer.sa, counter, text, err);
}
