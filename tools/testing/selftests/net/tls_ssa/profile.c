// SPDX-License-Identifier: GPL-2.0
/*
 * The administrator's policy as tests write and read it: see profile.h.
 */
#include <dirent.h>
#include <limits.h>
#include <sys/stat.h>
#include "profile.h"

static const char *path_of(const char *item, const char *attribute)
{
	static __thread char path[PATH_MAX];

	snprintf(path, sizeof(path), PROFILE_DIR "%s%s%s%s", *item ? "/" : "", item,
		 attribute ? "/" : "", attribute ? attribute : "");
	return path;
}

int profile_set(const char *item, const char *attribute, const char *text)
{
	int fd = open(path_of(item, attribute), O_WRONLY | O_CLOEXEC), err = 0;
	ssize_t n;

	if (fd < 0)
		return errno;
	if (!*text)
		text = "\n";	/* nothing at all would not reach the kernel */
	n = write(fd, text, strlen(text));
	if (n < 0)
		err = errno;
	else if ((size_t)n != strlen(text))
		err = EIO;
	close(fd);
	return err;
}

const char *profile_get(const char *item, const char *attribute)
{
	static __thread char text[PROFILE_TEXT_MAX + 1];
	int fd = open(path_of(item, attribute), O_RDONLY | O_CLOEXEC), err;
	ssize_t n;

	if (fd < 0)
		return NULL;
	n = read(fd, text, sizeof(text) - 1);
	err = errno;
	close(fd);
	errno = err;
	if (n < 0)
		return NULL;
	if (n && text[n - 1] == '\n')
		n--;
	text[n] = 0;
	return text;
}

bool profile_is_set(const char *item, const char *attribute)
{
	const char *set = profile_get(item, "set");
	char *words, *word, *rest = NULL;
	bool found = false;

	words = set ? strdup(set) : NULL;
	if (!words)
		return false;
	for (word = strtok_r(words, "\n ", &rest); word; word = strtok_r(NULL, "\n ", &rest))
		found |= !strcmp(word, attribute);
	free(words);
	return found;
}

const char *profile_last_error(const char *item)
{
	const char *text = profile_get(item, "last_error");

	return text ? text : "";
}

int profile_make(const char *item)
{
	return mkdir(path_of(item, NULL), 0755) ? errno : 0;
}

int profile_remove(const char *item)
{
	return rmdir(path_of(item, NULL)) ? errno : 0;
}

int profile_for_self(const char *item)
{
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	int err;

	if (n < 0)
		return errno;
	self[n] = 0;
	err = profile_make(item);
	if (!err)
		err = profile_set(item, "match_executable", self);
	if (!err)
		err = profile_set(item, "enabled", "1");
	if (err)
		fprintf(stderr, "# %s: %s (%s)\n", item, strerror(err), profile_last_error(item));
	return err;
}

static int complain(const char *item, const char *attribute, int err)
{
	fprintf(stderr, "# %s: %s (%s)\n", path_of(item, attribute), strerror(err),
		profile_last_error(item));
	return -1;
}

static int remove_all(const char *group)
{
	DIR *dir = opendir(path_of(group, NULL));
	char item[NAME_MAX + 64];
	struct dirent *d;
	int ret = 0, err;

	if (!dir)
		return complain(group, NULL, errno);
	while ((d = readdir(dir))) {
		if (d->d_name[0] == '.' || d->d_type == DT_REG)
			continue;
		snprintf(item, sizeof(item), "%s/%s", group, d->d_name);
		err = profile_remove(item);
		if (err)
			ret = complain(item, NULL, err);
	}
	closedir(dir);
	return ret;
}

int profile_reset(void)
{
	const char *set;
	char *words, *word, *rest = NULL;
	int ret, err;

	/* Not open: nothing to give up. */
	profile_set("", "transaction", "abort");
	ret = remove_all("profiles");
	/* In one step: one value may not go without the other. */
	err = profile_set("", "transaction", "begin");
	set = profile_get("default", "set");
	words = strdup(set ? set : "");
	for (word = strtok_r(words, "\n ", &rest); word && !err;
	     word = strtok_r(NULL, "\n ", &rest))
		err = profile_set("default", word, "");
	free(words);
	if (!err)
		err = profile_set("", "transaction", "commit");
	if (err)
		ret = complain("default", NULL, err);
	if (remove_all("credentials"))
		ret = -1;
	err = profile_set("", "end_connections", "0");
	if (!err)
		err = profile_set("", "blocklist", "");
	return err ? complain("", NULL, err) : ret;
}
