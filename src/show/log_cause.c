/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Write what the messages of a log show, before the answer of a command about this log. */
#include "base/escape_text.h"
#include "show/log_cause.h"

#define INDENT 4
#define DEFAULT_WIDTH 80

void log_cause_write_text(const struct log_cause *cause, const struct text_options *options,
			  struct out *out)
{
	const struct error_text *text = cause->text;
	const bool is_likely = cause->causes[0] != text->causes[0];
	const size_t n_causes = is_likely ? 1 : cause->n_causes;
	const bool has_more = cause->n_causes > 1 || cause->count > 1;
	auto_out struct out line = EFIMAP_OUT_MEM, steps = EFIMAP_OUT_MEM;

	if (cause->died_of) {
		out_printf(&line, "This kernel stopped (%s).", cause->died_of);
		text_sentence(out, &line, 0, options->width);
	}
	out_puts(&line, "Known message: \"");
	out_escaped(&line, cause->quote);
	out_puts(&line, "\"");
	text_sentence(out, &line, 0, options->width);
	out_printf(&steps, "%s\n%s:", cause->means,
		   is_likely	  ? "Likely cause in this log"
		   : n_causes > 1 ? "Causes, the most frequent one first"
				  : "Usual cause");
	for (size_t i = 0; i < n_causes; i++) {
		out_putc(&steps, n_causes > 1 ? '\n' : ' ');
		if (n_causes > 1)
			out_printf(&steps, "%zu. ", i + 1);
		out_puts(&steps, error_causes[cause->causes[i]].says);
	}
	if (n_causes == 1)
		out_printf(&steps, "\nWhat to do: %s", error_causes[cause->causes[0]].fix);
	out_printf(&steps, "\n%s (FILE contains the message):\n$ efimapctl explain - < FILE",
		   n_causes > 1 ? "How to tell, and what to do"
		   : has_more	? "All causes"
				: "More about it");
	text_paragraphs(out, out_text(&steps), INDENT,
			options->width ? options->width : DEFAULT_WIDTH);
}
