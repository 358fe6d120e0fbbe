/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SHOW_MESSAGE_FORM_H
#define SHOW_MESSAGE_FORM_H

#include "rules/error_texts.h"
#include "rules/form.h"
#include "show/text_style.h"

/* Return the number before a cause, such as "2. ", or "" if there is only one. */
const char *form_number(struct arena *arena, size_t number);

/**
 * form_say_cause() - add a cause of a message, and the file that decides whether it applies
 * @number: number of the cause, or 0 if there is only one
 */
void form_say_cause(struct form *form, struct arena *arena, size_t number,
		    const struct error_cause *cause);

/** form_say_fix() - add what removes a cause; the parameters are those of form_say_cause() */
void form_say_fix(struct form *form, struct arena *arena, size_t number,
		  const struct error_cause *cause);

/**
 * log_cause_write_text() - write the message in a log that shows a cause, its causes, and what to
 *                          do, or the command that says it
 * @cause: a cause whose member text is not NULL
 */
void log_cause_write_text(const struct log_cause *cause, const struct text_options *options,
			  struct out *out);

#endif
