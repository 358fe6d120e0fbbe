/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The real captures under tests/fixtures/real, read with a few lines of their own: these
 * tests must not depend on the read room. A capture that is not there fails the test.
 */
#ifndef TESTS_UNIT_EMULATE_TREE_H
#define TESTS_UNIT_EMULATE_TREE_H

#include <inttypes.h>

#include "test.h"
#include "model/entry.h"

#define TREE_MAX 128

static inline FILE *tree_open(const char *name, const char *path)
{
	const char *root = getenv("EFIMAP_FIXTURES");
	char full[512];
	FILE *file;

	assert_non_null(root);
	snprintf(full, sizeof(full), "%s/real/%s/%s", root, name, path);
	file = fopen(full, "rb");
	return file;
}

/* All bytes of one file; @size is the room in @buf. */
static inline size_t tree_read(const char *name, const char *path, void *buf, size_t size)
{
	FILE *file = tree_open(name, path);
	size_t got;

	if (!file)
		fail_msg("%s/%s: cannot open", name, path);
	got = fread(buf, 1, size, file);
	assert_true(feof(file) || fgetc(file) == EOF);
	fclose(file);
	return got;
}

static inline uint64_t tree_value(const char *name, const char *path)
{
	FILE *file = tree_open(name, path);
	uint64_t value = 0;

	if (!file)
		fail_msg("%s/%s: cannot open", name, path);
	assert_int_equal(fscanf(file, "%" SCNx64, &value), 1);
	fclose(file);
	return value;
}

/* The runtime map by index. */
static inline size_t tree_map(const char *name, struct efimap_entry entries[TREE_MAX])
{
	static const char *const files[] = { "type", "phys_addr", "virt_addr",
					     "num_pages", "attribute" };
	uint64_t values[5];
	char path[128];
	uint32_t count;

	for (count = 0; count < TREE_MAX; count++) {
		FILE *file;

		snprintf(path, sizeof(path),
			 "sys/firmware/efi/runtime-map/%" PRIu32 "/type", count);
		file = tree_open(name, path);
		if (!file)
			break;
		fclose(file);
		for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
			snprintf(path, sizeof(path),
				 "sys/firmware/efi/runtime-map/%" PRIu32 "/%s", count,
				 files[i]);
			values[i] = tree_value(name, path);
		}
		entries[count] = (struct efimap_entry){
			.index = count,
			.type = (uint32_t)values[0],
			.phys = values[1],
			.virt = values[2],
			.pages = values[3],
			.attribute = values[4],
		};
	}
	assert_true(count > 0);
	return count;
}

#endif
