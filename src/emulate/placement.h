/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: where kexec puts the next kernel
 *
 * Before anything is loaded: the same search over the same ranges as that of the two loaders,
 * which both fill memory from its top. Before the kernel's image each places two small segments,
 * purgatory and the boot parameters, whose sizes are only nearly known; the image is aligned so
 * coarsely that this seldom matters. There the kernel stays: it would look for another place at
 * random among the conventional memory of EFI's map, and the map that is handed over has none
 * (arch/x86/boot/compressed/kaslr.c: process_efi_entries).
 *
 * kexec_load: kexec-tools, kexec/kexec.c: locate_hole(), kexec/arch/x86_64/kexec-bzImage64.c:
 * do_bzImage64_load(), kexec/arch/i386/kexec-x86-common.c: get_memory_ranges().
 * kexec_file_load: kernel/kexec_file.c: locate_mem_hole_top_down(), kexec_walk_resources();
 * arch/x86/kernel/kexec-bzimage64.c: bzImage64_load().
 */
#ifndef EMULATE_PLACEMENT_H
#define EMULATE_PLACEMENT_H

#include "emulate/handover.h"
#include "model/capture.h"
#include "model/kexec.h"

/**
 * struct efimap_load - a load that is to come, of no crash kernel
 * @mem_min: the lowest address that kexec-tools may use (--mem-min), 0 for any
 * @mem_max: the highest (--mem-max), UINT64_MAX for any; kexec_file_load knows neither
 */
struct efimap_load {
	const struct efimap_image *image;
	enum efimap_loader loader;
	uint64_t mem_min;
	uint64_t mem_max;
};

/**
 * efimap_place_kernel() - where the image of the next kernel will lie
 * @ret_span: all the memory that it takes to start; untouched on failure
 *
 * Return: 0; -ENOENT where nothing is free that is large enough, or where it cannot be foreseen:
 * the ranges that the loader goes by were not read, the image does not tell its size, the kernel
 * hands memory over itself (kho=) or has a contiguous area (cma=), or its release is not known;
 * -ENOMEM.
 */
int efimap_place_kernel(const struct efimap *map, const struct efimap_load *load,
			struct efimap_span *ret_span);

#endif
