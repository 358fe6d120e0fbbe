/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: writing things down
 *
 * What every writer of this module shares: colours, sentences, and sizes. Text from captures is
 * escaped (base/escape_text.h). Everything goes into a &struct efimap_out, whose error sticks; the
 * writers return it, or -ENOMEM. Nothing here reads a file, looks at a terminal or judges.
 */
#ifndef SHOW_TEXT_STYLE_H
#define SHOW_TEXT_STYLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/output_buffer.h"
#include "rules/rule_catalogue.h"

/**
 * struct efimap_text_options - how to write for people
 * @headings: write headings, and below a table what sums it up and the findings
 * @verbose:  add evidence and what was skipped; in a comparison all entries, not only those
 *            that differ; in a receipt what was passed, and causes that are excluded
 * @notes:    list notes too
 * @fixed:    whoever reads it cannot ask for more with -v
 * @source:   start each finding with this SOURCE, NULL for none
 * @width:    columns of the terminal, at which sentences are wrapped; 0: they are not
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

/** text_size() - append a size as lsmem does, "4K", "7.5M"; rounded down */
void text_size(struct efimap_out *out, uint64_t bytes);
/** text_span_size() - the same of efimap_span_bytes(), where 0 is 2^64 */
void text_span_size(struct efimap_out *out, uint64_t bytes);

void text_blanks(struct efimap_out *out, size_t count);

/** text_plural() - append "1 entry", "8 entries" */
void text_plural(struct efimap_out *out, size_t count, const char *one, const char *many);

/**
 * text_sentence() - append a line behind what already fills @column columns
 * @width: of the terminal, where the rest of the line is indented; 0 for none
 */
void text_sentence(struct efimap_out *out, struct efimap_out *sentence, size_t column,
		   unsigned int width);

/**
 * text_flow() - append @len bytes of a terminated text behind what already fills @column columns
 *
 * In lines of at most @width columns, of which those after the first begin with @indent blanks.
 * Breaks at blanks only; a longer word has a line of its own. Always ends a line.
 */
void text_flow(struct efimap_out *out, const char *text, size_t len, size_t column,
	       unsigned int indent, unsigned int width);

/* Colours, used modestly: headings and severities; whether at all, the caller says */

/** enum style - what a text is, a severity first of all; how it looks is decided in one table */
enum style {
	STYLE_NOTE = EFIMAP_NOTE,
	STYLE_WARNING = EFIMAP_WARNING,
	STYLE_ERROR = EFIMAP_ERROR,
	STYLE_HEADING,
	STYLE_FAINT,
};

/** style_begin() - start a style, when @color */
void style_begin(struct efimap_out *out, bool color, enum style style);
/** style_end() - back to normal, when @color */
void style_end(struct efimap_out *out, bool color);
/** style_text() - @text in a style, when @color */
void style_text(struct efimap_out *out, bool color, enum style style, const char *text);
/** style_severity() - "warning" in its style */
void style_severity(struct efimap_out *out, bool color, enum efimap_severity severity);

#endif
