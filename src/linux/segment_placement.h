/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: where kexec puts the segments of the next kernel
 *
 * Before anything is loaded, the segments of a load are computed as the loader would place them:
 * the same order, the same searches, over the same memory. The kernel stays where it was put:
 * its decompressor moves it only into conventional memory of the EFI memory map, and the map
 * that kexec passes has none (arch/x86/boot/compressed/kaslr.c: process_efi_entries).
 *
 * kexec_load: kexec-tools 2.0.20 to 2.0.32, kexec/kexec.c: locate_hole(),
 * kexec/arch/x86_64/kexec-bzImage64.c: do_bzImage64_load(), kexec/arch/i386/crashdump-x86.c:
 * load_crashdump_segments(), kexec/arch/i386/x86-linux-setup.c: setup_linux_system_parameters().
 * kexec_file_load: Linux 5.10 to 7.3, kernel/kexec_file.c: kexec_locate_mem_hole(),
 * arch/x86/kernel/kexec-bzimage64.c: bzImage64_load(), arch/x86/kernel/crash.c:
 * crash_load_segments().
 *
 * What a capture cannot tell makes a segment a range. Each segment is searched for twice: once
 * with the smallest sizes, where segments before it block only what they surely cover, and once
 * with the largest sizes, where they block all that they may cover. Whatever the unknown sizes
 * are, the segment lies between the two results. Where all that matters is known, both are one.
 *
 * A remedy is another load: compute it again with these changes, and compare the segments with
 * what must not be hit.
 *
 * ``--kexec-file-syscall`` (``-s``)
 *     The memory of EFIMAP_LOADER_KERNEL. The kernel ignores @mem_min, @mem_max and @tools.
 * ``--kexec-syscall`` (``-c``)
 *     The memory of EFIMAP_LOADER_KEXEC_TOOLS. Since 2.0.27 plain "kexec -l" calls
 *     kexec_file_load first (EFIMAP_TOOLS_FILE_LOAD), and older versions accept the option too.
 * ``--mem-max=ADDRESS``
 *     @mem_max, with ``--kexec-syscall``: kexec_file_load ignores the option silently. ADDRESS is
 *     the last byte that may be used. All versions keep all segments at or below it. To keep
 *     clear of a table, use the last byte of the page below it.
 * ``--mem-min=ADDRESS``
 *     @mem_min, likewise. All versions keep all segments at or above it, also the nodes of
 *     setup_data and the EFI memory map, which are otherwise placed from 1 MiB upwards. For a
 *     crash kernel both limits only narrow the reserved region.
 * a smaller initrd
 *     @initrd_size. The initrd is placed after the kernel, so the kernel stays where it is. With
 *     kexec_load the nodes of setup_data and the EFI memory map are placed after the initrd.
 * ``crashkernel=SIZE@OFFSET``
 *     @reserved, from OFFSET on. The kernel may refuse the region at the next boot, because
 *     something else is there. For ``crashkernel=SIZE`` the kernel chooses the region, which the
 *     capture cannot tell.
 *
 * Addresses are physical, sizes are bytes, spans are inclusive.
 */
#ifndef LINUX_SEGMENT_PLACEMENT_H
#define LINUX_SEGMENT_PLACEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/known.h"
#include "capture/capture.h"
#include "capture/kernel_image.h"
#include "capture/kernel_release.h"
#include "linux/kexec_memory.h"

/**
 * enum efimap_segment_kind - what a segment holds
 * @EFIMAP_SEGMENT_BOOT_PARAMS:   boot_params and the command line; of kexec_file_load also the
 *                                nodes of setup_data and the EFI memory map
 * @EFIMAP_SEGMENT_SETUP_DATA:    one node, of EFI, of e820 or of the random seed
 * @EFIMAP_SEGMENT_IMA_BUFFER:    measurements of IMA
 * @EFIMAP_SEGMENT_KHO_SCRATCH:   the list of KHO's scratch areas
 * @EFIMAP_SEGMENT_DM_CRYPT_KEYS: keys of encrypted disks
 * @EFIMAP_SEGMENT_OTHER:       a log shows that it holds neither kernel nor initrd
 * @EFIMAP_SEGMENT_UNKNOWN:     a log shows where it lies and not what it holds
 */
enum efimap_segment_kind {
	EFIMAP_SEGMENT_KERNEL,
	EFIMAP_SEGMENT_INITRD,
	EFIMAP_SEGMENT_BOOT_PARAMS,
	EFIMAP_SEGMENT_PURGATORY,
	EFIMAP_SEGMENT_SETUP_DATA,
	EFIMAP_SEGMENT_EFI_MEMMAP,
	EFIMAP_SEGMENT_ELFCOREHDR,
	EFIMAP_SEGMENT_BACKUP,
	EFIMAP_SEGMENT_IMA_BUFFER,
	EFIMAP_SEGMENT_KHO_SCRATCH,
	EFIMAP_SEGMENT_DM_CRYPT_KEYS,
	EFIMAP_SEGMENT_OTHER,
	EFIMAP_SEGMENT_UNKNOWN,
};

/** efimap_segment_kind_name() - "kernel", "initrd", "boot-params", as in documents */
const char *efimap_segment_kind_name(enum efimap_segment_kind kind);

/**
 * struct efimap_segment - where one segment lies
 * @start:     the lowest address at which it may begin
 * @start_max: the highest; the address is exact where both are equal
 * @end_min:   the lowest address of its last byte
 * @end:       the highest
 * @is_optional: the loader may leave it out
 */
struct efimap_segment {
	enum efimap_segment_kind kind;
	uint64_t start;
	uint64_t start_max;
	uint64_t end_min;
	uint64_t end;
	bool is_optional;
};

/** efimap_segment_is_exact() - are its first and its last byte known? */
static inline bool efimap_segment_is_exact(const struct efimap_segment *segment)
{
	return segment->start == segment->start_max && segment->end_min == segment->end &&
	       !segment->is_optional;
}

/** efimap_segment_may_hit() - may it share a byte with this span? */
static inline bool efimap_segment_may_hit(const struct efimap_segment *segment,
					  struct efimap_span span)
{
	return segment->start <= span.last && span.first <= segment->end;
}

/** efimap_segment_will_hit() - does it share a byte with this span wherever it lies? */
static inline bool efimap_segment_will_hit(const struct efimap_segment *segment,
					   struct efimap_span span)
{
	return !segment->is_optional && segment->start_max <= span.last &&
	       span.first <= segment->end_min;
}

/**
 * struct efimap_load - a load that is to be computed; zero what is not known
 * @image:          header of the kernel image. With a @setup_size of 0 that size is not known
 * @init_size_max:  the largest init_size, where that of @image is only the smallest; 0 where it
 *                  is exact. efimap_assume_image() gives both
 * @tools:          version of kexec-tools; major 0 for not known. kexec_file_load ignores it
 * @is_crash:       for a crash kernel ("kexec -p")
 * @has_initrd_size: @initrd_size is known; 0 is then a load without an initrd
 * @initrd_size_max: the largest initrd, where @initrd_size is only the smallest; 0 where it is
 *                  exact. If @initrd_size is 0 and this is not, the initrd is optional
 * @has_cmdline_len: @cmdline_len is known: characters that the loader is given, without the zero
 *                  byte and without what the loader adds
 * @mem_min:        --mem-min of kexec-tools; kexec_file_load has no such option
 * @mem_max:        --mem-max, 0 for any
 * @reserved:       the region that another crashkernel= would reserve for a crash kernel; with a
 *                  last byte of 0 the region of the capture. It must be in System RAM
 * @cpus:           possible CPUs (/sys/devices/system/cpu/possible), 0 for not known
 * @elfcorehdr_size: /sys/kernel/crash_elfcorehdr_size, 0 for not known
 * @is_hotplug:     kexec-tools is called with --hotplug; needs @elfcorehdr_size
 * @kho:            is Kexec HandOver on? Where not known, the command line may tell
 * @scratch:        its scratch areas in KHO's order, borrowed; NULL for not known
 * @cma:            has the running kernel a default CMA area? Likewise
 * @ima_size:       bytes of the buffer that IMA passes on, 0 for none
 * @has_disk_keys:  keys of encrypted disks were given to the kernel for its crash kernel
 */
struct efimap_load {
	const struct efimap_image *image;
	uint32_t init_size_max;
	struct efimap_version tools;
	bool is_crash;
	bool has_initrd_size;
	bool has_cmdline_len;
	uint64_t initrd_size;
	uint64_t initrd_size_max;
	uint32_t cmdline_len;
	uint64_t mem_min;
	uint64_t mem_max;
	struct efimap_span reserved;
	uint32_t cpus;
	uint64_t elfcorehdr_size;
	bool is_hotplug;
	enum efimap_known kho;
	const struct efimap_span *scratch;
	size_t n_scratch;
	enum efimap_known cma;
	uint64_t ima_size;
	bool has_disk_keys;
};

/**
 * enum efimap_unsure - what may make a placement wrong although it was computed; a set of bits
 * @EFIMAP_UNSURE_KHO:   Kexec HandOver may be on
 * @EFIMAP_UNSURE_CMA:   the running kernel may have contiguous memory to load into
 * @EFIMAP_UNSURE_SIZE:  the size of the kernel is not known exactly; the ranges cover all sizes
 * @EFIMAP_UNSURE_ROOM:  with the largest sizes there is no room: the load may fail
 * @EFIMAP_UNSURE_KEYS:  the keys of encrypted disks lie at random, in the way of others
 */
enum efimap_unsure {
	EFIMAP_UNSURE_KHO = 1,
	EFIMAP_UNSURE_CMA = 2,
	EFIMAP_UNSURE_SIZE = 4,
	EFIMAP_UNSURE_ROOM = 8,
	EFIMAP_UNSURE_KEYS = 16,
};

/** EFIMAP_MAX_PLACED - more than any loader places */
#define EFIMAP_MAX_PLACED 16

/**
 * struct efimap_placement - all segments of a load
 * @reason:   PLACED, or why there are no segments
 * @unsure:   set of enum efimap_unsure
 * @segments: in the order in which the loader places them
 */
struct efimap_placement {
	enum efimap_unplaced reason;
	unsigned int unsure;
	struct efimap_segment segments[EFIMAP_MAX_PLACED];
	size_t count;
};

/**
 * efimap_place() - compute where a loader puts the segments of a load
 * @memory: of this capture; its loader is the one that loads
 * @load:   borrowed for the call
 *
 * To ask about another load, such as one with another mem_max, call it again with the same
 * @memory; about another loader, with the memory of that one. It allocates nothing, and takes
 * time in proportion to the ranges of memory that are too small.
 */
void efimap_place(const struct efimap *map, const struct efimap_load_memory *memory,
		  const struct efimap_load *load, struct efimap_placement *ret_placement);

/**
 * efimap_placement_is_sure() - do the segments lie where the placement says, whatever is unknown?
 *
 * If not, the loader may also place them elsewhere, or fail: then no segment will hit anything,
 * and every segment may.
 */
static inline bool efimap_placement_is_sure(const struct efimap_placement *placement)
{
	return placement->reason == EFIMAP_PLACED &&
	       (placement->unsure & ~(unsigned int)EFIMAP_UNSURE_SIZE) == 0;
}

/** efimap_find_segment() - the first segment of a kind, or NULL */
const struct efimap_segment *efimap_find_segment(const struct efimap_placement *placement,
						 enum efimap_segment_kind kind);

/**
 * efimap_assume_image() - a kernel image like that of the running kernel
 * @ret_image:         without a name, and with a setup_size of 0
 * @ret_init_size_max: for &struct efimap_load.init_size_max
 *
 * The size is init_size of boot_params, if that is not 0, and then exact. The EFI stub leaves it
 * 0. Then the Kernel lines of proc/iomem give the smallest size, and the largest one is computed
 * from it.
 *
 * Return: false and both untouched where the capture has neither.
 */
bool efimap_assume_image(const struct efimap *map, struct efimap_image *ret_image,
			 uint32_t *ret_init_size_max);

/** efimap_measure_kernel() - bytes of the running kernel, its bss included; 0: not known */
uint32_t efimap_measure_kernel(const struct efimap *map);

/**
 * enum efimap_tools_change - what changed in kexec-tools
 * @EFIMAP_TOOLS_RNG_SEED:   a node of setup_data with a random seed (2.0.25)
 * @EFIMAP_TOOLS_FILE_LOAD:  kexec_file_load first, where no option names a system call (2.0.27)
 * @EFIMAP_TOOLS_ABOVE_PREF: the kernel at or above the image's pref_address (2.0.30)
 * @EFIMAP_TOOLS_UKI:        unified kernel images (2.0.31)
 */
enum efimap_tools_change {
	EFIMAP_TOOLS_RNG_SEED,
	EFIMAP_TOOLS_FILE_LOAD,
	EFIMAP_TOOLS_ABOVE_PREF,
	EFIMAP_TOOLS_UKI,
};

/**
 * efimap_tools_has() - has a version of kexec-tools the change?
 * @unknown: the answer for a version that is not known (major 0)
 */
bool efimap_tools_has(const struct efimap_version *tools, enum efimap_tools_change change,
		      bool unknown);

/**
 * efimap_reused_cmdline_len() - the length of what "kexec --reuse-cmdline" passes
 * @ret_len: characters without the zero byte
 *
 * It is proc/cmdline without BOOT_IMAGE=, and for a crash kernel without crashkernel=
 * (kexec-tools kexec/kexec.c: get_command_line).
 *
 * Return: false and @ret_len untouched where the capture does not have all of it.
 */
bool efimap_reused_cmdline_len(const struct efimap *map, bool is_crash, uint32_t *ret_len);

#endif
