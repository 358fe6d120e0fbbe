/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Page tables for people. */
#include <string.h>

#include "test.h"
#include "base/cleanup.h"
#include "format/emulation.h"
#include "sample.h"

static const struct efimap_pointer pointers[] = {
	{ "systab", 0x3f5eb018, EFIMAP_REACH_REACHABLE, 3 },
	{ "fw_vendor", 0x3e000000, EFIMAP_REACH_OUTSIDE, EFIMAP_NO_POSITION },
	{ "runtime", 0xfffffffeff1ebb98, EFIMAP_REACH_VIRTUAL, 3 },
	{ "config_table", 0, EFIMAP_REACH_NONE, EFIMAP_NO_POSITION },
};

static const char *write_text(enum efimap_pagetable_mode mode,
			      const struct efimap_pagetable *table,
			      const struct efimap_report *report, struct efimap_out *out)
{
	struct efimap *map efimap_auto_map = sample_map();
	const struct efimap_emulation_options options = { 0 };
	const struct efimap_pagetable_view view = {
		.map = map,
		.mode = mode,
		.table = table,
		.pointers = pointers,
		.n_pointers = ARRAY_SIZE(pointers),
		.report = report,
	};

	assert_int_equal(efimap_pagetable_write_text(&view, &options, out), 0);
	return sample_text(out);
}

static void identity_tells_what_faults(void **state)
{
	const struct efimap_pagetable table = { .n_pages = 10, .leaves = { 0, 2, 904 } };
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;

	assert_string_equal(
		write_text(EFIMAP_PAGETABLE_IDENTITY, &table, NULL, &out),
		"mode identity: 10 page tables, 40K: 904 leaves of 4 KiB, 2 of 2 MiB, 0 of 1 "
		"GiB\n"
		"systab       0x3f5eb018         reachable in physical mode, in entry 3 "
		"(RuntimeData)\n"
		"fw_vendor    0x3e000000         physical, but no entry maps it: would fault\n"
		"runtime      0xfffffffeff1ebb98 virtual already: would fault, in entry 3 "
		"(RuntimeData)\n"
		"config_table 0x0                not set\n");
}

static void others_tell_the_findings(void **state)
{
	struct efimap_report *report efimap_auto_report = sample_clean_report();
	const struct efimap_pagetable table = { .n_pages = 1 };
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;

	assert_string_equal(write_text(EFIMAP_PAGETABLE_BOTH, &table, report, &out),
			    "mode both: 1 page table, 4K: 0 leaves of 4 KiB, 0 of 2 MiB, 0 of 1 "
			    "GiB\n"
			    "no findings: 0 errors, 0 warnings, 0 notes\n");
}

static void what_is_left_out_is_limited(void **state)
{
	struct efimap_pagetable_skip skips[25] = { { 0 } };
	const struct efimap_pagetable table = { .n_pages = 1, .skips = skips,
						.n_skips = ARRAY_SIZE(skips) };
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;
	const char *text;
	size_t lines = 0;

	skips[0].identity = true;
	text = write_text(EFIMAP_PAGETABLE_VIRTUAL, &table, NULL, &out);
	assert_non_null(strstr(text, "runtime-map/0: not mapped at its physical address: no "
				     "pages\nruntime-map/0: not mapped at its virtual "));
	assert_non_null(strstr(text, "and 5 more are not mapped\n"));
	for (const char *at = text; (at = strchr(at, '\n')); at++)
		lines++;
	assert_int_equal(lines, 22);
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(identity_tells_what_faults),
		cmocka_unit_test(others_tell_the_findings),
		cmocka_unit_test(what_is_left_out_is_limited),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
