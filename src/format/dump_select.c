/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which columns: the operand of -o, as findmnt reads it. */
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "format/dump.h"

size_t columns_default(size_t columns[EFIMAP_MAX_COLUMNS])
{
	const struct efimap_column *column;
	size_t count = 0;

	for (size_t i = 0; (column = efimap_dump_column(i)); i++)
		if (column->is_default)
			columns[count++] = i;
	return count;
}

static int refuse(struct efimap_err *err, const char *name, size_t len)
{
	struct efimap_out known = EFIMAP_OUT_MEM;
	const struct efimap_column *column;
	int r;

	for (size_t i = 0; (column = efimap_dump_column(i)); i++) {
		efimap_out_putc(&known, i ? ',' : ' ');
		efimap_out_puts(&known, column->name);
	}
	efimap_out_putc(&known, '\0');
	r = efimap_err_set(err, EINVAL, NULL, "%s column%s%.*s%s; columns are:%s",
			   len ? "unknown" : "empty name of a", len ? " '" : "",
			   (int)(len > 32 ? 32 : len), name, len ? "'" : "",
			   known.error ? "" : known.data);
	efimap_out_free(&known);
	return r;
}

static bool find_column(const char *name, size_t len, size_t *ret_index)
{
	const struct efimap_column *column;

	for (size_t i = 0; (column = efimap_dump_column(i)); i++)
		if (strlen(column->name) == len &&
		    !strncasecmp(column->name, name, len)) {
			*ret_index = i;
			return true;
		}
	return false;
}

int efimap_dump_columns_parse(const char *text, size_t ret_columns[EFIMAP_MAX_COLUMNS],
			      size_t *ret_count, struct efimap_err *err)
{
	size_t columns[EFIMAP_MAX_COLUMNS];
	size_t count = 0;

	if (*text == '+') {
		count = columns_default(columns);
		text++;
	}
	while (true) {
		size_t len = strcspn(text, ","), index;

		if (!find_column(text, len, &index))
			return refuse(err, text, len);
		if (count == EFIMAP_MAX_COLUMNS)
			return efimap_err_set(err, EINVAL, NULL, "more than %d columns",
					      EFIMAP_MAX_COLUMNS);
		columns[count++] = index;
		if (!text[len])
			break;
		text += len + 1;
	}
	memcpy(ret_columns, columns, count * sizeof(*columns));
	*ret_count = count;
	return 0;
}
