/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compare the findings of a report with a baseline, or record them in a baseline. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/sort.h"
#include "capture/fingerprint.h"
#include "rules/baseline.h"

int efimap_baseline_new(struct efimap_baseline **ret_baseline)
{
	struct efimap_baseline *baseline = calloc(1, sizeof(*baseline));

	if (!baseline)
		return -ENOMEM;
	*ret_baseline = baseline;
	return 0;
}

void efimap_baseline_free(struct efimap_baseline *baseline)
{
	if (!baseline)
		return;
	for (size_t i = 0; i < baseline->n_machines; i++)
		free(baseline->machines[i].accepted);
	free(baseline->machines);
	efimap_arena_free(&baseline->arena);
	free(baseline);
}

int efimap_baseline_add_machine(struct efimap_baseline *baseline,
				struct efimap_machine **ret_machine)
{
	const struct efimap_machine machine = { 0 };
	int ret = efimap_array_append(&baseline->machines, &baseline->n_machines,
				      &baseline->capacity, &machine, sizeof(machine));

	if (!ret)
		*ret_machine = &baseline->machines[baseline->n_machines - 1];
	return ret;
}

int efimap_baseline_add_accepted(struct efimap_baseline *baseline,
				 struct efimap_machine *machine,
				 const struct efimap_accepted *accepted)
{
	baseline->n_rows++;
	return efimap_array_append(&machine->accepted, &machine->n_accepted, &machine->capacity,
				   accepted, sizeof(*accepted));
}

/*
 * Find the start addresses of a finding's entries, sorted and without duplicates.
 *
 * Return: 0; -ENODATA if an entry could not be read; -ENOMEM.
 */
static int find_addresses(struct efimap_arena *arena, const struct efimap *map,
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

static bool has_addresses(const struct efimap_accepted *row, const uint64_t *phys, size_t count)
{
	size_t at = 0;

	if (count == 0)
		return row->n_phys == 0;
	for (size_t i = 0; i < count; i++) {
		while (at < row->n_phys && row->phys[at] < phys[i])
			at++;
		if (at == row->n_phys || row->phys[at] != phys[i])
			return false;
	}
	return true;
}

static bool is_machine_of(const struct efimap_machine *machine, const struct efimap *map,
			  const char *fingerprint)
{
	if (machine->fingerprint)
		return fingerprint && strcmp(machine->fingerprint, fingerprint) == 0;
	for (size_t i = 0; i < EFIMAP_DMI_COUNT; i++)
		if (!*map->dmi[i] || strcmp(machine->dmi[i], map->dmi[i]) != 0)
			return false;
	return true;
}

static int accept_on_machine(struct efimap_machine *machine, const struct efimap *map,
			     struct efimap_report *report, bool *accepted)
{
	for (size_t i = 0; i < report->n_findings; i++) {
		const struct efimap_finding *finding = &report->findings[i];
		uint64_t *phys;
		size_t count;
		const int ret = find_addresses(&report->arena, map, finding, &phys, &count);

		if (ret == -ENOMEM)
			return ret;
		for (size_t j = 0; j < machine->n_accepted && !ret; j++) {
			struct efimap_accepted *row = &machine->accepted[j];

			if (row->rule != finding->rule || !has_addresses(row, phys, count))
				continue;
			row->is_due = true;
			accepted[i] |= finding->severity <= row->severity;
		}
	}
	return 0;
}

/*
 * Mark rows as due if their rule was not run or the report is partial, because their findings may
 * still exist.
 */
static void excuse_untried_rows(struct efimap_machine *machine, const struct efimap_report *report)
{
	const bool is_partial = efimap_report_is_partial(report);

	for (size_t i = 0; i < machine->n_accepted; i++)
		machine->accepted[i].is_due |=
			is_partial || !report->tried[machine->accepted[i].rule->id];
}

int efimap_baseline_apply(struct efimap_baseline *baseline, const struct efimap *map,
			  enum efimap_severity fail_on, struct efimap_report *report,
			  bool *ret_known)
{
	efimap_auto_free bool *accepted =
		efimap_array_new(report->n_findings, sizeof(*accepted));
	char fingerprint[EFIMAP_FINGERPRINT_SIZE];
	const int no_fingerprint = efimap_fingerprint(map, fingerprint);

	if (!accepted || no_fingerprint == -ENOMEM)
		return -ENOMEM;
	*ret_known = true;
	if (!efimap_report_is_checked(report))
		return 0;
	*ret_known = false;
	for (size_t i = 0; i < baseline->n_machines; i++) {
		struct efimap_machine *machine = &baseline->machines[i];
		int ret;

		if (!is_machine_of(machine, map, no_fingerprint ? NULL : fingerprint))
			continue;
		*ret_known = machine->is_met = true;
		ret = accept_on_machine(machine, map, report, accepted);
		if (ret)
			return ret;
		excuse_untried_rows(machine, report);
	}
	return efimap_report_accept(report, accepted, fail_on);
}

static bool has_dmi(const struct efimap *map)
{
	for (size_t i = 0; i < EFIMAP_DMI_COUNT; i++)
		if (!*map->dmi[i])
			return false;
	return true;
}

static int copy_text(struct efimap_baseline *baseline, const char *text, const char **ret_copy)
{
	*ret_copy = efimap_arena_strndup(&baseline->arena, text, strlen(text));
	return *ret_copy ? 0 : -ENOMEM;
}

static int add_machine_of(struct efimap_baseline *baseline, const struct efimap *map,
			  struct efimap_machine **ret_machine)
{
	char fingerprint[EFIMAP_FINGERPRINT_SIZE];
	const bool by_dmi = has_dmi(map);
	int ret = by_dmi ? 0 : efimap_fingerprint(map, fingerprint);

	if (ret)
		return ret;
	ret = efimap_baseline_add_machine(baseline, ret_machine);
	if (ret)
		return ret;
	if (!by_dmi)
		return copy_text(baseline, fingerprint, &(*ret_machine)->fingerprint);
	for (size_t i = 0; i < EFIMAP_DMI_COUNT && !ret; i++)
		ret = copy_text(baseline, map->dmi[i], &(*ret_machine)->dmi[i]);
	return ret;
}

/*
 * Return whether the last row accepts the same findings as @row. Earlier rows are not compared,
 * because findings of the same severity and rule on the same entries are adjacent.
 */
static bool is_recorded(const struct efimap_machine *machine, const struct efimap_accepted *row)
{
	const struct efimap_accepted *last;

	if (!machine->n_accepted)
		return false;
	last = &machine->accepted[machine->n_accepted - 1];
	return last->rule == row->rule && last->n_phys == row->n_phys &&
	       has_addresses(last, row->phys, row->n_phys);
}

int efimap_baseline_record(struct efimap_baseline *baseline, const struct efimap *map,
			   const struct efimap_report *report)
{
	struct efimap_machine *machine;
	int ret = add_machine_of(baseline, map, &machine);

	for (size_t i = 0; i < report->n_findings && !ret; i++) {
		struct efimap_accepted row = {
			.rule = report->findings[i].rule,
			.severity = report->findings[i].severity,
		};

		ret = find_addresses(&baseline->arena, map, &report->findings[i], &row.phys,
				  &row.n_phys);
		if (ret == 0 && !is_recorded(machine, &row))
			ret = efimap_baseline_add_accepted(baseline, machine, &row);
		else if (ret == -ENODATA)
			ret = 0;
	}
	return ret;
}
