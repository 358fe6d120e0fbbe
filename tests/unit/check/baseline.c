/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a row accepts and what it does not, on reports made by hand. */
#include "test.h"
#include "check/verify.h"
#include "model/baseline.h"

#define ALL { "a", "b", "c" }

/* Entries at 0x1000, 0x2000, 0x3000, 0x800 and 0x1000 again; number 9 could not be read. */
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
	assert_int_equal(efimap_seal(map), 0);
	return map;
}

struct fact {
	uint32_t entries[3];
	size_t n_entries;
	const char *value;
	size_t times;
};

/* One fact more, in the order of the calls */
static void add_fact(struct efimap_report *report, struct efimap_finding *finding,
		     const char *value)
{
	const size_t count = finding->n_evidence;
	struct efimap_evidence *facts =
		efimap_arena_alloc(&report->arena, (count + 1) * sizeof(*facts));

	assert_non_null(facts);
	for (size_t i = 0; i < count; i++)
		facts[i] = finding->evidence[i];
	facts[count] = (struct efimap_evidence){ "x", value };
	finding->evidence = facts;
	finding->n_evidence = count + 1;
}

static struct efimap_report *make_report(const struct fact *fact)
{
	struct efimap_report *report;

	assert_int_equal(efimap_report_new(&report), 0);
	memset(report->tried, true, sizeof(report->tried));
	for (size_t i = 0; i <= fact->times; i++) {
		struct efimap_finding finding = {
			.rule = efimap_rule_get(EFIMAP_RULE_TABLE_IN_RAM),
			.severity = EFIMAP_WARNING,
			.consequence = EFIMAP_CONSEQ_MEMORY_AT_RISK,
			.entries = fact->entries,
			.n_entries = fact->n_entries,
			.message = "",
		};

		if (fact->value)
			add_fact(report, &finding, fact->value);
		assert_int_equal(efimap_report_add(report, &finding), 0);
	}
	assert_int_equal(efimap_report_seal(report, EFIMAP_WARNING), 0);
	return report;
}

static uint64_t first[] = { 0x1000 }, both[] = { 0x1000, 0x3000 }, none[] = { 0x4000 };
static uint64_t lower[] = { 0x800, 0x1000 };
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
	{ "both, the lower one last", { { 0, 3 }, 2, "x", 0 }, { ROW, AT(lower) }, true, true },
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
	{ "as bad for the next kernel", { { 0 }, 1, NULL, 0 },
	  { .severity = EFIMAP_WARNING, .consequence = EFIMAP_CONSEQ_MEMORY_AT_RISK, .count = 1,
	    AT(first) }, true, true },
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

/* struct outcome - of a baseline with one machine and one row, applied */
struct outcome {
	bool met, due, known;
};

static struct outcome apply(struct efimap_baseline *baseline, const struct efimap *map,
			    const struct efimap_verify_options *options,
			    struct efimap_report *report)
{
	struct outcome outcome = { 0 };

	assert_int_equal(efimap_baseline_apply(baseline, map, options, report, &outcome.known),
			 0);
	outcome.met = baseline->machines[0].is_met;
	outcome.due = baseline->machines[0].accepted[0].is_due;
	return outcome;
}

TEST(row_by_row)
{
	const struct efimap_verify_options options = { .fail_on = EFIMAP_WARNING };
	struct efimap *map efimap_auto_map = make_map();

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct efimap_report *report efimap_auto_report = make_report(&rows[i].fact);
		struct efimap_baseline *baseline efimap_auto_baseline =
			make_baseline(&rows[i].row, EFIMAP_RULE_TABLE_IN_RAM);
		const size_t all = report->n_findings;
		const struct outcome outcome = apply(baseline, map, &options, report);

		if (report->n_accepted != (rows[i].accepted ? all : 0) ||
		    report->n_findings + report->n_accepted != all ||
		    report->counts[EFIMAP_WARNING] != report->n_findings ||
		    efimap_verdict_of(report) != (rows[i].accepted ? EFIMAP_VERDICT_PASS :
								    EFIMAP_VERDICT_FAIL) ||
		    outcome.due != rows[i].due || !outcome.met || !outcome.known ||
		    !report->has_baseline)
			fail_msg("%s: %zu accepted, due %d", rows[i].name, report->n_accepted,
				 outcome.due);
	}
}

/* Two rows of a rule: what the first has no room for is the second's. */
TEST(rows_share)
{
	static const struct fact fact = { { 0 }, 1, NULL, 1 };
	static const struct {
		uint32_t counts[2];
		size_t accepted;
	} shares[] = { { { 1, 1 }, 2 }, { { 2, 1 }, 2 }, { { 0, 2 }, 2 }, { { 0, 1 }, 0 } };
	const struct efimap_verify_options options = { .fail_on = EFIMAP_WARNING };
	struct efimap *map efimap_auto_map = make_map();

	for (size_t i = 0; i < ARRAY_SIZE(shares); i++) {
		struct efimap_accepted row = { ROW, AT(first),
					       .rule = efimap_rule_get(EFIMAP_RULE_TABLE_IN_RAM) };
		struct efimap_report *report efimap_auto_report = make_report(&fact);
		struct efimap_baseline *baseline efimap_auto_baseline = NULL;
		bool known;

		row.count = shares[i].counts[0];
		baseline = make_baseline(&row, EFIMAP_RULE_TABLE_IN_RAM);
		row.count = shares[i].counts[1];
		assert_int_equal(efimap_baseline_add_accepted(baseline, &baseline->machines[0],
							      &row), 0);
		assert_int_equal(efimap_baseline_apply(baseline, map, &options, report, &known), 0);
		if (report->n_accepted != shares[i].accepted)
			fail_msg("shares %zu: %zu accepted", i, report->n_accepted);
	}
}

/* What was recorded is accepted next time, and nothing is recorded twice. */
TEST(recorded)
{
	static const struct fact facts[] = { { { 0, 2 }, 2, NULL, 1 },
					     { { 0 }, 0, "1-2", 0 },
					     { { 9 }, 1, NULL, 0 } };
	const struct efimap_verify_options options = { .fail_on = EFIMAP_WARNING };
	struct efimap *map efimap_auto_map = make_map();
	struct efimap_baseline *baseline efimap_auto_baseline;

	assert_int_equal(efimap_baseline_new(&baseline), 0);
	for (size_t i = 0; i < 2 * ARRAY_SIZE(facts); i++) {
		const bool has_place = i % ARRAY_SIZE(facts) != 2;
		struct efimap_report *report efimap_auto_report =
			make_report(&facts[i % ARRAY_SIZE(facts)]);
		const size_t all = report->n_findings;

		assert_int_equal(efimap_baseline_record(baseline, EFIMAP_BASELINE_BY_AUTO, map,
							&options, report), 0);
		assert_int_equal(report->n_accepted, has_place ? all : 0);
	}
	efimap_baseline_tidy(baseline);
	assert_int_equal(baseline->n_machines, 1);
	assert_int_equal(baseline->machines[0].n_accepted, 2);
	assert_int_equal(baseline->machines[0].accepted[0].n_facts, 1);
	assert_int_equal(baseline->machines[0].accepted[1].n_phys, 2);
	assert_int_equal(baseline->machines[0].accepted[1].count, 2);
}

/* Each machine by all three of its names; the last one counts as the first does. */
TEST(recorded_of_each_machine)
{
	static const char *const names[][EFIMAP_DMI_COUNT] = {
		{ "a", "b", "c" }, { "x", "b", "c" }, { "a", "x", "c" }, { "a", "b", "x" },
		{ "a", "b", "c" },
	};
	static const struct fact fact = { { 0 }, 1, NULL, 0 };
	const struct efimap_verify_options options = { .fail_on = EFIMAP_WARNING };
	struct efimap_baseline *baseline efimap_auto_baseline;

	assert_int_equal(efimap_baseline_new(&baseline), 0);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct efimap *map efimap_auto_map = make_map();
		struct efimap_report *report efimap_auto_report = make_report(&fact);

		for (unsigned int j = 0; j < EFIMAP_DMI_COUNT; j++)
			assert_int_equal(efimap_set_dmi(map, (enum efimap_dmi)j, names[i][j], 1),
					 0);
		assert_int_equal(efimap_baseline_record(baseline, EFIMAP_BASELINE_BY_DMI, map,
							&options, report), 0);
	}
	assert_int_equal(baseline->n_machines, 4);
	for (size_t i = 0; i < 4; i++)
		for (size_t j = 0; j < EFIMAP_DMI_COUNT; j++)
			assert_string_equal(baseline->machines[i].dmi[j], names[i][j]);
}

/* Findings that differ in one thing only are rows of their own; what is found again is counted. */
TEST(recorded_apart)
{
	enum { TABLE = EFIMAP_RULE_TABLE_IN_RAM, RSDP = EFIMAP_RULE_NO_RSDP,
	       SMBIOS = EFIMAP_RULE_NO_SMBIOS };
	enum { NONE = EFIMAP_CONSEQ_NONE, NO_BOOT = EFIMAP_CONSEQ_NO_BOOT };
	static const struct {
		int rule;
		enum efimap_severity severity;
		int consequence;
		uint32_t entries[2];
		size_t n_entries;
		const char *facts[2];
		size_t n_phys;
		/* So often it is found; 0: once. */
		uint32_t times;
	} findings[] = {
		{ TABLE, EFIMAP_ERROR, NO_BOOT, { 0 }, 1, { 0 }, 1 },
		{ TABLE, EFIMAP_ERROR, NONE, { 0 }, 1, { 0 }, 1 },
		{ TABLE, EFIMAP_WARNING, NONE, { 0 }, 1, { 0 }, 1 },
		{ TABLE, EFIMAP_WARNING, NONE, { 0, 3 }, 2, { 0 }, 2 },
		/* Two entries at one address are one place. */
		{ TABLE, EFIMAP_WARNING, NONE, { 1 }, 1, { 0 }, 1 },
		{ TABLE, EFIMAP_WARNING, NONE, { 3, 4 }, 2, { 0 }, 2 },
		{ RSDP, EFIMAP_NOTE, NONE, { 0 }, 0, { "1" }, 0 },
		{ RSDP, EFIMAP_NOTE, NONE, { 0 }, 0, { "1", "2" }, 0 },
		{ RSDP, EFIMAP_NOTE, NONE, { 0 }, 0, { "1", "3" }, 0 },
		{ RSDP, EFIMAP_NOTE, NONE, { 0 }, 0, { "2", "3" }, 0, 2 },
		{ RSDP, EFIMAP_NOTE, NONE, { 0, 4 }, 2, { 0 }, 1 },
		{ SMBIOS, EFIMAP_NOTE, NONE, { 0, 4 }, 2, { 0 }, 1, 3 },
	};
	const struct efimap_verify_options options = { .fail_on = EFIMAP_WARNING };
	struct efimap *map efimap_auto_map = make_map();
	struct efimap_report *report efimap_auto_report;
	struct efimap_baseline *baseline efimap_auto_baseline;
	const struct efimap_machine *machine;
	size_t all = 0;

	assert_int_equal(efimap_baseline_new(&baseline), 0);
	assert_int_equal(efimap_report_new(&report), 0);
	for (size_t i = 0; i < ARRAY_SIZE(findings); i++)
		for (uint32_t k = 0; k == 0 || k < findings[i].times; k++, all++) {
			struct efimap_finding finding = {
				.rule = efimap_rule_get((enum efimap_rule_id)findings[i].rule),
				.severity = findings[i].severity,
				.consequence = (enum efimap_consequence)findings[i].consequence,
				.entries = findings[i].entries,
				.n_entries = findings[i].n_entries,
				.message = "",
			};

			for (size_t j = 0; j < 2 && findings[i].facts[j]; j++)
				add_fact(report, &finding, findings[i].facts[j]);
			assert_int_equal(efimap_report_add(report, &finding), 0);
		}
	assert_int_equal(efimap_baseline_record(baseline, EFIMAP_BASELINE_BY_DMI, map, &options,
						report), 0);
	assert_int_equal(report->n_accepted, all);
	machine = &baseline->machines[0];
	assert_int_equal(machine->n_accepted, ARRAY_SIZE(findings));
	for (size_t i = 0; i < machine->n_accepted; i++) {
		assert_int_equal(machine->accepted[i].count,
				 findings[i].times ? findings[i].times : 1);
		assert_int_equal(machine->accepted[i].n_phys, findings[i].n_phys);
	}
}

TEST(unrecorded)
{
	static const struct fact fact = { { 0 }, 1, NULL, 0 };
	const struct efimap_verify_options options = { .fail_on = EFIMAP_WARNING };
	struct efimap *map efimap_auto_map = make_map();
	struct efimap_report *report efimap_auto_report = make_report(&fact);
	struct efimap_baseline *baseline efimap_auto_baseline;

	/* The runtime map was not read as a whole, so it has no fingerprint. */
	assert_int_equal(efimap_baseline_new(&baseline), 0);
	assert_int_equal(efimap_baseline_record(baseline, EFIMAP_BASELINE_BY_FINGERPRINT, map,
						&options, report), -ENODATA);
	assert_int_equal(efimap_set_dmi(map, EFIMAP_DMI_SYS_VENDOR, "", 0), 0);
	assert_int_equal(efimap_baseline_record(baseline, EFIMAP_BASELINE_BY_DMI, map, &options,
						report), -ENODATA);
	assert_int_equal(efimap_set_dmi(map, EFIMAP_DMI_SYS_VENDOR, "a", 1), 0);
	assert_int_equal(efimap_set_dmi(map, (enum efimap_dmi)(EFIMAP_DMI_COUNT - 1), "", 0), 0);
	assert_int_equal(efimap_baseline_record(baseline, EFIMAP_BASELINE_BY_DMI, map, &options,
						report), -ENODATA);
	assert_int_equal(baseline->n_machines, 0);
	assert_int_equal(report->n_findings, 1);
}
