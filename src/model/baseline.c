/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Baselines as values: building one, asking which machine a capture is of, and making one
 * row of what was recorded twice. Must not know documents, nor look at reports.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/sort.h"
#include "model/baseline.h"

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
	struct efimap_accepted row = *accepted;

	row.id = baseline->n_rows++;
	return efimap_array_append(&machine->accepted, &machine->n_accepted, &machine->capacity,
				   &row, sizeof(row));
}

bool efimap_machine_is(const struct efimap_machine *machine, const struct efimap *map,
		       const char *fingerprint)
{
	if (machine->fingerprint)
		return fingerprint && strcmp(machine->fingerprint, fingerprint) == 0;
	for (size_t i = 0; i < EFIMAP_DMI_COUNT; i++)
		if (!*map->dmi[i] || strcmp(machine->dmi[i], map->dmi[i]) != 0)
			return false;
	return true;
}

/* Never "no problems found" when the map could not be read. */
bool efimap_rule_is_acceptable(const struct efimap_rule *rule)
{
	return rule->id != EFIMAP_RULE_MAP_FILE_UNREADABLE &&
	       rule->id != EFIMAP_RULE_MAP_VALUE_SYNTAX &&
	       strcmp(efimap_rule_command(rule->id), "verify") == 0;
}

static int compare_places(const struct efimap_accepted *a, const struct efimap_accepted *b)
{
	int order = efimap_order(a->anywhere, b->anywhere) ?:
		    efimap_order(a->n_phys, b->n_phys);

	for (size_t i = 0; i < a->n_phys && order == 0; i++)
		order = efimap_order(a->phys[i], b->phys[i]);
	if (order == 0)
		order = efimap_order(a->n_facts, b->n_facts);
	for (size_t i = 0; i < a->n_facts && order == 0; i++)
		order = strcmp(a->facts[i], b->facts[i]);
	return order;
}

/* Worst first, as in reports; of equal rows the one that was read first. */
static int compare_accepted(const void *left, const void *right)
{
	const struct efimap_accepted *a = left, *b = right;

	return efimap_order(b->severity, a->severity) ?:
	       efimap_order(a->rule->id, b->rule->id) ?:
	       efimap_order(b->consequence, a->consequence) ?:
	       compare_places(a, b) ?:
	       efimap_order(a->id, b->id);
}

bool efimap_accepted_is_same(const struct efimap_accepted *a, const struct efimap_accepted *b)
{
	return a->rule == b->rule && a->severity == b->severity &&
	       a->consequence == b->consequence && compare_places(a, b) == 0;
}

/* Several captures of one machine have a finding once, not as often as there are some. */
static void join(struct efimap_accepted *row, const struct efimap_accepted *with)
{
	if (!row->comment)
		row->comment = with->comment;
	if (with->is_fresh && (!row->is_fresh || with->count > row->count))
		row->count = with->count;
	row->is_fresh = row->is_fresh || with->is_fresh;
}

static void tidy_machine(struct efimap_machine *machine)
{
	struct efimap_accepted *rows = machine->accepted;
	size_t kept = 0;

	efimap_sort(rows, machine->n_accepted, sizeof(*rows), compare_accepted);
	for (size_t i = 0; i < machine->n_accepted; i++) {
		if (!rows[i].is_fresh && !rows[i].is_due)
			continue;
		if (kept && efimap_accepted_is_same(&rows[kept - 1], &rows[i]))
			join(&rows[kept - 1], &rows[i]);
		else
			rows[kept++] = rows[i];
	}
	machine->n_accepted = kept;
}

void efimap_baseline_tidy(struct efimap_baseline *baseline)
{
	for (size_t i = 0; i < baseline->n_machines; i++)
		if (baseline->machines[i].is_fresh || baseline->machines[i].is_met)
			tidy_machine(&baseline->machines[i]);
}
