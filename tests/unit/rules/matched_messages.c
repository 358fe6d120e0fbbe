/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "../map_with_ranges.h"
#include "input/log/messages.h"
#include "rules/matched_messages.h"

static enum efimap_rule_id rule_of(const char *text)
{
	return efimap_find_message_rule(text, strlen(text));
}

TEST(each_is_found)
{
	for (size_t i = 0; i < efimap_n_message_prefixes; i++) {
		const struct efimap_message_prefix *one = &efimap_message_prefix[i];
		char text[EFIMAP_MESSAGE_PREFIX_MAX + sizeof(" 0x7f")];

		assert_int_equal(rule_of(one->words), one->rule);
		strcpy(text, one->words);
		strcat(text, " 0x7f");
		assert_int_equal(rule_of(text), one->rule);
		assert_int_equal(efimap_find_message_rule(one->words, strlen(one->words) - 1),
				 EFIMAP_RULE_COUNT);
	}
}

TEST(others_are_not)
{
	static const char *const rows[] = { "", "efi", "efi: EFI v2.70 by EDK II", "zzz", "\xff",
					    " efi: Could not map the memory map!" };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(rule_of(rows[i]), EFIMAP_RULE_COUNT);
}

/* A recording contains only lines with a row. */
TEST(each_is_recorded)
{
	for (size_t i = 0; i < efimap_n_message_prefixes; i++) {
		const char *words = efimap_message_prefix[i].words;
		struct efimap_text rest;

		if (!efimap_log_row_of((struct efimap_text){ words, strlen(words) }, &rest))
			fail_msg("src/input/log/messages.c has no row for: %s", words);
	}
}

static void find(const char *log, struct efimap_kernel_messages *messages)
{
	efimap_auto_map struct efimap *map = empty();

	map->log = log;
	map->log_len = strlen(log);
	assert_int_equal(efimap_find_kernel_messages(map, messages), 0);
}

TEST(the_same_is_counted)
{
	struct efimap_kernel_messages messages = { 0 };

	find("efi: Could not map the memory map!\n"
	     "usb 1-1: new device\n"
	     "efi: Error mapping  PA\t0x1000 -> VA 0x1000!\n"
	     "efi: Could not  map the memory map! \n", &messages);
	assert_int_equal(messages.count, 2);
	assert_int_equal(messages.list[0].count, 2);
	assert_int_equal(messages.list[1].count, 1);
	assert_string_equal(messages.list[1].text, "efi: Error mapping PA 0x1000 -> VA 0x1000!");
	efimap_free_kernel_messages(&messages);
}

TEST(a_rule_keeps_some)
{
	struct efimap_kernel_messages messages = { 0 };
	char log[EFIMAP_MAX_KERNEL_MESSAGES * 60 + 200];
	size_t used = 0;

	for (unsigned int i = 0; i < EFIMAP_MAX_KERNEL_MESSAGES + 2; i++)
		used += (size_t)snprintf(log + used, sizeof(log) - used,
					 "efi: Error mapping PA 0x%x000 -> VA 0x0!\n", i);
	snprintf(log + used, sizeof(log) - used, "efi: Could not map the memory map!");
	find(log, &messages);
	assert_int_equal(messages.count, EFIMAP_MAX_KERNEL_MESSAGES + 1);
	assert_int_equal(messages.list[EFIMAP_MAX_KERNEL_MESSAGES - 2].count, 1);
	assert_int_equal(messages.list[EFIMAP_MAX_KERNEL_MESSAGES - 1].count, 3);
	efimap_free_kernel_messages(&messages);
}

TEST(of_one_rule)
{
	efimap_auto_map struct efimap *map = empty();

	map->log = "efi: EFI v2.70 by EDK II\nefi: Error mapping PA 0x0 -> VA 0x0!\n";
	map->log_len = strlen(map->log);
	assert_true(efimap_has_kernel_message(map, EFIMAP_RULE_RUNTIME_REGION_UNMAPPED));
	assert_true(efimap_has_kernel_message(map, EFIMAP_RULE_COUNT));
	assert_false(efimap_has_kernel_message(map, EFIMAP_RULE_KEXEC_LOCKDOWN));
}
