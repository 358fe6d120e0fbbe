/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Draw the picture on a terminal. Each axis is a section. The first line of a band shows its first
 * address and, for each lane, bars and the labels of the cells that begin at the band.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "show/picture/lanes.h"
#include "show/picture/legend.h"
#include "show/picture/plot.h"
#include "show/picture/region_texts.h"
#include "show/picture/terminal.h"
#include "show/text_style.h"

/* Width if the width of the terminal is unknown. */
#define DEFAULT_WIDTH 80
/* Minimum width for readable labels. A narrower terminal wraps the lines. */
#define MIN_WIDTH 60
/* Default maximum number of bands of each axis. */
#define DEFAULT_ROWS 64
/* Minimum widths at which the lane of configuration tables and the names of rules are shown. */
#define TABLES_FROM 96
#define RULES_FROM 110
/* Width of the bars of a lane and the blank after them. */
#define BAR 3

struct section {
	struct plot *plot;
	const struct efimap_plot_options *options;
	const struct plot_axis *axis;
	struct plot_slots columns;
	unsigned int address_width;
};

static const struct plot_plan one_phys[] = {
	{ PLOT_SLOT_SIGN, PLOT_LANE_RUNTIME, 0, 1, 1, 0 },
	{ PLOT_SLOT_LANE, PLOT_LANE_RUNTIME, 0, 9, 36, 4 },
	{ PLOT_SLOT_RULES, PLOT_LANE_RUNTIME, 0, 22, 22, 0 },
	{ PLOT_SLOT_LANE, PLOT_LANE_MEMMAP, 0, 8, 36, 3 },
	{ PLOT_SLOT_LANE, PLOT_LANE_IOMEM, 0, 8, 44, 4 },
	{ PLOT_SLOT_LANE, PLOT_LANE_TABLES, 0, 9, 24, 2 },
	{ 0 },
};
static const struct plot_plan one_virt[] = {
	{ PLOT_SLOT_SIGN, PLOT_LANE_VIRT, 0, 1, 1, 0 },
	{ PLOT_SLOT_LANE, PLOT_LANE_VIRT, 0, 10, 36, 4 },
	{ PLOT_SLOT_PHYS, PLOT_LANE_VIRT, 0, 8, 18, 2 },
	{ 0 },
};
static const struct plot_plan two_phys[] = {
	{ PLOT_SLOT_LANE, PLOT_LANE_RUNTIME, 0, 11, 36, 6 },
	{ PLOT_SLOT_SIGN, PLOT_LANE_RUNTIME, 0, 1, 1, 0 },
	{ PLOT_SLOT_LANE, PLOT_LANE_RUNTIME, 1, 11, 36, 6 },
	{ PLOT_SLOT_RULES, PLOT_LANE_RUNTIME, 0, 22, 22, 0 },
	{ PLOT_SLOT_LANE, PLOT_LANE_MEMMAP, 0, 9, 36, 4 },
	{ PLOT_SLOT_LANE, PLOT_LANE_MEMMAP, 1, 9, 36, 4 },
	{ 0 },
};
static const struct plot_plan two_virt[] = {
	{ PLOT_SLOT_LANE, PLOT_LANE_VIRT, 0, 10, 36, 4 },
	{ PLOT_SLOT_SIGN, PLOT_LANE_VIRT, 0, 1, 1, 0 },
	{ PLOT_SLOT_LANE, PLOT_LANE_VIRT, 1, 10, 36, 4 },
	{ 0 },
};

static const struct plot_plan *const plans[2][PLOT_AXES] = {
	{ one_phys, one_virt },
	{ two_phys, two_virt },
};

static unsigned int address_width(const struct plot_axis *axis)
{
	if (!axis->n_bands)
		return 8;
	return (unsigned int)snprintf(NULL, 0, "0x%" PRIx64,
				      axis->bands[axis->n_bands - 1].span.last);
}

static struct section plan_section(struct plot *plot,
				   const struct efimap_plot_options *options,
				   unsigned int number, unsigned int width)
{
	struct section section = { .plot = plot,
				   .options = options,
				   .axis = &plot->axes[number] };

	section.address_width = address_width(section.axis);
	section.columns = plot_share_out(plot, plans[plot->n_sides - 1][number], NULL,
					 width - section.address_width, 1);
	return section;
}

static void put_bar(const struct efimap_plot_options *options, enum plot_tone tone,
		    unsigned int count, struct efimap_out *out)
{
	const struct plot_look *look = &plot_looks[tone];

	if (options->color)
		efimap_out_printf(out, "\033[%sm", look->color);
	for (unsigned int i = 0; i < count; i++)
		efimap_out_puts(out, options->unicode ? look->unicode : look->ascii);
	style_end(out, options->color);
}

/* Write one bar per track. If the second track has no cell at this band, repeat the first bar. */
static void term_put_bars(const struct section *section, const struct plot_slot *column,
			  size_t band, struct efimap_out *out)
{
	const struct plot_cell *cells[PLOT_TRACKS];

	for (unsigned int track = 0; track < PLOT_TRACKS; track++)
		cells[track] = plot_cell_at(column->lane, track, band);
	if (!cells[1])
		cells[1] = cells[0];
	for (unsigned int track = 0; track < PLOT_TRACKS; track++)
		if (cells[track])
			put_bar(section->options, cells[track]->tone, 1, out);
		else
			efimap_out_putc(out, ' ');
	efimap_out_putc(out, ' ');
}

/*
 * Write the labels of cells that begin at this band, such as "Reserved", or "Reserved > HPET 0" for
 * both tracks.
 */
static void term_put_labels(const struct plot_slot *column, size_t band,
			    struct efimap_out *out)
{
	const struct plot_cell *outer = plot_cell_from(column->lane, 0, band);
	const struct plot_cell *inner = plot_cell_from(column->lane, 1, band);
	const unsigned int room = column->width - BAR;
	const size_t before = out->used;

	if (outer)
		plot_put_label(outer, inner ? room * 3 / 5 : room, out);
	if (inner && (!outer || room - (out->used - before) >= 6)) {
		if (outer)
			efimap_out_puts(out, " > ");
		plot_put_label(inner, room - (unsigned int)(out->used - before), out);
	}
	if (!out->error)
		text_blanks(out, room - (out->used - before));
}

/* Return the lowest severity of findings whose rules are shown. */
static enum efimap_severity term_least(const struct efimap_plot_options *options)
{
	return options->notes ? EFIMAP_NOTE : EFIMAP_WARNING;
}

struct sign {
	char letter;
	enum style style;
};

/*
 * Return the sign of a cell, or NULL if the cell has none. For one capture, the sign shows the
 * highest severity of the findings. For two captures, the sign shows the difference.
 */
static const struct sign *sign_of(const struct section *section,
				  const struct plot_cell *cell)
{
	static const struct sign changes[] = {
		[EFIMAP_MARK_EXPECTED] = { '~', STYLE_NOTE },
		[EFIMAP_MARK_DRIFT] = { '!', STYLE_ERROR },
		[EFIMAP_MARK_LOST] = { '-', STYLE_ERROR },
		[EFIMAP_MARK_EXTRA] = { '+', STYLE_ERROR },
	};
	static const struct sign severities[] = {
		[EFIMAP_NOTE] = { 'N', STYLE_NOTE },
		[EFIMAP_WARNING] = { 'W', STYLE_WARNING },
		[EFIMAP_ERROR] = { 'E', STYLE_ERROR },
	};

	struct mark_rule worst;

	if (section->plot->n_sides == 2)
		return cell->change == EFIMAP_MARK_SAME ? NULL : &changes[cell->change];
	return mark_find_rule(&cell->mark, 0, &worst) &&
			       worst.severity >= term_least(section->options)
		       ? &severities[worst.severity]
		       : NULL;
}

/* Write the sign of a cell that begins at this band. FIRST takes precedence over SECOND. */
static void term_put_sign(const struct section *section, const struct plot_slot *column,
			  size_t band, struct efimap_out *out)
{
	const struct plot_lane *lanes[] = {
		column->lane, plot_find_lane(section->plot, column->lane->kind, 1)
	};
	const struct sign *sign = NULL;

	for (unsigned int i = 0; i < section->plot->n_sides * PLOT_TRACKS && !sign; i++) {
		const struct plot_cell *cell =
			plot_cell_from(lanes[i / PLOT_TRACKS], i % PLOT_TRACKS, band);

		sign = cell ? sign_of(section, cell) : NULL;
	}
	if (!sign) {
		efimap_out_putc(out, ' ');
		return;
	}
	style_begin(out, section->options->color, sign->style);
	efimap_out_putc(out, sign->letter);
	style_end(out, section->options->color);
}

/* Write the rule with index @line among the rules that matched regions beginning at this band. */
static void term_put_rule(const struct section *section, const struct plot_slot *column,
			  size_t band, unsigned int line, struct efimap_out *out)
{
	const struct plot_mark mark = plot_band_mark(section->plot, band);
	struct mark_rule matched;
	const bool is_shown = mark_find_rule(&mark, line, &matched) &&
			      matched.severity >= term_least(section->options);

	efimap_out_printf(out, "%-*.*s", (int)column->width, (int)column->width,
			  is_shown ? matched.rule->name : "");
}

/*
 * Write the physical address of the entry that begins at this band, or "?" if the address is
 * unknown. Write no address for a group of entries.
 */
static void term_put_phys(const struct plot_slot *column, size_t band,
			  struct efimap_out *out)
{
	char text[24] = "";

	for (unsigned int track = 0; track < PLOT_TRACKS && !*text; track++) {
		const struct plot_cell *cell = plot_cell_from(column->lane, track, band);

		if (!cell || cell->count > 1)
			continue;
		snprintf(text, sizeof(text), "?");
		if (plot_is_known(cell->items[0].entry, PLOT_PHYS))
			snprintf(text, sizeof(text), "0x%" PRIx64,
				 cell->items[0].entry->phys);
	}
	efimap_out_printf(out, "%-*s", (int)column->width, text);
}

static void term_put_column(const struct section *section, const struct plot_slot *column,
			    size_t band, unsigned int line, struct efimap_out *out)
{
	efimap_out_putc(out, ' ');
	if (column->plan->kind == PLOT_SLOT_LANE)
		term_put_bars(section, column, band, out);
	if (column->plan->kind == PLOT_SLOT_RULES)
		term_put_rule(section, column, band, line, out);
	else if (line > 0)
		text_blanks(out,
				column->width - (column->plan->kind == PLOT_SLOT_LANE ? BAR : 0));
	else if (column->plan->kind == PLOT_SLOT_LANE)
		term_put_labels(column, band, out);
	else if (column->plan->kind == PLOT_SLOT_SIGN)
		term_put_sign(section, column, band, out);
	else
		term_put_phys(column, band, out);
}

static void term_put_address(const struct section *section, uint64_t address,
			     struct efimap_out *out)
{
	char text[24];

	snprintf(text, sizeof(text), "0x%" PRIx64, address);
	efimap_out_printf(out, "%*s", (int)section->address_width, text);
}

/* Write a fold, such as "~~~ 62M empty ~~~~~". */
static void term_put_fold(const struct section *section, const struct plot_band *band,
			  struct efimap_out *out)
{
	size_t before;

	efimap_out_puts(out, "  ");
	style_begin(out, section->options->color, STYLE_FAINT);
	before = out->used;
	efimap_out_puts(out, "~~~ ");
	text_size(out, efimap_span_bytes(band->span));
	efimap_out_puts(out, " empty ");
	while (!out->error && out->used - before < section->columns.width - 2)
		efimap_out_putc(out, '~');
	style_end(out, section->options->color);
}

/*
 * Write a text above each column: the heading if @is_heading is set, otherwise the reason why a
 * lane is empty.
 */
static void term_put_above(const struct section *section, bool is_heading,
			   struct efimap_out *out)
{
	for (size_t i = 0; i < section->columns.count; i++) {
		const struct plot_slot *column = &section->columns.list[i];
		efimap_auto_out struct efimap_out text = EFIMAP_OUT_MEM;

		if (column->plan->kind == PLOT_SLOT_LANE && is_heading)
			plot_put_heading(section->plot, column->lane, &text);
		else if (column->plan->kind == PLOT_SLOT_LANE && column->lane->absent)
			efimap_out_puts(&text, column->lane->absent);
		else if (column->plan->kind == PLOT_SLOT_PHYS && is_heading)
			efimap_out_puts(&text, "PHYSICAL");
		else if (column->plan->kind == PLOT_SLOT_RULES && is_heading)
			efimap_out_puts(&text, "FINDINGS");
		efimap_out_printf(out, " %-*.*s", (int)column->width, (int)column->width,
				  efimap_out_text(&text, out));
	}
}

static void term_put_headings(const struct section *section, struct efimap_out *out)
{
	const unsigned int address = section->address_width;
	bool absent = false;

	style_begin(out, section->options->color, STYLE_HEADING);
	efimap_out_printf(out, "%*s", (int)address, address < 7 ? "ADDR" : "ADDRESS");
	term_put_above(section, true, out);
	style_end(out, section->options->color);
	efimap_out_putc(out, '\n');
	for (size_t i = 0; i < section->columns.count; i++)
		absent |= section->columns.list[i].plan->kind == PLOT_SLOT_LANE &&
			  section->columns.list[i].lane->absent;
	if (!absent)
		return;
	text_blanks(out, address);
	term_put_above(section, false, out);
	efimap_out_putc(out, '\n');
}

static void term_put_band(const struct section *section, size_t number,
			  struct efimap_out *out)
{
	const struct plot_band *band = &section->axis->bands[number];

	for (unsigned int line = 0; line < band->height; line++) {
		if (line == 0)
			term_put_address(section, band->span.first, out);
		else
			text_blanks(out, section->address_width);
		if (band->fold)
			term_put_fold(section, band, out);
		else
			for (size_t i = 0; i < section->columns.count; i++)
				term_put_column(section, &section->columns.list[i],
						number, line, out);
		efimap_out_putc(out, '\n');
	}
}

static void term_put_trimmed(const struct efimap_out *lines, struct efimap_out *out)
{
	const char *line = lines->data;

	while (line < lines->data + lines->used) {
		const char *end = strchr(line, '\n');
		size_t len = (size_t)(end - line);

		while (len && line[len - 1] == ' ')
			len--;
		efimap_out_write(out, line, len);
		efimap_out_putc(out, '\n');
		line = end + 1;
	}
}

static void term_put_section(const struct section *section, struct efimap_out *out)
{
	efimap_auto_out struct efimap_out lines = EFIMAP_OUT_MEM;
	const struct plot_axis *axis = section->axis;

	term_put_headings(section, &lines);
	for (size_t i = 0; i < axis->n_bands; i++)
		term_put_band(section, i, &lines);
	if (axis->n_bands) {
		term_put_address(section, axis->bands[axis->n_bands - 1].span.last, &lines);
		efimap_out_putc(&lines, '\n');
	}
	if (lines.error)
		out->error = lines.error;
	else
		term_put_trimmed(&lines, out);
}

static void term_put_legend(const struct plot *plot,
			    const struct efimap_plot_options *options, unsigned int width,
			    struct efimap_out *out)
{
	size_t column = 0;

	for (enum plot_tone tone = 0; tone < PLOT_TONE_COUNT; tone++) {
		const size_t len = 5 + strlen(plot_looks[tone].words);

		if (!plot_has_tone(plot, tone))
			continue;
		if (column && column + len > width) {
			efimap_out_putc(out, '\n');
			column = 0;
		}
		if (column)
			efimap_out_puts(out, "  ");
		put_bar(options, tone, 2, out);
		efimap_out_printf(out, " %s", plot_looks[tone].words);
		column += len;
	}
	if (column)
		efimap_out_putc(out, '\n');
	if (plot->n_sides == 2)
		efimap_out_puts(out,
				width < DEFAULT_WIDTH
					? "!  changed  -  lost  +  only in SECOND\n~  "
					  "differs as expected after kexec\n"
					: "!  changed  -  lost  +  only in SECOND  ~  "
					  "differs as expected after kexec\n");
	else
		efimap_out_printf(out, "E  error  W  warning%s\n",
				  options->notes ? "  N  note" : "");
}

static void term_put_left_out(const struct plot *plot,
			      const struct efimap_plot_options *options, struct efimap_out *out)
{
	efimap_auto_out struct efimap_out text = EFIMAP_OUT_MEM;
	const char *line, *end;

	plot_put_left_out(plot, &text);
	for (line = efimap_out_text(&text, out); *line; line = end + (*end == '\n')) {
		efimap_auto_out struct efimap_out sentence = EFIMAP_OUT_MEM;

		end = line + strcspn(line, "\n");
		efimap_out_write(&sentence, line, (size_t)(end - line));
		text_sentence(out, &sentence, 0, options->width);
	}
}

int efimap_plot_write_text(const struct efimap_plot_input *input,
			   const struct efimap_plot_options *options,
			   struct efimap_out *out)
{
	const unsigned int wanted = options->width ? options->width : DEFAULT_WIDTH;
	const unsigned int width = wanted > MIN_WIDTH ? wanted : MIN_WIDTH;
	const struct plot_medium medium = {
		.max_bands = options->rows ? options->rows : DEFAULT_ROWS,
		.tables = width >= TABLES_FROM,
		.least = term_least(options),
		.scale = { .band = 1,
			   .grow = 1,
			   .line = width >= RULES_FROM,
			   .fold = 1 },
	};
	plot_auto struct plot plot;
	int ret = plot_open(input, &medium, &plot);

	if (ret < 0)
		return ret;
	for (unsigned int i = 0; i < PLOT_AXES; i++) {
		const struct section section = plan_section(&plot, options, i, width);

		term_put_section(&section, out);
		efimap_out_putc(out, '\n');
	}
	term_put_legend(&plot, options, width, out);
	term_put_left_out(&plot, options, out);
	efimap_out_putc(out, '\n');
	ret = plot_put_findings(&plot,
				&(struct efimap_text_options){ .color = options->color,
							       .notes = options->notes,
							       .width = options->width },
				out);
	return ret < 0 ? ret : out->error;
}
