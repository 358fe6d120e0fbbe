/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "test.h"
#include "rules/baseline.h"

/* The map has no entry 9, which tests use as an entry that was not read. */
static struct efimap *make_map(void)
{
	static const uint64_t phys[] = { 0x1000, 0x2000, 0x3000, 0x800, 0x1000 };
	struct efimap *map;

	assert_int_equal(efimap_new("x", EFIMAP_ORIGIN_TREE, &map), 0);
	for (uint32_t i = 0; i < ARRAY_SIZE(phys); i++)
		assert_int_equal(efimap_add_entry(map, &(struct efimap_entry){
						       .index = i, .phys = phys[i] }),
				 0);
	for (unsigned int i = 0; i < EFIMAP_DMI_COUNT; i++)
		assert_int_equal(efimap_set_dmi(map, (enum efimap_dmi)i,
						&"a\0b\0c\0"[2 * i], 1), 0);
	efimap_seal(map);
	return map;
}

static struct efimap_report *make_report(const uint32_t *entries, size_t n_entries)
{
	const struct efimap_finding finding = {
		.rule = efimap_rule_get(EFIMAP_RULE_TABLE_IN_RAM),
		.consequence = EFIMAP_OUTCOME_MEMORY_AT_RISK,
		.certainty = EFIMAP_MAY,
		.entries = entries,
		.n_entries = n_entries,
		.message = "",
	};
	struct efimap_report *report;

	assert_int_equal(efimap_report_new(&report), 0);
	report->tried[EFIMAP_RULE_TABLE_IN_RAM] = true;
	report->n_tried = 1;
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(efimap_report_add(report, &finding), 0);
	assert_int_equal(efimap_report_seal(report, EFIMAP_WARNING), 0);
	return report;
}

static struct efimap_baseline *make_baseline(const struct efimap_accepted *row)
{
	struct efimap_baseline *baseline;
	struct efimap_machine *machine;

	assert_int_equal(efimap_baseline_new(&baseline), 0);
	assert_int_equal(efimap_baseline_add_machine(baseline, &machine), 0);
	for (size_t i = 0; i < EFIMAP_DMI_COUNT; i++)
		machine->dmi[i] = &"a\0b\0c\0"[2 * i];
	assert_int_equal(efimap_baseline_add_accepted(baseline, machine, row), 0);
	return baseline;
}

static uint64_t first[] = { 0x1000 }, both[] = { 0x1000, 0x3000 }, none[] = { 0x4000 };
static uint64_t lower[] = { 0x800, 0x1000 };

#define AT(list) (list), ARRAY_SIZE(list)

static const struct {
	const char *name;
	uint32_t entries[3];
	size_t n_entries;
	uint64_t *phys;
	size_t n_phys;
	enum efimap_severity severity;
	bool accepted;
	bool due;
} rows[] = {
	{ "the entry", { 0 }, 1, AT(first), EFIMAP_WARNING, true, true },
	{ "both", { 0, 2 }, 2, AT(both), EFIMAP_WARNING, true, true },
	{ "both, the lower one last", { 0, 3 }, 2, AT(lower), EFIMAP_WARNING, true, true },
	{ "one of both", { 2 }, 1, AT(both), EFIMAP_WARNING, true, true },
	{ "two at one address", { 0, 4 }, 2, AT(first), EFIMAP_WARNING, true, true },
	{ "one more", { 0, 2 }, 2, AT(first), EFIMAP_WARNING, false, false },
	{ "another", { 1 }, 1, AT(both), EFIMAP_WARNING, false, false },
	{ "beyond the last", { 2 }, 1, AT(first), EFIMAP_WARNING, false, false },
	{ "before the first", { 0 }, 1, AT(none), EFIMAP_WARNING, false, false },
	{ "unread", { 9 }, 1, AT(first), EFIMAP_WARNING, false, false },
	{ "unread, and no entry accepted", { 9 }, 1, NULL, 0, EFIMAP_WARNING, false, false },
	{ "no entry", { 0 }, 0, NULL, 0, EFIMAP_WARNING, true, true },
	{ "no entry for a place", { 0 }, 0, AT(first), EFIMAP_WARNING, false, false },
	{ "an entry for no place", { 0 }, 1, NULL, 0, EFIMAP_WARNING, false, false },
	{ "more severe", { 0 }, 1, AT(first), EFIMAP_NOTE, false, true },
	{ "less severe", { 0 }, 1, AT(first), EFIMAP_ERROR, true, true },
};

TEST(row_by_row)
{
	struct efimap *map efimap_auto_map = make_map();

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct efimap_accepted row = {
			.rule = efimap_rule_get(EFIMAP_RULE_TABLE_IN_RAM),
			.severity = rows[i].severity,
			.phys = rows[i].phys,
			.n_phys = rows[i].n_phys,
		};
		struct efimap_report *report efimap_auto_report =
			make_report(rows[i].entries, rows[i].n_entries);
		struct efimap_baseline *baseline efimap_auto_baseline = make_baseline(&row);
		const struct efimap_machine *machine = &baseline->machines[0];
		bool known;

		assert_int_equal(efimap_baseline_apply(baseline, map, EFIMAP_WARNING, report,
						       &known), 0);
		if (report->n_accepted != (rows[i].accepted ? 2 : 0) ||
		    report->n_findings + report->n_accepted != 2 ||
		    report->counts[EFIMAP_WARNING] != report->n_findings ||
		    efimap_verdict_of(report) != (rows[i].accepted ? EFIMAP_VERDICT_PASS :
								    EFIMAP_VERDICT_FAIL) ||
		    machine->accepted[0].is_due != rows[i].due || !machine->is_met || !known)
			fail_msg("%s: %zu accepted, due %d", rows[i].name, report->n_accepted,
				 machine->accepted[0].is_due);
	}
}
