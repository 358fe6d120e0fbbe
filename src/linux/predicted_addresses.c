/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Predict the virtual addresses of a capture, and compare them with addresses that were read. */
#include <errno.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "capture/kernel_parameters.h"
#include "infer/architecture.h"
#include "infer/booted_by.h"
#include "infer/complete_map.h"
#include "infer/linux_changes.h"
#include "linux/predicted_addresses.h"

static bool has_unmarked(const struct efimap *map)
{
	for (size_t i = 0; i < map->n_entries; i++)
		if (efimap_entry_is_boot_services(&map->entries[i]) &&
		    !efimap_entry_is_runtime(&map->entries[i]))
			return true;
	return false;
}

/*
 * Since Linux 5.7, a kernel with efi=debug keeps all boot services entries, so the map is complete
 * (arch/x86/platform/efi/quirks.c: efi_free_boot_services). After kexec, a boot services entry
 * without EFI_MEMORY_RUNTIME proves that the first kernel also had efi=debug.
 */
bool efimap_layout_is_complete(const struct efimap *map)
{
	return efimap_is_map_complete(map) && efimap_has_efi_option(map, "debug") &&
	       efimap_kernel_has(map, EFIMAP_CHANGE_DEBUG_FREES_NONE, false) &&
	       map->n_names == map->n_entries &&
	       map->names[map->n_names - 1] == map->n_names - 1 &&
	       (efimap_booted_by(map) == EFIMAP_BOOTED_BY_FIRMWARE || has_unmarked(map));
}

/*
 * Use the addresses that the log reader computed from the complete map, which includes the regions
 * that were freed later.
 */
static void take_computed(const struct efimap *map, struct efimap_layout *layout)
{
	layout->complete = true;
	for (size_t i = 0; i < layout->n_rows; i++) {
		const struct efimap_entry *entry = &map->entries[i];
		struct efimap_layout_row *row = &layout->rows[i];

		layout->complete &= entry->virt_from == EFIMAP_VIRT_PREDICTED;
		if (entry->virt_from != EFIMAP_VIRT_PREDICTED)
			continue;
		row->kind = EFIMAP_LAYOUT_EXACT;
		row->predicted = row->bound = entry->virt;
	}
}

static const char *why_not_predicted(const struct efimap *map)
{
	if (efimap_is_other_architecture(map))
		return "virtual addresses are predicted only for x86 kernels";
	if (map->map_from == EFIMAP_MAP_FROM_RECEIVED)
		return "the first kernel assigned the virtual addresses of this map, and "
		       "the log does not show them";
	if (efimap_is_32bit_kernel(map))
		return "a 32-bit kernel maps each region in its direct map or with ioremap";
	return NULL;
}

int efimap_predict(const struct efimap *map, struct efimap_layout *ret_layout)
{
	struct efimap_layout layout = {
		.reason = why_not_predicted(map),
		.has_virt = map->map_from == EFIMAP_MAP_FROM_FILES,
		.mixed = efimap_is_mixed_mode(map),
	};
	const struct efimap_layout_options options = {
		.complete = layout.has_virt && efimap_layout_is_complete(map),
		.mixed = layout.mixed,
		.in_order = efimap_booted_by(map) == EFIMAP_BOOTED_BY_FIRMWARE,
	};
	int ret;

	if (layout.reason) {
		*ret_layout = layout;
		return 0;
	}
	layout.n_rows = map->n_entries;
	layout.rows = efimap_array_new(map->n_entries, sizeof(*layout.rows));
	layout.complete = options.complete || layout.mixed;
	ret = layout.rows ? efimap_layout_predict(map->entries, map->n_entries, &options,
						  layout.rows, &layout.order) :
			    -ENOMEM;
	if (ret < 0) {
		efimap_layout_free(&layout);
		return ret;
	}
	for (size_t i = 0; layout.has_virt && i < layout.n_rows; i++)
		layout.n_impossible +=
			!efimap_layout_row_allows(&layout.rows[i], &map->entries[i]);
	if (!layout.has_virt)
		take_computed(map, &layout);
	*ret_layout = layout;
	return 0;
}

void efimap_layout_free(struct efimap_layout *layout)
{
	free(layout->rows);
}
