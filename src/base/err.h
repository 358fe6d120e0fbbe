/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: errors
 *
 * What stopped us, and where. A function that can fail returns 0 or a negative errno
 * and, where it takes a &struct efimap_err, leaves the place and the reason there. The
 * struct lives on the caller's stack, allocates nothing, and keeps the first error.
 *
 * The library's errno values: -ENOENT absent, -EACCES denied, -EBADMSG malformed,
 * -EOVERFLOW arithmetic, -E2BIG over one of our limits, -EBUSY changed while it was read,
 * -ENOMEM, and whatever the kernel returned. A wrong map is not an error: it is a finding
 * (report.h).
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stddef.h>
#include <stdint.h>

#define EFIMAP_ERR_NO_OFFSET UINT64_MAX

/**
 * struct efimap_err - one error with its place
 * @code:   positive errno, 0 while there is none
 * @line:   line in @where counted from 1, 0 when lines mean nothing there
 * @offset: byte offset in @where, EFIMAP_ERR_NO_OFFSET when it means nothing there
 * @where:  the file or source as the user knows it (never a /proc/self/fd path), or ""
 * @text:   what was found and what was expected, without a newline
 *
 * Initialise with EFIMAP_ERR_INIT.
 */
struct efimap_err {
	int code;
	uint64_t line;
	uint64_t offset;
	char where[512];
	char text[512];
};

#define EFIMAP_ERR_INIT { .offset = EFIMAP_ERR_NO_OFFSET }

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

/**
 * efimap_err_format() - "where:line: text", "where: byte 0x1c0: text" or "where: text"
 * @err:  an error that is set
 * @buf:  receives the text, always terminated, cut when it does not fit
 * @size: size of @buf, at least 1
 */
void efimap_err_format(const struct efimap_err *err, char *buf, size_t size);

#endif
