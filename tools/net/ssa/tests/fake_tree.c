// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "fake_tree.h"

#define ENTRIES_MAX	64

/* A folder of profiles/ or credentials/, or the root */
struct entry {
	char	path[NAME_LEN_MAX + 32];
	bool	used;
	char	*now[A_COUNT];
	char	*draft[A_COUNT];
};

static struct {
	struct entry	entry[ENTRIES_MAX];
	bool		open;
	unsigned int	changes;
	unsigned int	fail_at;
	char		last_error[256];
} fake;

static struct entry *find(const char *path)
{
	size_t i;

	for (i = 0; i < ENTRIES_MAX; i++) {
		if (fake.entry[i].used && !strcmp(fake.entry[i].path, path))
			return &fake.entry[i];
	}
	return NULL;
}

static struct entry *add(const char *path)
{
	size_t i;

	for (i = 0; i < ENTRIES_MAX && fake.entry[i].used; i++)
		;
	if (i == ENTRIES_MAX)
		return NULL;
	fake.entry[i].used = true;
	strcpy(fake.entry[i].path, path);
	return &fake.entry[i];
}

static void set(char **to, const char *text)
{
	char *copy = text ? take_copy(text) : NULL;

	free(*to);
	*to = copy;
}

static void forget(struct entry *e)
{
	size_t i;

	for (i = 0; i < A_COUNT; i++) {
		set(&e->now[i], NULL);
		set(&e->draft[i], NULL);
	}
	memset(e, 0, sizeof(*e));
}

void fake_reset(void)
{
	size_t i;

	for (i = 0; i < ENTRIES_MAX; i++)
		forget(&fake.entry[i]);
	memset(&fake, 0, sizeof(fake));
	set(&add("")->now[R_end_connections], "0");
	add("default");
}

void fake_fail_at(unsigned int n)
{
	fake.changes = 0;
	fake.fail_at = n;
}

unsigned int fake_changes(void)
{
	return fake.changes;
}

bool fake_is_open(void)
{
	return fake.open;
}

static enum section_kind kind_of(const struct entry *e)
{
	if (!*e->path)
		return KIND_ROOT;
	if (!strcmp(e->path, "default"))
		return KIND_DEFAULT;
	return *e->path == 'p' ? KIND_PROFILE : KIND_CREDENTIAL;
}

char *fake_state(void)
{
	struct text out = { 0 };
	size_t i, j;

	for (i = 0; i < ENTRIES_MAX; i++) {
		const struct entry *e = &fake.entry[i];

		if (!e->used)
			continue;
		text_printf(&out, "[%s]\n", e->path);
		for (j = 0; j < kinds[kind_of(e)].count; j++) {
			if (e->now[j] && *e->now[j])
				text_printf(&out, "%s=%s\n", kinds[kind_of(e)].attribute[j].name,
					    e->now[j]);
		}
	}
	return text_give(&out);
}

/* Splits into the entry and the file in it. */
static struct entry *locate(const char *path, const char **file)
{
	const char *slash = strrchr(path, '/');
	char folder[NAME_LEN_MAX + 32] = "";

	*file = slash ? slash + 1 : path;
	if (slash)
		snprintf(folder, sizeof(folder), "%.*s", (int)(slash - path), path);
	return find(folder);
}

static bool fails(void)
{
	fake.changes++;
	strcpy(fake.last_error, "refused");
	return fake.changes == fake.fail_at;
}

static void settle(bool commit)
{
	size_t i, j;

	for (i = 0; i < ENTRIES_MAX; i++) {
		struct entry *e = &fake.entry[i];

		for (j = 0; j < A_COUNT; j++) {
			if (commit && e->draft[j])
				set(&e->now[j], e->draft[j]);
			set(&e->draft[j], NULL);
		}
	}
	fake.open = false;
}

int tree_open(struct tree *t, const char *root, bool write, struct report *report)
{
	t->root = root;
	return 0;
}

void tree_close(struct tree *t)
{
}

/* As the kernel: the draft of what was written last */
static const char *latest(const struct entry *e, size_t a)
{
	return e->draft[a] ?: e->now[a] ?: "";
}

int tree_read(const struct tree *t, const char *path, struct text *to)
{
	const char *file;
	struct entry *e = locate(path, &file);
	size_t i;
	int a;

	text_clear(to);
	if (!e)
		return -ENOENT;
	if (!strcmp(file, "last_error")) {
		text_puts(to, fake.last_error);
		return 0;
	}
	if (!strcmp(file, "set") && (kind_of(e) == KIND_PROFILE || kind_of(e) == KIND_DEFAULT)) {
		for (i = 0; i < kinds[kind_of(e)].count; i++) {
			if (*latest(e, i))
				text_printf(to, "%s\n", kinds[kind_of(e)].attribute[i].name);
		}
		return 0;
	}
	a = kind_attribute(kind_of(e), file);
	if (a < 0)
		return -ENOENT;
	if (kinds[kind_of(e)].attribute[a].secret)
		return -EACCES;
	text_puts(to, latest(e, a));
	return 0;
}

static int transaction(const char *verb)
{
	if (strcmp(verb, "abort\n") && fails())
		return -EINVAL;
	settle(!strcmp(verb, "commit\n"));
	fake.open = !strcmp(verb, "begin\n");
	return 0;
}

int tree_write(const struct tree *t, const char *path, const char *text)
{
	const char *file;
	struct entry *e = locate(path, &file);
	char *value;
	int a;

	if (!strcmp(path, "transaction"))
		return transaction(text);
	a = e ? kind_attribute(kind_of(e), file) : -1;
	if (a < 0)
		return -ENOENT;
	if (fails())
		return -EINVAL;
	value = take_copy(text);
	/* The root's act at once. */
	set(fake.open && kind_of(e) != KIND_ROOT ? &e->draft[a] : &e->now[a], text_trim(value));
	free(value);
	return 0;
}

int tree_mkdir(const struct tree *t, const char *path)
{
	struct entry *e;

	if (fails())
		return -ENOMEM;
	if (find(path))
		return -EEXIST;
	e = add(path);
	if (e && kind_of(e) == KIND_PROFILE)
		set(&e->now[A_enabled], "0");
	return e ? 0 : -ENOMEM;
}

int tree_rmdir(const struct tree *t, const char *path)
{
	struct entry *e = find(path);

	if (!e)
		return -ENOENT;
	forget(e);
	return 0;
}

int tree_list(const struct tree *t, const char *path, char ***names)
{
	size_t len = strlen(path), i;
	int n = 0;

	*names = take((ENTRIES_MAX + 1) * sizeof(**names));
	for (i = 0; i < ENTRIES_MAX; i++) {
		if (!strncmp(fake.entry[i].path, path, len) && fake.entry[i].path[len] == '/')
			(*names)[n++] = take_copy(fake.entry[i].path + len + 1);
	}
	return n;
}
