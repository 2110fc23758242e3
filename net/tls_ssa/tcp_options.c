// SPDX-License-Identifier: GPL-2.0
/*
 * Options of TCP, IP and of the socket layer that TLS sockets do not have.
 */
#include <linux/in6.h>
#include <linux/kernel.h>
#include <linux/net_tstamp.h>
#include <linux/sockptr.h>
#include <linux/tcp.h>
#include <net/sock.h>
#include "tcp.h"

struct ssa_blocked {
	int	level;
	int	name;
};

/*
 * What would reach around us: another layer in kTLS's place, plaintext in a SYN,
 * the state of TCP taken apart, an IPv6 socket turned into an IPv4 one.
 */
static const struct ssa_blocked ssa_blocked_options[] = {
	{ SOL_TCP, TCP_ULP },
	{ SOL_TCP, TCP_REPAIR },
	{ SOL_TCP, TCP_REPAIR_QUEUE },
	{ SOL_TCP, TCP_REPAIR_OPTIONS },
	{ SOL_TCP, TCP_REPAIR_WINDOW },
	{ SOL_TCP, TCP_QUEUE_SEQ },
	{ SOL_TCP, TCP_FASTOPEN },
	{ SOL_TCP, TCP_FASTOPEN_CONNECT },
	{ SOL_TCP, TCP_FASTOPEN_KEY },
	{ SOL_TCP, TCP_FASTOPEN_NO_COOKIE },
	{ SOL_TCP, TCP_ZEROCOPY_RECEIVE },
	{ SOL_IPV6, IPV6_ADDRFORM },
};

/*
 * What kTLS does not do although it can be asked for: data from the program's own pages,
 * and what recvmsg() tells in control messages.
 */
static const struct ssa_blocked ssa_absent_options[] = {
	{ SOL_TCP, TCP_INQ },
	{ SOL_SOCKET, SO_ZEROCOPY },
	{ SOL_SOCKET, SO_TIMESTAMP_OLD },
	{ SOL_SOCKET, SO_TIMESTAMP_NEW },
	{ SOL_SOCKET, SO_TIMESTAMPNS_OLD },
	{ SOL_SOCKET, SO_TIMESTAMPNS_NEW },
	{ SOL_SOCKET, SO_TIMESTAMPING_OLD },
	{ SOL_SOCKET, SO_TIMESTAMPING_NEW },
};

/**
 * ssa_is_blocked - is it one of TCP's or kTLS's that TLS sockets do not have?
 * @level: protocol
 * @name: option, to be set
 *
 * SOL_TLS as a whole: TLS_TX and TLS_RX would also give the keys away.
 *
 * Context: any.
 * Return: true if so.
 */
bool ssa_is_blocked(int level, int name)
{
	unsigned int i;

	if (level == SOL_TLS)
		return true;
	for (i = 0; i < ARRAY_SIZE(ssa_blocked_options); i++) {
		if (ssa_blocked_options[i].level == level && ssa_blocked_options[i].name == name)
			return true;
	}
	return false;
}

/* Of timestamps, those of what is sent come by the error queue, and do come. */
static int ssa_absent_value(int name, int value)
{
	if (name == SO_TIMESTAMPING_OLD || name == SO_TIMESTAMPING_NEW)
		return value & (SOF_TIMESTAMPING_RX_HARDWARE | SOF_TIMESTAMPING_RX_SOFTWARE);
	return value;
}

/**
 * ssa_is_absent - is one to be switched on that kTLS has not?
 * @level: protocol
 * @name: option, to be set
 * @val: its value
 * @len: bytes of @val
 *
 * Context: process, may sleep.
 * Return: true if so.
 */
bool ssa_is_absent(int level, int name, sockptr_t val, unsigned int len)
{
	unsigned int i;
	int value;

	for (i = 0; i < ARRAY_SIZE(ssa_absent_options); i++) {
		if (ssa_absent_options[i].level == level && ssa_absent_options[i].name == name)
			return len >= sizeof(value) &&
			       !copy_from_sockptr(&value, val, sizeof(value)) &&
			       ssa_absent_value(name, value);
	}
	return false;
}
