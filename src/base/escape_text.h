/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef BASE_ESCAPE_TEXT_H
#define BASE_ESCAPE_TEXT_H

#include <stddef.h>

#include "base/output_buffer.h"

/*
 * Append text from a capture. Control characters, invisible characters and bytes that are not valid
 * UTF-8 are written as \xNN. A backslash is not escaped.
 */
void efimap_out_escaped(struct efimap_out *out, const char *text);

void efimap_out_escape_byte(struct efimap_out *out, char byte);

/*
 * Append the first character of @text as efimap_out_escaped() does. Return the number of bytes of
 * @text that were read. @text must not be empty.
 */
size_t efimap_out_escape_character(struct efimap_out *out, const char *text);

void efimap_out_ascii(struct efimap_out *out, const char *text);

#endif
