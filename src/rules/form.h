/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the form of an answer
 *
 * Each command answers with forms. A form is a headline (a word and a sentence that says what will
 * happen) and lines with labels. Each line states one finding or one action.
 */
#ifndef RULES_FORM_H
#define RULES_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/alloc.h"

/** enum form_label - the labels of lines, in the order of the lines in a form */
enum form_label {
	EFIMAP_LABEL_LOADED,
	EFIMAP_LABEL_WHY,
	EFIMAP_LABEL_IF,
	EFIMAP_LABEL_BUT,
	EFIMAP_LABEL_LOST,
	EFIMAP_LABEL_MEANS,
	EFIMAP_LABEL_WHEN,
	EFIMAP_LABEL_CHECK,
	EFIMAP_LABEL_CHECKED,
	EFIMAP_LABEL_LACKING,
	EFIMAP_LABEL_DO,
	EFIMAP_LABEL_THEN,
	EFIMAP_LABEL_KERNEL,
};

#define EFIMAP_LABEL_COUNT (EFIMAP_LABEL_KERNEL + 1)

/** enum tone - the colour of a word */
enum tone {
	EFIMAP_TONE_PLAIN,
	EFIMAP_TONE_GOOD,
	EFIMAP_TONE_WARNING,
	EFIMAP_TONE_BAD,
};

/**
 * struct form_line - a line of a form
 * @text:       a sentence, or a command
 * @rule:       name of the rule that states the sentence, or NULL
 * @n_more:     number of further items, which -v shows
 * @is_command: @text is a command
 * @is_request: the line says how to get more from the machine, which a screen says once
 */
struct form_line {
	enum form_label label;
	const char *text;
	const char *rule;
	size_t n_more;
	bool is_command;
	bool is_request;
};

/**
 * struct form - an answer
 * @head:     what the answer is about, such as "kexec"
 * @word:     the word, such as "do not use"; or NULL, and @sentence may then be NULL, too
 * @sentence: what will happen, with a full stop; if it begins with @word, the word is printed once
 * @lines:    the lines, sorted by label; in the arena that form_add() received
 */
struct form {
	const char *head;
	const char *word;
	const char *sentence;
	enum tone tone;
	struct form_line *lines;
	size_t n_lines;
	size_t capacity;
};

/* What is lost if EFI does not reach the next kernel */
#define LOST_SERVICES                                                                              \
	"EFI runtime services, and with them EFI variables (efibootmgr, mokutil, fwupd)"

/** form_label_name() - return the name of a label in documents, such as "why" */
const char *form_label_name(unsigned int label);

/** form_count_lines() - return the number of lines that do not describe a kernel */
size_t form_count_lines(const struct form *form);

/**
 * form_add() - add a line after the lines with the same label
 * @arena: owns the lines of the form
 * @line:  copied; its texts must remain valid as long as the form
 */
void form_add(struct form *form, struct arena *arena, struct form_line line);

/** form_say() - add a sentence with a label; nothing if @text is NULL or "" */
void form_say(struct form *form, struct arena *arena, enum form_label label, const char *text);

/**
 * form_run() - add a command, which stands below the previous line with the label "do"; nothing if
 *              it is NULL
 */
void form_run(struct form *form, struct arena *arena, const char *command);

#endif
