/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdint.h>

#include <efimap/error.h>

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
