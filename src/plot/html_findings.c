/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The findings of the page, and what there is to know of the rules behind them. */
#include <inttypes.h>

#include "format/report_text.h"
#include "plot/html.h"
#include "plot/svg.h"

/* More findings, or entries and facts of one, are counted, not listed. */
#define MAX_FINDINGS 500
#define MAX_ENTRIES 64
#define MAX_EVIDENCE 64

void html_open_section(struct xml *xml, const char *id, const char *heading)
{
	xml_put(xml,
		"<section id=\"%s\" aria-labelledby=\"%s-heading\">\n"
		"<h2 id=\"%s-heading\">%s</h2>\n",
		id, id, id, heading);
}

/* An index that no entry has names a directory that could not be read. */
static void put_entry(const struct plot *plot, unsigned int side, uint32_t index,
		      struct xml *xml)
{
	const struct efimap *map = plot->sides[side].map;
	const struct efimap_entry *entry = efimap_find_entry(map, index);

	if (entry && entry - map->entries < SVG_LINKED_ROWS)
		xml_put(xml, "<a href=\"#entry-%u-%zu\">%" PRIu32 "</a>", side,
			(size_t)(entry - map->entries), index);
	else
		xml_put(xml, "%" PRIu32, index);
}

static void put_entries(const struct plot *plot, const struct efimap_finding *finding,
			struct xml *xml)
{
	const unsigned int side =
		plot->n_sides == 2 && finding->rule->id == EFIMAP_RULE_DRIFT_EXTRA;

	if (!finding->n_entries)
		return;
	xml_put(xml, "; on %s ", finding->n_entries == 1 ? "entry" : "entries");
	for (size_t i = 0; i < finding->n_entries; i++) {
		if (i == MAX_ENTRIES) {
			xml_put(xml, " and %zu more", finding->n_entries - i);
			return;
		}
		if (i)
			xml_put(xml, ", ");
		put_entry(plot, side, finding->entries[i], xml);
	}
}

static void put_row(struct xml *xml, const char *source, const char *value)
{
	xml_put(xml, "<tr><th scope=\"row\">%s</th><td class=\"wrap\">%s</td></tr>\n",
		source, value);
}

static void put_evidence(const struct efimap_finding *finding, struct xml *xml)
{
	if (!finding->n_evidence && !finding->first && !finding->second)
		return;
	xml_put(xml, "<details><summary>Evidence</summary>\n<div class=\"scroll\" "
		     "tabindex=\"0\" role=\"region\" aria-label=\"Evidence\">"
		     "<table><caption>Where it was read, and what it says</caption>"
		     "<thead><tr><th scope=\"col\">Source</th>"
		     "<th scope=\"col\">Value</th></tr></thead>\n<tbody>\n");
	if (finding->first)
		put_row(xml, "FIRST", finding->first);
	if (finding->second)
		put_row(xml, "SECOND", finding->second);
	for (size_t i = 0; i < finding->n_evidence && i < MAX_EVIDENCE; i++)
		put_row(xml, finding->evidence[i].source, finding->evidence[i].value);
	xml_put(xml, "</tbody></table></div></details>\n");
}

static void put_finding(const struct plot *plot, const struct efimap_finding *finding,
			struct xml *xml)
{
	const char *severity = efimap_severity_name(finding->severity);

	xml_put(xml,
		"<article class=\"finding %s\">\n<h3><span class=\"severity\">"
		"%s</span>: <a href=\"#rule-%s\">%s</a></h3>\n",
		severity, severity, finding->rule->name, finding->rule->name);
	xml_put(xml, "<p>%s</p>", finding->message);
	xml_put(xml, "\n<p class=\"faint\">next kernel: %s",
		efimap_consequence_name(finding->consequence));
	put_entries(plot, finding, xml);
	xml_put(xml, "</p>\n");
	put_evidence(finding, xml);
	xml_put(xml, "</article>\n");
}

void html_put_findings(const struct plot *plot, struct xml *xml)
{
	const struct efimap_report *report = plot_report(plot->input);
	efimap_auto_out struct efimap_out counts = EFIMAP_OUT_MEM;

	html_open_section(xml, "findings", "Findings");
	report_text_counts(report, &counts);
	xml_put(xml, "<p>%s.</p>\n", xml_gathered(xml, &counts));
	if (*report->reason)
		xml_put(xml, "<p>%s</p>", report->reason);
	for (size_t i = 0; i < report->n_findings && i < MAX_FINDINGS; i++)
		put_finding(plot, &report->findings[i], xml);
	if (report->n_findings > MAX_FINDINGS)
		xml_put(xml, "<p>And %zu more.</p>\n", report->n_findings - MAX_FINDINGS);
	xml_put(xml, "</section>\n");
}

/* Open where it matters, so that it is printed; its link opens what is closed. */
static void put_rule(const struct efimap_rule *rule, struct xml *xml)
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

	xml_put(xml,
		"<details class=\"rule %s\"%s><summary><code>%s</code>: <span "
		"class=\"severity\">%s</span></summary>\n<div id=\"rule-%s\">\n",
		severity, rule->severity > EFIMAP_NOTE ? " open" : "", rule->name,
		severity, rule->name);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		xml_put(xml, "<h3>%s</h3><p>%s</p>\n", parts[i].heading, parts[i].text);
	}
	xml_put(xml, "</div></details>\n");
}

void html_put_rules(const struct efimap_report *report, struct xml *xml)
{
	bool said[EFIMAP_RULE_COUNT] = { false };

	if (!report->n_findings)
		return;
	html_open_section(xml, "rules", "The rules that spoke");
	for (size_t i = 0; i < report->n_findings; i++) {
		const struct efimap_rule *rule = report->findings[i].rule;

		if (!said[rule->id])
			put_rule(rule, xml);
		said[rule->id] = true;
	}
	xml_put(xml, "</section>\n");
}

void html_put_skipped(const struct efimap_report *report, struct xml *xml)
{
	if (!report->n_skipped)
		return;
	html_open_section(xml, "skipped", "Not tried");
	xml_put(xml, "<ul>\n");
	for (size_t i = 0; i < report->n_skipped; i++) {
		xml_put(xml, "<li><code>%s</code>: %s</li>\n",
			report->skipped[i].rule->name, report->skipped[i].why);
	}
	xml_put(xml, "</ul></section>\n");
}
