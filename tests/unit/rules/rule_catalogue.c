/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "test.h"
#include "rules/rule_catalogue.h"

static void each_rule(void (*test)(const struct efimap_rule *rule, size_t position))
{
	for (size_t i = 0; i < EFIMAP_RULE_COUNT; i++)
		test(&efimap_rules[i], i);
}

static void is_found(const struct efimap_rule *rule, size_t position)
{
	assert_int_equal(rule->id, position);
	assert_ptr_equal(efimap_rule_get(rule->id), rule);
	assert_ptr_equal(efimap_rule_find(rule->name), rule);
	assert_non_null(efimap_rule_command(rule->id));
}

TEST(rules_are_found)
{
	each_rule(is_found);
	assert_null(efimap_rule_find("no-such-rule"));
	assert_null(efimap_rule_find(""));
}

static void names_the_fault(const struct efimap_rule *rule, size_t position)
{
	static const char *const wishes[] = { "No ", "Every ", "Neither ", "There are at most " };

	for (size_t i = 0; i < ARRAY_SIZE(wishes); i++)
		if (strncmp(efimap_rule_explains(rule, RULE_TESTS), wishes[i],
			    strlen(wishes[i])) == 0)
			fail_msg("%s says what is right", rule->name);
}

TEST(every_rule_names_the_fault)
{
	each_rule(names_the_fault);
}

TEST(what_a_log_lacks)
{
	static const struct {
		enum efimap_map_from from;
		enum efimap_virt_from virt;
		bool lacks_virt, lacks_files, lacks_reserved_regions;
	} rows[] = {
		{ EFIMAP_MAP_FROM_FILES, EFIMAP_VIRT_READ, false, false, false },
		{ EFIMAP_MAP_FROM_RUNTIME, EFIMAP_VIRT_PREDICTED, true, true, false },
		{ EFIMAP_MAP_FROM_FIRMWARE, EFIMAP_VIRT_PREDICTED, true, true, true },
		{ EFIMAP_MAP_FROM_RECEIVED, EFIMAP_VIRT_UNKNOWN, true, true, true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct efimap_entry entry = { .virt_from = rows[i].virt };
		const struct efimap map = { .map_from = rows[i].from, .entries = &entry,
					    .n_entries = 1 };

		assert_int_equal(!!efimap_rule_lacks(&map, EFIMAP_NEEDS_VIRT),
				 rows[i].lacks_virt);
		assert_int_equal(!!efimap_rule_lacks(&map, EFIMAP_NEEDS_FILES),
				 rows[i].lacks_files);
		assert_int_equal(!!efimap_rule_lacks(&map, EFIMAP_NEEDS_RESERVED_REGIONS),
				 rows[i].lacks_reserved_regions);
		assert_null(efimap_rule_lacks(&map, EFIMAP_NEEDS(EFIMAP_SRC_IOMEM)));
	}
}
