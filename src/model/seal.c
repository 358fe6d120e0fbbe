/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The last step of building a capture: everything with a number in order of its number,
 * stably, so that two entries of one number keep the order in which they were read.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/sort.h"
#include "model/capture.h"

/* One array to sort: @index_at is where an element keeps its uint32_t number. */
struct sortable {
	void *array;
	size_t count;
	size_t size;
	size_t index_at;
};

static uint32_t index_of(const struct sortable *what, size_t i)
{
	uint32_t index;

	memcpy(&index, (const char *)what->array + i * what->size + what->index_at,
	       sizeof(index));
	return index;
}

static int sort_by_index(const struct sortable *what)
{
	efimap_auto_free struct efimap_key *keys =
		efimap_array_new(what->count, sizeof(*keys));
	efimap_auto_free char *sorted = efimap_array_new(what->count, what->size);

	if (!keys || !sorted)
		return -ENOMEM;
	for (size_t i = 0; i < what->count; i++)
		keys[i] = (struct efimap_key){ index_of(what, i), (uint32_t)i };
	efimap_sort_keys(keys, what->count);
	for (size_t i = 0; i < what->count; i++)
		memcpy(sorted + i * what->size,
		       (const char *)what->array + keys[i].index * what->size,
		       what->size);
	if (what->count)
		memcpy(what->array, sorted, what->count * what->size);
	return 0;
}

static int compare_tables(const void *a, const void *b)
{
	const struct efimap_pair *const *first = a, *const *second = b;
	int order = strcmp((*first)->name, (*second)->name);

	if (order)
		return order;
	return (*first > *second) - (*first < *second);
}

/* A log that holds two boots, a table printed twice, a line of systab: the first stays. */
static int drop_repeated(struct efimap_pair *pairs, size_t *count)
{
	efimap_auto_free struct efimap_pair **by_name = NULL;
	const char *last = NULL;
	size_t kept = 0;

	if (*count < 2)
		return 0;
	by_name = calloc(*count, sizeof(struct efimap_pair *));
	if (!by_name)
		return -ENOMEM;
	for (size_t i = 0; i < *count; i++)
		by_name[i] = &pairs[i];
	qsort(by_name, *count, sizeof(struct efimap_pair *), compare_tables);
	for (size_t i = 0; i < *count; i++) {
		if (last && strcmp(last, by_name[i]->name) == 0)
			by_name[i]->name = NULL;
		else
			last = by_name[i]->name;
	}
	for (size_t i = 0; i < *count; i++)
		if (pairs[i].name)
			pairs[kept++] = pairs[i];
	*count = kept;
	return 0;
}

int efimap_seal(struct efimap *map)
{
	const struct sortable all[] = {
		{ map->entries, map->n_entries, sizeof(*map->entries),
		  offsetof(struct efimap_entry, index) },
		{ map->names, map->n_names, sizeof(*map->names), 0 },
		{ map->memmap, map->n_memmap, sizeof(*map->memmap),
		  offsetof(struct efimap_range, index) },
		{ map->setup_data, map->n_setup_data, sizeof(*map->setup_data),
		  offsetof(struct efimap_setup_node, index) },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		int r = sort_by_index(&all[i]);

		if (r < 0)
			return r;
	}
	int r = drop_repeated(map->systab, &map->n_systab);

	return r < 0 ? r : drop_repeated(map->tables, &map->n_tables);
}
