/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of sources and states, look-ups, the kernel's release as a condition. */
#include <string.h>

#include "test.h"
#include "model/capture.h"

static struct efimap *empty(void)
{
	struct efimap *map = NULL;

	assert_int_equal(efimap_new("/", EFIMAP_ORIGIN_LIVE, &map), 0);
	return map;
}

static void every_source_has_a_name_and_a_path(void **state)
{
	for (int a = 0; a < EFIMAP_SRC_COUNT; a++) {
		const char *name = efimap_source_name((enum efimap_source)a);
		const char *path = efimap_source_path((enum efimap_source)a);

		assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz_"), strlen(name));
		assert_true(strlen(name) > 0);
		assert_true(strlen(path) > 0 && path[0] != '/');
		for (int b = 0; b < a; b++) {
			enum efimap_source other = (enum efimap_source)b;

			assert_string_not_equal(name, efimap_source_name(other));
			assert_string_not_equal(path, efimap_source_path(other));
		}
	}
	assert_string_equal(efimap_source_name(EFIMAP_SRC_RUNTIME_MAP), "runtime_map");
	assert_string_equal(efimap_source_path(EFIMAP_SRC_RUNTIME_MAP),
			    "sys/firmware/efi/runtime-map");
}

static void state_names(void **state)
{
	static const char *const names[] = { "absent", "present", "denied", "masked",
					     "broken" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		assert_string_equal(efimap_state_name((enum efimap_state)i), names[i]);
}

static void has_means_read(void **state)
{
	efimap_auto_map struct efimap *map = empty();

	for (int i = 0; i <= EFIMAP_STATE_BROKEN; i++) {
		map->states[EFIMAP_SRC_IOMEM] = (enum efimap_state)i;
		assert_int_equal(efimap_has(map, EFIMAP_SRC_IOMEM),
				 i == EFIMAP_STATE_PRESENT);
	}
	assert_false(efimap_is_offline(map));
	map->origin = EFIMAP_ORIGIN_SNAPSHOT;
	assert_true(efimap_is_offline(map));
}

static void find_pair_rows(void **state)
{
	static const struct efimap_pair pairs[] = {
		{ "SMBIOS3", 3 }, { "SMBIOS", 1 }, { "SMBIOS", 2 }, { "", 4 },
	};
	static const struct {
		const char *name;
		bool found;
		uint64_t value;
	} rows[] = {
		{ "SMBIOS3", true, 3 },
		{ "SMBIOS", true, 1 },
		{ "", true, 4 },
		{ "SMB", false, 0 },
		{ "smbios", false, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint64_t value = 99;

		assert_int_equal(
			efimap_find_pair(pairs, ARRAY_SIZE(pairs), rows[i].name, &value),
			rows[i].found);
		assert_int_equal(value, rows[i].found ? rows[i].value : 99);
	}
	assert_false(efimap_find_pair(NULL, 0, "SMBIOS", &(uint64_t){ 0 }));
}

static void find_entry_finds_the_first(void **state)
{
	efimap_auto_map struct efimap *map = empty();

	assert_null(efimap_find_entry(map, 0));
	for (uint32_t i = 0; i < 100; i++) {
		/* 1, 1, 4, 4, 7, 7, … */
		struct efimap_entry entry = { .index = i / 2 * 3 + 1, .type = i };

		assert_int_equal(efimap_add_entry(map, &entry), 0);
	}
	assert_int_equal(efimap_seal(map), 0);
	for (uint32_t index = 0; index < 200; index++) {
		const struct efimap_entry *entry = efimap_find_entry(map, index);

		if (index % 3 == 1 && index < 150) {
			assert_non_null(entry);
			assert_int_equal(entry->index, index);
			assert_int_equal(entry->type, index / 3 * 2);
		} else {
			assert_null(entry);
		}
	}
	assert_null(efimap_find_entry(map, UINT32_MAX));
}

static void release_rows(void **state)
{
	static const struct {
		const char *release;
		unsigned int major, minor;
		bool if_unknown, is;
	} rows[] = {
		{ "6.1.0-56-amd64", 6, 1, false, true },
		{ "6.1.0-56-amd64", 6, 2, false, false },
		{ "6.1.0-56-amd64", 5, 7, false, true },
		{ "6.1.0-56-amd64", 7, 0, true, false },
		{ "6.12.113+deb12-amd64", 6, 2, false, true },
		{ "5.6.19", 5, 7, true, false },
		{ "", 5, 7, true, true },
		{ "", 5, 7, false, false },
		{ "custom", 5, 7, true, true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		efimap_auto_map struct efimap *map = empty();

		assert_int_equal(efimap_set_release(map, rows[i].release,
						    strlen(rows[i].release)),
				 0);
		if (efimap_release_at_least(map, rows[i].major, rows[i].minor,
					    rows[i].if_unknown) != rows[i].is)
			fail_msg("%s at least %u.%u", rows[i].release, rows[i].major,
				 rows[i].minor);
	}
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_source_has_a_name_and_a_path),
		cmocka_unit_test(state_names),
		cmocka_unit_test(has_means_read),
		cmocka_unit_test(find_pair_rows),
		cmocka_unit_test(find_entry_finds_the_first),
		cmocka_unit_test(release_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
