/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The numbers and limits of TLS on the wire, in the names of RFC 8446. What a
 * peer may make us hold is bounded here and nowhere else.
 */
#ifndef _TLS_SSA_ENGINE_WIRE_H
#define _TLS_SSA_ENGINE_WIRE_H

#include <linux/types.h>
#include "engine.h"

/* ProtocolVersion */
#define SSA_TLS10			0x0301	/* only in the first record of a client */

/* ContentType, 5.1 */
enum ssa_content_type {
	SSA_CT_INVALID			= 0,
	SSA_CT_CHANGE_CIPHER_SPEC	= 20,
	SSA_CT_ALERT			= 21,
	SSA_CT_HANDSHAKE		= 22,
	SSA_CT_APPLICATION_DATA		= 23,
};

/* HandshakeType, 4, and RFC 5246 7.4 */
enum ssa_handshake_type {
	SSA_HT_HELLO_REQUEST		= 0,	/* TLS 1.2 */
	SSA_HT_CLIENT_HELLO		= 1,
	SSA_HT_SERVER_HELLO		= 2,
	SSA_HT_NEW_SESSION_TICKET	= 4,
	SSA_HT_END_OF_EARLY_DATA	= 5,
	SSA_HT_ENCRYPTED_EXTENSIONS	= 8,
	SSA_HT_CERTIFICATE		= 11,
	SSA_HT_SERVER_KEY_EXCHANGE	= 12,	/* TLS 1.2 */
	SSA_HT_CERTIFICATE_REQUEST	= 13,
	SSA_HT_SERVER_HELLO_DONE	= 14,	/* TLS 1.2 */
	SSA_HT_CERTIFICATE_VERIFY	= 15,
	SSA_HT_CLIENT_KEY_EXCHANGE	= 16,	/* TLS 1.2 */
	SSA_HT_FINISHED			= 20,
	SSA_HT_KEY_UPDATE		= 24,
	SSA_HT_MESSAGE_HASH		= 254,
};

/* ExtensionType, 4.2; RFC 8422 5.1, RFC 7627 5.1, RFC 8449 4, RFC 5746 3.2 */
enum ssa_extension_type {
	SSA_XT_SERVER_NAME			= 0,
	SSA_XT_MAX_FRAGMENT_LENGTH		= 1,
	SSA_XT_STATUS_REQUEST			= 5,
	SSA_XT_SUPPORTED_GROUPS			= 10,
	SSA_XT_EC_POINT_FORMATS			= 11,
	SSA_XT_SIGNATURE_ALGORITHMS		= 13,
	SSA_XT_USE_SRTP				= 14,
	SSA_XT_HEARTBEAT			= 15,
	SSA_XT_ALPN				= 16,
	SSA_XT_SIGNED_CERTIFICATE_TIMESTAMP	= 18,
	SSA_XT_CLIENT_CERTIFICATE_TYPE		= 19,
	SSA_XT_SERVER_CERTIFICATE_TYPE		= 20,
	SSA_XT_PADDING				= 21,
	SSA_XT_EXTENDED_MASTER_SECRET		= 23,
	SSA_XT_RECORD_SIZE_LIMIT		= 28,
	SSA_XT_PRE_SHARED_KEY			= 41,
	SSA_XT_EARLY_DATA			= 42,
	SSA_XT_SUPPORTED_VERSIONS		= 43,
	SSA_XT_COOKIE				= 44,
	SSA_XT_PSK_KEY_EXCHANGE_MODES		= 45,
	SSA_XT_CERTIFICATE_AUTHORITIES		= 47,
	SSA_XT_OID_FILTERS			= 48,
	SSA_XT_POST_HANDSHAKE_AUTH		= 49,
	SSA_XT_SIGNATURE_ALGORITHMS_CERT	= 50,
	SSA_XT_KEY_SHARE			= 51,
	SSA_XT_RENEGOTIATION_INFO		= 0xff01,
};

#define SSA_GROUP_SECP521R1		0x0019	/* a curve of certificates only */
#define SSA_NAME_TYPE_HOST_NAME		0	/* RFC 6066 3 */
#define SSA_COMPRESSION_NULL		0
#define SSA_POINT_FORMAT_UNCOMPRESSED	0	/* RFC 8422 5.1.2 */
#define SSA_CURVE_TYPE_NAMED_CURVE	3	/* RFC 8422 5.4 */

/* ClientCertificateType, RFC 5246 7.4.4 and RFC 8422 5.5 */
#define SSA_CERTIFICATE_TYPE_RSA_SIGN	1
#define SSA_CERTIFICATE_TYPE_ECDSA_SIGN	64

/* Cipher suites that are none but signals */
#define SSA_EMPTY_RENEGOTIATION_INFO_SCSV	0x00ff	/* RFC 5746 3.3 */
#define SSA_FALLBACK_SCSV			0x5600	/* RFC 7507 */

/* AlertLevel, 6 */
#define SSA_ALERT_LEVEL_WARNING		1
#define SSA_ALERT_LEVEL_FATAL		2
#define SSA_ALERT_LEN			2

/* KeyUpdateRequest, 4.6.3 */
#define SSA_UPDATE_NOT_REQUESTED	0
#define SSA_UPDATE_REQUESTED		1

#define SSA_RANDOM_LEN			32
#define SSA_MASTER_SECRET_LEN		48	/* RFC 5246 8.1 */
#define SSA_VERIFY_DATA_LEN		12	/* RFC 5246 7.4.9 */
#define SSA_SESSION_ID_MAX		32
#define SSA_HS_HEADER_LEN		4	/* HandshakeType and uint24 length */

/* Records, 5.1 and 5.2 */
#define SSA_PLAINTEXT_MAX		16384
#define SSA_INNER_PLAINTEXT_MAX		(SSA_PLAINTEXT_MAX + 1)
#define SSA_CIPHERTEXT_MAX		(SSA_PLAINTEXT_MAX + 256)
#define SSA_RECORD_SIZE_LIMIT_MIN	64	/* RFC 8449 4 */

/*
 * Bodies of handshake messages. That of ClientHello is what its form allows
 * (4.1.2): version, random, session id, cipher suites, compression methods and
 * extensions at their longest. A CertificateRequest may name hundreds of
 * authorities.
 */
#define SSA_CLIENT_HELLO_MAX	(2 + 32 + 33 + 2 + 0xfffe + 256 + 2 + 0xffff)
#define SSA_SERVER_HELLO_MAX		8192	/* a HelloRetryRequest carries a cookie */
#define SSA_ENCRYPTED_EXTENSIONS_MAX	8192
#define SSA_CERTIFICATE_REQUEST_MAX	65536
#define SSA_CERTIFICATE_MAX		SSA_HS_MESSAGE_MAX
#define SSA_CERTIFICATE_VERIFY_MAX	2048
#define SSA_FINISHED_MAX		48	/* the longest hash */
#define SSA_KEY_EXCHANGE_MAX		2048	/* either side's in TLS 1.2 */
#define SSA_EMPTY_MESSAGE_MAX		256	/* so that a wrong length is a decode_error */

/*
 * A message that is not complete, and the record that completes it, which may
 * hold the next ones too. A Certificate can be longer than a ClientHello.
 */
#define SSA_IN_MAX	(SSA_HS_HEADER_LEN + SSA_HS_MESSAGE_MAX + SSA_PLAINTEXT_MAX)
/* A server's flight: one Certificate and small change; the same in records. */
#define SSA_FLIGHT_MAX	(SSA_HS_MESSAGE_MAX + 16384)
#define SSA_OUT_MAX	(2 * SSA_FLIGHT_MAX)
/* All messages to the client's CertificateVerify, if TLS 1.2 has one */
#define SSA_TRANSCRIPT_MAX	(SSA_HS_HEADER_LEN + SSA_CLIENT_HELLO_MAX + 2 * SSA_FLIGHT_MAX + \
				 SSA_CERTIFICATE_REQUEST_MAX)
/* Of our own list of authorities; some peers take no message beyond a record. */
#define SSA_AUTHORITIES_MAX	8192

/* Records that a peer may send without getting anywhere */
#define SSA_CCS_MAX			1	/* one more after a HelloRetryRequest */
#define SSA_WARNINGS_MAX		4	/* some send user_canceled at each end */
#define SSA_EARLY_DATA_SKIP_MAX		16384	/* bytes inside records, 4.2.10 */

#define SSA_SHARE_DISORDER_MAX		8	/* shares out of order, 4.2.8 */

#define SSA_TICKET_LIFETIME_MAX		604800	/* seconds, 4.6.1 */

#endif /* _TLS_SSA_ENGINE_WIRE_H */
