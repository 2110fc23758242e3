/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The key schedule of RFC 8446 7.1, in its names. Without a PSK and before
 * resumption: no binder_key, early or resumption secrets.
 */
#ifndef _TLS_SSA_ENGINE_KEY_SCHEDULE_H
#define _TLS_SSA_ENGINE_KEY_SCHEDULE_H

#include <linux/types.h>
#include "engine.h"
#include "suite.h"

/**
 * struct ssa_key_schedule - the secrets of a handshake
 * @secret: Early Secret, then Handshake Secret, then Master Secret
 * @client_handshake_traffic_secret: to the end of the handshake
 * @server_handshake_traffic_secret: to the server's Finished
 * @client_application_traffic_secret: until it is handed over
 * @server_application_traffic_secret: the same
 * @exporter_master_secret: to the end of the handshake
 *
 * Each secret is wiped as soon as nothing more is derived from it; those that
 * do not exist yet or any more are zero.
 */
struct ssa_key_schedule {
	u8 secret[SSA_SECRET_MAX];
	u8 client_handshake_traffic_secret[SSA_SECRET_MAX];
	u8 server_handshake_traffic_secret[SSA_SECRET_MAX];
	u8 client_application_traffic_secret[SSA_SECRET_MAX];
	u8 server_application_traffic_secret[SSA_SECRET_MAX];
	u8 exporter_master_secret[SSA_SECRET_MAX];
};

/* key_schedule.c */
void ssa_ks_early_secret(struct ssa_key_schedule *ks, const struct ssa_suite *suite);
int __must_check ssa_ks_handshake_secret(struct ssa_key_schedule *ks,
					 const struct ssa_suite *suite,
					 const u8 *shared, size_t shared_len);
int __must_check ssa_ks_handshake_traffic(struct ssa_key_schedule *ks,
					  const struct ssa_suite *suite, const u8 *transcript);
int __must_check ssa_ks_master_secret(struct ssa_key_schedule *ks,
				      const struct ssa_suite *suite);
int __must_check ssa_ks_application_traffic(struct ssa_key_schedule *ks,
					    const struct ssa_suite *suite, const u8 *transcript);
int __must_check ssa_ks_exporter_master(struct ssa_key_schedule *ks,
					const struct ssa_suite *suite, const u8 *transcript);
int __must_check ssa_ks_finished(const struct ssa_suite *suite, const u8 *base_key,
				 const u8 *transcript, u8 verify_data[SSA_HASH_MAX]);
int __must_check ssa_ks_traffic_keys(const struct ssa_suite *suite, const u8 *secret,
				     struct ssa_traffic_keys *keys);
int __must_check ssa_ks_next_secret(const struct ssa_suite *suite, u8 *secret);

#endif /* _TLS_SSA_ENGINE_KEY_SCHEDULE_H */
