/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which leaves a mapping gets, and what becomes of mappings that overlap. */
#include "emulate/pagetable.h"
#include "emulate/walker.h"

#define M UINT64_C(0x200000)
#define G UINT64_C(0x40000000)
#define PAGES(bytes) ((bytes) / 4096)
#define VA UINT64_C(0xffffffff00000000)
#define NX EFIMAP_PTE_NX
#define PCD EFIMAP_PTE_PCD
#define WB EFIMAP_ATTR_WB

struct leaf_row {
	const char *name;
	uint64_t va;
	uint64_t bytes;
	enum efimap_leaf largest;
	uint64_t leaves[EFIMAP_LEAF_COUNT];
	size_t pages;
};

/* Leaves are { 1 GiB, 2 MiB, 4 KiB }; pages count every table, the first included. */
static const struct leaf_row leaf_rows[] = {
	{ "one page", 0x1000, 0x1000, EFIMAP_LEAF_1G, { 0, 0, 1 }, 4 },
	{ "2 MiB aligned", M, M, EFIMAP_LEAF_1G, { 0, 1, 0 }, 3 },
	{ "2 MiB unaligned", M + 0x1000, M, EFIMAP_LEAF_1G, { 0, 0, 512 }, 5 },
	{ "4 MiB unaligned", M - 0x1000, 2 * M, EFIMAP_LEAF_1G, { 0, 1, 512 }, 5 },
	{ "a page less than 2 MiB", M, M - 0x1000, EFIMAP_LEAF_1G, { 0, 0, 511 }, 4 },
	{ "2 MiB with a tail", M, M + 0x1000, EFIMAP_LEAF_1G, { 0, 1, 1 }, 4 },
	{ "1 GiB aligned", G, G, EFIMAP_LEAF_1G, { 1, 0, 0 }, 2 },
	{ "1 GiB aligned to 2 MiB", G + M, G, EFIMAP_LEAF_1G, { 0, 512, 0 }, 4 },
	{ "head, 1 GiB, tail", G - M, G + 2 * M, EFIMAP_LEAF_1G, { 1, 2, 0 }, 4 },
	{ "head and tail of all sizes",
	  G - M - 0x1000,
	  G + 2 * M + 0x2000,
	  EFIMAP_LEAF_1G,
	  { 1, 2, 2 },
	  6 },
	{ "no 1 GiB pages", G, G, EFIMAP_LEAF_2M, { 0, 512, 0 }, 3 },
	{ "no 1 GiB pages, two of them", G, 2 * G, EFIMAP_LEAF_2M, { 0, 1024, 0 }, 4 },
	{ "4 KiB only", M, 2 * M, EFIMAP_LEAF_4K, { 0, 0, 1024 }, 5 },
	{ "across 512 GiB", 511 * G, 2 * G, EFIMAP_LEAF_1G, { 2, 0, 0 }, 3 },
	{ "1 TiB", 1024 * G, 1024 * G, EFIMAP_LEAF_1G, { 1024, 0, 0 }, 3 },
	{ "1 TiB off by 2 MiB",
	  1024 * G + M,
	  1024 * G,
	  EFIMAP_LEAF_1G,
	  { 1023, 512, 0 },
	  6 },
	{ "the EFI window", EFIMAP_VA_END, 64 * G, EFIMAP_LEAF_1G, { 64, 0, 0 }, 2 },
};

static void test_leaves(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(leaf_rows); i++) {
		const struct leaf_row *row = &leaf_rows[i];
		const struct efimap_pagetable_options options = {
			.mode = EFIMAP_PAGETABLE_VIRTUAL,
			.largest = row->largest,
			.max_bytes = row->pages * 4096,
		};
		const struct efimap_entry entry = {
			.phys = row->va & (64 * G - 1),
			.virt = row->va,
			.pages = PAGES(row->bytes),
		};
		struct efimap_err err = EFIMAP_ERR_INIT;
		struct efimap_pagetable table;
		struct walked walked = { 0 };

		print_message("%s\n", row->name);
		assert_int_equal(
			efimap_pagetable_build(&entry, 1, &options, &table, &err), 0);
		assert_int_equal(table.n_pages, row->pages);
		for (size_t leaf = 0; leaf < EFIMAP_LEAF_COUNT; leaf++)
			assert_int_equal(table.leaves[leaf], row->leaves[leaf]);
		assert_true(walker_translate(&table, row->va + row->bytes - 1, &walked));
		assert_int_equal(walked.phys, entry.phys + row->bytes - 1);
		assert_false(walker_translate(&table, row->va + row->bytes, &walked));
		assert_false(walker_translate(&table, row->va - 1, &walked));
		efimap_pagetable_free(&table);
	}
}

/* At @va there is @phys with @flags (of NX, PCD) in a leaf of @bytes. */
struct want {
	uint64_t va;
	uint64_t phys;
	uint64_t flags;
	uint64_t bytes;
};

struct overlap_row {
	const char *name;
	struct efimap_entry entries[3];
	struct want want[4];
};

#define DATA(phys, virt, pages, attribute)                                               \
	{                                                                                \
		0, EFIMAP_TYPE_RUNTIME_DATA, (phys), (virt), (pages), (attribute)        \
	}
#define CODE(phys, virt, pages, attribute)                                               \
	{                                                                                \
		0, EFIMAP_TYPE_RUNTIME_CODE, (phys), (virt), (pages), (attribute)        \
	}

static const struct overlap_row overlap_rows[] = {
	{ "the second keeps the first one's memory and gives it its flags",
	  { DATA(0x10000, VA, 4, WB), CODE(0x80000, VA, 4, WB) },
	  { { VA, 0x10000, 0, 4096 }, { VA + 0x3000, 0x13000, 0, 4096 } } },
	{ "no execute comes with the later one",
	  { CODE(0x10000, VA, 4, WB), DATA(0x80000, VA + 0x1000, 1, WB) },
	  { { VA, 0x10000, 0, 4096 },
	    { VA + 0x1000, 0x11000, NX, 4096 },
	    { VA + 0x2000, 0x12000, 0, 4096 } } },
	{ "uncached stays",
	  { DATA(0x10000, VA, 2, 0), DATA(0x80000, VA, 2, WB) },
	  { { VA, 0x10000, NX | PCD, 4096 } } },
	{ "uncached comes",
	  { DATA(0x10000, VA, 2, WB), DATA(0x80000, VA + 0x1000, 1, 0) },
	  { { VA, 0x10000, NX, 4096 }, { VA + 0x1000, 0x11000, NX | PCD, 4096 } } },
	{ "behind the first one, the second counts on from its last page",
	  { DATA(0x10000, VA, 2, WB), DATA(0x80000, VA, 4, WB) },
	  { { VA + 0x1000, 0x11000, NX, 4096 },
	    { VA + 0x2000, 0x11000, NX, 4096 },
	    { VA + 0x3000, 0x12000, NX, 4096 } } },
	{ "before the first one, the second replaces it",
	  { DATA(0x10000, VA + 0x1000, 1, WB), DATA(0x80000, VA, 4, WB) },
	  { { VA, 0x80000, NX, 4096 },
	    { VA + 0x1000, 0x81000, NX, 4096 },
	    { VA + 0x3000, 0x83000, NX, 4096 } } },
	{ "a large page with the same flags stays whole",
	  { DATA(4 * M, VA, 512, WB), DATA(0x80000, VA + 0x1000, 4, WB) },
	  { { VA, 4 * M, NX, M }, { VA + 0x1000, 4 * M + 0x1000, NX, M } } },
	{ "a large page that is covered changes as a whole",
	  { DATA(4 * M, VA, 512, WB), CODE(8 * M, VA, 512, WB) },
	  { { VA + M - 1, 5 * M - 1, 0, M } } },
	{ "a large page that is not covered is split",
	  { DATA(4 * M, VA, 512, WB), CODE(0x80000, VA + 0x1000, 1, WB) },
	  { { VA, 4 * M, NX, 4096 },
	    { VA + 0x1000, 4 * M + 0x1000, 0, 4096 },
	    { VA + 0x2000, 4 * M + 0x2000, NX, 4096 } } },
	{ "1 GiB is split twice",
	  { DATA(4 * G, VA, 512 * 512, WB), CODE(0x80000, VA + M, 1, WB) },
	  { { VA, 4 * G, NX, M },
	    { VA + M, 4 * G + M, 0, 4096 },
	    { VA + M + 0x1000, 4 * G + M + 0x1000, NX, 4096 },
	    { VA + 2 * M, 4 * G + 2 * M, NX, M } } },
	{ "behind a large page, it counts on from where it met it",
	  { DATA(4 * M, VA, 512, WB), DATA(8 * M, VA + 0x1000, 512, WB) },
	  { { VA + 0x1000, 4 * M + 0x1000, NX, M },
	    { VA + M, 4 * M + 0x1000, NX, 4096 } } },
	{ "a large page in the way of small ones is split",
	  { DATA(4 * M, VA + M, 512, WB), DATA(0x80000, VA + M - 0x1000, 2, WB) },
	  { { VA + M - 0x1000, 0x80000, NX, 4096 },
	    { VA + M, 0x81000, NX, 4096 },
	    { VA + M + 0x1000, 4 * M + 0x1000, NX, 4096 } } },
	{ "a large page replaces small ones",
	  { DATA(0x80000, VA + M, 1, WB),
	    DATA(4 * M - 0x1000, VA + M - 0x1000, 513, WB) },
	  { { VA + M - 0x1000, 4 * M - 0x1000, NX, 4096 }, { VA + M, 4 * M, NX, M } } },
	{ "identical twice",
	  { DATA(0x80000, VA, 3, WB), DATA(0x80000, VA, 3, WB) },
	  { { VA, 0x80000, NX, 4096 }, { VA + 0x2000, 0x82000, NX, 4096 } } },
};

static void test_overlaps(void **state)
{
	const struct efimap_pagetable_options options = {
		.mode = EFIMAP_PAGETABLE_VIRTUAL
	};

	for (size_t i = 0; i < ARRAY_SIZE(overlap_rows); i++) {
		const struct overlap_row *row = &overlap_rows[i];
		struct efimap_err err = EFIMAP_ERR_INIT;
		struct efimap_pagetable table;

		print_message("%s\n", row->name);
		assert_int_equal(
			efimap_pagetable_build(row->entries, 2, &options, &table, &err),
			0);
		for (size_t w = 0; w < ARRAY_SIZE(row->want) && row->want[w].bytes; w++) {
			const struct want *want = &row->want[w];
			struct walked walked = { 0 };

			assert_true(walker_translate(&table, want->va, &walked));
			assert_int_equal(walked.phys, want->phys);
			assert_int_equal(walked.bytes, want->bytes);
			assert_int_equal(walked.entry & (NX | PCD), want->flags);
		}
		efimap_pagetable_free(&table);
	}
}

/* Tables that a large page has replaced are empty, and used again. */
static void test_recycled(void **state)
{
	const struct efimap_entry entries[] = {
		DATA(0x80000, VA + M, 1, WB),
		DATA(4 * M - 0x1000, VA + M - 0x1000, 513, WB),
		CODE(0x90000, VA + M, 1, WB),
	};
	const struct efimap_pagetable_options options = {
		.mode = EFIMAP_PAGETABLE_VIRTUAL
	};
	struct efimap_err err = EFIMAP_ERR_INIT;
	struct efimap_pagetable table;
	size_t empty = 0;

	for (size_t count = 2; count <= 3; count++) {
		assert_int_equal(
			efimap_pagetable_build(entries, count, &options, &table, &err),
			0);
		assert_int_equal(table.n_pages, 5);
		for (size_t page = 0; page < table.n_pages; page++) {
			bool used = false;

			for (size_t i = 0; i < EFIMAP_PAGETABLE_WORDS; i++)
				used |= table.words[page * EFIMAP_PAGETABLE_WORDS + i] !=
					0;
			empty += !used;
		}
		assert_int_equal(empty, 1);
		efimap_pagetable_free(&table);
	}
}

/* Linux looks at the virtual address only: the leaf gets address bits it must not have.
 */
static void test_incongruent(void **state)
{
	const struct efimap_entry entry = DATA(4 * M + 0x3000, VA, 512, WB);
	const struct efimap_pagetable_options options = {
		.mode = EFIMAP_PAGETABLE_VIRTUAL
	};
	struct efimap_err err = EFIMAP_ERR_INIT;
	struct efimap_pagetable table;
	struct efimap_pagetable_hit hit;

	assert_int_equal(efimap_pagetable_build(&entry, 1, &options, &table, &err), 0);
	assert_int_equal(table.leaves[EFIMAP_LEAF_2M], 1);
	assert_int_equal(efimap_pagetable_walk(&table, VA, &hit), 0);
	assert_true(hit.reserved);
	assert_int_equal(hit.phys, 4 * M);
	efimap_pagetable_free(&table);
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_leaves),
		cmocka_unit_test(test_overlaps),
		cmocka_unit_test(test_recycled),
		cmocka_unit_test(test_incongruent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
