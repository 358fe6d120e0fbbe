/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: a kernel's log as a SOURCE, or in place of what a tree lacks
 */
#ifndef READ_LOG_LOG_CAPTURE_H
#define READ_LOG_LOG_CAPTURE_H

#include "base/err.h"
#include "model/capture.h"
#include "read/input.h"
#include "read/log/log_state.h"

/** EFIMAP_LOG_TOO_LONG - what -E2BIG of reading a log means, with EFIMAP_MAX_ENTRIES */
#define EFIMAP_LOG_TOO_LONG                                                              \
	"more than %u lines of one map of memory, which no kernel prints"

/** efimap_read_log() - a file, or standard input, as a kernel's log */
int efimap_read_log(const char *name, struct efimap_input *input, struct efimap **ret_map,
		    struct efimap_err *err);

/**
 * efimap_log_add_tables() - what no file of a capture says: the addresses of tables, and
 * what the kernel said of runtime services and encryption
 */
int efimap_log_add_tables(const struct efimap_log_boot *boot, struct efimap *map);
/**
 * efimap_log_add_all() - also memmap from e820, that there is EFI, the firmware's map,
 * and the runtime map; a release and a command line where the capture has none; faults
 * for what is missing
 */
int efimap_log_add_all(const struct efimap_log_boot *boot, struct efimap *map);

#endif
