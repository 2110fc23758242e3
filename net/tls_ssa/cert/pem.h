/* SPDX-License-Identifier: GPL-2.0 */
/*
 * PEM (RFC 7468): one encapsulated object after the other out of a text.
 */
#ifndef _TLS_SSA_CERT_PEM_H
#define _TLS_SSA_CERT_PEM_H

#include <linux/types.h>

#define SSA_PEM_LABEL_MAX	32	/* with the final NUL */

/**
 * struct ssa_pem - where we are in a text
 * @p: the next character
 * @left: how many are left
 */
struct ssa_pem {
	const char *p;
	size_t left;
};

/**
 * struct ssa_pem_object - what stands between a BEGIN and an END line
 * @label: "CERTIFICATE"; longer labels than fit are malformed
 * @der: caller's buffer
 * @size: room in @der
 * @len: bytes of the object; more than @size if it does not fit
 */
struct ssa_pem_object {
	char label[SSA_PEM_LABEL_MAX];
	u8 *der;
	size_t size;
	size_t len;
};

/* pem.c */
void ssa_pem_init(struct ssa_pem *pem, const char *text, size_t len);
int __must_check ssa_pem_next(struct ssa_pem *pem, struct ssa_pem_object *obj);
size_t ssa_pem_cert_len(size_t len);
char *ssa_pem_write_cert(char *text, const u8 *der, size_t len);

#endif /* _TLS_SSA_CERT_PEM_H */
