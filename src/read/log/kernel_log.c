/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The kernel's log that goes with a capture: of the running system from the kernel itself, of a
 * tree from the file that was collected. Of it only the addresses of the firmware's tables are
 * kept, whether the kernel gave the firmware up, and more where the tree lacks all of
 * sys/firmware.
 *
 * /dev/kmsg gives one record a read, oldest first, so that reading can stop behind the few lines
 * that are wanted; syslog(2) has the kernel format all of it, which can cost as much as reading a
 * whole runtime map.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "read/parse.h"
#include "read/log/log_state.h"
#include "read/read.h"
#include "read/tree/files.h"

/* syslog(2) */
#define ACTION_READ_ALL 3
#define ACTION_SIZE_BUFFER 10

/* kernel/printk/internal.h: PRINTK_MESSAGE_MAX is 2048, a record with its fields 8192. */
#define RECORD_SIZE 8193
#define TAINT_SIZE 64
/* The lines wanted are printed before timers run; a minute leaves room for anything. */
#define LATEST_USEC (UINT64_C(60) * 1000000)
/* include/linux/panic.h: TAINT_WARN; a kernel that disables runtime services warns. */
#define TAINT_WARN (1U << 9)

/* A record, "6,45,0,-;efi: …\n": its message, or false when it is too late for us. */
static bool early_message(struct efimap_text record, uint64_t latest,
			  struct efimap_text *ret_message)
{
	uint64_t priority, number, usec;

	if (!efimap_text_take_number(&record, UINT64_MAX, &priority) ||
	    !efimap_text_take(&record, ",") ||
	    !efimap_text_take_number(&record, UINT64_MAX, &number) ||
	    !efimap_text_take(&record, ",") ||
	    !efimap_text_take_number(&record, latest, &usec) ||
	    !efimap_text_take(&record, ",") || !efimap_text_find(&record, ";"))
		return false;
	*ret_message = (struct efimap_text){ record.at, strcspn(record.at, "\n") };
	return true;
}

/* One record per call; false at the end of what we want. */
static bool next_record(int fd, char record[RECORD_SIZE], uint64_t latest,
			struct efimap_text *ret_message)
{
	ssize_t len;

	/* EPIPE: a record was overwritten before we came to it; the next one is there. */
	do
		len = read(fd, record, RECORD_SIZE - 1);
	while (len < 0 && (errno == EPIPE || errno == EINTR));
	if (len <= 0)
		return false;
	record[len] = '\0';
	return early_message((struct efimap_text){ record, (size_t)len }, latest, ret_message);
}

/* Has this kernel ever warned? Then it may have given the firmware up, at any time. */
static bool has_warned(struct efimap_root *root)
{
	efimap_auto_file struct efimap_file file = { 0 };
	struct efimap_text text;
	uint64_t taint;

	if (efimap_root_read_file(root, "proc/sys/kernel/tainted", TAINT_SIZE, &file))
		return false;
	text = (struct efimap_text){ file.data, file.len };
	return efimap_text_take_number(&text, UINT64_MAX, &taint) && taint & TAINT_WARN;
}

/*
 * Behind the tables, which setup_arch() finds, and behind the features of memory encryption,
 * which start_kernel() does, comes this of kernel/smp.c: smp_init, since 4.10.
 */
static bool is_last_wanted(struct efimap_text message)
{
	return efimap_text_begins(message, "smp: Bringing up secondary CPUs");
}

/* @all: not only what a kernel says while it starts */
static int take_records(int fd, struct efimap_log *log, bool all)
{
	const uint64_t latest = all ? UINT64_MAX : LATEST_USEC;
	struct efimap_log_line line = { 0 };
	char record[RECORD_SIZE];
	int ret = 0;

	while (!ret && next_record(fd, record, latest, &line.message) &&
	       (all || !is_last_wanted(line.message)))
		ret = efimap_log_take(log, &line);
	return ret;
}

/* Where there is no /dev/kmsg, as in containers. */
static int take_syslog(struct efimap_log *log, enum efimap_state *ret_state)
{
	int size = klogctl(ACTION_SIZE_BUFFER, NULL, 0);
	efimap_auto_free char *data = size > 0 ? malloc((size_t)size) : NULL;

	if (size > 0 && !data)
		return -ENOMEM;

	int len = size > 0 ? klogctl(ACTION_READ_ALL, data, size) : size;

	if (len >= 0)
		return efimap_log_lines(data, (size_t)len, efimap_log_take, log);
	*ret_state = errno == EPERM || errno == EACCES ? EFIMAP_STATE_DENIED :
							 EFIMAP_STATE_ABSENT;
	return 0;
}

static int read_running_log(struct efimap_root *root, struct efimap *map)
{
	efimap_auto_log struct efimap_log log = { .is_one = true };
	enum efimap_state state = EFIMAP_STATE_PRESENT;
	int ret;

	/* Without EFI there is no such line, and all of the log to look through. */
	if (map->states[EFIMAP_SRC_EFI] == EFIMAP_STATE_ABSENT)
		return 0;

	efimap_auto_fd int fd = root->ops->open_at(root, "dev/kmsg",
						   O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	ret = fd >= 0 ? take_records(fd, &log, has_warned(root)) : take_syslog(&log, &state);
	if (ret)
		return ret;
	map->states[EFIMAP_SRC_KERNEL_LOG] = state;
	return log.current ? efimap_log_add_tables(log.current, map) : 0;
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
	int ret = efimap_log_lines(file->data, file->len, efimap_log_take, &log) ?:
		  efimap_log_end(&log);

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
		return read_running_log(root, map);
	ret = efimap_file_get(root, file, path, &content);
	if (ret)
		return efimap_source_unread(map, EFIMAP_SRC_KERNEL_LOG, path, ret);
	ret = take_log(map, &content);
	if (ret != -E2BIG)
		return ret;
	efimap_source_where(map, path, where);
	return efimap_err_set(err, E2BIG, where, EFIMAP_LOG_TOO_LONG, EFIMAP_MAX_ENTRIES);
}
