/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The picture as SVG: its frame, title and description, and below the lanes a legend and
 * the findings, so that the file says the same wherever it is shown.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "format/format.h"
#include "format/report_text.h"
#include "format/text.h"
#include "plot/style.h"
#include "plot/svg.h"

#define MARGIN 24
/* Where the axes begin: below the title, two or three lines of words, and headings. */
#define TOP 112
/* A page has said all that before. */
#define TOP_IN_PAGE 32
#define LINE 16
/* Characters of the small font, in tenths of a pixel. */
#define CHAR_TENTHS 66
/* Findings that are listed; a page lists all of them in another place. */
#define MAX_FINDINGS 10
#define MAX_ENTRIES 6

/* "tests/fixtures/real/x", cut at the left because the end of a path says more. */
static void put_source(const struct svg *svg, uint32_t y, const char *what,
		       const struct efimap *map)
{
	xml_put(svg->xml, "<text x=\"%d\" y=\"%" PRIu32 "\">%s%s</text>\n", MARGIN, y,
		what, strcmp(map->name, "/") == 0 ? "the running system" : map->name);
}

static void put_summary(const struct svg *svg, uint32_t y, const struct efimap *map)
{
	efimap_auto_out struct efimap_out text = EFIMAP_OUT_MEM;

	dump_put_total(map, false, &text);
	svg_text(svg, MARGIN, y, "faint", xml_gathered(svg->xml, &text));
}

/* "drift: 1 changed, 1 lost" */
static void put_verdict(const struct svg *svg, uint32_t y)
{
	static const char *const words[] = {
		[EFIMAP_MARK_SAME] = "unchanged",
		[EFIMAP_MARK_EXPECTED] = "as expected",
		[EFIMAP_MARK_DRIFT] = "changed",
		[EFIMAP_MARK_LOST] = "lost",
		[EFIMAP_MARK_EXTRA] = "only in SECOND",
	};
	const struct efimap_comparison *comparison = svg->plot->input->comparison;
	efimap_auto_out struct efimap_out text = EFIMAP_OUT_MEM;
	size_t counts[EFIMAP_MARK_EXTRA + 1] = { 0 };
	const char *between = ": ";

	for (size_t i = 0; i < comparison->n_matches; i++)
		counts[comparison->matches[i].mark]++;
	efimap_out_puts(&text, efimap_comparison_verdict(comparison));
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		if (!counts[i])
			continue;
		efimap_out_printf(&text, "%s%zu %s", between, counts[i], words[i]);
		between = ", ";
	}
	svg_text(svg, MARGIN, y, "faint", xml_gathered(svg->xml, &text));
}

static void put_head(const struct svg *svg)
{
	const struct efimap_plot_input *input = svg->plot->input;

	svg_text(svg, MARGIN, 38, "title",
		 input->second ? "EFI runtime map: two kernels" : "EFI runtime map");
	if (!input->second) {
		put_source(svg, 60, "", input->map);
		put_summary(svg, 78, input->map);
		return;
	}
	put_source(svg, 60, "FIRST: ", input->map);
	put_source(svg, 78, "SECOND: ", input->second);
	put_verdict(svg, 96);
}

static uint32_t put_legend(const struct svg *svg, uint32_t y)
{
	bool used[PLOT_TONE_COUNT] = { false };
	uint32_t x = MARGIN;

	for (size_t i = 0; i < svg->plot->n_lanes; i++) {
		const struct plot_lane *lane = &svg->plot->lanes[i];

		for (size_t c = 0; c < lane->n_cells && svg->lanes[i].width; c++)
			used[lane->cells[c].tone] |= lane->kind != PLOT_LANE_TABLES;
	}
	for (enum plot_tone tone = 0; tone < PLOT_TONE_COUNT; tone++) {
		if (!used[tone])
			continue;
		xml_put(svg->xml,
			"<g class=\"cell\"><rect class=\"%s\" x=\"%" PRIu32
			"\" y=\"%" PRIu32
			".5\" width=\"16\" height=\"12\" rx=\"2\"/></g>",
			svg_tone_class(tone), x, y - 11);
		svg_text(svg, x + 22, y, "small", plot_tone_words(tone));
		x += 46 + (uint32_t)strlen(plot_tone_words(tone)) * 7;
	}
	return y + LINE;
}

/* Wrapped at the width of the picture. */
static uint32_t put_wrapped(const struct svg *svg, uint32_t y, const char *class,
			    struct efimap_out *text)
{
	const unsigned int columns = (svg->width - 2 * MARGIN) * 10 / CHAR_TENTHS;
	const char *plain = xml_gathered(svg->xml, text);
	efimap_auto_out struct efimap_out lines = EFIMAP_OUT_MEM;
	char *line, *rest;

	text_hang(&lines, plain, strlen(plain), 2, columns);
	if (!*xml_gathered(svg->xml, &lines))
		return y;
	/* The last one ends in a newline, too. */
	for (rest = lines.data; (line = strsep(&rest, "\n")) && rest; y += LINE)
		svg_text(svg, MARGIN, y, class, line);
	return y;
}

/* "entry 6: ", "entries 2, 4: ", "entries 0, 1, 2, 3, 4, 5 and 94 more: " */
static void put_entries(const struct efimap_finding *finding, struct efimap_out *text)
{
	if (!finding->n_entries)
		return;
	efimap_out_puts(text, finding->n_entries == 1 ? "entry " : "entries ");
	for (size_t i = 0; i < finding->n_entries && i < MAX_ENTRIES; i++)
		efimap_out_printf(text, "%s%" PRIu32, i ? ", " : "", finding->entries[i]);
	if (finding->n_entries > MAX_ENTRIES)
		efimap_out_printf(text, " and %zu more",
				  finding->n_entries - MAX_ENTRIES);
	efimap_out_puts(text, ": ");
}

static uint32_t put_finding(const struct svg *svg, uint32_t y,
			    const struct efimap_finding *finding)
{
	efimap_auto_out struct efimap_out text = EFIMAP_OUT_MEM;
	const char *class = finding->severity == EFIMAP_ERROR ? "small strong error"
							      : "small warning";

	efimap_out_printf(&text, "%s: ", efimap_severity_name(finding->severity));
	put_entries(finding, &text);
	text_ascii(&text, finding->message);
	efimap_out_printf(&text, " [%s]", finding->rule->name);
	return put_wrapped(svg, y, class, &text);
}

static uint32_t put_counts(const struct svg *svg, uint32_t y,
			   const struct efimap_report *report)
{
	efimap_auto_out struct efimap_out text = EFIMAP_OUT_MEM;

	report_text_counts(report, &text);
	if (svg->plot->axes[PLOT_PHYS].n_lost || svg->plot->axes[PLOT_VIRT].n_lost)
		efimap_out_puts(&text, "; regions that share a place are grouped");
	for (size_t i = 0; i < svg->plot->n_lanes; i++)
		if (svg->plot->lanes[i].n_left_out && svg->lanes[i].width)
			efimap_out_printf(&text,
					  "; %zu regions without a valid range are not "
					  "drawn in lane %zu",
					  svg->plot->lanes[i].n_left_out, i + 1);
	efimap_out_puts(&text, "; drawn by " EFIMAP_TOOL);
	return put_wrapped(svg, y, "small faint", &text);
}

static uint32_t put_foot(const struct svg *svg, uint32_t y)
{
	const struct efimap_report *report = plot_report(svg->plot->input);
	size_t said = 0;

	y = put_legend(svg, y) + LINE / 2;
	for (size_t i = 0; i < report->n_findings && !svg->page; i++) {
		if (report->findings[i].severity == EFIMAP_NOTE)
			continue;
		if (said++ == MAX_FINDINGS) {
			svg_text(svg, MARGIN, y, "small faint",
				 "and more: efimapctl verify");
			y += LINE;
			break;
		}
		y = put_finding(svg, y, &report->findings[i]);
	}
	return put_counts(svg, y, report);
}

/* Return: the height of the whole picture. */
static uint32_t put_body(const struct svg *svg)
{
	uint32_t height = svg->plot->axes[PLOT_PHYS].height;

	if (svg->plot->axes[PLOT_VIRT].height > height)
		height = svg->plot->axes[PLOT_VIRT].height;
	if (!svg->page)
		put_head(svg);
	for (unsigned int i = 0; i < PLOT_AXES; i++)
		svg_draw_axis(svg, i);
	svg_draw_collisions(svg);
	svg_draw_links(svg);
	for (size_t i = 0; i < svg->plot->n_lanes; i++)
		svg_draw_lane(svg, i);
	svg_draw_marks(svg);
	return put_foot(svg, svg->top + height + 2 * LINE + LINE) + LINE / 2;
}

static void put_description(const struct efimap_plot_input *input, struct xml *xml)
{
	efimap_auto_out struct efimap_out total = EFIMAP_OUT_MEM;

	dump_put_total(input->map, false, &total);
	xml_put(xml, "<title id=\"efimap-title\">EFI runtime map of %s",
		input->map->name);
	if (input->second)
		xml_put(xml, " and %s", input->second->name);
	xml_put(xml,
		"</title>\n<desc id=\"efimap-desc\">%s. Addresses grow from top to "
		"bottom; a "
		"region takes room by the logarithm of its size, and empty stretches are "
		"folded.</desc>\n",
		xml_gathered(xml, &total));
}

static void put_root(const struct svg *svg, uint32_t height, struct xml *xml)
{
	xml_put(xml,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"efimap-plot%s\" "
		"viewBox=\"0 0 %" PRIu32 " %" PRIu32 "\" width=\"%" PRIu32
		"\" height=\"%" PRIu32 "\" role=\"%s\" aria-labelledby=\"efimap-title\" "
		"aria-describedby=\"efimap-desc\">\n",
		height <= svg->width / 5 * 6 ? " short" : "", svg->width, height,
		svg->width, height, svg->page ? "group" : "img");
	put_description(svg->plot->input, xml);
	if (!svg->page) {
		xml_put(xml, "<style>" PLOT_CSS "</style>\n");
	}
	xml_put(xml,
		"<rect class=\"bg\" width=\"%" PRIu32 "\" height=\"%" PRIu32 "\"/>\n",
		svg->width, height);
}

/* How high it is, is known when its body has been drawn. */
int svg_write(struct plot *plot, bool page, struct xml *xml)
{
	xml_auto struct xml *body = xml_new(NULL);
	struct svg svg = { .plot = plot, .xml = body, .page = page };
	uint32_t height;

	if (!body)
		return -ENOMEM;
	svg.top = page ? TOP_IN_PAGE : plot->n_sides == 2 ? TOP + 18 : TOP;
	svg_arrange(&svg);
	height = put_body(&svg);
	put_root(&svg, height, xml);
	xml_append(xml, body);
	xml_put(xml, "</svg>\n");
	return xml_error(xml);
}

int svg_write_document(struct plot *plot, struct xml *xml)
{
	xml_put(xml, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	return svg_write(plot, false, xml);
}
