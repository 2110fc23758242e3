// SPDX-License-Identifier: GPL-2.0
/*
 * Gives files to a fuzz target without libFuzzer, for builds that libFuzzer is
 * not part of:
 *
 *	TARGET FILE|DIR...
 */
#include <dirent.h>
#include <sys/stat.h>
#include "fuzz.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
#pragma weak LLVMFuzzerInitialize	/* not every target has one */

static unsigned int runs;

static void file(const char *path)
{
	static u8 data[131072];
	FILE *f = fopen(path, "r");
	size_t len;
	u8 *copy;

	FUZZ_ASSERT(f);
	len = fread(data, 1, sizeof(data), f);
	fclose(f);
	copy = malloc(len + !len);
	FUZZ_ASSERT(copy);
	memcpy(copy, data, len);
	LLVMFuzzerTestOneInput(copy, len);
	free(copy);
	runs++;
}

static void directory(const char *path)
{
	DIR *dir = opendir(path);
	char name[4096];
	struct dirent *e;

	FUZZ_ASSERT(dir);
	while ((e = readdir(dir))) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(name, sizeof(name), "%s/%s", path, e->d_name);
		file(name);
	}
	closedir(dir);
}

int main(int argc, char **argv)
{
	struct stat st;
	int i;

	if (LLVMFuzzerInitialize)
		LLVMFuzzerInitialize(&argc, &argv);
	for (i = 1; i < argc; i++) {
		FUZZ_ASSERT(!stat(argv[i], &st));
		if (S_ISDIR(st.st_mode))
			directory(argv[i]);
		else
			file(argv[i]);
	}
	printf("%u inputs\n", runs);
	return !runs;
}
