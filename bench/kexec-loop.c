/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Read the same files as floor does, but like kexec-tools (kexec/arch/i386/x86-linux-setup.c,
 * kexec/firmware_memmap.c): with opendir, and with fopen of the full path. Values are read with
 * fscanf. The entries are printed in directory order, not sorted.
 */
#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "tree.h"

static const char *root;

static FILE *open_below(const char *where, const char *name, const char *file)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s%s%s%s%s", root, where, *name ? "/" : "", name,
		 *file ? "/" : "", file);
	return fopen(path, "r");
}

static void scan_value(const char *where, const char *name, const char *file, char *value)
{
	FILE *stream = open_below(where, name, file);
	uint64_t number = 0;

	if (!stream || (fscanf(stream, "0x%" SCNx64, &number) != 1 && value))
		exit(1);
	fclose(stream);
	if (value)
		snprintf(value, VALUE_SIZE, "0x%" PRIx64, number);
}

static void read_records(const char *where, const char *const *files, size_t n_files,
			 struct row **rows, size_t *count)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", root, where);
	DIR *dir = opendir(path);

	if (!dir)
		exit(1);
	for (struct dirent *entry; (entry = readdir(dir));) {
		struct row *row = NULL;

		if (entry->d_name[0] == '.')
			continue;
		if (rows) {
			row = add_row(rows, count);
			row->index = (unsigned int)strtoul(entry->d_name, NULL, 10);
		}
		for (size_t a = 0; a < n_files; a++)
			scan_value(where, entry->d_name, files[a], row ? row->value[a] : NULL);
	}
	closedir(dir);
}

static void read_lines(const char *name)
{
	FILE *stream = open_below(name, "", "");
	char line[512];

	while (stream && fgets(line, sizeof(line), stream))
		;
	if (stream)
		fclose(stream);
}

int main(int argc, char **argv)
{
	struct row *rows = NULL;
	size_t count = 0;

	if (argc != 2) {
		fprintf(stderr, "usage: kexec-loop TREE\n");
		return 2;
	}
	root = argv[1];
	read_records(MAP, attribute_names, ATTRIBUTES, &rows, &count);
	read_records(MEMMAP, range_names, RANGE_FILES, NULL, NULL);
	for (size_t i = 0; other_files[i]; i++)
		read_lines(other_files[i]);
	print_rows(rows, count);
	free(rows);
	return 0;
}
