/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Files in the directory of a record that no table names. A listing costs as much as two
 * files, so it is for a caller to say of which records. Must not open what it finds.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "read/fault.h"
#include "read/tree/listing.h"

/* Strangers named of one directory; a kernel with more would have outgrown the table. */
#define MAX_STRANGERS 8
#define WHERE_SIZE (128 + NAME_MAX)

/* struct strangers - names, sorted: their order in the directory means nothing */
struct strangers {
	size_t count;
	char names[MAX_STRANGERS][NAME_MAX + 1];
};

static bool is_known(const struct efimap_record_kind *kind, const char *name)
{
	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return true;
	for (size_t i = 0; i < kind->n_fields; i++)
		if (strcmp(kind->fields[i].name, name) == 0)
			return true;
	return false;
}

static int compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void find(struct efimap_dir *dir, const struct efimap_record_kind *kind,
		 struct strangers *found)
{
	struct efimap_name name;

	while (found->count < MAX_STRANGERS && efimap_dir_next(dir, &name) > 0)
		if (!is_known(kind, name.text))
			snprintf(found->names[found->count++], NAME_MAX + 1, "%s",
				 name.text);
	qsort(found->names, found->count, sizeof(found->names[0]), compare);
}

int efimap_strangers_note(struct efimap_root *root, struct efimap *map,
			  const struct efimap_record_kind *kind, uint32_t index)
{
	efimap_auto_dir struct efimap_dir dir = { 0 };
	struct strangers found = { 0 };
	char where[WHERE_SIZE];
	const struct efimap_place place = { kind->source, index, where };
	struct efimap_problem problem;
	int ret = 0;

	snprintf(where, sizeof(where), "%s/%u", efimap_source_path(kind->source), index);
	/* What cannot be listed can have no file read from it either: that is noted. */
	if (efimap_dir_open(root, where, &dir))
		return 0;
	find(&dir, kind, &found);
	for (size_t i = 0; i < found.count && !ret; i++) {
		snprintf(where, sizeof(where), "%s/%u/%s",
			 efimap_source_path(kind->source), index, found.names[i]);
		efimap_problem_set(&problem, EFIMAP_FAULT_EXTRA, 0,
				   "not one of the files that the kernel makes");
		ret = efimap_fault_problem(map, &place, &problem);
	}
	return ret;
}
