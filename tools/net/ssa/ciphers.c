// SPDX-License-Identifier: GPL-2.0
/*
 * CipherString, see openssl-ciphers(1): words from left to right add cipher suites, take
 * them away or move them to the end. Only those that the kernel has are looked at.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "import.h"

/**
 * struct cipher - a cipher suite of TLS 1.2 that the kernel has
 * @name: IANA's
 * @openssl: OpenSSL's
 * @words: that stand for it and for others
 * @bits: of the key
 */
static const struct cipher {
	const char	*name;
	const char	*openssl;
	const char	*words;
	unsigned int	bits;
} ciphers[] = {
#define COMMON " ALL DEFAULT HIGH kEECDH kECDHE ECDHE EECDH TLSv1.2 FIPS "
	/* in OpenSSL's order */
	{ "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "ECDHE-ECDSA-AES256-GCM-SHA384",
	  COMMON "aECDSA ECDSA AESGCM AES AES256 SHA384 SUITEB192 SUITEB128 ", 256 },
	{ "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "ECDHE-RSA-AES256-GCM-SHA384",
	  COMMON "aRSA AESGCM AES AES256 SHA384 ", 256 },
	{ "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305",
	  COMMON "aECDSA ECDSA CHACHA20 ", 256 },
	{ "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-RSA-CHACHA20-POLY1305",
	  COMMON "aRSA CHACHA20 ", 256 },
	{ "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256",
	  COMMON "aECDSA ECDSA AESGCM AES AES128 SHA256 SUITEB128 SUITEB128ONLY ", 128 },
	{ "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "ECDHE-RSA-AES128-GCM-SHA256",
	  COMMON "aRSA AESGCM AES AES128 SHA256 ", 128 },
#undef COMMON
};

#define SEPARATORS	":, "
#define CIPHER_COUNT	ARRAY_SIZE(ciphers)

/* Words for suites that the kernel has not: they add nothing, and take nothing away. */
static const char * const absent[] = {
	"kRSA", "RSA", "kDHE", "kEDH", "DHE", "EDH", "ADH", "AECDH", "aNULL", "eNULL", "NULL",
	"COMPLEMENTOFALL", "COMPLEMENTOFDEFAULT", "LOW", "MEDIUM", "EXP", "EXPORT", "DES",
	"3DES", "RC2", "RC4", "IDEA", "SEED", "CAMELLIA", "CAMELLIA128", "CAMELLIA256", "ARIA",
	"ARIA128", "ARIA256", "ARIAGCM", "AESCCM", "AESCCM8", "MD5", "SHA", "SHA1", "GOST94",
	"GOST89MAC", "GOST", "GOST12", "aGOST", "aGOST01", "aGOST12", "kGOST", "kGOST18",
	"GOST2012256", "PSK", "kPSK", "kECDHEPSK", "kDHEPSK", "kRSAPSK", "kEDHPSK",
	"kEECDHPSK", "aPSK", "SRP", "kSRP", "aSRP", "DSS", "aDSS", "aDH", "kDH", "kDHr",
	"kDHd", "kECDH", "kECDHr", "kECDHe", "aECDH", "DH", "ECDH", "SSLv3", "TLSv1",
	"TLSv1.0", "CBC", "AES128-SHA", "AES256-SHA", NULL
};

/**
 * struct order - cipher suites while words are read
 * @n: in use
 * @at: those, in order
 * @dead: never again
 */
struct order {
	size_t	n;
	size_t	at[CIPHER_COUNT];
	bool	dead[CIPHER_COUNT];
};

static bool has_word(const char *words, const char *word, size_t len)
{
	const char *p = words;

	for (; (p = strchr(p, ' ')); p++) {
		if (!strncmp(p + 1, word, len) && p[1 + len] == ' ')
			return true;
	}
	return false;
}

static bool is_meant(const struct cipher *c, const char *word, size_t len)
{
	if (len == strlen(c->name) && !memcmp(c->name, word, len))
		return true;
	if (len == strlen(c->openssl) && !memcmp(c->openssl, word, len))
		return true;
	return has_word(c->words, word, len);
}

/* Several words with + between them: all of them have to be true. */
static bool is_selected(const struct cipher *c, const char *word, size_t len)
{
	size_t part;

	for (;; word += part + 1, len -= part + 1) {
		part = strcspn(word, "+");
		if (part > len)
			part = len;
		if (!is_meant(c, word, part))
			return false;
		if (part == len)
			return true;
	}
}

static void drop(struct order *o, size_t cipher)
{
	size_t i, n = 0;

	for (i = 0; i < o->n; i++) {
		if (o->at[i] != cipher)
			o->at[n++] = o->at[i];
	}
	o->n = n;
}

static bool is_in_use(const struct order *o, size_t cipher)
{
	size_t i;

	for (i = 0; i < o->n; i++) {
		if (o->at[i] == cipher)
			return true;
	}
	return false;
}

static void act(struct order *o, char how, size_t cipher)
{
	bool in_use = is_in_use(o, cipher);

	switch (how) {
	case '!':
		o->dead[cipher] = true;
		drop(o, cipher);
		break;
	case '-':
		drop(o, cipher);
		break;
	case '+':
		drop(o, cipher);
		if (in_use)
			o->at[o->n++] = cipher;
		break;
	default:
		if (!in_use && !o->dead[cipher])
			o->at[o->n++] = cipher;
	}
}

/* @STRENGTH: longer keys first, otherwise in the same order */
static void by_strength(struct order *o)
{
	size_t i, j, cipher;

	for (i = 1; i < o->n; i++) {
		cipher = o->at[i];
		for (j = i; j && ciphers[o->at[j - 1]].bits < ciphers[cipher].bits; j--)
			o->at[j] = o->at[j - 1];
		o->at[j] = cipher;
	}
}

/* Is each part of the word known, if only for suites that the kernel has not? */
static bool is_known(const char *word, size_t len)
{
	size_t part, i;
	bool known;

	for (;; word += part + 1, len -= part + 1) {
		part = strcspn(word, "+");
		if (part > len)
			part = len;
		known = false;
		for (i = 0; absent[i]; i++)
			known |= part == strlen(absent[i]) && !memcmp(absent[i], word, part);
		for (i = 0; i < CIPHER_COUNT; i++)
			known |= is_meant(&ciphers[i], word, part);
		if (!known)
			return false;
		if (part == len)
			return true;
	}
}

static void do_word(struct order *o, const char *word, size_t len, struct text *unknown)
{
	char how = '\0';
	bool any = false;
	size_t i;

	if (*word == '!' || *word == '-' || *word == '+') {
		how = *word++;
		len--;
	}
	for (i = 0; i < CIPHER_COUNT; i++) {
		if (!is_selected(&ciphers[i], word, len))
			continue;
		any = true;
		act(o, how, i);
	}
	if (!any && !is_known(word, len))
		text_printf(unknown, "%s%.*s", unknown->len ? " " : "", (int)len, word);
}

void put_cipher_string(struct text *suites, struct text *unknown, int *level, const char *s)
{
	struct order o = { 0 };
	size_t len, i;

	*level = -1;
	for (s += strspn(s, SEPARATORS); *s; s += len, s += strspn(s, SEPARATORS)) {
		/* "DEFAULT@SECLEVEL=2" is two words. */
		len = 1 + strcspn(s + 1, SEPARATORS "@");
		if (!strncmp(s, "@SECLEVEL=", 10))
			*level = atoi(s + 10);
		else if (len == 9 && !memcmp(s, "@STRENGTH", len))
			by_strength(&o);
		else
			do_word(&o, s, len, unknown);
	}
	for (i = 0; i < o.n; i++)
		text_printf(suites, "%s%s", suites->len ? " " : "", ciphers[o.at[i]].name);
}
