/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is known to keep EFI from a kexec'ed kernel, and what this kernel shows of it. It
 * must not decide whether EFI was received.
 */
#include "check/handover_judge.h"
#include "emulate/handover.h"
#include "model/boot_params.h"

/* early_memremap() maps 64 pages at most (NR_FIX_BTMAPS), the offset in the first
 * included. */
#define EARLY_MAP_MAX (UINT64_C(64) * EFIMAP_PAGE_SIZE)

bool handover_map_is_too_big(const struct efimap *map)
{
	const struct efimap_efi_info *info = &map->boot_params.efi_info;

	return efimap_has(map, EFIMAP_SRC_BOOT_PARAMS) &&
	       info->memmap_size + info->memmap % EFIMAP_PAGE_SIZE > EARLY_MAP_MAX;
}

static void add(struct efimap_receipt *receipt, const char *name, enum efimap_fit fit,
		const char *why, const char *check)
{
	receipt->causes[receipt->n_causes++] = (struct efimap_cause){ name, fit, why, check };
}

static void add_image(struct efimap_receipt *receipt, const struct efimap *map)
{
	static const char check[] =
		"look at bit 4 of xloadflags (byte 0x236 of the bzImage); a vmlinux or a 32-bit "
		"image never gets EFI from kexec-tools";

	if (efimap_is_32bit_kernel(map))
		add(receipt, "image-without-efi", EFIMAP_FIT_CERTAIN,
		    "this is a 32-bit kernel: kexec-tools passes EFI only to 64-bit ones, and "
		    "drops it without a message",
		    check);
	else if (!efimap_has(map, EFIMAP_SRC_BOOT_PARAMS))
		add(receipt, "image-without-efi", EFIMAP_FIT_POSSIBLE,
		    "kexec-tools passes EFI only to a bzImage with XLF_EFI_KEXEC", check);
	else if (map->boot_params.xloadflags & EFIMAP_XLF_EFI_KEXEC)
		add(receipt, "image-without-efi", EFIMAP_FIT_EXCLUDED,
		    "the header of this kernel's image has XLF_EFI_KEXEC", check);
	else
		add(receipt, "image-without-efi", EFIMAP_FIT_CERTAIN,
		    "the header of this kernel's image lacks XLF_EFI_KEXEC, and kexec-tools then "
		    "drops EFI without a message",
		    check);
}

static void add_command_line(struct efimap_receipt *receipt, const struct efimap *map)
{
	const bool here = efimap_cmdline_has(map, "noefi") ||
			  efimap_cmdline_efi_has(map, "noruntime");

	add(receipt, "noruntime-before", EFIMAP_FIT_POSSIBLE,
	    here ? "this kernel's command line turns runtime services off, and kdump scripts "
		   "copy it from the kernel before; that kernel then has no map to hand over" :
		   "a kernel with noefi or efi=noruntime has no map to hand over; Xen and "
		   "PREEMPT_RT kernels have none either, and no loader takes that of a "
		   "32-bit kernel",
	    "look at the command line of the kernel before (its log, or boot it again)");
}

void handover_add_unsent(struct efimap_receipt *receipt, const struct efimap *map)
{
	add_image(receipt, map);
	add_command_line(receipt, map);
	add(receipt, "no-runtime-map", EFIMAP_FIT_POSSIBLE,
	    "without /sys/firmware/efi/runtime-map (CONFIG_EFI_RUNTIME_MAP off) kexec-tools "
	    "clears efi_info without a message",
	    "run efimapctl verify on the kernel before: map-absent or map-empty says so");
	add(receipt, "pointer-missing", EFIMAP_FIT_POSSIBLE,
	    "kexec-tools clears efi_info without a message when it cannot open systab, "
	    "fw_vendor, runtime or config_table, as in a container",
	    "run efimapctl verify where kexec runs: pointer-missing says so");
	add(receipt, "noefi-option", EFIMAP_FIT_POSSIBLE,
	    "kexec --noefi passes no EFI",
	    "look for --noefi in the kexec command and its settings (KDUMP_KEXEC_ARGS in "
	    "/etc/default/kdump-tools, KEXEC_ARGS in /etc/sysconfig/kdump)");
	add(receipt, "firmware-without-efi", EFIMAP_FIT_POSSIBLE,
	    "a machine that was booted by a legacy BIOS has no EFI to hand over",
	    "look for \"efi:\" in the log of the kernel that the firmware started");
}

void handover_add_unused(struct efimap_receipt *receipt, const struct efimap *map)
{
	if (handover_map_is_too_big(map)) {
		add(receipt, "map-too-big", EFIMAP_FIT_CERTAIN,
		    "the memory map is larger than the 256 KiB that a kernel can map early: "
		    "\"Could not map the memory map!\"",
		    "run efimapctl verify on the kernel before: map-too-big says so");
		return;
	}
	add(receipt, "kernel-without-efi", EFIMAP_FIT_POSSIBLE,
	    "EFI was handed over, and this kernel has not taken it",
	    "look for CONFIG_EFI in its configuration, and for \"efi:\" in its log: \"System "
	    "table signature incorrect!\"");
}

void handover_add_no_map(struct efimap_receipt *receipt, const struct efimap *map)
{
	if (efimap_is_mixed_mode(map))
		add(receipt, "mixed-mode", EFIMAP_FIT_CERTAIN,
		    "the firmware is 32-bit: a kernel after kexec has the tables, but no runtime "
		    "services and no runtime map",
		    "sys/firmware/efi/fw_platform_size is 32");
	else if (efimap_runtime_off_reason(map) && !efimap_is_foreign(map) &&
		 !efimap_is_32bit_kernel(map))
		add(receipt, "noruntime-here", EFIMAP_FIT_CERTAIN,
		    "this kernel's command line turns runtime services off: it has the tables, "
		    "but no runtime map",
		    "look for noefi and efi=noruntime in /proc/cmdline");
	else
		add(receipt, "kernel-without-runtime-map", EFIMAP_FIT_POSSIBLE,
		    "this kernel has the tables, but no runtime map: CONFIG_EFI_RUNTIME_MAP is "
		    "off, or the map could not be mapped for good",
		    "look for \"Failed to remap late EFI memory map\" in its log");
}
