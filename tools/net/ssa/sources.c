// SPDX-License-Identifier: GPL-2.0
/* Files and folders of a policy, on their way to the parser. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "model.h"

#define FILE_SIZE_MAX	(16 << 20)	/* bytes */
#define SUFFIX		".conf"

#define USUAL_FILE	"/etc/tls_ssa.conf"
#define USUAL_FOLDER	"/etc/tls_ssa.d"

static void complain_errno(struct report *report, const char *path, const char *doing)
{
	complain(report, (struct place){ .file = path }, "cannot %s: %s", doing, strerror(errno));
}

/* All of a stream; false, with a complaint: it cannot be read, or is too long. */
static bool read_all(int fd, const char *path, struct text *to, struct report *report)
{
	char part[16384];
	ssize_t got;

	while ((got = read(fd, part, sizeof(part)))) {
		if (got < 0) {
			complain_errno(report, path, "read it");
			return false;
		}
		text_put(to, part, got);
		if (to->len > FILE_SIZE_MAX) {
			complain(report, (struct place){ .file = path },
				 "more than 16 MiB; a policy is a short text");
			return false;
		}
	}
	return true;
}

static void read_file(struct model *m, const char *path, struct report *report)
{
	bool from_stdin = !strcmp(path, "-");
	const char *name = from_stdin ? "standard input" : path;
	int fd = from_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	struct text bytes = { 0 };

	if (fd < 0) {
		complain_errno(report, path, "open it");
		return;
	}
	text_clear(&bytes);
	if (read_all(fd, name, &bytes, report))
		parse(m, name, bytes.s, bytes.len, report);
	text_free(&bytes);
	if (!from_stdin)
		close(fd);
}

static int is_policy(const struct dirent *d)
{
	size_t len = strlen(d->d_name);

	return *d->d_name != '.' && len > strlen(SUFFIX) &&
	       !strcmp(d->d_name + len - strlen(SUFFIX), SUFFIX);
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* Returns how many files there were. */
static int read_folder(struct model *m, const char *path, struct report *report)
{
	struct dirent **entries;
	struct text name = { 0 };
	int count, i;

	count = scandir(path, &entries, is_policy, by_bytes);
	if (count < 0) {
		complain_errno(report, path, "read it");
		return 0;
	}
	for (i = 0; i < count; i++) {
		text_clear(&name);
		text_printf(&name, "%s/%s", path, entries[i]->d_name);
		read_file(m, name.s, report);
		free(entries[i]);
	}
	free(entries);
	text_free(&name);
	return count;
}

/* A file, a folder or "-". Returns how many files it was. */
static int read_source(struct model *m, const char *path, bool usual, struct report *report)
{
	struct stat st;
	int files;

	if (strcmp(path, "-") && stat(path, &st)) {
		if (!usual || errno != ENOENT)
			complain_errno(report, path, "open it");
		return 0;
	}
	if (!strcmp(path, "-") || !S_ISDIR(st.st_mode)) {
		read_file(m, path, report);
		return 1;
	}
	files = read_folder(m, path, report);
	if (!files && !usual)
		complain(report, (struct place){ .file = path },
			 "no file *%s in it; a folder without any is no policy", SUFFIX);
	return files;
}

int read_sources(struct model *m, char **paths, struct report *report)
{
	unsigned int before = report->errors;
	bool usual = !*paths;
	int files = 0;

	if (usual) {
		files = read_source(m, USUAL_FILE, true, report);
		files += read_source(m, USUAL_FOLDER, true, report);
	}
	for (; *paths; paths++)
		files += read_source(m, *paths, false, report);
	if (!files && report->errors == before)
		complain(report, (struct place){ 0 },
			 "no policy; write %s, or name a file or folder", USUAL_FILE);
	if (report->errors == before)
		model_check(m, report);
	return report->errors == before ? 0 : -1;
}
