/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which findings of a report a baseline accepts, and the rows that would accept them all.
 * Knows no rule; what is worse or lies elsewhere than a row says is not accepted. What was
 * recorded of one machine several times is made one by efimap_baseline_tidy().
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/sort.h"
#include "check/check.h"
#include "check/verify.h"
#include "model/baseline.h"
#include "model/fingerprint.h"

/* --- what is accepted --- */

/*
 * Starts of the entries that a finding lies on, ascending, each once. Return: 0; -ENODATA when
 * one of the entries could not be read; -ENOMEM.
 */
static int find_places(struct efimap_arena *arena, const struct efimap *map,
		       const struct efimap_finding *finding, uint64_t **ret_phys,
		       size_t *ret_count)
{
	uint64_t *phys = efimap_arena_alloc(arena, finding->n_entries * sizeof(*phys));
	size_t kept = 0;

	if (!phys)
		return -ENOMEM;
	for (size_t i = 0; i < finding->n_entries; i++) {
		const struct efimap_entry *entry = efimap_find_entry(map, finding->entries[i]);

		if (!entry)
			return -ENODATA;
		phys[i] = entry->phys;
	}
	efimap_sort(phys, finding->n_entries, sizeof(*phys), efimap_order_at);
	for (size_t i = 0; i < finding->n_entries; i++)
		if (!kept || phys[kept - 1] != phys[i])
			phys[kept++] = phys[i];
	*ret_phys = phys;
	*ret_count = kept;
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
		       const struct efimap_finding *finding, const uint64_t *phys, size_t n_phys)
{
	if (row->anywhere)
		return true;
	if (!finding->n_entries)
		return has_facts(row, finding);
	return phys && holds_all(row, phys, n_phys);
}

static bool is_worse(const struct efimap_finding *finding, const struct efimap_accepted *row)
{
	return finding->severity > row->severity || finding->consequence > row->consequence;
}

/* struct cursor - where the walk over the rows stands */
struct cursor {
	size_t machine;
	size_t row;
};

/*
 * The next row that was read of a machine that the capture is of, or NULL: what was recorded
 * in this run accepts nothing in it.
 */
static struct efimap_accepted *next_row(const struct efimap_baseline *baseline,
					struct cursor *at)
{
	for (; at->machine < baseline->n_machines; at->machine++, at->row = 0) {
		const struct efimap_machine *machine = &baseline->machines[at->machine];

		if (machine->is_here && at->row < machine->n_accepted &&
		    !machine->accepted[at->row].is_fresh)
			return &machine->accepted[at->row++];
	}
	return NULL;
}

/* The first row that has room; where none has, the last that would have had some. */
static struct efimap_accepted *choose(const struct efimap_baseline *baseline,
				      const struct efimap_finding *finding,
				      const uint64_t *phys, size_t n_phys)
{
	struct efimap_accepted *chosen = NULL, *row;
	struct cursor at = { 0 };

	while ((row = next_row(baseline, &at))) {
		if (row->rule != finding->rule || !lies_there(row, finding, phys, n_phys))
			continue;
		row->is_due = true;
		if (!is_worse(finding, row) && (!chosen || chosen->n_taken >= chosen->count))
			chosen = row;
	}
	return chosen;
}

/* Of more findings than a row stands for, nobody can tell which one is new. */
static int accept(const struct efimap_baseline *baseline, const struct efimap *map,
		  const struct efimap_verify_options *options, struct efimap_report *report)
{
	efimap_auto_free struct efimap_accepted **chosen =
		efimap_array_new(report->n_findings, sizeof(struct efimap_accepted *));
	efimap_auto_free bool *accepted =
		efimap_array_new(report->n_findings, sizeof(*accepted));

	if (!chosen || !accepted)
		return -ENOMEM;
	for (size_t i = 0; i < report->n_findings; i++) {
		const struct efimap_finding *finding = &report->findings[i];
		uint64_t *phys = NULL;
		size_t n_phys = 0;

		if (find_places(&report->arena, map, finding, &phys, &n_phys) == -ENOMEM)
			return -ENOMEM;
		chosen[i] = choose(baseline, finding, phys, n_phys);
		if (chosen[i])
			chosen[i]->n_taken++;
	}
	for (size_t i = 0; i < report->n_findings; i++)
		accepted[i] = chosen[i] && chosen[i]->n_taken <= chosen[i]->count;
	return efimap_report_accept(report, accepted, options->fail_on);
}

/* Return: 0 or -ENOMEM; is one of the machines the one of the capture? */
static int find_machines(const struct efimap_baseline *baseline, const struct efimap *map,
			 bool *ret_known)
{
	char fingerprint[EFIMAP_FINGERPRINT_SIZE];
	const int ret = efimap_fingerprint(map, fingerprint);

	if (ret == -ENOMEM)
		return ret;
	*ret_known = false;
	for (size_t i = 0; i < baseline->n_machines; i++) {
		struct efimap_machine *machine = &baseline->machines[i];

		machine->is_here = !machine->is_fresh &&
				   efimap_machine_is(machine, map, ret ? NULL : fingerprint);
		machine->is_met |= machine->is_here;
		*ret_known |= machine->is_here;
	}
	return 0;
}

int efimap_baseline_apply(struct efimap_baseline *baseline, const struct efimap *map,
			  const struct efimap_verify_options *options,
			  struct efimap_report *report, bool *ret_known)
{
	struct efimap_accepted *row;
	struct cursor at = { 0 };
	int ret;

	*ret_known = true;
	if (!efimap_report_is_judged(report))
		return 0;
	ret = find_machines(baseline, map, ret_known);
	while (!ret && (row = next_row(baseline, &at))) {
		row->n_taken = 0;
		/* A row of a rule that was not tried, or not on all, is not out of date. */
		row->is_due |= efimap_report_is_partial(report) ||
			       !report->tried[row->rule->id];
	}
	return ret ?: accept(baseline, map, options, report);
}

/* --- what is recorded --- */

static bool has_dmi(const struct efimap *map)
{
	for (size_t i = 0; i < EFIMAP_DMI_COUNT; i++)
		if (!*map->dmi[i])
			return false;
	return true;
}

/* By DMI the machine has no fingerprint: it is then "". */
static int identify(const struct efimap *map, enum efimap_baseline_by by,
		    char fingerprint[EFIMAP_FINGERPRINT_SIZE])
{
	*fingerprint = '\0';
	if (by != EFIMAP_BASELINE_BY_FINGERPRINT && has_dmi(map))
		return 0;
	return by == EFIMAP_BASELINE_BY_DMI ? -ENODATA : efimap_fingerprint(map, fingerprint);
}

static int copy(struct efimap_baseline *baseline, const char *text, const char **ret_copy)
{
	*ret_copy = efimap_arena_strndup(&baseline->arena, text, strlen(text));
	return *ret_copy ? 0 : -ENOMEM;
}

static int add_machine(struct efimap_baseline *baseline, const struct efimap *map,
		       const char *fingerprint, struct efimap_machine **ret_machine)
{
	struct efimap_machine *machine;
	int ret = efimap_baseline_add_machine(baseline, &machine);

	if (ret)
		return ret;
	machine->is_fresh = true;
	if (*fingerprint)
		ret = copy(baseline, fingerprint, &machine->fingerprint);
	for (size_t i = 0; !*fingerprint && i < EFIMAP_DMI_COUNT && !ret; i++)
		ret = copy(baseline, map->dmi[i], &machine->dmi[i]);
	*ret_machine = machine;
	return ret;
}

/* One machine stands once, also where the document has it twice: in the first. */
static int find_machine(struct efimap_baseline *baseline, const struct efimap *map,
			const char *fingerprint, struct efimap_machine **ret_machine)
{
	for (size_t i = 0; i < baseline->n_machines; i++) {
		struct efimap_machine *machine = &baseline->machines[i];

		if (!machine->fingerprint != !*fingerprint ||
		    !efimap_machine_is(machine, map, fingerprint))
			continue;
		*ret_machine = machine;
		return 0;
	}
	return add_machine(baseline, map, fingerprint, ret_machine);
}

static int copy_facts(struct efimap_baseline *baseline, const struct efimap_finding *finding,
		      struct efimap_accepted *row)
{
	row->facts = efimap_arena_alloc(&baseline->arena,
					(finding->n_evidence + 1) * sizeof(*row->facts));
	if (!row->facts)
		return -ENOMEM;
	for (size_t i = 0; i < finding->n_evidence; i++)
		if (copy(baseline, finding->evidence[i].value, &row->facts[i]))
			return -ENOMEM;
	row->n_facts = finding->n_evidence;
	return 0;
}

/* Findings are sorted by rule and entry, so those of one place follow each other. */
static bool counts_with_last(const struct efimap_machine *machine, size_t first,
			     const struct efimap_accepted *row)
{
	struct efimap_accepted *last = machine->n_accepted == first ?
					       NULL : &machine->accepted[machine->n_accepted - 1];

	if (!last || !efimap_accepted_is_same(last, row))
		return false;
	last->count++;
	return true;
}

static int record_one(struct efimap_baseline *baseline, struct efimap_machine *machine,
		      size_t first, const struct efimap *map,
		      const struct efimap_finding *finding)
{
	struct efimap_accepted row = {
		.rule = finding->rule,
		.severity = finding->severity,
		.consequence = finding->consequence,
		.count = 1,
		.is_fresh = true,
	};
	int ret = find_places(&baseline->arena, map, finding, &row.phys, &row.n_phys);

	if (!ret && !finding->n_entries)
		ret = copy_facts(baseline, finding, &row);
	if (ret || counts_with_last(machine, first, &row))
		return ret;
	return efimap_baseline_add_accepted(baseline, machine, &row);
}

static int record_all(struct efimap_baseline *baseline, struct efimap_machine *machine,
		      const struct efimap *map, const struct efimap_report *report,
		      bool *accepted)
{
	const size_t first = machine->n_accepted;

	for (size_t i = 0; i < report->n_findings; i++) {
		int ret;

		if (!efimap_rule_is_acceptable(report->findings[i].rule))
			continue;
		ret = record_one(baseline, machine, first, map, &report->findings[i]);
		/* Without a place it would be accepted everywhere. */
		if (ret && ret != -ENODATA)
			return ret;
		accepted[i] = !ret;
	}
	return 0;
}

int efimap_baseline_record(struct efimap_baseline *baseline, enum efimap_baseline_by by,
			   const struct efimap *map,
			   const struct efimap_verify_options *options,
			   struct efimap_report *report)
{
	efimap_auto_free bool *accepted =
		efimap_array_new(report->n_findings, sizeof(*accepted));
	char fingerprint[EFIMAP_FINGERPRINT_SIZE];
	struct efimap_machine *machine;
	int ret = accepted ? identify(map, by, fingerprint) : -ENOMEM;
	bool known;

	if (!ret)
		ret = efimap_baseline_apply(baseline, map, options, report, &known);
	if (ret || !report->n_findings)
		return ret;
	ret = find_machine(baseline, map, fingerprint, &machine) ?:
	      record_all(baseline, machine, map, report, accepted);
	return ret ?: efimap_report_accept(report, accepted, options->fail_on);
}
