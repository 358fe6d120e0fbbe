/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The labels over an entry: outer ones first, each said once. */

#include "test.h"
#include "base/cleanup.h"
#include "format/labels.h"
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

static void expect(const struct labels *labels, size_t entry, const char *names)
{
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;
	const char *label;
	size_t at = 0;

	while ((label = labels_next(labels, entry, &at)))
		efimap_out_printf(&out, "%s|", label);
	assert_null(labels_next(labels, entry, &at));
	assert_string_equal(sample_text(&out), names);
}

TEST(outer_first_and_once)
{
	struct efimap *map efimap_auto_map = nested_map();
	struct labels labels;

	assert_int_equal(labels_open(map, EFIMAP_SRC_IOMEM, &labels), 0);
	expect(&labels, 0, "PCI Bus 0000:00|Reserved|pnp 00:06|");
	expect(&labels, 1, "PCI Bus 0000:00|");
	expect(&labels, 2, "");
	labels_close(&labels);
}

TEST(memmap_in_order_of_address)
{
	struct efimap *map efimap_auto_map = nested_map();
	struct labels labels;

	assert_int_equal(labels_open(map, EFIMAP_SRC_MEMMAP, &labels), 0);
	expect(&labels, 0, "");
	expect(&labels, 1, "System RAM|");
	expect(&labels, 2, "System RAM|Reserved|");
	labels_close(&labels);
}

TEST(hidden_addresses_say_nothing)
{
	struct efimap *map efimap_auto_map = nested_map();
	struct labels labels;

	map->states[EFIMAP_SRC_IOMEM] = EFIMAP_STATE_MASKED;
	assert_int_equal(labels_open(map, EFIMAP_SRC_IOMEM, &labels), 0);
	expect(&labels, 0, "");
	labels_close(&labels);
}

/* 300 equal entries below 300 equal ranges: 90,000 hits, more than cover.h keeps. */
TEST(what_is_cut_is_said)
{
	struct efimap *map efimap_auto_map = sample_empty("/");
	struct labels labels;

	for (uint32_t i = 0; i < 300; i++) {
		struct efimap_entry entry = { i, 6, 0x1000, 0x1000, 1, 0 };

		assert_int_equal(efimap_add_entry(map, &entry), 0);
		sample_memmap(map, i, 0, 0xffff, "Reserved");
	}
	assert_int_equal(efimap_seal(map), 0);
	assert_int_equal(labels_open(map, EFIMAP_SRC_MEMMAP, &labels), 0);
	expect(&labels, 0, "Reserved|...|");
	expect(&labels, 299, "Reserved|...|");
	labels_close(&labels);
}
