/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules about the boot of the running kernel, and about firmware data for the next kernel. */

#include "capture/kernel_parameters.h"
#include "rules/engine.h"
#include "rules/machine.h"
#include "rules/read_facts.h"

/* Source: arch/x86/include/uapi/asm/setup_data.h: SETUP_CC_BLOB */
#define SETUP_CC_BLOB 7

bool rule_mixed_mode(const struct facts_for_rules *c, struct match *match)
{
	if (capture_has(c->map, EFIMAP_SRC_FW_PLATFORM_SIZE))
		set_number(match, VALUE_SIZE, c->map->platform_size);
	else if (capture_has(c->map, EFIMAP_SRC_BOOT_PARAMS))
		set_text(match, VALUE_SIGNATURE, c->map->boot_params.efi_info.signature);
	return c->mixed_mode;
}

/* Report only noefi and efi=noruntime. Other rules report other reasons for missing services. */
bool rule_runtime_off(const struct facts_for_rules *c, struct match *match)
{
	if (!runtime_is_off_by_parameter(c))
		return false;
	set_text(match, VALUE_OPTION, c->runtime_off);
	set_text(match, VALUE_CMDLINE, c->map->cmdline);
	return true;
}

bool rule_runtime_services_disabled(const struct facts_for_rules *c, struct match *match)
{
	if (!c->map->runtime_services_disabled)
		return false;
	finish_finding(match);
	use_variant(match, VARIANT_FAULTED);
	return true;
}

static bool has_line(const struct efimap *map, const char *name)
{
	uint64_t address;

	return find_named_address(map->systab, map->n_systab, name, &address) && address != 0;
}

bool rule_smbios_missing(const struct facts_for_rules *c, struct match *match)
{
	set_number(match, VALUE_SMBIOS3, has_line(c->map, "SMBIOS3"));
	return !has_line(c->map, "SMBIOS");
}

/*
 * The next kernel does not need the RSDP from the loader if ACPI is off, if acpi_rsdp= gives the
 * address, or if memmap has no ACPI ranges, as in guests without ACPI.
 */
bool rule_rsdp_missing(const struct facts_for_rules *c, struct match *match)
{
	bool has_acpi = !capture_has(c->map, EFIMAP_SRC_MEMMAP);

	for (size_t i = 0; i < c->map->n_memmap; i++)
		has_acpi |= label_is_acpi(c->map->memmap[i].label);
	return c->map->boot_params.acpi_rsdp_addr == 0 && has_acpi &&
	       !has_parameter(c->map, "acpi=off") && !has_parameter(c->map, "acpi_rsdp") &&
	       !has_line(c->map, "ACPI20") && !has_line(c->map, "ACPI");
}

bool rule_unaccepted_memory(const struct facts_for_rules *c, struct match *match)
{
	uint64_t address;

	if (!find_named_address(c->map->tables, c->map->n_tables, "Unaccepted", &address))
		return false;
	set_hex(match, VALUE_ADDRESS, address);
	set_text(match, VALUE_RELEASE, c->map->release.text);
	if (!capture_has(c->map, EFIMAP_SRC_CMDLINE))
		set_certainty(match, EFIMAP_UNKNOWN);
	return !has_parameter(c->map, "accept_memory=eager") &&
	       match_fact(match, fact_not(changed(c->map, EFIMAP_CHANGE_ACCEPTS_MEMORY)));
}

bool rule_memory_encryption(const struct facts_for_rules *c, struct match *match)
{
	/* Only encrypted guests have these tables (drivers/firmware/efi/efi.c: common_tables). */
	static const char *const tables[] = { "Unaccepted", "CCFinalLog", "CocoSecret" };
	const struct efimap *map = c->map;
	const char *sign = NULL;
	uint64_t address;

	/* The finding names only one sign of memory encryption: the last one that is found. */
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		if (find_named_address(map->tables, map->n_tables, tables[i], &address))
			sign = tables[i];
	if (map->encrypted)
		sign = "the kernel log reports memory encryption";
	if (has_parameter(map, "mem_encrypt=on"))
		sign = "mem_encrypt=on in the kernel parameters";
	for (size_t i = 0; i < map->n_setup_data; i++)
		if (map->setup_data[i].type == SETUP_CC_BLOB)
			sign = "a SETUP_CC_BLOB node in setup_data";
	if (sign)
		set_text(match, VALUE_SIGN, sign);
	return sign;
}
