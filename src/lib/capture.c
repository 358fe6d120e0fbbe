/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Captures, for other programs. How one is read, and what is in it, is for the rooms below.
 */
#include <string.h>

#include "lib/lib.h"
#include "read/read.h"

/* Programs are compiled against it. */
_Static_assert(sizeof(struct efimap_entry) == 48, "struct efimap_entry is part of the ABI");

int efimap_capture_read(const char *source, struct efimap_capture **ret_capture,
			struct efimap_err *err)
{
	struct efimap *map;
	const int ret = efimap_read(source, &map, err);

	if (!ret)
		*ret_capture = lib_capture(map);
	return ret;
}

int efimap_capture_read_from(const char *name, efimap_read_fn *read, void *context,
			     struct efimap_capture **ret_capture, struct efimap_err *err)
{
	struct efimap *map;
	const int ret = efimap_read_stream(name, read, context, &map, err);

	if (!ret)
		*ret_capture = lib_capture(map);
	return ret;
}

void efimap_capture_free(struct efimap_capture *capture)
{
	efimap_free((struct efimap *)(void *)capture);
}

const char *efimap_capture_name(const struct efimap_capture *capture)
{
	return lib_map(capture)->name;
}

const struct efimap_entry *efimap_capture_entries(const struct efimap_capture *capture,
						  size_t *ret_count)
{
	const struct efimap *map = lib_map(capture);

	*ret_count = map->n_entries;
	return map->n_entries ? map->entries : NULL;
}

const char *efimap_capture_state(const struct efimap_capture *capture, const char *source)
{
	for (enum efimap_source i = 0; i < EFIMAP_SRC_COUNT; i++)
		if (strcmp(efimap_source_name(i), source) == 0)
			return efimap_state_name(lib_map(capture)->states[i]);
	return NULL;
}
