/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Find crashkernel= in the files from which boot loader entries are made. If the running kernel has
 * no such parameter, the boot loader was not updated, or the machine not rebooted.
 */
#include <stdio.h>
#include <string.h>

#include "base/text_scan.h"
#include "capture/installed_kernels.h"
#include "input/file_readers.h"
#include "input/parse_values.h"
#include "input/tree/capture_file.h"

static const char crashkernel[] = "crashkernel=";

/* Return whether a line that is no comment contains crashkernel= as a word. */
static bool has_crashkernel(struct text line)
{
	static const char word[] = EFIMAP_LETTERS EFIMAP_DIGITS "_.-";
	const char *start = line.at;

	text_skip_blanks(&line);
	if (line.len && line.at[0] == '#')
		return false;
	while (text_find(&line, crashkernel)) {
		const char *found = line.at - strlen(crashkernel);

		if (found == start || !text_is_one_of(found[-1], word))
			return true;
	}
	return false;
}

/* Keep only "crashkernel=", and only if the file contains it. */
void filter_boot_parameters(char *data, size_t *len)
{
	struct lines lines = { .data = data, .len = *len };
	struct text line;
	bool is_found = false;

	while (!is_found && lines_next(&lines, &line.at, &line.len))
		is_found = has_crashkernel(line);
	*len = is_found ? strlen(crashkernel) : 0;
	memcpy(data, crashkernel, *len);
}

/* Maximum number of files in a directory that are read */
#define MAX_FILES 256U

struct parameters {
	struct root *root;
	struct efimap *map;
	const struct capture_file *file;
	const char *directory;
	unsigned int n_read;
};

/* Read a file. @name is its path, or that of its directory, which an answer names. */
static void keep_parameters(struct parameters *from, const char *path, const char *name)
{
	struct kexec_state *kexec = kexec_state(from->map);
	auto_file struct tree_file content = { 0 };
	const int ret = root_read(from->root, path, from->file->part, from->file->limit,
				  from->file->filter, &content);

	if (!ret && content.len && !kexec->crashkernel_in)
		kexec->crashkernel_in = capture_copy_text(from->map, name);
}

static int take_file_name(void *context, const char *name, mode_t type)
{
	struct parameters *from = context;
	const char *end = strrchr(name, '.');
	char path[EFIMAP_WHERE_SIZE];

	if (!end || (strcmp(end, ".cfg") != 0 && strcmp(end, ".conf") != 0) ||
	    snprintf(path, sizeof(path), "%s/%s", from->directory, name) >= (int)sizeof(path) ||
	    ++from->n_read > MAX_FILES)
		return 0;
	keep_parameters(from, path, from->directory);
	return 0;
}

/* A file that cannot be read is skipped, because no answer needs it. */
int read_boot_parameters(struct root *root, struct efimap *map, const struct capture_file *file,
			 struct err *err)
{
	for (size_t i = 0; file->places[i]; i++) {
		const char *place = file->places[i], *end = place + strlen(place) - strlen(".d");
		struct parameters from = { root, map, file, .directory = place };

		if (strcmp(end, ".d") == 0)
			root_list(root, place, "", take_file_name, &from);
		else
			keep_parameters(&from, place, place);
	}
	return 0;
}
