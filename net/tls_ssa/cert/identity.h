/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Who a certificate is for, as text.
 */
#ifndef _TLS_SSA_CERT_IDENTITY_H
#define _TLS_SSA_CERT_IDENTITY_H

#include "x509.h"

/**
 * struct ssa_text_out - a text that is being written
 * @p: where it goes; NULL: it is only measured
 * @len: bytes so far
 */
struct ssa_text_out {
	char *p;
	size_t len;
};

/* identity.c */
void ssa_identity_write(struct ssa_text_out *out, const struct ssa_x509 *cert);

#endif /* _TLS_SSA_CERT_IDENTITY_H */
