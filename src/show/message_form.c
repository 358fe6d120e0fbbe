/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Add the causes of known messages to forms, and write what the messages of a log show. */
#include <string.h>

#include "show/form_output.h"
#include "show/message_form.h"

const char *form_number(struct arena *arena, size_t number)
{
	return number ? arena_printf(arena, "%zu. ", number) : "";
}

void form_say_cause(struct form *form, struct arena *arena, size_t number,
		    const struct error_cause *cause)
{
	form_say(form, arena, EFIMAP_LABEL_CAUSE,
		 arena_printf(arena, "%s%s See %s.", form_number(arena, number),
			      error_words_at(cause->says), error_words_at(cause->decides)));
}

void form_say_fix(struct form *form, struct arena *arena, size_t number,
		  const struct error_cause *cause)
{
	const char *before = form_number(arena, number);

	/* Lines that begin with "$ " are commands. */
	for (const char *line = error_words_at(cause->fix); *line;) {
		const size_t len = strcspn(line, "\n");
		const char *text = arena_strndup(arena, line, len);

		if (strncmp(text, "$ ", 2) == 0)
			form_run(form, arena, text + 2);
		else
			form_say(form, arena, EFIMAP_LABEL_DO,
				 arena_printf(arena, "%s%s", before, text));
		before = "";
		line += len + (line[len] == '\n');
	}
}

void log_cause_write_text(const struct log_cause *cause, const struct text_options *options,
			  struct out *out)
{
	const bool is_likely = cause->causes[0] != cause->text->causes[0];
	const size_t n_causes = is_likely ? 1 : cause->n_causes;
	const bool is_all = n_causes == 1 && cause->n_causes == 1 && cause->count == 1;
	struct arena arena = { NULL };
	struct form form = {
		.head = arena_printf(&arena, "\"%s\"", cause->quote),
		.sentence = cause->died_of ? arena_printf(&arena, "this kernel stopped (%s).",
							  cause->died_of)
					   : NULL,
	};

	form_say(&form, &arena, EFIMAP_LABEL_MEANS, cause->means);
	for (size_t i = 0; i < n_causes; i++)
		form_say_cause(&form, &arena, n_causes > 1 ? i + 1 : 0,
			       &error_causes[cause->causes[i]]);
	if (n_causes == 1)
		form_say_fix(&form, &arena, 0, &error_causes[cause->causes[0]]);
	if (!is_all) {
		form_say(&form, &arena, EFIMAP_LABEL_DO,
			 n_causes > 1 ? "For what removes each cause (FILE contains the message):"
				      : "For all causes (FILE contains the message):");
		form_run(&form, &arena, "efimapctl explain - < FILE");
	}
	form_write_text(&form, options, out);
	arena_free(&arena);
}
