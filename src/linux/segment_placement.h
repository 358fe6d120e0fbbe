/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Compute where kexec places the segments of the next kernel, before a kernel is loaded. Addresses
 * are physical, sizes are in bytes, and spans include their last byte.
 *
 * The segments are placed as the loader places them: in the same order, with the same searches, and
 * in the same memory. If kexec passes EFI data, the next kernel remains at its load address: the
 * decompressor moves a kernel only into conventional memory, and the EFI memory map that kexec
 * passes contains no conventional memory (arch/x86/boot/compressed/kaslr.c: process_efi_entries).
 *
 * Sources for kexec_load (kexec-tools 2.0.20 to 2.0.32): kexec/kexec.c: locate_hole();
 * kexec/arch/x86_64/kexec-bzImage64.c: do_bzImage64_load(); kexec/arch/i386/crashdump-x86.c:
 * load_crashdump_segments(); kexec/arch/i386/x86-linux-setup.c: setup_linux_system_parameters().
 * Sources for kexec_file_load (Linux 5.10 to 7.3): kernel/kexec_file.c: kexec_locate_mem_hole();
 * arch/x86/kernel/kexec-bzimage64.c: bzImage64_load(); arch/x86/kernel/crash.c:
 * crash_load_segments().
 *
 * If the capture lacks data, the start and the end of a segment are ranges. Each search runs twice:
 * with the smallest sizes, outside the memory that earlier segments certainly cover, and with the
 * largest sizes, outside all memory that earlier segments may cover. The segment is between the two
 * results.
 */
#ifndef LINUX_SEGMENT_PLACEMENT_H
#define LINUX_SEGMENT_PLACEMENT_H

#include "capture/capture.h"
#include "capture/installed_kernels.h"
#include "linux/kexec_memory.h"

/*
 * The contents of a segment.
 *
 * @EFIMAP_SEGMENT_BOOT_PARAMS: boot_params and the kernel's command line; with kexec_file_load also
 *                              the setup_data nodes and the EFI memory map
 * @EFIMAP_SEGMENT_SETUP_DATA:  one setup_data node with EFI data, e820 entries or a random seed
 * @EFIMAP_SEGMENT_KHO_SCRATCH: the list of KHO's scratch areas
 * @EFIMAP_SEGMENT_IMA_LIST:    the measurement list of IMA
 * @EFIMAP_SEGMENT_OTHER:       neither the kernel nor the initrd, according to the log of kexec
 * @EFIMAP_SEGMENT_UNKNOWN:     unknown, because the log of kexec shows only the address
 */
enum segment_kind {
	EFIMAP_SEGMENT_KERNEL,
	EFIMAP_SEGMENT_INITRD,
	EFIMAP_SEGMENT_BOOT_PARAMS,
	EFIMAP_SEGMENT_PURGATORY,
	EFIMAP_SEGMENT_SETUP_DATA,
	EFIMAP_SEGMENT_EFI_MEMMAP,
	EFIMAP_SEGMENT_ELFCOREHDR,
	EFIMAP_SEGMENT_BACKUP,
	EFIMAP_SEGMENT_KHO_SCRATCH,
	EFIMAP_SEGMENT_IMA_LIST,
	EFIMAP_SEGMENT_OTHER,
	EFIMAP_SEGMENT_UNKNOWN,
};

const char *segment_kind_name(unsigned int kind);

/*
 * The location of a segment.
 *
 * @start:       the lowest possible address of its first byte
 * @start_max:   the highest possible address of its first byte
 * @end_min:     the lowest possible address of its last byte
 * @end:         the highest possible address of its last byte
 * @is_optional: the loader may omit the segment
 */
struct load_segment {
	enum segment_kind kind;
	uint64_t start;
	uint64_t start_max;
	uint64_t end_min;
	uint64_t end;
	bool is_optional;
};

static inline bool segment_may_hit(const struct load_segment *segment, struct span span)
{
	return segment->start <= span.last && span.first <= segment->end;
}

/* Return whether a segment that is not optional overlaps the span at every possible location. */
static inline bool segment_will_hit(const struct load_segment *segment, struct span span)
{
	return !segment->is_optional && segment->start_max <= span.last &&
	       span.first <= segment->end_min;
}

/*
 * A load whose placement is computed. Members that are unknown are 0.
 *
 * @image:           header of the kernel image, with a setup_size of 0 if that size is unknown
 * @init_size_max:   the largest possible init_size if the init_size in @image is only the smallest
 *                   possible one, otherwise 0
 * @has_initrd_size: @initrd_size is known, and is 0 if there is no initrd
 * @initrd_size_max: the largest possible size of the initrd if @initrd_size is only the smallest
 *                   possible one, otherwise 0
 * @cmdline_len:     characters of the command line that is passed to the loader, without the
 *                   terminating zero and without parameters that the loader adds
 * @mem_max:         --mem-max of kexec-tools, 0 for no limit
 * @reserved:        the region that another crashkernel= would reserve, which must be in System
 *                   RAM. If @reserved.last is 0, the region of the capture is used.
 */
struct load {
	const struct kernel_image *image;
	uint32_t init_size_max;
	bool is_crash;
	bool has_initrd_size;
	bool has_cmdline_len;
	uint64_t initrd_size;
	uint64_t initrd_size_max;
	uint32_t cmdline_len;
	uint64_t mem_min;
	uint64_t mem_max;
	struct span reserved;
};

/*
 * Reasons why a computed placement may be wrong or inexact, as a set of bits.
 *
 * @EFIMAP_UNSURE_SIZE: the exact size of the kernel is unknown, but the bounds of each segment
 *                      cover all possible sizes
 * @EFIMAP_UNSURE_ROOM: the memory is too small for an optional segment or for the largest possible
 *                      sizes, so the load may fail
 */
enum unsure {
	EFIMAP_UNSURE_SIZE = 1,
	EFIMAP_UNSURE_ROOM = 2,
};

#define EFIMAP_MAX_PLACED 16

/*
 * All segments of a load.
 *
 * @reason:   EFIMAP_PLACED, or the reason why there are no segments
 * @unsure:   set of enum unsure
 * @segments: in the order in which the loader places them
 */
struct placement {
	enum unplaced reason;
	unsigned int unsure;
	struct load_segment segments[EFIMAP_MAX_PLACED];
	size_t count;
};

/*
 * Compute where the loader @memory->loader places the segments of @load on the machine of @map. The
 * version of kexec-tools, the number of CPUs and the states of KHO, IMA and CMA are those of the
 * state of kexec in @map.
 */
void place_segments(const struct efimap *map, const struct load_memory *memory,
		    const struct load *load, struct placement *ret_placement);

/*
 * Return whether all segments are certainly within the bounds of the placement. If they are not,
 * any segment may overlap any memory, but no overlap is certain.
 */
static inline bool placement_is_sure(const struct placement *placement)
{
	return placement->reason == EFIMAP_PLACED &&
	       (placement->unsure & ~(unsigned int)EFIMAP_UNSURE_SIZE) == 0;
}

const struct load_segment *find_segment(const struct placement *placement, enum segment_kind kind);

/*
 * Construct the image header of a next kernel that is assumed to equal the running kernel.
 *
 * @ret_image:         the header, without a name and with a setup_size of 0
 * @ret_init_size_max: value for load.init_size_max
 *
 * The init_size in boot_params is exact. If it is unknown, or 0 after a boot by the EFI stub, the
 * "Kernel" lines of proc/iomem provide the smallest size, and the largest size is estimated.
 *
 * Return false, without changing the results, if the capture has neither an init_size nor "Kernel"
 * lines.
 */
bool assume_image(const struct efimap *map, struct kernel_image *ret_image,
		  uint32_t *ret_init_size_max);

/*
 * Return the number of bytes from the lowest to the highest address in the "Kernel" lines of
 * proc/iomem. Return 0 if "Kernel bss" is missing, or if the result exceeds the size of any kernel.
 */
uint32_t measure_kernel(const struct efimap *map);

/*
 * Changes in kexec-tools.
 *
 * @EFIMAP_TOOLS_CALL_OPTION: the option -c (kexec_load) is supported (2.0.17)
 * @EFIMAP_TOOLS_RNG_SEED:   a setup_data node with a random seed is passed (2.0.25)
 * @EFIMAP_TOOLS_FILE_LOAD:  kexec_file_load is called first if no option selects a system call
 *                           (2.0.27)
 * @EFIMAP_TOOLS_ABOVE_PREF: the kernel is placed at or above the pref_address of its image (2.0.30)
 * @EFIMAP_TOOLS_UKI:        unified kernel images can be loaded (2.0.31)
 */
enum tools_change {
	EFIMAP_TOOLS_CALL_OPTION,
	EFIMAP_TOOLS_RNG_SEED,
	EFIMAP_TOOLS_FILE_LOAD,
	EFIMAP_TOOLS_ABOVE_PREF,
	EFIMAP_TOOLS_UKI,
};

/* Return whether @tools contains a change, or @unknown if the version is unknown. */
bool tools_has(const struct version *tools, enum tools_change change, bool unknown);

/*
 * Return the number of bytes of @cmdline, without the terminating zero, that remain after "kexec
 * --reuse-cmdline" has removed BOOT_IMAGE= and, for a crash kernel, crashkernel= (kexec-tools
 * kexec/kexec.c: get_command_line).
 */
size_t reused_len(const char *cmdline, bool is_crash);

#endif
