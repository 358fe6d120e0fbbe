/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Find out why a file that an answer needs was not read. */
#include <stdio.h>
#include <string.h>

#include "rules/file_faults.h"
#include "rules/unread_verdict.h"

bool find_file_path(const struct efimap *map, const struct load_case *load,
		    enum needed_file_id file, size_t number, char path[FILE_PATH_SIZE])
{
	const struct needed_file *row = &needed_files[file];
	const char *release = row->is_of_next && load ? load->release.text : map->release.text;
	const char *form = row->paths ? row->paths[number] : NULL;
	const char *at = form ? strstr(form, "%s") : NULL;

	if (!form)
		return false;
	if (strcmp(form, EFIMAP_LOAD_RECORD) == 0)
		form = EFIMAP_LOAD_RECORD;
	if (at)
		snprintf(path, FILE_PATH_SIZE, "%.*s%s%s", (int)(at - form), form, release, at + 2);
	else
		snprintf(path, FILE_PATH_SIZE, "%s", form);
	return true;
}

/* Return whether @where, which may be in quotes, is @path or a file in this directory. */
static bool is_at_or_below(const char *where, const char *path)
{
	const size_t len = strlen(path);

	where += *where == '"';
	return strncmp(where, path, len) == 0 && strchr("/\"", where[len]);
}

const struct capture_fault *find_file_fault(const struct efimap *map, const struct load_case *load,
					    enum needed_file_id file)
{
	const struct needed_file *row = &needed_files[file];
	char path[FILE_PATH_SIZE];

	for (size_t i = 0; i < map->n_faults; i++) {
		const struct capture_fault *fault = &map->faults[i];

		if (fault->source != row->source)
			continue;
		if (!row->paths && is_fault_unseen(map, fault))
			return fault;
		/* kexec_file_load passes the address in the kernel, which only this file shows. */
		if (fault->source == EFIMAP_SRC_CONFIG_TABLE && load &&
		    load->loader == EFIMAP_LOADER_KERNEL)
			return fault;
		for (size_t k = 0; find_file_path(map, load, file, k, path); k++)
			if (is_at_or_below(fault->where, path))
				return fault;
	}
	return NULL;
}

bool file_may_exist(const struct efimap *map, const struct load_case *load,
		    enum needed_file_id file)
{
	const struct needed_file *row = &needed_files[file];

	return row->is_always || capture_is_offline(map) ||
	       (!row->paths && map->states[row->source] == EFIMAP_STATE_DENIED) ||
	       find_file_fault(map, load, file);
}
