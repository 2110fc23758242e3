// SPDX-License-Identifier: GPL-2.0
/*
 * /sys/kernel/config/tls_ssa: what the administrator writes, as files. Who may write is
 * decided here: whoever administers the network of the machine, not of a container.
 * Documentation/ABI/testing/configfs-tls-ssa describes the files.
 */
#include <linux/capability.h>
#include <linux/configfs.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "credential.h"
#include "profile.h"

static struct ssa_admin ssa_admin;

static DEFINE_MUTEX(ssa_root_lock);	/* guards the two below */
static char ssa_root_answer[SSA_PROFILE_NAME_MAX + 16];
static char ssa_root_blocklist[SSA_TRUST_PATH_MAX];

/**
 * struct ssa_directory - a profile as a directory
 * @group: the directory
 * @profile: the profile
 */
struct ssa_directory {
	struct config_group	group;
	struct ssa_profile	profile;
};

static struct ssa_profile *ssa_profile_of(struct config_item *item)
{
	if (!item->ci_type->ct_item_ops)
		return &ssa_admin.base;
	return &container_of(to_config_group(item), struct ssa_directory, group)->profile;
}

/* ----------------------------------------------------- attributes of profiles */

static ssize_t ssa_config_store(struct config_item *item, enum ssa_attribute a, const char *page,
				size_t count)
{
	int err;

	if (!capable(CAP_NET_ADMIN))
		return -EPERM;
	err = ssa_profile_write(ssa_profile_of(item), a, page, count);
	ssa_audit_change(ssa_attribute_name(a), ssa_profile_of(item)->name, err);
	return err ?: count;
}

#define SSA_CONFIG_FILE(id)								\
static ssize_t ssa_config_##id##_show(struct config_item *item, char *page)		\
{											\
	return ssa_profile_show(ssa_profile_of(item), SSA_A_##id, page, PAGE_SIZE);	\
}											\
											\
static ssize_t ssa_config_##id##_store(struct config_item *item, const char *page,	\
				       size_t count)					\
{											\
	return ssa_config_store(item, SSA_A_##id, page, count);				\
}											\
											\
CONFIGFS_ATTR(ssa_config_, id)

#define SSA_ATTRIBUTE(id, kind, summary) SSA_CONFIG_FILE(id);
#define SSA_MATCH(id, kind, summary) SSA_CONFIG_FILE(id);
#include "attribute_list.h"
#undef SSA_ATTRIBUTE
#undef SSA_MATCH

static ssize_t ssa_config_set_show(struct config_item *item, char *page)
{
	return ssa_profile_show_set(ssa_profile_of(item), page, PAGE_SIZE);
}

static ssize_t ssa_config_last_error_show(struct config_item *item, char *page)
{
	return ssa_admin_show_error(&ssa_admin, &ssa_profile_of(item)->last_error, page, PAGE_SIZE);
}

CONFIGFS_ATTR_RO(ssa_config_, set);
CONFIGFS_ATTR_RO(ssa_config_, last_error);

static struct configfs_attribute *ssa_default_attrs[] = {
#define SSA_ATTRIBUTE(id, kind, summary) &ssa_config_attr_##id,
#define SSA_MATCH(id, kind, summary)
#include "attribute_list.h"
#undef SSA_ATTRIBUTE
#undef SSA_MATCH
	&ssa_config_attr_set,
	&ssa_config_attr_last_error,
	NULL,
};

static struct configfs_attribute *ssa_profile_attrs[] = {
#define SSA_ATTRIBUTE(id, kind, summary) &ssa_config_attr_##id,
#define SSA_MATCH(id, kind, summary) &ssa_config_attr_##id,
#include "attribute_list.h"
#undef SSA_ATTRIBUTE
#undef SSA_MATCH
	&ssa_config_attr_set,
	&ssa_config_attr_last_error,
	NULL,
};

static const struct config_item_type ssa_default_type = {
	.ct_attrs	= ssa_default_attrs,
	.ct_owner	= THIS_MODULE,
};

static struct config_group ssa_default_group;

/* ------------------------------------------------------------------- profiles */

static void ssa_directory_release(struct config_item *item)
{
	struct ssa_directory *d = container_of(to_config_group(item), struct ssa_directory, group);

	ssa_profile_exit(&d->profile);
	kfree(d);
}

static struct configfs_item_operations ssa_directory_ops = {
	.release	= ssa_directory_release,
};

static const struct config_item_type ssa_directory_type = {
	.ct_item_ops	= &ssa_directory_ops,
	.ct_attrs	= ssa_profile_attrs,
	.ct_owner	= THIS_MODULE,
};

static struct config_group *ssa_profiles_make(struct config_group *group, const char *name)
{
	struct ssa_directory *d;
	int err;

	if (!capable(CAP_NET_ADMIN))
		return ERR_PTR(-EPERM);
	if (!ssa_entry_name_is_valid(name, strlen(name)))
		return ERR_PTR(-EINVAL);
	d = kzalloc(sizeof(*d), GFP_KERNEL);
	if (!d)
		return ERR_PTR(-ENOMEM);
	err = ssa_profile_init(&ssa_admin, &d->profile, name);
	if (err) {
		kfree(d);
		return ERR_PTR(err);
	}
	config_group_init_type_name(&d->group, name, &ssa_directory_type);
	ssa_profile_add(&d->profile);
	return &d->group;
}

static void ssa_profiles_drop(struct config_group *group, struct config_item *item)
{
	ssa_profile_remove(ssa_profile_of(item));
	ssa_audit_change("remove", ssa_profile_of(item)->name, 0);
	config_item_put(item);
}

static struct configfs_group_operations ssa_profiles_ops = {
	.make_group	= ssa_profiles_make,
	.drop_item	= ssa_profiles_drop,
};

static const struct config_item_type ssa_profiles_type = {
	.ct_group_ops	= &ssa_profiles_ops,
	.ct_owner	= THIS_MODULE,
};

static struct config_group ssa_profiles_group;

/* ---------------------------------------------------------------- credentials */

/**
 * struct ssa_safe - a credential as a directory
 * @group: the directory
 * @credential: the credential
 */
struct ssa_safe {
	struct config_group	group;
	struct ssa_credential	credential;
};

static struct ssa_credential *ssa_credential_of(struct config_item *item)
{
	return &container_of(to_config_group(item), struct ssa_safe, group)->credential;
}

typedef int (*ssa_credential_fn)(struct ssa_credential *c, const char *text, size_t len);

static ssize_t ssa_safe_store(struct config_item *item, ssa_credential_fn write, const char *what,
			      const char *page, size_t count)
{
	struct ssa_credential *c = ssa_credential_of(item);
	int err;

	if (!capable(CAP_NET_ADMIN))
		return -EPERM;
	err = write(c, page, count);
	ssa_audit_change(what, c->name, err);
	return err ?: count;
}

static ssize_t ssa_safe_chain_store(struct config_item *item, const char *page, size_t count)
{
	return ssa_safe_store(item, ssa_credential_write_chain, "chain", page, count);
}

static ssize_t ssa_safe_key_store(struct config_item *item, const char *page, size_t count)
{
	ssize_t ret = ssa_safe_store(item, ssa_credential_write_key, "key", page, count);

	/* The buffer is configfs's, and nobody looks at it any more: no key stays in there. */
	memzero_explicit((char *)page, count);
	return ret;
}

static ssize_t ssa_safe_names_store(struct config_item *item, const char *page, size_t count)
{
	return ssa_safe_store(item, ssa_credential_write_names, "names", page, count);
}

static ssize_t ssa_safe_names_show(struct config_item *item, char *page)
{
	return ssa_credential_show_names(ssa_credential_of(item), page, PAGE_SIZE);
}

static ssize_t ssa_safe_info_show(struct config_item *item, char *page)
{
	return ssa_credential_show_info(ssa_credential_of(item), page, PAGE_SIZE);
}

static ssize_t ssa_safe_last_error_show(struct config_item *item, char *page)
{
	return ssa_admin_show_error(&ssa_admin, &ssa_credential_of(item)->last_error, page,
				    PAGE_SIZE);
}

CONFIGFS_ATTR_WO(ssa_safe_, chain);
CONFIGFS_ATTR_WO(ssa_safe_, key);
CONFIGFS_ATTR(ssa_safe_, names);
CONFIGFS_ATTR_RO(ssa_safe_, info);
CONFIGFS_ATTR_RO(ssa_safe_, last_error);

static struct configfs_attribute *ssa_safe_attrs[] = {
	&ssa_safe_attr_chain,
	&ssa_safe_attr_key,
	&ssa_safe_attr_names,
	&ssa_safe_attr_info,
	&ssa_safe_attr_last_error,
	NULL,
};

static void ssa_safe_release(struct config_item *item)
{
	struct ssa_safe *safe = container_of(to_config_group(item), struct ssa_safe, group);

	ssa_credential_exit(&safe->credential);
	kfree(safe);
}

static struct configfs_item_operations ssa_safe_ops = {
	.release	= ssa_safe_release,
};

static const struct config_item_type ssa_safe_type = {
	.ct_item_ops	= &ssa_safe_ops,
	.ct_attrs	= ssa_safe_attrs,
	.ct_owner	= THIS_MODULE,
};

static struct config_group *ssa_credentials_make(struct config_group *group, const char *name)
{
	struct ssa_safe *safe;

	if (!capable(CAP_NET_ADMIN))
		return ERR_PTR(-EPERM);
	if (!ssa_entry_name_is_valid(name, strlen(name)))
		return ERR_PTR(-EINVAL);
	safe = kzalloc(sizeof(*safe), GFP_KERNEL);
	if (!safe)
		return ERR_PTR(-ENOMEM);
	ssa_credential_init(&ssa_admin, &safe->credential, name);
	config_group_init_type_name(&safe->group, name, &ssa_safe_type);
	ssa_credential_add(&safe->credential);
	return &safe->group;
}

static void ssa_credentials_drop(struct config_group *group, struct config_item *item)
{
	ssa_credential_remove(ssa_credential_of(item));
	ssa_audit_change("remove", ssa_credential_of(item)->name, 0);
	config_item_put(item);
}

static struct configfs_group_operations ssa_credentials_ops = {
	.make_group	= ssa_credentials_make,
	.drop_item	= ssa_credentials_drop,
};

static const struct config_item_type ssa_credentials_type = {
	.ct_group_ops	= &ssa_credentials_ops,
	.ct_owner	= THIS_MODULE,
};

static struct config_group ssa_credentials_group;

/* ----------------------------------------------------------------- the whole */

static ssize_t ssa_root_transaction_show(struct config_item *item, char *page)
{
	return ssa_transaction_show(&ssa_admin, page, PAGE_SIZE);
}

static ssize_t ssa_root_transaction_store(struct config_item *item, const char *page, size_t count)
{
	int err;

	if (!capable(CAP_NET_ADMIN))
		return -EPERM;
	err = ssa_transaction_write(&ssa_admin, page, count);
	ssa_audit_change("transaction", "all", err);
	return err ?: count;
}

static ssize_t ssa_root_last_error_show(struct config_item *item, char *page)
{
	return ssa_admin_show_error(&ssa_admin, &ssa_admin.last_error, page, PAGE_SIZE);
}

/* Which profile would this process get? One question at a time: the answer names it. */
static ssize_t ssa_root_match_show(struct config_item *item, char *page)
{
	ssize_t len;

	mutex_lock(&ssa_root_lock);
	len = scnprintf(page, PAGE_SIZE, "%s\n", ssa_root_answer);
	mutex_unlock(&ssa_root_lock);
	return len;
}

static ssize_t ssa_root_match_store(struct config_item *item, const char *page, size_t count)
{
	struct ssa_policy_table *table;
	struct ssa_policy *policy;
	int pid, err;

	if (!capable(CAP_NET_ADMIN))
		return -EPERM;
	err = kstrtoint(page, 10, &pid);
	if (err)
		return err;
	table = ssa_policy_table_get();
	policy = ssa_match_process(table->match, pid);
	if (!IS_ERR(policy)) {
		mutex_lock(&ssa_root_lock);
		scnprintf(ssa_root_answer, sizeof(ssa_root_answer), "%d %s", pid,
			  policy ? policy->name : table->default_policy->name);
		mutex_unlock(&ssa_root_lock);
	}
	err = PTR_ERR_OR_ZERO(policy);
	ssa_policy_table_put(table);
	return err ?: count;
}

/* Certificates and keys that nobody accepts; in force for every handshake that begins. */
static ssize_t ssa_root_blocklist_show(struct config_item *item, char *page)
{
	ssize_t len;

	mutex_lock(&ssa_root_lock);
	len = scnprintf(page, PAGE_SIZE, "%s\n", ssa_root_blocklist);
	mutex_unlock(&ssa_root_lock);
	return len;
}

static ssize_t ssa_root_blocklist_store(struct config_item *item, const char *page, size_t count)
{
	char path[SSA_TRUST_PATH_MAX];
	struct ssa_complaint why = {};
	int err;

	if (!capable(CAP_NET_ADMIN))
		return -EPERM;
	if (strscpy(path, page, sizeof(path)) < 0)
		return -E2BIG;
	mutex_lock(&ssa_root_lock);
	err = ssa_blocklist_load(*strim(path) ? strim(path) : NULL, &why);
	if (!err)
		strscpy(ssa_root_blocklist, strim(path), sizeof(ssa_root_blocklist));
	mutex_unlock(&ssa_root_lock);
	ssa_audit_change("blocklist", strim(path), err);
	if (!err)
		ssa_enforce_all();
	mutex_lock(&ssa_admin.lock);
	err = ssa_admin_note(&ssa_admin, err ? "blocklist" : NULL, NULL, &why, err);
	mutex_unlock(&ssa_admin.lock);
	return err ?: count;
}

/* Shall connections end that do not comply with the policy any more? */
static ssize_t ssa_root_end_connections_show(struct config_item *item, char *page)
{
	return scnprintf(page, PAGE_SIZE, "%d\n", ssa_enforce_is_set());
}

static ssize_t ssa_root_end_connections_store(struct config_item *item, const char *page,
					      size_t count)
{
	struct ssa_complaint why = {};
	u8 value = 0;
	int err = 0;

	if (!capable(CAP_NET_ADMIN))
		return -EPERM;
	if (kstrtou8(page, 10, &value) || value > 1)
		err = ssa_complain(&why, "end_connections: 0 or 1");
	else
		ssa_enforce_set(value);
	ssa_audit_change("end_connections", value ? "1" : "0", err);
	mutex_lock(&ssa_admin.lock);
	err = ssa_admin_note(&ssa_admin, NULL, NULL, &why, err);
	mutex_unlock(&ssa_admin.lock);
	return err ?: count;
}

CONFIGFS_ATTR(ssa_root_, match);
CONFIGFS_ATTR(ssa_root_, blocklist);
CONFIGFS_ATTR(ssa_root_, end_connections);
CONFIGFS_ATTR(ssa_root_, transaction);
CONFIGFS_ATTR_RO(ssa_root_, last_error);

static struct configfs_attribute *ssa_root_attrs[] = {
	&ssa_root_attr_match,
	&ssa_root_attr_blocklist,
	&ssa_root_attr_end_connections,
	&ssa_root_attr_transaction,
	&ssa_root_attr_last_error,
	NULL,
};

static const struct config_item_type ssa_root_type = {
	.ct_attrs	= ssa_root_attrs,
	.ct_owner	= THIS_MODULE,
};

static struct configfs_subsystem ssa_subsystem = {
	.su_group = {
		.cg_item = {
			.ci_namebuf	= "tls_ssa",
			.ci_type	= &ssa_root_type,
		},
	},
	.su_mutex = __MUTEX_INITIALIZER(ssa_subsystem.su_mutex),
};

/**
 * ssa_configfs_init - put the built-in policy in force, and make the files
 *
 * Context: process, may sleep.
 * Return: 0; -ENOMEM, or the error of configfs.
 */
int __init ssa_configfs_init(void)
{
	int err;

	err = ssa_admin_init(&ssa_admin, CONFIG_SSA_TRUST_STORE);
	if (err)
		return err;
	config_group_init(&ssa_subsystem.su_group);
	config_group_init_type_name(&ssa_default_group, "default", &ssa_default_type);
	configfs_add_default_group(&ssa_default_group, &ssa_subsystem.su_group);
	config_group_init_type_name(&ssa_profiles_group, "profiles", &ssa_profiles_type);
	configfs_add_default_group(&ssa_profiles_group, &ssa_subsystem.su_group);
	config_group_init_type_name(&ssa_credentials_group, "credentials", &ssa_credentials_type);
	configfs_add_default_group(&ssa_credentials_group, &ssa_subsystem.su_group);
	err = configfs_register_subsystem(&ssa_subsystem);
	if (err)
		ssa_admin_exit(&ssa_admin);
	return err;
}

/**
 * ssa_configfs_exit - undo ssa_configfs_init()
 *
 * Context: process, may sleep.
 */
void ssa_configfs_exit(void)
{
	configfs_unregister_subsystem(&ssa_subsystem);
	ssa_admin_exit(&ssa_admin);
}
