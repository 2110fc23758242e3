// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include "tree.h"

/* Others than root cannot write, and need not wait. */
static int take_turn(struct tree *t, struct report *report)
{
	t->lock = open(LOCK_PATH, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (t->lock < 0 && geteuid())
		return 0;
	if (t->lock >= 0 && !flock(t->lock, LOCK_EX))
		return 0;
	complain(report, (struct place){ .file = LOCK_PATH }, "cannot lock it: %s",
		 strerror(errno));
	return -1;
}

int tree_open(struct tree *t, const char *root, bool write, struct report *report)
{
	struct place at = { .file = root };

	t->root = root;
	t->lock = -1;
	t->fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (t->fd < 0) {
		complain(report, at, "%s%s", strerror(errno), errno == ENOENT ?
			 "; modprobe tls_ssa, and mount -t configfs none /sys/kernel/config" : "");
		return -1;
	}
	if (write && take_turn(t, report)) {
		tree_close(t);
		return -1;
	}
	return 0;
}

void tree_close(struct tree *t)
{
	close(t->fd);
	if (t->lock >= 0)
		close(t->lock);
}

int tree_read(const struct tree *t, const char *path, struct text *to)
{
	int fd = openat(t->fd, path, O_RDONLY | O_CLOEXEC), err = 0;
	char part[VALUE_MAX];
	ssize_t got;

	text_clear(to);
	if (fd < 0)
		return -errno;
	while ((got = read(fd, part, sizeof(part))) > 0)
		text_put(to, part, got);
	if (got < 0)
		err = -errno;
	close(fd);
	if (to->len && to->s[to->len - 1] == '\n')
		to->s[--to->len] = '\0';
	return err;
}

/* In one write(): configfs takes each as a whole value. */
int tree_write(const struct tree *t, const char *path, const char *text)
{
	int fd = openat(t->fd, path, O_WRONLY | O_TRUNC | O_CLOEXEC), err = 0;
	size_t len = strlen(text);
	ssize_t put;

	if (fd < 0)
		return -errno;
	put = write(fd, text, len);
	if (put < 0)
		err = -errno;
	else if ((size_t)put != len)
		err = -EIO;
	if (close(fd) && !err)
		err = -errno;
	return err;
}

int tree_mkdir(const struct tree *t, const char *path)
{
	return mkdirat(t->fd, path, 0755) ? -errno : 0;
}

int tree_rmdir(const struct tree *t, const char *path)
{
	return unlinkat(t->fd, path, AT_REMOVEDIR) ? -errno : 0;
}

static int is_visible(const struct dirent *d)
{
	return *d->d_name != '.';
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

int tree_list(const struct tree *t, const char *path, char ***names)
{
	struct dirent **entries;
	int count, i;

	count = scandirat(t->fd, path, &entries, is_visible, by_bytes);
	if (count < 0)
		return -errno;
	*names = take((count + 1) * sizeof(**names));
	for (i = 0; i < count; i++) {
		(*names)[i] = take_copy(entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return count;
}
