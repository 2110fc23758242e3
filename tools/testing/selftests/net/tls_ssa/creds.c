// SPDX-License-Identifier: GPL-2.0
/*
 * Several certificates on one socket: which of them a client is shown, by the name
 * it asks for and by the signatures it can check; and what setting them does and
 * does not do. The clients are OpenSSL's and curl.
 */
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <sys/stat.h>
#include "harness.h"
#include "lib.h"
#include "ca.h"

#define DIR_TEMPLATE	"/tmp/tls_ssa-creds-XXXXXX"

FIXTURE(creds)
{
	struct ca *ca;
	int fd;			/* the listener */
	int port;
	pthread_t thread;
	struct ca_seen seen;
};

FIXTURE_VARIANT(creds)
{
	bool tls12;
};

FIXTURE_VARIANT_ADD(creds, tls13) { .tls12 = false };
FIXTURE_VARIANT_ADD(creds, tls12) { .tls12 = true };

static int set_text(int fd, int option, const char *text)
{
	return setsockopt(fd, IPPROTO_TLS, option, text, strlen(text)) ? errno : 0;
}

/* 0 or errno of the half that was refused; @only: TLS_HOSTNAME before it, or NULL */
static int add(struct ca *ca, int fd, enum ca_key key, const char *names, long serial,
	       const char *only)
{
	char *chain = ca_issue(ca, key, names, serial);
	int err = only ? set_text(fd, TLS_HOSTNAME, only) : 0;

	if (!err)
		err = set_text(fd, TLS_CERTIFICATE_CHAIN, chain);
	if (!err)
		err = set_text(fd, TLS_PRIVATE_KEY, ca_key(ca, key));
	free(chain);
	return err;
}

/* Takes connections and closes them again, until the listener is shut down. */
static void *accept_all(void *arg)
{
	int *lfd = arg, fd;
	char byte;

	while ((fd = accept(*lfd, NULL, NULL)) >= 0) {
		recv(fd, &byte, 1, 0);
		close(fd);
	}
	return NULL;
}

FIXTURE_SETUP(creds)
{
	struct sockaddr_storage ss;
	socklen_t len = loopback(&ss, AF_INET, 0);

	self->ca = ca_new("Authority of the test");
	self->fd = tls_socket(AF_INET, SOCK_CLOEXEC);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, bind(self->fd, (struct sockaddr *)&ss, len));
}

FIXTURE_TEARDOWN(creds)
{
	if (self->port) {
		shutdown(self->fd, SHUT_RDWR);
		pthread_join(self->thread, NULL);
	}
	close(self->fd);
	ca_free(self->ca);
}

static int serve(FIXTURE_DATA(creds) *self)
{
	if (listen(self->fd, 64))
		return errno;
	self->port = local_port(self->fd);
	return pthread_create(&self->thread, NULL, accept_all, &self->fd);
}

/* Serial number of what a client with this name and these sigalgs is shown; 0: nothing */
static long shown_to(FIXTURE_DATA(creds) *self, bool tls12, const char *name,
		     const char *sigalgs)
{
	struct ca_ask ask = {
		.port = self->port, .name = name, .tls12 = tls12, .sigalgs = sigalgs,
		.any_name = true,
	};
	SSL *ssl = ca_ask(self->ca, &ask, &self->seen);

	ca_hang_up(ssl);
	return ssl ? self->seen.serial : 0;
}

#define EXPECT_SHOWN(serial, name, sigalgs)						\
	EXPECT_EQ(serial, shown_to(self, variant->tls12, name, sigalgs))		\
		TH_LOG("%s, %s: %s", (name) ? (name) : "no name",			\
		       (sigalgs) ? (sigalgs) : "all", self->seen.error)

/* ------------------------------------------------------------------ choosing */

/* One name, three types of key: the client's signature_algorithms decide. */
TEST_F(creds, types_of_key)
{
	ASSERT_EQ(0, add(self->ca, self->fd, CA_RSA, "a.test", 10, NULL));
	ASSERT_EQ(0, add(self->ca, self->fd, CA_P256, "a.test", 11, NULL));
	ASSERT_EQ(0, add(self->ca, self->fd, CA_ED25519, "a.test", 12, NULL));
	ASSERT_EQ(0, serve(self));
	/* The authority signs with ECDSA, which the client has to be able to check. */
	EXPECT_SHOWN(11, "a.test", "ecdsa_secp256r1_sha256");
	EXPECT_SHOWN(11, "a.test", "ECDSA+SHA256:rsa_pss_rsae_sha256:ed25519");
	EXPECT_SHOWN(10, "a.test", "rsa_pss_rsae_sha256");
	EXPECT_EQ(CA_RSA, self->seen.key);
	EXPECT_SHOWN(12, "a.test", "ed25519");
	EXPECT_EQ(CA_ED25519, self->seen.key);
	EXPECT_SHOWN(10, "a.test", "rsa_pss_rsae_sha512:rsa_pkcs1_sha512");
	/* All of them: ours is the order, and something is chosen. */
	EXPECT_NE(0, shown_to(self, variant->tls12, "a.test", NULL));
	/* None of them: said by an alert. */
	EXPECT_SHOWN(0, "a.test", "rsa_pss_pss_sha256");
}

TEST_F(creds, names)
{
	ASSERT_EQ(0, add(self->ca, self->fd, CA_P256, "first.test", 20, NULL));
	ASSERT_EQ(0, add(self->ca, self->fd, CA_P256, "b.test,c.test", 21, NULL));
	ASSERT_EQ(0, add(self->ca, self->fd, CA_P256, "*.d.test", 22, NULL));
	ASSERT_EQ(0, add(self->ca, self->fd, CA_P256, "exact.d.test", 23, NULL));
	ASSERT_EQ(0, serve(self));
	EXPECT_SHOWN(20, "first.test", NULL);
	EXPECT_SHOWN(21, "b.test", NULL);
	EXPECT_SHOWN(21, "c.test", NULL);
	EXPECT_SHOWN(21, "C.Test", NULL);
	EXPECT_SHOWN(22, "any.d.test", NULL);
	EXPECT_SHOWN(22, "other.D.TEST", NULL);
	EXPECT_SHOWN(23, "exact.d.test", NULL);
	/* "*" is one label, and never none. */
	EXPECT_SHOWN(20, "a.b.d.test", NULL);
	EXPECT_SHOWN(20, "d.test", NULL);
	/* The default: the first one, for those unknown, and for no name at all. */
	EXPECT_SHOWN(20, "unknown.test", NULL);
	EXPECT_SHOWN(20, NULL, NULL);
}

/* A name and the type of the key decide together. */
TEST_F(creds, names_and_types)
{
	ASSERT_EQ(0, add(self->ca, self->fd, CA_RSA, "*.e.test", 30, NULL));
	ASSERT_EQ(0, add(self->ca, self->fd, CA_P256, "*.e.test", 31, NULL));
	ASSERT_EQ(0, add(self->ca, self->fd, CA_RSA, "f.test", 32, NULL));
	ASSERT_EQ(0, add(self->ca, self->fd, CA_P256, "f.test", 33, NULL));
	ASSERT_EQ(0, serve(self));
	EXPECT_SHOWN(30, "x.e.test", "rsa_pss_rsae_sha256");
	EXPECT_SHOWN(31, "x.e.test", "ecdsa_secp256r1_sha256");
	EXPECT_SHOWN(32, "f.test", "rsa_pss_rsae_sha256");
	EXPECT_SHOWN(33, "f.test", "ecdsa_secp256r1_sha256");
}

/* A newer pair takes the place of the one with the same name and type of key only. */
TEST_F(creds, newer_for_older)
{
	ASSERT_EQ(0, add(self->ca, self->fd, CA_RSA, "g.test", 40, NULL));
	ASSERT_EQ(0, add(self->ca, self->fd, CA_P256, "g.test,h.test", 41, NULL));
	ASSERT_EQ(0, serve(self));
	EXPECT_SHOWN(41, "g.test", "ecdsa_secp256r1_sha256");
	ASSERT_EQ(0, add(self->ca, self->fd, CA_P256, "g.test", 42, NULL));
	EXPECT_SHOWN(42, "g.test", "ecdsa_secp256r1_sha256");
	EXPECT_SHOWN(41, "h.test", "ecdsa_secp256r1_sha256");
	EXPECT_SHOWN(40, "g.test", "rsa_pss_rsae_sha256");
	/* One that is new altogether */
	ASSERT_EQ(0, add(self->ca, self->fd, CA_P256, "i.test", 43, NULL));
	EXPECT_SHOWN(43, "i.test", NULL);
}

/* TLS_HOSTNAME: the next pair is for that name, and the one after it is not. */
TEST_F(creds, for_one_name)
{
	ASSERT_EQ(0, add(self->ca, self->fd, CA_P256, "j.test,k.test", 50, NULL));
	EXPECT_STREQ("", tls_get_str(self->fd, TLS_HOSTNAME));
	ASSERT_EQ(0, set_text(self->fd, TLS_HOSTNAME, "k.test"));
	EXPECT_STREQ("k.test", tls_get_str(self->fd, TLS_HOSTNAME));
	ASSERT_EQ(0, add(self->ca, self->fd, CA_P256, "j.test,k.test,l.test", 51, NULL));
	EXPECT_STREQ("", tls_get_str(self->fd, TLS_HOSTNAME));
	ASSERT_EQ(0, serve(self));
	EXPECT_SHOWN(50, "j.test", NULL);
	EXPECT_SHOWN(51, "k.test", NULL);
	EXPECT_SHOWN(50, "l.test", NULL);
	ASSERT_EQ(0, add(self->ca, self->fd, CA_P256, "l.test", 52, NULL));
	EXPECT_SHOWN(52, "l.test", NULL);
	/* A host of a wildcard, and the wildcard as it is written */
	ASSERT_EQ(0, add(self->ca, self->fd, CA_P256, "*.m.test", 53, "one.m.test"));
	EXPECT_SHOWN(53, "one.m.test", NULL);
	EXPECT_SHOWN(50, "two.m.test", NULL);
	ASSERT_EQ(0, add(self->ca, self->fd, CA_P256, "*.m.test", 54, "*.m.test"));
	EXPECT_SHOWN(54, "two.m.test", NULL);
	EXPECT_SHOWN(53, "one.m.test", NULL);
}

/*
 * certificate_authorities (RFC 8446 4.2.4): a chain that leads there is preferred. It is
 * an extension of TLS 1.3, and of the type of key nothing is said.
 */
TEST_F(creds, authorities)
{
	static const enum ca_key kinds[][2] = { { CA_P256, CA_RSA }, { CA_RSA, CA_P256 } };
	const enum ca_key *kind = kinds[variant->tls12];
	struct ca *other = ca_new("Another authority");
	struct ca_ask ask = { .name = "n.test" };
	SSL *ssl;

	ASSERT_EQ(0, add(self->ca, self->fd, kind[0], "n.test", 60, NULL));
	ASSERT_EQ(0, add(other, self->fd, kind[1], "n.test", 61, NULL));
	ASSERT_EQ(0, serve(self));
	ask.port = self->port;
	ask.authority = self->ca;
	ssl = ca_ask(self->ca, &ask, &self->seen);
	EXPECT_EQ(60, self->seen.serial)
		TH_LOG("%s", self->seen.error);
	ca_hang_up(ssl);
	ask.authority = other;
	ssl = ca_ask(other, &ask, &self->seen);
	EXPECT_EQ(61, self->seen.serial)
		TH_LOG("%s", self->seen.error);
	ca_hang_up(ssl);
	ca_free(other);
}

/* The accepted socket says what its client has asked for. */
TEST_F(creds, the_name_asked_for)
{
	struct ca_ask ask = { .name = "p.test", .tls12 = variant->tls12, .any_name = true };
	SSL *ssl;
	int fd;

	ASSERT_EQ(0, add(self->ca, self->fd, CA_P256, "o.test", 70, NULL));
	ASSERT_EQ(0, listen(self->fd, 8));
	ask.port = local_port(self->fd);
	ssl = ca_ask(self->ca, &ask, &self->seen);
	ASSERT_NE(NULL, ssl);
	fd = accept(self->fd, NULL, NULL);
	ASSERT_LE(0, fd);
	EXPECT_STREQ("p.test", tls_get_str(fd, TLS_HOSTNAME));
	EXPECT_EQ(EOPNOTSUPP, set_text(fd, TLS_HOSTNAME, "o.test"));
	EXPECT_EQ(EOPNOTSUPP, set_text(fd, TLS_PRIVATE_KEY, ca_key(self->ca, CA_P256)));
	close(fd);
	ca_hang_up(ssl);
}

/* ------------------------------------------------------------------- setting */

/* Chain first or key first, and the halves may come from two pairs one after the other. */
TEST_F(creds, either_order)
{
	char *rsa = ca_issue(self->ca, CA_RSA, "q.test", 80);
	char *p256 = ca_issue(self->ca, CA_P256, "q.test", 81);

	ASSERT_EQ(0, set_text(self->fd, TLS_PRIVATE_KEY, ca_key(self->ca, CA_RSA)));
	ASSERT_EQ(0, set_text(self->fd, TLS_CERTIFICATE_CHAIN, rsa));
	ASSERT_EQ(0, set_text(self->fd, TLS_CERTIFICATE_CHAIN, p256));
	ASSERT_EQ(0, set_text(self->fd, TLS_PRIVATE_KEY, ca_key(self->ca, CA_P256)));
	ASSERT_EQ(0, serve(self));
	EXPECT_SHOWN(80, "q.test", "rsa_pss_rsae_sha256");
	EXPECT_SHOWN(81, "q.test", "ecdsa_secp256r1_sha256");
	free(rsa);
	free(p256);
}

/* Half a pair is none: a listener goes on with the old one. */
TEST_F(creds, half_is_not_in_force)
{
	char *chain = ca_issue(self->ca, CA_P256, "r.test", 91);

	ASSERT_EQ(0, add(self->ca, self->fd, CA_P256, "r.test", 90, NULL));
	ASSERT_EQ(0, serve(self));
	ASSERT_EQ(0, set_text(self->fd, TLS_CERTIFICATE_CHAIN, chain));
	EXPECT_SHOWN(90, "r.test", NULL);
	/* Another one in its place */
	free(chain);
	chain = ca_issue(self->ca, CA_P256, "r.test", 92);
	ASSERT_EQ(0, set_text(self->fd, TLS_CERTIFICATE_CHAIN, chain));
	EXPECT_SHOWN(90, "r.test", NULL);
	ASSERT_EQ(0, set_text(self->fd, TLS_PRIVATE_KEY, ca_key(self->ca, CA_P256)));
	EXPECT_SHOWN(92, "r.test", NULL);
	free(chain);
}

/* What is refused changes nothing: not what is in force, not what waits, not the name. */
TEST_F(creds, no_side_effects)
{
	static const struct {
		int option;
		const char *value;
		int err;
	} bad[] = {
		{ TLS_CERTIFICATE_CHAIN, "/no/such/file", ENOENT },
		{ TLS_PRIVATE_KEY, "/no/such/file", ENOENT },
		{ TLS_PRIVATE_KEY, "key:no such key", ENOKEY },
		{ TLS_PRIVATE_KEY, "key:", EINVAL },
		{ TLS_CERTIFICATE_CHAIN, "-----BEGIN CERTIFICATE-----\nAAAA\n"
					 "-----END CERTIFICATE-----\n", EINVAL },
		{ TLS_PRIVATE_KEY, "-----BEGIN PRIVATE KEY-----\nAAAA\n"
				   "-----END PRIVATE KEY-----\n", EINVAL },
		{ TLS_HOSTNAME, "", EINVAL },
		{ TLS_HOSTNAME, "127.0.0.1", EINVAL },
		{ TLS_HOSTNAME, "::1", EINVAL },
		{ TLS_HOSTNAME, "*", EINVAL },
		{ TLS_HOSTNAME, "*.", EINVAL },
		{ TLS_HOSTNAME, "*.*.test", EINVAL },
		{ TLS_HOSTNAME, "a..test", EINVAL },
	};
	char *chain = ca_issue(self->ca, CA_P256, "s.test,t.test", 101);
	size_t i;

	ASSERT_EQ(0, add(self->ca, self->fd, CA_P256, "s.test,t.test", 100, NULL));
	ASSERT_EQ(0, serve(self));
	ASSERT_EQ(0, set_text(self->fd, TLS_HOSTNAME, "t.test"));
	ASSERT_EQ(0, set_text(self->fd, TLS_CERTIFICATE_CHAIN, chain));
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		EXPECT_EQ(bad[i].err, set_text(self->fd, bad[i].option, bad[i].value))
			TH_LOG("number %zu", i);
	/* A key, but that of another */
	EXPECT_EQ(EKEYREJECTED, set_text(self->fd, TLS_PRIVATE_KEY, ca_key(self->ca, CA_RSA)));
	EXPECT_STREQ("t.test", tls_get_str(self->fd, TLS_HOSTNAME));
	EXPECT_SHOWN(100, "t.test", NULL);
	ASSERT_EQ(0, set_text(self->fd, TLS_PRIVATE_KEY, ca_key(self->ca, CA_P256)));
	EXPECT_SHOWN(101, "t.test", NULL);
	EXPECT_SHOWN(100, "s.test", NULL);
	free(chain);
}

/* A pair that is not for the name that was said: refused, and it can be said again. */
TEST_F(creds, name_of_another)
{
	ASSERT_EQ(0, add(self->ca, self->fd, CA_P256, "u.test", 110, NULL));
	EXPECT_EQ(EKEYREJECTED, add(self->ca, self->fd, CA_P256, "v.test", 111, "w.test"));
	/* The chain waits still, for its key and a name of its own. */
	ASSERT_EQ(0, set_text(self->fd, TLS_HOSTNAME, "v.test"));
	ASSERT_EQ(0, set_text(self->fd, TLS_PRIVATE_KEY, ca_key(self->ca, CA_P256)));
	ASSERT_EQ(0, serve(self));
	EXPECT_SHOWN(110, "u.test", NULL);
	EXPECT_SHOWN(111, "v.test", NULL);
}

/* Words before the PEM text, as many tools write them (RFC 7468 5.2) */
TEST_F(creds, words_before_the_text)
{
	char *chain = ca_issue(self->ca, CA_P256, "x.test", 120), *text;

	ASSERT_LT(0, asprintf(&text, "subject=CN = x.test\n\n%s", chain));
	ASSERT_EQ(0, set_text(self->fd, TLS_CERTIFICATE_CHAIN, text));
	ASSERT_EQ(0, set_text(self->fd, TLS_PRIVATE_KEY, ca_key(self->ca, CA_P256)));
	ASSERT_EQ(0, serve(self));
	EXPECT_SHOWN(120, "x.test", NULL);
	free(text);
	free(chain);
}

TEST_F(creds, listen_without_any)
{
	char *chain = ca_issue(self->ca, CA_P256, "x.test", 130);

	EXPECT_EQ(-1, listen(self->fd, 1));
	EXPECT_EQ(EBADFD, errno);
	ASSERT_EQ(0, set_text(self->fd, TLS_CERTIFICATE_CHAIN, chain));
	EXPECT_EQ(-1, listen(self->fd, 1));
	EXPECT_EQ(EBADFD, errno);
	free(chain);
}

#define EXPECT_ERROR(what)								\
	EXPECT_NE(NULL, strstr(tls_error(self->fd), what))				\
		TH_LOG("TLS_ERROR: %s", tls_error(self->fd))

/* As a program that loads a pair again, whatever has come of its halves. */
static void load(FIXTURE_DATA(creds) *self, enum ca_key key, long serial, bool key_first,
		 int lost)
{
	char *chain = ca_issue(self->ca, key, "y.test", serial);
	int i, option;

	for (i = 0; i < 2; i++) {
		option = (i == 0) == key_first ? TLS_PRIVATE_KEY : TLS_CERTIFICATE_CHAIN;
		if (option == lost)
			set_text(self->fd, option, "/no/such/file");
		else
			set_text(self->fd, option, option == TLS_PRIVATE_KEY ?
				 ca_key(self->ca, key) : chain);
	}
	free(chain);
}

/* A half that fails does not put all that is loaded later out of step. */
TEST_F(creds, loaded_again_and_again)
{
	static const enum ca_key keys[] = { CA_P256, CA_RSA };
	int serial = 200, order, lost, before, after, i;

	ASSERT_EQ(0, add(self->ca, self->fd, CA_P256, "y.test", serial, NULL));
	ASSERT_EQ(0, serve(self));
	for (i = 0; i < 16; i++) {
		order = i & 1;
		lost = i & 2 ? TLS_PRIVATE_KEY : TLS_CERTIFICATE_CHAIN;
		before = keys[!!(i & 4)];
		after = keys[!!(i & 8)];
		load(self, before, ++serial, order, lost);
		EXPECT_SHOWN(serial - 1, "y.test", "ecdsa_secp256r1_sha256");
		EXPECT_ERROR("not in force");
		load(self, after, ++serial, order, 0);
		EXPECT_SHOWN(serial, "y.test", after == CA_RSA ? "rsa_pss_rsae_sha256" :
			     "ecdsa_secp256r1_sha256");
		EXPECT_ERROR("no error");
		load(self, CA_P256, ++serial, order, 0);
		EXPECT_SHOWN(serial, "y.test", "ecdsa_secp256r1_sha256");
		EXPECT_ERROR("no error");
		/* The same once more */
		load(self, CA_P256, serial, order, 0);
		EXPECT_SHOWN(serial, "y.test", "ecdsa_secp256r1_sha256");
		EXPECT_ERROR("no error");
	}
}

/*
 * Each way in which three loads of a pair can go, by a program that loads the chain first,
 * and by one that loads the key first: which halves cannot be read, and which of two keys
 * it is. After a load without a failure nothing waits.
 */
TEST_F(creds, every_order_of_failures)
{
	static const enum ca_key keys[] = { CA_P256, CA_ED25519 };
	int fd, load, i, option, err, lost, key;
	unsigned int way;
	char *chains[2];

	chains[0] = ca_issue(self->ca, CA_P256, "y.test", 400);
	chains[1] = ca_issue(self->ca, CA_ED25519, "y.test", 401);
	for (way = 0; way < 2 * 8 * 8 * 8; way++) {
		fd = tls_socket(AF_INET, 0);
		ASSERT_LE(0, fd);
		for (load = 0; load < 3; load++) {
			lost = way >> (3 * load) & 3;
			key = way >> (3 * load + 2) & 1;
			for (i = 0; i < 2; i++) {
				option = i == (way >> 9) ? TLS_CERTIFICATE_CHAIN : TLS_PRIVATE_KEY;
				err = set_text(fd, option, lost & (1 << i) ? "/no/such/file" :
					       option == TLS_PRIVATE_KEY ?
					       ca_key(self->ca, keys[key]) : chains[key]);
				if (lost & (1 << i)) {
					EXPECT_EQ(ENOENT, err);
				} else if (!lost) {
					EXPECT_EQ(0, err)
						TH_LOG("way %#x, load %d, half %d", way, load, i);
				}
			}
			if (!lost) {
				EXPECT_STREQ("no error", tls_error(fd))
					TH_LOG("way %#x, load %d", way, load);
			}
		}
		close(fd);
	}
	free(chains[0]);
	free(chains[1]);
}

static char *pem_of_small_key(void)
{
	EVP_PKEY *key = EVP_RSA_gen(1024);
	BIO *bio = BIO_new(BIO_s_mem());
	char *text = calloc(1, 4096);

	if (!key || !PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) ||
	    BIO_read(bio, text, 4095) <= 0)
		abort();
	BIO_free(bio);
	EVP_PKEY_free(key);
	return text;
}

static char *joined(const char *first, const char *second)
{
	char *text;

	if (asprintf(&text, "%s%s", first, second) < 0)
		abort();
	return text;
}

#define STUB(label)	"-----BEGIN " label "-----\nZm9v\n-----END " label "-----\n"

/* Each of the usual mistakes has its own text. */
TEST_F(creds, faults_are_told)
{
	char *chain = ca_issue(self->ca, CA_P256, "z.test", 300), *small = pem_of_small_key();
	char *other = ca_issue(self->ca, CA_P256, "z.test", 301);
	char *reversed = joined(ca_root(self->ca), chain), *twice = joined(chain, chain);
	const struct {
		int option;
		const char *value;
		int err;
		const char *text;
	} bad[] = {
		{ TLS_PRIVATE_KEY, STUB("ENCRYPTED PRIVATE KEY"), EOPNOTSUPP, "encrypted" },
		{ TLS_PRIVATE_KEY, small, EOPNOTSUPP, "too small" },
		{ TLS_PRIVATE_KEY, chain, EINVAL, "no private key" },
		{ TLS_PRIVATE_KEY, STUB("PRIVATE KEY"), EINVAL, "malformed" },
		{ TLS_CERTIFICATE_CHAIN, reversed, EINVAL, "out of order" },
		{ TLS_CERTIFICATE_CHAIN, twice, EINVAL, "twice" },
		{ TLS_CERTIFICATE_CHAIN, STUB("CERTIFICATE REQUEST"), EINVAL, "CSR" },
		{ TLS_CERTIFICATE_CHAIN, small, EINVAL, "no certificate" },
		{ TLS_TRUSTED_PEER_CERTIFICATES, STUB("CERTIFICATE REQUEST"), EINVAL, "CSR" },
		{ TLS_REMOTE_HOSTNAME, "[::1]", EINVAL, "host name" },
		{ TLS_REMOTE_HOSTNAME, "host:443", EINVAL, "host name" },
		{ TLS_REMOTE_HOSTNAME, "https://host/", EINVAL, "host name" },
		{ TLS_HOSTNAME, "host:443", EINVAL, "host name" },
	};
	struct sockaddr_host addr = {
		.sin_family = AF_HOSTNAME, .sin_port = htons(443), .sin_addr = { "host:443" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		EXPECT_EQ(bad[i].err, set_text(self->fd, bad[i].option, bad[i].value));
		EXPECT_ERROR(bad[i].text);
		/* What is right is not blamed for it. */
		ASSERT_EQ(0, set_text(self->fd, TLS_HOSTNAME, "z.test"));
	}
	/* DER has NULs. */
	EXPECT_EQ(-1, setsockopt(self->fd, IPPROTO_TLS, TLS_CERTIFICATE_CHAIN, "\x30\0\x30", 4));
	EXPECT_ERROR("DER");
	/* After a pair that is good everything begins anew. */
	EXPECT_EQ(0, add(self->ca, self->fd, CA_P256, "z.test", 302, NULL));
	EXPECT_EQ(0, set_text(self->fd, TLS_CERTIFICATE_CHAIN, chain));
	EXPECT_ERROR("TLS_PRIVATE_KEY");
	EXPECT_EQ(EKEYREJECTED, set_text(self->fd, TLS_PRIVATE_KEY, ca_key(self->ca, CA_RSA)));
	EXPECT_ERROR(reason_find("CRED_MISMATCH")->text);
	EXPECT_EQ(0, set_text(self->fd, TLS_PRIVATE_KEY, ca_key(self->ca, CA_P256)));
	EXPECT_ERROR("no error");
	EXPECT_EQ(0, set_text(self->fd, TLS_PRIVATE_KEY, ca_key(self->ca, CA_P256)));
	EXPECT_ERROR("TLS_CERTIFICATE_CHAIN");
	ASSERT_EQ(0, set_text(self->fd, TLS_HOSTNAME, "other.test"));
	EXPECT_EQ(EKEYREJECTED, set_text(self->fd, TLS_CERTIFICATE_CHAIN, other));
	EXPECT_ERROR(reason_find("CRED_NAME")->text);
	EXPECT_EQ(-1, connect(self->fd, (struct sockaddr *)&addr, sizeof(addr)));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_ERROR(reason_find("BAD_HOST_NAME")->text);
	free(twice);
	free(reversed);
	free(other);
	free(small);
	free(chain);
}

/* ----------------------------------------------------------------- programs */

static char *save(const char *dir, const char *name, const char *text)
{
	char *path;
	FILE *f;

	if (asprintf(&path, "%s/%s", dir, name) < 0)
		abort();
	f = fopen(path, "w");
	if (!f || fputs(text, f) < 0 || fclose(f))
		abort();
	return path;
}

/* Does the command's output have this? */
static bool says(const char *command, const char *what)
{
	FILE *f = popen(command, "r");
	char line[4096];
	bool found = false;

	while (f && fgets(line, sizeof(line), f)) {
		if (strcasestr(line, what))
			found = true;
		else if (!found)
			fprintf(stderr, "#   %s", line);
	}
	if (f)
		pclose(f);
	return found;
}

TEST_F(creds, openssl_and_curl)
{
	const char *version = variant->tls12 ? "tls1_2" : "tls1_3";
	char dir[] = DIR_TEMPLATE, command[1024], *root, *chain, *key, *text;

	ASSERT_NE(NULL, mkdtemp(dir));
	root = save(dir, "root.pem", ca_root(self->ca));
	/* Paths this time */
	text = ca_issue(self->ca, CA_RSA, "y.test,*.z.test", 0x8c);
	chain = save(dir, "chain.pem", text);
	key = save(dir, "key.pem", ca_key(self->ca, CA_RSA));
	ASSERT_EQ(0, set_text(self->fd, TLS_CERTIFICATE_CHAIN, chain));
	ASSERT_EQ(0, set_text(self->fd, TLS_PRIVATE_KEY, key));
	ASSERT_EQ(0, add(self->ca, self->fd, CA_ED25519, "y.test", 0x8d, NULL));
	ASSERT_EQ(0, add(self->ca, self->fd, CA_P256, "default.test", 0x8e, "default.test"));
	ASSERT_EQ(0, serve(self));

	snprintf(command, sizeof(command),
		 "openssl s_client -%s -connect 127.0.0.1:%d -servername y.test -CAfile %s -verify_return_error -sigalgs ed25519 < /dev/null 2>&1",
		 version, self->port, root);
	EXPECT_TRUE(says(command, "PKEY: ed25519"));
	snprintf(command, sizeof(command),
		 "openssl s_client -%s -connect 127.0.0.1:%d -servername a.z.test -CAfile %s -verify_return_error -verify_hostname a.z.test < /dev/null 2>&1",
		 version, self->port, root);
	EXPECT_TRUE(says(command, "PKEY: rsa"));
	snprintf(command, sizeof(command),
		 "curl -sv --cacert %s --resolve default.test:%d:127.0.0.1 --%s %s https://default.test:%d/ 2>&1",
		 root, self->port, variant->tls12 ? "tlsv1.2 --tls-max" : "tlsv1.3 --tls-max",
		 variant->tls12 ? "1.2" : "1.3", self->port);
	EXPECT_TRUE(says(command, "subject: CN=default.test"));

	unlink(root);
	unlink(chain);
	unlink(key);
	rmdir(dir);
	free(root);
	free(chain);
	free(key);
	free(text);
}

int main(int argc, char **argv)
{
	return harness_main(argc, argv, 1);
}
