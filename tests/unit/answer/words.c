/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compare word_of() with the tables of words, for all pairs of findings and all states. The rows
 * are the definition of the words: the first row that holds has the word.
 */
#include <stdio.h>

#include "answer/words.h"
#include "rules/form.h"
#include "rules/outcome.h"
#include "test.h"

#define AT_RISK OUTCOME_BIT(EFIMAP_OUTCOME_MEMORY_AT_RISK)
#define LOST_EFI (OUTCOME_BIT(EFIMAP_OUTCOME_NO_RUNTIME) | OUTCOME_BIT(EFIMAP_OUTCOME_NO_EFI))
#define REFUSAL OUTCOME_BIT(EFIMAP_OUTCOME_CANNOT_LOAD)
#define NO_BOOT OUTCOME_BIT(EFIMAP_OUTCOME_NO_BOOT)
#define BAD (LOST_EFI | REFUSAL | NO_BOOT)

/* Conditions of a row, all of which apply. */
enum {
	NO_FIRMWARE = 1,
	NOT_JUDGED = 2,
	INCOMPLETE = 4,
	SEEN = 8,
};

/*
 * struct row - a row of a table of words
 * @certain: set of effects, one of which is certain; 0 for no such condition
 * @proven:  the same, certain or by chance
 * @unknown: the same, unknown
 * @condition: the same, a condition
 * @states:  set of states of kdump, or 0 for any
 */
struct row {
	enum word word;
	uint32_t certain;
	uint32_t proven;
	uint32_t unknown;
	uint32_t condition;
	uint32_t states;
	unsigned int conditions;
};

#define STATE(name) (UINT32_C(1) << EFIMAP_KDUMP_##name)

static const struct row kexec_rows[] = {
	{ EFIMAP_WORD_IN_THE_CRASH_KERNEL, .states = STATE(IN_CRASH_KERNEL) },
	{ EFIMAP_WORD_NOT_CHECKED, .conditions = NO_FIRMWARE },
	{ EFIMAP_WORD_REFUSED, .certain = REFUSAL },
	{ EFIMAP_WORD_DO_NOT_USE, .proven = NO_BOOT },
	{ EFIMAP_WORD_LOSES_EFI, .proven = LOST_EFI },
	{ EFIMAP_WORD_REFUSED, .proven = REFUSAL },
	{ EFIMAP_WORD_DO_NOT_USE_IT_YET, .unknown = NO_BOOT, .conditions = SEEN },
	{ EFIMAP_WORD_UNKNOWN, .conditions = NOT_JUDGED },
	{ EFIMAP_WORD_UNKNOWN, .unknown = BAD },
	{ EFIMAP_WORD_WARNING, .proven = AT_RISK },
	{ EFIMAP_WORD_NO_FAULT_FOUND, .conditions = INCOMPLETE },
	{ EFIMAP_WORD_OK_IF, .condition = BAD },
	{ EFIMAP_WORD_OK },
};

static const struct row kdump_rows[] = {
	{ EFIMAP_WORD_IN_THE_CRASH_KERNEL, .states = STATE(IN_CRASH_KERNEL) },
	{ EFIMAP_WORD_NOT_SET_UP, .states = STATE(NOT_CONFIGURED) },
	{ EFIMAP_WORD_NO_DUMP, .states = STATE(NOT_LOADED) | STATE(NOT_RESERVED) },
	{ EFIMAP_WORD_NO_DUMP, .proven = REFUSAL | NO_BOOT },
	{ EFIMAP_WORD_UNKNOWN, .states = STATE(UNKNOWN) },
	{ EFIMAP_WORD_UNKNOWN, .unknown = REFUSAL | NO_BOOT },
	{ EFIMAP_WORD_WARNING, .proven = AT_RISK | LOST_EFI },
	{ EFIMAP_WORD_NO_FAULT_FOUND, .conditions = INCOMPLETE },
	{ EFIMAP_WORD_OK_IF, .condition = REFUSAL | NO_BOOT },
	{ EFIMAP_WORD_OK },
};

static bool applies(uint32_t wanted, uint32_t found)
{
	return !wanted || wanted & found;
}

static enum word find_word(const struct word_facts *facts)
{
	const struct row *row = facts->question == EFIMAP_QUESTION_KEXEC ? kexec_rows : kdump_rows;
	const struct effects *range = &facts->range;
	const unsigned int met =
		(facts->lacks_efi ? NO_FIRMWARE : 0) | (facts->is_judged ? 0 : NOT_JUDGED) |
		(facts->is_complete ? 0 : INCOMPLETE) | (range->is_hazard_seen ? SEEN : 0);

	while (!applies(row->certain, range->certain) ||
	       !applies(row->proven, range->certain | range->chances) ||
	       !applies(row->unknown, range->unknowns) ||
	       !applies(row->condition, range->conditions) ||
	       !applies(row->states, UINT32_C(1) << facts->state) ||
	       (row->conditions & met) != row->conditions)
		row++;
	return row->word;
}

/* The effects that a finding can have. The value "unknown" is none of them. */
static const enum outcome effects[] = {
	EFIMAP_OUTCOME_ENTRY_DROPPED, EFIMAP_OUTCOME_MEMORY_AT_RISK, EFIMAP_OUTCOME_NO_RUNTIME,
	EFIMAP_OUTCOME_NO_EFI,	      EFIMAP_OUTCOME_CANNOT_LOAD,    EFIMAP_OUTCOME_NO_BOOT,
};

/* Each finding has an effect, a certainty, and a cause that was seen or not; 0 is no finding. */
#define N_FINDINGS (1 + ARRAY_SIZE(effects) * (EFIMAP_UNKNOWN + 1) * 2)

static void add_finding(struct effects *range, size_t finding)
{
	if (!finding--)
		return;
	effects_add(range, effects[finding / 2 / (EFIMAP_UNKNOWN + 1)],
		    (enum certainty)(finding / 2 % (EFIMAP_UNKNOWN + 1)), finding & 1);
}

/* Compare the words of a set of findings in each state, and with each set of flags. */
static size_t check_range(const struct effects *range, bool *ret_seen)
{
	size_t count = 0;

	for (unsigned int question = 0; question <= EFIMAP_QUESTION_KDUMP; question++)
		for (unsigned int state = 0; state < EFIMAP_KDUMP_STATE_COUNT; state++)
			for (unsigned int flags = 0; flags < 8; flags++, count++) {
				const struct word_facts facts = {
					.question = question,
					.state = state,
					.range = *range,
					.lacks_efi = flags & 1,
					.is_judged = flags & 2,
					.is_complete = flags & 4,
				};
				const enum word word = word_of(&facts);

				assert_int_equal(word, find_word(&facts));
				ret_seen[word] = true;
			}
	return count;
}

TEST(each_input_has_the_word_of_the_first_row)
{
	bool seen[EFIMAP_WORD_COUNT] = { false };
	size_t count = 0;

	for (size_t one = 0; one < N_FINDINGS; one++)
		for (size_t other = 0; other <= one; other++) {
			struct effects range = { 0 };

			add_finding(&range, one);
			add_finding(&range, other);
			count += check_range(&range, seen);
		}
	assert_int_equal(count, N_FINDINGS * (N_FINDINGS + 1) / 2 * 2 * 6 * 8);
	for (unsigned int word = 0; word < EFIMAP_WORD_COUNT; word++)
		assert_true(seen[word]);
}

/* Each word has one severity, and so one exit status, colour, Nagios state and metric. */
TEST(each_word_has_one_name_and_one_severity)
{
	static const struct {
		const char *text;
		const char *name;
		enum word_severity severity;
	} rows[] = {
		{ "do not use", "do-not-use", EFIMAP_WORD_IS_ERROR },
		{ "loses EFI", "loses-efi", EFIMAP_WORD_IS_ERROR },
		{ "refused", "refused", EFIMAP_WORD_IS_ERROR },
		{ "no dump", "no-dump", EFIMAP_WORD_IS_ERROR },
		{ "not set up", "not-set-up", EFIMAP_WORD_IS_ERROR },
		{ "do not use it yet", "do-not-use-it-yet", EFIMAP_WORD_IS_UNKNOWN },
		{ "unknown", "unknown", EFIMAP_WORD_IS_UNKNOWN },
		{ "in the crash kernel", "in-the-crash-kernel", EFIMAP_WORD_IS_UNKNOWN },
		{ "not checked", "not-checked", EFIMAP_WORD_IS_UNKNOWN },
		{ "warning", "warning", EFIMAP_WORD_IS_WARNING },
		{ "no fault found", "no-fault-found", EFIMAP_WORD_IS_OK },
		{ "ok, if", "ok-if", EFIMAP_WORD_IS_OK },
		{ "ok", "ok", EFIMAP_WORD_IS_OK },
	};

	assert_int_equal(ARRAY_SIZE(rows), EFIMAP_WORD_COUNT);
	for (unsigned int word = 0; word < EFIMAP_WORD_COUNT; word++) {
		assert_string_equal(word_text(word), rows[word].text);
		assert_string_equal(word_name(word), rows[word].name);
		assert_int_equal(word_severity(word), rows[word].severity);
		/* explain knows each word, as it is printed and as it is written in documents. */
		assert_non_null(topic_find(rows[word].text));
		assert_ptr_equal(topic_find(rows[word].name), topic_find(rows[word].text));
		assert_string_equal(topic_find(rows[word].text)->kind, "word");
	}
}

/* explain knows each label, as it is printed. */
TEST(each_label_is_explained)
{
	char text[32];

	for (unsigned int label = 0; label < EFIMAP_LABEL_COUNT; label++) {
		snprintf(text, sizeof(text), "%s:", form_label_name(label));
		assert_non_null(topic_find(text));
		assert_string_equal(topic_find(text)->kind, "label");
	}
	assert_null(topic_find("whys:"));
	assert_null(topic_find("wh"));
	assert_null(topic_find(""));
}
