/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

#define EFIMAP_UTF8_MAX 4

/*
 * Return the length in bytes of the first character of a text, from 1 to EFIMAP_UTF8_MAX, or 0 if
 * its bytes are not valid UTF-8 or @len is 0. @len may exceed the length of a NUL-terminated text,
 * because the terminating '\0' is not valid inside a character.
 */
size_t utf8_length(const char *text, size_t len);

/* Return the code point of a valid character of @length bytes. */
uint32_t utf8_decode(const char *text, size_t length);

/*
 * Return the number of columns of the first @len bytes of a valid text on a terminal: none for a
 * combining character, two for a wide East Asian character or an emoji, and one for any other.
 */
size_t utf8_columns(const char *text, size_t len);

/* Return the length in bytes of the longest prefix of a valid text that fits into @columns. */
size_t utf8_prefix(const char *text, size_t columns);

#endif
