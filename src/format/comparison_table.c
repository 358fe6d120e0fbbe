/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The entries of two maps side by side, one row for what belongs together. Which ones
 * belong together was found by check.
 */
#include <inttypes.h>
#include <string.h>

#include "format/comparison.h"
#include "format/grid.h"

/* struct couple - the two of a row; one may be NULL */
struct couple {
	const struct efimap_entry *first;
	const struct efimap_entry *second;
	enum efimap_mark mark;
};

static const struct efimap_entry *any_of(const struct couple *couple)
{
	return couple->first ? couple->first : couple->second;
}

static void cell_mark(const struct couple *couple, struct efimap_out *out)
{
	static const char marks[] = {
		[EFIMAP_MARK_SAME] = ' ', [EFIMAP_MARK_EXPECTED] = '~',
		[EFIMAP_MARK_DRIFT] = '!', [EFIMAP_MARK_LOST] = '-',
		[EFIMAP_MARK_EXTRA] = '+',
	};

	efimap_out_putc(out, marks[couple->mark]);
}

static void put_index(const struct efimap_entry *entry, struct efimap_out *out)
{
	if (entry)
		efimap_out_printf(out, "%" PRIu32, entry->index);
	else
		efimap_out_putc(out, '-');
}

static void cell_first(const struct couple *couple, struct efimap_out *out)
{
	put_index(couple->first, out);
}

static void cell_second(const struct couple *couple, struct efimap_out *out)
{
	put_index(couple->second, out);
}

static void put_type(const struct efimap_entry *entry, struct efimap_out *out)
{
	char buf[EFIMAP_TYPE_NAME_SIZE];

	efimap_out_puts(out, efimap_type_name(entry->type, buf));
}

static void put_phys(const struct efimap_entry *entry, struct efimap_out *out)
{
	efimap_out_hex(out, entry->phys);
}

static void put_pages(const struct efimap_entry *entry, struct efimap_out *out)
{
	efimap_out_hex(out, entry->pages);
}

static void put_virt(const struct efimap_entry *entry, struct efimap_out *out)
{
	if (entry->virt_from == EFIMAP_VIRT_UNKNOWN)
		efimap_out_putc(out, '-');
	else
		efimap_out_hex(out, entry->virt);
}

static void put_attribute(const struct efimap_entry *entry, struct efimap_out *out)
{
	efimap_out_hex(out, entry->attribute);
}

/* A column: what a cell says of the couple, or what it says of each and how they differ */
static const struct column {
	const char *name;
	bool right;
	void (*cell)(const struct couple *couple, struct efimap_out *out);
	void (*put)(const struct efimap_entry *entry, struct efimap_out *out);
} columns[] = {
	{ "", false, cell_mark, NULL },	     { "FIRST", true, cell_first, NULL },
	{ "SECOND", true, cell_second, NULL }, { "TYPE", false, NULL, put_type },
	{ "PHYS", false, NULL, put_phys },     { "PAGES", false, NULL, put_pages },
	{ "VIRT", false, NULL, put_virt },     { "ATTR", false, NULL, put_attribute },
};

#define N_COLUMNS (sizeof(columns) / sizeof(columns[0]))

static bool says_the_same(const struct efimap_out *cell, size_t middle)
{
	return cell->used == 2 * middle &&
	       memcmp(cell->data, cell->data + middle, middle) == 0;
}

static void put_both(const struct column *column, const struct couple *couple,
		     struct efimap_out *cell)
{
	size_t middle;

	column->put(any_of(couple), cell);
	middle = cell->used;
	if (!couple->first || !couple->second)
		return;
	column->put(couple->second, cell);
	if (cell->error)
		return;
	if (says_the_same(cell, middle)) {
		cell->used = middle;
		return;
	}
	cell->used = middle;
	efimap_out_puts(cell, " -> ");
	column->put(couple->second, cell);
}

static int add_couple(struct grid *grid, const struct couple *couple)
{
	struct efimap_out cell efimap_auto_out = EFIMAP_OUT_MEM;

	for (size_t i = 0; i < N_COLUMNS; i++) {
		int ret;

		cell.used = 0;
		if (columns[i].cell)
			columns[i].cell(couple, &cell);
		else
			put_both(&columns[i], couple, &cell);
		ret = cell.error ? cell.error : grid_add(grid, cell.data, cell.used);
		if (ret)
			return ret;
	}
	return 0;
}

static int add_headings(struct grid *grid)
{
	int ret = 0;

	for (size_t i = 0; i < N_COLUMNS && !ret; i++)
		ret = grid_add(grid, columns[i].name, strlen(columns[i].name));
	return ret;
}

/* Somebody who asks what has changed does not want to see what a kernel always changes. */
static bool is_shown(enum efimap_mark mark, bool all)
{
	return all || (mark != EFIMAP_MARK_SAME && mark != EFIMAP_MARK_EXPECTED);
}

static int fill(struct grid *grid, const struct efimap *first, const struct efimap *second,
		const struct efimap_comparison *comparison, bool all)
{
	int ret = add_headings(grid);

	for (size_t i = 0; i < comparison->n_matches && !ret; i++) {
		const struct efimap_match *match = &comparison->matches[i];
		const struct couple couple = {
			match->first == EFIMAP_NO_ENTRY ? NULL : &first->entries[match->first],
			match->second == EFIMAP_NO_ENTRY ? NULL :
							   &second->entries[match->second],
			match->mark,
		};

		if (is_shown(match->mark, all))
			ret = add_couple(grid, &couple);
	}
	return ret;
}

int comparison_write_table(const struct efimap *first, const struct efimap *second,
			   const struct efimap_comparison *comparison,
			   const struct efimap_comparison_options *options,
			   struct efimap_out *out)
{
	bool right[N_COLUMNS];
	struct grid grid = { .columns = N_COLUMNS, .right = right };
	int ret;

	for (size_t i = 0; i < N_COLUMNS; i++)
		right[i] = columns[i].right;
	ret = fill(&grid, first, second, comparison, options->all);
	if (!ret && grid_rows(&grid) > 1) {
		efimap_out_putc(out, '\n');
		ret = grid_write(&grid, options->color, out);
	}
	grid_free(&grid);
	return ret;
}
