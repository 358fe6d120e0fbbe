/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the firmware did not say, or says of the machine as a whole, and the next kernel
 * will miss or meet. Looks at no entry.
 */
#include "check/boot.h"
#include "check/label.h"

/* Documentation/arch/x86/boot.rst: SETUP_CC_BLOB */
#define SETUP_CC_BLOB 7

static bool has_line(const struct efimap *map, const char *name)
{
	uint64_t address;

	return efimap_find_pair(map->systab, map->n_systab, name, &address) &&
	       address != 0;
}

static void no_smbios(struct check *c)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_NO_SMBIOS;

	if (!check_wants(c, rule) || has_line(c->map, "SMBIOS"))
		return;
	if (check_find(c, rule, check_usual(rule),
		       "systab has no SMBIOS= line%s, so the loader passes on no SMBIOS "
		       "address",
		       has_line(c->map, "SMBIOS3") ? ", only SMBIOS3=" : ""))
		check_evidence(c, efimap_source_path(EFIMAP_SRC_SYSTAB), "no SMBIOS=");
}

/* A guest that is built without ACPI has no memory for its tables either. */
static bool is_without_acpi(const struct efimap *map)
{
	if (efimap_cmdline_has(map, "acpi=off") || efimap_cmdline_has(map, "acpi_rsdp"))
		return true;
	if (!efimap_has(map, EFIMAP_SRC_MEMMAP))
		return false;
	for (size_t i = 0; i < map->n_memmap; i++)
		if (label_is_acpi(map->memmap[i].label))
			return false;
	return true;
}

static void no_rsdp(struct check *c)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_NO_RSDP;

	if (!check_wants(c, rule) || c->map->boot_params.acpi_rsdp_addr != 0 ||
	    has_line(c->map, "ACPI20") || has_line(c->map, "ACPI") ||
	    is_without_acpi(c->map))
		return;
	if (!check_find(
		    c, rule, check_usual(rule),
		    "neither systab nor boot_params says where ACPI's root pointer is"))
		return;
	check_evidence(c, efimap_source_path(EFIMAP_SRC_SYSTAB),
		       "no ACPI20= and no ACPI=");
	check_evidence(c, "boot_params.acpi_rsdp_addr", "0x0");
}

/* What tells that this kernel runs on encrypted memory, or NULL. */
static const char *find_encryption(const struct efimap *map)
{
	/* drivers/firmware/efi/efi.c: common_tables; of encrypted guests only */
	static const char *const tables[] = { "CocoSecret", "CCFinalLog", "Unaccepted" };
	uint64_t address;

	for (size_t i = 0; i < map->n_setup_data; i++)
		if (map->setup_data[i].type == SETUP_CC_BLOB)
			return "a setup_data node of type 7 (SETUP_CC_BLOB)";
	if (efimap_cmdline_has(map, "mem_encrypt=on"))
		return "mem_encrypt=on on the command line";
	if (map->encrypted)
		return "\"Memory Encryption Features active\" in the kernel log";
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		if (efimap_find_pair(map->tables, map->n_tables, tables[i], &address))
			return tables[i];
	return NULL;
}

static void mem_encrypt(struct check *c)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_MEM_ENCRYPT;
	const char *sign;

	if (!check_wants(c, rule))
		return;
	sign = find_encryption(c->map);
	if (sign &&
	    check_find(c, rule, check_usual(rule),
		       "the memory of this machine is encrypted, by the sign of %s",
		       sign))
		check_evidence(c, "kernel", "%s", sign);
}

void boot_state(struct check *c)
{
	no_smbios(c);
	no_rsdp(c);
	mem_encrypt(c);
}
