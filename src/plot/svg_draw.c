/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parts of the picture that hang on an axis: addresses, folds, cells. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "format/text.h"
#include "plot/svg.h"

/* A character of the fonts in plot.css is at most so wide, in tenths of a pixel. */
#define CHAR_TENTHS 73
#define PADDING 5
/* From the top of a box to the base line of its text. */
#define BASELINE 13
/* Half a period of the line that shows a fold. */
#define ZIGZAG 6

const char *svg_tone_class(enum plot_tone tone)
{
	static const char *const classes[] = {
		[PLOT_TONE_CODE] = "code",	   [PLOT_TONE_DATA] = "data",
		[PLOT_TONE_MMIO] = "mmio",	   [PLOT_TONE_BOOT] = "boot",
		[PLOT_TONE_RAM] = "ram",	   [PLOT_TONE_ACPI] = "acpi",
		[PLOT_TONE_RESERVED] = "reserved", [PLOT_TONE_DEVICE] = "device",
		[PLOT_TONE_KERNEL] = "kernel",	   [PLOT_TONE_CRASH] = "crash",
		[PLOT_TONE_OTHER] = "other",	   [PLOT_TONE_MIXED] = "mixed",
	};

	return classes[tone];
}

void svg_text(const struct svg *svg, uint32_t x, uint32_t y, const char *class,
	      const char *text)
{
	xml_put(svg->xml, "<text x=\"%" PRIu32 "\" y=\"%" PRIu32 "\"", x, y);
	if (*class)
		xml_put(svg->xml, " class=\"%s\"", class);
	xml_put(svg->xml, ">%s</text>\n", text);
}

static void put_address(const struct svg *svg, unsigned int number, uint32_t y,
			uint64_t address)
{
	const bool is_right = svg->address[number] > svg->spans[number].x;
	const uint32_t x = is_right ? svg->spans[number].x + svg->spans[number].width + 8
				    : svg->address[number];
	char text[24];

	snprintf(text, sizeof(text), "0x%" PRIx64, address);
	svg_text(svg, x, y, is_right ? "small faint" : "small faint end", text);
}

/* A zigzag across all lanes, and how much is folded there. */
static void put_fold(const struct svg *svg, unsigned int number,
		     const struct plot_band *band)
{
	const struct svg_box *span = &svg->spans[number];
	const uint32_t y = svg->top + band->at + band->height / 2;
	efimap_auto_out struct efimap_out text = EFIMAP_OUT_MEM;
	const uint64_t bytes = efimap_span_bytes(band->span);

	efimap_out_puts(&text, "empty: ");
	text_size(&text, bytes);
	xml_put(svg->xml,
		"<g><title>nothing lies in 0x%" PRIx64 "-0x%" PRIx64
		"</title><use class=\"fold\" href=\"#efimap-fold-%u\" x=\"%" PRIu32
		"\" y=\"%" PRIu32 "\"/>",
		band->span.first, band->span.last, number, span->x, y);
	xml_put(svg->xml,
		"<rect class=\"bg\" x=\"%" PRIu32 "\" y=\"%" PRIu32
		"\" width=\"104\" height=\"14\"/>",
		span->x + span->width / 2 - 52, y - 7);
	svg_text(svg, span->x + span->width / 2, y + 4, "small faint mid",
		 xml_gathered(svg->xml, &text));
	xml_put(svg->xml, "</g>\n");
}

static void define_fold(const struct svg *svg, unsigned int number)
{
	xml_put(svg->xml, "<defs><path id=\"efimap-fold-%u\" d=\"M0 0", number);
	for (uint32_t x = 0; x + 2 * ZIGZAG <= svg->spans[number].width; x += 2 * ZIGZAG)
		xml_put(svg->xml, "l%d -3l%d 3", ZIGZAG, ZIGZAG);
	xml_put(svg->xml, "\"/></defs>\n");
}

void svg_draw_axis(const struct svg *svg, unsigned int number)
{
	const struct plot_axis *axis = &svg->plot->axes[number];
	const struct svg_box *span = &svg->spans[number];

	define_fold(svg, number);
	xml_put(svg->xml, "<path class=\"edge\" d=\"");
	for (size_t i = 0; i < axis->n_bands; i++)
		xml_put(svg->xml, "M%" PRIu32 " %" PRIu32 ".5h%" PRIu32, span->x,
			svg->top + axis->bands[i].at, span->width);
	xml_put(svg->xml, "\"/>\n");
	for (size_t i = 0; i < axis->n_bands; i++) {
		const struct plot_band *band = &axis->bands[i];

		put_address(svg, number, svg->top + band->at + BASELINE - 1,
			    band->span.first);
		if (band->fold)
			put_fold(svg, number, band);
	}
	if (axis->n_bands)
		put_address(svg, number, svg->top + axis->height + BASELINE - 1,
			    axis->bands[axis->n_bands - 1].span.last);
}

/* What lies beside others in its lane takes the right half, before them. */
static struct svg_box box_of(const struct svg *svg, size_t lane,
			     const struct plot_cell *cell)
{
	struct svg_box box = svg->lanes[lane];
	const uint32_t half = box.width * 9 / 20;

	if (cell->track) {
		box.x += half;
		box.width -= half + 3;
	}
	return box;
}

/* Characters that fit; where another cell lies on the right half, into the left one. */
static unsigned int room_of(const struct svg *svg, const struct plot_lane *lane,
			    const struct plot_cell *cell, const struct svg_box *box)
{
	uint32_t width = box->width - 2 * PADDING;

	if (cell->track == 0 && plot_cell_at(lane, 1, cell->band))
		width = svg->lanes[lane - svg->plot->lanes].width * 9 / 20 - PADDING - 2;
	return width * 10 / CHAR_TENTHS;
}

static void put_tooltip(const struct svg *svg, const struct plot_lane *lane,
			const struct plot_cell *cell)
{
	efimap_auto_out struct efimap_out text = EFIMAP_OUT_MEM;

	plot_put_detail(&svg->plot->sides[lane->side], lane, cell, &text);
	xml_put(svg->xml, "<title>");
	xml_lines(svg->xml, &text);
	xml_put(svg->xml, "</title>");
}

static void put_class(const struct svg *svg, const struct plot_cell *cell)
{
	xml_put(svg->xml, "<g class=\"cell%s%s%s%s\">",
		cell->mark.said && cell->mark.severity > EFIMAP_NOTE ? " is-" : "",
		cell->mark.said && cell->mark.severity > EFIMAP_NOTE
			? efimap_severity_name(cell->mark.severity)
			: "",
		cell->change >= EFIMAP_MARK_LOST ? " lost" : "",
		cell->predicted ? " predicted" : "");
}

static void put_box(const struct svg *svg, size_t number, const struct plot_cell *cell)
{
	const struct plot_lane *lane = &svg->plot->lanes[number];
	const struct plot_axis *axis = &svg->plot->axes[lane->axis];
	const struct plot_band *last = &axis->bands[cell->last_band];
	const struct svg_box box = box_of(svg, number, cell);
	const uint32_t at = axis->bands[cell->band].at, y = svg->top + at;
	efimap_auto_out struct efimap_out label = EFIMAP_OUT_MEM;

	xml_put(svg->xml,
		"<rect class=\"%s\" x=\"%" PRIu32 "\" y=\"%" PRIu32
		".5\" width=\"%" PRIu32 "\" height=\"%" PRIu32 "\" rx=\"2\"/>",
		svg_tone_class(cell->tone), box.x, y, box.width,
		last->at + last->height - at - 1);
	plot_put_label(&svg->plot->sides[lane->side], lane, cell,
		       room_of(svg, lane, cell, &box), &label);
	svg_text(svg, box.x + PADDING, y + BASELINE, "", xml_gathered(svg->xml, &label));
}

/* In a page a region leads to its row of a table. */
static void put_cell(const struct svg *svg, size_t number, const struct plot_cell *cell)
{
	const struct plot_lane *lane = &svg->plot->lanes[number];
	const uint32_t source = lane->items[cell->first].source;
	static const char *const tables[] = {
		[PLOT_LANE_RUNTIME] = "entry", [PLOT_LANE_MEMMAP] = "memmap",
		[PLOT_LANE_IOMEM] = "iomem",   [PLOT_LANE_TABLES] = "table",
		[PLOT_LANE_VIRT] = "entry",
	};
	const bool linked = svg->page && source < SVG_LINKED_ROWS;

	put_class(svg, cell);
	if (linked)
		xml_put(svg->xml, "<a href=\"#%s-%u-%" PRIu32 "\">", tables[lane->kind],
			lane->side, source);
	put_tooltip(svg, lane, cell);
	put_box(svg, number, cell);
	if (linked)
		xml_put(svg->xml, "</a>");
	xml_put(svg->xml, "</g>\n");
}

void svg_draw_lane(const struct svg *svg, size_t number)
{
	const struct plot_lane *lane = &svg->plot->lanes[number];
	const struct svg_box *box = &svg->lanes[number];
	efimap_auto_out struct efimap_out heading = EFIMAP_OUT_MEM;

	if (!box->width)
		return;
	plot_put_heading(svg->plot, lane, &heading);
	svg_text(svg, box->x, svg->top - 10, "head", xml_gathered(svg->xml, &heading));
	xml_put(svg->xml,
		"<rect class=\"lane\" x=\"%" PRIu32 "\" y=\"%" PRIu32
		"\" width=\"%" PRIu32 "\" height=\"%" PRIu32 "\"/>\n",
		box->x, svg->top, box->width, svg->plot->axes[lane->axis].height);
	if (lane->absent)
		svg_text(svg, box->x + PADDING, svg->top + BASELINE, "small faint",
			 lane->absent);
	for (size_t i = 0; i < lane->n_cells; i++)
		put_cell(svg, number, &lane->cells[i]);
}
