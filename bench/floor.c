/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The least that reading a capture can cost: getdents, a numeric sort, openat, one read
 * and close for each file that dump reads, JSON by hand. It checks nothing, or, as
 * "floor judge", overlap and coverage only.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tree.h"

struct linux_dirent64 {
	uint64_t inode;
	int64_t offset;
	unsigned short length;
	unsigned char type;
	char name[];
};

static char page[(1 << 16) + 1];

static size_t slurp(int dir, const char *path)
{
	int fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	ssize_t size;

	if (fd < 0)
		return 0;
	size = read(fd, page, sizeof(page) - 1);
	close(fd);
	return size < 0 ? 0 : (size_t)size;
}

static int by_number(const void *a, const void *b)
{
	const unsigned int *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

static size_t list(int dir, unsigned int **ret_numbers)
{
	static _Alignas(8) char block[1 << 15];
	size_t count = 0, capacity = 0;
	long size;

	while ((size = syscall(SYS_getdents64, dir, block, sizeof(block))) > 0) {
		for (long at = 0; at < size;) {
			const struct linux_dirent64 *entry = (const void *)(block + at);
			unsigned int number = 0;

			at += entry->length;
			if (entry->name[0] == '.')
				continue;
			for (const char *c = entry->name; *c; c++)
				number = number * 10 + (unsigned int)(*c - '0');
			if (count == capacity) {
				capacity = capacity ? 2 * capacity : 256;
				*ret_numbers = realloc(*ret_numbers,
						       capacity * sizeof(**ret_numbers));
				if (!*ret_numbers)
					exit(1);
			}
			(*ret_numbers)[count++] = number;
		}
	}
	if (count)
		qsort(*ret_numbers, count, sizeof(**ret_numbers), by_number);
	return count;
}

/* "123/" into @path; where the attribute's name goes */
static char *put_directory(char *path, unsigned int number)
{
	char digits[10];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	memcpy(path, digits + at, sizeof(digits) - at);
	path += sizeof(digits) - at;
	*path++ = '/';
	return path;
}

static size_t read_map(int root, struct row **ret_rows)
{
	int dir = openat(root, "sys/firmware/efi/runtime-map", O_RDONLY | O_DIRECTORY);
	unsigned int *numbers = NULL;
	size_t count = list(dir, &numbers);
	struct row *rows = calloc(count ? count : 1, sizeof(*rows));
	char path[64];

	if (!rows)
		exit(1);
	for (size_t i = 0; i < count; i++) {
		char *name = put_directory(path, numbers[i]);

		rows[i].index = numbers[i];
		for (size_t a = 0; a < ATTRIBUTES; a++) {
			strcpy(name, attribute_names[a]);
			size_t size = slurp(dir, path);

			if (size && page[size - 1] == '\n')
				size--;
			if (size >= VALUE_SIZE)
				exit(1);
			memcpy(rows[i].value[a], page, size);
		}
	}
	free(numbers);
	close(dir);
	*ret_rows = rows;
	return count;
}

static size_t read_ranges(int root, struct span **ret_ranges)
{
	int dir = openat(root, "sys/firmware/memmap", O_RDONLY | O_DIRECTORY);
	unsigned int *numbers = NULL;
	size_t count = list(dir, &numbers);
	struct span *ranges = calloc(count + 1, sizeof(*ranges));
	char path[64];

	if (!ranges)
		exit(1);
	for (size_t i = 0; i < count; i++) {
		char *name = put_directory(path, numbers[i]);

		for (size_t a = 0; a < RANGE_FILES; a++) {
			strcpy(name, range_names[a]);
			page[slurp(dir, path)] = '\0';
			if (a < 2)
				*(a ? &ranges[i].last : &ranges[i].first) =
					strtoull(page, NULL, 16);
		}
	}
	free(numbers);
	close(dir);
	*ret_ranges = ranges;
	return count;
}

/* What judges overlap and coverage needs no other file. */
static void judge(int root, const struct row *rows, size_t count, struct span *ranges,
		  size_t n_ranges)
{
	static struct span lines[4096];

	page[slurp(root, "proc/iomem")] = '\0';
	print_verdict(rows, count, ranges, n_ranges, lines,
		      parse_lines(page, lines, sizeof(lines) / sizeof(lines[0])));
}

static size_t read_all(const char *tree, int judges)
{
	struct span *ranges;
	struct row *rows;
	size_t count, n_ranges;
	int root = open(tree, O_RDONLY | O_DIRECTORY);

	if (root < 0) {
		fprintf(stderr, "usage: floor [judge] TREE...\n");
		exit(2);
	}
	count = read_map(root, &rows);
	n_ranges = read_ranges(root, &ranges);
	if (judges)
		judge(root, rows, count, ranges, n_ranges);
	for (size_t i = 0; !judges && other_files[i]; i++)
		slurp(root, other_files[i]);
	if (!judges)
		print_rows(rows, count);
	free(ranges);
	free(rows);
	close(root);
	return count;
}

int main(int argc, char **argv)
{
	const int judges = argc > 2 && strcmp(argv[1], "judge") == 0;
	size_t count = 0;

	for (int i = 1 + judges; i < argc; i++)
		count += read_all(argv[i], judges);
	return count ? 0 : 1;
}
