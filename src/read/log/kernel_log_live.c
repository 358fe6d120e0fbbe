/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The log of the running kernel. /dev/kmsg gives one record a read, oldest first, so
 * that reading can stop behind the few lines that are wanted; syslog(2) has the kernel
 * format all of it, which can cost as much as reading a whole runtime map.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/num.h"
#include "read/log/log_boot.h"
#include "read/parse.h"
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
static bool early_message(const char *record, size_t len, uint64_t latest,
			  const char **ret_text, size_t *ret_len)
{
	const char *semicolon = memchr(record, ';', len);
	const char *field = record;
	uint64_t usec;

	if (!semicolon)
		return false;
	for (int i = 0; i < 2 && field; i++) {
		field = memchr(field, ',', (size_t)(semicolon - field));
		field = field ? field + 1 : NULL;
	}

	const char *end = field ? memchr(field, ',', (size_t)(semicolon - field)) : NULL;

	if (!end || efimap_num_parse_dec(field, (size_t)(end - field), latest, &usec,
					 NULL) != EFIMAP_NUM_OK)
		return false;
	*ret_text = semicolon + 1;
	*ret_len = strcspn(*ret_text, "\n");
	return true;
}

/* One record per call; false at the end of what we want. */
static bool next_record(int fd, char record[RECORD_SIZE], uint64_t latest,
			const char **ret_text, size_t *ret_len)
{
	ssize_t len;

	/* EPIPE: a record was overwritten before we came to it; the next one is there. */
	do
		len = read(fd, record, RECORD_SIZE - 1);
	while (len < 0 && (errno == EPIPE || errno == EINTR));
	if (len <= 0)
		return false;
	record[len] = '\0';
	return early_message(record, (size_t)len, latest, ret_text, ret_len);
}

/* Has this kernel ever warned? Then it may have given the firmware up, at any time. */
static bool has_warned(struct efimap_root *root)
{
	efimap_auto_file struct efimap_file file = { 0 };
	uint64_t taint;

	if (efimap_root_read_file(root, "proc/sys/kernel/tainted", TAINT_SIZE, &file))
		return false;
	return efimap_num_parse_dec(file.data, strcspn(file.data, "\n"), UINT64_MAX, &taint,
				    NULL) == EFIMAP_NUM_OK &&
	       taint & TAINT_WARN;
}

static int take_line(struct efimap *map, const char *text, size_t len)
{
	struct efimap_text rest;

	map->encrypted |= efimap_log_says_encrypted(text, len);
	return efimap_log_message(text, len, "efi:", &rest) ? efimap_log_add_facts(map, rest) : 0;
}

/*
 * Behind the tables, which setup_arch() finds, and behind the features of memory encryption,
 * which start_kernel() does, comes this of kernel/smp.c: smp_init, since 4.10.
 */
static bool is_last_wanted(const char *text, size_t len)
{
	struct efimap_text rest;

	return efimap_log_message(text, len, "smp: Bringing up secondary CPUs", &rest);
}

/* @all: not only what a kernel says while it starts */
static int take_records(int fd, struct efimap *map, bool all)
{
	const uint64_t latest = all ? UINT64_MAX : LATEST_USEC;
	char record[RECORD_SIZE];
	const char *text;
	bool at_end = false;
	size_t len;
	int ret = 0;

	while (!ret && !at_end && next_record(fd, record, latest, &text, &len)) {
		ret = take_line(map, text, len);
		at_end = !all && is_last_wanted(text, len);
	}
	if (!ret)
		map->states[EFIMAP_SRC_KERNEL_LOG] = EFIMAP_STATE_PRESENT;
	return ret;
}

static int take_lines(struct efimap *map, const char *data, size_t size)
{
	struct efimap_lines lines = { .data = data, .len = size };
	const char *text;
	size_t len;
	int ret = 0;

	while (!ret && efimap_lines_next(&lines, &text, &len))
		ret = take_line(map, text, len);
	if (!ret)
		map->states[EFIMAP_SRC_KERNEL_LOG] = EFIMAP_STATE_PRESENT;
	return ret;
}

/* Where there is no /dev/kmsg, as in containers. */
static int take_syslog(struct efimap *map)
{
	int size = klogctl(ACTION_SIZE_BUFFER, NULL, 0);
	efimap_auto_free char *data = size > 0 ? malloc((size_t)size) : NULL;

	if (size > 0 && !data)
		return -ENOMEM;

	int len = size > 0 ? klogctl(ACTION_READ_ALL, data, size) : size;

	if (len >= 0)
		return take_lines(map, data, (size_t)len);
	map->states[EFIMAP_SRC_KERNEL_LOG] = errno == EPERM || errno == EACCES ?
						     EFIMAP_STATE_DENIED :
						     EFIMAP_STATE_ABSENT;
	return 0;
}

int efimap_read_running_log(struct efimap_root *root, struct efimap *map)
{
	/* Without EFI there is no such line, and all of the log to look through. */
	if (map->states[EFIMAP_SRC_EFI] == EFIMAP_STATE_ABSENT)
		return 0;

	efimap_auto_fd int fd = root->ops->open_at(root, "dev/kmsg",
						   O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	return fd >= 0 ? take_records(fd, map, has_warned(root)) : take_syslog(map);
}
