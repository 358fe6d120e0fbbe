/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Write answers and findings as text, and a report as an efimap-report document. Messages and
 * evidence quote captures, so they are escaped.
 */
#include <string.h>

#include "answer/answers.h"
#include "base/escape_text.h"
#include "base/sort.h"
#include "document/json_writer.h"
#include "show/report.h"
#include "show/text_style.h"

/* Maximum number of indices and ranges of indices that are written for a finding. */
#define MAX_SEGMENTS 16
/* Minimum number of consecutive indices that are written as a range. */
#define MIN_RANGE 4

static void put_source(const struct efimap_text_options *options, struct efimap_out *out)
{
	if (!options->source)
		return;
	efimap_out_escaped(out, options->source);
	efimap_out_puts(out, ": ");
}

static void put_sentence(const char *text, const struct efimap_text_options *options,
			 struct efimap_out *out)
{
	efimap_auto_out struct efimap_out sentence = EFIMAP_OUT_MEM;

	put_source(options, &sentence);
	efimap_out_escaped(&sentence, text);
	text_sentence(out, &sentence, 0, options->width);
}

static void put_advice_text(const char *before, const char *text,
			    const struct efimap_text_options *options, struct efimap_out *out)
{
	efimap_auto_out struct efimap_out sentence = EFIMAP_OUT_MEM;

	efimap_out_puts(out, "    ");
	efimap_out_puts(&sentence, before);
	efimap_out_escaped(&sentence, text);
	efimap_out_putc(&sentence, '.');
	text_sentence(out, &sentence, 4, options->width);
}

static void put_advice(const struct efimap_advice *advice,
		       const struct efimap_text_options *options, struct efimap_out *out)
{
	static const char *const use[] = { "    Use: ", "  Use: ", "    Use:\n    " };
	static const char *const run[] = { "    Run: ", "  Run: ", "    Run:\n    " };
	efimap_auto_out struct efimap_out command = EFIMAP_OUT_MEM, then = EFIMAP_OUT_MEM;

	if (advice->command) {
		efimap_out_escaped(&command, advice->command);
		text_command(out, strncmp(advice->command, "kexec ", 6) == 0 ? use : run,
			     efimap_out_text(&command, out), options->width);
	} else {
		put_advice_text("", advice->text, options, out);
	}
	if (!advice->then)
		return;
	efimap_out_printf(&then, "%s%s%s", advice->then, advice->limits ? ". " : "",
			  advice->limits ? advice->limits : "");
	put_advice_text("Then: ", efimap_out_text(&then, out), options, out);
}

/* Write an answer line. The part of the verdict that is on the first line is coloured. */
static void put_line(const struct efimap_answer_line *line,
		     const struct efimap_text_options *options, struct efimap_out *out)
{
	efimap_auto_out struct efimap_out sentence = EFIMAP_OUT_MEM, flow = EFIMAP_OUT_MEM;
	const struct efimap_load_answer *answer = line->of;
	size_t start, len;
	const char *text;

	put_source(options, &sentence);
	efimap_out_escaped(&sentence, line->before);
	start = sentence.used;
	efimap_out_escaped(&sentence, answer->verdict);
	len = sentence.used - start;
	efimap_out_escaped(&sentence, line->after);
	text_sentence(&flow, &sentence, 0, options->width);
	text = efimap_out_text(&flow, out);
	if (strcspn(text, "\n") < start) {
		efimap_out_puts(out, text);
		return;
	}
	if (strcspn(text + start, "\n") < len)
		len = strcspn(text + start, "\n");
	efimap_out_write(out, text, start);
	style_begin(out, options->color,
		    answer->outcome >= EFIMAP_OUTCOME_NO_RUNTIME ? STYLE_ERROR :
		    answer->outcome == EFIMAP_OUTCOME_NONE	 ? STYLE_GOOD :
								   STYLE_WARNING);
	efimap_out_write(out, text + start, len);
	style_end(out, options->color);
	efimap_out_puts(out, text + start + len);
}

/* Return the worst answer to a question, or NULL if the question was not asked. */
static const struct efimap_load_answer *find_worst(const struct efimap_report *report,
						   enum efimap_question question)
{
	const struct efimap_load_answer *worst = NULL;

	for (size_t i = 0; i < report->n_answers; i++) {
		const struct efimap_load_answer *answer = &report->answers[i];

		if (answer->question == question &&
		    (!worst || efimap_effective_outcome(answer) > efimap_effective_outcome(worst)))
			worst = answer;
	}
	return worst;
}

static bool has_outcome(const struct efimap_load_answer *answer)
{
	return answer->question == EFIMAP_QUESTION_KEXEC ||
	       efimap_effective_outcome(answer) != EFIMAP_OUTCOME_UNKNOWN ||
	       answer->state == EFIMAP_KDUMP_LOADED || answer->state == EFIMAP_KDUMP_NOT_LOADED;
}

static const char *outcome_word(enum efimap_outcome outcome)
{
	return outcome == EFIMAP_OUTCOME_NONE ? "boots-with-efi" : efimap_outcome_name(outcome);
}

/*
 * Write the outcome of a question as one word, such as "does-not-boot,may". Without an outcome,
 * write the verdict, such as "unreadable", or "-" if the question was not asked.
 */
static void put_outcome_word(const struct efimap_report *report, enum efimap_question question,
			     struct efimap_out *out)
{
	const struct efimap_load_answer *worst = find_worst(report, question);

	if (!worst || report->missed == EFIMAP_VERDICT_NOT_APPLICABLE) {
		efimap_out_puts(out, worst || !report->n_answers ?
					     efimap_verdict_name(report->missed) : "-");
		return;
	}
	if (question == EFIMAP_QUESTION_KDUMP) {
		efimap_out_puts(out, efimap_kdump_state_name(worst->state));
		if (!has_outcome(worst))
			return;
		efimap_out_putc(out, '/');
	}
	efimap_out_puts(out, outcome_word(efimap_effective_outcome(worst)));
	if (worst->certainty == EFIMAP_MAY && !worst->is_split)
		efimap_out_puts(out, ",may");
}

void report_text_row(const char *source, const struct efimap_report *report,
		     struct efimap_out *out)
{
	efimap_out_escaped(out, source);
	efimap_out_putc(out, ' ');
	put_outcome_word(report, EFIMAP_QUESTION_KEXEC, out);
	efimap_out_putc(out, ' ');
	put_outcome_word(report, EFIMAP_QUESTION_KDUMP, out);
	efimap_out_putc(out, '\n');
}

static bool is_below_answer(const struct efimap_finding *finding)
{
	return finding->severity == EFIMAP_NOTE && finding->shown == EFIMAP_SHOWN_ANSWER;
}

static bool is_listed_above(const struct efimap_report *report, size_t line, const char *text)
{
	for (size_t i = 0; i < line; i++)
		for (size_t k = 0; k < report->lines[i].n_unseen; k++)
			if (strcmp(report->lines[i].unseen[k], text) == 0)
				return true;
	return false;
}

/* List the unread data of an answer line, except data that an earlier answer line lists. */
static void put_unseen(const struct efimap_report *report, size_t line,
		       const struct efimap_text_options *options, struct efimap_out *out)
{
	const struct efimap_answer_line *answer = &report->lines[line];
	efimap_auto_out struct efimap_out rest = EFIMAP_OUT_MEM;
	size_t n_above = 0;

	for (size_t k = 0; k < answer->n_unseen; k++) {
		if (is_listed_above(report, line, answer->unseen[k]))
			n_above++;
		else
			put_advice_text("Not seen: ", answer->unseen[k], options, out);
	}
	if (n_above == 0)
		return;
	text_plural(&rest, n_above, "item that is also listed above",
		    "items that are also listed above");
	put_advice_text("Not seen: ", efimap_out_text(&rest, out), options, out);
}

void report_text_lines(const struct efimap_report *report,
		       const struct efimap_text_options *options, struct efimap_out *out)
{
	for (size_t i = 0; i < report->n_lines; i++) {
		const struct efimap_load_answer *answer = report->lines[i].of;

		put_line(&report->lines[i], options, out);
		/* Advice that several lines share follows the last of these lines. */
		if (answer->advice && (i + 1 == report->n_lines ||
				       report->lines[i + 1].of->advice != answer->advice))
			put_advice(answer->advice, options, out);
		if (options->verbose)
			put_unseen(report, i, options, out);
	}
	if (report->n_lines == 0 && *report->answer)
		put_sentence(report->answer, options, out);
}

void report_text_answer(const struct efimap_report *report,
			const struct efimap_text_options *options, struct efimap_out *out)
{
	efimap_auto_out struct efimap_out sentence = EFIMAP_OUT_MEM;

	report_text_lines(report, options, out);
	for (size_t i = 0; i < report->n_findings; i++) {
		if (!is_below_answer(&report->findings[i]))
			continue;
		put_source(options, &sentence);
		efimap_out_puts(&sentence, "Note: ");
		efimap_out_escaped(&sentence, report->findings[i].message);
		efimap_out_printf(&sentence, " (%s)", report->findings[i].rule->name);
		text_sentence(out, &sentence, 0, options->width);
	}
}

/* Write the indices of entries, such as "5,6,7" or "0-7", and the number of omitted indices. */
static void put_entries(const struct efimap_finding *finding, struct efimap_out *out)
{
	const uint32_t *entries = finding->entries;
	size_t segments = 0, run;

	for (size_t at = 0; at < finding->n_entries; at += run) {
		if (segments++ == MAX_SEGMENTS) {
			efimap_out_printf(out, " and %zu more", finding->n_entries - at);
			return;
		}
		run = 1;
		while (at + run < finding->n_entries && entries[at + run] == entries[at] + run)
			run++;
		if (run < MIN_RANGE)
			run = 1;
		efimap_out_printf(out, "%s%u", at ? "," : "", entries[at]);
		if (run > 1)
			efimap_out_printf(out, "-%u", entries[at + run - 1]);
	}
}

/* Write "FIRST: 0x1000    SECOND: 0x2000", on two lines if the terminal is too narrow. */
static void put_sides(const struct efimap_finding *finding,
		      const struct efimap_text_options *options, struct efimap_out *out)
{
	efimap_auto_out struct efimap_out first = EFIMAP_OUT_MEM, second = EFIMAP_OUT_MEM;

	if (!finding->first && !finding->second)
		return;
	efimap_out_puts(&first, "FIRST: ");
	efimap_out_escaped(&first, finding->first ? finding->first : "-");
	efimap_out_puts(&second, "SECOND: ");
	efimap_out_escaped(&second, finding->second ? finding->second : "-");
	efimap_out_puts(out, "    ");
	if (options->width && first.used + second.used + 8 > options->width) {
		text_sentence(out, &first, 4, options->width);
		efimap_out_puts(out, "    ");
		text_sentence(out, &second, 4, options->width);
		return;
	}
	efimap_out_printf(&first, "    %s", efimap_out_text(&second, out));
	text_sentence(out, &first, 0, 0);
}

/* Write "RULE: SEVERITY: MESSAGE". With -v, add evidence, consequence and a command. */
static void put_finding(const struct efimap_finding *finding,
			const struct efimap_text_options *options, struct efimap_out *out)
{
	efimap_auto_out struct efimap_out head = EFIMAP_OUT_MEM, sentence = EFIMAP_OUT_MEM;
	const char *severity = efimap_severity_name(finding->severity), *where;

	put_source(options, &head);
	efimap_out_printf(&head, "%s: ", finding->rule->name);
	where = efimap_out_text(&head, out);
	efimap_out_puts(out, where);
	style_severity(out, options->color, finding->severity);
	efimap_out_puts(out, ": ");
	efimap_out_escaped(&sentence, finding->message);
	if (finding->n_entries > 0) {
		efimap_out_puts(&sentence, !options->of_log	    ? " (runtime-map/" :
					   finding->n_entries == 1 ? " (entry " :
								     " (entries ");
		put_entries(finding, &sentence);
		efimap_out_putc(&sentence, ')');
	}
	text_sentence(out, &sentence, strlen(where) + strlen(severity) + 2, options->width);
	put_sides(finding, options, out);
	if (!options->verbose)
		return;
	for (size_t i = 0; i < finding->n_evidence; i++) {
		efimap_out_puts(out, "    ");
		efimap_out_escaped(&sentence, finding->evidence[i].source);
		efimap_out_puts(&sentence, ": ");
		efimap_out_escaped(&sentence, finding->evidence[i].value);
		text_sentence(out, &sentence, 4, options->width);
	}
	if (finding->consequence == EFIMAP_OUTCOME_UNKNOWN)
		efimap_out_puts(out, "    next kernel: cannot tell\n");
	else if (finding->consequence > EFIMAP_OUTCOME_NONE)
		efimap_out_printf(out, "    next kernel: %s (%s)\n",
				  efimap_outcome_name(finding->consequence),
				  efimap_certainty_name(finding->certainty));
	efimap_out_printf(out, "    why and what to do: efimapctl explain %s\n",
			  finding->rule->name);
}

static bool is_shown_finding(const struct efimap_finding *finding,
			     const struct efimap_text_options *options)
{
	if (is_below_answer(finding))
		return options->verbose;
	return options->verbose || options->notes || finding->severity != EFIMAP_NOTE ||
	       finding->shown == EFIMAP_SHOWN_ALWAYS;
}

bool report_has_text(const struct efimap_report *report,
		     const struct efimap_text_options *options)
{
	for (size_t i = 0; i < report->n_findings; i++)
		if (is_shown_finding(&report->findings[i], options))
			return true;
	return options->verbose && report->n_skipped > 0;
}

void report_text_counts(const struct efimap_report *report, size_t n_notes, size_t n_skipped,
			struct efimap_out *out)
{
	text_plural(out, report->counts[EFIMAP_ERROR], "error", "errors");
	efimap_out_puts(out, ", ");
	text_plural(out, report->counts[EFIMAP_WARNING], "warning", "warnings");
	if (n_notes) {
		efimap_out_puts(out, ", ");
		text_plural(out, n_notes, "note", "notes");
	}
	if (n_skipped) {
		efimap_out_puts(out, "; ");
		text_plural(out, n_skipped, "rule skipped", "rules skipped");
	}
}

void report_text_verdict(enum efimap_verdict verdict, struct efimap_out *text,
			 const struct efimap_text_options *options, struct efimap_out *out)
{
	const char *name = efimap_verdict_name(verdict);
	const bool is_bad = verdict == EFIMAP_VERDICT_DRIFT ||
			    verdict == EFIMAP_VERDICT_NOT_RECEIVED ||
			    verdict == EFIMAP_VERDICT_RECEIVED_UNUSABLE;

	style_text(out, options->color, is_bad ? STYLE_ERROR : STYLE_HEADING, name);
	efimap_out_puts(out, ": ");
	text_sentence(out, text, strlen(name) + 2, options->width);
}

const char *report_call(enum efimap_loaded_by loaded_by)
{
	switch (loaded_by) {
	case EFIMAP_LOADED_BY_KEXEC_LOAD:
		return "kexec_load";
	case EFIMAP_LOADED_BY_KEXEC_FILE_LOAD:
		return "kexec_file_load";
	default:
		return NULL;
	}
}

int efimap_report_write_text(const struct efimap_report *report,
			     const struct efimap_text_options *options,
			     struct efimap_out *out)
{
	const enum efimap_verdict verdict = efimap_verdict_of(report);
	const size_t n_skipped = options->verbose ? report->n_skipped : 0;
	efimap_auto_out struct efimap_out sentence = EFIMAP_OUT_MEM;
	size_t n_notes = 0;

	if (verdict > EFIMAP_VERDICT_FAIL && report->n_lines == 0) {
		put_source(options, &sentence);
		efimap_out_printf(&sentence, "%s: ", efimap_verdict_name(verdict));
		efimap_out_escaped(&sentence, efimap_reason_of(report));
		text_sentence(out, &sentence, 0, options->width);
	}
	if (!efimap_report_is_checked(report) || !report_has_text(report, options))
		return out->error;
	for (size_t i = 0; i < report->n_findings && !out->error; i++) {
		if (!is_shown_finding(&report->findings[i], options))
			continue;
		put_finding(&report->findings[i], options, out);
		n_notes += report->findings[i].severity == EFIMAP_NOTE;
	}
	/* Rules with the same reason are on one line. */
	for (size_t i = 0; i < n_skipped; i += report->skipped[i].n_alike) {
		const struct efimap_skip *skip = &report->skipped[i];

		put_source(options, &sentence);
		for (size_t k = 0; k < skip->n_alike; k++)
			efimap_out_printf(&sentence, "%s%s", k ? ", " : "skipped: ",
					  skip[k].rule->name);
		efimap_out_puts(&sentence, ": ");
		efimap_out_escaped(&sentence, skip->why);
		text_sentence(out, &sentence, 0, options->width);
	}
	put_source(options, out);
	report_text_counts(report, n_notes, n_skipped, out);
	efimap_out_putc(out, '\n');
	return out->error;
}

/* Maximum number of rules that the summary of several sources lists. */
#define MAX_SUMMED 10

void efimap_summary_add(struct efimap_summary *summary, const struct efimap_report *report)
{
	bool was_seen[EFIMAP_RULE_COUNT] = { false };

	summary->sources++;
	summary->verdicts[report ? efimap_verdict_of(report) : EFIMAP_VERDICT_UNREADABLE]++;
	if (!report)
		return;
	/* Count the worst answer to each question. */
	for (unsigned int question = 0; question < 2; question++) {
		const struct efimap_load_answer *worst =
			find_worst(report, (enum efimap_question)question);

		if (!worst || report->missed == EFIMAP_VERDICT_NOT_APPLICABLE)
			continue;
		if (has_outcome(worst))
			summary->outcomes[question][efimap_effective_outcome(worst)]
					 [worst->certainty == EFIMAP_MAY && !worst->is_split]++;
		if (question == EFIMAP_QUESTION_KDUMP)
			summary->states[worst->state]++;
	}
	/* Count each rule once, with the severity of its first finding, which is the highest. */
	for (size_t i = 0; i < report->n_findings; i++) {
		const struct efimap_finding *finding = &report->findings[i];

		if (!was_seen[finding->rule->id])
			summary->rules[finding->rule->id][finding->severity]++;
		was_seen[finding->rule->id] = true;
	}
}

struct line {
	size_t sources;
	enum efimap_severity severity;
	const struct efimap_rule *rule;
};

/* Compare by number of sources, descending, then by the order of the catalogue. */
static int compare_lines(const void *a, const void *b)
{
	const struct line *one = a, *other = b;

	return one->sources == other->sources ? efimap_order(one->rule->id, other->rule->id) :
						efimap_order(other->sources, one->sources);
}

static void put_count(struct efimap_out *out, const char **before, size_t count, const char *name,
		      const char *more)
{
	if (!count)
		return;
	efimap_out_printf(out, "%s%zu %s%s", *before, count, name, more);
	*before = ", ";
}

void efimap_summary_write_text(const struct efimap_summary *summary, bool notes, bool color,
			       struct efimap_out *out)
{
	static const char *const heads[] = { "kexec: ", "kdump: " };
	struct line lines[EFIMAP_RULE_COUNT * (EFIMAP_ERROR + 1)];
	const char *before = ": ";
	size_t count = 0;

	text_plural(out, summary->sources, "source", "sources");
	for (unsigned int i = 0; i <= EFIMAP_VERDICT_UNREADABLE; i++)
		put_count(out, &before, summary->verdicts[i],
			  efimap_verdict_name((enum efimap_verdict)i), "");
	efimap_out_putc(out, '\n');
	for (unsigned int question = 0; question < 2; question++) {
		before = heads[question];
		/* For kdump, the states precede the outcomes. */
		for (unsigned int i = 0; question && i < EFIMAP_KDUMP_STATE_COUNT; i++)
			put_count(out, &before, summary->states[i], efimap_kdump_state_name(i),
				  "");
		before = before == heads[question] ? before : "; ";
		for (unsigned int i = 0; i < EFIMAP_OUTCOME_COUNT; i++) {
			put_count(out, &before, summary->outcomes[question][i][0],
				  outcome_word(i), "");
			put_count(out, &before, summary->outcomes[question][i][1],
				  outcome_word(i), " (may)");
		}
		if (before != heads[question])
			efimap_out_putc(out, '\n');
	}

	for (unsigned int id = 0; id < EFIMAP_RULE_COUNT; id++)
		for (int i = notes ? EFIMAP_NOTE : EFIMAP_WARNING; i <= EFIMAP_ERROR; i++)
			if (summary->rules[id][i])
				lines[count++] = (struct line){
					summary->rules[id][i], (enum efimap_severity)i,
					efimap_rule_get((enum efimap_rule_id)id),
				};
	efimap_sort(lines, count, sizeof(*lines), compare_lines);
	if (count)
		efimap_out_puts(out, "rules that matched, by number of sources:\n");
	for (size_t i = 0; i < count && i < MAX_SUMMED; i++) {
		const int blanks = (int)(strlen("warning") -
					 strlen(efimap_severity_name(lines[i].severity)));

		efimap_out_printf(out, "%8zu ", lines[i].sources);
		style_severity(out, color, lines[i].severity);
		efimap_out_printf(out, "%*s %s\n", blanks, "", lines[i].rule->name);
	}
	if (count > MAX_SUMMED)
		efimap_out_printf(out, "         and %zu more\n", count - MAX_SUMMED);
	if (summary->sources == 2 && summary->booted_by_kexec == 1)
		efimap_out_puts(out, "sources were checked separately; use efimapctl "
				     "compare FIRST SECOND to check whether the map of "
				     "the first kernel reached the second kernel\n");
}

void report_text_map(const struct efimap_report *report,
		     const struct efimap_text_options *options, struct efimap_out *out)
{
	if (*report->map_summary)
		put_sentence(report->map_summary, options, out);
}

static const struct field report_rows[] = {
	{ .kind = FIELD_INLINE, .of = &efimap_report_fields,
	  .of_parts = REPORT_OUTCOME | REPORT_LOADS | REPORT_VERDICT | REPORT_COUNTS |
		      REPORT_FINDINGS | REPORT_SKIPPED },
};
const struct fields document_report = { FIELDS("efimap-report", report_rows) };
