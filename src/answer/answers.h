/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the answers of verify
 *
 * Each question has one answer for each kernel, or two answers if the loader is unknown and the two
 * loaders have different ranges. The report owns the answers.
 */
#ifndef ANSWER_ANSWERS_H
#define ANSWER_ANSWERS_H

#include "answer/effects.h"
#include "answer/words.h"
#include "rules/kdump_state.h"
#include "rules/load_case.h"
#include "rules/report.h"

/**
 * struct advice - an action of the user that leads to a better answer
 * @command: a command, quoted for a shell, in which KERNEL and INITRD stand for unknown files; or
 *           NULL
 * @text:    one or more sentences, without the last full stop
 * @then:    the answer after the action, such as "ok", without a full stop; NULL if it was not
 *           computed
 * @limits:  a sentence about tools that cannot follow the advice, without a full stop; or NULL
 */
struct advice {
	const char *command;
	const char *text;
	const char *then;
	const char *limits;
};

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

/** struct answer_reason - a finding behind an answer */
struct answer_reason {
	const struct rule *rule;
	enum outcome outcome;
	enum certainty certainty;
	const char *text;
};

/**
 * struct not_checked - a file or a fact that could not be looked at
 * @check:  id of the file or the fact
 * @name:   short name, such as "lockdown", or NULL
 * @source: path of the file that was not read, or NULL
 * @text:   a clause that begins with "whether", or a noun phrase
 * @unseen: the effects that the file or fact may have, and the rules that need it
 * @is_excluded: it cannot matter, because of what was seen
 * @is_reason: a reason of the answer names it, so that text does not list it again
 */
struct not_checked {
	const char *check;
	const char *name;
	const char *source;
	const char *text;
	struct unseen_effects unseen;
	bool is_excluded;
	bool is_reason;
};

/**
 * struct load_answer - the answer for a kernel with one loader or with each loader
 * @state:    for kdump, enum kdump_state
 * @loader:   enum kexec_loader, or EFIMAP_LOADER_ANY if the answer is not for one loader
 * @group:    number of the group, equal for the loaders of one question and kernel
 * @is_split: the other loader of the group has a different range
 * @joined:   the range of the group
 * @range:    the range of the answer
 * @has_range: a load was predicted; otherwise the outcome is unknown
 * @counts:   the answer affects the verdict
 * @word:     the word of the answer for this loader
 * @group_word: the word of the group
 * @verdict:  the first words, such as "ok" or "may fail to boot"
 * @middle:   the words between the verdict and the kernel, such as ", if kexec-tools is installed"
 * @after:    the words after the kernel, without the full stop: the reason and the second clause
 * @rule:     the rule in brackets at the end of the answer, or NULL
 * @answer:   the complete sentence
 * @advice:   the advice for the user, or NULL
 * @segments: placement of the segments
 * @n_segments: number of @segments; 0 if the placement is unknown
 * @reasons:  the findings behind the answer, the headline first
 * @not_checked: what could not be looked at, the most important item first
 */
struct load_answer {
	enum load_question question;
	enum kdump_state state;
	struct answer_kernel kernel;
	unsigned int loader;
	size_t group;
	bool is_split;
	bool has_range;
	bool counts;
	enum word word;
	enum word group_word;
	struct effects joined;
	struct effects range;
	const char *verdict;
	const char *middle;
	const char *after;
	const struct rule *rule;
	const char *answer;
	const struct advice *advice;
	const struct load_segment *segments;
	size_t n_segments;
	const struct answer_reason *reasons;
	size_t n_reasons;
	const struct not_checked *not_checked;
	size_t n_not_checked;
};

/** answer_outcome() - return the outcome of the load of an answer */
static inline enum outcome answer_outcome(const struct load_answer *answer)
{
	return answer->has_range ? effects_outcome(answer->range) : EFIMAP_OUTCOME_UNKNOWN;
}

/** answer_certainty() - return the certainty of the outcome of the load of an answer */
static inline enum certainty answer_certainty(const struct load_answer *answer)
{
	return answer->has_range ? effects_certainty(answer->range) : EFIMAP_UNKNOWN;
}

/** group_outcome() - return the outcome of the group of an answer */
static inline enum outcome group_outcome(const struct load_answer *answer)
{
	return answer->has_range ? effects_outcome(answer->joined) : EFIMAP_OUTCOME_UNKNOWN;
}

/** enum tone - the colour of a line */
enum tone {
	EFIMAP_TONE_GOOD,
	EFIMAP_TONE_WARNING,
	EFIMAP_TONE_BAD,
};

/**
 * struct answer_line - a line of text for one or more answers with the same wording
 * @of:     the first answer with this wording
 * @before: the words before the verdict, such as "kexec: "
 * @verdict: the words that are coloured
 * @after:  the words after the verdict: the kernels, the reason, the full stop and the rule
 * @is_heading: the following indented lines contain the answers for each loader
 * @is_indented: the line is about one loader of the group that a heading names
 */
struct answer_line {
	const struct load_answer *of;
	const char *before;
	const char *verdict;
	const char *after;
	enum tone tone;
	bool is_heading;
	bool is_indented;
};

#endif
