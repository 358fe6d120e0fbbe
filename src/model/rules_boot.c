/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* EFI pointers and boot state. Words only: the tests are in src/check/boot.c. */
#include "rules.h"

const struct efimap_rule efimap_rules_boot[RULES_BOOT] = {
	{
		.id = EFIMAP_RULE_POINTER_MISSING,
		.name = "pointer-missing",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_EFI,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_EFI),
		.tests = "fw_vendor, runtime, config_table or systab cannot be "
			"read.",
		.why = "kexec-tools then hands over no EFI state at all.",
		.breaks = "It boots without EFI.",
		.exceptions = "Xen; an offline capture with none of them",
		.fix = "Load as root, outside a container that hides "
			"/sys/firmware/efi.",
		.source = "kexec-tools kexec/arch/i386/x86-linux-setup.c: "
			"setup_efi_data",
		.experiment = "One of the four files missing: boots without EFI, not "
			"one message.",
	},
	{
		.id = EFIMAP_RULE_POINTER_VIRTUAL,
		.name = "pointer-virtual",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_BOOT,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_EFI),
		.tests = "fw_vendor or config_table is a virtual address.",
		.why = "The next kernel maps them as physical.",
		.breaks = "It hangs before any console output.",
		.exceptions = "none",
		.fix = "Do not kexec; report a kernel bug.",
		.source = "arch/x86/platform/efi/efi.c: efi_systab_init",
		.experiment = "config_table or fw_vendor given as the virtual address: "
			"hangs before any console output.",
	},
	{
		.id = EFIMAP_RULE_SMBIOS_VIRTUAL,
		.name = "smbios-virtual",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_BOOT,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_SYSTAB),
		.tests = "The SMBIOS address in systab is a virtual one.",
		.why = "The next kernel maps it as physical.",
		.breaks = "It does not boot.",
		.exceptions = "none",
		.fix = "Do not kexec; update the firmware.",
		.source = "arch/x86/platform/efi/quirks.c: efi_reuse_config",
		.experiment = "SMBIOS= in systab is a virtual address: does not boot.",
	},
	{
		.id = EFIMAP_RULE_MIXED_MODE,
		.name = "mixed-mode",
		.severity = EFIMAP_NOTE,
		.consequence = EFIMAP_CONSEQ_NO_RUNTIME,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_EFI),
		.tests = "A 64-bit kernel runs on 32-bit firmware.",
		.why = "kexec'ed kernels have no runtime services then.",
		.breaks = "No efivars, no EFI reboot.",
		.exceptions = "none",
		.fix = "Nothing to do.",
		.source = "arch/x86/platform/efi/efi.c: kexec_enter_virtual_mode",
		.experiment = "None needed: it is what the kernel does.",
	},
	{
		.id = EFIMAP_RULE_RUNTIME_OFF,
		.name = "runtime-off",
		.severity = EFIMAP_NOTE,
		.consequence = EFIMAP_CONSEQ_NO_EFI,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_EFI),
		.tests = "Something turned runtime services off.",
		.why = "Without them there is no runtime map to hand over.",
		.breaks = "It boots without EFI.",
		.exceptions = "efi=runtime overrides",
		.fix = "Remove the option if EFI is wanted in the next kernel.",
		.source = "arch/x86/platform/efi/efi.c; drivers/firmware/efi/efi.c: "
			"parse_efi_cmdline",
		.experiment = "None needed: it is what the kernel does.",
	},
};
