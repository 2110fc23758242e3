// SPDX-License-Identifier: GPL-2.0
/*
 * Names in place of addresses: where the application has used AF_HOSTNAME it gets
 * AF_HOSTNAME back, as long as a name is known that has room there. connect() is
 * in connect.c.
 */
#include <linux/cred.h>
#include <linux/security.h>
#include <linux/string.h>
#include <net/inet_common.h>
#include <net/ipv6.h>
#include "../callbacks.h"
#include "../settings.h"
#include "../sock.h"
#include "../sock_settings.h"
#include "address.h"
#include "task.h"

/*
 * What a name stands for, security modules are asked about from inside the kernel's image
 * only: their hooks are not exported.
 */
#ifdef MODULE
#define SSA_ASKS_LSM	false
#else
#define SSA_ASKS_LSM	true
#endif

/**
 * ssa_may_connect - do the security modules allow an address that a name stands for?
 * @s: the socket; its task has the credentials of who has called connect()
 * @addr: the address, with its port
 *
 * Context: the work item; lock_sock() held, but let go meanwhile: SELinux takes it.
 * Return: 0 or a negative errno.
 */
int ssa_may_connect(struct ssa_sock *s, union ssa_addr *addr)
{
	const struct cred *old;
	int err;

	if (!SSA_ASKS_LSM)
		return 0;
	old = override_creds(s->task->cred);
	release_sock(s->sk);
	err = security_socket_connect(s->sk->sk_socket, &addr->sa, sizeof(addr->in6));
	lock_sock(s->sk);
	revert_creds(old);
	if (!err && s->shut)
		err = -ECONNABORTED;
	return err;
}

/**
 * ssa_host_name - the name in an address of the family AF_HOSTNAME
 * @host: it
 * @len: its bytes
 * @empty: what an empty name stands for
 *
 * Context: any.
 * Return: the name, or @empty; NULL if it is not valid.
 */
const char *ssa_host_name(const struct sockaddr_host *host, int len, const char *empty)
{
	const char *name = host->sin_addr.name;
	size_t room;

	if (len <= (int)offsetof(struct sockaddr_host, sin_addr))
		return NULL;
	room = min_t(size_t, len - offsetof(struct sockaddr_host, sin_addr),
		     sizeof(host->sin_addr));
	if (!*name)
		return empty;
	return strnlen(name, room) < room && ssa_name_is_valid(name) ? name : NULL;
}

/*
 * Is there a name to show? A client has its server's, and a server the one that the
 * client has asked for. @peer: as in proto_ops.getname; accept() says 2.
 */
static bool ssa_shows_name(const struct ssa_sock *s, int peer)
{
	if (!s->name || strlen(s->name) >= sizeof_field(struct sockaddr_host, sin_addr))
		return false;
	return peer ? s->host_peer && !s->server : s->host_local && s->server;
}

/**
 * ssa_getname - proto_ops.getname, before and after kTLS
 * @sock: the socket
 * @addr: result
 * @peer: 0: of our own side
 *
 * Who has taken the socket over inside the kernel (iSCSI does, for its administrator)
 * asks with less room than a system call has, and gets an address.
 *
 * Context: process, may sleep; takes lock_sock().
 * Return: bytes of @addr, or TCP's error.
 */
int ssa_getname(struct socket *sock, struct sockaddr *addr, int peer)
{
	struct sockaddr_host *host = (struct sockaddr_host *)addr;
	struct sock *sk = sock->sk;
	struct ssa_sock *s = ssa_enter(sock);
	int len;

	len = ssa_family(sk)->base->getname(sock, addr, peer);
	if (len < 0)
		return len;
	lock_sock(sk);
	if (ssa_has_user_data(s) && ssa_shows_name(s, peer)) {
		/* The port is at the same place in all of them. */
		host->sin_family = AF_HOSTNAME;
		memset(&host->sin_addr, 0, sizeof(host->sin_addr));
		strscpy(host->sin_addr.name, s->name, sizeof(host->sin_addr.name));
		len = sizeof(*host);
	}
	release_sock(sk);
	return len;
}

/*
 * There is no name to look up: a server's own addresses are those of its
 * interfaces. 0 or a negative errno.
 */
static int ssa_bind_address(struct sock *sk, const struct sockaddr_host *host, int len,
			    union ssa_addr *addr)
{
	const char *name = ssa_host_name(host, len, "");

	if (!name)
		return -EINVAL;
	if (*name)
		return ssa_numeric(sk, name, host->sin_port, addr) ? -EADDRNOTAVAIL : 0;
	memset(addr, 0, sizeof(*addr));
	addr->sa.sa_family = sk->sk_family;
	addr->in.sin_port = host->sin_port;
	return 0;
}

/* Does the policy of the moment allow AF_HOSTNAME? 0 or a negative errno */
static int ssa_bind_allowed(struct ssa_sock *s)
{
	struct ssa_setup *setup;
	bool allowed;
	int err;

	err = ssa_state(s) == SSA_S_IDLE ? ssa_setup_follow(s) : 0;
	if (err)
		return err;
	setup = ssa_setup_take(s);
	allowed = !setup || setup->policy->host_names;
	ssa_setup_put(setup);
	return allowed ? 0 : ssa_deny(s, SSA_R_POLICY_HOST_NAMES);
}

/**
 * ssa_bind - proto_ops.bind
 * @sock: the socket
 * @addr: AF_INET, AF_INET6 or AF_HOSTNAME: a numeric address, or an empty name, which
 *	  stands for all addresses
 * @len: bytes of @addr
 *
 * Connections to a socket that was bound so tell by getsockname() which name the
 * client has asked for.
 *
 * Context: process, may sleep; takes lock_sock().
 * Return: 0; -EADDRNOTAVAIL: a name that is not an address; -EACCES: the policy does not
 * allow AF_HOSTNAME; or the error of a security module or of TCP.
 */
int ssa_bind(struct socket *sock, struct ssa_sockaddr *addr, int len)
{
	struct sockaddr *sa = (struct sockaddr *)addr;
	struct sock *sk = sock->sk;
	struct ssa_sock *s = ssa_enter(sock);
	union ssa_addr numeric;
	int err;

	if (len < (int)sizeof(sa_family_t))
		return -EINVAL;
	if (sa->sa_family != AF_HOSTNAME)
		return ssa_family(sk)->base->bind(sock, addr, len);
	err = ssa_bind_allowed(s);
	if (err)
		return err;
	err = ssa_bind_address(sk, (struct sockaddr_host *)sa, len, &numeric);
	if (err)
		return err;
	if (SSA_ASKS_LSM)
		err = security_socket_bind(sock, &numeric.sa, sizeof(numeric.in6));
	if (err)
		return err;
	err = ssa_family(sk)->base->bind(sock, (struct ssa_sockaddr *)&numeric,
					 sizeof(numeric.in6));
	if (err)
		return err;
	lock_sock(sk);
	s->host_local = true;
	release_sock(sk);
	return 0;
}
