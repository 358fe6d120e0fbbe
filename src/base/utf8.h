/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: UTF-8
 *
 * Text of strangers, character by character (RFC 3629: no overlong forms, no surrogates,
 * nothing above U+10FFFF).
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

#define EFIMAP_UTF8_MAX 4

/**
 * efimap_utf8_length() - bytes of the character that @text starts with
 * @text: @len bytes; of a terminated text any @len will do, for '\0' is a character by itself
 *        and continues none
 *
 * Return: 1 to EFIMAP_UTF8_MAX; 0 when the bytes are no character, or there are none.
 */
size_t efimap_utf8_length(const char *text, size_t len);

/** efimap_utf8_decode() - the code point of a character of @length bytes, which it has */
uint32_t efimap_utf8_decode(const char *text, size_t length);

#endif
