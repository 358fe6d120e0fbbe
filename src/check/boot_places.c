/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where the firmware's pointers point: into memory that the map hands over, or not.
 * Whether the files are there is boot_pointer.c, whether addresses are physical boot.c.
 */
#include <string.h>

#include "check/boot.h"
#include "check/label.h"
#include "check/pages.h"
#include "check/place.h"

/* Option ROMs and the SMBIOS entry point of old lie here, and no table lists them. */
static const struct efimap_span low_rom = { 0xa0000, 0xfffff };

static bool is_physical(uint64_t address)
{
	return address != 0 && address < EFIMAP_VA_END;
}

/*
 * An entry that could not be read, or has no range that can be right, may be the one that
 * holds the pointer: it has a finding, and this would be its echo.
 */
static bool is_settled(const struct check *c)
{
	struct efimap_span span;

	if (!c->complete || c->runtime_off)
		return false;
	/* Addresses that were not read have no place at all. */
	if ((!(c->lacks & EFIMAP_NEEDS_VIRT) && !check_places_are_sound(c->sums.places)) ||
	    !(c->sums.types & CHECK_TYPE_BIT(EFIMAP_TYPE_RUNTIME_DATA)))
		return false;
	if (c->sums.last < EFIMAP_PHYS_LIMIT && c->sums.pages <= CHECK_WINDOW_PAGES)
		return true;
	for (size_t i = 0; i < c->map->n_entries; i++)
		if (!pages_of(&c->map->entries[i], &span))
			return false;
	return true;
}

static bool is_in_phys(const struct efimap_entry *entry, uint64_t address)
{
	struct efimap_span span;

	return pages_of(entry, &span) && efimap_span_has(span, address);
}

static bool is_in_virt(const struct efimap_entry *entry, uint64_t address)
{
	struct efimap_span span;

	return efimap_entry_virt(entry, &span) == 0 && efimap_span_has(span, address);
}

static bool is_in_map(const struct efimap *map, uint64_t address)
{
	for (size_t i = 0; i < map->n_entries; i++)
		if (is_in_phys(&map->entries[i], address))
			return true;
	return false;
}

/* The label of the first range of memmap that has the address, or NULL. */
static const char *find_label(const struct efimap *map, uint64_t address)
{
	for (size_t i = 0; i < map->n_memmap; i++)
		if (!map->memmap[i].bad && efimap_span_has(map->memmap[i].span, address))
			return map->memmap[i].label;
	return NULL;
}

/* Reserved memory is safe enough; without memmap nobody knows. */
static struct check_grade grade_of(const struct efimap *map, const char *label)
{
	if (!efimap_has(map, EFIMAP_SRC_MEMMAP) || (label && label_is_firmware(label)))
		return check_grade(EFIMAP_NOTE, EFIMAP_CONSEQ_NONE);
	if (label && label_is_ram(label))
		return check_usual(EFIMAP_RULE_POINTER_UNMAPPED);
	return check_grade(EFIMAP_WARNING, EFIMAP_CONSEQ_NONE);
}

static void judge_pointer(struct check *c, const char *name, const char *source,
			  uint64_t address)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_POINTER_UNMAPPED;
	const char *label;

	if (!is_physical(address) || is_in_map(c->map, address))
		return;
	label = find_label(c->map, address);
	if (!check_find(c, rule, grade_of(c->map, label),
			"%s (0x%" PRIx64
			") lies in no entry of the map; memmap calls the "
			"memory %s%s%s",
			name, address, label ? "\"" : "nothing", label ? label : "",
			label ? "\"" : ""))
		return;
	check_evidence(c, source, "0x%" PRIx64, address);
}

static void pointer_unmapped(struct check *c)
{
	const struct efimap *map = c->map;

	if (!check_wants(c, EFIMAP_RULE_POINTER_UNMAPPED))
		return;
	if (!efimap_has(map, EFIMAP_SRC_FW_VENDOR) &&
	    !efimap_has(map, EFIMAP_SRC_CONFIG_TABLE) &&
	    !efimap_has(map, EFIMAP_SRC_BOOT_PARAMS)) {
		check_skip(c, EFIMAP_RULE_POINTER_UNMAPPED,
			   "no pointer of the firmware could be read");
		return;
	}
	if (!is_settled(c))
		return;
	if (efimap_has(map, EFIMAP_SRC_FW_VENDOR))
		judge_pointer(c, "fw_vendor", efimap_source_path(EFIMAP_SRC_FW_VENDOR),
			      map->fw_vendor);
	if (efimap_has(map, EFIMAP_SRC_CONFIG_TABLE))
		judge_pointer(c, "config_table",
			      efimap_source_path(EFIMAP_SRC_CONFIG_TABLE),
			      map->config_table);
	if (efimap_has(map, EFIMAP_SRC_BOOT_PARAMS))
		judge_pointer(c, "the system table", "boot_params.efi_info.systab",
			      map->boot_params.efi_info.systab);
}

/* Before 5.7 a kexec'ed kernel took the pointer from setup_data, physical or not. */
static void runtime_pointer(struct check *c)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_RUNTIME_POINTER;
	const bool may_be_phys = c->booted_by != EFIMAP_BOOTED_BY_KEXEC ||
				 !efimap_kernel_has(c->map, EFIMAP_CHANGE_READS_RUNTIME, false);
	const bool may_be_virt = c->booted_by != EFIMAP_BOOTED_BY_FIRMWARE;
	const uint64_t runtime = c->map->runtime;

	if (!check_wants(c, rule) || !is_settled(c) || runtime == UINT64_MAX)
		return;
	/* identity-native, identity-partial: virtual addresses as such are wrong. */
	if (!may_be_phys && efimap_mapping(c->map) != EFIMAP_MAPPING_EFI_WINDOW)
		return;
	for (size_t i = 0; i < c->map->n_entries; i++) {
		const struct efimap_entry *entry = &c->map->entries[i];

		if (!efimap_entry_is_runtime_services(entry))
			continue;
		if (may_be_virt && is_in_virt(entry, runtime))
			return;
		if (!may_be_phys || !is_in_phys(entry, runtime))
			continue;
		if (c->booted_by == EFIMAP_BOOTED_BY_KEXEC)
			check_spare(c, rule, EFIMAP_CHANGE_READS_RUNTIME);
		return;
	}
	if (check_find(c, rule, check_usual(rule),
		       "runtime (0x%" PRIx64 ") is no %s address in runtime code or data",
		       runtime,
		       may_be_phys && may_be_virt ? "physical or virtual"
		       : may_be_phys		  ? "physical"
						  : "virtual"))
		check_evidence(c, efimap_source_path(EFIMAP_SRC_RUNTIME), "0x%" PRIx64,
			       runtime);
}

/* table-in-ram goes by the kernel's log; it says the same of the same table. */
static bool is_named(const struct check *c, const char *log_name, uint64_t address,
		     const char *label)
{
	uint64_t logged;

	return label && check_speaks(c, EFIMAP_RULE_TABLE_IN_RAM) &&
	       efimap_find_pair(c->map->tables, c->map->n_tables, log_name, &logged) &&
	       logged == address;
}

static void smbios_unmapped(struct check *c)
{
	static const struct {
		const char *name;
		const char *log_name;
	} lines[] = { { "SMBIOS", "SMBIOS" }, { "SMBIOS3", "SMBIOS 3.0" } };
	const enum efimap_rule_id rule = EFIMAP_RULE_SMBIOS_UNMAPPED;
	const struct efimap *map = c->map;

	if (!check_wants(c, rule) || !is_settled(c))
		return;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		const char *label;
		uint64_t address;

		if (!efimap_find_pair(map->systab, map->n_systab, lines[i].name,
				      &address) ||
		    !is_physical(address) || efimap_span_has(low_rom, address) ||
		    is_in_map(map, address))
			continue;
		label = find_label(map, address);
		if ((label && !label_is_ram(label)) ||
		    is_named(c, lines[i].log_name, address, label))
			continue;
		if (check_find(c, rule, check_usual(rule),
			       "%s (0x%" PRIx64
			       ") lies in no entry of the map, and memmap %s",
			       lines[i].name, address,
			       label ? "calls the memory System RAM"
				     : "does not list it"))
			check_evidence(c, efimap_source_path(EFIMAP_SRC_SYSTAB),
				       "%s=0x%" PRIx64, lines[i].name, address);
	}
}

void boot_places(struct check *c)
{
	pointer_unmapped(c);
	runtime_pointer(c);
	smbios_unmapped(c);
}
