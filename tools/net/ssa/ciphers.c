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
#define COMMON " ALL HIGH kEECDH kECDHE ECDHE EECDH ECDH TLSv1.2 "
	/* in OpenSSL's order */
	{ "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "ECDHE-ECDSA-AES256-GCM-SHA384",
	  COMMON "FIPS aECDSA ECDSA AESGCM AES AES256 ", 256 },
	{ "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "ECDHE-RSA-AES256-GCM-SHA384",
	  COMMON "FIPS aRSA AESGCM AES AES256 ", 256 },
	{ "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305",
	  COMMON "aECDSA ECDSA CHACHA20 ", 256 },
	{ "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-RSA-CHACHA20-POLY1305",
	  COMMON "aRSA CHACHA20 ", 256 },
	{ "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256",
	  COMMON "FIPS aECDSA ECDSA AESGCM AES AES128 ", 128 },
	{ "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "ECDHE-RSA-AES128-GCM-SHA256",
	  COMMON "FIPS aRSA AESGCM AES AES128 ", 128 },
#undef COMMON
};

#define SEPARATORS	":, "
#define CIPHER_COUNT	ARRAY_SIZE(ciphers)

/* A string that begins so is no list of words: it stands for these. */
static const char * const suite_b[][2] = {
	{ "SUITEB128ONLY", "ECDHE-ECDSA-AES128-GCM-SHA256" },
	{ "SUITEB128", "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384" },
	{ "SUITEB192", "ECDHE-ECDSA-AES256-GCM-SHA384" },
};

/*
 * Words for suites that the kernel has not: they add nothing, and take nothing away. SHA384
 * is one of them: it means suites that have a MAC, not those with GCM.
 */
static const char * const absent[] = {
	"DEFAULT",
	"kRSA", "RSA", "kDHE", "kEDH", "DHE", "EDH", "ADH", "AECDH", "aNULL", "eNULL", "NULL",
	"COMPLEMENTOFALL", "COMPLEMENTOFDEFAULT", "LOW", "MEDIUM", "EXP", "EXPORT", "DES",
	"3DES", "RC2", "RC4", "IDEA", "SEED", "CAMELLIA", "CAMELLIA128", "CAMELLIA256", "ARIA",
	"ARIA128", "ARIA256", "ARIAGCM", "AESCCM", "AESCCM8", "MD5", "SHA", "SHA1", "SHA256",
	"SHA384", "GOST94",
	"GOST89MAC", "GOST", "GOST12", "aGOST", "aGOST01", "aGOST12", "kGOST", "kGOST18",
	"GOST2012256", "PSK", "kPSK", "kECDHEPSK", "kDHEPSK", "kRSAPSK", "kEDHPSK",
	"kEECDHPSK", "aPSK", "SRP", "kSRP", "aSRP", "DSS", "aDSS", "aDH", "kDH", "kDHr",
	"kDHd", "kECDH", "kECDHr", "kECDHe", "aECDH", "DH", "SSLv3", "TLSv1",
	"TLSv1.0", "CBC", "AES128-SHA", "AES256-SHA", NULL
};

/**
 * struct order - cipher suites while words are read: those in use, and around them others
 * @n: that are not gone for ever
 * @at: those, in order
 * @used: is it in use?
 */
struct order {
	size_t	n;
	size_t	at[CIPHER_COUNT];
	bool	used[CIPHER_COUNT];
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

/* Those that are selected, and in use or not, go to one end, in the order that they have. */
static void move(struct order *o, const bool *selected, bool used, bool to_end)
{
	size_t moved[CIPHER_COUNT], others[CIPHER_COUNT];
	size_t i, n = 0, m = 0;

	for (i = 0; i < o->n; i++) {
		if (selected[o->at[i]] && o->used[o->at[i]] == used)
			moved[n++] = o->at[i];
		else
			others[m++] = o->at[i];
	}
	memcpy(o->at + (to_end ? m : 0), moved, n * sizeof(*moved));
	memcpy(o->at + (to_end ? 0 : n), others, m * sizeof(*others));
}

static void act(struct order *o, char how, const bool *selected)
{
	size_t i, n = 0;

	switch (how) {
	case '!':
		for (i = 0; i < o->n; i++) {
			if (!selected[o->at[i]])
				o->at[n++] = o->at[i];
		}
		o->n = n;
		break;
	case '-':
		/* Where they are found first, if a word adds them again */
		move(o, selected, true, false);
		break;
	case '+':
		move(o, selected, true, true);
		return;
	default:
		move(o, selected, false, true);
	}
	for (i = 0; i < CIPHER_COUNT; i++) {
		if (selected[i])
			o->used[i] = !how;
	}
}

/* @STRENGTH: longer keys first, otherwise in the same order */
static void by_strength(struct order *o)
{
	static const unsigned int lengths[] = { 256, 128 };
	bool selected[CIPHER_COUNT];
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		for (j = 0; j < CIPHER_COUNT; j++)
			selected[j] = ciphers[j].bits == lengths[i];
		act(o, '+', selected);
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
	bool selected[CIPHER_COUNT], any = false;
	char how = '\0';
	size_t i;

	if (*word == '!' || *word == '-' || *word == '+') {
		how = *word++;
		len--;
	}
	for (i = 0; i < CIPHER_COUNT; i++) {
		selected[i] = is_selected(&ciphers[i], word, len);
		any |= selected[i];
	}
	if (any)
		act(o, how, selected);
	else if (!is_known(word, len))
		text_printf(unknown, "%s%.*s", unknown->len ? " " : "", (int)len, word);
}

/* The beginning of a string may stand for other words: what is left of it */
static const char *do_beginning(struct order *o, const char *s, struct text *unknown)
{
	size_t i;

	for (i = 0; i < CIPHER_COUNT; i++)
		o->at[o->n++] = i;
	for (i = 0; i < ARRAY_SIZE(suite_b); i++) {
		if (!strncmp(s, suite_b[i][0], strlen(suite_b[i][0])))
			return suite_b[i][1];
	}
	if (strncmp(s, "DEFAULT", 7))
		return s;
	do_word(o, "ALL", 3, unknown);
	return s + 7;
}

void put_cipher_string(struct text *suites, struct text *unknown, int *level, const char *s)
{
	struct order o = { 0 };
	size_t len, i;

	*level = -1;
	s = do_beginning(&o, s, unknown);
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
	for (i = 0; i < o.n; i++) {
		const struct cipher *c = &ciphers[o.at[i]];

		if (o.used[o.at[i]] && (*level < SECLEVEL_256 || c->bits >= 256))
			text_printf(suites, "%s%s", suites->len ? " " : "", c->name);
	}
}
