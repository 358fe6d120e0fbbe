/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: errors
 *
 * How the rooms record what stopped them. What an error is lies in <efimap/error.h>.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdint.h>

#include <efimap/error.h>

/**
 * efimap_err_set() - record an error unless one is already there
 * @err:   where to record it, or NULL
 * @code:  positive errno
 * @where: file or source, NULL for none; cut when it does not fit
 * @fmt:   printf format of the text
 *
 * Return: -@code, so that a caller can write "return efimap_err_set(...)".
 */
int efimap_err_set(struct efimap_err *err, int code, const char *where, const char *fmt,
		   ...) __attribute__((format(printf, 4, 5)));

/** efimap_err_at_line() - as efimap_err_set(), with a line counted from 1 */
int efimap_err_at_line(struct efimap_err *err, int code, const char *where, uint64_t line,
		       const char *fmt, ...) __attribute__((format(printf, 5, 6)));

/** efimap_err_at_offset() - as efimap_err_set(), with a byte offset */
int efimap_err_at_offset(struct efimap_err *err, int code, const char *where,
			 uint64_t offset, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

#endif
