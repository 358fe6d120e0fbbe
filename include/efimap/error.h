/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: errors
 *
 * What stopped a call, and where. A function that can fail returns 0 or a negative errno
 * and, where it takes a &struct efimap_err, leaves the place and the reason there. The
 * struct lies on the caller's stack, owns nothing, and keeps the first error.
 *
 * -ENOENT absent, -EACCES denied, -EBADMSG malformed, -EOVERFLOW a sum that does not fit,
 * -E2BIG over a limit of the library, -EBUSY changed while it was read, -EINVAL no such
 * name, -ENOMEM, and whatever the kernel returned. A wrong map is not an error: it is a
 * finding (report.h).
 */
#ifndef EFIMAP_ERROR_H
#define EFIMAP_ERROR_H

#include <stddef.h>
#include <stdint.h>

#include <efimap/api.h>

EFIMAP_API_BEGIN

/** EFIMAP_ERR_NO_OFFSET - there is no byte to point at */
#define EFIMAP_ERR_NO_OFFSET UINT64_MAX

/**
 * struct efimap_err - one error with its place; it does not grow
 * @code:   positive errno, 0 while there is none
 * @line:   line in @where counted from 1, 0 when lines mean nothing there
 * @column: character in that line counted from 1, 0 when it is not known
 * @offset: byte offset in @where, EFIMAP_ERR_NO_OFFSET when it means nothing there
 * @where:  the file or SOURCE as the caller knows it, or ""; cut when it does not fit
 * @text:   what was found and what was expected, without a newline; likewise cut
 *
 * Initialise with EFIMAP_ERR_INIT.
 */
struct efimap_err {
	int code;
	uint64_t line;
	uint64_t column;
	uint64_t offset;
	char where[512];
	char text[512];
};

/** EFIMAP_ERR_INIT - no error yet */
#define EFIMAP_ERR_INIT { 0, 0, 0, EFIMAP_ERR_NO_OFFSET, "", "" }

/**
 * efimap_err_format() - "where:line:column: text", "where:line: text",
 * "where: byte 0x1c0: text" or "where: text"
 * @err:  an error; "" when there is none
 * @buf:  receives the text, always terminated, cut when it does not fit
 * @size: size of @buf, at least 1
 */
void efimap_err_format(const struct efimap_err *err, char *buf, size_t size);

EFIMAP_API_END

#endif
