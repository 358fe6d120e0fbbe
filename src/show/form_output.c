/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Write forms as text, at every width. */
#include <limits.h>
#include <string.h>

#include "base/escape_text.h"
#include "base/utf8.h"
#include "show/form_output.h"

/* The columns of labels, of texts, and of what is said about the map and the source */
#define LABEL_COLUMN 2
#define TEXT_COLUMN 11
#define FACT_COLUMN 9

/* Write a text that continues at @indent. The line already has @column columns. */
static void flow(struct out *text, size_t column, unsigned int indent,
		 const struct text_options *options, struct out *out)
{
	const char *words = out_text(text);

	text_flow(out, words, strlen(words), column, indent,
		  options->width ? options->width : UINT_MAX);
	text->used = 0;
}

void form_write_command(const char *command, unsigned int mark, const struct text_options *options,
			struct out *out)
{
	auto_out struct out text = EFIMAP_OUT_MEM;

	text_blanks(out, TEXT_COLUMN + mark + 2);
	out_escaped(&text, command);
	text_command(out, out_text(&text), TEXT_COLUMN + mark + 2, options->width);
}

/* Write a line. @mark is that of the last text, which is not a command. */
static void put_form_line(const struct form_line *line, bool is_first, unsigned int *mark,
			  const struct text_options *options, struct out *out)
{
	auto_out struct out text = EFIMAP_OUT_MEM;
	const char *name = form_label_name(line->label);

	if (line->is_command && !is_first) {
		form_write_command(line->text, *mark, options, out);
		return;
	}
	*mark = text_item_mark(line->text);
	text_blanks(out, LABEL_COLUMN);
	if (is_first)
		out_printf(out, "%s:", name);
	text_blanks(out, TEXT_COLUMN - LABEL_COLUMN - (is_first ? strlen(name) + 1 : 0));
	out_escaped(&text, line->text);
	if (line->rule)
		out_printf(&text, " [%s]", line->rule);
	if (line->n_more && !options->verbose)
		out_printf(&text, "; %zu more with -v", line->n_more);
	flow(&text, TEXT_COLUMN, TEXT_COLUMN + *mark, options, out);
}

void form_write_headline(const struct form *form, const struct text_options *options,
			 struct out *out)
{
	static const enum style styles[] = { [EFIMAP_TONE_PLAIN] = STYLE_HEADING,
					     [EFIMAP_TONE_GOOD] = STYLE_GOOD,
					     [EFIMAP_TONE_WARNING] = STYLE_WARNING,
					     [EFIMAP_TONE_BAD] = STYLE_ERROR };
	const bool color = options->color && form->tone != EFIMAP_TONE_PLAIN;
	auto_out struct out text = EFIMAP_OUT_MEM, head = EFIMAP_OUT_MEM;
	const size_t word = strlen(form->word);
	const bool has_word = strncmp(form->sentence, form->word, word) == 0;
	size_t column;

	out_escaped(&head, form->head);
	out_puts(&head, ": ");
	if (strcmp(form->head, "map") == 0)
		text_blanks(&head, (unsigned int)(FACT_COLUMN - head.used));
	column = utf8_columns(head.data, head.used);
	out_write(out, head.data, head.used);
	style_text(out, color, styles[form->tone], form->word);
	if (!has_word)
		out_puts(&text, ": ");
	out_escaped(&text, form->sentence + (has_word ? word : 0));
	text_blanks(out, *out_text(&text) == ' ');
	flow(&text, column + word + (*out_text(&text) == ' '),
	     column > TEXT_COLUMN ? TEXT_COLUMN : (unsigned int)column, options, out);
}

/* Write the title of a form without a word, such as a message in a log. */
static void put_title(const struct form *form, const struct text_options *options, struct out *out)
{
	auto_out struct out text = EFIMAP_OUT_MEM, lines = EFIMAP_OUT_MEM;

	out_escaped(&text, form->head);
	if (form->sentence)
		out_printf(&text, ": %s", form->sentence);
	flow(&text, 0, text_item_mark(form->head), options, &lines);
	style_begin(out, options->color, STYLE_HEADING);
	out_write(out, lines.data, lines.used - 1);
	style_end(out, options->color);
	out_putc(out, '\n');
}

void form_write_text(const struct form *form, const struct text_options *options, struct out *out)
{
	unsigned int mark = 0;

	if (form->word)
		form_write_headline(form, options, out);
	else
		put_title(form, options, out);
	for (size_t i = 0; i < form->n_lines; i++)
		put_form_line(&form->lines[i],
			      i == 0 || form->lines[i - 1].label != form->lines[i].label, &mark,
			      options, out);
}

void form_write_fact(const char *label, const char *text, const struct text_options *options,
		     struct out *out)
{
	const size_t least = strlen(label) + 2;
	const size_t column = least > FACT_COLUMN ? least : FACT_COLUMN;
	auto_out struct out escaped = EFIMAP_OUT_MEM;

	out_printf(out, "%s:", label);
	text_blanks(out, column - strlen(label) - 1);
	out_escaped(&escaped, text);
	flow(&escaped, column, (unsigned int)column, options, out);
}

void form_write_hint(const char *sentence, const struct text_options *options, struct out *out)
{
	auto_out struct out text = EFIMAP_OUT_MEM;

	out_putc(out, '\n');
	out_puts(&text, sentence);
	flow(&text, 0, 2, options, out);
}
