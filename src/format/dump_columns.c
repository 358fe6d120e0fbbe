/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The columns of dump, one row each: a new column is a new row here and nowhere else.
 * A cell is written as the capture has it; whoever shows it escapes it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/num.h"
#include "format/dump.h"
#include "format/text.h"
#include "model/traits.h"

#define RIGHT 1
#define LIST 2
#define SET_OFF 4

struct row {
	struct efimap_column column;
	unsigned int flags;
	void (*cell)(struct dump_view *view, size_t position, struct efimap_out *out);
};

static const struct efimap_entry *entry_at(const struct dump_view *view, size_t position)
{
	return &view->map->entries[position];
}

static void put_number(struct efimap_out *out, uint64_t value)
{
	efimap_out_printf(out, "%llu", (unsigned long long)value);
}

static void cell_index(struct dump_view *view, size_t position, struct efimap_out *out)
{
	put_number(out, entry_at(view, position)->index);
}

static void cell_type(struct dump_view *view, size_t position, struct efimap_out *out)
{
	char buf[EFIMAP_TYPE_NAME_SIZE];

	efimap_out_puts(out, efimap_type_name(entry_at(view, position)->type, buf));
}

static void cell_type_number(struct dump_view *view, size_t position,
			     struct efimap_out *out)
{
	put_number(out, entry_at(view, position)->type);
}

static void cell_attr(struct dump_view *view, size_t position, struct efimap_out *out)
{
	uint64_t rest = entry_at(view, position)->attribute;
	size_t from = 0, count = 0;
	const char *name;
	char buf[EFIMAP_ATTR_NAME_SIZE];

	while ((name = efimap_attr_next_name(&rest, &from, buf))) {
		if (count++)
			efimap_out_putc(out, ',');
		efimap_out_puts(out, name);
	}
}

static void cell_attr_hex(struct dump_view *view, size_t position, struct efimap_out *out)
{
	efimap_out_hex(out, entry_at(view, position)->attribute);
}

static void cell_phys(struct dump_view *view, size_t position, struct efimap_out *out)
{
	efimap_out_hex(out, entry_at(view, position)->phys);
}

static void cell_phys_end(struct dump_view *view, size_t position, struct efimap_out *out)
{
	struct efimap_span span;

	if (!efimap_entry_phys(entry_at(view, position), &span))
		efimap_out_hex(out, span.last);
}

static void cell_size(struct dump_view *view, size_t position, struct efimap_out *out)
{
	uint64_t pages = entry_at(view, position)->pages, bytes;

	if (__builtin_mul_overflow(pages, EFIMAP_PAGE_SIZE, &bytes)) {
		/* A wrong entry; there is no number of bytes that 64 bits could hold. */
		efimap_out_puts(out, view->bytes ? ">18446744073709551615" : ">16E");
		return;
	}
	if (view->bytes)
		put_number(out, bytes);
	else
		text_size(out, bytes);
}

static void cell_pages(struct dump_view *view, size_t position, struct efimap_out *out)
{
	put_number(out, entry_at(view, position)->pages);
}

static void cell_virt(struct dump_view *view, size_t position, struct efimap_out *out)
{
	if (entry_at(view, position)->virt_from != EFIMAP_VIRT_UNKNOWN)
		efimap_out_hex(out, entry_at(view, position)->virt);
}

static void cell_virt_end(struct dump_view *view, size_t position, struct efimap_out *out)
{
	struct efimap_span span;

	if (!efimap_entry_virt(entry_at(view, position), &span))
		efimap_out_hex(out, span.last);
}

static void cell_offset(struct dump_view *view, size_t position, struct efimap_out *out)
{
	const struct efimap_entry *entry = entry_at(view, position);

	if (entry->virt_from != EFIMAP_VIRT_UNKNOWN)
		efimap_out_hex(out, entry->virt - entry->phys);
}

static void cell_mode(struct dump_view *view, size_t position, struct efimap_out *out)
{
	enum efimap_mapping mapping = efimap_mapping_of(entry_at(view, position));

	efimap_out_puts(out, efimap_mapping_name(mapping));
}

static void put_labels(struct labels *labels, size_t position, struct efimap_out *out)
{
	const char *label;
	size_t count = 0;

	labels_start(labels, position);
	while ((label = labels_next(labels))) {
		if (count++)
			efimap_out_putc(out, ',');
		efimap_out_puts(out, label);
	}
}

static void cell_memmap(struct dump_view *view, size_t position, struct efimap_out *out)
{
	put_labels(&view->memmap, position, out);
}

static void cell_iomem(struct dump_view *view, size_t position, struct efimap_out *out)
{
	put_labels(&view->iomem, position, out);
}

static void cell_rules(struct dump_view *view, size_t position, struct efimap_out *out)
{
	const struct efimap_rule *rule;
	size_t from = 0, count = 0;

	while ((rule = dump_view_rule(view, position, &from))) {
		if (count++)
			efimap_out_putc(out, ',');
		efimap_out_puts(out, rule->name);
	}
}

/* clang-format off */
static const struct row rows[] = {
	{ { "IDX", "number of the entry under runtime-map", true }, RIGHT, cell_index },
	{ { "TYPE", "EFI memory type", true }, 0, cell_type },
	{ { "TYPENO", "EFI memory type as a number", false }, RIGHT, cell_type_number },
	{ { "ATTR", "attribute bits by name", true }, LIST, cell_attr },
	{ { "ATTRHEX", "attribute bits as a number", false }, 0, cell_attr_hex },
	{ { "PHYS", "physical start", true }, 0, cell_phys },
	{ { "END", "physical end (inclusive)", false }, 0, cell_phys_end },
	{ { "SIZE", "size", true }, RIGHT, cell_size },
	{ { "PAGES", "number of 4096-byte EFI pages", false }, RIGHT, cell_pages },
	{ { "VIRT", "virtual start", true }, 0, cell_virt },
	{ { "VEND", "virtual end (inclusive)", false }, 0, cell_virt_end },
	{ { "OFFSET", "virtual minus physical start, modulo 2^64", false }, 0, cell_offset },
	{ { "MODE", "how it is mapped: efi-window, identity, direct-map or unknown", false },
	  0, cell_mode },
	{ { "MEMMAP", "what /sys/firmware/memmap says of it", true }, LIST | SET_OFF,
	  cell_memmap },
	{ { "IOMEM", "what /proc/iomem says of it, outer ranges first", true }, LIST,
	  cell_iomem },
	{ { "RULES", "rules that have a finding on it", true }, LIST, cell_rules },
};
/* clang-format on */

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))
_Static_assert(N_ROWS <= EFIMAP_MAX_COLUMNS, "all columns must fit in one -o list");

const struct efimap_column *efimap_dump_column(size_t index)
{
	return index < N_ROWS ? &rows[index].column : NULL;
}

bool column_is_right(size_t column)
{
	return rows[column].flags & RIGHT;
}

bool column_is_list(size_t column)
{
	return rows[column].flags & LIST;
}

bool column_is_set_off(size_t column)
{
	return rows[column].flags & SET_OFF;
}

void column_put_cell(size_t column, struct dump_view *view, size_t position,
		     struct efimap_out *cell)
{
	rows[column].cell(view, position, cell);
}
