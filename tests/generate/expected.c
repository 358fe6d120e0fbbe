/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Warnings that are true of a healthy machine: what the rule names is really there, and
 * the next kernel may really meet it. All others are false alarms. docs/generators.md
 * lists them with the words below.
 */
#include <string.h>

#include "expected.h"

static const struct range *find(const struct kernel *kernel, uint64_t address)
{
	return ranges_find(&kernel->e820, address);
}

static bool has_table_in_ram(const struct kernel *kernel)
{
	for (size_t i = 0; i < kernel->machine->n_tables; i++) {
		const struct range *range = find(kernel, kernel->machine->tables[i].address);

		if (range && strcmp(range->label, "System RAM") == 0)
			return true;
	}
	return false;
}

static bool has_gib(const struct kernel *kernel)
{
	for (size_t i = 0; i < kernel->n_entries; i++)
		if (kernel->entries[i].pages * EFIMAP_PAGE_SIZE >= GIB)
			return true;
	return false;
}

static bool has_many_ranges(const struct kernel *kernel)
{
	return kernel->e820.count > 128;
}

static bool is_unlisted(const struct kernel *kernel)
{
	return kernel->machine->loader == LOADER_RAM_ONLY &&
	       !find(kernel, kernel->machine->config_table);
}

/* Boot services that the kernel before kept on purpose, this one does not. */
static bool frees_what_it_received(const struct kernel *kernel)
{
	return kernel->before && kernel->n_entries < kernel->before->n_entries;
}

const struct expected expected_warnings[] = {
	{ EFIMAP_RULE_TABLE_IN_RAM, has_table_in_ram,
	  "a table of the log lies in boot services, which memmap calls System RAM" },
	{ EFIMAP_RULE_VIRT_1G_INCONGRUENT, has_gib,
	  "a device window of a GiB and more, of which the layout knows only 2 MiB steps" },
	{ EFIMAP_RULE_MEMMAP_COUNT, has_many_ranges, "more than 128 ranges in memmap" },
	{ EFIMAP_RULE_POINTER_UNMAPPED, is_unlisted,
	  "config_table in ACPI memory that a loader which passes RAM only left out" },
	{ EFIMAP_RULE_EFI_INFO_COUNT, frees_what_it_received,
	  "boot services that the kernel before exported (efi=debug) and this one freed" },
	{ EFIMAP_RULE_COUNT, NULL, NULL },
};

bool may_warn(const struct kernel *kernel, enum efimap_rule_id rule)
{
	for (size_t i = 0; expected_warnings[i].applies; i++)
		if (expected_warnings[i].rule == rule && expected_warnings[i].applies(kernel))
			return true;
	return false;
}
