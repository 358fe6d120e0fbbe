/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The kernel's log that goes with a capture: of the running system from the kernel itself
 * (kernel_log_live.c), of a tree from the file that was collected. Of it only the addresses
 * of the firmware's tables are kept, whether the kernel gave the firmware up, and more where
 * the tree lacks all of sys/firmware.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "read/fault.h"
#include "read/log/log_source.h"
#include "read/read.h"
#include "read/tree/readers.h"

#define PATH_SIZE 320

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
	struct efimap_name name;
	int ret = efimap_dir_open(root, directory, &dir);

	path[0] = '\0';
	if (ret)
		return ret;
	while ((ret = efimap_dir_next(&dir, &name)) > 0)
		if (strncmp(name.text, "dmesg", strlen("dmesg")) == 0)
			keep_first(path, directory, name.text);
	return ret;
}

static int read_log_file(struct efimap_root *root, struct efimap_file *file, char *path)
{
	static const char *const usual[] = { "dmesg.txt", "var/log/dmesg" };
	int ret = -ENOENT;

	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]) && ret == -ENOENT; i++) {
		snprintf(path, PATH_SIZE, "%s", usual[i]);
		ret = efimap_root_read_file(root, path, EFIMAP_FILE_BYTES, file);
	}
	if (ret != -ENOENT)
		return ret;
	ret = find_log(root, "sos_commands/kernel", path);
	if (ret || !path[0])
		return ret ? ret : -ENOENT;
	return efimap_root_read_file(root, path, EFIMAP_FILE_BYTES, file);
}

/*
 * Somebody collected a tree without sys/firmware, as sosreport does: the log, if there is
 * one of that boot, is all that tells of EFI. What was collected says it better.
 */
static bool is_without_firmware(const struct efimap *map)
{
	return map->states[EFIMAP_SRC_EFI] == EFIMAP_STATE_ABSENT &&
	       map->states[EFIMAP_SRC_MEMMAP] == EFIMAP_STATE_ABSENT;
}

static int take_log(struct efimap *map, const struct efimap_file *file)
{
	efimap_auto_log struct efimap_log log = { 0 };
	const bool without_firmware = is_without_firmware(map);
	int ret = efimap_log_scan(file->data, file->len, efimap_log_gather, &log);

	if (!ret)
		ret = efimap_log_end(&log);
	if (ret)
		return ret;
	map->states[EFIMAP_SRC_KERNEL_LOG] = EFIMAP_STATE_PRESENT;
	if (!log.best)
		return 0;
	ret = efimap_log_take_tables(log.best, map);
	if (!ret && without_firmware)
		ret = efimap_log_take_memmap(log.best, map);
	return ret || !without_firmware ? ret : efimap_log_take_map(log.best, map);
}

int efimap_read_kernel_log(struct efimap_root *root, struct efimap *map,
			   struct efimap_err *err)
{
	efimap_auto_file struct efimap_file file = { 0 };
	char path[PATH_SIZE], where[EFIMAP_WHERE_SIZE];
	int ret;

	if (map->origin == EFIMAP_ORIGIN_LIVE)
		return efimap_read_running_log(root, map);
	ret = read_log_file(root, &file, path);
	if (ret)
		return efimap_source_unread(map, EFIMAP_SRC_KERNEL_LOG, path, ret);
	ret = take_log(map, &file);
	if (ret != -E2BIG)
		return ret;
	efimap_source_where(map, path, where);
	return efimap_err_set(err, E2BIG, where, EFIMAP_LOG_TOO_LONG, EFIMAP_MAX_ENTRIES);
}
