/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: a kernel's log as a SOURCE, or in place of what a tree lacks
 */
#ifndef READ_LOG_LOG_SOURCE_H
#define READ_LOG_LOG_SOURCE_H

#include "base/err.h"
#include "model/capture.h"
#include "read/input.h"
#include "read/log/log_gather.h"

/**
 * efimap_read_log() - a file, or standard input, as a kernel's log
 * @name:    SOURCE
 * @ret_map: untouched on failure
 *
 * Return: -EBADMSG when there is no line of a kernel in it that says anything of EFI or
 * memory.
 */
int efimap_read_log(const char *name, struct efimap_input *input, struct efimap **ret_map,
		    struct efimap_err *err);

/** efimap_log_take_tables() - the addresses of tables */
int efimap_log_take_tables(const struct efimap_log_boot *boot, struct efimap *map);
/** efimap_log_take_memmap() - memmap from e820, for a capture that has none */
int efimap_log_take_memmap(const struct efimap_log_boot *boot, struct efimap *map);
/**
 * efimap_log_take_map() - that there is EFI, the firmware's map, and the runtime map; a
 * release and a command line where the capture has none; faults for what is missing
 */
int efimap_log_take_map(const struct efimap_log_boot *boot, struct efimap *map);

#endif
