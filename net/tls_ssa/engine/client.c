// SPDX-License-Identifier: GPL-2.0
/*
 * The client's side until the version is known: its ClientHello, and the ServerHello
 * that chooses.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include "hello.h"

/**
 * ssa_client_start - send the first ClientHello (RFC 8446 4.1.2)
 * @hs: new
 *
 * The key share is for the group that we like best. The session id asks for
 * middlebox compatibility mode (D.4). TLS 1.2 has use for neither.
 *
 * Context: process, may sleep.
 * Return: 0 or ssa_fail().
 */
int ssa_client_start(struct ssa_hs *hs)
{
	const struct ssa_hs_config *cfg = &hs->cfg;
	int err;

	if (!cfg->name || !ssa_name_is_valid(cfg->name))
		return ssa_fail(hs, SSA_R_NO_HOST_NAME);
	if (!cfg->store && !cfg->extra)
		return ssa_fail(hs, SSA_R_NO_TRUST_STORE);

	ssa_rng_fill(&cfg->rng, hs->random, sizeof(hs->random));
	if (cfg->max_version == SSA_TLS13) {
		hs->session_id_len = SSA_SESSION_ID_MAX;
		ssa_rng_fill(&cfg->rng, hs->session_id, hs->session_id_len);
		err = ssa_kex_generate(&hs->kex, cfg->groups[0], &cfg->rng);
		if (err)
			return ssa_fail_errno(hs, err);
	}
	err = ssa_put_client_hello(hs, NULL);
	if (err)
		return err;
	err = ssa_hs_flush(hs);
	if (err)
		return err;
	hs->state = SSA_ST_CLIENT_WAIT_SH;
	return 0;
}

/* ServerHello, of any version */
static int server_hello(struct ssa_hs *hs, const struct ssa_msg *msg)
{
	struct ssa_server_hello sh;
	int err;

	err = ssa_read_server_hello(hs, msg, &sh);
	if (err)
		return err;
	hs->version = sh.version;
	if (hs->version == SSA_TLS12)
		return ssa_client12_server_hello(hs, msg, &sh);
	/* Of the warnings that we took, none may come in TLS 1.3. */
	if (hs->warnings)
		return ssa_fail(hs, ssa_peer_alert_reason(hs->alert_received));
	return ssa_client13_server_hello(hs, msg, &sh);
}

static const struct ssa_step steps[] = {
	{ SSA_ST_CLIENT_WAIT_SH, SSA_HT_SERVER_HELLO, false,
	  SSA_SERVER_HELLO_MAX, server_hello },
};

const struct ssa_steps ssa_client_steps = { steps, ARRAY_SIZE(steps) };
