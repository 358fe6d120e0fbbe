/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: a page table dump against the map
 *
 * Does the kernel's own dump of its EFI page table agree with the runtime map?
 */
#ifndef CHECK_PAGETABLE_CHECK_H
#define CHECK_PAGETABLE_CHECK_H

#include "model/capture.h"
#include "model/ptdump.h"
#include "model/report.h"

/**
 * efimap_pagetable_check() - hold a dump against the map
 * @map:        the capture of the kernel that the dump is of
 * @dump:       what is mapped, all sections
 * @predicted:  what the map implies (efimap_pagetable_runs() of mode BOTH)
 * @ret_report: findings of the family pagetable; its verdict is EFIMAP_VERDICT_FAIL when
 *              there is a warning or an error. Free with efimap_report_free(); untouched
 *              on failure
 *
 * Only the EFI window and the ranges of the entries are looked at: the rest of the table
 * is the kernel's. Time is O(n log n) in entries and runs together.
 *
 * Return: 0, -ENOMEM, -EOVERFLOW or -E2BIG.
 */
int efimap_pagetable_check(const struct efimap *map, const struct efimap_ptdump *dump,
			   const struct efimap_ptdump *predicted,
			   struct efimap_report **ret_report);

#endif
