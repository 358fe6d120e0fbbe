/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What stands beside regions on a terminal: a letter for the worst finding or for what
 * became of an entry, the rule behind it, and where a virtual range is physically.
 */
#include <inttypes.h>
#include <stdio.h>

#include "format/style.h"
#include "plot/text.h"

static char change_letter(enum efimap_mark change)
{
	static const char letters[] = {
		[EFIMAP_MARK_SAME] = ' ',  [EFIMAP_MARK_EXPECTED] = '~',
		[EFIMAP_MARK_DRIFT] = '!', [EFIMAP_MARK_LOST] = '-',
		[EFIMAP_MARK_EXTRA] = '+',
	};

	return letters[change];
}

static char severity_letter(const struct text_section *section,
			    const struct plot_mark *mark)
{
	static const char letters[] = {
		[EFIMAP_NOTE] = 'N', [EFIMAP_WARNING] = 'W', [EFIMAP_ERROR] = 'E'
	};

	if (!mark->said || (mark->severity == EFIMAP_NOTE && !section->options->notes))
		return ' ';
	return letters[mark->severity];
}

static char mark_of(const struct text_section *section, const struct plot_cell *cell)
{
	if (section->plot->n_sides == 2)
		return change_letter(cell->change);
	return severity_letter(section, &cell->mark);
}

/* Of the cells that begin here, FIRST's before SECOND's. */
static char find_mark(const struct text_section *section,
		      const struct text_column *column, size_t band)
{
	for (unsigned int i = 0; i < section->plot->n_sides * PLOT_TRACKS; i++) {
		const struct plot_lane *lane =
			i < PLOT_TRACKS ? column->lane : column->other;
		const struct plot_cell *cell = plot_cell_at(lane, i % PLOT_TRACKS, band);

		if (cell && cell->band == band && mark_of(section, cell) != ' ')
			return mark_of(section, cell);
	}
	return ' ';
}

void text_put_mark(const struct text_section *section, const struct text_column *column,
		   size_t band, struct efimap_out *out)
{
	static const struct {
		char letter;
		enum style style;
	} rows[] = {
		{ 'E', STYLE_ERROR }, { '!', STYLE_ERROR },   { '-', STYLE_ERROR },
		{ '+', STYLE_ERROR }, { 'W', STYLE_WARNING }, { 'N', STYLE_NOTE },
		{ '~', STYLE_NOTE },
	};
	const char letter = find_mark(section, column, band);
	const char text[2] = { letter, '\0' };
	size_t i = 0;

	while (i < sizeof(rows) / sizeof(rows[0]) && rows[i].letter != letter)
		i++;
	if (i < sizeof(rows) / sizeof(rows[0]))
		style_text(out, section->options->color, rows[i].style, text);
	else
		efimap_out_putc(out, letter);
}

/* The worst rule of what begins here. */
void text_put_rule(const struct text_section *section, const struct text_column *column,
		   size_t band, struct efimap_out *out)
{
	const enum efimap_severity least =
		section->options->notes ? EFIMAP_NOTE : EFIMAP_WARNING;
	struct plot_mark worst = { 0 };
	const size_t before = out->used;

	for (unsigned int i = 0; i < section->plot->n_sides * PLOT_TRACKS; i++) {
		const struct plot_lane *lane =
			i < PLOT_TRACKS ? column->lane : column->other;
		const struct plot_cell *cell = plot_cell_at(lane, i % PLOT_TRACKS, band);

		if (cell && cell->band == band && cell->mark.said &&
		    cell->mark.severity >= least &&
		    (!worst.said || cell->mark.severity > worst.severity))
			worst = cell->mark;
	}
	if (worst.said)
		plot_put_mark(&worst, column->width, out);
	if (!out->error)
		efimap_out_printf(out, "%*s", (int)(column->width - (out->used - before)),
				  "");
}

/* Where a virtual range is physically: the link between the two axes. */
void text_put_phys(const struct text_section *section, const struct text_column *column,
		   size_t band, struct efimap_out *out)
{
	const struct plot_lane *lane = column->lane;
	const struct efimap *map = section->plot->sides[lane->side].map;
	char text[24] = "";

	for (unsigned int track = 0; track < PLOT_TRACKS && !*text; track++) {
		const struct plot_cell *cell = plot_cell_at(lane, track, band);

		if (cell && cell->band == band && cell->count == 1)
			snprintf(text, sizeof(text), "0x%" PRIx64,
				 map->entries[lane->items[cell->first].source].phys);
	}
	efimap_out_printf(out, "%-*s", (int)column->width, text);
}
