/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The efimap-pagetable document. */
#include <errno.h>

#include "test.h"
#include "base/cleanup.h"
#include "format/emulation.h"
#include "sample.h"

static struct efimap_pagetable_skip skips[] = {
	{ 2, false, EFIMAP_PAGETABLE_UNALIGNED },
	{ 7, true, EFIMAP_PAGETABLE_EMPTY },
};
static const struct efimap_pagetable table = {
	.base = 0x1000,
	.n_pages = 18,
	.leaves = { [EFIMAP_LEAF_1G] = 1, [EFIMAP_LEAF_2M] = 4, [EFIMAP_LEAF_4K] = 1810 },
	.skips = skips,
	.n_skips = ARRAY_SIZE(skips),
};
static const struct efimap_pointer pointers[] = {
	{ "runtime", 0xfffffffeff1ebb98, EFIMAP_REACH_VIRTUAL, 3 },
	{ "SMBIOS", 0x3f520000, EFIMAP_REACH_OUTSIDE, EFIMAP_NO_POSITION },
};

static void has_the_promised_shape(void **state)
{
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;
	const struct efimap_pagetable_view view = {
		.map = map,
		.mode = EFIMAP_PAGETABLE_IDENTITY,
		.table = &table,
		.pointers = pointers,
		.n_pointers = ARRAY_SIZE(pointers),
	};

	assert_int_equal(efimap_pagetable_write_json(&view, &out), 0);
	assert_string_equal(
		sample_text(&out),
		"{\n"
		"  \"document\": \"efimap-pagetable\",\n"
		"  \"version\": 1,\n"
		"  \"tool\": \"" EFIMAP_TOOL "\",\n"
		"  \"source\": \"/\",\n"
		"  \"mode\": \"identity\",\n"
		"  \"base\": \"0x1000\",\n"
		"  \"pages\": 18,\n"
		"  \"bytes\": 73728,\n"
		"  \"leaves\": {\"4k\": 1810, \"2m\": 4, \"1g\": 1},\n"
		"  \"pointers\": [\n"
		"    {\"name\": \"runtime\", \"value\": \"0xfffffffeff1ebb98\", \"reach\": "
		"\"virtual\", \"index\": 3},\n"
		"    {\"name\": \"SMBIOS\", \"value\": \"0x3f520000\", \"reach\": \"outside\", "
		"\"index\": null}\n"
		"  ],\n"
		"  \"left_out\": [\n"
		"    {\"index\": 2, \"mapping\": \"virtual\", \"why\": "
		"\"virtual address is no multiple of 4096\"},\n"
		"    {\"index\": 7, \"mapping\": \"identity\", \"why\": \"no pages\"}\n"
		"  ],\n"
		"  \"findings\": []\n"
		"}\n");
}

static void errors_of_the_out_stick(void **state)
{
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_report *report efimap_auto_report = sample_report();
	struct efimap_out out = { .fd = -1, .error = -ENOSPC };
	const struct efimap_pagetable_view view = { .map = map, .table = &table,
						    .report = report };

	assert_int_equal(efimap_pagetable_write_json(&view, &out), -ENOSPC);
	efimap_out_free(&out);
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(has_the_promised_shape),
		cmocka_unit_test(errors_of_the_out_stick),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
