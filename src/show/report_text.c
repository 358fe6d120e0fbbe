/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Write a report for a mailing list. Each section is collected in memory first, because sections
 * are shortened only if the report is too long.
 */
#include <assert.h>
#include <string.h>

#include "base/escape_text.h"
#include "base/utf8.h"
#include "show/dump.h"
#include "show/dump_columns.h"
#include "show/form_output.h"
#include "show/machine_line.h"
#include "show/report_output.h"
#include "show/report_text.h"
#include "show/text_style.h"

/*
 * Minimum numbers of lines of shortened sections. Their sum, with the title and empty lines, is
 * REPORT_TEXT_LINES.
 */
#define HEAD_LINES 5
#define ANSWER_LINES 17
#define FINDING_LINES 19
#define MAP_LINES 14
#define FIX_INDENT 4
/* Columns of dump that fit into REPORT_TEXT_COLUMNS. */
#define COLUMNS "IDX,TYPE,ATTR,PHYS,SIZE,VIRT"

/*
 * Write a line without its newline. A line that is too wide ends with "...". A command is not cut,
 * because users paste commands into a shell.
 */
static void put_line(const char *line, size_t len, struct out *out)
{
	const char *words = line + strspn(line, " ");
	/* text_command() and form_write_text() indent commands. */
	const bool is_command = strncmp(words, "$ ", 2) == 0 || strncmp(words, "kexec ", 6) == 0;
	size_t at = 0, columns = 0, kept = 0;

	while (at < len && !is_command && columns <= REPORT_TEXT_COLUMNS) {
		const size_t bytes = utf8_length(line + at, len - at);

		if (columns == REPORT_TEXT_COLUMNS - strlen("..."))
			kept = at;
		at += bytes ? bytes : 1;
		columns++;
	}
	if (columns <= REPORT_TEXT_COLUMNS) {
		out_write(out, line, len);
		return;
	}
	out_write(out, line, kept);
	out_puts(out, "...");
}

/*
 * struct section - a part of the report
 * @least:   minimum number of lines that are shown
 * @command: command that shows the remaining lines
 */
struct section {
	struct out text;
	size_t least;
	const char *command;
	size_t lines;
	size_t shown;
};

/* Write the shown lines of a section, and the number of omitted lines. */
static void put_section(struct section *section, struct out *out)
{
	const char *text = out_text(&section->text);
	const size_t whole = section->shown < section->lines ? section->shown - 1 : section->lines;

	if (section->lines)
		out_putc(out, '\n');
	for (size_t i = 0; i < whole; i++) {
		const size_t len = strcspn(text, "\n");

		put_line(text, len, out);
		out_putc(out, '\n');
		text += len + 1;
	}
	if (whole < section->lines)
		out_printf(out, "(%zu more lines: efimapctl %s)\n", section->lines - whole,
			   section->command);
}

static void put_head(const struct efimap *map, const struct report *report,
		     const struct text_options *options, struct out *out)
{
	auto_out struct out parameters = EFIMAP_OUT_MEM, verdict = EFIMAP_OUT_MEM;
	const char *kept = map->cmdline;
	size_t n_lacking;

	/*
	 * Omit BOOT_IMAGE=, whose path is redacted, and the parameter that consists of "x", which
	 * replaces the removed parameters.
	 */
	if (map->redacted) {
		if (strncmp(kept, "BOOT_IMAGE=", strlen("BOOT_IMAGE=")) == 0)
			kept += strcspn(kept, " ");
		kept += strspn(kept, "x ");
	}
	machine_line_write(map, report, NULL, options, out);
	out_puts(&parameters, kept);
	if (map->n_redacted)
		out_printf(&parameters, "%s(%u omitted)", *kept ? " " : "", map->n_redacted);
	if (*map->cmdline || map->n_redacted)
		form_write_fact("parameters", out_text(&parameters), options, out);
	out_puts(&verdict, verdict_name(report_verdict(report)));
	if (report_is_checked(report)) {
		out_puts(&verdict, ": ");
		report_text_counts(report, report->counts[EFIMAP_NOTE], &verdict);
		n_lacking = report_count_lacking(report);
		if (n_lacking)
			out_printf(&verdict, "; %zu lacking", n_lacking);
	}
	form_write_fact("verdict", out_text(&verdict), options, out);
}

/*
 * Write the errors and warnings. The advice for those that an answer names stands below the answer.
 * Of notes, which need no action, write only the rule names.
 */
static void put_findings(const struct report *report, struct out *out)
{
	auto_out struct out notes = EFIMAP_OUT_MEM;

	for (size_t i = 0; i < report->n_findings; i++) {
		const struct finding *finding = &report->findings[i];
		auto_out struct out text = EFIMAP_OUT_MEM;
		bool is_last = true;

		for (size_t k = i + 1; k < report->n_findings; k++)
			is_last &= report->findings[k].rule != finding->rule;
		if (finding->severity == EFIMAP_NOTE) {
			if (is_last)
				out_printf(&notes, "%s%s",
					   notes.used ? ", " : "Notes: ", finding->rule->name);
			continue;
		}
		out_printf(&text, "%s: %s: ", finding->rule->name,
			   severity_name(finding->severity));
		out_escaped(&text, finding->message);
		text_sentence(out, &text, 0, REPORT_TEXT_COLUMNS);
		if (!is_last || report_is_headline(report, finding))
			continue;
		text_blanks(out, FIX_INDENT);
		out_puts(out, "What to do:\n");
		text_paragraphs(out, rule_explains(finding->rule, RULE_FIX), FIX_INDENT,
				REPORT_TEXT_COLUMNS);
	}
	if (notes.used)
		text_sentence(out, &notes, 0, REPORT_TEXT_COLUMNS);
}

static void text_sentence_of(const char *text, struct out *out)
{
	auto_out struct out sentence = EFIMAP_OUT_MEM;

	out_escaped(&sentence, text);
	text_sentence(out, &sentence, 0, REPORT_TEXT_COLUMNS);
}

/* Shorten sections, beginning with the last one, to at most REPORT_TEXT_LINES lines in total. */
static void shorten(struct section *sections, size_t count, struct out *out)
{
	/* Each section follows an empty line, and the first line is the title. */
	size_t lines = 1 + count;

	for (size_t i = 0; i < count; i++) {
		const char *text = out_text(&sections[i].text);

		for (; *text; text++)
			sections[i].lines += *text == '\n';
		sections[i].shown = sections[i].lines;
		lines += sections[i].lines;
	}
	for (size_t i = count; i-- > 0 && lines > REPORT_TEXT_LINES;) {
		const size_t excess = lines - REPORT_TEXT_LINES;
		const size_t spare = sections[i].lines > sections[i].least
					     ? sections[i].lines - sections[i].least
					     : 0;

		sections[i].shown -= excess < spare ? excess : spare;
		lines -= excess < spare ? excess : spare;
	}
}

void report_write_mail(const struct efimap *map, const struct report *report,
		       const struct received *received, struct out *out)
{
	const bool is_live = map->origin == EFIMAP_ORIGIN_LIVE;
	const struct text_options options = {
		.more = is_live ? "verify -v" : "verify -v SOURCE",
		.width = REPORT_TEXT_COLUMNS,
	};
	enum { HEAD, ANSWERS, FINDINGS, MAP, COUNT };
	struct section sections[COUNT] = {
		[HEAD] = { EFIMAP_OUT_MEM, HEAD_LINES, options.more },
		[ANSWERS] = { EFIMAP_OUT_MEM, ANSWER_LINES, is_live ? "verify" : "verify SOURCE" },
		[FINDINGS] = { EFIMAP_OUT_MEM, FINDING_LINES, options.more },
		[MAP] = { EFIMAP_OUT_MEM, MAP_LINES, is_live ? "dump" : "dump SOURCE" },
	};
	size_t columns[TABLE_MAX_COLUMNS];
	struct dump_options how = {
		.format = EFIMAP_DUMP_TABLE,
		.columns = columns,
		.text = { .headings = true, .width = REPORT_TEXT_COLUMNS },
	};

	assert(map->redacted);
	dump_columns_parse(COLUMNS, false, columns, &how.n_columns, NULL);
	if (map->n_entries)
		dump_write(map, &how, &sections[MAP].text);
	put_head(map, report, &options, &sections[HEAD].text);
	if (received)
		text_sentence_of(received->report->answer, &sections[ANSWERS].text);
	if (received && *received->report->unchecked)
		text_sentence_of(arena_printf(&received->report->arena, "lacking: %s.",
					      received->report->unchecked),
				 &sections[ANSWERS].text);
	report_write_forms(report, &options, &sections[ANSWERS].text);
	put_findings(report, &sections[FINDINGS].text);
	out_puts(out, EFIMAP_TOOL ": report on the EFI runtime map\n");
	shorten(sections, COUNT, out);
	for (size_t i = 0; i < COUNT; i++) {
		put_section(&sections[i], out);
		out_free(&sections[i].text);
	}
}
