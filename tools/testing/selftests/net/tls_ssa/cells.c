// SPDX-License-Identifier: GPL-2.0
/*
 * The cells of the matrix: see cells.h.
 */
#include "cells.h"
#include "lib.h"

struct cell *cells;
int cell_count;

enum { CIPHER_AES128, CIPHER_AES256, CIPHER_CHACHA, CIPHERS };

/* TLS 1.3, TLS 1.2 with ECDSA, TLS 1.2 with RSA */
static const char *const suites[CIPHERS][3] = {
	[CIPHER_AES128] = { "TLS_AES_128_GCM_SHA256",
			    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
			    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" },
	[CIPHER_AES256] = { "TLS_AES_256_GCM_SHA384",
			    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
			    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384" },
	[CIPHER_CHACHA] = { "TLS_CHACHA20_POLY1305_SHA256",
			    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
			    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256" },
};

static const struct cell_group groups[] = {
	{ "X25519", "X25519" },
	{ "P-256", "secp256r1" },
	{ "P-384", "secp384r1" },
};

#define GROUPS	ARRAY_SIZE(groups)

#define KEY_P256	{ "p256", false, "P-256" }
#define KEY_P384	{ "p384", false, "P-384" }
#define KEY_P521	{ "p521", false, "P-521" }
#define KEY_ED25519	{ "ed25519" }
#define KEY_RSA		{ "rsa", true }
#define KEY_RSAPSS	{ "rsapss", true }
#define KEYS_MAX	8

/*
 * What each peer can do. A full one gets the product of everything; of the
 * others each pair of suite, group and key occurs, in both versions and roles.
 */
static const struct {
	enum peer_kind kind;
	bool full;
	bool tls13_suites;	/* it can be told which */
	enum peer_version versions[2];
	struct cell_key keys[KEYS_MAX];
} peers[] = {
	{ PEER_OPENSSL, true, true, { PEER_TLS13, PEER_TLS12 },
	  { KEY_P256, KEY_P384, KEY_P521, KEY_ED25519, KEY_RSA, KEY_RSAPSS } },
	{ PEER_GNUTLS, true, true, { PEER_TLS13, PEER_TLS12 },
	  { KEY_P256, KEY_P384, KEY_P521, KEY_ED25519, KEY_RSA, KEY_RSAPSS } },
	{ PEER_NSS, false, true, { PEER_TLS13, PEER_TLS12 },
	  { KEY_P256, KEY_P384, KEY_P521, KEY_RSA, { "rsapss", true, NULL, true } } },
	{ PEER_MBEDTLS, false, true, { PEER_TLS12, PEER_TLS12 },
	  { KEY_P256, KEY_P384, KEY_P521, KEY_RSA } },
	{ PEER_WOLFSSL, false, true, { PEER_TLS13, PEER_TLS12 },
	  { KEY_P256, KEY_P384, KEY_P521, KEY_ED25519, KEY_RSA } },
	{ PEER_PYTHON, false, false, { PEER_TLS13, PEER_TLS12 },
	  { KEY_P256, KEY_ED25519, KEY_RSA } },
	{ PEER_GO, false, false, { PEER_TLS13, PEER_TLS12 },
	  { KEY_P256, KEY_P384, KEY_P521, KEY_ED25519, KEY_RSA } },
};

const char *cell_version(const struct cell *c)
{
	return c->version == PEER_TLS12 ? "TLSv1.2" : "TLSv1.3";
}

const char *cell_suite(const struct cell *c)
{
	if (c->cipher < 0)
		return NULL;
	return suites[c->cipher][c->version == PEER_TLS13 ? 0 : c->key->rsa ? 2 : 1];
}

const char *cell_groups(const struct cell *c)
{
	static __thread char text[64];

	snprintf(text, sizeof(text), "%s%s%s", c->before ? c->before : "", c->before ? ":" : "",
		 c->group->name);
	/*
	 * RFC 8422 5.1: the groups of a client limit the server's certificate,
	 * too; those of NSS as a server its own one.
	 */
	if ((c->server || c->peer == PEER_NSS) && c->version == PEER_TLS12 && c->key->group &&
	    strcmp(c->key->group, c->group->name))
		snprintf(text + strlen(text), sizeof(text) - strlen(text), ":%s", c->key->group);
	return text;
}

const char *cell_name(const struct cell *c)
{
	static const char *const ciphers[] = { "AES128", "AES256", "CHACHA20" };
	static char text[160];

	snprintf(text, sizeof(text), "%s %s %s %s %s %s ipv%d%s%s%s%s%s", peer_name(c->peer),
		 cell_version(c), c->cipher < 0 ? "any" : ciphers[c->cipher], c->group->name,
		 c->key->name, c->server ? "server" : "client", c->family == AF_INET6 ? 6 : 4,
		 c->before ? " after " : "", c->before ? c->before : "",
		 c->no_ems ? " without EMS" : "",
		 c->phase == CELL_WITHOUT_EMS ? " allowed" : "", c->refused ? " refused" : "");
	return text;
}

/* One of the words in a variable, with commas between them, is a part of @name. */
static bool chosen(const char *variable, const char *name)
{
	bool at_start = !strcmp(variable, "PEER");	/* "nss" is part of OpenSSL */

	const char *list = getenv(variable);
	char copy[256], *word, *rest = copy, *at;

	if (!list || !*list)
		return true;
	snprintf(copy, sizeof(copy), "%s", list);
	while ((word = strsep(&rest, ", "))) {
		at = *word ? strcasestr(name, word) : NULL;
		if (at && (at == name || !at_start))
			return true;
	}
	return false;
}

static bool for_native;

static const struct cell_group *group_of_curve(const char *curve)
{
	size_t g;

	for (g = 0; g < GROUPS; g++)
		if (!strcmp(groups[g].name, curve))
			return &groups[g];
	abort();
}

/*
 * RFC 8422 5.1: a certificate on a curve that the client does not list is not for
 * it. We do not list P-521, as we have no key exchange on it, and these servers
 * keep to the rule.
 */
static bool not_for_us(const struct cell *c)
{
	return !c->server && c->version == PEER_TLS12 && c->key->group &&
	       !strcmp(c->key->group, "P-521") &&
	       (c->peer == PEER_OPENSSL || c->peer == PEER_MBEDTLS || c->peer == PEER_NSS);
}

static void add(struct cell c)
{
	static int turn;
	const char *suite;

	/* Python can name one group only, and a client of TLS 1.2 needs the key's. */
	if (c.peer == PEER_PYTHON && c.server && c.version == PEER_TLS12 && c.key->group)
		c.group = group_of_curve(c.key->group);
	/* As a server NSS looks for a group as strong as its key. */
	if (c.peer == PEER_NSS && !c.server && c.version == PEER_TLS12 &&
	    !strcmp(c.key->name, "p384"))
		c.group = group_of_curve(c.key->group);
	/*
	 * As a server we prefer P-256 to P-384, and a client of TLS 1.2 has to
	 * list it for a key on it.
	 */
	if (c.server && c.version == PEER_TLS12 && !strcmp(c.key->name, "p256") &&
	    !strcmp(c.group->name, "P-384"))
		return;
	c.refused |= !for_native && not_for_us(&c);
	/* Both families with everything, and no more cells for that. */
	c.family = (turn ^ turn >> 1) & 1 ? AF_INET6 : AF_INET;
	turn++;
	suite = cell_suite(&c);
	if (!chosen("PEER", peer_name(c.peer)) || !chosen("VERSION", cell_version(&c)) ||
	    !chosen("SUITE", suite ? suite : "any") || !chosen("GROUP", c.group->name) ||
	    !chosen("KEY", c.key->name) || !chosen("ROLE", c.server ? "server" : "client"))
		return;
	cells = realloc(cells, (cell_count + 1) * sizeof(c));
	cells[cell_count++] = c;
}

static void add_roles(struct cell c)
{
	c.server = false;
	if (!c.key->verified_only)
		add(c);
	c.server = true;
	add(c);
}

static void add_ciphers(struct cell c, size_t p, size_t v, size_t k)
{
	bool told = peers[p].tls13_suites || c.version == PEER_TLS12;
	int cipher;
	size_t g;

	for (cipher = 0; cipher < CIPHERS; cipher++) {
		c.cipher = told ? cipher : -1;
		for (g = 0; g < GROUPS; g++) {
			c.group = &groups[g];
			c.files = peers[p].full && !k && !g;
			if (peers[p].full || (cipher + k) % GROUPS == g)
				add_roles(c);
		}
	}
}

static void add_peer(size_t p)
{
	struct cell c = { .peer = peers[p].kind };
	size_t v, k;

	for (v = 0; v < ARRAY_SIZE(peers[p].versions); v++) {
		c.version = peers[p].versions[v];
		if (v && c.version == peers[p].versions[0])
			break;
		c.phase = CELL_DEFAULT_POLICY;
		if (c.peer == PEER_GO && c.version == PEER_TLS12)
			c.phase = CELL_WITHOUT_EMS;
		for (k = 0; k < KEYS_MAX && peers[p].keys[k].name; k++) {
			c.key = &peers[p].keys[k];
			add_ciphers(c, p, v, k);
		}
	}
}

/*
 * HelloRetryRequest both ways: a client sends a share of its first group, which
 * we do not have. (A server with P-384 only needs one of ours: see above.)
 */
static void add_retries(void)
{
	static const enum peer_kind kinds[] = { PEER_OPENSSL, PEER_GNUTLS, PEER_NSS };
	struct cell c = { .server = true, .version = PEER_TLS13, .key = &peers[0].keys[0] };
	size_t i, g;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		for (g = 0; g < GROUPS; g++) {
			c.peer = kinds[i];
			c.before = "P-521";
			c.group = &groups[g];
			c.cipher = CIPHER_AES256;
			add(c);
		}
	}
}

/* Kinds of certificates that are too rare to be multiplied with everything else */
static void add_rare(void)
{
	static const enum peer_kind kinds[] = { PEER_OPENSSL, PEER_GNUTLS };
	static const struct cell_key rare[] = {
		{ "rsa3072", true }, { "rsa4096", true }, { "rsapss-sha256", true },
		{ "rsa-signed-pss", true }, { "rsapss-all", true }, { "ed25519-all" },
		{ "p521-all", false, "P-521" },
	};
	static const enum peer_version versions[] = { PEER_TLS13, PEER_TLS12 };
	struct cell c = { .cipher = CIPHER_AES128, .group = &groups[0] };
	size_t i, k, v;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		for (v = 0; v < ARRAY_SIZE(versions); v++) {
			for (k = 0; k < ARRAY_SIZE(rare); k++) {
				c.peer = kinds[i];
				c.version = versions[v];
				c.key = &rare[k];
				add_roles(c);
			}
		}
	}
}

/* RFC 7627: required, unless the administrator gives it up. */
static void add_ems(void)
{
	static const enum peer_kind kinds[] = { PEER_OPENSSL, PEER_GNUTLS };
	struct cell c = { .version = PEER_TLS12, .cipher = CIPHER_AES128, .group = &groups[0],
			  .key = &peers[0].keys[0], .no_ems = true };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		c.peer = kinds[i];
		c.refused = true;
		c.phase = CELL_DEFAULT_POLICY;
		add_roles(c);
		c.refused = false;
		c.phase = CELL_WITHOUT_EMS;
		add_roles(c);
	}
	/* Its cells above are with that policy, too. */
	c.peer = PEER_GO;
	c.phase = CELL_DEFAULT_POLICY;
	c.refused = true;
	if (!peer_go_has_ems())
		add(c);
}

void make_cells(bool native)
{
	size_t p;

	for_native = native;
	for (p = 0; p < ARRAY_SIZE(peers); p++)
		add_peer(p);
	add_rare();
	if (native)
		return;
	add_retries();
	add_ems();
}
