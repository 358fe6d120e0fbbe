/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "../map_with_ranges.h"
#include "rules/rule_catalogue.h"

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

static void add(struct efimap *map, const char *text, uint32_t count)
{
	assert_int_equal(
		efimap_add_kernel_message(map, text, strlen(text), count, rule_of(text)),
		0);
}

TEST(the_same_is_counted)
{
	efimap_auto_map struct efimap *map = empty();

	add(map, "efi: Could not map UEFI random seed!", 1);
	add(map, "efi: Error mapping PA 0x1000 -> VA 0x1000!", 1);
	add(map, "efi: Could not map UEFI random seed!", UINT32_MAX);
	assert_int_equal(map->n_kernel_messages, 2);
	assert_int_equal(map->kernel_messages[0].count, UINT32_MAX);
	assert_int_equal(map->kernel_messages[1].count, 1);
}

TEST(a_rule_keeps_some)
{
	efimap_auto_map struct efimap *map = empty();

	for (unsigned int i = 0; i < EFIMAP_MAX_KERNEL_MESSAGES + 2; i++) {
		char text[80];

		snprintf(text, sizeof(text), "efi: Error mapping PA 0x%x000 -> VA 0x0!", i);
		add(map, text, 1);
		assert_int_equal(map->n_kernel_messages,
				 i < EFIMAP_MAX_KERNEL_MESSAGES
					 ? i + 1
					 : EFIMAP_MAX_KERNEL_MESSAGES);
	}
	assert_int_equal(map->kernel_messages[EFIMAP_MAX_KERNEL_MESSAGES - 2].count, 1);
	assert_int_equal(map->kernel_messages[EFIMAP_MAX_KERNEL_MESSAGES - 1].count, 3);
	add(map, "efi: Could not map UEFI random seed!", 1);
	assert_int_equal(map->n_kernel_messages, EFIMAP_MAX_KERNEL_MESSAGES + 1);
}
