/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parse numbers strictly, and report the column of an error. */

#include "base/number.h"

#define MAX_HEX_DIGITS 16

static unsigned int digit_value(char c)
{
	unsigned int decimal = (unsigned int)c - '0';
	unsigned int letter = ((unsigned int)c | 0x20) - 'a';

	if (decimal <= 9)
		return decimal;
	return letter <= 5 ? letter + 10 : 16;
}

static enum number_fault fault_at(enum number_fault fault, size_t index, size_t *ret_column)
{
	if (ret_column)
		*ret_column = index + 1;
	return fault;
}

/* At most 16 digits may follow the leading zeros, so @value cannot overflow. */
enum number_fault number_parse_bare_hex(const char *text, size_t len, uint64_t max,
					uint64_t *ret_value, size_t *ret_column)
{
	size_t enough = MAX_HEX_DIGITS;
	uint64_t value = 0;

	if (len == 0)
		return fault_at(EFIMAP_NUMBER_SYNTAX, 0, ret_column);
	while (enough < len && text[enough - MAX_HEX_DIGITS] == '0')
		enough++;
	for (size_t i = 0; i < len; i++) {
		unsigned int digit = digit_value(text[i]);

		if (digit >= 16 || i >= enough)
			return fault_at(EFIMAP_NUMBER_SYNTAX, i, ret_column);
		value = value << 4 | digit;
	}
	if (value > max)
		return fault_at(EFIMAP_NUMBER_RANGE, 0, ret_column);
	*ret_value = value;
	return EFIMAP_NUMBER_OK;
}

enum number_fault number_parse_hex(const char *text, size_t len, uint64_t max, uint64_t *ret_value,
				   size_t *ret_column)
{
	enum number_fault fault;

	if (len < 2 || text[0] != '0' || (text[1] != 'x' && text[1] != 'X'))
		return fault_at(EFIMAP_NUMBER_SYNTAX, 0, ret_column);
	fault = number_parse_bare_hex(text + 2, len - 2, max, ret_value, ret_column);
	if (fault != EFIMAP_NUMBER_OK && ret_column)
		*ret_column += 2;
	return fault;
}

enum number_fault number_parse_dec(const char *text, size_t len, uint64_t max, uint64_t *ret_value,
				   size_t *ret_column)
{
	uint64_t value = 0;

	if (len == 0)
		return fault_at(EFIMAP_NUMBER_SYNTAX, 0, ret_column);
	for (size_t i = 0; i < len; i++) {
		unsigned int digit = digit_value(text[i]);

		if (digit >= 10 || __builtin_mul_overflow(value, UINT64_C(10), &value) ||
		    __builtin_add_overflow(value, digit, &value))
			return fault_at(EFIMAP_NUMBER_SYNTAX, i, ret_column);
	}
	if (value > max)
		return fault_at(EFIMAP_NUMBER_RANGE, 0, ret_column);
	*ret_value = value;
	return EFIMAP_NUMBER_OK;
}
