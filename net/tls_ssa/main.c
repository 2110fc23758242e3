// SPDX-License-Identifier: GPL-2.0
/*
 * The module: what it registers, and in which order its parts begin and end. This is the
 * roof of net/tls_ssa: it knows all the others, and nobody knows it.
 *
 * Below struct proto_ops a TLS socket is a plain TCP socket: it is created
 * through a copy of TCP's struct proto whose only work is to set the socket up
 * and to put TCP's own struct proto in its place.
 */
#include <linux/module.h>
#include <linux/string.h>
#include <net/tcp.h>
#include "callbacks.h"
#include "conn/guard.h"
#include "conn/ktls.h"
#include "conn/ktls_ops.h"
#include "ctrl.h"
#include "handshake/connect.h"
#include "handshake/linger.h"
#include "handshake/listener.h"
#include "handshake/task.h"
#include "handshake/upgrade.h"
#include "life.h"
#include "mib.h"
#include "ops.h"
#include "policy/policy.h"
#include "sock.h"
#include "sockets.h"
#include "step.h"
#include "table.h"

static int __init ssa_family_init(struct ssa_family *family, int pf)
{
	struct socket *sock;
	int err;

	err = sock_create_kern(&init_net, pf, SOCK_STREAM, IPPROTO_TCP, &sock);
	if (err)
		return err;
	/* Neither TCP's callbacks nor IPv6's operations are exported. */
	family->base = sock->ops;
	family->tcp = sock->sk->sk_prot;
	family->destruct = sock->sk->sk_destruct;
	ssa_learn_callbacks(sock->sk);
	sock_release(sock);

	family->prot = *family->tcp;
	strscpy(family->prot.name, pf == PF_INET6 ? "TLSv6" : "TLS", sizeof(family->prot.name));
	INIT_LIST_HEAD(&family->prot.node);
	family->prot.init = ssa_init_sock;
	family->prot.owner = THIS_MODULE;

	ssa_ulp_fill_guard(family);

	family->ops = *family->base;
	ssa_fill_ops(&family->ops);

	family->sw = (struct inet_protosw) {
		.type		= SOCK_STREAM,
		.protocol	= IPPROTO_TLS,
		.prot		= &family->prot,
		.ops		= &family->ops,
		.flags		= INET_PROTOSW_ICSK,
	};
	return 0;
}

/* IPv6 may be absent, or disabled at boot: then there are IPv4 sockets only. */
static int __init ssa_register(void)
{
	int err;

	err = ssa_family_init(&ssa_families[0], PF_INET);
	if (err)
		return err;
#if IS_ENABLED(CONFIG_IPV6)
	if (!ssa_family_init(&ssa_families[1], PF_INET6)) {
		err = inet6_register_protosw(&ssa_families[1].sw);
		if (err) {
			ssa_families[1].tcp = NULL;
			return err;
		}
	}
#endif
	inet_register_protosw(&ssa_families[0].sw);
	return 0;
}

static void ssa_unregister(void)
{
	inet_unregister_protosw(&ssa_families[0].sw);
#if IS_ENABLED(CONFIG_IPV6)
	if (ssa_families[1].tcp)
		inet6_unregister_protosw(&ssa_families[1].sw);
#endif
}

/* What a socket does when something has happened, by its state */
static const struct ssa_steps ssa_steps = {
	.connecting	= ssa_connect_step,
	.handshake	= ssa_task_step,
	.idle		= ssa_upgrade_step,
	.listening	= ssa_listener_work,
	.established	= ssa_established_work,
};

static int __net_init ssa_net_create(struct net *net)
{
	int err;

	spin_lock_init(&ssa_pernet(net)->contexts_lock);
	err = ssa_mib_create(net);
	if (err)
		return err;
	err = -ENOMEM;
	if (!ssa_sockets_proc_create(net))
		goto err_mib;
	err = ssa_ctrl_create(net);
	if (err)
		goto err_sockets;
	return 0;

err_sockets:
	ssa_sockets_proc_remove(net);
err_mib:
	ssa_mib_destroy(net);
	return err;
}

static void __net_exit ssa_net_destroy(struct net *net)
{
	ssa_ctrl_destroy(net);
	ssa_sockets_proc_remove(net);
	ssa_mib_destroy(net);
}

static struct pernet_operations ssa_net_ops = {
	.init	= ssa_net_create,
	.exit	= ssa_net_destroy,
	.id	= &ssa_net_id,
	.size	= sizeof(struct ssa_net),
};

/* Notifier of policy/generation.c */
static void ssa_comply(const struct ssa_net *sn)
{
	ssa_live_call(sn, ssa_kick);
}

static int __init ssa_init(void)
{
	int err;

	err = ssa_step_init(&ssa_steps);
	if (err)
		return err;
	ssa_kops_init(ssa_fill_kops);
	ssa_generation_init(ssa_comply);
	err = ssa_ktls_init();
	if (err)
		goto err_step;
	err = ssa_lookup_init();
	if (err)
		goto err_ktls;
	err = ssa_policy_init();
	if (err)
		goto err_lookup;
	err = ssa_configfs_init();
	if (err)
		goto err_policy;
	err = register_pernet_subsys(&ssa_net_ops);
	if (err)
		goto err_configfs;
	err = ssa_register();
	if (err)
		goto err_net;
	err = ssa_ulp_register();
	if (err)
		goto err_sockets;
	return 0;

err_sockets:
	ssa_unregister();
err_net:
	unregister_pernet_subsys(&ssa_net_ops);
err_configfs:
	ssa_configfs_exit();
err_policy:
	ssa_policy_exit();
err_lookup:
	ssa_lookup_exit();
err_ktls:
	ssa_ktls_exit();
err_step:
	ssa_step_exit();
	return err;
}

static void __exit ssa_exit(void)
{
	ssa_ulp_unregister();
	ssa_unregister();
	ssa_linger_exit();
	ssa_lookup_exit();
	ssa_step_exit();
	unregister_pernet_subsys(&ssa_net_ops);
	ssa_configfs_exit();
	ssa_policy_exit();
	ssa_ktls_exit();
}

/* Built in, IPv6 has to be there before. */
late_initcall(ssa_init);
module_exit(ssa_exit);
MODULE_DESCRIPTION("Secure Socket API: TLS as a protocol of the socket layer");
MODULE_LICENSE("GPL");
MODULE_SOFTDEP("pre: tls");
/* SOCK_STREAM is no macro: it cannot become part of a string. */
MODULE_ALIAS_NET_PF_PROTO_TYPE(PF_INET, 260, 1);
MODULE_ALIAS_NET_PF_PROTO_TYPE(PF_INET6, 260, 1);
