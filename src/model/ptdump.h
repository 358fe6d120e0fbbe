/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: page tables as runs
 *
 * What a page table maps, as the kernel's own dump shows it
 * (/sys/kernel/debug/page_tables/efi; arch/x86/mm/dump_pagetables.c): ranges of virtual
 * addresses with equal flags, without physical addresses. The emulate room predicts such
 * runs, the read room reads them from a dump, the check room compares the two.
 */
#ifndef MODEL_PTDUMP_H
#define MODEL_PTDUMP_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/span.h"

/* Bits of an entry: Intel SDM volume 3, 4.5; arch/x86/include/asm/pgtable_types.h. */
#define EFIMAP_PTE_PRESENT UINT64_C(0x1)
#define EFIMAP_PTE_RW UINT64_C(0x2)
#define EFIMAP_PTE_USER UINT64_C(0x4)
#define EFIMAP_PTE_PWT UINT64_C(0x8)
#define EFIMAP_PTE_PCD UINT64_C(0x10)
#define EFIMAP_PTE_ACCESSED UINT64_C(0x20)
#define EFIMAP_PTE_DIRTY UINT64_C(0x40)
/** EFIMAP_PTE_PSE - a 2 MiB or 1 GiB leaf; in a 4 KiB leaf the same bit is PAT */
#define EFIMAP_PTE_PSE UINT64_C(0x80)
#define EFIMAP_PTE_GLOBAL UINT64_C(0x100)
/** EFIMAP_PTE_PAT_LARGE - PAT of a 2 MiB or 1 GiB leaf, and of every run */
#define EFIMAP_PTE_PAT_LARGE UINT64_C(0x1000)
#define EFIMAP_PTE_NX UINT64_C(0x8000000000000000)

/** EFIMAP_PTE_VISIBLE - the flags that a dump shows; accessed and dirty are not */
#define EFIMAP_PTE_VISIBLE                                                                 \
	(EFIMAP_PTE_RW | EFIMAP_PTE_USER | EFIMAP_PTE_PWT | EFIMAP_PTE_PCD |               \
	 EFIMAP_PTE_PSE | EFIMAP_PTE_GLOBAL | EFIMAP_PTE_PAT_LARGE | EFIMAP_PTE_NX)

enum efimap_ptlevel {
	EFIMAP_PTLEVEL_PTE,
	EFIMAP_PTLEVEL_PMD,
	EFIMAP_PTLEVEL_PUD,
	EFIMAP_PTLEVEL_P4D,
	EFIMAP_PTLEVEL_PGD,
};

const char *efimap_ptlevel_name(unsigned int level);

/**
 * struct efimap_ptrun - consecutive leaves with the same flags
 * @flags: bits of EFIMAP_PTE_VISIBLE; a leaf's PAT is always EFIMAP_PTE_PAT_LARGE here
 */
struct efimap_ptrun {
	struct efimap_span span;
	uint64_t flags;
	enum efimap_ptlevel level;
};

/**
 * struct efimap_ptdump - what is mapped, by ascending address
 *
 * Zero-initialise it; free with efimap_ptdump_free().
 */
struct efimap_ptdump {
	struct efimap_ptrun *runs;
	size_t n_runs;
	size_t capacity;
};

/**
 * efimap_ptdump_add() - append a run, or lengthen the last one; -EINVAL when it is not above it
 *
 * A run that touches the last one and agrees with it is joined to it: the kernel splits
 * runs by flags that it does not show.
 */
int efimap_ptdump_add(struct efimap_ptdump *dump, const struct efimap_ptrun *run);

void efimap_ptdump_free(struct efimap_ptdump *dump);
#define efimap_auto_ptdump __attribute__((cleanup(efimap_ptdump_free)))

#define EFIMAP_PTDUMP_MAX_LINES 4000000U

/**
 * efimap_ptdump_parse() - read the text of a dump (in the read room)
 * @text:     as read from /sys/kernel/debug/page_tables/efi, or the same lines cut from
 *            a kernel's log (CONFIG_EFI_PGT_DUMP) without their time stamps
 * @ret_dump: what is present, all sections; free with efimap_ptdump_free(); untouched on
 *            failure
 *
 * Markers ("---[ User Space ]---"), lines of absent ranges and "... N entries skipped ..."
 * are read over.
 */
int efimap_ptdump_parse(const char *text, size_t size, const char *where,
			struct efimap_ptdump *ret_dump, struct efimap_err *err);

#endif
