/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Who runs the steps of a handshake, and the work item of a socket.
 */
#ifndef _TLS_SSA_STEP_H
#define _TLS_SSA_STEP_H

#include <linux/list.h>
#include <linux/sched.h>
#include <linux/workqueue.h>

struct ssa_sock;

/**
 * struct ssa_helper - a thread that waits for a handshake, and can run its steps meanwhile
 * @node: in ssa_sock.helpers of @place, while it has nothing to do (ssa_step_lock)
 * @task: the thread
 * @place: what it waits for: a connection, or any child of a listener
 * @todo: the socket whose step it is to run, with a reference (ssa_step_lock)
 */
struct ssa_helper {
	struct hlist_node	node;
	struct task_struct	*task;
	struct ssa_sock		*place;
	struct ssa_sock		*todo;
};

/**
 * struct ssa_steps - what there is to do when something has happened, by the state
 * @connecting: a step of the handshake's; returns true if there is more to do already
 * @handshake: the same
 * @idle: by the work item, as the next two; may sleep, but waits for nobody
 * @listening: a listener; others may have come
 * @established: a connection
 */
struct ssa_steps {
	bool	(*connecting)(struct ssa_sock *s);
	bool	(*handshake)(struct ssa_sock *s);
	void	(*idle)(struct ssa_sock *s);
	void	(*listening)(struct ssa_sock *s);
	void	(*established)(struct ssa_sock *s);
};

extern struct workqueue_struct *ssa_wq;

/* step.c */
void ssa_kick(struct ssa_sock *s);
void ssa_quiesce(struct ssa_sock *s);
void ssa_step_prepare(struct ssa_sock *s);
bool ssa_step_claim(struct ssa_sock *s);
void ssa_step_release(struct ssa_sock *s);
void ssa_step_leave(struct ssa_sock *s);
void ssa_step_stop(struct ssa_sock *s);
void ssa_step_adopted(struct ssa_sock *c);
void ssa_help_begin(struct ssa_helper *h, struct ssa_sock *place);
bool ssa_help_wanted(struct ssa_helper *h);
void ssa_help(struct ssa_helper *h);
void ssa_help_end(struct ssa_helper *h);
int ssa_step_init(const struct ssa_steps *steps);
void ssa_step_exit(void);

#endif /* _TLS_SSA_STEP_H */
