/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Credentials for the tests of the engine: clients of each type of key, servers of
 * several names (creds.h).
 */
#ifndef _TLS_SSA_TESTS_ENGINE_AUTH_H
#define _TLS_SSA_TESTS_ENGINE_AUTH_H

#include "engine_pair.h"

enum auth_cert {
	AUTH_CLIENT_P256,	/* clients, by an authority of P-256, in the order of pair_key */
	AUTH_CLIENT_P384,
	AUTH_CLIENT_RSA,
	AUTH_CLIENT_P521,
	AUTH_CLIENT_ED25519,
	AUTH_CLIENT_RSA_PSS,
	AUTH_CLIENTS,
	AUTH_CLIENT_P384_BY_RSA = AUTH_CLIENTS,
	AUTH_CLIENT_RSA_BY_RSA,
	AUTH_HOST_P256,		/* a.creds.test, shared.creds.test */
	AUTH_HOST_ED25519,	/* a.creds.test */
	AUTH_HOST_P384_BY_RSA,	/* a.creds.test */
	AUTH_HOST_RSA_BY_RSA,	/* a.creds.test, b.creds.test */
	AUTH_HOST_WILD,		/* *.creds.test, P-256 */
	AUTH_HOST_FIRST,	/* first.test, RSA */
	AUTH_SERVER_TEST,	/* server.test, P-256, good for servers only */
	AUTH_CERTS,
};

enum auth_ca {
	AUTH_CA_EC,
	AUTH_CA_RSA,
	AUTH_CA_BOTH,
	AUTH_CAS,
};

/* engine_auth.c; all of it ends with the test */
struct ssa_credentials *auth_cred(struct kunit *test, enum auth_cert cert);
/* The set of the first @count of @certs, for the names of their certificates. */
struct ssa_cred_set *auth_set(struct kunit *test, const enum auth_cert *certs, u32 count);
const struct ssa_trust_store *auth_store(struct kunit *test, enum auth_ca ca);
/* The server asks for the client's certificate, which is by AUTH_CA_EC. */
void auth_ask(struct kunit *test, struct pair *p, enum ssa_peer_auth how);
void auth_show(struct kunit *test, struct pair *p, enum auth_cert cert);
/* Is the first certificate that @hs has kept of its peer the one of @cred? */
void auth_expect_peer(struct kunit *test, struct ssa_hs *hs, const struct ssa_credentials *cred);
/*
 * The server has failed after its Finished, if it has one: in TLS 1.3 its alert is under
 * the keys of the application. It holds nothing of the client any more.
 */
void auth_expect_refusal(struct kunit *test, struct pair *p, enum ssa_reason reason);

#endif /* _TLS_SSA_TESTS_ENGINE_AUTH_H */
