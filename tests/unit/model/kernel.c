/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each change: the release before it, its own, one after it, and none. */
#include <string.h>

#include "test.h"
#include "model/kernel.h"

static const struct {
	enum efimap_change change;
	const char *before;
	const char *since;
	const char *later;
} rows[] = {
	{ EFIMAP_CHANGE_WALKS_BACKWARDS, "4.2.8", "4.3.0", "4.10.0" },
	{ EFIMAP_CHANGE_SHOWS_BOOT_SERVICES, "4.8.17", "4.9.0-19-amd64", "4.10.0" },
	{ EFIMAP_CHANGE_APPLIES_MEMATTR, "4.10.17", "4.11", "5.0.0" },
	{ EFIMAP_CHANGE_READS_RUNTIME, "5.6.19", "5.7.0", "6.1.0-56-amd64" },
	{ EFIMAP_CHANGE_NO_OLD_MAP, "5.9.16", "5.10.0-30-amd64", "6.0" },
	{ EFIMAP_CHANGE_SKIPS_MEMATTR, "6.13.2", "6.13.3", "6.14.0" },
};

static bool has(const char *release, enum efimap_change change, bool unknown)
{
	struct efimap *map efimap_auto_map;

	assert_int_equal(efimap_new("x", EFIMAP_ORIGIN_TREE, &map), 0);
	assert_int_equal(efimap_set_release(map, release, strlen(release)), 0);
	return efimap_kernel_has(map, change, unknown);
}

static void boundaries(void **state)
{
	assert_int_equal(ARRAY_SIZE(rows), EFIMAP_CHANGE_COUNT);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const enum efimap_change change = rows[i].change;

		if (has(rows[i].before, change, true) || !has(rows[i].since, change, false) ||
		    !has(rows[i].later, change, false) || has("3.14.0", change, true) ||
		    !has("7.0.0-rc1", change, false))
			fail_msg("%s", efimap_kernel_change(change)->release);
		assert_true(has("", change, true));
		assert_false(has("rolling", change, false));
	}
}

static void every_row_is_whole(void **state)
{
	for (unsigned int i = 0; i < EFIMAP_CHANGE_COUNT; i++) {
		const struct efimap_kernel_change *row =
			efimap_kernel_change((enum efimap_change)i);

		assert_true(row->major > 3);
		assert_true(*row->release && *row->before && *row->since && *row->source);
		/* What it is called is what it is. */
		assert_true(has(row->release, (enum efimap_change)i, false));
	}
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(boundaries),
		cmocka_unit_test(every_row_is_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
