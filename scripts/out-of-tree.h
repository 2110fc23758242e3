/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The configuration of the modules when they are built outside of a kernel
 * tree, whose own configuration does not know these symbols.
 */
#ifndef CONFIG_SSA_TRUST_STORE
#define CONFIG_SSA_TRUST_STORE "/etc/ssl/certs/ca-certificates.crt"
#endif
