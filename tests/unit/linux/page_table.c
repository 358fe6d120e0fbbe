/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/cleanup.h"
#include "linux/real_captures.h"
#include "linux/page_table.h"
#include "linux/page_table_walker.h"

#define BELOW_4K 0xfff

static const char *const captures[] = {
	"ovmf-q35-6.1-kexec-first",
	"ovmf-q35-6.1-efidebug-first",
	"ovmf-q35-6.12-kexec-file-second",
	"ovmf-q35-6.12-ptdump-first",
	"ovmf32-q35-6.1-mixed-first",
	"real-001",
	"real-003",
	"real-005",
	"real-061",
};

static uint64_t want_flags(const struct map_entry *entry)
{
	return 0x23 | (entry->type == 3 || entry->type == 5 ? 0 : UINT64_C(1) << 63) |
	       (entry->attribute & 8 ? 0 : 0x10);
}

static void assert_pages(const struct efi_page_table *table, const struct map_entry *entry,
			 uint64_t va)
{
	/* For large regions, check every 511th page, which has another index in each table. */
	const uint64_t step = entry->pages > 8192 ? 511 : 1;

	for (uint64_t page = 0; page < entry->pages; page += step) {
		const uint64_t at = va + page * 4096;
		uint64_t want = want_flags(entry);
		struct walked walked = { 0 };

		/* Linux maps page 0 after all regions, without execute permission. */
		if (at == 0)
			want |= UINT64_C(1) << 63;
		if (!walker_translate(table, at | BELOW_4K, &walked) ||
		    walked.phys != entry->phys + page * 4096 + BELOW_4K ||
		    (walked.entry & 0xfff0000000000f7f) != want)
			fail_msg("0x%" PRIx64 " is mapped to 0x%" PRIx64 " by 0x%" PRIx64
				 ", expected 0x%" PRIx64 " and flags 0x%" PRIx64,
				 at, walked.phys, walked.entry,
				 entry->phys + page * 4096 + BELOW_4K, want);
	}
}

/* Check that the ranges describe the leaves. */
static void assert_ranges(const struct efi_page_table *table)
{
	static const uint64_t sizes[] = { 1 << 30, 2 << 20, 4096 };
	uint64_t leaves[EFIMAP_LEAF_COUNT] = { 0 };

	for (size_t i = 0; i < table->n_ranges; i++) {
		const struct pagetable_range *range = &table->ranges[i];
		const uint64_t offsets[] = { 0, range->size - 1 };

		if (i > 0 && range->virt <= range[-1].virt)
			fail_msg("the range at 0x%" PRIx64 " is not in order", range->virt);
		for (size_t at = 0; at < ARRAY_SIZE(offsets); at++) {
			struct walked walked = { 0 };

			assert_true(walker_translate(table, range->virt + offsets[at], &walked));
			assert_int_equal(walked.phys, range->phys + offsets[at]);
			assert_int_equal(walked.bytes, sizes[range->leaf]);
			assert_int_equal(!(walked.entry & 0x10), range->is_cached);
			assert_int_equal(!(walked.entry >> 63), range->is_executable);
		}
		leaves[range->leaf] += range->size / sizes[range->leaf];
	}
	assert_memory_equal(leaves, table->leaves, sizeof(leaves));
}

static const struct pagetable_options defaults = { 0 };

static struct efi_page_table make(const struct map_entry *entries, size_t count,
				  const struct pagetable_options *options)
{
	struct err err = EFIMAP_ERR_INIT;
	struct efi_page_table table;

	assert_int_equal(pagetable_build(entries, count, options, &table, &err), 0);
	assert_ranges(&table);
	return table;
}

static void check_map(const char *capture, enum leaf largest)
{
	const struct pagetable_options options = { .largest = largest };
	auto_map struct efimap *map = capture_new(capture);
	struct efi_page_table table = make(map->entries, map->n_entries, &options);

	assert_int_equal(table.n_skips, 0);
	for (size_t i = 0; i < map->n_entries; i++) {
		assert_pages(&table, &map->entries[i], map->entries[i].phys);
		assert_pages(&table, &map->entries[i], map->entries[i].virt);
	}
	pagetable_free(&table);
	assert_null(table.words);
}

TEST(test_every_page)
{
	for (size_t i = 0; i < ARRAY_SIZE(captures); i++) {
		print_message("%s\n", captures[i]);
		for (enum leaf leaf = 0; leaf < EFIMAP_LEAF_COUNT; leaf++)
			check_map(captures[i], leaf);
	}
}

/* @skipped: whether the mappings at the physical and at the virtual address are skipped */
struct skip_row {
	const char *name;
	uint64_t phys;
	uint64_t virt;
	uint64_t pages;
	bool skipped[2];
	enum pagetable_reason reason;
};

#define TOP (UINT64_C(1) << 52)
#define HALF (UINT64_C(1) << 47)

#define VA UINT64_C(0xffffffff00000000)

static const struct skip_row skip_rows[] = {
	{ "no pages", 0x1000, 0x1000, 0, { true, true }, EFIMAP_PAGETABLE_EMPTY },
	{ "pages wrap", 0x1000, 0x1000, TOP, { true, true }, EFIMAP_PAGETABLE_PHYS },
	{ "ends above 2^52", TOP - 0x1000, 0, 2, { true, true }, EFIMAP_PAGETABLE_PHYS },
	{ "phys unaligned", 0x1800, 0x1000, 1, { true, false }, EFIMAP_PAGETABLE_UNALIGNED },
	{ "virt unaligned", 0x1000, 0x1018, 1, { false, true }, EFIMAP_PAGETABLE_UNALIGNED },
	{ "virt in the gap", 0x1000, HALF, 1, { false, true }, EFIMAP_PAGETABLE_NONCANONICAL },
	{ "virt runs into the gap",
	  0x1000,
	  HALF - 0x1000,
	  2,
	  { false, true },
	  EFIMAP_PAGETABLE_NONCANONICAL },
	{ "virt below the upper half",
	  0x1000,
	  UINT64_MAX - HALF - 0xfff,
	  1,
	  { false, true },
	  EFIMAP_PAGETABLE_NONCANONICAL },
	{ "virt wraps",
	  0x1000,
	  0xfffffffffffff000,
	  2,
	  { false, true },
	  EFIMAP_PAGETABLE_NONCANONICAL },
	{ "phys is not canonical, and is used as virt",
	  HALF,
	  0x1000,
	  1,
	  { true, false },
	  EFIMAP_PAGETABLE_NONCANONICAL },
};

TEST(test_skips)
{
	for (size_t i = 0; i < ARRAY_SIZE(skip_rows); i++) {
		const struct skip_row *row = &skip_rows[i];
		const struct map_entry entries[] = {
			{ .phys = 0x200000, .virt = VA, .pages = 1 },
			{ .phys = row->phys, .virt = row->virt, .pages = row->pages },
		};
		auto_pagetable struct efi_page_table table = make(entries, 2, &defaults);
		struct walked walked = { 0 };
		size_t skip = 0;

		print_message("%s\n", row->name);
		assert_int_equal(table.n_skips, row->skipped[0] + row->skipped[1]);
		for (size_t is_virtual = 0; is_virtual < 2; is_virtual++) {
			if (!row->skipped[is_virtual])
				continue;
			assert_ptr_equal(table.skips[skip].entry, &entries[1]);
			assert_int_equal(table.skips[skip].identity, !is_virtual);
			assert_int_equal(table.skips[skip++].reason, row->reason);
		}
		assert_true(strlen(pagetable_reason_text(row->reason)) > 4);
		assert_true(walker_translate(&table, VA, &walked));
		assert_int_equal(walked.phys, 0x200000);
	}
}

TEST(test_edges_that_work)
{
	const struct map_entry entries[] = {
		{ .phys = HALF - 0x1000, .virt = 0xfffffffffffff000, .pages = 1 },
		{ .phys = TOP - 0x1000, .virt = UINT64_MAX - HALF + 1, .pages = 1 },
	};
	auto_pagetable struct efi_page_table table = make(entries, 2, &defaults);
	struct walked walked = { 0 };

	assert_true(walker_translate(&table, HALF - 1, &walked));
	assert_int_equal(walked.phys, HALF - 1);
	assert_true(walker_translate(&table, UINT64_MAX, &walked));
	assert_int_equal(walked.phys, HALF - 1);
	assert_true(walker_translate(&table, UINT64_MAX - HALF + 1, &walked));
	assert_int_equal(walked.phys, TOP - 0x1000);
	/* Page 0 is mapped, too. */
	assert_int_equal(table.leaves[EFIMAP_LEAF_4K], 4);
}

#define M UINT64_C(0x200000)
#define G UINT64_C(0x40000000)
#define PAGES(bytes) ((bytes) / 4096)
#define NX (UINT64_C(1) << 63)
#define PCD UINT64_C(0x10)
#define WB EFIMAP_ATTR_WB

struct leaf_row {
	const char *name;
	uint64_t va;
	uint64_t bytes;
	enum leaf largest;
	uint64_t leaves[EFIMAP_LEAF_COUNT];
	size_t pages;
};

/*
 * @leaves: number of leaves of 1 GiB, 2 MiB and 4 KiB without page 0, which is always mapped
 * @pages:  number of pages of all tables
 */
static const struct leaf_row leaf_rows[] = {
	{ "one page", 0x2000, 0x1000, EFIMAP_LEAF_1G, { 0, 0, 1 }, 4 },
	{ "2 MiB aligned", M, M, EFIMAP_LEAF_1G, { 0, 1, 0 }, 4 },
	{ "2 MiB unaligned", M + 0x1000, M, EFIMAP_LEAF_1G, { 0, 0, 512 }, 6 },
	{ "4 MiB unaligned", M - 0x1000, 2 * M, EFIMAP_LEAF_1G, { 0, 1, 512 }, 5 },
	{ "a page less than 2 MiB", M, M - 0x1000, EFIMAP_LEAF_1G, { 0, 0, 511 }, 5 },
	{ "2 MiB with a tail", M, M + 0x1000, EFIMAP_LEAF_1G, { 0, 1, 1 }, 5 },
	{ "1 GiB aligned", G, G, EFIMAP_LEAF_1G, { 1, 0, 0 }, 4 },
	{ "1 GiB aligned to 2 MiB", G + M, G, EFIMAP_LEAF_1G, { 0, 512, 0 }, 6 },
	{ "head, 1 GiB, tail", G - M, G + 2 * M, EFIMAP_LEAF_1G, { 1, 2, 0 }, 5 },
	{ "head and tail of all sizes",
	  G - M - 0x1000,
	  G + 2 * M + 0x2000,
	  EFIMAP_LEAF_1G,
	  { 1, 2, 2 },
	  7 },
	{ "no 1 GiB pages", G, G, EFIMAP_LEAF_2M, { 0, 512, 0 }, 5 },
	{ "no 1 GiB pages, two of them", G, 2 * G, EFIMAP_LEAF_2M, { 0, 1024, 0 }, 6 },
	{ "4 KiB only", M, 2 * M, EFIMAP_LEAF_4K, { 0, 0, 1024 }, 6 },
	{ "across 512 GiB", 511 * G, 2 * G, EFIMAP_LEAF_1G, { 2, 0, 0 }, 5 },
	{ "1 TiB", 1024 * G, 1024 * G, EFIMAP_LEAF_1G, { 1024, 0, 0 }, 6 },
	{ "1 TiB off by 2 MiB", 1024 * G + M, 1024 * G, EFIMAP_LEAF_1G, { 1023, 512, 0 }, 9 },
	{ "the EFI runtime virtual address range",
	  EFIMAP_VA_END,
	  64 * G,
	  EFIMAP_LEAF_1G,
	  { 128, 0, 0 },
	  6 },
};

TEST(test_leaves)
{
	for (size_t i = 0; i < ARRAY_SIZE(leaf_rows); i++) {
		const struct leaf_row *row = &leaf_rows[i];
		const struct pagetable_options options = {
			.largest = row->largest,
			.max_bytes = row->pages * 4096,
		};
		const struct map_entry entry = {
			.phys = row->va & (HALF - 1),
			.virt = row->va,
			.pages = PAGES(row->bytes),
		};
		auto_pagetable struct efi_page_table table = make(&entry, 1, &options);
		struct walked walked = { 0 };

		print_message("%s\n", row->name);
		assert_int_equal(table.n_pages, row->pages);
		for (size_t leaf = 0; leaf < EFIMAP_LEAF_COUNT; leaf++)
			assert_int_equal(table.leaves[leaf],
					 row->leaves[leaf] + (leaf == EFIMAP_LEAF_4K));
		assert_true(walker_translate(&table, row->va + row->bytes - 1, &walked));
		assert_int_equal(walked.phys, entry.phys + row->bytes - 1);
		assert_false(walker_translate(&table, row->va + row->bytes, &walked));
		assert_false(walker_translate(&table, row->va - 1, &walked));
	}
}

struct want {
	uint64_t va;
	uint64_t phys;
	uint64_t flags;
	uint64_t bytes;
};

struct overlap_row {
	const char *name;
	struct map_entry entries[3];
	struct want want[4];
};

#define DATA(phys, virt, pages, attribute)                                                         \
	{                                                                                          \
		0, EFIMAP_TYPE_RUNTIME_DATA, (phys), (virt), (pages), (attribute)                  \
	}
#define CODE(phys, virt, pages, attribute)                                                         \
	{                                                                                          \
		0, EFIMAP_TYPE_RUNTIME_CODE, (phys), (virt), (pages), (attribute)                  \
	}

static const struct overlap_row overlap_rows[] = {
	{ "the second entry changes the flags of the first, but not its memory",
	  { DATA(0x10000, VA, 4, WB), CODE(0x80000, VA, 4, WB) },
	  { { VA, 0x10000, 0, 4096 }, { VA + 0x3000, 0x13000, 0, 4096 } } },
	{ "the second entry adds NX",
	  { CODE(0x10000, VA, 4, WB), DATA(0x80000, VA + 0x1000, 1, WB) },
	  { { VA, 0x10000, 0, 4096 },
	    { VA + 0x1000, 0x11000, NX, 4096 },
	    { VA + 0x2000, 0x12000, 0, 4096 } } },
	{ "PCD is not removed",
	  { DATA(0x10000, VA, 2, 0), DATA(0x80000, VA, 2, WB) },
	  { { VA, 0x10000, NX | PCD, 4096 } } },
	{ "PCD is added",
	  { DATA(0x10000, VA, 2, WB), DATA(0x80000, VA + 0x1000, 1, 0) },
	  { { VA, 0x10000, NX, 4096 }, { VA + 0x1000, 0x11000, NX | PCD, 4096 } } },
	{ "after the first entry, physical addresses continue from its last page",
	  { DATA(0x10000, VA, 2, WB), DATA(0x80000, VA, 4, WB) },
	  { { VA + 0x1000, 0x11000, NX, 4096 },
	    { VA + 0x2000, 0x11000, NX, 4096 },
	    { VA + 0x3000, 0x12000, NX, 4096 } } },
	{ "a second entry that begins before the first replaces it",
	  { DATA(0x10000, VA + 0x1000, 1, WB), DATA(0x80000, VA, 4, WB) },
	  { { VA, 0x80000, NX, 4096 },
	    { VA + 0x1000, 0x81000, NX, 4096 },
	    { VA + 0x3000, 0x83000, NX, 4096 } } },
	{ "a large page with the same flags is not split",
	  { DATA(4 * M, VA, 512, WB), DATA(0x80000, VA + 0x1000, 4, WB) },
	  { { VA, 4 * M, NX, M }, { VA + 0x1000, 4 * M + 0x1000, NX, M } } },
	{ "the flags of a completely covered large page change without a split",
	  { DATA(4 * M, VA, 512, WB), CODE(8 * M, VA, 512, WB) },
	  { { VA + M - 1, 5 * M - 1, 0, M } } },
	{ "a large page that is partly covered is split",
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
	{ "after a large page, physical addresses continue from the first shared page",
	  { DATA(4 * M, VA, 512, WB), DATA(8 * M, VA + 0x1000, 512, WB) },
	  { { VA + 0x1000, 4 * M + 0x1000, NX, M }, { VA + M, 4 * M + 0x1000, NX, 4096 } } },
	{ "a large page after a small page of the same entry is split",
	  { DATA(4 * M, VA + M, 512, WB), DATA(0x80000, VA + M - 0x1000, 2, WB) },
	  { { VA + M - 0x1000, 0x80000, NX, 4096 },
	    { VA + M, 0x81000, NX, 4096 },
	    { VA + M + 0x1000, 4 * M + 0x1000, NX, 4096 } } },
	{ "a large page replaces small ones",
	  { DATA(0x80000, VA + M, 1, WB), DATA(4 * M - 0x1000, VA + M - 0x1000, 513, WB) },
	  { { VA + M - 0x1000, 4 * M - 0x1000, NX, 4096 }, { VA + M, 4 * M, NX, M } } },
	{ "two identical entries",
	  { DATA(0x80000, VA, 3, WB), DATA(0x80000, VA, 3, WB) },
	  { { VA, 0x80000, NX, 4096 }, { VA + 0x2000, 0x82000, NX, 4096 } } },
};

TEST(test_overlaps)
{
	for (size_t i = 0; i < ARRAY_SIZE(overlap_rows); i++) {
		const struct overlap_row *row = &overlap_rows[i];
		auto_pagetable struct efi_page_table table = make(row->entries, 2, &defaults);

		print_message("%s\n", row->name);
		for (size_t w = 0; w < ARRAY_SIZE(row->want) && row->want[w].bytes; w++) {
			const struct want *want = &row->want[w];
			struct walked walked = { 0 };

			assert_true(walker_translate(&table, want->va, &walked));
			assert_int_equal(walked.phys, want->phys);
			assert_int_equal(walked.bytes, want->bytes);
			assert_int_equal(walked.entry & (NX | PCD), want->flags);
		}
	}
}

static void expect_pages(const struct map_entry *entries, size_t count,
			 const struct pagetable_options *options, size_t pages)
{
	auto_pagetable struct efi_page_table table = make(entries, count, options);

	assert_int_equal(table.n_pages, pages);
}

static void expect_too_big(const struct map_entry *entries, size_t count,
			   const struct pagetable_options *options, const char *text)
{
	struct efi_page_table table = { 0 };
	struct err err = EFIMAP_ERR_INIT;

	assert_int_equal(pagetable_build(entries, count, options, &table, &err), -E2BIG);
	assert_int_equal(err.code, E2BIG);
	assert_non_null(strstr(err.text, text));
}

/* By default, 7 of these entries are within the limit on steps, but 8 are not. */
TEST(test_default_steps)
{
	const struct pagetable_options options = {
		.largest = EFIMAP_LEAF_4K,
	};
	struct map_entry entries[8];

	for (size_t i = 0; i < ARRAY_SIZE(entries); i++)
		entries[i] =
			(struct map_entry){ .phys = 4096, .virt = 4096, .pages = 4 * (G / 4096) };
	expect_pages(entries, 7, &options, 1 + 1 + 5 + 2049);
	expect_too_big(entries, ARRAY_SIZE(entries), &options, "overlap so much");
}
