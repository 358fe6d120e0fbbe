/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What text and JSON share of a decoded binary: the names of setup_data types, and which
 * payloads may be shown at all.
 */
#include "base/cleanup.h"
#include "emulate/handover.h"
#include "format/decoded.h"

/* arch/x86/include/uapi/asm/setup_data.h: SETUP_* */
#define INDIRECT UINT32_C(0x80000000)
#define RNG_SEED 9

const char *setup_type_name(uint32_t type)
{
	static const char *const names[] = {
		"NONE",	     "E820_EXT", "DTB", "PCI",	    "EFI",	"APPLE_PROPERTIES",
		"JAILHOUSE", "CC_BLOB",	 "IMA", "RNG_SEED", "KEXEC_KHO",
	};

	if (type == INDIRECT)
		return "INDIRECT";
	return type < sizeof(names) / sizeof(names[0]) ? names[type] : "";
}

size_t payload_size(const struct efimap_decoded_view *view,
		    const struct efimap_setup_data *node)
{
	const uint64_t at = node->offset + EFIMAP_SETUP_DATA_HEADER;
	uint64_t left;

	if (!view->all_payloads || node->type == EFIMAP_SETUP_EFI ||
	    (node->type & ~INDIRECT) == RNG_SEED || at > view->size)
		return 0;
	left = view->size - at;
	return (size_t)(node->len < left ? node->len : left);
}

int decoded_map(const struct efimap_decoded_view *view, struct efimap **ret_map)
{
	efimap_auto_map struct efimap *map = NULL;
	int ret = efimap_new(view->name, EFIMAP_ORIGIN_TREE, &map);

	for (size_t i = 0; i < view->decoded->n_entries && ret == 0; i++)
		ret = efimap_add_entry(map, &view->decoded->entries[i]);
	if (ret == 0)
		ret = efimap_seal(map);
	if (ret == 0)
		*ret_map = efimap_steal(map);
	return ret;
}
