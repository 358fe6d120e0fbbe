/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a row accepts and what it does not, on reports made by hand. */
#include <errno.h>

#include <efimap/baseline.h>
#include <efimap/verify.h>

#include "test.h"

#define ALL { "a", "b", "c" }

/* Entries at 0x1000, 0x2000 and 0x3000; number 9 could not be read. */
static struct efimap *make_map(void)
{
	struct efimap *map;

	assert_int_equal(efimap_new("x", EFIMAP_ORIGIN_TREE, &map), 0);
	for (uint32_t i = 0; i < 3; i++)
		assert_int_equal(efimap_add_entry(map, &(struct efimap_entry){
						       .index = i, .phys = 0x1000 * (i + 1) }),
				 0);
	for (unsigned int i = 0; i < EFIMAP_DMI_COUNT; i++)
		assert_int_equal(efimap_set_dmi(map, (enum efimap_dmi)i,
						&"a\0b\0c\0"[2 * i], 1), 0);
	assert_int_equal(efimap_seal(map), 0);
	return map;
}

struct fact {
	uint32_t entries[3];
	size_t n_entries;
	const char *value;
	size_t times;
};

static struct efimap_report *make_report(const struct fact *fact)
{
	struct efimap_report *report;
	struct efimap_finding *finding;

	assert_int_equal(efimap_report_new(&report), 0);
	for (size_t i = 0; i <= fact->times; i++) {
		assert_int_equal(efimap_report_add(report, EFIMAP_RULE_TABLE_IN_RAM,
						   EFIMAP_WARNING,
						   EFIMAP_CONSEQ_MEMORY_AT_RISK, &finding),
				 0);
		assert_int_equal(efimap_finding_set_entries(report, finding, fact->entries,
							    fact->n_entries),
				 0);
		if (fact->value)
			assert_int_equal(efimap_finding_add_evidence(
						 report, finding, "iomem", "%s", fact->value),
					 0);
	}
	assert_int_equal(efimap_report_seal(report, EFIMAP_WARNING), 0);
	return report;
}

static uint64_t first[] = { 0x1000 }, both[] = { 0x1000, 0x3000 }, none[] = { 0x4000 };
static const char *value[] = { "1-2" }, *other[] = { "1-3" }, *two[] = { "1-2", "1-2" };

#define ROW .severity = EFIMAP_WARNING, .consequence = EFIMAP_CONSEQ_NO_BOOT, .count = 1
#define AT(list) .phys = (list), .n_phys = ARRAY_SIZE(list)
#define SAYS(list) .facts = (list), .n_facts = ARRAY_SIZE(list)

static const struct {
	const char *name;
	struct fact fact;
	struct efimap_accepted row;
	bool accepted;
	bool due;
} rows[] = {
	{ "the entry", { { 0 }, 1, NULL, 0 }, { ROW, AT(first) }, true, true },
	{ "both", { { 0, 2 }, 2, "x", 0 }, { ROW, AT(both) }, true, true },
	{ "one of both", { { 2 }, 1, NULL, 0 }, { ROW, AT(both) }, true, true },
	{ "one more", { { 0, 2 }, 2, NULL, 0 }, { ROW, AT(first) }, false, false },
	{ "another", { { 1 }, 1, NULL, 0 }, { ROW, AT(both) }, false, false },
	{ "beyond the last", { { 2 }, 1, NULL, 0 }, { ROW, AT(first) }, false, false },
	{ "before the first", { { 0 }, 1, NULL, 0 }, { ROW, AT(none) }, false, false },
	{ "unread", { { 9 }, 1, NULL, 0 }, { ROW, AT(first) }, false, false },
	{ "unread, anywhere", { { 9 }, 1, NULL, 0 }, { ROW, .anywhere = true }, true, true },
	{ "no entry", { { 0 }, 0, "1-2", 0 }, { ROW, SAYS(value) }, true, true },
	{ "other facts", { { 0 }, 0, "1-2", 0 }, { ROW, SAYS(other) }, false, false },
	{ "more facts", { { 0 }, 0, "1-2", 0 }, { ROW, SAYS(two) }, false, false },
	{ "no facts", { { 0 }, 0, "1-2", 0 }, { ROW }, false, false },
	{ "neither", { { 0 }, 0, NULL, 0 }, { ROW }, true, true },
	{ "no entry for a place", { { 0 }, 0, NULL, 0 }, { ROW, AT(first) }, false, false },
	{ "facts for an entry", { { 0 }, 1, "1-2", 0 }, { ROW, SAYS(value) }, false, false },
	{ "worse", { { 0 }, 1, NULL, 0 },
	  { .severity = EFIMAP_NOTE, .consequence = EFIMAP_CONSEQ_NO_BOOT, .count = 1,
	    AT(first) }, false, true },
	{ "worse for the next kernel", { { 0 }, 1, NULL, 0 },
	  { .severity = EFIMAP_ERROR, .consequence = EFIMAP_CONSEQ_ENTRY_DROPPED, .count = 1,
	    AT(first) }, false, true },
	{ "too many", { { 0 }, 1, NULL, 1 }, { ROW, AT(first) }, false, true },
	{ "as many", { { 0 }, 1, NULL, 1 },
	  { .severity = EFIMAP_WARNING, .consequence = EFIMAP_CONSEQ_NO_BOOT, .count = 2,
	    AT(first) }, true, true },
};

static struct efimap_baseline *make_baseline(const struct efimap_accepted *row,
					     enum efimap_rule_id rule)
{
	struct efimap_baseline *baseline;
	struct efimap_machine *machine;
	struct efimap_accepted copy = *row;

	copy.rule = efimap_rule_get(rule);
	assert_int_equal(efimap_baseline_new(&baseline), 0);
	assert_int_equal(efimap_baseline_add_machine(baseline, &machine), 0);
	memcpy(machine->dmi, (const char *[])ALL, sizeof(machine->dmi));
	assert_int_equal(efimap_baseline_add_accepted(baseline, machine, &copy), 0);
	return baseline;
}

static void row_by_row(void **state)
{
	const struct efimap_verify_options options = { .fail_on = EFIMAP_WARNING };
	struct efimap *map efimap_auto_map = make_map();

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct efimap_report *report efimap_auto_report = make_report(&rows[i].fact);
		struct efimap_baseline *baseline efimap_auto_baseline =
			make_baseline(&rows[i].row, EFIMAP_RULE_TABLE_IN_RAM);
		const size_t all = report->n_findings;
		uint8_t met = 0, due = 0;
		struct efimap_baseline_use use = { &met, &due };
		bool known = false;

		assert_int_equal(efimap_baseline_apply(baseline, map, &options, report, &use,
						       &known), 0);
		if (report->n_accepted != (rows[i].accepted ? all : 0) ||
		    report->n_findings + report->n_accepted != all ||
		    report->counts[EFIMAP_WARNING] != report->n_findings ||
		    report->verdict != (rows[i].accepted ? EFIMAP_VERDICT_PASS :
							   EFIMAP_VERDICT_FAIL) ||
		    due != rows[i].due || !met || !known || !report->has_baseline)
			fail_msg("%s: %zu accepted, due %d", rows[i].name, report->n_accepted,
				 due);
	}
}

/* That all findings are accepted says nothing of a map that nobody looked for. */
static void accepted_without_a_map(void **state)
{
	const struct efimap_verify_options options = { .fail_on = EFIMAP_WARNING };
	const struct fact fact = { { 0 }, 0, NULL, 0 };
	const struct efimap_accepted row = { ROW };

	for (int there = 0; there < 2; there++) {
		struct efimap *map efimap_auto_map = make_map();
		struct efimap_report *report efimap_auto_report = make_report(&fact);
		struct efimap_baseline *baseline efimap_auto_baseline =
			make_baseline(&row, EFIMAP_RULE_TABLE_IN_RAM);
		uint8_t met = 0, due = 0;
		struct efimap_baseline_use use = { &met, &due };
		bool known;

		if (there)
			map->states[EFIMAP_SRC_RUNTIME_MAP] = EFIMAP_STATE_PRESENT;
		assert_int_equal(efimap_baseline_apply(baseline, map, &options, report, &use,
						       &known), 0);
		assert_int_equal(report->n_accepted, 1);
		assert_int_equal(report->verdict, EFIMAP_VERDICT_PASS);
		assert_int_equal(report->is_unknown, !there);
		assert_true(there || strstr(report->reason, "was collected but its name"));
	}
}

/* Neither a rule that is left out, nor one that was skipped, is out of date. */
static void untried(void **state)
{
	static const struct fact fact = { { 0 }, 1, NULL, 0 };
	const struct efimap_accepted row = { ROW, AT(first) };

	for (int i = 0; i < 4; i++) {
		struct efimap_verify_options options = { .fail_on = EFIMAP_WARNING };
		struct efimap *map efimap_auto_map = make_map();
		struct efimap_report *report efimap_auto_report = make_report(&fact);
		struct efimap_baseline *baseline efimap_auto_baseline = make_baseline(
			&row, i == 3 ? EFIMAP_RULE_SEGMENT_COLLISION : EFIMAP_RULE_NO_RSDP);
		uint8_t met = 0, due = 0;
		struct efimap_baseline_use use = { &met, &due };
		bool known;

		if (i == 1)
			options.disabled[EFIMAP_RULE_NO_RSDP] = true;
		if (i == 2)
			assert_int_equal(efimap_report_skip(report, EFIMAP_RULE_NO_RSDP, "x"),
					 0);
		assert_int_equal(efimap_baseline_apply(baseline, map, &options, report, &use,
						       &known), 0);
		assert_int_equal(due, i > 0);
	}
}

/* What was recorded is accepted next time, and nothing is recorded twice. */
static void recorded(void **state)
{
	static const struct fact facts[] = { { { 0, 2 }, 2, NULL, 1 },
					     { { 0 }, 0, "1-2", 0 },
					     { { 9 }, 1, NULL, 0 } };
	const struct efimap_verify_options options = { .fail_on = EFIMAP_WARNING };
	struct efimap *map efimap_auto_map = make_map();
	struct efimap_baseline *baseline efimap_auto_baseline;
	uint8_t met[8] = { 0 }, due[8] = { 0 };
	struct efimap_baseline_use use = { met, due };

	assert_int_equal(efimap_baseline_new(&baseline), 0);
	for (size_t i = 0; i < 2 * ARRAY_SIZE(facts); i++) {
		const bool has_place = i % ARRAY_SIZE(facts) != 2;
		struct efimap_report *report efimap_auto_report =
			make_report(&facts[i % ARRAY_SIZE(facts)]);
		const size_t all = report->n_findings;

		assert_int_equal(efimap_baseline_record(baseline, EFIMAP_BASELINE_BY_AUTO, map,
							&options, report, &use), 0);
		assert_int_equal(report->n_accepted, has_place ? all : 0);
	}
	efimap_baseline_tidy(baseline, &use);
	assert_int_equal(baseline->n_machines, 1);
	assert_int_equal(baseline->machines[0].n_accepted, 2);
	assert_int_equal(baseline->machines[0].accepted[0].n_facts, 1);
	assert_int_equal(baseline->machines[0].accepted[1].n_phys, 2);
	assert_int_equal(baseline->machines[0].accepted[1].count, 2);
}

static void unrecorded(void **state)
{
	static const struct fact fact = { { 0 }, 1, NULL, 0 };
	const struct efimap_verify_options options = { .fail_on = EFIMAP_WARNING };
	struct efimap *map efimap_auto_map = make_map();
	struct efimap_report *report efimap_auto_report = make_report(&fact);
	struct efimap_baseline *baseline efimap_auto_baseline;
	struct efimap_baseline_use use = { NULL, NULL };

	/* The runtime map was not read as a whole, so it has no fingerprint. */
	assert_int_equal(efimap_baseline_new(&baseline), 0);
	assert_int_equal(efimap_baseline_record(baseline, EFIMAP_BASELINE_BY_FINGERPRINT, map,
						&options, report, &use), -ENODATA);
	assert_int_equal(efimap_set_dmi(map, EFIMAP_DMI_SYS_VENDOR, "", 0), 0);
	assert_int_equal(efimap_baseline_record(baseline, EFIMAP_BASELINE_BY_DMI, map, &options,
						report, &use), -ENODATA);
	assert_int_equal(baseline->n_machines, 0);
	assert_int_equal(report->n_findings, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(row_by_row),
		cmocka_unit_test(accepted_without_a_map),
		cmocka_unit_test(untried),
		cmocka_unit_test(recorded),
		cmocka_unit_test(unrecorded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
