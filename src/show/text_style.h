/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: writing text
 *
 * The functions below write colours, sentences and sizes for all writers of this directory. All
 * output goes to a &struct out, which keeps its first error.
 */
#ifndef SHOW_TEXT_STYLE_H
#define SHOW_TEXT_STYLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/output_buffer.h"
#include "rules/rule_catalogue.h"

/**
 * struct text_options - options for writing text for people
 * @headings: write headings, and the summary below a table
 * @verbose:  also write notes, evidence and skipped rules. For a comparison, also write entries
 *            without unexpected differences. For received, also write excluded causes and the data
 *            that was passed.
 * @notes:    write notes even if @verbose is not set
 * @width:    width of the terminal in columns, at which sentences are wrapped; 0 for no wrapping
 */
struct text_options {
	bool headings;
	bool color;
	bool verbose;
	bool notes;
	unsigned int width;
};

/** text_size() - append a size, rounded down, in the format of lsmem, such as "4K" or "7.5M" */
void text_size(struct out *out, uint64_t bytes);
/** text_span_size() - append a size from span_bytes(), which returns 0 for 2^64 */
void text_span_size(struct out *out, uint64_t bytes);

void text_blanks(struct out *out, size_t count);

/** text_plural() - append a number and a noun, such as "1 entry" or "8 entries" */
void text_plural(struct out *out, size_t count, const char *one, const char *many);

/**
 * text_sentence() - append a sentence to a line, end the line, and empty @sentence
 * @column: number of columns that the line already has
 * @width:  width of the terminal, at which the sentence is wrapped; 0 for no wrapping
 *
 * Further lines are indented.
 */
void text_sentence(struct out *out, struct out *sentence, size_t column, unsigned int width);

/**
 * text_flow() - append @len bytes of NUL-terminated text to a line and end the line
 * @column: number of columns that the line already has
 * @indent: number of blanks at the start of each further line
 * @width:  maximum number of columns of a line
 *
 * The text is wrapped at blanks, but not within a quotation or a command that fits on a line. A
 * word that is too long is on a separate line.
 */
void text_flow(struct out *out, const char *text, size_t len, size_t column, unsigned int indent,
	       unsigned int width);

/** text_item_mark() - return the width of the mark of a list item ("- ", "1. "), or 0 */
unsigned int text_item_mark(const char *line);

/**
 * text_command() - append a command and a newline
 * @indent: column at which the command starts
 * @width:  width of the terminal; 0 for no limit
 *
 * A command that does not fit on the line continues after "&&" or a backslash, so that a shell
 * accepts the lines as they are. A word that is too long is wider than the terminal.
 */
void text_command(struct out *out, const char *command, unsigned int indent, unsigned int width);

/**
 * text_paragraphs() - append lines of text, where each line is a paragraph, a step or a command
 * @indent: number of blanks before each line. A command is instead aligned with the text of a step,
 *          if the line is wide enough.
 *
 * Commands begin with "$ " and are not wrapped.
 */
void text_paragraphs(struct out *out, const char *text, unsigned int indent, unsigned int width);

/** enum style - the meaning of a text; the first values equal those of enum severity */
enum style {
	STYLE_NOTE = EFIMAP_NOTE,
	STYLE_WARNING = EFIMAP_WARNING,
	STYLE_ERROR = EFIMAP_ERROR,
	STYLE_HEADING,
	STYLE_GOOD,
};

void style_begin(struct out *out, bool color, enum style style);
void style_end(struct out *out, bool color);
void style_text(struct out *out, bool color, enum style style, const char *text);
void style_severity(struct out *out, bool color, enum severity severity);

#endif
