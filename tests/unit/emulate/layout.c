/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One step of the layout, against rows worked out by hand and steps of real kernels. */
#include <errno.h>

#include "emulate/layout.h"
#include "emulate/tree.h"

struct step_row {
	const char *name;
	uint64_t va;
	uint64_t phys;
	uint64_t pages;
	int err;
	uint64_t want;
};

static const struct step_row step_rows[] = {
	{ "2 MiB aligned, fits exactly", EFIMAP_VA_START, 0xffc00000, 0x400, 0,
	  0xfffffffeffc00000 },
	{ "2 MiB aligned, rounded down", EFIMAP_VA_START, 0, 1, 0, 0xfffffffeffe00000 },
	{ "remainder fits below in the same block", 0xfffffffeffc00000, 0x3fef4000, 0x84,
	  0, 0xfffffffeffaf4000 },
	{ "remainder equals what is left", 0xfffffffeff2ec000, 0x3f5ec000, 0x100, 0,
	  0xfffffffeff1ec000 },
	{ "remainder lies above: one block further down", 0xfffffffeff201000, 0x1ff000, 1,
	  0, 0xfffffffeff1ff000 },
	{ "unaligned phys keeps its offset", 0xfffffffeff400000, 0x1000800, 1, 0,
	  0xfffffffeff200800 },
	{ "no pages, 2 MiB aligned", 0xfffffffeff2ec000, 0x200000, 0, 0,
	  0xfffffffeff200000 },
	{ "the whole window", EFIMAP_VA_START, 0, 0x1000000, 0, EFIMAP_VA_END },
	{ "one page more than the window", EFIMAP_VA_START, 0, 0x1000001, -EOVERFLOW, 0 },
	{ "window used up", EFIMAP_VA_END, 0, 1, -EOVERFLOW, 0 },
	{ "window used up by the remainder", EFIMAP_VA_END + 0x1000, 0x2000, 1,
	  -EOVERFLOW, 0 },
	{ "size wraps", EFIMAP_VA_START, 0, UINT64_C(1) << 52, -EOVERFLOW, 0 },
	{ "subtraction wraps", 0x1000, 0, 2, -EOVERFLOW, 0 },
	{ "remainder wraps below zero", 0x1000, 0x2000, 1, -EOVERFLOW, 0 },
};

static void test_steps(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(step_rows); i++) {
		const struct step_row *row = &step_rows[i];
		uint64_t va = 0x5a5a;

		print_message("%s\n", row->name);
		assert_int_equal(efimap_layout_next(row->va, row->phys, row->pages, &va),
				 row->err);
		assert_int_equal(va, row->err ? 0x5a5a : row->want);
	}
}

/* With efi=debug nothing was freed: every address follows from the one before. */
static void test_real_steps(void **state)
{
	struct efimap_entry entries[TREE_MAX];
	const size_t count = tree_map("ovmf-q35-6.1-efidebug-first", entries);
	uint64_t va = EFIMAP_VA_START;

	assert_int_equal(count, 100);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(
			efimap_layout_next(va, entries[i].phys, entries[i].pages, &va),
			0);
		assert_int_equal(va, entries[i].virt);
	}
}

/* Without it, each is a whole number of 2 MiB steps below what would follow. */
static void test_real_gaps(void **state)
{
	static const uint64_t gaps[] = { 0, 0, 4, 0, 4, 12, 0, 7 };
	struct efimap_entry entries[TREE_MAX];
	const size_t count = tree_map("ovmf-q35-6.1-kexec-first", entries);
	uint64_t va = EFIMAP_VA_START;

	assert_int_equal(count, 8);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(
			efimap_layout_next(va, entries[i].phys, entries[i].pages, &va),
			0);
		assert_int_equal(va - entries[i].virt, gaps[i] * EFIMAP_LAYOUT_STEP);
		va = entries[i].virt;
	}
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_real_steps),
		cmocka_unit_test(test_real_gaps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
