/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the EFI page table
 *
 * The page table that a map implies, as bytes: 4-level x86-64 tables at a physical base
 * of the caller's choice.
 *
 * Source: arch/x86/platform/efi/efi_64.c: efi_map_region_fixed(), __map_region(),
 * efi_setup_page_tables(); arch/x86/mm/pat/set_memory.c: populate_pgd(),
 * __change_page_attr().
 */
#ifndef LINUX_PAGE_TABLE_H
#define LINUX_PAGE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "capture/entry.h"

#define EFIMAP_PAGETABLE_MAX ((size_t)64 << 20)
/**
 * EFIMAP_PAGETABLE_MAX_STEPS - the default limit, in leaves that are written, again included
 *
 * Tables of EFIMAP_PAGETABLE_MAX hold half as many, so only entries that overlap reach it.
 */
#define EFIMAP_PAGETABLE_MAX_STEPS (UINT64_C(1) << 24)
#define EFIMAP_PAGETABLE_WORDS 512

/**
 * enum efimap_pagetable_mode - what is mapped
 * @EFIMAP_PAGETABLE_BOTH:     what Linux builds in the kernel that receives the map: each
 *                             entry onto itself and at virt, in map order, then the pages
 *                             of the map itself and page 0
 * @EFIMAP_PAGETABLE_IDENTITY: each entry onto itself: the physical mode of 2010
 * @EFIMAP_PAGETABLE_VIRTUAL:  each entry at virt
 */
enum efimap_pagetable_mode {
	EFIMAP_PAGETABLE_BOTH,
	EFIMAP_PAGETABLE_IDENTITY,
	EFIMAP_PAGETABLE_VIRTUAL,
};

const char *efimap_pagetable_mode_name(unsigned int mode);

/** enum efimap_leaf - sizes of leaves, largest first */
enum efimap_leaf {
	EFIMAP_LEAF_1G,
	EFIMAP_LEAF_2M,
	EFIMAP_LEAF_4K,
	EFIMAP_LEAF_COUNT,
};

/**
 * struct efimap_pagetable_options - how to build; all zero for BOTH at base 0
 * @largest:     the largest leaf allowed: EFIMAP_LEAF_2M for a CPU without 1 GiB pages
 *               (pdpe1gb)
 * @base:        a multiple of EFIMAP_PAGE_SIZE
 * @memmap_addr: with BOTH: where the map itself lies (boot_params.efi_info)
 * @memmap_size: its bytes, 0 when not known: its pages are then left out
 */
struct efimap_pagetable_options {
	enum efimap_pagetable_mode mode;
	enum efimap_leaf largest;
	uint64_t base;
	size_t max_bytes;
	uint64_t max_steps;
	uint64_t memmap_addr;
	uint64_t memmap_size;
};

/**
 * enum efimap_pagetable_reason - why a mapping was left out
 * @EFIMAP_PAGETABLE_NONCANONICAL: the virtual range wraps, or leaves the 2^47 bytes of
 *                                 either half: four levels cannot map it
 */
enum efimap_pagetable_reason {
	EFIMAP_PAGETABLE_EMPTY,
	EFIMAP_PAGETABLE_PHYS,
	EFIMAP_PAGETABLE_UNALIGNED,
	EFIMAP_PAGETABLE_NONCANONICAL,
};

const char *efimap_pagetable_reason_text(enum efimap_pagetable_reason reason);

/** struct efimap_pagetable_skip - @entry is one of those that the tables are for */
struct efimap_pagetable_skip {
	const struct efimap_entry *entry;
	bool identity;
	enum efimap_pagetable_reason reason;
};

/**
 * struct efimap_pagetable - tables
 * @base:    physical address of the first, the top level
 * @words:   @n_pages * EFIMAP_PAGETABLE_WORDS entries, little endian, owned: as bytes,
 *           what a CPU reads at @base
 * @n_pages: tables; one follows the other (some are in no use where entries overlap)
 * @leaves:  of each size, counted by a walk through the finished tables
 */
struct efimap_pagetable {
	uint64_t base;
	uint64_t *words;
	size_t n_pages;
	uint64_t leaves[EFIMAP_LEAF_COUNT];
	struct efimap_pagetable_skip *skips;
	size_t n_skips;
};

/**
 * efimap_pagetable_build() - the tables for a map
 *
 * Leaves: P A RW, NX unless the type is 3 or 5, PCD unless EFI_MEMORY_WB is set. Levels
 * above: P RW A D. Their size follows the virtual address only, as in Linux: where phys
 * is not congruent, a large leaf shows the memory below it, rounded down to the leaf's size
 * (arch/x86/include/asm/pgtable.h: pfn_pud, pfn_pmd).
 *
 * Where virtual ranges overlap, what Linux does: a leaf that is there keeps its memory
 * and takes the flags of the later mapping (PCD stays), up to the first page that is not
 * mapped. From there to its end the later mapping replaces what it finds, and its memory
 * counts on from the address at which it met the last leaf, not from its own.
 *
 * Three things differ from Linux, which never meets them: mappings across a 512 GiB
 * boundary (or, without 1 GiB leaves, a GiB boundary) and of 2^32 pages work, and a
 * large leaf in the way of a smaller one is split.
 */
int efimap_pagetable_build(const struct efimap_entry *entries, size_t count,
			   const struct efimap_pagetable_options *options,
			   struct efimap_pagetable *ret_table, struct efimap_err *err);

void efimap_pagetable_free(struct efimap_pagetable *table);
#define efimap_auto_pagetable __attribute__((cleanup(efimap_pagetable_free)))

#endif
