/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the word of an answer
 *
 * The word says whether to use kexec, or whether a panic leaves a dump. It stands first in each
 * answer. It follows from the effects of the findings, from the state of kdump, and from whether
 * everything that decides was read, and from nothing else. The severity of a word is the same
 * everywhere: for the colour, the exit status, the verdict, check_efimap and the metrics.
 *
 * An answer permits K, the worst effect that is certain or a matter of chance, and U, the worst
 * effect that is unknown.
 */
#ifndef ANSWER_WORDS_H
#define ANSWER_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rules/kdump_state.h"
#include "rules/load_case.h"
#include "rules/rule_catalogue.h"

/**
 * struct effects - the effects that an answer permits, as sets of OUTCOME_BIT()
 * @certain:    effects that are certain
 * @chances:    effects that are a matter of chance
 * @conditions: effects that follow if a fact that no file shows does not hold
 * @unknowns:   effects that are unknown
 * @is_hazard_seen: the cause was seen because of which it is unknown whether the kernel boots
 */
struct effects {
	uint32_t certain;
	uint32_t chances;
	uint32_t conditions;
	uint32_t unknowns;
	bool is_hazard_seen;
};

/** outcome_is_bad() - return whether an effect is EFIMAP_OUTCOME_NO_RUNTIME or worse */
static inline bool outcome_is_bad(enum outcome effect)
{
	return effect >= EFIMAP_OUTCOME_NO_RUNTIME;
}

/** effects_known() - return K, or EFIMAP_OUTCOME_NONE */
static inline enum outcome effects_known(struct effects range)
{
	return worst_outcome(range.certain | range.chances);
}

/** effects_unknown() - return U, or EFIMAP_OUTCOME_NONE */
static inline enum outcome effects_unknown(struct effects range)
{
	return worst_outcome(range.unknowns);
}

/** effects_are_certain() - return whether K is certain; true without a K */
static inline bool effects_are_certain(struct effects range)
{
	return !((range.certain | range.chances) & ~range.certain &
		 OUTCOME_BIT(effects_known(range)));
}

/** effects_are_unknown() - return whether U is bad, and K is not, so that U determines the word */
static inline bool effects_are_unknown(struct effects range)
{
	return !outcome_is_bad(effects_known(range)) && outcome_is_bad(effects_unknown(range));
}

/** effects_outcome() - return the outcome that follows: K or, if it determines the word, U */
static inline enum outcome effects_outcome(struct effects range)
{
	return effects_are_unknown(range) ? effects_unknown(range) : effects_known(range);
}

/**
 * effects_certainty() - return the certainty of effects_outcome()
 *
 * EFIMAP_CERTAIN for a plain "ok", which JSON shows as null.
 */
static inline enum certainty effects_certainty(struct effects range)
{
	if (effects_are_unknown(range))
		return EFIMAP_UNKNOWN;
	if (effects_known(range) == EFIMAP_OUTCOME_NONE)
		return range.conditions ? EFIMAP_CONDITION : EFIMAP_CERTAIN;
	return effects_are_certain(range) ? EFIMAP_CERTAIN : EFIMAP_CHANCE;
}

/**
 * effects_add() - add the effect of a finding
 * @is_seen: the cause of the effect was seen
 */
void effects_add(struct effects *range, enum outcome effect, enum certainty certainty,
		 bool is_seen);

/** effects_is_better() - compare (K, certainty, U): return whether @a is better than @b */
bool effects_is_better(struct effects a, struct effects b);

/** enum word - the words, the worst first */
enum word {
	EFIMAP_WORD_DO_NOT_USE,
	EFIMAP_WORD_LOSES_EFI,
	EFIMAP_WORD_REFUSED,
	EFIMAP_WORD_NO_DUMP,
	EFIMAP_WORD_NOT_SET_UP,
	EFIMAP_WORD_DO_NOT_USE_IT_YET,
	EFIMAP_WORD_UNKNOWN,
	EFIMAP_WORD_IN_THE_CRASH_KERNEL,
	EFIMAP_WORD_NOT_CHECKED,
	EFIMAP_WORD_WARNING,
	EFIMAP_WORD_NO_FAULT_FOUND,
	EFIMAP_WORD_OK_IF,
	EFIMAP_WORD_OK,
};

#define EFIMAP_WORD_COUNT (EFIMAP_WORD_OK + 1)

/** EFIMAP_WORD_NAMES - the names of the words in documents, in the order of &enum word */
#define EFIMAP_WORD_NAMES                                                                          \
	"do-not-use", "loses-efi", "refused", "no-dump", "not-set-up", "do-not-use-it-yet",        \
		"unknown", "in-the-crash-kernel", "not-checked", "warning", "no-fault-found",      \
		"ok-if", "ok"

/** enum word_severity - the severity of a word */
enum word_severity {
	EFIMAP_WORD_IS_OK,
	EFIMAP_WORD_IS_WARNING,
	EFIMAP_WORD_IS_ERROR,
	EFIMAP_WORD_IS_UNKNOWN,
};

/**
 * struct word_facts - what determines a word
 * @state:       the state of kdump; for kdump, %EFIMAP_KDUMP_LOADED to speak as if the kernel were
 *               loaded
 * @range:       the effects of the findings
 * @lacks_efi:   the firmware has no EFI; only for kexec
 * @is_judged:   a load was predicted; only for kexec
 * @is_complete: SOURCE is the machine, and everything that decides was read
 */
struct word_facts {
	enum load_question question;
	enum kdump_state state;
	struct effects range;
	bool lacks_efi;
	bool is_judged;
	bool is_complete;
};

/** word_of() - return the word of an answer */
enum word word_of(const struct word_facts *facts);

/** word_text() - return a word as it is printed, such as "ok, if" */
const char *word_text(unsigned int word);

/** word_name() - return the name of a word in documents, such as "ok-if" */
const char *word_name(unsigned int word);

enum word_severity word_severity(enum word word);

/** word_severity_name() - return "ok", "warning", "error" or "unknown" */
const char *word_severity_name(unsigned int severity);

#endif
