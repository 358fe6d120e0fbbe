/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Configuration tables that the next kernel reads again, in memory that kexec may use.
 * Knows their names in the kernel's log, not their contents.
 */
#include <string.h>

#include "check/memmap.h"
#include "check/pages.h"

/*
 * drivers/firmware/efi/efi.c: common_tables, arch_tables. Left out are those that are
 * used up at boot: INITRD, and RNG, which the running kernel writes anew before a kexec.
 */
static const struct table {
	const char *log_name;
	const char *name;
} tables[] = {
	{ "MEMATTR", "Memory Attributes Table" },
	{ "ESRT", "EFI System Resource Table" },
	{ "BGRT", "boot logo of the BGRT" },
	{ "TPMEventLog", "TPM event log" },
	{ "TPMFinalLog", "final TPM event log" },
	{ "CCFinalLog", "final event log of confidential computing" },
	{ "MOKvar", "MOK variable table" },
	{ "RTPROP", "Runtime Properties Table" },
	{ "CocoSecret", "secret area of confidential computing" },
	{ "Unaccepted", "table of unaccepted memory" },
	{ "MEMRESERVE", "table of reserved memory" },
	{ "ACPI 2.0", "ACPI 2.0 root pointer" },
	{ "ACPI", "ACPI root pointer" },
	{ "SMBIOS", "SMBIOS entry point" },
	{ "SMBIOS 3.0", "SMBIOS 3.0 entry point" },
};

#define N_TABLES (sizeof(tables) / sizeof(tables[0]))

/* struct place - a table with its address, and what covers it */
struct place {
	const struct table *table;
	uint64_t address;
	const struct efimap_entry *entry;
	const struct reach_range *ram;
};

static struct efimap_span byte_at(uint64_t address)
{
	return (struct efimap_span){ address, address };
}

/* One pass over what the log says; the first value of a name counts. */
static size_t find_places(const struct efimap *map, struct reach *ram,
			  struct place places[N_TABLES])
{
	size_t count = 0;

	for (size_t i = 0; i < N_TABLES; i++) {
		struct place place = { .table = &tables[i] };

		if (!efimap_find_pair(map->tables, map->n_tables, tables[i].log_name,
				      &place.address))
			continue;
		place.ram = reach_find(ram, byte_at(place.address));
		if (place.ram)
			places[count++] = place;
	}
	return count;
}

/* When a table lies in several entries, the lowest is named. */
static void find_entries(const struct efimap *map, struct place *places, size_t count)
{
	for (size_t i = 0; i < map->n_entries; i++) {
		struct efimap_span span;

		if (!pages_of(&map->entries[i], &span))
			continue;
		for (size_t k = 0; k < count; k++)
			if (efimap_span_has(span, places[k].address) &&
			    !places[k].entry)
				places[k].entry = &map->entries[i];
	}
}

/*
 * 64b45dd46e15 (6.14, 6.13.3): after kexec the table is skipped, but only where
 * efi_reuse_config() runs, which takes an SMBIOS address in setup_data. The next kernel
 * is taken to be of this kernel's release.
 */
static bool is_skipped_after_kexec(const struct efimap *map)
{
	uint64_t smbios;

	if (!efimap_find_pair(map->systab, map->n_systab, "SMBIOS", &smbios) ||
	    smbios == 0)
		return false;
	return efimap_kernel_has(map, EFIMAP_CHANGE_SKIPS_MEMATTR, false);
}

/* One cause, one finding: then the whole entry is where it must not be. */
static bool is_named(const struct check *c, const struct efimap_entry *entry)
{
	const enum efimap_rule_id rule =
		entry ? memmap_rule_of(entry) : EFIMAP_RULE_COUNT;

	return rule != EFIMAP_RULE_COUNT && check_speaks(c, rule);
}

static void speak_of_table(struct check *c, const struct place *place)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_TABLE_IN_RAM;
	const bool skipped = strcmp(place->table->log_name, "MEMATTR") == 0 &&
			     is_skipped_after_kexec(c->map);
	const struct check_grade grade =
		skipped ? check_grade(EFIMAP_NOTE, EFIMAP_CONSEQ_NONE)
			: check_usual(rule);
	const size_t count = place->entry ? 1 : 0;

	if (!check_find_on(c, rule, grade, count ? &place->entry->index : NULL, count,
			   "the %s (0x%" PRIx64
			   ") lies in System RAM, so kexec may overwrite it%s",
			   place->table->name, place->address,
			   skipped ? ", but kernels from 6.13.3 skip it after kexec"
				   : ""))
		return;
	check_evidence(c, "kernel log", "%s=0x%" PRIx64, place->table->log_name,
		       place->address);
	memmap_evidence(c, place->ram->position);
	if (place->entry) {
		check_evidence_field(c, place->entry, CHECK_FIELD_TYPE);
		check_evidence_field(c, place->entry, CHECK_FIELD_PHYS);
	}
}

void memmap_tables(struct check *c, struct reach *ram)
{
	struct place places[N_TABLES];
	size_t count;

	if (!check_wants(c, EFIMAP_RULE_TABLE_IN_RAM))
		return;
	/* Nothing to hand over: the next kernel boots without EFI and reads no table. */
	if (c->kernel_32bit || c->map->states[EFIMAP_SRC_RUNTIME_MAP] == EFIMAP_STATE_ABSENT)
		return;
	count = find_places(c->map, ram, places);
	if (count > 0)
		find_entries(c->map, places, count);
	for (size_t i = 0; i < count; i++)
		if (!is_named(c, places[i].entry))
			speak_of_table(c, &places[i]);
}
