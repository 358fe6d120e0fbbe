/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Record and format errors. Only the first error is kept, because it usually causes the later
 * errors.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/error.h"

int err_at(struct err *err, int code, const char *where, uint64_t line, uint64_t column,
	   uint64_t offset, const char *fmt, ...)
{
	va_list args;

	if (!err || err->code)
		return -code;
	err->code = code;
	err->line = line;
	err->column = column;
	err->offset = offset;
	snprintf(err->where, sizeof(err->where), "%s", where ? where : "");
	va_start(args, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, args);
	va_end(args);
	return -code;
}

void err_format(const struct err *err, char *buf, size_t size)
{
	if (!err->where[0])
		snprintf(buf, size, "%s", err->text);
	else if (err->line && err->column)
		snprintf(buf, size, "%s:%" PRIu64 ":%" PRIu64 ": %s", err->where, err->line,
			 err->column, err->text);
	else if (err->line)
		snprintf(buf, size, "%s:%" PRIu64 ": %s", err->where, err->line, err->text);
	else if (err->offset != EFIMAP_ERR_NO_OFFSET)
		snprintf(buf, size, "%s: byte 0x%" PRIx64 ": %s", err->where, err->offset,
			 err->text);
	else
		snprintf(buf, size, "%s: %s", err->where, err->text);
}
