/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What SECOND is to FIRST: itself, its successor, or a stranger. Judges no difference. */
#include <string.h>

#include "check/sides.h"

static bool same_pointer(const struct efimap *a, const struct efimap *b,
			 enum efimap_source source, uint64_t first, uint64_t second)
{
	return a->states[source] == b->states[source] &&
	       (!efimap_has(a, source) || first == second);
}

static bool same_params(const struct efimap *a, const struct efimap *b)
{
	const struct efimap_boot_params *p = &a->boot_params, *q = &b->boot_params;

	if (!efimap_has(a, EFIMAP_SRC_BOOT_PARAMS) || !efimap_has(b, EFIMAP_SRC_BOOT_PARAMS))
		return efimap_has(a, EFIMAP_SRC_BOOT_PARAMS) ==
		       efimap_has(b, EFIMAP_SRC_BOOT_PARAMS);
	return p->efi_info.systab == q->efi_info.systab &&
	       p->efi_info.memmap == q->efi_info.memmap &&
	       p->efi_info.memmap_size == q->efi_info.memmap_size &&
	       p->efi_info.desc_size == q->efi_info.desc_size &&
	       p->setup_data == q->setup_data && p->type_of_loader == q->type_of_loader;
}

static bool same_entries(const struct efimap *a, const struct efimap *b)
{
	if (a->n_entries != b->n_entries)
		return false;
	for (size_t i = 0; i < a->n_entries; i++) {
		const struct efimap_entry *e = &a->entries[i], *f = &b->entries[i];

		if (e->index != f->index || e->attribute != f->attribute ||
		    !same_promise(e, f))
			return false;
	}
	return true;
}

static bool same_memmap(const struct efimap *a, const struct efimap *b)
{
	if (a->n_memmap != b->n_memmap)
		return false;
	for (size_t i = 0; i < a->n_memmap; i++)
		if (a->memmap[i].start != b->memmap[i].start ||
		    a->memmap[i].end != b->memmap[i].end ||
		    strcmp(a->memmap[i].label, b->memmap[i].label) != 0)
			return false;
	return true;
}

static bool same_systab(const struct efimap *a, const struct efimap *b)
{
	if (a->n_systab != b->n_systab)
		return false;
	for (size_t i = 0; i < a->n_systab; i++)
		if (a->systab[i].value != b->systab[i].value ||
		    strcmp(a->systab[i].name, b->systab[i].name) != 0)
			return false;
	return true;
}

/* A kernel's log holds less than files do: what both have must agree. */
static bool is_log_of(const struct efimap *a, const struct efimap *b)
{
	if (a->map_from == EFIMAP_MAP_FROM_FILES && b->map_from == EFIMAP_MAP_FROM_FILES)
		return false;
	return *a->cmdline && strcmp(a->cmdline, b->cmdline) == 0 &&
	       strcmp(a->release.text, b->release.text) == 0 && same_memmap(a, b) &&
	       same_entries(a, b);
}

/* The number of the boot decides; without it, all the facts. */
static bool is_self(const struct efimap *a, const struct efimap *b)
{
	if (*a->boot_id && *b->boot_id)
		return strcmp(a->boot_id, b->boot_id) == 0;
	if (is_log_of(a, b))
		return true;
	return strcmp(a->cmdline, b->cmdline) == 0 &&
	       strcmp(a->release.text, b->release.text) == 0 && same_params(a, b) &&
	       same_pointer(a, b, EFIMAP_SRC_FW_VENDOR, a->fw_vendor, b->fw_vendor) &&
	       same_pointer(a, b, EFIMAP_SRC_RUNTIME, a->runtime, b->runtime) &&
	       same_pointer(a, b, EFIMAP_SRC_CONFIG_TABLE, a->config_table,
			    b->config_table) &&
	       same_systab(a, b) && same_memmap(a, b) && same_entries(a, b);
}

/*
 * No kernel changes what the firmware is. Linux maps that of 32 bits onto itself, never into
 * its own window.
 */
static bool is_other_firmware(const struct efimap *first, const struct efimap *second)
{
	if (efimap_has(first, EFIMAP_SRC_FW_PLATFORM_SIZE) &&
	    efimap_has(second, EFIMAP_SRC_FW_PLATFORM_SIZE))
		return first->platform_size != second->platform_size;
	return first->n_entries > 0 && efimap_is_mixed_mode(second) &&
	       efimap_mapping(first) == EFIMAP_MAPPING_EFI_WINDOW;
}

static bool has_other_name(const struct efimap *first, const struct efimap *second)
{
	for (size_t i = 0; i < EFIMAP_DMI_COUNT; i++)
		if (first->dmi[i] && second->dmi[i] && *first->dmi[i] && *second->dmi[i] &&
		    strcmp(first->dmi[i], second->dmi[i]) != 0)
			return true;
	return false;
}

/*
 * Where the code and data of a firmware lie tells machines apart; the registers of a timer or
 * an interrupt controller, and page 0, are at the same place in most of them.
 */
static size_t count_telling(const struct efimap *map)
{
	size_t count = 0;

	for (size_t i = 0; i < map->n_entries; i++)
		count += efimap_entry_is_runtime_services(&map->entries[i]);
	return count;
}

static bool has_telling_pair(const struct matching *matching)
{
	for (size_t i = 0; i < matching->n_pairs; i++) {
		const size_t first = matching->pairs[i].first, second = matching->pairs[i].second;

		if (efimap_entry_is_runtime_services(&matching->first.map->entries[first]) &&
		    efimap_entry_is_runtime_services(&matching->second.map->entries[second]))
			return true;
	}
	return false;
}

/* One entry may have been moved; where there are more, some of them stay. */
static bool has_nothing_in_common(const struct matching *matching)
{
	const struct efimap *first = matching->first.map, *second = matching->second.map;

	if (first->n_entries < 2 || second->n_entries < 2)
		return false;
	return matching->n_pairs == 0 ||
	       (count_telling(first) > 1 && count_telling(second) > 1 &&
		!has_telling_pair(matching));
}

static const char *why_other_machine(const struct matching *matching)
{
	const struct efimap *first = matching->first.map, *second = matching->second.map;

	if (is_other_firmware(first, second))
		return ": the firmware of one is 32-bit, that of the other 64-bit";
	if (has_other_name(first, second))
		return ": the firmware calls them by different names (sys/class/dmi/id)";
	return has_nothing_in_common(matching) ?
		       ", or another boot of it with its memory elsewhere: their runtime maps "
		       "have no page of the firmware's memory in common" :
		       NULL;
}

enum efimap_relation sides_relation(const struct matching *matching, const char **ret_why)
{
	const struct efimap *first = matching->first.map, *second = matching->second.map;

	*ret_why = NULL;
	if (is_self(first, second))
		return EFIMAP_RELATION_SELF;
	*ret_why = why_other_machine(matching);
	if (*ret_why)
		return EFIMAP_RELATION_OTHER_MACHINE;
	switch (efimap_booted_by(second)) {
	case EFIMAP_BOOTED_BY_KEXEC:
		return EFIMAP_RELATION_KEXEC;
	case EFIMAP_BOOTED_BY_FIRMWARE:
		return efimap_booted_by(first) == EFIMAP_BOOTED_BY_KEXEC ?
			       EFIMAP_RELATION_SWAPPED :
			       EFIMAP_RELATION_OTHER_BOOT;
	case EFIMAP_BOOTED_BY_UNKNOWN:
		break;
	}
	/* Nobody hands over what he does not have. */
	return first->n_entries == 0 && !check_why_unknown(first) && second->n_entries > 0 ?
		       EFIMAP_RELATION_OTHER_BOOT : EFIMAP_RELATION_UNKNOWN;
}
