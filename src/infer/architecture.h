/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the architecture of the kernel, and of the firmware
 *
 * Whether a kernel has 32 bits, whether its firmware has as many, and whether it is for x86 at
 * all. Derived from the capture.
 */
#ifndef INFER_ARCHITECTURE_H
#define INFER_ARCHITECTURE_H

#include <stdbool.h>

#include "capture/capture.h"

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

/**
 * efimap_is_other_architecture() - a kernel for another architecture than x86?
 *
 * No other has a runtime map, nor fw_vendor, runtime and config_table (since 5.8:
 * arch/x86/platform/efi/efi.c: efi_attr_is_visible): its EFI stub leaves all of that in
 * the device tree. Of the running system it is known, of a capture its kernel's release or the
 * lists of memory in its log may say so.
 */
bool efimap_is_other_architecture(const struct efimap *map);

#endif
