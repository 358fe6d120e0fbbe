/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words of an answer, which follow from its range and its reasons. */
#ifndef ANSWER_SENTENCES_H
#define ANSWER_SENTENCES_H

#include "answer/answer.h"

/*
 * struct wording - the parts of the sentence "VERDICT MIDDLE (KERNEL) AFTER. [RULE]"
 * @verdict: the first words, such as "ok" or "may fail to boot"
 * @middle:  the words before the kernel, such as ", if kexec-tools is installed"; or ""
 * @after:   the reason and the second clause, which begin with ": " or "; "; or ""
 * @rule:    the rule of the headline, or NULL
 */
struct wording {
	const char *verdict;
	const char *middle;
	const char *after;
	const struct rule *rule;
};

/* CANNOT_TELL - the first words of an answer whose outcome is unknown */
#define CANNOT_TELL "cannot tell"

/*
 * word_answer() - write the words of an answer, which are constant or in @arena
 * @is_short: omit "no fault found", because another clause precedes the verdict
 */
struct wording word_answer(const struct answer *answer, bool is_short, struct arena *arena);

/* word_remedy() - write an answer as a clause without a kernel */
const char *word_remedy(const struct answer *answer, struct arena *arena);

/* text_of_reason() - return the sentence of a reason for the end of an answer */
const char *text_of_reason(const struct reason *reason);

#endif
