/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The labels over an entry, where they are more than a line takes. */
#include <string.h>

#include "test.h"
#include "base/cleanup.h"
#include "format/dump.h"
#include "sample.h"

/* The cell of a column, "MEMMAP" or "IOMEM" */
static void expect(const struct efimap *map, const char *column, size_t entry,
		   const char *names)
{
	static const struct efimap_report report = { .n_findings = 0 };
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;
	struct dump_view view;
	size_t number;

	assert_int_equal(dump_find_column(column, strlen(column), &number, NULL), 0);
	assert_int_equal(dump_view_open(map, &report, false, &view), 0);
	dump_put_cell(&view, entry, number, &out);
	assert_string_equal(sample_text(&out), names);
	dump_view_close(&view);
}

/* 300 equal entries below 300 equal ranges: 90,000 hits, more than cover.h keeps. */
TEST(what_is_cut_is_said)
{
	struct efimap *map efimap_auto_map = sample_empty("/");

	for (uint32_t i = 0; i < 300; i++) {
		struct efimap_entry entry = { i, 6, 0x1000, 0x1000, 1, 0 };

		assert_int_equal(efimap_add_entry(map, &entry), 0);
		sample_memmap(map, i, 0, 0xffff, "Reserved");
	}
	assert_int_equal(efimap_seal(map), 0);
	expect(map, "MEMMAP", 0, "Reserved,...");
	expect(map, "MEMMAP", 299, "Reserved,...");
}
