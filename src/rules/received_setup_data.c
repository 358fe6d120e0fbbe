/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules about setup_data and efi_info in a capture. */
#include <string.h>
#include <strings.h>

#include "capture/boot_params.h"
#include "infer/booted_by.h"
#include "rules/engine.h"
#include "rules/received_setup_data.h"

static bool are_nodes_known(const struct efimap *map)
{
	/* Without nodes, the kernel does not create the setup_data directory. */
	return capture_has(map, EFIMAP_SRC_SETUP_DATA) ||
	       (map->states[EFIMAP_SRC_SETUP_DATA] == EFIMAP_STATE_ABSENT &&
		capture_has(map, EFIMAP_SRC_BOOT_PARAMS) && map->boot_params.setup_data == 0);
}

bool setup_has_complete_map(const struct efimap *map)
{
	return capture_has(map, EFIMAP_SRC_RUNTIME_MAP) && map->n_names <= map->n_entries;
}

/*
 * Return whether all setup_data nodes were read. A node that was not read may be the SETUP_EFI
 * node, and nothing shows that a copy has the last node (arch/x86/kernel/ksysfs.c:
 * create_setup_data_nodes).
 */
static bool has_every_node(const struct efimap *map)
{
	if (map->n_setup_data > 0)
		return !capture_is_offline(map) &&
		       !capture_has_fault(map, EFIMAP_SRC_SETUP_DATA, EFIMAP_ANY_FAULT);
	return !capture_has(map, EFIMAP_SRC_BOOT_PARAMS) || map->boot_params.setup_data == 0;
}

/*
 * Return whether the kernel has a runtime map. A kexec'd kernel creates one only from complete
 * SETUP_EFI data, so a capture with a map and without this data was cut.
 */
static bool has_runtime_map(const struct efimap *map)
{
	return capture_has(map, EFIMAP_SRC_RUNTIME_MAP) && map->n_entries > 0;
}

bool setup_lacks_efi_node(const struct efimap *map)
{
	return are_nodes_known(map) && has_every_node(map) && !has_setup_efi(map) &&
	       !has_runtime_map(map);
}

struct setup setup_of(const struct efimap *map)
{
	struct setup setup = {
		.info = capture_has(map, EFIMAP_SRC_BOOT_PARAMS) ? &map->boot_params.efi_info
								 : NULL,
		.has_count = setup_has_complete_map(map) && map->n_entries > 0,
		.n_entries = map->n_entries,
	};

	if (!are_nodes_known(map))
		return setup;
	for (size_t i = 0; i < map->n_setup_data; i++)
		if (map->setup_data[i].type == EFIMAP_SETUP_EFI)
			setup.efi = &map->setup_data[i];
	return setup;
}

static const struct setup *setup_to_check(const struct facts_for_rules *c)
{
	return c->data;
}

bool rule_setup_data_tables_zero(const struct facts_for_rules *c, struct match *match)
{
	const struct setup_node *efi = setup_to_check(c)->efi;
	struct efi_payload payload;

	if (!efi || efi->payload_size < EFIMAP_EFI_PAYLOAD_FIELDS)
		return false;
	efi_payload_decode(efi->payload, &payload);
	return payload.tables == 0;
}

/*
 * Return efi_info, or NULL if there is nothing to check. After a boot without EFI, all fields of
 * efi_info are 0. Under Xen, the kernel itself sets the address of the system table, but not of a
 * map (arch/x86/xen/efi.c: xen_efi_init).
 */
static const struct efi_info *info_to_check(const struct facts_for_rules *c)
{
	const struct efi_info *info = setup_to_check(c)->info;

	if (!info || (info->memmap_size == 0 && info->memmap == 0 &&
		      (info->systab == 0 || strcasecmp(info->signature, "Xen") == 0)))
		return NULL;
	return info;
}

static bool has_valid_sizes(const struct efi_info *info)
{
	return info->desc_size >= EFIMAP_DESC_SIZE && info->desc_size % 8 == 0 &&
	       info->memmap_size % info->desc_size == 0;
}

bool rule_efi_info_count(const struct facts_for_rules *c, struct match *match)
{
	const struct setup *setup = setup_to_check(c);
	const struct efi_info *info = info_to_check(c);
	size_t passed;

	if (!info || !has_valid_sizes(info) || !setup->has_count)
		return false;
	passed = info->memmap_size / info->desc_size;
	set_number(match, VALUE_PASSED, passed);
	set_number(match, VALUE_HAVE, setup->n_entries);
	set_hex(match, VALUE_VALUE, info->memmap_size);
	if (setup->n_entries > passed)
		use_variant(match, VARIANT_MORE);
	return setup->n_entries != passed;
}

void check_setup_data(const struct efimap *map, const struct setup *setup, struct report *report)
{
	static const struct verify_options options = { 0 };
	const struct rule_plan plan = {
		.families = FAMILY_BIT(FAMILY_SETUP_DATA),
		.predicates = rule_predicates,
		.data = setup,
	};

	run_rule_plan(map, &options, &plan, report);
}
