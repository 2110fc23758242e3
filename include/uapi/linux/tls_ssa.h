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
#define TLS_EXPORTER			200
#define TLS_CHANNEL_BINDING		201
#define TLS_NEGOTIATED_GROUP		202
#define TLS_PEER_SIGALG			203
#define TLS_KEY_UPDATE			204
#define TLS_INFO			205
#define TLS_HANDSHAKE			206
#define TLS_PEER_VERIFIED_CHAIN		207
#define TLS_PROFILE			208
#define TLS_IGNORE_UNEXPECTED_EOF	209
#define TLS_TRUSTED_ONLY		210

/* TLS_REQUEST_PEER_AUTH, an int: does a server ask for the client's certificate? */
#define TLS_PEER_AUTH_NONE		0
#define TLS_PEER_AUTH_OPTIONAL		1	/* one that is shown must be valid */
#define TLS_PEER_AUTH_REQUIRED		2

/*
 * TLS_HANDSHAKE, an int: on a connected TCP socket with the upper layer "tls_ssa",
 * begin the handshake in this role. It goes on by itself; the first send() or
 * recv() waits for it.
 */
#define TLS_HANDSHAKE_CLIENT		1
#define TLS_HANDSHAKE_SERVER		2

/* TLS_KEY_UPDATE, an int: new keys for what we send, or for both directions */
#define TLS_KEY_UPDATE_OURS		0
#define TLS_KEY_UPDATE_BOTH		1

/* tls_ssa_info.state */
#define TLS_INFO_SETUP			0	/* after socket() */
#define TLS_INFO_LISTEN			1
#define TLS_INFO_CONNECTING		2	/* name lookup and TCP */
#define TLS_INFO_HANDSHAKE		3
#define TLS_INFO_ESTABLISHED		4
#define TLS_INFO_FAILED			5

/* tls_ssa_info.flags */
#define TLS_INFO_F_SERVER		(1 << 0)	/* we are the server */
#define TLS_INFO_F_HELLO_RETRY		(1 << 1)	/* there was a HelloRetryRequest */
#define TLS_INFO_F_EMS			(1 << 2)	/* extended_master_secret, or TLS 1.3 */
#define TLS_INFO_F_RESUMED		(1 << 3)	/* an earlier session goes on */
#define TLS_INFO_F_PEER_CERTIFICATE	(1 << 4)	/* the peer has shown a valid one */
#define TLS_INFO_F_OWN_CERTIFICATE	(1 << 5)	/* we have shown one */
#define TLS_INFO_F_UPGRADED		(1 << 6)	/* by the upper layer "tls_ssa" */
#define TLS_INFO_F_UNEXPECTED_EOF	(1 << 7)	/* end without close_notify, ignored */

/**
 * struct tls_ssa_info - TLS_INFO: what is known of a connection
 * @flags: TLS_INFO_F_*
 * @version: 0x0303 or 0x0304; 0 before the handshake is complete, and so the rest
 * @suite: number of the cipher suite (IANA, TLS Cipher Suites)
 * @group: of the key exchange (IANA, TLS Supported Groups)
 * @peer_sigalg: the peer has signed with (IANA, TLS SignatureScheme); 0: it has not
 * @sigalg: we have signed with; 0: we have not
 * @state: TLS_INFO_SETUP ...
 * @alert: description of the fatal alert that the peer has sent; 255: none
 * @error: errno of the failure, positive; 0: there is none
 * @record_limit: bytes of data that the peer takes in one record
 * @key_updates: KeyUpdate messages that we have sent
 * @reserved: 0
 * @reason: name of the counter of the failure, "CertExpired", NUL-terminated; or ""
 *
 * A shorter buffer gets the beginning of it, and the length in use comes back;
 * later versions add members at the end only.
 */
struct tls_ssa_info {
	__u32	flags;
	__u16	version;
	__u16	suite;
	__u16	group;
	__u16	peer_sigalg;
	__u16	sigalg;
	__u8	state;
	__u8	alert;
	__u32	error;
	__u32	record_limit;
	__u32	key_updates;
	__u32	reserved;
	char	reason[32];
};

#endif /* _UAPI_LINUX_TLS_SSA_H */
