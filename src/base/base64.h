/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Base64 with padding (RFC 4648, section 4). */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define EFIMAP_BASE64_SIZE(bytes) (((bytes) + 2) / 3 * 4)

/* Encode @len bytes to EFIMAP_BASE64_SIZE(@len) characters and a '\0'. */
void base64_encode(const uint8_t *data, size_t len, char *ret_text);

/*
 * Decode @len characters to at most @len / 4 * 3 bytes. Return the number of bytes, or -EBADMSG if
 * base64_encode() cannot have written the text.
 */
ssize_t base64_decode(const char *text, size_t len, uint8_t *ret_data);

#endif
