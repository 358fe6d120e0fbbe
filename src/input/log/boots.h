/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the boots in a kernel log
 *
 * Memory holds only the current boot and the boot chosen so far. If boots are counted from
 * the end, memory holds the current boot and up to EFIMAP_BOOT_MAX_BACK earlier boots.
 */
#ifndef INPUT_LOG_BOOTS_H
#define INPUT_LOG_BOOTS_H

#include <stdbool.h>
#include <stdint.h>

#include "input/log/log_boot.h"
#include "input/source_limits.h"

/**
 * struct efimap_log - a log that is being read; zeroed if empty
 * @is_one:   all lines belong to one boot, even if other programs write into the log
 * @current:  boot of the current line, or NULL
 * @best:     the boot chosen so far, or NULL
 * @wanted:   which boot to choose, as parameter @boot of efimap_read()
 * @recent:   the last boots, oldest first, if @wanted counts from the end
 * @has_word: the worth of at least one boot is above EFIMAP_LOG_NO_WORD
 * @number:   number of @best, counted from 1
 * @is_used:  the last line was used, or ended a list of tables
 * @kept:     if not NULL, the used lines are appended to this buffer. Unless @is_one is set, each
 *            unused line is replaced by an empty line, so that line numbers remain valid.
 * @n_kept:   number of lines in @kept
 */
struct efimap_log {
	bool is_one;
	struct efimap_log_boot *current;
	struct efimap_log_boot *best;
	int wanted;
	struct efimap_log_boot *recent[EFIMAP_BOOT_MAX_BACK];
	size_t n_recent;
	bool has_word;
	uint32_t n_boots;
	uint32_t number;
	bool is_used;
	struct efimap_out *kept;
	uint32_t n_kept;
};

/* An efimap_log_line_fn whose @context is an efimap_log. */
int efimap_log_take(void *context, const struct efimap_log_line *line);
int efimap_log_end(struct efimap_log *log);
void efimap_log_free(struct efimap_log *log);
#define efimap_auto_log __attribute__((cleanup(efimap_log_free)))

#endif
