/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Write a report for a mailing list. Each section is collected in memory first, because the map may
 * use only the lines that the sections before it do not need.
 */
#include <errno.h>
#include <string.h>

#include "base/escape_text.h"
#include "base/utf8.h"
#include "rules/outcome.h"
#include "show/dump.h"
#include "show/dump_columns.h"
#include "show/machine_facts.h"
#include "show/report.h"
#include "show/report_text.h"
#include "show/text_style.h"

/* Maximum number of lines of each section. The map uses the remaining lines of the report. */
#define HEAD_LINES 12
#define ANSWER_LINES 14
#define FINDING_LINES 20
#define FIX_INDENT 4
/* Columns of dump that fit into a line. */
#define COLUMNS "IDX,TYPE,ATTR,PHYS,SIZE,VIRT"

static size_t count_lines(const char *text)
{
	size_t lines = 0;

	while ((text = strchr(text, '\n'))) {
		lines++;
		text++;
	}
	return lines;
}

/* Return the number of bytes at the start of @line that fit into a line of the report. */
static size_t bytes_of_line(const char *line, size_t len)
{
	size_t at = 0, columns = 0;

	while (at < len && columns < REPORT_TEXT_COLUMNS) {
		const size_t bytes = efimap_utf8_length(line + at, len - at);

		at += bytes ? bytes : 1;
		columns++;
	}
	return at < len ? at : len;
}

/*
 * Write at most @most lines of a section and return their number.
 *
 * @command: command that shows the remaining lines
 * @is_cut:  truncate long lines; false for a section with commands
 */
static size_t put_section(struct efimap_out *section, size_t most, const char *command,
			  bool is_cut, struct efimap_out *out)
{
	const char *text = efimap_out_text(section, out);
	const size_t total = count_lines(text);
	const size_t shown = total > most ? most - 1 : total;

	for (size_t i = 0; i < shown; i++) {
		const size_t len = strcspn(text, "\n");

		efimap_out_write(out, text, is_cut ? bytes_of_line(text, len) : len);
		efimap_out_putc(out, '\n');
		text += len + 1;
	}
	if (shown == total)
		return total;
	efimap_out_printf(out, "(%zu more lines: efimapctl %s)\n", total - shown, command);
	return most;
}

static void put_parameters(const struct efimap *map, struct efimap_out *out)
{
	efimap_auto_out struct efimap_out value = EFIMAP_OUT_MEM;
	efimap_auto_free char *kept = strdup(map->cmdline);
	size_t len;

	if (!kept)
		out->error = -ENOMEM;
	if (!kept || (!*kept && !map->n_redacted))
		return;
	/* Redaction replaces the other parameters with one of "x". */
	for (len = strlen(kept); len && strchr("x ", kept[len - 1]);)
		len--;
	kept[map->redacted ? len : strlen(kept)] = '\0';
	efimap_out_puts(&value, kept);
	if (map->n_redacted)
		efimap_out_printf(&value, "%s(%u omitted)", *kept ? " " : "", map->n_redacted);
	machine_fact_write("Parameters", efimap_out_text(&value, out), NULL, REPORT_TEXT_COLUMNS,
			   out);
}

static int put_head(const struct efimap *map, const struct efimap_report *report,
		    struct efimap_out *out)
{
	const int ret = machine_facts_write(map, NULL, REPORT_TEXT_COLUMNS, out);

	put_parameters(map, out);
	machine_fact_write("Verdict", efimap_verdict_name(efimap_verdict_of(report)), NULL,
			   REPORT_TEXT_COLUMNS, out);
	return ret;
}

static bool is_last_of_rule(const struct efimap_report *report, size_t at)
{
	for (size_t i = at + 1; i < report->n_findings; i++)
		if (report->findings[i].rule == report->findings[at].rule)
			return false;
	return true;
}

static void put_finding(const struct efimap_report *report, size_t at, struct efimap_out *out)
{
	const struct efimap_finding *finding = &report->findings[at];
	efimap_auto_out struct efimap_out text = EFIMAP_OUT_MEM, fix = EFIMAP_OUT_MEM;

	efimap_out_printf(&text, "%s: %s: ", finding->rule->name,
			  efimap_severity_name(finding->severity));
	efimap_out_escaped(&text, finding->message);
	text_sentence(out, &text, 0, REPORT_TEXT_COLUMNS);
	if (!is_last_of_rule(report, at))
		return;
	efimap_out_printf(&fix, "What to do: %s", efimap_rule_explains(finding->rule, RULE_FIX));
	text_blanks(out, FIX_INDENT);
	text_sentence(out, &fix, FIX_INDENT, REPORT_TEXT_COLUMNS);
}

/* For notes, write only the names of their rules, because notes need no action. */
static void put_notes(const struct efimap_report *report, struct efimap_out *out)
{
	efimap_auto_out struct efimap_out names = EFIMAP_OUT_MEM;

	for (size_t i = 0; i < report->n_findings; i++)
		if (report->findings[i].severity == EFIMAP_NOTE && is_last_of_rule(report, i))
			efimap_out_printf(&names, "%s%s", names.used ? ", " : "Notes: ",
					  report->findings[i].rule->name);
	if (names.used || names.error)
		text_sentence(out, &names, 0, REPORT_TEXT_COLUMNS);
}

static void put_findings(const struct efimap_report *report, struct efimap_out *out)
{
	for (size_t i = 0; i < report->n_findings; i++)
		if (report->findings[i].severity != EFIMAP_NOTE)
			put_finding(report, i, out);
	put_notes(report, out);
	report_text_counts(report, out);
}

static int put_map(const struct efimap *map, struct efimap_out *out)
{
	size_t columns[EFIMAP_MAX_COLUMNS], count = 0;
	struct efimap_dump_options how = {
		.format = EFIMAP_DUMP_TABLE,
		.columns = columns,
		.text = { .headings = true, .width = REPORT_TEXT_COLUMNS },
	};
	int ret = efimap_dump_columns_parse(COLUMNS, false, columns, &count, NULL);

	how.n_columns = count;
	return ret ? ret : efimap_dump_write(map, &how, out);
}

static int write_sections(const struct efimap *map, const struct efimap_report *report,
			  const struct efimap_received *received, struct efimap_out *out)
{
	efimap_auto_out struct efimap_out head = EFIMAP_OUT_MEM, answers = EFIMAP_OUT_MEM,
					  findings = EFIMAP_OUT_MEM, table = EFIMAP_OUT_MEM;
	const struct efimap_text_options options = { .width = REPORT_TEXT_COLUMNS,
						     .folds_commands = true };
	/* Count the first line of the report, and a blank line before each of the four sections. */
	size_t used = 1 + 4;
	int ret = put_map(map, &table);

	if (ret)
		return ret;
	ret = put_head(map, report, &head);
	if (ret)
		return ret;
	if (received)
		report_text_answer(received->report, &options, &answers);
	report_text_answer(report, &options, &answers);
	put_findings(report, &findings);
	efimap_out_puts(out, EFIMAP_TOOL ": report on the EFI runtime map\n\n");
	used += put_section(&head, HEAD_LINES, "report", true, out);
	efimap_out_putc(out, '\n');
	used += put_section(&answers, ANSWER_LINES, "verify", false, out);
	efimap_out_putc(out, '\n');
	used += put_section(&findings, FINDING_LINES, "verify -v", true, out);
	efimap_out_putc(out, '\n');
	put_section(&table, REPORT_TEXT_LINES - used, "dump", true, out);
	return out->error;
}

int efimap_report_write_mail(const struct efimap *map, const struct efimap_report *report,
			     const struct efimap_received *received, struct efimap_out *out)
{
	return map->redacted ? write_sections(map, report, received, out) : -EINVAL;
}
