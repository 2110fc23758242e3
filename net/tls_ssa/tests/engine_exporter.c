// SPDX-License-Identifier: GPL-2.0
/*
 * Keying material exporters (RFC 8446 7.5, RFC 5705): against OpenSSL's, engine
 * against engine, what is refused, and the end of the secret.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "engine_exporter.h"
#include "engine_pair.h"

#define BINDING		"EXPORTER-Channel-Binding"	/* RFC 9266 2 */
#define NO_CONTEXT	NULL
#define EMPTY_CONTEXT	((const u8 *)"")

static const u16 versions[] = { SSA_TLS12, SSA_TLS13 };

KUNIT_ARRAY_PARAM_DESC(export, export_vectors, name);

static void expect_export(struct kunit *test, const struct ssa_exporter *exporter,
			  const char *label, const u8 *context, size_t context_len,
			  const u8 *want, size_t len)
{
	u8 out[128];

	KUNIT_ASSERT_LT(test, len, sizeof(out));
	memset(out, 0xee, sizeof(out));
	KUNIT_ASSERT_EQ(test, ssa_export(exporter, label, strlen(label), context, context_len,
					 out, len), 0);
	KUNIT_EXPECT_MEMEQ(test, out, want, len);
	KUNIT_EXPECT_EQ(test, out[len], 0xee);
}

static void material_is_that_of_openssl(struct kunit *test)
{
	const struct export_vector *v = test->param_value;
	const struct ssa_exporter *x = &v->exporter;

	expect_export(test, x, BINDING, EMPTY_CONTEXT, 0, v->empty_context, 32);
	expect_export(test, x, BINDING, NO_CONTEXT, 0, v->no_context, 32);
	expect_export(test, x, "EXPERIMENTAL test", (const u8 *)"context", 7, v->context, 77);
	expect_export(test, x, "x", (const u8 *)"\0\1", 2, &v->one_byte, 1);
	/* RFC 8446 7.5: there an empty context is none */
	KUNIT_EXPECT_EQ(test, !memcmp(v->empty_context, v->no_context, 32),
			x->version == SSA_TLS13);
}

/* ---------------------------------------------------------------- refusals */

#define L16	"0123456789abcdef"
#define L127	L16 L16 L16 L16 L16 L16 L16 "0123456789abcde"

struct input_case {
	const char *name;
	const char *label;
	size_t label_len;
	size_t context_len;
	size_t out_len;
	int err;
	bool no_context;	/* it is NULL, whatever its length */
};

#define LABEL(x)	.label = (x), .label_len = sizeof(x) - 1

static const struct input_case input_cases[] = {
	{ "shortest", LABEL("x"), 0, 1, 0 },
	{ "longest", LABEL(L127 "f"), SSA_EXPORT_CONTEXT_MAX, SSA_EXPORT_MAX, 0 },
	{ "nothing-wanted", LABEL("x"), 0, 0, 0 },
	{ "label-empty", LABEL(""), 0, 32, -EINVAL },
	{ "label-too-long", LABEL(L127 "fx"), 0, 32, -EINVAL },
	{ "label-with-nul", LABEL("EXPORTER\0x"), 0, 32, -EINVAL },
	{ "label-ends-in-nul", LABEL("EXPORTER\0"), 0, 32, -EINVAL },
	{ "label-of-client-finished", LABEL("client finished"), 0, 32, -EINVAL },
	{ "label-of-server-finished", LABEL("server finished"), 0, 32, -EINVAL },
	{ "label-of-master-secret", LABEL("master secret"), 0, 48, -EINVAL },
	{ "label-of-extended-master-secret", LABEL("extended master secret"), 0, 48, -EINVAL },
	{ "label-of-key-block", LABEL("key expansion"), 0, 40, -EINVAL },
	{ "label-begins-like-key-block", LABEL("key expansion, or not"), 0, 40, -EINVAL },
	{ "label-is-shorter-than-key-block", LABEL("key expansio"), 0, 40, 0 },
	{ "label-holds-key-block", LABEL("a key expansion"), 0, 40, 0 },
	{ "label-in-capitals", LABEL("KEY EXPANSION"), 0, 40, 0 },
	{ "context-too-long", LABEL("x"), SSA_EXPORT_CONTEXT_MAX + 1, 32, -EINVAL },
	{ "context-missing", LABEL("x"), 1, 32, -EINVAL, true },
	{ "output-too-long", LABEL("x"), 0, SSA_EXPORT_MAX + 1, -EINVAL },
};

KUNIT_ARRAY_PARAM_DESC(input, input_cases, name);

static void limits_are_kept(struct kunit *test)
{
	const struct input_case *c = test->param_value;
	u8 *context = kunit_kzalloc(test, SSA_EXPORT_CONTEXT_MAX + 1, GFP_KERNEL);
	u8 *out = kunit_kzalloc(test, SSA_EXPORT_MAX + 2, GFP_KERNEL);
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, context);
	KUNIT_ASSERT_NOT_NULL(test, out);
	for (i = 0; i < ARRAY_SIZE(export_vectors); i++) {
		memset(out, 0, SSA_EXPORT_MAX + 2);
		KUNIT_EXPECT_EQ(test, ssa_export(&export_vectors[i].exporter, c->label,
						 c->label_len, c->no_context ? NULL : context,
						 c->context_len, out, c->out_len), c->err);
		/* nothing at all, or as many bytes as were wanted */
		KUNIT_EXPECT_NULL(test, memchr_inv(out + (c->err ? 0 : c->out_len), 0,
						   SSA_EXPORT_MAX + 2 - c->out_len));
		if (!c->err && c->out_len > 8)
			KUNIT_EXPECT_NOT_NULL(test, memchr_inv(out + c->out_len - 8, 0, 8));
	}
}

static void nothing_comes_from_nothing(struct kunit *test)
{
	static const struct ssa_exporter nothing;
	u8 out[32];

	KUNIT_EXPECT_EQ(test, ssa_export(&nothing, "x", 1, NULL, 0, out, sizeof(out)),
			-EOPNOTSUPP);
	/* what is wrong in itself is wrong here too */
	KUNIT_EXPECT_EQ(test, ssa_export(&nothing, "", 0, NULL, 0, out, sizeof(out)), -EINVAL);
}

/* ------------------------------------------------------------- connections */

static struct pair *pair_connected(struct kunit *test, u16 version, u16 suite)
{
	struct pair *p = pair_new(test, PAIR_P256);

	pair_versions(p, version, version);
	memset(p->server_cfg.suites, 0, sizeof(p->server_cfg.suites));
	p->server_cfg.suites[0] = suite;
	pair_start(test, p);
	pair_run(test, p, NULL, NULL);
	KUNIT_ASSERT_EQ(test, p->client->state, SSA_ST_CONNECTED);
	KUNIT_ASSERT_EQ(test, p->server->state, SSA_ST_CONNECTED);
	return p;
}

static const struct {
	u16 version;
	u16 suite;
	u8 hash;
} suites[] = {
	{ SSA_TLS13, SSA_SUITE_AES_128_GCM_SHA256, SSA_SHA256 },
	{ SSA_TLS13, SSA_SUITE_AES_256_GCM_SHA384, SSA_SHA384 },
	{ SSA_TLS13, SSA_SUITE_CHACHA20_POLY1305_SHA256, SSA_SHA256 },
	{ SSA_TLS12, SSA_SUITE_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, SSA_SHA256 },
	{ SSA_TLS12, SSA_SUITE_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, SSA_SHA384 },
	{ SSA_TLS12, SSA_SUITE_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, SSA_SHA256 },
};

static void both_sides_export_the_same(struct kunit *test)
{
	static const char * const labels[] = { BINDING, "EXPORTER-other" };
	static const char * const contexts[] = { NULL, "", "a", "b" };
	struct ssa_exporter client, server;
	u8 seen[2 * ARRAY_SIZE(labels) * ARRAY_SIZE(contexts)][32], other[32];
	u32 i, l, c, n, k;
	struct pair *p;

	for (i = 0; i < ARRAY_SIZE(suites); i++) {
		p = pair_connected(test, suites[i].version, suites[i].suite);
		KUNIT_ASSERT_EQ(test, ssa_hs_exporter(p->client, &client), 0);
		KUNIT_ASSERT_EQ(test, ssa_hs_exporter(p->server, &server), 0);
		KUNIT_EXPECT_EQ(test, client.version, suites[i].version);
		KUNIT_EXPECT_EQ(test, client.hash, suites[i].hash);
		KUNIT_EXPECT_MEMEQ(test, &client, &server, sizeof(client));
		n = 0;
		for (l = 0; l < ARRAY_SIZE(labels); l++) {
			for (c = 0; c < ARRAY_SIZE(contexts); c++) {
				const u8 *context = (const u8 *)contexts[c];
				size_t len = context ? strlen(contexts[c]) : 0;

				KUNIT_ASSERT_EQ(test, ssa_export(&client, labels[l],
								 strlen(labels[l]), context, len,
								 seen[n], 32), 0);
				KUNIT_ASSERT_EQ(test, ssa_export(&server, labels[l],
								 strlen(labels[l]), context, len,
								 other, 32), 0);
				KUNIT_EXPECT_MEMEQ(test, seen[n], other, 32);
				/* in TLS 1.3 no context is an empty one: the one before */
				for (k = 0; k < n; k++) {
					if (c == 1 && k == n - 1 && suites[i].version == SSA_TLS13)
						continue;
					KUNIT_EXPECT_MEMNEQ(test, seen[n], seen[k], 32);
				}
				n++;
			}
		}
	}
}

static void each_connection_has_its_own(struct kunit *test)
{
	struct ssa_exporter exporter;
	u8 out[2][32];
	struct pair *p;
	u32 i, k;

	for (i = 0; i < ARRAY_SIZE(suites); i++) {
		for (k = 0; k < 2; k++) {
			p = pair_connected(test, suites[i].version, suites[i].suite);
			KUNIT_ASSERT_EQ(test, ssa_hs_exporter(p->client, &exporter), 0);
			KUNIT_ASSERT_EQ(test, ssa_export(&exporter, BINDING, strlen(BINDING),
							 EMPTY_CONTEXT, 0, out[k], 32), 0);
		}
		KUNIT_EXPECT_MEMNEQ(test, out[0], out[1], 32);
	}
}

/* RFC 7627 5.4, RFC 9266 4.1: else somebody between has the same on both sides of him */
static void master_secret_must_be_bound_to_the_handshake(struct kunit *test)
{
	struct pair *p = pair_new(test, PAIR_P256);
	struct ssa_exporter exporter;
	struct ssa_hs *sides[2];
	u8 out[32];
	u32 i;

	pair_versions(p, SSA_TLS12, SSA_TLS12);
	pair_start(test, p);
	relay_flight(test, NULL, p->client, p->server);
	relay_flight(test, NULL, p->server, p->client);
	relay_flight(test, NULL, p->client, p->server);
	sides[0] = p->client;
	sides[1] = p->server;
	KUNIT_ASSERT_EQ(test, p->client->state, SSA_ST_CLIENT12_WAIT_CCS);
	/* as if the hellos had not had it; a server has gone on by now, so anew below */
	p->client->extended_master_secret = false;
	pair_run(test, p, NULL, NULL);
	KUNIT_ASSERT_EQ(test, p->client->state, SSA_ST_CONNECTED);
	memset(&p->server->exporter, 0, sizeof(p->server->exporter));
	p->server->extended_master_secret = false;
	ssa_hs_keep_exporter(p->server);
	for (i = 0; i < ARRAY_SIZE(sides); i++) {
		KUNIT_ASSERT_EQ(test, ssa_hs_exporter(sides[i], &exporter), 0);
		KUNIT_EXPECT_EQ(test, exporter.version, 0);
		KUNIT_EXPECT_NULL(test, memchr_inv(exporter.secret, 0, sizeof(exporter.secret)));
		KUNIT_EXPECT_EQ(test, ssa_export(&exporter, BINDING, strlen(BINDING),
						 EMPTY_CONTEXT, 0, out, sizeof(out)), -EOPNOTSUPP);
	}
}

/* ----------------------------------------------------------------- secrets */

static bool is_zero(const void *p, size_t len)
{
	return !memchr_inv(p, 0, len);
}

static void there_is_none_before_the_end(struct kunit *test)
{
	struct ssa_exporter exporter;
	struct pair *p;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(versions); i++) {
		p = pair_new(test, PAIR_P256);
		pair_versions(p, versions[i], versions[i]);
		pair_start(test, p);
		KUNIT_EXPECT_EQ(test, ssa_hs_exporter(p->client, &exporter), -EINVAL);
		KUNIT_EXPECT_EQ(test, ssa_hs_exporter(p->server, &exporter), -EINVAL);
		relay_flight(test, NULL, p->client, p->server);
		/* a server of TLS 1.3 knows the secret by now, but not yet the client */
		KUNIT_EXPECT_EQ(test, ssa_hs_exporter(p->server, &exporter), -EINVAL);
		KUNIT_EXPECT_TRUE(test, is_zero(&p->server->exporter, sizeof(exporter)));
	}
}

/* Both are handed over once, in any order, and nothing stays behind. */
static void it_is_handed_over_once(struct kunit *test)
{
	struct ssa_exporter exporter;
	struct ssa_post post;
	struct ssa_hs *hs;
	struct pair *p;
	u32 i, k;

	for (i = 0; i < ARRAY_SIZE(versions) * 2; i++) {
		p = pair_connected(test, versions[i / 2], versions[i / 2] == SSA_TLS13 ?
				   SSA_SUITE_AES_256_GCM_SHA384 :
				   SSA_SUITE_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384);
		for (k = 0; k < 2; k++) {
			hs = k ? p->server : p->client;
			KUNIT_EXPECT_TRUE(test, is_zero(hs->ks.exporter_master_secret,
							SSA_SECRET_MAX));
			KUNIT_EXPECT_TRUE(test, is_zero(hs->keys12.master_secret,
							SSA_MASTER_SECRET_LEN));
			KUNIT_EXPECT_FALSE(test, is_zero(hs->exporter.secret, SSA_SECRET_MAX));
			if (i % 2)
				KUNIT_ASSERT_EQ(test, ssa_hs_export(hs, &post), 0);
			KUNIT_ASSERT_EQ(test, ssa_hs_exporter(hs, &exporter), 0);
			KUNIT_EXPECT_FALSE(test, is_zero(exporter.secret, SSA_SECRET_MAX));
			KUNIT_EXPECT_TRUE(test, is_zero(&hs->exporter, sizeof(hs->exporter)));
			KUNIT_EXPECT_EQ(test, ssa_hs_exporter(hs, &exporter), -EINVAL);
			if (!(i % 2))
				KUNIT_ASSERT_EQ(test, ssa_hs_export(hs, &post), 0);
			KUNIT_EXPECT_FALSE(test, is_zero(post.tx.secret, 16));
			ssa_post_wipe(&post);
		}
	}
}

static void it_ends_with_failure(struct kunit *test)
{
	struct ssa_exporter exporter;
	struct pair *p;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(versions); i++) {
		p = pair_new(test, PAIR_P256);
		pair_versions(p, versions[i], versions[i]);
		pair_start(test, p);
		relay_flight(test, NULL, p->client, p->server);
		ssa_hs_abort(p->server, SSA_R_TIMEOUT);
		KUNIT_EXPECT_TRUE(test, is_zero(&p->server->ks, sizeof(p->server->ks)));

		pair_start(test, p);
		pair_run(test, p, NULL, NULL);
		ssa_hs_abort(p->client, SSA_R_KTLS);
		ssa_hs_abort(p->server, SSA_R_KTLS);
		KUNIT_EXPECT_TRUE(test, is_zero(&p->client->exporter, sizeof(exporter)));
		KUNIT_EXPECT_TRUE(test, is_zero(&p->server->exporter, sizeof(exporter)));
		KUNIT_EXPECT_EQ(test, ssa_hs_exporter(p->client, &exporter), -EINVAL);
		KUNIT_EXPECT_EQ(test, ssa_hs_exporter(p->server, &exporter), -EINVAL);
	}
}

static struct kunit_case engine_exporter_cases[] = {
	KUNIT_CASE_PARAM(material_is_that_of_openssl, export_gen_params),
	KUNIT_CASE_PARAM(limits_are_kept, input_gen_params),
	KUNIT_CASE(nothing_comes_from_nothing),
	KUNIT_CASE(both_sides_export_the_same),
	KUNIT_CASE(each_connection_has_its_own),
	KUNIT_CASE(master_secret_must_be_bound_to_the_handshake),
	KUNIT_CASE(there_is_none_before_the_end),
	KUNIT_CASE(it_is_handed_over_once),
	KUNIT_CASE(it_ends_with_failure),
	{}
};

static struct kunit_suite engine_exporter_suite = {
	.name = "ssa_engine_exporter",
	.test_cases = engine_exporter_cases,
};

kunit_test_suite(engine_exporter_suite);
