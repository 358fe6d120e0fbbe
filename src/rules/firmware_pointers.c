/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The addresses that the firmware gave the kernel: can kexec-tools read the files that
 * they are in, are they physical, and do they point into memory that the map hands over?
 */
#include <string.h>

#include "infer/architecture.h"
#include "infer/booted_by.h"
#include "infer/cpu.h"
#include "infer/mapping_mode.h"
#include "rules/engine.h"

/* Option ROMs and the SMBIOS entry point of old lie here, and no table lists them. */
static const struct efimap_span low_rom = { 0xa0000, 0xfffff };

/*
 * struct pointer - one address
 * @at:       where it lies in a capture
 * @log_name: of a line of systab, what the kernel log calls the same table; else NULL
 */
static const struct pointer {
	enum efimap_source source;
	const char *name;
	size_t at;
	const char *log_name;
} pointers[] = {
	{ EFIMAP_SRC_FW_VENDOR, "fw_vendor", offsetof(struct efimap, fw_vendor) },
	{ EFIMAP_SRC_RUNTIME, "runtime", offsetof(struct efimap, runtime) },
	{ EFIMAP_SRC_CONFIG_TABLE, "config_table", offsetof(struct efimap, config_table) },
	{ EFIMAP_SRC_BOOT_PARAMS, "the system table",
	  offsetof(struct efimap, boot_params.efi_info.systab) },
	{ EFIMAP_SRC_SYSTAB, "SMBIOS", .log_name = "SMBIOS" },
	{ EFIMAP_SRC_SYSTAB, "SMBIOS3", .log_name = "SMBIOS 3.0" },
};

void check_walk_pointers(struct check *c)
{
	for (size_t i = 0; i < sizeof(pointers) / sizeof(pointers[0]); i++)
		check_visit(c, &(const struct subject){ .thing = &pointers[i] });
}

static bool find_address(const struct efimap *map, const struct pointer *pointer,
			 uint64_t *ret_address)
{
	if (pointer->log_name)
		return efimap_find_named_address(map->systab, map->n_systab,
						 pointer->name, ret_address);
	memcpy(ret_address, (const char *)map + pointer->at, sizeof(*ret_address));
	return efimap_has(map, pointer->source);
}

static void say_pointer(struct say *say, const struct pointer *pointer, uint64_t address)
{
	say_text(say, SAY_NAME, pointer->name);
	say_text(say, SAY_PATH,
		 pointer->source == EFIMAP_SRC_BOOT_PARAMS
			 ? "boot_params.efi_info.systab"
			 : efimap_source_path(pointer->source));
	say_hex(say, SAY_ADDRESS, address);
}

/*
 * struct pointer_file - x86-linux-setup.c: get_efi_values, in its order
 * @wrong, @zero: what follows from a wrong value, and what from 0.
 *                boot/compressed/efi.c: get_kexec_setup_data takes a boot without a
 *                configuration table for one by the firmware
 */
static const struct pointer_file {
	enum efimap_source source;
	const char *name;
	enum efimap_outcome wrong;
	enum efimap_outcome zero;
} files[] = {
	{ EFIMAP_SRC_SYSTAB, "systab", EFIMAP_OUTCOME_NO_BOOT, EFIMAP_OUTCOME_NONE },
	{ EFIMAP_SRC_FW_VENDOR, "fw_vendor", EFIMAP_OUTCOME_NO_BOOT, EFIMAP_OUTCOME_NONE },
	{ EFIMAP_SRC_RUNTIME, "runtime", EFIMAP_OUTCOME_NONE, EFIMAP_OUTCOME_NONE },
	{ EFIMAP_SRC_CONFIG_TABLE, "config_table", EFIMAP_OUTCOME_NO_BOOT,
	  EFIMAP_OUTCOME_NO_BOOT },
};

#define N_FILES (sizeof(files) / sizeof(files[0]))

static size_t count_files(const struct efimap *map, enum efimap_state state)
{
	size_t count = 0;

	for (size_t i = 0; i < N_FILES; i++)
		count += map->states[files[i].source] == state;
	return count;
}

/* efi.c: efi_attr_is_visible hides fw_vendor in a Xen domain. */
static bool is_xen(const struct efimap *map)
{
	return efimap_has(map, EFIMAP_SRC_BOOT_PARAMS) &&
	       strcmp(map->boot_params.efi_info.signature, "Xen") == 0;
}

/*
 * systab and the files of runtime-map are mode 0400: a capture that has neither was taken
 * without root, and says nothing about systab.
 */
static bool is_missing_file(const struct efimap *map, const struct pointer_file *file)
{
	return map->states[file->source] == EFIMAP_STATE_ABSENT &&
	       !(efimap_is_offline(map) && file->source == EFIMAP_SRC_SYSTAB &&
		 map->n_entries == 0);
}

/* All missing files are one finding: kexec-tools stops at the first. */
static void say_missing_files(const struct efimap *map, struct say *say)
{
	bool any = false;

	for (size_t i = 0; i < N_FILES; i++) {
		if (!is_missing_file(map, &files[i]))
			continue;
		any = true;
		say_append(say, SAY_NAMES, files[i].name);
		say_evidence(say, efimap_source_path(files[i].source), "absent");
	}
	if (any)
		say_now(say);
}

/*
 * x86-linux-setup.c: get_efi_value takes what follows the first "0x" of three files, and
 * "SMBIOS=0x" of systab, whose other lines it never looks at. The reader quotes the line.
 */
static void say_syntax(struct say *say, const struct pointer_file *file,
		       const struct efimap_fault *fault)
{
	if (file->source != EFIMAP_SRC_SYSTAB)
		say_as(say, AS_DIGITS);
	else if (strstr(fault->text, "SMBIOS=0x"))
		say_as(say, AS_SMBIOS);
	else
		say_as(say, AS_OTHER_LINE);
	if (file->source != EFIMAP_SRC_SYSTAB)
		say_consequence(say, file->wrong);
}

static void say_if_malformed(struct say *say, const struct pointer_file *file,
			     const struct efimap_fault *fault)
{
	switch (fault->kind) {
	case EFIMAP_FAULT_SYNTAX:
	case EFIMAP_FAULT_TOO_LONG:
		say_syntax(say, file, fault);
		break;
	case EFIMAP_FAULT_EMPTY:
	case EFIMAP_FAULT_NOT_A_FILE:
	case EFIMAP_FAULT_IO:
		say_as(say, AS_EMPTY);
		say_consequence(say, file->zero);
		break;
	default:
		return;
	}
	/* Which file it is says the evidence, where the finding lies. */
	say_text(say, SAY_WHERE, fault->where);
	say_text(say, SAY_FAULT, fault->text);
	say_text(say, SAY_PLACE, "");
	if (fault->line)
		say_format(say, SAY_PLACE, "line %" PRIu32 ": ", fault->line);
	say_now(say);
}

static void say_malformed(const struct efimap *map, struct say *say)
{
	for (size_t i = 0; i < map->n_faults; i++)
		for (size_t k = 0; k < N_FILES; k++)
			if (map->faults[i].source == files[k].source)
				say_if_malformed(say, &files[k], &map->faults[i]);
}

/* kexec-tools reads neither boot_params nor SMBIOS3. */
static bool is_passed_on(const struct pointer *pointer)
{
	return pointer->source != EFIMAP_SRC_BOOT_PARAMS &&
	       strcmp(pointer->name, "SMBIOS3") != 0;
}

/* get_efi_value: "if (*val == ULLONG_MAX) return 2", as bad as a missing file. */
static void say_odd_numbers(const struct efimap *map, struct say *say)
{
	for (size_t i = 0; i < sizeof(pointers) / sizeof(pointers[0]); i++) {
		const struct pointer *pointer = &pointers[i];
		uint64_t address;

		if (!find_address(map, pointer, &address))
			continue;
		if (address == 0 && pointer->source == EFIMAP_SRC_CONFIG_TABLE)
			say_as(say, AS_ZERO);
		else if (address == UINT64_MAX && is_passed_on(pointer))
			say_as(say, AS_ONES);
		else
			continue;
		say_pointer(say, pointer, address);
		say_now(say);
	}
}

bool rule_pointer_missing(const struct check *c, struct say *say)
{
	const struct efimap *map = c->map;

	if (is_xen(map))
		return false;
	if (efimap_is_offline(map) && count_files(map, EFIMAP_STATE_ABSENT) == N_FILES)
		return say_skip(say, AS_USUAL);
	if (!efimap_is_other_architecture(map))
		say_missing_files(map, say);
	say_malformed(map, say);
	say_odd_numbers(map, say);
	if (efimap_is_other_architecture(map))
		return say_skip(say, AS_FOREIGN);
	return count_files(map, EFIMAP_STATE_DENIED) > 0 && say_skip(say, AS_DENIED);
}

static bool points_virtually(const struct check *c, const struct pointer *pointer,
			     struct say *say)
{
	const struct efimap_entry *entry;
	uint64_t address;

	if (!find_address(c->map, pointer, &address) || !efimap_is_virtual(address))
		return false;
	entry = efimap_find_covering_entry(c->map, efimap_entry_covers_virt, address);
	say_pointer(say, pointer, address);
	say_number(say, SAY_MAPPED, entry != NULL);
	say_other(say, entry);
	return true;
}

bool rule_pointer_virtual(const struct check *c, struct say *say)
{
	const struct pointer *pointer = say->thing;

	if (!efimap_has(c->map, EFIMAP_SRC_FW_VENDOR) &&
	    !efimap_has(c->map, EFIMAP_SRC_CONFIG_TABLE))
		return say_skip(say, AS_USUAL);
	return (pointer->source == EFIMAP_SRC_FW_VENDOR ||
		pointer->source == EFIMAP_SRC_CONFIG_TABLE) &&
	       points_virtually(c, pointer, say);
}

bool rule_smbios_virtual(const struct check *c, struct say *say)
{
	const struct pointer *pointer = say->thing;

	if (!pointer->log_name)
		return false;
	if (strcmp(pointer->name, "SMBIOS") != 0)
		say_as(say, AS_SMBIOS3);
	return points_virtually(c, pointer, say);
}

/* The label of the first range of memmap that has the address, or NULL. */
static const char *find_label(const struct efimap *map, uint64_t address)
{
	for (size_t i = 0; i < map->n_memmap; i++)
		if (!map->memmap[i].bad && efimap_span_has(map->memmap[i].span, address))
			return map->memmap[i].label;
	return NULL;
}

/* It is physical, but in no entry; then also what memmap calls the memory, or NULL. */
static bool is_unmapped(const struct check *c, const struct pointer *pointer,
			uint64_t *ret_address, const char **ret_label)
{
	if (!c->settled || !find_address(c->map, pointer, ret_address) ||
	    *ret_address == 0 || *ret_address >= EFIMAP_VA_END ||
	    efimap_find_covering_entry(c->map, check_pages_cover, *ret_address))
		return false;
	*ret_label = find_label(c->map, *ret_address);
	return true;
}

/* Reserved memory is safe enough; without memmap nobody knows. */
static enum say_as how_unmapped(const struct efimap *map, const struct pointer *pointer,
				const char *label)
{
	if (!efimap_has(map, EFIMAP_SRC_MEMMAP) || (label && label_is_firmware(label)))
		return AS_KEPT;
	if (!label || !label_is_ram(label))
		return AS_ODD;
	/* drivers/firmware/efi/efi.c: efi_systab_report_header, which only prints it */
	return pointer->source == EFIMAP_SRC_FW_VENDOR ? AS_VENDOR : AS_USUAL;
}

/* Above 2^52 the page tables drop bits, and nobody knows what remains. */
static bool is_beyond(const struct check *c, uint64_t address, struct say *say)
{
	if (address <= c->phys_last || address >= EFIMAP_PHYS_LIMIT)
		return false;
	if (efimap_cpu_address_bits(c->map))
		say_format(say, SAY_LIMIT, "the %u bits of this CPU's physical addresses",
			   efimap_cpu_address_bits(c->map));
	else
		say_format(say, SAY_LIMIT, "the end of memory, 0x%" PRIx64, c->phys_last);
	say_as(say, AS_BEYOND);
	return true;
}

bool rule_pointer_unmapped(const struct check *c, struct say *say)
{
	const struct pointer *pointer = say->thing;
	const char *label;
	uint64_t address;

	if (!efimap_has(c->map, EFIMAP_SRC_FW_VENDOR) &&
	    !efimap_has(c->map, EFIMAP_SRC_CONFIG_TABLE) &&
	    !efimap_has(c->map, EFIMAP_SRC_BOOT_PARAMS))
		return say_skip(say, AS_USUAL);
	if (pointer->log_name || pointer->source == EFIMAP_SRC_RUNTIME ||
	    !is_unmapped(c, pointer, &address, &label))
		return false;
	say_pointer(say, pointer, address);
	if (is_beyond(c, address, say))
		return true;
	say_as(say, how_unmapped(c->map, pointer, label));
	say_text(say, SAY_LABEL, "nothing");
	if (label)
		say_format(say, SAY_LABEL, "\"%s\"", label);
	return true;
}

/* table-in-ram goes by the kernel's log; it says the same of the same table. */
static bool is_named(const struct check *c, const struct pointer *pointer,
		     uint64_t address)
{
	uint64_t logged;

	return check_speaks(c, EFIMAP_RULE_TABLE_IN_RAM) &&
	       efimap_find_named_address(c->map->tables, c->map->n_tables,
					 pointer->log_name, &logged) &&
	       logged == address;
}

bool rule_smbios_unmapped(const struct check *c, struct say *say)
{
	const struct pointer *pointer = say->thing;
	const char *label;
	uint64_t address;

	if (!pointer->log_name || !is_unmapped(c, pointer, &address, &label) ||
	    efimap_span_has(low_rom, address))
		return false;
	say_pointer(say, pointer, address);
	say_number(say, SAY_LISTED, label != NULL);
	if (!label)
		return memmap_is_whole(c);
	return label_is_ram(label) && !is_named(c, pointer, address);
}

static bool is_in_services(const struct efimap *map, uint64_t address,
			   efimap_covers_fn *covers)
{
	for (size_t i = 0; i < map->n_entries; i++)
		if (efimap_entry_is_runtime_services(&map->entries[i]) &&
		    covers(&map->entries[i], address))
			return true;
	return false;
}

/* Before 5.7 a kexec'ed kernel took the pointer from setup_data, physical or not. */
bool rule_runtime_pointer(const struct check *c, struct say *say)
{
	const bool is_second = c->booted_by == EFIMAP_BOOTED_BY_KEXEC;
	const bool may_be_phys =
		!is_second ||
		!efimap_kernel_has(c->map, EFIMAP_CHANGE_READS_RUNTIME, false);
	const bool may_be_virt = c->booted_by != EFIMAP_BOOTED_BY_FIRMWARE;
	const uint64_t runtime = c->map->runtime;

	if (!c->settled || runtime == UINT64_MAX)
		return false;
	/* identity-native, identity-partial: virtual addresses as such are wrong. */
	if (!may_be_phys && efimap_mapping(c->map) != EFIMAP_MAPPING_EFI_VA_RANGE)
		return false;
	if (may_be_virt && is_in_services(c->map, runtime, efimap_entry_covers_virt))
		return false;
	if (may_be_phys && is_in_services(c->map, runtime, check_pages_cover))
		return is_second && say_unreleased(say, EFIMAP_CHANGE_READS_RUNTIME);
	say_hex(say, SAY_ADDRESS, runtime);
	say_text(say, SAY_KIND,
		 !may_be_virt	? "physical"
		 : !may_be_phys ? "virtual"
				: "physical or virtual");
	return true;
}
