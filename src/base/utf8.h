/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Decode UTF-8 from untrusted text. Overlong forms, surrogates and code points above U+10FFFF are
 * rejected, as RFC 3629 requires.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

#define EFIMAP_UTF8_MAX 4

/*
 * Return the length in bytes of the character at the start of @text, from 1 to
 * EFIMAP_UTF8_MAX, or 0 if the bytes are not valid UTF-8 or @len is 0.
 *
 * @text: @len bytes. For a NUL-terminated text, @len may exceed the text's length, because a
 *        '\0' is not valid inside a longer character.
 */
size_t efimap_utf8_length(const char *text, size_t len);

/* Return the code point of a character of @length bytes, which must be valid. */
uint32_t efimap_utf8_decode(const char *text, size_t length);

#endif
