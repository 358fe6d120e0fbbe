/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: numbers
 *
 * The strict parsers. scanf and strtoull accept signs, blanks, octal, nothing at all,
 * and turn overflow into all ones; a firmware map must not be read that way. And the digits of
 * a number, where there are too many of them for printf.
 */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

#include <stddef.h>
#include <stdint.h>

/**
 * enum efimap_number_fault - why a text is not a number
 * @EFIMAP_NUMBER_SYNTAX: what it should be made of is not there, or something else is
 * @EFIMAP_NUMBER_RANGE:  a value above the limit given
 */
enum efimap_number_fault {
	EFIMAP_NUMBER_OK,
	EFIMAP_NUMBER_SYNTAX,
	EFIMAP_NUMBER_RANGE,
};

/**
 * efimap_number_parse_hex() - "0x" and 1 to 16 hexadecimal digits, nothing else
 * @text:       not necessarily terminated
 * @ret_column: column of the fault counted from 1; may be NULL; untouched when OK
 *
 * Upper-case digits and leading zeros are fine; the zeros do not count among the 16.
 */
enum efimap_number_fault efimap_number_parse_hex(const char *text, size_t len,
						 uint64_t max, uint64_t *ret_value,
						 size_t *ret_column);

/**
 * efimap_number_parse_bare_hex() - as efimap_number_parse_hex() without the "0x"
 *
 * The spelling of /proc/iomem.
 */
enum efimap_number_fault efimap_number_parse_bare_hex(const char *text, size_t len,
						      uint64_t max, uint64_t *ret_value,
						      size_t *ret_column);

/** efimap_number_count_hex() - how many hexadecimal digits does a text begin with? */
size_t efimap_number_count_hex(const char *text, size_t len);

/** efimap_number_parse_dec() - decimal digits, at least one, nothing else; see above */
enum efimap_number_fault efimap_number_parse_dec(const char *text, size_t len,
						 uint64_t max, uint64_t *ret_value,
						 size_t *ret_column);

/** EFIMAP_DEC_SIZE - room for the decimal digits of any number, and a '\0' */
#define EFIMAP_DEC_SIZE 21
/** efimap_number_dec() - those of @value; they begin somewhere in @room */
const char *efimap_number_dec(uint64_t value, char room[EFIMAP_DEC_SIZE]);

#endif
