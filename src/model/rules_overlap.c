/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Entries against each other, physically. Words only: the tests are in src/check/overlap.c. */
#include "rules.h"

const struct efimap_rule efimap_rules_overlap[RULES_OVERLAP] = {
	{
		.id = EFIMAP_RULE_PHYS_OVERLAP,
		.name = "phys-overlap",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_RUNTIME,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP),
		.tests = "The physical ranges of two entries share bytes.",
		.why = "A lookup by address finds either of them; type and "
			"attributes disagree.",
		.breaks = "The identity mapping carries the flags of the entry that "
			"is mapped last.",
		.exceptions = "entries equal in every field are entry-duplicate; "
			"touching is not sharing",
		.fix = "Find out which entry is wrong in the firmware's own map "
			"(efi=debug), and report it to the vendor.",
		.source = "UEFI 2.10 section 7.2.3; arch/x86/platform/efi/efi_64.c: "
			"efi_map_region",
		.experiment = "A data entry enlarged over the code entry: runtime "
			"services disabled.",
	},
	{
		.id = EFIMAP_RULE_ENTRY_DUPLICATE,
		.name = "entry-duplicate",
		.severity = EFIMAP_WARNING,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP),
		.tests = "Two entries are equal in all five fields.",
		.why = "No firmware and no kernel lists a region twice; whatever "
			"wrote the map is faulty.",
		.breaks = "The region is mapped twice at the same place.",
		.exceptions = "none",
		.fix = "Take the capture again; if the duplicate stays, report "
			"it to the firmware's vendor.",
		.source = "drivers/firmware/efi/memmap.c",
		.experiment = "400 copies of one entry: works.",
	},
};
