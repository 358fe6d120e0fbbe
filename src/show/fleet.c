/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Write the answers of several sources: the numbers of words, and a table. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/sort.h"
#include "show/fleet.h"
#include "show/text_table.h"

enum { KEXEC, KDUMP, N_QUESTIONS };

/*
 * struct fleet_row - a source
 * @at:    position on the command line
 * @rank:  the order of the worse of the two words that count (rank_of())
 * @worst: the worse of these words
 * @words: the word of the worst answer to each question in documents, "-", or the name of a verdict
 */
struct fleet_row {
	const char *source;
	const char *kernel;
	size_t at;
	unsigned int rank;
	unsigned int worst;
	const char *words[N_QUESTIONS];
};

/*
 * Return the order of a word: faults, then what is unknown, then warnings, then good words. A
 * machine without EFI has no fault.
 */
static unsigned int rank_of(enum word word)
{
	static const unsigned int ranks[] = {
		[EFIMAP_WORD_IS_ERROR] = 0,
		[EFIMAP_WORD_IS_UNKNOWN] = 1,
		[EFIMAP_WORD_IS_WARNING] = 2,
		[EFIMAP_WORD_IS_OK] = 3,
	};

	return ranks[word == EFIMAP_WORD_NOT_CHECKED ? EFIMAP_WORD_IS_WARNING
						     : word_severity(word)];
}

/* Return the worst answer to a question, or NULL. */
static const struct load_answer *find_worst(const struct report *report,
					    enum load_question question)
{
	const struct load_answer *worst = NULL;

	for (size_t i = 0; i < report->n_answers; i++) {
		const struct load_answer *answer = &report->answers[i];

		if (answer->question == question && (!worst || answer->word < worst->word))
			worst = answer;
	}
	return worst;
}

void fleet_add(struct fleet *fleet, const char *source, const struct report *report)
{
	const char *kernel = report->machine.kernel;
	struct fleet_row row = { .source = source,
				 .at = fleet->n_rows,
				 .rank = rank_of(EFIMAP_WORD_OK),
				 .worst = EFIMAP_WORD_COUNT,
				 .words = { "-", "-" },
				 .kernel = "-" };

	if (kernel)
		row.kernel = arena_strndup(&fleet->texts, kernel, strlen(kernel));
	for (unsigned int question = 0; question < N_QUESTIONS; question++) {
		const struct load_answer *worst = find_worst(report, (enum load_question)question);

		if (!worst)
			continue;
		row.words[question] = word_name(worst->word);
		/* What does not count, such as kdump that is not set up, is no fault. */
		if (worst->counts && rank_of(worst->word) < row.rank) {
			row.rank = rank_of(worst->word);
			row.worst = worst->word;
		}
	}
	if (!report->n_answers) {
		row.words[KEXEC] = verdict_name(report_verdict(report));
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
	out_puts(out, ((const struct fleet_row *)row)->kernel);
}

static void put_kexec(const struct text_table_column *column, const void *row, struct out *out)
{
	out_puts(out, ((const struct fleet_row *)row)->words[KEXEC]);
}

static void put_kdump(const struct text_table_column *column, const void *row, struct out *out)
{
	out_puts(out, ((const struct fleet_row *)row)->words[KDUMP]);
}

static void put_table(const struct fleet *fleet, const struct text_options *options,
		      struct out *out)
{
	static const struct text_table_column columns[] = {
		{ "SOURCE", 0, put_source, NULL },
		{ "KEXEC", 0, put_kexec, NULL },
		{ "KDUMP", 0, put_kdump, NULL },
		/* A release may be cut, so that both words fit. */
		{ "KERNEL", TABLE_LIST, put_kernel, NULL },
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

void fleet_write_text(struct fleet *fleet, const struct text_options *options, struct out *out)
{
	sort_items(fleet->rows, fleet->n_rows, sizeof(*fleet->rows), compare_rows);
	put_counts(fleet, options, out);
	put_table(fleet, options, out);
}
