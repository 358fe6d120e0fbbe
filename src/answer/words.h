/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the word of an answer
 *
 * The word says whether to use kexec, or whether a panic leaves a dump. It stands first in each
 * answer. It follows from the effects of the findings, from the state of kdump, and from whether
 * everything that decides was read, and from nothing else. The severity of a word is the same
 * everywhere: for the colour, the exit status, the verdict, check_efimap and the metrics.
 */
#ifndef ANSWER_WORDS_H
#define ANSWER_WORDS_H

#include "answer/effects.h"
#include "rules/kdump_state.h"
#include "rules/load_case.h"

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
