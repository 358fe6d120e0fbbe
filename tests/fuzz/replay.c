/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The second life of a fuzz target: a main() that feeds it every file of its corpus, and
 * beginnings of each, so that an ordinary build tests what fuzzing found. Each input is
 * a heap block of exactly its size: AddressSanitizer sees the first byte read too far.
 */
#include <dirent.h>
#include <errno.h>
#include <string.h>

#include "fuzz.h"

#define MAX_BYTES (4u << 20)
/* Beginnings of each input that are tried besides the whole. */
#define PREFIXES 64u

static void feed(const uint8_t *data, size_t size)
{
	uint8_t *exact = malloc(size ? size : 1);

	if (exact == NULL)
		abort();
	memcpy(exact, data, size);
	LLVMFuzzerTestOneInput(exact, size);
	free(exact);
}

static void feed_with_prefixes(const uint8_t *data, size_t size)
{
	size_t step = size / PREFIXES + 1;

	for (size_t length = 0; length < size; length += step)
		feed(data, length);
	feed(data, size);
}

static int replay_file(const char *path)
{
	static uint8_t buffer[MAX_BYTES];
	FILE *file = fopen(path, "rb");

	if (file == NULL) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return -1;
	}
	size_t size = fread(buffer, 1, sizeof(buffer), file);
	int failed = ferror(file) || !feof(file);

	fclose(file);
	if (failed) {
		fprintf(stderr, "%s: cannot be read, or larger than %u bytes\n", path,
			MAX_BYTES);
		return -1;
	}
	feed_with_prefixes(buffer, size);
	return 0;
}

static int is_input(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

int main(int argc, char **argv)
{
	struct dirent **names;
	int failed = 0;

	if (argc != 2) {
		fprintf(stderr, "usage: %s CORPUS\n", argv[0]);
		return 2;
	}
	int count = scandir(argv[1], &names, is_input, alphasort);

	if (count <= 0) {
		fprintf(stderr, "%s: no corpus there\n", argv[1]);
		return 1;
	}
	for (int i = 0; i < count; i++) {
		char path[4096];

		snprintf(path, sizeof(path), "%s/%s", argv[1], names[i]->d_name);
		failed |= replay_file(path);
		free(names[i]);
	}
	free(names);
	printf("%d inputs\n", count);
	return failed ? 1 : 0;
}
