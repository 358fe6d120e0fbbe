/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The EFI page table: from a map to the mappings that Linux makes of it
 * (arch/x86/platform/efi/efi_64.c: __map_region(), efi_setup_page_tables()), from mappings
 * to tables, and back: all that is mapped.
 */
#include <endian.h>
#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/names.h"
#include "emulate/pagetable.h"

#define PAGE_SHIFT 12
#define TABLE_BITS 9

/* Levels from the leaves up; a level's entry covers 1 << level_shift() bytes. */
enum level {
	LEVEL_PTE = EFIMAP_PTLEVEL_PTE,
	LEVEL_PMD = EFIMAP_PTLEVEL_PMD,
	LEVEL_PUD = EFIMAP_PTLEVEL_PUD,
	LEVEL_PGD,
};

/* Intel SDM volume 3, 4.5: bits 51:12 of an entry; a large leaf leaves the low ones 0. */
#define ADDRESS_MASK UINT64_C(0x000ffffffffff000)
/* Linux' _KERNPG_TABLE: P RW A D. */
#define KERNPG_TABLE                                                                     \
	(EFIMAP_PTE_PRESENT | EFIMAP_PTE_RW | EFIMAP_PTE_ACCESSED | EFIMAP_PTE_DIRTY)

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
	return (level == LEVEL_PMD || level == LEVEL_PUD) && (entry & EFIMAP_PTE_PSE);
}

/* pfn_pmd(), pfn_pud() leave out the bits below a large leaf's size, pmd_pfn(), pud_pfn() too. */
static uint64_t large_address(uint64_t entry, enum level level)
{
	return entry & ADDRESS_MASK & ~(level_bytes(level) - 1);
}

/*
 * A mapping to make: @pages pages of @flags from @pfn on at @va.
 */
struct mapping {
	uint64_t va;
	uint64_t pfn;
	uint64_t pages;
	uint64_t flags;
};

/*
 * Tables being built: there is room for @capacity, zeroed. @steps counts down. A table that a
 * large leaf has replaced stays where it is, as Linux leaks it.
 */
struct builder {
	uint64_t *words;
	uint64_t base;
	size_t n_pages;
	size_t capacity;
	enum level largest;
	uint64_t steps;
};

/* The table that an entry points to. While tables are built they can end above 2^52. */
static uint64_t *table_below(uint64_t *words, uint64_t base, uint64_t entry)
{
	return words + ((entry - base) & ADDRESS_MASK) / sizeof(*words);
}

static const char *const pagetable_mode_names[] = {
	[EFIMAP_PAGETABLE_BOTH] = "both",
	[EFIMAP_PAGETABLE_IDENTITY] = "identity",
	[EFIMAP_PAGETABLE_VIRTUAL] = "virtual",
};
EFIMAP_NAME_OF(pagetable_mode)

static const char *const reason_texts[] = {
	[EFIMAP_PAGETABLE_EMPTY] = "no pages",
	[EFIMAP_PAGETABLE_PHYS] = "physical range ends above 2^52",
	[EFIMAP_PAGETABLE_UNALIGNED] = "virtual address is no multiple of 4096",
	[EFIMAP_PAGETABLE_NONCANONICAL] = "virtual range is not canonical",
};

const char *efimap_pagetable_reason_text(enum efimap_pagetable_reason reason)
{
	return reason_texts[reason];
}

struct plan {
	struct mapping *mappings;
	size_t n_mappings;
	struct efimap_pagetable_skip *skips;
	size_t n_skips;
};

/* __map_region(): executable for code only, uncached unless it can be cached. */
static uint64_t leaf_flags(const struct efimap_entry *entry)
{
	uint64_t flags = EFIMAP_PTE_RW;

	if (entry->type != EFIMAP_TYPE_BOOT_CODE &&
	    entry->type != EFIMAP_TYPE_RUNTIME_CODE)
		flags |= EFIMAP_PTE_NX;
	if (!(entry->attribute & EFIMAP_ATTR_WB))
		flags |= EFIMAP_PTE_PCD;
	return flags;
}

static bool find_reason(const struct efimap_entry *entry, uint64_t va,
			enum efimap_pagetable_reason *ret_reason)
{
	struct efimap_span phys, virt;

	*ret_reason = EFIMAP_PAGETABLE_EMPTY;
	if (entry->pages == 0)
		return true;
	*ret_reason = EFIMAP_PAGETABLE_PHYS;
	if (efimap_entry_phys(entry, &phys) || phys.last >= EFIMAP_PHYS_LIMIT)
		return true;
	*ret_reason = EFIMAP_PAGETABLE_UNALIGNED;
	if (va % EFIMAP_PAGE_SIZE)
		return true;
	*ret_reason = EFIMAP_PAGETABLE_NONCANONICAL;
	return efimap_span_from_pages(va, entry->pages, &virt) ||
	       (virt.first >> 47 != 0 && virt.first >> 47 != UINT64_MAX >> 47) ||
	       virt.first >> 47 != virt.last >> 47;
}

static bool plan_mapping(struct plan *plan, const struct efimap_entry *entry, uint64_t va,
			 enum efimap_pagetable_reason *ret_reason)
{
	if (find_reason(entry, va, ret_reason))
		return false;
	plan->mappings[plan->n_mappings++] = (struct mapping){
		.va = va,
		.pfn = entry->phys >> PAGE_SHIFT,
		.pages = entry->pages,
		.flags = leaf_flags(entry),
	};
	return true;
}

static void plan_entry(struct plan *plan, const struct efimap_entry *entry, bool identity)
{
	enum efimap_pagetable_reason reason;

	if (!plan_mapping(plan, entry, identity ? entry->phys : entry->virt, &reason))
		plan->skips[plan->n_skips++] =
			(struct efimap_pagetable_skip){ entry, identity, reason };
}

/* The pages that hold these bytes onto themselves, if they can be mapped at all. */
static void plan_identity(struct plan *plan, uint64_t addr, uint64_t size)
{
	const struct efimap_entry entry = {
		.phys = efimap_page_start(addr),
		.pages = efimap_whole_pages(size) / EFIMAP_PAGE_SIZE,
		.attribute = EFIMAP_ATTR_WB,
	};
	enum efimap_pagetable_reason reason;

	plan_mapping(plan, &entry, entry.phys, &reason);
}

static int make_plan(const struct efimap_entry *entries, size_t count,
		     const struct efimap_pagetable_options *options, struct plan *plan)
{
	plan->mappings = calloc(count + 1, 2 * sizeof(*plan->mappings));
	plan->skips = calloc(count + 1, 2 * sizeof(*plan->skips));
	if (!plan->mappings || !plan->skips)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		if (options->mode != EFIMAP_PAGETABLE_VIRTUAL)
			plan_entry(plan, &entries[i], true);
		if (options->mode != EFIMAP_PAGETABLE_IDENTITY)
			plan_entry(plan, &entries[i], false);
	}
	if (options->mode != EFIMAP_PAGETABLE_BOTH)
		return 0;
	plan_identity(plan, options->memmap_addr, options->memmap_size);
	plan_identity(plan, 0, EFIMAP_PAGE_SIZE);
	return 0;
}

static void free_plan(struct plan *plan)
{
	free(plan->mappings);
	free(plan->skips);
}

/*
 * One mapping into the tables, as Linux makes it: arch/x86/mm/pat/set_memory.c:
 * __change_page_attr() where something is mapped already, populate_pud(), populate_pmd()
 * and populate_pte() where nothing is.
 */

/* kernel_map_pages_in_pgd(): mask_clr. RW is in every mapping's flags. */
#define CLEARED (EFIMAP_PTE_NX | EFIMAP_PTE_RW | EFIMAP_PTE_DIRTY)

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
	return (entry & ~(CLEARED & ~flags)) | EFIMAP_PTE_PRESENT | flags;
}

static uint64_t *add_table(struct builder *builder, uint64_t *at)
{
	const size_t page = builder->n_pages;

	if (page == builder->capacity)
		return NULL;
	builder->n_pages++;
	store_word(at, (builder->base + ((uint64_t)page << PAGE_SHIFT)) | KERNPG_TABLE);
	return builder->words + page * EFIMAP_PAGETABLE_WORDS;
}

/* __split_large_page(): the same memory and flags in leaves of the level below. */
static uint64_t *split_leaf(struct builder *builder, uint64_t *at, enum level level)
{
	const uint64_t entry = load_word(at);
	const uint64_t bytes = level_bytes(level - 1);
	const uint64_t flags = entry & ~ADDRESS_MASK;
	const uint64_t first = large_address(entry, level) |
			       (level == LEVEL_PMD ? flags & ~EFIMAP_PTE_PSE : flags);
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
	return table_below(builder->words, builder->base, entry);
}

/* Where the address ends up: a leaf, or the empty entry at which the walk stops. */
static uint64_t *find_leaf(const struct builder *builder, uint64_t va,
			   enum level *ret_level)
{
	uint64_t *table = builder->words;
	enum level level = LEVEL_PGD;

	for (;;) {
		uint64_t *at = &table[level_index(va, level)];
		const uint64_t entry = load_word(at);

		*ret_level = level;
		if (entry == 0 || level == LEVEL_PTE || is_large(entry, level))
			return at;
		table = table_below(builder->words, builder->base, entry);
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
 * Fill one table of @level from @rest's address to its end or the end of the table,
 * whichever comes first, in leaves as large as the address allows. Existing entries are
 * replaced: Linux does not look at them here.
 */
static int populate(struct builder *builder, uint64_t *table, enum level level,
		    struct mapping *rest)
{
	const uint64_t bytes = level_bytes(level);
	size_t i = level_index(rest->va, level);
	int ret = 0;

	for (; i < EFIMAP_PAGETABLE_WORDS && rest->pages && !ret; i++) {
		const bool whole =
			rest->va % bytes == 0 && rest->pages >= bytes >> PAGE_SHIFT;

		if (!whole || level > builder->largest) {
			uint64_t *below = need_table(builder, &table[i], level);

			ret = below ? populate(builder, below, level - 1, rest) : -E2BIG;
			continue;
		}
		store_word(&table[i],
			   large_address(rest->pfn << PAGE_SHIFT, level) |
				   apply_flags(EFIMAP_PTE_ACCESSED, rest->flags) |
				   (level == LEVEL_PTE ? 0 : EFIMAP_PTE_PSE));
		rest->va += bytes;
		rest->pfn += bytes >> PAGE_SHIFT;
		rest->pages -= bytes >> PAGE_SHIFT;
		ret = spend_step(builder);
	}
	return ret;
}

/* A 4 KiB leaf: its memory stays, its flags change. */
static void change_page(uint64_t *at, struct mapping *rest)
{
	const uint64_t entry = load_word(at);

	rest->pfn = (entry & ADDRESS_MASK) >> PAGE_SHIFT;
	store_word(at, apply_flags(entry, rest->flags));
	rest->va += EFIMAP_PAGE_SIZE;
	rest->pages--;
}

/* __should_split_large_page(): left alone, changed as a whole, or split. */
static int change_large(struct builder *builder, uint64_t *at, enum level level,
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
	rest->va += pages << PAGE_SHIFT;
	rest->pages -= pages;
	return 0;
}

static int make_mapping(struct builder *builder, const struct mapping *mapping)
{
	struct mapping rest = *mapping;

	while (rest.pages) {
		enum level level;
		uint64_t *at = find_leaf(builder, rest.va, &level);
		int ret = spend_step(builder);

		if (ret)
			return ret;
		if (load_word(at) == 0)
			return populate(builder, builder->words, LEVEL_PGD, &rest);
		if (level == LEVEL_PTE)
			change_page(at, &rest);
		else
			ret = change_large(builder, at, level, &rest);
		if (ret)
			return ret;
	}
	return 0;
}

struct visitor {
	const struct efimap_pagetable *table;
	struct efimap_ptdump *dump;
	uint64_t *leaves;
};

/* A dump prints PAT as a word of its own, wherever the bit is. */
static uint64_t visible(uint64_t entry, enum level level)
{
	const uint64_t flags = entry & EFIMAP_PTE_VISIBLE;

	if (level != LEVEL_PTE)
		return flags;
	return (flags & ~(EFIMAP_PTE_PSE | EFIMAP_PTE_PAT_LARGE)) |
	       ((entry & EFIMAP_PTE_PSE) ? EFIMAP_PTE_PAT_LARGE : 0);
}

static int visit_leaf(struct visitor *visitor, uint64_t va, uint64_t entry,
		      enum level level)
{
	const struct efimap_ptrun run = {
		.span = { va, va + (level_bytes(level) - 1) },
		.flags = visible(entry, level),
		.level = (enum efimap_ptlevel)level,
	};

	if (visitor->leaves)
		visitor->leaves[EFIMAP_LEAF_4K - (unsigned int)level]++;
	return visitor->dump ? efimap_ptdump_add(visitor->dump, &run) : 0;
}

/* Depth is that of the tables: each step down is one level. */
static int visit_table(struct visitor *visitor, const uint64_t *words, uint64_t va,
		       enum level level)
{
	const struct efimap_pagetable *table = visitor->table;

	for (uint64_t i = 0; i < EFIMAP_PAGETABLE_WORDS; i++) {
		const uint64_t entry = le64toh(words[i]);
		uint64_t at = va | i << level_shift(level);
		int ret;

		if (!(entry & EFIMAP_PTE_PRESENT))
			continue;
		if (level == LEVEL_PGD && i >= EFIMAP_PAGETABLE_WORDS / 2)
			at |= UINT64_MAX << 48;
		if (level == LEVEL_PTE || is_large(entry, level))
			ret = visit_leaf(visitor, at, entry, level);
		else
			ret = visit_table(visitor,
					  table_below(table->words, table->base, entry), at,
					  level - 1);
		if (ret)
			return ret;
	}
	return 0;
}

int efimap_pagetable_runs(const struct efimap_pagetable *table,
			  struct efimap_ptdump *ret_dump)
{
	efimap_auto_ptdump struct efimap_ptdump dump = { 0 };
	struct visitor visitor = { .table = table, .dump = &dump };
	int ret = visit_table(&visitor, table->words, 0, LEVEL_PGD);

	if (ret)
		return ret;
	*ret_dump = dump;
	dump = (struct efimap_ptdump){ 0 };
	return 0;
}

static int fail_build(const struct builder *builder, uint64_t max_steps,
		      struct efimap_err *err)
{
	if (builder->steps == 0)
		return efimap_err_set(err, E2BIG, NULL,
				      "the entries overlap so much that more than %llu leaves "
				      "would be written",
				      (unsigned long long)max_steps);
	return efimap_err_set(err, E2BIG, NULL, "the page table would take more than %zu KiB",
			      builder->capacity * (size_t)(EFIMAP_PAGE_SIZE >> 10));
}

static int fill_tables(const struct plan *plan, struct builder *builder,
		       struct efimap_err *err)
{
	const uint64_t max_steps = builder->steps;

	for (size_t i = 0; i < plan->n_mappings; i++)
		if (make_mapping(builder, &plan->mappings[i]))
			return fail_build(builder, max_steps, err);
	if (builder->base > EFIMAP_PHYS_LIMIT - ((uint64_t)builder->n_pages << PAGE_SHIFT))
		return efimap_err_set(err, EOVERFLOW, NULL,
				      "%zu tables at base 0x%llx end above 2^52",
				      builder->n_pages, (unsigned long long)builder->base);
	return 0;
}

/* Of each level a mapping takes at most one for each block that it fills, and at its two ends. */
static uint64_t most_tables(const struct plan *plan)
{
	uint64_t most = 1;

	for (size_t i = 0; i < plan->n_mappings; i++)
		for (enum level level = LEVEL_PMD; level <= LEVEL_PGD; level++)
			most += 2 + (plan->mappings[i].pages >> TABLE_BITS * level);
	return most;
}

/* What is not written to of the room for them takes no memory. */
static int build_tables(const struct plan *plan,
			const struct efimap_pagetable_options *options,
			struct efimap_pagetable *table, struct efimap_err *err)
{
	const size_t max_bytes = options->max_bytes ? options->max_bytes : EFIMAP_PAGETABLE_MAX;
	const uint64_t max = max_bytes / EFIMAP_PAGE_SIZE, most = most_tables(plan);
	struct builder builder = {
		.base = options->base,
		.n_pages = 1,
		.capacity = (size_t)(most < max ? most : max),
		.largest = (enum level)(LEVEL_PUD - (unsigned int)options->largest),
		.steps = options->max_steps ? options->max_steps :
					      EFIMAP_PAGETABLE_MAX_STEPS,
	};
	struct visitor visitor = { .table = table, .leaves = table->leaves };
	uint64_t *kept;
	int ret;

	if (builder.capacity == 0)
		return fail_build(&builder, builder.steps, err);
	table->words = builder.words = calloc(builder.capacity, EFIMAP_PAGE_SIZE);
	if (!builder.words)
		return efimap_err_set(err, ENOMEM, NULL, "out of memory");
	ret = fill_tables(plan, &builder, err);
	if (ret)
		return ret;
	kept = realloc(table->words, builder.n_pages * EFIMAP_PAGE_SIZE);
	table->words = kept ? kept : table->words;
	table->n_pages = builder.n_pages;
	table->base = builder.base;
	return visit_table(&visitor, table->words, 0, LEVEL_PGD);
}

int efimap_pagetable_build(const struct efimap_entry *entries, size_t count,
			   const struct efimap_pagetable_options *options,
			   struct efimap_pagetable *ret_table, struct efimap_err *err)
{
	efimap_auto_pagetable struct efimap_pagetable table = { 0 };
	efimap_cleanup(free_plan) struct plan plan = { 0 };
	int ret;

	if (options->base >= EFIMAP_PHYS_LIMIT)
		return efimap_err_set(err, EOVERFLOW, NULL, "base 0x%llx lies above 2^52",
				      (unsigned long long)options->base);
	ret = make_plan(entries, count, options, &plan);
	if (ret)
		return efimap_err_set(err, -ret, NULL, "out of memory");
	ret = build_tables(&plan, options, &table, err);
	if (ret)
		return ret;
	table.skips = efimap_steal(plan.skips);
	table.n_skips = plan.n_skips;
	*ret_table = table;
	table = (struct efimap_pagetable){ 0 };
	return 0;
}

void efimap_pagetable_free(struct efimap_pagetable *table)
{
	free(table->words);
	free(table->skips);
	*table = (struct efimap_pagetable){ 0 };
}
