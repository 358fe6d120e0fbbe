/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Write the answers of several sources: the numbers of words, and a table of what needs care. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/escape_text.h"
#include "base/sort.h"
#include "show/fleet.h"
#include "show/text_table.h"

#define N_QUESTIONS 2
/* Maximum number of rows without -v. */
#define MAX_ROWS ((size_t)50)
/* Width of "  kexec: " */
#define COUNTS_COLUMN 9

/*
 * struct fleet_row - a source
 * @source: its name, escaped
 * @at:     position on the command line
 * @worst:  the worst word that counts, as a number; EFIMAP_WORD_COUNT if nothing needs care
 * @words:  the word of the worst answer to each question, the name of a verdict, or "-"
 */
struct fleet_row {
	const char *source;
	const char *kernel;
	size_t at;
	unsigned int worst;
	const char *words[N_QUESTIONS];
};

/* Return the worst word that counts. What could not be read is as bad as what is unknown. */
static unsigned int find_worst(const struct report *report)
{
	const enum verdict verdict = report_verdict(report);
	unsigned int worst =
		verdict == EFIMAP_VERDICT_DENIED || verdict == EFIMAP_VERDICT_UNREADABLE
			? EFIMAP_WORD_UNKNOWN
			: EFIMAP_WORD_WARNING;

	for (size_t i = 0; i < report->n_answers; i++)
		if (report->answers[i].counts && report->answers[i].word < worst)
			worst = report->answers[i].word;
	return worst;
}

void fleet_add(struct fleet *fleet, const char *source, const struct report *report,
	       bool needs_care)
{
	const char *kernel = report->machine.kernel ? report->machine.kernel : "-";
	auto_out struct out name = EFIMAP_OUT_MEM;
	struct fleet_row row = {
		.at = fleet->n_rows,
		.worst = needs_care ? find_worst(report) : EFIMAP_WORD_COUNT,
		.kernel = arena_strndup(&fleet->texts, kernel, strlen(kernel)),
	};

	out_escaped(&name, source);
	row.source = arena_strndup(&fleet->texts, name.data, name.used);
	for (unsigned int i = 0; i < N_QUESTIONS; i++)
		row.words[i] = !report->n_answers ? verdict_name(report_verdict(report))
			       : report->words[i] < EFIMAP_WORD_COUNT ? word_text(report->words[i])
								      : "-";
	array_append(&fleet->rows, &fleet->n_rows, &fleet->capacity, &row, sizeof(row));
	fleet->n_to_list += needs_care;
}

void fleet_free(struct fleet *fleet)
{
	free(fleet->rows);
	arena_free(&fleet->texts);
}

static int compare_rows(const void *a, const void *b)
{
	const struct fleet_row *one = a, *other = b;

	return order_u64(one->worst, other->worst) ?: order_u64(one->at, other->at);
}

static void put_source(const struct text_table_column *column, const void *row, struct out *out)
{
	out_puts(out, ((const struct fleet_row *)row)->source);
}

static void put_kexec(const struct text_table_column *column, const void *row, struct out *out)
{
	out_puts(out, ((const struct fleet_row *)row)->words[EFIMAP_QUESTION_KEXEC]);
}

static void put_kdump(const struct text_table_column *column, const void *row, struct out *out)
{
	out_puts(out, ((const struct fleet_row *)row)->words[EFIMAP_QUESTION_KDUMP]);
}

static void put_kernel(const struct text_table_column *column, const void *row, struct out *out)
{
	out_puts(out, ((const struct fleet_row *)row)->kernel);
}

static bool is_asked(const struct fleet *fleet, unsigned int question)
{
	return !(fleet->not_asked & EFIMAP_QUESTION_BIT(question));
}

static void put_table(struct fleet *fleet, size_t n_rows, const struct text_options *options,
		      struct out *out)
{
	enum { SOURCE, KEXEC, KDUMP, KERNEL };
	static const struct text_table_column columns[] = {
		[SOURCE] = { "SOURCE", 0, put_source, NULL },
		[KEXEC] = { "KEXEC", TABLE_SET_OFF, put_kexec, NULL },
		[KDUMP] = { "KDUMP", TABLE_SET_OFF, put_kdump, NULL },
		/* A release may be cut, so that the words fit. */
		[KERNEL] = { "KERNEL", TABLE_SET_OFF | TABLE_LIST, put_kernel, NULL },
	};
	size_t chosen[KERNEL + 1] = { SOURCE };
	auto_table struct text_table table = {
		.columns = columns, .chosen = chosen, .n_columns = 1, .is_headed = true
	};

	for (unsigned int i = 0; i < N_QUESTIONS; i++)
		if (is_asked(fleet, i))
			chosen[table.n_columns++] = KEXEC + i;
	chosen[table.n_columns++] = KERNEL;
	text_table_add_headings(&table);
	for (size_t i = 0; i < n_rows; i++)
		text_table_add_row(&table, &fleet->rows[i]);
	text_table_write(&table, options->width, options->color, out);
}

/* Write a number with a comma before each group of three digits. */
static void put_number(struct out *out, size_t number)
{
	if (number < 1000) {
		out_printf(out, "%zu", number);
		return;
	}
	put_number(out, number / 1000);
	out_printf(out, ",%03zu", number % 1000);
}

/* struct tally - the number of machines with a word */
struct tally {
	const char *word;
	size_t count;
};

/* Write "  kexec: 84 ok, 2 loses EFI": the most frequent word first, and of others, the worst. */
static void put_counts(const struct fleet *fleet, unsigned int question,
		       const struct text_options *options, struct out *out)
{
	/* The words, and the names of verdicts without an answer */
	struct tally tallies[EFIMAP_WORD_COUNT + EFIMAP_VERDICT_UNREADABLE + 1] = { { NULL, 0 } };
	size_t column = COUNTS_COLUMN;

	for (size_t i = 0; i < fleet->n_rows; i++) {
		const char *word = fleet->rows[i].words[question];
		struct tally *tally = tallies;

		while (tally->word && strcmp(tally->word, word) != 0)
			tally++;
		tally->word = word;
		tally->count += strcmp(word, "-") != 0;
	}
	out_printf(out, "  %s: ", question_name(question));
	for (bool is_first = true;; is_first = false) {
		auto_out struct out text = EFIMAP_OUT_MEM;
		struct tally *most = tallies;

		for (struct tally *tally = tallies; tally->word; tally++)
			if (tally->count > most->count)
				most = tally;
		if (!most->count)
			break;
		put_number(&text, most->count);
		out_printf(&text, " %s", most->word);
		most->count = 0;
		if (!is_first && options->width && column + 3 + text.used > options->width) {
			out_puts(out, ",\n");
			text_blanks(out, COUNTS_COLUMN);
			column = COUNTS_COLUMN;
		} else if (!is_first) {
			out_puts(out, ", ");
			column += 2;
		}
		out_puts(out, out_text(&text));
		column += text.used;
	}
	out_putc(out, '\n');
}

void fleet_write_text(struct fleet *fleet, const struct text_options *options, struct out *out)
{
	size_t n_shown = fleet->n_to_list < MAX_ROWS ? fleet->n_to_list : MAX_ROWS;

	if (options->verbose)
		n_shown = fleet->n_rows;
	sort_items(fleet->rows, fleet->n_rows, sizeof(*fleet->rows), compare_rows);
	put_number(out, fleet->n_rows);
	out_puts(out, " machines\n");
	for (unsigned int i = 0; i < N_QUESTIONS; i++)
		if (is_asked(fleet, i))
			put_counts(fleet, i, options, out);
	if (!n_shown)
		return;
	out_putc(out, '\n');
	put_table(fleet, n_shown, options, out);
	if (n_shown < fleet->n_to_list) {
		put_number(out, fleet->n_to_list - n_shown);
		out_puts(out, " more with -v\n");
	}
}
