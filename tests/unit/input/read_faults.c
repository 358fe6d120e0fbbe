/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "input/parse_values.h"
#include "written_tree.h"

TEST(fatal_errors_are_returned)
{
	static const int codes[] = { ENOMEM, EMFILE, ENFILE };
	struct capture_fault fault = { EFIMAP_SRC_MEMMAP, 3, .where = "a" };
	auto_map struct efimap *map = capture_create("x", EFIMAP_ORIGIN_TREE);

	for (size_t i = 0; i < ARRAY_SIZE(codes); i++) {
		assert_int_equal(capture_add_errno(map, &fault, -codes[i]), -codes[i]);
		assert_int_equal(source_add_errno(map, EFIMAP_SRC_MEMMAP, "a", -codes[i]),
				 -codes[i]);
	}
	assert_int_equal(map->n_faults, 0);
}

TEST(errors_set_the_state)
{
	static const struct {
		int error;
		enum state state;
		size_t faults;
	} rows[] = {
		{ ENOENT, EFIMAP_STATE_ABSENT, 0 }, { EACCES, EFIMAP_STATE_DENIED, 0 },
		{ EPERM, EFIMAP_STATE_DENIED, 0 },  { ELOOP, EFIMAP_STATE_MALFORMED, 1 },
		{ EIO, EFIMAP_STATE_MALFORMED, 1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_map struct efimap *map = capture_create("x", EFIMAP_ORIGIN_TREE);
		assert_int_equal(
			source_add_errno(map, EFIMAP_SRC_IOMEM, "proc/iomem", -rows[i].error), 0);
		assert_int_equal(map->states[EFIMAP_SRC_IOMEM], rows[i].state);
		assert_int_equal(map->n_faults, rows[i].faults);
	}
}

TEST(long_paths_are_not_truncated)
{
	char where[400];
	struct capture_fault fault = { EFIMAP_SRC_MEMMAP, EFIMAP_NO_INDEX, .where = where };
	auto_map struct efimap *map = NULL;
	int len;

	len = snprintf(where, sizeof(where), "sys/firmware/efi/runtime-map/");
	memset(where + len, 'n', NAME_MAX);
	where[len + NAME_MAX] = '\0';
	map = capture_create("x", EFIMAP_ORIGIN_TREE);
	assert_int_equal(capture_add_errno(map, &fault, -ENOENT), 0);
	assert_string_equal(map->faults[0].where, where);
}
