/* SPDX-License-Identifier: GPL-2.0 */
/* What OpenSSL's configuration says about TLS, and its equal here. */
#ifndef _SSACTL_IMPORT_H
#define _SSACTL_IMPORT_H

#include "report.h"
#include "text.h"

#define FOREIGN_MAX	64	/* settings that are kept */
#define SECLEVEL_256	4	/* from this @SECLEVEL on keys of 128 bits are too short */

/**
 * struct foreign - settings of a file, in its own words
 * @n: how many
 * @name: "MinProtocol"; without "TLS."
 * @value: of it
 */
struct foreign {
	size_t	n;
	char	*name[FOREIGN_MAX];
	char	*value[FOREIGN_MAX];
};

/*
 * opensslcnf.c: the settings of the section that holds for all programs, or of a file
 * without sections as crypto-policies has. Which may be empty. 0; -1 and a complaint:
 * it cannot be read.
 */
int read_openssl(struct foreign *f, const char *path, struct report *report);
void foreign_free(struct foreign *f);

/* equal.c: the block "default" that says the same, with comments for what has no equal */
void put_equal(struct text *out, const struct foreign *f);
/* ciphers.c: cipher suites of TLS 1.2 that a CipherString allows, and its @SECLEVEL or -1 */
void put_cipher_string(struct text *suites, struct text *unknown, int *level, const char *s);

#endif /* _SSACTL_IMPORT_H */
