/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the kernel's log
 *
 * What the readers of the running kernel's log and of a log file share.
 */
#ifndef READ_KERNEL_LOG_H
#define READ_KERNEL_LOG_H

#include <efimap/capture.h>

#include "root.h"

/** efimap_take_log_line() - keep the tables that one line names; 0 or a negative errno */
int efimap_take_log_line(struct efimap *map, const char *text, size_t len);
/** efimap_take_log() - the same for all lines of a log, which is then present */
int efimap_take_log(struct efimap *map, const char *data, size_t size);
/** efimap_read_running_log() - from the running kernel; sets the state */
int efimap_read_running_log(struct efimap_root *root, struct efimap *map);

#endif
