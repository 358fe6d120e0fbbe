/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Back through the tables: one address as a CPU walks it, or everything that is mapped.
 * The tables can be any bytes. It must not know how they were built.
 */
#include <errno.h>

#include "emulate/pagetable.h"

static const enum efimap_leaf leaf_of[] = {
	[LEVEL_PTE] = EFIMAP_LEAF_4K,
	[LEVEL_PMD] = EFIMAP_LEAF_2M,
	[LEVEL_PUD] = EFIMAP_LEAF_1G,
};

static const enum efimap_ptlevel ptlevel_of[] = {
	[LEVEL_PTE] = EFIMAP_PTLEVEL_PTE,
	[LEVEL_PMD] = EFIMAP_PTLEVEL_PMD,
	[LEVEL_PUD] = EFIMAP_PTLEVEL_PUD,
};

int efimap_pagetable_walk(const struct efimap_pagetable *table, uint64_t va,
			  struct efimap_pagetable_hit *ret_hit)
{
	const uint64_t *words = table->n_pages ? table->words : NULL;
	enum level level = LEVEL_PGD;
	uint64_t entry, mask;

	if (!is_canonical(va))
		return -ENOENT;
	for (;; level--) {
		if (!words)
			return -EBADMSG;
		entry = le64toh(words[level_index(va, level)]);
		if (!(entry & EFIMAP_PTE_PRESENT))
			return -ENOENT;
		if (level == LEVEL_PTE || is_large(entry, level))
			break;
		words = pagetable_below(table, entry);
	}
	mask = level_bytes(level) - 1;
	*ret_hit = (struct efimap_pagetable_hit){
		.phys = large_address(entry, level) | (va & mask),
		.flags = entry & ~ADDRESS_MASK,
		.leaf = leaf_of[level],
		.reserved = entry & ADDRESS_MASK & mask & ~EFIMAP_PTE_PAT_LARGE,
	};
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
		.level = ptlevel_of[level],
	};

	if (visitor->leaves)
		visitor->leaves[leaf_of[level]]++;
	return visitor->dump ? efimap_ptdump_add(visitor->dump, &run) : 0;
}

/* Depth is that of the tables: each step down is one level. */
static int visit(struct visitor *visitor, const uint64_t *words, uint64_t va,
		 enum level level)
{
	if (!words)
		return -EBADMSG;
	for (uint64_t i = 0; i < EFIMAP_PAGETABLE_WORDS; i++) {
		const uint64_t entry = le64toh(words[i]);
		uint64_t at = va | i << level_shift(level);
		int err;

		if (!(entry & EFIMAP_PTE_PRESENT))
			continue;
		if (level == LEVEL_PGD && i >= EFIMAP_PAGETABLE_WORDS / 2)
			at |= UINT64_MAX << 48;
		if (level == LEVEL_PTE || is_large(entry, level))
			err = visit_leaf(visitor, at, entry, level);
		else
			err = visit(visitor, pagetable_below(visitor->table, entry), at,
				    level - 1);
		if (err)
			return err;
	}
	return 0;
}

int efimap_pagetable_runs(const struct efimap_pagetable *table,
			  struct efimap_ptdump *ret_dump)
{
	efimap_auto_ptdump struct efimap_ptdump dump = { 0 };
	struct visitor visitor = { .table = table, .dump = &dump };
	int err;

	err = visit(&visitor, table->n_pages ? table->words : NULL, 0, LEVEL_PGD);
	if (err)
		return err;
	*ret_dump = dump;
	dump = (struct efimap_ptdump){ 0 };
	return 0;
}

int pagetable_count_leaves(struct efimap_pagetable *table)
{
	struct visitor visitor = { .table = table, .leaves = table->leaves };

	return visit(&visitor, table->words, 0, LEVEL_PGD);
}
