/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The order of texts by their first words, whatever was done to the blanks between. */
#include <string.h>

#include "base/words.h"
#include "test.h"

/* -1, 0 or 1, and how many bytes of the text the words take */
static int order_of(const char *text, const char *words, size_t *ret_used)
{
	const int order = efimap_words_compare(text, strlen(text), words, ret_used);

	return (order > 0) - (order < 0);
}

TEST(words_that_begin_it)
{
	static const struct {
		const char *text;
		const char *words;
		size_t used;
	} rows[] = {
		{ "efi: mem00", "efi: mem", 8 }, { "efi:  \t mem00", "efi: mem", 11 },
		{ "efi:", "efi:", 4 },		 { "anything", "", 0 },
		{ "efi: ", "efi: ", 5 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t used = 99;

		assert_int_equal(order_of(rows[i].text, rows[i].words, &used), 0);
		assert_int_equal(used, rows[i].used);
	}
}

TEST(words_that_do_not)
{
	static const struct {
		const char *text;
		const char *words;
		int order;
	} rows[] = {
		{ "efi: mem", "efi: mem0", -1 }, { "", "e", -1 },
		{ "efi:mem", "efi: mem", 1 },	 { "efh", "efi", -1 },
		{ "efj", "efi", 1 },		 { "\xff", "efi", 1 },
		{ "efi:\tmen", "efi: mem", 1 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t used = 99;

		assert_int_equal(order_of(rows[i].text, rows[i].words, &used),
				 rows[i].order);
		assert_int_equal(used, 99);
	}
}
