/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The kernel's top-down layout of the EFI window, one region at a time.
 * Source: arch/x86/platform/efi/efi_64.c: efi_map_region(), the same in 3.14 to 6.18.
 */
#include <errno.h>

#include "emulate/layout.h"
#include "model/entry.h"

int efimap_layout_next(uint64_t va, uint64_t phys, uint64_t pages, uint64_t *ret_va)
{
	const uint64_t offset = phys & (EFIMAP_LAYOUT_STEP - 1);
	uint64_t bytes, next, block;

	if (__builtin_mul_overflow(pages, EFIMAP_PAGE_SIZE, &bytes) ||
	    __builtin_sub_overflow(va, bytes, &next))
		return -EOVERFLOW;
	block = next & ~(EFIMAP_LAYOUT_STEP - 1);
	/* With a remainder that lies above us in this 2 MiB block, use the block below. */
	if (offset == 0)
		next = block;
	else if (block + offset <= next)
		next = block + offset;
	else if (__builtin_sub_overflow(block + offset, EFIMAP_LAYOUT_STEP, &next))
		return -EOVERFLOW;
	if (next < EFIMAP_VA_END)
		return -EOVERFLOW;
	*ret_va = next;
	return 0;
}
