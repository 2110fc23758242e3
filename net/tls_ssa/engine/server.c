// SPDX-License-Identifier: GPL-2.0
/*
 * The server's side of RFC 8446: how it chooses among what the client offers,
 * its flight, and the client's Finished (Appendix A.2).
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include "hello.h"

/**
 * ssa_server_start - wait for a ClientHello
 * @hs: new
 *
 * Context: process.
 * Return: 0 or ssa_fail().
 */
int ssa_server_start(struct ssa_hs *hs)
{
	if (!hs->cfg.cred)
		return ssa_fail(hs, SSA_R_NO_CREDENTIAL);
	hs->state = SSA_ST_SERVER_WAIT_CH;
	return 0;
}

/* 4.1.2, 4.2.1: is TLS 1.3 among the client's versions? */
static int negotiate_version(struct ssa_hs *hs, const struct ssa_client_hello *ch)
{
	struct ssa_reader r, versions;

	/* D.5: SSL 3.0 and what is before it */
	if (ch->legacy_version < SSA_TLS10)
		return ssa_fail(hs, SSA_R_VERSION);
	if (!ssa_has_ext(&ch->exts, SSA_EXT_SUPPORTED_VERSIONS))
		return ssa_fail(hs, SSA_R_VERSION);
	r = ch->exts.body[SSA_EXT_SUPPORTED_VERSIONS];
	if (!ssa_read_vec8(&r, &versions, 2, 254) || versions.left % 2 || !ssa_reader_done(&r))
		return ssa_fail(hs, SSA_R_DECODE);
	if (!ssa_reader_has_u16(versions, SSA_TLS13))
		return ssa_fail(hs, SSA_R_VERSION);
	return 0;
}

/* What TLS 1.3 asks of each ClientHello: 4.1.2, 4.2.9, 4.2.11, 9.2 */
static int check_client_hello(struct ssa_hs *hs, const struct ssa_client_hello *ch)
{
	const struct ssa_exts *exts = &ch->exts;
	struct ssa_reader compression = ch->compression;
	enum ssa_reason reason;
	u8 method;

	if (!ssa_read_u8(&compression, &method) || !ssa_reader_done(&compression) ||
	    method != SSA_COMPRESSION_NULL)
		return ssa_fail(hs, SSA_R_ILLEGAL_PARAMETER);
	reason = ssa_exts_judge(exts, SSA_IN_CLIENT_HELLO, 0);
	if (reason)
		return ssa_fail(hs, reason);

	if (ssa_has_ext(exts, SSA_EXT_PRE_SHARED_KEY)) {
		if (exts->last != SSA_XT_PRE_SHARED_KEY)
			return ssa_fail(hs, SSA_R_ILLEGAL_PARAMETER);
		if (!ssa_has_ext(exts, SSA_EXT_PSK_KEY_EXCHANGE_MODES))
			return ssa_fail(hs, SSA_R_MISSING_EXTENSION);
	}
	if (!ssa_has_ext(exts, SSA_EXT_SIGNATURE_ALGORITHMS) ||
	    !ssa_has_ext(exts, SSA_EXT_SUPPORTED_GROUPS) ||
	    !ssa_has_ext(exts, SSA_EXT_KEY_SHARE))
		return ssa_fail(hs, SSA_R_MISSING_EXTENSION);
	/* 4.2.2: we never send one, so there is none to echo */
	if (ssa_has_ext(exts, SSA_EXT_COOKIE))
		return ssa_fail(hs, SSA_R_ILLEGAL_PARAMETER);
	return 0;
}

static int choose_suite(struct ssa_hs *hs, const struct ssa_client_hello *ch)
{
	const u16 *ours = hs->cfg.suites;
	u32 i;

	for (i = 0; i < SSA_SUITES_MAX && ours[i]; i++) {
		if (ssa_reader_has_u16(ch->cipher_suites, ours[i])) {
			hs->suite = ssa_suite_find(ours[i]);
			return 0;
		}
	}
	return ssa_fail(hs, SSA_R_NO_SUITE);
}

static int choose_sigalg(struct ssa_hs *hs, const struct ssa_client_hello *ch)
{
	struct ssa_reader r = ch->exts.body[SSA_EXT_SIGNATURE_ALGORITHMS], schemes;

	if (!ssa_read_vec16(&r, &schemes, 2, 0xfffe) || schemes.left % 2 || !ssa_reader_done(&r))
		return ssa_fail(hs, SSA_R_DECODE);
	hs->sigalg = ssa_choose_sigalg(hs, schemes);
	if (!hs->sigalg)
		return ssa_fail(hs, SSA_R_NO_SIGALG);
	return 0;
}

/* RFC 6066 3: one host_name, without a trailing dot */
static int read_server_name(struct ssa_hs *hs, const struct ssa_client_hello *ch)
{
	struct ssa_reader r = ch->exts.body[SSA_EXT_SERVER_NAME], list, host;
	u8 type;

	if (!ssa_has_ext(&ch->exts, SSA_EXT_SERVER_NAME))
		return 0;
	if (!ssa_read_vec16(&r, &list, 1, 0xffff) || !ssa_reader_done(&r) ||
	    !ssa_read_u8(&list, &type) || !ssa_read_vec16(&list, &host, 1, 0xffff) ||
	    !ssa_reader_done(&list))
		return ssa_fail(hs, SSA_R_DECODE);
	if (type != SSA_NAME_TYPE_HOST_NAME || host.left > SSA_NAME_MAX ||
	    memchr(host.data, 0, host.left))
		return ssa_fail(hs, SSA_R_ILLEGAL_PARAMETER);
	memcpy(hs->server_name, host.data, host.left);
	hs->server_name[host.left] = 0;
	if (!ssa_name_is_valid(hs->server_name))
		return ssa_fail(hs, SSA_R_ILLEGAL_PARAMETER);
	return 0;
}

/**
 * struct group_offer - what the client says about our groups
 * @supported: BIT(index in cfg->groups), of its supported_groups
 * @shared: the same, of its key_share
 * @shares: number of its shares, in groups that we know or not
 * @key: key_exchange of those in @shared
 */
struct group_offer {
	u32 supported;
	u32 shared;
	u32 shares;
	struct ssa_reader key[SSA_GROUPS_MAX];
};

static int group_index(const struct ssa_hs *hs, u16 group)
{
	int i;

	for (i = 0; i < SSA_GROUPS_MAX && hs->cfg.groups[i]; i++)
		if (hs->cfg.groups[i] == group)
			return i;
	return -1;
}

/* supported_groups (4.2.7) and key_share (4.2.8) */
static int read_groups(struct ssa_hs *hs, const struct ssa_client_hello *ch,
		       struct group_offer *offer)
{
	struct ssa_reader r, list, key;
	u16 group;
	int i;

	memset(offer, 0, sizeof(*offer));
	r = ch->exts.body[SSA_EXT_SUPPORTED_GROUPS];
	if (!ssa_read_vec16(&r, &list, 2, 0xfffe) || list.left % 2 || !ssa_reader_done(&r))
		return ssa_fail(hs, SSA_R_DECODE);
	while (ssa_read_u16(&list, &group)) {
		i = group_index(hs, group);
		if (i >= 0)
			offer->supported |= BIT(i);
	}

	r = ch->exts.body[SSA_EXT_KEY_SHARE];
	if (!ssa_read_vec16(&r, &list, 0, 0xffff) || !ssa_reader_done(&r))
		return ssa_fail(hs, SSA_R_DECODE);
	while (ssa_reader_more(&list)) {
		if (!ssa_read_u16(&list, &group) || !ssa_read_vec16(&list, &key, 1, 0xffff))
			return ssa_fail(hs, SSA_R_DECODE);
		offer->shares++;
		i = group_index(hs, group);
		if (i < 0)
			continue;
		/* one share a group, and only for a group that is offered */
		if ((offer->shared & BIT(i)) || !(offer->supported & BIT(i)))
			return ssa_fail(hs, SSA_R_BAD_KEY_SHARE);
		offer->shared |= BIT(i);
		offer->key[i] = key;
	}
	return 0;
}

/* The lowest set bit is the group that we like best. */
static u16 best_group(const struct ssa_hs *hs, u32 mask)
{
	u32 i;

	for (i = 0; i < SSA_GROUPS_MAX; i++)
		if (mask & BIT(i))
			return hs->cfg.groups[i];
	return 0;
}

/* Our share, and from both the Handshake Secret. */
static int server_key_exchange(struct ssa_hs *hs, const struct group_offer *offer)
{
	const struct ssa_reader *key = &offer->key[group_index(hs, hs->group)];
	u8 shared[SSA_KEX_SHARED_MAX];
	size_t shared_len;
	int err;

	err = ssa_kex_generate(&hs->kex, hs->group, &hs->cfg.rng);
	if (err)
		return ssa_fail_errno(hs, err);
	err = ssa_kex_shared(&hs->kex, key->data, key->left, shared, &shared_len);
	memzero_explicit(hs->kex.scalar, sizeof(hs->kex.scalar));
	if (err == -EINVAL)
		return ssa_fail(hs, SSA_R_BAD_KEY_SHARE);
	if (err)
		return ssa_fail_errno(hs, err);
	ssa_ks_early_secret(&hs->ks, hs->suite);
	err = ssa_ks_handshake_secret(&hs->ks, hs->suite, shared, shared_len);
	memzero_explicit(shared, sizeof(shared));
	return err ? ssa_fail_errno(hs, err) : 0;
}

static int server_handshake_keys(struct ssa_hs *hs)
{
	u8 transcript[SSA_HASH_MAX];
	int err;

	ssa_transcript_digest(&hs->transcript, transcript);
	err = ssa_ks_handshake_traffic(&hs->ks, hs->suite, transcript);
	if (!err)
		err = ssa_record_keys_set(&hs->rx, hs->suite,
					  hs->ks.client_handshake_traffic_secret);
	if (!err)
		err = ssa_record_keys_set(&hs->tx, hs->suite,
					  hs->ks.server_handshake_traffic_secret);
	return err ? ssa_fail_errno(hs, err) : 0;
}

static int server_application_secrets(struct ssa_hs *hs)
{
	u8 transcript[SSA_HASH_MAX];
	int err;

	err = ssa_ks_master_secret(&hs->ks, hs->suite);
	if (err)
		return ssa_fail_errno(hs, err);
	ssa_transcript_digest(&hs->transcript, transcript);
	err = ssa_ks_application_traffic(&hs->ks, hs->suite, transcript);
	memzero_explicit(hs->ks.secret, sizeof(hs->ks.secret));
	return err ? ssa_fail_errno(hs, err) : 0;
}

/* EncryptedExtensions (4.3.1): nothing that we negotiate goes there yet. */
static int put_encrypted_extensions(struct ssa_hs *hs)
{
	struct ssa_writer w;
	struct ssa_vec exts;

	ssa_message_open(hs, &w, SSA_HT_ENCRYPTED_EXTENSIONS);
	exts = ssa_open_vec(&w, 2);
	ssa_close_vec(&w, exts);
	return ssa_message_close(hs, &w);
}

/* ServerHello, EncryptedExtensions, Certificate, CertificateVerify, Finished (2) */
static int server_flight(struct ssa_hs *hs)
{
	int err;

	ssa_rng_fill(&hs->cfg.rng, hs->random, sizeof(hs->random));
	err = ssa_put_server_hello(hs);
	memzero_explicit(&hs->kex, sizeof(hs->kex));
	if (err)
		return err;
	err = ssa_hs_flush(hs);
	if (err)
		return err;
	/* D.4: immediately after our first message */
	err = ssa_hs_put_ccs(hs);
	if (err)
		return err;
	err = server_handshake_keys(hs);
	if (err)
		return err;

	err = put_encrypted_extensions(hs);
	if (err)
		return err;
	err = ssa_put_certificate(hs, ssa_credentials_chain(hs->cfg.cred));
	if (err)
		return err;
	err = ssa_put_certificate_verify(hs);
	if (err)
		return err;
	err = ssa_put_finished(hs, hs->ks.server_handshake_traffic_secret);
	if (err)
		return err;
	err = ssa_hs_flush(hs);
	if (err)
		return err;

	err = server_application_secrets(hs);
	if (err)
		return err;
	hs->finished_sent = true;
	ssa_record_keys_clear(&hs->tx);
	memzero_explicit(hs->ks.server_handshake_traffic_secret, SSA_SECRET_MAX);
	hs->state = SSA_ST_SERVER_WAIT_FINISHED;
	return 0;
}

/* HelloRetryRequest (4.1.4): the client shall send a share for hs->group. */
static int hello_retry(struct ssa_hs *hs, const struct ssa_client_hello *ch)
{
	int err;

	ssa_transcript_hello_retry(&hs->transcript);
	err = ssa_put_hello_retry_request(hs);
	if (err)
		return err;
	err = ssa_hs_flush(hs);
	if (err)
		return err;
	err = ssa_hs_put_ccs(hs);
	if (err)
		return err;
	ssa_client_hello_digest(ch, hs->hello_digest);
	hs->hello_retry = true;
	hs->state = SSA_ST_SERVER_WAIT_CH2;
	return 0;
}

/*
 * All that is decided by a ClientHello. What it takes on the stack must be gone
 * when the flight is signed.
 */
static noinline_for_stack int negotiate(struct ssa_hs *hs, const struct ssa_msg *msg)
{
	struct ssa_client_hello ch;
	struct group_offer offer;
	int err;

	err = ssa_read_client_hello(hs, msg, &ch);
	if (err)
		return err;
	err = negotiate_version(hs, &ch);
	if (err)
		return err;
	err = check_client_hello(hs, &ch);
	if (err)
		return err;
	err = choose_suite(hs, &ch);
	if (err)
		return err;
	err = read_server_name(hs, &ch);
	if (err)
		return err;
	err = read_groups(hs, &ch, &offer);
	if (err)
		return err;
	if (!offer.supported)
		return ssa_fail(hs, SSA_R_NO_GROUP);
	err = choose_sigalg(hs, &ch);
	if (err)
		return err;

	hs->session_id_len = ch.session_id.left;
	memcpy(hs->session_id, ch.session_id.data, ch.session_id.left);
	hs->skip_early_data = ssa_has_ext(&ch.exts, SSA_EXT_EARLY_DATA);
	ssa_transcript_start(&hs->transcript, hs->suite->hash);
	err = ssa_hs_add_message(hs, msg);
	if (err)
		return err;

	if (!offer.shared) {
		hs->group = best_group(hs, offer.supported);
		return hello_retry(hs, &ch);
	}
	hs->group = best_group(hs, offer.shared);
	return server_key_exchange(hs, &offer);
}

/* ClientHello (4.1.2) */
static int client_hello(struct ssa_hs *hs, const struct ssa_msg *msg)
{
	int err = negotiate(hs, msg);

	if (err || hs->hello_retry)
		return err;
	return server_flight(hs);
}

/* The second ClientHello: the first one, with the share that we asked for. */
static noinline_for_stack int negotiate_again(struct ssa_hs *hs, const struct ssa_msg *msg)
{
	struct ssa_client_hello ch;
	struct group_offer offer;
	u8 digest[sizeof(hs->hello_digest)];
	int err;

	hs->skip_early_data = false;
	err = ssa_read_client_hello(hs, msg, &ch);
	if (err)
		return err;
	err = negotiate_version(hs, &ch);
	if (err)
		return err;
	err = check_client_hello(hs, &ch);
	if (err)
		return err;
	ssa_client_hello_digest(&ch, digest);
	/* 4.2.10: early_data has to go */
	if (memcmp(digest, hs->hello_digest, sizeof(digest)) ||
	    ssa_has_ext(&ch.exts, SSA_EXT_EARLY_DATA))
		return ssa_fail(hs, SSA_R_BAD_HELLO_RETRY);
	err = read_groups(hs, &ch, &offer);
	if (err)
		return err;
	if (offer.shares != 1 || best_group(hs, offer.shared) != hs->group)
		return ssa_fail(hs, SSA_R_BAD_HELLO_RETRY);
	err = ssa_hs_add_message(hs, msg);
	if (err)
		return err;
	return server_key_exchange(hs, &offer);
}

static int second_client_hello(struct ssa_hs *hs, const struct ssa_msg *msg)
{
	int err = negotiate_again(hs, msg);

	return err ?: server_flight(hs);
}

/* Finished (4.4.4) */
static int client_finished(struct ssa_hs *hs, const struct ssa_msg *msg)
{
	int err;

	err = ssa_check_finished(hs, msg, hs->ks.client_handshake_traffic_secret);
	if (err)
		return err;
	ssa_hs_connected(hs);
	return 0;
}

const struct ssa_step ssa_server_steps[] = {
	{ SSA_ST_SERVER_WAIT_CH, SSA_HT_CLIENT_HELLO, true,
	  SSA_CLIENT_HELLO_MAX, client_hello },
	{ SSA_ST_SERVER_WAIT_CH2, SSA_HT_CLIENT_HELLO, true,
	  SSA_CLIENT_HELLO_MAX, second_client_hello },
	{ SSA_ST_SERVER_WAIT_FINISHED, SSA_HT_FINISHED, true,
	  SSA_FINISHED_MAX, client_finished },
};

const u32 ssa_server_step_count = ARRAY_SIZE(ssa_server_steps);
