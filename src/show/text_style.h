/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: writing text
 *
 * Colours, sentences and sizes for all writers of this module. Text from captures is escaped
 * (base/escape_text.h). All output goes to a &struct efimap_out, which keeps its first error. The
 * writers return that error, or -ENOMEM. Nothing here reads a file, checks the terminal or rates
 * values.
 */
#ifndef SHOW_TEXT_STYLE_H
#define SHOW_TEXT_STYLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/output_buffer.h"
#include "rules/rule_catalogue.h"

/**
 * struct efimap_text_options - how to write text for people
 * @headings: write headings, and below a table the summary and the findings
 * @verbose:  add evidence and skipped rules; for a comparison, all entries and not only those
 *            that differ; for received, the data that was passed and excluded causes
 * @notes:    list notes too
 * @fixed:    the reader cannot use -v to see more
 * @source:   start each finding with this SOURCE, NULL for none
 * @width:    width of the terminal, at which sentences are wrapped; 0 for no wrapping
 */
struct efimap_text_options {
	bool headings;
	bool color;
	bool verbose;
	bool notes;
	bool fixed;
	const char *source;
	unsigned int width;
};

/** text_size() - Append a size like lsmem: "4K", "7.5M"; rounded down */
void text_size(struct efimap_out *out, uint64_t bytes);
/** text_span_size() - Append the result of efimap_span_bytes(), where 0 means 2^64 */
void text_span_size(struct efimap_out *out, uint64_t bytes);

void text_blanks(struct efimap_out *out, size_t count);

/** text_plural() - Append a number and a noun: "1 entry", "8 entries" */
void text_plural(struct efimap_out *out, size_t count, const char *one, const char *many);

/**
 * text_sentence() - Append a sentence to a line that already has @column columns
 * @width: width of the terminal, where further lines are indented; 0 for no wrapping
 */
void text_sentence(struct efimap_out *out, struct efimap_out *sentence, size_t column,
		   unsigned int width);

/**
 * text_flow() - Append @len bytes of NUL-terminated text to a line that already has @column
 * columns
 *
 * In lines of at most @width columns, of which those after the first begin with @indent blanks.
 * Breaks at blanks only, and not within a command; a longer word has a line of its own. Always ends
 * a line.
 */
void text_flow(struct efimap_out *out, const char *text, size_t len, size_t column,
	       unsigned int indent, unsigned int width);

/* Colours, for headings and severities only. The caller decides whether they are used. */

/**
 * enum style - the meaning of a text; the severities come first. text_style.c defines the look.
 */
enum style {
	STYLE_NOTE = EFIMAP_NOTE,
	STYLE_WARNING = EFIMAP_WARNING,
	STYLE_ERROR = EFIMAP_ERROR,
	STYLE_HEADING,
	STYLE_FAINT,
};

/** style_begin() - Start a style if @color is set */
void style_begin(struct efimap_out *out, bool color, enum style style);
/** style_end() - Return to the normal style if @color is set */
void style_end(struct efimap_out *out, bool color);
/** style_text() - Append @text, in a style if @color is set */
void style_text(struct efimap_out *out, bool color, enum style style, const char *text);
/** style_severity() - Append a severity such as "warning" in its style */
void style_severity(struct efimap_out *out, bool color, enum efimap_severity severity);

#endif
