/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: all boots of a kernel's log
 *
 * One of them is kept: that which tells most of the map, see efimap_log_boot_rank().
 */
#ifndef READ_LOG_LOG_GATHER_H
#define READ_LOG_LOG_GATHER_H

#include <stdint.h>

#include "read/log/log_boot.h"

/** EFIMAP_LOG_LINE_MAX - bytes of a line that are looked at */
#define EFIMAP_LOG_LINE_MAX ((size_t)8 << 10)

/** EFIMAP_LOG_TOO_LONG - what -E2BIG of reading a log means, with EFIMAP_MAX_ENTRIES */
#define EFIMAP_LOG_TOO_LONG "more than %u lines of one map of memory, which no kernel prints"

/**
 * struct efimap_log - a log being read; a zeroed one is empty
 * @current: the boot that lines belong to, or NULL
 * @best:    of those before it, or NULL
 * @n_boots: how many so far
 * @number:  of @best, counted from 1
 */
struct efimap_log {
	struct efimap_log_boot *current;
	struct efimap_log_boot *best;
	uint32_t n_boots;
	uint32_t number;
};

/** efimap_log_gather() - an efimap_log_line_fn; @context is the struct efimap_log */
int efimap_log_gather(void *context, enum efimap_log_kind kind, const char *text, size_t len);

/**
 * efimap_log_end() - after the last line: @best is then the boot, or NULL for none; 0 or a
 * negative errno
 */
int efimap_log_end(struct efimap_log *log);

/** efimap_log_free() - free what is left of it */
void efimap_log_free(struct efimap_log *log);
#define efimap_auto_log __attribute__((cleanup(efimap_log_free)))

#endif
