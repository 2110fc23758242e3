// SPDX-License-Identifier: GPL-2.0
/*
 * Who runs the steps of a handshake. A step takes it as far as it goes without waiting
 * for the peer: milliseconds of public-key work, which somebody has to account for.
 *
 *  - A thread that sleeps in connect() or accept() until a handshake is done runs its
 *    steps itself, so that scheduler and cgroups charge who wanted it (struct ssa_helper).
 *  - All others are run by a few workers, about as many as there are CPUs, on a workqueue
 *    of their own, which the administrator can bind and slow down
 *    (/sys/devices/virtual/workqueue/ssa_step). They take one step of each user in turn:
 *    who has a thousand handshakes in flight delays somebody with one by one step.
 *
 * Nobody else waits behind these workers: what is quick, or rare, is done by the socket's
 * work item, on ssa_wq. What there is to do stands in a table that the module has given
 * (struct ssa_steps): nothing of it is known here.
 *
 * A step runs once at a time (ssa_sock.stepping). Whatever happens meanwhile makes it
 * run again; so does what happens while the socket waits for its turn, once. All of this
 * is under ssa_step_lock, which is held for a few instructions.
 *
 * A step runs with the kernel's credentials, whoever runs it: whether files of the policy
 * can be read, or a module be loaded, does not depend on that.
 */
#include <linux/cred.h>
#include <linux/init_task.h>
#include <linux/memcontrol.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/wait_bit.h>
#include <linux/workqueue.h>
#include "mib.h"
#include "share.h"
#include "sock.h"
#include "step.h"

/**
 * struct ssa_worker - one of the workers
 * @work: takes one step, and queues itself again if there are more
 * @idle: in ssa_idle, if it is not queued (ssa_step_lock)
 */
struct ssa_worker {
	struct work_struct	work;
	struct list_head	idle;
};

static DEFINE_SPINLOCK(ssa_step_lock);	/* guards the two lists, and what says so elsewhere */
static LIST_HEAD(ssa_turns);		/* ssa_user.turn, in order */
static LIST_HEAD(ssa_idle);

struct workqueue_struct *ssa_wq;

static struct workqueue_struct *ssa_step_wq;
static const struct ssa_steps *ssa_steps;	/* constant once loaded */
static struct ssa_worker *ssa_workers;
static const struct cred *ssa_step_cred;

/* lock held; @s is due, with a reference: behind the others of its user. */
static void ssa_step_enqueue(struct ssa_sock *s)
{
	struct ssa_user *user = s->share->user;
	struct ssa_worker *w;

	list_add_tail(&s->turn, &user->ready);
	if (list_empty(&user->turn))
		list_add_tail(&user->turn, &ssa_turns);
	w = list_first_entry_or_null(&ssa_idle, struct ssa_worker, idle);
	if (w) {
		list_del_init(&w->idle);
		queue_work(ssa_step_wq, &w->work);
	}
}

/* lock held; @s is queued. Its reference is the caller's now. */
static void ssa_step_dequeue(struct ssa_sock *s)
{
	struct ssa_user *user = s->share->user;

	list_del_init(&s->turn);
	if (list_empty(&user->ready))
		list_del_init(&user->turn);
}

/* lock held; @s is due, with a reference: a thread that waits for it, or else a worker */
static void ssa_step_assign(struct ssa_sock *s)
{
	struct ssa_sock *place = s->parent ?: s;
	struct ssa_helper *h;

	if (hlist_empty(&place->helpers)) {
		ssa_step_enqueue(s);
		return;
	}
	h = hlist_entry(place->helpers.first, struct ssa_helper, node);
	hlist_del_init(&h->node);
	h->todo = s;
	wake_up_process(h->task);	/* it needs the lock to go away */
}

/* Something has happened that a handshake waits for. Any context. */
static void ssa_step_due(struct ssa_sock *s)
{
	unsigned long flags;

	spin_lock_irqsave(&ssa_step_lock, flags);
	if (s->stepping) {
		s->step_again = true;
	} else if (!s->step_due && !s->step_stopped) {
		s->step_due = true;
		ssa_get(s);
		ssa_step_assign(s);
	}
	spin_unlock_irqrestore(&ssa_step_lock, flags);
}

/**
 * ssa_step_claim - be the only one who runs a step, or keeps others from it
 * @s: the socket
 *
 * Context: process.
 * Return: true: until ssa_step_release(); false: somebody is at it, and will look again.
 */
bool ssa_step_claim(struct ssa_sock *s)
{
	bool mine;

	spin_lock_irq(&ssa_step_lock);
	mine = !s->stepping;
	s->stepping = true;
	s->step_again |= !mine;
	spin_unlock_irq(&ssa_step_lock);
	return mine;
}

/* lock held. @h has run its step: it has @todo now, or may have whatever comes next. */
static void ssa_help_next(struct ssa_helper *h, struct ssa_sock *todo)
{
	h->todo = todo;
	if (!todo)
		hlist_add_head(&h->node, &h->place->helpers);
}

/*
 * @more: there is something to do. @h: whoever has run it, or NULL: no event falls between
 * the step and the thread that is going to wait for the next one. True: the socket is due,
 * with a reference.
 */
static bool ssa_step_done(struct ssa_sock *s, bool more, struct ssa_helper *h)
{
	bool stopped;

	spin_lock_irq(&ssa_step_lock);
	s->stepping = false;
	stopped = s->step_stopped;
	/* Due already: who has made it so is about to queue it, or has. */
	more = (more || s->step_again) && !stopped && !s->step_due;
	s->step_again = false;
	if (more) {
		s->step_due = true;
		ssa_get(s);
	}
	if (h)
		ssa_help_next(h, more ? s : NULL);
	spin_unlock_irq(&ssa_step_lock);
	if (stopped)
		wake_up_var(s);
	return more;
}

static void ssa_step_reassign(struct ssa_sock *s)
{
	bool stopped;

	spin_lock_irq(&ssa_step_lock);
	stopped = s->step_stopped;
	if (!stopped)
		ssa_step_assign(s);
	spin_unlock_irq(&ssa_step_lock);
	if (stopped)
		ssa_put(s);
}

/**
 * ssa_step_release - the opposite of ssa_step_claim()
 * @s: the socket
 *
 * Context: process.
 */
void ssa_step_release(struct ssa_sock *s)
{
	if (ssa_step_done(s, false, NULL))
		ssa_step_reassign(s);
}

/**
 * ssa_step_leave - there will be no more steps
 * @s: the socket; one may be under way: that of the caller, or see ssa_step_stop()
 *
 * Context: any.
 */
void ssa_step_leave(struct ssa_sock *s)
{
	unsigned long flags;
	bool queued;

	spin_lock_irqsave(&ssa_step_lock, flags);
	s->step_stopped = true;
	queued = !list_empty(&s->turn);
	if (queued)
		ssa_step_dequeue(s);
	spin_unlock_irqrestore(&ssa_step_lock, flags);
	if (queued)
		ssa_put(s);
}

static bool ssa_step_is_over(struct ssa_sock *s)
{
	bool over;

	spin_lock_irq(&ssa_step_lock);
	over = !s->stepping;
	spin_unlock_irq(&ssa_step_lock);
	return over;
}

/**
 * ssa_step_stop - no step runs any more, and none will
 * @s: the socket
 *
 * Context: process, sleeps; never from a step of the same socket, and with no lock that
 * a step takes.
 */
void ssa_step_stop(struct ssa_sock *s)
{
	ssa_step_leave(s);
	wait_var_event(s, ssa_step_is_over(s));
}

/**
 * ssa_step_adopted - a child is accepted: it is no longer its listener's
 * @c: the child, in none of the lists; the caller gets its reference to the listener
 *
 * Context: process; lock_sock() held.
 */
void ssa_step_adopted(struct ssa_sock *c)
{
	spin_lock_irq(&ssa_step_lock);
	c->parent = NULL;
	INIT_HLIST_HEAD(&c->helpers);	/* and no list's any more */
	spin_unlock_irq(&ssa_step_lock);
}

/*
 * The memory of the handshake is charged to the cgroup in which socket() was called, of the
 * listener for its children; as far as it is charged at all.
 */
static struct mem_cgroup *ssa_step_charge(const struct ssa_sock *s)
{
	return set_active_memcg(ssa_sk_memcg((s->parent ?: s)->sk));
}

/* A step, claimed. True: there is more to do already. @by: SSA_MIB_STEPS_BY_* */
static bool ssa_step(struct ssa_sock *s, enum ssa_mib by)
{
	enum ssa_state state = ssa_state(s);
	const struct cred *old_cred;
	struct mem_cgroup *old;
	bool more;

	if (state != SSA_S_CONNECTING && state != SSA_S_HANDSHAKE) {
		ssa_kick(s);		/* for who looks after those */
		return false;
	}
	ssa_count(sock_net(s->sk), by);
	/* Nothing ends the handshake now, so its listener and its sockets stay. */
	old_cred = override_creds(ssa_step_cred);
	old = ssa_step_charge(s);
	if (state == SSA_S_CONNECTING)
		more = ssa_steps->connecting(s);
	else
		more = ssa_steps->handshake(s);
	set_active_memcg(old);
	revert_creds(old_cred);
	return more;
}

/*
 * @s is due, with a reference, and in nobody's list. True: it is again; else the reference
 * is gone. @h: the thread that is the caller, or NULL: a worker
 */
static bool ssa_step_run(struct ssa_sock *s, struct ssa_helper *h)
{
	enum ssa_mib by = h ? SSA_MIB_STEPS_BY_CALLERS : SSA_MIB_STEPS_BY_WORKERS;
	bool run, again = false;

	spin_lock_irq(&ssa_step_lock);
	s->step_due = false;
	run = !s->stepping && !s->step_stopped;
	if (run)
		s->stepping = true;
	else
		s->step_again = true;
	if (!run && h)
		ssa_help_next(h, NULL);
	spin_unlock_irq(&ssa_step_lock);
	if (run)
		again = ssa_step_done(s, ssa_step(s, by), h);
	ssa_put(s);
	return again;
}

/* ------------------------------------------------------------------- workers */

/* The next socket: of the user whose turn it is, who is the last one now */
static struct ssa_sock *ssa_turn_next(void)
{
	struct ssa_sock *s = NULL;
	struct ssa_user *user;

	spin_lock_irq(&ssa_step_lock);
	user = list_first_entry_or_null(&ssa_turns, struct ssa_user, turn);
	if (user) {
		s = list_first_entry(&user->ready, struct ssa_sock, turn);
		list_move_tail(&user->turn, &ssa_turns);
		ssa_step_dequeue(s);
	}
	spin_unlock_irq(&ssa_step_lock);
	return s;
}

/* One step only: so the workqueue's own settings are looked at in between. */
static void ssa_worker_run(struct work_struct *work)
{
	struct ssa_worker *w = container_of(work, struct ssa_worker, work);
	struct ssa_sock *s = ssa_turn_next();

	if (s && ssa_step_run(s, NULL))
		ssa_step_reassign(s);
	spin_lock_irq(&ssa_step_lock);
	if (list_empty(&ssa_turns))
		list_add(&w->idle, &ssa_idle);
	else
		queue_work(ssa_step_wq, &w->work);
	spin_unlock_irq(&ssa_step_lock);
}

/* ------------------------------------------------------------------- helpers */

/**
 * ssa_help_begin - the calling thread is going to wait for a handshake
 * @h: on its stack
 * @place: a connection, or a listener; stays open until ssa_help_end()
 *
 * From here on it is woken for steps, too.
 *
 * Context: process.
 */
void ssa_help_begin(struct ssa_helper *h, struct ssa_sock *place)
{
	INIT_HLIST_NODE(&h->node);
	h->task = current;
	h->place = place;
	h->todo = NULL;
	ssa_help_wanted(h);
}

/**
 * ssa_help_wanted - is there a step to run?
 * @h: the thread; if not, it is woken when there is one
 *
 * Context: process; after set_current_state().
 * Return: true: ssa_help() is next.
 */
bool ssa_help_wanted(struct ssa_helper *h)
{
	struct ssa_sock *s = h->place;
	bool wanted;

	spin_lock_irq(&ssa_step_lock);
	if (!h->todo && !list_empty(&s->turn)) {	/* no worker has come yet */
		ssa_step_dequeue(s);
		hlist_del_init(&h->node);
		h->todo = s;
	}
	wanted = h->todo;
	if (!wanted && hlist_unhashed(&h->node))
		hlist_add_head(&h->node, &s->helpers);
	spin_unlock_irq(&ssa_step_lock);
	return wanted;
}

/**
 * ssa_help - run a step, after ssa_help_wanted()
 * @h: the thread
 *
 * Context: process, may sleep, but waits for nobody; no lock is held.
 */
void ssa_help(struct ssa_helper *h)
{
	ssa_step_run(h->todo, h);	/* nobody else takes it away */
	cond_resched();
}

/**
 * ssa_help_end - the calling thread does not wait any more
 * @h: what it has not begun is somebody else's
 *
 * Context: process.
 */
void ssa_help_end(struct ssa_helper *h)
{
	struct ssa_sock *s;

	spin_lock_irq(&ssa_step_lock);
	hlist_del_init(&h->node);
	s = h->todo;
	h->todo = NULL;
	spin_unlock_irq(&ssa_step_lock);
	if (s)
		ssa_step_reassign(s);
}

/* ----------------------------------------------------------------- work item */

/**
 * ssa_kick - let the work item look at the socket, or who runs its step
 * @s: the socket
 *
 * Context: any.
 */
void ssa_kick(struct ssa_sock *s)
{
	enum ssa_state state = ssa_state(s);

	if (state == SSA_S_CONNECTING || state == SSA_S_HANDSHAKE) {
		ssa_step_due(s);
		return;
	}
	ssa_get(s);
	if (!queue_work(ssa_wq, &s->work))
		ssa_put(s);
}

/**
 * ssa_quiesce - neither work item nor step of a socket runs from here on
 * @s: the socket
 *
 * Context: process, sleeps; as disable_work_sync() and ssa_step_stop().
 */
void ssa_quiesce(struct ssa_sock *s)
{
	ssa_step_stop(s);
	if (disable_work_sync(&s->work))
		ssa_put(s);
}

/* Everything but a handshake */
static void ssa_work(struct work_struct *work)
{
	struct ssa_sock *s = container_of(work, struct ssa_sock, work);

	/* Beside no step: that one tells who runs it to come back here. */
	if (!ssa_step_claim(s)) {
		ssa_put(s);
		return;
	}
	switch (ssa_state(s)) {
	case SSA_S_IDLE:
		ssa_steps->idle(s);
		break;
	case SSA_S_LISTEN:
		ssa_steps->listening(s);
		break;
	case SSA_S_CONNECTING:
	case SSA_S_HANDSHAKE:
		ssa_kick(s);
		break;
	case SSA_S_DONE:
		ssa_steps->established(s);
		break;
	case SSA_S_FAILED:
		break;
	}
	ssa_step_release(s);
	ssa_put(s);
}

/**
 * ssa_step_prepare - a new socket
 * @s: nobody else knows it
 *
 * Context: any.
 */
void ssa_step_prepare(struct ssa_sock *s)
{
	INIT_WORK(&s->work, ssa_work);
	INIT_LIST_HEAD(&s->turn);
}

/* -------------------------------------------------------------------- module */

/**
 * ssa_step_init - at module load
 * @steps: what a socket does, by its state; constant
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int __init ssa_step_init(const struct ssa_steps *steps)
{
	unsigned int i;

	ssa_steps = steps;
	/* The administrator can raise how many run at once: WQ_SYSFS. */
	ssa_workers = kcalloc(nr_cpu_ids, sizeof(*ssa_workers), GFP_KERNEL);
	ssa_step_cred = prepare_kernel_cred(&init_task);
	ssa_wq = alloc_workqueue("ssa", WQ_UNBOUND, 0);
	ssa_step_wq = alloc_workqueue("ssa_step", WQ_UNBOUND | WQ_SYSFS, num_online_cpus());
	if (!ssa_workers || !ssa_step_cred || !ssa_wq || !ssa_step_wq) {
		ssa_step_exit();
		return -ENOMEM;
	}
	for (i = 0; i < nr_cpu_ids; i++) {
		INIT_WORK(&ssa_workers[i].work, ssa_worker_run);
		list_add_tail(&ssa_workers[i].idle, &ssa_idle);
	}
	return 0;
}

/**
 * ssa_step_exit - at module unload; or ssa_step_init() has failed
 *
 * Context: process, may sleep; no socket of ours is left.
 */
void ssa_step_exit(void)
{
	if (ssa_wq)
		destroy_workqueue(ssa_wq);
	if (ssa_step_wq)
		destroy_workqueue(ssa_step_wq);
	if (ssa_step_cred)
		put_cred(ssa_step_cred);
	kfree(ssa_workers);
}
