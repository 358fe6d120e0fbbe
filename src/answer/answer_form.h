/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The forms of answers: words, sentences, and lines with labels. */
#ifndef ANSWER_ANSWER_FORM_H
#define ANSWER_ANSWER_FORM_H

#include "answer/answer.h"

/*
 * kdump_state_for() - return the state of kdump that determines the word of an answer
 *
 * With --configured or --kernel, a crash kernel that is not loaded counts as loaded.
 */
enum kdump_state kdump_state_for(const struct machine *machine, const struct answer *answer);

/* describe_remedy() - describe the answer for a remedy, such as "ok", without a full stop */
const char *describe_remedy(const struct machine *machine, const struct answer *answer);

/* fill_form() - fill the form of an answer, whose lines are in @arena */
void fill_form(const struct machine *machine, const struct answer *answer, struct arena *arena,
	       struct form *form);

#endif
