/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the answers of verify
 *
 * Each question has one answer for each kernel. The report owns the answers.
 */
#ifndef ANSWER_ANSWERS_H
#define ANSWER_ANSWERS_H

#include "answer/words.h"
#include "rules/form.h"
#include "rules/kdump_state.h"
#include "rules/lacking.h"
#include "rules/load_case.h"
#include "rules/report.h"

/**
 * struct advice - an action of the user that leads to a better answer
 * @command: a command, quoted for a shell, in which KERNEL and INITRD stand for unknown files; or
 *           NULL
 * @text:    one or more sentences, without the last full stop; NULL if there is no advice
 * @then:    the answer after the action, such as "ok", without a full stop; NULL if it was not
 *           computed
 * @limits:  one or more sentences that precede @text, such as which tools cannot follow the
 *           advice, without the last full stop; or NULL
 * @before:  a command that precedes @command and only shows something, or NULL
 * @after:   a command that follows @command, or NULL
 * @asks_machine: also run efimapctl on the machine; @text may then be NULL
 */
struct advice {
	const char *command;
	const char *text;
	const char *then;
	const char *limits;
	const char *before;
	const char *after;
	bool asks_machine;
};

/** has_advice() - return whether an advice advises anything */
static inline bool has_advice(struct advice advice)
{
	return advice.text || advice.asks_machine;
}

/**
 * struct answer_kernel - the kernel to which an answer refers
 * @release: release of the kernel, or NULL if it is unknown
 * @image:   path of the image, or NULL
 * @roles:   set of EFIMAP_ROLE_...
 * @unnamed: nothing is known about the kernel, so the text does not name it
 */
struct answer_kernel {
	const char *release;
	const char *image;
	unsigned int roles;
	bool unnamed;
};

/**
 * struct answer_reason - a finding behind an answer
 * @condition: for an unknown effect, a clause on which the effect depends, or NULL
 */
struct answer_reason {
	const struct rule *rule;
	enum outcome outcome;
	enum certainty certainty;
	const char *text;
	const char *condition;
};

/**
 * struct load_answer - the answer for a kernel
 * @state:    for kdump, enum kdump_state
 * @loader:   enum kexec_loader, or EFIMAP_LOADER_ANY if the answer is not for one loader
 * @is_loader_assumed: the version of kexec-tools, which decides, is unknown
 * @range:    the effects that the answer permits
 * @is_judged: a load was predicted; otherwise the outcome is unknown
 * @counts:   the answer affects the verdict
 * @word:     the word of the answer
 * @load_word: the word of the load as if it were loaded
 * @why:      the reason why no load was predicted, or NULL
 * @because:  a clause that is the reason for the word without a finding, or NULL
 * @is_refused: the load is certainly refused, so nothing behind it happens
 * @known:    the position in @reasons of the reason that determines K, or -1
 * @unknown:  the position in @reasons of the reason that determines U, or -1
 * @form:     the lines of the answer
 * @advice:   the advice for the user, or NULL
 * @segments: placement of the segments
 * @n_segments: number of @segments; 0 if the placement is unknown
 * @reasons:  the findings behind the answer, the headline first
 * @lacking:  what the answer needs and was not read, the most important item first
 */
struct load_answer {
	enum load_question question;
	enum kdump_state state;
	struct answer_kernel kernel;
	unsigned int loader;
	bool is_loader_assumed;
	bool is_judged;
	bool counts;
	enum word word;
	struct effects range;
	enum word load_word;
	const char *why;
	const char *because;
	bool is_refused;
	int known;
	int unknown;
	struct form form;
	const struct advice *advice;
	const struct load_segment *segments;
	size_t n_segments;
	const struct answer_reason *reasons;
	size_t n_reasons;
	const struct lacking *lacking;
	size_t n_lacking;
};

#endif
