/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Building a capture, piece by piece and in any order. Must not know where the pieces
 * come from; seal.c puts them in order, query.c asks.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "model/capture.h"

/* Positions in the capture's array of capacities */
enum {
	CAP_ENTRIES,
	CAP_NAMES,
	CAP_MEMMAP,
	CAP_IOMEM,
	CAP_SYSTAB,
	CAP_TABLES,
	CAP_SETUP_DATA,
	CAP_FAULTS,
	CAP_FIRMWARE,
	CAP_COUNT,
};

_Static_assert(CAP_COUNT == sizeof(((struct efimap *)0)->capacity) / sizeof(size_t),
	       "one capacity per array");

int efimap_new(const char *name, enum efimap_origin origin, struct efimap **ret_map)
{
	struct efimap *map = calloc(1, sizeof(*map));

	if (!map)
		return -ENOMEM;
	map->origin = origin;
	map->inner = "";
	map->cmdline = "";
	map->boot_id = "";
	for (size_t i = 0; i < EFIMAP_DMI_COUNT; i++)
		map->dmi[i] = "";
	map->release.text = "";
	map->name = efimap_arena_strndup(&map->arena, name, strlen(name));
	if (!map->name) {
		efimap_free(map);
		return -ENOMEM;
	}
	map->first_name = map->name;
	map->first_origin = EFIMAP_ORIGIN_TREE;
	*ret_map = map;
	return 0;
}

void efimap_free(struct efimap *map)
{
	if (!map)
		return;
	free(map->entries);
	free(map->firmware);
	free(map->names);
	free(map->memmap);
	free(map->iomem);
	free(map->systab);
	free(map->tables);
	free(map->setup_data);
	free(map->faults);
	efimap_arena_free(&map->arena);
	free(map);
}

static int copy_text(struct efimap *map, const char *text, size_t len,
		     const char **ret_copy)
{
	const char *copy = efimap_arena_strndup(&map->arena, text, len);

	if (!copy)
		return -ENOMEM;
	*ret_copy = copy;
	return 0;
}

int efimap_set_first(struct efimap *map, const char *name, size_t len,
		     enum efimap_origin origin)
{
	map->first_origin = origin;
	return copy_text(map, name, len, &map->first_name);
}

int efimap_add_entry(struct efimap *map, const struct efimap_entry *entry)
{
	int r = efimap_array_reserve(&map->entries, map->n_entries,
				     &map->capacity[CAP_ENTRIES], sizeof(*map->entries));

	if (r < 0)
		return r;
	map->entries[map->n_entries++] = *entry;
	return 0;
}

int efimap_add_firmware(struct efimap *map, const struct efimap_entry *entry)
{
	int r = efimap_array_reserve(&map->firmware, map->n_firmware,
				     &map->capacity[CAP_FIRMWARE], sizeof(*map->firmware));

	if (r < 0)
		return r;
	map->firmware[map->n_firmware++] = *entry;
	return 0;
}

int efimap_add_name(struct efimap *map, uint32_t index)
{
	int r = efimap_array_reserve(&map->names, map->n_names, &map->capacity[CAP_NAMES],
				     sizeof(*map->names));

	if (r < 0)
		return r;
	map->names[map->n_names++] = index;
	return 0;
}

/* The kernel has a handful of labels for thousands of ranges: share the last one. */
static int copy_label(struct efimap *map, const char *label, size_t len,
		      const char **ret_copy)
{
	const char *last = map->n_memmap ? map->memmap[map->n_memmap - 1].label : NULL;

	if (last && strlen(last) == len && memcmp(last, label, len) == 0) {
		*ret_copy = last;
		return 0;
	}
	return copy_text(map, label, len, ret_copy);
}

int efimap_add_memmap(struct efimap *map, uint32_t index, uint64_t start, uint64_t end,
		      const char *label, size_t label_len)
{
	struct efimap_range range = {
		.index = index,
		.bad = end < start,
		.span = { start, end < start ? start : end },
		.start = start,
		.end = end,
	};
	int r = efimap_array_reserve(&map->memmap, map->n_memmap,
				     &map->capacity[CAP_MEMMAP], sizeof(*map->memmap));

	if (r == 0)
		r = copy_label(map, label, label_len, &range.label);
	if (r < 0)
		return r;
	map->memmap[map->n_memmap++] = range;
	return 0;
}

/*
 * The closest line above that is less deep. Lines that this passes over can be nobody's
 * parent any more, so all calls together cost one step a line.
 */
static size_t parent_at(const struct efimap *map, uint32_t depth)
{
	size_t at = map->n_iomem ? map->n_iomem - 1 : EFIMAP_NO_PARENT;

	while (at != EFIMAP_NO_PARENT && map->iomem[at].depth >= depth)
		at = map->iomem[at].parent;
	return at;
}

int efimap_add_iomem(struct efimap *map, struct efimap_span span, uint32_t depth,
		     const char *name, size_t name_len)
{
	struct efimap_resource line = {
		.span = span,
		.depth = depth,
		.parent = parent_at(map, depth),
	};
	int r = efimap_array_reserve(&map->iomem, map->n_iomem, &map->capacity[CAP_IOMEM],
				     sizeof(*map->iomem));

	if (r == 0)
		r = copy_text(map, name, name_len, &line.name);
	if (r < 0)
		return r;
	map->iomem[map->n_iomem++] = line;
	return 0;
}

static int add_pair(struct efimap *map, struct efimap_pair **pairs, size_t *count,
		    size_t *capacity, struct efimap_pair pair, size_t name_len)
{
	int r = efimap_array_reserve(pairs, *count, capacity, sizeof(**pairs));

	if (r == 0)
		r = copy_text(map, pair.name, name_len, &pair.name);
	if (r < 0)
		return r;
	(*pairs)[(*count)++] = pair;
	return 0;
}

int efimap_add_systab(struct efimap *map, const char *name, size_t name_len,
		      uint64_t value)
{
	return add_pair(map, &map->systab, &map->n_systab, &map->capacity[CAP_SYSTAB],
			(struct efimap_pair){ name, value }, name_len);
}

int efimap_add_table(struct efimap *map, const char *name, size_t name_len,
		     uint64_t value)
{
	return add_pair(map, &map->tables, &map->n_tables, &map->capacity[CAP_TABLES],
			(struct efimap_pair){ name, value }, name_len);
}

int efimap_add_setup_node(struct efimap *map, const struct efimap_setup_node *node)
{
	int r = efimap_array_reserve(&map->setup_data, map->n_setup_data,
				     &map->capacity[CAP_SETUP_DATA],
				     sizeof(*map->setup_data));

	if (r < 0)
		return r;
	map->setup_data[map->n_setup_data++] = *node;
	return 0;
}

int efimap_add_fault(struct efimap *map, const struct efimap_fault *fault)
{
	struct efimap_fault copy = *fault;
	int r = efimap_array_reserve(&map->faults, map->n_faults,
				     &map->capacity[CAP_FAULTS], sizeof(*map->faults));

	if (r == 0)
		r = copy_text(map, fault->where, strlen(fault->where), &copy.where);
	if (r == 0)
		r = copy_text(map, fault->text, strlen(fault->text), &copy.text);
	if (r < 0)
		return r;
	map->faults[map->n_faults++] = copy;
	return 0;
}

int efimap_set_inner(struct efimap *map, const char *name)
{
	return copy_text(map, name, strlen(name), &map->inner);
}

int efimap_set_cmdline(struct efimap *map, const char *text, size_t len)
{
	return copy_text(map, text, len, &map->cmdline);
}

int efimap_set_boot_id(struct efimap *map, const char *text, size_t len)
{
	return copy_text(map, text, len, &map->boot_id);
}

int efimap_set_dmi(struct efimap *map, enum efimap_dmi field, const char *text, size_t len)
{
	return copy_text(map, text, len, &map->dmi[field]);
}

/* A number at @*at; the number must be followed by @stop unless that is 0. */
static bool take_number(const char **at, char stop, unsigned int *ret_number)
{
	size_t digits = 0, column;
	uint64_t value;

	while (isdigit((unsigned char)(*at)[digits]))
		digits++;
	if (efimap_num_parse_dec(*at, digits, UINT32_MAX, &value, &column) !=
	    EFIMAP_NUM_OK)
		return false;
	if (stop && (*at)[digits] != stop)
		return false;
	*ret_number = (unsigned int)value;
	*at += digits;
	return true;
}

int efimap_set_release(struct efimap *map, const char *text, size_t len)
{
	struct efimap_release release = { .text = "" };
	unsigned int major, minor, patch = 0;
	const char *at;
	int r = copy_text(map, text, len, &release.text);

	if (r < 0)
		return r;
	at = release.text;
	if (take_number(&at, '.', &major) && (at++, take_number(&at, 0, &minor))) {
		if (*at == '.') {
			at++;
			take_number(&at, 0, &patch);
		}
		release.major = major;
		release.minor = minor;
		release.patch = patch;
	}
	map->release = release;
	return 0;
}
