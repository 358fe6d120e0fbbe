/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Draws one section line by line: an address, then of each lane a bar and, where a cell
 * begins, its label. Bars of what lies inside other things stand in the second column.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "format/style.h"
#include "format/text.h"
#include "plot/text.h"

/* A bar and the blank behind it. */
#define BAR 3

struct glyph {
	const char *ascii;
	const char *unicode;
	const char *color;
};

/* Block elements only (U+2580 to U+259F): every terminal font has them, one column each. */
static const struct glyph glyphs[] = {
	[PLOT_TONE_CODE] = { "#", "\u2588", "31" },
	[PLOT_TONE_DATA] = { "%", "\u2593", "34" },
	[PLOT_TONE_MMIO] = { "@", "\u259e", "36" },
	[PLOT_TONE_BOOT] = { "+", "\u2592", "33" },
	[PLOT_TONE_RAM] = { ".", "\u2591", "32" },
	[PLOT_TONE_ACPI] = { "&", "\u2584", "35" },
	[PLOT_TONE_RESERVED] = { "=", "\u259a", "90" },
	[PLOT_TONE_DEVICE] = { "|", "\u258c", "36" },
	[PLOT_TONE_KERNEL] = { "K", "\u2590", "94" },
	[PLOT_TONE_CRASH] = { "X", "\u2580", "91" },
	[PLOT_TONE_OTHER] = { "?", "\u2596", "37" },
	[PLOT_TONE_MIXED] = { "*", "\u2599", "37" },
};

void text_bar(const struct efimap_plot_options *options, enum plot_tone tone,
	      unsigned int count, struct efimap_out *out)
{
	if (options->color)
		efimap_out_printf(out, "\033[%sm", glyphs[tone].color);
	for (unsigned int i = 0; i < count; i++)
		efimap_out_puts(out, options->unicode ? glyphs[tone].unicode
						      : glyphs[tone].ascii);
	style_end(out, options->color);
}

static void put_blanks(struct efimap_out *out, unsigned int count)
{
	efimap_out_printf(out, "%*s", (int)count, "");
}

static void put_bars(const struct text_section *section, const struct text_column *column,
		     const struct plot_cell *const cells[PLOT_TRACKS],
		     struct efimap_out *out)
{
	const struct plot_cell *left = cells[0], *right = cells[1];

	if (column->lane->n_tracks == 1 || !right)
		right = left;
	if (left)
		text_bar(section->options, left->tone, 1, out);
	else
		efimap_out_putc(out, ' ');
	if (right)
		text_bar(section->options, right->tone, 1, out);
	else
		efimap_out_putc(out, ' ');
	efimap_out_putc(out, ' ');
}

/* "Reserved", or "Reserved > HPET 0" where both begin. */
static void put_labels(const struct text_section *section,
		       const struct text_column *column,
		       const struct plot_cell *const cells[PLOT_TRACKS], size_t band,
		       struct efimap_out *out)
{
	const struct plot_side *side = &section->plot->sides[column->lane->side];
	const unsigned int room = column->width - BAR;
	const size_t before = out->used;
	unsigned int left = room;

	for (unsigned int track = 0; track < PLOT_TRACKS; track++) {
		const bool both = track == 0 && cells[1] && cells[1]->band == band;
		size_t start = out->used;

		if (!cells[track] || cells[track]->band != band)
			continue;
		plot_put_label(side, column->lane, cells[track],
			       both ? left * 3 / 5 : left, out);
		left -= (unsigned int)(out->used - start);
		if (!both || left < 6)
			break;
		efimap_out_puts(out, " > ");
		left -= 3;
	}
	if (!out->error)
		put_blanks(out, room - (unsigned int)(out->used - before));
}

static void put_lane(const struct text_section *section, const struct text_column *column,
		     size_t band, bool is_first, struct efimap_out *out)
{
	const struct plot_cell *cells[PLOT_TRACKS];

	for (unsigned int track = 0; track < PLOT_TRACKS; track++)
		cells[track] = plot_cell_at(column->lane, track, band);
	put_bars(section, column, cells, out);
	if (is_first)
		put_labels(section, column, cells, band, out);
	else
		put_blanks(out, column->width - BAR);
}

static void put_column(const struct text_section *section,
		       const struct text_column *column, size_t band, bool is_first,
		       struct efimap_out *out)
{
	efimap_out_putc(out, ' ');
	if (column->kind == TEXT_COLUMN_LANE)
		put_lane(section, column, band, is_first, out);
	else if (!is_first)
		put_blanks(out, column->width);
	else if (column->kind == TEXT_COLUMN_MARK)
		text_put_mark(section, column, band, out);
	else if (column->kind == TEXT_COLUMN_RULE)
		text_put_rule(section, column, band, out);
	else
		text_put_phys(section, column, band, out);
}

static void put_address(const struct text_section *section, uint64_t address,
			struct efimap_out *out)
{
	char text[24];

	snprintf(text, sizeof(text), "0x%" PRIx64, address);
	efimap_out_printf(out, "%*s", (int)section->address_width, text);
}

/* "~~~~~ 62M empty ~~~~~" */
static void put_fold(const struct text_section *section, const struct plot_band *band,
		     struct efimap_out *out)
{
	efimap_auto_out struct efimap_out text = EFIMAP_OUT_MEM;
	const unsigned int width = section->width - section->address_width - 2;
	unsigned int at = 0;

	efimap_out_puts(&text, "~~~ ");
	text_size(&text, efimap_span_bytes(band->span));
	efimap_out_puts(&text, " empty ");
	if (text.error) {
		out->error = out->error ? out->error : text.error;
		return;
	}
	efimap_out_puts(out, "  ");
	style_begin(out, section->options->color, STYLE_FAINT);
	efimap_out_write(out, text.data, text.used);
	for (at = (unsigned int)text.used; at < width; at++)
		efimap_out_putc(out, '~');
	style_end(out, section->options->color);
}

static void put_headings(const struct text_section *section, struct efimap_out *out)
{
	const unsigned int address = section->address_width;

	style_begin(out, section->options->color, STYLE_HEADING);
	efimap_out_printf(out, "%*s", (int)address, address < 7 ? "ADDR" : "ADDRESS");
	for (size_t i = 0; i < section->n_columns; i++) {
		const struct text_column *column = &section->columns[i];
		efimap_auto_out struct efimap_out text = EFIMAP_OUT_MEM;

		if (column->kind == TEXT_COLUMN_LANE)
			plot_put_heading(section->plot, column->lane, &text);
		else if (column->kind == TEXT_COLUMN_PHYS)
			efimap_out_puts(&text, "PHYSICAL");
		else if (column->kind == TEXT_COLUMN_RULE)
			efimap_out_puts(&text, "FINDINGS");
		efimap_out_putc(&text, '\0');
		if (text.error)
			out->error = out->error ? out->error : text.error;
		else
			efimap_out_printf(out, " %-*.*s", (int)column->width,
					  (int)column->width, text.data);
	}
	style_end(out, section->options->color);
	efimap_out_putc(out, '\n');
}

/* Why lanes are empty stands where they would begin. */
static void put_absences(const struct text_section *section, struct efimap_out *out)
{
	bool any = false;

	for (size_t i = 0; i < section->n_columns; i++)
		any |= section->columns[i].kind == TEXT_COLUMN_LANE &&
		       section->columns[i].lane->absent;
	if (!any)
		return;
	put_blanks(out, section->address_width);
	for (size_t i = 0; i < section->n_columns; i++) {
		const struct text_column *column = &section->columns[i];
		const char *absent =
			column->kind == TEXT_COLUMN_LANE ? column->lane->absent : NULL;

		efimap_out_printf(out, " %-*.*s", (int)column->width, (int)column->width,
				  absent ? absent : "");
	}
	efimap_out_putc(out, '\n');
}

static void put_band(const struct text_section *section, size_t number,
		     struct efimap_out *out)
{
	const struct plot_band *band = &section->axis->bands[number];

	for (uint32_t line = 0; line < band->height; line++) {
		if (line == 0)
			put_address(section, band->span.first, out);
		else
			put_blanks(out, section->address_width);
		if (band->fold)
			put_fold(section, band, out);
		else
			for (size_t i = 0; i < section->n_columns; i++)
				put_column(section, &section->columns[i], number,
					   line == 0, out);
		efimap_out_putc(out, '\n');
	}
}

void text_section_draw(const struct text_section *section, struct efimap_out *out)
{
	const struct plot_axis *axis = section->axis;

	put_headings(section, out);
	put_absences(section, out);
	for (size_t i = 0; i < axis->n_bands; i++)
		put_band(section, i, out);
	if (!axis->n_bands)
		return;
	put_address(section, axis->bands[axis->n_bands - 1].span.last, out);
	put_blanks(out, section->width - section->address_width);
	efimap_out_putc(out, '\n');
}
