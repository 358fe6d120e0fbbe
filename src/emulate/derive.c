/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From the lists of memory in a kernel's log to the map that its sysfs shows. It must not
 * know how a log is written, nor judge what is in it.
 * Source: arch/x86/platform/efi/efi.c, efi_64.c, quirks.c;
 * drivers/firmware/efi/runtime-map.c
 */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "emulate/derive.h"
#include "emulate/layout.h"
#include "model/kernel.h"
#include "model/traits.h"

/*
 * struct making - a map being made
 * @mixed:    32-bit firmware: everything is mapped onto itself, RAM too
 * @narrow:   32-bit kernel: it maps what is marked RUNTIME only, among its own addresses,
 *            which cannot be known (efi.c: should_map_region; efi_32.c: efi_map_region)
 * @debug:    boot-services entries without EFI_MEMORY_RUNTIME stay, because without
 *            efi=debug such a kernel prints no list
 * @only_rt:  before 4.9 only runtime regions proper were exported (save_runtime_map)
 * @has_virt: the layout algorithm of this kernel is known
 * @va:       the algorithm's state; valid while @has_virt
 */
struct making {
	struct efimap *map;
	bool mixed;
	bool narrow;
	bool debug;
	bool only_rt;
	bool has_virt;
	uint64_t va;
};

/* Only mixed mode maps RAM (efi.c: should_map_region). */
static bool has_ram(const struct efimap_entry *entries, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (entries[i].type == EFIMAP_TYPE_CONVENTIONAL)
			return true;
	return false;
}

static struct making begin_making(struct efimap *map)
{
	const bool old_map = efimap_cmdline_efi_has(map, "old_map") &&
			     !efimap_kernel_has(map, EFIMAP_CHANGE_NO_OLD_MAP, false);
	const bool narrow = efimap_is_32bit_kernel(map);
	const bool known = !narrow && !old_map &&
			   efimap_kernel_has(map, EFIMAP_CHANGE_MAPS_WINDOW, true);

	return (struct making){
		.map = map,
		.mixed = efimap_is_mixed_mode(map),
		.narrow = narrow,
		.debug = efimap_kernel_has(map, EFIMAP_CHANGE_DEBUG_FREES_NONE, false),
		.only_rt = !efimap_kernel_has(map, EFIMAP_CHANGE_SHOWS_BOOT_SERVICES, true),
		.has_virt = known,
		.va = EFIMAP_VA_START,
	};
}

/* The next region of the walk gets its address, or one that is not known. */
static void place_region(struct making *making, struct efimap_entry *entry)
{
	entry->virt = 0;
	entry->virt_from = EFIMAP_VIRT_UNKNOWN;
	if (!making->has_virt)
		return;
	/* The window is used up: the kernel warns, and leaves this and all others alone.
	 */
	if (!making->mixed &&
	    efimap_layout_next(making->va, entry->phys, entry->pages, &making->va)) {
		making->has_virt = false;
		return;
	}
	entry->virt = making->mixed ? entry->phys : making->va;
	entry->virt_from = EFIMAP_VIRT_PREDICTED;
}

static bool is_exported(const struct making *making, const struct efimap_entry *entry)
{
	if (efimap_entry_is_boot_services(entry))
		return making->debug ||
		       (efimap_entry_is_runtime(entry) && !making->only_rt);
	return efimap_entry_is_runtime(entry) || !making->only_rt;
}

/* As the kernel numbers what it keeps; @entry->index is replaced. */
static int keep_entry(struct making *making, struct efimap_entry *entry)
{
	struct efimap *map = making->map;
	int ret;

	if (!is_exported(making, entry))
		return 0;
	entry->index = (uint32_t)map->n_entries;
	ret = efimap_add_name(map, entry->index);
	return ret ? ret : efimap_add_entry(map, entry);
}

/* The kernel's list of what it mapped, in the order of the walk. */
static int take_runtime_print(struct making *making, struct efimap_printed runtime)
{
	uint32_t next = 0;
	int ret = 0;

	making->mixed |= has_ram(runtime.entries, runtime.count);
	making->map->map_from = EFIMAP_MAP_FROM_RUNTIME;
	for (size_t i = 0; i < runtime.count && !ret; i++) {
		struct efimap_entry entry = runtime.entries[i];

		/* What is missing has used room in the window, nobody knows how much. */
		making->has_virt &= making->mixed || entry.index == next;
		next = entry.index + 1;
		place_region(making, &entry);
		ret = keep_entry(making, &entry);
	}
	return ret;
}

/* A hole in the list between two descriptors of the walk? */
static bool is_hole(const struct efimap_entry *a, const struct efimap_entry *b)
{
	return (a->index > b->index ? a->index - b->index : b->index - a->index) != 1;
}

static int walk_print(struct making *making, struct efimap_entry *entries, size_t count)
{
	const bool forward =
		making->mixed || making->narrow ||
		!efimap_kernel_has(making->map, EFIMAP_CHANGE_WALKS_BACKWARDS, true);
	const struct efimap_entry *last = NULL;
	int ret = 0;

	for (size_t i = 0; i < count && !ret; i++) {
		struct efimap_entry *entry = &entries[forward ? i : count - 1 - i];
		struct efimap_entry copy = *entry;

		/* Where a list begins is known, where it ends is not. */
		if (last ? is_hole(last, entry) : forward && entry->index != 0)
			making->has_virt &= making->mixed;
		last = entry;
		if (making->narrow ? !efimap_entry_is_runtime(entry)
				   : !efimap_layout_is_mapped(entry, making->mixed))
			continue;
		place_region(making, &copy);
		ret = keep_entry(making, &copy);
	}
	return ret;
}

static int take_firmware_print(struct making *making)
{
	struct efimap *map = making->map;
	efimap_auto_free struct efimap_entry *merged =
		efimap_array_new(map->n_firmware, sizeof(*merged));

	if (!merged)
		return -ENOMEM;
	map->map_from = EFIMAP_MAP_FROM_FIRMWARE;
	memcpy(merged, map->firmware, map->n_firmware * sizeof(*merged));
	efimap_layout_merge(merged, map->n_firmware);
	return walk_print(making, merged, map->n_firmware);
}

/* kexec_enter_virtual_mode keeps numbers, and addresses that the log does not show. */
static int take_received_print(struct efimap *map)
{
	int ret = 0;

	map->map_from = EFIMAP_MAP_FROM_RECEIVED;
	for (size_t i = 0; i < map->n_firmware && !ret; i++) {
		ret = efimap_add_name(map, map->firmware[i].index);
		if (!ret)
			ret = efimap_add_entry(map, &map->firmware[i]);
	}
	return ret;
}

/*
 * A kexec'ed kernel prints what it received from mem00 on: the firmware's memory, and what the
 * first kernel kept. Other lines are an excerpt, of nobody knows which list.
 */
static bool is_received(const struct efimap *map)
{
	if (map->firmware[0].index != 0 && !efimap_kernel_is_known(map))
		return false;
	for (size_t i = 0; i < map->n_firmware; i++)
		if (!efimap_entry_is_runtime(&map->firmware[i]) &&
		    !efimap_entry_is_boot_services(&map->firmware[i]))
			return false;
	return true;
}

int efimap_derive(struct efimap *map, struct efimap_printed runtime)
{
	struct making making = begin_making(map);
	const char *off = efimap_runtime_off_reason(map);
	int ret;

	if (runtime.count + map->n_firmware == 0 || (off && !efimap_is_too_old(map)))
		return 0;
	if (runtime.count)
		ret = take_runtime_print(&making, runtime);
	else if (has_ram(map->firmware, map->n_firmware))
		ret = take_firmware_print(&making);
	else if (is_received(map))
		ret = take_received_print(map);
	else
		return 0;
	if (!ret)
		map->states[EFIMAP_SRC_RUNTIME_MAP] = EFIMAP_STATE_PRESENT;
	return ret;
}
