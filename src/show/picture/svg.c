/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Draw the picture as SVG, in its own file or in a page. Lengths without a unit are in pixels. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "show/dump_text.h"
#include "show/picture/lanes.h"
#include "show/picture/legend.h"
#include "show/picture/region_texts.h"
#include "show/styles.h"
#include "show/picture/svg.h"
#include "show/text_style.h"

/* Default maximum number of bands of each axis. */
#define DEFAULT_ROWS 140
/* Width of the picture, which fits on a laptop screen without scaling. */
#define WIDTH 1300
#define MARGIN 16U
#define GAP 8
/* Vertical position of the axes, below the title, the name of one source, and the headings. */
#define TOP 94
/* Vertical position of the axes in a page, which shows the title and the sources elsewhere. */
#define TOP_IN_PAGE 32
#define LINE 16
/* Maximum width of a character in the fonts of picture.css, in tenths of a pixel. */
#define CHAR_TENTHS 73
#define SMALL_CHAR_TENTHS 68
#define PADDING 5
/* Distance from the top of a box to the baseline of its text. */
#define BASELINE 13
/* Line height of the names of rules next to a band. */
#define RULE_LINE 15
/* Number of lines after which a text below the picture is truncated. */
#define MAX_LINES 40

struct box {
	unsigned int x;
	unsigned int width;
};

/*
 * struct svg - a picture that is being drawn
 * @page:    the picture is part of an HTML page, and regions are links to the tables of the page
 * @lanes:   for each lane of the plot, its position; the width is 0 if the lane is not drawn
 * @address: for each axis, the right edge of its address column
 * @first:   for each axis, its first lane
 * @spans:   for each axis, the horizontal extent of all its lanes
 * @marks:   the column with the names of rules
 * @top:     vertical position of the axes
 */
struct svg {
	struct plot *plot;
	struct xml *xml;
	bool page;
	struct box lanes[PLOT_MAX_LANES];
	unsigned int address[PLOT_AXES];
	struct box first[PLOT_AXES];
	struct box spans[PLOT_AXES];
	struct box marks;
	unsigned int top;
	unsigned int width;
};

/* The plans do not contain the widths of addresses, which depend on the highest address. */
static const struct plot_plan plan_of_one[] = {
	{ PLOT_SLOT_ADDRESS, PLOT_LANE_RUNTIME, 0, 0, 0, 0 },
	{ PLOT_SLOT_LANE, PLOT_LANE_IOMEM, 0, 150, 0, 4 },
	{ PLOT_SLOT_LANE, PLOT_LANE_MEMMAP, 0, 130, 0, 3 },
	{ PLOT_SLOT_LANE, PLOT_LANE_TABLES, 0, 96, 0, 0 },
	{ PLOT_SLOT_RULES, PLOT_LANE_RUNTIME, 0, 170, 0, 0 },
	{ PLOT_SLOT_LANE, PLOT_LANE_RUNTIME, 0, 150, 0, 2 },
	{ PLOT_SLOT_LINKS, PLOT_LANE_RUNTIME, 0, 60, 0, 2 },
	{ PLOT_SLOT_LANE, PLOT_LANE_VIRT, 0, 150, 0, 2 },
	{ PLOT_SLOT_ADDRESS, PLOT_LANE_VIRT, 0, 0, 0, 0 },
	{ 0 },
};
static const struct plot_plan plan_of_two[] = {
	{ PLOT_SLOT_ADDRESS, PLOT_LANE_RUNTIME, 0, 0, 0, 0 },
	{ PLOT_SLOT_LANE, PLOT_LANE_MEMMAP, 0, 118, 0, 2 },
	{ PLOT_SLOT_LANE, PLOT_LANE_RUNTIME, 0, 138, 0, 3 },
	{ PLOT_SLOT_RULES, PLOT_LANE_RUNTIME, 0, 162, 0, 0 },
	{ PLOT_SLOT_LANE, PLOT_LANE_RUNTIME, 1, 138, 0, 3 },
	{ PLOT_SLOT_LANE, PLOT_LANE_MEMMAP, 1, 118, 0, 2 },
	{ PLOT_SLOT_ADDRESS, PLOT_LANE_VIRT, 0, 0, 0, 0 },
	{ PLOT_SLOT_LANE, PLOT_LANE_VIRT, 0, 126, 0, 1 },
	{ PLOT_SLOT_LINKS, PLOT_LANE_VIRT, 0, 50, 0, 1 },
	{ PLOT_SLOT_LANE, PLOT_LANE_VIRT, 1, 126, 0, 1 },
	{ 0 },
};

static void arrange_lane(struct svg *svg, const struct plot_lane *lane, struct box box)
{
	struct box *span = &svg->spans[lane->axis];

	svg->lanes[lane - svg->plot->lanes] = box;
	if (!span->width)
		*span = svg->first[lane->axis] = box;
	span->width = box.x + box.width - span->x;
}

static void arrange_slot(struct svg *svg, const struct plot_slot *slot)
{
	const unsigned int x = MARGIN - GAP + slot->at;

	if (slot->plan->kind == PLOT_SLOT_ADDRESS)
		svg->address[slot->lane->axis] = x + slot->width;
	else if (slot->plan->kind == PLOT_SLOT_LANE)
		arrange_lane(svg, slot->lane, (struct box){ x, slot->width });
	else if (slot->plan->kind == PLOT_SLOT_RULES)
		svg->marks = (struct box){ x, slot->width };
}

static unsigned int address_width(const struct plot_axis *axis)
{
	const uint64_t last = axis->n_bands ? axis->bands[axis->n_bands - 1].span.last : 0;

	return (unsigned int)snprintf(NULL, 0, "0x%" PRIx64, last) * SMALL_CHAR_TENTHS / 10 +
	       GAP;
}

static void svg_arrange(struct svg *svg)
{
	const bool one = svg->plot->n_sides == 1;
	const unsigned int addresses[] = { address_width(&svg->plot->axes[PLOT_PHYS]),
					   address_width(&svg->plot->axes[PLOT_VIRT]) };
	const struct plot_slots slots =
		plot_share_out(svg->plot, one ? plan_of_one : plan_of_two, addresses,
			       WIDTH - 2 * MARGIN + GAP, GAP);

	for (size_t i = 0; i < slots.count; i++)
		arrange_slot(svg, &slots.list[i]);
	svg->top = svg->page ? TOP_IN_PAGE : one ? TOP : TOP + 18;
	svg->width = slots.width - GAP + 2 * MARGIN;
}

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

/* The y coordinate is at a half pixel, so that the horizontal edges are sharp. */
static void svg_put_framed_rect(const struct svg *svg, enum plot_tone tone,
				const struct box *box, unsigned int y,
				unsigned int height)
{
	xml_put(svg->xml,
		"<rect class=\"%s\" x=\"%u\" y=\"%u.5\" width=\"%u\" height=\"%u\" "
		"rx=\"2\"/>",
		plot_looks[tone].class, box->x, y, box->width, height);
}

static unsigned int top_of(const struct svg *svg, const struct plot_cell *cell)
{
	return svg->top + svg->plot->axes[cell->lane->axis].bands[cell->band].at;
}

/* Return the y coordinate of the last pixel of the cell. */
static unsigned int bottom_of(const struct svg *svg, const struct plot_cell *cell)
{
	const struct plot_band *band =
		&svg->plot->axes[cell->lane->axis].bands[cell->last_band];

	return svg->top + band->at + band->height - 1;
}

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

/* Draw a fold. Write the size of its range in the first lane, where no link crosses the text. */
static void svg_put_fold(const struct svg *svg, unsigned int number,
			 const struct plot_band *band)
{
	const struct box *lane = &svg->first[number], *span = &svg->spans[number];
	const unsigned int middle = lane->x + lane->width / 2;
	const unsigned int y = svg->top + band->at + band->height / 2;
	efimap_auto_out struct efimap_out text = EFIMAP_OUT_MEM;

	xml_put(svg->xml,
		"<g><title>no regions in 0x%jx-0x%jx</title><path class=\"fold\" d=\"M%u "
		"%u.5h%u\"/>",
		(uintmax_t)band->span.first, (uintmax_t)band->span.last, span->x, y,
		span->width);
	svg_put_rect(svg, "bg", "", &(struct box){ middle - 52, 104 }, y - 7, 14);
	efimap_out_puts(&text, "empty: ");
	text_size(&text, efimap_span_bytes(band->span));
	svg_put_gathered(svg, middle, y + 4, "small faint mid", &text);
	xml_put(svg->xml, "</g>\n");
}

static void svg_draw_axis(const struct svg *svg, unsigned int number)
{
	const struct plot_axis *axis = &svg->plot->axes[number];
	const struct box *span = &svg->spans[number];

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

/* Cells of the second track are in the right half of the lane, in front of the first track. */
static struct box box_of(const struct svg *svg, const struct plot_cell *cell)
{
	struct box box = svg->lanes[cell->lane - svg->plot->lanes];
	const unsigned int half = box.width * 9 / 20;

	if (cell->track) {
		box.x += half;
		box.width -= half + 3;
	}
	return box;
}

/*
 * Return the number of characters that fit into a box. If a cell of the second track covers the
 * first band of @cell, only the left half is free.
 */
static unsigned int room_of(const struct plot_cell *cell, const struct box *box)
{
	unsigned int width = box->width - 2 * PADDING;

	if (cell->track == 0 && plot_cell_at(cell->lane, 1, cell->band))
		width = box->width * 9 / 20 - PADDING - 2;
	return width * 10 / CHAR_TENTHS;
}

static void svg_put_tooltip(const struct svg *svg, const struct plot_cell *cell)
{
	efimap_auto_out struct efimap_out text = EFIMAP_OUT_MEM;

	plot_put_detail(svg->plot, cell, &text);
	xml_put(svg->xml, "<title>");
	xml_lines(svg->xml, &text);
	xml_put(svg->xml, "</title>");
}

static void svg_put_box(const struct svg *svg, const struct plot_cell *cell)
{
	const struct box box = box_of(svg, cell);
	const unsigned int y = top_of(svg, cell);
	efimap_auto_out struct efimap_out label = EFIMAP_OUT_MEM;

	svg_put_framed_rect(svg, cell->tone, &box, y, bottom_of(svg, cell) - y);
	plot_put_label(cell, room_of(cell, &box), &label);
	svg_put_gathered(svg, box.x + PADDING, y + BASELINE, "", &label);
}

static const char *worst_name(const struct plot_mark *mark)
{
	struct mark_rule worst = { .severity = EFIMAP_NOTE };

	mark_find_rule(mark, 0, &worst);
	return efimap_severity_name(worst.severity);
}

/* In a page, the cell is a link to the row of its first region, if the page has this row. */
static void svg_put_cell(const struct svg *svg, const struct plot_cell *cell)
{
	const size_t source = cell->items[0].source;
	const bool linked = svg->page && source < SVG_LINKED_ROWS;
	const bool is_bad = plot_mark_is_bad(&cell->mark);

	xml_put(svg->xml, "<g class=\"cell%s%s%s%s\">", is_bad ? " is-" : "",
		is_bad ? worst_name(&cell->mark) : "",
		cell->change >= EFIMAP_MARK_LOST ? " lost" : "",
		cell->predicted ? " predicted" : "");
	if (linked)
		xml_put(svg->xml, "<a href=\"#%s-%u-%zu\">",
			plot_lane_names[cell->lane->kind].row, cell->lane->side, source);
	svg_put_tooltip(svg, cell);
	svg_put_box(svg, cell);
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
		svg_put_cell(svg, &lane->cells[i]);
}

static void svg_put_link(const struct svg *svg, const struct plot_link *link)
{
	const struct box *box = &svg->lanes[link->from->lane - svg->plot->lanes];
	const unsigned int x0 = box->x + box->width;
	const unsigned int x1 = svg->lanes[link->to->lane - svg->plot->lanes].x;
	const unsigned int middle = (x0 + x1) / 2;
	const unsigned int a0 = top_of(svg, link->from), a1 = bottom_of(svg, link->from);
	const unsigned int b0 = top_of(svg, link->to), b1 = bottom_of(svg, link->to);

	xml_put(svg->xml,
		"<path class=\"link %s%s\" d=\"M%u %uC%u %u %u %u %u %u"
		"V%uC%u %u %u %u %u %uZ\"/>\n",
		plot_looks[link->from->tone].class,
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
 * Highlight entries and configuration tables that have warnings or errors, across all lanes of the
 * physical axis but not in the column of rules. Ranges of memmap and iomem can cover most of the
 * memory, so only their frames are highlighted.
 */
static void svg_draw_highlights(const struct svg *svg, const struct plot_lane *lane)
{
	const struct box *span = &svg->spans[PLOT_PHYS];
	const unsigned int left = svg->marks.x - GAP / 2 - (span->x - GAP / 2);
	const unsigned int right = svg->marks.x + svg->marks.width + GAP / 2;
	const struct box washes[] = {
		{ span->x - GAP / 2, left },
		{ right, span->x + span->width + GAP / 2 - right },
	};

	if (lane->kind != PLOT_LANE_RUNTIME && lane->kind != PLOT_LANE_TABLES)
		return;
	for (size_t i = 0; i < lane->n_cells * 2; i++) {
		const struct plot_cell *cell = &lane->cells[i / 2];
		const unsigned int y = top_of(svg, cell);

		if (!plot_mark_is_bad(&cell->mark))
			continue;
		svg_put_rect(svg, "wash ", worst_name(&cell->mark), &washes[i % 2], y,
			     bottom_of(svg, cell) + 1 - y);
		xml_put(svg->xml, "\n");
	}
}

/* The shape shows the severity too, so that readers need not distinguish the colours. */
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

static void svg_put_rule(const struct svg *svg, const struct mark_rule *matched, unsigned int y)
{
	const char *severity = efimap_severity_name(matched->severity);

	xml_put(svg->xml, "<g class=\"mark\">");
	if (svg->page)
		xml_put(svg->xml, "<a href=\"#rule-%s\">", matched->rule->name);
	xml_put(svg->xml, "<title>%s: %s</title>", severity, matched->rule->name);
	svg_put_sign(svg, matched->severity, svg->marks.x + 6, y + 9);
	xml_put(svg->xml, "<text x=\"%u\" y=\"%u\" class=\"%s %s\">%s</text>",
		svg->marks.x + 18, y + BASELINE,
		matched->severity == EFIMAP_NOTE ? "small" : "strong small", severity,
		matched->rule->name);
	if (svg->page)
		xml_put(svg->xml, "</a>");
	xml_put(svg->xml, "</g>\n");
}

/* Next to each band, write the rules that matched regions beginning at this band. */
static void svg_draw_marks(const struct svg *svg)
{
	const struct plot_axis *axis = &svg->plot->axes[PLOT_PHYS];
	struct mark_rule matched;

	svg_put_text(svg, svg->marks.x, svg->top - 10, "head", "FINDINGS");
	for (size_t i = 0; i < axis->n_bands; i++) {
		const struct plot_mark mark = plot_band_mark(svg->plot, i);
		const unsigned int y = svg->top + axis->bands[i].at;

		for (unsigned int k = 0; mark_find_rule(&mark, k, &matched); k++)
			svg_put_rule(svg, &matched, y + k * RULE_LINE);
	}
}

static void svg_draw_head(const struct svg *svg)
{
	const struct efimap_plot_input *input = svg->plot->input;

	svg_put_text(svg, MARGIN, 38, "title",
		     input->second ? "EFI runtime maps of two kernels" : "EFI runtime map");
	xml_put(svg->xml, "<text x=\"%u\" y=\"60\">%s%s</text>\n", MARGIN,
		input->second ? "FIRST: " : "", plot_source_name(input->map));
	if (input->second)
		xml_put(svg->xml, "<text x=\"%u\" y=\"78\">SECOND: %s</text>\n", MARGIN,
			plot_source_name(input->second));
}

/* Each of the next three functions returns the y coordinate below what it draws. */

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

static unsigned int svg_put_lines(const struct svg *svg, unsigned int y, const char *class,
				  struct efimap_out *text)
{
	const unsigned int columns = (svg->width - 2 * MARGIN) * 10 / SMALL_CHAR_TENTHS;
	char *rest = *xml_gathered(svg->xml, text) ? text->data : NULL;
	unsigned int count = 0;

	while (rest && *rest && count < MAX_LINES) {
		const char *line = strsep(&rest, "\n");
		efimap_auto_out struct efimap_out wrapped = EFIMAP_OUT_MEM;
		char *part;

		text_flow(&wrapped, line, strlen(line), 2, 2, columns);
		part = *xml_gathered(svg->xml, &wrapped) ? wrapped.data : NULL;
		/* The last line also ends with a newline, so an empty @part is not a line. */
		for (; part && *part; count++, y += LINE)
			svg_put_text(svg, MARGIN, y, class, strsep(&part, "\n"));
	}
	if (rest && *rest)
		svg_put_text(svg, MARGIN, y, class,
			     svg->plot->input->second ? "more lines: see efimapctl compare" :
							"more lines: see efimapctl verify");
	return rest && *rest ? y + LINE : y;
}

static unsigned int svg_draw_words(const struct svg *svg, unsigned int y)
{
	const struct efimap_text_options options = { .fixed = true };
	efimap_auto_out struct efimap_out text = EFIMAP_OUT_MEM, findings = EFIMAP_OUT_MEM;
	int ret = 0;

	plot_put_left_out(svg->plot, &text);
	y = svg_put_lines(svg, y, "small faint", &text);
	if (!svg->page)
		ret = plot_put_findings(svg->plot, &options, &findings);
	findings.error = ret < 0 ? ret : findings.error;
	y = svg_put_lines(svg, y, "small", &findings);
	svg_put_text(svg, MARGIN, y, "small faint", "drawn by " EFIMAP_TOOL);
	return y + LINE;
}

/* Return the height of the picture. */
static unsigned int svg_draw_body(const struct svg *svg)
{
	const struct plot *plot = svg->plot;
	const unsigned int phys = plot->axes[PLOT_PHYS].height;
	const unsigned int virt = plot->axes[PLOT_VIRT].height;
	unsigned int y = svg->top + (phys > virt ? phys : virt) + 3 * LINE;

	if (!svg->page)
		svg_draw_head(svg);
	for (unsigned int i = 0; i < PLOT_AXES; i++)
		svg_draw_axis(svg, i);
	for (size_t i = 0; i < plot->n_lanes; i++)
		svg_draw_highlights(svg, &plot->lanes[i]);
	svg_draw_links(svg);
	for (size_t i = 0; i < plot->n_lanes; i++)
		if (svg->lanes[i].width)
			svg_draw_lane(svg, &plot->lanes[i]);
	svg_draw_marks(svg);
	return svg_draw_words(svg, svg_draw_legend(svg, y) + LINE / 2) + LINE / 2;
}

static void svg_put_description(const struct plot *plot, struct xml *xml)
{
	const struct efimap_plot_input *input = plot->input;
	efimap_auto_out struct efimap_out total = EFIMAP_OUT_MEM;

	dump_put_total(&plot->sides[0].map, false, &total);
	xml_put(xml, "<title id=\"efimap-title\">EFI runtime map of %s",
		input->map->name);
	if (input->second)
		xml_put(xml, " and %s", input->second->name);
	xml_put(xml,
		"</title>\n<desc id=\"efimap-desc\">%s. Addresses increase from top "
		"to bottom. The height of a region grows with the logarithm of its size, "
		"and unused ranges are folded.</desc>\n",
		xml_gathered(xml, &total));
}

/* The body is drawn first, because the <svg> tag contains its height. */
void svg_put(struct plot *plot, bool page, struct xml *xml)
{
	efimap_auto_out struct efimap_out body = EFIMAP_OUT_MEM;
	struct svg svg = { .plot = plot, .xml = xml_of(&body), .page = page };
	unsigned int height;

	svg_arrange(&svg);
	height = svg_draw_body(&svg);
	xml_put(xml,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"efimap-plot%s\" "
		"viewBox=\"0 0 %u %u\" width=\"%u\" height=\"%u\" role=\"%s\" "
		"aria-labelledby=\"efimap-title\" aria-describedby=\"efimap-desc\">\n",
		height <= svg.width / 5 * 6 ? " short" : "", svg.width, height, svg.width,
		height, page ? "group" : "img");
	svg_put_description(plot, xml);
	if (!page)
		xml_put(xml, "<style>" PICTURE_CSS "</style>\n");
	xml_put(xml, "<rect class=\"bg\" width=\"%u\" height=\"%u\"/>\n", svg.width,
		height);
	xml_append(xml, svg.xml);
	xml_put(xml, "</svg>\n");
}

int svg_open(const struct efimap_plot_input *input, const struct efimap_plot_options *options,
	     struct plot *plot)
{
	const struct plot_medium medium = {
		.max_bands = options->rows ? options->rows : DEFAULT_ROWS,
		.tables = true,
		.least = EFIMAP_NOTE,
		.scale = { .band = 18, .grow = 24, .line = RULE_LINE, .fold = 22, .most = 120 },
	};

	return plot_open(input, &medium, plot);
}

int efimap_plot_write_svg(const struct efimap_plot_input *input,
			  const struct efimap_plot_options *options,
			  struct efimap_out *out)
{
	plot_auto struct plot plot;
	int ret = svg_open(input, options, &plot);

	if (ret < 0)
		return ret;
	xml_put(xml_of(out), "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	svg_put(&plot, false, xml_of(out));
	return out->error;
}
