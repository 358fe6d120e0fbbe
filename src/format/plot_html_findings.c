/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The findings of the page, and what there is to know of the rules behind them. */
#include <inttypes.h>

#include "plot_html.h"
#include "plot_svg.h"
#include "report_text.h"
#include "xml.h"

/* More findings, or entries and facts of one, are counted, not listed. */
#define MAX_FINDINGS 500
#define MAX_ENTRIES 64
#define MAX_EVIDENCE 64

void html_put_text(struct efimap_out *out, const char *element, const char *class,
		   const char *text)
{
	efimap_out_printf(out, "<%s", element);
	if (*class)
		efimap_out_printf(out, " class=\"%s\"", class);
	efimap_out_putc(out, '>');
	xml_text(out, text);
	efimap_out_printf(out, "</%s>", element);
}

void html_open_section(struct efimap_out *out, const char *id, const char *heading)
{
	efimap_out_printf(out, "<section id=\"%s\" aria-labelledby=\"%s-heading\">\n", id,
			  id);
	efimap_out_printf(out, "<h2 id=\"%s-heading\">", id);
	xml_text(out, heading);
	efimap_out_puts(out, "</h2>\n");
}

/* An index that no entry has names a directory that could not be read. */
static void put_entry(const struct plot *plot, unsigned int side, uint32_t index,
		      struct efimap_out *out)
{
	const struct efimap *map = plot->sides[side].map;
	const struct efimap_entry *entry = efimap_find_entry(map, index);

	if (entry && entry - map->entries < SVG_LINKED_ROWS)
		efimap_out_printf(out, "<a href=\"#entry-%u-%td\">%" PRIu32 "</a>", side,
				  entry - map->entries, index);
	else
		efimap_out_printf(out, "%" PRIu32, index);
}

static void put_entries(const struct plot *plot, const struct efimap_finding *finding,
			struct efimap_out *out)
{
	const unsigned int side =
		plot->n_sides == 2 && finding->rule->id == EFIMAP_RULE_DRIFT_EXTRA;

	if (!finding->n_entries)
		return;
	efimap_out_printf(out, "; on %s ", finding->n_entries == 1 ? "entry" : "entries");
	for (size_t i = 0; i < finding->n_entries; i++) {
		if (i == MAX_ENTRIES) {
			efimap_out_printf(out, " and %zu more", finding->n_entries - i);
			return;
		}
		if (i)
			efimap_out_puts(out, ", ");
		put_entry(plot, side, finding->entries[i], out);
	}
}

static void put_row(struct efimap_out *out, const char *source, const char *value)
{
	efimap_out_puts(out, "<tr><th scope=\"row\">");
	xml_text(out, source);
	efimap_out_puts(out, "</th>");
	html_put_text(out, "td", "wrap", value);
	efimap_out_puts(out, "</tr>\n");
}

static void put_evidence(const struct efimap_finding *finding, struct efimap_out *out)
{
	if (!finding->n_evidence && !finding->first && !finding->second)
		return;
	efimap_out_puts(out,
			"<details><summary>Evidence</summary>\n<div class=\"scroll\" "
			"tabindex=\"0\" role=\"region\" aria-label=\"Evidence\">"
			"<table><caption>Where it was read, and what it says</caption>"
			"<thead><tr><th scope=\"col\">Source</th>"
			"<th scope=\"col\">Value</th></tr></thead>\n<tbody>\n");
	if (finding->first)
		put_row(out, "FIRST", finding->first);
	if (finding->second)
		put_row(out, "SECOND", finding->second);
	for (size_t i = 0; i < finding->n_evidence && i < MAX_EVIDENCE; i++)
		put_row(out, finding->evidence[i].source, finding->evidence[i].value);
	efimap_out_puts(out, "</tbody></table></div></details>\n");
}

static void put_finding(const struct plot *plot, const struct efimap_finding *finding,
			struct efimap_out *out)
{
	const char *severity = efimap_severity_name(finding->severity);

	efimap_out_printf(out,
			  "<article class=\"finding %s\">\n<h3><span class=\"severity\">"
			  "%s</span>: <a href=\"#rule-%s\">%s</a></h3>\n",
			  severity, severity, finding->rule->name, finding->rule->name);
	html_put_text(out, "p", "", finding->message);
	efimap_out_printf(out, "\n<p class=\"faint\">next kernel: %s",
			  efimap_consequence_name(finding->consequence));
	put_entries(plot, finding, out);
	efimap_out_puts(out, "</p>\n");
	put_evidence(finding, out);
	efimap_out_puts(out, "</article>\n");
}

void html_put_findings(const struct plot *plot, struct efimap_out *out)
{
	const struct efimap_report *report = plot_report(plot->input);

	html_open_section(out, "findings", "Findings");
	efimap_out_puts(out, "<p>");
	report_text_counts(report, out);
	efimap_out_puts(out, ".</p>\n");
	if (*report->reason)
		html_put_text(out, "p", "", report->reason);
	for (size_t i = 0; i < report->n_findings && i < MAX_FINDINGS; i++)
		put_finding(plot, &report->findings[i], out);
	if (report->n_findings > MAX_FINDINGS)
		efimap_out_printf(out, "<p>And %zu more.</p>\n",
				  report->n_findings - MAX_FINDINGS);
	efimap_out_puts(out, "</section>\n");
}

/* Open where it matters, so that it is printed; its link opens what is closed. */
static void put_rule(const struct efimap_rule *rule, struct efimap_out *out)
{
	const struct {
		const char *heading;
		const char *text;
	} parts[] = {
		{ "What it tests", rule->text->tests },
		{ "Why it matters", rule->text->why },
		{ "What breaks in the next kernel", rule->text->breaks },
		{ "Exceptions", rule->text->exceptions },
		{ "What to do", rule->text->fix },
		{ "Seen", rule->text->experiment },
		{ "Source", rule->text->source },
	};
	const char *severity = efimap_severity_name(rule->severity);

	efimap_out_printf(
		out,
		"<details class=\"rule %s\"%s><summary><code>%s</code>: <span "
		"class=\"severity\">%s</span></summary>\n<div id=\"rule-%s\">\n",
		severity, rule->severity > EFIMAP_NOTE ? " open" : "", rule->name,
		severity, rule->name);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		html_put_text(out, "h3", "", parts[i].heading);
		html_put_text(out, "p", "", parts[i].text);
		efimap_out_putc(out, '\n');
	}
	efimap_out_puts(out, "</div></details>\n");
}

void html_put_rules(const struct efimap_report *report, struct efimap_out *out)
{
	bool said[EFIMAP_RULE_COUNT] = { false };

	if (!report->n_findings)
		return;
	html_open_section(out, "rules", "The rules that spoke");
	for (size_t i = 0; i < report->n_findings; i++) {
		const struct efimap_rule *rule = report->findings[i].rule;

		if (!said[rule->id])
			put_rule(rule, out);
		said[rule->id] = true;
	}
	efimap_out_puts(out, "</section>\n");
}

void html_put_skipped(const struct efimap_report *report, struct efimap_out *out)
{
	if (!report->n_skipped)
		return;
	html_open_section(out, "skipped", "Not tried");
	efimap_out_puts(out, "<ul>\n");
	for (size_t i = 0; i < report->n_skipped; i++) {
		efimap_out_printf(out,
				  "<li><code>%s</code>: ", report->skipped[i].rule->name);
		xml_text(out, report->skipped[i].why);
		efimap_out_puts(out, "</li>\n");
	}
	efimap_out_puts(out, "</ul></section>\n");
}
