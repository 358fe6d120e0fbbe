/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is handed over, written and read back: decode(encode(x)) is x, for both loaders;
 * and the page table that the map implies is the one that it implies.
 */
#include <string.h>

#include "base/cleanup.h"
#include "check/pagetable_check.h"
#include "emulate/decode.h"
#include "emulate/handover.h"
#include "emulate/pagetable.h"
#include "faults.h"
#include "judge.h"

static bool is_same(const struct efimap_entry *a, const struct efimap_entry *b)
{
	return a->type == b->type && a->phys == b->phys && a->virt == b->virt &&
	       a->pages == b->pages && a->attribute == b->attribute;
}

static bool reads_map_back(const struct efimap *map, const struct efimap_handover *handover)
{
	const struct efimap_decode_options options = { .as = EFIMAP_BLOB_EFI_MEMMAP,
						       .desc_size = handover->desc_size };
	struct efimap_err err = { 0 };
	struct efimap_decoded decoded;
	bool good;

	if (handover->n_entries == 0)
		return true;
	victim_must(efimap_decode(handover->memmap, handover->memmap_size, "made", &options,
				  &decoded, &err));
	good = decoded.n_entries == map->n_entries && decoded.n_oddities == 0;
	for (size_t i = 0; good && i < decoded.n_entries; i++)
		good = is_same(&decoded.entries[i], &map->entries[handover->order[i]]);
	efimap_decoded_free(&decoded);
	return good;
}

static bool reads_node_back(const struct efimap *map, const struct efimap_handover *handover,
			    enum efimap_loader loader)
{
	const struct efimap_decode_options options = { .as = EFIMAP_BLOB_SETUP_DATA };
	struct efimap_err err = { 0 };
	struct efimap_decoded decoded;
	const struct efimap_efi_payload *payload;
	bool good;

	victim_must(efimap_decode(handover->node, sizeof(handover->node), "made", &options,
				  &decoded, &err));
	payload = &decoded.nodes[0].payload;
	good = decoded.n_nodes == 1 && decoded.nodes[0].has_payload &&
	       payload->fw_vendor == map->fw_vendor && payload->tables == map->config_table &&
	       payload->runtime == (loader == EFIMAP_LOADER_KERNEL ? 0 : map->runtime);
	efimap_decoded_free(&decoded);
	return good;
}

bool judge_bytes(const struct efimap *map)
{
	static const enum efimap_loader loaders[] = { EFIMAP_LOADER_KEXEC_TOOLS,
						      EFIMAP_LOADER_KERNEL };
	bool good = true;

	for (size_t i = 0; good && i < 2; i++) {
		const struct efimap_handover_options options = { .loader = loaders[i] };
		struct efimap_handover handover;

		victim_must(efimap_handover_make(map, &options, &handover));
		good = reads_map_back(map, &handover) &&
		       reads_node_back(map, &handover, loaders[i]);
		efimap_handover_free(&handover);
	}
	return good;
}

bool page_table_of(const struct efimap *map, struct efimap_ptdump *ret_dump)
{
	const struct efimap_pagetable_options options = {
		.memmap_addr = map->boot_params.efi_info.memmap,
		.memmap_size = map->boot_params.efi_info.memmap_size,
	};
	efimap_auto_pagetable struct efimap_pagetable table = { 0 };
	struct efimap_err err = { 0 };

	return map->n_entries > 0 &&
	       efimap_pagetable_build(map->entries, map->n_entries, &options, &table, &err) ==
		       0 &&
	       efimap_pagetable_runs(&table, ret_dump) == 0;
}

struct efimap_report *judge_page_table(const struct efimap *map,
				       const struct efimap_ptdump *dump)
{
	efimap_cleanup(efimap_ptdump_free) struct efimap_ptdump predicted = { 0 };
	struct efimap_report *report = NULL;

	if (page_table_of(map, &predicted))
		victim_must(efimap_pagetable_check(map, dump, &predicted, &report));
	return report;
}
