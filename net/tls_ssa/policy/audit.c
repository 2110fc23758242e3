// SPDX-License-Identifier: GPL-2.0
/*
 * Records of the audit subsystem (AUDIT_KERNEL_OTHER): who has changed the policy, and
 * what the policy has refused. Text that somebody else has chosen is quoted, or in hex
 * if that could be taken for something else, as audit's own fields are.
 *
 *	op=tls_ssa-policy what="web" ppid=1 pid=77 ... comm="ssactl" exe="/usr/sbin/ssactl" res=1
 *	op=tls_ssa-refused profile="web" reason=PolicyVersion netns=4026531840 ... res=0
 */
#define pr_fmt(fmt) "tls_ssa: " fmt

#include <linux/audit.h>
#include <linux/ctype.h>
#include <linux/inet.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>
#include <linux/sched.h>
#include <net/inet_sock.h>
#include <net/net_namespace.h>
#include <net/sock.h>
#include "../mib.h"
#include "policy.h"

/* A work item does not wait for auditd: a peer could make all of them wait. */
static struct audit_buffer *ssa_audit_start(const char *op)
{
	gfp_t gfp = current->flags & PF_KTHREAD ? GFP_NOWAIT : GFP_KERNEL;
	struct audit_buffer *ab;

	if (audit_enabled == AUDIT_OFF)
		return NULL;
	ab = audit_log_start(audit_context(), gfp, AUDIT_KERNEL_OTHER);
	if (ab)
		audit_log_format(ab, "op=tls_ssa-%s", op);
	return ab;
}

static bool ssa_audit_is_plain(const char *text)
{
	for (; *text; text++) {
		if (!isascii(*text) || !isgraph(*text) || *text == '"')
			return false;
	}
	return true;
}

static void ssa_audit_text(struct audit_buffer *ab, const char *field, const char *text)
{
	if (ssa_audit_is_plain(text)) {
		audit_log_format(ab, " %s=\"%s\"", field, text);
		return;
	}
	audit_log_format(ab, " %s=", field);
	for (; *text; text++)
		audit_log_format(ab, "%02X", (u8)*text);
}

/* Who is at it; a work item is nobody. */
static void ssa_audit_end(struct audit_buffer *ab, bool success)
{
	if (!(current->flags & PF_KTHREAD))
		audit_log_task_info(ab);
	audit_log_format(ab, " res=%d", success);
	audit_log_end(ab);
}

static void ssa_audit_addresses(struct audit_buffer *ab, const struct sock *sk)
{
	const struct inet_sock *inet = inet_sk(sk);
	unsigned int here = ntohs(inet->inet_sport), there = ntohs(inet->inet_dport);

	if (sk->sk_family == AF_INET)
		audit_log_format(ab, " laddr=%pI4 lport=%u faddr=%pI4 fport=%u",
				 &inet->inet_rcv_saddr, here, &inet->inet_daddr, there);
#if IS_ENABLED(CONFIG_IPV6)
	else if (sk->sk_family == AF_INET6)
		audit_log_format(ab, " laddr=%pI6c lport=%u faddr=%pI6c fport=%u",
				 &sk->sk_v6_rcv_saddr, here, &sk->sk_v6_daddr, there);
#endif
}

unsigned int ssa_log_level;	/* SSA_LOG_*, of the machine; set by ctrl.c */

/**
 * ssa_audit_change - the administrator has changed something, or tried to
 * @op: what kind of thing: "policy", "credential", "blocklist", "sysctl"; constant
 * @what: which one, and perhaps its new value; or NULL
 * @err: 0, or why it was refused
 *
 * Context: process, may sleep; the administrator's system call.
 */
void ssa_audit_change(const char *op, const char *what, int err)
{
	struct audit_buffer *ab;

	if (READ_ONCE(ssa_log_level) >= SSA_LOG_CHANGES)
		pr_notice_ratelimited("%s %*pE %s by %*pE, pid %d\n", op,
				      what ? (int)strlen(what) : 0, what ?: "",
				      err ? "refused, tried" : "changed",
				      (int)strlen(current->comm), current->comm,
				      task_pid_nr(current));
	ab = ssa_audit_start(op);
	if (!ab)
		return;
	if (what)
		ssa_audit_text(ab, "what", what);
	ssa_audit_end(ab, !err);
}

/* Who a work item acts for is not known: what it refuses was begun by a peer. */
static void ssa_audit_log(const char *counter, const struct ssa_policy *policy)
{
	if (current->flags & PF_KTHREAD)
		pr_notice_ratelimited("%s, to a connection, by profile %s\n", counter,
				      policy->name);
	else
		pr_notice_ratelimited("%s, to %*pE, pid %d, by profile %s\n", counter,
				      (int)strlen(current->comm), current->comm,
				      task_pid_nr(current), policy->name);
}

/**
 * ssa_audit_refused - the policy has refused something to a program, or a connection
 * @sk: its socket
 * @policy: by which
 * @reason: what; one of SSA_R_POLICY_*, or a certificate's
 *
 * What a peer can provoke, in a work item, is limited: it must not fill the records.
 *
 * Context: process, may sleep; the program's system call, or a work item.
 */
void ssa_audit_refused(const struct sock *sk, const struct ssa_policy *policy,
		       enum ssa_reason reason)
{
	static DEFINE_RATELIMIT_STATE(peers, DEFAULT_RATELIMIT_INTERVAL, DEFAULT_RATELIMIT_BURST);
	const char *counter = ssa_reason_desc(reason)->counter;
	struct audit_buffer *ab;

	if ((current->flags & PF_KTHREAD) && !__ratelimit(&peers))
		return;
	if (READ_ONCE(ssa_log_level) >= SSA_LOG_REFUSALS)
		ssa_audit_log(counter, policy);
	ab = ssa_audit_start("refused");
	if (!ab)
		return;
	ssa_audit_text(ab, "profile", policy->name);
	audit_log_format(ab, " reason=%s netns=%u", counter,
			 sock_net(sk)->ns.inum);
	ssa_audit_addresses(ab, sk);
	ssa_audit_end(ab, false);
}
