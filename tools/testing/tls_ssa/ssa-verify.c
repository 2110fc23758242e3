// SPDX-License-Identifier: GPL-2.0
/*
 * Judges a chain with the kernel's code, as "openssl verify" does with its own:
 *
 *	ssa-verify ROOTS CHAIN NAME SECONDS
 *
 * ROOTS and CHAIN are PEM files, SECONDS is the time since 1970. Without a NAME ("")
 * it is a client's chain. With "-" for CHAIN only the number of anchors is printed.
 * Exit status: 0 verified, 1 not, 2 wrong arguments or files.
 */
#include <stdio.h>
#include <stdlib.h>
#include <linux/err.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "../../../net/tls_ssa/cert/cert.h"
#include "../../../net/tls_ssa/cert/pem.h"

static __noreturn void die(const char *what, const char *which)
{
	fprintf(stderr, "ssa-verify: %s: %s\n", which, what);
	exit(2);
}

static char *read_file(const char *path, size_t *len)
{
	FILE *f = fopen(path, "rb");
	char *text = malloc(SSA_PEM_MAX + 1);

	if (!f || !text)
		die("cannot be read", path);
	*len = fread(text, 1, SSA_PEM_MAX + 1, f);
	fclose(f);
	return text;
}

static void read_chain(const char *path, struct ssa_chain *chain)
{
	struct ssa_pem_object obj;
	struct ssa_pem pem;
	size_t len;
	char *text = read_file(path, &len);
	int ret;

	ssa_pem_init(&pem, text, len);
	for (;;) {
		obj.size = SSA_CERT_MAX;
		obj.der = malloc(obj.size);
		ret = obj.der ? ssa_pem_next(&pem, &obj) : -ENOMEM;
		if (ret < 0)
			die("is not PEM", path);
		if (!ret)
			break;
		if (chain->count < SSA_CHAIN_MAX)
			chain->cert[chain->count] = (struct ssa_cert){ obj.der, obj.len };
		chain->count++;
	}
	free(text);
}

int main(int argc, char **argv)
{
	struct ssa_verify_params params = {};
	struct ssa_chain chain = { .count = 0 };
	struct ssa_trust_store *store;
	struct ssa_public_key key;
	enum ssa_reason reason;
	size_t len;
	char *text;

	if (argc != 5) {
		fputs("usage: ssa-verify ROOTS CHAIN NAME SECONDS\n", stderr);
		return 2;
	}
	text = read_file(argv[1], &len);
	store = ssa_trust_store_parse(text, len);
	if (IS_ERR(store))
		die("has no trust anchors", argv[1]);
	if (!strcmp(argv[2], "-")) {
		printf("%u\n", ssa_trust_store_count(store));
		return 0;
	}
	read_chain(argv[2], &chain);
	params.store = store;
	params.purpose = *argv[3] ? SSA_PURPOSE_SERVER : SSA_PURPOSE_CLIENT;
	params.name = *argv[3] ? argv[3] : NULL;
	params.now = atoll(argv[4]);
	reason = ssa_chain_verify(&params, &chain, &key);
	puts(reason ? ssa_reason_desc(reason)->counter : "ok");
	ssa_trust_store_put(store);
	return reason != SSA_R_NONE;
}
