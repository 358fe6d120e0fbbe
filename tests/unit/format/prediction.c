/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The efimap-prediction document. */
#include <errno.h>

#include "test.h"
#include "base/cleanup.h"
#include "format/emulation.h"
#include "sample.h"

static struct efimap *two_entries(void)
{
	struct efimap *map = sample_empty("/");
	const struct efimap_entry entries[] = {
		{ 0, 11, 0xffc00000, 0xfffffffeffc00000, 0x400, 0x8000000000000001 },
		{ 1, 6, 0x3fef4000, 0xfffffffeffaf4000, 0x84, 0x800000000000000f },
	};

	for (size_t i = 0; i < ARRAY_SIZE(entries); i++)
		assert_int_equal(efimap_add_entry(map, &entries[i]), 0);
	assert_int_equal(efimap_seal(map), 0);
	return map;
}

static const struct efimap_layout_row bounds[] = {
	{ .kind = EFIMAP_LAYOUT_BOUND, .bound = 0xfffffffeffc00000 },
	{ .kind = EFIMAP_LAYOUT_BOUND, .bound = 0xfffffffeff8f4000 },
};

#define HEAD                                                                               \
	"{\n"                                                                              \
	"  \"document\": \"efimap-prediction\",\n"                                         \
	"  \"version\": 1,\n"                                                              \
	"  \"tool\": \"" EFIMAP_TOOL "\",\n"                                               \
	"  \"source\": \"/\",\n"                                                           \
	"  \"order\": \"descending\",\n"                                                   \
	"  \"entries\": [\n"
#define TAIL                                                                               \
	"  ],\n"                                                                           \
	"  \"findings\": []\n"                                                             \
	"}\n"

static void bounds_have_no_prediction(void **state)
{
	struct efimap *map efimap_auto_map = two_entries();
	struct efimap_report *report efimap_auto_report = sample_clean_report();
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;
	struct efimap_layout_row rows[ARRAY_SIZE(bounds)] = { bounds[0], bounds[1] };
	const struct efimap_layout layout = { .rows = rows, .n_rows = 2, .has_virt = true };

	assert_int_equal(efimap_prediction_write_json(map, &layout, report, &out), 0);
	assert_string_equal(
		sample_text(&out),
		HEAD
		"    {\"index\": 0, \"phys_addr\": \"0xffc00000\", \"virt_addr\": "
		"\"0xfffffffeffc00000\", \"predicted\": null, \"bound\": "
		"\"0xfffffffeffc00000\", \"possible\": true},\n"
		"    {\"index\": 1, \"phys_addr\": \"0x3fef4000\", \"virt_addr\": "
		"\"0xfffffffeffaf4000\", \"predicted\": null, \"bound\": "
		"\"0xfffffffeff8f4000\", \"possible\": false}\n"
		TAIL);
}

static void a_log_has_no_addresses(void **state)
{
	struct efimap *map efimap_auto_map = two_entries();
	struct efimap_report *report efimap_auto_report = sample_clean_report();
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;
	struct efimap_layout_row rows[] = {
		{ .kind = EFIMAP_LAYOUT_EXACT, .predicted = 0x1000, .bound = 0x1000 },
		{ .kind = EFIMAP_LAYOUT_UNMAPPED },
	};
	const struct efimap_layout layout = { .rows = rows, .n_rows = 2 };

	assert_int_equal(efimap_prediction_write_json(map, &layout, report, &out), 0);
	assert_string_equal(
		sample_text(&out),
		HEAD
		"    {\"index\": 0, \"phys_addr\": \"0xffc00000\", \"virt_addr\": null, "
		"\"predicted\": \"0x1000\", \"bound\": \"0x1000\", \"possible\": true},\n"
		"    {\"index\": 1, \"phys_addr\": \"0x3fef4000\", \"virt_addr\": null, "
		"\"predicted\": null, \"bound\": null, \"possible\": true}\n"
		TAIL);
}

static void errors_of_the_out_stick(void **state)
{
	struct efimap *map efimap_auto_map = two_entries();
	struct efimap_report *report efimap_auto_report = sample_clean_report();
	struct efimap_out out = { .fd = -1, .error = -ENOSPC };
	struct efimap_layout_row rows[ARRAY_SIZE(bounds)] = { bounds[0], bounds[1] };
	const struct efimap_layout layout = { .rows = rows, .n_rows = 2, .has_virt = true };

	assert_int_equal(efimap_prediction_write_json(map, &layout, report, &out), -ENOSPC);
	efimap_out_free(&out);
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bounds_have_no_prediction),
		cmocka_unit_test(a_log_has_no_addresses),
		cmocka_unit_test(errors_of_the_out_stick),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
