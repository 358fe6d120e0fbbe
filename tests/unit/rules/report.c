/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "random.h"
#include "test.h"
#include "rules/report.h"

static struct report *empty(void)
{
	return report_new();
}

static enum outcome effect_of(enum severity severity)
{
	return severity == EFIMAP_NOTE ? EFIMAP_OUTCOME_NONE : EFIMAP_OUTCOME_NO_RUNTIME;
}

static enum certainty certainty_of(enum severity severity)
{
	return severity == EFIMAP_ERROR ? EFIMAP_CERTAIN : EFIMAP_CHANCE;
}

static void add(struct report *report, enum rule_id rule, enum severity severity,
		const uint32_t *entries, size_t n_entries)
{
	report_add(report, &(const struct finding){ .rule = rule_get(rule),
						    .outcome = effect_of(severity),
						    .certainty = certainty_of(severity),
						    .entries = entries,
						    .n_entries = n_entries,
						    .message = "" });
}

TEST(entries_rows)
{
	static const struct {
		const char *name;
		uint32_t given[6];
		size_t n_given;
		uint32_t kept[6];
		size_t n_kept;
	} rows[] = {
		{ "none", { 0 }, 0, { 0 }, 0 },
		{ "one", { 7 }, 1, { 7 }, 1 },
		{ "ascending", { 0, 1, 5 }, 3, { 0, 1, 5 }, 3 },
		{ "descending", { 9, 4, 1 }, 3, { 1, 4, 9 }, 3 },
		{ "one twice", { 3, 3 }, 2, { 3 }, 1 },
		{ "all alike", { 0, 0, 0, 0 }, 4, { 0 }, 1 },
		{ "mixed", { 5, UINT32_MAX, 5, 0, 7, 0 }, 6, { 0, 5, 7, UINT32_MAX }, 4 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_report struct report *report = empty();
		const struct finding *finding;

		add(report, EFIMAP_RULE_MAP_EMPTY, EFIMAP_NOTE, rows[i].given, rows[i].n_given);
		finding = &report->findings[0];
		if (finding->n_entries != rows[i].n_kept)
			fail_msg("%s: %zu entries, expected %zu", rows[i].name, finding->n_entries,
				 rows[i].n_kept);
		for (size_t j = 0; j < rows[i].n_kept; j++)
			if (finding->entries[j] != rows[i].kept[j])
				fail_msg("%s: entry %zu is %u, expected %u", rows[i].name, j,
					 finding->entries[j], rows[i].kept[j]);
	}
}

struct sample {
	enum severity severity;
	enum rule_id rule;
	uint32_t entries[2];
	size_t n_entries;
	enum outcome outcome;
	const char *message;
	struct evidence evidence[2];
	size_t n_evidence;
};

static const struct sample in_order[] = {
	{ EFIMAP_ERROR, EFIMAP_RULE_MAP_EMPTY, .message = "m" },
	{ EFIMAP_ERROR, EFIMAP_RULE_PAGES_ZERO, { 1 }, 1, .message = "z" },
	{ EFIMAP_ERROR, EFIMAP_RULE_PAGES_ZERO, { 10 }, 1, .message = "a" },
	{ EFIMAP_ERROR, EFIMAP_RULE_VIRT_OVERLAP, { 2 }, 1, .message = "x" },
	{ EFIMAP_ERROR, EFIMAP_RULE_VIRT_OVERLAP, { 2, 3 }, 2, .message = "x" },
	{ EFIMAP_ERROR, EFIMAP_RULE_VIRT_OVERLAP, { 2, 12 }, 2, .message = "x" },
	{ EFIMAP_WARNING, EFIMAP_RULE_MAP_EMPTY, { 5 }, 1, EFIMAP_OUTCOME_MEMORY_AT_RISK, "z" },
	{ EFIMAP_WARNING, EFIMAP_RULE_MAP_EMPTY, { 5 }, 1, EFIMAP_OUTCOME_ENTRY_DROPPED, "a" },
	{ EFIMAP_WARNING, EFIMAP_RULE_MAP_EMPTY, { 5 }, 1, EFIMAP_OUTCOME_ENTRY_DROPPED, "b" },
	{ EFIMAP_WARNING,
	  EFIMAP_RULE_MAP_EMPTY,
	  { 5 },
	  1,
	  EFIMAP_OUTCOME_ENTRY_DROPPED,
	  "b",
	  { { "s", "one" } },
	  1 },
	{ EFIMAP_WARNING,
	  EFIMAP_RULE_MAP_EMPTY,
	  { 5 },
	  1,
	  EFIMAP_OUTCOME_ENTRY_DROPPED,
	  "b",
	  { { "s", "one" }, { "s", "three" } },
	  2 },
	{ EFIMAP_WARNING,
	  EFIMAP_RULE_MAP_EMPTY,
	  { 5 },
	  1,
	  EFIMAP_OUTCOME_ENTRY_DROPPED,
	  "b",
	  { { "s", "one" }, { "s", "two" } },
	  2 },
	{ EFIMAP_NOTE, EFIMAP_RULE_MAP_ABSENT, { 0 }, 1, .message = "a" },
	{ EFIMAP_NOTE, EFIMAP_RULE_RUNTIME_OFF, .message = "a" },
};

static void add_sample(struct report *report, const struct sample *sample)
{
	const struct finding finding = {
		.rule = rule_get(sample->rule),
		.outcome = sample->outcome ? sample->outcome : effect_of(sample->severity),
		.certainty = certainty_of(sample->severity),
		.entries = sample->entries,
		.n_entries = sample->n_entries,
		.message = sample->message,
		.evidence = sample->evidence,
		.n_evidence = sample->n_evidence,
	};

	report_add(report, &finding);
}

static bool is_sample(const struct finding *finding, const struct sample *sample)
{
	if (finding->severity != sample->severity || finding->rule->id != sample->rule ||
	    finding->n_entries != sample->n_entries || finding->n_evidence != sample->n_evidence ||
	    strcmp(finding->message, sample->message) != 0)
		return false;
	for (size_t i = 0; i < sample->n_entries; i++)
		if (finding->entries[i] != sample->entries[i])
			return false;
	for (size_t i = 0; i < sample->n_evidence; i++)
		if (strcmp(finding->evidence[i].value, sample->evidence[i].value) != 0)
			return false;
	return true;
}

TEST(findings_are_sorted)
{
	uint64_t seed = 1;

	for (int round = 0; round < 500; round++) {
		auto_report struct report *report = empty();
		size_t order[ARRAY_SIZE(in_order)] = { 0 };

		for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
			const size_t j = (size_t)(random_bits(&seed) % (i + 1));

			order[i] = order[j];
			order[j] = i;
		}
		for (size_t i = 0; i < ARRAY_SIZE(order); i++)
			add_sample(report, &in_order[order[i]]);
		report_seal(report);
		for (size_t i = 0; i < ARRAY_SIZE(order); i++)
			if (!is_sample(&report->findings[i], &in_order[i]))
				fail_msg("round %d: finding %zu is not in its place", round, i);
		assert_int_equal(report->counts[EFIMAP_ERROR], 6);
		assert_int_equal(report->counts[EFIMAP_WARNING], 6);
		assert_int_equal(report->counts[EFIMAP_NOTE], 2);
	}
}
