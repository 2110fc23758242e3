// SPDX-License-Identifier: GPL-2.0
/*
 * One certificate, or one distinguished name, in DER: what is taken apart without
 * a key. The parts lie inside the whole, and none of them is judged twice in two
 * ways.
 */
#include "../../../../../net/tls_ssa/cert/name.h"
#include "fuzz.h"

static void inside(const struct ssa_der *part, const u8 *data, size_t size)
{
	if (part->left)
		FUZZ_ASSERT(part->p >= data && part->p + part->left <= data + size);
}

/* A path that has its policies thrice, and an anchor that asks for one */
static void walk(const struct ssa_x509 *cert)
{
	struct ssa_x509 asks = *cert;
	const struct ssa_x509 *path[] = { cert, cert, &asks, cert };
	enum ssa_reason reason;

	asks.require_explicit_policy = 0;
	reason = ssa_x509_policies(path, 3);
	FUZZ_ASSERT(!reason || reason == SSA_R_CERT_POLICY);
	if (!cert->policies.left)
		FUZZ_ASSERT(reason == SSA_R_CERT_POLICY);
	reason = ssa_x509_policies(path, 1);
	FUZZ_ASSERT(!reason || cert->require_explicit_policy != SSA_SKIP_CERTS_MAX);
}

static void judge(const struct ssa_x509 *cert, const u8 *data, size_t size)
{
	static struct ssa_public_key key, again;
	enum ssa_reason reason;

	inside(&cert->tbs, data, size);
	inside(&cert->issuer, data, size);
	inside(&cert->subject, data, size);
	inside(&cert->sigalg, data, size);
	inside(&cert->spki, data, size);
	inside(&cert->signature, data, size);
	inside(&cert->san, data, size);
	inside(&cert->name_constraints, data, size);
	inside(&cert->policies, data, size);
	inside(&cert->policy_mappings, data, size);
	inside(&cert->subject_key_id, data, size);
	inside(&cert->authority_key_id, data, size);
	walk(cert);

	reason = ssa_x509_key(cert, &key);
	if (!reason) {
		FUZZ_ASSERT(key.type >= SSA_KEY_RSA && key.type <= SSA_KEY_RSA_PSS);
		FUZZ_ASSERT(key.n_len && key.n_len <= sizeof(key.n));
		FUZZ_ASSERT(key.e_len <= sizeof(key.e));
		FUZZ_ASSERT(!key.pss_bound || key.type == SSA_KEY_RSA_PSS);
		FUZZ_ASSERT(!ssa_x509_key(cert, &again) && ssa_public_key_equal(&key, &again));
	}
	reason = ssa_x509_algorithm(cert);
	FUZZ_ASSERT(!reason || reason == SSA_R_CERT_MALFORMED || reason == SSA_R_CERT_WEAK_HASH ||
		    reason == SSA_R_CERT_ALGORITHM);
	reason = ssa_x509_constrain(cert, cert);
	FUZZ_ASSERT(!reason || cert->has_name_constraints);
	ssa_name_matches(cert, "server.test");
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct ssa_x509 cert;

	fuzz_begin(8192);	/* the sets of policies */
	if (!ssa_x509_parse(&cert, data, size))
		judge(&cert, data, size);
	if (ssa_dn_is_valid(data, size))
		FUZZ_ASSERT(!ssa_dn_is_valid(data, size - 1));
	fuzz_end();
	return 0;
}
