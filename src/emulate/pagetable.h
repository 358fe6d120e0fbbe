/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files that build and walk the EFI page table share. */
#ifndef EFIMAP_EMULATE_PAGETABLE_H
#define EFIMAP_EMULATE_PAGETABLE_H

#include <endian.h>

#include <efimap/pagetable.h>

#define PAGE_SHIFT 12
#define TABLE_BITS 9

/* Levels from the leaves up; a level's entry covers 1 << level_shift() bytes. */
enum level {
	LEVEL_PTE,
	LEVEL_PMD,
	LEVEL_PUD,
	LEVEL_PGD,
};

#define PMD_BYTES (UINT64_C(1) << 21)
#define PUD_BYTES (UINT64_C(1) << 30)
#define PGD_BYTES (UINT64_C(1) << 39)

/* Intel SDM volume 3, 4.5: bits 51:12 of an entry; a large leaf leaves the low ones 0. */
#define ADDRESS_MASK UINT64_C(0x000ffffffffff000)
/* Linux' _KERNPG_TABLE: P RW A D. */
#define KERNPG_TABLE                                                                     \
	(EFIMAP_PTE_PRESENT | EFIMAP_PTE_RW | EFIMAP_PTE_ACCESSED | EFIMAP_PTE_DIRTY)

static inline unsigned int level_shift(enum level level)
{
	return PAGE_SHIFT + TABLE_BITS * (unsigned int)level;
}

static inline uint64_t level_bytes(enum level level)
{
	return UINT64_C(1) << level_shift(level);
}

static inline size_t level_index(uint64_t va, enum level level)
{
	return va >> level_shift(level) & (EFIMAP_PAGETABLE_WORDS - 1);
}

static inline bool is_large(uint64_t entry, enum level level)
{
	return (level == LEVEL_PMD || level == LEVEL_PUD) && (entry & EFIMAP_PTE_PSE);
}

/* pmd_pfn(), pud_pfn(): the bits below a large leaf's size do not count. */
static inline uint64_t large_address(uint64_t entry, enum level level)
{
	return entry & ADDRESS_MASK & ~(level_bytes(level) - 1);
}

/* Bits 63:47 all alike. */
static inline bool is_canonical(uint64_t va)
{
	return va >> 47 == 0 || va >> 47 == UINT64_MAX >> 47;
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
 * Tables being built: @capacity pages are there, zeroed. @recycled is the first of a list
 * of tables that are no longer used, linked by their first word; 0 ends it. @steps counts
 * down.
 */
struct builder {
	uint64_t *words;
	uint64_t base;
	size_t n_pages;
	size_t capacity;
	size_t recycled;
	enum efimap_leaf largest;
	uint64_t steps;
};

/* Make one mapping: 0, -E2BIG when steps or tables run out. */
int pagetable_map(struct builder *builder, const struct mapping *mapping);

/* After the last mapping: clear what links recycled tables. */
void pagetable_finish(struct builder *builder);

/*
 * The most tables that these mappings can need, at most 2^63: exact unless they overlap.
 * 0 or -ENOMEM.
 */
int pagetable_count(const struct mapping *mappings, size_t count,
		    enum efimap_leaf largest, uint64_t *ret_pages);

/* Fill in table->leaves: 0 or -EBADMSG. */
int pagetable_count_leaves(struct efimap_pagetable *table);

/* The table that an entry points to, NULL when that lies outside. */
static inline const uint64_t *pagetable_below(const struct efimap_pagetable *table,
					      uint64_t entry)
{
	const uint64_t page = ((entry & ADDRESS_MASK) - table->base) >> PAGE_SHIFT;

	return page < table->n_pages ? table->words + page * EFIMAP_PAGETABLE_WORDS
				     : NULL;
}

#endif
