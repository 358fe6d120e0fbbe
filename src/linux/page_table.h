/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LINUX_PAGE_TABLE_H
#define LINUX_PAGE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "capture/entry.h"

#define EFIMAP_PAGETABLE_MAX ((size_t)64 << 20)
/*
 * Limit on the number of leaf writes. A leaf that is written repeatedly is counted each
 * time. Tables of EFIMAP_PAGETABLE_MAX bytes have at most 2^23 leaves, half of this limit, so only
 * overlapping entries can exceed the limit.
 */
#define EFIMAP_PAGETABLE_MAX_STEPS (UINT64_C(1) << 24)
#define EFIMAP_PAGETABLE_WORDS 512

enum leaf {
	EFIMAP_LEAF_1G,
	EFIMAP_LEAF_2M,
	EFIMAP_LEAF_4K,
	EFIMAP_LEAF_COUNT,
};

const char *leaf_name(unsigned int leaf);

/*
 * Options of pagetable_build(). If all members are 0, the default limits apply.
 *
 * @largest:     the largest leaf allowed, EFIMAP_LEAF_2M for a CPU without 1 GiB pages (pdpe1gb)
 * @max_bytes:   maximum size of the tables, 0 for EFIMAP_PAGETABLE_MAX
 * @memmap_addr: physical address of the EFI memory map (boot_params.efi_info)
 * @memmap_size: size of the EFI memory map in bytes. If the size is 0 (unknown), the pages of the
 *               EFI memory map are not mapped.
 */
struct pagetable_options {
	enum leaf largest;
	size_t max_bytes;
	uint64_t memmap_addr;
	uint64_t memmap_size;
};

/* The reason why a mapping was omitted, or 0. */
enum pagetable_reason {
	EFIMAP_PAGETABLE_EMPTY = 1,
	EFIMAP_PAGETABLE_PHYS,
	EFIMAP_PAGETABLE_UNALIGNED,
	EFIMAP_PAGETABLE_NONCANONICAL,
};

const char *pagetable_reason_text(enum pagetable_reason reason);

/* A mapping that was omitted. @entry points to one of the caller's entries. */
struct pagetable_skip {
	const struct map_entry *entry;
	bool identity;
	enum pagetable_reason reason;
};

/*
 * A virtual range that leaves of one size map to a contiguous physical range, with the same flags.
 * @size is in bytes.
 */
struct pagetable_range {
	uint64_t virt;
	uint64_t phys;
	uint64_t size;
	enum leaf leaf;
	bool is_cached;
	bool is_executable;
};

/*
 * Page tables.
 *
 * @words:   @n_pages * EFIMAP_PAGETABLE_WORDS little-endian entries, which contain the address of a
 *           table as its offset in @words; owned. The first table is the top-level table.
 * @n_pages: number of tables; some tables may be unused if entries overlap
 * @leaves:  number of leaves by size
 * @ranges:  what the leaves map, in ascending order of virtual address; owned
 */
struct efi_page_table {
	uint64_t *words;
	size_t n_pages;
	uint64_t leaves[EFIMAP_LEAF_COUNT];
	struct pagetable_range *ranges;
	size_t n_ranges;
	struct pagetable_skip *skips;
	size_t n_skips;
};

/*
 * Build the page tables of the kernel that receives a runtime map: each entry at its physical and
 * at its virtual address, then the pages of the EFI memory map and page 0 at their physical
 * addresses.
 *
 * As in Linux, the size of a leaf depends only on the virtual range. A physical address that is not
 * aligned to this size is rounded down (arch/x86/include/asm/pgtable.h: pfn_pud, pfn_pmd).
 *
 * Overlapping virtual ranges have the same result as in Linux. Up to the first unmapped page, an
 * existing leaf keeps its memory and gets the flags of the later mapping (PCD stays set). From that
 * page on, the later mapping replaces existing entries. After an existing leaf, the later mapping
 * continues with the physical address of the first page that it covers in this leaf.
 *
 * Unlike Linux, this function also builds mappings across a 512 GiB boundary (or, without 1 GiB
 * leaves, a 1 GiB boundary) and mappings of 2^32 pages or more. The function also splits a large
 * leaf that has to contain a smaller one.
 *
 * @ret_table: free it with pagetable_free(); not modified on failure
 *
 * Return 0, or -E2BIG if a limit is exceeded.
 */
int pagetable_build(const struct map_entry *entries, size_t count,
		    const struct pagetable_options *options, struct efi_page_table *ret_table,
		    struct err *err);

void pagetable_free(struct efi_page_table *table);
#define auto_pagetable __attribute__((cleanup(pagetable_free)))

#endif
