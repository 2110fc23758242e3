/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Numeric addresses.
 */
#ifndef _TLS_SSA_CERT_ADDRESS_H
#define _TLS_SSA_CERT_ADDRESS_H

#include <linux/types.h>

size_t ssa_address_parse(const char *text, size_t len, u8 address[16]);

#endif /* _TLS_SSA_CERT_ADDRESS_H */
