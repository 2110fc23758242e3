// SPDX-License-Identifier: GPL-2.0
/*
 * How a chain and its key become a pair. They come in either order and are in force once
 * both are there, for all names of the certificate or for the one that TLS_HOSTNAME has
 * said before. The half that comes first waits in a draft:
 *
 *  - The next of its kind takes its place.
 *  - A half that is refused, because it does not fit the one that waits, or for itself, or
 *    cannot even be read, changes nothing of what waits.
 *
 * A program that loads a pair again from time to time, and does not stop at the half that
 * failed, leaves the other one of that time behind. It must not make a pair with what is
 * loaded the next time, unless they happen to fit, and the order is to be found again:
 *
 *  - What waits and came after its partner had failed (@stray) gives way to a half that
 *    does not fit it.
 *  - If they do fit, the half that has made it a pair waits for the one that belongs to it
 *    and is about to come (@again).
 */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "../cert/text.h"
#include "../draft.h"
#include "../option.h"
#include "../settings.h"
#include "../sock.h"
#include "../sock_settings.h"
#include "pair.h"
#include "sockopt.h"

/**
 * struct ssa_new_half - one half of a pair, on its way into the draft
 * @s: the socket
 * @kind: which
 * @text: it; NULL if the draft has it
 * @fault: why it was refused
 */
struct ssa_new_half {
	struct ssa_sock		*s;
	enum ssa_half_kind	kind;
	struct ssa_text		text;
	enum ssa_reason		fault;
};

static struct ssa_draft *ssa_draft(struct ssa_sock *s)
{
	if (!s->draft)
		s->draft = kzalloc(sizeof(*s->draft), GFP_KERNEL_ACCOUNT);
	return s->draft;
}

/* Is it good by itself? 0, or an errno and @half->fault */
static int ssa_half_check(struct ssa_new_half *half, const struct ssa_text *t)
{
	bool key = half->kind == SSA_HALF_KEY;
	int err;

	err = key ? ssa_credentials_check_key(t->text, t->len) :
		    ssa_credentials_check_chain(t->text, t->len);
	if (err)
		half->fault = ssa_credentials_fault(t->text, t->len, key, err);
	return err;
}

/* Both halves are there: into the set with them. 0, or an errno and @half->fault */
static int ssa_draft_complete(struct ssa_setup *setup, const struct ssa_draft *draft,
			      struct ssa_new_half *half)
{
	const struct ssa_text *chain = &draft->half[SSA_HALF_CHAIN];
	const struct ssa_text *key = &draft->half[SSA_HALF_KEY];
	struct ssa_credentials *cred;
	struct ssa_cred_set *set;
	int err;

	cred = ssa_credentials_new(chain->text, chain->len, key->text, key->len);
	if (IS_ERR(cred)) {
		/* The one that waits was good by itself. */
		err = ssa_half_check(half, &draft->half[half->kind]);
		if (!err && PTR_ERR(cred) == -EKEYREJECTED)
			half->fault = SSA_R_CRED_MISMATCH;
		return PTR_ERR(cred);
	}
	set = ssa_cred_set_add(setup->creds, cred, draft->name);
	ssa_credentials_put(cred);
	if (IS_ERR(set)) {
		if (PTR_ERR(set) == -EKEYREJECTED)
			half->fault = SSA_R_CRED_NAME;
		else if (PTR_ERR(set) == -E2BIG)
			half->fault = SSA_R_CRED_TOO_LONG;
		return PTR_ERR(set);
	}
	ssa_cred_set_put(setup->creds);
	setup->creds = set;
	return 0;
}

/* There is no partner for it yet. */
static int ssa_draft_begin(struct ssa_draft *draft, struct ssa_new_half *half)
{
	struct ssa_text *mine = &draft->half[half->kind];
	enum ssa_half_kind other = !half->kind;
	int err = ssa_half_check(half, &half->text);

	if (err)
		return err;
	/* Of two in a row the earlier one tells when the partner failed: before it, or after. */
	draft->stray = draft->failed[other] && (!mine->text || draft->stray);
	draft->failed[half->kind] = false;
	draft->failed[other] = false;
	draft->again = false;
	swap(*mine, half->text);
	return 0;
}

/* ssa_setup_fn; lock_sock() held */
static int ssa_draft_put(struct ssa_setup *setup, void *arg)
{
	struct ssa_new_half *half = arg;
	struct ssa_draft *draft = ssa_draft(half->s);
	struct ssa_text *mine, *partner;
	int err;

	if (!draft)
		return -ENOMEM;
	mine = &draft->half[half->kind];
	partner = &draft->half[!half->kind];
	if (!partner->text)
		return ssa_draft_begin(draft, half);
	swap(*mine, half->text);
	err = ssa_draft_complete(setup, draft, half);
	if (err) {
		swap(*mine, half->text);
		if (!draft->stray || half->fault != SSA_R_CRED_MISMATCH)
			return err;
		ssa_text_free(partner);
		half->fault = SSA_R_NONE;
		return ssa_draft_begin(draft, half);
	}
	if (!draft->stray) {
		half->s->draft = NULL;
		ssa_draft_free(draft);
		return 0;
	}
	ssa_text_free(partner);
	kfree(draft->name);
	draft->name = NULL;
	draft->stray = false;
	draft->again = true;
	return 0;
}

/* It was refused for itself: its partner is about to come, or has failed before. */
static void ssa_draft_failed(struct ssa_new_half *half)
{
	struct ssa_draft *draft;
	bool over;

	lock_sock(half->s->sk);
	draft = ssa_at(half->s) & (SSA_AT_SETUP | SSA_AT_LISTEN) ? ssa_draft(half->s) : NULL;
	if (draft) {
		/* With it a pair is over: both have failed, or the other one is in force. */
		over = draft->again || draft->failed[!half->kind];
		if (draft->again) {
			ssa_text_free(&draft->half[SSA_HALF_CHAIN]);
			ssa_text_free(&draft->half[SSA_HALF_KEY]);
		}
		draft->again = false;
		draft->failed[!half->kind] = false;
		draft->failed[half->kind] = !over;
	}
	release_sock(half->s->sk);
}

/**
 * ssa_draft_half - TLS_CERTIFICATE_CHAIN or TLS_PRIVATE_KEY
 * @s: the socket
 * @key: the key, not the chain
 * @text: it; consumed
 * @err: why it could not be read, or 0
 *
 * Context: process, may sleep; takes lock_sock().
 * Return: @err; 0: in force, or it waits; or as ssa_set_certificate_chain().
 */
int ssa_draft_half(struct ssa_sock *s, bool key, struct ssa_text *text, int err)
{
	struct ssa_new_half half = {
		.s = s, .kind = key ? SSA_HALF_KEY : SSA_HALF_CHAIN, .text = *text,
	};

	if (!err)
		err = ssa_setup_change(s, SSA_AT_SETUP | SSA_AT_LISTEN, ssa_draft_put, &half);
	else if (err == -E2BIG)
		half.fault = SSA_R_CRED_TOO_LONG;
	ssa_text_free(&half.text);
	if (err && half.fault != SSA_R_CRED_MISMATCH && half.fault != SSA_R_CRED_NAME)
		ssa_draft_failed(&half);
	return ssa_option_refused(s, half.fault, err);
}

/**
 * struct ssa_new_name - a name, on its way into the draft
 * @s: the socket
 * @name: it; what it has taken the place of, afterwards
 */
struct ssa_new_name {
	struct ssa_sock	*s;
	char		*name;
};

/* ssa_setup_fn; lock_sock() held */
static int ssa_draft_put_name(struct ssa_setup *setup, void *arg)
{
	struct ssa_new_name *new = arg;
	struct ssa_draft *draft = ssa_draft(new->s);

	if (!draft)
		return -ENOMEM;
	swap(draft->name, new->name);
	return 0;
}

/**
 * ssa_draft_for_name - TLS_HOSTNAME: for which name the next pair is
 * @s: the socket
 * @name: kmalloc'ed; consumed
 *
 * Context: process, may sleep; takes lock_sock().
 * Return: 0; -EOPNOTSUPP: not here; -ENOMEM.
 */
int ssa_draft_for_name(struct ssa_sock *s, char *name)
{
	struct ssa_new_name new = { s, name };
	int err;

	err = ssa_setup_change(s, SSA_AT_SETUP | SSA_AT_LISTEN, ssa_draft_put_name, &new);
	kfree(new.name);
	return err;
}
