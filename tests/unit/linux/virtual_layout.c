/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stock.h"
#include "linux/real_captures.h"
#include "linux/virtual_layout.h"

#define RT EFIMAP_ATTR_RUNTIME

static const struct efimap_layout_options complete = { .complete = true };
static const struct efimap_layout_options gaps = { .complete = false };

TEST(test_wrong_address)
{
	const size_t count = ARRAY_SIZE(stock_entries);
	struct efimap_entry entries[ARRAY_SIZE(stock_entries)];
	struct efimap_layout_row rows[ARRAY_SIZE(stock_entries)];
	enum efimap_layout_order order;

	memcpy(entries, stock_entries, sizeof(entries));
	entries[2].virt += 0x1000;
	assert_int_equal(efimap_layout_predict(entries, count, &gaps, rows, &order), 0);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(efimap_layout_row_allows(&rows[i], &entries[i]), i != 2);
	/*
	 * Four steps higher, region 2 is still below region 1. Five steps higher, it overlaps
	 * region 0.
	 */
	entries[2].virt += 4 * EFIMAP_LAYOUT_STEP - 0x1000;
	assert_int_equal(efimap_layout_predict(entries, count, &gaps, rows, &order), 0);
	assert_int_equal(efimap_layout_row_allows(&rows[2], &entries[2]), true);
	entries[2].virt += EFIMAP_LAYOUT_STEP;
	assert_int_equal(efimap_layout_predict(entries, count, &gaps, rows, &order), 0);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(efimap_layout_row_allows(&rows[i], &entries[i]), i != 2);
}

/*
 * The second kernel freed boot services regions of the map that kexec_load passed. In the remaining
 * map, one address is higher than the previous one, but all addresses are valid.
 */
TEST(test_few_after_kexec)
{
	const struct efimap_entry entries[] = {
		{ 0, EFIMAP_TYPE_RUNTIME_DATA, 0x3000, 0xfffffffeff803000, 1, RT },
		{ 1, EFIMAP_TYPE_RUNTIME_DATA, 0x2000, 0xfffffffeff602000, 1, RT },
		{ 2, EFIMAP_TYPE_RUNTIME_DATA, 0x5000, 0xfffffffeffc05000, 1, RT },
		{ 3, EFIMAP_TYPE_RUNTIME_DATA, 0x1000, 0xfffffffeff401000, 1, RT },
	};
	const struct efimap_layout_options in_order = { .in_order = true };
	struct efimap_layout_row rows[ARRAY_SIZE(entries)];
	enum efimap_layout_order order;

	assert_int_equal(efimap_layout_predict(entries, 4, &gaps, rows, &order), 0);
	for (size_t i = 0; i < ARRAY_SIZE(entries); i++)
		assert_true(efimap_layout_row_allows(&rows[i], &entries[i]));
	/* A kernel that the firmware booted lists regions in the order in which it mapped them. */
	assert_int_equal(efimap_layout_predict(entries, 4, &in_order, rows, &order), 0);
	assert_false(efimap_layout_row_allows(&rows[2], &entries[2]));
}

/* In mixed mode, regions of every type are mapped, in ascending order. */
TEST(test_mixed_mode)
{
	const struct efimap_layout_options mixed = { .complete = true, .mixed = true };
	efimap_auto_map struct efimap *map = capture_new("ovmf32-q35-6.1-mixed-first");
	struct efimap_layout_row rows[32];
	enum efimap_layout_order order;

	assert_true(map->n_entries < ARRAY_SIZE(rows));
	assert_int_equal(
		efimap_layout_predict(map->entries, map->n_entries, &mixed, rows, &order), 0);
	assert_int_equal(order, EFIMAP_LAYOUT_ASCENDING);
	for (size_t i = 0; i < map->n_entries; i++)
		assert_true(efimap_layout_is_mapped(&map->entries[i], true));
}

/*
 * Entries 1 and 2 are merged. Entry 3 has other attributes than entry 2, entry 4 is not adjacent to
 * entry 3, and entry 5 has another type.
 */
TEST(test_merge)
{
	struct efimap_entry entries[] = {
		{ 0, EFIMAP_TYPE_BOOT_CODE, 0, 0, 1, 0xf },
		{ 1, EFIMAP_TYPE_RUNTIME_DATA, 0x1000000, 0, 0x10, RT | 0xf },
		{ 2, EFIMAP_TYPE_RUNTIME_DATA, 0x1010000, 0, 0x20, RT | 0xf },
		{ 3, EFIMAP_TYPE_RUNTIME_DATA, 0x1030000, 0, 0x10, RT },
		{ 4, EFIMAP_TYPE_RUNTIME_DATA, 0x1041000, 0, 1, RT },
		{ 5, EFIMAP_TYPE_RUNTIME_CODE, 0x1042000, 0, 1, RT },
	};
	static const uint64_t pages[] = { 1, 0x30, 0x20, 0x10, 1, 1 };

	efimap_layout_merge(entries, ARRAY_SIZE(entries));
	for (size_t i = 0; i < ARRAY_SIZE(entries); i++) {
		assert_int_equal(entries[i].pages, pages[i]);
		assert_int_equal(efimap_layout_is_mapped(&entries[i], false), i != 2);
	}
	assert_int_equal(entries[2].phys, 0x1010000);
}

TEST(test_overflow)
{
	const struct efimap_entry entries[] = {
		{ 0, EFIMAP_TYPE_RUNTIME_DATA, 0x1000, 0xfffffffeffe01000, 1, RT },
		{ 1, EFIMAP_TYPE_MMIO, 0x1000000000, 0, 0x1000000, RT },
		{ 2, EFIMAP_TYPE_RUNTIME_DATA, 0x2000, 0, 1, RT },
	};
	struct efimap_layout_row rows[3];
	enum efimap_layout_order order;

	/*
	 * Linux does not restore efi_va after a region that is too large, so the next region also
	 * overflows.
	 */
	assert_int_equal(efimap_layout_predict(entries, 3, &complete, rows, &order), 0);
	assert_int_equal(rows[0].kind, EFIMAP_LAYOUT_EXACT);
	assert_int_equal(rows[1].kind, EFIMAP_LAYOUT_NO_SPACE);
	assert_int_equal(rows[2].kind, EFIMAP_LAYOUT_NO_SPACE);
	assert_true(efimap_layout_row_allows(&rows[1], &entries[1]));
	assert_int_equal(efimap_layout_predict(entries, 3, &gaps, rows, &order), 0);
	assert_int_equal(rows[1].kind, EFIMAP_LAYOUT_NO_SPACE);
	assert_int_equal(rows[2].kind, EFIMAP_LAYOUT_BOUND);
}

TEST(test_empty)
{
	struct efimap_layout_row row;
	enum efimap_layout_order order;

	assert_int_equal(efimap_layout_predict(NULL, 0, &gaps, &row, &order), 0);
}
