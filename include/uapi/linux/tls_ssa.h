/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * The Secure Socket API: TLS as a protocol of the socket layer.
 *
 *	fd = socket(PF_INET, SOCK_STREAM, IPPROTO_TLS);
 *
 * The numbers of the options are those of the Secure Socket API's own header;
 * from 200 on they are this implementation's.
 */
#ifndef _UAPI_LINUX_TLS_SSA_H
#define _UAPI_LINUX_TLS_SSA_H

#include <linux/types.h>
#include <linux/socket.h>

/* Not an on-the-wire protocol number: it only selects the socket type. */
#ifndef IPPROTO_TLS
#define IPPROTO_TLS			260
#endif

/* The family of struct sockaddr_host only, never of a socket. */
#ifndef AF_HOSTNAME
#define AF_HOSTNAME			250
#define PF_HOSTNAME			AF_HOSTNAME
#endif

#define SSA_HOST_NAME_MAX		124	/* with the final NUL */

/**
 * struct host_addr - the name part of struct sockaddr_host
 * @name: host name or numeric address, NUL-terminated
 */
struct host_addr {
	char	name[SSA_HOST_NAME_MAX];
};

/**
 * struct sockaddr_host - an address that is a name, for connect()
 * @sin_family: AF_HOSTNAME
 * @sin_port: port in network byte order
 * @sin_addr: the host
 *
 * 128 bytes, the longest address that the kernel takes. Names that do not fit
 * (a DNS name may have 253 bytes) go through TLS_REMOTE_HOSTNAME.
 */
struct sockaddr_host {
	__kernel_sa_family_t	sin_family;
	__be16			sin_port;
	struct host_addr	sin_addr;
};

/* Options at level IPPROTO_TLS */
#define TLS_REMOTE_HOSTNAME		85
#define TLS_HOSTNAME			86
#define TLS_TRUSTED_PEER_CERTIFICATES	87
#define TLS_CERTIFICATE_CHAIN		88
#define TLS_PRIVATE_KEY			89
#define TLS_ALPN			90
#define TLS_SESSION_TTL			91
#define TLS_DISABLE_CIPHER		92
#define TLS_PEER_IDENTITY		93
#define TLS_REQUEST_PEER_AUTH		94
#define TLS_PEER_CERTIFICATE_CHAIN	95
#define TLS_TRUSTED_CIPHERS		97
#define TLS_CHOSEN_CIPHER		98
#define TLS_ERROR			100
#define TLS_REVOCATION_CHECKS		102
#define TLS_OCSP_STAPLED_CHECKS		103
#define TLS_OCSP_CHECKS			104
#define TLS_CRL_CHECKS			105
#define TLS_CACHED_REV_CHECKS		106
#define TLS_CONTEXT			107
#define TLS_SESSION_REUSE		108
#define TLS_RESUMED_SESSION		109
#define TLS_ENABLE_CIPHER		110
#define TLS_VERSION_MIN			111
#define TLS_VERSION_MAX			112
#define TLS_VERSION_CONN		113
#define TLS_SERVER_OCSP_STAPLING	122

/* From 200 on: this implementation's own */
#define TLS_NEGOTIATED_GROUP		202	/* get: name of the key exchange group */

#endif /* _UAPI_LINUX_TLS_SSA_H */
