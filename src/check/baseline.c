/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which findings of a report a baseline accepts, and the rows that would accept them all.
 * Knows no rule; what is worse or lies elsewhere than a row says is not accepted.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/sort.h"
#include "check/baseline.h"
#include "check/check.h"
#include "check/verify.h"
#include "model/baseline.h"
#include "model/fingerprint.h"

/*
 * struct rows - what may be accepted in one report
 * @rows:  of all machines that the capture is of, by rule
 * @taken: findings that each has been given
 * @begin: by rule, and one more
 */
struct rows {
	const struct efimap_accepted **rows;
	uint32_t *taken;
	size_t begin[EFIMAP_RULE_COUNT + 1];
};

static void free_rows(struct rows *rows)
{
	free(rows->rows);
	free(rows->taken);
}

int check_finding_places(const struct efimap *map, const struct efimap_finding *finding,
			 uint64_t **ret_phys)
{
	efimap_auto_free uint64_t *phys =
		efimap_array_new(finding->n_entries, sizeof(*phys));

	if (!phys)
		return -ENOMEM;
	for (size_t i = 0; i < finding->n_entries; i++) {
		const struct efimap_entry *entry = efimap_find_entry(map, finding->entries[i]);

		if (!entry)
			return -ENODATA;
		phys[i] = entry->phys;
	}
	qsort(phys, finding->n_entries, sizeof(*phys), efimap_order_at);
	*ret_phys = efimap_steal(phys);
	return 0;
}

/* Is every one of @count numbers among those of the row? Both ascend. */
static bool holds_all(const struct efimap_accepted *row, const uint64_t *phys, size_t count)
{
	size_t at = 0;

	for (size_t i = 0; i < count; i++) {
		while (at < row->n_phys && row->phys[at] < phys[i])
			at++;
		if (at == row->n_phys || row->phys[at] != phys[i])
			return false;
	}
	return true;
}

static bool has_facts(const struct efimap_accepted *row, const struct efimap_finding *finding)
{
	if (row->n_phys || row->n_facts != finding->n_evidence)
		return false;
	for (size_t i = 0; i < row->n_facts; i++)
		if (strcmp(row->facts[i], finding->evidence[i].value) != 0)
			return false;
	return true;
}

static bool lies_there(const struct efimap_accepted *row,
		       const struct efimap_finding *finding, const uint64_t *phys)
{
	if (row->anywhere)
		return true;
	if (!finding->n_entries)
		return has_facts(row, finding);
	return phys && holds_all(row, phys, finding->n_entries);
}

static bool is_worse(const struct efimap_finding *finding, const struct efimap_accepted *row)
{
	return finding->severity > row->severity || finding->consequence > row->consequence;
}

/* The first row that has room; where none has, the last that would have had some. */
static size_t choose(const struct rows *rows, const struct efimap_finding *finding,
		     const uint64_t *phys, struct efimap_baseline_use *use)
{
	const size_t end = rows->begin[finding->rule->id + 1];
	size_t chosen = SIZE_MAX;

	for (size_t i = rows->begin[finding->rule->id]; i < end; i++) {
		const struct efimap_accepted *row = rows->rows[i];

		if (!lies_there(row, finding, phys))
			continue;
		use->was_due[row->id] = 1;
		if (is_worse(finding, row))
			continue;
		if (chosen == SIZE_MAX || rows->taken[chosen] >= rows->rows[chosen]->count)
			chosen = i;
	}
	return chosen;
}

/* Of more findings than a row stands for, nobody can tell which one is new. */
static int accept(const struct rows *rows, const struct efimap *map,
		  const struct efimap_verify_options *options, struct efimap_report *report,
		  struct efimap_baseline_use *use)
{
	efimap_auto_free size_t *chosen =
		efimap_array_new(report->n_findings, sizeof(*chosen));
	efimap_auto_free bool *accepted =
		efimap_array_new(report->n_findings, sizeof(*accepted));

	if (!chosen || !accepted)
		return -ENOMEM;
	for (size_t i = 0; i < report->n_findings; i++) {
		efimap_auto_free uint64_t *phys = NULL;

		if (check_finding_places(map, &report->findings[i], &phys) == -ENOMEM)
			return -ENOMEM;
		chosen[i] = choose(rows, &report->findings[i], phys, use);
		if (chosen[i] != SIZE_MAX)
			rows->taken[chosen[i]]++;
	}
	for (size_t i = 0; i < report->n_findings; i++)
		accepted[i] = chosen[i] != SIZE_MAX &&
			      rows->taken[chosen[i]] <= rows->rows[chosen[i]]->count;
	return efimap_report_accept(report, accepted, options->fail_on);
}

/* A row of a rule that was not tried, or not on all, is not out of date. */
static bool was_tried(const struct efimap_verify_options *options,
		      const struct efimap_report *report, enum efimap_rule_id rule)
{
	if (efimap_report_is_partial(report) || options->disabled[rule] ||
	    (rule == EFIMAP_RULE_IMAGE_WITHOUT_EFI && !options->image) ||
	    (rule == EFIMAP_RULE_SEGMENT_COLLISION && !options->segments))
		return false;
	for (size_t i = 0; i < report->n_skipped; i++)
		if (report->skipped[i].rule->id == rule)
			return false;
	return true;
}

static void excuse_untried(const struct rows *rows, const struct efimap_report *report,
			   const struct efimap_verify_options *options,
			   struct efimap_baseline_use *use)
{
	for (unsigned int rule = 0; rule < EFIMAP_RULE_COUNT; rule++) {
		if (was_tried(options, report, (enum efimap_rule_id)rule))
			continue;
		for (size_t i = rows->begin[rule]; i < rows->begin[rule + 1]; i++)
			use->was_due[rows->rows[i]->id] = 1;
	}
}

/* Rows that were recorded in this run accept nothing in it: @use does not know them. */
static size_t count_read(const struct efimap_machine *machine)
{
	size_t count = 0;

	while (count < machine->n_accepted && !machine->accepted[count].is_fresh)
		count++;
	return count;
}

static int find_machines(const struct efimap_baseline *baseline, const struct efimap *map,
			 struct efimap_baseline_use *use, size_t *n_read, size_t *ret_rows,
			 bool *ret_known)
{
	char fingerprint[EFIMAP_FINGERPRINT_SIZE];
	const int ret = efimap_fingerprint(map, fingerprint);

	if (ret == -ENOMEM)
		return ret;
	*ret_rows = 0;
	*ret_known = false;
	for (size_t i = 0; i < baseline->n_machines; i++) {
		const struct efimap_machine *machine = &baseline->machines[i];

		if (machine->is_fresh ||
		    !efimap_machine_is(machine, map, ret ? NULL : fingerprint))
			continue;
		*ret_known = true;
		n_read[i] = count_read(machine);
		*ret_rows += n_read[i];
		use->was_met[i] = 1;
	}
	return 0;
}

/* Two passes over the rows: how many of each rule, then where they stand. */
static int gather(const struct efimap_baseline *baseline, const size_t *n_read, size_t count,
		  struct rows *rows)
{
	size_t at[EFIMAP_RULE_COUNT];

	rows->rows = efimap_array_new(count, sizeof(*rows->rows));
	rows->taken = efimap_array_new(count, sizeof(*rows->taken));
	if (!rows->rows || !rows->taken)
		return -ENOMEM;
	for (size_t i = 0; i < baseline->n_machines; i++)
		for (size_t j = 0; j < n_read[i]; j++)
			rows->begin[baseline->machines[i].accepted[j].rule->id + 1]++;
	for (size_t rule = 0; rule < EFIMAP_RULE_COUNT; rule++) {
		at[rule] = rows->begin[rule];
		rows->begin[rule + 1] += rows->begin[rule];
	}
	for (size_t i = 0; i < baseline->n_machines; i++) {
		const struct efimap_machine *machine = &baseline->machines[i];

		for (size_t j = 0; j < n_read[i]; j++)
			rows->rows[at[machine->accepted[j].rule->id]++] =
				&machine->accepted[j];
	}
	return 0;
}

int efimap_baseline_apply(const struct efimap_baseline *baseline, const struct efimap *map,
			  const struct efimap_verify_options *options,
			  struct efimap_report *report, struct efimap_baseline_use *use,
			  bool *ret_known)
{
	efimap_auto_free size_t *n_read =
		efimap_array_new(baseline->n_machines, sizeof(*n_read));
	struct rows rows efimap_cleanup(free_rows) = { 0 };
	size_t count = 0;
	int ret = n_read ? 0 : -ENOMEM;

	*ret_known = true;
	if (!ret && !efimap_report_is_judged(report))
		return 0;
	if (!ret)
		ret = find_machines(baseline, map, use, n_read, &count, ret_known);
	if (!ret)
		ret = gather(baseline, n_read, count, &rows);
	if (!ret)
		ret = accept(&rows, map, options, report, use);
	if (ret)
		return ret;
	excuse_untried(&rows, report, options, use);
	return 0;
}
