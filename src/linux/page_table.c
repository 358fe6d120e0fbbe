/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Build the mappings that Linux derives from a runtime map, in 4-level x86-64 tables
 * (arch/x86/platform/efi/efi_64.c: efi_map_region_fixed(), __map_region(), efi_setup_page_tables();
 * arch/x86/mm/pat/set_memory.c: populate_pgd(), __change_page_attr()).
 */
#include <endian.h>
#include <errno.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/enum_name.h"
#include "base/address_span.h"
#include "linux/page_table.h"

#define PAGE_SHIFT 12
#define TABLE_BITS 9

enum level {
	LEVEL_PTE,
	LEVEL_PMD,
	LEVEL_PUD,
	LEVEL_PGD,
};

/* Bits of an entry: Intel SDM volume 3, section 4.5; arch/x86/include/asm/pgtable_types.h. */
#define PTE_PRESENT UINT64_C(0x1)
#define PTE_RW UINT64_C(0x2)
#define PTE_PCD UINT64_C(0x10)
#define PTE_ACCESSED UINT64_C(0x20)
#define PTE_DIRTY UINT64_C(0x40)
/* This bit marks a leaf of 2 MiB or 1 GiB. In a leaf of 4 KiB, this bit is PAT. */
#define PTE_PSE UINT64_C(0x80)
#define PTE_NX UINT64_C(0x8000000000000000)
#define ADDRESS_MASK UINT64_C(0x000ffffffffff000)
#define KERNPG_TABLE (PTE_PRESENT | PTE_RW | PTE_ACCESSED | PTE_DIRTY)

static unsigned int level_shift(enum level level)
{
	return PAGE_SHIFT + TABLE_BITS * (unsigned int)level;
}

static uint64_t level_bytes(enum level level)
{
	return UINT64_C(1) << level_shift(level);
}

static size_t level_index(uint64_t va, enum level level)
{
	return va >> level_shift(level) & (EFIMAP_PAGETABLE_WORDS - 1);
}

static bool is_large(uint64_t entry, enum level level)
{
	return (level == LEVEL_PMD || level == LEVEL_PUD) && (entry & PTE_PSE);
}

/*
 * Return the address in a leaf, rounded down to a multiple of the leaf size. Linux rounds when it
 * writes a large leaf (pfn_pmd(), pfn_pud()) and when it reads one (pmd_pfn(), pud_pfn()).
 */
static uint64_t large_address(uint64_t entry, enum level level)
{
	return entry & ADDRESS_MASK & ~(level_bytes(level) - 1);
}

/* The part of a mapping that is not yet written. @pfn is its first page frame. */
struct mapping {
	uint64_t va;
	uint64_t pfn;
	uint64_t pages;
	uint64_t flags;
};

/*
 * The tables during the build. @table has space for @capacity tables, and @steps more leaves can be
 * written. As in Linux, a table that a large leaf replaces stays allocated.
 */
struct builder {
	struct efi_page_table *table;
	size_t capacity;
	enum level largest;
	uint64_t steps;
};

static uint64_t *table_below(const struct efi_page_table *table, uint64_t entry)
{
	return table->words + (entry & ADDRESS_MASK) / sizeof(*table->words);
}

/* The names of the levels in arch/x86/mm/dump_pagetables.c. */
static const char *const leaf_names[] = {
	[EFIMAP_LEAF_1G] = "pud",
	[EFIMAP_LEAF_2M] = "pmd",
	[EFIMAP_LEAF_4K] = "pte",
};
EFIMAP_NAME_OF(leaf)

const char *pagetable_reason_text(enum pagetable_reason reason)
{
	static const char *const texts[] = {
		[EFIMAP_PAGETABLE_EMPTY] = "no pages",
		[EFIMAP_PAGETABLE_PHYS] = "physical range ends beyond 2^52",
		[EFIMAP_PAGETABLE_UNALIGNED] = "virtual address is not a multiple of 4096",
		[EFIMAP_PAGETABLE_NONCANONICAL] = "virtual range is not canonical",
	};

	return texts[reason];
}

/* Return the reason why an entry cannot be mapped at @va, or 0. */
static enum pagetable_reason find_reason(const struct map_entry *entry, uint64_t va)
{
	struct span phys, virt;

	if (entry->pages == 0)
		return EFIMAP_PAGETABLE_EMPTY;
	if (entry_phys(entry, &phys) || phys.last >= EFIMAP_PHYS_LIMIT)
		return EFIMAP_PAGETABLE_PHYS;
	if (va % EFIMAP_PAGE_SIZE)
		return EFIMAP_PAGETABLE_UNALIGNED;
	if (span_from_pages(va, entry->pages, &virt) ||
	    (virt.first >> 47 != 0 && virt.first >> 47 != UINT64_MAX >> 47) ||
	    virt.first >> 47 != virt.last >> 47)
		return EFIMAP_PAGETABLE_NONCANONICAL;
	return 0;
}

/*
 * The functions below write a mapping as Linux does. Linux uses __change_page_attr() for addresses
 * that are already mapped, and populate_pud(), populate_pmd() and populate_pte() for others.
 * Source: arch/x86/mm/pat/set_memory.c.
 */

/* Flags that kernel_map_pages_in_pgd() clears (mask_clr) if the new mapping does not set them. */
#define CLEARED (PTE_NX | PTE_RW | PTE_DIRTY)

static uint64_t load_word(const uint64_t *at)
{
	return le64toh(*at);
}

static void store_word(uint64_t *at, uint64_t entry)
{
	*at = htole64(entry);
}

static uint64_t apply_flags(uint64_t entry, uint64_t flags)
{
	return (entry & ~(CLEARED & ~flags)) | PTE_PRESENT | flags;
}

static uint64_t *add_table(struct builder *builder, uint64_t *at)
{
	struct efi_page_table *table = builder->table;
	const size_t page = table->n_pages;

	if (page == builder->capacity)
		return NULL;
	table->n_pages++;
	store_word(at, (uint64_t)page << PAGE_SHIFT | KERNPG_TABLE);
	return table->words + page * EFIMAP_PAGETABLE_WORDS;
}

/*
 * As __split_large_page() does, replace a leaf with a table of smaller leaves, which map the same
 * memory with the same flags. Return the table, or NULL if there is no space for it.
 */
static uint64_t *split_leaf(struct builder *builder, uint64_t *at, enum level level)
{
	const uint64_t entry = load_word(at);
	const uint64_t bytes = level_bytes(level - 1);
	const uint64_t flags = entry & ~ADDRESS_MASK;
	const uint64_t first =
		large_address(entry, level) | (level == LEVEL_PMD ? flags & ~PTE_PSE : flags);
	uint64_t *table = add_table(builder, at);

	for (size_t i = 0; table && i < EFIMAP_PAGETABLE_WORDS; i++)
		store_word(&table[i], first + i * bytes);
	return table;
}

static uint64_t *need_table(struct builder *builder, uint64_t *at, enum level level)
{
	const uint64_t entry = load_word(at);

	if (entry == 0)
		return add_table(builder, at);
	if (is_large(entry, level))
		return split_leaf(builder, at, level);
	return table_below(builder->table, entry);
}

static uint64_t *find_leaf(const struct efi_page_table *tables, uint64_t va, enum level *ret_level)
{
	uint64_t *table = tables->words;
	enum level level = LEVEL_PGD;

	for (;;) {
		uint64_t *at = &table[level_index(va, level)];
		const uint64_t entry = load_word(at);

		*ret_level = level;
		if (entry == 0 || level == LEVEL_PTE || is_large(entry, level))
			return at;
		table = table_below(tables, entry);
		level--;
	}
}

static int spend_step(struct builder *builder)
{
	if (builder->steps == 0)
		return -E2BIG;
	builder->steps--;
	return 0;
}

/*
 * Write leaves for @rest into @table and the tables below it until @rest or @table ends, and
 * advance @rest. As in Linux, a leaf overwrites the existing entry.
 */
static int populate(struct builder *builder, uint64_t *table, enum level level,
		    struct mapping *rest)
{
	const uint64_t bytes = level_bytes(level);
	size_t i = level_index(rest->va, level);
	int ret = 0;

	for (; i < EFIMAP_PAGETABLE_WORDS && rest->pages && !ret; i++) {
		const bool whole = rest->va % bytes == 0 && rest->pages >= bytes >> PAGE_SHIFT;

		if (!whole || level > builder->largest) {
			uint64_t *below = need_table(builder, &table[i], level);

			ret = below ? populate(builder, below, level - 1, rest) : -E2BIG;
			continue;
		}
		store_word(&table[i], large_address(rest->pfn << PAGE_SHIFT, level) |
					      apply_flags(PTE_ACCESSED, rest->flags) |
					      (level == LEVEL_PTE ? 0 : PTE_PSE));
		/* If a mapping ends at 2^64, the address wraps to 0. */
		rest->va = wrapping_add(rest->va, bytes);
		rest->pfn += bytes >> PAGE_SHIFT;
		rest->pages -= bytes >> PAGE_SHIFT;
		ret = spend_step(builder);
	}
	return ret;
}

/*
 * Apply the flags of @rest to an existing leaf, which keeps its physical address, and advance @rest
 * past the leaf. If the flags would change and @rest covers only a part of a large leaf, split the
 * leaf instead (__should_split_large_page()). As in Linux, @rest->pfn becomes the page frame that
 * the leaf maps at the old @rest->va.
 */
static int change_leaf(struct builder *builder, uint64_t *at, enum level level,
		       struct mapping *rest)
{
	const uint64_t entry = load_word(at), bytes = level_bytes(level);
	const uint64_t wanted = apply_flags(entry, rest->flags);
	const uint64_t offset = rest->va & (bytes - 1);
	const uint64_t left = (bytes - offset) >> PAGE_SHIFT;
	const uint64_t pages = rest->pages < left ? rest->pages : left;

	if (wanted != entry && (offset != 0 || pages != bytes >> PAGE_SHIFT))
		return split_leaf(builder, at, level) ? 0 : -E2BIG;
	store_word(at, wanted);
	rest->pfn = (large_address(entry, level) + offset) >> PAGE_SHIFT;
	rest->va = wrapping_add(rest->va, pages << PAGE_SHIFT);
	rest->pages -= pages;
	return 0;
}

static int make_mapping(struct builder *builder, const struct map_entry *entry, uint64_t va)
{
	/* As in __map_region(), only boot services code and runtime code are executable. */
	const bool is_code =
		entry->type == EFIMAP_TYPE_BOOT_CODE || entry->type == EFIMAP_TYPE_RUNTIME_CODE;
	const bool is_cached = entry->attribute & EFIMAP_ATTR_WB;
	struct mapping rest = { va, entry->phys >> PAGE_SHIFT, entry->pages,
				PTE_RW | (is_code ? 0 : PTE_NX) | (is_cached ? 0 : PTE_PCD) };

	while (rest.pages) {
		enum level level;
		uint64_t *at = find_leaf(builder->table, rest.va, &level);
		int ret = spend_step(builder);

		if (ret)
			return ret;
		if (load_word(at) == 0)
			return populate(builder, builder->table->words, LEVEL_PGD, &rest);
		ret = change_leaf(builder, at, level, &rest);
		if (ret)
			return ret;
	}
	return 0;
}

static int map_entry(struct builder *builder, const struct map_entry *entry, bool identity)
{
	struct efi_page_table *table = builder->table;
	const uint64_t va = identity ? entry->phys : entry->virt;
	const enum pagetable_reason reason = find_reason(entry, va);

	if (!reason)
		return make_mapping(builder, entry, va);
	table->skips[table->n_skips++] = (struct pagetable_skip){ entry, identity, reason };
	return 0;
}

static int map_identity(struct builder *builder, uint64_t addr, uint64_t size)
{
	const struct map_entry entry = {
		.phys = page_start(addr),
		.pages = whole_pages(size) / EFIMAP_PAGE_SIZE,
		.attribute = EFIMAP_ATTR_WB,
	};

	return find_reason(&entry, entry.phys) ? 0 : make_mapping(builder, &entry, entry.phys);
}

static int map_all(struct builder *builder, const struct map_entry *entries, size_t count,
		   const struct pagetable_options *options)
{
	int ret = builder->capacity ? 0 : -E2BIG;

	for (size_t i = 0; i < count && !ret; i++) {
		ret = map_entry(builder, &entries[i], true);
		if (!ret)
			ret = map_entry(builder, &entries[i], false);
	}
	if (!ret)
		ret = map_identity(builder, options->memmap_addr, options->memmap_size);
	return ret ? ret : map_identity(builder, 0, EFIMAP_PAGE_SIZE);
}

/* The table with the ranges that are already collected. */
struct collector {
	struct efi_page_table *table;
	size_t capacity;
};

static void add_leaf(struct collector *collector, uint64_t va, uint64_t entry, enum level level)
{
	struct efi_page_table *table = collector->table;
	struct pagetable_range *last = table->n_ranges ? &table->ranges[table->n_ranges - 1] : NULL;
	const struct pagetable_range leaf = {
		.virt = va,
		.phys = level == LEVEL_PTE ? entry & ADDRESS_MASK : large_address(entry, level),
		.size = level_bytes(level),
		.leaf = EFIMAP_LEAF_4K - (unsigned int)level,
		.is_cached = !(entry & PTE_PCD),
		.is_executable = !(entry & PTE_NX),
	};

	table->leaves[leaf.leaf]++;
	if (last && last->leaf == leaf.leaf && last->is_cached == leaf.is_cached &&
	    last->is_executable == leaf.is_executable && last->virt + last->size == leaf.virt &&
	    last->phys + last->size == leaf.phys)
		last->size += leaf.size;
	else
		array_append(&table->ranges, &table->n_ranges, &collector->capacity, &leaf,
			     sizeof(leaf));
}

static void collect_ranges(struct collector *collector, const uint64_t *words, uint64_t va,
			   enum level level)
{
	for (size_t i = 0; i < EFIMAP_PAGETABLE_WORDS; i++) {
		const uint64_t entry = load_word(&words[i]);
		uint64_t at = va + i * level_bytes(level);

		/* The addresses of the upper half are sign-extended. */
		if (level == LEVEL_PGD && i >= EFIMAP_PAGETABLE_WORDS / 2)
			at |= UINT64_MAX << 48;
		if (!(entry & PTE_PRESENT))
			continue;
		if (level == LEVEL_PTE || is_large(entry, level))
			add_leaf(collector, at, entry, level);
		else
			collect_ranges(collector, table_below(collector->table, entry), at,
				       level - 1);
	}
}

/*
 * Return the maximum number of tables for a mapping. At each of the three levels below the top, a
 * mapping needs at most two tables for its ends, and one table for every EFIMAP_PAGETABLE_WORDS
 * entries between the ends. The sum of pages / 512^n over all levels is less than pages / 511.
 */
static uint64_t max_tables_of(uint64_t pages)
{
	return 6 + pages / (EFIMAP_PAGETABLE_WORDS - 1);
}

/*
 * Return the maximum number of tables for all mappings, limited by max_bytes. Entries that cannot
 * be mapped are not counted, because they may have more pages than any machine has.
 */
static size_t max_tables(const struct map_entry *entries, size_t count,
			 const struct pagetable_options *options)
{
	const size_t bytes = options->max_bytes ? options->max_bytes : EFIMAP_PAGETABLE_MAX;
	const uint64_t max = bytes / EFIMAP_PAGE_SIZE;
	uint64_t most =
		1 + max_tables_of(options->memmap_size / EFIMAP_PAGE_SIZE + 1) + max_tables_of(1);

	for (size_t i = 0; i < count && most < max; i++) {
		if (!find_reason(&entries[i], entries[i].phys))
			most += max_tables_of(entries[i].pages);
		if (!find_reason(&entries[i], entries[i].virt))
			most += max_tables_of(entries[i].pages);
	}
	return (size_t)(most < max ? most : max);
}

int pagetable_build(const struct map_entry *entries, size_t count,
		    const struct pagetable_options *options, struct efi_page_table *ret_table,
		    struct err *err)
{
	auto_pagetable struct efi_page_table table = { .n_pages = 1 };
	struct collector collector = { .table = &table };
	struct builder builder = {
		.table = &table,
		.capacity = max_tables(entries, count, options),
		.largest = (enum level)(LEVEL_PUD - (unsigned int)options->largest),
		.steps = EFIMAP_PAGETABLE_MAX_STEPS,
	};

	/* Allocate the maximum size, because pages that are never written use no memory. */
	table.words = array_new(builder.capacity, EFIMAP_PAGE_SIZE);
	table.skips = array_new(count + 1, 2 * sizeof(*table.skips));
	if (map_all(&builder, entries, count, options))
		return builder.steps == 0
			       ? err_set(err, E2BIG, NULL,
					 "the regions overlap so much that more than %llu "
					 "page table entries would be written",
					 (unsigned long long)EFIMAP_PAGETABLE_MAX_STEPS)
			       : err_set(err, E2BIG, NULL,
					 "the page table would need more than %zu KiB",
					 builder.capacity * (size_t)(EFIMAP_PAGE_SIZE >> 10));
	table.words = memory_resize(table.words, table.n_pages * EFIMAP_PAGE_SIZE);
	collect_ranges(&collector, table.words, 0, LEVEL_PGD);
	*ret_table = table;
	table = (struct efi_page_table){ 0 };
	return 0;
}

void pagetable_free(struct efi_page_table *table)
{
	free(table->words);
	free(table->ranges);
	free(table->skips);
	*table = (struct efi_page_table){ 0 };
}
