/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <inttypes.h>

#include "test.h"
#include "base/number.h"

#define TOP UINT64_MAX

struct row {
	const char *name;
	const char *text;
	uint64_t max;
	enum number_fault fault;
	uint64_t value;
	size_t column;
};

typedef enum number_fault parse_fn(const char *text, size_t len, uint64_t max, uint64_t *ret_value,
				   size_t *ret_column);

/* Parse a text that ends where its buffer ends, so that ASan detects a read beyond the text. */
static void run_row(parse_fn *parse, const struct row *row)
{
	size_t len = strlen(row->text), column = 99;
	uint64_t value = 4711;
	enum number_fault fault;
	char *exact = test_malloc(len + 1);

	memcpy(exact + 1, row->text, len);
	fault = parse(exact + 1, len, row->max, &value, &column);
	if (parse(exact + 1, len, row->max, &value, NULL) != fault)
		fail_msg("%s: the result depends on ret_column", row->name);
	test_free(exact);
	if (fault != row->fault)
		fail_msg("%s: fault %d, expected %d", row->name, (int)fault, (int)row->fault);
	if (value != (fault == EFIMAP_NUMBER_OK ? row->value : 4711))
		fail_msg("%s: value 0x%" PRIx64 ", expected 0x%" PRIx64, row->name, value,
			 fault == EFIMAP_NUMBER_OK ? row->value : 4711);
	if (column != (fault == EFIMAP_NUMBER_OK ? 99 : row->column))
		fail_msg("%s: column %zu, expected %zu", row->name, column,
			 fault == EFIMAP_NUMBER_OK ? 99 : row->column);
}

TEST(hex_rows)
{
	static const struct row rows[] = {
		{ "zero", "0x0", TOP, EFIMAP_NUMBER_OK, 0, 0 },
		{ "lower case", "0xdeadbeef", TOP, EFIMAP_NUMBER_OK, 0xdeadbeef, 0 },
		{ "upper case", "0XDEADBEEF", TOP, EFIMAP_NUMBER_OK, 0xdeadbeef, 0 },
		{ "leading zeros", "0x0000000000000001", TOP, EFIMAP_NUMBER_OK, 1, 0 },
		{ "all ones", "0xffffffffffffffff", TOP, EFIMAP_NUMBER_OK, TOP, 0 },
		{ "17 digits, a zero", "0x00000000000000001", TOP, EFIMAP_NUMBER_OK, 1, 0 },
		{ "zeros, all ones", "0x000ffffffffffffffff", TOP, EFIMAP_NUMBER_OK, TOP, 0 },
		{ "zeros, 17 digits", "0x00010000000000000000", TOP, EFIMAP_NUMBER_SYNTAX, 0, 22 },
		{ "zeros only", "0x000000000000000000000", TOP, EFIMAP_NUMBER_OK, 0, 0 },
		{ "zeros, then g", "0x0000000000000000000g", TOP, EFIMAP_NUMBER_SYNTAX, 0, 22 },
		{ "zeros, above", "0x00000000000100000000", UINT32_MAX, EFIMAP_NUMBER_RANGE, 0, 3 },
		{ "17 digits", "0x10000000000000000", TOP, EFIMAP_NUMBER_SYNTAX, 0, 19 },
		{ "17 digits of f", "0xfffffffffffffffff", TOP, EFIMAP_NUMBER_SYNTAX, 0, 19 },
		{ "empty", "", TOP, EFIMAP_NUMBER_SYNTAX, 0, 1 },
		{ "only a prefix", "0x", TOP, EFIMAP_NUMBER_SYNTAX, 0, 3 },
		{ "no prefix", "10", TOP, EFIMAP_NUMBER_SYNTAX, 0, 1 },
		{ "half a prefix", "0", TOP, EFIMAP_NUMBER_SYNTAX, 0, 1 },
		{ "negative", "-0x1", TOP, EFIMAP_NUMBER_SYNTAX, 0, 1 },
		{ "negative digits", "0x-1", TOP, EFIMAP_NUMBER_SYNTAX, 0, 3 },
		{ "plus", "+0x1", TOP, EFIMAP_NUMBER_SYNTAX, 0, 1 },
		{ "blank in front", " 0x1", TOP, EFIMAP_NUMBER_SYNTAX, 0, 1 },
		{ "blank behind", "0x1 ", TOP, EFIMAP_NUMBER_SYNTAX, 0, 4 },
		{ "newline", "0x1\n", TOP, EFIMAP_NUMBER_SYNTAX, 0, 4 },
		{ "g", "0x1g", TOP, EFIMAP_NUMBER_SYNTAX, 0, 4 },
		{ "prefix twice", "0x0x1", TOP, EFIMAP_NUMBER_SYNTAX, 0, 4 },
		{ "byte above 127", "0x\xff", TOP, EFIMAP_NUMBER_SYNTAX, 0, 3 },
		{ "at the limit", "0xffffffff", UINT32_MAX, EFIMAP_NUMBER_OK, UINT32_MAX, 0 },
		{ "above the limit", "0x100000000", UINT32_MAX, EFIMAP_NUMBER_RANGE, 0, 3 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		run_row(number_parse_hex, &rows[i]);
}

TEST(dec_rows)
{
	static const struct row rows[] = {
		{ "zero", "0", TOP, EFIMAP_NUMBER_OK, 0, 0 },
		{ "2^64 - 1", "18446744073709551615", TOP, EFIMAP_NUMBER_OK, TOP, 0 },
		{ "2^64", "18446744073709551616", TOP, EFIMAP_NUMBER_SYNTAX, 0, 20 },
		{ "21 digits", "100000000000000000000", TOP, EFIMAP_NUMBER_SYNTAX, 0, 21 },
		{ "many zeros", "0000000000000000000000007", TOP, EFIMAP_NUMBER_OK, 7, 0 },
		{ "hex digit", "1a", TOP, EFIMAP_NUMBER_SYNTAX, 0, 2 },
		{ "empty", "", TOP, EFIMAP_NUMBER_SYNTAX, 0, 1 },
		{ "minus", "-1", TOP, EFIMAP_NUMBER_SYNTAX, 0, 1 },
		{ "at the limit", "64", 64, EFIMAP_NUMBER_OK, 64, 0 },
		{ "above the limit", "65", 64, EFIMAP_NUMBER_RANGE, 0, 1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		run_row(number_parse_dec, &rows[i]);
}
