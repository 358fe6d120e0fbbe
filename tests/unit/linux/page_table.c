/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/cleanup.h"
#include "input/read_source.h"
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

static struct efi_page_table make(const struct map_entry *entries, size_t count,
				  const struct pagetable_options *options)
{
	struct err err = EFIMAP_ERR_INIT;
	struct efi_page_table table;

	assert_int_equal(pagetable_build(entries, count, options, &table, &err), 0);
	assert_ranges(&table);
	return table;
}

static struct efimap *capture_new(const char *name)
{
	const char *root = getenv("EFIMAP_FIXTURES");
	struct err err = EFIMAP_ERR_INIT;
	struct efimap *map = NULL;
	char path[512];

	assert_non_null(root);
	snprintf(path, sizeof(path), "%s/real/%s", root, name);
	if (read_source(path, EFIMAP_BOOT_DEFAULT, NULL, &map, &err))
		fail_msg("%s: %s", err.where, err.text);
	return map;
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

/* By default, 7 of these entries are within the limit on steps, but 8 are not. */
TEST(test_default_steps)
{
	const struct pagetable_options options = { .largest = EFIMAP_LEAF_4K };
	struct efi_page_table table = { 0 };
	struct err err = EFIMAP_ERR_INIT;
	struct map_entry entries[8];

	for (size_t i = 0; i < ARRAY_SIZE(entries); i++)
		entries[i] = (struct map_entry){ .phys = 4096,
						 .virt = 4096,
						 .pages = UINT32_C(1) << 20 };
	table = make(entries, 7, &options);
	assert_int_equal(table.n_pages, 1 + 1 + 5 + 2049);
	pagetable_free(&table);
	assert_int_equal(pagetable_build(entries, ARRAY_SIZE(entries), &options, &table, &err),
			 -E2BIG);
	assert_int_equal(err.code, E2BIG);
	assert_non_null(strstr(err.text, "overlap so much"));
}
