/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Measure the minimum cost of reading a capture: the necessary system calls, a numeric sort, and
 * JSON that is formatted without a library. The program checks nothing.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tree.h"

static char page[1 << 16];

static size_t slurp(int dir, const char *path)
{
	int fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	ssize_t size;

	if (fd < 0)
		return 0;
	size = read(fd, page, sizeof(page));
	close(fd);
	return size < 0 ? 0 : (size_t)size;
}

static int by_index(const void *a, const void *b)
{
	const struct row *left = a, *right = b;

	return (left->index > right->index) - (left->index < right->index);
}

/*
 * Store the numbers of the subdirectories of @path in @rows in ascending order, and return the open
 * directory. The caller closes the directory and frees @rows.
 */
static DIR *list(int root, const char *path, struct row **rows, size_t *count)
{
	int fd = openat(root, path, O_RDONLY | O_DIRECTORY);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (!dir)
		exit(1);
	for (struct dirent *entry; (entry = readdir(dir));)
		if (entry->d_name[0] != '.')
			add_row(rows, count)->index =
				(unsigned int)strtoul(entry->d_name, NULL, 10);
	if (*count)
		qsort(*rows, *count, sizeof(**rows), by_index);
	return dir;
}

static void read_map(int root, struct row **rows, size_t *count)
{
	DIR *dir = list(root, MAP, rows, count);
	char path[64];

	for (size_t i = 0; i < *count; i++) {
		struct row *row = &(*rows)[i];

		for (size_t a = 0; a < ATTRIBUTES; a++) {
			snprintf(path, sizeof(path), "%u/%s", row->index, attribute_names[a]);
			size_t size = slurp(dirfd(dir), path);

			if (size && page[size - 1] == '\n')
				size--;
			if (size >= VALUE_SIZE)
				exit(1);
			memcpy(row->value[a], page, size);
		}
	}
	closedir(dir);
}

static void read_ranges(int root)
{
	struct row *ranges = NULL;
	size_t count = 0;
	DIR *dir = list(root, MEMMAP, &ranges, &count);
	char path[64];

	for (size_t i = 0; i < count; i++)
		for (size_t a = 0; a < RANGE_FILES; a++) {
			snprintf(path, sizeof(path), "%u/%s", ranges[i].index, range_names[a]);
			slurp(dirfd(dir), path);
		}
	closedir(dir);
	free(ranges);
}

static void read_tree(const char *tree)
{
	struct row *rows = NULL;
	size_t count = 0;
	int root = open(tree, O_RDONLY | O_DIRECTORY);

	if (root < 0)
		exit(1);
	read_map(root, &rows, &count);
	read_ranges(root);
	for (size_t i = 0; other_files[i]; i++)
		slurp(root, other_files[i]);
	print_rows(rows, count);
	free(rows);
	close(root);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		read_tree(argv[i]);
	return argc < 2;
}
