/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The rules on what kexec was given and did, as words: only with --kernel and
 * --kexec-log. They are tested in src/check/kexec.c.
 */
#include "model/rules.h"

const struct efimap_rule efimap_rules_kexec[RULES_KEXEC] = {
	{
		.id = EFIMAP_RULE_IMAGE_WITHOUT_EFI,
		.name = "image-without-efi",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_EFI,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_EFI),
		.text = TEXT(
		.tests = "The kernel image of --kernel does not say that it takes EFI from "
			 "kexec-tools (XLF_EFI_KEXEC, xloadflags bit 4), or is no 64-bit "
			 "bzImage.",
		.why = "kexec-tools then leaves EFI out of what it passes on, without a "
		       "message. The flag is missing in kernels that are built without "
		       "CONFIG_EFI or CONFIG_KEXEC_CORE.",
		.breaks = "It boots without EFI: no variables, no runtime services, and no "
			  "ACPI where the RSDP is only found through EFI.",
		.exceptions = "Tried only with --kernel. kexec_file_load (kexec -s) does not "
			      "look at the flag.",
		.fix = "Load another kernel, or build this one with CONFIG_EFI and "
		       "CONFIG_KEXEC_CORE.",
		.source = "arch/x86/boot/header.S: xloadflags (XLF4); kexec-tools "
			  "kexec-bzImage64.c, x86-linux-setup.c: setup_efi_info",
		.rows = "map-absent",
		.experiment =
			"What passing nothing does: boots, no EFI at all, not one "
			"message."),
	},
	{
		.id = EFIMAP_RULE_SEGMENT_COLLISION,
		.name = "segment-collision",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_MEMORY_AT_RISK,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP),
		.text = TEXT(
		.tests = "A segment of --kexec-log lands on an entry with the RUNTIME bit, or "
			 "on a configuration table that the kernel's log names.",
		.why = "At the jump kexec copies its segments to where they belong, whatever "
		       "is there.",
		.breaks = "What the firmware or the next kernel needs is overwritten: runtime "
			  "services fail where it is a runtime region; a table is lost where "
			  "it is boot-services memory that Linux kept for it.",
		.exceptions = "Tried only with --kexec-log. The initrd and the random seed of "
			      "this boot are used up and may be overwritten.",
		.fix = "Have the region kept out of kexec's way: with kexec -s the kernel "
		       "itself chooses, by /proc/iomem; with kexec_load give --mem-max= or "
		       "--mem-min= so that the segments land elsewhere.",
		.source = "kexec-tools kexec.c: print_segments; kernel/kexec_core.c: "
			  "kimage_load_segment",
		.rows = "none",
		.experiment =
			"kexec places its own segments over the MEMATTR page, and the "
			"table is lost. The capture ovmf-q35-6.1-kexec-first is such a "
			"case."),
	},
};
