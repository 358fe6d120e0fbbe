/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Rules about the addresses that the firmware passed to the kernel. They check that kexec-tools can
 * read the files with these addresses, and that the addresses are physical and in the runtime map.
 */
#include <string.h>

#include "infer/cpu.h"
#include "infer/hardware.h"
#include "rules/engine.h"
#include "rules/unread_verdict.h"

/*
 * struct pointer - an address from the firmware
 * @at: offset of the address in struct efimap, unless the address is in a line of systab
 */
static const struct pointer {
	enum source source;
	const char *name;
	size_t at;
} pointers[] = {
	{ EFIMAP_SRC_FW_VENDOR, "fw_vendor", offsetof(struct efimap, fw_vendor) },
	{ EFIMAP_SRC_RUNTIME, "runtime", offsetof(struct efimap, runtime) },
	{ EFIMAP_SRC_CONFIG_TABLE, "config_table", offsetof(struct efimap, config_table) },
	{ EFIMAP_SRC_BOOT_PARAMS, "the system table",
	  offsetof(struct efimap, boot_params.efi_info.systab) },
	{ EFIMAP_SRC_SYSTAB, "SMBIOS", 0 },
	{ EFIMAP_SRC_SYSTAB, "SMBIOS3", 0 },
};

void walk_pointers(struct rule_run *run)
{
	for (size_t i = 0; i < sizeof(pointers) / sizeof(pointers[0]); i++)
		visit_subject(run, &(const struct subject){ .thing = &pointers[i] });
}

static bool find_address(const struct efimap *map, const struct pointer *pointer,
			 uint64_t *ret_address)
{
	if (pointer->source == EFIMAP_SRC_SYSTAB)
		return find_named_address(map->systab, map->n_systab, pointer->name, ret_address);
	memcpy(ret_address, (const char *)map + pointer->at, sizeof(*ret_address));
	return capture_has(map, pointer->source);
}

static void report_pointer(struct match *match, const struct pointer *pointer, uint64_t address)
{
	set_text(match, VALUE_NAME, pointer->name);
	set_text(match, VALUE_PATH,
		 pointer->source == EFIMAP_SRC_BOOT_PARAMS ? "boot_params.efi_info.systab"
							   : path_of_source(pointer->source));
	set_hex(match, VALUE_ADDRESS, address);
}

/*
 * struct pointer_file - a file that kexec-tools reads (x86-linux-setup.c: get_efi_values)
 * @wrong: outcome of a wrong value
 * @empty: outcome of a file without content, for which kexec-tools passes 0. If config_table
 *         is 0, the decompressor assumes a boot by the firmware (arch/x86/boot/compressed/efi.c:
 *         get_kexec_setup_data).
 */
static const struct pointer_file {
	enum source source;
	const char *name;
	enum outcome wrong;
	enum outcome empty;
} files[] = {
	{ EFIMAP_SRC_SYSTAB, "systab", EFIMAP_OUTCOME_NO_BOOT, EFIMAP_OUTCOME_NONE },
	{ EFIMAP_SRC_FW_VENDOR, "fw_vendor", EFIMAP_OUTCOME_NO_BOOT, EFIMAP_OUTCOME_NONE },
	{ EFIMAP_SRC_RUNTIME, "runtime", EFIMAP_OUTCOME_NONE, EFIMAP_OUTCOME_NONE },
	{ EFIMAP_SRC_CONFIG_TABLE, "config_table", EFIMAP_OUTCOME_NO_BOOT, EFIMAP_OUTCOME_NO_BOOT },
};

#define N_FILES (sizeof(files) / sizeof(files[0]))

/*
 * Report a file from which kexec-tools may read a wrong address, or no address. kexec-tools parses
 * the text after "SMBIOS=0x" in systab, and the text after the first "0x" in the other files
 * (x86-linux-setup.c: get_efi_value). fault->text quotes the invalid line, and thus shows whether
 * the line of systab contains "SMBIOS=0x".
 */
static void report_if_malformed(struct match *match, const struct pointer_file *file,
				const struct capture_fault *fault)
{
	if (is_fault_without_content(fault)) {
		use_variant(match, VARIANT_EMPTY);
		set_outcome(match, file->empty);
	} else if ((fault->state != EFIMAP_STATE_SYNTAX && fault->state != EFIMAP_STATE_TOO_LONG) ||
		   (file->source == EFIMAP_SRC_SYSTAB && !strstr(fault->text, "SMBIOS=0x"))) {
		return;
	} else if (file->source == EFIMAP_SRC_SYSTAB) {
		use_variant(match, VARIANT_SMBIOS);
	} else {
		use_variant(match, VARIANT_DIGITS);
		set_outcome(match, file->wrong);
	}
	set_text(match, VALUE_WHERE, fault->where);
	set_text(match, VALUE_FAULT, fault->text);
	set_text(match, VALUE_PLACE, "");
	if (fault->line)
		set_format(match, VALUE_PLACE, "line %" PRIu32 ": ", fault->line);
	finish_finding(match);
}

bool rule_pointer_missing(const struct facts_for_rules *c, struct match *match)
{
	const struct efimap *map = c->map;
	const bool is_offline = capture_is_offline(map);
	size_t n_absent = 0;

	/* A Xen kernel always hides fw_vendor (efi.c: efi_attr_is_visible), so report nothing. */
	if (is_under_xen(map))
		return false;
	for (size_t i = 0; i < N_FILES; i++)
		n_absent += map->states[files[i].source] == EFIMAP_STATE_ABSENT;
	if (is_offline && n_absent == N_FILES)
		return false;
	for (size_t i = 0; !is_offline && i < N_FILES; i++) {
		if (map->states[files[i].source] != EFIMAP_STATE_ABSENT)
			continue;
		append_text(match, VALUE_NAMES, files[i].name);
		add_evidence(match, path_of_source(files[i].source), "absent");
	}
	if (!is_offline && n_absent > 0)
		finish_finding(match);
	for (size_t i = 0; i < map->n_faults; i++)
		for (size_t k = 0; k < N_FILES; k++)
			if (map->faults[i].source == files[k].source &&
			    !is_pointer_uncopied(map, &map->faults[i]))
				report_if_malformed(match, &files[k], &map->faults[i]);
	/*
	 * Report 0 in config_table, and all ones in the pointers that kexec-tools reads, because
	 * get_efi_value treats all ones as an overflow.
	 */
	for (size_t i = 0; i < sizeof(pointers) / sizeof(pointers[0]); i++) {
		const struct pointer *pointer = &pointers[i];
		uint64_t address;

		if (!find_address(map, pointer, &address))
			continue;
		if (address == 0 && pointer->source == EFIMAP_SRC_CONFIG_TABLE)
			use_variant(match, VARIANT_ZERO);
		else if (address == UINT64_MAX && pointer->source != EFIMAP_SRC_BOOT_PARAMS &&
			 strcmp(pointer->name, "SMBIOS3") != 0)
			use_variant(match, VARIANT_ONES);
		else
			continue;
		report_pointer(match, pointer, address);
		finish_finding(match);
	}
	return false;
}

/* Match a pointer with a virtual address, and report which entry maps this address, if any. */
static bool points_virtually(const struct facts_for_rules *c, const struct pointer *pointer,
			     struct match *match)
{
	const struct map_entry *entry;
	uint64_t address;

	if (!find_address(c->map, pointer, &address) || !address_is_virtual(address))
		return false;
	entry = find_covering_entry(c->map, entry_covers_virt, address);
	report_pointer(match, pointer, address);
	set_number(match, VALUE_MAPPED, entry != NULL);
	set_other_entry(match, entry);
	return true;
}

bool rule_pointer_virtual(const struct facts_for_rules *c, struct match *match)
{
	const struct pointer *pointer = match->thing;

	if (pointer->source != EFIMAP_SRC_FW_VENDOR && pointer->source != EFIMAP_SRC_CONFIG_TABLE)
		return false;
	return points_virtually(c, pointer, match);
}

bool rule_smbios_virtual(const struct facts_for_rules *c, struct match *match)
{
	const struct pointer *pointer = match->thing;

	if (pointer->source != EFIMAP_SRC_SYSTAB)
		return false;
	if (strcmp(pointer->name, "SMBIOS") != 0)
		use_variant(match, VARIANT_SMBIOS3);
	return points_virtually(c, pointer, match);
}

/*
 * A pointer outside all entries is harmless if memmap lists the memory as reserved or ACPI memory,
 * which kexec does not overwrite. Without memmap, the memory is assumed to be reserved.
 */
bool rule_pointer_unmapped(const struct facts_for_rules *c, struct match *match)
{
	const struct pointer *pointer = match->thing;
	const unsigned int bits = cpu_address_bits(c->map);
	const struct memory_range *range;
	uint64_t address;

	if (pointer->source == EFIMAP_SRC_SYSTAB || pointer->source == EFIMAP_SRC_RUNTIME ||
	    !c->has_sound_runtime_data || !find_address(c->map, pointer, &address) ||
	    address == 0 || address >= EFIMAP_VA_END ||
	    find_covering_entry(c->map, pages_cover_address, address))
		return false;
	report_pointer(match, pointer, address);
	/* Page tables drop the address bits above bit 51, so an access may reach valid memory. */
	if (address > c->phys_last && address < EFIMAP_PHYS_LIMIT) {
		if (bits)
			set_format(match, VALUE_LIMIT,
				   "the end of the %u-bit physical address space of this CPU",
				   bits);
		else
			set_text(match, VALUE_LIMIT,
				 "all ranges of memmap, and the address width of the CPU is "
				 "unknown");
		use_variant(match, VARIANT_BEYOND);
		/* The CPU may support an address that memmap does not list. */
		if (!bits)
			set_certainty(match, EFIMAP_UNKNOWN);
		return true;
	}
	range = spans_range(&c->spans, SPANS_LISTED, span_of_byte(address));
	set_text(match, VALUE_LABEL, "does not list the memory at this address");
	if (range)
		set_format(match, VALUE_LABEL, "lists the memory at this address as \"%s\"",
			   range->label);
	if (!capture_has(c->map, EFIMAP_SRC_MEMMAP) || (range && label_is_firmware(range->label)))
		use_variant(match, VARIANT_KEPT);
	else if (!range || !label_is_ram(range->label))
		use_variant(match, VARIANT_UNEXPECTED);
	else if (pointer->source == EFIMAP_SRC_FW_VENDOR)
		/* drivers/firmware/efi/efi.c: efi_systab_report_header only prints the name. */
		use_variant(match, VARIANT_VENDOR);
	return true;
}
