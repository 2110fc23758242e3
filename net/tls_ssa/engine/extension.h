/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Extensions (RFC 8446 4.2): reading a list of them, and the table of which
 * may stand in which message.
 */
#ifndef _TLS_SSA_ENGINE_EXTENSION_H
#define _TLS_SSA_ENGINE_EXTENSION_H

#include <linux/bits.h>
#include <linux/types.h>
#include "../reason.h"
#include "reader.h"

/* The extensions that we recognize, as bit numbers. */
enum ssa_ext {
	SSA_EXT_SERVER_NAME,
	SSA_EXT_MAX_FRAGMENT_LENGTH,
	SSA_EXT_STATUS_REQUEST,
	SSA_EXT_SUPPORTED_GROUPS,
	SSA_EXT_EC_POINT_FORMATS,
	SSA_EXT_SIGNATURE_ALGORITHMS,
	SSA_EXT_USE_SRTP,
	SSA_EXT_HEARTBEAT,
	SSA_EXT_ALPN,
	SSA_EXT_SIGNED_CERTIFICATE_TIMESTAMP,
	SSA_EXT_CLIENT_CERTIFICATE_TYPE,
	SSA_EXT_SERVER_CERTIFICATE_TYPE,
	SSA_EXT_PADDING,
	SSA_EXT_EXTENDED_MASTER_SECRET,
	SSA_EXT_RECORD_SIZE_LIMIT,
	SSA_EXT_PRE_SHARED_KEY,
	SSA_EXT_EARLY_DATA,
	SSA_EXT_SUPPORTED_VERSIONS,
	SSA_EXT_COOKIE,
	SSA_EXT_PSK_KEY_EXCHANGE_MODES,
	SSA_EXT_CERTIFICATE_AUTHORITIES,
	SSA_EXT_OID_FILTERS,
	SSA_EXT_POST_HANDSHAKE_AUTH,
	SSA_EXT_SIGNATURE_ALGORITHMS_CERT,
	SSA_EXT_KEY_SHARE,
	SSA_EXT_RENEGOTIATION_INFO,
	SSA_EXT_COUNT,
};

/* The messages that carry extensions. */
enum ssa_ext_place {
	SSA_IN_CLIENT_HELLO		= BIT(0),
	SSA_IN_SERVER_HELLO		= BIT(1),
	SSA_IN_HELLO_RETRY_REQUEST	= BIT(2),
	SSA_IN_ENCRYPTED_EXTENSIONS	= BIT(3),
	SSA_IN_CERTIFICATE		= BIT(4),
	SSA_IN_CERTIFICATE_REQUEST	= BIT(5),
	SSA_IN_NEW_SESSION_TICKET	= BIT(6),
	SSA_IN_SERVER_HELLO_TLS12	= BIT(7),
};

/* Answers: only extensions that we have sent may stand in them (4.2). */
#define SSA_IN_RESPONSES	(SSA_IN_SERVER_HELLO | SSA_IN_HELLO_RETRY_REQUEST | \
				 SSA_IN_ENCRYPTED_EXTENSIONS | SSA_IN_CERTIFICATE | \
				 SSA_IN_SERVER_HELLO_TLS12)

/**
 * struct ssa_exts - the extensions of a message
 * @present: BIT(enum ssa_ext) of those that we recognize
 * @unknown: there are others
 * @last: type of the last one
 * @body: extension_data of those in @present
 */
struct ssa_exts {
	u32 present;
	bool unknown;
	u16 last;
	struct ssa_reader body[SSA_EXT_COUNT];
};

static inline bool ssa_has_ext(const struct ssa_exts *exts, enum ssa_ext ext)
{
	return exts->present & BIT(ext);
}

/* extension.c */
enum ssa_reason __must_check ssa_exts_parse(struct ssa_reader list, struct ssa_exts *exts);
void ssa_exts_ignore(struct ssa_exts *exts, u32 optional);
enum ssa_reason __must_check ssa_exts_judge(const struct ssa_exts *exts, enum ssa_ext_place place,
					    u32 offered);

#endif /* _TLS_SSA_ENGINE_EXTENSION_H */
