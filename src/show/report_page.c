/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Write the page for a ticket: a single file that runs no code and loads nothing. Its content
 * security policy forbids both, in case xml_put() fails to escape a hostile label. The page may be
 * public, so it contains nothing that efimap_redact_capture() removes.
 */
#include <errno.h>
#include <string.h>

#include "answer/answers.h"
#include "capture/redaction.h"
#include "document/snapshot.h"
#include "show/dump_columns.h"
#include "show/dump_text.h"
#include "show/dump_view.h"
#include "show/machine_facts.h"
#include "show/picture/lanes.h"
#include "show/picture/legend.h"
#include "show/picture/plot.h"
#include "show/picture/region_texts.h"
#include "show/report_page.h"
#include "show/styles.h"
#include "show/comparison.h"
#include "show/dump.h"
#include "show/explain.h"
#include "show/picture/svg.h"
#include "show/report.h"
#include "show/text_style.h"

/* Maximum numbers of findings of a rule, and of entries and facts of a finding. */
#define MAX_FINDINGS 100
#define MAX_ENTRIES 64
#define MAX_EVIDENCE 64
/* Maximum indentation of a line of iomem, in levels. */
#define MAX_DEPTH 8
/* Columns of dump between the index of an entry and its rules. */
#define COLUMNS "TYPE,ATTR,PHYS,END,SIZE,VIRT,MEMMAP,IOMEM"

static void html_open_section(struct xml *xml, const char *id, const char *heading)
{
	xml_put(xml,
		"<section id=\"%s\" aria-labelledby=\"%s-heading\">\n"
		"<h2 id=\"%s-heading\">%s</h2>\n",
		id, id, id, heading);
}

/* Write the index of an entry, as a link if the page has a row for the entry. */
static void html_put_entry_link(const struct plot *plot, unsigned int side,
				uint32_t index, struct xml *xml)
{
	const struct efimap *map = &plot->sides[side].map;
	const struct efimap_entry *entry = efimap_find_entry(map, index);

	if (entry && (size_t)(entry - map->entries) < SVG_LINKED_ROWS)
		xml_put(xml, "<a href=\"#entry-%u-%zu\">%u</a>", side,
			(size_t)(entry - map->entries), index);
	else
		xml_put(xml, "%u", index);
}

static void html_put_entry_links(const struct plot *plot,
				 const struct efimap_finding *finding, struct xml *xml)
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
		html_put_entry_link(plot, side, finding->entries[i], xml);
	}
}

static void html_put_fact_row(struct xml *xml, const char *source, const char *value)
{
	if (value)
		xml_put(xml,
			"<tr><th scope=\"row\">%s</th><td class=\"wrap\">%s</td></tr>\n",
			source, value);
}

/* Return the value of a fact, or the redacted command line for a fact from the command line. */
static const char *html_fact_value(const struct plot *plot, const struct efimap_evidence *fact)
{
	return strcmp(fact->source, efimap_source_path(EFIMAP_SRC_CMDLINE)) == 0 ?
		       plot->sides[0].map.cmdline : fact->value;
}

static void html_put_evidence(const struct plot *plot, const struct efimap_finding *finding,
			      struct xml *xml)
{
	if (!finding->n_evidence && !finding->first && !finding->second)
		return;
	xml_put(xml, "<details><summary>Evidence</summary>\n<div class=\"scroll\" "
		     "tabindex=\"0\" role=\"region\" "
		     "aria-label=\"Evidence\"><table><caption>Source and value of each "
		     "fact</caption><thead><tr><th scope=\"col\">Source</th><th "
		     "scope=\"col\">Value</th></tr></thead>\n<tbody>\n");
	html_put_fact_row(xml, "FIRST", finding->first);
	html_put_fact_row(xml, "SECOND", finding->second);
	for (size_t i = 0; i < finding->n_evidence && i < MAX_EVIDENCE; i++)
		html_put_fact_row(xml, finding->evidence[i].source,
				  html_fact_value(plot, &finding->evidence[i]));
	xml_put(xml, "</tbody></table></div></details>\n");
}

static void html_put_finding(const struct plot *plot,
			     const struct efimap_finding *finding, struct xml *xml)
{
	xml_put(xml,
		"<p>%s</p>\n<p class=\"faint\">%s; next kernel: %s", finding->message,
		efimap_severity_name(finding->severity),
		efimap_outcome_words(finding->consequence));
	html_put_entry_links(plot, finding, xml);
	xml_put(xml, "</p>\n");
	html_put_evidence(plot, finding, xml);
}

static void html_put_explanation(const struct efimap_rule *rule, struct xml *xml)
{
	xml_put(xml,
		"<p class=\"action\"><b>What to do:</b> %s</p>\n"
		"<details><summary>Why it matters, and where it was seen</summary>\n",
		efimap_rule_explains(rule, RULE_FIX));
	for (const struct explain_section *section = explain_sections; section->key; section++)
		if (section->text != RULE_FIX)
			xml_put(xml, "<h4>%s</h4><p>%s</p>\n", section->heading,
				efimap_rule_explains(rule, section->text));
	xml_put(xml, "</details>\n</article>\n");
}

/* Write a rule and its first MAX_FINDINGS findings. @first is the index of the first finding. */
static void html_put_rule(const struct plot *plot, const struct efimap_report *report,
			  size_t first, struct xml *xml)
{
	const struct efimap_rule *rule = report->findings[first].rule;
	const char *severity = efimap_severity_name(report->findings[first].severity);
	size_t shown = 0;

	xml_put(xml,
		"<article class=\"finding %s\" id=\"rule-%s\">\n<h3><span class=\"severity\">"
		"%s</span>: %s</h3>\n",
		severity, rule->name, severity, rule->name);
	for (size_t i = first; i < report->n_findings; i++)
		if (report->findings[i].rule == rule && shown++ < MAX_FINDINGS)
			html_put_finding(plot, &report->findings[i], xml);
	if (shown > MAX_FINDINGS)
		xml_put(xml, "<p>And %zu more.</p>\n", shown - MAX_FINDINGS);
	html_put_explanation(rule, xml);
}

/*
 * Return whether all findings of a rule are notes that do not affect the next kernel. Such a rule
 * is shown after the others.
 */
static bool html_is_last(const struct efimap_report *report, const struct efimap_rule *rule)
{
	for (size_t i = 0; i < report->n_findings; i++)
		if (report->findings[i].rule == rule &&
		    (report->findings[i].severity != EFIMAP_NOTE ||
		     report->findings[i].consequence != EFIMAP_OUTCOME_NONE))
			return false;
	return true;
}

static void html_put_rules(const struct plot *plot, const struct efimap_report *report,
			   bool last, struct xml *xml)
{
	bool shown[EFIMAP_RULE_COUNT] = { false };

	for (size_t i = 0; i < report->n_findings; i++) {
		const struct efimap_rule *rule = report->findings[i].rule;

		if (!shown[rule->id] && html_is_last(report, rule) == last)
			html_put_rule(plot, report, i, xml);
		shown[rule->id] = true;
	}
}

static void html_put_findings(const struct plot *plot, const struct efimap_report *report,
			      struct xml *xml)
{
	efimap_auto_out struct efimap_out counts = EFIMAP_OUT_MEM;

	html_open_section(xml, "findings", "Findings");
	report_text_counts(report, &counts);
	/* Remove the final newline. */
	if (counts.used)
		counts.used--;
	xml_put(xml, "<p>%s.</p>\n", xml_gathered(xml, &counts));
	if (*efimap_reason_of(report))
		xml_put(xml, "<p>%s</p>", efimap_reason_of(report));
	html_put_rules(plot, report, false, xml);
	html_put_rules(plot, report, true, xml);
	xml_put(xml, "</section>\n");
}

static void html_put_skipped(const struct efimap_report *report, struct xml *xml)
{
	if (!report->n_skipped)
		return;
	html_open_section(xml, "skipped", "Skipped rules");
	xml_put(xml, "<ul>\n");
	for (size_t i = 0; i < report->n_skipped; i++)
		xml_put(xml, "<li><code>%s</code>: %s</li>\n",
			report->skipped[i].rule->name, report->skipped[i].why);
	xml_put(xml, "</ul></section>\n");
}

static void html_put_rule_links(struct dump_view *view, size_t position, struct xml *xml)
{
	const struct efimap_rule *rule;
	const char *between = "";
	size_t from = 0;

	xml_put(xml, "<td class=\"wrap\">");
	while ((rule = dump_view_rule(view, position, &from))) {
		xml_put(xml, "%s<a href=\"#rule-%s\">%s</a>", between, rule->name,
			rule->name);
		between = ", ";
	}
	xml_put(xml, "</td>");
}

/* Write a cell. A blank after each comma of a list allows the browser to wrap the list. */
static void html_put_column(struct dump_view *view, size_t position, size_t column,
			    struct xml *xml)
{
	const unsigned int flags = dump_columns[column].flags;
	efimap_auto_out struct efimap_out cell = EFIMAP_OUT_MEM;
	const char *text, *between = "";
	char *rest;

	dump_put_cell(view, position, column, &cell);
	text = xml_gathered(xml, &cell);
	if (!(flags & TABLE_LIST)) {
		xml_put(xml, "<td class=\"%s\">%s</td>", flags & TABLE_RIGHT ? "right" : "left",
			text);
		return;
	}
	xml_put(xml, "<td class=\"wrap\">");
	for (rest = *text ? cell.data : NULL; rest; between = ", ")
		xml_put(xml, "%s%s", between, strsep(&rest, ","));
	xml_put(xml, "</td>");
}

static void html_put_entry(struct plot_side *side, size_t position, struct xml *xml)
{
	size_t columns[EFIMAP_MAX_COLUMNS], count = 0;

	efimap_dump_columns_parse(COLUMNS, columns, &count, NULL);
	xml_put(xml, "<th scope=\"row\" class=\"right\">%u</th>",
		side->map.entries[position].index);
	for (size_t i = 0; i < count; i++)
		html_put_column(&side->view, position, columns[i], xml);
	html_put_rule_links(&side->view, position, xml);
}

/* Screen readers skip the no-break spaces that indent a nested region. */
static void html_put_region(uint32_t number, const char *name, uint32_t depth,
			    struct efimap_span span, bool is_bad, struct xml *xml)
{
	efimap_auto_out struct efimap_out size = EFIMAP_OUT_MEM;

	xml_put(xml, "<th scope=\"row\" class=\"right\">%u</th><td class=\"wrap\">", number);
	for (uint32_t i = 0; i < depth && i < MAX_DEPTH; i++)
		xml_put(xml, "&#160;&#160;");
	if (!is_bad)
		text_span_size(&size, efimap_span_bytes(span));
	xml_put(xml, "%s</td><td>0x%jx</td><td>0x%jx</td><td class=\"right\">%s</td>", name,
		(uintmax_t)span.first, (uintmax_t)span.last, xml_gathered(xml, &size));
}

static void html_put_row(struct plot_side *side, enum plot_lane_kind kind, size_t row,
			 struct xml *xml)
{
	const struct efimap *map = &side->map;

	if (kind == PLOT_LANE_MEMMAP) {
		const struct efimap_range *range = &map->memmap[row];

		html_put_region(range->index, range->label, 0,
				(struct efimap_span){ range->start, range->end }, range->bad,
				xml);
	} else if (kind == PLOT_LANE_IOMEM) {
		const struct efimap_resource *line = &map->iomem[row];

		html_put_region((uint32_t)row + 1, line->name, line->depth, line->span, false,
				xml);
	} else if (kind == PLOT_LANE_TABLES) {
		xml_put(xml, "<th scope=\"row\">%s</th><td>0x%jx</td>", map->tables[row].name,
			(uintmax_t)map->tables[row].value);
	} else {
		html_put_entry(side, row, xml);
	}
}

/*
 * struct table - a table of the page, with a row for each region of @lane
 * @always: show the table even if it is empty
 */
struct table {
	const char *id;
	const char *title;
	enum plot_lane_kind lane;
	bool always;
	const char *headings[11];
};

static const struct table tables[] = {
	{ "runtime-map", "Runtime map", PLOT_LANE_RUNTIME, true,
	  { "Index", "Type", "Attributes", "Start", "End", "Size", "Virtual", "Memmap",
	    "iomem", "Rules" } },
	{ "memory-map", "Firmware memory map (memmap)", PLOT_LANE_MEMMAP, false,
	  { "Index", "Type", "Start", "End", "Size" } },
	{ "io-memory", "/proc/iomem", PLOT_LANE_IOMEM, false,
	  { "Line", "Name", "Start", "End", "Size" } },
	{ "tables", "Configuration tables listed in the kernel log", PLOT_LANE_TABLES, false,
	  { "Name", "Address" } },
};

/* The tabindex allows users to scroll a wide table with the keyboard. */
static void html_open_table(const struct table *table, unsigned int number, bool compared,
			    size_t n_rows, struct xml *xml)
{
	static const char *const sides[] = { " of FIRST", " of SECOND" };
	efimap_auto_out struct efimap_out id = EFIMAP_OUT_MEM, title = EFIMAP_OUT_MEM;

	efimap_out_printf(&id, "%s-%u", table->id, number);
	efimap_out_printf(&title, "%s%s", table->title, compared ? sides[number] : "");
	html_open_section(xml, xml_gathered(xml, &id), xml_gathered(xml, &title));
	xml_put(xml,
		"<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
		"aria-labelledby=\"%s-%u-heading\">\n<table>\n<caption>%zu %s",
		table->id, number, n_rows, n_rows == 1 ? "row" : "rows");
	if (n_rows > SVG_LINKED_ROWS)
		xml_put(xml, ", of which the first %u are shown", SVG_LINKED_ROWS);
	xml_put(xml, "</caption>\n<thead><tr>");
	for (size_t i = 0; table->headings[i]; i++)
		xml_put(xml, "<th scope=\"col\">%s</th>", table->headings[i]);
	xml_put(xml, "</tr></thead>\n<tbody>\n");
}

static void html_put_table(const struct table *table, struct plot *plot,
			   unsigned int number, struct xml *xml)
{
	struct plot_side *side = &plot->sides[number];
	const size_t n_rows = plot_lane_length(&side->map, table->lane);

	if (!n_rows && !table->always)
		return;
	html_open_table(table, number, plot->n_sides == 2, n_rows, xml);
	for (size_t row = 0; row < n_rows && row < SVG_LINKED_ROWS; row++) {
		xml_put(xml, "<tr id=\"%s-%u-%zu\">", plot_lane_names[table->lane].row,
			number, row);
		html_put_row(side, table->lane, row, xml);
		xml_put(xml, "</tr>\n");
	}
	xml_put(xml, "</tbody>\n</table>\n</div>\n</section>\n");
}

static void html_put_head(const struct efimap_plot_input *input, struct xml *xml)
{
	xml_put(xml,
		"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
		"'none'; style-src 'unsafe-inline'; base-uri 'none'; "
		"form-action 'none'\">\n"
		"<meta name=\"referrer\" content=\"no-referrer\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, "
		"initial-scale=1\">\n"
		"<meta name=\"color-scheme\" content=\"light dark\">\n"
		"<meta name=\"generator\" content=\"" EFIMAP_TOOL "\">\n"
		"<title>EFI runtime map");
	if (input->second)
		xml_put(xml, "s of %s and %s", plot_source_name(input->map),
			plot_source_name(input->second));
	else if (efimap_has(input->map, EFIMAP_SRC_DMI))
		xml_put(xml, " of %s %s", input->map->dmi[EFIMAP_DMI_SYS_VENDOR],
			input->map->dmi[EFIMAP_DMI_PRODUCT_NAME]);
	xml_put(xml,
		"</title>\n<style>\n" REPORT_PAGE_CSS "\n" PICTURE_CSS "\n</style>\n</head>\n");
}

static void html_put_fact(struct xml *xml, const char *name, const char *value)
{
	xml_put(xml, "<dt>%s</dt><dd class=\"source\">%s</dd>\n", name, value);
}

static void html_put_machine(const struct efimap *map, struct xml *xml)
{
	const char *name;

	for (size_t i = 0;; i++) {
		efimap_auto_out struct efimap_out value = EFIMAP_OUT_MEM;

		name = machine_fact(map, i, &value);
		if (!name)
			return;
		html_put_fact(xml, name, xml_gathered(xml, &value));
	}
}

static void html_put_pointer(const char *name, uint64_t value, struct efimap_out *out)
{
	efimap_out_printf(out, "%s%s ", out->used ? ", " : "", name);
	efimap_out_hex(out, value);
}

static void html_put_pointers(const struct efimap *map, struct xml *xml)
{
	const struct {
		enum efimap_source source;
		uint64_t value;
	} files[] = {
		{ EFIMAP_SRC_FW_VENDOR, map->fw_vendor },
		{ EFIMAP_SRC_RUNTIME, map->runtime },
		{ EFIMAP_SRC_CONFIG_TABLE, map->config_table },
	};
	efimap_auto_out struct efimap_out text = EFIMAP_OUT_MEM;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (efimap_has(map, files[i].source))
			html_put_pointer(efimap_source_name(files[i].source), files[i].value,
					 &text);
	for (size_t i = 0; i < map->n_systab; i++)
		html_put_pointer(map->systab[i].name, map->systab[i].value, &text);
	if (text.used || text.error)
		html_put_fact(xml, "Pointers", xml_gathered(xml, &text));
}

static void html_put_redacted(const struct efimap *map, struct xml *xml)
{
	xml_put(xml, "<dt>Left out</dt><dd>");
	if (map->n_redacted)
		xml_put(xml, "kernel parameters that may contain secrets (%u); ",
			map->n_redacted);
	if (strcmp(map->name, "/") != 0)
		xml_put(xml, "the directory of the source; ");
	xml_put(xml, "serial numbers and keys (never read)</dd>\n");
}

static void html_put_side_facts(const struct plot *plot, unsigned int side,
				struct xml *xml)
{
	static const char *const names[] = { "FIRST", "SECOND" };
	const struct efimap *map = &plot->sides[side].map;
	efimap_auto_out struct efimap_out total = EFIMAP_OUT_MEM;

	/* Write a file name only to distinguish two captures, because the page may be public. */
	if (plot->n_sides == 2)
		html_put_fact(xml, names[side], plot_source_name(map));
	html_put_machine(map, xml);
	dump_put_total(map, false, &total);
	xml_put(xml, "<dt>Map</dt><dd>%s</dd>\n", xml_gathered(xml, &total));
	html_put_pointers(map, xml);
	if (*map->cmdline)
		html_put_fact(xml, "Kernel parameters", map->cmdline);
	html_put_redacted(map, xml);
}

static void html_put_verdict(const struct plot *plot, struct xml *xml)
{
	const struct efimap_plot_input *input = plot->input;

	html_put_fact(xml, "Verdict",
		      efimap_verdict_name(input->comparison ?
						  efimap_verdict_of_comparison(input->comparison) :
						  efimap_verdict_of(input->report)));
	if (!input->comparison && efimap_report_is_partial(input->report))
		html_put_fact(xml, "Missing", input->report->reason);
}

static void html_put_nav(const struct plot *plot, const struct efimap_report *report,
			 struct xml *xml)
{
	const bool two = plot->n_sides == 2;
	const struct {
		const char *id;
		const char *text;
		bool is_shown;
	} items[] = {
		{ "received", "EFI data from the first kernel", plot->input->received != NULL },
		{ "findings", "Findings", true },
		{ "picture", "Picture", true },
		{ "runtime-map-0", two ? "Runtime map of FIRST" : "Runtime map", true },
		{ "runtime-map-1", "Runtime map of SECOND", two },
		{ "skipped", "Skipped rules", report->n_skipped > 0 },
		{ "snapshot", "Snapshot", !two },
	};

	xml_put(xml, "<nav aria-label=\"Contents\">\n<ul>\n");
	for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++)
		if (items[i].is_shown)
			xml_put(xml, "<li><a href=\"#%s\">%s</a></li>\n", items[i].id,
				items[i].text);
	xml_put(xml, "</ul>\n</nav>\n");
}

static void html_put_answer(const struct efimap_report *report, struct xml *xml)
{
	for (size_t i = 0; i < report->n_lines; i++) {
		const struct efimap_advice *advice = report->lines[i].advice;

		xml_put(xml, "<p class=\"answer\">%s</p>\n", report->lines[i].text);
		if (advice && advice->command)
			xml_put(xml, "<p class=\"action\"><b>Use:</b> <code>%s</code></p>\n",
				advice->command);
		else if (advice)
			xml_put(xml, "<p class=\"action\">%s.</p>\n", advice->text);
		if (advice && advice->command_note)
			xml_put(xml, "<p class=\"action\">%s.</p>\n", advice->command_note);
	}
	if (!report->n_lines)
		xml_put(xml, "<p class=\"answer\">%s</p>\n", report->answer);
}

static void html_put_received(const struct efimap_received *received, struct xml *xml)
{
	if (!received)
		return;
	html_open_section(xml, "received", "EFI data from the first kernel");
	xml_put(xml, "<p>%s: %s</p>\n<ul>\n", efimap_verdict_name(received->verdict),
		received->reason);
	for (size_t i = 0; i < received->n_causes; i++) {
		const struct efimap_cause *cause = &received->causes[i];

		xml_put(xml, "<li>cause %s: %s [<code>%s</code>]",
			efimap_cause_certainty_name(cause->certainty), cause->why,
			cause->name);
		if (cause->certainty != EFIMAP_CAUSE_EXCLUDED)
			xml_put(xml, "<br>How to tell: %s", cause->how_to_check);
		xml_put(xml, "</li>\n");
	}
	xml_put(xml, "</ul>\n");
	if (received->verdict == EFIMAP_VERDICT_NOT_RECEIVED)
		xml_put(xml, "<p class=\"action\">%s</p>\n", RECEIVED_REMEDY);
	xml_put(xml, "</section>\n");
}

static void html_put_top(const struct plot *plot, const struct efimap_report *report,
			 const char *date, struct xml *xml)
{
	xml_put(xml,
		"<body>\n<a class=\"skip\" href=\"#findings\">Skip to the findings"
		"</a>\n<header>\n<h1>EFI runtime map%s</h1>\n",
		plot->n_sides == 2 ? ": two kernels" : "");
	if (plot->input->received)
		html_put_answer(plot->input->received->report, xml);
	html_put_answer(report, xml);
	xml_put(xml, "<dl class=\"facts\">\n");
	for (unsigned int i = 0; i < plot->n_sides; i++)
		html_put_side_facts(plot, i, xml);
	html_put_verdict(plot, xml);
	if (date)
		xml_put(xml, "<dt>Written</dt><dd><time datetime=\"%s\">%s</time></dd>\n",
			date, date);
	xml_put(xml, "</dl>\n</header>\n");
	html_put_nav(plot, report, xml);
}

static void html_put_picture(struct plot *plot, struct xml *xml)
{
	html_open_section(xml, "picture", "Picture");
	xml_put(xml,
		"<p class=\"faint\">Addresses increase from top to bottom. The height of a "
		"region grows with the logarithm of its size. Unused ranges are "
		"shortened. Regions link to their rows in the tables below.</p>\n<a "
		"class=\"skip\" href=\"#findings\">Skip the picture</a>\n<div "
		"class=\"scroll\" tabindex=\"0\" role=\"region\" "
		"aria-labelledby=\"picture-heading\">\n");
	svg_put(plot, true, xml);
	xml_put(xml, "</div>\n</section>\n");
}

/* A page about two kernels has no snapshot, because a SOURCE is a single capture. */
static int html_put_snapshot(const struct plot *plot, struct xml *xml)
{
	efimap_auto_out struct efimap_out json = EFIMAP_OUT_MEM;
	int ret;

	if (plot->n_sides == 2)
		return 0;
	ret = efimap_snapshot_write(plot->input->map, false, &json);
	if (ret == 0 && json.used > EFIMAP_DOCUMENT_MAX_BYTES)
		ret = -EFBIG;
	if (ret < 0)
		return ret;
	html_open_section(xml, "snapshot", "Snapshot");
	xml_put(xml, "<p>This page contains a redacted snapshot, so "
		     "efimapctl accepts the page as SOURCE.</p>\n");
	xml_data(xml, EFIMAP_SNAPSHOT_ID, &json);
	xml_put(xml, "</section>\n");
	return 0;
}

static int html_put_page(struct plot *plot, const char *date, struct xml *xml)
{
	const struct efimap_report *report = plot_report(plot->input);
	int ret;

	html_put_head(plot->input, xml);
	html_put_top(plot, report, date, xml);
	xml_put(xml, "<main id=\"main\">\n");
	html_put_received(plot->input->received, xml);
	html_put_findings(plot, report, xml);
	html_put_picture(plot, xml);
	for (unsigned int i = 0; i < plot->n_sides; i++)
		for (size_t t = 0; t < sizeof(tables) / sizeof(tables[0]); t++)
			html_put_table(&tables[t], plot, i, xml);
	html_put_skipped(report, xml);
	ret = html_put_snapshot(plot, xml);
	xml_put(xml, "</main>\n<footer>Written by " EFIMAP_TOOL ".</footer>\n"
		     "</body>\n</html>\n");
	return ret;
}

int efimap_plot_write_html(const struct efimap_plot_input *input,
			   const struct efimap_plot_options *options,
			   struct efimap_out *out)
{
	struct efimap_redacted_capture efimap_auto_redacted_capture first = { 0 },
								    second = { 0 };
	struct efimap_plot_input shown = *input;
	plot_auto struct plot plot = { 0 };
	int ret = efimap_redact_capture(input->map, &first);

	shown.map = &first.map;
	if (ret)
		return ret;
	if (input->second) {
		ret = efimap_redact_capture(input->second, &second);
		if (ret)
			return ret;
		shown.second = &second.map;
	}
	ret = svg_open(&shown, options, &plot);
	if (ret)
		return ret;
	ret = html_put_page(&plot, options->date, xml_of(out));
	return ret ? ret : out->error;
}
