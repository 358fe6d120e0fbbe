/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The kernel's log, of which only the addresses of the firmware's tables are kept: of the
 * running system from the kernel itself, of a tree from the file that was collected.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>

#include <efimap/cleanup.h>

#include "fault.h"
#include "readers.h"

#define MAX_BYTES (64U << 20)
/* Tables that we keep; the kernel knows some twenty. */
#define MAX_TABLES 256U
#define PATH_SIZE 320

/* syslog(2) */
#define ACTION_READ_ALL 3
#define ACTION_SIZE_BUFFER 10

static int add_tables(struct efimap *map, struct efimap_lines *rest)
{
	struct efimap_named named;
	int ret = 0;

	while (!ret && map->n_tables < MAX_TABLES && efimap_parse_log_table(rest, &named))
		ret = efimap_add_table(map, named.name, named.name_len, named.value);
	return ret;
}

static int take_log(struct efimap *map, const char *data, size_t size)
{
	struct efimap_lines lines = { .data = data, .len = size };
	struct efimap_lines rest;
	const char *text;
	size_t len;
	int ret = 0;

	while (!ret && efimap_lines_next(&lines, &text, &len))
		if (efimap_parse_log_line(text, len, &rest))
			ret = add_tables(map, &rest);
	if (!ret)
		map->states[EFIMAP_SRC_KERNEL_LOG] = EFIMAP_STATE_PRESENT;
	return ret;
}

/* Where the log may not be read, or there is none, the state says so and that is all. */
static int take_live_log(struct efimap *map)
{
	int size = klogctl(ACTION_SIZE_BUFFER, NULL, 0);
	efimap_auto_free char *data = size > 0 ? malloc((size_t)size) : NULL;

	if (size > 0 && !data)
		return -ENOMEM;

	int len = size > 0 ? klogctl(ACTION_READ_ALL, data, size) : size;

	if (len >= 0)
		return take_log(map, data, (size_t)len);
	map->states[EFIMAP_SRC_KERNEL_LOG] = errno == EPERM || errno == EACCES ?
						     EFIMAP_STATE_DENIED :
						     EFIMAP_STATE_ABSENT;
	return 0;
}

/* Of several files take the first in alphabetical order: "dmesg" before "dmesg_-T". */
static void keep_first(char first[PATH_SIZE], const char *directory, const char *name)
{
	char path[PATH_SIZE];
	int len = snprintf(path, sizeof(path), "%s/%s", directory, name);

	if (len > 0 && (size_t)len < sizeof(path) && (!first[0] || strcmp(path, first) < 0))
		memcpy(first, path, (size_t)len + 1);
}

/* The path of the file in @directory whose name starts with "dmesg", or "". */
static int find_log(struct efimap_root *root, const char *directory, char path[PATH_SIZE])
{
	efimap_auto_dir struct efimap_dir dir = { 0 };
	const struct dirent *d;
	int ret = efimap_dir_open(root, directory, &dir);

	path[0] = '\0';
	while (!ret && (d = readdir(dir.stream)))
		if (strncmp(d->d_name, "dmesg", strlen("dmesg")) == 0)
			keep_first(path, directory, d->d_name);
	return ret;
}

static int read_log_file(struct efimap_root *root, struct efimap_file *file, char *path)
{
	static const char *const usual[] = { "dmesg.txt", "var/log/dmesg" };
	int ret = -ENOENT;

	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]) && ret == -ENOENT; i++) {
		snprintf(path, PATH_SIZE, "%s", usual[i]);
		ret = efimap_root_read_file(root, path, MAX_BYTES, file);
	}
	if (ret != -ENOENT)
		return ret;
	ret = find_log(root, "sos_commands/kernel", path);
	if (ret || !path[0])
		return ret ? ret : -ENOENT;
	return efimap_root_read_file(root, path, MAX_BYTES, file);
}

int efimap_read_kernel_log(struct efimap_root *root, struct efimap *map,
			   struct efimap_err *err)
{
	efimap_auto_file struct efimap_file file = { 0 };
	char path[PATH_SIZE];

	if (map->origin == EFIMAP_ORIGIN_LIVE)
		return take_live_log(map);

	int ret = read_log_file(root, &file, path);

	if (ret)
		return efimap_source_unread(map, EFIMAP_SRC_KERNEL_LOG, path, ret);
	return take_log(map, file.data, file.len);
}
