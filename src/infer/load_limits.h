/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compare the lists of the memory that a load can use. */
#ifndef INFER_LOAD_LIMITS_H
#define INFER_LOAD_LIMITS_H

#include "capture/capture.h"

/*
 * The ranges of System RAM in memmap and in iomem, in bytes.
 *
 * @memmap:   RAM of the boot in memmap. After kexec_file_load, the next kernel has only this
 * memory.
 * @plugged:  other RAM in iomem: it was plugged in after the boot. After kexec_load, the next
 * kernel has this memory, too.
 * @added:    RAM in memmap that was plugged in after the boot
 * @missing:  RAM of the boot in memmap that no line of iomem covers
 */
struct ram {
	uint64_t memmap;
	uint64_t plugged;
	uint64_t added;
	uint64_t missing;
};

/*
 * Compare the RAM in memmap with that in iomem. Return false if one of them was not read, or if its
 * ranges are not in ascending order.
 */
bool compare_ram(const struct efimap *map, struct ram *ret_ram);

/*
 * Return why the lists of RAM, from which a loader takes free memory, may lack a range, or NULL:
 * memmap and iomem list different RAM, all RAM in iomem is less than the memory that the kernel
 * manages, or neither comparison is possible.
 */
const char *why_ram_may_lack_range(const struct efimap *map);

/* Return the last byte of System RAM in iomem, or 0. */
uint64_t iomem_ram_last(const struct efimap *map);

/*
 * Return whether a collected iomem lacks lines, for example because the copy was cut: memmap lists
 * RAM that no line of iomem covers, and no known parameter such as mem= removed this memory. On a
 * running system, the result is false, because only removed memory is missing there.
 */
bool iomem_lacks_lines(const struct efimap *map);

#endif
