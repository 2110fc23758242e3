/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ClientHello, ServerHello and HelloRetryRequest (RFC 8446 4.1; RFC 5246 7.4.1):
 * their syntax, of both versions.
 * What follows from them is decided in client.c and server.c, and then by the
 * files of each version.
 */
#ifndef _TLS_SSA_ENGINE_HELLO_H
#define _TLS_SSA_ENGINE_HELLO_H

#include <linux/types.h>
#include "hs.h"

/**
 * struct ssa_client_hello - a parsed ClientHello; all points into the message
 * @legacy_version: as it is
 * @random: SSA_RANDOM_LEN bytes
 * @session_id: legacy_session_id
 * @cipher_suites: list of u16
 * @compression: legacy_compression_methods
 * @fixed: everything before the extensions
 * @list: the extensions as they came
 * @exts: extensions
 * @asked: those of them that are about our certificate
 */
struct ssa_client_hello {
	u16 legacy_version;
	const u8 *random;
	struct ssa_reader session_id;
	struct ssa_reader cipher_suites;
	struct ssa_reader compression;
	struct ssa_reader fixed;
	struct ssa_reader list;
	struct ssa_exts exts;
	struct ssa_asked asked;
};

/**
 * struct ssa_server_hello - a parsed ServerHello or HelloRetryRequest
 * @version: that the server has chosen
 * @legacy_version: as it is
 * @random: SSA_RANDOM_LEN bytes
 * @session_id: legacy_session_id_echo
 * @cipher_suite: number on the wire
 * @compression: legacy_compression_method
 * @is_retry: it is a HelloRetryRequest
 * @exts: extensions
 */
struct ssa_server_hello {
	u16 version;
	u16 legacy_version;
	const u8 *random;
	struct ssa_reader session_id;
	u16 cipher_suite;
	u8 compression;
	bool is_retry;
	struct ssa_exts exts;
};

/* client_hello.c */
int __must_check ssa_put_client_hello(struct ssa_hs *hs, const struct ssa_reader *cookie);
int __must_check ssa_read_client_hello(struct ssa_hs *hs, const struct ssa_msg *msg,
				       struct ssa_client_hello *ch);
void ssa_client_hello_digest(const struct ssa_client_hello *ch, u8 out[32]);

/* server_hello.c */
int __must_check ssa_put_server_hello(struct ssa_hs *hs);
int __must_check ssa_put_server_hello12(struct ssa_hs *hs);
int __must_check ssa_put_hello_retry_request(struct ssa_hs *hs);
int __must_check ssa_read_server_hello(struct ssa_hs *hs, const struct ssa_msg *msg,
				       struct ssa_server_hello *sh);

/* negotiate.c */
int __must_check ssa_check_extended_master_secret(struct ssa_hs *hs, const struct ssa_exts *exts);
int __must_check ssa_check_point_formats(struct ssa_hs *hs, const struct ssa_exts *exts);
u16 ssa_our_record_size_limit(const struct ssa_hs *hs);
int __must_check ssa_read_record_size_limit(struct ssa_hs *hs, const struct ssa_exts *exts);

/* alpn.c */
void ssa_put_alpn_answer(struct ssa_hs *hs, struct ssa_writer *w);
int __must_check ssa_choose_alpn(struct ssa_hs *hs, const struct ssa_client_hello *ch);
int __must_check ssa_read_alpn_answer(struct ssa_hs *hs, const struct ssa_exts *exts);

/* client12.c, client13.c */
int __must_check ssa_client12_server_hello(struct ssa_hs *hs, const struct ssa_msg *msg,
					   const struct ssa_server_hello *sh);
int __must_check ssa_client13_server_hello(struct ssa_hs *hs, const struct ssa_msg *msg,
					   const struct ssa_server_hello *sh);

/* server.c: choices of any version */
int __must_check ssa_negotiate_version(struct ssa_hs *hs, const struct ssa_client_hello *ch);
int __must_check ssa_choose_suite(struct ssa_hs *hs, const struct ssa_client_hello *ch);
int __must_check ssa_read_server_name(struct ssa_hs *hs, const struct ssa_client_hello *ch);
void ssa_put_server_name_answer(const struct ssa_hs *hs, struct ssa_writer *w);
int __must_check ssa_read_supported_groups(struct ssa_hs *hs, const struct ssa_client_hello *ch,
					   u32 *supported);
int ssa_group_index(const struct ssa_hs *hs, u16 group);
u16 ssa_best_group(const struct ssa_hs *hs, u32 mask);

/* server12.c, server13.c */
int __must_check ssa_server12_negotiate(struct ssa_hs *hs, const struct ssa_msg *msg,
					const struct ssa_client_hello *ch);
int __must_check ssa_server13_negotiate(struct ssa_hs *hs, const struct ssa_msg *msg,
					const struct ssa_client_hello *ch);

#endif /* _TLS_SSA_ENGINE_HELLO_H */
