/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "test.h"
#include "base/sort.h"
#include "base/text_prefix.h"

static void assert_sorted(const struct sort_key *keys, size_t count)
{
	for (size_t i = 1; i < count; i++)
		assert_true(keys[i - 1].key < keys[i].key ||
			    (keys[i - 1].key == keys[i].key && keys[i - 1].index < keys[i].index));
}

TEST(six_keys_in_every_order)
{
	for (uint64_t code = 0; code < 46656; code++) {
		struct sort_key keys[6];
		uint64_t rest = code, sum = 0;

		for (uint32_t i = 0; i < 6; i++, rest /= 6)
			keys[i] = (struct sort_key){ rest % 6, i };
		sort_keys(keys, 6);
		assert_sorted(keys, 6);
		for (size_t i = 0; i < 6; i++)
			sum += UINT64_C(1) << (8 * keys[i].index);
		assert_true(sum == UINT64_C(0x010101010101));
	}
}

TEST(extreme_keys_and_no_keys)
{
	struct sort_key keys[] = {
		{ UINT64_MAX, 0 }, { 0, 1 }, { UINT64_C(1) << 63, 2 }, { INT64_MAX, 3 }
	};

	sort_keys(keys, 4);
	assert_sorted(keys, 4);
	assert_int_equal(keys[0].index, 1);
	sort_keys(NULL, 0);
}

static int order_of(const char *text, const char *words, size_t *ret_used)
{
	const int order = prefix_compare(text, strlen(text), words, ret_used);

	return (order > 0) - (order < 0);
}

TEST(prefixes_that_match)
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

TEST(prefixes_that_do_not_match)
{
	static const struct {
		const char *text;
		const char *words;
		int order;
	} rows[] = {
		{ "efi: mem", "efi: mem0", -1 },
		{ "", "e", -1 },
		{ "efi:mem", "efi: mem", 1 },
		{ "efh", "efi", -1 },
		{ "efj", "efi", 1 },
		{ "\xff", "efi", 1 },
		{ "efi:\tmen", "efi: mem", 1 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t used = 99;

		assert_int_equal(order_of(rows[i].text, rows[i].words, &used), rows[i].order);
		assert_int_equal(used, 99);
	}
}
