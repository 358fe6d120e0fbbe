/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The same files as floor, read in the shape of kexec-tools (kexec/arch/i386/
 * x86-linux-setup.c, kexec/firmware_memmap.c): opendir, and for each file the full path,
 * fopen and fscanf. Order is that of the directory; nothing is sorted.
 */
#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tree.h"

static char root[2048];

static void scan_value(const char *where, const char *name, const char *file, char *value)
{
	char path[4096];
	uint64_t number = 0;

	snprintf(path, sizeof(path), "%s/%s/%s/%s", root, where, name, file);
	FILE *stream = fopen(path, "r");

	if (!stream)
		exit(1);
	if (fscanf(stream, "0x%" SCNx64, &number) != 1 && value)
		exit(1);
	fclose(stream);
	if (value)
		snprintf(value, VALUE_SIZE, "0x%" PRIx64, number);
}

static size_t read_map(struct row **ret_rows)
{
	const char *where = "sys/firmware/efi/runtime-map";
	size_t count = 0, capacity = 0;
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", root, where);
	DIR *dir = opendir(path);

	if (!dir)
		exit(1);
	for (struct dirent *entry; (entry = readdir(dir));) {
		if (entry->d_name[0] == '.')
			continue;
		if (count == capacity) {
			capacity = capacity ? 2 * capacity : 256;
			*ret_rows = realloc(*ret_rows, capacity * sizeof(**ret_rows));
			if (!*ret_rows)
				exit(1);
		}
		struct row *row = &(*ret_rows)[count++];

		row->index = (unsigned int)strtoul(entry->d_name, NULL, 10);
		for (size_t a = 0; a < ATTRIBUTES; a++)
			scan_value(where, entry->d_name, attribute_names[a],
				   row->value[a]);
	}
	closedir(dir);
	return count;
}

static void read_ranges(void)
{
	const char *where = "sys/firmware/memmap";
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", root, where);
	DIR *dir = opendir(path);

	if (!dir)
		return;
	for (struct dirent *entry; (entry = readdir(dir));) {
		if (entry->d_name[0] == '.')
			continue;
		for (size_t a = 0; a < RANGE_FILES; a++)
			scan_value(where, entry->d_name, range_names[a], NULL);
	}
	closedir(dir);
}

static void read_lines(const char *name)
{
	char path[4096], line[512];

	snprintf(path, sizeof(path), "%s/%s", root, name);
	FILE *stream = fopen(path, "r");

	if (!stream)
		return;
	while (fgets(line, sizeof(line), stream))
		;
	fclose(stream);
}

int main(int argc, char **argv)
{
	struct row *rows = NULL;
	size_t count;

	if (argc != 2) {
		fprintf(stderr, "usage: kexec-loop TREE\n");
		return 2;
	}
	snprintf(root, sizeof(root), "%s", argv[1]);
	count = read_map(&rows);
	read_ranges();
	for (size_t i = 0; other_files[i]; i++)
		read_lines(other_files[i]);
	print_rows(rows, count);
	free(rows);
	return count ? 0 : 1;
}
