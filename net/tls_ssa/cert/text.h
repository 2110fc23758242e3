/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Certificates or a key, as somebody has given them.
 */
#ifndef _TLS_SSA_CERT_TEXT_H
#define _TLS_SSA_CERT_TEXT_H

#include <linux/types.h>

/**
 * struct ssa_text - certificates or a key, on their way to the certificate code
 * @text: PEM, or a key in DER; kvmalloc'ed, not always NUL-terminated; or NULL
 * @len: bytes
 */
struct ssa_text {
	char	*text;
	size_t	len;
};

void ssa_text_free(struct ssa_text *t);

#endif /* _TLS_SSA_CERT_TEXT_H */
