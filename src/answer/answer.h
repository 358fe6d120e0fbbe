/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The answer for one load, which consists of a kernel, an initrd and a loader. */
#ifndef ANSWER_ANSWER_H
#define ANSWER_ANSWER_H

#include "answer/answers.h"
#include "rules/machine.h"

/*
 * struct reason - a finding that affects the load of an answer
 * @finding:   borrowed from the report of the answer or of the machine
 * @certainty: certainty of the finding for this load
 */
struct reason {
	const struct finding *finding;
	enum certainty certainty;
};

/*
 * struct answer - the answer for one load
 * @load:    the load, with its memory, placement and refusal
 * @own:     the findings and skipped rules of the rules that depend on the load; owned
 * @range:   the effects that the answer permits
 * @reasons: the findings with an effect, in the order of the report
 * @known:   the reason that determines K, or NULL
 * @unknown: the reason that determines U, or NULL
 * @is_hazard_seen: the cause of U was seen
 * @not_checked: what could not be looked at
 * @advice:  set by advise()
 *
 * The arrays are in the arena of @own.
 */
struct answer {
	struct load_case load;
	struct report *own;
	struct effects range;
	struct reason *reasons;
	size_t n_reasons;
	const struct reason *known;
	const struct reason *unknown;
	bool is_hazard_seen;
	struct not_checked *not_checked;
	size_t n_not_checked;
	struct advice advice;
};

/*
 * answer_load() - predict the outcome of one load
 * @load:      the load; its placement is computed, unless it was read from a log
 * @is_silent: compute only the range, because the sentences are not shown
 *
 * The answer does not depend on other loads or on earlier calls.
 *
 * Return: the answer. Free it with answer_free().
 */
struct answer answer_load(struct machine *machine, const struct load_case *load, bool is_silent);
void answer_free(struct answer *answer);
#define auto_answer __attribute__((cleanup(answer_free)))

/* falls_back_from() - return whether kexec-tools calls kexec_load after a load was refused */
bool falls_back_from(const struct machine *machine, const struct load_case *load,
		     const struct report *own);

/*
 * add_not_checked() - append an item to a list that has room for it, or join it with the item of
 *                     the same file or fact
 */
void add_not_checked(struct not_checked *items, size_t *count, const struct not_checked *item);

/* answer_headline() - return the reason that determines the outcome of an answer, or NULL */
static inline const struct reason *answer_headline(const struct answer *answer)
{
	return effects_outcome(answer->range) == EFIMAP_OUTCOME_UNKNOWN ? answer->unknown
									: answer->known;
}

/*
 * finding_depends_on_segments() - return whether the effect of a finding depends on the placement
 *                                 of the segments
 */
bool finding_depends_on_segments(const struct finding *finding);

/* answer_has_finding() - return whether a finding of a report affects the load of an answer */
bool answer_has_finding(const struct answer *answer, const struct finding *finding);

#endif
