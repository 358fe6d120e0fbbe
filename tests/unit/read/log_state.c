/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kinds of lines: each is found by its first bytes. */
#include "../test.h"
#include "read/log/log_state.h"

/* A row is found by its own beginning, also where another row begins like it. */
TEST(rows_in_order)
{
	size_t count;
	const struct efimap_log_row *all = efimap_log_rows(&count);
	struct efimap_text rest;

	for (size_t i = 0; i < count; i++) {
		const struct efimap_text text = { all[i].starts, strlen(all[i].starts) };

		assert_null(strstr(all[i].starts, "  "));
		assert_ptr_equal(efimap_log_row_of(count, text, &rest), &all[i]);
		assert_int_equal(rest.len, 0);
		assert_true(i == 0 || strcmp(all[i - 1].starts, all[i].starts) < 0);
	}
	assert_null(efimap_log_row_of(count, (struct efimap_text){ "", 0 }, &rest));
	assert_null(efimap_log_row_of(count, (struct efimap_text){ "\xff", 1 }, &rest));
}

/* Most lines are passed over by their first bytes: none of these, with whatever blanks and rest. */
TEST(known_words_are_not_passed_over)
{
	size_t count;
	static const char rest[] = "0123456789abcdef";
	const struct efimap_log_row *all = efimap_log_rows(&count);

	for (size_t i = 0; i < count + efimap_n_says; i++) {
		const char *words = i < count ? all[i].starts : efimap_says[i - count].words;
		efimap_auto_log struct efimap_log log = { 0 };
		char text[2 * EFIMAP_SAYS_MAX + sizeof(rest)] = "";
		size_t used = 0;

		for (const char *at = words; *at; at++) {
			text[used++] = *at;
			if (*at == ' ')
				text[used++] = '\t';
		}
		strcpy(text + used, rest);
		used += sizeof(rest) - 1;
		assert_int_equal(efimap_log_take(&log, &(struct efimap_log_line){
						 .message = { text, used } }), 0);
		/* What was known began a boot. */
		if (log.n_boots != 1)
			fail_msg("%s", words);
	}
}
