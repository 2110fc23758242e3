// SPDX-License-Identifier: GPL-2.0
#include <stdbool.h>
#include <string.h>
#include <strings.h>
#include "import.h"
#include "model.h"

/* A word of OpenSSL's and ours; NULL: the kernel has nothing like it. */
struct word {
	const char *theirs;
	const char *ours;
};

static const struct word group_words[] = {
	{ "X25519", "X25519" },
	{ "P-256", "secp256r1" }, { "prime256v1", "secp256r1" }, { "secp256r1", "secp256r1" },
	{ "P-384", "secp384r1" }, { "secp384r1", "secp384r1" },
	{ }
};

/* The first one has a key of 128 bits. */
static const struct word suite_words[] = {
	{ "TLS_AES_128_GCM_SHA256", "TLS_AES_128_GCM_SHA256" },
	{ "TLS_AES_256_GCM_SHA384", "TLS_AES_256_GCM_SHA384" },
	{ "TLS_CHACHA20_POLY1305_SHA256", "TLS_CHACHA20_POLY1305_SHA256" },
	{ }
};

static const struct word sigalg_words[] = {
	{ "ECDSA+SHA256", "ecdsa_secp256r1_sha256" },
	{ "ECDSA+SHA384", "ecdsa_secp384r1_sha384" },
	{ "ECDSA+SHA512", "ecdsa_secp521r1_sha512" },
	{ "ecdsa_secp256r1_sha256", "ecdsa_secp256r1_sha256" },
	{ "ecdsa_secp384r1_sha384", "ecdsa_secp384r1_sha384" },
	{ "ecdsa_secp521r1_sha512", "ecdsa_secp521r1_sha512" },
	{ "ed25519", "ed25519" },
	{ "rsa_pss_rsae_sha256", "rsa_pss_rsae_sha256" },
	{ "rsa_pss_rsae_sha384", "rsa_pss_rsae_sha384" },
	{ "rsa_pss_rsae_sha512", "rsa_pss_rsae_sha512" },
	{ "RSA-PSS+SHA256", "rsa_pss_rsae_sha256" }, { "PSS+SHA256", "rsa_pss_rsae_sha256" },
	{ "RSA-PSS+SHA384", "rsa_pss_rsae_sha384" }, { "PSS+SHA384", "rsa_pss_rsae_sha384" },
	{ "RSA-PSS+SHA512", "rsa_pss_rsae_sha512" }, { "PSS+SHA512", "rsa_pss_rsae_sha512" },
	{ "rsa_pss_pss_sha256", "rsa_pss_pss_sha256" },
	{ "rsa_pss_pss_sha384", "rsa_pss_pss_sha384" },
	{ "rsa_pss_pss_sha512", "rsa_pss_pss_sha512" },
	{ "RSA+SHA256", "rsa_pkcs1_sha256" }, { "rsa_pkcs1_sha256", "rsa_pkcs1_sha256" },
	{ "RSA+SHA384", "rsa_pkcs1_sha384" }, { "rsa_pkcs1_sha384", "rsa_pkcs1_sha384" },
	{ "RSA+SHA512", "rsa_pkcs1_sha512" }, { "rsa_pkcs1_sha512", "rsa_pkcs1_sha512" },
	{ }
};

/* Smallest RSA keys of OpenSSL's security levels; SSL_CTX_set_security_level(3) */
static const unsigned int rsa_bits[] = { 512, 1024, 2048, 3072, 7680, 15360 };

#define BETWEEN		":/,? *"
#define LEVEL_MAX	5
#define RSA_BITS_MIN	2048	/* of what the kernel has */
#define RSA_BITS_MAX	4096

static const char *setting(const struct foreign *f, const char *name)
{
	size_t i;

	for (i = f->n; i > 0; i--) {
		if (!strcasecmp(f->name[i - 1], name))
			return f->value[i - 1];
	}
	return NULL;
}

static void no_equal(struct text *out, const char *name, const char *what, const char *why)
{
	size_t i;

	text_printf(out, "\t# %s ", name);
	/* It came from a file: a comment stays in its line. */
	for (i = 0; what[i]; i++)
		text_putc(out, (unsigned char)what[i] < ' ' || what[i] == 0x7f ? '?' : what[i]);
	text_printf(out, ": %s\n", why);
}

static void put_line(struct text *out, const char *attribute, const char *value)
{
	text_printf(out, "\t%s %s\n", attribute, value);
}

/* The version in @value as ours, or NULL and a comment. */
static const char *version(struct text *out, const char *name, const char *value)
{
	if (!strcasecmp(value, "TLSv1.2") || !strcasecmp(value, "TLSv1.3"))
		return strcasecmp(value, "TLSv1.2") ? "TLSv1.3" : "TLSv1.2";
	if (!strncasecmp(value, "DTLS", 4))
		return NULL;
	if (!strcasecmp(name, "MinProtocol"))
		no_equal(out, name, value, "the kernel has nothing older than TLSv1.2");
	else
		no_equal(out, name, value, "no limit, or one that leaves nothing over");
	return !strcasecmp(name, "MinProtocol") ? "TLSv1.2" : NULL;
}

static bool contains(const struct text *list, const char *word)
{
	const char *p = list->s ?: "", *element;
	size_t len;

	while ((len = list_next(&p, &element))) {
		if (len == strlen(word) && !memcmp(element, word, len))
			return true;
	}
	return false;
}

/* Theirs, with : or / between the words, which ? * and - may stand before */
static void translate(struct text *ours, struct text *unknown, const char *value,
		      const struct word *words)
{
	const struct word *w;
	size_t len;

	for (value += strspn(value, BETWEEN); *value; value += strspn(value, BETWEEN)) {
		len = strcspn(value, BETWEEN);
		for (w = words; w->theirs; w++) {
			if (strlen(w->theirs) == len && !strncasecmp(w->theirs, value, len))
				break;
		}
		if (!w->theirs)
			text_printf(unknown, "%s%.*s", unknown->len ? " " : "", (int)len, value);
		else if (!contains(ours, w->ours))
			text_printf(ours, "%s%s", ours->len ? " " : "", w->ours);
		value += len;
	}
}

static void put_list(struct text *out, const char *name, const char *value, const char *attribute,
		     const struct word *words)
{
	struct text ours = { 0 }, unknown = { 0 };

	if (!value)
		return;
	translate(&ours, &unknown, value, words);
	if (unknown.len)
		no_equal(out, name, unknown.s, "the kernel has no such thing");
	if (ours.len)
		put_line(out, attribute, ours.s);
	else
		no_equal(out, name, value, "nothing of it is left: as in default");
	text_free(&ours);
	text_free(&unknown);
}

static void put_level(struct text *out, int level)
{
	struct text n = { 0 };
	unsigned int bits;

	if (level < 0)
		return;
	bits = rsa_bits[level > LEVEL_MAX ? LEVEL_MAX : level];
	text_printf(&n, "%d", level);
	if (bits < RSA_BITS_MIN)
		no_equal(out, "@SECLEVEL", n.s, "the kernel takes no RSA key below 2048 bits");
	else if (bits > RSA_BITS_MAX)
		no_equal(out, "@SECLEVEL", n.s,
			 "the kernel takes no RSA key above 4096 bits, and bounds no others");
	text_clear(&n);
	text_printf(&n, "%u", bits < RSA_BITS_MIN ? RSA_BITS_MIN : bits > RSA_BITS_MAX ?
		    RSA_BITS_MAX : bits);
	put_line(out, "min_rsa_bits", n.s);
	text_free(&n);
}

/* Ours is one list for both versions: those of TLS 1.3, then the others. */
static void put_suites(struct text *out, const struct foreign *f, bool only13)
{
	const char *string = setting(f, "CipherString"), *suites = setting(f, "Ciphersuites");
	struct text list = { 0 }, unknown = { 0 }, missing = { 0 }, old = { 0 };
	int level = -1;

	if (!string && !suites)
		return;
	put_cipher_string(&old, &unknown, &level, string ?: "DEFAULT");
	translate(&list, &missing, suites ?:
		  "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256",
		  suite_words + (level >= SECLEVEL_256));
	if (suites && missing.len)
		no_equal(out, "Ciphersuites", missing.s, level < SECLEVEL_256 ?
			 "the kernel has no such thing" :
			 "the kernel has no such thing, or the @SECLEVEL forbids it");
	if (unknown.len)
		no_equal(out, "CipherString", unknown.s, "not known, maybe none of the kernel's");
	if (string && !old.len)
		no_equal(out, "CipherString", string, "nothing of it is left for TLSv1.2");
	if (!only13 && old.len)
		text_printf(&list, "%s%s", list.len ? " " : "", old.s);
	if (list.len)
		put_line(out, "ciphersuites", list.s);
	put_level(out, level);
	text_free(&list);
	text_free(&unknown);
	text_free(&missing);
	text_free(&old);
}

static bool is_handled(const char *name)
{
	static const char * const names[] = {
		"MinProtocol", "MaxProtocol", "CipherString", "Ciphersuites", "Groups", "Curves",
		"SignatureAlgorithms", NULL
	};
	size_t i;

	for (i = 0; names[i]; i++) {
		if (!strcasecmp(names[i], name))
			return true;
	}
	return false;
}

void put_equal(struct text *out, const struct foreign *f)
{
	const char *min = setting(f, "MinProtocol"), *max = setting(f, "MaxProtocol");
	size_t i;

	text_puts(out, "default {\n");
	min = min ? version(out, "MinProtocol", min) : NULL;
	max = max ? version(out, "MaxProtocol", max) : NULL;
	if (min)
		put_line(out, "min_version", min);
	if (max)
		put_line(out, "max_version", max);
	put_suites(out, f, min && !strcmp(min, "TLSv1.3"));
	put_list(out, "Groups", setting(f, "Groups") ?: setting(f, "Curves"), "groups",
		 group_words);
	put_list(out, "SignatureAlgorithms", setting(f, "SignatureAlgorithms"),
		 "signature_algorithms", sigalg_words);
	for (i = 0; i < f->n; i++) {
		if (!is_handled(f->name[i]) && strncasecmp(f->name[i], "DTLS.", 5))
			no_equal(out, f->name[i], f->value[i], "no equal");
	}
	text_puts(out, "}\n");
}
