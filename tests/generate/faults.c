/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the tables of faults share: choosing entries, taking some out, adding some. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "faults.h"

void victim_must(int error)
{
	if (error) {
		fprintf(stderr, "generate: out of memory\n");
		exit(1);
	}
}

bool victim_takes_all(const struct victim *victim, const struct efimap_entry *entry)
{
	return true;
}

bool victim_takes_runtime(const struct victim *victim, const struct efimap_entry *entry)
{
	return efimap_entry_is_runtime(entry) && !efimap_entry_is_boot_services(entry);
}

bool victim_takes_services(const struct victim *victim, const struct efimap_entry *entry)
{
	return entry->type == EFIMAP_TYPE_RUNTIME_CODE ||
	       entry->type == EFIMAP_TYPE_RUNTIME_DATA;
}

struct efimap_entry *victim_pick(struct victim *victim, victim_takes *takes)
{
	struct efimap_entry *found = NULL;
	uint64_t seen = 0;

	for (size_t i = 0; i < victim->map->n_entries; i++)
		if (takes(victim, &victim->map->entries[i]) &&
		    dice_below(victim->dice, ++seen) == 0)
			found = &victim->map->entries[i];
	if (found)
		victim->index = found->index;
	return found;
}

struct efimap_entry *victim_other(struct victim *victim, const struct efimap_entry *entry)
{
	const size_t count = victim->map->n_entries;
	const size_t at = (size_t)(entry - victim->map->entries);

	if (count < 2)
		return NULL;
	return &victim->map->entries[(at + dice_between(victim->dice, 1, count - 1)) % count];
}

void victim_remove(struct victim *victim, size_t position)
{
	struct efimap *map = victim->map;

	map->n_entries--;
	map->n_names--;
	memmove(&map->entries[position], &map->entries[position + 1],
		(map->n_entries - position) * sizeof(map->entries[0]));
	for (size_t i = position; i < map->n_entries; i++)
		map->entries[i].index = (uint32_t)i;
}

void victim_add(struct victim *victim, struct efimap_entry entry)
{
	entry.index = (uint32_t)victim->map->n_entries;
	victim->index = entry.index;
	victim_must(efimap_add_entry(victim->map, &entry));
	victim_must(efimap_add_name(victim->map, entry.index));
}

bool victim_is_in_window(const struct victim *victim)
{
	return victim->map->n_entries > 0 && !victim->kernel->machine->is_32bit &&
	       !victim->kernel->old_map;
}

static bool is_in_map(const struct efimap *map, uint64_t address)
{
	for (size_t i = 0; i < map->n_entries; i++)
		if (efimap_span_has(victim_span(&map->entries[i]), address))
			return true;
	return false;
}

uint64_t victim_free_ram(struct victim *victim)
{
	const struct efimap *map = victim->map;

	for (unsigned int tries = 0; tries < 8 && map->n_memmap > 0; tries++) {
		const struct efimap_range *range =
			&map->memmap[dice_below(victim->dice, map->n_memmap)];
		const uint64_t first = (range->start + 0xfff) & ~UINT64_C(0xfff);
		uint64_t address;

		if (strcmp(range->label, "System RAM") != 0 || first < MIB ||
		    range->end - range->start < 2 * EFIMAP_PAGE_SIZE)
			continue;
		address = first + dice_below(victim->dice, (range->end - first) / 0x1000) *
					  EFIMAP_PAGE_SIZE;
		if (!is_in_map(map, address))
			return address;
	}
	return 0;
}
