/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compare word_of() with the tables of words, for all inputs. The rows are the definition of the
 * words: the first row that holds has the word.
 */
#include "answer/words.h"
#include "rules/outcome.h"
#include "test.h"

#define DROPPED OUTCOME_BIT(EFIMAP_OUTCOME_ENTRY_DROPPED)
#define AT_RISK OUTCOME_BIT(EFIMAP_OUTCOME_MEMORY_AT_RISK)
#define NO_RUNTIME OUTCOME_BIT(EFIMAP_OUTCOME_NO_RUNTIME)
#define NO_EFI OUTCOME_BIT(EFIMAP_OUTCOME_NO_EFI)
#define REFUSAL OUTCOME_BIT(EFIMAP_OUTCOME_CANNOT_LOAD)
#define NO_BOOT OUTCOME_BIT(EFIMAP_OUTCOME_NO_BOOT)
#define BAD (NO_RUNTIME | NO_EFI | REFUSAL | NO_BOOT)

/* Conditions of a row, all of which apply. */
enum {
	CERTAIN = 1,
	CHANCE = 2,
	SEEN = 4,
	NO_FIRMWARE = 8,
	NO_ANSWER = 16,
	ONLY_REFUSAL = 32,
	CONDITION = 64,
	LACKS_BOOT = 128,
	LACKS_ANY = 256,
};

/*
 * struct row - a row of a table of words
 * @known:   set of values of K, or 0 for any
 * @unknown: set of values of U, or 0 for any
 * @states:  set of states of kdump, or 0 for any
 */
struct row {
	enum word word;
	uint32_t known;
	uint32_t unknown;
	uint32_t states;
	unsigned int conditions;
};

#define STATE(name) (UINT32_C(1) << EFIMAP_KDUMP_##name)

static const struct row kexec_rows[] = {
	{ EFIMAP_WORD_NOT_CHECKED, .conditions = NO_FIRMWARE },
	{ EFIMAP_WORD_DO_NOT_USE, .known = NO_BOOT },
	{ EFIMAP_WORD_REFUSED, .known = REFUSAL, .conditions = CERTAIN },
	{ EFIMAP_WORD_LOSES_EFI, .known = NO_RUNTIME | NO_EFI },
	{ EFIMAP_WORD_MAY_BE_REFUSED, .known = REFUSAL, .conditions = CHANCE },
	{ EFIMAP_WORD_UNKNOWN, .conditions = NO_ANSWER },
	{ EFIMAP_WORD_DO_NOT_USE_YET, .unknown = NO_BOOT, .conditions = SEEN },
	{ EFIMAP_WORD_UNKNOWN, .unknown = NO_BOOT },
	{ EFIMAP_WORD_TRY, .unknown = BAD, .conditions = ONLY_REFUSAL },
	{ EFIMAP_WORD_MAY_LOSE_EFI, .unknown = BAD },
	{ EFIMAP_WORD_BOOTS_BUT, .known = DROPPED | AT_RISK },
	{ EFIMAP_WORD_OK_IF, .conditions = CONDITION },
	{ EFIMAP_WORD_NO_FAULT_FOUND, .conditions = LACKS_BOOT },
	{ EFIMAP_WORD_OK_IF_IT_LOADS, .conditions = LACKS_ANY },
	{ EFIMAP_WORD_OK },
};

static const struct row kdump_rows[] = {
	{ EFIMAP_WORD_IN_CRASH_KERNEL, .states = STATE(IN_CRASH_KERNEL) },
	{ EFIMAP_WORD_NOT_SET_UP, .states = STATE(NOT_CONFIGURED) },
	{ EFIMAP_WORD_NO_DUMP, .states = STATE(NOT_LOADED) | STATE(NOT_RESERVED) },
	{ EFIMAP_WORD_NO_DUMP, .known = NO_BOOT | REFUSAL, .states = STATE(LOADED),
	  .conditions = CERTAIN },
	{ EFIMAP_WORD_UNKNOWN, .states = STATE(UNKNOWN) },
	{ EFIMAP_WORD_MAY_LEAVE_NO_DUMP, .known = NO_BOOT | REFUSAL, .conditions = CHANCE },
	{ EFIMAP_WORD_DUMP_WITHOUT_EFI, .known = NO_RUNTIME | NO_EFI },
	{ EFIMAP_WORD_LOADED, .conditions = NO_FIRMWARE },
	{ EFIMAP_WORD_UNKNOWN, .conditions = NO_ANSWER },
	{ EFIMAP_WORD_UNKNOWN, .unknown = NO_BOOT | REFUSAL },
	{ EFIMAP_WORD_DUMP_PERHAPS_WITHOUT_EFI, .unknown = NO_RUNTIME | NO_EFI },
	{ EFIMAP_WORD_DUMP_BUT, .known = DROPPED | AT_RISK },
	{ EFIMAP_WORD_OK_IF, .conditions = CONDITION },
	{ EFIMAP_WORD_NO_FAULT_FOUND, .conditions = LACKS_ANY },
	{ EFIMAP_WORD_OK },
};

/* Return the conditions that the facts of an answer meet. */
static unsigned int conditions_of(const struct word_facts *facts)
{
	const uint32_t bad = facts->range.unknowns & BAD;

	return (facts->range.certainty == EFIMAP_CERTAIN ? CERTAIN : CHANCE) |
	       (facts->is_hazard_seen ? SEEN : 0) |
	       (facts->checked == EFIMAP_CHECKED_NO_EFI ? NO_FIRMWARE : 0) |
	       (facts->checked == EFIMAP_CHECKED_NOTHING ? NO_ANSWER : 0) |
	       (bad == REFUSAL ? ONLY_REFUSAL : 0) |
	       (facts->range.has_bad_condition ? CONDITION : 0) |
	       (facts->lacks_boot ? LACKS_BOOT | LACKS_ANY : 0) |
	       (facts->lacks_load ? LACKS_ANY : 0);
}

static enum word find_word(const struct word_facts *facts)
{
	const bool is_kexec = facts->question == EFIMAP_QUESTION_KEXEC;
	const struct row *row = is_kexec ? kexec_rows : kdump_rows;
	const unsigned int met = conditions_of(facts);

	while ((row->known && !(row->known & OUTCOME_BIT(facts->range.known))) ||
	       (row->unknown && !(row->unknown & OUTCOME_BIT(facts->range.unknown))) ||
	       (row->states && !(row->states & UINT32_C(1) << facts->state)) ||
	       (row->conditions & met) != row->conditions)
		row++;
	return row->word;
}

/* The effects that a set of findings can have. The value "unknown" is none of them. */
static const enum outcome effects[] = {
	EFIMAP_OUTCOME_ENTRY_DROPPED, EFIMAP_OUTCOME_MEMORY_AT_RISK, EFIMAP_OUTCOME_NO_RUNTIME,
	EFIMAP_OUTCOME_NO_EFI,	      EFIMAP_OUTCOME_CANNOT_LOAD,    EFIMAP_OUTCOME_NO_BOOT,
};

/* Return a range with K (0 for none), a set of unknown effects, and a condition (0 for none). */
static struct effects make_range(size_t known, enum certainty certainty, unsigned int unknowns,
				 size_t condition)
{
	struct effects range = { .known = EFIMAP_OUTCOME_NONE };

	if (known)
		effects_add(&range, effects[known - 1], certainty);
	for (size_t i = 0; i < ARRAY_SIZE(effects); i++)
		if (unknowns & 1U << i)
			effects_add(&range, effects[i], EFIMAP_UNKNOWN);
	if (condition)
		effects_add(&range, effects[condition - 1], EFIMAP_CONDITION);
	return range;
}

/* Compare the words of one range in each state, and with each set of flags. */
static size_t check_range(enum load_question question, const struct effects *range)
{
	size_t count = 0;

	for (unsigned int state = 0; state < EFIMAP_KDUMP_STATE_COUNT; state++)
		for (unsigned int checked = 0; checked <= EFIMAP_CHECKED_NOTHING; checked++)
			for (unsigned int flags = 0; flags < 8; flags++) {
				const struct word_facts facts = {
					.question = question,
					.checked = checked,
					.state = state,
					.range = *range,
					.is_hazard_seen = flags & 1,
					.lacks_boot = flags & 2,
					.lacks_load = flags & 4,
				};

				assert_int_equal(word_of(&facts), find_word(&facts));
				count++;
			}
	return count;
}

TEST(each_input_has_the_word_of_the_first_row)
{
	size_t count = 0;

	for (unsigned int question = 0; question <= EFIMAP_QUESTION_KDUMP; question++)
		for (size_t known = 0; known <= ARRAY_SIZE(effects); known++)
			for (unsigned int sure = EFIMAP_CERTAIN; sure <= EFIMAP_CHANCE; sure++)
				for (unsigned int set = 0; set < 1U << ARRAY_SIZE(effects); set++)
					for (size_t on = 0; on <= ARRAY_SIZE(effects); on++) {
						const struct effects range =
							make_range(known, sure, set, on);

						count += check_range(question, &range);
					}
	assert_int_equal(count, 2 * 7 * 2 * 64 * 7 * 6 * 3 * 8);
}

/* Each word of a table has one state, and so one exit status. */
TEST(each_word_has_one_name_and_one_state)
{
	static const struct {
		const char *text;
		const char *name;
		enum nagios nagios;
	} rows[] = {
		{ "not checked", "not-checked", EFIMAP_NAGIOS_UNKNOWN },
		{ "do not use", "do-not-use", EFIMAP_NAGIOS_CRITICAL },
		{ "refused", "refused", EFIMAP_NAGIOS_CRITICAL },
		{ "loses EFI", "loses-efi", EFIMAP_NAGIOS_CRITICAL },
		{ "may be refused", "may-be-refused", EFIMAP_NAGIOS_CRITICAL },
		{ "unknown", "unknown", EFIMAP_NAGIOS_UNKNOWN },
		{ "do not use it yet", "do-not-use-yet", EFIMAP_NAGIOS_UNKNOWN },
		{ "try", "try", EFIMAP_NAGIOS_UNKNOWN },
		{ "may lose EFI", "may-lose-efi", EFIMAP_NAGIOS_UNKNOWN },
		{ "boots, but", "boots-but", EFIMAP_NAGIOS_WARNING },
		{ "ok, if", "ok-if", EFIMAP_NAGIOS_OK },
		{ "no fault found", "no-fault-found", EFIMAP_NAGIOS_OK },
		{ "ok, if it loads", "ok-if-it-loads", EFIMAP_NAGIOS_OK },
		{ "ok", "ok", EFIMAP_NAGIOS_OK },
		{ "in the crash kernel", "in-crash-kernel", EFIMAP_NAGIOS_UNKNOWN },
		{ "not set up", "not-set-up", EFIMAP_NAGIOS_CRITICAL },
		{ "no dump", "no-dump", EFIMAP_NAGIOS_CRITICAL },
		{ "may leave no dump", "may-leave-no-dump", EFIMAP_NAGIOS_CRITICAL },
		{ "dump without EFI", "dump-without-efi", EFIMAP_NAGIOS_CRITICAL },
		{ "dump, perhaps without EFI", "dump-perhaps-without-efi", EFIMAP_NAGIOS_UNKNOWN },
		{ "dump, but", "dump-but", EFIMAP_NAGIOS_WARNING },
		{ "loaded", "loaded", EFIMAP_NAGIOS_OK },
	};

	assert_int_equal(ARRAY_SIZE(rows), EFIMAP_WORD_COUNT);
	for (unsigned int word = 0; word < EFIMAP_WORD_COUNT; word++) {
		assert_string_equal(word_text(word), rows[word].text);
		assert_string_equal(word_name(word), rows[word].name);
		assert_int_equal(word_nagios(word), rows[word].nagios);
		/* explain knows each word, as it is printed and as it is written in documents. */
		assert_non_null(topic_find(rows[word].text));
		assert_ptr_equal(topic_find(rows[word].name), topic_find(rows[word].text));
	}
}
