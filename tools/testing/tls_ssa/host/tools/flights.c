// SPDX-License-Identifier: GPL-2.0
/* The handshakes that have to stand what may happen to any of them. */
#include <stdio.h>

#include "flights.h"

static const struct way flights[] = {
	{ "tls13-aes128", SSA_TLS13, KEY_P256, SSA_SUITE_AES_128_GCM_SHA256 },
	{ "tls13-aes256", SSA_TLS13, KEY_RSA, SSA_SUITE_AES_256_GCM_SHA384,
	  SSA_GROUP_SECP384R1 },
	{ "tls13-retry", SSA_TLS13, KEY_P256, SSA_SUITE_CHACHA20_POLY1305_SHA256,
	  SSA_GROUP_SECP256R1, .retry = true },
	{ "tls13-pieces", SSA_TLS13, KEY_P384, .pieces = true },
	{ "tls13-mutual", SSA_TLS13, KEY_P384, .peer_auth = SSA_PEER_AUTH_REQUIRED,
	  .client = KEY_CLIENT_RSA, .alpn = "\2h2\10http/1.1" },
	{ "tls13-mutual-pieces", SSA_TLS13, KEY_P256, .peer_auth = SSA_PEER_AUTH_OPTIONAL,
	  .client = KEY_CLIENT_P256, .pieces = true },
	{ "tls13-no-client", SSA_TLS13, KEY_P256, .peer_auth = SSA_PEER_AUTH_OPTIONAL },
	{ "tls12-aes128", SSA_TLS12, KEY_RSA, SSA_SUITE_ECDHE_RSA_WITH_AES_128_GCM_SHA256 },
	{ "tls12-aes256", SSA_TLS12, KEY_P384, SSA_SUITE_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
	  SSA_GROUP_SECP384R1 },
	{ "tls12-chacha", SSA_TLS12, KEY_P256, SSA_SUITE_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
	  .without_ems = true },
	{ "tls12-pieces", SSA_TLS12, KEY_P384, .pieces = true },
	{ "tls12-mutual", SSA_TLS12, KEY_P256, .peer_auth = SSA_PEER_AUTH_REQUIRED,
	  .client = KEY_CLIENT_ED25519, .alpn = "\2h2\10http/1.1" },
	{ "tls12-mutual-pieces", SSA_TLS12, KEY_RSA, .peer_auth = SSA_PEER_AUTH_OPTIONAL,
	  .client = KEY_CLIENT_RSA, .pieces = true },
	{ "tls12-no-client", SSA_TLS12, KEY_P256, .peer_auth = SSA_PEER_AUTH_OPTIONAL },
};

void flights_each(void (*fn)(const struct way *way, int tested, const char *name))
{
	char name[128];
	int tested;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(flights); i++) {
		for (tested = CLIENT; tested <= SERVER; tested++) {
			snprintf(name, sizeof(name), "%s %s", flights[i].name,
				 tested == SERVER ? "server" : "client");
			fn(&flights[i], tested, name);
		}
	}
}
