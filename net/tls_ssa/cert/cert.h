/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Certificates: what the engine and the socket layer ask of them. The formats
 * are those of RFC 5280 (X.509), RFC 7468 (PEM) and RFC 9525 (names). All of it
 * runs in process context and may sleep; none of it does I/O.
 */
#ifndef _TLS_SSA_CERT_H
#define _TLS_SSA_CERT_H

#include <linux/types.h>
#include <crypto/ssa.h>
#include "../reason.h"

/*
 * RFC 8446 4.4.2: a peer may send more certificates than the path to an anchor needs, and
 * some send whole collections.
 */
#define SSA_PATH_CERTS_MAX	10		/* of a path, without the trusted one */
#define SSA_CHAIN_MAX		64		/* certificates that a peer may send */
#define SSA_CERT_MAX		65536		/* bytes of one certificate */
#define SSA_CHAIN_BYTES_MAX	131072		/* bytes of all that a peer sends */
#define SSA_OWN_BYTES_MAX	65536		/* of a chain of ours, of SSA_PATH_CERTS_MAX */
#define SSA_PEM_MAX		(1024 * 1024)	/* bytes of a PEM text (a bundle has 220 KiB) */
#define SSA_CHAIN_PEM_MAX	(256 * 1024)	/* bytes of the PEM text of a chain */
#define SSA_KEY_PEM_MAX		16384
#define SSA_NAME_MAX		253		/* bytes of a DNS name, without the NUL */
#define SSA_SIGALGS_MAX		16		/* SignatureSchemes of a list */

/**
 * struct ssa_cert - one DER certificate inside somebody else's buffer
 * @der: its bytes
 * @len: how many
 */
struct ssa_cert {
	const u8 *der;
	u32 len;
};

/**
 * struct ssa_chain - certificates in the order of the Certificate message
 * @count: how many
 * @cert: [0] is the end entity
 */
struct ssa_chain {
	u32 count;
	struct ssa_cert cert[SSA_CHAIN_MAX];
};

/* store.c: trust anchors; immutable after parsing, shared by reference count */
struct ssa_trust_store;

/*
 * Parses a PEM bundle. What cannot be used as an anchor is skipped and counted. ERR_PTR:
 * -EINVAL: nothing in it is usable; -E2BIG; -ENOMEM.
 */
struct ssa_trust_store *ssa_trust_store_parse(const char *pem, size_t len);
struct ssa_trust_store *ssa_trust_store_get(struct ssa_trust_store *store);
void ssa_trust_store_put(struct ssa_trust_store *store);	/* NULL is fine */
u32 ssa_trust_store_count(const struct ssa_trust_store *store);
u32 ssa_trust_store_skipped(const struct ssa_trust_store *store);

/* blocklist.c: certificates and keys that are not accepted; immutable, reference counted */
struct ssa_blocklist;

#define SSA_BLOCKLIST_TEXT_MAX	(4 * 1024 * 1024)
#define SSA_BLOCKLIST_MAX	32768	/* entries */
#define SSA_BLOCKLIST_HASH_LEN	32	/* SHA-256 */

/*
 * @text: a line for each: the SHA-256 of a certificate or of a SubjectPublicKeyInfo
 * (both in DER) in 64 hex digits, colons allowed between bytes; what follows it behind
 * white space, empty lines and '#' to the end of a line are comments. *@line: where the
 * error is. A text without entries is fine. ERR_PTR: -EINVAL, -E2BIG, -ENOMEM.
 */
struct ssa_blocklist *ssa_blocklist_parse(const char *text, size_t len, u32 *line);
struct ssa_blocklist *ssa_blocklist_get(struct ssa_blocklist *list);	/* NULL is fine */
void ssa_blocklist_put(struct ssa_blocklist *list);			/* NULL is fine */
u32 ssa_blocklist_count(const struct ssa_blocklist *list);		/* the same */
/* @hash: SSA_BLOCKLIST_HASH_LEN bytes; NULL for @list is fine */
bool ssa_blocklist_has(const struct ssa_blocklist *list, const u8 *hash);

/* credentials.c: a chain and its private key; immutable, reference counted */
struct ssa_credentials;

/*
 * @chain_pem: leaf first, then its issuers; at most SSA_PATH_CERTS_MAX.
 * ERR_PTR: -EINVAL malformed, -E2BIG, -EOPNOTSUPP type of a key, or a certificate
 * that is signed with a broken hash or an unknown algorithm, -EKEYREJECTED the key
 * is not that of the leaf, -ENOMEM.
 */
struct ssa_credentials *ssa_credentials_new(const char *chain_pem, size_t chain_len,
					    const char *key_pem, size_t key_len);
struct ssa_credentials *ssa_credentials_get(struct ssa_credentials *cred);
void ssa_credentials_put(struct ssa_credentials *cred);	/* NULL is fine; wipes */
const struct ssa_chain *ssa_credentials_chain(const struct ssa_credentials *cred);
const struct ssa_private_key *ssa_credentials_key(const struct ssa_credentials *cred);

/*
 * The halves alone, for setsockopt: is this text acceptable by itself?
 * 0 or the errors above.
 */
int ssa_credentials_check_chain(const char *pem, size_t len);
int ssa_credentials_check_key(const char *pem, size_t len);

/* fault.c: what was wrong with a text that one of these has refused: SSA_R_CRED_*, or SSA_R_NONE */
enum ssa_reason ssa_credentials_fault(const char *text, size_t len, bool key, int err);

/* Is one of the certificates issued under this Name (DER)? (RFC 8446 4.2.4) */
bool ssa_credentials_issued_by(const struct ssa_credentials *cred, const u8 *dn, size_t len);
/* Each SignatureScheme that certificates other than roots are signed with, 0 after the last */
void ssa_credentials_schemes(const struct ssa_credentials *cred, u16 out[SSA_PATH_CERTS_MAX + 1]);

/*
 * cred_set.c: the credentials of a socket, found by name; immutable, reference
 * counted. There is one for each name and type of key: the newer one takes the
 * place of the older. Names are compared as RFC 9525 6.3 says; an exact one goes
 * before a wildcard. For no name, or one that is not there, the credentials are
 * those of the first name of the first credential that was added; or those of
 * certificates without dNSNames, which are for nobody else, if there are any.
 */
struct ssa_cred_set;

#define SSA_CRED_SET_MAX	4096	/* credentials */
#define SSA_CRED_CANDIDATES_MAX	6	/* one of each type of key */

/*
 * @old: to be extended, or NULL; not changed. @cred: the set takes a reference of its
 * own. @name: for this name only, or NULL: for all names of the certificate.
 * ERR_PTR: -E2BIG, -ENOMEM; -EKEYREJECTED @name is not among the certificate's names;
 * -EINVAL.
 */
struct ssa_cred_set *ssa_cred_set_add(const struct ssa_cred_set *old,
				      struct ssa_credentials *cred, const char *name);
struct ssa_cred_set *ssa_cred_set_get(struct ssa_cred_set *set);	/* NULL is fine */
void ssa_cred_set_put(struct ssa_cred_set *set);			/* NULL is fine */
u32 ssa_cred_set_count(const struct ssa_cred_set *set);
/* @name: or NULL. How many candidates are in @out; they live as long as @set. */
u32 ssa_cred_set_find(const struct ssa_cred_set *set, const char *name,
		      const struct ssa_credentials *out[SSA_CRED_CANDIDATES_MAX]);
/* All of them, one after the other: *@at is 0 at the beginning. NULL after the last. */
const struct ssa_credentials *ssa_cred_set_next(const struct ssa_cred_set *set, u32 *at);

/* Is @value in a list of at most @max numbers? 0 ends it. */
static inline bool ssa_list_has(const u16 *list, u32 max, u16 value)
{
	u32 i;

	for (i = 0; i < max && list[i]; i++)
		if (list[i] == value)
			return true;
	return false;
}

/* verify.c */

/**
 * struct ssa_path - the certificates that were verified, and the trusted one
 * @count: how many
 * @signatures: how many were verified to find them, good or bad
 * @cert: [0] is the end entity; they point into the chain and the trust store
 */
struct ssa_path {
	u32 count;
	u32 signatures;
	struct ssa_cert cert[SSA_PATH_CERTS_MAX + 1];
};

enum ssa_purpose {
	SSA_PURPOSE_SERVER,	/* the peer is a server: id-kp-serverAuth */
	SSA_PURPOSE_CLIENT,
};

/**
 * struct ssa_verify_params - what a peer's chain is judged by
 * @store: system's trust anchors, or NULL
 * @extra: the application's own anchors, or NULL
 * @also: anchors, to one of which there has to be another path by all that is said here, or
 *	  NULL
 * @name: DNS name or numeric address that the end entity must carry;
 *	  NULL only with SSA_PURPOSE_CLIENT
 * @now: seconds since 1970, UTC
 * @purpose: what the peer is
 * @path: what was verified, of no certificates if it fails; or NULL
 * @blocked: certificates and keys that are not accepted, or NULL: each certificate of
 *	     the path and its key is looked up
 * @is_revoked: the same, of somebody else: gets the hash of each TBSCertificate, made
 *		with the hash function of its signature; or NULL
 * @pinned: the end entity itself must be in @store or @extra
 * @sigalgs: SSA_SIGALGS_MAX SignatureSchemes that certificates of the path may be signed
 *	     with, 0 ends a short list; or NULL: any. The anchor's own signature and that
 *	     of a pinned end entity prove nothing, and do not count. A scheme of ECDSA stands
 *	     for its hash with any curve.
 * @min_rsa_bits: smallest RSA key in the path; 0: SSA_RSA_MIN_BITS
 * @path_max: most certificates below the trusted one; 0: SSA_PATH_CERTS_MAX
 */
struct ssa_verify_params {
	const struct ssa_trust_store *store;
	const struct ssa_trust_store *extra;
	const struct ssa_trust_store *also;
	const char *name;
	s64 now;
	enum ssa_purpose purpose;
	struct ssa_path *path;
	const struct ssa_blocklist *blocked;
	bool (*is_revoked)(const u8 *tbs_hash, size_t len);
	bool pinned;
	const u16 *sigalgs;
	u16 min_rsa_bits;
	u8 path_max;
};

/* SSA_R_NONE and the end entity's key in @key, or the SSA_R_CERT_* reason. */
enum ssa_reason __must_check
ssa_chain_verify(const struct ssa_verify_params *params, const struct ssa_chain *chain,
		 struct ssa_public_key *key);

/* peer.c: what is kept of a peer's certificates; one owner */
struct ssa_peer;

/* Copies both. ERR_PTR: -ENOMEM. */
struct ssa_peer *ssa_peer_new(const struct ssa_chain *sent, const struct ssa_path *verified);
void ssa_peer_free(struct ssa_peer *peer);	/* NULL is fine */
/* By other measures than before: SSA_R_NONE, or as ssa_chain_verify(). */
enum ssa_reason __must_check
ssa_peer_verify(const struct ssa_peer *peer, const struct ssa_verify_params *params);
/* Is a certificate that the verdict rests on blocked now? No signature is verified. */
bool ssa_peer_is_blocked(const struct ssa_peer *peer, const struct ssa_verify_params *params);
/*
 * PEM text of the chain as it was sent, or as it was verified; and the identity as
 * TLS_PEER_IDENTITY defines it. *@text is kvmalloc'ed and NUL-terminated, *@len
 * counts without the NUL. 0, -ENOMEM; -EINVAL: not a certificate.
 */
int ssa_peer_pem(const struct ssa_peer *peer, bool verified, char **text, size_t *len);
int ssa_peer_identity(const struct ssa_peer *peer, char **text, size_t *len);
/* The same for the certificates of a trust store; 0, -ENOMEM. */
int ssa_trust_store_pem(const struct ssa_trust_store *store, char **text, size_t *len);

/*
 * dn.c: is this a Name (RFC 5280 4.1.2.4), as in the DistinguishedNames of
 * CertificateRequest and certificate_authorities (RFC 8446 4.2.4)?
 */
bool ssa_dn_is_valid(const u8 *der, size_t len);

/* name.c: RFC 9525 6; @reference is NUL-terminated */
bool ssa_name_is_valid(const char *name);	/* acceptable as a host name or numeric address */
bool ssa_is_server_name(const char *name);
bool ssa_name_is_address(const char *name);	/* numeric IPv4/IPv6: no SNI for it */

#endif /* _TLS_SSA_CERT_H */
