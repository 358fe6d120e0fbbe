/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_LOG_LINE_PREFIXES_H
#define INPUT_LOG_LINE_PREFIXES_H

#include "base/text_scan.h"
#include "input/input_file.h"

/*
 * Maximum number of bytes of a line. The rest of a longer line is ignored or read as another line.
 */
#define EFIMAP_LOG_LINE_MAX ((size_t)8 << 10)

/* Maximum number of bytes of a log. A log of 1,280 boots has 80 MiB. */
#define EFIMAP_LOG_BYTES ((size_t)256 << 20)

/*
 * The end of a line in a recording that a program had wrapped. In a log, the kernel prints a tab as
 * "\x09".
 */
#define EFIMAP_LOG_WRAPPED "\t"

/**
 * struct log_line - a line, valid until the next line is read
 * @message: the line without prefixes such as time stamps, never empty
 * @all:     the complete line, without the characters with which mail programs mark quoted text
 * @rest:    text of @message after the start that identifies the kind of line (log_rows.c)
 * @number:  line number in the file, counted from 1
 * @is_cut:  the line is the last one of the log, and has no newline, so its end may be missing
 * @is_wrapped: a program wrapped the line, as its recording shows
 */
struct log_line {
	struct text message;
	struct text all;
	struct text rest;
	uint32_t number;
	bool is_cut;
	bool is_wrapped;
};

/* Process a line. */
typedef void log_line_fn(void *context, const struct log_line *line);

/* Pass each line with a message to @take. */
void log_lines(const char *data, size_t len, log_line_fn *take, void *context);

/**
 * log_lines_input() - pass each line with a message to @take, in bounded memory
 *
 * A line of EFIMAP_LOG_LINE_MAX bytes or more may be passed as several lines.
 *
 * Return: 0 or a negative errno, which is also stored in @err: -E2BIG for a log of more than
 * EFIMAP_LOG_BYTES.
 */
int log_lines_input(struct input *input, log_line_fn *take, void *context, struct err *err);

/* Detect a log that journalctl or dmesg wrote as JSON or for export. */
input_is_fn log_is_packed;
/* Detect UTF-16, with or without a byte order mark. */
input_is_fn log_is_utf16;

#endif
