/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which numbers a directory holds. The order in which the kernel lists them is that of a
 * hash, so they are sorted. Must not look into the directories found.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "read/fault.h"
#include "read/read.h"
#include "read/tree/listing.h"

void efimap_listing_free(struct efimap_listing *listing)
{
	free(listing->keys);
	listing->keys = NULL;
	for (size_t i = 0; i < listing->n_odd; i++)
		free(listing->odd[i]);
	free(listing->odd);
	listing->odd = NULL;
	listing->n_odd = 0;
}

/* "." and "..", and whatever else kexec-tools and ls pass over as well. */
static bool is_hidden(const char *name)
{
	return name[0] == '.';
}

static int add_odd_name(struct efimap_listing *listing, const char *name)
{
	int ret = efimap_array_reserve(&listing->odd, listing->n_odd, &listing->odd_capacity,
				       sizeof(*listing->odd));

	if (ret)
		return ret;
	listing->odd[listing->n_odd] = strdup(name);
	if (!listing->odd[listing->n_odd])
		return -ENOMEM;
	listing->n_odd++;
	return 0;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int too_many(const struct efimap *map, const char *path, struct efimap_err *err)
{
	char where[EFIMAP_WHERE_SIZE];

	efimap_source_where(map, path, where);
	return efimap_err_set(err, E2BIG, where,
			      "more than %u entries, which no kernel makes",
			      EFIMAP_MAX_ENTRIES);
}

static int note_odd_name(struct efimap *map, enum efimap_source source, const char *path,
			 const char *name)
{
	char where[EFIMAP_WHERE_SIZE];
	const struct efimap_place place = { source, EFIMAP_NO_INDEX, where };
	struct efimap_problem problem;

	snprintf(where, sizeof(where), "%s/%s", path, name);
	efimap_problem_set(&problem, EFIMAP_FAULT_NAME, 0,
			   "expected directories named 0 to %u, without leading zeros",
			   EFIMAP_NO_INDEX - 1);
	return efimap_fault_problem(map, &place, &problem);
}

/* Their order in the directory means nothing, and messages should not depend on it. */
static int note_odd_names(const struct efimap_listing *listing, struct efimap *map,
			  enum efimap_source source, const char *path)
{
	int ret = 0;

	if (listing->n_odd > 0)
		qsort(listing->odd, listing->n_odd, sizeof(*listing->odd), compare_names);
	for (size_t i = 0; i < listing->n_odd && !ret; i++)
		ret = note_odd_name(map, source, path, listing->odd[i]);
	return ret;
}

static int add_number(struct efimap_listing *listing, uint32_t index)
{
	int ret = efimap_array_reserve(&listing->keys, listing->count, &listing->capacity,
				       sizeof(*listing->keys));

	if (!ret)
		listing->keys[listing->count++] = (struct efimap_key){ .key = index };
	return ret;
}

static int take_name(const struct efimap_name *name, struct efimap_listing *listing)
{
	uint32_t index;

	if (S_ISREG(name->type))
		return 0;
	/* A link or a FIFO with a number is a record that cannot be read. */
	if (efimap_parse_index(name->text, &index))
		return add_number(listing, index);
	return S_ISDIR(name->type) ? add_odd_name(listing, name->text) : 0;
}

int efimap_listing_read(struct efimap_dir *dir, struct efimap *map,
			enum efimap_source source, const char *path,
			struct efimap_listing *ret_listing, struct efimap_err *err)
{
	efimap_auto_listing struct efimap_listing listing = { 0 };
	struct efimap_name name;
	size_t names = 0;
	int ret;

	while ((ret = efimap_dir_next(dir, &name)) > 0) {
		if (is_hidden(name.text))
			continue;
		if (++names > EFIMAP_MAX_ENTRIES)
			return too_many(map, path, err);
		ret = take_name(&name, &listing);
		if (ret)
			return ret;
	}
	if (!ret)
		ret = note_odd_names(&listing, map, source, path);
	if (ret)
		return ret;
	efimap_sort_keys(listing.keys, listing.count);
	*ret_listing = listing;
	listing = (struct efimap_listing){ 0 };
	return 0;
}
