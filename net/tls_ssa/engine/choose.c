// SPDX-License-Identifier: GPL-2.0
/*
 * Which of our credentials do we show? (RFC 8446 4.4.2.2 and 4.4.2.3, RFC 5246 7.4.2
 * and 7.4.6)
 *
 * A server has looked up those for the name that the client asks for: at most one of
 * each type of key, however many there are in all. Of those it takes one that can
 * sign in a way that the client takes; rather one whose certificates the client can
 * check, then one that leads to an authority that the client has named, then the one
 * with the signature algorithm that we like best.
 *
 * A client looks at all that it has: for whom they are is not a matter of names. What
 * a server only prefers, a client has to keep to: it shows no other certificate.
 */
#include <linux/bits.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include "hs.h"

/**
 * struct choice - credentials that would do
 * @cred: they, NULL: none
 * @scheme: what they would sign with
 * @rank: where that stands in our list
 * @grade: SSA_CHECKABLE, SSA_NAMED
 */
struct choice {
	const struct ssa_credentials *cred;
	u16 scheme;
	u32 rank;
	u32 grade;
};

#define SSA_NAMED	BIT(0)	/* leads to an authority that the peer has named */
#define SSA_CHECKABLE	BIT(1)	/* the peer can verify what is signed in the chain */

/*
 * In TLS 1.2 ECDSA may go with any hash (RFC 5246 7.4.3); the one that TLS 1.3 knows
 * for the curve is as strong as the key, so it comes first.
 */
static bool find_scheme(const struct ssa_hs *hs, const struct ssa_asked *asked,
			struct choice *choice)
{
	const struct ssa_public_key *key;
	const u16 *ours = hs->cfg.sigalgs;
	bool found = false;
	u32 i;

	key = ssa_private_key_public(ssa_credentials_key(choice->cred));
	for (i = 0; i < SSA_SIGALGS_MAX && ours[i]; i++) {
		if (!ssa_scheme_fits(hs->version, ours[i], key) ||
		    !ssa_reader_has_u16(asked->schemes, ours[i]))
			continue;
		if (!found || ssa_sig_scheme_fits(ours[i], key->type)) {
			choice->scheme = ours[i];
			choice->rank = i;
		}
		found = true;
		if (ssa_sig_scheme_fits(ours[i], key->type))
			break;
	}
	return found;
}

static bool is_checkable(const struct ssa_credentials *cred, const struct ssa_asked *asked)
{
	u16 schemes[SSA_PATH_CERTS_MAX + 1];
	u32 i;

	ssa_credentials_schemes(cred, schemes);
	for (i = 0; schemes[i]; i++)
		if (!ssa_reader_has_u16(asked->cert_schemes, schemes[i]))
			return false;
	return true;
}

/* Who names no authority takes any. */
static bool is_named(const struct ssa_credentials *cred, const struct ssa_asked *asked)
{
	struct ssa_reader list = asked->authorities, name;

	if (!list.left)
		return true;
	while (ssa_read_vec16(&list, &name, 1, 0xffff))
		if (ssa_credentials_issued_by(cred, name.data, name.left))
			return true;
	return false;
}

static bool is_better(const struct choice *a, const struct choice *b)
{
	if (!b->cred || a->grade != b->grade)
		return !b->cred || a->grade > b->grade;
	return a->rank < b->rank;
}

/* Why credentials would not do, or SSA_R_NONE: they are the best up to now, or not. */
static enum ssa_reason consider(const struct ssa_hs *hs, const struct ssa_asked *asked,
				const struct ssa_credentials *cred, struct choice *best)
{
	const u32 least = hs->cfg.server ? 0 : SSA_CHECKABLE | SSA_NAMED;
	struct choice choice = { .cred = cred };

	if (!(asked->key_types & BIT(ssa_private_key_type(ssa_credentials_key(cred)))))
		return SSA_R_NO_SUITE;
	if (!find_scheme(hs, asked, &choice))
		return SSA_R_NO_SIGALG;
	choice.grade = (is_checkable(cred, asked) ? SSA_CHECKABLE : 0) |
		       (is_named(cred, asked) ? SSA_NAMED : 0);
	if (choice.grade < least)
		return SSA_R_NO_SIGALG;
	if (is_better(&choice, best))
		*best = choice;
	return SSA_R_NONE;
}

static void choose_for_client(const struct ssa_hs *hs, const struct ssa_asked *asked,
			      struct choice *best)
{
	const struct ssa_credentials *cred;
	u32 i = 0;

	while ((cred = ssa_cred_set_next(hs->cfg.creds, &i)))
		(void)consider(hs, asked, cred, best);
}

static enum ssa_reason choose_for_server(const struct ssa_hs *hs, const struct ssa_asked *asked,
					 struct choice *best)
{
	const struct ssa_credentials *found[SSA_CRED_CANDIDATES_MAX];
	const char *name = *hs->server_name ? hs->server_name : NULL;
	enum ssa_reason reason = SSA_R_NO_CREDENTIAL, each;
	u32 count, i;

	count = ssa_cred_set_find(hs->cfg.creds, name, found);
	for (i = 0; i < count; i++) {
		each = consider(hs, asked, found[i], best);
		if (reason == SSA_R_NO_CREDENTIAL || each == SSA_R_NO_SIGALG)
			reason = each;
	}
	return reason;
}

/**
 * ssa_choose_credential - choose what to show, and what to sign with
 * @hs: either side, with @version; a server with @server_name. Its @cred and @sigalg
 *	are set, or not changed.
 * @asked: by the peer
 *
 * Context: any.
 * Return: SSA_R_NONE; or why there are none: SSA_R_NO_CREDENTIAL, which is all that a
 * client hears, SSA_R_NO_SUITE no key of a type that the peer can use, SSA_R_NO_SIGALG.
 */
enum ssa_reason ssa_choose_credential(struct ssa_hs *hs, const struct ssa_asked *asked)
{
	enum ssa_reason reason = SSA_R_NO_CREDENTIAL;
	struct choice best = { 0 };

	if (!hs->cfg.creds)
		return reason;
	if (hs->cfg.server)
		reason = choose_for_server(hs, asked, &best);
	else
		choose_for_client(hs, asked, &best);
	if (!best.cred)
		return reason;
	hs->cred = best.cred;
	hs->sigalg = best.scheme;
	return SSA_R_NONE;
}
