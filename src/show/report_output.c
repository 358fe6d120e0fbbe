/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Write answers and findings as text, and a report as an efimap-report document. Messages and
 * evidence quote captures, so they are escaped.
 */
#include <string.h>

#include "answer/answer.h"
#include "base/escape_text.h"
#include "rules/check_capture.h"
#include "show/form_output.h"
#include "show/report_output.h"
#include "show/text_style.h"

/* Maximum number of indices and ranges of indices that are written for a finding. */
#define MAX_SEGMENTS 16
/* Minimum number of consecutive indices that are written as a range. */
#define MIN_RANGE 4

/* Write the indices of entries, such as "5,6,7" or "0-7", and the number of omitted indices. */
static void put_entries(const struct finding *finding, struct out *out)
{
	const uint32_t *entries = finding->entries;
	size_t segments = 0, run;

	for (size_t at = 0; at < finding->n_entries; at += run) {
		if (segments++ == MAX_SEGMENTS) {
			out_printf(out, " and %zu more", finding->n_entries - at);
			return;
		}
		run = 1;
		while (at + run < finding->n_entries && entries[at + run] == entries[at] + run)
			run++;
		if (run < MIN_RANGE)
			run = 1;
		out_printf(out, "%s%u", at ? "," : "", entries[at]);
		if (run > 1)
			out_printf(out, "-%u", entries[at + run - 1]);
	}
}

/* Write the entries of a finding in parentheses; nothing if it has none. */
static void put_place(const struct finding *finding, struct out *out)
{
	if (!finding->n_entries)
		return;
	out_puts(out, finding->n_entries == 1 ? " (entry " : " (entries ");
	put_entries(finding, out);
	out_putc(out, ')');
}

static bool is_headline(const struct report *report, const struct finding *finding)
{
	for (size_t i = 0; i < report->n_forms; i++)
		for (size_t k = 0; k < report->forms[i].n_lines; k++) {
			const char *name = report->forms[i].lines[k].rule;

			if (name && strcmp(name, finding->rule->name) == 0)
				return true;
		}
	return false;
}

static bool is_below_answer(const struct finding *finding)
{
	return finding->severity == EFIMAP_NOTE && finding->shown == EFIMAP_SHOWN_ANSWER;
}

/* Return whether an answer before @answer lacks the same. */
static bool is_listed(const struct report *report, const struct answer *answer, const char *source)
{
	for (const struct answer *other = report->answers; other < answer; other++)
		for (size_t i = 0; i < other->n_lacking; i++)
			if (strcmp(other->lacking[i].source, source) == 0)
				return true;
	return false;
}

/* Write everything that answers need and that was not read. */
static void put_lacking(const struct report *report, const struct text_options *options,
			struct out *out)
{
	for (size_t i = 0; i < report->n_answers; i++)
		for (size_t k = 0; k < report->answers[i].n_lacking; k++) {
			const struct lacking *item = &report->answers[i].lacking[k];
			auto_out struct out line = EFIMAP_OUT_MEM;

			if (is_listed(report, &report->answers[i], item->source))
				continue;
			out_printf(&line, "%s: %s", item->source,
				   lacking_reason_name(item->reason));
			form_write_fact("lacking", out_text(&line), options, out);
		}
}

struct form report_map_form(const struct report *report, struct arena *arena)
{
	struct form form = { .head = "map",
			     .word = report->map_word,
			     .sentence = report->map_summary,
			     .tone = EFIMAP_TONE_PLAIN };

	if (!*report->map_summary)
		return (struct form){ .head = NULL };
	for (size_t i = 0; i < report->n_findings; i++) {
		const struct finding *finding = &report->findings[i];
		auto_out struct out entries = EFIMAP_OUT_MEM;
		struct form_line line = { .label = EFIMAP_LABEL_WHY, .rule = finding->rule->name };

		if (finding->severity == EFIMAP_NOTE && finding->shown != EFIMAP_SHOWN_ALWAYS)
			continue;
		if (is_headline(report, finding) || !finding_is_about_map(finding))
			continue;
		if (finding->severity == EFIMAP_NOTE)
			line.label = EFIMAP_LABEL_BUT;
		put_place(finding, &entries);
		line.text = arena_printf(arena, "%s%s.", finding->message, out_text(&entries));
		form_add(&form, arena, line);
	}
	if (report->map_severity != EFIMAP_NOTE)
		form.word = severity_name(report->map_severity);
	form.tone = report->map_severity == EFIMAP_ERROR     ? EFIMAP_TONE_BAD
		    : report->map_severity == EFIMAP_WARNING ? EFIMAP_TONE_WARNING
		    : strcmp(form.word, "ok") == 0	     ? EFIMAP_TONE_GOOD
							     : EFIMAP_TONE_PLAIN;
	return form;
}

bool report_write_forms(const struct report *report, const struct text_options *options,
			struct out *out)
{
	struct arena arena = { NULL };
	const struct form map = report_map_form(report, &arena);
	const bool is_first = map.head && report->map_severity != EFIMAP_NOTE;
	bool needs_hint = map.n_lines > 0;

	if (is_first)
		form_write_text(&map, options, out);
	for (size_t i = 0; i < report->n_forms; i++)
		form_write_text(&report->forms[i], options, out);
	if (map.head && !is_first)
		form_write_text(&map, options, out);
	for (size_t i = 0; i < report->n_answers; i++)
		needs_hint |= word_severity(report->answers[i].word) != EFIMAP_WORD_IS_OK ||
			      report->answers[i].n_reasons > 0;
	arena_free(&arena);
	return needs_hint;
}

void report_text_detail(const struct report *report, const struct text_options *options,
			struct out *out)
{
	put_lacking(report, options, out);
	report_write_text(report, options, out);
}

/* Write "FIRST: 0x1000    SECOND: 0x2000". */
static void put_sides(const struct finding *finding, unsigned int width, struct out *out)
{
	auto_out struct out text = EFIMAP_OUT_MEM;

	if (!finding->first && !finding->second)
		return;
	out_puts(&text, "FIRST: ");
	out_escaped(&text, finding->first ? finding->first : "-");
	out_puts(&text, "    SECOND: ");
	out_escaped(&text, finding->second ? finding->second : "-");
	out_puts(out, "    ");
	text_sentence(out, &text, 4, width);
}

/* Write "RULE: SEVERITY: MESSAGE". With -v, add evidence, outcome and a command. */
static void put_finding(const struct finding *finding, const struct text_options *options,
			struct out *out)
{
	auto_out struct out head = EFIMAP_OUT_MEM, sentence = EFIMAP_OUT_MEM;
	const char *severity = severity_name(finding->severity);

	out_printf(&head, "%s: ", finding->rule->name);
	out_puts(out, out_text(&head));
	style_severity(out, options->color, finding->severity);
	out_puts(out, ": ");
	out_escaped(&sentence, finding->message);
	put_place(finding, &sentence);
	text_sentence(out, &sentence, strlen(out_text(&head)) + strlen(severity) + 2,
		      options->width);
	put_sides(finding, options->width, out);
	if (!options->verbose)
		return;
	for (size_t i = 0; i < finding->n_evidence; i++) {
		out_puts(out, "    ");
		out_escaped(&sentence, finding->evidence[i].source);
		out_puts(&sentence, ": ");
		out_escaped(&sentence, finding->evidence[i].value);
		text_sentence(out, &sentence, 4, options->width);
	}
	if (finding->outcome == EFIMAP_OUTCOME_NONE)
		return;
	out_printf(&sentence, "next kernel: %s (%s)", outcome_name(finding->outcome),
		   certainty_name(finding->certainty));
	out_puts(out, "    ");
	text_sentence(out, &sentence, 4, options->width);
}

static bool is_shown_finding(const struct report *report, const struct finding *finding,
			     const struct text_options *options)
{
	const bool is_in_answer = is_headline(report, finding);

	if (is_below_answer(finding) || is_in_answer)
		return options->verbose;
	return options->verbose || options->notes || finding->severity != EFIMAP_NOTE ||
	       finding->shown == EFIMAP_SHOWN_ALWAYS;
}

void report_say_losses(const struct report *report, struct arena *arena, struct form *form)
{
	for (size_t i = 0; i < report->n_findings; i++)
		if (is_below_answer(&report->findings[i]))
			form_add(form, arena,
				 (struct form_line){
					 .label = EFIMAP_LABEL_BUT,
					 .text = arena_printf(arena, "%s.",
							      report->findings[i].message),
					 .rule = report->findings[i].rule->name,
				 });
}

struct form report_form(const struct report *report, enum verdict verdict, const char *head,
			struct arena *arena)
{
	static const char *const words[] = {
		[EFIMAP_VERDICT_SAME] = "same",
		[EFIMAP_VERDICT_DIFFERS] = "differs",
		[EFIMAP_VERDICT_DRIFT] = "drift",
		[EFIMAP_VERDICT_NOT_COMPARABLE] = "not comparable",
		[EFIMAP_VERDICT_NOT_RECEIVED] = "no EFI data",
		[EFIMAP_VERDICT_RECEIVED] = "EFI is on",
		[EFIMAP_VERDICT_RECEIVED_UNUSABLE] = "EFI does not work",
		[EFIMAP_VERDICT_CANNOT_TELL] = "unknown",
		[EFIMAP_VERDICT_NOT_APPLICABLE] = "not applicable",
		[EFIMAP_VERDICT_DENIED] = "denied",
		[EFIMAP_VERDICT_UNREADABLE] = "unreadable",
	};
	const char *lacking = report_is_partial(report) ? report->reason : report->unchecked;
	struct form form = { .head = head, .word = words[verdict], .sentence = report->answer };

	form.tone = verdict == EFIMAP_VERDICT_SAME || verdict == EFIMAP_VERDICT_RECEIVED
			    ? EFIMAP_TONE_GOOD
		    : verdict == EFIMAP_VERDICT_DRIFT || verdict == EFIMAP_VERDICT_NOT_RECEIVED ||
				    verdict == EFIMAP_VERDICT_RECEIVED_UNUSABLE
			    ? EFIMAP_TONE_BAD
			    : EFIMAP_TONE_WARNING;
	report_say_losses(report, arena, &form);
	if (*lacking)
		form_say(&form, arena, EFIMAP_LABEL_LACKING, arena_printf(arena, "%s.", lacking));
	return form;
}

void report_write_text(const struct report *report, const struct text_options *options,
		       struct out *out)
{
	bool has_findings = false;

	if (report->refused)
		return;
	for (size_t i = 0; i < report->n_findings; i++) {
		if (!is_shown_finding(report, &report->findings[i], options))
			continue;
		if (!has_findings)
			out_putc(out, '\n');
		put_finding(&report->findings[i], options, out);
		has_findings = true;
	}
	if (has_findings)
		form_write_hint("About a rule: efimapctl explain RULE", options, out);
}
