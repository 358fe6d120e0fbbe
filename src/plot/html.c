/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The page for a ticket: everything in one file, no script, nothing that is loaded. Its
 * policy forbids both, should a hostile label ever get past xml_put().
 */
#include <string.h>

#include "format/text.h"
#include "model/traits.h"
#include "plot/html.h"
#include "plot/style.h"
#include "plot/svg.h"

static const char *name_of(const struct efimap *map)
{
	return strcmp(map->name, "/") == 0 ? "the running system" : map->name;
}

static void put_head(const struct efimap_plot_input *input, struct xml *xml)
{
	xml_put(xml,
		"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
		"'none'; "
		"style-src 'unsafe-inline'; base-uri 'none'; "
		"form-action 'none'\">\n"
		"<meta name=\"referrer\" content=\"no-referrer\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, "
		"initial-scale=1\">\n"
		"<meta name=\"color-scheme\" content=\"light dark\">\n"
		"<meta name=\"generator\" content=\"" EFIMAP_TOOL "\">\n"
		"<title>EFI runtime map of %s",
		name_of(input->map));
	if (input->second)
		xml_put(xml, " and %s", name_of(input->second));
	xml_put(xml, "</title>\n<style>\n");
	xml_put(xml, PAGE_CSS "\n" PLOT_CSS);
	xml_put(xml, "\n</style>\n</head>\n");
}

static void put_fact(struct xml *xml, const char *name, const char *value)
{
	xml_put(xml, "<dt>%s</dt><dd class=\"source\">%s</dd>\n", name, value);
}

static void put_side_facts(const struct plot *plot, unsigned int side, struct xml *xml)
{
	static const char *const names[] = { "FIRST", "SECOND" };
	const struct efimap *map = plot->sides[side].map;
	efimap_auto_out struct efimap_out total = EFIMAP_OUT_MEM;

	put_fact(xml, plot->n_sides == 2 ? names[side] : "Source", name_of(map));
	dump_put_total(map, false, &total);
	xml_put(xml, "<dt>Map</dt><dd>%s</dd>\n", xml_gathered(xml, &total));
	if (efimap_has(map, EFIMAP_SRC_FW_PLATFORM_SIZE))
		put_fact(xml, "Firmware", map->platform_size == 32 ? "32-bit" : "64-bit");
	if (*map->cmdline)
		put_fact(xml, "Command line", map->cmdline);
}

static void put_verdict(const struct plot *plot, struct xml *xml)
{
	const struct efimap_plot_input *input = plot->input;

	put_fact(xml, "Verdict",
		 input->comparison ? efimap_comparison_verdict(input->comparison)
				   : efimap_verdict_name(input->report->verdict));
	if (!input->comparison && input->report->shortfall != EFIMAP_VERDICT_PASS)
		put_fact(xml, "Not seen", input->report->reason);
}

static void put_nav_item(struct xml *xml, const char *id, const char *text)
{
	xml_put(xml, "<li><a href=\"#%s\">%s</a></li>\n", id, text);
}

static void put_nav(const struct plot *plot, const struct efimap_report *report,
		    struct xml *xml)
{
	xml_put(xml, "<nav aria-label=\"Contents\">\n<ul>\n");
	put_nav_item(xml, "picture", "Picture");
	put_nav_item(xml, "findings", "Findings");
	put_nav_item(xml, "runtime-map-0",
		     plot->n_sides == 2 ? "Runtime map of FIRST" : "Runtime map");
	if (plot->n_sides == 2)
		put_nav_item(xml, "runtime-map-1", "Runtime map of SECOND");
	if (report->n_findings)
		put_nav_item(xml, "rules", "Rules");
	if (report->n_skipped)
		put_nav_item(xml, "skipped", "Not tried");
	xml_put(xml, "</ul>\n</nav>\n");
}

static void put_top(const struct plot *plot, const struct efimap_report *report,
		    struct xml *xml)
{
	xml_put(xml,
		"<body>\n<a class=\"skip\" href=\"#findings\">Skip to the findings"
		"</a>\n<header>\n<h1>EFI runtime map%s</h1>\n<dl class=\"facts\">\n",
		plot->n_sides == 2 ? ": two kernels" : "");
	for (unsigned int i = 0; i < plot->n_sides; i++)
		put_side_facts(plot, i, xml);
	put_verdict(plot, xml);
	xml_put(xml, "</dl>\n</header>\n");
	put_nav(plot, report, xml);
}

static int put_picture(struct plot *plot, struct xml *xml)
{
	int ret;

	html_open_section(xml, "picture", "Picture");
	xml_put(xml, "<p class=\"faint\">Addresses grow from top to bottom. A region "
		     "takes room by the logarithm of its size; empty stretches are "
		     "folded. Each region leads to its row in the tables below.</p>\n"
		     "<a class=\"skip\" href=\"#findings\">Skip the picture</a>\n"
		     "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
		     "aria-labelledby=\"picture-heading\">\n");
	ret = svg_write(plot, true, xml);
	xml_put(xml, "</div>\n</section>\n");
	return ret;
}

int html_write(struct plot *plot, struct xml *xml)
{
	const struct efimap_plot_input *input = plot->input;
	const struct efimap_report *report = plot_report(input);
	int ret;

	put_head(input, xml);
	put_top(plot, report, xml);
	xml_put(xml, "<main id=\"main\">\n");
	ret = put_picture(plot, xml);
	html_put_findings(plot, xml);
	for (unsigned int i = 0; i < plot->n_sides; i++)
		html_put_tables(plot, i, xml);
	html_put_rules(report, xml);
	html_put_skipped(report, xml);
	xml_put(xml, "</main>\n<footer>Written by " EFIMAP_TOOL ".</footer>\n"
		     "</body>\n</html>\n");
	return ret < 0 ? ret : xml_error(xml);
}
