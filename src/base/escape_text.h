/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef BASE_ESCAPE_TEXT_H
#define BASE_ESCAPE_TEXT_H

#include "base/output_buffer.h"

/*
 * Append text from a capture. Write control characters, invisible characters and bytes that are not
 * valid UTF-8 as \xNN. Do not escape backslashes.
 */
void out_escaped(struct out *out, const char *text);

void out_escape_byte(struct out *out, char byte);

void out_ascii(struct out *out, const char *text);

/* Append @len bytes of printable UTF-8, escaped for the content of an XML element. */
void out_xml(struct out *out, const char *text, size_t len);

/* Append text as one word of a shell command, quoted if needed. */
void out_shell_word(struct out *out, const char *text);

#endif
