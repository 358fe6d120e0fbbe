/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Match the entries of two captures by physical range. Entries with the same range are paired
 * first. A sweep over the sorted entries then pairs entries that were split, merged or resized.
 * Entry numbers are ignored, because kexec-tools passes entries in the order of a directory
 * listing.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/sort.h"
#include "compare/match_entries.h"
#include "infer/architecture.h"
#include "infer/booted_by.h"
#include "infer/mapping_mode.h"
#include "infer/why_no_map.h"

static int compare_ranges(const struct efimap_entry *a, const struct efimap_entry *b)
{
	int order = efimap_order(a->phys, b->phys);

	return order ? order : efimap_order(a->pages, b->pages);
}

uint64_t mapping_attribute(const struct efimap_entry *entry)
{
	return efimap_entry_is_boot_services(entry) ?
		       entry->attribute & ~EFIMAP_ATTR_RUNTIME :
		       entry->attribute;
}

static int compare_mappings(const struct efimap_entry *a, const struct efimap_entry *b)
{
	return compare_ranges(a, b) ?:
	       efimap_order(a->virt, b->virt) ?:
	       efimap_order(a->type, b->type) ?:
	       efimap_order(mapping_attribute(a), mapping_attribute(b));
}

bool has_same_mapping(const struct efimap_entry *a, const struct efimap_entry *b)
{
	return compare_mappings(a, b) == 0;
}

static int by_mapping(const void *a, const void *b)
{
	const struct efimap_entry *left = *(const struct efimap_entry *const *)a;
	const struct efimap_entry *right = *(const struct efimap_entry *const *)b;

	return compare_mappings(left, right) ?:
	       efimap_order(left->attribute, right->attribute) ?:
	       efimap_order(left->index, right->index);
}

static int side_make(struct side *side)
{
	const size_t count = side->map->n_entries;

	side->sound = efimap_array_new(count, sizeof(*side->sound));
	side->unsound = efimap_array_new(count, sizeof(*side->unsound));
	side->unmatched = efimap_array_new(count, sizeof(*side->unmatched));
	if (!side->sound || !side->unsound || !side->unmatched)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		const struct efimap_entry *entry = &side->map->entries[i];

		if (efimap_entry_is_valid(entry))
			side->sound[side->n_sound++] = entry;
		else
			side->unsound[side->n_unsound++] = entry;
	}
	efimap_sort(side->sound, side->n_sound, sizeof(*side->sound), by_mapping);
	efimap_sort(side->unsound, side->n_unsound, sizeof(*side->unsound), by_mapping);
	return 0;
}

static void put_pair(struct matching *m, struct matched_entries pair)
{
	m->pairs[m->n_pairs++] = pair;
}

static size_t run_length(const struct efimap_entry *const *entries, size_t count)
{
	size_t length = 1;

	while (length < count && compare_ranges(entries[0], entries[length]) == 0)
		length++;
	return length;
}

static void pair_equal(struct matching *m, const struct efimap_entry **first, size_t n_first,
		       const struct efimap_entry **second, size_t n_second,
		       int (*compare)(const struct efimap_entry *, const struct efimap_entry *))
{
	size_t i = 0, j = 0;

	while (i < n_first && j < n_second) {
		const int order = !first[i]  ? -1 :
				  !second[j] ? 1 :
					       compare(first[i], second[j]);

		if (order == 0) {
			put_pair(m, (struct matched_entries){ .first = first[i],
							      .second = second[j] });
			first[i] = second[j] = NULL;
		}
		i += order <= 0;
		j += order >= 0;
	}
}

static void merge(struct matching *m, const struct efimap_entry **first, size_t n_first,
		  const struct efimap_entry **second, size_t n_second)
{
	size_t i = 0, j = 0;

	while (i < n_first && j < n_second) {
		const int order = compare_ranges(first[i], second[j]);
		size_t n_i = 1, n_j = 1;

		if (order == 0) {
			n_i = run_length(first + i, n_first - i);
			n_j = run_length(second + j, n_second - j);
			pair_equal(m, first + i, n_i, second + j, n_j, compare_mappings);
			pair_equal(m, first + i, n_i, second + j, n_j, compare_ranges);
		}
		i += order <= 0 ? n_i : 0;
		j += order >= 0 ? n_j : 0;
	}
}

/*
 * Collect the entries without a partner. Overlapping entries of one capture are clipped, so that
 * the spans of a side are disjoint. A page belongs to the entry that starts first.
 */
static void gather_unmatched(struct side *side)
{
	const struct unmatched_entry *below = NULL;

	for (size_t i = 0; i < side->n_sound; i++) {
		struct unmatched_entry *unmatched = &side->unmatched[side->n_unmatched];

		if (!side->sound[i] ||
		    efimap_entry_phys(side->sound[i], &unmatched->span) < 0)
			continue;
		unmatched->entry = side->sound[i];
		side->n_unmatched++;
		unmatched->dead = below && unmatched->span.last <= below->span.last;
		if (unmatched->dead)
			continue;
		if (below && unmatched->span.first <= below->span.last)
			unmatched->span.first = below->span.last + 1;
		below = unmatched;
	}
}

static void share(struct matching *m, struct unmatched_entry *a,
		  struct unmatched_entry *b)
{
	const struct efimap_span span = efimap_span_shared(a->span, b->span);

	a->covered += efimap_span_bytes(span);
	b->covered += efimap_span_bytes(span);
	if (a->span.first == b->span.first) {
		a->partner = b->entry;
		b->partner = a->entry;
	}
	put_pair(m, (struct matched_entries){ a->entry, b->entry, span, a, b });
}

static void sweep(struct matching *m)
{
	size_t i = 0, j = 0;

	while (i < m->first.n_unmatched && j < m->second.n_unmatched) {
		struct unmatched_entry *a = &m->first.unmatched[i],
				       *b = &m->second.unmatched[j];

		if (a->dead || (!b->dead && a->span.last < b->span.first)) {
			i++;
		} else if (b->dead || b->span.last < a->span.first) {
			j++;
		} else {
			const uint64_t a_last = a->span.last, b_last = b->span.last;

			share(m, a, b);
			i += a_last <= b_last;
			j += b_last <= a_last;
		}
	}
}

/*
 * Pair the entries of FIRST that overlap no valid entry of SECOND. The partner is an invalid entry
 * of SECOND that starts at the same address, if there is one.
 */
static void pair_unsound(struct matching *m)
{
	size_t i = 0, j = 0;

	while (i < m->first.n_unmatched && j < m->second.n_unsound) {
		struct unmatched_entry *unmatched = &m->first.unmatched[i];
		const struct efimap_entry *other = m->second.unsound[j];

		if (!other || other->phys < unmatched->entry->phys) {
			j++;
		} else if (other->phys > unmatched->entry->phys || unmatched->covered ||
			   unmatched->dead) {
			i++;
		} else {
			unmatched->partner = other;
			put_pair(m, (struct matched_entries){ unmatched->entry, other,
							      unmatched->span, unmatched,
							      NULL });
			m->second.unsound[j] = NULL;
			i++;
		}
	}
}

int matching_make(const struct efimap *first, const struct efimap *second,
		  struct matching *m)
{
	int ret;

	*m = (struct matching){ .first.map = first, .second.map = second };
	ret = side_make(&m->first);
	if (ret < 0)
		return ret;
	ret = side_make(&m->second);
	if (ret < 0)
		return ret;
	/*
	 * There are no more pairs than entries, because two lists of disjoint ranges have fewer
	 * overlaps than ranges.
	 */
	m->pairs =
		efimap_array_new(first->n_entries + second->n_entries, sizeof(*m->pairs));
	if (!m->pairs)
		return -ENOMEM;
	merge(m, m->first.sound, m->first.n_sound, m->second.sound, m->second.n_sound);
	merge(m, m->first.unsound, m->first.n_unsound, m->second.unsound,
	      m->second.n_unsound);
	gather_unmatched(&m->first);
	gather_unmatched(&m->second);
	sweep(m);
	pair_unsound(m);
	return 0;
}

static void side_free(struct side *side)
{
	free(side->sound);
	free(side->unsound);
	free(side->unmatched);
}

void matching_free(struct matching *m)
{
	side_free(&m->first);
	side_free(&m->second);
	free(m->pairs);
}

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
	for (size_t i = 0; i < a->n_entries; i++)
		if (efimap_entry_order(&a->entries[i], &b->entries[i]) != 0)
			return false;
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

/* Unless both captures have a boot_id, equal content counts as evidence of the same boot. */
static bool is_self(const struct efimap *a, const struct efimap *b)
{
	const bool are_files = a->map_from == EFIMAP_MAP_FROM_FILES &&
			       b->map_from == EFIMAP_MAP_FROM_FILES;

	if (*a->boot_id && *b->boot_id)
		return strcmp(a->boot_id, b->boot_id) == 0;
	if (strcmp(a->cmdline, b->cmdline) != 0 ||
	    strcmp(a->release.text, b->release.text) != 0 || !same_memmap(a, b) ||
	    !same_entries(a, b))
		return false;
	/* A kernel log lacks the data below, so known, equal kernel parameters are enough. */
	if (!are_files && *a->cmdline)
		return true;
	return same_params(a, b) &&
	       same_pointer(a, b, EFIMAP_SRC_FW_VENDOR, a->fw_vendor, b->fw_vendor) &&
	       same_pointer(a, b, EFIMAP_SRC_RUNTIME, a->runtime, b->runtime) &&
	       same_pointer(a, b, EFIMAP_SRC_CONFIG_TABLE, a->config_table,
			    b->config_table) &&
	       same_systab(a, b);
}

/*
 * Return whether one firmware is 32-bit and the other 64-bit. Linux maps 32-bit firmware 1:1, never
 * into the EFI runtime virtual address range.
 */
static bool is_other_firmware(const struct efimap *first, const struct efimap *second)
{
	if (efimap_has(first, EFIMAP_SRC_FW_PLATFORM_SIZE) &&
	    efimap_has(second, EFIMAP_SRC_FW_PLATFORM_SIZE))
		return first->platform_size != second->platform_size;
	return efimap_is_mixed_mode(second) && efimap_mapping(first) == EFIMAP_MAPPING_EFI_VA_RANGE;
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
 * Only runtime services regions identify a machine. The registers of timers and interrupt
 * controllers, and page 0, have the same addresses on most machines.
 */
static size_t count_runtime_services(const struct efimap *map)
{
	size_t count = 0;

	for (size_t i = 0; i < map->n_entries; i++)
		count += efimap_entry_is_runtime_services(&map->entries[i]);
	return count;
}

static bool has_runtime_services_pair(const struct matching *matching)
{
	for (size_t i = 0; i < matching->n_pairs; i++)
		if (efimap_entry_is_runtime_services(matching->pairs[i].first) &&
		    efimap_entry_is_runtime_services(matching->pairs[i].second))
			return true;
	return false;
}

/*
 * Return whether no entries of the captures overlap, or no runtime services regions overlap.
 * A single entry or region proves nothing, because it may have moved. At least one of several stays
 * in place.
 */
static bool has_nothing_in_common(const struct matching *matching)
{
	const struct efimap *first = matching->first.map, *second = matching->second.map;

	if (first->n_entries < 2 || second->n_entries < 2)
		return false;
	return matching->n_pairs == 0 ||
	       (count_runtime_services(first) > 1 && count_runtime_services(second) > 1 &&
		!has_runtime_services_pair(matching));
}

static const char *why_other_machine(const struct matching *matching)
{
	const struct efimap *first = matching->first.map, *second = matching->second.map;

	if (is_other_firmware(first, second))
		return ": one has 32-bit firmware, the other 64-bit";
	if (has_other_name(first, second))
		return ": their machine names differ (sys/class/dmi/id)";
	return has_nothing_in_common(matching) ?
		       ", or from a boot in which firmware memory had other addresses: the "
		       "runtime maps share no page of firmware code or data" :
		       NULL;
}

enum efimap_relation find_relation(const struct matching *matching, const char **ret_why)
{
	const struct efimap *first = matching->first.map, *second = matching->second.map;
	const enum efimap_booted_by booted_by = efimap_booted_by(second);

	*ret_why = NULL;
	if (is_self(first, second))
		return EFIMAP_RELATION_SELF;
	*ret_why = why_other_machine(matching);
	if (*ret_why)
		return EFIMAP_RELATION_OTHER_MACHINE;
	if (booted_by == EFIMAP_BOOTED_BY_KEXEC)
		return EFIMAP_RELATION_KEXEC;
	if (booted_by == EFIMAP_BOOTED_BY_FIRMWARE)
		return efimap_booted_by(first) == EFIMAP_BOOTED_BY_KEXEC ?
			       EFIMAP_RELATION_SWAPPED :
			       EFIMAP_RELATION_OTHER_BOOT;
	/* A kernel without a map passes none to the next kernel. */
	return first->n_entries == 0 && !efimap_why_map_unknown(first) && second->n_entries > 0 ?
		       EFIMAP_RELATION_OTHER_BOOT : EFIMAP_RELATION_UNKNOWN;
}
