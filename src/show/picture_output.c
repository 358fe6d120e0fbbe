/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Draw a picture for a terminal, in which each row begins with its first address, or as SVG, which
 * is a grid of columns and lines like the text.
 */
#include <inttypes.h>
#include <string.h>

#include "base/escape_text.h"
#include "base/utf8.h"
#include "show/form_output.h"
#include "show/picture.h"
#include "show/picture_output.h"
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

static void put_cell_line(struct pen *pen, size_t number, size_t row, unsigned int line)
{
	const struct picture_lane *lane = &pen->picture->lanes[number];
	const struct picture_cell *cell = &lane->cells[pen->cells[number]];
	const bool begins = line == 0 && row == cell->first_row;
	const char *text;
	size_t len;

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
	text = pen->texts[number];
	if (text) {
		len = picture_line(text, lane->width - 1, &pen->texts[number]);
		out_write(pen->out, text, len);
		pen->column += (unsigned int)len;
	}
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

	out_printf(&hex, "0x%" PRIx64, row->span.first);
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

/* Maximum number of columns. A picture with short labels is narrower. */
#define COLUMNS 230
#define NOTE_COLUMNS 110
/* Maximum width of a character in the fonts of the style, in tenths of a pixel. */
#define CHAR_TENTHS 73
#define LINE 16
#define MARGIN 16
/* Distance from the top of a line to the baseline of its text. */
#define BASELINE 12
/* Distance from the left edge of a box to its text. */
#define INSET 4
#define TITLE_LINES 2

static const char legend[] = "A red border marks what an error of an answer names.";

/*
 * Colours of the kinds of spans in light and dark mode. The text has a high contrast, and people
 * with red-green colour blindness can distinguish the colours.
 */
static const struct {
	const char *class;
	const char *light;
	const char *dark;
} looks[] = {
	[PICTURE_RAM] = { "ram", "#eef6bf", "#283500" },
	[PICTURE_CODE] = { "code", "#ea9f7e", "#64443b" },
	[PICTURE_DATA] = { "data", "#acd2ff", "#626886" },
	[PICTURE_MMIO] = { "mmio", "#85a6aa", "#022c34" },
	[PICTURE_BOOT] = { "boot", "#feda62", "#826447" },
	[PICTURE_ACPI] = { "acpi", "#a498d7", "#7354c9" },
	[PICTURE_RESERVED] = { "reserved", "#cbc0b8", "#656b67" },
	[PICTURE_KERNEL] = { "kernel", "#787dff", "#000d89" },
	[PICTURE_CRASH] = { "crash", "#df8601", "#8a4b00" },
	[PICTURE_SEGMENT] = { "segment", "#aa9085", "#2f4858" },
	[PICTURE_OTHER] = { "other", "#fafaf2", "#4a4950" },
};

/* CSS variables are not used, because SVG viewers other than browsers do not support them. */
static void put_style(struct out *out)
{
	out_puts(out, "<style>\n"
		      "text { font: 12px ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, "
		      "'Liberation Mono', monospace; white-space: pre; fill: #1f2328; }\n"
		      ".head, .title, .good, .warning, .bad { font-weight: bold; }\n"
		      ".good { fill: #1a7f37; }\n"
		      ".warning { fill: #9a6700; }\n"
		      ".bad { fill: #cf222e; }\n"
		      ".bg { fill: #fff; }\n"
		      ".edge { stroke: #e4e8ec; }\n"
		      "rect { stroke: #59636e; stroke-width: .6; }\n"
		      ".fault { stroke: #cf222e; stroke-width: 3; }\n");
	for (size_t i = 0; i < sizeof(looks) / sizeof(looks[0]); i++)
		out_printf(out, ".%s { fill: %s; }\n", looks[i].class, looks[i].light);
	out_puts(out, "@media screen and (prefers-color-scheme: dark) {\n"
		      "text { fill: #e6edf3; }\n"
		      ".good { fill: #3fb950; }\n"
		      ".warning { fill: #d29922; }\n"
		      ".bad { fill: #ff7b72; }\n"
		      ".bg { fill: #0d1117; }\n"
		      ".edge { stroke: #30363d; }\n"
		      "rect { stroke: #9198a1; }\n"
		      ".fault { stroke: #ff7b72; }\n");
	for (size_t i = 0; i < sizeof(looks) / sizeof(looks[0]); i++)
		out_printf(out, ".%s { fill: %s; }\n", looks[i].class, looks[i].dark);
	out_puts(out, "}\n</style>\n");
}

static unsigned int x_of(unsigned int column)
{
	return MARGIN + column * CHAR_TENTHS / 10;
}

static unsigned int y_of(unsigned int line)
{
	return MARGIN + line * LINE;
}

static void put_line(struct out *out, unsigned int x, unsigned int line, const char *class,
		     const char *text, size_t len)
{
	if (!len)
		return;
	out_printf(out, "<text x=\"%u\" y=\"%u\"%s%s%s>", x, y_of(line) + BASELINE,
		   class ? " class=\"" : "", class ? class : "", class ? "\"" : "");
	out_xml(out, text, len);
	out_puts(out, "</text>\n");
}

/* Wrap a text at @width columns, and write it. Return the number of lines. */
static unsigned int put_wrapped(struct out *out, unsigned int x, unsigned int line,
				const char *class, const char *text, size_t width)
{
	const unsigned int begin = line;

	for (const char *at = text; at; line++) {
		const char *next;
		const size_t len = picture_line(at, width, &next);

		put_line(out, x, line, class, at, len);
		at = next;
	}
	return line - begin;
}

/* Write the answers and the errors. Return the number of lines. */
static unsigned int put_head(struct picture *picture, struct out *out)
{
	static const char *const classes[] = { [EFIMAP_TONE_PLAIN] = "title",
					       [EFIMAP_TONE_GOOD] = "good",
					       [EFIMAP_TONE_WARNING] = "warning",
					       [EFIMAP_TONE_BAD] = "bad" };
	const struct report *report = picture->report;
	unsigned int line = 0;

	for (size_t i = 0; i < report->n_forms; i++) {
		const struct form *form = &report->forms[i];
		auto_out struct out text = EFIMAP_OUT_MEM;

		out_printf(&text, "%s: %s: ", form->head, form->word);
		out_escaped(&text, form->sentence);
		line += put_wrapped(out, MARGIN, TITLE_LINES + line, classes[form->tone],
				    out_text(&text), NOTE_COLUMNS);
	}
	for (const char *text = out_text(&picture->head); *text;) {
		const char *end = strchr(text, '\n');
		auto_out struct out paragraph = EFIMAP_OUT_MEM;

		out_write(&paragraph, text, (size_t)(end - text));
		line += put_wrapped(out, MARGIN, TITLE_LINES + line, "bad", out_text(&paragraph),
				    NOTE_COLUMNS);
		text = end + 1;
	}
	return line;
}

/* Draw everything below the title. Return the number of lines. */
static unsigned int put_picture(struct picture *picture, struct out *out)
{
	const char *note = out_text(&picture->notes), *text;
	const unsigned int headings = TITLE_LINES + put_head(picture, out) + 1;
	const unsigned int top = headings + 1;
	unsigned int line = top + picture->lines + 1;
	bool has_fault = false;

	/* A line with the first address marks the beginning of each row. */
	for (size_t i = 0; i < picture->n_rows; i++) {
		const struct picture_row *row = &picture->rows[i];
		auto_out struct out address = EFIMAP_OUT_MEM, gap = EFIMAP_OUT_MEM;

		out_printf(out, "<path class=\"edge\" d=\"M%u %uH%u\"/>\n", x_of(0),
			   y_of(top + row->at), x_of(picture->width));
		out_printf(&address, "0x%" PRIx64, row->span.first);
		text = out_text(&address);
		put_line(out, x_of(picture->address_width - (unsigned int)strlen(text)),
			 top + row->at, NULL, text, strlen(text));
		if (row->is_covered)
			continue;
		text_span_size(&gap, span_bytes(row->span));
		out_puts(&gap, " not drawn");
		text = out_text(&gap);
		put_line(out, x_of(picture->address_width + 1) + INSET, top + row->at, NULL, text,
			 strlen(text));
	}
	for (size_t i = 0; i < PICTURE_LANES; i++) {
		const struct picture_lane *lane = &picture->lanes[i];
		const unsigned int left = x_of(lane->at), right = x_of(lane->at + lane->width);

		if (!lane->width)
			continue;
		put_line(out, left + INSET, headings, "head", lane->heading, strlen(lane->heading));
		for (size_t k = 0; k < lane->n_cells; k++) {
			const struct picture_cell *cell = &lane->cells[k];
			const struct picture_row *last = &picture->rows[cell->last_row];
			const unsigned int first = picture->rows[cell->first_row].at;

			out_printf(out,
				   "<rect x=\"%u\" y=\"%u\" width=\"%u\" height=\"%u\" "
				   "class=\"%s%s\"/>\n",
				   left, y_of(top + first), right - left - 1,
				   (last->at + last->lines - first) * LINE - 1,
				   looks[cell->span->kind].class, cell->is_fault ? " fault" : "");
			has_fault |= cell->is_fault;
			put_wrapped(out, left + INSET, top + first, NULL, cell->text,
				    lane->width - 1);
		}
	}
	line += put_wrapped(out, MARGIN, line, NULL, note, NOTE_COLUMNS);
	return line + (has_fault ? put_wrapped(out, MARGIN, line, NULL, legend, NOTE_COLUMNS) : 0);
}

void picture_write_svg(const struct efimap *map, const struct report *report, struct out *out)
{
	auto_out struct out body = EFIMAP_OUT_MEM, title = EFIMAP_OUT_MEM;
	picture_auto struct picture picture = { 0 };
	unsigned int width, height;
	const char *words;

	picture_make(map, report, COLUMNS, true, &picture);
	out_puts(&title, "Memory of ");
	out_escaped(&title, strcmp(map->name, "/") == 0 ? "the running system" : map->name);
	words = out_text(&title);
	if (picture.width < NOTE_COLUMNS)
		picture.width = NOTE_COLUMNS;
	if (picture.width < utf8_columns(words, strlen(words)))
		picture.width = (unsigned int)utf8_columns(words, strlen(words));
	width = x_of(picture.width) + MARGIN;
	height = y_of(put_picture(&picture, &body)) + MARGIN;
	out_printf(out,
		   "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		   "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%u\" height=\"%u\" "
		   "viewBox=\"0 0 %u %u\">\n<title>",
		   width, height, width, height);
	out_xml(out, words, strlen(words));
	out_puts(out, "</title>\n");
	put_style(out);
	out_printf(out, "<rect class=\"bg\" width=\"%u\" height=\"%u\"/>\n", width, height);
	put_line(out, MARGIN, 0, "title", words, strlen(words));
	out_puts(out, out_text(&body));
	out_puts(out, "</svg>\n");
}
