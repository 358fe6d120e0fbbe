/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: untrusted text
 *
 * Text that came from a capture (labels, the kernel's release) never reaches the output
 * with control characters. In text they, and bytes that are not UTF-8, are written as
 * \xNN. JSON is printable ASCII throughout: other characters are escaped as \uNNNN, and
 * bytes that are not UTF-8 become U+FFFD. The documents are described in schema/.
 */
#ifndef BASE_ESCAPE_TEXT_H
#define BASE_ESCAPE_TEXT_H

#include <stddef.h>

#include "base/output_buffer.h"

/**
 * efimap_out_escaped() - append text from a capture
 *
 * Control characters (C0, C1, DEL), those that turn text around, break lines or are not
 * seen, and bytes that are not UTF-8 become \xNN; other characters, a backslash included,
 * stay as they are.
 */
void efimap_out_escaped(struct efimap_out *out, const char *text);

/** efimap_out_escape_byte() - append \xNN */
void efimap_out_escape_byte(struct efimap_out *out, char byte);

/**
 * efimap_out_escape_character() - append the first character of @text
 *
 * Of one that is not seen, or not what it seems, each byte is \xNN.
 *
 * Return: bytes that it takes in @text, which is not empty.
 */
size_t efimap_out_escape_character(struct efimap_out *out, const char *text);

/** efimap_out_ascii() - append @text with everything but printable ASCII as \xNN */
void efimap_out_ascii(struct efimap_out *out, const char *text);

#endif
