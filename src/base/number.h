/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Parse numbers strictly, unlike strtoull(), which accepts signs, white space and empty text, and
 * saturates on overflow.
 */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

#include <stddef.h>
#include <stdint.h>

/*
 * The result of parsing a number.
 *
 * @EFIMAP_NUMBER_SYNTAX: the text is empty, has too many digits or contains an invalid character
 * @EFIMAP_NUMBER_RANGE:  the value is above the given limit
 */
enum number_fault {
	EFIMAP_NUMBER_OK,
	EFIMAP_NUMBER_SYNTAX,
	EFIMAP_NUMBER_RANGE,
};

/*
 * Parse "0x" or "0X" and hexadecimal digits, at most 16 after any leading zeros.
 *
 * @text:       @len bytes; need not be NUL-terminated
 * @max:        highest allowed value
 * @ret_column: column of the error counted from 1, not modified on success; may be NULL
 */
enum number_fault number_parse_hex(const char *text, size_t len, uint64_t max, uint64_t *ret_value,
				   size_t *ret_column);

enum number_fault number_parse_bare_hex(const char *text, size_t len, uint64_t max,
					uint64_t *ret_value, size_t *ret_column);

enum number_fault number_parse_dec(const char *text, size_t len, uint64_t max, uint64_t *ret_value,
				   size_t *ret_column);

#endif
