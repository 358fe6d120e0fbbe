/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: who booted the kernel
 *
 * Whether the firmware or kexec started it, which loader kexec used, and whether it is a crash
 * kernel. Derived from what the loaders leave behind.
 */
#ifndef INFER_BOOTED_BY_H
#define INFER_BOOTED_BY_H

#include <stdbool.h>

#include "capture/capture.h"

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

bool efimap_has_setup_efi(const struct efimap *map);

/** efimap_log_shows_no_efi() - does a kernel's log begin with the boot, and have no line "efi:"? */
bool efimap_log_shows_no_efi(const struct efimap *map);

/**
 * efimap_find_uefi_evidence() - what shows that the machine was booted by UEFI, where EFI
 * did not arrive
 *
 * The kind of the screen's framebuffer, which kernels hand on: one that UEFI set up is
 * driven by efifb. What vesafb or simple-framebuffer drives says nothing, nor do tables
 * of ACPI, which firmware in the mode of a legacy BIOS has as well.
 *
 * Return: a sentence that names it, or NULL.
 */
const char *efimap_find_uefi_evidence(const struct efimap *map);

bool efimap_is_crash_kernel(const struct efimap *map);

#endif
