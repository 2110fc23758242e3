// SPDX-License-Identifier: GPL-2.0
/*
 * The control records of an established connection. Input: flags8 (1: we are
 * the server; 6: the suite; 8: TLS 1.2), then records: type8 len16 bytes; type 23
 * stands for application data that was read.
 */
#include "fuzz.h"

/* The message that grows is copied: both copies live for a moment. */
#define POST_LIMIT	(2 * SSA_POST_MESSAGE_MAX + 1024)

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static const u16 suites[2][3] = {
		{ SSA_SUITE_AES_128_GCM_SHA256, SSA_SUITE_AES_256_GCM_SHA384,
		  SSA_SUITE_CHACHA20_POLY1305_SHA256 },
		{ SSA_SUITE_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
		  SSA_SUITE_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
		  SSA_SUITE_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256 },
	};
	struct fuzz_input in = { data, size };
	struct ssa_post post = { 0 }, before;
	unsigned int updates = 0;
	u8 flags = fuzz_u8(&in);

	fuzz_begin(POST_LIMIT);
	post.server = flags & 1;
	post.version = flags & 8 ? SSA_TLS12 : SSA_TLS13;
	post.suite = suites[flags >> 3 & 1][(flags >> 1 & 3) % 3];
	get_random_bytes(post.rx.secret, sizeof(post.rx.secret));
	get_random_bytes(post.tx.secret, sizeof(post.tx.secret));
	while (in.left) {
		enum ssa_reason reason = SSA_R_NONE;
		u8 type = fuzz_u8(&in), *copy;
		enum ssa_post_event event;
		size_t len;
		const u8 *p = fuzz_vec16(&in, &len);

		if (type == 23) {
			post.key_updates = 0;
			updates = 0;
			continue;
		}
		before = post;
		/* of its exact size, so that ASan sees a read beyond it */
		len = min_t(size_t, len, 16384);
		copy = malloc(len + !len);
		FUZZ_ASSERT(copy);
		memcpy(copy, p, len);
		event = ssa_post_input(&post, type, copy, len, &reason);
		free(copy);
		FUZZ_ASSERT((event == SSA_POST_ERROR) == (reason != SSA_R_NONE));
		if (event == SSA_POST_ERROR || event == SSA_POST_CLOSE_NOTIFY)
			break;
		FUZZ_ASSERT(type == 21 || type == 22);
		FUZZ_ASSERT(post.hs_len <= SSA_POST_MESSAGE_MAX);
		FUZZ_ASSERT(!memcmp(&post.tx, &before.tx, sizeof(post.tx)));
		FUZZ_ASSERT(event == SSA_POST_REFUSE_RENEGOTIATION ? post.version == SSA_TLS12 :
			    event == SSA_POST_NOTHING || post.version == SSA_TLS13);
		if (event == SSA_POST_NOTHING || event == SSA_POST_REFUSE_RENEGOTIATION) {
			FUZZ_ASSERT(!memcmp(&post.rx, &before.rx, sizeof(post.rx)));
		} else {
			FUZZ_ASSERT(memcmp(&post.rx, &before.rx, sizeof(post.rx)));
			FUZZ_ASSERT(++updates <= SSA_POST_KEY_UPDATES_MAX);
		}
	}
	FUZZ_ASSERT(post.tickets <= SSA_POST_TICKETS_MAX + 1);
	ssa_post_wipe(&post);
	fuzz_end();
	return 0;
}
