/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A kernel's log as a SOURCE: dmesg, vmcore-dmesg.txt, a serial console, /var/log/messages.
 * Whatever else is in the file is passed over; without one line of ours it is no SOURCE.
 */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "read/log/log_source.h"
#include "read/read.h"

static int refuse(const struct efimap_input *input, struct efimap_err *err)
{
	return efimap_err_set(err, EBADMSG, input->name,
			      "%s; expected a directory that holds sys/ or proc/, a snapshot "
			      "document, a kernel log, an archive of such a directory, or a "
			      "kernel crash dump",
			      input->len ? "not a source that is known" : "empty");
}

static int too_long(int ret, const struct efimap_input *input, struct efimap_err *err)
{
	return ret != -E2BIG ? ret : efimap_err_set(err, E2BIG, input->name,
						    EFIMAP_LOG_TOO_LONG, EFIMAP_MAX_ENTRIES);
}

static int take_boot(const struct efimap_log *log, struct efimap *map)
{
	int ret = efimap_log_take_tables(log->best, map);

	if (!ret)
		ret = efimap_log_take_memmap(log->best, map);
	if (!ret)
		ret = efimap_log_take_map(log->best, map);
	map->states[EFIMAP_SRC_KERNEL_LOG] = EFIMAP_STATE_PRESENT;
	map->n_boots = log->n_boots;
	map->boot = log->number;
	return ret ? ret : efimap_seal(map);
}

int efimap_read_log(const char *name, struct efimap_input *input, struct efimap **ret_map,
		    struct efimap_err *err)
{
	efimap_auto_log struct efimap_log log = { 0 };
	efimap_auto_map struct efimap *map = NULL;
	int ret = efimap_log_scan_input(input, efimap_log_gather, &log, err);

	/* Whoever logs may go on. */
	if (!ret)
		ret = efimap_input_check(input, true, err);
	if (!ret)
		ret = efimap_log_end(&log);
	if (ret)
		return too_long(ret, input, err);
	if (!log.best || efimap_log_boot_rank(log.best) == 0)
		return refuse(input, err);
	ret = efimap_new(name, EFIMAP_ORIGIN_LOG, &map);
	if (!ret)
		ret = take_boot(&log, map);
	if (ret)
		return too_long(ret, input, err);
	*ret_map = efimap_steal(map);
	return 0;
}
