/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the lines of a kernel's log
 *
 * From the bytes of a file to what the kernel said in each line: without what dmesg,
 * syslog, journald, terminals and mails put before and between it. What a line means is
 * not known here.
 */
#ifndef INPUT_LOG_LINE_PREFIXES_H
#define INPUT_LOG_LINE_PREFIXES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text_scan.h"
#include "input/input_file.h"

/** EFIMAP_LOG_LINE_MAX - bytes of a line that are looked at */
#define EFIMAP_LOG_LINE_MAX ((size_t)8 << 10)

/**
 * struct efimap_log_line - a line, valid until the next is asked for
 * @message: what the kernel said, never empty
 * @all:     the whole line, but for what mails put before a line that they quote
 * @rest:    what follows the words by which its kind was recognised, see message_types.c
 * @number:  in the file, counted from 1
 * @type:    of memory, where these words are its name
 */
struct efimap_log_line {
	struct efimap_text message;
	struct efimap_text all;
	struct efimap_text rest;
	uint32_t number;
	uint32_t type;
};

/** efimap_log_line_fn - what is done with a line; 0 to go on, or a negative errno */
typedef int efimap_log_line_fn(void *context, const struct efimap_log_line *line);

/** efimap_log_lines() - give each line of a text in memory to @take; returns as it does
 */
int efimap_log_lines(const char *data, size_t len, efimap_log_line_fn *take,
		     void *context);

/**
 * efimap_log_lines_input() - the same of the rest of a file, in bounded memory
 *
 * A line that is longer than 64 KiB is seen in pieces. Return: as @take, or what reading
 * failed with (@err then says so).
 */
int efimap_log_lines_input(struct efimap_input *input, efimap_log_line_fn *take,
			   void *context, struct efimap_err *err);

/* A kernel's log; whether it is journalctl's output for programs, or that of "dmesg --json" */
efimap_input_is_fn efimap_log_is_packed;

#endif
