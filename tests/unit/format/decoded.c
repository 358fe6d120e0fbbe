/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of setup_data types, and which payloads may be shown. */
#include "test.h"
#include "format/decoded.h"

static void types_have_names(void **state)
{
	assert_string_equal(setup_type_name(0), "NONE");
	assert_string_equal(setup_type_name(4), "EFI");
	assert_string_equal(setup_type_name(9), "RNG_SEED");
	assert_string_equal(setup_type_name(10), "KEXEC_KHO");
	assert_string_equal(setup_type_name(11), "");
	assert_string_equal(setup_type_name(0x80000000), "INDIRECT");
	assert_string_equal(setup_type_name(0x80000002), "");
}

static void payloads_are_shown_when_asked_for_and_seeds_never(void **state)
{
	static const struct {
		struct efimap_setup_data node;
		bool all;
		size_t size;
	} rows[] = {
		{ { .type = 2, .len = 8 }, false, 0 },
		{ { .type = 2, .len = 8 }, true, 8 },
		{ { .type = 4, .len = 96 }, true, 0 },
		{ { .type = 9, .len = 8 }, true, 0 },
		{ { .type = 0x80000009, .len = 8 }, true, 0 },
		{ { .type = 2, .len = UINT32_MAX }, true, 48 },
		{ { .offset = 48, .type = 2, .len = 8 }, true, 0 },
		{ { .offset = 60, .type = 2, .len = 8 }, true, 0 },
		{ { .offset = 44, .type = 2, .len = 8 }, true, 4 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct efimap_decoded_view view = { .size = 64,
							  .all_payloads = rows[i].all };

		assert_int_equal(payload_size(&view, &rows[i].node), rows[i].size);
	}
}

static void entries_become_a_capture(void **state)
{
	struct efimap_entry entries[] = { { 0, 5, 0x1000, 0x2000, 1, 0xf }, { 1, 6, 0, 0, 0, 0 } };
	const struct efimap_decoded decoded = { .entries = entries, .n_entries = 2 };
	const struct efimap_decoded_view view = { .name = "file", .decoded = &decoded };
	efimap_auto_map struct efimap *map = NULL;

	assert_int_equal(decoded_map(&view, &map), 0);
	assert_int_equal(map->n_entries, 2);
	assert_int_equal(map->entries[0].virt, 0x2000);
	assert_string_equal(map->name, "file");
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(types_have_names),
		cmocka_unit_test(payloads_are_shown_when_asked_for_and_seeds_never),
		cmocka_unit_test(entries_become_a_capture),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
