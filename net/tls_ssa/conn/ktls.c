// SPDX-License-Identifier: GPL-2.0
/*
 * Attaching kTLS, and giving it the keys.
 *
 * kTLS writes its operations into sk->sk_socket, in plain TCP's place in
 * between, and takes the first struct socket that it sees for TCP's own. The
 * application's struct socket must not be exposed to either: a thread that calls
 * send() at that moment would send plaintext. So for as long as kTLS works on
 * it, the TCP socket hangs on a private struct socket with TCP's own operations.
 * (An accepted child has one anyway.)
 *
 * kTLS also wants TCP's own struct proto. A thread that was in one of TCP's operations
 * before the socket became ours, and slept in a copy from its memory meanwhile, would
 * find there what it expects: IPV6_ADDRFORM makes an IPv4 socket of such a one. So kTLS
 * is attached under one lock_sock(), from before TCP's struct proto is put in place until
 * after it is gone. TCP_ULP takes that lock itself; what it calls under it is known from
 * ssa_ktls_init().
 */
#include <linux/err.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include <net/tcp.h>
#include <net/tls.h>
#include "../callbacks.h"
#include "../life.h"
#include "../pernet.h"
#include "../sock.h"
#include "guard.h"
#include "ktls.h"
#include "ktls_ops.h"

static const struct tcp_ulp_ops *ssa_ktls;	/* kTLS; constant once loaded */

/**
 * ssa_ktls_init - find kTLS; it stays from here on
 *
 * Its struct tcp_ulp_ops is exported to nobody: it is read off a socket.
 *
 * Context: module load, may sleep.
 * Return: 0; -ENOENT: there is no kTLS; or a negative errno.
 */
int __init ssa_ktls_init(void)
{
	const struct tcp_ulp_ops *ulp = NULL;
	struct socket *sock;
	struct sock *sk;
	int err;

	err = sock_create_kern(&init_net, PF_INET, SOCK_STREAM, IPPROTO_TCP, &sock);
	if (err)
		return err;
	sk = sock->sk;
	/* kTLS takes no other; nobody else knows the socket. */
	sk->sk_state = TCP_ESTABLISHED;
	err = sk->sk_prot->setsockopt(sk, SOL_TCP, TCP_ULP, KERNEL_SOCKPTR("tls"), 3);
	if (!err)
		ulp = inet_csk(sk)->icsk_ulp_ops;
	if (ulp && !try_module_get(ulp->owner))
		err = -ENOENT;
	sk->sk_state = TCP_CLOSE;
	sock_release(sock);
	if (!err)
		ssa_ktls = ulp;
	return err;
}

/**
 * ssa_ktls_exit - kTLS may go
 *
 * Context: module unload; no socket of ours is left.
 */
void ssa_ktls_exit(void)
{
	module_put(ssa_ktls->owner);
}

/**
 * ssa_ktls_info - the present keys of one direction, as kTLS takes them
 * @s: the socket; its traffic secrets are there
 * @tx: which direction
 * @info: result; to be wiped by the caller
 *
 * kTLS puts its nonces together from what it calls salt and iv as each version
 * wants it: with AES-GCM in TLS 1.2 these are the fixed part and the explicit one of
 * the next record (RFC 5288 3), otherwise two parts of what the sequence number is
 * XORed into (RFC 8446 5.3, RFC 7905 2).
 *
 * Context: process.
 * Return: bytes of @info that are used, or -EINVAL for an unknown suite.
 */
int ssa_ktls_info(const struct ssa_sock *s, bool tx, union tls_crypto_context *info)
{
	struct ssa_traffic_keys keys;
	int len = -EINVAL;

	memset(info, 0, sizeof(*info));
	ssa_post_keys(&s->post, tx, &keys);
	if (!keys.key_len)
		return -EINVAL;
	info->info.version = s->version == SSA_TLS12 ? TLS_1_2_VERSION : TLS_1_3_VERSION;
	switch (s->suite) {
	case SSA_SUITE_AES_128_GCM_SHA256:
	case SSA_SUITE_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256:
	case SSA_SUITE_ECDHE_RSA_WITH_AES_128_GCM_SHA256:
		info->info.cipher_type = TLS_CIPHER_AES_GCM_128;
		memcpy(info->aes_gcm_128.key, keys.key, sizeof(info->aes_gcm_128.key));
		memcpy(info->aes_gcm_128.salt, keys.iv, sizeof(info->aes_gcm_128.salt));
		memcpy(info->aes_gcm_128.iv, keys.iv + sizeof(info->aes_gcm_128.salt),
		       sizeof(info->aes_gcm_128.iv));
		put_unaligned_be64(keys.seq, info->aes_gcm_128.rec_seq);
		len = sizeof(info->aes_gcm_128);
		break;
	case SSA_SUITE_AES_256_GCM_SHA384:
	case SSA_SUITE_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384:
	case SSA_SUITE_ECDHE_RSA_WITH_AES_256_GCM_SHA384:
		info->info.cipher_type = TLS_CIPHER_AES_GCM_256;
		memcpy(info->aes_gcm_256.key, keys.key, sizeof(info->aes_gcm_256.key));
		memcpy(info->aes_gcm_256.salt, keys.iv, sizeof(info->aes_gcm_256.salt));
		memcpy(info->aes_gcm_256.iv, keys.iv + sizeof(info->aes_gcm_256.salt),
		       sizeof(info->aes_gcm_256.iv));
		put_unaligned_be64(keys.seq, info->aes_gcm_256.rec_seq);
		len = sizeof(info->aes_gcm_256);
		break;
	case SSA_SUITE_CHACHA20_POLY1305_SHA256:
	case SSA_SUITE_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256:
	case SSA_SUITE_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256:
		info->info.cipher_type = TLS_CIPHER_CHACHA20_POLY1305;
		memcpy(info->chacha20_poly1305.key, keys.key,
		       sizeof(info->chacha20_poly1305.key));
		memcpy(info->chacha20_poly1305.iv, keys.iv, sizeof(info->chacha20_poly1305.iv));
		put_unaligned_be64(keys.seq, info->chacha20_poly1305.rec_seq);
		len = sizeof(info->chacha20_poly1305);
		break;
	}
	memzero_explicit(&keys, sizeof(keys));
	return len;
}

/**
 * ssa_ktls_set_keys - give kTLS the present keys of one direction
 * @s: the socket; kTLS is attached to it
 * @tx: which direction
 *
 * Context: process, may sleep; takes lock_sock().
 * Return: 0, -EINVAL for an unknown suite, or kTLS's error: -EBUSY if it has keys
 * already and cannot change them.
 */
int ssa_ktls_set_keys(const struct ssa_sock *s, bool tx)
{
	struct sock *sk = s->sk;
	/* Of an upgraded socket, the guard may be in force: guard.c */
	const struct proto *prot = s->below ?: sk->sk_prot;
	union tls_crypto_context info;
	int err;

	err = ssa_ktls_info(s, tx, &info);
	if (err > 0)
		err = prot->setsockopt(sk, SOL_TLS, tx ? TLS_TX : TLS_RX,
				       KERNEL_SOCKPTR(&info), err);
	memzero_explicit(&info, sizeof(info));
	return err;
}

/* A child has one; any other socket gets one, for as long as it lives. 0 or -ENOMEM. */
static int ssa_stage(struct ssa_sock *s, struct socket **stage)
{
	struct sock *sk = s->sk;
	struct socket *sock;
	int err;

	*stage = s->holder ?: s->stage;
	if (*stage)
		return 0;
	err = ssa_holder_new(sk, READ_ONCE(sk->sk_uid), &sock);
	if (err)
		return err;
	sock->ops = ssa_family(sk)->base;
	sock->sk = sk;
	/*
	 * SOL_SOCKET options look sk->sk_socket up without a lock and use it for as
	 * long as they like: it has to stay until close().
	 */
	s->stage = sock;
	*stage = sock;
	return 0;
}

/* lock_sock() held. Puts @sk on another struct socket, and returns that which it was on. */
static struct socket *ssa_move(struct sock *sk, struct socket *to)
{
	struct socket *from;

	write_lock_bh(&sk->sk_callback_lock);
	from = sk->sk_socket;
	sk_set_socket(sk, to);
	write_unlock_bh(&sk->sk_callback_lock);
	return from;
}

/* lock_sock() held; sk_socket is the private one. What TCP_ULP does under that lock. */
static int ssa_attach(struct ssa_sock *s)
{
	struct sock *sk = s->sk;
	int err;

	if (ssa_arm(s) || !ssa_ulp_intact(s))
		return -EBUSY;
	ssa_ulp_lower(s);
	err = ssa_ktls->init(sk);
	if (!err) {
		ssa_ulp_leave(sk);
		__module_get(ssa_ktls->owner);
		inet_csk(sk)->icsk_ulp_ops = ssa_ktls;
	}
	ssa_ulp_raise(s);
	return err;
}

/**
 * ssa_ktls_attach - attach kTLS, without keys: records still pass as they are
 * @s: the socket; TCP is connected
 *
 * Context: the work item; may sleep; takes lock_sock().
 * Return: 0; -ENOTCONN if the peer has closed already; -EBUSY: the socket is not as we
 * have left it; or kTLS's error.
 */
int ssa_ktls_attach(struct ssa_sock *s)
{
	struct sock *sk = s->sk;
	struct socket *stage, *user;
	int err;

	err = ssa_stage(s, &stage);
	if (err)
		return err;
	lock_sock(sk);
	user = ssa_move(sk, stage);
	err = ssa_attach(s);
	ssa_move(sk, user);
	release_sock(sk);
	/* kTLS has no MSG_ZEROCOPY; it says so to the struct socket it sees. */
	clear_bit(SOCK_SUPPORT_ZC, &user->flags);
	return err;
}

static int ssa_set_both(struct ssa_sock *s)
{
	int err;

	err = ssa_ktls_set_keys(s, true);
	if (!err)
		err = ssa_ktls_set_keys(s, false);
	if (err)
		return err;
	/* Before anybody can send or receive. */
	ssa_rekey_limits(s);
	return 0;
}

/**
 * ssa_ktls_install - give kTLS the keys of both directions
 * @s: the socket; @s->post and @s->suite are there
 *
 * From here on the application's struct socket has the second table of
 * operations (an accepted child gets it from accept()), and TCP its own
 * callbacks, but for sk_error_report().
 *
 * TLS_TX and TLS_RX take lock_sock() themselves. In between nothing of TCP's or kTLS's
 * is in force by which another thread could do more than kTLS allows to anybody.
 *
 * Context: the work item; may sleep; takes lock_sock().
 * Return: 0, or a negative errno: the connection cannot be used.
 */
int ssa_ktls_install(struct ssa_sock *s)
{
	struct sock *sk = s->sk;
	struct socket *stage = s->holder ?: s->stage, *user;
	int err;

	lock_sock(sk);
	err = ssa_arm(s);
	if (err) {
		release_sock(sk);
		return err;
	}
	/* kTLS keeps the callbacks that it finds. */
	write_lock_bh(&sk->sk_callback_lock);
	ssa_restore_callbacks(sk);
	ssa_watch_errors(sk);
	write_unlock_bh(&sk->sk_callback_lock);
	user = ssa_move(sk, stage);
	release_sock(sk);
	err = ssa_set_both(s);
	lock_sock(sk);
	if (!err) {
		s->kops = ssa_kops_get(stage->ops);
		err = s->kops ? 0 : -ENOMEM;
	}
	ssa_ulp_raise(s);
	ssa_move(sk, user);
	clear_bit(SOCK_SUPPORT_ZC, &user->flags);
	if (!err && user != stage) {
		/* What they rely on is in place: for READ_ONCE(sock->ops). */
		smp_store_release(&user->ops, s->kops);
	}
	release_sock(sk);
	return err;
}

/**
 * ssa_ktls_stop - from now on kTLS leaves alone what TCP receives
 * @sk: established connection that has failed; nobody reads any more
 *
 * The bytes can be thrown away, then, without kTLS's idea of where its next
 * record begins.
 *
 * Context: process, may sleep; takes lock_sock().
 */
void ssa_ktls_stop(struct sock *sk)
{
	lock_sock(sk);
	tls_sw_ctx_rx(tls_get_ctx(sk))->strp.stopped = 1;
	release_sock(sk);
}

/**
 * ssa_rekey_limits - how many records go under one key
 * @s: the socket; kTLS has its keys
 *
 * RFC 8446 5.5 limits what AES-GCM may protect under one key, and wants a
 * KeyUpdate before; a call of send() that is under way may add some ten thousand
 * records, hence the quarter. The administrator can have it earlier, and for all
 * suites. The peer has the same duty; if it does not care, we ask it once a key.
 * TLS 1.2 has no way to change the key.
 *
 * Context: process.
 */
void ssa_rekey_limits(struct ssa_sock *s)
{
	unsigned int set = ssa_net_rekey_after(sock_net(s->sk));
	u64 limit;

	s->rekey_after = U64_MAX;
	s->ask_after = U64_MAX;
	if (s->version == SSA_TLS12)
		return;
	limit = ssa_post_record_limit(&s->post);
	if (limit != U64_MAX)
		limit -= limit / 4;
	if (set)
		limit = min_t(u64, limit, set);
	if (limit == U64_MAX)
		return;
	s->ask_after = limit + limit / 3 + 64;
	if (SSA_KTLS_REKEYS || tls_get_ctx(s->sk)->tx_conf == TLS_SW)
		s->rekey_after = limit;
}
