/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef BASE_ESCAPE_TEXT_H
#define BASE_ESCAPE_TEXT_H

#include "base/output_buffer.h"

/*
 * Append text from a capture. Write control characters, invisible characters and bytes that are not
 * valid UTF-8 as \xNN. Do not escape backslashes.
 */
void efimap_out_escaped(struct efimap_out *out, const char *text);

void efimap_out_escape_byte(struct efimap_out *out, char byte);

void efimap_out_ascii(struct efimap_out *out, const char *text);

/* Append text as one word of a shell command, quoted if needed. */
void efimap_out_shell_word(struct efimap_out *out, const char *text);

#endif
