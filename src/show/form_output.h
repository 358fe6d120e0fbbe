/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SHOW_FORM_OUTPUT_H
#define SHOW_FORM_OUTPUT_H

#include "base/output_buffer.h"
#include "rules/form.h"
#include "show/text_style.h"

/**
 * form_write_text() - write a form: a headline, and lines with labels in one column
 *
 * A text continues below its beginning. A command is on lines of its own.
 */
void form_write_text(const struct form *form, const struct text_options *options, struct out *out);

/** form_write_headline() - write the headline of a form, which has a word */
void form_write_headline(const struct form *form, const struct text_options *options,
			 struct out *out);

/** form_write_fact() - write a line that begins with a label, such as "machine: …" */
void form_write_fact(const char *label, const char *text, const struct text_options *options,
		     struct out *out);

/**
 * form_write_command() - write a command below its text
 * @mark: width of the mark before this text, such as "1. "
 */
void form_write_command(const char *command, unsigned int mark, const struct text_options *options,
			struct out *out);

/** form_write_hint() - write a last @sentence: which command explains what is shown */
void form_write_hint(const char *sentence, const struct text_options *options, struct out *out);

#endif
