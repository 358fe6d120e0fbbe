/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What connects lanes: links between two axes, collisions, and the rules that spoke. */
#include <inttypes.h>

#include "plot/svg.h"

#define CHAR_TENTHS 66

static uint32_t top_of(const struct svg *svg, size_t lane, size_t cell)
{
	const struct plot_lane *l = &svg->plot->lanes[lane];

	return svg->top + svg->plot->axes[l->axis].bands[l->cells[cell].band].at;
}

static uint32_t bottom_of(const struct svg *svg, size_t lane, size_t cell)
{
	const struct plot_lane *l = &svg->plot->lanes[lane];
	const struct plot_band *band =
		&svg->plot->axes[l->axis].bands[l->cells[cell].last_band];

	return svg->top + band->at + band->height - 1;
}

static void put_link(const struct svg *svg, const struct plot_link *link)
{
	const struct plot_lane *lane = &svg->plot->lanes[link->from_lane];
	const uint32_t x0 =
		svg->lanes[link->from_lane].x + svg->lanes[link->from_lane].width;
	const uint32_t x1 = svg->lanes[link->to_lane].x, middle = (x0 + x1) / 2;
	const uint32_t a0 = top_of(svg, link->from_lane, link->from);
	const uint32_t a1 = bottom_of(svg, link->from_lane, link->from);
	const uint32_t b0 = top_of(svg, link->to_lane, link->to);
	const uint32_t b1 = bottom_of(svg, link->to_lane, link->to);

	xml_put(svg->xml,
		"<path class=\"link %s%s\" d=\"M%" PRIu32 " %" PRIu32 "C%" PRIu32
		" %" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu32,
		svg_tone_class(lane->cells[link->from].tone),
		link->change >= EFIMAP_MARK_DRIFT ? " changed" : "", x0, a0, middle, a0,
		middle, b0, x1, b0);
	xml_put(svg->xml,
		"V%" PRIu32 "C%" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu32
		" %" PRIu32 "Z\"/>\n",
		b1, middle, b1, middle, a1, x0, a1);
}

void svg_draw_links(const struct svg *svg)
{
	xml_put(svg->xml, "<g>\n");
	for (size_t i = 0; i < svg->plot->n_links; i++)
		put_link(svg, &svg->plot->links[i]);
	xml_put(svg->xml, "</g>\n");
}

static bool is_collision(const struct plot_cell *cell)
{
	return cell->mark.said && cell->mark.severity > EFIMAP_NOTE;
}

static void put_wash(const struct svg *svg, size_t lane, size_t cell)
{
	const struct svg_box *span = &svg->spans[PLOT_PHYS];
	const uint32_t y = top_of(svg, lane, cell);

	xml_put(svg->xml,
		"<rect class=\"wash %s\" x=\"%" PRIu32 "\" y=\"%" PRIu32
		"\" width=\"%" PRIu32 "\" height=\"%" PRIu32 "\"/>\n",
		efimap_severity_name(svg->plot->lanes[lane].cells[cell].mark.severity),
		span->x - 4, y, span->width + 8, bottom_of(svg, lane, cell) + 1 - y);
}

void svg_draw_collisions(const struct svg *svg)
{
	for (size_t i = 0; i < svg->plot->n_lanes; i++) {
		const struct plot_lane *lane = &svg->plot->lanes[i];

		/* A range of memmap can be most of the memory: its frame is enough. */
		if (lane->kind != PLOT_LANE_RUNTIME && lane->kind != PLOT_LANE_TABLES)
			continue;
		for (size_t c = 0; c < lane->n_cells && svg->lanes[i].width; c++)
			if (is_collision(&lane->cells[c]))
				put_wash(svg, i, c);
	}
}

/* A triangle for a warning, a square for an error, a dot for a note: not by colour alone.
 */
static void put_sign(const struct svg *svg, enum efimap_severity severity, uint32_t x,
		     uint32_t y)
{
	static const char *const paths[] = {
		[EFIMAP_NOTE] = "a3 3 0 1 0 6 0a3 3 0 1 0 -6 0",
		[EFIMAP_WARNING] = "m-2 5l5 -10l5 10z",
		[EFIMAP_ERROR] = "m-2 -5h10v10h-10z",
	};

	xml_put(svg->xml, "<path class=\"%s\" d=\"M%" PRIu32 " %" PRIu32 "%s\"/>",
		efimap_severity_name(severity), x, y, paths[severity]);
}

static void put_label(const struct svg *svg, const struct plot_mark *mark, uint32_t y)
{
	efimap_auto_out struct efimap_out label = EFIMAP_OUT_MEM;
	const char *class = mark->severity == EFIMAP_NOTE ? "small note" : "strong small";

	plot_put_mark(mark, (svg->marks.width - 22) * 10 / CHAR_TENTHS, &label);
	xml_put(svg->xml,
		"<text x=\"%" PRIu32 "\" y=\"%" PRIu32 "\" class=\"%s %s\">%s</text>",
		svg->marks.x + 18, y + 13, class, efimap_severity_name(mark->severity),
		xml_gathered(svg->xml, &label));
}

/* Where the same note was said just above, its sign alone says that it goes on. */
static void put_mark(const struct svg *svg, const struct plot_mark *mark, bool again,
		     uint32_t y)
{
	xml_put(svg->xml, "<g class=\"mark\">");
	if (svg->page)
		xml_put(svg->xml, "<a href=\"#rule-%s\">", mark->rule->name);
	xml_put(svg->xml, "<title>%s: %s", efimap_severity_name(mark->severity),
		mark->rule->name);
	if (mark->n_rules > 1)
		xml_put(svg->xml, ", and %zu more", mark->n_rules - 1);
	xml_put(svg->xml, "</title>");
	put_sign(svg, mark->severity, svg->marks.x + 6, y + 9);
	if (!again)
		put_label(svg, mark, y);
	if (svg->page)
		xml_put(svg->xml, "</a>");
	xml_put(svg->xml, "</g>\n");
}

/* The worst mark of what begins at a band: the column has room for one. */
static struct plot_mark mark_at(const struct svg *svg, size_t band)
{
	struct plot_mark worst = { 0 };

	for (size_t i = 0; i < svg->plot->n_lanes; i++) {
		const struct plot_lane *lane = &svg->plot->lanes[i];

		for (unsigned int track = 0; track < PLOT_TRACKS; track++) {
			const struct plot_cell *cell = plot_cell_at(lane, track, band);

			if (lane->axis != PLOT_PHYS || !cell || cell->band != band ||
			    !cell->mark.said)
				continue;
			if (!worst.said || cell->mark.severity > worst.severity)
				worst = cell->mark;
		}
	}
	return worst;
}

void svg_draw_marks(const struct svg *svg)
{
	const struct plot_axis *axis = &svg->plot->axes[PLOT_PHYS];
	struct plot_mark before = { 0 };

	svg_text(svg, svg->marks.x, svg->top - 10, "head", "FINDINGS");
	for (size_t i = 0; i < axis->n_bands; i++) {
		const struct plot_mark mark = mark_at(svg, i);

		if (!mark.said)
			continue;
		put_mark(svg, &mark,
			 mark.severity == EFIMAP_NOTE && before.said &&
				 before.rule == mark.rule &&
				 before.n_rules == mark.n_rules,
			 svg->top + axis->bands[i].at);
		before = mark;
	}
}
