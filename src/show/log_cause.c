/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Write what the messages of a log show, before the answer of a command about this log. */
#include "base/escape_text.h"
#include "show/log_cause.h"

#define INDENT 4
#define DEFAULT_WIDTH 80

void log_cause_write_text(const struct log_cause *cause, const struct text_options *options,
			  struct out *out)
{
	const struct error_cause *first = cause->first_cause;
	const bool is_usual = first == &error_causes[cause->text->causes[0]];
	const bool has_more = cause->text->n_causes > 1 || cause->count > 1;
	auto_out struct out line = EFIMAP_OUT_MEM, steps = EFIMAP_OUT_MEM;

	if (cause->died_of) {
		out_printf(&line, "This kernel stopped (%s).", cause->died_of);
		text_sentence(out, &line, 0, options->width);
	}
	out_puts(&line, "Known message: \"");
	out_escaped(&line, cause->quote);
	out_puts(&line, "\"");
	text_sentence(out, &line, 0, options->width);
	out_printf(&steps,
		   "%s\n%s: %s\nWhat to do: %s\n%s (FILE contains the message):\n$ efimapctl "
		   "explain - < FILE",
		   cause->text->means,
		   !is_usual		       ? "Likely cause in this log"
		   : cause->text->n_causes > 1 ? "Most frequent cause"
					       : "Usual cause",
		   first->says, first->fix, has_more ? "All causes" : "More about it");
	text_paragraphs(out, out_text(&steps), INDENT,
			options->width ? options->width : DEFAULT_WIDTH);
}
