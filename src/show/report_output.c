/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Write answers and findings as text, and a report as an efimap-report document. Messages and
 * evidence quote captures, so they are escaped.
 */
#include <ctype.h>
#include <string.h>

#include "answer/answers.h"
#include "base/escape_text.h"
#include "base/sort.h"
#include "document/json_writer.h"
#include "rules/verify_options.h"
#include "show/report_output.h"
#include "show/text_style.h"

/* Maximum number of indices and ranges of indices that are written for a finding. */
#define MAX_SEGMENTS 16
/* Minimum number of consecutive indices that are written as a range. */
#define MIN_RANGE 4

static void put_source(const struct text_options *options, struct out *out)
{
	if (!options->source)
		return;
	out_escaped(out, options->source);
	out_puts(out, ": ");
}

static void put_sentence(const char *text, const struct text_options *options, struct out *out)
{
	auto_out struct out sentence = EFIMAP_OUT_MEM;

	put_source(options, &sentence);
	out_escaped(&sentence, text);
	text_sentence(out, &sentence, 0, options->width);
}

static void put_advice_text(const char *before, const char *text, unsigned int indent,
			    const struct text_options *options, struct out *out)
{
	auto_out struct out sentence = EFIMAP_OUT_MEM;

	text_blanks(out, indent);
	out_puts(&sentence, before);
	out_escaped(&sentence, text);
	out_putc(&sentence, '.');
	text_sentence(out, &sentence, indent, options->width);
}

/* The indentation of advice, and of the lines about the loaders of a group */
#define INDENT 4

static void put_advice(const struct advice *advice, bool is_of_loader,
		       const struct text_options *options, struct out *out)
{
	static const char *const use[] = { "    Use: ", "  Use: ", "    Use:\n    " };
	static const char *const run[] = { "    Run: ", "  Run: ", "    Run:\n    " };
	const unsigned int indent = is_of_loader ? 2 * INDENT : INDENT;
	auto_out struct out command = EFIMAP_OUT_MEM, then = EFIMAP_OUT_MEM;

	if (advice->command) {
		out_escaped(&command, advice->command);
		text_blanks(out, indent - INDENT);
		text_command(out, strncmp(advice->command, "kexec ", 6) == 0 ? use : run,
			     out_text(&command), options->width);
	} else {
		put_advice_text("", advice->text, indent, options, out);
	}
	if (!advice->then)
		return;
	out_printf(&then, "%s%s%s", advice->then, advice->limits ? ". " : "",
		   advice->limits ? advice->limits : "");
	put_advice_text("Then: ", out_text(&then), indent, options, out);
}

/*
 * Write an answer line. If the answer counts, the part of the verdict that is on the first line is
 * coloured.
 */
static void put_line(const struct answer_line *line, const struct text_options *options,
		     struct out *out)
{
	static const enum style styles[] = { [EFIMAP_TONE_GOOD] = STYLE_GOOD,
					     [EFIMAP_TONE_WARNING] = STYLE_WARNING,
					     [EFIMAP_TONE_BAD] = STYLE_ERROR };
	auto_out struct out sentence = EFIMAP_OUT_MEM, flow = EFIMAP_OUT_MEM;
	const bool color = options->color && line->of->counts;
	const size_t indent = line->is_indented ? INDENT : 0;
	size_t start, len;
	const char *text;

	if (!line->is_indented)
		put_source(options, &sentence);
	out_escaped(&sentence, line->before);
	start = sentence.used;
	out_escaped(&sentence, line->verdict);
	len = sentence.used - start;
	out_escaped(&sentence, line->after);
	text_blanks(out, indent);
	text_sentence(&flow, &sentence, indent, options->width);
	text = out_text(&flow);
	if (strcspn(text, "\n") < start) {
		out_puts(out, text);
		return;
	}
	if (strcspn(text + start, "\n") < len)
		len = strcspn(text + start, "\n");
	out_write(out, text, start);
	style_begin(out, color, styles[line->tone]);
	out_write(out, text + start, len);
	style_end(out, color);
	out_puts(out, text + start + len);
}

/* Return the worst answer to a question, or NULL if the question was not asked. */
static const struct load_answer *find_worst(const struct report *report,
					    enum load_question question)
{
	const struct load_answer *worst = NULL;

	for (size_t i = 0; i < report->n_answers; i++) {
		const struct load_answer *answer = &report->answers[i];

		if (answer->question == question &&
		    (!worst || group_outcome(answer) > group_outcome(worst)))
			worst = answer;
	}
	return worst;
}

/*
 * Write the outcome of a load in one word, such as "does-not-boot,chance" or "ok,if", or "-" if no
 * load was predicted.
 */
static void put_outcome_word(const struct load_answer *answer, struct out *out)
{
	const enum outcome outcome = group_outcome(answer);

	if (!answer->has_range) {
		out_puts(out, answer->state == EFIMAP_KDUMP_UNKNOWN ? "unknown" : "-");
		return;
	}
	out_puts(out, outcome_name(outcome));
	if (outcome != EFIMAP_OUTCOME_UNKNOWN && outcome != EFIMAP_OUTCOME_NONE &&
	    answer->joined.certainty == EFIMAP_CHANCE)
		out_puts(out, ",chance");
	else if (outcome == EFIMAP_OUTCOME_NONE && answer->joined.n_conditions)
		out_puts(out, ",if");
}

static void put_source_cell(const struct text_table_column *column, const void *row,
			    struct out *out)
{
	const struct report_row *of = row;

	out_puts(out, of->source);
}

static void put_question_cell(const struct text_table_column *column, const void *row,
			      struct out *out)
{
	const struct report_row *of = row;
	const bool is_kexec = column == &report_columns[1];
	const struct load_answer *worst =
		find_worst(of->report, is_kexec ? EFIMAP_QUESTION_KEXEC : EFIMAP_QUESTION_KDUMP);

	if (is_kexec && of->report->refused)
		out_puts(out, verdict_name(of->report->missed));
	else if (worst)
		put_outcome_word(worst, out);
	else
		out_putc(out, '-');
}

static void put_state_cell(const struct text_table_column *column, const void *row, struct out *out)
{
	const struct report_row *of = row;
	const struct load_answer *worst = find_worst(of->report, EFIMAP_QUESTION_KDUMP);

	out_puts(out, worst ? kdump_state_name(worst->state) : "-");
}

const struct text_table_column report_columns[REPORT_COLUMNS] = {
	{ "SOURCE", 0, put_source_cell, NULL, NULL },
	{ "KEXEC", 0, put_question_cell, NULL, NULL },
	{ "PANIC-NOW", 0, put_state_cell, NULL, NULL },
	{ "ONCE-LOADED", 0, put_question_cell, NULL, NULL },
};

static bool is_below_answer(const struct finding *finding)
{
	return finding->severity == EFIMAP_NOTE && finding->shown == EFIMAP_SHOWN_ANSWER;
}

static const char *name_item(const struct not_checked *item)
{
	return item->name ? item->name : item->check;
}

static void put_text(const char *text, const struct text_options *options, struct out *out)
{
	auto_out struct out sentence = EFIMAP_OUT_MEM;

	out_escaped(&sentence, text);
	out_putc(&sentence, '.');
	text_sentence(out, &sentence, strlen("Not checked: "), options->width);
}

/* Maximum number of short names in the line "Not checked: …" */
#define MAX_SHORT_NAMES 3

/* Return a bound for the positions of item_at(). */
static size_t count_positions(const struct report *report)
{
	size_t most = 0;

	for (size_t i = 0; i < report->n_answers; i++)
		if (report->answers[i].n_not_checked > most)
			most = report->answers[i].n_not_checked;
	return most * report->n_answers;
}

/*
 * Return an item of not_checked[], or NULL. The most important items of all answers have the first
 * positions.
 */
static const struct not_checked *item_at(const struct report *report, size_t position)
{
	const struct load_answer *answer = &report->answers[position % report->n_answers];
	const size_t item = position / report->n_answers;

	return item < answer->n_not_checked && !answer->not_checked[item].is_reason
		       ? &answer->not_checked[item]
		       : NULL;
}

/* Return whether an earlier item has the same name or, with @texts, the same text. */
static bool is_listed(const struct report *report, size_t position, bool texts)
{
	const struct not_checked *one = item_at(report, position);

	for (size_t i = 0; i < position; i++) {
		const struct not_checked *other = item_at(report, i);

		if (other && strcmp(texts ? one->text : name_item(one),
				    texts ? other->text : name_item(other)) == 0)
			return true;
	}
	return false;
}

/* Return " (kexec)" or " (kdump)" for one of two questions with a load, and otherwise "". */
static const char *name_question(const struct report *report, unsigned int questions)
{
	unsigned int all = 0;

	for (size_t i = 0; i < report->n_answers; i++)
		if (report->answers[i].has_range)
			all |= EFIMAP_QUESTION_BIT(report->answers[i].question);
	return (questions & all) == all					 ? ""
	       : questions == EFIMAP_QUESTION_BIT(EFIMAP_QUESTION_KEXEC) ? " (kexec)"
									 : " (kdump)";
}

/* Return the set of questions whose answers have an item with the name of @item. */
static unsigned int find_questions(const struct report *report, const struct not_checked *item)
{
	unsigned int questions = 0;

	for (size_t i = 0; i < report->n_answers; i++)
		for (size_t k = 0; k < report->answers[i].n_not_checked; k++)
			if (strcmp(name_item(&report->answers[i].not_checked[k]),
				   name_item(item)) == 0)
				questions |= EFIMAP_QUESTION_BIT(report->answers[i].question);
	return questions;
}

size_t report_count_not_checked(const struct report *report)
{
	size_t count = 0;

	for (size_t i = 0; i < count_positions(report); i++)
		count += item_at(report, i) && !is_listed(report, i, false);
	return count;
}

/* Write what could not be looked at: short names or, with -v, a line for each item. */
static void put_not_checked(const struct report *report, const struct text_options *options,
			    struct out *out)
{
	auto_out struct out sentence = EFIMAP_OUT_MEM;
	size_t count = 0;

	put_source(options, &sentence);
	out_puts(&sentence, "Not checked:");
	for (size_t i = 0; i < count_positions(report); i++) {
		const struct not_checked *item = item_at(report, i);

		if (!item || is_listed(report, i, options->verbose))
			continue;
		count++;
		if (options->verbose) {
			put_source(options, out);
			out_puts(out, "Not checked: ");
			put_text(item->text, options, out);
		} else if (count <= MAX_SHORT_NAMES) {
			out_puts(&sentence, count > 1 ? ", " : " ");
			out_escaped(&sentence, name_item(item));
			out_puts(&sentence, name_question(report, find_questions(report, item)));
		}
	}
	if (count == 0 || options->verbose)
		return;
	if (count > MAX_SHORT_NAMES)
		out_printf(&sentence,
			   options->more ? "; for %zu more: efimapctl %s" : "; %zu more with -v",
			   count - MAX_SHORT_NAMES, options->more);
	out_putc(&sentence, '.');
	text_sentence(out, &sentence, 0, options->width);
}

/* Return whether no kernel can be loaded, so that the answer does not depend on the kernel. */
static bool is_refused(const struct load_answer *answer)
{
	return answer_outcome(answer) == EFIMAP_OUTCOME_CANNOT_LOAD &&
	       answer_certainty(answer) == EFIMAP_CERTAIN;
}

/* Return the set of questions whose answers are about an assumed kernel. */
static unsigned int find_assumed(const struct report *report)
{
	unsigned int questions = 0;

	for (size_t i = 0; i < report->n_answers; i++)
		if (report->answers[i].kernel.roles & EFIMAP_ROLE_ASSUMED &&
		    !is_refused(&report->answers[i]))
			questions |= EFIMAP_QUESTION_BIT(report->answers[i].question);
	return questions;
}

/* Explain the word "assumed" behind the answers. */
static void put_assumed(const struct report *report, const struct text_options *options,
			struct out *out)
{
	auto_out struct out sentence = EFIMAP_OUT_MEM;
	const unsigned int questions = find_assumed(report);

	if (!questions)
		return;
	put_source(options, &sentence);
	out_printf(&sentence,
		   "Assumed%s: a kernel like the running one, because no kernel "
		   "image was found. To name one, use --kernel=FILE.",
		   name_question(report, questions));
	text_sentence(out, &sentence, 0, options->width);
}

void report_text_lines(const struct report *report, const struct text_options *options,
		       struct out *out)
{
	for (size_t i = 0; i < report->n_lines; i++) {
		const struct answer_line *line = &report->lines[i];
		const struct advice *advice = line->of->advice;

		put_line(line, options, out);
		if (line->is_heading)
			continue;
		/* Advice that several lines share follows the last of these lines. */
		if (advice && (i + 1 == report->n_lines || report->lines[i + 1].is_heading ||
			       report->lines[i + 1].of->advice != advice))
			put_advice(advice, line->is_indented, options, out);
	}
	if (report->n_lines == 0 && *report->answer)
		put_sentence(report->answer, options, out);
	put_assumed(report, options, out);
	put_not_checked(report, options, out);
}

void report_text_notes(const struct report *report, const struct text_options *options,
		       struct out *out)
{
	auto_out struct out sentence = EFIMAP_OUT_MEM;

	/* With -v, these notes are listed with the findings. */
	for (size_t i = 0; i < report->n_findings && !options->verbose; i++) {
		if (!is_below_answer(&report->findings[i]))
			continue;
		put_source(options, &sentence);
		out_puts(&sentence, "Note: ");
		out_escaped(&sentence, report->findings[i].message);
		out_printf(&sentence, ". [%s]", report->findings[i].rule->name);
		text_sentence(out, &sentence, 0, options->width);
	}
}

void report_text_answer(const struct report *report, const struct text_options *options,
			struct out *out)
{
	report_text_lines(report, options, out);
	report_text_notes(report, options, out);
}

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

/* Write "FIRST: 0x1000    SECOND: 0x2000", on two lines if the terminal is too narrow. */
static void put_sides(const struct finding *finding, const struct text_options *options,
		      struct out *out)
{
	auto_out struct out first = EFIMAP_OUT_MEM, second = EFIMAP_OUT_MEM;

	if (!finding->first && !finding->second)
		return;
	out_puts(&first, "FIRST: ");
	out_escaped(&first, finding->first ? finding->first : "-");
	out_puts(&second, "SECOND: ");
	out_escaped(&second, finding->second ? finding->second : "-");
	out_puts(out, "    ");
	if (options->width && first.used + second.used + 8 > options->width) {
		text_sentence(out, &first, 4, options->width);
		out_puts(out, "    ");
		text_sentence(out, &second, 4, options->width);
		return;
	}
	out_printf(&first, "    %s", out_text(&second));
	text_sentence(out, &first, 0, 0);
}

/* Write "RULE: SEVERITY: MESSAGE". With -v, add evidence, consequence and a command. */
static void put_finding(const struct finding *finding, const struct text_options *options,
			struct out *out)
{
	auto_out struct out head = EFIMAP_OUT_MEM, sentence = EFIMAP_OUT_MEM;
	const char *severity = severity_name(finding->severity), *where;

	put_source(options, &head);
	out_printf(&head, "%s: ", finding->rule->name);
	where = out_text(&head);
	out_puts(out, where);
	style_severity(out, options->color, finding->severity);
	out_puts(out, ": ");
	out_escaped(&sentence, finding->message);
	if (finding->n_entries > 0) {
		out_puts(&sentence, !options->of_log	      ? " (runtime-map/"
				    : finding->n_entries == 1 ? " (entry "
							      : " (entries ");
		put_entries(finding, &sentence);
		out_putc(&sentence, ')');
	}
	text_sentence(out, &sentence, strlen(where) + strlen(severity) + 2, options->width);
	put_sides(finding, options, out);
	if (!options->verbose)
		return;
	for (size_t i = 0; i < finding->n_evidence; i++) {
		out_puts(out, "    ");
		out_escaped(&sentence, finding->evidence[i].source);
		out_puts(&sentence, ": ");
		out_escaped(&sentence, finding->evidence[i].value);
		text_sentence(out, &sentence, 4, options->width);
	}
	if (finding->consequence > EFIMAP_OUTCOME_NONE && finding->certainty == EFIMAP_UNKNOWN)
		out_printf(out, "    next kernel: cannot tell (at worst: %s)\n",
			   outcome_name(finding->consequence));
	else if (finding->consequence > EFIMAP_OUTCOME_NONE)
		out_printf(out, "    next kernel: %s (%s)\n", outcome_name(finding->consequence),
			   certainty_name(finding->certainty));
	out_printf(out, "    why and what to do: efimapctl explain %s\n", finding->rule->name);
}

bool report_is_headline(const struct report *report, const struct finding *finding)
{
	for (size_t i = 0; i < report->n_answers; i++)
		if (report->answers[i].rule == finding->rule)
			return true;
	return false;
}

static bool is_shown_finding(const struct report *report, const struct finding *finding,
			     const struct text_options *options)
{
	const bool is_in_answer = report_is_headline(report, finding);

	if (is_below_answer(finding) || is_in_answer)
		return options->verbose;
	return options->verbose || options->notes || finding->severity != EFIMAP_NOTE ||
	       finding->shown == EFIMAP_SHOWN_ALWAYS;
}

bool report_has_text(const struct report *report, const struct text_options *options)
{
	for (size_t i = 0; i < report->n_findings; i++)
		if (is_shown_finding(report, &report->findings[i], options))
			return true;
	if (report->counts[EFIMAP_ERROR] || report->counts[EFIMAP_WARNING])
		return true;
	return options->verbose && report->n_skipped > 0;
}

void report_text_counts(const struct report *report, size_t n_notes, size_t n_skipped,
			struct out *out)
{
	text_plural(out, report->counts[EFIMAP_ERROR], "error", "errors");
	out_puts(out, ", ");
	text_plural(out, report->counts[EFIMAP_WARNING], "warning", "warnings");
	if (n_notes) {
		out_puts(out, ", ");
		text_plural(out, n_notes, "note", "notes");
	}
	if (n_skipped) {
		out_puts(out, "; ");
		text_plural(out, n_skipped, "rule skipped", "rules skipped");
	}
}

/* Return the first rule that the output names, and that has an error or a warning. */
static const struct rule *find_first_shown(const struct report *report)
{
	for (size_t i = 0; i < report->n_lines; i++)
		for (size_t k = 0; k < report->n_findings; k++)
			if (report->findings[k].rule == report->lines[i].of->rule &&
			    report->findings[k].severity != EFIMAP_NOTE)
				return report->findings[k].rule;
	return report->findings[0].rule;
}

/*
 * Write the numbers of findings, and the command that explains the first rule. Without errors,
 * warnings and listed findings, write nothing.
 */
static void put_total(const struct report *report, size_t n_notes, size_t n_skipped,
		      const struct text_options *options, struct out *out)
{
	const size_t n_errors = report->counts[EFIMAP_ERROR];
	const size_t n_warnings = report->counts[EFIMAP_WARNING];
	auto_out struct out text = EFIMAP_OUT_MEM;

	if (!n_errors && !n_warnings && !n_notes && !n_skipped)
		return;
	put_source(options, &text);
	if (n_errors || n_notes || n_skipped)
		text_plural(&text, n_errors, "error", "errors");
	if ((n_errors && n_warnings) || n_notes || n_skipped)
		out_puts(&text, ", ");
	if (n_warnings || n_notes || n_skipped)
		text_plural(&text, n_warnings, "warning", "warnings");
	if (n_notes) {
		out_puts(&text, ", ");
		text_plural(&text, n_notes, "note", "notes");
	}
	if (n_skipped) {
		out_puts(&text, "; ");
		text_plural(&text, n_skipped, "rule skipped", "rules skipped");
	}
	if (n_errors || n_warnings)
		out_printf(&text, ". To read about %s: efimapctl explain %s",
			   n_errors + n_warnings == 1 ? "it" : "one of them",
			   find_first_shown(report)->name);
	out_printf(out, "%s\n", out_text(&text));
}

void report_text_verdict(const struct report *report, enum verdict verdict, const char *how,
			 const struct text_options *options, struct out *out)
{
	static const char unknown[] = "Cannot tell: ";
	const char *name = verdict_name(verdict), *answer = report->answer;
	auto_out struct out words = EFIMAP_OUT_MEM, sentence = EFIMAP_OUT_MEM;
	const bool is_bad = verdict == EFIMAP_VERDICT_DRIFT ||
			    verdict == EFIMAP_VERDICT_NOT_RECEIVED ||
			    verdict == EFIMAP_VERDICT_RECEIVED_UNUSABLE;

	if (strncmp(answer, unknown, strlen(unknown)) == 0)
		answer += strlen(unknown);
	else if (*answer)
		out_putc(&words, (char)tolower((unsigned char)*answer++));
	out_printf(&words, "%.*s", (int)strlen(answer) - (*answer != '\0'), answer);
	out_escaped(&sentence, out_text(&words));
	if (*how)
		out_printf(&sentence, ". This kernel was %s", how);
	out_putc(&sentence, '.');
	style_text(out, options->color, is_bad ? STYLE_ERROR : STYLE_HEADING, name);
	out_puts(out, ": ");
	text_sentence(out, &sentence, strlen(name) + 2, options->width);
}

void report_text_advice(enum verdict verdict, enum outcome outcome, const char *lasting,
			const struct text_options *options, struct out *out)
{
	const bool is_off =
		outcome == EFIMAP_OUTCOME_NO_RUNTIME || outcome == EFIMAP_OUTCOME_NO_EFI;
	auto_out struct out sentence = EFIMAP_OUT_MEM;

	switch (verdict) {
	case EFIMAP_VERDICT_DIFFERS:
		out_puts(&sentence, "The differences do not affect EFI, so no action is needed.");
		break;
	case EFIMAP_VERDICT_NOT_COMPARABLE:
		out_puts(&sentence, "To compare, run efimapctl snapshot in the first kernel "
				    "before kexec, and in the second kernel after it.");
		break;
	case EFIMAP_VERDICT_CANNOT_TELL:
		out_puts(&sentence, "If EFI does not work in this kernel, reboot through the "
				    "firmware (a normal reboot).");
		break;
	case EFIMAP_VERDICT_DRIFT:
	case EFIMAP_VERDICT_NOT_RECEIVED:
	case EFIMAP_VERDICT_RECEIVED_UNUSABLE:
		if (is_off && lasting)
			out_printf(&sentence,
				   "The cause is in the first kernel: %s. Correct it, "
				   "then reboot",
				   lasting);
		else
			out_puts(&sentence, is_off ? "EFI works again after a reboot"
						   : "To correct this, reboot");
		out_puts(&sentence, " through the firmware (a normal reboot).");
		break;
	default:
		return;
	}
	text_sentence(out, &sentence, 0, options->width);
}

const char *report_loaded_by(enum find_loaded_by loaded_by)
{
	switch (loaded_by) {
	case EFIMAP_LOADED_BY_KEXEC_LOAD:
		return "loaded by kexec_load";
	case EFIMAP_LOADED_BY_KEXEC_FILE_LOAD:
		return "loaded by kexec_file_load";
	default:
		return "";
	}
}

static void put_reason(const struct skip *skip, struct out *out)
{
	out_puts(out, " (");
	out_escaped(out, skip->why);
	out_putc(out, ')');
}

/* Write rules that were skipped for the same reason. The reason is before a long list. */
static void put_skipped(const struct skip *skip, struct out *out)
{
	const bool is_long = skip->n_alike > 3;

	out_puts(out, "skipped");
	if (is_long)
		put_reason(skip, out);
	for (size_t i = 0; i < skip->n_alike; i++)
		out_printf(out, "%s%s", i ? ", " : ": ", skip[i].rule->name);
	if (!is_long)
		put_reason(skip, out);
}

void report_write_text(const struct report *report, const struct text_options *options,
		       struct out *out)
{
	const enum verdict verdict = report_verdict(report);
	const size_t n_skipped = options->verbose ? report->n_skipped : 0;
	auto_out struct out sentence = EFIMAP_OUT_MEM;
	size_t n_notes = 0;

	/* The answer may name the reason. */
	if (verdict > EFIMAP_VERDICT_FAIL && report->n_lines == 0 &&
	    !strstr(report->answer, reason_of_report(report))) {
		put_source(options, &sentence);
		out_printf(&sentence, "%s: ", verdict_name(verdict));
		out_escaped(&sentence, reason_of_report(report));
		text_sentence(out, &sentence, 0, options->width);
	}
	if (!report_is_checked(report))
		return;
	for (size_t i = 0; i < report->n_findings; i++) {
		if (!is_shown_finding(report, &report->findings[i], options))
			continue;
		put_finding(&report->findings[i], options, out);
		n_notes += report->findings[i].severity == EFIMAP_NOTE;
	}
	/* Rules with the same reason are on one line. */
	for (size_t i = 0; i < n_skipped; i += report->skipped[i].n_alike) {
		const struct skip *skip = &report->skipped[i];

		put_source(options, &sentence);
		put_skipped(skip, &sentence);
		text_sentence(out, &sentence, 0, options->width);
	}
	put_total(report, n_notes, n_skipped, options, out);
}

/* Maximum number of rules that the summary of several sources lists. */
#define MAX_SUMMED 10

/* The indentation of a text below a line of the summary. */
#define SUMMARY_INDENT 17
/* The column of struct summary.rules for unknown answers. */
#define UNKNOWN_COLUMN (EFIMAP_ERROR + 1)

/* Return a copy of a source and of what was found in it. */
static void keep_first(struct summary *summary, const char *source, const char *why,
		       struct first_source *first)
{
	if (!first->source)
		*first = (struct first_source){
			.source = source,
			.why = arena_strndup(&summary->texts, why, strlen(why)),
		};
}

/* Return the clause about a finding of a rule, or "". */
static const char *find_clause(const struct report *report, const struct rule *rule)
{
	for (size_t i = 0; i < report->n_findings; i++)
		if (report->findings[i].rule == rule)
			return finding_answer(&report->findings[i]);
	return "";
}

void summary_add(struct summary *summary, const char *source, const struct report *report)
{
	bool was_seen[EFIMAP_RULE_COUNT] = { false };

	summary->sources++;
	summary->verdicts[report_verdict(report)]++;
	if (report_verdict(report) == EFIMAP_VERDICT_NOT_APPLICABLE)
		keep_first(summary, source, reason_of_report(report), &summary->not_applicable);
	summary->assumed += find_assumed(report) != 0;
	/* Count the worst answer to each question. */
	for (unsigned int question = 0; question < 2; question++) {
		const struct load_answer *worst = find_worst(report, (enum load_question)question);

		if (!worst)
			continue;
		if (worst->has_range)
			summary->outcomes[question][group_outcome(worst)]++;
		if (question == EFIMAP_QUESTION_KDUMP)
			summary->states[worst->state]++;
	}
	/* Count each rule once, with the severity of its first finding, which is the highest. */
	for (size_t i = 0; i < report->n_findings; i++) {
		const struct finding *finding = &report->findings[i];
		const enum rule_id id = finding->rule->id;

		if (was_seen[id])
			continue;
		was_seen[id] = true;
		summary->rules[id][finding->severity]++;
		keep_first(summary, source, finding_answer(finding),
			   &summary->first[id][finding->severity]);
	}
	memset(was_seen, 0, sizeof(was_seen));
	for (size_t i = 0; i < report->n_answers; i++) {
		const struct load_answer *answer = &report->answers[i];

		if (!answer->rule || was_seen[answer->rule->id] ||
		    effects_outcome(answer->range) != EFIMAP_OUTCOME_UNKNOWN)
			continue;
		was_seen[answer->rule->id] = true;
		summary->rules[answer->rule->id][UNKNOWN_COLUMN]++;
		keep_first(summary, source, find_clause(report, answer->rule),
			   &summary->first[answer->rule->id][UNKNOWN_COLUMN]);
	}
}

void summary_free(struct summary *summary)
{
	arena_free(&summary->texts);
}

/*
 * struct line - a line of the summary
 * @column: the column of struct summary.rules that contains @sources
 */
struct line {
	size_t sources;
	unsigned int column;
	const struct rule *rule;
};

/* Compare by number of sources, descending, then by the order of the catalogue. */
static int compare_lines(const void *a, const void *b)
{
	const struct line *one = a, *other = b;

	return one->sources == other->sources ? order_u64(one->rule->id, other->rule->id)
					      : order_u64(other->sources, one->sources);
}

static void put_count(struct out *out, const char **before, size_t count, const char *name,
		      const char *more)
{
	if (!count)
		return;
	out_printf(out, "%s%zu %s%s", *before, count, name, more);
	*before = ", ";
}

/* Write the first source, the number of further ones, and below what was found in the first. */
static void put_first(const struct first_source *first, size_t count, unsigned int width,
		      struct out *out)
{
	auto_out struct out sentence = EFIMAP_OUT_MEM;

	out_escaped(out, first->source);
	if (count > 1)
		out_printf(out, " and %zu more", count - 1);
	out_printf(out, "\n%*s", SUMMARY_INDENT, "");
	out_escaped(&sentence, first->why);
	text_sentence(out, &sentence, SUMMARY_INDENT, width);
}

void summary_write_text(const struct summary *summary, bool notes, unsigned int width, bool color,
			struct out *out)
{
	static const char *const heads[] = { "kexec: ", "kdump: " };
	struct line lines[EFIMAP_RULE_COUNT * (EFIMAP_ERROR + 2)];
	const char *before = ": ";
	size_t count = 0;

	text_plural(out, summary->sources, "source", "sources");
	for (unsigned int i = 0; i <= EFIMAP_VERDICT_UNREADABLE; i++)
		put_count(out, &before, summary->verdicts[i], verdict_name((enum verdict)i), "");
	out_putc(out, '\n');
	if (summary->not_applicable.source) {
		out_puts(out, "not-applicable: ");
		put_first(&summary->not_applicable,
			  summary->verdicts[EFIMAP_VERDICT_NOT_APPLICABLE], width, out);
	}
	for (unsigned int question = 0; question < 2; question++) {
		before = heads[question];
		/* For kdump, the states precede the outcomes. */
		for (unsigned int i = 0; question && i < EFIMAP_KDUMP_STATE_COUNT; i++)
			put_count(out, &before, summary->states[i], kdump_state_name(i), "");
		before = before == heads[question] ? before : "; once loaded: ";
		for (unsigned int i = 0; i < EFIMAP_OUTCOME_COUNT; i++) {
			put_count(out, &before, summary->outcomes[question][i], outcome_name(i),
				  "");
		}
		if (before != heads[question])
			out_putc(out, '\n');
	}

	for (unsigned int id = 0; id < EFIMAP_RULE_COUNT; id++) {
		const struct rule *rule = rule_get((enum rule_id)id);

		for (unsigned int i = notes ? EFIMAP_NOTE : EFIMAP_WARNING; i <= UNKNOWN_COLUMN;
		     i++)
			if (summary->rules[id][i])
				lines[count++] = (struct line){ summary->rules[id][i], i, rule };
	}
	sort_items(lines, count, sizeof(*lines), compare_lines);
	if (count)
		out_puts(out, "reasons, by number of sources:\n");
	for (size_t i = 0; i < count && i < MAX_SUMMED; i++) {
		const bool is_unknown = lines[i].column == UNKNOWN_COLUMN;
		const enum severity severity =
			is_unknown ? EFIMAP_NOTE : (enum severity)lines[i].column;
		const char *word = is_unknown ? "unknown" : severity_name(severity);

		out_printf(out, "%8zu ", lines[i].sources);
		style_text(out, color, (enum style)severity, word);
		out_printf(out, "%*s %s: ", (int)(strlen("warning") - strlen(word)), "",
			   lines[i].rule->name);
		put_first(&summary->first[lines[i].rule->id][lines[i].column], lines[i].sources,
			  width, out);
	}
	if (count > MAX_SUMMED)
		out_printf(out, "         and %zu more\n", count - MAX_SUMMED);
	if (summary->assumed)
		out_printf(out,
			   "%zu of %zu without a kernel image, so the answers assume a "
			   "kernel like the running one\n",
			   summary->assumed, summary->sources);
	out_puts(out, "ok: no fault found. chance: some such boots failed in tests. PANIC-NOW: is "
		      "a crash kernel loaded? ONCE-LOADED: what it does after a panic.\n"
		      "What to do, and what was not checked: efimapctl verify SOURCE\n");
	if (summary->sources == 2 && summary->booted_by_kexec == 1)
		out_puts(out, "sources were checked separately; use efimapctl "
			      "compare FIRST SECOND to check whether the map of "
			      "the first kernel reached the second kernel\n");
}

void report_text_map(const struct report *report, const struct text_options *options,
		     struct out *out)
{
	if (*report->map_summary)
		put_sentence(report->map_summary, options, out);
}

static const struct field report_rows[] = {
	{ .kind = FIELD_INLINE,
	  .of = &report_fields,
	  .of_parts = REPORT_OUTCOME | REPORT_LOADS | REPORT_VERDICT | REPORT_COUNTS |
		      REPORT_ANSWERED | REPORT_SKIPPED },
};
const struct fields document_report = { FIELDS("efimap-report", report_rows), .version = 2 };
