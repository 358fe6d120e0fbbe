/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Everything about a cell, in lines: what a tooltip says and a screen reader reads. */
#include <inttypes.h>

#include "format/text.h"
#include "plot/draw.h"

/* Members of a group that are named one by one. */
#define MAX_MEMBERS 12

/* Columns of dump, as lines; "" has no heading. */
static const struct {
	const char *column;
	const char *heading;
} entry_lines[] = {
	{ "ATTR", "attributes" }, { "VIRT", "virtual" },   { "MEMMAP", "memmap" },
	{ "IOMEM", "iomem" },	  { "RULES", "findings" },
};

static void put_column(struct plot_side *side, size_t position, size_t line,
		       struct efimap_out *out)
{
	efimap_auto_out struct efimap_out cell = EFIMAP_OUT_MEM;
	size_t columns[EFIMAP_MAX_COLUMNS], count = 0;

	if (efimap_dump_columns_parse(entry_lines[line].column, columns, &count, NULL) <
	    0)
		return;
	column_put_cell(columns[0], &side->view, position, &cell);
	if (!cell.used && !cell.error)
		return;
	efimap_out_putc(&cell, '\0');
	efimap_out_printf(out, "\n%s: ", entry_lines[line].heading);
	if (cell.error)
		out->error = out->error ? out->error : cell.error;
	else
		text_ascii(out, cell.data);
}

static const char *change_words(enum efimap_mark change)
{
	static const char *const words[] = {
		[EFIMAP_MARK_SAME] = "the same in both",
		[EFIMAP_MARK_EXPECTED] = "differs as a kernel makes it differ",
		[EFIMAP_MARK_DRIFT] = "differs, and no kernel does that",
		[EFIMAP_MARK_LOST] = "lost: only FIRST has it",
		[EFIMAP_MARK_EXTRA] = "only SECOND has it",
	};

	return words[change];
}

static void put_entry(struct plot_side *side, const struct plot_lane *lane,
		      const struct plot_cell *cell, struct efimap_out *out)
{
	const size_t position = lane->items[cell->first].source;
	const struct efimap_entry *entry = &side->map->entries[position];
	char type[EFIMAP_TYPE_NAME_SIZE];
	struct efimap_span phys;

	efimap_out_printf(out, "entry %" PRIu32 ": %s", entry->index,
			  efimap_type_name(entry->type, type));
	if (efimap_entry_phys(entry, &phys) == 0) {
		efimap_out_puts(out, ", ");
		text_span_size(out, efimap_span_bytes(phys));
		efimap_out_puts(out, "\nphysical: ");
		plot_put_span(phys, out);
	}
	for (size_t i = 0; i < sizeof(entry_lines) / sizeof(entry_lines[0]); i++)
		put_column(side, position, i, out);
	if (entry->virt_from == EFIMAP_VIRT_PREDICTED)
		efimap_out_puts(out, "\nthe virtual address is predicted, not read");
	if (lane->kind != PLOT_LANE_TABLES && cell->change != EFIMAP_MARK_SAME)
		efimap_out_printf(out, "\n%s", change_words(cell->change));
}

static void put_name(const struct plot_side *side, const struct plot_lane *lane,
		     const struct plot_item *item, struct efimap_out *out)
{
	const struct efimap_entry *entry;
	char type[EFIMAP_TYPE_NAME_SIZE];

	switch (lane->kind) {
	case PLOT_LANE_MEMMAP:
		text_ascii(out, side->map->memmap[item->source].label);
		return;
	case PLOT_LANE_IOMEM:
		text_ascii(out, side->map->iomem[item->source].name);
		return;
	case PLOT_LANE_TABLES:
		text_ascii(out, side->map->tables[item->source].name);
		return;
	case PLOT_LANE_RUNTIME:
	case PLOT_LANE_VIRT:
		entry = &side->map->entries[item->source];
		efimap_out_printf(out, "%" PRIu32 " %s", entry->index,
				  efimap_type_name(entry->type, type));
		return;
	}
}

/* "System RAM: 0x0-0x9efff, 636K" */
static void put_item(const struct plot_side *side, const struct plot_lane *lane,
		     const struct plot_item *item, struct efimap_out *out)
{
	put_name(side, lane, item, out);
	efimap_out_puts(out, ": ");
	if (lane->kind == PLOT_LANE_TABLES) {
		efimap_out_hex(out, item->span.first);
		return;
	}
	plot_put_span(item->span, out);
	efimap_out_puts(out, ", ");
	text_span_size(out, efimap_span_bytes(item->span));
}

void plot_put_detail(struct plot_side *side, const struct plot_lane *lane,
		     const struct plot_cell *cell, struct efimap_out *out)
{
	const bool is_entry =
		lane->kind == PLOT_LANE_RUNTIME || lane->kind == PLOT_LANE_VIRT;

	if (is_entry && cell->count == 1) {
		put_entry(side, lane, cell, out);
		return;
	}
	if (cell->count > 1 && lane->kind != PLOT_LANE_TABLES)
		efimap_out_printf(out, "%zu %s that share this place:\n", cell->count,
				  is_entry ? "entries" : "ranges");
	for (size_t i = 0; i < cell->count; i++) {
		if (i == MAX_MEMBERS) {
			efimap_out_printf(out, "\nand %zu more", cell->count - i);
			break;
		}
		if (i)
			efimap_out_putc(out, '\n');
		put_item(side, lane, &lane->items[cell->first + i], out);
	}
	if (cell->mark.said)
		efimap_out_printf(out, "\n%s: %s",
				  efimap_severity_name(cell->mark.severity),
				  cell->mark.rule->name);
}
