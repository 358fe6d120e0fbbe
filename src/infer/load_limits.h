/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Determine limits of the memory that a load can use. */
#ifndef INFER_LOAD_LIMITS_H
#define INFER_LOAD_LIMITS_H

#include "capture/capture.h"

#define EFIMAP_NO_LIMIT UINT64_MAX

/*
 * Return an upper bound of the memory that the kernel can allocate for segments: free and
 * reclaimable memory outside of ZONE_MOVABLE, and memory that can be swapped out. MemAvailable also
 * counts ZONE_MOVABLE. If the free swap space is unknown, it does not count. Return EFIMAP_NO_LIMIT
 * if /proc/zoneinfo lacks zones, or if there is no free memory in ZONE_MOVABLE.
 */
uint64_t fixed_memory(const struct efimap *map);

/*
 * Return the memory that a process can still allocate if vm.overcommit_memory is 2: kexec_load
 * needs it for the copy of image and initrd in kexec. If the limit is unknown, return
 * EFIMAP_NO_LIMIT.
 */
uint64_t commit_left(const struct efimap *map);

/*
 * The ranges of System RAM in memmap and in iomem.
 *
 * @memmap:   RAM in memmap, in bytes. After kexec_file_load, the next kernel has only this memory.
 * @plugged:  RAM in iomem that memmap lacks, because it was plugged in after the boot. After
 *            kexec_load, the next kernel has this memory, too.
 * @missing:  RAM in memmap that no line of iomem covers
 */
struct ram {
	uint64_t memmap;
	uint64_t plugged;
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

/*
 * Return whether a collected iomem lacks lines, for example because the copy was cut: memmap lists
 * RAM that no line of iomem covers, and no known parameter such as mem= removed this memory. On a
 * running system, the result is false, because only removed memory is missing there.
 */
bool iomem_lacks_lines(const struct efimap *map);

#endif
