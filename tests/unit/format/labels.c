/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The labels over an entry: outer ones first, each said once. */
#include <string.h>

#include "test.h"
#include "base/cleanup.h"
#include "format/dump.h"
#include "sample.h"

static struct efimap *nested_map(void)
{
	struct efimap *map = sample_empty("/");

	for (uint32_t i = 0; i < 3; i++) {
		struct efimap_entry entry = { i, 6, (uint64_t)i << 16, 0, 16, 0 };

		assert_int_equal(efimap_add_entry(map, &entry), 0);
	}
	sample_iomem(map, 0x0, 0x1ffff, 0, "PCI Bus 0000:00");
	sample_iomem(map, 0x0, 0xfff, 1, "Reserved");
	sample_iomem(map, 0x0, 0x7ff, 2, "pnp 00:06");
	sample_iomem(map, 0x2000, 0x2fff, 1, "Reserved");
	sample_iomem(map, 0x3000, 0x3fff, 1, "PCI Bus 0000:00");
	sample_memmap(map, 0, 0x10000, 0x1ffff, "System RAM");
	sample_memmap(map, 1, 0x20000, 0x20000, "System RAM");
	sample_memmap(map, 2, 0x2ffff, 0x2ffff, "Reserved");
	assert_int_equal(efimap_seal(map), 0);
	return map;
}

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

TEST(outer_first_and_once)
{
	struct efimap *map efimap_auto_map = nested_map();

	expect(map, "IOMEM", 0, "PCI Bus 0000:00,Reserved,pnp 00:06");
	expect(map, "IOMEM", 1, "PCI Bus 0000:00");
	expect(map, "IOMEM", 2, "");
}

TEST(memmap_in_order_of_address)
{
	struct efimap *map efimap_auto_map = nested_map();

	expect(map, "MEMMAP", 0, "");
	expect(map, "MEMMAP", 1, "System RAM");
	expect(map, "MEMMAP", 2, "System RAM,Reserved");
}

TEST(hidden_addresses_say_nothing)
{
	struct efimap *map efimap_auto_map = nested_map();

	map->states[EFIMAP_SRC_IOMEM] = EFIMAP_STATE_MASKED;
	expect(map, "IOMEM", 0, "?");
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
