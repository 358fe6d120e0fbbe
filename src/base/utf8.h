/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Decode UTF-8 from untrusted text, as strictly as RFC 3629: no overlong forms, no
 * surrogates, no code points above U+10FFFF.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

#define EFIMAP_UTF8_MAX 4

/*
 * Return the length in bytes of the character at the start of @text, from 1 to
 * EFIMAP_UTF8_MAX, or 0 if the bytes are not valid or @len is 0.
 *
 * @text: @len bytes. For a terminated text, @len may exceed the text's length, because '\0'
 *        is a character of its own and is not valid inside another one.
 */
size_t efimap_utf8_length(const char *text, size_t len);

/* Return the code point of a character of @length bytes, which must be valid. */
uint32_t efimap_utf8_decode(const char *text, size_t length);

#endif
