/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Encode and decode base64. */
#include <errno.h>
#include <string.h>

#include "base/base64.h"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";

#define PADDING 64u

void base64_encode(const uint8_t *data, size_t len, char *ret_text)
{
	for (size_t i = 0; i < len; i += 3) {
		const size_t count = len - i < 3 ? len - i : 3;
		uint32_t bits = (uint32_t)data[i] << 16;

		bits |= count > 1 ? (uint32_t)data[i + 1] << 8 : 0;
		bits |= count > 2 ? data[i + 2] : 0;
		for (unsigned int k = 0; k < 4; k++)
			*ret_text++ = digits[k <= count ? bits >> (18 - 6 * k) & 63 : PADDING];
	}
	*ret_text = '\0';
}

ssize_t base64_decode(const char *text, size_t len, uint8_t *ret_data)
{
	const size_t padding = len < 2 || text[len - 1] != '=' ? 0 : text[len - 2] == '=' ? 2 : 1;
	size_t used = 0;

	if (len % 4)
		return -EBADMSG;
	for (size_t i = 0; i < len; i += 4) {
		const size_t count = i + 4 == len ? 3 - padding : 3;
		uint32_t bits = 0;

		for (size_t k = 0; k < 4; k++) {
			const char *digit =
				k > count ? digits : memchr(digits, text[i + k], PADDING);

			if (!digit)
				return -EBADMSG;
			bits = bits << 6 | (uint32_t)(digit - digits);
		}
		/* The padding bits must be zero, so that each byte sequence has one encoding. */
		if (bits & ((UINT32_C(1) << (8 * (3 - count))) - 1))
			return -EBADMSG;
		for (size_t k = 0; k < count; k++)
			ret_data[used++] = (uint8_t)(bits >> (16 - 8 * k));
	}
	return (ssize_t)used;
}
