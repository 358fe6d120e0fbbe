/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The answer for one load, which consists of a kernel, an initrd and a loader. */
#ifndef ANSWER_ANSWER_H
#define ANSWER_ANSWER_H

#include "answer/answers.h"
#include "rules/machine.h"

/* Maximum number of elements of answer.unseen. */
#define MAX_UNSEEN 32

/*
 * struct answer - the answer for one load
 * @load:      the load, with its memory, placement and refusal
 * @own:       the findings and skipped rules of the rules that depend on the load; owned
 * @certainty: EFIMAP_CANNOT_TELL if the outcome is EFIMAP_OUTCOME_UNKNOWN
 * @finding:   the finding that determines the outcome, or NULL; borrowed from @own or from the
 *             report of the machine
 * @unknown:   if the outcome is unknown and @finding is NULL, the reason; otherwise NULL
 * @remedy:    advice about @condition, or about @unknown if more data would not help; its text is
 *             NULL if there is none
 * @is_untried: the reason in @unknown is that no rule could be checked
 * @condition: a clause such as "if kexec-tools is installed" on which the outcome
 *             EFIMAP_OUTCOME_NONE depends, or NULL
 * @unseen:    data that the capture lacks and that may change the outcome
 *
 * The texts are constant or in the arena of the report of the machine.
 */
struct answer {
	struct efimap_load_case load;
	struct efimap_report *own;
	enum efimap_outcome outcome;
	enum efimap_certainty certainty;
	const struct efimap_finding *finding;
	const char *unknown;
	struct efimap_advice remedy;
	bool is_untried;
	const char *condition;
	const char *unseen[MAX_UNSEEN];
	size_t n_unseen;
};

/*
 * place_load() - set the memory that a load may use, the placement of its segments, and its refusal
 *
 * A load whose segments were read from a log is not changed.
 */
void place_load(const struct machine *machine, struct efimap_load_case *load);

/*
 * answer_load() - predict the outcome of one load
 * @load:       the load; its placement is computed, unless it was read from a log
 * @ret_answer: free it with answer_free(); not modified on failure
 *
 * The answer does not depend on other loads or on earlier calls.
 *
 * Return: 0, -ENOMEM or -EOVERFLOW.
 */
int answer_load(struct machine *machine, const struct efimap_load_case *load,
		struct answer *ret_answer);
void answer_free(struct answer *answer);
#define auto_answer __attribute__((cleanup(answer_free)))

/*
 * finding_depends_on_segments() - return whether the effect of a finding depends on the placement
 *                                 of the segments
 *
 * The placement of an unnamed kernel is unknown, so the answer about this kernel ignores such a
 * finding if its certainty is EFIMAP_MAY.
 */
bool finding_depends_on_segments(const struct efimap_finding *finding);

/* answer_has_finding() - return whether a finding of a report affects the load of an answer */
bool answer_has_finding(const struct answer *answer, const struct efimap_finding *finding);

/* add_once() - append @text to a list of @count texts, unless the list contains it */
void add_once(const char **texts, size_t *count, const char *text);

/* CANNOT_TELL - the first words of an answer whose outcome is unknown */
#define CANNOT_TELL "cannot tell"

/* word_verdict() - return the first words of an answer, such as "will boot without EFI" */
const char *word_verdict(const struct answer *answer);

/*
 * word_reason() - return the words after the verdict and the kernel, such as ": the reason"
 *
 * Return: "" if there is nothing to add, or NULL if memory is exhausted.
 */
const char *word_reason(const struct answer *answer, struct efimap_arena *arena);

#endif
