/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Write the answers of several sources: a table, counts, and each reason with its sources. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/sort.h"
#include "base/text_scan.h"
#include "show/fleet.h"
#include "show/form_output.h"
#include "show/text_table.h"

enum { KEXEC, DUMP, N_QUESTIONS };

/*
 * struct fleet_row - a source
 * @at:    position on the command line
 * @rank:  the order of the worse of the two words that count (rank_of())
 * @worst: the first of these words in enum word, which has the worse words of a question first
 * @words: the word of the worst answer to each question in documents, "-", or the name of a verdict
 * @forms: the reasons for the words, or NULL
 */
struct fleet_row {
	const char *source;
	const char *kernel;
	size_t at;
	unsigned int rank;
	unsigned int worst;
	const char *words[N_QUESTIONS];
	const struct fleet_form *forms[N_QUESTIONS];
	const char *reason;
};

/* struct fleet_form - a reason of one or more sources for a word */
struct fleet_form {
	struct fleet_form *next;
	unsigned int question;
	enum word word;
	struct form form;
};

/*
 * Return the order of a word: faults, then what is unknown, then warnings, then good words. A
 * machine without EFI has no fault.
 */
static unsigned int rank_of(enum word word)
{
	static const unsigned int ranks[] = {
		[EFIMAP_NAGIOS_CRITICAL] = 0,
		[EFIMAP_NAGIOS_UNKNOWN] = 1,
		[EFIMAP_NAGIOS_WARNING] = 2,
		[EFIMAP_NAGIOS_OK] = 3,
	};

	return ranks[word == EFIMAP_WORD_NOT_CHECKED ? EFIMAP_NAGIOS_WARNING : word_nagios(word)];
}

static char *copy(struct arena *arena, const char *text)
{
	return text ? arena_strndup(arena, text, strlen(text)) : NULL;
}

/* Return a copy of a form without the lines that describe its kernels. */
static struct form copy_form(struct arena *arena, const struct form *form)
{
	struct form copied = { .head = copy(arena, form->head),
			       .word = copy(arena, form->word),
			       .joint = form->joint,
			       .sentence = copy(arena, form->sentence),
			       .tone = form->tone };

	for (size_t i = 0; i < form_count_lines(form); i++) {
		struct form_line line = form->lines[i];

		line.text = copy(arena, line.text);
		line.rule = copy(arena, line.rule);
		form_add(&copied, arena, line);
	}
	return copied;
}

/* Return the worst answer to a question, or NULL. */
static const struct load_answer *find_worst(const struct report *report,
					    enum load_question question)
{
	const struct load_answer *worst = NULL;

	for (size_t i = 0; i < report->n_answers; i++) {
		const struct load_answer *answer = &report->answers[i];

		if (answer->question == question &&
		    (!worst || rank_of(answer->group_word) < rank_of(worst->group_word)))
			worst = answer;
	}
	return worst;
}

/* Skip a number at the start of a text, such as an address. */
static const char *skip_digits(const char *text)
{
	const bool is_hex = text[0] == '0' && text[1] == 'x';

	return text + (is_hex ? 2 : 0) +
	       strspn(text + (is_hex ? 2 : 0), is_hex ? EFIMAP_HEX_DIGITS : EFIMAP_DIGITS);
}

/* Return whether two texts differ at most in numbers. */
static bool is_same_but_numbers(const char *a, const char *b)
{
	while (*a || *b) {
		const char *end = skip_digits(a), *other = skip_digits(b);

		if ((end > a) != (other > b) || (end == a && *a != *b))
			return false;
		a = end > a ? end : a + 1;
		b = other > b ? other : b + 1;
	}
	return true;
}

/* Return whether two lines say the same. Commands are compared with their numbers. */
static bool is_same_line(const struct form_line *a, const struct form_line *b)
{
	if (a->label != b->label || strcmp(a->rule ?: "", b->rule ?: "") != 0)
		return false;
	return a->label == EFIMAP_LABEL_DO ? strcmp(a->text, b->text) == 0
					   : is_same_but_numbers(a->text, b->text);
}

/*
 * Return whether two forms have the same reason: the sentence and each line say the same. Lines
 * with the kernel are not compared. Addresses and sizes may differ, but not what to do.
 */
static bool is_same_reason(const struct form *one, const struct form *other)
{
	const size_t count = form_count_lines(one);

	if (strcmp(one->sentence, other->sentence) != 0 || count != form_count_lines(other))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!is_same_line(&one->lines[i], &other->lines[i]))
			return false;
	return true;
}

/*
 * Return a form with the reason of an answer, which all sources with this reason share; NULL if the
 * answer is good without a condition, or does not count.
 */
static const struct fleet_form *share_form(struct fleet *fleet, const struct load_answer *answer)
{
	const unsigned int question = answer->question;
	struct fleet_form *found;

	if (!answer->counts ||
	    (rank_of(answer->group_word) == 3 && answer->group_word != EFIMAP_WORD_OK_IF &&
	     answer->group_word != EFIMAP_WORD_NO_FAULT_FOUND))
		return NULL;
	for (found = fleet->forms; found; found = found->next)
		if (found->question == question && found->word == answer->group_word &&
		    is_same_reason(&found->form, &answer->form))
			return found;
	found = arena_alloc(&fleet->texts, sizeof(*found));
	*found = (struct fleet_form){ fleet->forms, question, answer->group_word,
				      copy_form(&fleet->texts, &answer->form) };
	fleet->forms = found;
	return found;
}

void fleet_add(struct fleet *fleet, const char *source, const struct report *report)
{
	struct arena *arena = &fleet->texts;
	struct fleet_row row = { .source = source,
				 .at = fleet->n_rows,
				 .rank = rank_of(EFIMAP_WORD_OK),
				 .worst = EFIMAP_WORD_COUNT,
				 .words = { "-", "-" },
				 .kernel = copy(arena, report->machine.kernel) };

	for (unsigned int question = 0; question < N_QUESTIONS; question++) {
		const struct load_answer *worst = find_worst(report, (enum load_question)question);

		if (!worst)
			continue;
		row.words[question] = word_name(worst->group_word);
		row.forms[question] = share_form(fleet, worst);
		/* What does not count, such as kdump that is not set up, is no fault. */
		if (worst->counts && rank_of(worst->group_word) < row.rank) {
			row.rank = rank_of(worst->group_word);
			row.worst = worst->group_word;
		}
	}
	if (!report->n_answers) {
		row.words[KEXEC] = verdict_name(report_verdict(report));
		row.reason = copy(arena, reason_of_report(report));
		row.rank = 0;
	}
	array_append(&fleet->rows, &fleet->n_rows, &fleet->capacity, &row, sizeof(row));
}

void fleet_free(struct fleet *fleet)
{
	free(fleet->rows);
	arena_free(&fleet->texts);
}

static int compare_rows(const void *a, const void *b)
{
	const struct fleet_row *one = a, *other = b;

	return order_u64(one->rank, other->rank) ?: order_u64(one->worst, other->worst)
						   ?: order_u64(one->at, other->at);
}

static void put_source(const struct text_table_column *column, const void *row, struct out *out)
{
	out_puts(out, ((const struct fleet_row *)row)->source);
}

static void put_kernel(const struct text_table_column *column, const void *row, struct out *out)
{
	const char *kernel = ((const struct fleet_row *)row)->kernel;

	out_puts(out, kernel ? kernel : "-");
}

static void put_kexec(const struct text_table_column *column, const void *row, struct out *out)
{
	out_puts(out, ((const struct fleet_row *)row)->words[KEXEC]);
}

static void put_dump(const struct text_table_column *column, const void *row, struct out *out)
{
	out_puts(out, ((const struct fleet_row *)row)->words[DUMP]);
}

static void put_table(const struct fleet *fleet, const struct text_options *options,
		      struct out *out)
{
	static const struct text_table_column columns[] = {
		{ "SOURCE", 0, put_source, NULL, NULL },
		/* A release may be cut, so that both words fit. */
		{ "KERNEL", TABLE_LIST, put_kernel, NULL, NULL },
		{ "KEXEC", 0, put_kexec, NULL, NULL },
		{ "DUMP", 0, put_dump, NULL, NULL },
	};
	auto_table struct text_table table = { .columns = columns,
					       .n_columns = sizeof(columns) / sizeof(*columns),
					       .is_headed = true };

	text_table_add_headings(&table);
	for (size_t i = 0; i < fleet->n_rows; i++)
		text_table_add_row(&table, &fleet->rows[i]);
	text_table_write(&table, options->width, options->color, out);
}

/* Write "kexec: 2 do-not-use-yet, 1 unknown; kdump: 3 no-dump". */
static void put_counts(const struct fleet *fleet, const struct text_options *options,
		       struct out *out)
{
	auto_out struct out line = EFIMAP_OUT_MEM;

	for (unsigned int question = 0; question < N_QUESTIONS; question++) {
		const char *before = question == KEXEC ? "kexec: "
				     : line.used       ? "; kdump: "
						       : "kdump: ";

		for (size_t i = 0; i < fleet->n_rows; i++) {
			const char *word = fleet->rows[i].words[question];
			size_t count = 0, first = 0;

			while (strcmp(fleet->rows[first].words[question], word) != 0)
				first++;
			if (first < i || strcmp(word, "-") == 0)
				continue;
			for (size_t k = i; k < fleet->n_rows; k++)
				count += strcmp(fleet->rows[k].words[question], word) == 0;
			out_printf(&line, "%s%zu %s", before, count, word);
			before = ", ";
		}
	}
	text_sentence(out, &line, 0, options->width);
}

/*
 * Write the reason of a row with all its sources, unless an earlier row has the same reason. Return
 * whether the form that was written names a rule.
 */
static bool put_reason(const struct fleet *fleet, size_t at, unsigned int question,
		       const struct text_options *options, struct out *out)
{
	const struct fleet_row *row = &fleet->rows[at];
	const struct fleet_form *of = row->forms[question];
	auto_out struct out sentence = EFIMAP_OUT_MEM;
	struct form form;

	if (!of)
		return false;
	for (size_t i = 0; i < at; i++)
		if (fleet->rows[i].forms[question] == of)
			return false;
	form = of->form;
	for (size_t i = at; i < fleet->n_rows; i++)
		if (fleet->rows[i].forms[question] == of)
			out_printf(&sentence, "%s%s", i == at ? "(" : ", ", fleet->rows[i].source);
	/* The sentence of some words continues the word. */
	if (*word_joint(of->word) == ' ')
		out_printf(&sentence, "): %s %s", word_text(of->word), form.sentence);
	else
		out_printf(&sentence, "): %s", form.sentence);
	form.word = row->words[question];
	form.joint = " ";
	form.sentence = out_text(&sentence);
	form_write_text(&form, options, out);
	return *form_first_rule(&form);
}

void fleet_write_text(struct fleet *fleet, const struct text_options *options, struct out *out)
{
	bool names_rule = false;

	sort_items(fleet->rows, fleet->n_rows, sizeof(*fleet->rows), compare_rows);
	put_table(fleet, options, out);
	out_putc(out, '\n');
	put_counts(fleet, options, out);
	for (size_t i = 0; i < fleet->n_rows; i++) {
		if (fleet->rows[i].reason)
			form_write_fact(fleet->rows[i].words[KEXEC], fleet->rows[i].reason, options,
					out);
		for (unsigned int question = 0; question < N_QUESTIONS; question++)
			names_rule |= put_reason(fleet, i, question, options, out);
	}
	if (names_rule)
		form_write_hint(options, out);
	if (fleet->n_rows == 2 && fleet->booted_by_kexec == 1)
		out_puts(out, "\nTo check whether the map of the first kernel reached the second "
			      "kernel:\n  efimapctl compare FIRST SECOND\n");
}
