/* SPDX-License-Identifier: GPL-2.0-or-later */
/* No rule lacks a part, names are unique and kebab-case, ids match positions. */
#include <string.h>

#include "test.h"
#include "model/rule.h"

static void each_rule(void (*test)(const struct efimap_rule *rule, size_t position))
{
	size_t position = 0;

	for (const struct efimap_rule_family *f = efimap_rule_families; f->name; f++)
		for (size_t i = 0; i < f->n_rules; i++)
			test(&f->rules[i], position++);
	assert_int_equal(position, EFIMAP_RULE_COUNT);
}

static void has_id_of_position(const struct efimap_rule *rule, size_t position)
{
	assert_int_equal(rule->id, position);
	assert_ptr_equal(efimap_rule_get(rule->id), rule);
}

static void ids_match_positions(void **state)
{
	each_rule(has_id_of_position);
	assert_null(efimap_rule_get(EFIMAP_RULE_COUNT));
}

static void has_kebab_name(const struct efimap_rule *rule, size_t position)
{
	const char *name = rule->name;
	const size_t len = strlen(name);

	assert_true(len > 2 && len < 32);
	assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-"), len);
	assert_true(name[0] != '-' && name[len - 1] != '-');
	assert_null(strstr(name, "--"));
	/* The first of that name is this one, so no other has it. */
	assert_ptr_equal(efimap_rule_find(name), rule);
}

static void names_are_unique_kebab_case(void **state)
{
	each_rule(has_kebab_name);
	assert_null(efimap_rule_find("no-such-rule"));
	assert_null(efimap_rule_find(""));
}

static void has_every_part(const struct efimap_rule *rule, size_t position)
{
	const char *const texts[] = {
		rule->text->tests,	rule->text->why, rule->text->breaks,
		rule->text->exceptions, rule->text->fix, rule->text->source,
		rule->text->experiment,
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		const char *text = texts[i];

		if (!text || !*text || text[strlen(text) - 1] == ' ' || strstr(text, "  ") ||
		    strchr(text, '\n'))
			fail_msg("%s: text %zu is missing or badly spaced", rule->name, i);
	}
	assert_in_range(rule->severity, EFIMAP_NOTE, EFIMAP_ERROR);
	assert_in_range(rule->consequence, EFIMAP_CONSEQ_NONE, EFIMAP_CONSEQ_NO_BOOT);
	assert_int_not_equal(rule->needs, 0);
	assert_int_equal((rule->needs & EFIMAP_NEEDS_SOURCES) >> EFIMAP_SRC_COUNT, 0);
	assert_int_not_equal(rule->needs & EFIMAP_NEEDS_SOURCES, 0);
}

static void no_rule_lacks_a_part(void **state)
{
	each_rule(has_every_part);
}

/* A finding says that the fault is there, so this has to name the fault as well. */
static void names_the_fault(const struct efimap_rule *rule, size_t position)
{
	static const char *const wishes[] = { "No ", "Every ", "Neither ", "There are at most " };

	for (size_t i = 0; i < ARRAY_SIZE(wishes); i++)
		if (strncmp(rule->text->tests, wishes[i], strlen(wishes[i])) == 0)
			fail_msg("%s: \"%s\" says what is right", rule->name, rule->text->tests);
}

static void every_rule_names_the_fault(void **state)
{
	each_rule(names_the_fault);
}

static void families_have_titles(void **state)
{
	for (const struct efimap_rule_family *f = efimap_rule_families; f->name; f++) {
		assert_true(f->n_rules > 0);
		assert_non_null(f->title);
		for (const struct efimap_rule_family *g = f + 1; g->name; g++)
			assert_string_not_equal(f->name, g->name);
	}
}

static void severities_and_consequences_have_names(void **state)
{
	static const char *const consequences[] = {
		"none",		     "entry-dropped",	  "memory-at-risk",
		"runtime-services-fail", "boots-without-efi", "does-not-boot",
	};

	assert_string_equal(efimap_severity_name(EFIMAP_NOTE), "note");
	assert_string_equal(efimap_severity_name(EFIMAP_WARNING), "warning");
	assert_string_equal(efimap_severity_name(EFIMAP_ERROR), "error");
	for (size_t i = 0; i < ARRAY_SIZE(consequences); i++)
		assert_string_equal(efimap_consequence_name((enum efimap_consequence)i),
				    consequences[i]);
}

/* One entry, known so, from there: which of the needs has it not? */
static void what_a_log_lacks(void **state)
{
	static const struct {
		enum efimap_map_from from;
		enum efimap_virt_from virt;
		bool lacks_virt, lacks_files, lacks_marks;
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
		assert_int_equal(!!efimap_rule_lacks(&map, EFIMAP_NEEDS_MARKS),
				 rows[i].lacks_marks);
		assert_null(efimap_rule_lacks(&map, EFIMAP_NEEDS(EFIMAP_SRC_IOMEM)));
	}
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_match_positions),
		cmocka_unit_test(names_are_unique_kebab_case),
		cmocka_unit_test(no_rule_lacks_a_part),
		cmocka_unit_test(every_rule_names_the_fault),
		cmocka_unit_test(families_have_titles),
		cmocka_unit_test(what_a_log_lacks),
		cmocka_unit_test(severities_and_consequences_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
