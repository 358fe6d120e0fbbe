/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Determine whether entries of the runtime map are missing, and why. */
#include <string.h>

#include "infer/complete_map.h"

const struct efimap_fault *efimap_find_incomplete_log_fault(const struct efimap *map)
{
	const char *log = efimap_source_path(EFIMAP_SRC_KERNEL_LOG);

	if (map->map_from == EFIMAP_MAP_FROM_FILES)
		return NULL;
	for (size_t i = 0; i < map->n_faults; i++)
		if (map->faults[i].source == EFIMAP_SRC_KERNEL_LOG &&
		    strcmp(map->faults[i].where, log) == 0 &&
		    map->faults[i].state >= EFIMAP_STATE_LINES_MISSING)
			return &map->faults[i];
	return NULL;
}

/*
 * A map is incomplete if an entry was not read, or if the numbers of the entries have a gap. The
 * kernel numbers the entries from 0 (drivers/firmware/efi/runtime-map.c: efi_runtime_map_init). A
 * directory with an invalid name also makes the map incomplete, because kexec-tools reads this
 * directory as an entry, but efimapctl does not.
 */
bool efimap_is_map_complete(const struct efimap *map)
{
	const size_t count = map->n_names;

	return !efimap_find_incomplete_log_fault(map) && map->n_entries > 0 &&
	       count <= map->n_entries && (count == 0 || map->names[count - 1] < count) &&
	       !efimap_has_fault(map, EFIMAP_SRC_RUNTIME_MAP, EFIMAP_ANY_FAULT);
}
