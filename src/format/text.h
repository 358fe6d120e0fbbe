/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Colours, text from captures, and sizes: what every writer for people shares. */
#ifndef FORMAT_TEXT_H
#define FORMAT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/out.h"
#include "model/rule.h"

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
