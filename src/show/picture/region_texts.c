/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Write names of lanes, labels of cells, and tooltips. Text from a capture is converted to
 * printable ASCII, so that each character is one column wide.
 */
#include <string.h>

#include "base/escape_text.h"
#include "show/comparison.h"
#include "show/dump_columns.h"
#include "show/dump_text.h"
#include "show/picture/lanes.h"
#include "show/picture/legend.h"
#include "show/picture/plot.h"
#include "show/picture/region_texts.h"
#include "show/report.h"
#include "show/text_style.h"

/* Maximum number of different labels that are shown for a group. */
#define MAX_NAMES 8
/* Maximum number of regions in a list. */
#define MAX_MEMBERS 12
/* Number of levels of put_words(). */
#define LEVELS 4

const char *plot_source_name(const struct efimap *map)
{
	return strcmp(map->name, "/") == 0 ? "the running system" : map->name;
}

void plot_put_heading(const struct plot *plot, const struct plot_lane *lane,
		      struct efimap_out *out)
{
	if (plot->n_sides == 2)
		efimap_out_puts(out, lane->side ? "SECOND " : "FIRST ");
	efimap_out_puts(out, plot_lane_names[lane->kind].heading);
	if (lane->n_predicted)
		efimap_out_puts(out, ", PREDICTED");
}

static void put_span(struct efimap_span span, struct efimap_out *out)
{
	efimap_out_hex(out, span.first);
	efimap_out_putc(out, '-');
	efimap_out_hex(out, span.last);
}

/* Return the total size of the items in bytes, or 0 if it exceeds 64 bits. */
static uint64_t total(const struct plot_cell *cell)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < cell->count; i++) {
		const uint64_t bytes = efimap_span_bytes(cell->items[i].span);

		if (!bytes || __builtin_add_overflow(sum, bytes, &sum))
			return 0;
	}
	return sum;
}

static bool is_listed(const char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

/* Write the labels of a cell, such as "Reserved, pnp 00:06" or "Reserved x3". */
static void put_names(const struct plot_cell *cell, struct efimap_out *out)
{
	const char *names[MAX_NAMES];
	size_t n = 0, at = 0;

	for (; at < cell->count; at++) {
		const char *name = cell->items[at].name;

		if (is_listed(names, n, name))
			continue;
		if (n == MAX_NAMES)
			break;
		if (n)
			efimap_out_puts(out, ", ");
		efimap_out_ascii(out, name);
		names[n++] = name;
	}
	if (at < cell->count)
		efimap_out_printf(out, " +%zu", cell->count - at);
	else if (n == 1 && cell->count > 1)
		efimap_out_printf(out, " x%zu", cell->count);
}

/* Write the lowest and the highest index, such as "0..7: ". */
static void put_indices(const struct plot_cell *cell, struct efimap_out *out)
{
	uint32_t low = UINT32_MAX, high = 0;

	for (size_t i = 0; i < cell->count; i++) {
		const uint32_t index = cell->items[i].entry->index;

		low = index < low ? index : low;
		high = index > high ? index : high;
	}
	efimap_out_printf(out, "%u..%u: ", low, high);
}

static const char *type_of(const struct efimap_entry *entry, char buf[EFIMAP_TYPE_NAME_SIZE])
{
	return entry->missing_values & EFIMAP_MISSING_TYPE
		       ? "?"
		       : efimap_type_name(entry->type, buf);
}

/* Write an entry, such as "4 RuntimeData 1M". */
static void put_entry_words(const struct plot_item *item, unsigned int level,
			    struct efimap_out *out)
{
	char type[EFIMAP_TYPE_NAME_SIZE];

	efimap_out_printf(out, "%u", item->entry->index);
	if (level < 2)
		efimap_out_printf(out, " %s", type_of(item->entry, type));
	if (level < 1) {
		efimap_out_putc(out, ' ');
		text_span_size(out, efimap_span_bytes(item->span));
	}
}

/* Write a group of entries, such as "0..7: 8 entries, 7.5M". */
static void put_group_words(const struct plot_cell *cell, unsigned int level,
			    struct efimap_out *out)
{
	if (level < 2)
		put_indices(cell, out);
	efimap_out_printf(out, "%zu", cell->count);
	if (level < 3)
		efimap_out_puts(out, " entries");
	if (level < 1) {
		efimap_out_puts(out, ", ");
		text_span_size(out, total(cell));
	}
}

static void put_range_words(const struct plot_cell *cell, unsigned int level,
			    struct efimap_out *out)
{
	put_names(cell, out);
	if (level < 1 && cell->lane->kind != PLOT_LANE_TABLES) {
		efimap_out_putc(out, ' ');
		text_span_size(out, total(cell));
	}
}

/* Write the complete text at level 0, and shorter forms, if there are any, at higher levels. */
static void put_words(const struct plot_cell *cell, unsigned int level, struct efimap_out *out)
{
	if (!cell->items[0].entry)
		put_range_words(cell, level, out);
	else if (cell->count == 1)
		put_entry_words(&cell->items[0], level, out);
	else
		put_group_words(cell, level, out);
}

/* A truncated text ends in ".." if there is space for it. */
static void put_shortened(const char *text, size_t len, unsigned int columns,
			  struct efimap_out *out)
{
	const size_t dots = columns > 4 ? 2 : 0;

	if (len <= columns) {
		efimap_out_write(out, text, len);
		return;
	}
	efimap_out_write(out, text, columns - dots);
	efimap_out_write(out, "..", dots);
}

void plot_put_label(const struct plot_cell *cell, unsigned int columns, struct efimap_out *out)
{
	efimap_auto_out struct efimap_out text = EFIMAP_OUT_MEM;

	for (unsigned int level = 0; level < LEVELS; level++) {
		text.used = 0;
		put_words(cell, level, &text);
		if (text.used <= columns)
			break;
	}
	if (text.error)
		out->error = out->error ? out->error : text.error;
	else if (text.used)
		put_shortened(text.data, text.used, columns, out);
}

static void put_columns(const struct plot_side *side, size_t position, struct efimap_out *out)
{
	static const char *const headings[] = { "attributes", "virtual", "memmap",
						"iomem" };
	efimap_auto_out struct efimap_out cell = EFIMAP_OUT_MEM;
	size_t columns[EFIMAP_MAX_COLUMNS], count = 0;

	efimap_dump_columns_parse("ATTR,VIRT,MEMMAP,IOMEM", columns, &count, NULL);
	for (size_t i = 0; i < count && !out->error; i++) {
		const char *text;

		cell.used = 0;
		dump_put_cell(&side->view, position, columns[i], &cell);
		text = efimap_out_text(&cell, out);
		if (!*text)
			continue;
		efimap_out_printf(out, "\n%s: ", headings[i]);
		efimap_out_ascii(out, text);
	}
}

static void put_entry_lines(const struct plot_side *side, const struct plot_item *item,
			    struct efimap_out *out)
{
	static const char *const changes[] = {
		[EFIMAP_MARK_SAME] = NULL,
		[EFIMAP_MARK_EXPECTED] = "differs as expected after kexec",
		[EFIMAP_MARK_DRIFT] = "differs in a way that no kernel causes",
		[EFIMAP_MARK_LOST] = "lost: only FIRST has it",
		[EFIMAP_MARK_EXTRA] = "only SECOND has it",
	};
	const struct efimap_entry *entry = item->entry;
	char type[EFIMAP_TYPE_NAME_SIZE];
	struct efimap_span phys;

	efimap_out_printf(out, "entry %u: %s", entry->index, type_of(entry, type));
	if (efimap_entry_phys(entry, &phys) == 0) {
		efimap_out_puts(out, ", ");
		text_span_size(out, efimap_span_bytes(phys));
		efimap_out_puts(out, "\nphysical: ");
		put_span(phys, out);
	}
	put_columns(side, item->source, out);
	if (entry->virt_from == EFIMAP_VIRT_PREDICTED)
		efimap_out_puts(out, "\nthe virtual address is predicted");
	if (changes[item->change])
		efimap_out_printf(out, "\n%s", changes[item->change]);
}

/*
 * Write a member of a group, such as "System RAM: 0x0-0x9efff, 636K". For a configuration table,
 * write its address instead of a range.
 */
static void put_member(const struct plot_side *side, enum plot_lane_kind kind,
		       const struct plot_item *item, struct efimap_out *out)
{
	char type[EFIMAP_TYPE_NAME_SIZE];

	if (item->entry)
		efimap_out_printf(out, "%u %s", item->entry->index,
				  type_of(item->entry, type));
	else
		efimap_out_ascii(out, item->name);
	efimap_out_puts(out, ": ");
	if (kind == PLOT_LANE_TABLES) {
		efimap_out_hex(out, side->map.tables[item->source].value);
		return;
	}
	put_span(item->span, out);
	efimap_out_puts(out, ", ");
	text_span_size(out, efimap_span_bytes(item->span));
}

static void put_members(const struct plot_side *side, const struct plot_cell *cell,
			struct efimap_out *out)
{
	if (cell->count > 1 && cell->lane->kind != PLOT_LANE_TABLES)
		efimap_out_printf(out, "%zu %s drawn as one:\n", cell->count,
				  cell->items[0].entry ? "entries" : "ranges");
	for (size_t i = 0; i < cell->count; i++) {
		if (i == MAX_MEMBERS) {
			efimap_out_printf(out, "\nand %zu more", cell->count - i);
			break;
		}
		if (i)
			efimap_out_putc(out, '\n');
		put_member(side, cell->lane->kind, &cell->items[i], out);
	}
}

void plot_put_detail(const struct plot *plot, const struct plot_cell *cell,
		     struct efimap_out *out)
{
	const struct plot_side *side = &plot->sides[cell->lane->side];
	struct mark_rule shown;

	if (cell->items[0].entry && cell->count == 1)
		put_entry_lines(side, &cell->items[0], out);
	else
		put_members(side, cell, out);
	for (size_t i = 0; mark_find_rule(&cell->mark, i, &shown); i++)
		efimap_out_printf(out, "\n%s: %s", efimap_severity_name(shown.severity),
				  shown.rule->name);
}

static void put_not_drawn(const struct plot *plot, const struct plot_lane *lane,
			  size_t count, const char *why, struct efimap_out *out)
{
	efimap_out_puts(out, "not drawn in ");
	plot_put_heading(plot, lane, out);
	efimap_out_puts(out, ": ");
	text_plural(out, count, "region", "regions");
	efimap_out_puts(out, why);
}

static void put_unknown(const struct plot *plot, const struct plot_lane *lane,
			struct efimap_out *out)
{
	const struct efimap *map = &plot->sides[lane->side].map;
	size_t shown = 0;

	put_not_drawn(plot, lane, lane->n_unknown, " whose address or size is unknown:", out);
	for (size_t i = 0; i < map->n_entries && shown < MAX_MEMBERS; i++)
		if (!plot_is_known(&map->entries[i], lane->axis))
			efimap_out_printf(out, "%s %u", shown++ ? "," : " entry",
					  map->entries[i].index);
	if (lane->n_unknown > shown)
		efimap_out_printf(out, " and %zu more", lane->n_unknown - shown);
	efimap_out_putc(out, '\n');
}

void plot_put_left_out(const struct plot *plot, struct efimap_out *out)
{
	for (size_t i = 0; i < plot->n_lanes; i++) {
		const struct plot_lane *lane = &plot->lanes[i];

		if (lane->n_unknown && lane->n_items)
			put_unknown(plot, lane, out);
		if (lane->n_left_out)
			put_not_drawn(plot, lane, lane->n_left_out,
				      " without a valid range\n", out);
	}
	if (plot->axes[PLOT_PHYS].n_lost || plot->axes[PLOT_VIRT].n_lost)
		efimap_out_puts(out, "regions that share a row are grouped; use "
				     "--max-rows=N with a larger N to separate them\n");
}

int plot_put_findings(const struct plot *plot, const struct efimap_text_options *options,
		      struct efimap_out *out)
{
	const struct efimap_plot_input *input = plot->input;

	if (input->comparison)
		return efimap_comparison_write_text(input->map, input->second,
						    input->comparison, options, out);
	dump_write_summary(&plot->sides[0].view, options, out);
	if (report_has_text(&plot->sides[0].report, options))
		efimap_out_putc(out, '\n');
	return efimap_report_write_text(&plot->sides[0].report, options, out);
}
