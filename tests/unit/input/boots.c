/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "../test.h"
#include "input/log/boots.h"
#include "input/log/message_types.h"
#include "rules/rule_catalogue.h"

TEST(rows_in_order)
{
	struct efimap_text rest;

	for (size_t i = 0; i < efimap_n_log_rows; i++) {
		const struct efimap_log_row *row = &efimap_log_rows[i];
		const struct efimap_text text = { row->starts, strlen(row->starts) };

		assert_null(strstr(row->starts, "  "));
		assert_ptr_equal(efimap_log_row_of(text, &rest), row);
		assert_int_equal(rest.len, 0);
		assert_true(i == 0 || strcmp(row[-1].starts, row->starts) < 0);
	}
	assert_null(efimap_log_row_of((struct efimap_text){ "", 0 }, &rest));
	assert_null(efimap_log_row_of((struct efimap_text){ "\xff", 1 }, &rest));
}

TEST(rows_with_tabs_and_rest)
{
	static const char rest[] = "0123456789abcdef";

	for (size_t i = 0; i < efimap_n_log_rows + efimap_n_message_prefixes; i++) {
		const char *words =
			i < efimap_n_log_rows
				? efimap_log_rows[i].starts
				: efimap_message_prefix[i - efimap_n_log_rows].words;
		efimap_auto_log struct efimap_log log = { 0 };
		char text[2 * EFIMAP_MESSAGE_PREFIX_MAX + sizeof(rest)] = "";
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
		if (log.n_boots != 1)
			fail_msg("%s", words);
	}
}
