/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Determine the memory that a kexec loader may use. Addresses are physical, and sizes are in bytes.
 *
 * kexec-tools reads /sys/firmware/memmap, or /proc/iomem if memmap cannot be parsed or
 * add_efi_memmap is on the command line (kexec/arch/i386/kexec-x86-common.c: get_memory_ranges()).
 * The kernel walks its own resources, which /proc/iomem shows (kernel/kexec_file.c:
 * kexec_walk_resources()).
 */
#ifndef LINUX_KEXEC_MEMORY_H
#define LINUX_KEXEC_MEMORY_H

#include "capture/capture.h"
#include "linux/encode_setup_data.h"

/* The reason why no placement was computed. unplaced_text() explains each reason. */
enum unplaced {
	EFIMAP_PLACED,
	EFIMAP_UNPLACED_NO_MEMMAP,
	EFIMAP_UNPLACED_NO_IOMEM,
	EFIMAP_UNPLACED_MASKED_IOMEM,
	EFIMAP_UNPLACED_CUT_IOMEM,
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
	EFIMAP_UNPLACED_PARTIAL_LOG,
};

/* Return the reason as a sentence without a full stop, or "" for EFIMAP_PLACED. */
const char *unplaced_text(enum unplaced reason);

/*
 * The memory that a loader may use for any kernel image.
 *
 * @reason:       EFIMAP_PLACED, or the reason why @ram cannot be used
 * @crash_reason: EFIMAP_PLACED, or the reason why @crash cannot be used
 * @ram:          System RAM in ascending order, without overlaps; owned
 * @crash:        the highest reserved region, into which a crash kernel is loaded; if only a log
 *                shows it, @crash_reason is EFIMAP_UNPLACED_NO_IOMEM
 * @n_crash:      number of reserved regions: 2 if crashkernel=,high also reserved low memory
 * @n_e820:       number of ranges of all types that kexec-tools passes to the next kernel
 * @n_crash_e820: number of ranges that kexec-tools passes to a crash kernel, counted before
 *                segments split them
 * @n_dumped:     number of ranges that the elfcorehdr of a crash kernel describes, counted before
 *                excluded regions split them
 * @backup_size:  bytes of low memory that the purgatory of kexec-tools backs up
 */
struct load_memory {
	enum kexec_loader loader;
	enum unplaced reason;
	enum unplaced crash_reason;
	struct span *ram;
	size_t n_ram;
	struct span crash;
	size_t n_crash;
	size_t n_e820;
	size_t n_crash_e820;
	size_t n_dumped;
	uint64_t backup_size;
};

/*
 * Return whether kexec-tools passes ranges with this name to the next kernel, in addition to System
 * RAM. For a crash kernel, the names are the same (crashdump-x86.c).
 */
bool is_passed_range(const char *name);

/*
 * Determine the memory that a loader may use. If this memory is unknown, reason or crash_reason of
 * the result is not EFIMAP_PLACED. Free the result with load_memory_free().
 */
struct load_memory load_memory_make(const struct efimap *map, enum kexec_loader loader);
void load_memory_free(struct load_memory *memory);
#define auto_load_memory __attribute__((cleanup(load_memory_free)))

/*
 * The RAM in memmap that kexec_file_load passes. It passes the e820 table of the boot, without
 * memory that was plugged in later. boot_params has space for EFIMAP_E820_MAX ranges, and
 * kexec_file_load drops the others, whose addresses are higher (arch/x86/kernel/kexec-bzimage64.c:
 * setup_e820_entries).
 *
 * @dropped: RAM in the dropped ranges, in bytes
 * @plugged: RAM that was plugged in, in bytes
 * @largest: size of the largest range of RAM that is passed
 * @end:     end of the highest range of RAM that is passed
 */
struct passed_ram {
	uint64_t dropped;
	uint64_t plugged;
	uint64_t largest;
	uint64_t end;
};

/* Find the RAM that kexec_file_load passes. If memmap is incomplete, nothing counts as dropped. */
struct passed_ram find_passed_ram(const struct efimap *map);

#endif
