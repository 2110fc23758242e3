// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a connection keeps of its peer's certificates, for those who ask for them: as
 * they were sent, and as they were verified.
 */
#include <kunit/visibility.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "identity.h"
#include "pem.h"
#include "x509.h"

/**
 * struct ssa_peer - a peer's certificates
 * @count: in @sent
 * @sent: in the order of its Certificate message
 * @verified: from the end entity to the trusted one
 * @der: what both point to
 */
struct ssa_peer {
	u32 count;
	struct ssa_cert sent[SSA_PATH_CERTS_MAX];
	struct ssa_path verified;
	u8 der[];
};

/* The same certificate among others, or NULL */
static const struct ssa_cert *find_cert(const struct ssa_cert *certs, u32 count,
					const struct ssa_cert *cert)
{
	u32 i;

	for (i = 0; i < count; i++) {
		if (certs[i].len == cert->len && !memcmp(certs[i].der, cert->der, cert->len))
			return &certs[i];
	}
	return NULL;
}

#define SSA_PEER_SPARE_MAX	16384	/* bytes of a chain that is kept as it was sent */

/* @sent into @kept, without what nobody needed if it is long. How many there are. */
static u32 worth_keeping(const struct ssa_chain *sent, const struct ssa_path *verified,
			 struct ssa_cert kept[SSA_PATH_CERTS_MAX])
{
	u32 count = 0, i;
	size_t bytes = 0;

	for (i = 0; i < sent->count; i++)
		bytes += sent->cert[i].len;
	if (bytes <= SSA_PEER_SPARE_MAX && sent->count <= SSA_PATH_CERTS_MAX) {
		memcpy(kept, sent->cert, sent->count * sizeof(*kept));
		return sent->count;
	}
	for (i = 0; i < sent->count && count < SSA_PATH_CERTS_MAX; i++) {
		if (find_cert(verified->cert, verified->count, &sent->cert[i]) &&
		    !find_cert(kept, count, &sent->cert[i]))
			kept[count++] = sent->cert[i];
	}
	return count;
}

static size_t bytes_of(const struct ssa_cert *kept, u32 count, const struct ssa_path *verified)
{
	size_t bytes = 0;
	u32 i;

	for (i = 0; i < count; i++)
		bytes += kept[i].len;
	for (i = 0; i < verified->count; i++) {
		if (!find_cert(kept, count, &verified->cert[i]))
			bytes += verified->cert[i].len;
	}
	return bytes;
}

static u8 *copy_cert(struct ssa_cert *to, const struct ssa_cert *from, u8 *der)
{
	memcpy(der, from->der, from->len);
	to->der = der;
	to->len = from->len;
	return der + from->len;
}

/**
 * ssa_peer_new - keep the certificates of a peer
 * @sent: its chain, of at least one certificate
 * @verified: what ssa_chain_verify() made of it
 *
 * Both are copied; what is in both is kept once. They stay as long as the connection,
 * so what was sent without need is kept as long as it is not much (SSA_PEER_SPARE_MAX,
 * SSA_PATH_CERTS_MAX): else @sent is what was of use.
 *
 * Context: Process context, may sleep.
 * Return: the certificates, for ssa_peer_free(), or ERR_PTR(-ENOMEM).
 */
struct ssa_peer *ssa_peer_new(const struct ssa_chain *sent, const struct ssa_path *verified)
{
	struct ssa_cert kept[SSA_PATH_CERTS_MAX];
	u32 count = worth_keeping(sent, verified, kept), i;
	const struct ssa_cert *cert;
	struct ssa_peer *peer;
	u8 *der;

	peer = kvzalloc(struct_size(peer, der, bytes_of(kept, count, verified)),
			GFP_KERNEL_ACCOUNT);
	if (!peer)
		return ERR_PTR(-ENOMEM);
	der = peer->der;
	for (i = 0; i < count; i++)
		der = copy_cert(&peer->sent[i], &kept[i], der);
	peer->count = count;
	for (i = 0; i < verified->count; i++) {
		cert = find_cert(peer->sent, count, &verified->cert[i]);
		if (cert)
			peer->verified.cert[i] = *cert;
		else
			der = copy_cert(&peer->verified.cert[i], &verified->cert[i], der);
	}
	peer->verified.count = verified->count;
	return peer;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_peer_new);

/**
 * ssa_peer_free - forget the certificates of a peer
 * @peer: the certificates, or NULL
 *
 * Context: Process context, may sleep.
 */
void ssa_peer_free(struct ssa_peer *peer)
{
	kvfree(peer);
}
EXPORT_SYMBOL_IF_KUNIT(ssa_peer_free);

/**
 * ssa_peer_verify - judge the certificates of a peer again
 * @peer: the certificates
 * @params: what they are judged by; what was verified before does not count
 *
 * Context: Process context, may sleep; needs the stack of ssa_chain_verify().
 * Return: as ssa_chain_verify().
 */
enum ssa_reason ssa_peer_verify(const struct ssa_peer *peer, const struct ssa_verify_params *params)
{
	struct ssa_public_key key;
	struct ssa_chain *chain;
	enum ssa_reason reason;

	/* not on the stack, which is for the verification */
	chain = kmalloc(sizeof(*chain), GFP_KERNEL);
	if (!chain)
		return SSA_R_NO_MEMORY;
	chain->count = peer->count;
	memcpy(chain->cert, peer->sent, sizeof(peer->sent));
	reason = ssa_chain_verify(params, chain, &key);
	kfree(chain);
	return reason;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_peer_verify);

/**
 * ssa_peer_is_blocked - is a certificate of the verified path blocked now?
 * @peer: the certificates
 * @params: with @blocked and @is_revoked
 *
 * If so, there may be another path, which ssa_peer_verify() finds.
 *
 * Context: Process context, may sleep.
 * Return: true if so.
 */
bool ssa_peer_is_blocked(const struct ssa_peer *peer, const struct ssa_verify_params *params)
{
	struct ssa_x509 cert;
	u32 i;

	for (i = 0; i < peer->verified.count; i++) {
		if (ssa_x509_parse(&cert, peer->verified.cert[i].der, peer->verified.cert[i].len) ||
		    ssa_x509_is_blocked(&cert, params))
			return true;
	}
	return false;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_peer_is_blocked);

/**
 * ssa_peer_pem - the certificates of a peer as PEM text
 * @peer: the certificates
 * @verified: from the end entity to the trusted one, rather than as they were sent
 * @text: the text, NUL-terminated; for kvfree()
 * @len: bytes of it without the NUL
 *
 * Context: Process context, may sleep.
 * Return: 0, -ENOMEM.
 */
int ssa_peer_pem(const struct ssa_peer *peer, bool verified, char **text, size_t *len)
{
	const struct ssa_cert *cert = verified ? peer->verified.cert : peer->sent;
	u32 count = verified ? peer->verified.count : peer->count, i;
	char *p;

	for (i = 0, *len = 0; i < count; i++)
		*len += ssa_pem_cert_len(cert[i].len);
	*text = kvmalloc(*len + 1, GFP_KERNEL_ACCOUNT);
	if (!*text)
		return -ENOMEM;
	for (i = 0, p = *text; i < count; i++)
		p = ssa_pem_write_cert(p, cert[i].der, cert[i].len);
	*p = '\0';
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_peer_pem);

/**
 * ssa_peer_identity - who the peer is, by the end entity's certificate
 * @peer: the certificates
 * @text: lines as identity.c defines them, NUL-terminated; for kvfree()
 * @len: bytes of it without the NUL
 *
 * Context: Process context, may sleep.
 * Return: 0, -ENOMEM, -EINVAL malformed (never after ssa_chain_verify()).
 */
int ssa_peer_identity(const struct ssa_peer *peer, char **text, size_t *len)
{
	struct ssa_text_out out = {};
	struct ssa_x509 cert;

	if (ssa_x509_parse(&cert, peer->sent[0].der, peer->sent[0].len))
		return -EINVAL;
	ssa_identity_write(&out, &cert);
	*text = kvmalloc(out.len + 1, GFP_KERNEL_ACCOUNT);
	if (!*text)
		return -ENOMEM;
	out.p = *text;
	out.len = 0;
	ssa_identity_write(&out, &cert);
	out.p[out.len] = '\0';
	*len = out.len;
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_peer_identity);
