// SPDX-License-Identifier: GPL-2.0
/*
 * Every option x place x direction x kind of value. What is expected is computed from
 * the kernel's own list of options (option_table.h) by the rules of tls_ssa(7), in
 * their order:
 *
 *	option is known		ENOPROTOOPT
 *	it has this direction	EOPNOTSUPP
 *	it is allowed here	EOPNOTSUPP
 *	length			EINVAL, E2BIG; read: EINVAL
 *	memory			EFAULT
 *	meaning			EINVAL, or the option's own; read: ERANGE
 *
 * A call that fails changes nothing: after each of them the option is what it was.
 */
#include <sys/mman.h>
#include "harness.h"
#include "option_places.h"
#include "option_table.h"

#define BUFFER		(SSA_PEM_MAX + 64)

/* A value that begins 8 bytes into it is aligned; there are some bytes around it. */
static _Alignas(16) char value[BUFFER + 64];
static _Alignas(16) char answer[BUFFER + 64];

/* ------------------------------------------------------- what is to be expected */

/* Texts may have one NUL more than their longest length. */
static bool is_text(const struct option *o)
{
	return o->kind == KIND_TEXT || o->kind == KIND_LIST || o->kind == KIND_PEM ||
	       o->kind == KIND_ALPN || o->kind == KIND_VERSION;
}

/* @err: what comes if all that can be said without the value's meaning is well */
static int want_set(const struct option *o, const FIXTURE_VARIANT(place) *variant, int err)
{
	return o->set_at & variant->letter ? err : EOPNOTSUPP;
}

/* The same for a value that has got as far as its meaning */
static int want_meaning(const struct option *o, const FIXTURE_VARIANT(place) *variant, int err)
{
	if (o->ex->upgraded && variant->where != AT_UPGRADED)
		err = EOPNOTSUPP;
	return want_set(o, variant, err);
}

static int want_get(const struct option *o, const FIXTURE_VARIANT(place) *variant, int err)
{
	return o->get_at & variant->letter ? err : EOPNOTSUPP;
}

/* ---------------------------------------------------------------------- calls */

static int set(int fd, const struct option *o, const void *val, socklen_t len)
{
	return setsockopt(fd, IPPROTO_TLS, o->number, val, len) ? errno : 0;
}

/* *len: room, then what came back */
static int get(int fd, const struct option *o, void *val, socklen_t *len)
{
	return getsockopt(fd, IPPROTO_TLS, o->number, val, len) ? errno : 0;
}

/* The whole value into answer[]; what an exporter gives is as long as one asks for. */
static int get_all(int fd, const struct option *o, socklen_t *len)
{
	static socklen_t written = BUFFER;
	int err;

	memset(answer, '#', written + 8);
	*len = o->kind == KIND_EXPORT ? 64 : BUFFER;
	err = get(fd, o, answer, len);
	written = err ? 64 : *len;
	return err;
}

/* The valid value of an option, without a NUL, to @at; its length */
static socklen_t good(FIXTURE_DATA(place) *self, const struct option *o, char *at)
{
	const char *text = o->ex->file ? pki_file(o->ex->file) : o->ex->text;

	if (o->kind == KIND_INT) {
		memcpy(at, &o->ex->number, sizeof(int));
		return sizeof(int);
	}
	if (o->ex->handle)
		text = tls_get_str(self->donor, o->number);
	if (!text)
		text = "no valid value";	/* which is a failure */
	return stpcpy(at, text) - at;
}

/* --------------------------------------------------------------- state of options */

/* What an option says here and now; to be compared */
struct state {
	int err;
	socklen_t len;
	char *value;
};

static void state_take(struct state *s, int fd, const struct option *o)
{
	s->err = get_all(fd, o, &s->len);
	s->value = NULL;
	if (!s->err) {
		s->value = malloc(s->len ?: 1);
		memcpy(s->value, answer, s->len);
	}
}

static bool state_same(const struct state *s, int fd, const struct option *o)
{
	socklen_t len;
	int err = get_all(fd, o, &len);

	if (err != s->err)
		return false;
	return err || o->ex->changes || (len == s->len && !memcmp(answer, s->value, len));
}

/* All that can be read, before and after */
static struct state before[ARRAY_SIZE(options)];

static void all_take(int fd)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(options); i++)
		state_take(&before[i], fd, &options[i]);
}

static void all_same(struct __test_metadata *_metadata, int fd)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(options); i++) {
		EXPECT_TRUE(state_same(&before[i], fd, &options[i]))
			TH_LOG("TLS_%s has changed", options[i].name);
		free(before[i].value);
	}
}

/* One setsockopt(): the errno; if it was to fail, the option is what it was. */
static void try_set(struct __test_metadata *_metadata, int fd, const struct option *o,
		    const char *what, int want, const void *val, socklen_t len)
{
	struct state s;
	int err;

	state_take(&s, fd, o);
	err = set(fd, o, val, len);
	EXPECT_EQ(want, err)
		TH_LOG("set TLS_%s, %s, %u bytes: '%s' instead of '%s'", o->name, what, len,
		       strerror(err), strerror(want));
	if (want)
		EXPECT_TRUE(state_same(&s, fd, o))
			TH_LOG("TLS_%s, %s: refused, but its value has changed", o->name, what);
	free(s.value);
}

static void try_get(struct __test_metadata *_metadata, int fd, const struct option *o,
		    const char *what, int want, void *val, socklen_t *len)
{
	int err = get(fd, o, val, len);

	EXPECT_EQ(want, err)
		TH_LOG("get TLS_%s, %s: '%s' instead of '%s'", o->name, what, strerror(err),
		       strerror(want));
}

#define for_each_option(o) \
	for (o = options; o < options + ARRAY_SIZE(options); o++)

/* ------------------------------------------------------------------ the list itself */

TEST(list)
{
	const struct option *o, *p;

	for_each_option(o) {
		for (p = options; p < o; p++) {
			EXPECT_NE(p->number, o->number)
				TH_LOG("TLS_%s and TLS_%s", p->name, o->name);
			EXPECT_STRNE(p->name, o->name);
		}
		EXPECT_TRUE(o->set_at || o->get_at);
		if (!o->set_at)
			continue;
		EXPECT_LE(1, o->min);
		EXPECT_LE(o->min, o->max);
		/* Something valid is known of everything that can be set. */
		EXPECT_TRUE(o->kind == KIND_INT || o->ex->text || o->ex->file || o->ex->handle)
			TH_LOG("TLS_%s has no example of a valid value", o->name);
		EXPECT_NE(0, o->ex->longest)
			TH_LOG("TLS_%s: is the longest value valid?", o->name);
		EXPECT_TRUE(o->ex->junk[0].bytes)
			TH_LOG("TLS_%s has no example of a bad value", o->name);
		if (o->kind == KIND_INT)
			EXPECT_TRUE(o->min == sizeof(int) && o->max == sizeof(int));
	}
}

TEST_F(place, unknown_numbers)
{
	const struct option *o;
	socklen_t len;
	int n;

	for (n = -2; n < 300; n++) {
		for_each_option(o)
			if (o->number == n)
				break;
		if (o < options + ARRAY_SIZE(options))
			continue;
		len = 16;
		EXPECT_EQ(-1, setsockopt(self->fd, IPPROTO_TLS, n, answer, len));
		EXPECT_EQ(ENOPROTOOPT, errno)
			TH_LOG("set %d: %m", n);
		EXPECT_EQ(-1, getsockopt(self->fd, IPPROTO_TLS, n, answer, &len));
		EXPECT_EQ(ENOPROTOOPT, errno)
			TH_LOG("get %d: %m", n);
	}
}

/* ------------------------------------------------------------------------- setting */

/* What was set can be read back, in the form that the example says. */
static void read_back(struct __test_metadata *_metadata, FIXTURE_DATA(place) *self,
		      const FIXTURE_VARIANT(place) *variant, const struct option *o)
{
	const char *shown = o->ex->shown ?: o->ex->text;
	socklen_t len;
	int number;

	if (!(o->get_at & variant->letter) || o->kind == KIND_EXPORT || o->ex->handle)
		return;
	ASSERT_EQ(0, get_all(self->fd, o, &len))
		TH_LOG("TLS_%s: %m", o->name);
	if (o->kind == KIND_INT) {
		memcpy(&number, answer, sizeof(number));
		EXPECT_EQ(o->ex->number, number)
			TH_LOG("TLS_%s", o->name);
	} else if (o->kind == KIND_PEM) {
		EXPECT_EQ(0, strncmp(shown, answer, strlen(shown)))
			TH_LOG("TLS_%s: '%s'", o->name, answer);
	} else {
		EXPECT_STREQ(shown, answer);
	}
}

/*
 * On a socket of its own where that can be, so that the options do not meddle with each
 * other. @off: from an aligned address. @nuls: behind it
 */
static void set_valid(struct __test_metadata *_metadata, FIXTURE_DATA(place) *self,
		      const FIXTURE_VARIANT(place) *variant, const char *what, int off, int nuls)
{
	bool established = variant->letter & (CLIENT | SERVER);
	const struct option *o;
	socklen_t len;
	int want;

	for_each_option(o) {
		if (nuls && !is_text(o))
			continue;
		memset(value, 'Z', 64 + off);
		len = good(self, o, value + 8 + off);
		memset(value + 8 + off + len, nuls ? 0 : 'Z', 8);
		len += nuls;
		want = want_meaning(o, variant, 0);
		/* Where nothing can be set its length does not matter. */
		if (nuls > 1 && (o->set_at & variant->letter))
			want = len - 1 > o->max ? E2BIG : EINVAL;
		if (o->ex->upgraded && variant->where == AT_UPGRADED && !want)
			ASSERT_EQ(0, tls_set_str(self->fd, TLS_REMOTE_HOSTNAME, SERVER_NAME));
		try_set(_metadata, self->fd, o, what, want, value + 8 + off, len);
		if (want)
			continue;
		read_back(_metadata, self, variant, o);
		if (!established) {
			place_leave(self);
			ASSERT_EQ(0, place_enter(self, variant));
		}
	}
}

TEST_F(place, set_valid)
{
	set_valid(_metadata, self, variant, "valid", 0, 0);
}

TEST_F(place, set_with_nul)
{
	set_valid(_metadata, self, variant, "with a final NUL", 0, 1);
}

TEST_F(place, set_with_two_nuls)
{
	set_valid(_metadata, self, variant, "with two final NULs", 0, 2);
}

TEST_F(place, set_unaligned)
{
	set_valid(_metadata, self, variant, "unaligned", 1, 0);
	set_valid(_metadata, self, variant, "unaligned", 3, 0);
}

TEST_F(place, set_too_short)
{
	const struct option *o;
	socklen_t len;

	all_take(self->fd);
	for_each_option(o) {
		memset(value, 'Z', 64);
		good(self, o, value + 8);
		for (len = 0; len < o->min; len++)
			try_set(_metadata, self->fd, o, "too short",
				want_set(o, variant, EINVAL), value + 8, len);
		/* Length before memory */
		try_set(_metadata, self->fd, o, "no bytes at NULL", want_set(o, variant, EINVAL),
			NULL, 0);
		/* socket(7)'s own, before anybody knows the option */
		try_set(_metadata, self->fd, o, "-1 bytes", EINVAL, value + 8, -1);
		if (is_text(o))
			try_set(_metadata, self->fd, o, "only a NUL",
				want_set(o, variant, EINVAL), "", 1);
	}
	all_same(_metadata, self->fd);
}

TEST_F(place, set_too_long)
{
	const struct option *o;
	socklen_t len;

	all_take(self->fd);
	for_each_option(o) {
		len = o->max + 1 + is_text(o);
		memset(value, 'a', len);
		try_set(_metadata, self->fd, o, "too long", want_set(o, variant, E2BIG), value,
			len);
		if (is_text(o))
			try_set(_metadata, self->fd, o, "too long by what is no NUL",
				want_set(o, variant, E2BIG), value, o->max + 1);
		good(self, o, value);
		try_set(_metadata, self->fd, o, "valid, but too long",
			want_set(o, variant, E2BIG), value, len);
		/* Length before memory */
		try_set(_metadata, self->fd, o, "too long at NULL", want_set(o, variant, E2BIG),
			NULL, len);
		try_set(_metadata, self->fd, o, "2 GiB", want_set(o, variant, E2BIG), NULL,
			0x7fffffff);
	}
	all_same(_metadata, self->fd);
}

/* The longest length gets as far as the meaning. */
TEST_F(place, set_longest)
{
	const struct option *o;

	all_take(self->fd);
	for_each_option(o) {
		memset(value, 'a', o->max);
		value[o->max] = 0;
		try_set(_metadata, self->fd, o, "longest",
			want_meaning(o, variant, o->ex->longest), value, o->max);
		if (is_text(o))
			try_set(_metadata, self->fd, o, "longest with a NUL",
				want_meaning(o, variant, o->ex->longest), value, o->max + 1);
	}
	all_same(_metadata, self->fd);
}

TEST_F(place, set_bad_pointer)
{
	size_t page = sysconf(_SC_PAGESIZE);
	const struct option *o;
	socklen_t len;
	char *end;

	end = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, end);
	ASSERT_EQ(0, munmap(end + page, page));
	end += page;
	all_take(self->fd);
	for_each_option(o) {
		len = good(self, o, value);
		if (!o->set_at)
			len = 8;
		try_set(_metadata, self->fd, o, "NULL", want_set(o, variant, EFAULT), NULL, len);
		try_set(_metadata, self->fd, o, "address 8", want_set(o, variant, EFAULT),
			(void *)8, len);
		try_set(_metadata, self->fd, o, "kernel address", want_set(o, variant, EFAULT),
			(void *)-4096, len);
		/* All but the last byte is there. */
		memcpy(end - (len - 1), value, len - 1);
		try_set(_metadata, self->fd, o, "end of the page", want_set(o, variant, EFAULT),
			end - (len - 1), len);
	}
	all_same(_metadata, self->fd);
	munmap(end - page, page);
}

TEST_F(place, set_junk)
{
	const struct option *o;
	const struct junk *j;
	socklen_t len;

	all_take(self->fd);
	for_each_option(o) {
		for (j = o->ex->junk; j < o->ex->junk + JUNK_MAX && j->bytes; j++) {
			memcpy(value, j->bytes, j->len);
			try_set(_metadata, self->fd, o, j->bytes,
				want_meaning(o, variant, j->err), value, j->len);
		}
		if (!is_text(o) || !o->set_at)
			continue;
		/* What is checked must be what is used. */
		len = good(self, o, value);
		value[len / 2] = 0;
		try_set(_metadata, self->fd, o, "NUL in the middle",
			want_meaning(o, variant, EINVAL), value, len);
		if (o->kind == KIND_PEM || o->min > 2)
			continue;
		try_set(_metadata, self->fd, o, "bytes that are no text",
			want_meaning(o, variant, EINVAL), "\377\1", 2);
		memset(value, 0, o->max);
		try_set(_metadata, self->fd, o, "zeros", want_meaning(o, variant, EINVAL), value,
			o->max);
	}
	all_same(_metadata, self->fd);
}

/* ------------------------------------------------------------------------- reading */

/* An exporter has something to say once it knows for what. */
static void prepare(struct __test_metadata *_metadata, FIXTURE_DATA(place) *self,
		    const FIXTURE_VARIANT(place) *variant)
{
	const struct option *o;

	for_each_option(o)
		if (o->kind == KIND_EXPORT && o->set_at & variant->letter)
			EXPECT_EQ(0, set(self->fd, o, value, good(self, o, value)));
}

/* Length and form of a value that was read */
static void judge(struct __test_metadata *_metadata, const FIXTURE_VARIANT(place) *variant,
		  const struct option *o, socklen_t len)
{
	const struct tls_ssa_info *info = (void *)answer;
	const char *begins = NULL;

	EXPECT_EQ('#', answer[len])
		TH_LOG("TLS_%s wrote more than it says", o->name);
	switch (o->kind) {
	case KIND_TEXT:
	case KIND_LIST:
	case KIND_PEM:
	case KIND_ALPN:
	case KIND_VERSION:
		EXPECT_EQ(strnlen(answer, len) + 1, len)
			TH_LOG("TLS_%s: %u bytes, '%.*s'", o->name, len, len, answer);
		if (variant->letter == CLIENT)
			begins = o->ex->client;
		else if (variant->letter == SERVER)
			begins = o->ex->server;
		else if (variant->where == AT_SETUP)
			EXPECT_TRUE(!o->ex->initial || !strcmp(o->ex->initial, answer))
				TH_LOG("TLS_%s of a new socket is '%s'", o->name, answer);
		EXPECT_TRUE(!begins || !strncmp(begins, answer, strlen(begins)))
			TH_LOG("TLS_%s is '%s'", o->name, answer);
		break;
	case KIND_INT:
		EXPECT_EQ(sizeof(int), len)
			TH_LOG("TLS_%s", o->name);
		if (variant->where == AT_SETUP && o->ex->number_initial >= 0)
			EXPECT_EQ(0, memcmp(&o->ex->number_initial, answer, sizeof(int)))
				TH_LOG("TLS_%s of a new socket", o->name);
		break;
	case KIND_INFO:
		ASSERT_EQ(sizeof(struct tls_ssa_info), len);
		EXPECT_EQ(variant->letter == SETUP ? TLS_INFO_SETUP :
			  variant->letter == LISTEN ? TLS_INFO_LISTEN :
			  variant->letter == BUSY ? TLS_INFO_HANDSHAKE :
			  variant->letter == FAILED ? TLS_INFO_FAILED : TLS_INFO_ESTABLISHED,
			  info->state);
		EXPECT_EQ(variant->letter & (CLIENT | SERVER) ? 0x0304 : 0, info->version);
		EXPECT_EQ(variant->letter == FAILED ? EPROTO : 0, info->error);
		EXPECT_EQ(variant->letter == SERVER, !!(info->flags & TLS_INFO_F_SERVER));
		EXPECT_EQ(variant->letter == CLIENT,
			  !!(info->flags & TLS_INFO_F_PEER_CERTIFICATE));
		EXPECT_EQ(variant->letter == SERVER, !!(info->flags & TLS_INFO_F_OWN_CERTIFICATE));
		EXPECT_EQ(variant->where == AT_UPGRADED, !!(info->flags & TLS_INFO_F_UPGRADED));
		EXPECT_EQ(variant->letter == FAILED, !!info->reason[0]);
		EXPECT_EQ(0, info->reserved);
		break;
	case KIND_EXPORT:
		EXPECT_EQ(64, len);
		break;
	case KIND_BYTES:
		EXPECT_EQ(32, len);
		break;
	}
}

TEST_F(place, get_valid)
{
	const struct option *o;
	socklen_t len;

	prepare(_metadata, self, variant);
	for_each_option(o) {
		int err = get_all(self->fd, o, &len);

		EXPECT_EQ(want_get(o, variant, 0), err)
			TH_LOG("get TLS_%s: '%s'", o->name, strerror(err));
		if (!err)
			judge(_metadata, variant, o, len);
	}
}

TEST_F(place, get_unaligned)
{
	const struct option *o;
	socklen_t len, again, *odd = (socklen_t *)(value + 1);

	prepare(_metadata, self, variant);
	for_each_option(o) {
		struct state s;

		state_take(&s, self->fd, o);
		memset(answer, '#', 64);
		len = o->kind == KIND_EXPORT ? 64 : BUFFER;
		memcpy(odd, &len, sizeof(len));
		try_get(_metadata, self->fd, o, "unaligned", want_get(o, variant, 0), answer + 3,
			odd);
		memcpy(&again, odd, sizeof(again));
		if (!s.err && !o->ex->changes) {
			EXPECT_EQ(s.len, again)
				TH_LOG("TLS_%s", o->name);
			EXPECT_EQ(0, memcmp(s.value, answer + 3, s.len))
				TH_LOG("TLS_%s", o->name);
		}
		free(s.value);
	}
}

/* 0 to 4, and one byte less than it takes */
static socklen_t next_room(socklen_t room, socklen_t need)
{
	return room < 4 || room + 2 > need ? room + 1 : need - 1;
}

/* One that is too small is told so, with what it takes, and not written to. */
TEST_F(place, get_small_buffer)
{
	const struct option *o;
	socklen_t need, room, len;

	prepare(_metadata, self, variant);
	for_each_option(o) {
		bool prefix = o->kind == KIND_INFO || o->kind == KIND_EXPORT;

		if (get_all(self->fd, o, &need) || !need)
			continue;
		for (room = 0; room <= need; room = next_room(room, need)) {
			memset(answer, '#', need + 1);
			len = room;
			if (!room && o->kind == KIND_EXPORT)
				continue;
			try_get(_metadata, self->fd, o, "small buffer",
				prefix || room == need ? 0 : ERANGE, answer, &len);
			EXPECT_EQ(prefix ? room : need, len)
				TH_LOG("TLS_%s with room for %u bytes", o->name, room);
			EXPECT_EQ('#', answer[prefix || room == need ? room : 0])
				TH_LOG("TLS_%s with room for %u bytes", o->name, room);
		}
	}
}

TEST_F(place, get_bad_pointer)
{
	const struct option *o;
	socklen_t len;

	prepare(_metadata, self, variant);
	for_each_option(o) {
		len = o->kind == KIND_EXPORT ? 64 : BUFFER;
		try_get(_metadata, self->fd, o, "NULL", want_get(o, variant, EFAULT), NULL, &len);
		len = o->kind == KIND_EXPORT ? 64 : BUFFER;
		try_get(_metadata, self->fd, o, "kernel address", want_get(o, variant, EFAULT),
			(void *)-4096, &len);
		try_get(_metadata, self->fd, o, "NULL for the length",
			want_get(o, variant, EFAULT), answer, NULL);
		try_get(_metadata, self->fd, o, "kernel address for the length",
			want_get(o, variant, EFAULT), answer, (void *)-4096);
		len = -1;
		try_get(_metadata, self->fd, o, "-1 bytes", want_get(o, variant, EINVAL), answer,
			&len);
	}
}

int main(int argc, char **argv)
{
	return harness_main(argc, argv, 2);
}
