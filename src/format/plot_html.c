/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The page for a ticket: everything in one file, no script, nothing that is loaded. Its
 * policy forbids both, should a hostile label ever get past xml_text().
 */
#include <string.h>

#include <efimap/traits.h>

#include "plot_html.h"
#include "plot_svg.h"
#include "text.h"
#include "xml.h"

static const char *name_of(const struct efimap *map)
{
	return strcmp(map->name, "/") == 0 ? "the running system" : map->name;
}

static void put_head(const struct efimap_plot_input *input, struct efimap_out *out)
{
	efimap_out_puts(
		out,
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
		"<title>EFI runtime map of ");
	xml_text(out, name_of(input->map));
	if (input->second) {
		efimap_out_puts(out, " and ");
		xml_text(out, name_of(input->second));
	}
	efimap_out_puts(out, "</title>\n<style>\n");
	html_put_style(out);
	svg_put_style(out);
	efimap_out_puts(out, "\n</style>\n</head>\n");
}

static void put_fact(struct efimap_out *out, const char *name, const char *value)
{
	html_put_text(out, "dt", "", name);
	html_put_text(out, "dd", "source", value);
	efimap_out_putc(out, '\n');
}

static void put_side_facts(const struct plot *plot, unsigned int side,
			   struct efimap_out *out)
{
	static const char *const names[] = { "FIRST", "SECOND" };
	const struct efimap *map = plot->sides[side].map;

	put_fact(out, plot->n_sides == 2 ? names[side] : "Source", name_of(map));
	efimap_out_puts(out, "<dt>Map</dt><dd>");
	dump_put_total(map, false, out);
	efimap_out_puts(out, "</dd>\n");
	if (efimap_has(map, EFIMAP_SRC_FW_PLATFORM_SIZE))
		put_fact(out, "Firmware", map->platform_size == 32 ? "32-bit" : "64-bit");
	if (*map->cmdline)
		put_fact(out, "Command line", map->cmdline);
}

static void put_verdict(const struct plot *plot, struct efimap_out *out)
{
	const struct efimap_plot_input *input = plot->input;

	put_fact(out, "Verdict",
		 input->comparison ? efimap_comparison_verdict(input->comparison)
				   : efimap_verdict_name(input->report->verdict));
}

static void put_nav_item(struct efimap_out *out, const char *id, const char *text)
{
	efimap_out_printf(out, "<li><a href=\"#%s\">%s</a></li>\n", id, text);
}

static void put_nav(const struct plot *plot, const struct efimap_report *report,
		    struct efimap_out *out)
{
	efimap_out_puts(out, "<nav aria-label=\"Contents\">\n<ul>\n");
	put_nav_item(out, "picture", "Picture");
	put_nav_item(out, "findings", "Findings");
	put_nav_item(out, "runtime-map-0",
		     plot->n_sides == 2 ? "Runtime map of FIRST" : "Runtime map");
	if (plot->n_sides == 2)
		put_nav_item(out, "runtime-map-1", "Runtime map of SECOND");
	if (report->n_findings)
		put_nav_item(out, "rules", "Rules");
	if (report->n_skipped)
		put_nav_item(out, "skipped", "Not tried");
	efimap_out_puts(out, "</ul>\n</nav>\n");
}

static void put_top(const struct plot *plot, const struct efimap_report *report,
		    struct efimap_out *out)
{
	efimap_out_puts(
		out, "<body>\n<a class=\"skip\" href=\"#findings\">Skip to the findings"
		     "</a>\n<header>\n<h1>EFI runtime map");
	efimap_out_puts(out, plot->n_sides == 2 ? ": two kernels" : "");
	efimap_out_puts(out, "</h1>\n<dl class=\"facts\">\n");
	for (unsigned int i = 0; i < plot->n_sides; i++)
		put_side_facts(plot, i, out);
	put_verdict(plot, out);
	efimap_out_puts(out, "</dl>\n</header>\n");
	put_nav(plot, report, out);
}

static int put_picture(struct plot *plot, struct efimap_out *out)
{
	int ret;

	html_open_section(out, "picture", "Picture");
	efimap_out_puts(out,
			"<p class=\"faint\">Addresses grow from top to bottom. A region "
			"takes room by the logarithm of its size; empty stretches are "
			"folded. Each region leads to its row in the tables below.</p>\n"
			"<a class=\"skip\" href=\"#findings\">Skip the picture</a>\n"
			"<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
			"aria-labelledby=\"picture-heading\">\n");
	ret = svg_write(plot, true, out);
	efimap_out_puts(out, "</div>\n</section>\n");
	return ret;
}

static int put_page(struct plot *plot, struct efimap_out *out)
{
	const struct efimap_plot_input *input = plot->input;
	const struct efimap_report *report = plot_report(input);
	int ret;

	put_head(input, out);
	put_top(plot, report, out);
	efimap_out_puts(out, "<main id=\"main\">\n");
	ret = put_picture(plot, out);
	html_put_findings(plot, out);
	for (unsigned int i = 0; i < plot->n_sides; i++)
		html_put_tables(plot, i, out);
	html_put_rules(report, out);
	html_put_skipped(report, out);
	efimap_out_puts(out, "</main>\n<footer>Written by " EFIMAP_TOOL ".</footer>\n"
			     "</body>\n</html>\n");
	return ret < 0 ? ret : out->error;
}

int efimap_plot_write_html(const struct efimap_plot_input *input,
			   const struct efimap_plot_options *options,
			   struct efimap_out *out)
{
	struct plot plot;
	int ret = plot_open(input, options->rows ? options->rows : SVG_ROWS, &plot);

	if (ret == 0)
		ret = put_page(&plot, out);
	plot_close(&plot);
	return ret;
}
