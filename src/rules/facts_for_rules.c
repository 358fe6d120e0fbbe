/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Determine facts that several rules use. */
#include <stdlib.h>
#include <string.h>

#include "capture/kernel_parameters.h"
#include "infer/architecture.h"
#include "infer/cpu.h"
#include "infer/mapping_mode.h"
#include "infer/runtime_services_off.h"
#include "infer/why_no_map.h"
#include "rules/facts_for_rules.h"

static const struct span window = { EFIMAP_VA_END, EFIMAP_VA_START - 1 };
static const struct span kernel_32bit = { EFIMAP_KERNEL_32_FIRST, UINT32_MAX };

/*
 * Ranges that the kernel itself uses with 4-level or 5-level paging
 * (Documentation/arch/x86/x86_64/mm.rst): from the LDT to the KASAN shadow memory, from the CPU
 * entry area to the ESPfix stacks, and from the kernel text to the end of the address space.
 */
static const struct span kernel_ranges[] = {
	{ UINT64_C(0xff10000000000000), UINT64_C(0xfffffbffffffffff) },
	{ UINT64_C(0xfffffe0000000000), UINT64_C(0xffffff7fffffffff) },
	{ UINT64_C(0xffffffff80000000), UINT64_MAX },
};
static const struct span noncanonical = { UINT64_C(0x0000800000000000), EFIMAP_KERNEL_FIRST - 1 };

static enum address_place place_of_entry(const struct facts_for_rules *c, size_t position)
{
	/* With 4-level paging, this range is for hypervisors, so the kernel does not use it. */
	const struct span guard = { UINT64_C(0xffff800000000000), UINT64_C(0xffff87ffffffffff) };
	const struct map_entry *entry = &c->map->entries[position];
	struct span span = { entry->virt, UINT64_MAX };

	if (!(c->flags[position] & ENTRY_FLAG_PHYS_SOUND) || entry->virt_from != EFIMAP_VIRT_READ)
		return PLACE_NONE;
	/* Ignore the offset inside a page, because other rules report it. */
	if (entry_is_identity_by_page(entry))
		return PLACE_IDENTITY;
	if (entry->virt == 0)
		return PLACE_ZERO;
	if (!c->identity && entry->pages > EFI_VA_RANGE_PAGES)
		return PLACE_NONE;
	/* If the virtual range wraps, check it up to the end of the address space. */
	(void)entry_virt(entry, &span);
	if (span_has(noncanonical, span.first) || span_has(noncanonical, span.last))
		return PLACE_NONCANONICAL;
	if (c->identity)
		return PLACE_NONIDENTITY;
	if (c->kernel_32bit)
		return span_contains(kernel_32bit, span) ? PLACE_KERNEL_32BIT : PLACE_OUTSIDE;
	if (span_contains(window, span))
		return PLACE_EFI_VA_RANGE;
	if (c->old_map && span.first >= EFIMAP_KERNEL_FIRST && span.last < EFIMAP_VA_END)
		return PLACE_OLD_MAP;
	if (span_has(window, span.first) || span_has(window, span.last))
		return PLACE_STRADDLES_EFI_VA_RANGE;
	for (size_t i = 0; i < sizeof(kernel_ranges) / sizeof(kernel_ranges[0]); i++)
		if (span_overlaps(kernel_ranges[i], span) && !span_contains(guard, span))
			return PLACE_KERNEL;
	return PLACE_OUTSIDE;
}

enum rule_id memmap_rule_of_type(const struct map_entry *entry)
{
	if (entry_has_type(entry, TYPE_BIT(MMIO) | TYPE_BIT(MMIO_PORT)))
		return EFIMAP_RULE_MMIO_IN_RAM;
	if (entry_has_type(entry, TYPE_BIT(RESERVED) | TYPE_BIT(RUNTIME_CODE) |
					  TYPE_BIT(RUNTIME_DATA) | TYPE_BIT(ACPI_NVS)) &&
	    entry_is_runtime(entry))
		return EFIMAP_RULE_RUNTIME_IN_RAM;
	return EFIMAP_RULE_COUNT;
}

bool has_all_tables(const struct efimap *map)
{
	return capture_has(map, EFIMAP_SRC_KERNEL_LOG) && map->n_tables > 0 &&
	       !find_table_fault(map);
}

/*
 * Return whether the map may have been exported with efi=old_map. This option affects all regions,
 * so a region in the EFI runtime virtual address range shows that the option was not set. If the
 * release is unknown, return true only if all known addresses are in the direct map.
 */
static bool may_be_old_map(const struct efimap *map)
{
	const bool is_known = kernel_is_known(map);
	bool is_any_direct = false;

	if (is_known && (!kernel_has(map, EFIMAP_CHANGE_SHOWS_BOOT_SERVICES, false) ||
			 kernel_has(map, EFIMAP_CHANGE_NO_OLD_MAP, true)))
		return false;
	for (size_t i = 0; i < map->n_entries; i++) {
		const struct map_entry *entry = &map->entries[i];
		const enum mapping_mode mapping = entry_mapping(entry);

		if (is_known ? mapping == EFIMAP_MAPPING_EFI_VA_RANGE
			     : entry->virt_from != EFIMAP_VIRT_UNKNOWN &&
				       (mapping != EFIMAP_MAPPING_DIRECT_MAP ||
					entry->virt < EFIMAP_KERNEL_FIRST))
			return false;
		is_any_direct |= entry->virt_from != EFIMAP_VIRT_UNKNOWN;
	}
	return is_known || is_any_direct;
}

static bool place_is_sound(enum address_place place)
{
	return place == PLACE_IDENTITY || place == PLACE_EFI_VA_RANGE || place == PLACE_OLD_MAP ||
	       place == PLACE_KERNEL_32BIT;
}

/*
 * Sort the entries by virtual address. In a kexec'd kernel, mark the parts that the kernel split
 * from a boot services entry to reserve a table. The parts are adjacent, and each has the virtual
 * address of the original entry (arch/x86/platform/efi/memmap.c: efi_memmap_insert).
 */
static void sort_by_virt(struct facts_for_rules *c)
{
	const struct map_entry *entries = c->map->entries;
	struct span span;

	c->by_virt = array_new(c->map->n_entries, sizeof(*c->by_virt));
	for (size_t i = 0; i < c->map->n_entries; i++)
		if (place_is_sound(place_of(c, i)))
			c->by_virt[c->n_by_virt++] =
				(struct sort_key){ entries[i].virt, (uint32_t)i };
	sort_keys(c->by_virt, c->n_by_virt);
	for (size_t k = 1; c->booted_by == EFIMAP_BOOTED_BY_KEXEC && k < c->n_by_virt; k++) {
		const struct map_entry *piece = &entries[c->by_virt[k].index];
		const struct map_entry *from = &entries[c->by_virt[k - 1].index];

		/* The sum cannot wrap, because @from is valid (entry_is_valid()). */
		if (entry_is_boot_services(piece) && piece->type == from->type &&
		    piece->virt == from->virt && entry_phys(from, &span) == 0 &&
		    span.last + 1 == piece->phys)
			c->flags[c->by_virt[k].index] |= ENTRY_FLAG_CUT_OFF;
	}
}

/*
 * Return whether all entries are valid and at least one is runtime data. An invalid entry may
 * contain the target of a pointer, so rules must not report that the pointer is outside the map.
 */
static bool is_all_sound(const struct facts_for_rules *c)
{
	bool has_data = false;

	for (size_t i = 0; i < c->map->n_entries; i++) {
		struct span span;

		has_data |= c->map->entries[i].type == EFIMAP_TYPE_RUNTIME_DATA;
		/* If virtual addresses were not read, check only the physical ranges. */
		if (!pages_of(&c->map->entries[i], &span) ||
		    (!(c->lacks & EFIMAP_NEEDS_VIRT) && !place_is_sound(place_of(c, i))))
			return false;
	}
	return has_data;
}

bool memmap_is_complete(const struct facts_for_rules *c)
{
	return has_all_of(c->map, EFIMAP_SRC_MEMMAP) && !memmap_may_lack_range(c->map) &&
	       !c->log_incomplete && !c->crash_kernel;
}

/* Determine the facts that do not depend on the order of the entries. */
static void init_facts(struct facts_for_rules *c, const struct efimap *map,
		       const struct verify_options *options)
{
	static const uint32_t needs[] = { EFIMAP_NEEDS_VIRT, EFIMAP_NEEDS_FILES,
					  EFIMAP_NEEDS_RESERVED_REGIONS };

	*c = (struct facts_for_rules){ .map = map, .options = options };
	c->booted_by = find_booted_by(map);
	c->runtime_off = why_runtime_services_off(map);
	c->mixed_mode = is_mixed_mode(map);
	c->crash_kernel = is_crash_kernel(map);
	c->kernel_32bit = is_32bit_kernel(map);
	c->native = !c->mixed_mode &&
		    (c->kernel_32bit || capture_has(map, EFIMAP_SRC_FW_PLATFORM_SIZE) ||
		     capture_has(map, EFIMAP_SRC_BOOT_PARAMS));
	c->log_incomplete = find_incomplete_log_fault(map) != NULL;
	c->complete = is_map_complete(map);
	c->has_boot_code = !c->complete;
	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++)
		if (rule_lacks(map, needs[i]))
			c->lacks |= needs[i];
	c->old_map = may_be_old_map(map);
}

void find_facts(struct facts_for_rules *c, const struct efimap *map,
		const struct verify_options *options, bool is_sorted)
{
	const size_t count = map->n_entries;
	size_t n_identity = 0, n_sound = 0;

	init_facts(c, map, options);
	if (is_sorted && count > 1) {
		c->ordered = *map;
		c->ordered.entries = array_new(count, sizeof(*map->entries));
		memcpy(c->ordered.entries, map->entries, count * sizeof(*map->entries));
		sort_items(c->ordered.entries, count, sizeof(*map->entries), entry_order);
		c->map = &c->ordered;
	}
	match_kernel_messages(c->map, &c->messages);
	c->flags = array_new(count, sizeof(*c->flags));
	c->places = array_new(count, sizeof(*c->places));
	for (size_t i = 0; i < count; i++) {
		const struct map_entry *entry = &c->map->entries[i];

		c->n_runtime_code += entry->type == EFIMAP_TYPE_RUNTIME_CODE;
		c->has_boot_code |= entry->type == EFIMAP_TYPE_BOOT_CODE && entry->phys > 0;
		if (!entry_is_valid(entry))
			continue;
		c->flags[i] = ENTRY_FLAG_PHYS_SOUND;
		n_sound++;
		n_identity +=
			entry->virt_from == EFIMAP_VIRT_READ && entry_is_identity_by_page(entry);
	}
	/* The places depend on c->identity. has_sound_runtime_data and by_virt depend on places. */
	if (c->mixed_mode || c->native)
		c->identity = c->mixed_mode;
	else
		c->identity = n_identity > n_sound - n_identity;
	for (size_t i = 0; i < count; i++)
		c->places[i] = (uint8_t)place_of_entry(c, i);
	c->has_sound_runtime_data = c->complete && !c->runtime_off && is_all_sound(c);
	for (size_t i = 0; i < c->map->n_memmap; i++)
		if (!c->map->memmap[i].bad && c->map->memmap[i].span.last > c->memmap_last)
			c->memmap_last = c->map->memmap[i].span.last;
	c->phys_last = cpu_last_address(c->map);
	if (c->phys_last == UINT64_MAX && memmap_is_complete(c))
		c->phys_last = c->memmap_last > UINT32_MAX ? c->memmap_last : UINT32_MAX;
	sort_by_virt(c);
	c->memmap = coverage_memmap(c->map);
	spans_gather(c->map, &c->spans);
}

bool runtime_is_off_by_parameter(const struct facts_for_rules *c)
{
	return c->runtime_off && (strcmp(c->runtime_off, "noefi") == 0 ||
				  strcmp(c->runtime_off, "efi=noruntime") == 0);
}

void free_facts(struct facts_for_rules *c)
{
	free(c->flags);
	free(c->places);
	free(c->ordered.entries);
	free(c->by_virt);
	free_kernel_messages(&c->messages);
	spans_free(&c->spans);
	coverage_free(&c->memmap);
}
