// SPDX-License-Identifier: GPL-2.0
/*
 * The changes of a good handshake that are no fault of the peer's, each with
 * what allows it; section numbers are those of RFC 8446 unless another RFC is
 * named. An entry that never comes up is an error of this table, and so is a
 * change that the engine lets pass without an entry.
 */
#include <linux/kernel.h>
#include "mutate.h"

/* any other value of a number or of bytes of the same length */
#define VALUE		"@(zero|ones|plus|minus|bit*|set*|flip-first|flip-last) *"
/* a list with more, less or other items, in another order */
#define ITEMS		"@(remove|twice|swap) *"

/* extensions of a ClientHello that may be missing */
#define OPTIONAL	"@(alpn|ec_point_formats|encrypt_then_mac|extended_master_secret|" \
			"psk_key_exchange_modes|server_name|session_ticket|status_request|" \
			"record_size_limit|renegotiation_info)"
#define IGNORED_IN_HELLO "@(0x1|0x5|0xb|0x10|0x15|0x16|0x17|0x1c|0x23|0x2d|0x2f|0x31|0x32|" \
			"0x1a1a|0xff01)"
#define IGNORED_IN_REQUEST "@(0x5|0xb|0x16|0x17|0x1c|0x23|0x32|0x1a1a|0xff01)"

struct lawful lawful[] = {
	/* ------------------------------------------------ what the server may meet */
	{ "tls13 server client_hello.random " VALUE, ACCEPTED,
	  "4.1.2: any 32 bytes" },
	{ "tls13 server client_hello.legacy_session_id @(zero|ones|flip*|shorten|empty) *",
	  ACCEPTED, "4.1.2: 0 to 32 bytes, echoed" },
	{ "tls13 server client_hello.legacy_version " VALUE, ACCEPTED,
	  "4.2.1: supported_versions decides, legacy_version is ignored" },
	{ "tls13 server client_hello.cipher_suite " VALUE, ACCEPTED,
	  "4.1.2: suites that are not known are ignored; another is in common" },
	{ "tls13 server client_hello.cipher_suites " ITEMS, ACCEPTED,
	  "4.1.2: the client's choice; 4.1.1: ours decides about the order" },
	{ "tls13 server client_hello.*.group " VALUE, ACCEPTED,
	  "4.2.7: unknown groups are ignored; 4.2.8: servers MAY check a share's group" },
	{ "tls13 server client_hello.supported_groups.named_group_list " ITEMS, ACCEPTED,
	  "4.2.7: the client's choice, in its order" },
	{ "tls13 server client_hello.key_share.client_shares @(remove|twice) *", ACCEPTED,
	  "4.2.8: no share asks for a HelloRetryRequest; two of an unknown group MAY be checked" },
	{ "tls13 server client_hello.key_share.key_exchange * @tls13-rsa-retry", ACCEPTED,
	  "4.2.8: of a group that the server does not use, so not looked at" },
	{ "tls13 server client_hello.signature_algorithms.scheme " VALUE, ACCEPTED,
	  "4.2.3: schemes that are not known are ignored" },
	{ "tls13 server client_hello.signature_algorithms.schemes " ITEMS, ACCEPTED,
	  "4.2.3: the client's choice" },
	{ "tls13 server client_hello.supported_versions.version * @tls13-openssl", ACCEPTED,
	  "4.2.1: versions that are not known are ignored; TLS 1.3 is left" },
	{ "tls13 server client_hello.supported_versions.versions " ITEMS, ACCEPTED,
	  "4.2.1: TLS 1.3 is left" },
	{ "tls13 server client_hello.server_name.host_name @(flip*|shorten|twice) *", ACCEPTED,
	  "RFC 6066 3: another name; the server serves any" },
	{ "tls13 server client_hello.!(*.*) swap *", ACCEPTED,
	  "4.2: extensions come in any order" },
	{ "tls13 server client_hello.!(*.*) unknown *", ACCEPTED,
	  "4.1.2: extensions that are not known are ignored" },
	{ "tls13 server client_hello." OPTIONAL " remove *",
	  ACCEPTED, "9.2: not mandatory" },
	{ "tls13 server client_hello." OPTIONAL ".extension_type *",
	  ACCEPTED, "9.2: not mandatory, and the other extension is ignored" },
	{ "tls13 server client_hello.supported_groups.extension_type twice *",
	  ACCEPTED, "reads as a list of other groups: the length of the list becomes one" },
	{ "tls13 server client_hello.@(alpn|status_request|ec_point_formats|session_ticket).*",
	  ACCEPTED, "not implemented in TLS 1.3, so ignored whatever is in it" },
	{ "tls13 server client_hello.extensions insert " IGNORED_IN_HELLO " *",
	  ACCEPTED, "4.1.2: not acted upon in TLS 1.3" },
	{ "tls13 server client_hello.extensions insert 0x2a *", ACCEPTED,
	  "4.2.10: early_data, which is refused by leaving it out of the answer" },
	{ "tls13 server client_hello.server_name.name_type " VALUE, ACCEPTED,
	  "RFC 6066 3: names of an unknown type are passed over" },
	{ "tls13 server client_hello.psk_key_exchange_modes.*", ACCEPTED,
	  "4.2.9: says which tickets the client could use, and the server makes none" },

	/* ------------------------------------------------ what the client may meet */
	{ "tls13 client server_hello.random " VALUE, ACCEPTED, "4.1.3: any 32 bytes" },
	{ "tls13 client server_hello.!(*.*) swap *", ACCEPTED,
	  "4.2: extensions come in any order" },
	{ "tls13 client server_hello.key_share.group * @tls13-rsa-retry", ACCEPTED,
	  "4.1.4: a HelloRetryRequest for another group that the client offers" },
	{ "tls13 client encrypted_extensions.extensions insert 0 *", ACCEPTED,
	  "RFC 6066 3: the server's answer to server_name is empty" },
	{ "tls13 client certificate.entry twice *", ACCEPTED,
	  "4.4.2: extra certificates in any order" },
	{ "tls13 client certificate_request drop *", ACCEPTED,
	  "4.3.2: the server may ask or not" },
	{ "tls13 client certificate_request.!(*.*) @(swap|unknown) *", ACCEPTED,
	  "4.3.2: unrecognized extensions are ignored, in any order" },
	{ "tls13 client certificate_request.extensions insert " IGNORED_IN_REQUEST " *",
	  ACCEPTED, "4.3.2: not acted upon, as the client has no certificate" },
	{ "tls13 client certificate_request.certificate_authorities remove *", ACCEPTED,
	  "4.3.2: not mandatory" },
	{ "tls13 client certificate_request.certificate_authorities.*", ACCEPTED,
	  "4.2.4: helps to choose a certificate, and the client has none" },
	{ "tls13 client certificate_request.signature_algorithms.scheme " VALUE, ACCEPTED,
	  "4.2.3: schemes that are not known are ignored" },
	{ "tls13 client certificate_request.signature_algorithms.schemes " ITEMS, ACCEPTED,
	  "4.2.3: the server's choice" },

	/* ------------------------------------------------------ messages not complete */
	{ "* client_hello@(.length plus|.msg_type twice| drop| later) *", WAITS,
	  "the rest of the message may still come" },
	{ "* server_hello@( drop| later) *", WAITS, "the message may still come" },
	{ "* finished@(.length plus| drop) *", WAITS, "the rest of the message may still come" },

	/* ------------------------------------------------------------------- records */
	{ "tls13 * record @(handshake|change_cipher_spec) * version @(ssl3|tls10|tls13) *",
	  ACCEPTED, "5.1: legacy_record_version is ignored" },
	{ "tls13 * wire @(handshake|change_cipher_spec) * header minor *", ACCEPTED,
	  "5.1: legacy_record_version is ignored" },
	{ "tls13 * record * in @(bytes|pieces) *", ACCEPTED, "5.1: messages may cross records" },
	{ "tls13 * record protected * padding *", ACCEPTED, "5.4: any length of padding" },
	{ "tls13 * record @(handshake|change_cipher_spec|protected) * @(before|after): ccs *",
	  ACCEPTED, "D.4: change_cipher_spec between the hellos and Finished is dropped" },
	{ "tls13 * wire change_cipher_spec * @(repeat|drop) *", ACCEPTED,
	  "D.4: change_cipher_spec is dropped, and may be missing" },
	{ "tls13 * wire protected * repeat *", ACCEPTED,
	  "behind the last record of the handshake: not the engine's to read" },
	{ "tls13 * record * before: @(user_canceled|no_renegotiation|unrecognized_name|fatal alert) *",
	  ACCEPTED, "6: alerts are taken; one user_canceled does not end the handshake" },
	{ "tls13 * wire * plain alert *", ACCEPTED,
	  "6: ends the handshake, for the reason that the peer gives, until it has shown its keys" },
	{ "tls13 * record protected * after: @(data|hello_request|key_update) *", ACCEPTED,
	  "behind the last record of the handshake: not the engine's to read" },
	{ "tls13 * record protected * type 0 *", WAITS,
	  "5.4: zeros are padding, the last byte of the message becomes the type" },
	{ "tls13 server @(record|wire) change_cipher_spec * type handshake *", WAITS,
	  "reads as the first byte of a message" },
	{ "tls13 * wire * length @(plus|minus|16384) *", WAITS, "the rest may still come" },
	{ "tls13 * wire protected * length @(16385|16640) *", WAITS, "the rest may still come" },
	{ "tls13 * wire * @(shorter|to half|drop) *", WAITS, "the rest may still come" },
};

const size_t lawful_count = ARRAY_SIZE(lawful);
