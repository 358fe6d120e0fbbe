/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The layout of a grid by libsmartcols: the only file that includes it. Our cells are
 * printable ASCII already, so its own escaping (which would escape our escapes) is off.
 *
 * The library is loaded when there is a table to lay out: to have it loaded at every
 * start took an eighth of the time of a dump in JSON, where it has nothing to do. And a
 * system without it, an initramfs, can use the same program.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <libsmartcols.h>

#include "base/cleanup.h"
#include "format/grid.h"

#define LIBRARY "libsmartcols.so.1"

/* What we call, under its own name and of the type that the library's header gives it. */
#define FUNCTIONS(X)                        \
	X(scols_init_debug)                 \
	X(scols_new_table)                  \
	X(scols_unref_table)                \
	X(scols_table_enable_noheadings)    \
	X(scols_table_enable_noencoding)    \
	X(scols_table_enable_nowrap)        \
	X(scols_table_set_termforce)        \
	X(scols_table_set_column_separator) \
	X(scols_table_new_column)           \
	X(scols_column_set_wrapfunc)        \
	X(scols_wrapnl_chunksize)           \
	X(scols_wrapnl_nextchunk)           \
	X(scols_table_new_line)             \
	X(scols_line_set_data)              \
	X(scols_print_table_to_string)

#define MEMBER(name) __typeof__(name) *(name);
#define ROW(name) { #name, offsetof(struct smartcols, name) },

struct smartcols {
	void *handle;
	struct libscols_table *table;
	FUNCTIONS(MEMBER)
};

static const struct {
	const char *name;
	size_t offset;
} functions[] = { FUNCTIONS(ROW) };

static void smartcols_close(struct smartcols *lib)
{
	if (lib->table)
		lib->scols_unref_table(lib->table);
	if (lib->handle)
		dlclose(lib->handle);
}

/* Return: 0, or -ENOSYS where the library is missing or too old. */
static int smartcols_open(struct smartcols *lib)
{
	lib->handle = dlopen(LIBRARY, RTLD_LAZY | RTLD_LOCAL);
	if (!lib->handle)
		return -ENOSYS;
	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
		void *function = dlsym(lib->handle, functions[i].name);

		if (!function)
			return -ENOSYS;
		memcpy((char *)lib + functions[i].offset, &function, sizeof(function));
	}
	return 0;
}

/* Widths are ours to decide, and must not depend on a terminal. */
static int set_up(struct smartcols *lib)
{
	lib->scols_init_debug(0);
	lib->table = lib->scols_new_table();
	if (!lib->table || lib->scols_table_enable_noheadings(lib->table, 1) ||
	    lib->scols_table_enable_noencoding(lib->table, 1) ||
	    lib->scols_table_enable_nowrap(lib->table, 0) ||
	    lib->scols_table_set_termforce(lib->table, SCOLS_TERMFORCE_NEVER) ||
	    lib->scols_table_set_column_separator(lib->table, " "))
		return -ENOMEM;
	return 0;
}

static int add_columns(const struct grid *grid, const struct smartcols *lib)
{
	for (size_t i = 0; i < grid->columns; i++) {
		int flags = SCOLS_FL_WRAP | (grid->right[i] ? SCOLS_FL_RIGHT : 0);
		struct libscols_column *column =
			lib->scols_table_new_column(lib->table, NULL, 0, flags);

		if (!column || lib->scols_column_set_wrapfunc(
				       column, lib->scols_wrapnl_chunksize,
				       lib->scols_wrapnl_nextchunk, NULL))
			return -ENOMEM;
	}
	return 0;
}

static int add_row(const struct grid *grid, size_t row, const struct smartcols *lib)
{
	struct libscols_line *line = lib->scols_table_new_line(lib->table, NULL);

	if (!line)
		return -ENOMEM;
	for (size_t i = 0; i < grid->columns; i++)
		if (lib->scols_line_set_data(line, i, grid_cell(grid, row, i)))
			return -ENOMEM;
	return 0;
}

int grid_layout_smartcols(const struct grid *grid, struct efimap_out *out)
{
	efimap_cleanup(smartcols_close) struct smartcols lib = { 0 };
	efimap_auto_free char *text = NULL;
	int r = smartcols_open(&lib);

	if (!r)
		r = set_up(&lib);
	if (!r)
		r = add_columns(grid, &lib);
	for (size_t row = 0; !r && row < grid_rows(grid); row++)
		r = add_row(grid, row, &lib);
	if (r || !grid->n_cells)
		return r;
	r = lib.scols_print_table_to_string(lib.table, &text);
	if (r)
		return r;
	/* Where its stream in memory could not be closed, it says 0 and gives nothing. */
	if (!text)
		return -ENOMEM;
	efimap_out_puts(out, text);
	efimap_out_putc(out, '\n');
	return out->error;
}
