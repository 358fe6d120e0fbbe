/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Determine whether the firmware or kexec started the kernel, which system call loaded it,
 * and whether it is a crash kernel, from the data that loaders leave.
 */
#ifndef INFER_BOOTED_BY_H
#define INFER_BOOTED_BY_H

#include <stdbool.h>

#include "capture/capture.h"

/*
 * What started the kernel.
 *
 * @EFIMAP_BOOTED_BY_FIRMWARE: the firmware, through a boot loader; this is a first kernel
 */
enum efimap_booted_by {
	EFIMAP_BOOTED_BY_UNKNOWN,
	EFIMAP_BOOTED_BY_FIRMWARE,
	EFIMAP_BOOTED_BY_KEXEC,
};

/*
 * Determine what started the kernel.
 *
 * It is kexec if one of these is true: there is a setup_data node of type 4, which only
 * kexec loaders write; "elfcorehdr=" is on the command line; boot_params.type_of_loader is
 * 0xd0; or boot_params is missing and the `runtime` pointer is in the EFI runtime virtual
 * address range, because SetVirtualAddressMap() was called before this kernel.
 *
 * It is the firmware if boot_params has none of these, or if the `runtime` pointer is
 * physical. The pointer does not count before 5.7, where it came from setup_data, and in
 * mixed mode, where it is always physical.
 *
 * A map from a kernel log is evidence too, because only the first kernel prints the
 * firmware's complete map or the map that it created. So are traces of a loader in the log.
 * Until 6.12, a log that begins with the boot, mentions EFI and has no such trace is from a
 * first kernel. A log that was collected along with boot_params or `runtime` does not
 * count, because it may be from another boot.
 */
enum efimap_booted_by efimap_booted_by(const struct efimap *map);

const char *efimap_booted_by_name(unsigned int booted_by);

/*
 * Determine which system call loaded this kernel, and so which program wrote the data that
 * it received.
 *
 * kexec-tools always writes descriptors of 40 bytes. The kernel keeps its descriptor size,
 * which is the firmware's (48 bytes) unless it was itself loaded by kexec-tools. If the
 * size is 40, the second address of the payload decides: kexec-tools sets it, and kernels
 * since 5.7 leave it zero (kexec-tools x86-linux-setup.c: setup_efi_data;
 * arch/x86/kernel/kexec-bzimage64.c: setup_efi_state). If nothing was passed, traces in the
 * kernel log may tell.
 */
enum efimap_loaded_by efimap_loaded_by(const struct efimap *map);

const char *efimap_loaded_by_name(unsigned int loaded_by);

bool efimap_has_setup_efi(const struct efimap *map);

/*
 * Return whether a kernel log shows that the kernel runs without EFI: the log begins with the boot
 * and has no line "efi:". If there is evidence of UEFI, it must be the log of a kernel that kexec
 * started.
 */
bool efimap_log_shows_no_efi(const struct efimap *map);

/*
 * Return whether it is not known why such a log has no line "efi:". UEFI booted the machine, and
 * there is no trace of kexec: either kexec passed no EFI, or lines are missing.
 */
bool efimap_log_may_lack_efi(const struct efimap *map);

/*
 * Return a sentence with evidence that UEFI booted the machine although this kernel has no
 * EFI, or NULL.
 *
 * The evidence is the type of the framebuffer, which kernels pass on: efifb drives one that
 * UEFI set up. vesafb and simple-framebuffer are no evidence. An RSDP above 1 MiB is evidence,
 * because legacy BIOS mode puts it below. ACPI tables alone are none.
 */
const char *efimap_find_uefi_evidence(const struct efimap *map);

bool efimap_is_crash_kernel(const struct efimap *map);

#endif
