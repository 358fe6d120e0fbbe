/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: writing things down
 *
 * What every writer of this module shares: colours, text from captures, and sizes. Everything goes
 * into a &struct efimap_out, whose error sticks; the writers return it, or -ENOMEM. Nothing here
 * reads a file, looks at a terminal or judges.
 *
 * Text that came from a capture (labels, the kernel's release) never reaches the output
 * with control characters. In text they, and bytes that are not UTF-8, are written as
 * \xNN. JSON is printable ASCII throughout: other characters are escaped as \uNNNN, and
 * bytes that are not UTF-8 become U+FFFD. The documents are described in schema/.
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
 * @all:      list findings without a consequence too, as with @verbose
 * @fixed:    whoever reads it cannot ask for more with -v
 * @source:   start each finding with this SOURCE, NULL for none
 * @width:    columns of the terminal, at which sentences are wrapped; 0: they are not
 */
struct efimap_text_options {
	bool headings;
	bool color;
	bool verbose;
	bool notes;
	bool all;
	bool fixed;
	const char *source;
	unsigned int width;
};

/**
 * efimap_out_safe() - append text from a capture
 *
 * Control characters (C0, C1, DEL), those that turn text around, break lines or are not
 * seen, and bytes that are not UTF-8 become \xNN; other characters, a backslash included,
 * stay as they are.
 */
void efimap_out_safe(struct efimap_out *out, const char *text);

/** text_escape_byte() - append \xNN */
void text_escape_byte(struct efimap_out *out, char byte);

/**
 * text_safe_character() - append the first character of @text
 *
 * Of one that is not seen, or not what it seems, each byte is \xNN.
 *
 * Return: bytes that it takes in @text, which is not empty.
 */
size_t text_safe_character(struct efimap_out *out, const char *text);

/** text_ascii() - append @text with everything but printable ASCII as \xNN */
void text_ascii(struct efimap_out *out, const char *text);

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
