/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Translate addresses with sorted entries in O(log n), even if entries overlap. */
#include "base/enum_name.h"
#include "infer/address_translation.h"

static void make_side(const struct map_entry *entries, size_t count,
		      int (*span_of)(const struct map_entry *entry, struct span *ret_span),
		      struct interval_tree *side)
{
	struct span span;

	interval_tree_new(side, count);
	for (size_t i = 0; i < count; i++)
		if (span_of(&entries[i], &span) == 0)
			interval_tree_add(side, span, i);
	interval_tree_sort(side);
}

void translator_make(const struct map_entry *entries, size_t count, struct translator *translator)
{
	translator->entries = entries;
	make_side(entries, count, entry_phys, &translator->phys);
	make_side(entries, count, entry_virt, &translator->virt);
}

void translator_free(struct translator *translator)
{
	interval_tree_free(&translator->phys);
	interval_tree_free(&translator->virt);
}

void translate_address(const struct translator *translator, enum direction direction,
		       uint64_t address, struct translated_address *ret_answer)
{
	const bool to_virt = direction == EFIMAP_TO_VIRT;
	const struct interval_tree *side = to_virt ? &translator->phys : &translator->virt;
	uint32_t found[EFIMAP_TRANSLATE_MAX];
	bool more;

	*ret_answer = (struct translated_address){ 0 };
	ret_answer->n_hits = interval_tree_find(side, (struct span){ address, address },
						EFIMAP_TRANSLATE_MAX, found, &more);
	for (size_t i = 0; i < ret_answer->n_hits; i++) {
		const struct map_entry *entry = &translator->entries[found[i]];
		const uint64_t offset = address - (to_virt ? entry->phys : entry->virt);
		struct translated_range *hit = &ret_answer->hits[i];

		hit->entry = entry;
		hit->unknown = to_virt && entry->virt_from == EFIMAP_VIRT_UNKNOWN;
		if (!hit->unknown)
			hit->wraps = __builtin_add_overflow(to_virt ? entry->virt : entry->phys,
							    offset, &hit->address);
		if (hit->wraps)
			hit->address = 0;
	}
}

static const char *const reach_names[] = {
	[EFIMAP_REACH_REACHABLE] = "reachable",
	[EFIMAP_REACH_OUTSIDE] = "outside",
	[EFIMAP_REACH_VIRTUAL] = "virtual",
	[EFIMAP_REACH_NONE] = "none",
};
EFIMAP_NAME_OF(reach)

/*
 * Determine where a pointer leads if a page table identity-maps every entry. A pointer outside of
 * all physical ranges counts as virtual if a virtual range contains it, or if it is too high for a
 * physical address (address_is_virtual()).
 */
static struct firmware_pointer find_reach(const struct translator *translator, const char *name,
					  uint64_t value)
{
	struct firmware_pointer pointer = { name, value, EFIMAP_REACH_NONE, NULL };
	struct translated_address phys, virt;

	if (value == 0)
		return pointer;
	translate_address(translator, EFIMAP_TO_VIRT, value, &phys);
	translate_address(translator, EFIMAP_TO_PHYS, value, &virt);
	if (phys.n_hits > 0) {
		pointer.reach = EFIMAP_REACH_REACHABLE;
		pointer.entry = phys.hits[0].entry;
	} else if (virt.n_hits > 0 || address_is_virtual(value)) {
		pointer.reach = EFIMAP_REACH_VIRTUAL;
		if (virt.n_hits > 0)
			pointer.entry = virt.hits[0].entry;
	} else {
		pointer.reach = EFIMAP_REACH_OUTSIDE;
	}
	return pointer;
}

size_t physical_mode(const struct efimap *map,
		     struct firmware_pointer ret_pointers[EFIMAP_MAX_POINTERS])
{
	static const char *const tables[] = { "SMBIOS", "SMBIOS3" };
	const struct {
		enum source source;
		const char *name;
		uint64_t value;
	} files[] = {
		{ EFIMAP_SRC_BOOT_PARAMS, "systab", map->boot_params.efi_info.systab },
		{ EFIMAP_SRC_FW_VENDOR, "fw_vendor", map->fw_vendor },
		{ EFIMAP_SRC_RUNTIME, "runtime", map->runtime },
		{ EFIMAP_SRC_CONFIG_TABLE, "config_table", map->config_table },
	};
	auto_translator struct translator translator = { 0 };
	size_t count = 0;
	uint64_t value;

	translator_make(map->entries, map->n_entries, &translator);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (capture_has(map, files[i].source))
			ret_pointers[count++] =
				find_reach(&translator, files[i].name, files[i].value);
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		if (find_named_address(map->systab, map->n_systab, tables[i], &value))
			ret_pointers[count++] = find_reach(&translator, tables[i], value);
	return count;
}
