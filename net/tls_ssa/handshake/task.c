// SPDX-License-Identifier: GPL-2.0
/*
 * The work item of a handshake: it moves records between TCP and the engine. It
 * never waits for the peer: when TCP has no data or no room it returns, and
 * TCP's callbacks or the deadline queue it again. Who runs it: step.c.
 */
#include <linux/cred.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include <linux/uio.h>
#include <net/tcp.h>
#include <net/tls.h>
#include <trace/events/tls_ssa.h>
#include "../callbacks.h"
#include "../conn/conn.h"
#include "../conn/ktls.h"
#include "../draft.h"
#include "../facts.h"
#include "../mib.h"
#include "../settings.h"
#include "../share.h"
#include "../sock.h"
#include "../sock_settings.h"
#include "../step.h"
#include "../tcp.h"
#include "log.h"
#include "task.h"

#define SSA_SEED_POLL	(HZ / 10)	/* is the random number generator seeded now? */

/* Softirq. The task outlives its timer, and its socket outlives the task. */
static void ssa_task_expire(struct timer_list *timer)
{
	struct ssa_task *t = container_of(timer, struct ssa_task, timer);

	if (time_before(jiffies, t->until))
		mod_timer(&t->timer, t->until);		/* it was asked to look earlier */
	else
		WRITE_ONCE(t->expired, true);
	ssa_kick(t->s);
}

/**
 * ssa_task_new - a handshake that has not begun
 * @s: the socket; becomes the owner
 *
 * Context: process, may sleep; before the work item can see it.
 * Return: NULL without memory.
 */
struct ssa_task *ssa_task_new(struct ssa_sock *s)
{
	struct ssa_task *t = kzalloc(sizeof(*t), GFP_KERNEL_ACCOUNT);

	if (!t)
		return NULL;
	/* Of a child it is its listener's; this is the work item, then. */
	get_task_comm(t->program, current);
	t->pid = task_tgid_nr(current);
	t->s = s;
	t->waiter.s = s;
	INIT_LIST_HEAD(&t->waiter.node);
	timer_setup(&t->timer, ssa_task_expire, 0);
	s->task = t;
	return t;
}

#define SSA_HELD_FREE	16384	/* bytes: nearly all messages are shorter */

/*
 * A peer that has proved nothing can make us hold a long message without its end:
 * together they have a limit, of which each user has a share. False: it is reached.
 */
static bool ssa_task_hold(struct ssa_task *t, size_t held)
{
	struct ssa_share *share = t->s->share;

	if (held <= SSA_HELD_FREE)
		held = 0;
	if (held < t->held)
		ssa_share_add(share, SSA_SHARE_MEMORY, (long)held - (long)t->held);
	else if (held > t->held && !ssa_share_take(share, SSA_SHARE_MEMORY, held - t->held))
		return false;
	t->held = held;
	return true;
}

/**
 * ssa_task_free - wipe and free the handshake
 * @s: its socket
 *
 * Context: the work item, or when it cannot run; may sleep.
 */
void ssa_task_free(struct ssa_sock *s)
{
	struct ssa_task *t = s->task;

	if (!t)
		return;
	s->task = NULL;
	timer_shutdown_sync(&t->timer);
	ssa_task_hold(t, 0);
	ssa_hs_free(t->hs);
	kvfree_sensitive(t->record, t->room);
	ssa_lookup_leave(&t->waiter);
	ssa_lookup_put(t->targets);
	put_cred(t->cred);
	ssa_setup_put(t->setup);
	ssa_trust_store_put(t->store);
	ssa_blocklist_put(t->blocked);
	ssa_cred_set_put(t->creds);
	kfree(t);
}

/**
 * ssa_task_deadline - (re)start the timer
 * @t: the handshake
 * @ms: milliseconds from now
 *
 * Context: process.
 */
void ssa_task_deadline(struct ssa_task *t, unsigned int ms)
{
	timer_delete_sync(&t->timer);
	WRITE_ONCE(t->expired, false);
	t->until = jiffies + msecs_to_jiffies(ms);
	mod_timer(&t->timer, t->until);
}

/*
 * Are there good random numbers? At early boot there may be none for a while, and whoever
 * used them then would have keys that can be guessed. If not, the work item comes again;
 * nobody waits for them here.
 */
static bool ssa_task_seeded(struct ssa_task *t)
{
	t->unseeded = !rng_is_initialized();
	if (t->unseeded)
		timer_reduce(&t->timer, jiffies + SSA_SEED_POLL);
	return !t->unseeded;
}

/* Best effort: what the engine wants to say about its failure. */
static void ssa_task_alert(struct ssa_sock *s)
{
	struct ssa_task *t = s->task;
	const u8 *out;
	size_t len;
	int n;

	if (!t->hs)
		return;
	ssa_make_room(s->sk);
	for (;;) {
		out = ssa_hs_output(t->hs, &len);
		if (!len)
			break;
		n = ssa_tcp_send(s->sk, out, len);
		if (n <= 0)
			break;
		ssa_hs_output_done(t->hs, n);
	}
}

/**
 * ssa_give_up - the connection does not come about
 * @s: the socket, connecting or in the handshake
 * @reason: why; SSA_R_NONE if it is TCP's error
 * @err: errno, positive
 *
 * The peer gets its alert and then a FIN; what it still sends is discarded, so
 * that TCP does not answer it with a RST which could overtake the alert.
 *
 * Context: the work item; may sleep. A child may be gone afterwards, but for
 * the caller's reference.
 */
void ssa_give_up(struct ssa_sock *s, enum ssa_reason reason, int err)
{
	void (*failed)(struct ssa_sock *s) = s->task->failed;
	struct ssa_hs_result result;
	struct sock *sk = s->sk;

	if (s->task->hs) {
		ssa_hs_result(s->task->hs, &result);
		s->alert = result.alert_received;
	}
	WRITE_ONCE(s->reason, reason);
	WRITE_ONCE(s->err, err);
	s->retry = s->state == SSA_S_CONNECTING;
	if (reason)
		ssa_count_reason(sock_net(sk), reason);
	if (READ_ONCE(ssa_log_level) >= SSA_LOG_FAILURES && reason != SSA_R_UNUSED)
		ssa_log_failure(s, s->task->program, s->task->pid, reason, err);
	if (reason == SSA_R_CERT_BLOCKED || reason == SSA_R_CERT_NOT_PINNED ||
	    reason == SSA_R_POLICY_ENDED)
		ssa_audit_refused(sk, s->task->setup->policy, reason);
	trace_tls_ssa_handshake_fail(sk, s->server,
				     reason ? ssa_reason_desc(reason)->counter : "Tcp", err);
	if (!s->retry) {
		ssa_task_alert(s);
		ssa_fin(sk);
	}
	ssa_task_free(s);
	if (failed) {
		failed(s);
		return;
	}
	lock_sock(sk);
	s->reported = false;
	WRITE_ONCE(sk->sk_err, err);
	ssa_set_state(s, SSA_S_FAILED);
	release_sock(sk);
	ssa_wake(sk);
	sk_wake_async(sk, SOCK_WAKE_IO, POLL_ERR);
}

static void ssa_give_up_reason(struct ssa_sock *s, enum ssa_reason reason)
{
	if (s->task->hs)
		ssa_hs_abort(s->task->hs, reason);
	ssa_give_up(s, reason, ssa_reason_desc(reason)->err);
}

/**
 * ssa_task_cancel - the application closes the socket during its handshake
 * @s: the socket, no listener's child; its work item does not run any more
 *
 * RFC 8446 6.1: the peer is told that this is no failure, by user_canceled.
 *
 * Context: process, may sleep; takes lock_sock().
 */
void ssa_task_cancel(struct ssa_sock *s)
{
	if (s->task->hs)
		ssa_hs_abort(s->task->hs, SSA_R_TIMEOUT);	/* the one with that alert */
	ssa_task_alert(s);
	ssa_fin(s->sk);
}

/* TCP has failed or ended (@err == 0) in the middle of the handshake. */
static void ssa_give_up_tcp(struct ssa_sock *s, int err)
{
	bool ended = err == 0 || err == -ECONNRESET || err == -EPIPE;

	/* Our own shutdown() looks the same. */
	if (ended && READ_ONCE(s->shut))
		ssa_give_up_reason(s, SSA_R_SHUTDOWN);
	else if (ended && s->parent && !s->task->hs && !s->task->have)
		ssa_give_up_reason(s, SSA_R_UNUSED);
	else if (ended)
		ssa_give_up_reason(s, SSA_R_PEER_CLOSED);
	else if (err == -ENOMEM)
		ssa_give_up_reason(s, SSA_R_NO_MEMORY);
	else
		ssa_give_up(s, SSA_R_NONE, -err);
}

#define SSA_RECORD_FIRST	1024	/* bytes that a header alone makes us allocate */

/*
 * Room for more of the record: twice what has come, so that five bytes do not
 * make us hold sixteen thousand.
 */
static int ssa_task_room(struct ssa_task *t)
{
	u32 room = min(t->len, max_t(u32, 2 * t->room, SSA_RECORD_FIRST));
	u8 *record = kvmalloc(room, GFP_KERNEL_ACCOUNT);

	if (!record)
		return -ENOMEM;
	memcpy(record, t->record ?: t->header, t->have);
	kvfree_sensitive(t->record, t->room);
	t->record = record;
	t->room = room;
	return 0;
}

static void ssa_task_consumed(struct ssa_task *t)
{
	kvfree_sensitive(t->record, t->room);
	t->record = NULL;
	t->room = 0;
	t->have = 0;
}

/*
 * Where the next bytes of the record go. *@want is 0 if it is complete. 0, or a
 * negative errno: -EPROTO: the engine has failed.
 */
static int ssa_task_target(struct ssa_task *t, u8 **to, u32 *want)
{
	int n;

	if (t->have < SSA_RECORD_HEADER_LEN) {
		*to = t->header + t->have;
		*want = SSA_RECORD_HEADER_LEN - t->have;
		return 0;
	}
	if (!t->record) {
		n = ssa_hs_record_length(t->hs, t->header);
		if (n < 0)
			return n;
		t->len = SSA_RECORD_HEADER_LEN + n;
	}
	if (!t->record || (t->have == t->room && t->have < t->len)) {
		n = ssa_task_room(t);
		if (n)
			return n;
	}
	*to = t->record + t->have;
	*want = t->room - t->have;
	return 0;
}

/*
 * Reads one record exactly: what follows it may belong to kTLS. 1: it is there;
 * 0: not yet; negative: given up.
 */
static int ssa_task_read(struct ssa_sock *s)
{
	struct ssa_task *t = s->task;
	u32 want;
	u8 *to;
	int n;

	for (;;) {
		n = ssa_task_target(t, &to, &want);
		if (n == -ENOMEM) {
			ssa_give_up_tcp(s, n);
			return n;
		}
		if (n) {
			t->want = SSA_FAILED;
			return 1;
		}
		if (!want)
			break;
		n = ssa_tcp_recv(s->sk, to, want);
		if (n == -EAGAIN)
			return 0;
		if (n <= 0) {
			ssa_give_up_tcp(s, n);
			return -EPIPE;
		}
		t->have += n;
	}
	t->want = ssa_hs_input(t->hs, t->record, t->len);
	ssa_task_consumed(t);
	if (!ssa_task_hold(t, ssa_hs_held(t->hs))) {
		ssa_hs_abort(t->hs, SSA_R_NO_MEMORY);
		t->want = SSA_FAILED;
	}
	return 1;
}

/* Sends what the engine has: 1: all of it; 0: no room; negative: given up. */
static int ssa_task_write(struct ssa_sock *s)
{
	struct ssa_task *t = s->task;
	const u8 *out;
	size_t len;
	int n;

	out = ssa_hs_output(t->hs, &len);
	n = len ? ssa_tcp_send(s->sk, out, len) : 0;
	if (n == -EAGAIN)
		return 0;
	if (n < 0) {
		ssa_give_up_tcp(s, n);
		return n;
	}
	t->want = ssa_hs_output_done(t->hs, n);
	return 1;
}

/* The engine is content: the keys go to kTLS, everything else is forgotten. */
static void ssa_task_done(struct ssa_sock *s)
{
	struct ssa_task *t = s->task;
	void (*done)(struct ssa_sock *s) = t->done;
	struct sock *sk = s->sk;
	struct ssa_hs_result result;
	struct ssa_draft *draft;
	char *name = NULL;

	ssa_hs_result(t->hs, &result);
	s->version = result.version;
	s->suite = result.suite;
	s->group = result.group;
	s->record_limit = result.record_size_limit < TLS_MAX_PAYLOAD_SIZE ?
			  result.record_size_limit : 0;
	if (s->server && result.server_name && *result.server_name) {
		name = kstrdup(result.server_name, GFP_KERNEL);
		if (!name) {
			ssa_give_up_reason(s, SSA_R_NO_MEMORY);
			return;
		}
		/* Of an upgraded socket, getsockname() may look at it. */
		lock_sock(sk);
		s->name = name;
		release_sock(sk);
	}
	s->facts = ssa_facts_new(t->hs, t->setup);
	if (!s->facts) {
		ssa_give_up_reason(s, SSA_R_NO_MEMORY);
		return;
	}
	if (!ssa_complies(s)) {
		ssa_give_up_reason(s, SSA_R_POLICY_ENDED);
		return;
	}
	if (ssa_hs_export(t->hs, &s->post)) {
		ssa_give_up_reason(s, SSA_R_NO_MEMORY);
		return;
	}
	if (ssa_ktls_install(s)) {
		/* Half of the keys may be in force: the engine cannot speak now. */
		ssa_hs_free(t->hs);
		t->hs = NULL;
		ssa_give_up_reason(s, SSA_R_KTLS);
		return;
	}
	ssa_task_free(s);
	trace_tls_ssa_handshake_done(sk, s->server, s->version, s->suite, s->group);
	if (done) {
		done(s);
		return;
	}
	lock_sock(sk);
	ssa_setup_replace(s, NULL);
	draft = s->draft;
	s->draft = NULL;
	ssa_set_state(s, SSA_S_DONE);
	release_sock(sk);
	ssa_draft_free(draft);
	ssa_wake(sk);
	sk_wake_async(sk, SOCK_WAKE_IO, POLL_OUT);	/* as when TCP is connected */
}

/*
 * Between connect(), or the listener's last look, and now the policy may have changed.
 * SSA_R_NONE, or the reason: the settings are as before.
 */
static enum ssa_reason ssa_task_follow(struct ssa_sock *s)
{
	struct ssa_task *t = s->task;
	const struct net *net = sock_net(s->sk);
	enum ssa_reason reason;
	struct ssa_setup *setup;

	if (!ssa_is_outdated(net, t->setup->generation))
		return SSA_R_NONE;
	setup = ssa_setup_rebase(t->setup, net, &reason);
	if (!setup)
		return reason == SSA_R_NO_MEMORY ? reason : SSA_R_POLICY_ENDED;
	ssa_setup_put(t->setup);
	t->setup = setup;
	if (s->server)
		return SSA_R_NONE;
	ssa_trust_store_put(t->store);
	t->store = ssa_policy_anchors(setup->policy, false);
	if (setup->policy->require_host_name && ssa_name_is_address(s->name))
		return SSA_R_POLICY_ENDED;
	if (s->host_peer && !setup->policy->host_names)
		return SSA_R_POLICY_ENDED;
	return SSA_R_NONE;
}

static int ssa_task_engine(struct ssa_sock *s)
{
	struct ssa_task *t = s->task;
	const struct ssa_setup *setup = t->setup;
	const struct ssa_policy *policy = setup->policy;
	struct ssa_hs_config *cfg = &t->cfg;
	struct ssa_anchors anchors;
	struct ssa_hs *hs;

	cfg->server = s->server;
	cfg->name = s->server ? NULL : s->name;
	if (s->server && setup->peer_auth)
		t->store = ssa_policy_anchors(policy, true);
	if (!t->blocked)
		t->blocked = ssa_blocklist_current();
	if (!t->creds)
		t->creds = ssa_setup_credentials(setup, s->server);
	anchors = ssa_setup_anchors(policy, setup->trusted_only, t->store, setup->extra);
	cfg->store = anchors.store;
	cfg->extra = anchors.extra;
	cfg->also = anchors.also;
	cfg->blocked = t->blocked;
	cfg->is_revoked = ssa_is_revoked;
	cfg->pinned = policy->trust_mode == SSA_TRUST_PINNED;
	cfg->min_rsa_bits = policy->min_rsa_bits;
	cfg->path_max = policy->verify_depth + 1;
	cfg->ignored = SSA_OPTIONAL_ALL & ~policy->extensions;
	cfg->creds = t->creds;
	cfg->peer_auth = setup->peer_auth;
	cfg->alpn = setup->alpn ?: policy->alpn;
	cfg->alpn_len = setup->alpn ? setup->alpn_len : policy->alpn_len;
	cfg->min_version = setup->version_min;
	cfg->max_version = setup->version_max;
	cfg->without_ems = policy->without_ems;
	cfg->record_size_limit = policy->record_size_limit;
	memcpy(cfg->suites, setup->suites, sizeof(cfg->suites));
	memcpy(cfg->groups, policy->groups, sizeof(cfg->groups));
	memcpy(cfg->sigalgs, policy->sigalgs, sizeof(cfg->sigalgs));
	cfg->now = ktime_get_real_seconds();
	cfg->rng = ssa_kernel_rng;
	hs = ssa_hs_new(cfg);
	if (IS_ERR(hs))
		return PTR_ERR(hs);
	t->hs = hs;
	t->want = ssa_hs_start(hs);
	return 0;
}

/**
 * ssa_task_begin - TCP is connected: start the handshake
 * @s: the socket
 *
 * Context: the work item (client), or before it has anything to do; may sleep.
 */
void ssa_task_begin(struct ssa_sock *s)
{
	ssa_set_state(s, SSA_S_HANDSHAKE);
	trace_tls_ssa_handshake_start(s->sk, s->server);
}

/*
 * A server's engine is made when the client's first header is complete, so that
 * a silent client costs next to nothing.
 */
static int ssa_task_prepare(struct ssa_sock *s)
{
	struct ssa_task *t = s->task;
	enum ssa_reason refused;
	int n;

	if (t->hs)
		return 1;
	while (s->server && t->have < SSA_RECORD_HEADER_LEN) {
		n = ssa_tcp_recv(s->sk, t->header + t->have, SSA_RECORD_HEADER_LEN - t->have);
		if (n == -EAGAIN)
			return 0;
		if (n <= 0) {
			ssa_give_up_tcp(s, n);
			return -EPIPE;
		}
		t->have += n;
	}
	if (!ssa_task_seeded(t))
		return 0;
	/*
	 * kTLS is attached now, without keys: it refuses a connection whose
	 * peer has sent its FIN, and the peer may do that as soon as the
	 * handshake is complete on its side.
	 */
	if (inet_sk_state_load(s->sk) == TCP_SYN_RECV)
		return 0;	/* TCP Fast Open: sk_state_change() comes */
	n = ssa_ktls_attach(s);
	if (n == -ENOTCONN) {
		ssa_give_up_tcp(s, 0);
		return n;
	}
	if (n) {
		ssa_give_up_reason(s, n == -ENOMEM ? SSA_R_NO_MEMORY : SSA_R_KTLS);
		return n;
	}
	refused = ssa_task_follow(s);
	n = ssa_task_engine(s);
	if (n) {
		ssa_give_up_reason(s, n == -ENOMEM ? SSA_R_NO_MEMORY : SSA_R_INTERNAL);
		return n;
	}
	if (refused) {		/* not earlier: the engine has the alert */
		ssa_give_up_reason(s, refused);
		return -EACCES;
	}
	return 1;
}

/* Records that a step reads; more than there are in a flight, unless somebody teases us */
#define SSA_STEP_RECORDS	16

/**
 * ssa_task_step - bring the handshake as far as it goes without waiting
 * @s: the socket, in the handshake
 *
 * Context: the work item; may sleep, but never waits for the peer.
 * Return: true: there is more to do at once, if it is its turn again.
 */
bool ssa_task_step(struct ssa_sock *s)
{
	unsigned int records = SSA_STEP_RECORDS;
	struct ssa_task *t = s->task;
	enum ssa_reason reason;
	int n;

	if (!t->begun) {
		t->begun = true;
		ssa_task_deadline(t, ssa_net_timeout_ms(sock_net(s->sk)));
	}
	if (READ_ONCE(t->expired)) {
		ssa_give_up_reason(s, t->unseeded ? SSA_R_UNSEEDED : SSA_R_TIMEOUT);
		return false;
	}
	if (READ_ONCE(s->shut)) {
		ssa_give_up_reason(s, SSA_R_SHUTDOWN);
		return false;
	}
	n = ssa_task_prepare(s);
	while (n > 0) {
		switch (t->want) {
		case SSA_WANT_READ:
			if (!records--)
				return true;
			n = ssa_task_read(s);
			cond_resched();
			break;
		case SSA_WANT_WRITE:
			n = ssa_task_write(s);
			break;
		case SSA_DONE:
			ssa_task_done(s);
			return false;
		case SSA_FAILED:
			reason = ssa_hs_reason(t->hs);
			ssa_give_up(s, reason, ssa_reason_desc(reason)->err);
			return false;
		}
	}
	return false;
}
