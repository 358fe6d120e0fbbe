/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: errors
 *
 * How the rooms record what stopped them. What an error is lies in <efimap/error.h>.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdint.h>

#include <efimap/error.h>

/**
 * efimap_err_at() - record an error unless one is already there
 * @code:  positive errno
 * @where: file or source, NULL for none; cut when it does not fit
 *
 * Return: -@code, so that a caller can write "return efimap_err_set(...)".
 */
int efimap_err_at(struct efimap_err *err, int code, const char *where, uint64_t line,
		  uint64_t column, uint64_t offset, const char *fmt, ...)
	__attribute__((format(printf, 7, 8)));

#define efimap_err_set(err, code, where, ...)                                              \
	efimap_err_at(err, code, where, 0, 0, EFIMAP_ERR_NO_OFFSET, __VA_ARGS__)
#define efimap_err_at_line(err, code, where, line, ...)                                    \
	efimap_err_at(err, code, where, line, 0, EFIMAP_ERR_NO_OFFSET, __VA_ARGS__)
#define efimap_err_at_column(err, code, where, line, column, ...)                          \
	efimap_err_at(err, code, where, line, column, EFIMAP_ERR_NO_OFFSET, __VA_ARGS__)
#define efimap_err_at_offset(err, code, where, offset, ...)                                \
	efimap_err_at(err, code, where, 0, 0, offset, __VA_ARGS__)

#endif
