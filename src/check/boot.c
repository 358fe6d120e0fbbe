/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How this kernel was booted, and addresses that have to be physical but are not. Whether
 * the pointer files are there at all is boot_pointer.c.
 */
#include <string.h>

#include "check/boot.h"

/* The entry that is mapped there, and with it what the address was, or NULL. */
static const struct efimap_entry *find_mapped(const struct efimap *map, uint64_t virt)
{
	for (size_t i = 0; i < map->n_entries; i++) {
		struct efimap_span span;

		if (efimap_entry_virt(&map->entries[i], &span) == 0 &&
		    efimap_span_has(span, virt))
			return &map->entries[i];
	}
	return NULL;
}

static void speak_of_virtual(struct check *c, enum efimap_rule_id rule, const char *name,
			     enum efimap_source source, uint64_t address,
			     const char *effect)
{
	const struct efimap_entry *entry = find_mapped(c->map, address);

	if (!check_find(c, rule, check_usual(rule),
			"%s is 0x%" PRIx64 ", a virtual address%s; %s", name, address,
			entry ? " of this map" : "", effect))
		return;
	check_evidence(c, efimap_source_path(source), "0x%" PRIx64, address);
	if (entry) {
		check_evidence_field(c, entry, CHECK_FIELD_VIRT);
		check_evidence_field(c, entry, CHECK_FIELD_PHYS);
	}
}

static void pointer_virtual(struct check *c)
{
	static const char effect[] =
		"the next kernel takes it for physical and hangs before any output";
	const enum efimap_rule_id rule = EFIMAP_RULE_POINTER_VIRTUAL;
	const bool has_vendor = efimap_has(c->map, EFIMAP_SRC_FW_VENDOR);
	const bool has_table = efimap_has(c->map, EFIMAP_SRC_CONFIG_TABLE);

	if (!check_wants(c, rule))
		return;
	if (!has_vendor && !has_table) {
		check_skip(c, rule, "neither fw_vendor nor config_table could be read");
		return;
	}
	if (has_vendor && efimap_is_virtual(c->map->fw_vendor))
		speak_of_virtual(c, rule, "fw_vendor", EFIMAP_SRC_FW_VENDOR,
				 c->map->fw_vendor, effect);
	if (has_table && efimap_is_virtual(c->map->config_table))
		speak_of_virtual(c, rule, "config_table", EFIMAP_SRC_CONFIG_TABLE,
				 c->map->config_table, effect);
}

static void smbios_virtual(struct check *c)
{
	static const struct {
		const char *name;
		const char *effect;
	} lines[] = {
		{ "SMBIOS", "the next kernel takes it for physical and does not boot" },
		{ "SMBIOS3",
		  "no loader passes it on, so the next kernel finds it in the "
		  "configuration table, takes it for physical and does not boot" },
	};
	const enum efimap_rule_id rule = EFIMAP_RULE_SMBIOS_VIRTUAL;

	if (!check_wants(c, rule))
		return;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		uint64_t address;

		if (efimap_find_pair(c->map->systab, c->map->n_systab, lines[i].name,
				     &address) &&
		    efimap_is_virtual(address))
			speak_of_virtual(c, rule, lines[i].name, EFIMAP_SRC_SYSTAB,
					 address, lines[i].effect);
	}
}

static void mixed_mode(struct check *c)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_MIXED_MODE;

	if (!check_wants(c, rule) || !c->mixed_mode)
		return;
	check_find(c, rule, check_usual(rule),
		   "the firmware is 32-bit and the kernel 64-bit (mixed mode): after a kexec "
		   "there are no runtime services");
	if (efimap_has(c->map, EFIMAP_SRC_FW_PLATFORM_SIZE))
		check_evidence(c, efimap_source_path(EFIMAP_SRC_FW_PLATFORM_SIZE), "%u",
			       c->map->platform_size);
	else if (efimap_has(c->map, EFIMAP_SRC_BOOT_PARAMS))
		check_evidence(c, "boot_params.efi_info.signature", "%s",
			       c->map->boot_params.efi_info.signature);
}

/* Other reasons are not on the command line; map-absent and mixed-mode name them. */
static void runtime_off(struct check *c)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_RUNTIME_OFF;

	if (!check_wants(c, rule) || !c->runtime_off)
		return;
	if (strcmp(c->runtime_off, "noefi") != 0 &&
	    strcmp(c->runtime_off, "efi=noruntime") != 0)
		return;
	check_find(c, rule, check_usual(rule),
		   "%s on the command line turns runtime services off: there is no map "
		   "to hand over, and the next kernel boots without EFI",
		   c->runtime_off);
	check_evidence(c, efimap_source_path(EFIMAP_SRC_CMDLINE), "%s", c->map->cmdline);
}

static void services_lost(struct check *c)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_SERVICES_LOST;

	if (!check_wants(c, rule) || !c->map->services_lost)
		return;
	if (check_find(c, rule, check_usual(rule),
		       "a firmware call faulted and this kernel disabled runtime services: "
		       "kexec_file_load passes no EFI to the next one"))
		check_evidence(c, efimap_source_path(EFIMAP_SRC_KERNEL_LOG),
			       "Froze efi_rts_wq and disabled EFI Runtime Services");
}

void check_boot(struct check *c)
{
	boot_pointers(c);
	pointer_virtual(c);
	smbios_virtual(c);
	mixed_mode(c);
	runtime_off(c);
	services_lost(c);
	boot_places(c);
	boot_state(c);
}
