/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * dump for people and for scripts. A table, one line that sums it up, and the findings; on
 * a terminal that is too narrow, lists go on below themselves after a comma, and nothing
 * is ever cut. For scripts a line an entry: csv (quoted as RFC 4180 says), pairs as
 * lsblk -P, raw as lsmem --raw; there nothing is held back, so a map of any size takes the
 * memory of a cell.
 */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "format/dump.h"
#include "format/grid.h"
#include "format/style.h"
#include "format/text.h"
#include "model/traits.h"

/* --- lines --- */

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
static void put_csv_cell(const char *text, struct efimap_out *out)
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
static void put_pair_cell(const char *text, struct efimap_out *out)
{
	efimap_out_putc(out, '"');
	put_except(text, "\"\\`$", out);
	efimap_out_putc(out, '"');
}

/* util-linux: fputs_nonblank */
static void put_raw_cell(const char *text, struct efimap_out *out)
{
	put_except(text, " \\", out);
}

static const struct dialect *dialect_of(enum efimap_dump_format format)
{
	static const struct dialect csv = { ',', true, false, put_csv_cell };
	static const struct dialect pairs = { ' ', false, true, put_pair_cell };
	static const struct dialect raw = { ' ', true, false, put_raw_cell };

	if (format == EFIMAP_DUMP_CSV)
		return &csv;
	return format == EFIMAP_DUMP_PAIRS ? &pairs : &raw;
}

static void put_line_headings(const struct efimap_dump_options *options,
			 const struct dialect *dialect, struct efimap_out *out)
{
	for (size_t i = 0; i < options->n_columns; i++) {
		if (i)
			efimap_out_putc(out, dialect->separator);
		efimap_out_puts(out, dump_columns[options->columns[i]].column.name);
	}
	efimap_out_putc(out, '\n');
}

static void put_line(struct dump_view *view, const struct efimap_dump_options *options,
		      const struct dialect *dialect, size_t position,
		      struct efimap_out *cell, struct efimap_out *out)
{
	for (size_t i = 0; i < options->n_columns; i++) {
		cell->used = 0;
		dump_columns[options->columns[i]].cell(view, position, cell);
		efimap_out_putc(cell, '\0');
		if (cell->error) {
			out->error = out->error ? out->error : cell->error;
			return;
		}
		if (i)
			efimap_out_putc(out, dialect->separator);
		if (dialect->keys) {
			efimap_out_puts(out,
					dump_columns[options->columns[i]].column.name);
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
		put_line_headings(options, dialect, out);
	for (size_t i = 0; i < view->map->n_entries && !out->error; i++)
		put_line(view, options, dialect, i, &cell, out);
	return out->error;
}

/* --- what stands below the table --- */

static const char *mapping_words(const struct efimap *map)
{
	switch (efimap_mapping(map)) {
	case EFIMAP_MAPPING_EFI_WINDOW:
		return "mapped in the EFI window";
	case EFIMAP_MAPPING_IDENTITY:
		return "mapped onto itself (identity)";
	case EFIMAP_MAPPING_DIRECT_MAP:
		return efimap_is_32bit_kernel(map) ?
			       "mapped among the addresses of a 32-bit kernel" :
			       "mapped in the kernel's direct map";
	case EFIMAP_MAPPING_MIXED:
		return "mapped in more than one way";
	case EFIMAP_MAPPING_UNKNOWN:
		break;
	}
	return "mapped in no way that Linux uses";
}

static const char *booted_words(enum efimap_booted_by booted_by)
{
	switch (booted_by) {
	case EFIMAP_BOOTED_BY_FIRMWARE:
		return "booted by firmware";
	case EFIMAP_BOOTED_BY_KEXEC:
		return "booted by kexec";
	case EFIMAP_BOOTED_BY_UNKNOWN:
		break;
	}
	return "not known what booted it";
}

static void put_total_bytes(const struct efimap *map, bool plain, struct efimap_out *out)
{
	uint64_t total = 0, bytes;

	for (size_t i = 0; i < map->n_entries; i++) {
		uint64_t pages = map->entries[i].pages;

		if (__builtin_mul_overflow(pages, EFIMAP_PAGE_SIZE, &bytes) ||
		    __builtin_add_overflow(total, bytes, &total)) {
			efimap_out_puts(out, plain ? "2^64 bytes or more" : "16E or more");
			return;
		}
	}
	if (plain)
		efimap_out_printf(out, "%llu bytes", (unsigned long long)total);
	else
		text_size(out, total);
}

/* A kernel's log shows no virtual address: where there is one, it was computed. */
static void put_mapping(const struct efimap *map, struct efimap_out *out)
{
	size_t predicted = 0, unknown = 0;

	for (size_t i = 0; i < map->n_entries; i++) {
		predicted += map->entries[i].virt_from == EFIMAP_VIRT_PREDICTED;
		unknown += map->entries[i].virt_from == EFIMAP_VIRT_UNKNOWN;
	}
	if (unknown < map->n_entries)
		efimap_out_puts(out, mapping_words(map));
	if (unknown && unknown < map->n_entries)
		efimap_out_printf(out, ", %zu of %zu virtual addresses not known", unknown,
				  map->n_entries);
	else if (unknown)
		efimap_out_puts(out, "virtual addresses not known");
	if (predicted)
		efimap_out_puts(out, ", virtual addresses predicted");
}

void dump_put_total(const struct efimap *map, bool bytes, struct efimap_out *out)
{
	const char *release = map->release.text;

	text_plural(out, map->n_entries, "entry", "entries");
	if (map->n_entries) {
		efimap_out_puts(out, ", ");
		put_total_bytes(map, bytes, out);
		efimap_out_puts(out, "; ");
		put_mapping(map, out);
	}
	efimap_out_puts(out, "; ");
	efimap_out_puts(out, booted_words(efimap_booted_by(map)));
	efimap_out_puts(out, "; kernel ");
	efimap_out_safe(out, release && *release ? release : "unknown");
}

static bool lists_findings(const struct efimap_report *report, bool notes)
{
	return report->counts[EFIMAP_ERROR] || report->counts[EFIMAP_WARNING] ||
	       (notes && report->counts[EFIMAP_NOTE]);
}

int dump_write_summary(const struct dump_view *view,
		       const struct efimap_dump_options *options, struct efimap_out *out)
{
	struct efimap_text_options text = {
		.color = options->color,
		.notes = options->notes,
	};

	dump_put_total(view->map, view->bytes, out);
	efimap_out_putc(out, '\n');
	if (lists_findings(view->report, options->notes))
		efimap_out_putc(out, '\n');
	return efimap_report_write_text(view->report, &text, out);
}

/* --- the table --- */

/* A list is not made narrower than this: it would be a ladder of single words. */
#define MIN_LIST_WIDTH ((size_t)12)
/* The blank that every line of a table starts with. */
#define MARGIN ((size_t)1)

static bool column_is(size_t column, unsigned int flag)
{
	return dump_columns[column].flags & flag;
}

static size_t longest(size_t a, size_t b)
{
	return a > b ? a : b;
}

/* Columns of the grid: which one of dump, how wide, how wide it may become. */
struct layout {
	const size_t *columns;
	size_t count;
	bool right[EFIMAP_MAX_COLUMNS];
	size_t widths[EFIMAP_MAX_COLUMNS];
	size_t limits[EFIMAP_MAX_COLUMNS];
};

static bool is_set_off(const struct layout *layout, size_t i)
{
	return i && column_is(layout->columns[i], COLUMN_SET_OFF);
}

static int add_dump_cell(struct grid *grid, struct layout *layout, struct efimap_out *cell)
{
	size_t i = grid->n_cells % grid->columns;

	if (cell->error)
		return cell->error;
	layout->widths[i] = longest(layout->widths[i], cell->used);
	return grid_add(grid, cell->used ? cell->data : "", cell->used);
}

static int add_dump_headings(struct grid *grid, struct layout *layout)
{
	struct efimap_out cell efimap_auto_out = EFIMAP_OUT_MEM;
	int ret = 0;

	for (size_t i = 0; i < layout->count && !ret; i++) {
		cell.used = 0;
		if (is_set_off(layout, i))
			efimap_out_putc(&cell, ' ');
		efimap_out_puts(&cell, dump_columns[layout->columns[i]].column.name);
		ret = add_dump_cell(grid, layout, &cell);
	}
	return ret;
}

static int add_dump_entry(struct grid *grid, struct layout *layout, struct dump_view *view,
		     size_t position)
{
	struct efimap_out raw efimap_auto_out = EFIMAP_OUT_MEM;
	struct efimap_out cell efimap_auto_out = EFIMAP_OUT_MEM;
	int ret = 0;

	for (size_t i = 0; i < layout->count && !ret; i++) {
		raw.used = cell.used = 0;
		dump_columns[layout->columns[i]].cell(view, position, &raw);
		efimap_out_putc(&raw, '\0');
		if (raw.error)
			return raw.error;
		if (is_set_off(layout, i))
			efimap_out_putc(&cell, ' ');
		text_ascii(&cell, raw.data);
		ret = add_dump_cell(grid, layout, &cell);
	}
	return ret;
}

/* The width of a column whose lists are broken at @cap. */
static size_t capped_width(const struct layout *layout, size_t i, size_t cap)
{
	bool fits = !column_is(layout->columns[i], COLUMN_LIST) || layout->widths[i] <= cap;

	return fits ? layout->widths[i] : cap;
}

static size_t total_width(const struct layout *layout, size_t cap)
{
	size_t total = MARGIN + layout->count - 1;

	for (size_t i = 0; i < layout->count; i++)
		total += capped_width(layout, i, cap);
	return total;
}

/*
 * Where the table is too wide for the terminal, the widest lists give way first: one cap
 * for all of them, as large as fits. Return: is there anything to break?
 */
static bool find_limits(struct layout *layout, size_t width)
{
	size_t cap = MIN_LIST_WIDTH, too_large = SIZE_MAX;

	if (!width || total_width(layout, too_large) <= width)
		return false;
	while (too_large - cap > 1) {
		size_t middle = cap + (too_large - cap) / 2;

		if (total_width(layout, middle) <= width)
			cap = middle;
		else
			too_large = middle;
	}
	for (size_t i = 0; i < layout->count; i++)
		layout->limits[i] = capped_width(layout, i, cap);
	return true;
}

/*
 * Break a list after commas so that no line is longer than @limit, if words allow. The
 * blank that sets a column off is repeated on each line.
 */
static void break_list(const char *text, size_t limit, bool set_off,
		       struct efimap_out *out)
{
	size_t line = 0;

	if (set_off && *text == ' ') {
		efimap_out_putc(out, ' ');
		text++;
		line = 1;
	}
	while (*text) {
		size_t len = strcspn(text, ",");

		if (text[len])
			len++;
		if (line > (set_off ? 1 : 0) && line + len > limit) {
			efimap_out_puts(out, set_off ? "\n " : "\n");
			line = set_off ? 1 : 0;
		}
		efimap_out_write(out, text, len);
		line += len;
		text += len;
	}
}

/* The same grid with its lists broken. */
static int narrow_lists(struct grid *grid, const struct layout *layout)
{
	struct efimap_out cell efimap_auto_out = EFIMAP_OUT_MEM;

	for (size_t i = 0; i < grid->n_cells; i++) {
		size_t column = i % grid->columns;
		const char *text = grid->cells[i];

		if (!column_is(layout->columns[column], COLUMN_LIST) ||
		    strlen(text) <= layout->limits[column])
			continue;
		cell.used = 0;
		break_list(text, layout->limits[column], is_set_off(layout, column),
			   &cell);
		if (cell.error)
			return cell.error;
		text = efimap_arena_strndup(&grid->arena, cell.data, cell.used);
		if (!text)
			return -ENOMEM;
		grid->cells[i] = text;
	}
	return 0;
}

static int fill_dump_grid(struct grid *grid, struct layout *layout, struct dump_view *view,
		const struct efimap_dump_options *options)
{
	int ret = options->headings ? add_dump_headings(grid, layout) : 0;

	for (size_t i = 0; i < view->map->n_entries && !ret; i++)
		ret = add_dump_entry(grid, layout, view, i);
	if (!ret && find_limits(layout, options->width))
		ret = narrow_lists(grid, layout);
	return ret;
}

static int put_dump_grid(struct dump_view *view, const struct efimap_dump_options *options,
		    struct efimap_out *out)
{
	struct layout layout = { .columns = options->columns,
				 .count = options->n_columns };
	struct grid grid = { .columns = layout.count, .right = layout.right };
	int ret;

	for (size_t i = 0; i < layout.count; i++)
		layout.right[i] = column_is(layout.columns[i], COLUMN_RIGHT);
	ret = fill_dump_grid(&grid, &layout, view, options);
	if (!ret)
		ret = grid_write(&grid, options->headings && options->color, out);
	grid_free(&grid);
	return ret;
}

int dump_write_table(struct dump_view *view, const struct efimap_dump_options *options,
		     struct efimap_out *out)
{
	int ret = put_dump_grid(view, options, out);

	if (ret || !options->headings)
		return ret;
	return dump_write_summary(view, options, out);
}
