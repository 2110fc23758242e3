// SPDX-License-Identifier: GPL-2.0
/*
 * What is agreed on between two sockets of ours, and what they tell of it: cipher
 * suites, application protocols, TLS_INFO, exporters, KeyUpdate. And setsockopt()
 * in a race with everything else.
 */
#include "harness.h"
#include "link.h"
#include "pair.h"

static int err_of(int ret)
{
	return ret ? errno : 0;
}

static int set_text(int fd, int option, const char *text)
{
	return err_of(tls_set_str(fd, option, text));
}

static int get_info(int fd, struct tls_ssa_info *info)
{
	socklen_t len = sizeof(*info);

	memset(info, 0x55, sizeof(*info));
	if (getsockopt(fd, IPPROTO_TLS, TLS_INFO, info, &len))
		return -1;
	return len;
}

/* ------------------------------------------------------------------ cipher suites */

#define ALL13	"TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"
#define ALL12	"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256:"		\
		"TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384:"		\
		"TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256:"	\
		"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256:"		\
		"TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384:"		\
		"TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"

FIXTURE(cipher)
{
	int fd;
};

FIXTURE_SETUP(cipher)
{
	self->fd = tls_socket(AF_INET, 0);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(cipher)
{
	close(self->fd);
}

/* The text is longer than tls_get_str() has room for. */
static const char *ciphers(int fd)
{
	static char text[1024];
	socklen_t len = sizeof(text);

	return getsockopt(fd, IPPROTO_TLS, TLS_TRUSTED_CIPHERS, text, &len) ? "" : text;
}

TEST_F(cipher, all_of_the_policy)
{
	EXPECT_STREQ(ALL13 ":" ALL12, ciphers(self->fd));
}

TEST_F(cipher, names_of_iana_and_openssl)
{
	const struct peer_suite *suite;

	for (suite = peer_suites; suite->iana; suite++) {
		EXPECT_EQ(0, set_text(self->fd, TLS_TRUSTED_CIPHERS, suite->openssl))
			TH_LOG("%s", suite->openssl);
		EXPECT_STREQ(suite->iana, ciphers(self->fd));
		EXPECT_EQ(0, set_text(self->fd, TLS_TRUSTED_CIPHERS, suite->iana));
		EXPECT_STREQ(suite->iana, ciphers(self->fd));
	}
}

TEST_F(cipher, order_and_separators)
{
	static const char * const lists[] = {
		"TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256",
		"TLS_CHACHA20_POLY1305_SHA256,TLS_AES_128_GCM_SHA256",
		"TLS_CHACHA20_POLY1305_SHA256 TLS_AES_128_GCM_SHA256",
		" TLS_CHACHA20_POLY1305_SHA256, :TLS_AES_128_GCM_SHA256::",
		"TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lists); i++) {
		ASSERT_EQ(0, set_text(self->fd, TLS_TRUSTED_CIPHERS, ALL13));
		EXPECT_EQ(0, set_text(self->fd, TLS_TRUSTED_CIPHERS, lists[i]));
		EXPECT_STREQ(lists[0], ciphers(self->fd));
	}
}

TEST_F(cipher, nonsense)
{
	static const char * const bad[] = {
		"", ":", " , ", "AES", "HIGH:!aNULL", "TLS_AES_128_GCM_SHA256:",
		"tls_aes_128_gcm_sha256", "TLS_AES_128_GCM_SHA256;TLS_AES_256_GCM_SHA384",
		"TLS_AES_128_GCM_SHA256:NULL-SHA", "ECDHE-RSA-AES128-SHA",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		/* A separator too many is none in a list. */
		EXPECT_EQ(i == 5 ? 0 : EINVAL, set_text(self->fd, TLS_TRUSTED_CIPHERS, bad[i]))
			TH_LOG("'%s'", bad[i]);
		EXPECT_EQ(EINVAL, set_text(self->fd, TLS_DISABLE_CIPHER, bad[i]));
		EXPECT_EQ(EINVAL, set_text(self->fd, TLS_ENABLE_CIPHER, bad[i]));
	}
	EXPECT_STREQ("TLS_AES_128_GCM_SHA256", ciphers(self->fd));
}

TEST_F(cipher, disabled_and_enabled_again)
{
	EXPECT_EQ(0, set_text(self->fd, TLS_DISABLE_CIPHER, "TLS_AES_128_GCM_SHA256"));
	EXPECT_STREQ("TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:" ALL12,
		     ciphers(self->fd));
	EXPECT_EQ(0, set_text(self->fd, TLS_DISABLE_CIPHER, "TLS_AES_128_GCM_SHA256"));
	EXPECT_EQ(0, set_text(self->fd, TLS_DISABLE_CIPHER, "ECDHE-RSA-CHACHA20-POLY1305"));
	EXPECT_EQ(0, set_text(self->fd, TLS_ENABLE_CIPHER,
			      "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"));
	EXPECT_EQ(0, set_text(self->fd, TLS_ENABLE_CIPHER, "TLS_AES_128_GCM_SHA256"));
	EXPECT_EQ(0, set_text(self->fd, TLS_ENABLE_CIPHER, "TLS_AES_128_GCM_SHA256"));
	EXPECT_STREQ(ALL13 ":" ALL12, ciphers(self->fd));
}

/* For a version that is allowed there must be a suite. */
TEST_F(cipher, something_must_be_left)
{
	ASSERT_EQ(0, set_text(self->fd, TLS_TRUSTED_CIPHERS, "TLS_AES_128_GCM_SHA256"));
	EXPECT_EQ(EINVAL, set_text(self->fd, TLS_DISABLE_CIPHER, "TLS_AES_128_GCM_SHA256"));
	EXPECT_EQ(EINVAL, set_text(self->fd, TLS_VERSION_MAX, "TLSv1.2"));
	ASSERT_EQ(0, set_text(self->fd, TLS_VERSION_MIN, "TLSv1.3"));
	EXPECT_EQ(EINVAL, set_text(self->fd, TLS_TRUSTED_CIPHERS, ALL12));
	EXPECT_STREQ("TLS_AES_128_GCM_SHA256", ciphers(self->fd));
}

static int only_cipher(int fd, const void *list)
{
	return tls_set_str(fd, TLS_TRUSTED_CIPHERS, list);
}

/* Suites of one version only leave that version. */
TEST(ciphers_hold)
{
	static const char * const expected[][4] = {
		/* client, server, version, suite */
		{ "TLS_CHACHA20_POLY1305_SHA256", ALL13 ":" ALL12, "TLSv1.3",
		  "TLS_CHACHA20_POLY1305_SHA256" },
		{ ALL13, "TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256", "TLSv1.3",
		  "TLS_CHACHA20_POLY1305_SHA256" },
		{ "ECDHE-ECDSA-AES256-GCM-SHA384", ALL13 ":" ALL12, "TLSv1.2",
		  "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384" },
		{ ALL13 ":" ALL12, ALL12, "TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256" },
	};
	struct pair p;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(expected); i++) {
		EXPECT_EQ(0, pair_open(&p, only_cipher, expected[i][0], only_cipher,
				       expected[i][1]))
			TH_LOG("%zu: %s", i, strerror(p.err));
		EXPECT_STREQ(expected[i][2], tls_get_str(p.server, TLS_VERSION_CONN));
		EXPECT_STREQ(expected[i][3], tls_get_str(p.client, TLS_CHOSEN_CIPHER));
		pair_close(&p);
	}
	EXPECT_EQ(-1, pair_open(&p, only_cipher, "TLS_AES_128_GCM_SHA256", only_cipher,
				"TLS_AES_256_GCM_SHA384"));
	EXPECT_EQ(EPROTO, p.err);
	pair_close(&p);
}

/* -------------------------------------------------------------------------- ALPN */

FIXTURE(alpn)
{
	int fd;
};

FIXTURE_SETUP(alpn)
{
	self->fd = tls_socket(AF_INET, 0);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(alpn)
{
	close(self->fd);
}

static int set_wire(int fd, const char *wire, socklen_t len)
{
	return err_of(setsockopt(fd, IPPROTO_TLS, TLS_ALPN, wire, len));
}

TEST_F(alpn, both_forms)
{
	EXPECT_STREQ("", tls_get_str(self->fd, TLS_ALPN));
	EXPECT_EQ(0, set_text(self->fd, TLS_ALPN, "h2,http/1.1"));
	EXPECT_STREQ("h2,http/1.1", tls_get_str(self->fd, TLS_ALPN));
	EXPECT_EQ(0, set_wire(self->fd, "imap", 4));
	EXPECT_STREQ("imap", tls_get_str(self->fd, TLS_ALPN));
	EXPECT_EQ(0, set_wire(self->fd, "\x02h2\x08http/1.1", 12));
	EXPECT_STREQ("h2,http/1.1", tls_get_str(self->fd, TLS_ALPN));
	/* GREASE, a comma and a backslash: the text can be set again */
	EXPECT_EQ(0, set_wire(self->fd, "\x02\x0a\xfa\x02,\\\x02\xff\0", 9));
	EXPECT_STREQ("\\x0a\\xfa,\\x2c\\x5c,\\xff\\x00", tls_get_str(self->fd, TLS_ALPN));
	EXPECT_EQ(0, set_text(self->fd, TLS_ALPN, "\\x0a\\xfa,\\x2c\\x5c,\\xff\\x00"));
	EXPECT_STREQ("\\x0a\\xfa,\\x2c\\x5c,\\xff\\x00", tls_get_str(self->fd, TLS_ALPN));
}

TEST_F(alpn, nonsense)
{
	static const char * const texts[] = {
		",", "h2,", ",h2", "h2,,h3", "h 2", "h2\n", "\\", "\\x", "\\x0", "\\xzz",
		"h2\\q41", "\303\244",
	};
	char name[300];
	size_t i;

	ASSERT_EQ(0, set_text(self->fd, TLS_ALPN, "h2"));
	for (i = 0; i < ARRAY_SIZE(texts); i++)
		EXPECT_EQ(EINVAL, set_text(self->fd, TLS_ALPN, texts[i]))
			TH_LOG("'%s'", texts[i]);
	EXPECT_EQ(EINVAL, set_wire(self->fd, "\x02h", 2));
	EXPECT_EQ(EINVAL, set_wire(self->fd, "\x02h2\x09", 4));
	EXPECT_EQ(EINVAL, set_wire(self->fd, "\x02h2\0", 4));
	EXPECT_EQ(EINVAL, set_wire(self->fd, "\0", 1));
	EXPECT_EQ(EINVAL, set_wire(self->fd, "h2\0h3", 5));
	memset(name, 'a', sizeof(name));
	EXPECT_EQ(EINVAL, set_wire(self->fd, name, 256));
	EXPECT_STREQ("h2", tls_get_str(self->fd, TLS_ALPN));
	EXPECT_EQ(0, set_wire(self->fd, name, 255));
}

TEST_F(alpn, longest)
{
	char list[1025];
	size_t i;

	for (i = 0; i < sizeof(list); i++)
		list[i] = i % 64 == 63 ? ',' : 'a' + i / 64;
	/* The wire has a byte more. */
	EXPECT_EQ(0, set_wire(self->fd, list, 1023));
	list[1023] = 'a';
	EXPECT_EQ(E2BIG, set_wire(self->fd, list, 1024));
	EXPECT_EQ(E2BIG, set_wire(self->fd, list, 1025));
}

static int with_alpn(int fd, const void *list)
{
	return list ? tls_set_str(fd, TLS_ALPN, list) : 0;
}

TEST(protocol_is_the_servers_choice)
{
	static const char * const expected[][3] = {
		{ "h2,http/1.1", "http/1.1,h2", "http/1.1" },
		{ "h2", "http/1.1,h2", "h2" },
		{ "h2", NULL, "" },
		{ NULL, "h2", "" },
		{ "\\x0a\\xfa", "\\x0a\\xfa", "\\x0a\\xfa" },
	};
	struct pair p;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(expected); i++) {
		EXPECT_EQ(0, pair_open(&p, with_alpn, expected[i][0], with_alpn, expected[i][1]))
			TH_LOG("%zu: %s", i, strerror(p.err));
		EXPECT_STREQ(expected[i][2], tls_get_str(p.client, TLS_ALPN));
		EXPECT_STREQ(expected[i][2], tls_get_str(p.server, TLS_ALPN));
		pair_close(&p);
	}
}

TEST(nothing_in_common)
{
	struct tls_ssa_info info;
	struct pair p;

	EXPECT_EQ(-1, pair_open(&p, with_alpn, "h2", with_alpn, "imap,smtp"));
	EXPECT_EQ(EPROTO, p.err);
	EXPECT_EQ(sizeof(info), get_info(p.client, &info));
	EXPECT_EQ(TLS_INFO_FAILED, info.state);
	EXPECT_EQ(120, info.alert);	/* no_application_protocol */
	EXPECT_EQ(EPROTO, info.error);
	EXPECT_STRNE("", info.reason);
	EXPECT_EQ(0, info.version);
	pair_close(&p);
}

/* ---------------------------------------------------------------------- TLS_INFO */

TEST(info_of_each_state)
{
	struct tls_ssa_info info;
	struct pair p;
	int fd = tls_socket(AF_INET, 0);

	ASSERT_EQ(sizeof(info), get_info(fd, &info));
	EXPECT_EQ(TLS_INFO_SETUP, info.state);
	EXPECT_EQ(255, info.alert);
	EXPECT_EQ(0, info.error);
	EXPECT_STREQ("", info.reason);
	close(fd);
	ASSERT_EQ(0, pair_open(&p, NULL, NULL, NULL, NULL));
	ASSERT_EQ(sizeof(info), get_info(p.listener, &info));
	EXPECT_EQ(TLS_INFO_LISTEN, info.state);
	EXPECT_EQ(0, info.flags);
	ASSERT_EQ(sizeof(info), get_info(p.client, &info));
	EXPECT_EQ(TLS_INFO_ESTABLISHED, info.state);
	EXPECT_EQ(TLS_INFO_F_EMS | TLS_INFO_F_PEER_CERTIFICATE, info.flags);
	EXPECT_EQ(0x0304, info.version);
	EXPECT_EQ(0x1301, info.suite);
	EXPECT_EQ(0x001d, info.group);
	EXPECT_EQ(0x0403, info.peer_sigalg);
	EXPECT_EQ(0, info.sigalg);
	EXPECT_EQ(16384, info.record_limit);
	EXPECT_EQ(0, info.key_updates);
	EXPECT_EQ(0, info.reserved);
	ASSERT_EQ(sizeof(info), get_info(p.server, &info));
	EXPECT_EQ(TLS_INFO_F_SERVER | TLS_INFO_F_EMS | TLS_INFO_F_OWN_CERTIFICATE, info.flags);
	EXPECT_EQ(0x0403, info.sigalg);
	EXPECT_EQ(0, info.peer_sigalg);
	EXPECT_STREQ("ecdsa_secp256r1_sha256", tls_get_str(p.client, TLS_PEER_SIGALG));
	EXPECT_STREQ("", tls_get_str(p.server, TLS_PEER_SIGALG));
	EXPECT_STREQ("", tls_get_str(p.server, TLS_PEER_IDENTITY));
	EXPECT_STREQ("", tls_get_str(p.server, TLS_PEER_CERTIFICATE_CHAIN));
	pair_close(&p);
}

/* A program of another version has a shorter struct, or a longer one. */
TEST(info_of_any_length)
{
	unsigned char whole[sizeof(struct tls_ssa_info) + 64], part[sizeof(whole)];
	int fd = tls_socket(AF_INET, 0);
	socklen_t len, got;

	memset(whole, '!', sizeof(whole));
	got = sizeof(whole);
	ASSERT_EQ(0, getsockopt(fd, IPPROTO_TLS, TLS_INFO, whole, &got));
	EXPECT_EQ(sizeof(struct tls_ssa_info), got);
	EXPECT_EQ('!', whole[got]);
	for (len = 0; len <= sizeof(struct tls_ssa_info); len++) {
		memset(part, '!', sizeof(part));
		got = len;
		EXPECT_EQ(0, getsockopt(fd, IPPROTO_TLS, TLS_INFO, part, &got));
		EXPECT_EQ(len, got);
		EXPECT_EQ(0, memcmp(part, whole, len));
		EXPECT_EQ('!', part[len]);
	}
	close(fd);
}

/* -------------------------------------------------------- client authentication */

TEST(who_asks_for_certificates_needs_authorities)
{
	struct tls_ssa_info info;
	struct sockaddr_storage ss;
	socklen_t len = loopback(&ss, AF_INET, 0);
	int fd = tls_socket(AF_INET, 0);

	ASSERT_EQ(0, tls_set_str(fd, TLS_CERTIFICATE_CHAIN, pki_file("p256.chain.pem")));
	ASSERT_EQ(0, tls_set_str(fd, TLS_PRIVATE_KEY, pki_file("p256.key.pem")));
	ASSERT_EQ(0, set_int(fd, TLS_REQUEST_PEER_AUTH, TLS_PEER_AUTH_OPTIONAL));
	ASSERT_EQ(0, bind(fd, (struct sockaddr *)&ss, len));
	EXPECT_EQ(ENOKEY, err_of(listen(fd, 5)));
	ASSERT_EQ(sizeof(info), get_info(fd, &info));
	EXPECT_EQ(TLS_INFO_SETUP, info.state);
	EXPECT_STREQ("NoTrustStore", info.reason);
	EXPECT_EQ(0, tls_set_str(fd, TLS_TRUSTED_PEER_CERTIFICATES, pki_file("root.pem")));
	EXPECT_EQ(0, listen(fd, 5));
	EXPECT_STREQ("no error", tls_error(fd));
	close(fd);
}

/* --------------------------------------------------------------------- exporters */

static int version12(int fd, const void *arg)
{
	return tls_set_str(fd, TLS_VERSION_MAX, "TLSv1.2");
}

TEST(both_ends_export_the_same)
{
	static const pair_fn versions[] = { NULL, version12 };
	static const char input[] = "EXPORTER-test\0context";
	unsigned char ours[1024], theirs[1024], longer[64];
	struct pair p;
	socklen_t len;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(versions); i++) {
		ASSERT_EQ(0, pair_open(&p, versions[i], NULL, NULL, NULL));
		len = 32;
		EXPECT_EQ(ENODATA, err_of(getsockopt(p.client, IPPROTO_TLS, TLS_EXPORTER, ours,
						     &len)));
		EXPECT_EQ(EINVAL, set_text(p.client, TLS_EXPORTER, "client finished"));
		EXPECT_EQ(0, setsockopt(p.client, IPPROTO_TLS, TLS_EXPORTER, input,
					sizeof(input) - 1));
		EXPECT_EQ(0, setsockopt(p.server, IPPROTO_TLS, TLS_EXPORTER, input,
					sizeof(input) - 1));
		for (len = 1; len <= sizeof(ours); len *= 2) {
			socklen_t got = len;

			EXPECT_EQ(0, getsockopt(p.client, IPPROTO_TLS, TLS_EXPORTER, ours, &got));
			EXPECT_EQ(len, got);
			EXPECT_EQ(0, getsockopt(p.server, IPPROTO_TLS, TLS_EXPORTER, theirs,
						&got));
			EXPECT_EQ(0, memcmp(ours, theirs, len));
		}
		len = 0;
		EXPECT_EQ(EINVAL, err_of(getsockopt(p.client, IPPROTO_TLS, TLS_EXPORTER, ours,
						    &len)));
		len = 1025;
		EXPECT_EQ(EINVAL, err_of(getsockopt(p.client, IPPROTO_TLS, TLS_EXPORTER, ours,
						    &len)));
		len = 31;
		EXPECT_EQ(ERANGE, err_of(getsockopt(p.client, IPPROTO_TLS, TLS_CHANNEL_BINDING,
						    longer, &len)));
		EXPECT_EQ(32, len);
		len = sizeof(longer);
		EXPECT_EQ(0, getsockopt(p.client, IPPROTO_TLS, TLS_CHANNEL_BINDING, longer, &len));
		EXPECT_EQ(32, len);
		EXPECT_EQ(0, getsockopt(p.server, IPPROTO_TLS, TLS_CHANNEL_BINDING, theirs, &len));
		EXPECT_EQ(0, memcmp(longer, theirs, 32));
		pair_close(&p);
	}
}

/* --------------------------------------------------------------------- KeyUpdate */

static int ping(int from, int to)
{
	char in[4];

	if (send(from, "ping", 4, 0) != 4 || recv_all(to, in, 4) != 4)
		return -1;
	return memcmp(in, "ping", 4);
}

TEST(key_updates)
{
	struct tls_ssa_info info;
	struct pair p;

	ASSERT_EQ(0, pair_open(&p, NULL, NULL, NULL, NULL));
	EXPECT_EQ(0, set_int(p.client, TLS_KEY_UPDATE, TLS_KEY_UPDATE_OURS));
	EXPECT_EQ(0, ping(p.client, p.server));
	EXPECT_EQ(0, ping(p.server, p.client));
	ASSERT_EQ(sizeof(info), get_info(p.client, &info));
	EXPECT_EQ(1, info.key_updates);
	ASSERT_EQ(sizeof(info), get_info(p.server, &info));
	EXPECT_EQ(0, info.key_updates);
	EXPECT_EQ(0, set_int(p.client, TLS_KEY_UPDATE, TLS_KEY_UPDATE_BOTH));
	EXPECT_EQ(0, ping(p.client, p.server));
	EXPECT_EQ(0, ping(p.server, p.client));
	ASSERT_EQ(sizeof(info), get_info(p.client, &info));
	EXPECT_EQ(2, info.key_updates);
	ASSERT_EQ(sizeof(info), get_info(p.server, &info));
	EXPECT_EQ(1, info.key_updates);
	EXPECT_EQ(EINVAL, err_of(set_int(p.client, TLS_KEY_UPDATE, 2)));
	EXPECT_EQ(0, shutdown(p.client, SHUT_WR));
	EXPECT_EQ(EPIPE, err_of(set_int(p.client, TLS_KEY_UPDATE, TLS_KEY_UPDATE_OURS)));
	pair_close(&p);
}

TEST(tls12_has_none)
{
	struct pair p;

	ASSERT_EQ(0, pair_open(&p, version12, NULL, NULL, NULL));
	EXPECT_EQ(EOPNOTSUPP, err_of(set_int(p.client, TLS_KEY_UPDATE, TLS_KEY_UPDATE_OURS)));
	EXPECT_EQ(EOPNOTSUPP, err_of(set_int(p.server, TLS_KEY_UPDATE, TLS_KEY_UPDATE_BOTH)));
	EXPECT_EQ(0, ping(p.client, p.server));
	pair_close(&p);
}

/* An application that asks for them without end does not lose its connection. */
TEST(flood_of_key_updates)
{
	static const enum peer_kind kinds[] = { PEER_OPENSSL, PEER_GNUTLS };
	int i, taken, refused;
	size_t k;

	for (k = 0; k < ARRAY_SIZE(kinds); k++) {
		struct link_config cfg = { .family = AF_INET, .kind = kinds[k] };
		struct link l;
		struct job echo;

		link_try(&l, &cfg);
		ASSERT_EQ(0, l.err);
		job_start(&echo, l.peer, job_echo, NULL);
		taken = 0;
		refused = 0;
		for (i = 0; i < 200; i++) {
			switch (err_of(set_int(l.fd, TLS_KEY_UPDATE, i % 2))) {
			case 0:
				taken++;
				break;
			case EAGAIN:
				refused++;
				break;
			}
			if (i % 20 == 0)
				EXPECT_EQ(0, echo_pattern(l.fd, 100, 0))
					TH_LOG("%s: %s", peer_name(kinds[k]), tls_error(l.fd));
		}
		EXPECT_EQ(200, taken + refused);
		EXPECT_LT(0, refused);
		EXPECT_LE(4, taken);
		EXPECT_EQ(0, echo_pattern(l.fd, 100000, 0))
			TH_LOG("%s: %s", peer_name(kinds[k]), tls_error(l.fd));
		EXPECT_EQ(0, shutdown(l.fd, SHUT_WR));
		EXPECT_EQ(0, job_wait(&echo))
			TH_LOG("%s", l.peer->error);
		link_close(&l);
	}
}

/* ------------------------------------------------------------------------- races */

struct racer {
	pthread_t thread;
	int fd;
	bool stop;	/* atomic */
};

static void *race_run(void *arg)
{
	struct racer *r = arg;
	struct tls_ssa_info info;
	char text[4096];
	unsigned int i;

	for (i = 0; !__atomic_load_n(&r->stop, __ATOMIC_RELAXED); i++) {
		socklen_t len = sizeof(text);

		tls_set_str(r->fd, TLS_ALPN, i % 2 ? "h2" : "h2,http/1.1");
		tls_set_str(r->fd, TLS_REMOTE_HOSTNAME, SERVER_NAME);
		tls_set_str(r->fd, TLS_CERTIFICATE_CHAIN,
			    pki_file(i % 2 ? "p256.chain.pem" : "p384.chain.pem"));
		tls_set_str(r->fd, TLS_PRIVATE_KEY,
			    pki_file(i % 2 ? "p256.key.pem" : "p384.key.pem"));
		getsockopt(r->fd, IPPROTO_TLS, TLS_CONTEXT, text, &len);
		len = sizeof(text);
		getsockopt(r->fd, IPPROTO_TLS, TLS_PEER_CERTIFICATE_CHAIN, text, &len);
		len = sizeof(text);
		getsockopt(r->fd, IPPROTO_TLS, TLS_TRUSTED_PEER_CERTIFICATES, text, &len);
		set_int(r->fd, TLS_KEY_UPDATE, TLS_KEY_UPDATE_BOTH);
		tls_set_str(r->fd, TLS_EXPORTER, "EXPORTER-race");
		len = 32;
		getsockopt(r->fd, IPPROTO_TLS, TLS_EXPORTER, text, &len);
		get_info(r->fd, &info);
	}
	return NULL;
}

static void race_start(struct racer *r, int fd)
{
	r->fd = fd;
	r->stop = false;
	pthread_create(&r->thread, NULL, race_run, r);
}

static void race_stop(struct racer *r)
{
	__atomic_store_n(&r->stop, true, __ATOMIC_RELAXED);
	pthread_join(r->thread, NULL);
}

/* Options against connect(), listen(), data and close() of other threads */
TEST(options_in_a_race)
{
	struct racer client[2], listener;
	struct pair p = { -1, -1, -1 };
	int i, j, port = 0;

	p.listener = tls_listen(AF_INET, &port, pki_file("p256.chain.pem"),
				pki_file("p256.key.pem"));
	ASSERT_LE(0, p.listener);
	race_start(&listener, p.listener);
	for (i = 0; i < 12; i++) {
		int fd = tls_client(AF_INET, 0);

		for (j = 0; j < 2; j++)
			race_start(&client[j], fd);
		EXPECT_EQ(0, pair_join(&p, port, fd))
			TH_LOG("%s (%s)", strerror(p.err), tls_error(fd));
		EXPECT_EQ(0, ping(p.client, p.server));
		EXPECT_EQ(0, ping(p.server, p.client));
		if (i % 2)
			shutdown(p.client, SHUT_RDWR);
		if (i % 3)
			close(p.server);
		for (j = 0; j < 2; j++)
			race_stop(&client[j]);
		if (!(i % 3))
			close(p.server);
		close(p.client);
	}
	race_stop(&listener);
	close(p.listener);
}

/* close() while others are in the middle of it: they hold the file, or fail. */
TEST(options_against_close)
{
	struct racer r[2];
	int i, j;

	for (i = 0; i < 30; i++) {
		int fd = tls_client(AF_INET, 0);

		for (j = 0; j < 2; j++)
			race_start(&r[j], fd);
		usleep(1000 * (i % 5));
		close(fd);
		for (j = 0; j < 2; j++)
			race_stop(&r[j]);
	}
}

int main(int argc, char **argv)
{
	return harness_main(argc, argv, 3);
}
