/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The secrets of TLS 1.2 (RFC 5246 6.3 and 8.1, RFC 7627 4), in their names.
 */
#ifndef _TLS_SSA_ENGINE_KEYS12_H
#define _TLS_SSA_ENGINE_KEYS12_H

#include <linux/types.h>
#include "engine.h"
#include "suite.h"
#include "wire.h"

/**
 * struct ssa_keys12 - what a handshake of TLS 1.2 derives
 * @master_secret: to the second Finished
 * @client: client_write_key and client_write_IV, until they are handed over
 * @server: server_write_key and server_write_IV, the same
 */
struct ssa_keys12 {
	u8 master_secret[SSA_MASTER_SECRET_LEN];
	struct ssa_traffic client;
	struct ssa_traffic server;
};

/* keys12.c */
void ssa_keys12_master_secret(struct ssa_keys12 *keys, const struct ssa_suite *suite,
			      const u8 *premaster, size_t premaster_len,
			      const u8 *client_random, const u8 *server_random);
void ssa_keys12_extended_master_secret(struct ssa_keys12 *keys, const struct ssa_suite *suite,
				       const u8 *premaster, size_t premaster_len,
				       const u8 *session_hash);
void ssa_keys12_key_block(struct ssa_keys12 *keys, const struct ssa_suite *suite,
			  const u8 *client_random, const u8 *server_random);
void ssa_keys12_finished(const struct ssa_keys12 *keys, const struct ssa_suite *suite, bool server,
			 const u8 *transcript, u8 verify_data[SSA_VERIFY_DATA_LEN]);
void ssa_keys12_traffic_keys(const struct ssa_suite *suite, const struct ssa_traffic *traffic,
			     struct ssa_traffic_keys *keys);

#endif /* _TLS_SSA_ENGINE_KEYS12_H */
