/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pass every file of a target's corpora, and prefixes of each file, to the target. Each input is a
 * heap block of exactly its size, so that ASan detects a read beyond the end.
 */
#include <dirent.h>

#include "fuzz.h"

#define MAX_BYTES (4u << 20)
#define PREFIXES 64u

static struct fuzz_target *targets;
static size_t prefixes = PREFIXES;

void fuzz_add(struct fuzz_target *target)
{
	target->next = targets;
	targets = target;
}

static const struct fuzz_target *find_target(const char *name)
{
	const struct fuzz_target *target = targets;
	char file[64];

	snprintf(file, sizeof(file), "/fuzz-%s.c", name);
	while (target && strcmp(strrchr(target->file, '/'), file) != 0)
		target = target->next;
	return target;
}

static void feed(const struct fuzz_target *target, const uint8_t *data, size_t size)
{
	uint8_t *exact = malloc(size ? size : 1);

	if (exact == NULL)
		abort();
	memcpy(exact, data, size);
	target->feed(exact, size);
	free(exact);
}

static void feed_with_prefixes(const struct fuzz_target *target, const uint8_t *data, size_t size)
{
	size_t step = size / prefixes + 1;

	for (size_t length = 0; length < size; length += step)
		feed(target, data, length);
	feed(target, data, size);
}

static int replay_file(const struct fuzz_target *target, const char *path)
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
		fprintf(stderr, "%s: cannot be read, or larger than %u bytes\n", path, MAX_BYTES);
		return -1;
	}
	feed_with_prefixes(target, buffer, size);
	return 0;
}

static int is_input(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int replay_corpus(const struct fuzz_target *target, const char *corpus)
{
	struct dirent **names;
	int failed = 0;
	int count = scandir(corpus, &names, is_input, alphasort);

	if (count <= 0) {
		fprintf(stderr, "%s: no such corpus\n", corpus);
		return -1;
	}
	for (int i = 0; i < count; i++) {
		char path[4096];

		snprintf(path, sizeof(path), "%s/%s", corpus, names[i]->d_name);
		failed |= replay_file(target, path);
		free(names[i]);
	}
	free(names);
	printf("%s: %d inputs\n", corpus, count);
	return failed;
}

int main(int argc, char **argv)
{
	const struct fuzz_target *target = argc > 2 ? find_target(argv[1]) : NULL;
	int failed = 0;

	if (argc < 3) {
		fprintf(stderr, "usage: %s TARGET [--prefixes=N] CORPUS…\n", argv[0]);
		return 2;
	}
	if (target == NULL) {
		fprintf(stderr, "%s: no such target\n", argv[1]);
		return 2;
	}
	for (int i = 2; i < argc; i++)
		if (sscanf(argv[i], "--prefixes=%zu", &prefixes) != 1)
			failed |= replay_corpus(target, argv[i]);
	return failed ? 1 : 0;
}
