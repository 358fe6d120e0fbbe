/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What stands in a cell, from the longest text that fits to the shortest. Text of a
 * capture is made printable ASCII here, so a character is a column wherever it is drawn.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "format/text.h"
#include "plot/draw.h"

/* Labels of a group that are looked at; more have no room. */
#define MAX_NAMES 8

void plot_put_span(struct efimap_span span, struct efimap_out *out)
{
	efimap_out_hex(out, span.first);
	efimap_out_putc(out, '-');
	efimap_out_hex(out, span.last);
}

static const struct plot_item *item_at(const struct plot_lane *lane,
				       const struct plot_cell *cell, size_t i)
{
	return &lane->items[cell->first + i];
}

/* All bytes of the items, 0 where that does not fit in 64 bits. */
static uint64_t total(const struct plot_lane *lane, const struct plot_cell *cell)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < cell->count; i++) {
		uint64_t bytes = efimap_span_bytes(item_at(lane, cell, i)->span);

		if (!bytes || __builtin_add_overflow(sum, bytes, &sum))
			return 0;
	}
	return sum;
}

static const char *name_of(const struct plot_side *side, const struct plot_lane *lane,
			   const struct plot_item *item)
{
	switch (lane->kind) {
	case PLOT_LANE_MEMMAP:
		return side->map->memmap[item->source].label;
	case PLOT_LANE_IOMEM:
		return side->map->iomem[item->source].name;
	case PLOT_LANE_TABLES:
		return side->map->tables[item->source].name;
	case PLOT_LANE_RUNTIME:
	case PLOT_LANE_VIRT:
		break;
	}
	return "";
}

static bool is_said(const char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

/* "Reserved", "Reserved, pnp 00:06", "Reserved, ACPI Tables +3" */
static void put_names(const struct plot_side *side, const struct plot_lane *lane,
		      const struct plot_cell *cell, struct efimap_out *out)
{
	const char *names[MAX_NAMES];
	size_t n = 0, at = 0;

	for (; at < cell->count; at++) {
		const char *name = name_of(side, lane, item_at(lane, cell, at));

		if (is_said(names, n, name))
			continue;
		if (n == MAX_NAMES)
			break;
		if (n)
			efimap_out_puts(out, ", ");
		text_ascii(out, name);
		names[n++] = name;
	}
	if (at < cell->count)
		efimap_out_printf(out, " +%zu", cell->count - at);
	else if (n == 1 && cell->count > 1)
		efimap_out_printf(out, " x%zu", cell->count);
}

/* The shorter, the less; 0 says all. Return: is there such a text? */
static bool put_range_words(const struct plot_side *side, const struct plot_lane *lane,
			    const struct plot_cell *cell, unsigned int shorter,
			    struct efimap_out *out)
{
	if (shorter > 1)
		return false;
	put_names(side, lane, cell, out);
	if (shorter == 0 && lane->kind != PLOT_LANE_TABLES) {
		efimap_out_putc(out, ' ');
		text_span_size(out, total(lane, cell));
	}
	return true;
}

static bool put_entry_words(const struct plot_side *side, const struct plot_lane *lane,
			    const struct plot_cell *cell, unsigned int shorter,
			    struct efimap_out *out)
{
	const struct plot_item *item = item_at(lane, cell, 0);
	const struct efimap_entry *entry = &side->map->entries[item->source];
	char type[EFIMAP_TYPE_NAME_SIZE];

	if (shorter > 2)
		return false;
	efimap_out_printf(out, "%" PRIu32, entry->index);
	if (shorter < 2)
		efimap_out_printf(out, " %s", efimap_type_name(entry->type, type));
	if (shorter < 1) {
		efimap_out_putc(out, ' ');
		text_span_size(out, efimap_span_bytes(item->span));
	}
	return true;
}

static void put_indices(const struct plot_side *side, const struct plot_lane *lane,
			const struct plot_cell *cell, struct efimap_out *out)
{
	uint32_t low = UINT32_MAX, high = 0;

	for (size_t i = 0; i < cell->count; i++) {
		const uint32_t index =
			side->map->entries[item_at(lane, cell, i)->source].index;

		low = index < low ? index : low;
		high = index > high ? index : high;
	}
	efimap_out_printf(out, "%" PRIu32 "..%" PRIu32, low, high);
}

static bool put_group_words(const struct plot_side *side, const struct plot_lane *lane,
			    const struct plot_cell *cell, unsigned int shorter,
			    struct efimap_out *out)
{
	if (shorter > 3)
		return false;
	if (shorter < 2) {
		put_indices(side, lane, cell, out);
		efimap_out_puts(out, ": ");
	}
	efimap_out_printf(out, "%zu", cell->count);
	if (shorter < 3)
		efimap_out_puts(out, " entries");
	if (shorter < 1) {
		efimap_out_puts(out, ", ");
		text_span_size(out, total(lane, cell));
	}
	return true;
}

static bool put_words(const struct plot_side *side, const struct plot_lane *lane,
		      const struct plot_cell *cell, unsigned int shorter,
		      struct efimap_out *out)
{
	if (lane->kind != PLOT_LANE_RUNTIME && lane->kind != PLOT_LANE_VIRT)
		return put_range_words(side, lane, cell, shorter, out);
	return cell->count == 1 ? put_entry_words(side, lane, cell, shorter, out)
				: put_group_words(side, lane, cell, shorter, out);
}

/* What does not fit ends in "..", if even that has room. */
static void put_cut(const char *text, size_t len, unsigned int columns,
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

void plot_put_label(const struct plot_side *side, const struct plot_lane *lane,
		    const struct plot_cell *cell, unsigned int columns,
		    struct efimap_out *out)
{
	efimap_auto_out struct efimap_out text = EFIMAP_OUT_MEM;
	size_t start = 0, len = SIZE_MAX;

	/* One behind the other; the last one is cut if even that is too long. */
	for (unsigned int shorter = 0; len > columns; shorter++) {
		const size_t used = text.used;

		if (!put_words(side, lane, cell, shorter, &text))
			break;
		start = used;
		len = text.used - used;
	}
	if (text.error)
		out->error = out->error ? out->error : text.error;
	else if (text.used)
		put_cut(text.data + start, len, columns, out);
}

void plot_put_mark(const struct plot_mark *mark, unsigned int columns,
		   struct efimap_out *out)
{
	char more[24] = "";
	unsigned int room;

	if (mark->n_rules > 1)
		snprintf(more, sizeof(more), " +%zu", mark->n_rules - 1);
	room = strlen(more) + 6 < columns ? columns - (unsigned int)strlen(more)
					  : columns;
	put_cut(mark->rule->name, strlen(mark->rule->name), room, out);
	if (room < columns)
		efimap_out_puts(out, more);
}

void plot_put_heading(const struct plot *plot, const struct plot_lane *lane,
		      struct efimap_out *out)
{
	static const char *const words[] = {
		[PLOT_LANE_RUNTIME] = "RUNTIME MAP", [PLOT_LANE_MEMMAP] = "MEMMAP",
		[PLOT_LANE_IOMEM] = "IOMEM",	     [PLOT_LANE_TABLES] = "TABLES",
		[PLOT_LANE_VIRT] = "VIRTUAL",
	};

	if (plot->n_sides == 2)
		efimap_out_puts(out, lane->side ? "SECOND " : "FIRST ");
	efimap_out_puts(out, words[lane->kind]);
	if (lane->n_predicted)
		efimap_out_puts(out, ", PREDICTED");
}
