// SPDX-License-Identifier: GPL-2.0
/*
 * Helpers of the Secure Socket API's tests: see lib.h.
 */
#include "lib.h"

#define REASON_LIST "../../../../../net/tls_ssa/reason_list.h"

static const struct reason reasons[] = {
#define SSA_REASON(name, alert, err, counter, text) { #name, counter, text, #alert, err },
#include REASON_LIST
#undef SSA_REASON
};

const struct reason *reason_find(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(reasons); i++)
		if (!strcmp(reasons[i].name, name))
			return &reasons[i];
	fprintf(stderr, "no reason %s in %s\n", name, REASON_LIST);
	abort();
}

const char *pki_file(const char *name)
{
	static struct {
		char *name;
		char *path;
	} files[64];
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	const char *dir = getenv("TLS_SSA_PKI");
	size_t i;

	pthread_mutex_lock(&lock);
	for (i = 0; i < ARRAY_SIZE(files) && files[i].name; i++)
		if (!strcmp(files[i].name, name))
			break;
	if (i == ARRAY_SIZE(files))
		abort();
	if (!files[i].name) {
		files[i].name = strdup(name);
		if (asprintf(&files[i].path, "%s/%s", dir ? dir : "/tmp/tls_ssa-pki", name) < 0)
			abort();
	}
	pthread_mutex_unlock(&lock);
	return files[i].path;
}

long long ssa_counter(const char *name)
{
	FILE *f = fopen("/proc/net/tls_ssa_stat", "r");
	char word[128];
	long long value;
	int n;

	if (!f)
		return -1;
	while ((n = fscanf(f, "%127s %lld", word, &value)) == 2) {
		if (!strcmp(word, name)) {
			fclose(f);
			return value;
		}
	}
	fclose(f);
	return -1;
}

long long ssa_counter_wait(const char *name, long long before)
{
	int tries;

	for (tries = 0; tries < 1000 && ssa_counter(name) <= before; tries++)
		usleep(20000);
	return ssa_counter(name);
}

socklen_t loopback(struct sockaddr_storage *ss, int family, int port)
{
	struct sockaddr_in6 *a6 = (struct sockaddr_in6 *)ss;
	struct sockaddr_in *a4 = (struct sockaddr_in *)ss;

	memset(ss, 0, sizeof(*ss));
	if (family == AF_INET6) {
		a6->sin6_family = AF_INET6;
		a6->sin6_port = htons(port);
		a6->sin6_addr = in6addr_loopback;
		return sizeof(*a6);
	}
	a4->sin_family = AF_INET;
	a4->sin_port = htons(port);
	a4->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return sizeof(*a4);
}

int local_port(int fd)
{
	struct sockaddr_storage ss;
	socklen_t len = sizeof(ss);

	if (getsockname(fd, (struct sockaddr *)&ss, &len))
		return -1;
	if (ss.ss_family == AF_INET6)
		return ntohs(((struct sockaddr_in6 *)&ss)->sin6_port);
	return ntohs(((struct sockaddr_in *)&ss)->sin_port);
}

static int bind_listen(int fd, int family, int *port)
{
	struct sockaddr_storage ss;
	socklen_t len = loopback(&ss, family, *port);
	int one = 1;

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *)&ss, len) || listen(fd, 512)) {
		close(fd);
		return -1;
	}
	*port = local_port(fd);
	return fd;
}

int tcp_listen(int family, int *port)
{
	return bind_listen(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0), family, port);
}

int tcp_connect(int family, int port)
{
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;
	struct sockaddr_storage ss;
	socklen_t len = loopback(&ss, family, port);

	if (fd < 0)
		return -1;
	if (connect(fd, (struct sockaddr *)&ss, len)) {
		close(fd);
		return -1;
	}
	setsockopt(fd, SOL_TCP, TCP_NODELAY, &one, sizeof(one));
	return fd;
}

void close_with_rst(int fd)
{
	struct linger linger = { .l_onoff = 1, .l_linger = 0 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	close(fd);
}

int tls_socket(int family, int flags)
{
	return socket(family, SOCK_STREAM | flags, IPPROTO_TLS);
}

int tls_connect_fd(int fd, int family, int port)
{
	struct sockaddr_storage ss;
	socklen_t len = loopback(&ss, family, port);

	return connect(fd, (struct sockaddr *)&ss, len);
}

int tls_set_str(int fd, int option, const char *value)
{
	return setsockopt(fd, IPPROTO_TLS, option, value, strlen(value) + 1);
}

int tls_listen_with(int family, int *port, const char *cert, const char *key,
		    int (*prepare)(int fd, const void *arg), const void *arg)
{
	int fd = tls_socket(family, SOCK_CLOEXEC);

	if (fd < 0)
		return -1;
	if ((*cert && (tls_set_str(fd, TLS_CERTIFICATE_CHAIN, cert) ||
		       tls_set_str(fd, TLS_PRIVATE_KEY, key))) ||
	    (prepare && prepare(fd, arg))) {
		close(fd);
		return -1;
	}
	return bind_listen(fd, family, port);
}

int tls_listen(int family, int *port, const char *cert, const char *key)
{
	return tls_listen_with(family, port, cert, key, NULL, NULL);
}

int tls_client(int family, int flags)
{
	int fd = tls_socket(family, flags);

	if (fd < 0)
		return -1;
	if (tls_set_str(fd, TLS_REMOTE_HOSTNAME, SERVER_NAME) ||
	    tls_set_str(fd, TLS_TRUSTED_PEER_CERTIFICATES, pki_file("root.pem"))) {
		close(fd);
		return -1;
	}
	return fd;
}

const char *tls_get_str(int fd, int option)
{
	static __thread char text[TEXT_MAX];
	socklen_t len = sizeof(text) - 1;

	memset(text, 0, sizeof(text));
	if (getsockopt(fd, IPPROTO_TLS, option, text, &len))
		return NULL;
	return text;
}

const char *tls_error(int fd)
{
	const char *text = tls_get_str(fd, TLS_ERROR);

	return text ? text : "";
}

int so_error(int fd)
{
	socklen_t len = sizeof(int);
	int err = -1;

	getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len);
	return err;
}

static unsigned char pattern_byte(uint64_t pos)
{
	return pos * 7 + (pos >> 8) * 13 + (pos >> 16);
}

void pattern_fill(void *buf, size_t len, uint64_t pos)
{
	unsigned char *p = buf;
	size_t i;

	for (i = 0; i < len; i++)
		p[i] = pattern_byte(pos + i);
}

bool pattern_check(const void *buf, size_t len, uint64_t pos)
{
	const unsigned char *p = buf;
	size_t i;

	for (i = 0; i < len; i++) {
		if (p[i] != pattern_byte(pos + i)) {
			fprintf(stderr, "# byte %llu is %02x and should be %02x\n",
				(unsigned long long)(pos + i), p[i], pattern_byte(pos + i));
			return false;
		}
	}
	return true;
}

int pattern_memfd(size_t len)
{
	int fd = memfd_create("pattern", MFD_CLOEXEC);
	void *map;

	if (fd < 0 || ftruncate(fd, len))
		return -1;
	map = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		return -1;
	pattern_fill(map, len, 0);
	munmap(map, len);
	return fd;
}

ssize_t send_all(int fd, const void *buf, size_t len)
{
	size_t done = 0;
	ssize_t n;

	while (done < len) {
		n = send(fd, (const char *)buf + done, len - done, MSG_NOSIGNAL);
		if (n < 0)
			return -1;
		done += n;
	}
	return done;
}

ssize_t recv_all(int fd, void *buf, size_t len)
{
	size_t done = 0;
	ssize_t n;

	while (done < len) {
		n = recv(fd, (char *)buf + done, len - done, 0);
		if (n < 0)
			return -1;
		if (!n)
			break;
		done += n;
	}
	return done;
}

int echo_pattern(int fd, size_t len, uint64_t pos)
{
	size_t chunk = len < 65536 ? len : 65536, out = 0, in = 0;
	unsigned char *buf = malloc(chunk);
	int ret = -1;

	while (in < len) {
		struct pollfd p = { .fd = fd, .events = POLLIN | (out < len ? POLLOUT : 0) };
		size_t want;
		ssize_t n;

		if (poll(&p, 1, -1) < 0)
			goto out;
		if (p.revents & POLLOUT && out < len) {
			want = len - out < chunk ? len - out : chunk;
			pattern_fill(buf, want, pos + out);
			n = send(fd, buf, want, MSG_DONTWAIT | MSG_NOSIGNAL);
			if (n < 0 && errno != EAGAIN) {
				fprintf(stderr, "# send after %zu bytes: %m\n", out);
				goto out;
			}
			if (n > 0)
				out += n;
		}
		if (p.revents & ~POLLOUT) {
			n = recv(fd, buf, len - in < chunk ? len - in : chunk, MSG_DONTWAIT);
			if (!n || (n < 0 && errno != EAGAIN)) {
				fprintf(stderr, "# recv after %zu bytes: %zd %m (%s)\n", in, n,
					tls_error(fd));
				goto out;
			}
			if (n > 0) {
				if (!pattern_check(buf, n, pos + in))
					goto out;
				in += n;
			}
		}
	}
	ret = 0;
out:
	free(buf);
	return ret;
}

int drain_pattern(int fd, size_t len, uint64_t pos)
{
	unsigned char buf[16384];
	size_t in = 0;
	ssize_t n;

	while (in < len) {
		n = recv(fd, buf, len - in < sizeof(buf) ? len - in : sizeof(buf), 0);
		if (n <= 0) {
			fprintf(stderr, "# recv after %zu bytes: %zd %m (%s)\n", in, n,
				tls_error(fd));
			return -1;
		}
		if (!pattern_check(buf, n, pos + in))
			return -1;
		in += n;
	}
	return 0;
}

int poll_one(int fd, int events, int ms)
{
	struct pollfd p = { .fd = fd, .events = events };
	int n = poll(&p, 1, ms);

	return n > 0 ? p.revents : n;
}

int poll_wait(int fd, int events)
{
	return poll_one(fd, events, -1);
}

void settle(void)
{
	usleep(300000);
}

int set_sysctl(const char *path, const char *value, char *before)
{
	int fd = open(path, O_RDWR | O_CLOEXEC), err;

	if (before) {
		memset(before, 0, 32);
		if (read(fd, before, 31) < 0)
			*before = '\0';
	}
	err = pwrite(fd, value, strlen(value), 0) < 0 ? -1 : 0;
	close(fd);
	return err;
}
