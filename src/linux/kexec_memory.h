/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the memory that a kexec loader may use
 *
 * kexec-tools reads /sys/firmware/memmap, and /proc/iomem where there is no memmap:
 * kexec/arch/i386/kexec-x86-common.c: get_memory_ranges(). The kernel walks its own resources,
 * which are those of /proc/iomem: kernel/kexec_file.c: kexec_walk_resources(). A crash kernel is
 * loaded into the memory that crashkernel= reserved.
 *
 * Addresses are physical, sizes are bytes.
 */
#ifndef LINUX_KEXEC_MEMORY_H
#define LINUX_KEXEC_MEMORY_H

#include <stddef.h>
#include <stdint.h>

#include "base/address_span.h"
#include "capture/capture.h"
#include "linux/setup_data.h"

/**
 * enum efimap_unplaced - why it is not known where a loader puts its segments
 * @EFIMAP_PLACED:                it is known
 * @EFIMAP_UNPLACED_NO_MEMMAP:    the capture lacks sys/firmware/memmap
 * @EFIMAP_UNPLACED_NO_IOMEM:     the capture lacks proc/iomem
 * @EFIMAP_UNPLACED_MASKED_IOMEM: the kernel hid the addresses in proc/iomem
 * @EFIMAP_UNPLACED_OVERLAP:      ranges of System RAM overlap
 * @EFIMAP_UNPLACED_NO_RAM:       there is no System RAM at all
 * @EFIMAP_UNPLACED_NOT_RESERVED: no memory is reserved for a crash kernel
 * @EFIMAP_UNPLACED_ARCHITECTURE: the running kernel is no x86-64 kernel
 * @EFIMAP_UNPLACED_RELEASE:      the release of the running kernel is not known
 * @EFIMAP_UNPLACED_NO_SIZE:      the image does not say how much memory it needs
 * @EFIMAP_UNPLACED_IMAGE:        this loader has no 64-bit entry into the image
 * @EFIMAP_UNPLACED_MIXED_MODE:   kexec_file_load refuses all kernels where a 64-bit kernel uses
 *                                32-bit EFI runtime services
 * @EFIMAP_UNPLACED_FIVE_LEVELS:  kexec_file_load refuses the image: 5-level paging is on
 * @EFIMAP_UNPLACED_KHO:          Kexec HandOver is on, and its scratch areas are not known
 * @EFIMAP_UNPLACED_CMA:          the kernel may take contiguous memory (CMA) instead
 * @EFIMAP_UNPLACED_NO_ROOM:      no free memory is large enough: the load fails
 */
enum efimap_unplaced {
	EFIMAP_PLACED,
	EFIMAP_UNPLACED_NO_MEMMAP,
	EFIMAP_UNPLACED_NO_IOMEM,
	EFIMAP_UNPLACED_MASKED_IOMEM,
	EFIMAP_UNPLACED_OVERLAP,
	EFIMAP_UNPLACED_NO_RAM,
	EFIMAP_UNPLACED_NOT_RESERVED,
	EFIMAP_UNPLACED_ARCHITECTURE,
	EFIMAP_UNPLACED_RELEASE,
	EFIMAP_UNPLACED_NO_SIZE,
	EFIMAP_UNPLACED_IMAGE,
	EFIMAP_UNPLACED_MIXED_MODE,
	EFIMAP_UNPLACED_FIVE_LEVELS,
	EFIMAP_UNPLACED_KHO,
	EFIMAP_UNPLACED_CMA,
	EFIMAP_UNPLACED_NO_ROOM,
};

/** efimap_unplaced_text() - a reason as a sentence without a full stop; "" for PLACED */
const char *efimap_unplaced_text(enum efimap_unplaced reason);

/**
 * struct efimap_load_memory - what one loader may use, on the machine of one capture
 * @reason:        PLACED, or why @ram is not known
 * @crash_reason:  PLACED, or why @crash is not known; a crash kernel needs both
 * @ram:           System RAM, ascending, no two overlap; owned
 * @crash:         the reserved region that a crash kernel is loaded into: the highest one
 * @n_crash:       reserved regions: 2 where crashkernel=,high reserved low memory as well
 * @n_e820:        ranges of memory of all types that kexec-tools passes to the next kernel
 * @n_crash_e820:  the same for a crash kernel, before its segments split some
 * @n_dumped:      ranges that the elfcorehdr of a crash kernel describes, likewise
 * @backup_size:   bytes of low memory that kexec-tools copies for a crash kernel
 *
 * It depends on the capture and the loader alone: one serves all kernels and all remedies.
 */
struct efimap_load_memory {
	enum efimap_loader loader;
	enum efimap_unplaced reason;
	enum efimap_unplaced crash_reason;
	struct efimap_span *ram;
	size_t n_ram;
	struct efimap_span crash;
	size_t n_crash;
	size_t n_e820;
	size_t n_crash_e820;
	size_t n_dumped;
	uint64_t backup_size;
};

/**
 * efimap_load_memory_make() - find the memory that a loader may use
 * @ret_memory: free with efimap_load_memory_free(); untouched on failure
 *
 * Return: 0 or -ENOMEM. What the capture does not show is a reason in @ret_memory.
 */
int efimap_load_memory_make(const struct efimap *map, enum efimap_loader loader,
			    struct efimap_load_memory *ret_memory);

void efimap_load_memory_free(struct efimap_load_memory *memory);
#define efimap_auto_load_memory __attribute__((cleanup(efimap_load_memory_free)))

#endif
