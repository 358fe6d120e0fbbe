/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: traits
 *
 * What a capture is as a whole: how it is mapped, who booted the kernel, whether the
 * firmware is 32-bit. Derived from the capture, by everyone in the same way.
 */
#ifndef INFER_TRAITS_H
#define INFER_TRAITS_H

#include <stdbool.h>

#include "capture/capture.h"

/**
 * enum efimap_mapping - where the virtual addresses lie
 * @EFIMAP_MAPPING_UNKNOWN:    no entries, or nowhere Linux puts them
 * @EFIMAP_MAPPING_IDENTITY:   virt equals phys: mixed mode, or the 2010 physical mode
 * @EFIMAP_MAPPING_DIRECT_MAP: the kernel's own addresses below the window: efi=old_map, or
 *                             below 4 GiB: a 32-bit kernel
 * @EFIMAP_MAPPING_MIXED:      more than one of these, nowhere included: a map with one
 *                             stray entry is mixed
 */
enum efimap_mapping {
	EFIMAP_MAPPING_UNKNOWN,
	EFIMAP_MAPPING_EFI_WINDOW,
	EFIMAP_MAPPING_IDENTITY,
	EFIMAP_MAPPING_DIRECT_MAP,
	EFIMAP_MAPPING_MIXED,
};

/**
 * enum efimap_booted_by - who started the kernel
 * @EFIMAP_BOOTED_BY_FIRMWARE: the firmware (through its boot loader): the first kernel
 */
enum efimap_booted_by {
	EFIMAP_BOOTED_BY_UNKNOWN,
	EFIMAP_BOOTED_BY_FIRMWARE,
	EFIMAP_BOOTED_BY_KEXEC,
};

/**
 * efimap_mapping_of() - where one entry's virtual address lies (never MIXED), whichever kernel
 * gave it
 */
enum efimap_mapping efimap_mapping_of(const struct efimap_entry *entry);

/**
 * efimap_mapping() - where those of the whole map lie, as far as they are known; what is not the
 * kernel's by its width (efimap_is_32bit_kernel()) is nowhere Linux puts them
 */
enum efimap_mapping efimap_mapping(const struct efimap *map);

const char *efimap_mapping_name(unsigned int mapping);

/**
 * efimap_booted_by() - who started the kernel
 *
 * kexec: by a setup_data node of type 4 (only a kexec loader writes one), by "elfcorehdr="
 * on the command line, by a `runtime` pointer in the EFI window (SetVirtualAddressMap has
 * been called before this kernel), or by boot_params.type_of_loader 0xd0.
 *
 * firmware: by boot_params without these, or by a physical `runtime` pointer, except on a
 * kernel before 5.7 (which took it from setup_data) and in mixed mode (where it is physical
 * for ever).
 *
 * A map from a kernel's log tells it itself: only the first kernel prints the firmware's
 * whole map, or the one that it made. So do traces that a loader leaves in the log; until
 * 6.12 a log that begins with the boot, speaks of EFI and has none is a first kernel's. The log
 * beside boot_params or `runtime` may be of another boot, and does not say who started this one.
 */
enum efimap_booted_by efimap_booted_by(const struct efimap *map);

const char *efimap_booted_by_name(unsigned int booted_by);

/**
 * efimap_loaded_by() - which loader wrote what this kernel received
 *
 * kexec-tools always writes descriptors of 40 bytes, the kernel those of its own size,
 * which is the firmware's (48) unless kexec-tools came in between. Where both could have
 * written 40, kexec-tools fills the second address of the payload and kernels since 5.7
 * leave it zero (kexec-tools x86-linux-setup.c: setup_efi_data; arch/x86/kernel/
 * kexec-bzimage64.c: setup_efi_state). Where nothing was handed over, traces in the kernel's log
 * may tell.
 */
enum efimap_loaded_by efimap_loaded_by(const struct efimap *map);

const char *efimap_loaded_by_name(unsigned int loaded_by);

/**
 * efimap_is_32bit_kernel() - an i386 kernel?
 *
 * By /proc/cpuinfo, else by the header of the kernel's image in boot_params, else by the
 * release, or by a map in which every entry has an address that only such a kernel gives,
 * where neither the release nor the firmware is one of 64 bits.
 * One of which nothing is known is taken for a 64-bit one.
 *
 * It maps firmware among its own addresses (arch/x86/platform/efi/efi_32.c: efi_map_region)
 * and exports a map as others do, but no loader takes it: kexec-tools for i386 passes EFI to
 * no kernel (kexec/arch/i386/kexec-bzImage.c: bzImage_support_efi_boot), and there is no
 * kexec_file_load (arch/x86/Kconfig: KEXEC_FILE).
 */
bool efimap_is_32bit_kernel(const struct efimap *map);

/**
 * efimap_is_mixed_mode() - 64-bit kernel on 32-bit firmware?
 *
 * Never under a 32-bit kernel. By fw_platform_size, else by the EL32 or EL64 signature in
 * boot_params, else by an identity map that exports conventional or loader memory, which
 * only mixed mode does (arch/x86/platform/efi/efi.c: should_map_region).
 */
bool efimap_is_mixed_mode(const struct efimap *map);

bool efimap_has_efi_node(const struct efimap *map);

/** efimap_log_shows_no_efi() - does a kernel's log begin with the boot, and have no line "efi:"? */
bool efimap_log_shows_no_efi(const struct efimap *map);

/**
 * efimap_uefi_trace() - what shows that the machine was booted by UEFI, where EFI did not arrive
 *
 * The kind of the screen's framebuffer, which kernels hand on: one that UEFI set up is driven
 * by efifb. What vesafb or simple-framebuffer drives says nothing, nor do tables of ACPI, which
 * firmware in the mode of a legacy BIOS has as well.
 *
 * Return: a sentence that names it, or NULL.
 */
const char *efimap_uefi_trace(const struct efimap *map);

bool efimap_is_crash_kernel(const struct efimap *map);

/**
 * efimap_is_foreign() - a kernel for another architecture than x86?
 *
 * No other has a runtime map, nor fw_vendor, runtime and config_table (since 5.8:
 * arch/x86/platform/efi/efi.c: efi_attr_is_visible): its EFI stub leaves all of that in
 * the device tree. Of the running system it is known, of a capture its kernel's release or the
 * lists of memory in its log may say so.
 */
bool efimap_is_foreign(const struct efimap *map);

/** efimap_phys_bits() - bits of a physical address, by /proc/cpuinfo or a kernel's log; 0 where
 * neither tells */
unsigned int efimap_phys_bits(const struct efimap *map);
/** efimap_phys_last() - the last address that these make; UINT64_MAX where neither tells */
uint64_t efimap_phys_last(const struct efimap *map);

/**
 * efimap_runtime_off_reason() - why this kernel runs without runtime services, or has no map
 *
 * Return: "noefi", "efi=noruntime", "PREEMPT_RT", "Xen", "mixed mode after kexec", "a 32-bit
 * kernel after kexec", "a 32-bit kernel on 64-bit firmware", "firmware of another width than
 * the kernel", "another architecture than x86", "Linux before 3.14", or NULL when nothing
 * explains it. The last of noefi, efi=noruntime and efi=runtime on the command line counts
 * (drivers/firmware/efi/efi.c: parse_efi_cmdline); efi=runtime does not bring back what others
 * take away.
 */
const char *efimap_runtime_off_reason(const struct efimap *map);

/** efimap_is_too_old() - is it that last one? Its log may show the firmware's map all the same */
bool efimap_is_too_old(const struct efimap *map);

/** efimap_runtime_off_words() - the same for who has not heard of it: "noefi is on the command
 * line" */
const char *efimap_runtime_off_words(const struct efimap *map);

#endif
