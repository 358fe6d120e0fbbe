/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the answers of verify
 *
 * Each question has one answer for each kernel, or two answers if the loader is unknown and the two
 * loaders have different outcomes or certainties. The report owns the answers.
 */
#ifndef ANSWER_ANSWERS_H
#define ANSWER_ANSWERS_H

#include "rules/kdump_state.h"
#include "rules/load_case.h"
#include "rules/report.h"

/**
 * struct efimap_advice - an action of the user that leads to a better answer
 * @command: a command, quoted for a shell, in which KERNEL and INITRD stand for unknown files; or
 *           NULL
 * @text:    one or more sentences, without the last full stop
 * @then:    the answer after the action, such as "will boot with EFI runtime services", without a
 *           full stop; NULL if it was not computed
 * @limits:  a sentence about tools that cannot follow the advice, without a full stop; or NULL
 */
struct efimap_advice {
	const char *command;
	const char *text;
	const char *then;
	const char *limits;
};

/**
 * struct efimap_answer_kernel - the kernel to which an answer refers
 * @release: release of the kernel, or NULL if it is unknown
 * @image:   path of the image, or NULL
 * @roles:   set of EFIMAP_ROLE_...
 * @unnamed: nothing is known about the kernel, so the text does not name it
 */
struct efimap_answer_kernel {
	const char *release;
	const char *image;
	unsigned int roles;
	bool unnamed;
};

/**
 * struct efimap_load_answer - the answer for a kernel with one loader or with each loader
 * @state:    for kdump, enum efimap_kdump_state
 * @loader:   enum efimap_loader, or EFIMAP_LOADER_ANY if the answer is not for one loader
 * @names_loader: the text names @loader, because the loader that will be used is unknown, and the
 *            other loader has a different answer
 * @is_split: @names_loader is set, and at most one of the two answers is a failure. Both count
 *            with the outcome EFIMAP_OUTCOME_UNKNOWN.
 * @counts:   the answer affects the verdict
 * @verdict:  the first words, such as "will boot with EFI runtime services"
 * @reason:   the reason, the condition or the limit of the verdict, which begins with punctuation
 *            or a space; or ""
 * @answer:   the complete sentence
 * @advice:   the advice for the user, or NULL
 * @segments: placement of the segments
 * @n_segments: number of @segments; 0 if the placement is unknown
 * @rules:    ids of the rules whose findings determine the outcome, without duplicates
 * @n_rules:  number of @rules
 * @unseen:   data that was not read and that may change the outcome
 * @n_unseen: number of @unseen
 */
struct efimap_load_answer {
	enum efimap_question question;
	enum efimap_kdump_state state;
	struct efimap_answer_kernel kernel;
	unsigned int loader;
	bool names_loader;
	bool is_split;
	bool counts;
	enum efimap_outcome outcome;
	enum efimap_certainty certainty;
	const char *verdict;
	const char *reason;
	const char *answer;
	const struct efimap_advice *advice;
	const struct efimap_segment *segments;
	size_t n_segments;
	const enum efimap_rule_id *rules;
	size_t n_rules;
	const char *const *unseen;
	size_t n_unseen;
};

/**
 * efimap_effective_outcome() - return the outcome of an answer, or unknown if the answer is split
 */
static inline enum efimap_outcome
efimap_effective_outcome(const struct efimap_load_answer *answer)
{
	return answer->is_split ? EFIMAP_OUTCOME_UNKNOWN : answer->outcome;
}

/**
 * struct efimap_answer_line - a line of text for one or more answers with the same wording
 * @of:     the first answer with this wording
 * @before: the words before the verdict, such as "kexec: "
 * @after:  the words after the verdict: the kernels, the reason and the full stop
 * @unseen: the unread data of all these answers
 */
struct efimap_answer_line {
	const struct efimap_load_answer *of;
	const char *before;
	const char *after;
	const char **unseen;
	size_t n_unseen;
};

#endif
