/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The picture as SVG: lanes from left to right between two axes, what connects them, and
 * around them a title, a legend and the findings, so that the file says the same wherever
 * it is shown. All lengths are in pixels.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "format/format.h"
#include "format/text.h"
#include "plot/style.h"
#include "plot/svg.h"

/* Bands of each axis, unless asked for otherwise. */
#define DEFAULT_ROWS 140
#define MARGIN 24U
#define GAP 8
#define ADDRESS_WIDTH 118
/* Where the axes begin: below the title, two or three lines of words, and headings. */
#define TOP 112
/* A page has said all that before. */
#define TOP_IN_PAGE 32
#define LINE 16
/* A character of the fonts in plot.css is at most so wide, in tenths of a pixel. */
#define CHAR_TENTHS 73
#define SMALL_CHAR_TENTHS 66
#define PADDING 5
/* From the top of a box to the base line of its text. */
#define BASELINE 13
/* Half a period of the line that shows a fold. */
#define ZIGZAG 6U
/* Findings that are listed; a page lists all of them in another place. */
#define MAX_FINDINGS 10
#define MAX_ENTRIES 6

/* struct box - where something lies from left to right */
struct box {
	unsigned int x;
	unsigned int width;
};

/*
 * struct svg - a picture being drawn
 * @plot:    what
 * @xml:     where
 * @page:    as part of an HTML page: regions are links to its tables
 * @lanes:   per lane of the plot; width 0 is not drawn
 * @address: per axis: the right end of its addresses
 * @spans:   per axis: from its first lane to its last
 * @marks:   the column of marks
 * @top:     where the axes begin
 * @width:   of the whole picture
 */
struct svg {
	struct plot *plot;
	struct xml *xml;
	bool page;
	struct box lanes[PLOT_MAX_LANES];
	unsigned int address[PLOT_AXES];
	struct box spans[PLOT_AXES];
	struct box marks;
	unsigned int top;
	unsigned int width;
};

/* enum slot_kind - what takes room, from left to right */
enum slot_kind {
	SLOT_ADDRESS,
	SLOT_LANE,
	SLOT_MARKS,
	SLOT_LINKS,
};

struct slot {
	enum slot_kind kind;
	enum plot_lane_kind lane;
	unsigned int side;
	unsigned int width;
};

static const struct slot slots_of_one[] = {
	{ SLOT_ADDRESS, PLOT_LANE_RUNTIME, 0, ADDRESS_WIDTH },
	{ SLOT_LANE, PLOT_LANE_IOMEM, 0, 226 },
	{ SLOT_LANE, PLOT_LANE_MEMMAP, 0, 176 },
	{ SLOT_LANE, PLOT_LANE_TABLES, 0, 92 },
	{ SLOT_MARKS, PLOT_LANE_RUNTIME, 0, 176 },
	{ SLOT_LANE, PLOT_LANE_RUNTIME, 0, 186 },
	{ SLOT_LINKS, PLOT_LANE_RUNTIME, 0, 110 },
	{ SLOT_LANE, PLOT_LANE_VIRT, 0, 186 },
	{ SLOT_ADDRESS, PLOT_LANE_VIRT, 0, ADDRESS_WIDTH + 14 },
};
static const struct slot slots_of_two[] = {
	{ SLOT_ADDRESS, PLOT_LANE_RUNTIME, 0, ADDRESS_WIDTH },
	{ SLOT_LANE, PLOT_LANE_MEMMAP, 0, 150 },
	{ SLOT_LANE, PLOT_LANE_RUNTIME, 0, 180 },
	{ SLOT_MARKS, PLOT_LANE_RUNTIME, 0, 150 },
	{ SLOT_LANE, PLOT_LANE_RUNTIME, 1, 180 },
	{ SLOT_LANE, PLOT_LANE_MEMMAP, 1, 150 },
	{ SLOT_ADDRESS, PLOT_LANE_VIRT, 0, ADDRESS_WIDTH + 40 },
	{ SLOT_LANE, PLOT_LANE_VIRT, 0, 150 },
	{ SLOT_LINKS, PLOT_LANE_VIRT, 0, 90 },
	{ SLOT_LANE, PLOT_LANE_VIRT, 1, 150 },
};

static void widen(struct box *span, unsigned int x, unsigned int width)
{
	if (!span->width)
		span->x = x;
	span->width = x + width - span->x;
}

/* Addresses stand left of their axis and end at a line; right of it they begin there. */
static void arrange_slot(struct svg *svg, const struct slot *slot,
			 const struct plot_lane *lane, unsigned int x)
{
	switch (slot->kind) {
	case SLOT_ADDRESS:
		svg->address[lane->axis] = x + slot->width;
		break;
	case SLOT_LANE:
		svg->lanes[lane - svg->plot->lanes] = (struct box){ x, slot->width };
		widen(&svg->spans[lane->axis], x, slot->width);
		break;
	case SLOT_MARKS:
		svg->marks = (struct box){ x, slot->width };
		break;
	case SLOT_LINKS:
		break;
	}
}

static void svg_arrange(struct svg *svg)
{
	const bool one = svg->plot->n_sides == 1;
	const struct slot *slots = one ? slots_of_one : slots_of_two;
	const size_t count = one ? sizeof(slots_of_one) / sizeof(slots_of_one[0])
				 : sizeof(slots_of_two) / sizeof(slots_of_two[0]);
	unsigned int x = MARGIN;

	svg->top = svg->page ? TOP_IN_PAGE : one ? TOP : TOP + 18;
	for (size_t i = 0; i < count; i++) {
		const struct plot_lane *lane =
			plot_find_lane(svg->plot, slots[i].lane, slots[i].side);

		if (plot_lane_is_left_out(lane))
			continue;
		arrange_slot(svg, &slots[i], lane, x);
		x += slots[i].width + GAP;
	}
	svg->width = x - GAP + MARGIN;
}

/* Shapes */

/* @class may be "". */
static void svg_put_text(const struct svg *svg, unsigned int x, unsigned int y,
			 const char *class, const char *text)
{
	xml_put(svg->xml, "<text x=\"%u\" y=\"%u\"", x, y);
	if (*class)
		xml_put(svg->xml, " class=\"%s\"", class);
	xml_put(svg->xml, ">%s</text>\n", text);
}

static void svg_put_gathered(const struct svg *svg, unsigned int x, unsigned int y,
			     const char *class, struct efimap_out *text)
{
	svg_put_text(svg, x, y, class, xml_gathered(svg->xml, text));
}

static void svg_put_rect(const struct svg *svg, const char *class, const char *severity,
			 const struct box *box, unsigned int y, unsigned int height)
{
	xml_put(svg->xml,
		"<rect class=\"%s%s\" x=\"%u\" y=\"%u\" width=\"%u\" height=\"%u\"/>",
		class, severity, box->x, y, box->width, height);
}

/* Its frame lies in the middle of pixels, and is sharp. */
static void svg_put_framed_rect(const struct svg *svg, enum plot_tone tone,
				const struct box *box, unsigned int y,
				unsigned int height)
{
	xml_put(svg->xml,
		"<rect class=\"%s\" x=\"%u\" y=\"%u.5\" width=\"%u\" height=\"%u\" "
		"rx=\"2\"/>",
		plot_looks[tone].class, box->x, y, box->width, height);
}

static unsigned int top_of(const struct svg *svg, const struct plot_lane *lane,
			   const struct plot_cell *cell)
{
	return svg->top + svg->plot->axes[lane->axis].bands[cell->band].at;
}

/* Of its frame: the last pixel belongs to what follows. */
static unsigned int bottom_of(const struct svg *svg, const struct plot_lane *lane,
			      const struct plot_cell *cell)
{
	const struct plot_band *band =
		&svg->plot->axes[lane->axis].bands[cell->last_band];

	return svg->top + band->at + band->height - 1;
}

/* Axes */

static void svg_put_address(const struct svg *svg, unsigned int number, unsigned int y,
			    uint64_t address)
{
	const struct box *span = &svg->spans[number];
	const bool is_right = svg->address[number] > span->x;
	char text[24];

	snprintf(text, sizeof(text), "0x%" PRIx64, address);
	svg_put_text(svg, is_right ? span->x + span->width + 8 : svg->address[number],
		     svg->top + y + BASELINE - 1,
		     is_right ? "small faint" : "small faint end", text);
}

/* A zigzag across all lanes, and how much is folded there. */
static void svg_put_fold(const struct svg *svg, unsigned int number,
			 const struct plot_band *band)
{
	const struct box *span = &svg->spans[number];
	const unsigned int middle = span->x + span->width / 2;
	const unsigned int y = svg->top + band->at + band->height / 2;
	efimap_auto_out struct efimap_out where = EFIMAP_OUT_MEM, text = EFIMAP_OUT_MEM;

	plot_put_span(band->span, &where);
	xml_put(svg->xml,
		"<g><title>nothing lies in %s</title><use class=\"fold\" "
		"href=\"#efimap-fold-%u\" x=\"%u\" y=\"%u\"/>",
		xml_gathered(svg->xml, &where), number, span->x, y);
	svg_put_rect(svg, "bg", "", &(struct box){ middle - 52, 104 }, y - 7, 14);
	efimap_out_puts(&text, "empty: ");
	text_size(&text, efimap_span_bytes(band->span));
	svg_put_gathered(svg, middle, y + 4, "small faint mid", &text);
	xml_put(svg->xml, "</g>\n");
}

static void define_fold(const struct svg *svg, unsigned int number)
{
	const unsigned int width = svg->spans[number].width;

	xml_put(svg->xml, "<defs><path id=\"efimap-fold-%u\" d=\"M0 0", number);
	for (unsigned int x = 0; x + 2 * ZIGZAG <= width; x += 2 * ZIGZAG)
		xml_put(svg->xml, "l%u -3l%u 3", ZIGZAG, ZIGZAG);
	xml_put(svg->xml, "\"/></defs>\n");
}

/* Addresses, lines at the edges of bands, folds. */
static void svg_draw_axis(const struct svg *svg, unsigned int number)
{
	const struct plot_axis *axis = &svg->plot->axes[number];
	const struct box *span = &svg->spans[number];

	define_fold(svg, number);
	xml_put(svg->xml, "<path class=\"edge\" d=\"");
	for (size_t i = 0; i < axis->n_bands; i++)
		xml_put(svg->xml, "M%u %u.5h%u", span->x, svg->top + axis->bands[i].at,
			span->width);
	xml_put(svg->xml, "\"/>\n");
	for (size_t i = 0; i < axis->n_bands; i++) {
		const struct plot_band *band = &axis->bands[i];

		svg_put_address(svg, number, band->at, band->span.first);
		if (band->fold)
			svg_put_fold(svg, number, band);
	}
	if (axis->n_bands)
		svg_put_address(svg, number, axis->height,
				axis->bands[axis->n_bands - 1].span.last);
}

/* Lanes */

/* What lies beside others in its lane takes the right half, before them. */
static struct box box_of(const struct svg *svg, const struct plot_lane *lane,
			 const struct plot_cell *cell)
{
	struct box box = svg->lanes[lane - svg->plot->lanes];
	const unsigned int half = box.width * 9 / 20;

	if (cell->track) {
		box.x += half;
		box.width -= half + 3;
	}
	return box;
}

/* Characters that fit; where another cell lies on the right half, into the left one. */
static unsigned int room_of(const struct plot_lane *lane, const struct plot_cell *cell,
			    const struct box *box)
{
	unsigned int width = box->width - 2 * PADDING;

	if (cell->track == 0 && plot_cell_at(lane, 1, cell->band))
		width = box->width * 9 / 20 - PADDING - 2;
	return width * 10 / CHAR_TENTHS;
}

static void svg_put_tooltip(const struct svg *svg, const struct plot_lane *lane,
			    const struct plot_cell *cell)
{
	efimap_auto_out struct efimap_out text = EFIMAP_OUT_MEM;

	plot_put_detail(&svg->plot->sides[lane->side], lane, cell, &text);
	xml_put(svg->xml, "<title>");
	xml_lines(svg->xml, &text);
	xml_put(svg->xml, "</title>");
}

static void svg_put_box(const struct svg *svg, const struct plot_lane *lane,
			const struct plot_cell *cell)
{
	const struct box box = box_of(svg, lane, cell);
	const unsigned int y = top_of(svg, lane, cell);
	efimap_auto_out struct efimap_out label = EFIMAP_OUT_MEM;

	svg_put_framed_rect(svg, cell->tone, &box, y, bottom_of(svg, lane, cell) - y);
	plot_put_label(lane, cell, room_of(lane, cell, &box), &label);
	svg_put_gathered(svg, box.x + PADDING, y + BASELINE, "", &label);
}

/* In a page a region leads to its row of a table. */
static void svg_put_cell(const struct svg *svg, const struct plot_lane *lane,
			 const struct plot_cell *cell)
{
	const size_t source = cell->items[0].source;
	const bool linked = svg->page && source < SVG_LINKED_ROWS;
	const bool is_bad = plot_mark_is_bad(&cell->mark);

	xml_put(svg->xml, "<g class=\"cell%s%s%s%s\">", is_bad ? " is-" : "",
		is_bad ? efimap_severity_name(cell->mark.severity) : "",
		cell->change >= EFIMAP_MARK_LOST ? " lost" : "",
		cell->predicted ? " predicted" : "");
	if (linked)
		xml_put(svg->xml, "<a href=\"#%s-%u-%zu\">",
			plot_lane_names[lane->kind].row, lane->side, source);
	svg_put_tooltip(svg, lane, cell);
	svg_put_box(svg, lane, cell);
	if (linked)
		xml_put(svg->xml, "</a>");
	xml_put(svg->xml, "</g>\n");
}

static void svg_draw_lane(const struct svg *svg, const struct plot_lane *lane)
{
	const struct box *box = &svg->lanes[lane - svg->plot->lanes];
	efimap_auto_out struct efimap_out heading = EFIMAP_OUT_MEM;

	plot_put_heading(svg->plot, lane, &heading);
	svg_put_gathered(svg, box->x, svg->top - 10, "head", &heading);
	svg_put_rect(svg, "lane", "", box, svg->top, svg->plot->axes[lane->axis].height);
	xml_put(svg->xml, "\n");
	if (lane->absent)
		svg_put_text(svg, box->x + PADDING, svg->top + BASELINE, "small faint",
			     lane->absent);
	for (size_t i = 0; i < lane->n_cells; i++)
		svg_put_cell(svg, lane, &lane->cells[i]);
}

/* What connects lanes */

static void svg_put_link(const struct svg *svg, const struct plot_link *link)
{
	const struct plot_lane *left = svg->plot->link_lanes[0];
	const struct plot_lane *right = svg->plot->link_lanes[1];
	const struct plot_cell *from = &left->cells[link->from];
	const struct plot_cell *to = &right->cells[link->to];
	const struct box *box = &svg->lanes[left - svg->plot->lanes];
	const unsigned int x0 = box->x + box->width;
	const unsigned int x1 = svg->lanes[right - svg->plot->lanes].x;
	const unsigned int middle = (x0 + x1) / 2;
	const unsigned int a0 = top_of(svg, left, from), a1 = bottom_of(svg, left, from);
	const unsigned int b0 = top_of(svg, right, to), b1 = bottom_of(svg, right, to);

	xml_put(svg->xml,
		"<path class=\"link %s%s\" d=\"M%u %uC%u %u %u %u %u %u"
		"V%uC%u %u %u %u %u %uZ\"/>\n",
		plot_looks[from->tone].class,
		link->change >= EFIMAP_MARK_DRIFT ? " changed" : "", x0, a0, middle, a0,
		middle, b0, x1, b0, b1, middle, b1, middle, a1, x0, a1);
}

static void svg_draw_links(const struct svg *svg)
{
	xml_put(svg->xml, "<g>\n");
	for (size_t i = 0; i < svg->plot->n_links; i++)
		svg_put_link(svg, &svg->plot->links[i]);
	xml_put(svg->xml, "</g>\n");
}

/*
 * What runs through all lanes behind an entry or a table with a finding. A range of
 * memmap can be most of the memory: its frame is enough.
 */
static void svg_draw_collisions(const struct svg *svg, const struct plot_lane *lane)
{
	const struct box *span = &svg->spans[PLOT_PHYS];
	const struct box wash = { span->x - 4, span->width + 8 };

	if (lane->kind != PLOT_LANE_RUNTIME && lane->kind != PLOT_LANE_TABLES)
		return;
	for (size_t i = 0; i < lane->n_cells; i++) {
		const struct plot_cell *cell = &lane->cells[i];
		const unsigned int y = top_of(svg, lane, cell);

		if (!plot_mark_is_bad(&cell->mark))
			continue;
		svg_put_rect(svg, "wash ", efimap_severity_name(cell->mark.severity),
			     &wash, y, bottom_of(svg, lane, cell) + 1 - y);
		xml_put(svg->xml, "\n");
	}
}

/*
 * A triangle for a warning, a square for an error, a dot for a note: not by colour alone.
 */
static void svg_put_sign(const struct svg *svg, enum efimap_severity severity,
			 unsigned int x, unsigned int y)
{
	static const char *const paths[] = {
		[EFIMAP_NOTE] = "a3 3 0 1 0 6 0a3 3 0 1 0 -6 0",
		[EFIMAP_WARNING] = "m-2 5l5 -10l5 10z",
		[EFIMAP_ERROR] = "m-2 -5h10v10h-10z",
	};

	xml_put(svg->xml, "<path class=\"%s\" d=\"M%u %u%s\"/>",
		efimap_severity_name(severity), x, y, paths[severity]);
}

static void svg_put_mark_label(const struct svg *svg, const struct plot_mark *mark,
			       unsigned int y)
{
	efimap_auto_out struct efimap_out label = EFIMAP_OUT_MEM;

	plot_put_mark(mark, (svg->marks.width - 22) * 10 / SMALL_CHAR_TENTHS, &label);
	xml_put(svg->xml, "<text x=\"%u\" y=\"%u\" class=\"%s %s\">%s</text>",
		svg->marks.x + 18, y + BASELINE,
		mark->severity == EFIMAP_NOTE ? "small note" : "strong small",
		efimap_severity_name(mark->severity), xml_gathered(svg->xml, &label));
}

/* Where the same note was said just above, its sign alone says that it goes on. */
static void svg_put_mark(const struct svg *svg, const struct plot_mark *mark, bool again,
			 unsigned int y)
{
	const size_t n_rules = plot_mark_count(mark);

	xml_put(svg->xml, "<g class=\"mark\">");
	if (svg->page)
		xml_put(svg->xml, "<a href=\"#rule-%s\">", mark->rule->name);
	xml_put(svg->xml, "<title>%s: %s", efimap_severity_name(mark->severity),
		mark->rule->name);
	if (n_rules > 1)
		xml_put(svg->xml, ", and %zu more", n_rules - 1);
	xml_put(svg->xml, "</title>");
	svg_put_sign(svg, mark->severity, svg->marks.x + 6, y + 9);
	if (!again)
		svg_put_mark_label(svg, mark, y);
	if (svg->page)
		xml_put(svg->xml, "</a>");
	xml_put(svg->xml, "</g>\n");
}

/* The worst rule of what begins at a band: the column has room for one. */
static void svg_draw_marks(const struct svg *svg)
{
	const struct plot_axis *axis = &svg->plot->axes[PLOT_PHYS];
	struct plot_mark before = { 0 };

	svg_put_text(svg, svg->marks.x, svg->top - 10, "head", "FINDINGS");
	for (size_t i = 0; i < axis->n_bands; i++) {
		struct plot_mark mark = { 0 };

		for (size_t k = 0; k < svg->plot->n_lanes; k++)
			if (svg->plot->lanes[k].axis == PLOT_PHYS)
				plot_worst_mark(&svg->plot->lanes[k], i, &mark);
		if (!mark.rule)
			continue;
		svg_put_mark(svg, &mark,
			     mark.severity == EFIMAP_NOTE && before.rule == mark.rule &&
				     plot_mark_count(&before) == plot_mark_count(&mark),
			     svg->top + axis->bands[i].at);
		before = mark;
	}
}

/* Above the lanes */

static void svg_put_source(const struct svg *svg, unsigned int y, const char *what,
			   const struct efimap *map)
{
	xml_put(svg->xml, "<text x=\"%u\" y=\"%u\">%s%s</text>\n", MARGIN, y, what,
		plot_source_name(map));
}

/* "drift: 1 changed, 1 lost" */
static void svg_put_verdict(const struct efimap_comparison *comparison,
			    struct efimap_out *text)
{
	static const char *const words[] = {
		[EFIMAP_MARK_SAME] = "unchanged",
		[EFIMAP_MARK_EXPECTED] = "as expected",
		[EFIMAP_MARK_DRIFT] = "changed",
		[EFIMAP_MARK_LOST] = "lost",
		[EFIMAP_MARK_EXTRA] = "only in SECOND",
	};
	size_t counts[sizeof(words) / sizeof(words[0])] = { 0 };
	const char *between = ": ";

	for (size_t i = 0; i < comparison->n_matches; i++)
		counts[comparison->matches[i].mark]++;
	efimap_out_puts(text, efimap_comparison_verdict(comparison));
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		if (!counts[i])
			continue;
		efimap_out_printf(text, "%s%zu %s", between, counts[i], words[i]);
		between = ", ";
	}
}

static void svg_draw_head(const struct svg *svg)
{
	const struct efimap_plot_input *input = svg->plot->input;
	efimap_auto_out struct efimap_out text = EFIMAP_OUT_MEM;

	svg_put_text(svg, MARGIN, 38, "title",
		     input->second ? "EFI runtime map: two kernels" : "EFI runtime map");
	svg_put_source(svg, 60, input->second ? "FIRST: " : "", input->map);
	if (input->second) {
		svg_put_source(svg, 78, "SECOND: ", input->second);
		svg_put_verdict(input->comparison, &text);
	} else {
		dump_put_total(input->map, false, &text);
	}
	svg_put_gathered(svg, MARGIN, input->second ? 96 : 78, "faint", &text);
}

/* Below them; each part returns where the next one begins. */

static unsigned int svg_draw_legend(const struct svg *svg, unsigned int y)
{
	unsigned int x = MARGIN;

	for (enum plot_tone tone = 0; tone < PLOT_TONE_COUNT; tone++) {
		const char *words = plot_looks[tone].words;

		if (!plot_has_tone(svg->plot, tone))
			continue;
		xml_put(svg->xml, "<g class=\"cell\">");
		svg_put_framed_rect(svg, tone, &(struct box){ x, 16 }, y - 11, 12);
		xml_put(svg->xml, "</g>");
		svg_put_text(svg, x + 22, y, "small", words);
		x += 46 + (unsigned int)strlen(words) * 7;
	}
	return y + LINE;
}

/* Wrapped at the width of the picture. */
static unsigned int svg_put_wrapped(const struct svg *svg, unsigned int y,
				    const char *class, struct efimap_out *text)
{
	const unsigned int columns = (svg->width - 2 * MARGIN) * 10 / SMALL_CHAR_TENTHS;
	const char *plain = xml_gathered(svg->xml, text);
	efimap_auto_out struct efimap_out lines = EFIMAP_OUT_MEM;
	char *line, *rest;

	text_hang(&lines, plain, strlen(plain), 2, columns);
	if (!*xml_gathered(svg->xml, &lines))
		return y;
	/* The last one ends in a newline, too. */
	for (rest = lines.data; (line = strsep(&rest, "\n")) && rest; y += LINE)
		svg_put_text(svg, MARGIN, y, class, line);
	return y;
}

/* "entry 6: ", "entries 2, 4: ", "entries 0, 1, 2, 3, 4, 5 and 94 more: " */
static void svg_put_entries(const struct efimap_finding *finding, struct efimap_out *text)
{
	if (!finding->n_entries)
		return;
	efimap_out_puts(text, finding->n_entries == 1 ? "entry " : "entries ");
	for (size_t i = 0; i < finding->n_entries && i < MAX_ENTRIES; i++)
		efimap_out_printf(text, "%s%u", i ? ", " : "", finding->entries[i]);
	if (finding->n_entries > MAX_ENTRIES)
		efimap_out_printf(text, " and %zu more",
				  finding->n_entries - MAX_ENTRIES);
	efimap_out_puts(text, ": ");
}

static unsigned int svg_put_finding(const struct svg *svg, unsigned int y,
				    const struct efimap_finding *finding)
{
	efimap_auto_out struct efimap_out text = EFIMAP_OUT_MEM;

	efimap_out_printf(&text, "%s: ", efimap_severity_name(finding->severity));
	svg_put_entries(finding, &text);
	text_ascii(&text, finding->message);
	efimap_out_printf(&text, " [%s]", finding->rule->name);
	return svg_put_wrapped(svg, y,
			       finding->severity == EFIMAP_ERROR ? "small strong error"
								 : "small warning",
			       &text);
}

static unsigned int svg_draw_findings(const struct svg *svg, unsigned int y,
				      const struct efimap_report *report)
{
	size_t said = 0;

	for (size_t i = 0; i < report->n_findings; i++) {
		if (report->findings[i].severity == EFIMAP_NOTE)
			continue;
		if (said++ == MAX_FINDINGS) {
			svg_put_text(svg, MARGIN, y, "small faint",
				     "and more: efimapctl verify");
			return y + LINE;
		}
		y = svg_put_finding(svg, y, &report->findings[i]);
	}
	return y;
}

static unsigned int svg_draw_counts(const struct svg *svg, unsigned int y,
				    const struct efimap_report *report)
{
	const struct plot *plot = svg->plot;
	efimap_auto_out struct efimap_out text = EFIMAP_OUT_MEM;

	report_text_counts(report, &text);
	if (plot->axes[PLOT_PHYS].n_lost || plot->axes[PLOT_VIRT].n_lost)
		efimap_out_puts(&text, "; regions that share a place are grouped");
	for (size_t i = 0; i < plot->n_lanes; i++)
		if (plot->lanes[i].n_left_out)
			efimap_out_printf(&text,
					  "; %zu regions without a valid range are not "
					  "drawn in lane %zu",
					  plot->lanes[i].n_left_out, i + 1);
	efimap_out_puts(&text, "; drawn by " EFIMAP_TOOL);
	return svg_put_wrapped(svg, y, "small faint", &text);
}

/* The whole */

/* Return: its height. */
static unsigned int svg_draw_body(const struct svg *svg)
{
	const struct plot *plot = svg->plot;
	const struct efimap_report *report = plot_report(plot->input);
	const unsigned int phys = plot->axes[PLOT_PHYS].height;
	const unsigned int virt = plot->axes[PLOT_VIRT].height;
	unsigned int y = svg->top + (phys > virt ? phys : virt) + 3 * LINE;

	if (!svg->page)
		svg_draw_head(svg);
	for (unsigned int i = 0; i < PLOT_AXES; i++)
		svg_draw_axis(svg, i);
	for (size_t i = 0; i < plot->n_lanes; i++)
		svg_draw_collisions(svg, &plot->lanes[i]);
	svg_draw_links(svg);
	for (size_t i = 0; i < plot->n_lanes; i++)
		if (svg->lanes[i].width)
			svg_draw_lane(svg, &plot->lanes[i]);
	svg_draw_marks(svg);
	y = svg_draw_legend(svg, y) + LINE / 2;
	if (!svg->page)
		y = svg_draw_findings(svg, y, report);
	return svg_draw_counts(svg, y, report) + LINE / 2;
}

static void svg_put_description(const struct efimap_plot_input *input, struct xml *xml)
{
	efimap_auto_out struct efimap_out total = EFIMAP_OUT_MEM;

	dump_put_total(input->map, false, &total);
	xml_put(xml, "<title id=\"efimap-title\">EFI runtime map of %s",
		input->map->name);
	if (input->second)
		xml_put(xml, " and %s", input->second->name);
	xml_put(xml,
		"</title>\n<desc id=\"efimap-desc\">%s. Addresses grow from top to "
		"bottom; a region takes room by the logarithm of its size, and empty "
		"stretches are folded.</desc>\n",
		xml_gathered(xml, &total));
}

/* How high it is, is known when its body has been drawn. */
static int svg_put_element(struct plot *plot, bool page, struct xml *xml)
{
	xml_auto struct xml *body = xml_new(NULL);
	struct svg svg = { .plot = plot, .xml = body, .page = page };
	unsigned int height;

	if (!body)
		return -ENOMEM;
	svg_arrange(&svg);
	height = svg_draw_body(&svg);
	xml_put(xml,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"efimap-plot%s\" "
		"viewBox=\"0 0 %u %u\" width=\"%u\" height=\"%u\" role=\"%s\" "
		"aria-labelledby=\"efimap-title\" aria-describedby=\"efimap-desc\">\n",
		height <= svg.width / 5 * 6 ? " short" : "", svg.width, height, svg.width,
		height, page ? "group" : "img");
	svg_put_description(plot->input, xml);
	if (!page)
		xml_put(xml, "<style>" PLOT_CSS "</style>\n");
	xml_put(xml, "<rect class=\"bg\" width=\"%u\" height=\"%u\"/>\n", svg.width,
		height);
	xml_append(xml, body);
	xml_put(xml, "</svg>\n");
	return xml_error(xml);
}

int svg_put(struct plot *plot, struct xml *xml)
{
	return svg_put_element(plot, true, xml);
}

static int svg_put_document(struct plot *plot, const char *date, struct xml *xml)
{
	xml_put(xml, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	return svg_put_element(plot, false, xml);
}

int svg_write_file(const struct efimap_plot_input *input,
		   const struct efimap_plot_options *options,
		   svg_draw_fn *draw,
		   struct efimap_out *out)
{
	static const struct plot_scale scale = {
		.band = 18, .grow = 24, .fold = 22, .most = 120
	};
	xml_auto struct xml *xml = xml_new(out);
	plot_auto struct plot plot;
	int ret = plot_open(input, options->rows ? options->rows : DEFAULT_ROWS, &scale,
			    &plot);

	if (ret == 0 && !xml)
		ret = -ENOMEM;
	return ret < 0 ? ret : draw(&plot, options->date, xml);
}

int efimap_plot_write_svg(const struct efimap_plot_input *input,
			  const struct efimap_plot_options *options,
			  struct efimap_out *out)
{
	return svg_write_file(input, options, svg_put_document, out);
}
