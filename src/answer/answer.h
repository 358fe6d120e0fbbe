/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the answers of verify
 *
 * Each question has one answer for each kernel. An answer is made once, and the report owns it. The
 * answers for remedies are made in the same way, and freed.
 */
#ifndef ANSWER_ANSWER_H
#define ANSWER_ANSWER_H

#include "answer/words.h"
#include "rules/form.h"
#include "rules/lacking.h"
#include "rules/machine.h"

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
 * @unnamed: nothing is known about the kernel, so the text does not name it
 */
struct answer_kernel {
	const char *release;
	const char *image;
	bool unnamed;
};

/**
 * struct answer - the answer for a load, or for a question without a load
 * @load:    the load, with its memory, placement and refusal; without a load only the question, the
 *           roles of the kernel, and EFIMAP_LOADER_ANY
 * @own:     the findings of the rules that depend on the load; NULL without a load
 * @state:   for kdump, enum kdump_state
 * @is_judged: a load was predicted; otherwise the outcome is unknown
 * @counts:  the answer affects the verdict
 * @word:    the word of the answer
 * @why:     the reason why no load was predicted, or NULL
 * @because: a clause that is the reason for the word without a finding, or NULL
 * @range:   the effects that the answer permits
 * @reasons: the findings with an effect, with their certainty for this load: the headline first,
 *           then in the order of the report
 * @known:   the reason that determines K, or NULL
 * @unknown: the reason that determines U, or NULL
 * @lacking: what the answer needs and was not read, the most important item first
 * @advice:  the advice for the user, which may be empty
 * @form:    the lines of the answer
 */
struct answer {
	struct load_case load;
	struct report *own;
	enum kdump_state state;
	struct answer_kernel kernel;
	bool is_judged;
	bool counts;
	enum word word;
	const char *why;
	const char *because;
	struct effects range;
	struct finding *reasons;
	size_t n_reasons;
	const struct finding *known;
	const struct finding *unknown;
	const struct lacking *lacking;
	size_t n_lacking;
	struct advice advice;
	struct form form;
};

/**
 * answer_load() - predict the outcome of one load
 * @load: the load; its placement is computed, unless it was read from a log
 *
 * The answer does not depend on other loads or on earlier calls.
 *
 * Return: the answer, without a form and advice. Free it with answer_free().
 */
struct answer answer_load(struct machine *machine, const struct load_case *load);
void answer_free(struct answer *answer);
#define auto_answer __attribute__((cleanup(answer_free)))

/** answer_word() - return the word of an answer if the state of kdump were @state */
enum word answer_word(const struct machine *machine, const struct answer *answer,
		      enum kdump_state state);

/** answer_headline() - return the reason that determines the outcome of an answer, or NULL */
static inline const struct finding *answer_headline(const struct answer *answer)
{
	return effects_are_unknown(answer->range) ? answer->unknown : answer->known;
}

/** answer_find_reason() - return the first reason that @rule states, or NULL */
const struct finding *answer_find_reason(const struct answer *answer, enum rule_id rule);

/**
 * finding_depends_on_segments() - return whether the effect of a finding depends on the placement
 *                                 of the segments
 */
bool finding_depends_on_segments(const struct finding *finding);

/** answer_has_finding() - return whether a finding of a report affects the load of an answer */
bool answer_has_finding(const struct answer *answer, const struct finding *finding);

#endif
