/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Host names, as RFC 9525 compares them with a certificate.
 */
#ifndef _TLS_SSA_CERT_NAME_H
#define _TLS_SSA_CERT_NAME_H

#include "x509.h"

static inline u8 ssa_dns_lower(u8 c)
{
	return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

bool ssa_dns_equal(const u8 *a, const u8 *b, size_t len);
bool ssa_dns_is_presented(const struct ssa_der *name, bool *wildcard);
bool __must_check ssa_name_matches(const struct ssa_x509 *cert, const char *reference);

#endif /* _TLS_SSA_CERT_NAME_H */
