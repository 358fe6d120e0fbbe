/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the word of an answer
 *
 * The word says whether to use kexec, or whether a panic leaves a dump. It stands first in each
 * answer. It follows from the range of the answer, from what was not seen, and from the state of
 * kdump, and from nothing else.
 */
#ifndef ANSWER_WORDS_H
#define ANSWER_WORDS_H

#include "answer/effects.h"
#include "rules/kdump_state.h"
#include "rules/load_case.h"

/** enum word - the words, those for kexec before those for kdump */
enum word {
	EFIMAP_WORD_NOT_CHECKED,
	EFIMAP_WORD_DO_NOT_USE,
	EFIMAP_WORD_REFUSED,
	EFIMAP_WORD_LOSES_EFI,
	EFIMAP_WORD_MAY_BE_REFUSED,
	EFIMAP_WORD_UNKNOWN,
	EFIMAP_WORD_DO_NOT_USE_YET,
	EFIMAP_WORD_TRY,
	EFIMAP_WORD_MAY_LOSE_EFI,
	EFIMAP_WORD_BOOTS_BUT,
	EFIMAP_WORD_OK_IF,
	EFIMAP_WORD_NO_FAULT_FOUND,
	EFIMAP_WORD_OK_IF_IT_LOADS,
	EFIMAP_WORD_OK,
	EFIMAP_WORD_IN_CRASH_KERNEL,
	EFIMAP_WORD_NOT_SET_UP,
	EFIMAP_WORD_NO_DUMP,
	EFIMAP_WORD_MAY_LEAVE_NO_DUMP,
	EFIMAP_WORD_DUMP_WITHOUT_EFI,
	EFIMAP_WORD_DUMP_PERHAPS_WITHOUT_EFI,
	EFIMAP_WORD_DUMP_BUT,
	EFIMAP_WORD_LOADED,
};

#define EFIMAP_WORD_COUNT (EFIMAP_WORD_LOADED + 1)

/** enum nagios - the state that a monitoring plugin reports for a word */
enum nagios {
	EFIMAP_NAGIOS_OK,
	EFIMAP_NAGIOS_WARNING,
	EFIMAP_NAGIOS_CRITICAL,
	EFIMAP_NAGIOS_UNKNOWN,
};

/**
 * enum checked - whether a load was predicted
 * @EFIMAP_CHECKED_NO_EFI: the machine was booted without EFI, so nothing was predicted
 * @EFIMAP_CHECKED_NOTHING: the input cannot answer, for example a log without a map
 */
enum checked {
	EFIMAP_CHECKED,
	EFIMAP_CHECKED_NO_EFI,
	EFIMAP_CHECKED_NOTHING,
};

/**
 * struct word_facts - what determines a word
 * @state:      for kdump, the state; %EFIMAP_KDUMP_LOADED to speak as if the kernel were loaded
 * @range:      K, U and conditions
 * @is_hazard_seen: the cause of U was seen, and only its effect or extent was not
 * @lacks_boot: something that was not seen could keep the next kernel from booting, or lose EFI
 * @lacks_load: something that was not seen could only refuse the load
 */
struct word_facts {
	enum load_question question;
	enum checked checked;
	enum kdump_state state;
	struct effects range;
	bool is_hazard_seen;
	bool lacks_boot;
	bool lacks_load;
};

/** word_of() - return the word of an answer */
enum word word_of(const struct word_facts *facts);

/** word_text() - return a word as it is printed, such as "ok, if it loads" */
const char *word_text(unsigned int word);

/** word_joint() - return what joins a word and its sentence, such as ": " */
const char *word_joint(unsigned int word);

/** word_name() - return the name of a word in documents, such as "ok-if-it-loads" */
const char *word_name(unsigned int word);

/**
 * word_nagios() - return the state of a word
 *
 * The exit status of verify with --for is 0 for OK and WARNING, 1 for CRITICAL and 4 for UNKNOWN.
 */
enum nagios word_nagios(enum word word);

#endif
