/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Faults in the shape of the map, in physical ranges, in types and attributes. */
#include <stdio.h>
#include <string.h>

#include "emulate/layout.h"
#include "model/traits.h"
#include "faults.h"

#define BIT(n) (UINT64_C(1) << (n))

static bool map_gone(struct victim *victim)
{
	if (!victim->kernel->has_map || efimap_runtime_off_reason(victim->map))
		return false;
	victim->map->states[EFIMAP_SRC_RUNTIME_MAP] = EFIMAP_STATE_ABSENT;
	victim->map->n_entries = victim->map->n_names = 0;
	return true;
}

static bool map_emptied(struct victim *victim)
{
	if (!victim->kernel->has_map)
		return false;
	victim->map->n_entries = victim->map->n_names = 0;
	return true;
}

static bool number_missing(struct victim *victim)
{
	struct efimap *map = victim->map;
	size_t at;

	if (map->n_entries < 2)
		return false;
	at = dice_index(victim->dice, map->n_entries - 1);
	map->n_entries--;
	map->n_names--;
	memmove(&map->entries[at], &map->entries[at + 1],
		(map->n_entries - at) * sizeof(map->entries[0]));
	memmove(&map->names[at], &map->names[at + 1],
		(map->n_names - at) * sizeof(map->names[0]));
	return true;
}

static void add_fault(struct victim *victim, enum efimap_fault_kind kind, uint32_t index,
		      const char *file)
{
	char where[80];
	struct efimap_fault fault = { .source = EFIMAP_SRC_RUNTIME_MAP,
				      .kind = kind,
				      .index = index,
				      .where = where,
				      .text = "a made fault" };

	snprintf(where, sizeof(where), "sys/firmware/efi/runtime-map/%s", file);
	victim_must(efimap_add_fault(victim->map, &fault));
}

static bool odd_name(struct victim *victim)
{
	if (!victim->kernel->has_map)
		return false;
	add_fault(victim, EFIMAP_FAULT_NAME, EFIMAP_NO_INDEX, "007");
	return true;
}

static bool odd_file(struct victim *victim)
{
	const struct efimap_entry *entry = victim_pick(victim, victim_takes_all);

	if (!entry)
		return false;
	add_fault(victim, EFIMAP_FAULT_EXTRA, entry->index, "0/perms");
	return true;
}

/* The entry of a file that cannot be used is not in the capture, its directory is. */
static bool spoil(struct victim *victim, enum efimap_fault_kind kind)
{
	static const char *const files[] = { "type", "phys_addr", "virt_addr", "num_pages",
					     "attribute" };
	struct efimap *map = victim->map;
	const struct efimap_entry *entry;
	char file[32];
	size_t at;

	if (map->n_entries < 2)
		return false;
	entry = victim_pick(victim, victim_takes_all);
	at = (size_t)(entry - map->entries);
	snprintf(file, sizeof(file), "%u/%s", (unsigned int)entry->index,
		 DICE_PICK(victim->dice, files));
	add_fault(victim, kind, entry->index, file);
	map->n_entries--;
	memmove(&map->entries[at], &map->entries[at + 1],
		(map->n_entries - at) * sizeof(map->entries[0]));
	return true;
}

static bool file_unreadable(struct victim *victim)
{
	static const enum efimap_fault_kind kinds[] = {
		EFIMAP_FAULT_MISSING, EFIMAP_FAULT_DENIED, EFIMAP_FAULT_EMPTY,
		EFIMAP_FAULT_NOT_A_FILE, EFIMAP_FAULT_IO,
	};

	return spoil(victim, DICE_PICK(victim->dice, kinds));
}

static bool value_malformed(struct victim *victim)
{
	return spoil(victim, dice_hit(victim->dice, 80) ? EFIMAP_FAULT_SYNTAX :
							  EFIMAP_FAULT_TOO_LONG);
}

/* More entries than a kernel can map, each where Linux would have put it. */
static bool grow(struct victim *victim, size_t count)
{
	struct efimap_entry entry = { .type = EFIMAP_TYPE_RESERVED,
				      .phys = UINT64_C(96) * GIB,
				      .pages = 1,
				      .attribute = EFIMAP_ATTR_RUNTIME | EFIMAP_ATTR_UC };
	uint64_t va = EFIMAP_VA_START;

	if (!victim_is_in_window(victim) || !dice_hit(victim->dice, 1))
		return false;
	for (size_t i = 0; i < victim->map->n_entries; i++)
		if (victim->map->entries[i].virt < va)
			va = victim->map->entries[i].virt;
	for (size_t n = victim->map->n_entries; n < count; n++) {
		entry.phys += 2 * EFIMAP_PAGE_SIZE;
		victim_must(efimap_layout_next(va, entry.phys, 1, &va));
		entry.virt = va;
		victim_add(victim, entry);
	}
	victim->index = EFIMAP_NO_INDEX;
	return true;
}

static bool too_many(struct victim *victim)
{
	return grow(victim, 6554);
}

static bool nearly_too_many(struct victim *victim)
{
	return grow(victim, 5500);
}

static bool many(struct victim *victim)
{
	return !victim->kernel->debug && grow(victim, 150);
}

static bool no_pages(struct victim *victim)
{
	struct efimap_entry *entry = victim_pick(victim, victim_takes_all);

	if (entry)
		entry->pages = 0;
	return entry;
}

static bool wraps(struct victim *victim)
{
	struct efimap_entry *entry = victim_pick(victim, victim_takes_all);

	if (!entry)
		return false;
	if (dice_hit(victim->dice, 50)) {
		entry->pages += BIT(52) + dice_below(victim->dice, BIT(52));
	} else {
		entry->pages += 1;
		entry->phys = -(entry->pages - 1) * EFIMAP_PAGE_SIZE;
	}
	return true;
}

static bool unaligned(struct victim *victim)
{
	struct efimap_entry *entry = victim_pick(victim, victim_takes_all);

	if (entry)
		entry->phys |= dice_between(victim->dice, 1, 0xfff);
	return entry;
}

static bool beyond_52_bits(struct victim *victim)
{
	struct efimap_entry *entry = victim_pick(victim, victim_takes_all);

	if (entry)
		entry->phys |= BIT(dice_between(victim->dice, 52, 62));
	return entry;
}

static bool beyond_the_cpu(struct victim *victim)
{
	struct efimap_entry *entry = victim_pick(victim, victim_takes_all);

	if (!entry || victim->map->phys_bits >= 52)
		return false;
	entry->phys |= BIT(dice_between(victim->dice, victim->map->phys_bits, 51));
	return true;
}

static bool larger_than_the_window(struct victim *victim)
{
	struct efimap_entry *entry = victim_pick(victim, victim_takes_all);

	if (!entry || !victim_is_in_window(victim))
		return false;
	entry->pages += BIT(24) + dice_below(victim->dice, BIT(36));
	return true;
}

static bool over_the_hole(struct victim *victim)
{
	struct efimap_entry *entry = victim_pick(victim, victim_takes_services);

	if (!entry)
		return false;
	entry->phys = dice_between(victim->dice, 0x90, 0x9f) * EFIMAP_PAGE_SIZE;
	entry->pages = dice_between(victim->dice, 0x11, 0x80);
	return true;
}

static bool from_zero(struct victim *victim)
{
	struct efimap_entry *entry = victim_pick(victim, victim_takes_services);

	if (!entry || victim->kernel->machine->is_32bit)
		return false;
	entry->phys = 0;
	entry->pages = dice_between(victim->dice, 0xa1, 0x200);
	return true;
}

static bool takes_needed(const struct victim *victim, const struct efimap_entry *entry)
{
	return victim_takes_runtime(victim, entry) && entry->type != EFIMAP_TYPE_CONVENTIONAL;
}

static bool runtime_bit_cleared(struct victim *victim)
{
	struct efimap_entry *entry = victim_pick(victim, takes_needed);

	if (entry)
		entry->attribute &= ~EFIMAP_ATTR_RUNTIME;
	return entry;
}

static bool retype(struct victim *victim, uint32_t type)
{
	struct efimap_entry *entry = victim_pick(victim, victim_takes_runtime);

	if (entry)
		entry->type = type;
	return entry;
}

static bool type_of_ram(struct victim *victim)
{
	static const uint32_t types[] = { 1, 2, 7 };

	return retype(victim, DICE_PICK(victim->dice, types));
}

static bool type_impossible(struct victim *victim)
{
	return retype(victim, dice_hit(victim->dice, 50) ? 8 : 15);
}

static bool type_of_itanium(struct victim *victim)
{
	return retype(victim, 13);
}

static bool type_persistent(struct victim *victim)
{
	return retype(victim, 14);
}

static bool type_undefined(struct victim *victim)
{
	return retype(victim, (uint32_t)dice_between(victim->dice, 16, 0x6fffffff));
}

static bool type_of_vendor(struct victim *victim)
{
	return retype(victim, (uint32_t)dice_between(victim->dice, 0x70000000, UINT32_MAX));
}

static bool no_cache_bit(struct victim *victim)
{
	struct efimap_entry *entry = victim_pick(victim, victim_takes_services);

	if (entry)
		entry->attribute &= ~EFIMAP_ATTR_CACHE;
	return entry;
}

static bool unknown_bit(struct victim *victim)
{
	struct efimap_entry *entry = victim_pick(victim, victim_takes_all);
	uint64_t bit;

	if (!entry)
		return false;
	do
		bit = BIT(dice_below(victim->dice, 63));
	while (!efimap_attr_unknown(bit));
	entry->attribute |= bit;
	return true;
}

static bool remove_all(struct victim *victim, uint32_t type)
{
	size_t left = 0;

	for (size_t i = 0; i < victim->map->n_entries; i++)
		left += victim->map->entries[i].type != type;
	if (left == 0)
		return false;
	for (size_t i = victim->map->n_entries; i-- > 0;)
		if (victim->map->entries[i].type == type)
			victim_remove(victim, i);
	return true;
}

static bool no_code(struct victim *victim)
{
	return remove_all(victim, EFIMAP_TYPE_RUNTIME_CODE);
}

static bool no_data(struct victim *victim)
{
	return remove_all(victim, EFIMAP_TYPE_RUNTIME_DATA);
}

static bool code_uncached(struct victim *victim)
{
	struct efimap_entry *entry = victim_pick(victim, victim_takes_services);

	if (entry)
		entry->attribute &= ~EFIMAP_ATTR_WB;
	return entry;
}

static bool takes_mmio(const struct victim *victim, const struct efimap_entry *entry)
{
	return entry->type == EFIMAP_TYPE_MMIO;
}

static bool mmio_cached(struct victim *victim)
{
	struct efimap_entry *entry = victim_pick(victim, takes_mmio);

	if (entry)
		entry->attribute = EFIMAP_ATTR_RUNTIME | EFIMAP_ATTR_WB;
	return entry;
}

static bool code_never_executable(struct victim *victim)
{
	bool any = false;

	for (size_t i = 0; i < victim->map->n_entries; i++) {
		struct efimap_entry *entry = &victim->map->entries[i];

		if (entry->type != EFIMAP_TYPE_RUNTIME_CODE)
			continue;
		any = true;
		entry->attribute |= EFIMAP_ATTR_XP;
		victim->index = entry->index;
	}
	return any;
}

static bool special_purpose(struct victim *victim)
{
	struct efimap_entry *entry = victim_pick(victim, victim_takes_runtime);

	if (entry)
		entry->attribute |= EFIMAP_ATTR_SP;
	return entry;
}

static bool shared_memory(struct victim *victim)
{
	struct efimap_entry *entry = victim_pick(victim, victim_takes_all);
	const struct efimap_entry *other = entry ? victim_other(victim, entry) : NULL;

	if (!other)
		return false;
	entry->phys = other->phys +
		      dice_below(victim->dice, other->pages) * EFIMAP_PAGE_SIZE;
	return true;
}

static bool copied(struct victim *victim)
{
	const struct efimap_entry *entry = victim_pick(victim, victim_takes_all);

	if (entry)
		victim_add(victim, *entry);
	return entry;
}

const struct fault faults_map[] = {
	FAULT(VERIFY, "no runtime map", map_gone, ERROR, MAP_ABSENT),
	FAULT(VERIFY, "a map without entries", map_emptied, ERROR, MAP_EMPTY),
	FAULT(VERIFY, "a number is missing", number_missing, WARNING, MAP_INDEX_GAP),
	FAULT(VERIFY, "a directory called 007", odd_name, WARNING, MAP_NAME_ODD),
	FAULT(VERIFY, "a sixth file", odd_file, NOTE, MAP_EXTRA_FILE),
	FAULT(VERIFY, "a file that cannot be read", file_unreadable, ERROR,
	      MAP_FILE_UNREADABLE),
	FAULT(VERIFY, "a file that is malformed", value_malformed, ERROR, MAP_VALUE_SYNTAX),
	FAULT(VERIFY, "6554 entries", too_many, ERROR, MAP_TOO_BIG),
	FAULT(VERIFY, "5500 entries", nearly_too_many, WARNING, MAP_TOO_BIG),
	FAULT(VERIFY, "150 entries", many, NOTE, MAP_COUNT_ODD),
	FAULT(VERIFY, "num_pages 0", no_pages, ERROR, PAGES_ZERO),
	FAULT(VERIFY, "a range that ends beyond 2^64", wraps, ERROR, RANGE_OVERFLOW),
	FAULT(VERIFY, "phys_addr inside a page", unaligned, ERROR, PHYS_UNALIGNED),
	FAULT(VERIFY, "phys_addr beyond 2^52", beyond_52_bits, ERROR, RANGE_ABOVE_52),
	FAULT(VERIFY, "phys_addr beyond the CPU's bits", beyond_the_cpu, WARNING,
	      RANGE_ABOVE_MAXPHYS),
	FAULT(VERIFY, "larger than the EFI window", larger_than_the_window, ERROR,
	      RANGE_EXCEEDS_WINDOW),
	FAULT(VERIFY, "over video memory and ROM", over_the_hole, WARNING, RANGE_BELOW_1M),
	FAULT(VERIFY, "from 0 into video memory", from_zero, WARNING, PHYS_ZERO),
	FAULT(VERIFY, "without RUNTIME", runtime_bit_cleared, WARNING, RUNTIME_BIT_MISSING),
	FAULT(VERIFY, "a type of RAM", type_of_ram, ERROR, TYPE_RAM_RUNTIME),
	FAULT(VERIFY, "unusable or unaccepted", type_impossible, ERROR, TYPE_IMPOSSIBLE),
	FAULT(VERIFY, "Itanium's PAL code", type_of_itanium, WARNING, TYPE_IMPOSSIBLE),
	FAULT(VERIFY, "persistent memory", type_persistent, WARNING, TYPE_NVS_ACPI_RT),
	FAULT(VERIFY, "a type that UEFI does not define", type_undefined, WARNING,
	      TYPE_RESERVED_RANGE),
	FAULT(VERIFY, "a type of a vendor", type_of_vendor, NOTE, TYPE_OEM),
	FAULT(VERIFY, "code or data without a cacheability bit", no_cache_bit, WARNING,
	      ATTR_NO_CACHE),
	FAULT(VERIFY, "an attribute bit that UEFI does not define", unknown_bit, WARNING,
	      ATTR_UNKNOWN_BITS),
	FAULT(VERIFY, "no runtime code", no_code, ERROR, NO_RUNTIME_CODE),
	FAULT(VERIFY, "no runtime data", no_data, ERROR, NO_RUNTIME_DATA),
	FAULT(VERIFY, "code or data without WB", code_uncached, WARNING, ATTR_CODE_NOT_WB),
	FAULT(VERIFY, "MMIO with WB only", mmio_cached, WARNING, ATTR_MMIO_NO_UC),
	FAULT(VERIFY, "XP on all code", code_never_executable, WARNING, ATTR_XP_CODE),
	FAULT(VERIFY, "SP on runtime memory", special_purpose, WARNING, ATTR_SP),
	FAULT(VERIFY, "phys_addr in another entry", shared_memory, ERROR, PHYS_OVERLAP),
	FAULT(VERIFY, "an entry twice", copied, WARNING, ENTRY_DUPLICATE),
	{ .name = NULL },
};
