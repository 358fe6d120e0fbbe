/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Determine whether kexec started SECOND from FIRST, or whether both are of the same boot. */
#include <string.h>

#include "compare/relation.h"
#include "infer/architecture.h"
#include "infer/booted_by.h"
#include "infer/mapping_mode.h"
#include "infer/why_no_map.h"

bool have_boot_ids(const struct efimap *first, const struct efimap *second)
{
	return *first->boot_id && *second->boot_id;
}

static bool same_pointer(const struct efimap *a, const struct efimap *b, enum source source,
			 uint64_t first, uint64_t second)
{
	return a->states[source] == b->states[source] &&
	       (!capture_has(a, source) || first == second);
}

/* Return the address at which a kernel runs, or 0 if iomem does not show the address. */
static uint64_t kernel_address(const struct efimap *map)
{
	for (size_t i = 0; i < map->n_iomem; i++)
		if (strcmp(map->iomem[i].name, "Kernel code") == 0)
			return map->iomem[i].span.first;
	return 0;
}

/*
 * Return whether one of these facts shows that two captures are of different boots:
 * - The captures show different boots of one log.
 * - iomem shows the kernel at different addresses, or only one iomem shows the kernel.
 * - The firmware started one kernel, and kexec started the other one.
 * - A table has moved.
 */
static bool are_other_boots(const struct efimap *a, const struct efimap *b)
{
	const enum find_booted_by first = find_booted_by(a), second = find_booted_by(b);

	return (a->n_boots > 1 && a->boot != b->boot && strcmp(a->name, b->name) == 0) ||
	       (capture_has(a, EFIMAP_SRC_IOMEM) && capture_has(b, EFIMAP_SRC_IOMEM) &&
		kernel_address(a) != kernel_address(b)) ||
	       (first != second && first != EFIMAP_BOOTED_BY_UNKNOWN &&
		second != EFIMAP_BOOTED_BY_UNKNOWN) ||
	       any_table_has_moved(a, b);
}

/*
 * Return whether the kernel parameters are equal, as far as redaction does not hide them. In a
 * redacted capture, "x" replaces hidden characters. If NAME has replaced a name in a path, the
 * lengths differ, so all parameters count as equal.
 */
static bool have_equal_parameters(const struct efimap *a, const struct efimap *b)
{
	const char *whole = a->redacted ? b->cmdline : a->cmdline;
	const char *hidden = a->redacted ? a->cmdline : b->cmdline;

	if (a->redacted == b->redacted)
		return strcmp(a->cmdline, b->cmdline) == 0;
	if (strstr(hidden, "NAME"))
		return true;
	while (*whole && (*hidden == 'x' || *hidden == *whole)) {
		whole++;
		hidden++;
	}
	return *whole == *hidden;
}

/*
 * Return whether two captures are of the same boot. Unless both captures have a boot_id, they are
 * assumed to be of the same boot if nothing distinguishes them.
 */
static bool is_self(const struct efimap *a, const struct efimap *b)
{
	const bool are_files =
		a->map_from == EFIMAP_MAP_FROM_FILES && b->map_from == EFIMAP_MAP_FROM_FILES;
	const bool has_params = capture_has(a, EFIMAP_SRC_BOOT_PARAMS);
	const struct boot_params *p = &a->boot_params, *q = &b->boot_params;

	if (have_boot_ids(a, b))
		return strcmp(a->boot_id, b->boot_id) == 0;
	if (are_other_boots(a, b) || !have_equal_parameters(a, b) ||
	    strcmp(a->release.text, b->release.text) != 0 || a->n_memmap != b->n_memmap ||
	    a->n_entries != b->n_entries)
		return false;
	for (size_t i = 0; i < a->n_memmap; i++)
		if (a->memmap[i].start != b->memmap[i].start ||
		    a->memmap[i].end != b->memmap[i].end ||
		    strcmp(a->memmap[i].label, b->memmap[i].label) != 0)
			return false;
	for (size_t i = 0; i < a->n_entries; i++)
		if (entry_order(&a->entries[i], &b->entries[i]) != 0)
			return false;
	/* A kernel log has none of the following data, so equal parameters are sufficient. */
	if (!are_files && *a->cmdline)
		return true;
	if (a->n_systab != b->n_systab)
		return false;
	for (size_t i = 0; i < a->n_systab; i++)
		if (a->systab[i].value != b->systab[i].value ||
		    strcmp(a->systab[i].name, b->systab[i].name) != 0)
			return false;
	if (has_params != capture_has(b, EFIMAP_SRC_BOOT_PARAMS) ||
	    (has_params &&
	     (p->efi_info.systab != q->efi_info.systab ||
	      p->efi_info.memmap != q->efi_info.memmap ||
	      p->efi_info.memmap_size != q->efi_info.memmap_size ||
	      p->efi_info.desc_size != q->efi_info.desc_size || p->setup_data != q->setup_data ||
	      p->type_of_loader != q->type_of_loader)))
		return false;
	return same_pointer(a, b, EFIMAP_SRC_FW_VENDOR, a->fw_vendor, b->fw_vendor) &&
	       same_pointer(a, b, EFIMAP_SRC_RUNTIME, a->runtime, b->runtime) &&
	       same_pointer(a, b, EFIMAP_SRC_CONFIG_TABLE, a->config_table, b->config_table);
}

/*
 * Return whether no entries, or no runtime services regions, of the two captures overlap. Entries
 * or regions are compared only if each capture has several, because a single one may have moved,
 * but at least one of several stays in place. Regions are also compared alone, because the
 * registers of timers and interrupt controllers, and page 0, have the same addresses on most
 * machines.
 */
static bool has_nothing_in_common(const struct matching *matching)
{
	const struct efimap *first = matching->first.map, *second = matching->second.map;
	size_t n_first = 0, n_second = 0, n_pairs = 0;

	if (first->n_entries < 2 || second->n_entries < 2)
		return false;
	for (size_t i = 0; i < first->n_entries; i++)
		n_first += entry_is_runtime_services(&first->entries[i]);
	for (size_t i = 0; i < second->n_entries; i++)
		n_second += entry_is_runtime_services(&second->entries[i]);
	for (size_t i = 0; i < matching->n_pairs; i++)
		n_pairs += entry_is_runtime_services(matching->pairs[i].first) &&
			   entry_is_runtime_services(matching->pairs[i].second);
	return matching->n_pairs == 0 || (n_first > 1 && n_second > 1 && n_pairs == 0);
}

static const char *why_other_machine(const struct matching *matching)
{
	const struct efimap *first = matching->first.map, *second = matching->second.map;
	const bool has_sizes = capture_has(first, EFIMAP_SRC_FW_PLATFORM_SIZE) &&
			       capture_has(second, EFIMAP_SRC_FW_PLATFORM_SIZE);

	/* No kernel maps 32-bit firmware in the EFI runtime virtual address range. */
	if (has_sizes ? first->platform_size != second->platform_size
		      : is_mixed_mode(second) && mapping_mode(first) == EFIMAP_MAPPING_EFI_VA_RANGE)
		return ": one has 32-bit firmware, the other 64-bit";
	for (size_t i = 0; i < EFIMAP_DMI_COUNT; i++)
		if (first->dmi[i] && second->dmi[i] && *first->dmi[i] && *second->dmi[i] &&
		    strcmp(first->dmi[i], second->dmi[i]) != 0)
			return ": their vendor, product or firmware version differs "
			       "(sys/class/dmi/id)";
	return has_nothing_in_common(matching)
		       ? ", or from a boot in which firmware memory had other addresses "
			 "(the runtime maps have no page of firmware code or data in common)"
		       : NULL;
}

/*
 * Linux prints 2^64 - 1 for a table that Linux ignores, and the firmware may replace the physical
 * address of a table with its virtual address. Neither change means that the table has moved. kexec
 * may pass a wrong address of SMBIOS (quirks.c: efi_reuse_config), which drift-systab reports.
 */
bool table_has_moved(const struct efimap *first, const struct named_address *table,
		     const struct efimap *second, uint64_t *ret_value)
{
	if (strcmp(table->name, "SMBIOS") == 0 && capture_has(first, EFIMAP_SRC_SYSTAB) &&
	    capture_has(second, EFIMAP_SRC_SYSTAB))
		return false;
	return find_named_address(second->tables, second->n_tables, table->name, ret_value) &&
	       *ret_value != table->value && *ret_value < EFIMAP_PHYS_LIMIT &&
	       table->value < EFIMAP_PHYS_LIMIT;
}

bool any_table_has_moved(const struct efimap *first, const struct efimap *second)
{
	uint64_t value;

	for (size_t i = 0; i < first->n_tables; i++)
		if (table_has_moved(first, &first->tables[i], second, &value))
			return true;
	return false;
}

/* Return whether FIRST certainly had no map to pass, although SECOND has a map. */
static bool cannot_have_passed_map(const struct efimap *first, const struct efimap *second)
{
	return first->n_entries == 0 && !why_map_unknown(first) && second->n_entries > 0;
}

enum relation find_relation(const struct matching *matching, const char **ret_why)
{
	const struct efimap *first = matching->first.map, *second = matching->second.map;
	const enum find_booted_by booted_by = find_booted_by(second);

	*ret_why = NULL;
	if (is_self(first, second))
		return EFIMAP_RELATION_SELF;
	*ret_why = why_other_machine(matching);
	if (*ret_why)
		return EFIMAP_RELATION_OTHER_MACHINE;
	if (booted_by != EFIMAP_BOOTED_BY_FIRMWARE &&
	    (any_table_has_moved(first, second) ||
	     (capture_has(first, EFIMAP_SRC_EFI) && cannot_have_passed_map(first, second))))
		return EFIMAP_RELATION_OTHER_BOOT;
	if (booted_by == EFIMAP_BOOTED_BY_KEXEC)
		return EFIMAP_RELATION_KEXEC;
	if (booted_by == EFIMAP_BOOTED_BY_FIRMWARE)
		return find_booted_by(first) == EFIMAP_BOOTED_BY_KEXEC ? EFIMAP_RELATION_SWAPPED
								       : EFIMAP_RELATION_OTHER_BOOT;
	return cannot_have_passed_map(first, second) ? EFIMAP_RELATION_OTHER_BOOT
						     : EFIMAP_RELATION_UNKNOWN;
}
