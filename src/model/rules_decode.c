/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The rules that only a binary can break, as words: decode tries them. They are tested in
 * src/check/decode_check.c.
 */
#include "model/rules.h"

const struct efimap_rule efimap_rules_decode[RULES_DECODE] = {
	{
		.id = EFIMAP_RULE_SETUP_DATA_LOOP,
		.name = "setup-data-loop",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_BOOT,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_SETUP_DATA),
		.text = TEXT(
		.tests = "The next pointers of setup_data come back to a node, or lead "
			 "into one.",
		.why = "The kernel follows them until one is 0, without a limit.",
		.breaks = "It hangs early, before any output.",
		.exceptions = "A pointer out of the file, of which one cannot tell.",
		.fix = "Look at what wrote the chain; --base= tells decode where it lies in "
		       "memory.",
		.source = "arch/x86/kernel/setup.c: parse_setup_data",
		.experiment = "None: it follows from the loop in parse_setup_data."),
	},
	{
		.id = EFIMAP_RULE_SETUP_DATA_TRUNCATED,
		.name = "setup-data-truncated",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_BOOT,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_SETUP_DATA),
		.text = TEXT(
		.tests = "The length of a setup_data node goes beyond the end of the file.",
		.why = "The kernel maps and reserves as much as the length says.",
		.breaks = "It reads what follows in memory, and takes it for addresses.",
		.exceptions = "none",
		.fix = "Take the bytes again; if they are all there is, look at what wrote "
		       "them.",
		.source = "arch/x86/kernel/setup.c: parse_setup_data, "
			  "memblock_x86_reserve_range_setup_data",
		.experiment = "None: a file shows it, a kernel that runs does not."),
	},
	{
		.id = EFIMAP_RULE_TRAILING_BYTES,
		.name = "trailing-bytes",
		.severity = EFIMAP_NOTE,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_SETUP_DATA),
		.text = TEXT(
		.tests = "There are bytes behind what a binary holds.",
		.why = "A reader ignores them; they can be padding, or the sign that the file "
		       "is something else.",
		.breaks = "Nothing.",
		.exceptions = "none",
		.fix = "Say with --as= and --desc-size= what it is.",
		.source = "drivers/firmware/efi/memmap.c: for_each_efi_memory_desc "
			  "(include/linux/efi.h)",
		.experiment = "None: a file shows it, a kernel that runs does not."),
	},
};
