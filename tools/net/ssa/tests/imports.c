// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../import.h"
#include "../model.h"
#include "tap.h"

/* With what OpenSSL 3 itself makes of them: openssl ciphers -s -tls1_2 */
static const struct {
	const char	*string;
	const char	*suites;	/* E or R, then 2, C or 1 for AES-256, ChaCha20, AES-128 */
	const char	*unknown;
	int		level;
} strings[] = {
	{ "DEFAULT", "E2 R2 EC RC E1 R1", "", -1 },
	{ "DEFAULT@SECLEVEL=2", "E2 R2 EC RC E1 R1", "", 2 },
	{ "@SECLEVEL=3:HIGH:!aRSA", "E2 EC E1", "", 3 },
	{ "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305", "R1 EC", "", -1 },
	{ "ALL:!CHACHA20:+AES256", "E1 R1 E2 R2", "", -1 },
	{ "AES128:AES256:@STRENGTH", "E2 R2 E1 R1", "", -1 },
	{ "ALL:-aRSA:ECDHE+AESGCM", "E2 EC E1 R2 R1", "", -1 },
	{ "kRSA:!aNULL:!3DES:DHE-RSA-AES256-SHA", "", "DHE-RSA-AES256-SHA", -1 },
	{ "!ALL:DEFAULT", "", "", -1 },
	{ "bogus HIGH,!AES", "EC RC", "bogus", -1 },
	{ "", "", "", -1 },
};

static const char * const short_names[][2] = {
	{ "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "E2" },
	{ "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "R2" },
	{ "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "EC" },
	{ "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", "RC" },
	{ "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "E1" },
	{ "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "R1" },
};

static void test_strings(void)
{
	size_t i, j, len;

	for (i = 0; i < ARRAY_SIZE(strings); i++) {
		struct text suites = { 0 }, unknown = { 0 }, got = { 0 };
		const char *p, *word;
		int level;

		text_clear(&suites);
		text_clear(&unknown);
		text_clear(&got);
		put_cipher_string(&suites, &unknown, &level, strings[i].string);
		for (p = suites.s; (len = list_next(&p, &word)); ) {
			for (j = 0; j < ARRAY_SIZE(short_names); j++) {
				if (len == strlen(short_names[j][0]) &&
				    !memcmp(word, short_names[j][0], len))
					text_printf(&got, "%s%s", got.len ? " " : "",
						    short_names[j][1]);
			}
		}
		tap(level == strings[i].level && !strcmp(unknown.s, strings[i].unknown),
		    "CipherString %s: level and what is unknown", strings[i].string);
		tap_same(got.s, strings[i].suites, "its cipher suites");
		text_free(&suites);
		text_free(&unknown);
		text_free(&got);
	}
}

static const struct {
	const char *title;
	const char *in;
	const char *out;
} configurations[] = {
	{ "a policy of crypto-policies",
	  "CipherString = @SECLEVEL=2:kEECDH:kRSA:-aDSS:!3DES:!RC4\n"
	  "Ciphersuites = TLS_AES_256_GCM_SHA384:TLS_AES_128_CCM_SHA256\n"
	  "TLS.MinProtocol = TLSv1.2\nTLS.MaxProtocol = TLSv1.3\nDTLS.MinProtocol = DTLSv1.2\n"
	  "SignatureAlgorithms = ECDSA+SHA256:ed25519:ed448:rsa_pss_rsae_sha256:RSA+SHA1\n"
	  "Groups = X25519:secp256r1:X448\n\n[openssl_init]\nalg_section = evp_properties\n",
	  "default {\n"
	  "\tmin_version TLSv1.2\n\tmax_version TLSv1.3\n"
	  "\t# Ciphersuites TLS_AES_128_CCM_SHA256: the kernel has no such thing\n"
	  "\tciphersuites TLS_AES_256_GCM_SHA384 TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 "
	  "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256 "
	  "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256 TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 "
	  "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256\n"
	  "\tmin_rsa_bits 2048\n"
	  "\t# Groups X448: the kernel has no such thing\n\tgroups X25519 secp256r1\n"
	  "\t# SignatureAlgorithms ed448 RSA+SHA1: the kernel has no such thing\n"
	  "\tsignature_algorithms ecdsa_secp256r1_sha256 ed25519 rsa_pss_rsae_sha256\n}\n" },
	{ "openssl.cnf",
	  "openssl_conf = init\nHOME = .\n[init]\nssl_conf = ssl # comment\n[ssl]\n"
	  "system_default = sys\n[sys]\nMinProtocol = TLSv1\nOptions = -SessionTicket\n"
	  "CipherString = \\\n ECDHE-RSA-AES256-GCM-SHA384@SECLEVEL=4\n[other]\nMinProtocol = TLSv1.3\n",
	  "default {\n"
	  "\t# MinProtocol TLSv1: the kernel has nothing older than TLSv1.2\n"
	  "\tmin_version TLSv1.2\n"
	  "\tciphersuites TLS_AES_256_GCM_SHA384 TLS_CHACHA20_POLY1305_SHA256 "
	  "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384\n"
	  "\t# @SECLEVEL 4: the kernel takes no RSA key above 4096 bits, and bounds no others\n"
	  "\tmin_rsa_bits 4096\n"
	  "\t# Options -SessionTicket: no equal\n}\n" },
	{ "openssl.cnf without a word on TLS", "openssl_conf = init\n[init]\nproviders = p\n",
	  "default {\n}\n" },
	{ "only TLS 1.3", "MinProtocol = TLSv1.3\nCiphersuites = TLS_AES_128_GCM_SHA256\n",
	  "default {\n\tmin_version TLSv1.3\n\tciphersuites TLS_AES_128_GCM_SHA256\n}\n" },
};

static void test_configurations(void)
{
	char path[] = "/tmp/ssactl-test-XXXXXX";
	int fd = mkstemp(path);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(configurations); i++) {
		struct report report = { .out = stdout };
		struct text out = { 0 };
		struct foreign f;
		struct model m;
		size_t len = strlen(configurations[i].in);

		if (ftruncate(fd, 0) || pwrite(fd, configurations[i].in, len, 0) != (ssize_t)len)
			break;
		read_openssl(&f, path, &report);
		put_equal(&out, &f);
		tap_same(out.s, configurations[i].out, configurations[i].title);
		model_init(&m);
		parse(&m, "imported", out.s, out.len, &report);
		model_check(&m, &report);
		tap(!report.errors, "%s: check finds nothing", configurations[i].title);
		model_free(&m);
		foreign_free(&f);
		text_free(&out);
	}
	tap(i == ARRAY_SIZE(configurations), "all configurations");
	close(fd);
	unlink(path);
}

void test_imports(void)
{
	test_strings();
	test_configurations();
}
