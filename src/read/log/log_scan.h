/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: lines of a kernel's log that may be ours
 *
 * A log is mostly other text, and there can be gigabytes of it.
 */
#ifndef READ_LOG_LOG_SCAN_H
#define READ_LOG_LOG_SCAN_H

#include <stddef.h>

#include "base/err.h"
#include "read/input.h"

/** enum efimap_log_kind - what a line may be, by a word in it */
enum efimap_log_kind {
	EFIMAP_LOG_VERSION, /* "Linux version " */
	EFIMAP_LOG_EFI,	    /* "efi:", "EFI:" */
	EFIMAP_LOG_E820,    /* "e820:" */
	EFIMAP_LOG_CMDLINE, /* "line:" */
	EFIMAP_LOG_CRYPT,   /* "active:" */
};

/**
 * efimap_log_line_fn - what is done with such a line
 * @text: the line, without its newline
 *
 * Return: 0 to go on, or a negative errno.
 */
typedef int efimap_log_line_fn(void *context, enum efimap_log_kind kind, const char *text,
			       size_t len);

/** efimap_log_scan() - find them in a text in memory; a line that has two words is one */
int efimap_log_scan(const char *data, size_t len, efimap_log_line_fn *take, void *context);

/**
 * efimap_log_scan_input() - find them in the rest of a file, in bounded memory
 *
 * A line that is longer than 64 KiB is seen in pieces. Return: as @take, or what reading
 * failed with (@err then says so).
 */
int efimap_log_scan_input(struct efimap_input *input, efimap_log_line_fn *take,
			  void *context, struct efimap_err *err);

#endif
