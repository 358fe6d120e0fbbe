/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One mapping into the tables, as Linux makes it. Source: arch/x86/mm/pat/set_memory.c:
 * __change_page_attr() where something is mapped already, populate_pud(), populate_pmd()
 * and populate_pte() where nothing is. It must not know where mappings come from.
 */
#include <errno.h>

#include "emulate/pagetable.h"

/* kernel_map_pages_in_pgd(): mask_clr. RW is in every mapping's flags. */
#define CLEARED (EFIMAP_PTE_NX | EFIMAP_PTE_RW | EFIMAP_PTE_DIRTY)

static uint64_t load(const uint64_t *at)
{
	return le64toh(*at);
}

static void store(uint64_t *at, uint64_t entry)
{
	*at = htole64(entry);
}

static uint64_t apply(uint64_t entry, uint64_t flags)
{
	return (entry & ~(CLEARED & ~flags)) | EFIMAP_PTE_PRESENT | flags;
}

static uint64_t *table_below(const struct builder *builder, uint64_t entry)
{
	const uint64_t page = ((entry & ADDRESS_MASK) - builder->base) >> PAGE_SHIFT;

	return builder->words + page * EFIMAP_PAGETABLE_WORDS;
}

static uint64_t table_address(const struct builder *builder, size_t page)
{
	return builder->base + ((uint64_t)page << PAGE_SHIFT);
}

/* A table that a large leaf has replaced, and those under it, can be used again. */
static void recycle(struct builder *builder, uint64_t entry, enum level level)
{
	uint64_t *table;

	if (!(entry & EFIMAP_PTE_PRESENT) || level == LEVEL_PTE || is_large(entry, level))
		return;
	table = table_below(builder, entry);
	for (size_t i = 0; i < EFIMAP_PAGETABLE_WORDS; i++) {
		recycle(builder, load(&table[i]), level - 1);
		table[i] = 0;
	}
	table[0] = builder->recycled;
	builder->recycled =
		(size_t)(((entry & ADDRESS_MASK) - builder->base) >> PAGE_SHIFT);
}

/* A new empty table under @at; NULL when there is no room. */
static uint64_t *add_table(struct builder *builder, uint64_t *at)
{
	size_t page = builder->n_pages;
	uint64_t *table;

	if (builder->recycled) {
		page = builder->recycled;
		table = builder->words + page * EFIMAP_PAGETABLE_WORDS;
		builder->recycled = (size_t)table[0];
		table[0] = 0;
	} else if (page == builder->capacity) {
		return NULL;
	} else {
		table = builder->words + page * EFIMAP_PAGETABLE_WORDS;
		builder->n_pages++;
	}
	store(at, table_address(builder, page) | KERNPG_TABLE);
	return table;
}

/* __split_large_page(): the same memory and flags in leaves of the level below. */
static uint64_t *split(struct builder *builder, uint64_t *at, enum level level)
{
	const uint64_t entry = load(at);
	const uint64_t bytes = level_bytes(level - 1);
	const uint64_t flags = entry & ~ADDRESS_MASK;
	const uint64_t first = large_address(entry, level) |
			       (level == LEVEL_PMD ? flags & ~EFIMAP_PTE_PSE : flags);
	uint64_t *table = add_table(builder, at);

	for (size_t i = 0; table && i < EFIMAP_PAGETABLE_WORDS; i++)
		store(&table[i], first + i * bytes);
	return table;
}

/* The table under an entry, made or split off where there is none. */
static uint64_t *need_table(struct builder *builder, uint64_t *at, enum level level)
{
	const uint64_t entry = load(at);

	if (entry == 0)
		return add_table(builder, at);
	if (is_large(entry, level))
		return split(builder, at, level);
	return table_below(builder, entry);
}

/* Where the address ends up: a leaf, or the empty entry at which the walk stops. */
static uint64_t *lookup(const struct builder *builder, uint64_t va, enum level *ret_level)
{
	uint64_t *table = builder->words;
	enum level level = LEVEL_PGD;

	for (;;) {
		uint64_t *at = &table[level_index(va, level)];
		const uint64_t entry = load(at);

		*ret_level = level;
		if (entry == 0 || level == LEVEL_PTE || is_large(entry, level))
			return at;
		table = table_below(builder, entry);
		level--;
	}
}

/* Is a leaf of this level allowed, and does the CPU have it? */
static bool may_be_leaf(const struct builder *builder, enum level level)
{
	if (level == LEVEL_PUD)
		return builder->largest == EFIMAP_LEAF_1G;
	return level == LEVEL_PTE ||
	       (level == LEVEL_PMD && builder->largest != EFIMAP_LEAF_4K);
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
	int err = 0;

	for (; i < EFIMAP_PAGETABLE_WORDS && rest->pages && !err; i++) {
		const bool whole =
			rest->va % bytes == 0 && rest->pages >= bytes >> PAGE_SHIFT;

		if (!whole || !may_be_leaf(builder, level)) {
			uint64_t *below = need_table(builder, &table[i], level);

			err = below ? populate(builder, below, level - 1, rest) : -E2BIG;
			continue;
		}
		recycle(builder, load(&table[i]), level);
		store(&table[i], rest->pfn << PAGE_SHIFT |
					 apply(EFIMAP_PTE_ACCESSED, rest->flags) |
					 (level == LEVEL_PTE ? 0 : EFIMAP_PTE_PSE));
		rest->va += bytes;
		rest->pfn += bytes >> PAGE_SHIFT;
		rest->pages -= bytes >> PAGE_SHIFT;
		err = spend_step(builder);
	}
	return err;
}

/* A 4 KiB leaf: its memory stays, its flags change. */
static void change_page(uint64_t *at, struct mapping *rest)
{
	const uint64_t entry = load(at);

	rest->pfn = (entry & ADDRESS_MASK) >> PAGE_SHIFT;
	store(at, apply(entry, rest->flags));
	rest->va += EFIMAP_PAGE_SIZE;
	rest->pages--;
}

/* __should_split_large_page(): left alone, changed as a whole, or split. */
static int change_large(struct builder *builder, uint64_t *at, enum level level,
			struct mapping *rest)
{
	const uint64_t entry = load(at), bytes = level_bytes(level);
	const uint64_t wanted = apply(entry, rest->flags);
	const uint64_t offset = rest->va & (bytes - 1);
	const uint64_t left = (bytes - offset) >> PAGE_SHIFT;
	const uint64_t pages = rest->pages < left ? rest->pages : left;

	if (wanted != entry && (offset != 0 || pages != bytes >> PAGE_SHIFT))
		return split(builder, at, level) ? 0 : -E2BIG;
	store(at, wanted);
	rest->pfn = (large_address(entry, level) + offset) >> PAGE_SHIFT;
	rest->va += pages << PAGE_SHIFT;
	rest->pages -= pages;
	return 0;
}

int pagetable_map(struct builder *builder, const struct mapping *mapping)
{
	struct mapping rest = *mapping;

	while (rest.pages) {
		enum level level;
		uint64_t *at = lookup(builder, rest.va, &level);
		int err = spend_step(builder);

		if (err)
			return err;
		if (load(at) == 0)
			return populate(builder, builder->words, LEVEL_PGD, &rest);
		if (level == LEVEL_PTE)
			change_page(at, &rest);
		else
			err = change_large(builder, at, level, &rest);
		if (err)
			return err;
	}
	return 0;
}

void pagetable_finish(struct builder *builder)
{
	while (builder->recycled) {
		uint64_t *table =
			builder->words + builder->recycled * EFIMAP_PAGETABLE_WORDS;

		builder->recycled = (size_t)table[0];
		table[0] = 0;
	}
}
