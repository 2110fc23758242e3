/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The one table of reasons for which a connection fails. Every failure of the
 * engine, of the certificates and of the sockets has one entry in
 * reason_list.h: the alert that the peer gets (RFC 8446 6.2), the errno and the
 * text that the application gets, and the counter that the administrator sees.
 */
#ifndef _TLS_SSA_REASON_H
#define _TLS_SSA_REASON_H

#include <linux/types.h>

/* AlertDescription, RFC 8446 6 and RFC 5246 7.2 */
enum ssa_alert {
	SSA_ALERT_CLOSE_NOTIFY			= 0,
	SSA_ALERT_UNEXPECTED_MESSAGE		= 10,
	SSA_ALERT_BAD_RECORD_MAC		= 20,
	SSA_ALERT_DECRYPTION_FAILED		= 21,
	SSA_ALERT_RECORD_OVERFLOW		= 22,
	SSA_ALERT_DECOMPRESSION_FAILURE		= 30,
	SSA_ALERT_HANDSHAKE_FAILURE		= 40,
	SSA_ALERT_NO_CERTIFICATE		= 41,
	SSA_ALERT_BAD_CERTIFICATE		= 42,
	SSA_ALERT_UNSUPPORTED_CERTIFICATE	= 43,
	SSA_ALERT_CERTIFICATE_REVOKED		= 44,
	SSA_ALERT_CERTIFICATE_EXPIRED		= 45,
	SSA_ALERT_CERTIFICATE_UNKNOWN		= 46,
	SSA_ALERT_ILLEGAL_PARAMETER		= 47,
	SSA_ALERT_UNKNOWN_CA			= 48,
	SSA_ALERT_ACCESS_DENIED			= 49,
	SSA_ALERT_DECODE_ERROR			= 50,
	SSA_ALERT_DECRYPT_ERROR			= 51,
	SSA_ALERT_EXPORT_RESTRICTION		= 60,
	SSA_ALERT_PROTOCOL_VERSION		= 70,
	SSA_ALERT_INSUFFICIENT_SECURITY		= 71,
	SSA_ALERT_INTERNAL_ERROR		= 80,
	SSA_ALERT_INAPPROPRIATE_FALLBACK	= 86,
	SSA_ALERT_USER_CANCELED			= 90,
	SSA_ALERT_NO_RENEGOTIATION		= 100,
	SSA_ALERT_MISSING_EXTENSION		= 109,
	SSA_ALERT_UNSUPPORTED_EXTENSION		= 110,
	SSA_ALERT_CERTIFICATE_UNOBTAINABLE	= 111,
	SSA_ALERT_UNRECOGNIZED_NAME		= 112,
	SSA_ALERT_BAD_CERTIFICATE_STATUS_RESPONSE	= 113,
	SSA_ALERT_BAD_CERTIFICATE_HASH_VALUE	= 114,
	SSA_ALERT_UNKNOWN_PSK_IDENTITY		= 115,
	SSA_ALERT_CERTIFICATE_REQUIRED		= 116,
	SSA_ALERT_NO_APPLICATION_PROTOCOL	= 120,
	SSA_ALERT_NONE				= 255,	/* nothing is sent */
};

#define SSA_REASON(name, ...) SSA_R_##name,
enum ssa_reason {
	SSA_R_NONE,
#include "reason_list.h"
	SSA_R_COUNT,
};

#undef SSA_REASON

/**
 * struct ssa_reason_desc - what a failure means to each side
 * @alert: enum ssa_alert, sent to the peer
 * @err: errno, positive
 * @counter: name of its counter in /proc/net/tls_ssa_stat
 * @text: one sentence for TLS_ERROR, without a final stop
 */
struct ssa_reason_desc {
	u8 alert;
	u16 err;
	const char *counter;
	const char *text;
};

/* reason.c; never NULL, any context */
const struct ssa_reason_desc *ssa_reason_desc(enum ssa_reason reason);

#endif /* _TLS_SSA_REASON_H */
