/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * dump for scripts, a line an entry: csv (quoted as RFC 4180 says), pairs as lsblk -P,
 * raw as lsmem --raw. Nothing is held back, so a map of any size takes the memory of a
 * cell.
 */
#include <string.h>

#include "base/cleanup.h"
#include "format/dump.h"
#include "format/text.h"

/* How one format writes a cell, and what stands between cells. */
struct dialect {
	char separator;
	bool headings;
	bool keys;
	void (*put)(const char *text, struct efimap_out *out);
};

/*
 * Would a spreadsheet calculate what begins so? A tab and a carriage return are escaped
 * already; the second four are wide ones, which East Asian spreadsheets take for the
 * first.
 */
static bool is_formula(const char *text)
{
	static const char *const starts[] = {
		"=",
		"+",
		"-",
		"@",
		"\xef\xbc\x9d",
		"\xef\xbc\x8b",
		"\xef\xbc\x8d",
		"\xef\xbc\xa0",
	};

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (strncmp(text, starts[i], strlen(starts[i])) == 0)
			return true;
	return false;
}

/*
 * None of our own values is a formula, so a quote before it is seen where somebody made a
 * label one (OWASP: CSV Injection). A semicolon parts cells where a comma is in numbers.
 */
static void put_csv(const char *text, struct efimap_out *out)
{
	struct efimap_out safe efimap_auto_out = EFIMAP_OUT_MEM;
	bool quoted;

	efimap_out_safe(&safe, text);
	efimap_out_putc(&safe, '\0');
	if (safe.error) {
		out->error = out->error ? out->error : safe.error;
		return;
	}
	quoted = strpbrk(safe.data, ",\"") != NULL;
	if (quoted)
		efimap_out_putc(out, '"');
	if (is_formula(safe.data))
		efimap_out_putc(out, '\'');
	for (const char *c = safe.data; *c; c++) {
		if (*c == '"')
			efimap_out_putc(out, '"');
		if (*c == ';')
			text_escape_byte(out, *c);
		else
			efimap_out_putc(out, *c);
	}
	if (quoted)
		efimap_out_putc(out, '"');
}

static void put_except(const char *text, const char *escaped, struct efimap_out *out)
{
	for (; *text; text++) {
		if (*text < ' ' || *text > '~' || strchr(escaped, *text))
			text_escape_byte(out, *text);
		else
			efimap_out_putc(out, *text);
	}
}

/* What a shell would look into within double quotes (util-linux: fputs_quoted). */
static void put_pair(const char *text, struct efimap_out *out)
{
	efimap_out_putc(out, '"');
	put_except(text, "\"\\`$", out);
	efimap_out_putc(out, '"');
}

/* util-linux: fputs_nonblank */
static void put_raw(const char *text, struct efimap_out *out)
{
	put_except(text, " \\", out);
}

static const struct dialect *dialect_of(enum efimap_dump_format format)
{
	static const struct dialect csv = { ',', true, false, put_csv };
	static const struct dialect pairs = { ' ', false, true, put_pair };
	static const struct dialect raw = { ' ', true, false, put_raw };

	if (format == EFIMAP_DUMP_CSV)
		return &csv;
	return format == EFIMAP_DUMP_PAIRS ? &pairs : &raw;
}

static void put_headings(const struct efimap_dump_options *options,
			 const struct dialect *dialect, struct efimap_out *out)
{
	for (size_t i = 0; i < options->n_columns; i++) {
		if (i)
			efimap_out_putc(out, dialect->separator);
		efimap_out_puts(out, efimap_dump_column(options->columns[i])->name);
	}
	efimap_out_putc(out, '\n');
}

static void put_entry(struct dump_view *view, const struct efimap_dump_options *options,
		      const struct dialect *dialect, size_t position,
		      struct efimap_out *cell, struct efimap_out *out)
{
	for (size_t i = 0; i < options->n_columns; i++) {
		cell->used = 0;
		column_put_cell(options->columns[i], view, position, cell);
		efimap_out_putc(cell, '\0');
		if (cell->error) {
			out->error = out->error ? out->error : cell->error;
			return;
		}
		if (i)
			efimap_out_putc(out, dialect->separator);
		if (dialect->keys) {
			efimap_out_puts(out,
					efimap_dump_column(options->columns[i])->name);
			efimap_out_putc(out, '=');
		}
		dialect->put(cell->data, out);
	}
	efimap_out_putc(out, '\n');
}

int dump_write_lines(struct dump_view *view, const struct efimap_dump_options *options,
		     struct efimap_out *out)
{
	const struct dialect *dialect = dialect_of(options->format);
	struct efimap_out cell efimap_auto_out = EFIMAP_OUT_MEM;

	if (dialect->headings && options->headings)
		put_headings(options, dialect, out);
	for (size_t i = 0; i < view->map->n_entries && !out->error; i++)
		put_entry(view, options, dialect, i, &cell, out);
	return out->error;
}
