/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Numbered directories: so many names are invented instead of made. Which of them are records
 * is in tests/cli/cases/records.
 */
#include <sys/stat.h>

#include "../test.h"
#include "read/tree/files.h"

/* A root that has so many records, and others' files beside them. */
struct invention {
	struct efimap_root base;
	unsigned int records;
	unsigned int files;
};

static int invent(struct efimap_root *root, const char *path, efimap_name_fn *take,
		  void *context)
{
	const struct invention *invention = (const struct invention *)root;
	char name[16];
	int ret = 0;

	if (strstr(path, "/0") || strstr(path, "/1"))
		return 0;
	for (unsigned int i = 0; i < invention->files && !ret; i++)
		ret = take(context, "uevent", S_IFREG);
	for (unsigned int i = invention->records; i > 0 && !ret; i--) {
		snprintf(name, sizeof(name), "%u", i - 1);
		ret = take(context, name, S_IFDIR);
	}
	return ret;
}

static ssize_t invent_value(struct efimap_root *root, const char *path, char *buf, size_t size)
{
	memcpy(buf, "0x7\n", 4);
	return 4;
}

static const struct efimap_root_ops inventing = { .list = invent,
						  .read_value = invent_value };

TEST(limits)
{
	static const struct {
		unsigned int records, files;
		int expected;
	} rows[] = {
		{ 16383, 0, 0 }, { 16384, 0, 0 }, { 16385, 0, -E2BIG },
		{ 16383, 1, 0 }, { 16384, 1, -E2BIG },
	};
	static const struct efimap_record_kind *const kinds[] = {
		&efimap_runtime_map_records,
		&efimap_memmap_records,
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows) * ARRAY_SIZE(kinds); i++) {
		const struct efimap_record_kind *kind = kinds[i % ARRAY_SIZE(kinds)];
		const unsigned int row = (unsigned int)(i / ARRAY_SIZE(kinds));
		struct efimap_err err = EFIMAP_ERR_INIT;
		struct invention root = { { .ops = &inventing }, rows[row].records,
					  rows[row].files };
		efimap_auto_map struct efimap *map = NULL;

		assert_int_equal(efimap_new("x", EFIMAP_ORIGIN_TREE, &map), 0);
		assert_int_equal(efimap_records_read(&root.base, map, kind, &err),
				 rows[row].expected);
		assert_int_equal(map->n_entries + map->n_memmap,
				 rows[row].expected ? 0 : rows[row].records);
		if (rows[row].expected)
			assert_non_null(strstr(err.text, "more than 16384 entries"));
	}
}

/* Of two records: the first has a stranger, after which it cannot be listed any further. */
static int break_off(struct efimap_root *root, const char *path, efimap_name_fn *take,
		     void *context)
{
	if (strstr(path, "/0"))
		return take(context, "perms", S_IFREG) ?: -EIO;
	return strstr(path, "/1") ? 0 :
				    take(context, "0", S_IFDIR) ?: take(context, "1", S_IFDIR);
}

TEST(forgets_what_was_listed_in_part)
{
	static const struct efimap_root_ops ops = { .list = break_off,
						    .read_value = invent_value };
	struct efimap_root root = { .ops = &ops };
	struct efimap_err err = EFIMAP_ERR_INIT;
	efimap_auto_map struct efimap *map = NULL;

	assert_int_equal(efimap_new("x", EFIMAP_ORIGIN_TREE, &map), 0);
	assert_int_equal(efimap_records_read(&root, map, &efimap_runtime_map_records, &err), 0);
	assert_int_equal(map->n_entries, 2);
	assert_int_equal(map->n_faults, 0);
}
