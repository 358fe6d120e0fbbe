/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: what a kernel's log has said so far
 *
 * A log holds boots, one behind the other, and one of them becomes the capture. The state of
 * that one and of the boot that is being read is in memory. Where boots are counted from the
 * end, the last EFIMAP_BOOT_MAX_BACK are at most.
 */
#ifndef INPUT_LOG_BOOTS_H
#define INPUT_LOG_BOOTS_H

#include <stdbool.h>
#include <stdint.h>

#include "input/log/log_boot.h"
#include "input/source_limits.h"

/**
 * struct efimap_log - a log being read; a zeroed one is empty
 * @is_one:  it is of one boot, whatever programs write into it
 * @current: the boot that lines belong to, or NULL
 * @best:    the one that is taken, as far as the log was read, or NULL
 * @wanted:  which boot: see efimap_read()
 * @recent:  where @wanted is counted from the end, so many of the last boots, the oldest first
 * @has_word: a boot tells something of EFI or of memory
 * @number:  of @best, counted from 1
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
};

/** efimap_log_take() - an efimap_log_line_fn; @context is the struct efimap_log */
int efimap_log_take(void *context, const struct efimap_log_line *line);
/** efimap_log_end() - after the last line; 0 or a negative errno */
int efimap_log_end(struct efimap_log *log);
void efimap_log_free(struct efimap_log *log);
#define efimap_auto_log __attribute__((cleanup(efimap_log_free)))

#endif
