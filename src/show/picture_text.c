/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Draw a picture for a terminal. Each row begins with its first address. */
#include <string.h>

#include "show/form_output.h"
#include "show/picture.h"
#include "show/picture_text.h"
#include "show/text_style.h"

#define DEFAULT_WIDTH 80
/* Minimum number of columns, in which the runtime map and one load fit. */
#define MIN_WIDTH 40
/* Colour of a fault: bold red. */
#define FAULT_COLOR "1;31"

/*
 * Colours of the kinds, with a contrast of at least 3.5 to 1 on white and on dark backgrounds. They
 * are from the 256 colours whose values no theme changes. Of the first 16 colours, terminals show
 * some too pale on white, such as yellow, and others too dark on black, such as bright black. Red
 * is reserved for faults. Kinds that share a colour are in different lanes.
 */
static const char *const colors[] = {
	[PICTURE_CODE] = "38;5;33",	 [PICTURE_DATA] = "38;5;30",   [PICTURE_MMIO] = "39",
	[PICTURE_BOOT] = "38;5;100",	 [PICTURE_RAM] = "38;5;28",    [PICTURE_ACPI] = "38;5;133",
	[PICTURE_RESERVED] = "38;5;244", [PICTURE_KERNEL] = "38;5;33", [PICTURE_CRASH] = "38;5;100",
	[PICTURE_SEGMENT] = "38;5;164",	 [PICTURE_OTHER] = "39",
};

/*
 * struct pen - the current line
 * @column: number of columns in the line so far; blanks are written only before other text
 * @cells:  for each lane, its current or next cell
 * @texts:  for each lane, the rest of the text of its current or next cell
 */
struct pen {
	const struct picture *picture;
	const struct picture_options *options;
	struct out *out;
	unsigned int column;
	size_t cells[PICTURE_LANES];
	const char *texts[PICTURE_LANES];
};

static void move_to(struct pen *pen, unsigned int column)
{
	if (column > pen->column)
		text_blanks(pen->out, column - pen->column);
	pen->column = column;
}

/* Write the next line of a text that is wrapped at @width columns. */
static void put_words(struct pen *pen, const char **text, unsigned int width)
{
	const char *line = *text;
	size_t len;

	if (!line)
		return;
	len = picture_line(line, width, text);
	out_write(pen->out, line, len);
	pen->column += (unsigned int)len;
}

static void put_cell_line(struct pen *pen, size_t number, size_t row, unsigned int line)
{
	const struct picture_lane *lane = &pen->picture->lanes[number];
	const struct picture_cell *cell = &lane->cells[pen->cells[number]];
	const bool begins = line == 0 && row == cell->first_row;

	if (begins)
		pen->texts[number] = cell->text;
	move_to(pen, lane->at);
	if (pen->options->color)
		out_printf(pen->out, "\033[%sm",
			   cell->is_fault ? FAULT_COLOR : colors[cell->span->kind]);
	if (begins && cell->is_fault)
		out_putc(pen->out, '!');
	else if (pen->options->ascii)
		out_putc(pen->out, begins ? '+' : '|');
	else
		out_puts(pen->out, begins ? "\u250c" : "\u2502");
	pen->column++;
	put_words(pen, &pen->texts[number], lane->width - 1);
	style_end(pen->out, pen->options->color);
}

static void end_line(struct pen *pen)
{
	out_putc(pen->out, '\n');
	pen->column = 0;
}

static void put_row(struct pen *pen, size_t number)
{
	const struct picture *picture = pen->picture;
	const struct picture_row *row = &picture->rows[number];
	auto_out struct out hex = EFIMAP_OUT_MEM;
	const char *address;

	out_hex(&hex, row->span.first);
	address = out_text(&hex);
	for (unsigned int line = 0; line < row->lines; line++) {
		if (line == 0) {
			move_to(pen, picture->address_width - (unsigned int)strlen(address));
			out_puts(pen->out, address);
			pen->column = picture->address_width;
		}
		for (size_t i = 0; i < PICTURE_LANES; i++) {
			const struct picture_lane *lane = &picture->lanes[i];

			while (pen->cells[i] < lane->n_cells &&
			       lane->cells[pen->cells[i]].last_row < number)
				pen->cells[i]++;
			if (lane->width && pen->cells[i] < lane->n_cells &&
			    lane->cells[pen->cells[i]].first_row <= number)
				put_cell_line(pen, i, number, line);
		}
		end_line(pen);
	}
}

/* Write a text in which each line is a paragraph. */
static void put_paragraphs(struct pen *pen, const char *text, bool color, unsigned int width)
{
	for (; *text; text += strcspn(text, "\n") + 1) {
		style_begin(pen->out, color, STYLE_ERROR);
		text_flow(pen->out, text, strcspn(text, "\n"), 0, 4, width);
		style_end(pen->out, color);
	}
}

void picture_write_text(const struct efimap *map, const struct report *report,
			const struct picture_options *options, struct out *out)
{
	const unsigned int wanted = options->width ? options->width : DEFAULT_WIDTH;
	const unsigned int width = wanted > MIN_WIDTH ? wanted : MIN_WIDTH;
	picture_auto struct picture picture = { 0 };
	struct pen pen = { .picture = &picture, .options = options, .out = out };

	picture_make(map, report, width, false, &picture);
	for (size_t i = 0; i < report->n_forms; i++)
		form_write_headline(
			&report->forms[i],
			&(struct text_options){ .color = options->color, .width = width }, out);
	put_paragraphs(&pen, out_text(&picture.head), options->color, width);
	if (picture.n_rows) {
		out_putc(out, '\n');
		style_begin(out, options->color, STYLE_HEADING);
		for (size_t i = 0; i < PICTURE_LANES; i++)
			if (picture.lanes[i].width) {
				move_to(&pen, picture.lanes[i].at + 1);
				out_puts(out, picture.lanes[i].heading);
				pen.column += (unsigned int)strlen(picture.lanes[i].heading);
			}
		style_end(out, options->color);
		end_line(&pen);
	}
	for (size_t i = 0; i < picture.n_rows; i++)
		put_row(&pen, i);
	if (picture.n_rows)
		out_putc(out, '\n');
	put_paragraphs(&pen, out_text(&picture.notes), false, width);
}
