/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <sys/stat.h>

#include "../test.h"
#include "input/tree/file_table.h"
#include "input/tree/numbered_directories.h"

static ssize_t invent_value(struct efimap_root *root, const char *path, char *buf, size_t size)
{
	memcpy(buf, "0x7\n", 4);
	return 4;
}

/* The files of the first of two records cannot be listed completely. */
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
