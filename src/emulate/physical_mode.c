/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The pointers of the firmware, and what a table that maps every entry onto itself makes
 * of them. A pointer is virtual when it lies in the EFI window or in the virtual range of
 * an entry that is not mapped onto itself. It must not judge that.
 */
#include "base/names.h"
#include "emulate/physical_mode.h"
#include "emulate/translate.h"

static const char *const reach_names[] = {
	[EFIMAP_REACH_REACHABLE] = "reachable",
	[EFIMAP_REACH_OUTSIDE] = "outside",
	[EFIMAP_REACH_VIRTUAL] = "virtual",
	[EFIMAP_REACH_NONE] = "none",
};
EFIMAP_NAME_OF(reach)

/* struct list - the pointers so far */
struct list {
	const struct efimap *map;
	const struct efimap_translator *translator;
	struct efimap_pointer *pointers;
	size_t count;
};

static void add_reach(struct list *list, const char *name, uint64_t value)
{
	struct efimap_pointer *pointer = &list->pointers[list->count++];
	struct efimap_answer phys, virt;

	*pointer = (struct efimap_pointer){ name, value, EFIMAP_REACH_NONE,
					    EFIMAP_NO_POSITION };
	if (value == 0)
		return;
	efimap_translate(list->translator, EFIMAP_TO_VIRT, value, &phys);
	efimap_translate(list->translator, EFIMAP_TO_PHYS, value, &virt);
	if (phys.n_hits > 0) {
		pointer->reach = EFIMAP_REACH_REACHABLE;
		pointer->position = phys.hits[0].position;
	} else if (virt.n_hits > 0 || efimap_is_virtual(value)) {
		pointer->reach = EFIMAP_REACH_VIRTUAL;
		if (virt.n_hits > 0)
			pointer->position = virt.hits[0].position;
	} else {
		pointer->reach = EFIMAP_REACH_OUTSIDE;
	}
}

static void add_source(struct list *list, enum efimap_source source, const char *name,
		       uint64_t value)
{
	if (efimap_has(list->map, source))
		add_reach(list, name, value);
}

static void add_systab_reach(struct list *list, const char *name)
{
	uint64_t value;

	if (efimap_find_pair(list->map->systab, list->map->n_systab, name, &value))
		add_reach(list, name, value);
}

int efimap_physical_mode(const struct efimap *map,
			 struct efimap_pointer ret_pointers[EFIMAP_MAX_POINTERS],
			 size_t *ret_count)
{
	efimap_auto_translator struct efimap_translator *translator = NULL;
	struct list list = { .map = map, .pointers = ret_pointers };
	int ret = efimap_translator_new(map->entries, map->n_entries, &translator);

	if (ret < 0)
		return ret;
	list.translator = translator;
	add_source(&list, EFIMAP_SRC_BOOT_PARAMS, "systab", map->boot_params.efi_info.systab);
	add_source(&list, EFIMAP_SRC_FW_VENDOR, "fw_vendor", map->fw_vendor);
	add_source(&list, EFIMAP_SRC_RUNTIME, "runtime", map->runtime);
	add_source(&list, EFIMAP_SRC_CONFIG_TABLE, "config_table", map->config_table);
	add_systab_reach(&list, "SMBIOS");
	add_systab_reach(&list, "SMBIOS3");
	*ret_count = list.count;
	return 0;
}
