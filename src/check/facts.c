/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What several rules start from: which entries are sound, how the map is expected to be
 * mapped, and entries in the order of their addresses. Judges nothing.
 */
#include <errno.h>
#include <stdlib.h>

#include "check.h"
#include "place.h"

/* Offsets inside a page have rules of their own and hide no identity. */
static bool is_identity(const struct efimap_entry *entry)
{
	return ((entry->virt ^ entry->phys) & ~(EFIMAP_PAGE_SIZE - 1)) == 0;
}

static uint8_t flags_of(const struct efimap_entry *entry)
{
	struct efimap_span span;
	uint8_t flags = 0;

	if (efimap_entry_phys(entry, &span) == 0)
		flags |= CHECK_PHYS_SOUND;
	if (is_identity(entry))
		flags |= CHECK_IDENTITY;
	return flags;
}

/* Without a word on the firmware's width, most entries decide. */
static bool is_identity_expected(const struct check *c, size_t n_identity, size_t n_sound)
{
	if (c->options->expect != EFIMAP_EXPECT_AUTO)
		return c->options->expect == EFIMAP_EXPECT_IDENTITY;
	if (c->mixed_mode || c->native)
		return c->mixed_mode;
	return n_identity > n_sound - n_identity;
}

static bool is_complete(const struct efimap *map)
{
	for (size_t i = 0; i < map->n_faults; i++)
		if (map->faults[i].source == EFIMAP_SRC_RUNTIME_MAP &&
		    map->faults[i].kind != EFIMAP_FAULT_NAME &&
		    map->faults[i].kind != EFIMAP_FAULT_EXTRA)
			return false;
	return map->n_entries > 0;
}

int check_init(struct check *c, const struct efimap *map,
	       const struct efimap_verify_options *options, struct efimap_report *report)
{
	size_t n_identity = 0, n_sound = 0;

	*c = (struct check){ .map = map, .options = options, .report = report };
	c->flags = calloc(map->n_entries + 1, sizeof(*c->flags));
	c->places = calloc(map->n_entries + 1, sizeof(*c->places));
	if (!c->flags || !c->places)
		return -ENOMEM;
	for (size_t i = 0; i < map->n_entries; i++) {
		c->flags[i] = flags_of(&map->entries[i]);
		if (map->entries[i].type < 32)
			c->types |= CHECK_TYPE_BIT(map->entries[i].type);
		if (!(c->flags[i] & CHECK_PHYS_SOUND))
			continue;
		n_sound++;
		if (c->flags[i] & CHECK_IDENTITY)
			n_identity++;
	}
	c->booted_by = efimap_booted_by(map);
	c->runtime_off = efimap_runtime_off_reason(map);
	c->mixed_mode = efimap_is_mixed_mode(map);
	c->crash_kernel = efimap_is_crash_kernel(map);
	c->native = !c->mixed_mode && (efimap_has(map, EFIMAP_SRC_FW_PLATFORM_SIZE) ||
				       efimap_has(map, EFIMAP_SRC_BOOT_PARAMS));
	c->complete = is_complete(map);
	c->old_map = efimap_release_at_least(map, 4, 9, false) &&
		     !efimap_release_at_least(map, 5, 10, true);
	c->efi_debug = efimap_cmdline_efi_has(map, "debug");
	c->identity = is_identity_expected(c, n_identity, n_sound);
	for (size_t i = 0; i < map->n_entries; i++)
		c->places[i] = (uint8_t)check_find_place(c, i);
	return 0;
}

void check_free(struct check *c)
{
	for (unsigned int rule = 0; rule < EFIMAP_RULE_COUNT; rule++)
		free(c->rest[rule].indices);
	free(c->flags);
	free(c->places);
	free(c->by_phys);
	free(c->by_virt);
	if (c->has_memmap)
		efimap_cover_free(&c->memmap);
	if (c->has_iomem)
		efimap_cover_free(&c->iomem);
}

static int compare(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare_fields(const struct efimap_entry *left,
			  const struct efimap_entry *right)
{
	int order = compare(left->phys, right->phys);

	if (!order)
		order = compare(left->virt, right->virt);
	if (!order)
		order = compare(left->pages, right->pages);
	if (!order)
		order = compare(left->type, right->type);
	if (!order)
		order = compare(left->attribute, right->attribute);
	return order;
}

int check_compare(const struct efimap_entry *left, const struct efimap_entry *right)
{
	int order = compare_fields(left, right);

	return order ? order : compare(left->index, right->index);
}

bool check_is_same(const struct efimap_entry *left, const struct efimap_entry *right)
{
	return compare_fields(left, right) == 0;
}

static int by_content(const void *a, const void *b, void *data)
{
	const struct efimap_entry *entries = data;

	return check_compare(&entries[((const struct efimap_key *)a)->index],
			     &entries[((const struct efimap_key *)b)->index]);
}

/* Among equal addresses too, the order of the map decides nothing. */
static void sort_ties(struct efimap_key *keys, size_t count, struct efimap_entry *entries)
{
	for (size_t first = 0, next; first < count; first = next) {
		for (next = first + 1; next < count && keys[next].key == keys[first].key;)
			next++;
		if (next - first > 1)
			qsort_r(keys + first, next - first, sizeof(*keys), by_content,
				entries);
	}
}

static struct efimap_key *sorted(struct check *c, bool virt, size_t *ret_count)
{
	const struct efimap *map = c->map;
	struct efimap_key *keys = calloc(map->n_entries + 1, sizeof(*keys));
	size_t count = 0;

	if (!keys) {
		c->error = -ENOMEM;
		return NULL;
	}
	for (size_t i = 0; i < map->n_entries; i++) {
		const struct efimap_entry *entry = &map->entries[i];

		if (virt ? !check_place_is_sound(check_place(c, i))
			 : !(c->flags[i] & CHECK_PHYS_SOUND))
			continue;
		keys[count].key = virt ? entry->virt : entry->phys;
		keys[count++].index = (uint32_t)i;
	}
	c->error = efimap_sort_keys(keys, count);
	sort_ties(keys, count, map->entries);
	*ret_count = count;
	return keys;
}

const struct efimap_key *check_by_phys(struct check *c)
{
	if (!c->by_phys && !c->error)
		c->by_phys = sorted(c, false, &c->n_by_phys);
	return c->error || c->n_by_phys == 0 ? NULL : c->by_phys;
}

const struct efimap_key *check_by_virt(struct check *c)
{
	if (!c->by_virt && !c->error)
		c->by_virt = sorted(c, true, &c->n_by_virt);
	return c->error || c->n_by_virt == 0 ? NULL : c->by_virt;
}

uint32_t *check_indices(struct check *c)
{
	uint32_t *indices = calloc(c->map->n_entries + 1, sizeof(*indices));

	if (!indices && !c->error)
		c->error = -ENOMEM;
	return indices;
}

const struct efimap_cover *check_memmap(struct check *c)
{
	if (!c->has_memmap && !c->error) {
		c->error = efimap_cover_memmap(c->map, &c->memmap);
		c->has_memmap = c->error == 0;
	}
	return c->has_memmap ? &c->memmap : NULL;
}

const struct efimap_cover *check_iomem(struct check *c)
{
	if (!c->has_iomem && !c->error) {
		c->error = efimap_cover_iomem(c->map, &c->iomem);
		c->has_iomem = c->error == 0;
	}
	return c->has_iomem ? &c->iomem : NULL;
}
