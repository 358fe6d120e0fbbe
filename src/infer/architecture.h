/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INFER_ARCHITECTURE_H
#define INFER_ARCHITECTURE_H

#include "base/yes_no_unknown.h"
#include "capture/capture.h"

/*
 * Find out whether the kernel is a 32-bit x86 kernel.
 *
 * On a running system, the result is no in a 64-bit x86 program. Otherwise, the first available
 * source in this list determines the result:
 * - a release that contains "amd64" or "x86_64"
 * - /proc/cpuinfo; if the release contradicts a 64-bit cpuinfo, the result is EFIMAP_NOT_KNOWN
 * - the header of the kernel image in boot_params; a virtual address above 4 GiB overrides a header
 *   without XLF_KERNEL_64
 * - a release that names a 32-bit kernel
 * - a map of 32-bit firmware in which only a 32-bit kernel can have assigned the virtual addresses
 * - a map that kernels export only in mixed mode (is_mixed_mode())
 *
 * If none of these sources shows the width, the result is EFIMAP_NOT_KNOWN.
 */
enum known find_32bit_kernel(const struct efimap *map);

/*
 * Return whether find_32bit_kernel() finds a 32-bit kernel. A kernel of unknown width counts as
 * 64-bit.
 *
 * A 32-bit kernel exports a map, but no loader uses the map: kexec-tools for i386 passes no EFI
 * data (kexec/arch/i386/kexec-bzImage.c: bzImage_support_efi_boot), and 32-bit x86 has no
 * kexec_file_load (arch/x86/Kconfig: KEXEC_FILE).
 */
bool is_32bit_kernel(const struct efimap *map);

/*
 * Return whether a 64-bit kernel runs in mixed mode on 32-bit firmware. The result is false for a
 * kernel that reports a width mismatch.
 *
 * The first available source in this list determines the result:
 * - fw_platform_size
 * - the signature EL32 or EL64 in boot_params
 * - an identity-mapped runtime map with entries for conventional or loader memory, which kernels
 *   export only in mixed mode (arch/x86/platform/efi/efi.c: should_map_region)
 */
bool is_mixed_mode(const struct efimap *map);

/*
 * Return whether the kernel is for an architecture other than x86. On a running system, the
 * architecture of this program determines the result. In other captures, the release of the kernel,
 * the compiler that built the kernel, /proc/sys/kernel/arch or the kernel messages determine the
 * result.
 *
 * Other architectures have no runtime map and, since 5.8, no fw_vendor, runtime or config_table
 * (arch/x86/platform/efi/efi.c: efi_attr_is_visible). Their EFI stub passes EFI data in the device
 * tree.
 */
bool is_other_architecture(const struct efimap *map);

#endif
