// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A source with every kind of mutant, and its test. planted.py lists which mutants must survive.
 * The comparison in this comment, a < b && c == 4, is not a mutant.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/address_span.h"

#define LIMIT 10
#define SMALLER(a, b) ((a) < (b) ? (a) : (b))
#define SIZE (LIMIT + 1)

enum number { ZERO = 0, FOUR = 2 + 2 };

static const struct efimap_span hole = { 0x100, LIMIT * 0x100 };
static const int numbers[LIMIT - 6] = { 1, 2, 3, 0 };
_Static_assert(sizeof(numbers) > 2, "not < 2 && > 3");

static bool is_in(uint64_t address)
{
	return address >= hole.first && address <= hole.last;
}

static size_t count_below(int most)
{
	char text[2 * SIZE + 1] = "a < b || c >= 12";
	size_t count = 0;

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]) - 1; i++)
		if (numbers[i] < most)
			count++;
	return count + strlen(text) - 16;
}

static const char *name_of(enum number number)
{
	switch (number) {
	case FOUR + 1:
		return "5 > 4";
	case FOUR:
		return "4";
	default:
		return NULL;
	}
}

/* The second condition has no effect, because a value above LIMIT is never 4. */
static bool is_large(unsigned int value)
{
	return !(value <= LIMIT) && value != 4;
}

static int smallest(int a, int b)
{
	return SMALLER(a, b) - 1;
}

int main(void)
{
	const bool good[] = {
		!is_in(0xff), is_in(0x100), is_in(0xa00), !is_in(0xa01),
		count_below(2) == 1, count_below(4) == 3,
		is_large(11), !is_large(10), !is_large(0),
		smallest(3, 4) == 2, name_of(FOUR) && !name_of(ZERO),
	};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		if (!good[i])
			return 1;
	return 0;
}
