/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: errors
 *
 * Functions that can fail return 0 or a negative errno. Functions with a &struct err
 * parameter also store the cause of most errors in that structure, and the location if it is known.
 * If the code in the structure is still 0 after a failure, nothing was stored. The caller allocates
 * the structure, usually on the stack. The structure owns no memory. An error in the structure is
 * never replaced by a later error.
 *
 * The errors are -ENOENT (absent), -EACCES (permission denied), -EBADMSG (malformed), -ENODATA
 * (not in the capture), -EOVERFLOW (arithmetic overflow), -E2BIG (limit exceeded), -EBUSY (changed
 * while it was read), -EINVAL (unknown name), and errors of system calls. An invalid map
 * is not an error but a finding (rules/report.h).
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stddef.h>
#include <stdint.h>

/** EFIMAP_ERR_NO_OFFSET - value of &err.offset if the error has no byte offset */
#define EFIMAP_ERR_NO_OFFSET UINT64_MAX

/**
 * struct err - one error and its location
 * @code:   positive errno, or 0 if there is no error
 * @line:   line in @where counted from 1, or 0 if @where has no lines
 * @column: character in the line counted from 1, or 0 if unknown
 * @offset: byte offset in @where, or EFIMAP_ERR_NO_OFFSET if there is none
 * @where:  name of the file or source, or ""; truncated if too long
 * @text:   description of the actual and the expected data, without a newline; truncated if too
 *          long
 *
 * Initialise the structure with EFIMAP_ERR_INIT.
 */
struct err {
	int code;
	uint64_t line;
	uint64_t column;
	uint64_t offset;
	char where[512];
	char text[512];
};

/** EFIMAP_ERR_INIT - initialiser for a &struct err without an error */
#define EFIMAP_ERR_INIT                                                                            \
	{                                                                                          \
		0, 0, 0, EFIMAP_ERR_NO_OFFSET, "", ""                                              \
	}

/**
 * err_format() - format an error as one line of text
 * @err:  the error; if its code is 0, the text is empty
 * @buf:  buffer for the text, which is always terminated, and truncated if too long
 * @size: size of @buf in bytes, at least 1
 *
 * The format is "where:line:column: text", "where:line: text", "where: byte 0x1c0: text",
 * "where: text" or "text", depending on which parts of the location are known.
 */
void err_format(const struct err *err, char *buf, size_t size);

/*
 * Set an error unless one is already set.
 *
 * @err:    may be NULL
 * @code:   positive errno
 * @where:  file or source, truncated if too long; or NULL
 * @line:   line in @where counted from 1, or 0
 * @column: character in the line counted from 1, or 0
 * @offset: byte offset in @where, or EFIMAP_ERR_NO_OFFSET
 *
 * Return -@code.
 */
int err_at(struct err *err, int code, const char *where, uint64_t line, uint64_t column,
	   uint64_t offset, const char *fmt, ...) __attribute__((format(printf, 7, 8)));

#define err_set(err, code, where, ...)                                                             \
	err_at(err, code, where, 0, 0, EFIMAP_ERR_NO_OFFSET, __VA_ARGS__)
#define err_at_line(err, code, where, line, ...)                                                   \
	err_at(err, code, where, line, 0, EFIMAP_ERR_NO_OFFSET, __VA_ARGS__)
#define err_at_column(err, code, where, line, column, ...)                                         \
	err_at(err, code, where, line, column, EFIMAP_ERR_NO_OFFSET, __VA_ARGS__)
#define err_at_offset(err, code, where, offset, ...)                                               \
	err_at(err, code, where, 0, 0, offset, __VA_ARGS__)

#endif
