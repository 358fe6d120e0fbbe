/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The forms of answers: words, sentences, and lines with labels. */
#ifndef ANSWER_ANSWER_FORM_H
#define ANSWER_ANSWER_FORM_H

#include "answer/answer.h"

/*
 * find_word_facts() - return what determines the word of an answer
 * @items: what could not be looked at; items that cannot matter are ignored
 */
struct word_facts find_word_facts(enum load_question question, enum kdump_state state,
				  struct effects range, const struct not_checked *items,
				  size_t n_items);

/* is_as_if_loaded() - return whether the word of an answer ignores the state of kdump */
bool is_as_if_loaded(const struct machine *machine, const struct load_answer *answer);

/* is_log_too_short() - return whether SOURCE is a log that does not contain enough for an answer */
bool is_log_too_short(const struct machine *machine, const struct load_answer *answer);

/* describe_remedy() - describe the answer for a remedy, such as "ok", without a full stop */
const char *describe_remedy(const struct answer *answer, struct arena *arena);

/* fill_form() - fill the form of an answer, whose lines are in @arena */
void fill_form(const struct machine *machine, const struct load_answer *answer, struct arena *arena,
	       struct form *form);

#endif
