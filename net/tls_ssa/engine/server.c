// SPDX-License-Identifier: GPL-2.0
/*
 * The server's side until it has chosen: version, suite and group among what the
 * ClientHello offers.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include "hello.h"

/**
 * ssa_server_start - wait for a ClientHello
 * @hs: new
 *
 * Context: process.
 * Return: 0 or ssa_fail().
 */
int ssa_server_start(struct ssa_hs *hs)
{
	if (!ssa_cred_set_count(hs->cfg.creds))
		return ssa_fail(hs, SSA_R_NO_CREDENTIAL);
	if (hs->cfg.peer_auth && !ssa_trust_store_count(hs->cfg.store) &&
	    !ssa_trust_store_count(hs->cfg.extra))
		return ssa_fail(hs, SSA_R_NO_TRUST_STORE);
	hs->state = SSA_ST_SERVER_WAIT_CH;
	return 0;
}

/* The highest version that the client has, of those that we know, or 0 */
static int client_version(struct ssa_hs *hs, const struct ssa_client_hello *ch, u16 *highest)
{
	struct ssa_reader r, versions;

	*highest = 0;
	if (!ssa_has_ext(&ch->exts, SSA_EXT_SUPPORTED_VERSIONS)) {
		/* RFC 8446 4.2.1: without it, 1.2 is the most, whatever it says */
		*highest = min_t(u16, ch->legacy_version, SSA_TLS12);
		return 0;
	}
	r = ch->exts.body[SSA_EXT_SUPPORTED_VERSIONS];
	if (!ssa_read_vec8(&r, &versions, 2, 254) || versions.left % 2 || !ssa_reader_done(&r))
		return ssa_fail(hs, SSA_R_DECODE);
	if (ssa_reader_has_u16(versions, SSA_TLS13) && ssa_hs_can(hs, SSA_TLS13))
		*highest = SSA_TLS13;
	else if (ssa_reader_has_u16(versions, SSA_TLS12))
		*highest = SSA_TLS12;
	return 0;
}

/**
 * ssa_negotiate_version - which version do we have in common?
 * @hs: server; @version is set
 * @ch: of the client
 *
 * RFC 8446 4.1.2 and 4.2.1, RFC 7507 3.
 *
 * Context: any.
 * Return: 0 or ssa_fail().
 */
int ssa_negotiate_version(struct ssa_hs *hs, const struct ssa_client_hello *ch)
{
	u16 highest;
	int err;

	/* D.5: SSL 3.0 and what is before it */
	if (ch->legacy_version < SSA_TLS10)
		return ssa_fail(hs, SSA_R_VERSION);
	err = client_version(hs, ch, &highest);
	if (err)
		return err;
	if (highest < hs->cfg.max_version &&
	    ssa_reader_has_u16(ch->cipher_suites, SSA_FALLBACK_SCSV))
		return ssa_fail(hs, SSA_R_FALLBACK);
	if (!ssa_hs_can(hs, highest))
		return ssa_fail(hs, SSA_R_VERSION);
	hs->version = highest;
	return 0;
}

/**
 * ssa_choose_suite - the first of our suites that the client has too
 * @hs: server, with @version and @cred; @suite is set
 * @ch: of the client
 *
 * Context: any.
 * Return: 0 or ssa_fail().
 */
int ssa_choose_suite(struct ssa_hs *hs, const struct ssa_client_hello *ch)
{
	enum ssa_key_type key = ssa_private_key_type(ssa_credentials_key(hs->cred));
	const u16 *ours = hs->cfg.suites;
	const struct ssa_suite *suite;
	u32 i;

	for (i = 0; i < SSA_SUITES_MAX && ours[i]; i++) {
		suite = ssa_suite_find(ours[i]);
		if (suite->version == hs->version && ssa_suite_fits(suite, key) &&
		    ssa_reader_has_u16(ch->cipher_suites, ours[i])) {
			hs->suite = suite;
			return 0;
		}
	}
	return ssa_fail(hs, SSA_R_NO_SUITE);
}

/* Copies a name that can be a host's; any other one stays unknown. */
static void take_server_name(struct ssa_hs *hs, const struct ssa_reader *host)
{
	if (host->left > SSA_NAME_MAX)
		return;
	memcpy(hs->server_name, host->data, host->left);
	hs->server_name[host->left] = 0;
	/* 3: an address is not permitted, so there is no certificate to look for */
	if (!ssa_name_is_valid(hs->server_name) || ssa_name_is_address(hs->server_name))
		hs->server_name[0] = 0;
}

/**
 * ssa_read_server_name - the host name that the client asks for (RFC 6066 3)
 * @hs: server; @server_name is set, "" if there is none that a host can have
 * @ch: of the client
 *
 * One host_name; names of other types are not looked at. What the extension may not
 * have is fatal. A name that no host can have ("host:443", "*.example", not ASCII) is
 * one that is not known here: the client gets the certificate for those, as it gets it
 * for a name that nobody has heard of.
 *
 * Context: any.
 * Return: 0 or ssa_fail().
 */
int ssa_read_server_name(struct ssa_hs *hs, const struct ssa_client_hello *ch)
{
	struct ssa_reader r = ch->exts.body[SSA_EXT_SERVER_NAME], list, host;
	bool found = false;
	u8 type;

	if (!ssa_has_ext(&ch->exts, SSA_EXT_SERVER_NAME))
		return 0;
	if (!ssa_read_vec16(&r, &list, 1, 0xffff) || !ssa_reader_done(&r))
		return ssa_fail(hs, SSA_R_DECODE);
	while (ssa_reader_more(&list)) {
		if (!ssa_read_u8(&list, &type) || !ssa_read_vec16(&list, &host, 1, 0xffff))
			return ssa_fail(hs, SSA_R_DECODE);
		if (type != SSA_NAME_TYPE_HOST_NAME)
			continue;
		/* a NUL is in no name, and made to be read in two ways */
		if (found || memchr(host.data, 0, host.left))
			return ssa_fail(hs, SSA_R_ILLEGAL_PARAMETER);
		found = true;
		take_server_name(hs, &host);
	}
	return 0;
}

/**
 * ssa_put_server_name_answer - say that the client's name was used (RFC 6066 3)
 * @hs: server that has negotiated
 * @w: in the extensions of EncryptedExtensions, or of TLS 1.2's ServerHello
 *
 * By a name that a host can have the certificate is chosen, be it the one for names that
 * are not known, and the application gets to know it. Any other one is of no use.
 *
 * Context: process, may sleep.
 */
void ssa_put_server_name_answer(const struct ssa_hs *hs, struct ssa_writer *w)
{
	if (!*hs->server_name)
		return;
	ssa_write_u16(w, SSA_XT_SERVER_NAME);
	ssa_close_vec(w, ssa_open_vec(w, 2));
}

/**
 * ssa_group_index - where a group stands in our list
 * @hs: either side
 * @group: number on the wire
 *
 * Context: any.
 * Return: index in cfg->groups, or -1: it is not there.
 */
int ssa_group_index(const struct ssa_hs *hs, u16 group)
{
	int i;

	for (i = 0; i < SSA_GROUPS_MAX && hs->cfg.groups[i]; i++)
		if (hs->cfg.groups[i] == group)
			return i;
	return -1;
}

/**
 * ssa_read_supported_groups - which of our groups does the client support?
 * @hs: server
 * @ch: of the client, with supported_groups (RFC 8446 4.2.7)
 * @supported: result, BIT(index in cfg->groups)
 *
 * Context: any.
 * Return: 0 or ssa_fail().
 */
int ssa_read_supported_groups(struct ssa_hs *hs, const struct ssa_client_hello *ch,
			      u32 *supported)
{
	struct ssa_reader r = ch->exts.body[SSA_EXT_SUPPORTED_GROUPS], list;
	u16 group;
	int i;

	*supported = 0;
	if (!ssa_read_vec16(&r, &list, 2, 0xfffe) || list.left % 2 || !ssa_reader_done(&r))
		return ssa_fail(hs, SSA_R_DECODE);
	while (ssa_read_u16(&list, &group)) {
		i = ssa_group_index(hs, group);
		if (i >= 0)
			*supported |= BIT(i);
	}
	return 0;
}

/**
 * ssa_best_group - the one that we like best
 * @hs: server
 * @mask: BIT(index in cfg->groups)
 *
 * Context: any.
 * Return: number on the wire, 0 if @mask is empty.
 */
u16 ssa_best_group(const struct ssa_hs *hs, u32 mask)
{
	u32 i;

	for (i = 0; i < SSA_GROUPS_MAX; i++)
		if (mask & BIT(i))
			return hs->cfg.groups[i];
	return 0;
}

/*
 * All that is decided by a ClientHello. What it takes on the stack must be gone
 * when the flight is signed.
 */
static noinline_for_stack int negotiate(struct ssa_hs *hs, const struct ssa_msg *msg)
{
	struct ssa_client_hello ch;
	int err;

	err = ssa_read_client_hello(hs, msg, &ch);
	if (err)
		return err;
	err = ssa_negotiate_version(hs, &ch);
	if (err)
		return err;
	return hs->version == SSA_TLS12 ? ssa_server12_negotiate(hs, msg, &ch) :
					  ssa_server13_negotiate(hs, msg, &ch);
}

/* ClientHello, of any version */
static int client_hello(struct ssa_hs *hs, const struct ssa_msg *msg)
{
	int err = negotiate(hs, msg);

	if (err || hs->hello_retry)
		return err;
	return hs->version == SSA_TLS12 ? ssa_server12_flight(hs) : ssa_server13_flight(hs);
}

static const struct ssa_step steps[] = {
	{ SSA_ST_SERVER_WAIT_CH, SSA_HT_CLIENT_HELLO, true,
	  SSA_CLIENT_HELLO_MAX, client_hello },
};

const struct ssa_steps ssa_server_steps = { steps, ARRAY_SIZE(steps) };
