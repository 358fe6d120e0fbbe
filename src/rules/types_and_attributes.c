/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules about the type and attributes of each entry, and about types that the map lacks. */
#include "infer/booted_by.h"
#include "rules/engine.h"

#define IMPOSSIBLE_TYPES (TYPE_BIT(UNUSABLE) | TYPE_BIT(UNACCEPTED) | TYPE_BIT(PAL_CODE))

static bool is_runtime_of(const struct map_entry *entry, uint32_t types)
{
	return entry_is_runtime(entry) && entry_has_type(entry, types);
}

bool rule_type_ram_runtime(const struct facts_for_rules *c, struct match *match)
{
	if (c->n_runtime_code > 0 || c->has_boot_code)
		use_variant(match, VARIANT_SPARED);
	return is_runtime_of(match->entry, RAM_TYPES);
}

bool rule_type_impossible(const struct facts_for_rules *c, struct match *match)
{
	if (c->n_runtime_code > 0)
		use_variant(match, VARIANT_DATA);
	else if (c->has_boot_code)
		use_variant(match, VARIANT_SPARED);
	return is_runtime_of(match->entry, IMPOSSIBLE_TYPES);
}

bool rule_type_reserved_range(const struct facts_for_rules *c, struct match *match)
{
	return match->entry->type >= EFIMAP_TYPE_FIRST_UNDEFINED &&
	       match->entry->type < EFIMAP_TYPE_OEM_FIRST;
}

/*
 * Return whether the last entry may be missing in a copy of the map, which a gap in the numbers
 * does not show. A loader states how many entries it passed.
 */
static bool may_lack_last_entry(const struct efimap *map)
{
	const struct efi_info *info = &map->boot_params.efi_info;

	if (!capture_is_offline(map) || map->map_from != EFIMAP_MAP_FROM_FILES)
		return false;
	return find_booted_by(map) != EFIMAP_BOOTED_BY_KEXEC || !info->desc_size ||
	       info->memmap_size / info->desc_size > map->n_entries;
}

/*
 * Return whether the map lacks a type for no known reason. Known reasons are that the map is
 * incomplete, that runtime services are off, and that another rule reports the type of an entry.
 */
static bool is_without(const struct facts_for_rules *c, struct match *match, enum memory_type type)
{
	bool is_explained = !c->complete || c->runtime_off;

	for (size_t i = 0; i < c->map->n_entries; i++) {
		if (c->map->entries[i].type == type)
			return false;
		is_explained |= is_runtime_of(&c->map->entries[i],
					      RAM_TYPES | (IMPOSSIBLE_TYPES & ~TYPE_BIT(PAL_CODE)));
	}
	set_number(match, VALUE_ENTRIES, c->map->n_entries);
	if (may_lack_last_entry(c->map))
		use_variant(match, VARIANT_COPY);
	return !is_explained && !c->log_incomplete;
}

bool rule_no_runtime_code(const struct facts_for_rules *c, struct match *match)
{
	if (c->has_boot_code)
		use_variant(match, VARIANT_SPARED);
	return is_without(c, match, EFIMAP_TYPE_RUNTIME_CODE);
}

bool rule_no_runtime_data(const struct facts_for_rules *c, struct match *match)
{
	return is_without(c, match, EFIMAP_TYPE_RUNTIME_DATA);
}
