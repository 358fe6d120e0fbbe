/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which rules may be tried, and what is left of one that speaks too often. */
#include <errno.h>

#include "check/engine.h"
#include "check/world.h"

#define RULE EFIMAP_RULE_MAP_INDEX_GAP
/* Of all rules */
#define FIRST EFIMAP_RULE_MAP_ABSENT

static const struct efimap_verify_options options = EFIMAP_VERIFY_OPTIONS_INIT;

struct trial {
	struct efimap *map;
	struct efimap_report *report;
	struct check check;
};

/* One finding, where it may be made. */
static bool find(struct check *c, enum efimap_rule_id rule, struct check_grade grade,
		 const uint32_t *indices, size_t count)
{
	return check_admit(c, rule, &grade, indices, count) &&
	       check_add(c, rule, grade, indices, count, "x");
}

static struct trial *begin(const struct efimap_verify_options *how)
{
	static struct trial trial;

	trial.map = world_new(EFIMAP_ORIGIN_TREE);
	assert_int_equal(efimap_report_new(&trial.report), 0);
	check_init(&trial.check, trial.map, how, trial.report);
	return &trial;
}

static void end(struct trial *trial)
{
	check_free(&trial->check);
	efimap_report_free(trial->report);
	efimap_free(trial->map);
}

/* The first source, the last one, and what is half there. */
static void a_rule_is_tried_with_what_it_needs(void **state)
{
	static const struct {
		const char *name;
		enum efimap_rule_id rule;
		enum efimap_source source;
		enum efimap_state state;
		size_t n_names;
		const char *skip;
	} rows[] = {
		{ "all there", FIRST, EFIMAP_SRC_EFI, EFIMAP_STATE_PRESENT, 0, "" },
		{ "no EFI", FIRST, EFIMAP_SRC_EFI, EFIMAP_STATE_ABSENT, 0,
		  "sys/firmware/efi was not collected" },
		{ "no map", RULE, EFIMAP_SRC_RUNTIME_MAP, EFIMAP_STATE_DENIED, 0,
		  "sys/firmware/efi/runtime-map may not be read without root" },
		{ "half a map", RULE, EFIMAP_SRC_RUNTIME_MAP, EFIMAP_STATE_BROKEN, 2, "" },
		{ "half a map of one", RULE, EFIMAP_SRC_RUNTIME_MAP, EFIMAP_STATE_BROKEN, 1, "" },
		{ "nothing of a map", RULE, EFIMAP_SRC_RUNTIME_MAP, EFIMAP_STATE_BROKEN, 0,
		  "sys/firmware/efi/runtime-map is malformed" },
		{ "half of memmap", EFIMAP_RULE_MEMMAP_OVERLAP, EFIMAP_SRC_MEMMAP,
		  EFIMAP_STATE_BROKEN, 0, "" },
		{ "half of another", EFIMAP_RULE_MEMMAP_OVERLAP, EFIMAP_SRC_IOMEM,
		  EFIMAP_STATE_BROKEN, 0, "" },
		{ "another one missing", RULE, EFIMAP_SRC_EFI, EFIMAP_STATE_ABSENT, 0, "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct trial *trial = begin(&options);
		const struct efimap_report *report = trial->report;
		const bool expected = *rows[i].skip == '\0';
		bool speaks, wants;

		trial->map->states[rows[i].source] = rows[i].state;
		trial->map->n_names = rows[i].n_names;
		trial->check.lacks = 0;
		speaks = check_speaks(&trial->check, rows[i].rule);
		assert_int_equal(report->n_skipped, 0);
		wants = check_wants(&trial->check, rows[i].rule);
		assert_int_equal(check_wants(&trial->check, rows[i].rule), wants);
		if (speaks != expected || wants != expected || report->n_skipped != !expected ||
		    (!expected && strcmp(report->skipped[0].why, rows[i].skip) != 0))
			fail_msg("%s: speaks %d, wants %d, %s", rows[i].name, speaks, wants,
				 report->n_skipped ? report->skipped[0].why : "no skip");
		trial->map->n_names = 0;
		end(trial);
	}
}

static void a_rule_that_is_disabled_says_nothing(void **state)
{
	struct efimap_verify_options without = EFIMAP_VERIFY_OPTIONS_INIT;
	struct trial *trial;

	without.disabled[RULE] = true;
	trial = begin(&without);
	trial->map->states[EFIMAP_SRC_RUNTIME_MAP] = EFIMAP_STATE_ABSENT;
	assert_false(check_speaks(&trial->check, RULE));
	assert_false(check_wants(&trial->check, RULE));
	check_skip(&trial->check, RULE, "x");
	assert_int_equal(trial->report->n_skipped, 0);
	end(trial);
}

/* What goes beyond the limit is one finding, as bad as the worst of them, and on all. */
static void what_is_over_the_limit_is_summed_up(void **state)
{
	static const struct {
		const char *name;
		struct check_grade rest[3];
		size_t n_rest;
		struct check_grade expected;
	} rows[] = {
		{ "none", { { 0 } }, 0, { 0 } },
		{ "one", { { EFIMAP_WARNING, EFIMAP_CONSEQ_NO_EFI } }, 1,
		  { EFIMAP_WARNING, EFIMAP_CONSEQ_NO_EFI } },
		{ "worse and worse",
		  { { EFIMAP_NOTE, EFIMAP_CONSEQ_NONE }, { EFIMAP_WARNING, EFIMAP_CONSEQ_NO_EFI },
		    { EFIMAP_ERROR, EFIMAP_CONSEQ_NO_BOOT } }, 3,
		  { EFIMAP_ERROR, EFIMAP_CONSEQ_NO_BOOT } },
		{ "the worst first",
		  { { EFIMAP_ERROR, EFIMAP_CONSEQ_NO_BOOT },
		    { EFIMAP_WARNING, EFIMAP_CONSEQ_NO_EFI },
		    { EFIMAP_NOTE, EFIMAP_CONSEQ_NONE } }, 3,
		  { EFIMAP_ERROR, EFIMAP_CONSEQ_NO_BOOT } },
		{ "each in one thing",
		  { { EFIMAP_ERROR, EFIMAP_CONSEQ_NONE }, { EFIMAP_NOTE, EFIMAP_CONSEQ_NO_BOOT } },
		  2,
		  { EFIMAP_ERROR, EFIMAP_CONSEQ_NO_BOOT } },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct trial *trial = begin(&options);
		struct efimap_report *report = trial->report;
		struct check *c = &trial->check;
		const struct efimap_finding *last;

		for (uint32_t k = 0; k < CHECK_MAX_FINDINGS; k++)
			assert_true(find(c, FIRST, (struct check_grade){ EFIMAP_NOTE, 0 }, &k,
					 1));
		for (uint32_t k = 0; k < rows[i].n_rest; k++)
			assert_false(find(c, FIRST, rows[i].rest[k],
					  (const uint32_t[]){ 1000 + k, k }, 2));
		check_finish(c);
		assert_int_equal(c->error, 0);
		assert_int_equal(report->n_findings, CHECK_MAX_FINDINGS + (rows[i].n_rest > 0));
		last = &report->findings[report->n_findings - 1];
		if (rows[i].n_rest &&
		    (last->severity != rows[i].expected.severity ||
		     last->consequence != rows[i].expected.consequence ||
		     last->n_entries != 2 * rows[i].n_rest))
			fail_msg("%s: %d %d, %zu entries", rows[i].name, (int)last->severity,
				 (int)last->consequence, last->n_entries);
		end(trial);
	}
}

/* Once something has failed, nothing more is said. */
static void after_an_error_nothing_is_said(void **state)
{
	struct trial *trial = begin(&options);
	struct check *c = &trial->check;

	assert_true(find(c, RULE, (struct check_grade){ 0 }, NULL, 0));
	c->error = -ENOMEM;
	check_skip(c, EFIMAP_RULE_MAP_ABSENT, "x");
	assert_false(check_wants(c, RULE));
	assert_false(find(c, RULE, (struct check_grade){ 0 }, NULL, 0));
	check_finish(c);
	assert_int_equal(c->error, -ENOMEM);
	assert_int_equal(trial->report->n_findings, 1);
	assert_int_equal(trial->report->n_skipped, 0);
	end(trial);
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rule_is_tried_with_what_it_needs),
		cmocka_unit_test(a_rule_that_is_disabled_says_nothing),
		cmocka_unit_test(what_is_over_the_limit_is_summed_up),
		cmocka_unit_test(after_an_error_nothing_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
