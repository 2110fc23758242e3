// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>
#include "../form.h"
#include "tap.h"

#define A16	"/a /b /c /d /e /f /g /h /i /j /k /l /m /n /o /p"

/* @why: the beginning of the complaint; NULL: the value is good */
static const struct {
	enum form	form;
	const char	*value;
	const char	*why;
} values[] = {
	{ FORM_VERSION, "TLSv1.2" },
	{ FORM_VERSION, "tlsv1.3" },
	{ FORM_VERSION, "TLSv1.1", "\"TLSv1.1\" is not a version; is \"TLSv1.2\" meant?" },
	{ FORM_VERSION, "ssl", "\"ssl\" is not a version; there are TLSv1.2, TLSv1.3" },
	{ FORM_SUITES, "TLS_AES_128_GCM_SHA256,TLS_AES_256_GCM_SHA384" },
	{ FORM_SUITES, "TLS_AES_128_GCM_SHA265",
	  "\"TLS_AES_128_GCM_SHA265\" is not a cipher suite; is \"TLS_AES_128_GCM_SHA256\" meant?" },
	{ FORM_GROUPS, "X25519 x25519", "\"x25519\" stands there again" },
	{ FORM_GROUPS, " , ", "empty value" },
	{ FORM_SIGALGS, "ed25519 rsa_pkcs1_sha512" },
	{ FORM_BOOL, "1" },
	{ FORM_BOOL, "01" },
	{ FORM_BOOL, "2", "\"2\" is neither 1 nor 0" },
	{ FORM_BOOL, "-1", "\"-1\" is neither 1 nor 0" },
	{ FORM_EXTENSIONS, "none" },
	{ FORM_EXTENSIONS, "alpn server_name" },
	{ FORM_EXTENSIONS, "alpn all", "\"all\" is not an optional extension" },
	{ FORM_EXTENSIONS, "alpn application_layer_protocol_negotiation", "\"alpn\" stands there" },
	{ FORM_ALPN, "h2 http/1.1" },
	{ FORM_ALPN, "any" },
	{ FORM_ALPN, "a\\x20b \\x2c" },
	{ FORM_ALPN, "a\\x2", "\"a\\x2\" cannot be read" },
	{ FORM_ALPN, "h2 \\x68\\x32", "\"\\x68\\x32\" stands there again" },
	{ FORM_TRUST_MODE, "system+application" },
	{ FORM_TRUST_MODE, "pined", "\"pined\" is not a mode of trust; is \"pinned\" meant?" },
	{ FORM_PATH, "/etc/ssl/certs" },
	{ FORM_PATH, "/etc/my certs" },
	{ FORM_PATH, "etc", "\"etc\" is no absolute path; begin with /" },
	{ FORM_PATH, "none", "\"none\" is no absolute path" },
	{ FORM_PATH_OR_NONE, "none" },
	{ FORM_RSA_BITS, "2048" },
	{ FORM_RSA_BITS, "1024", "\"1024\" is not a number that will do; it is from 2048 to 4096" },
	{ FORM_RSA_BITS, "18446744073709551616", "\"18446744073709551616\" is not" },
	{ FORM_DEPTH, "9" },
	{ FORM_DEPTH, "10", "\"10\" is not" },
	{ FORM_PEER_AUTH, "required" },
	{ FORM_TTL, "604800" },
	{ FORM_TTL, "604801", "\"604801\" is not" },
	{ FORM_CREDENTIALS, "web mail-2" },
	{ FORM_CREDENTIALS, "we/b", "\"we/b\" is a name with other characters" },
	{ FORM_PATHS, A16 },
	{ FORM_PATHS, A16 " /q", "more than 16" },
	{ FORM_PATHS, "/a:b", "\"/a:b\" has a colon" },
	{ FORM_PATHS, "/a \\x2fa", "\"\\x2fa\" stands there again" },
	{ FORM_PATHS, "none" },
	{ FORM_MATCH_PATHS, "none", "\"none\" is no absolute path" },
	{ FORM_OPTIONS, "remote_hostname ALPN" },
	{ FORM_OPTIONS, "alpm", "\"alpm\" is not an option that programs set; is \"alpn\" meant?" },
	{ FORM_OPTIONS, "handshake", "\"handshake\" is not" },
	{ FORM_OPTIONS, "peer_identity", "\"peer_identity\" is not" },
	{ FORM_IDS, "0 4294967294" },
	{ FORM_IDS, "4294967295", "\"4294967295\" is not" },
	{ FORM_IDS, "7 007", "\"007\" stands there again" },
	{ FORM_COOKIES, "18446744073709551615" },
	{ FORM_COOKIES, "0", "\"0\" is not" },
	{ FORM_HOST_NAMES, "www.example.com *.example.org ::1" },
	{ FORM_HOST_NAMES, "a_b/c", "\"a_b/c\" is no host name" },
};

static const struct {
	enum form	form;
	const char	*a;
	const char	*b;
	bool		same;
} pairs[] = {
	{ FORM_VERSION, "tlsv1.2", "TLSv1.2", true },
	{ FORM_BOOL, "01", "1", true },
	{ FORM_GROUPS, "X25519, secp256r1", "x25519 secp256r1", true },
	{ FORM_GROUPS, "secp256r1 X25519", "X25519 secp256r1", false },
	{ FORM_OPTIONS, "alpn hostname", "hostname alpn", true },
	{ FORM_OPTIONS, "alpn", "hostname alpn", false },
	{ FORM_OPTIONS, "hostname alpn", "alpn", false },
	{ FORM_PATH, "/a b", "/a\\x20b", true },
	{ FORM_PATH, "/a", "/A", false },
	{ FORM_ALPN, "h2", "H2", false },
	{ FORM_ALPN, "h2 a", "h2", false },
};

void test_forms(void)
{
	struct text why = { 0 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(values); i++) {
		bool ok;

		text_clear(&why);
		ok = form_check(values[i].form, values[i].value, &why);
		tap(values[i].why ? !ok && !strncmp(why.s, values[i].why, strlen(values[i].why)) :
		    ok, "value %s", values[i].value);
		if (why.len)
			printf("# %s\n", why.s);
	}
	for (i = 0; i < ARRAY_SIZE(pairs); i++)
		tap(form_same(pairs[i].form, pairs[i].a, pairs[i].b) == pairs[i].same,
		    "\"%s\" and \"%s\" say %s", pairs[i].a, pairs[i].b,
		    pairs[i].same ? "the same" : "something else");
	text_free(&why);
}
