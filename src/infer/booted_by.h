/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INFER_BOOTED_BY_H
#define INFER_BOOTED_BY_H

#include "capture/capture.h"

/* What started the kernel. FIRMWARE includes a boot loader that the firmware started. */
enum find_booted_by {
	EFIMAP_BOOTED_BY_UNKNOWN,
	EFIMAP_BOOTED_BY_FIRMWARE,
	EFIMAP_BOOTED_BY_KEXEC,
};

/*
 * Determine whether the firmware or kexec started the kernel.
 *
 * kexec started the kernel if one of these is true:
 * - There is a setup_data node of type 4, which only kexec loaders write.
 * - The kernel parameters contain "elfcorehdr=".
 * - boot_params.type_of_loader is 0xd0 to 0xdf.
 * - boot_params was not collected, and the `runtime` pointer is in the EFI runtime virtual address
 *   range, so an earlier kernel called SetVirtualAddressMap().
 *
 * Otherwise, the firmware started the kernel if boot_params was collected, or if the `runtime`
 * pointer is physical (since 5.7, and not in mixed mode).
 *
 * A kernel log may provide other evidence. Traces of a loader are evidence of kexec only if neither
 * boot_params nor `runtime` was collected, because the log may be from another boot.
 */
enum find_booted_by find_booted_by(const struct efimap *map);

const char *booted_by_name(unsigned int booted_by);

/*
 * Determine which system call loaded this kernel.
 *
 * kexec-tools always writes descriptors of 40 bytes. kexec_file_load passes descriptors of the size
 * that the first kernel received, usually 48 bytes. If the size is 40 or unknown, the `runtime`
 * address in the payload of setup_data determines the result: kexec-tools sets this address, and
 * since Linux 5.7, kexec_file_load passes 0 (kexec-tools x86-linux-setup.c: setup_efi_data;
 * arch/x86/kernel/kexec-bzimage64.c: setup_efi_state). Without the payload, a size of
 * 40 shows kexec_load. If the size is unknown too, traces in the kernel log may show the system
 * call. In a crash kernel, the form and the place of elfcorehdr= in the kernel parameters show it.
 */
enum find_loaded_by find_loaded_by(const struct efimap *map);

const char *loaded_by_name(unsigned int loaded_by);

bool has_setup_efi(const struct efimap *map);

/*
 * Return whether a kernel log shows that the kernel runs without EFI: the log starts at the
 * beginning of the boot, has no "efi:" line, and shows no EFI variables. If there is evidence of
 * UEFI (find_uefi_evidence()), the result is true only if there is also evidence of kexec.
 */
bool log_shows_no_efi(const struct efimap *map);

/*
 * Return whether a log from the beginning of the boot has no "efi:" line although there is evidence
 * of UEFI, and no evidence of kexec. Either kexec passed no EFI data, or lines are missing.
 */
bool log_may_lack_efi(const struct efimap *map);

/*
 * Return a clause that describes evidence of UEFI in /proc/iomem or the kernel log, or NULL. The
 * evidence is efifb, which drives a framebuffer that UEFI set up, or (only in the log) an RSDP
 * above 1 MiB, where no legacy BIOS places the RSDP. Even a kernel without EFI may show this
 * evidence. vesafb and simple-framebuffer are not evidence.
 */
const char *find_uefi_evidence(const struct efimap *map);

bool is_crash_kernel(const struct efimap *map);

/*
 * Return whether the firmware has EFI, for a kernel that runs without EFI. A kernel that was
 * started by kexec does not show it, unless the address of the ACPI root pointer is known: a legacy
 * BIOS places it below 1 MiB (drivers/acpi/acpica/tbxfroot.c: acpi_find_root_pointer).
 */
enum known firmware_has_efi(const struct efimap *map);

#endif
