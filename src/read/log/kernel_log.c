/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The kernel's log that goes with a capture: of the running system from the kernel itself
 * (kernel_log_live.c), of a tree from the file that was collected. Of it only the addresses
 * of the firmware's tables are kept, whether the kernel gave the firmware up, and more where
 * the tree lacks all of sys/firmware.
 */
#include <errno.h>

#include "read/fault.h"
#include "read/log/log_capture.h"
#include "read/read.h"
#include "read/tree/files.h"

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
	int ret = efimap_log_lines(file->data, file->len, efimap_log_take, &log);

	if (!ret)
		ret = efimap_log_end(&log);
	if (ret)
		return ret;
	map->states[EFIMAP_SRC_KERNEL_LOG] = EFIMAP_STATE_PRESENT;
	if (!log.best)
		return 0;
	if (without_firmware)
		return efimap_log_add_all(log.best, map);
	ret = efimap_log_add_tables(log.best, map);
	/* Of several boots that which tells most may not be the one that was captured. */
	if (log.n_boots > 1)
		map->log_loaded_by = EFIMAP_LOADED_BY_NONE;
	return ret;
}

int efimap_read_kernel_log(struct efimap_root *root, struct efimap *map,
			   const struct efimap_capture_file *file, struct efimap_err *err)
{
	efimap_auto_file struct efimap_file content = { 0 };
	char path[EFIMAP_WHERE_SIZE], where[EFIMAP_WHERE_SIZE];
	int ret;

	if (map->origin == EFIMAP_ORIGIN_LIVE)
		return efimap_read_running_log(root, map);
	ret = efimap_file_get(root, file, path, &content);
	if (ret)
		return efimap_source_unread(map, EFIMAP_SRC_KERNEL_LOG, path, ret);
	ret = take_log(map, &content);
	if (ret != -E2BIG)
		return ret;
	efimap_source_where(map, path, where);
	return efimap_err_set(err, E2BIG, where, EFIMAP_LOG_TOO_LONG, EFIMAP_MAX_ENTRIES);
}
