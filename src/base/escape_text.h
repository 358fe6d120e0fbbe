/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Escape untrusted text. Text from a capture, such as labels and kernel releases, is never written
 * with control characters. In text output, control characters and bytes that are not UTF-8 are
 * written as \xNN. JSON output contains only printable ASCII characters: other characters are
 * escaped as \uNNNN, and bytes that are not UTF-8 are replaced with U+FFFD. schema/ describes the
 * documents.
 */
#ifndef BASE_ESCAPE_TEXT_H
#define BASE_ESCAPE_TEXT_H

#include <stddef.h>

#include "base/output_buffer.h"

/*
 * Append text from a capture. Control characters (C0, C1, DEL), invisible characters,
 * characters that change the text direction or break lines, and bytes that are not UTF-8
 * are written as \xNN. All other characters are unchanged, including the backslash.
 */
void efimap_out_escaped(struct efimap_out *out, const char *text);

/* Append a byte as \xNN. */
void efimap_out_escape_byte(struct efimap_out *out, char byte);

/*
 * Append the first character of @text, which is not empty. If the character is invisible, a control
 * character or not valid UTF-8, each of its bytes is written as \xNN.
 *
 * Return the number of bytes that the character has in @text.
 */
size_t efimap_out_escape_character(struct efimap_out *out, const char *text);

/* Append @text. All bytes except printable ASCII characters are written as \xNN. */
void efimap_out_ascii(struct efimap_out *out, const char *text);

#endif
