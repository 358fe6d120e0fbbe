/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: virtual layout
 *
 * Where Linux on x86-64 puts runtime regions in the EFI window
 * (arch/x86/platform/efi/efi_64.c: efi_map_region).
 */
#ifndef EFIMAP_LAYOUT_H
#define EFIMAP_LAYOUT_H

#include <stdint.h>

/** EFIMAP_LAYOUT_STEP - PMD_SIZE: virt and phys agree modulo this */
#define EFIMAP_LAYOUT_STEP UINT64_C(0x200000)

/**
 * efimap_layout_next() - one step of the algorithm
 * @va:      efi_va before the step, EFIMAP_VA_START at first
 * @phys:    physical start of the region
 * @pages:   its size
 * @ret_va:  efi_va after the step, which is the region's virtual address
 *
 * The kernel does not check whether the subtraction wraps; neither the value below
 * EFIMAP_VA_END nor a wrap is undone, so every later region overflows too.
 *
 * Return: 0; -EOVERFLOW when the region does not fit into what is left of the window
 * (the kernel then leaves virt_addr alone).
 */
int efimap_layout_next(uint64_t va, uint64_t phys, uint64_t pages, uint64_t *ret_va);

#endif
