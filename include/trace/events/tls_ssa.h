/* SPDX-License-Identifier: GPL-2.0 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM tls_ssa

#if !defined(_TRACE_TLS_SSA_H) || defined(TRACE_HEADER_MULTI_READ)
#define _TRACE_TLS_SSA_H

#include <linux/tracepoint.h>
#include <net/sock.h>

#define SSA_TRACE_SOCK_FIELDS					\
		__field(const void *, skaddr)			\
		__field(bool, server)				\
		__field(u16, family)				\
		__field(u16, sport)				\
		__field(u16, dport)

#define SSA_TRACE_SOCK_ASSIGN					\
		__entry->skaddr = sk;				\
		__entry->server = server;			\
		__entry->family = sk->sk_family;		\
		__entry->sport = sk->sk_num;			\
		__entry->dport = ntohs(sk->sk_dport)

TRACE_EVENT(tls_ssa_handshake_start,
	TP_PROTO(const struct sock *sk, bool server),
	TP_ARGS(sk, server),
	TP_STRUCT__entry(SSA_TRACE_SOCK_FIELDS),
	TP_fast_assign(SSA_TRACE_SOCK_ASSIGN;),
	TP_printk("sk=%p %s family=%u sport=%u dport=%u",
		  __entry->skaddr, __entry->server ? "server" : "client",
		  __entry->family, __entry->sport, __entry->dport)
);

TRACE_EVENT(tls_ssa_handshake_done,
	TP_PROTO(const struct sock *sk, bool server, u16 version, u16 suite, u16 group),
	TP_ARGS(sk, server, version, suite, group),
	TP_STRUCT__entry(
		SSA_TRACE_SOCK_FIELDS
		__field(u16, version)
		__field(u16, suite)
		__field(u16, group)
	),
	TP_fast_assign(
		SSA_TRACE_SOCK_ASSIGN;
		__entry->version = version;
		__entry->suite = suite;
		__entry->group = group;
	),
	TP_printk("sk=%p %s family=%u sport=%u dport=%u version=%#06x suite=%#06x group=%#06x",
		  __entry->skaddr, __entry->server ? "server" : "client",
		  __entry->family, __entry->sport, __entry->dport,
		  __entry->version, __entry->suite, __entry->group)
);

/* A connection that failed, before or after its handshake was complete. */
TRACE_EVENT(tls_ssa_handshake_fail,
	TP_PROTO(const struct sock *sk, bool server, const char *reason, int err),
	TP_ARGS(sk, server, reason, err),
	TP_STRUCT__entry(
		SSA_TRACE_SOCK_FIELDS
		__string(reason, reason)
		__field(int, err)
	),
	TP_fast_assign(
		SSA_TRACE_SOCK_ASSIGN;
		__assign_str(reason);
		__entry->err = err;
	),
	TP_printk("sk=%p %s family=%u sport=%u dport=%u reason=%s errno=%d",
		  __entry->skaddr, __entry->server ? "server" : "client",
		  __entry->family, __entry->sport, __entry->dport,
		  __get_str(reason), __entry->err)
);

/* A record that is not application data, on an established connection. */
TRACE_EVENT(tls_ssa_control,
	TP_PROTO(const struct sock *sk, bool server, u8 type, int event),
	TP_ARGS(sk, server, type, event),
	TP_STRUCT__entry(
		SSA_TRACE_SOCK_FIELDS
		__field(u8, type)
		__field(int, event)
	),
	TP_fast_assign(
		SSA_TRACE_SOCK_ASSIGN;
		__entry->type = type;
		__entry->event = event;
	),
	TP_printk("sk=%p %s family=%u sport=%u dport=%u type=%u event=%s",
		  __entry->skaddr, __entry->server ? "server" : "client",
		  __entry->family, __entry->sport, __entry->dport, __entry->type,
		  __print_symbolic(__entry->event,
				   { 0, "nothing" },
				   { 1, "key_update" },
				   { 2, "key_update_requested" },
				   { 3, "refuse_renegotiation" },
				   { 4, "close_notify" },
				   { 5, "error" }))
);

#endif /* _TRACE_TLS_SSA_H */

#include <trace/define_trace.h>
