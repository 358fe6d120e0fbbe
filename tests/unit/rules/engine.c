/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/engine.h"
#include "small_captures.h"

#define RULE EFIMAP_RULE_MAP_INDEX_GAP
#define FIRST EFIMAP_RULE_MAP_ABSENT

TEST(a_rule_is_tried_with_what_it_needs)
{
	static const struct {
		const char *name;
		enum rule_id rule;
		enum source source;
		enum state state;
		size_t n_names;
		bool expected;
	} rows[] = {
		{ "no EFI", FIRST, EFIMAP_SRC_EFI, EFIMAP_STATE_ABSENT, 0, false },
		{ "an incomplete map with one entry", RULE, EFIMAP_SRC_RUNTIME_MAP,
		  EFIMAP_STATE_MALFORMED, 1, true },
		{ "an incomplete map without entries", RULE, EFIMAP_SRC_RUNTIME_MAP,
		  EFIMAP_STATE_MALFORMED, 0, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		static const struct verify_options options = { 0 };
		auto_map struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);
		struct rule_run run = { 0 };

		run.facts = (struct facts_for_rules){ .map = map, .options = &options };
		map->states[rows[i].source] = rows[i].state;
		map->n_names = rows[i].n_names;
		if (rule_may_match(&run.facts, rows[i].rule) != rows[i].expected ||
		    can_try_rule(&run, rows[i].rule) != rows[i].expected)
			fail_msg("%s: expected %d", rows[i].name, rows[i].expected);
		map->n_names = 0;
		free_facts(&run.facts);
	}
}

struct kind {
	uint32_t type;
	uint64_t pages;
};

static void add_entry(struct efimap *map, struct kind kind)
{
	const uint32_t index = (uint32_t)map->n_entries;
	const uint64_t place = UINT64_C(0x200000) * (index + 1);

	world_entry(map, index,
		    &(struct world_entry){ kind.type, place, kind.pages, RT,
					   EFIMAP_VA_END + place + 0x1000 });
}

/*
 * One finding replaces all findings over the limit. It has their worst severity and outcome,
 * and all their entries.
 */
TEST(findings_over_the_limit_are_merged)
{
	/*
	 * An incongruent address is worse for runtime data (6) than for boot services code (3). A
	 * page count of 0 is worse for runtime code (5) than for boot services code.
	 */
	static const struct {
		enum rule_id rule;
		struct kind usual;
		struct kind rest[3];
		const char *expected;
	} rows[] = {
		{ EFIMAP_RULE_VIRT_INCONGRUENT, { 3, 1 }, { { 0, 0 } }, "" },
		{ EFIMAP_RULE_VIRT_INCONGRUENT, { 6, 1 }, { { 3, 1 } }, "note ok 1" },
		{ EFIMAP_RULE_VIRT_INCONGRUENT,
		  { 3, 1 },
		  { { 3, 1 }, { 3, 1 }, { 6, 1 } },
		  "note runtime-services-fail 3" },
		{ EFIMAP_RULE_VIRT_INCONGRUENT,
		  { 3, 1 },
		  { { 6, 1 }, { 3, 1 }, { 3, 1 } },
		  "note runtime-services-fail 3" },
		{ EFIMAP_RULE_PAGES_ZERO,
		  { 3, 0 },
		  { { 5, 0 }, { 3, 0 } },
		  "error runtime-services-fail 2" },
		{ EFIMAP_RULE_PAGES_ZERO,
		  { 5, 0 },
		  { { 3, 0 }, { 3, 0 } },
		  "warning entry-dropped 2" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_map struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);
		auto_report struct report *report = NULL;
		char text[64] = "";

		for (uint32_t k = 0; k < MAX_FINDINGS_OF_RULE; k++)
			add_entry(map, rows[i].usual);
		for (size_t k = 0; k < ARRAY_SIZE(rows[i].rest) && rows[i].rest[k].type; k++)
			add_entry(map, rows[i].rest[k]);
		seal(map);
		report = world_verify(map, rows[i].rule);
		assert_int_equal(report->n_findings,
				 MAX_FINDINGS_OF_RULE + (*rows[i].expected != '\0'));
		for (size_t k = 0; k < report->n_findings; k++) {
			const struct finding *f = &report->findings[k];
			const bool is_rest = strstr(
				f->message, f->n_entries == 1 ? "1 more finding of this rule"
							      : "more findings of this rule");

			assert_int_equal(f->n_evidence > 0, !is_rest);
			if (is_rest)
				snprintf(text, sizeof(text), "%s %s %zu",
					 severity_name(f->severity), outcome_name(f->outcome),
					 f->n_entries);
		}
		assert_string_equal(text, rows[i].expected);
	}
}
