// SPDX-License-Identifier: GPL-2.0
/*
 * The module ssa_crypto: primitives of the Secure Socket API.
 */
#include <linux/module.h>
#include <linux/random.h>

#include "internal.h"

static void ssa_kernel_rng_fill(void *ctx, void *buf, size_t len)
{
	get_random_bytes(buf, len);
}

const struct ssa_rng ssa_kernel_rng = {
	.fill = ssa_kernel_rng_fill,
};
EXPORT_SYMBOL_GPL(ssa_kernel_rng);

static int __init ssa_crypto_init(void)
{
	int err;

	err = ssa_hash_setup();
	if (err)
		return err;
	err = ssa_backend_setup();
	if (err)
		ssa_hash_teardown();
	return err;
}

static void __exit ssa_crypto_exit(void)
{
	ssa_backend_teardown();
	ssa_hash_teardown();
}

module_init(ssa_crypto_init);
module_exit(ssa_crypto_exit);

MODULE_DESCRIPTION("Primitives of the Secure Socket API");
MODULE_LICENSE("GPL");
MODULE_SOFTDEP("pre: sha256 sha512 gcm chacha20poly1305");
