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
 * @lacking: what the answer needs and was not read
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
	const struct lacking *lacking;
	size_t n_lacking;
	struct advice advice;
};

/*
 * answer_load() - predict the outcome of one load
 * @load: the load; its placement is computed, unless it was read from a log
 *
 * The answer does not depend on other loads or on earlier calls.
 *
 * Return: the answer. Free it with answer_free().
 */
struct answer answer_load(struct machine *machine, const struct load_case *load);
void answer_free(struct answer *answer);
#define auto_answer __attribute__((cleanup(answer_free)))

/* falls_back_from() - return whether kexec-tools calls kexec_load after a load was refused */
bool falls_back_from(const struct machine *machine, const struct load_case *load,
		     const struct report *own);

/* answer_is_complete() - return whether SOURCE is the machine, and nothing is lacking */
bool answer_is_complete(const struct efimap *map, size_t n_lacking);

/* answer_headline() - return the reason that determines the outcome of an answer, or NULL */
static inline const struct reason *answer_headline(const struct answer *answer)
{
	return effects_are_unknown(answer->range) ? answer->unknown : answer->known;
}

/*
 * finding_depends_on_segments() - return whether the effect of a finding depends on the placement
 *                                 of the segments
 */
bool finding_depends_on_segments(const struct finding *finding);

/* answer_has_finding() - return whether a finding of a report affects the load of an answer */
bool answer_has_finding(const struct answer *answer, const struct finding *finding);

#endif
