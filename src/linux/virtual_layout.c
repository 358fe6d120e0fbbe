/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Compute the kernel's top-down allocation in the EFI runtime virtual address range, compare it
 * with the addresses that were read, and derive the runtime map from the memory lists in a kernel
 * log. Source: arch/x86/platform/efi/efi_64.c: efi_map_region(), which did not change from Linux
 * 3.14 to 7.3; efi.c: efi_merge_regions(), should_map_region(), efi_map_regions(); quirks.c;
 * drivers/firmware/efi/runtime-map.c.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/sort.h"
#include "base/address_span.h"
#include "capture/kernel_parameters.h"
#include "infer/architecture.h"
#include "infer/booted_by.h"
#include "infer/linux_changes.h"
#include "infer/runtime_services_off.h"
#include "infer/why_no_map.h"
#include "linux/virtual_layout.h"

int layout_next(uint64_t va, uint64_t phys, uint64_t pages, uint64_t *ret_va)
{
	const uint64_t offset = phys & (EFIMAP_LAYOUT_STEP - 1);
	uint64_t bytes, next, block;

	if (__builtin_mul_overflow(pages, EFIMAP_PAGE_SIZE, &bytes) ||
	    __builtin_sub_overflow(va, bytes, &next))
		return -EOVERFLOW;
	block = next & ~(EFIMAP_LAYOUT_STEP - 1);
	/*
	 * If the physical address has a larger offset in its 2 MiB block than the virtual address,
	 * the kernel uses the block below.
	 */
	if (offset == 0)
		next = block;
	else if (block + offset <= next)
		next = block + offset;
	else if (__builtin_sub_overflow(block + offset, EFIMAP_LAYOUT_STEP, &next))
		return -EOVERFLOW;
	if (next < EFIMAP_VA_END)
		return -EOVERFLOW;
	*ret_va = next;
	return 0;
}

const char *layout_order_name(unsigned int order)
{
	return order == EFIMAP_LAYOUT_ASCENDING ? "ascending" : "descending";
}

/*
 * Return whether the first kernel maps the memory of @entry (efi.c: should_map_region()). The
 * mapping of memory with EFI_MEMORY_SP depends on soft reservation, so it counts as not mapped.
 */
static bool is_mapped(const struct map_entry *entry, bool mixed)
{
	if (entry_is_runtime(entry) || entry_is_boot_services(entry))
		return true;
	if (!mixed)
		return false;
	if (entry->type == EFIMAP_TYPE_CONVENTIONAL)
		return !(entry->attribute & EFIMAP_ATTR_SP);
	return entry->type == EFIMAP_TYPE_LOADER_CODE || entry->type == EFIMAP_TYPE_LOADER_DATA;
}

/*
 * Merge entries as the kernel does before it maps them (efi.c: efi_merge_regions()): entries that
 * follow each other in the map, are physically adjacent, and have the same type and attribute. The
 * type and the attribute of the second entry become 0, so it is not mapped.
 */
EFIMAP_WRAPS
static void merge_regions(struct map_entry *entries, size_t count)
{
	struct map_entry *last = entries;

	for (size_t i = 1; i < count; i++) {
		struct map_entry *entry = &entries[i];

		/* The sum may wrap, so an invalid size has the same effect as in the kernel. */
		if (entry->type != last->type || entry->attribute != last->attribute ||
		    entry->phys != last->phys + last->pages * EFIMAP_PAGE_SIZE) {
			last = entry;
			continue;
		}
		last->pages += entry->pages;
		entry->type = EFIMAP_TYPE_RESERVED;
		entry->attribute = 0;
	}
}

/* If virt - phys wraps, its remainder is correct: 2^64 is a multiple of EFIMAP_LAYOUT_STEP. */
EFIMAP_WRAPS
bool layout_row_allows(const struct layout_row *row, const struct map_entry *entry)
{
	if (row->kind == EFIMAP_LAYOUT_EXACT)
		return entry->virt == row->predicted;
	return row->kind == EFIMAP_LAYOUT_NO_SPACE ||
	       (entry->virt >= EFIMAP_VA_END && entry->virt <= row->bound &&
		(entry->virt - entry->phys) % EFIMAP_LAYOUT_STEP == 0);
}

static bool has_unmarked(const struct efimap *map)
{
	for (size_t i = 0; i < map->n_entries; i++)
		if (entry_is_boot_services(&map->entries[i]) && !entry_is_runtime(&map->entries[i]))
			return true;
	return false;
}

/*
 * Since Linux 5.7, a kernel with efi=debug keeps all boot services entries, so the map is complete
 * (arch/x86/platform/efi/quirks.c: efi_free_boot_services). After kexec, a boot services entry
 * without EFI_MEMORY_RUNTIME proves that the first kernel also had efi=debug.
 */
bool layout_is_complete(const struct efimap *map)
{
	return is_map_complete(map) && has_efi_option(map, "debug") &&
	       kernel_has(map, EFIMAP_CHANGE_DEBUG_FREES_NONE, false) &&
	       map->n_names == map->n_entries && map->names[map->n_names - 1] == map->n_names - 1 &&
	       (find_booted_by(map) == EFIMAP_BOOTED_BY_FIRMWARE || has_unmarked(map));
}

/* derive() computed the addresses from the complete map, which includes freed regions. */
static void take_computed(const struct efimap *map, struct layout *layout)
{
	layout->complete = true;
	for (size_t i = 0; i < layout->n_rows; i++) {
		const struct map_entry *entry = &map->entries[i];
		struct layout_row *row = &layout->rows[i];

		layout->complete &= entry->virt_from == EFIMAP_VIRT_PREDICTED;
		if (entry->virt_from != EFIMAP_VIRT_PREDICTED)
			continue;
		row->kind = EFIMAP_LAYOUT_EXACT;
		row->predicted = row->bound = entry->virt;
	}
}

static const char *why_not_predicted(const struct efimap *map)
{
	if (is_other_architecture(map))
		return "virtual addresses are predicted only for x86 kernels";
	if (map->map_from == EFIMAP_MAP_FROM_RECEIVED)
		return "the first kernel assigned the virtual addresses of this map, and "
		       "the log does not show them";
	if (is_32bit_kernel(map))
		return "a 32-bit kernel maps each region in its direct map or with ioremap";
	return NULL;
}

/*
 * Predict the addresses in the order of the entries or, if @by_virt is set, in the order of
 * descending virtual addresses. Return the number of entries whose address is impossible.
 */
static size_t walk_along(const struct efimap *map, const struct layout *layout,
			 struct sort_key *keys, bool by_virt)
{
	const bool exact = layout->complete;
	uint64_t next_va = EFIMAP_VA_START, va;
	bool is_used_up = false;
	size_t wrong = 0;

	for (size_t i = 0; i < layout->n_rows; i++)
		keys[i] = (struct sort_key){ UINT64_MAX - map->entries[i].virt, (uint32_t)i };
	if (by_virt)
		sort_keys(keys, layout->n_rows);
	for (size_t i = 0; i < layout->n_rows; i++) {
		const struct map_entry *entry = &map->entries[keys[i].index];
		struct layout_row *row = &layout->rows[keys[i].index];

		*row = (struct layout_row){ .kind = EFIMAP_LAYOUT_NO_SPACE };
		if (layout->mixed) {
			row->kind = EFIMAP_LAYOUT_EXACT;
			row->predicted = row->bound = entry->phys;
		} else if (!is_used_up &&
			   layout_next(next_va, entry->phys, entry->pages, &va) == 0) {
			row->kind = exact ? EFIMAP_LAYOUT_EXACT : EFIMAP_LAYOUT_BOUND;
			row->predicted = exact ? va : 0;
			row->bound = va;
			next_va = !exact && layout_row_allows(row, entry) ? entry->virt : va;
		} else {
			/* In a map with gaps, a later entry may still fit. */
			is_used_up = exact;
		}
		wrong += !layout_row_allows(row, entry);
	}
	return wrong;
}

/*
 * Predict the addresses in the order in which the kernel mapped the entries. In a map that
 * kexec_load passed, the entries are in the order of sysfs, where about every second virtual
 * address is higher than the previous one. If at most a third are higher, the entries may instead
 * be in the order of mapping, with some wrong addresses. In that case, use the order in which fewer
 * addresses are impossible.
 */
static void predict_rows(const struct efimap *map, struct layout *layout)
{
	const struct map_entry *entries = map->entries;
	const bool is_in_order = find_booted_by(map) == EFIMAP_BOOTED_BY_FIRMWARE;
	const size_t count = layout->n_rows;
	auto_free struct sort_key *keys = array_new(count, sizeof(*keys));
	size_t n_higher = 0, wrong, up = 0, down = 0;
	bool few;

	for (size_t i = 1; i < count; i++)
		n_higher += entries[i].virt >= entries[i - 1].virt;
	few = count < 2 || n_higher <= (count - 1) / 3;
	if (n_higher == 0 || layout->mixed || (few && is_in_order)) {
		walk_along(map, layout, keys, false);
	} else {
		wrong = walk_along(map, layout, keys, true);
		if (few && walk_along(map, layout, keys, false) > wrong)
			walk_along(map, layout, keys, true);
	}
	for (size_t i = 1; i < count; i++) {
		const uint64_t before = entries[keys[i - 1].index].phys;
		const uint64_t after = entries[keys[i].index].phys;

		up += after > before;
		down += after < before;
	}
	layout->order = up > down ? EFIMAP_LAYOUT_ASCENDING : EFIMAP_LAYOUT_DESCENDING;
}

struct layout predict_layout(const struct efimap *map)
{
	struct layout layout = {
		.reason = why_not_predicted(map),
		.has_virt = map->map_from == EFIMAP_MAP_FROM_FILES,
		.mixed = is_mixed_mode(map),
	};

	if (!layout.reason) {
		layout.complete = layout.mixed || (layout.has_virt && layout_is_complete(map));
		layout.n_rows = map->n_entries;
		layout.rows = array_new(map->n_entries, sizeof(*layout.rows));
		predict_rows(map, &layout);
	}
	for (size_t i = 0; layout.has_virt && i < layout.n_rows; i++)
		layout.n_impossible += !layout_row_allows(&layout.rows[i], &map->entries[i]);
	if (!layout.reason && !layout.has_virt)
		take_computed(map, &layout);
	return layout;
}

void layout_free(struct layout *layout)
{
	free(layout->rows);
}

/*
 * The state of derive().
 *
 * @mixed:       a 64-bit kernel runs on 32-bit firmware, and identity-maps everything, including
 *               RAM
 * @narrow:      the kernel is 32-bit, and maps only regions with EFI_MEMORY_RUNTIME, at
 *               unpredictable addresses (efi.c: should_map_region; efi_32.c: efi_map_region)
 * @debug:       with efi=debug (without which a log has no memory list), the kernel keeps all boot
 *               services regions
 * @only_rt:     the kernel exports only regions with EFI_MEMORY_RUNTIME, and no boot services
 *               regions, as Linux before 4.9 does (save_runtime_map)
 * @is_va_known: @va and the layout algorithm of this kernel are known
 * @va:          efi_va, the last virtual address that was allocated
 */
struct derivation {
	struct efimap *map;
	bool mixed;
	bool narrow;
	bool debug;
	bool only_rt;
	bool is_va_known;
	uint64_t va;
};

bool layout_has_ram(const struct map_entry *entries, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (entries[i].type == EFIMAP_TYPE_CONVENTIONAL)
			return true;
	return false;
}

static void place_region(struct derivation *derivation, struct map_entry *entry)
{
	entry->virt = 0;
	entry->virt_from = EFIMAP_VIRT_UNKNOWN;
	if (!derivation->is_va_known)
		return;
	/* If the range is exhausted, the kernel sets neither this address nor any later address. */
	if (!derivation->mixed &&
	    layout_next(derivation->va, entry->phys, entry->pages, &derivation->va)) {
		derivation->is_va_known = false;
		return;
	}
	entry->virt = derivation->mixed ? entry->phys : derivation->va;
	entry->virt_from = EFIMAP_VIRT_PREDICTED;
}

static void keep_entry(struct derivation *derivation, struct map_entry *entry)
{
	struct efimap *map = derivation->map;
	const bool is_exported =
		entry_is_boot_services(entry)
			? derivation->debug || (entry_is_runtime(entry) && !derivation->only_rt)
			: entry_is_runtime(entry) || !derivation->only_rt;

	if (!is_exported)
		return;
	entry->index = (uint32_t)map->n_entries;
	capture_add_name(map, entry->index);
	capture_add_entry(map, entry);
}

static void take_runtime_print(struct derivation *derivation, const struct map_entry *runtime,
			       size_t count)
{
	uint32_t next = 0;

	derivation->mixed |= layout_has_ram(runtime, count);
	derivation->map->map_from = EFIMAP_MAP_FROM_RUNTIME;
	for (size_t i = 0; i < count; i++) {
		struct map_entry entry = runtime[i];

		/* Except in mixed mode, a missing entry leaves all later addresses unknown. */
		derivation->is_va_known &= derivation->mixed || entry.index == next;
		next = entry.index + 1;
		place_region(derivation, &entry);
		keep_entry(derivation, &entry);
	}
}

static void take_firmware_print(struct derivation *derivation)
{
	struct efimap *map = derivation->map;
	const bool forward = derivation->mixed || derivation->narrow ||
			     !kernel_has(map, EFIMAP_CHANGE_WALKS_BACKWARDS, true);
	const size_t count = map->n_firmware;
	auto_free struct map_entry *merged = array_new(count, sizeof(*merged));
	const struct map_entry *last = NULL;

	map->map_from = EFIMAP_MAP_FROM_FIRMWARE;
	memcpy(merged, map->firmware, count * sizeof(*merged));
	merge_regions(merged, count);
	for (size_t i = 0; i < count; i++) {
		struct map_entry *entry = &merged[forward ? i : count - 1 - i];
		struct map_entry copy = *entry;

		/*
		 * The first line of a list has the number 0. The number of its last line is
		 * unknown, so missing lines can be detected at the start but not at the end.
		 */
		if (last ? last->index + 1 != entry->index && entry->index + 1 != last->index
			 : forward && entry->index != 0)
			derivation->is_va_known &= derivation->mixed;
		last = entry;
		if (derivation->narrow ? !entry_is_runtime(entry)
				       : !is_mapped(entry, derivation->mixed))
			continue;
		place_region(derivation, &copy);
		keep_entry(derivation, &copy);
	}
}

/*
 * Use the firmware map as the runtime map, because kexec_enter_virtual_mode() keeps the numbers and
 * the virtual addresses of the received map.
 */
static void take_received_print(struct efimap *map)
{
	map->map_from = EFIMAP_MAP_FROM_RECEIVED;
	for (size_t i = 0; i < map->n_firmware; i++) {
		capture_add_name(map, map->firmware[i].index);
		capture_add_entry(map, &map->firmware[i]);
	}
}

static bool has_runtime_of(const struct map_entry *entries, size_t count, enum memory_type type)
{
	for (size_t i = 0; i < count; i++)
		if (entries[i].type == type && entry_is_runtime(&entries[i]))
			return true;
	return false;
}

const char *layout_lacks(const struct map_entry *entries, size_t count)
{
	if (!has_runtime_of(entries, count, EFIMAP_TYPE_RUNTIME_CODE))
		return "runtime code";
	if (!has_runtime_of(entries, count, EFIMAP_TYPE_RUNTIME_DATA))
		return "runtime data";
	return NULL;
}

/*
 * Return whether @map->firmware is the map that a kexec'd kernel received. A received map starts
 * with mem00, has runtime code and runtime data, and contains only runtime regions and boot
 * services regions. A map with gaps is not accepted, because the missing lines may describe
 * conventional memory.
 */
static bool is_received(const struct efimap *map)
{
	if (layout_lacks(map->firmware, map->n_firmware))
		return false;
	for (size_t i = 0; i < map->n_firmware; i++)
		if (map->firmware[i].index != i || (!entry_is_runtime(&map->firmware[i]) &&
						    !entry_is_boot_services(&map->firmware[i])))
			return false;
	return true;
}

void derive(struct efimap *map, const struct map_entry *runtime, size_t count)
{
	const bool old_map =
		has_efi_option(map, "old_map") && !kernel_has(map, EFIMAP_CHANGE_NO_OLD_MAP, false);
	const bool narrow = is_32bit_kernel(map);
	struct derivation derivation = {
		.map = map,
		.mixed = is_mixed_mode(map),
		.narrow = narrow,
		.debug = kernel_has(map, EFIMAP_CHANGE_DEBUG_FREES_NONE, false),
		.only_rt = !kernel_has(map, EFIMAP_CHANGE_SHOWS_BOOT_SERVICES, true),
		.is_va_known = !narrow && !old_map &&
			       kernel_has(map, EFIMAP_CHANGE_MAPS_EFI_VA_RANGE, true),
		.va = EFIMAP_VA_START,
	};
	const char *off = why_runtime_services_off(map);

	if (count + map->n_firmware == 0 || (off && !is_before_runtime_map(map)))
		return;
	if (count)
		take_runtime_print(&derivation, runtime, count);
	else if (layout_has_ram(map->firmware, map->n_firmware))
		take_firmware_print(&derivation);
	else if (is_received(map))
		take_received_print(map);
	else
		return;
	map->states[EFIMAP_SRC_RUNTIME_MAP] = EFIMAP_STATE_PRESENT;
}
