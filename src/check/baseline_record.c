/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The rows of a baseline that accept what a report holds. What was recorded of the same
 * machine before is made one with it by efimap_baseline_tidy().
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "check/baseline.h"
#include "check/verify.h"
#include "model/baseline.h"
#include "model/fingerprint.h"

/* A machine by either means; NULL in @fingerprint and "" in @dmi for what is not used. */
struct identity {
	char text[EFIMAP_FINGERPRINT_SIZE];
	const char *fingerprint;
	const char *const *dmi;
};

static bool has_dmi(const struct efimap *map)
{
	for (size_t i = 0; i < EFIMAP_DMI_COUNT; i++)
		if (!*map->dmi[i])
			return false;
	return true;
}

static int identify(const struct efimap *map, enum efimap_baseline_by by,
		    struct identity *identity)
{
	int ret;

	identity->fingerprint = NULL;
	identity->dmi = map->dmi;
	if (by != EFIMAP_BASELINE_BY_FINGERPRINT && has_dmi(map))
		return 0;
	if (by == EFIMAP_BASELINE_BY_DMI)
		return -ENODATA;
	ret = efimap_fingerprint(map, identity->text);
	identity->fingerprint = identity->text;
	return ret;
}

static bool is_same(const struct efimap_machine *machine, const struct identity *identity)
{
	if (!machine->fingerprint != !identity->fingerprint)
		return false;
	if (machine->fingerprint)
		return strcmp(machine->fingerprint, identity->fingerprint) == 0;
	for (size_t i = 0; i < EFIMAP_DMI_COUNT; i++)
		if (strcmp(machine->dmi[i], identity->dmi[i]) != 0)
			return false;
	return true;
}

static const char *copy(struct efimap_baseline *baseline, const char *text)
{
	return efimap_arena_strndup(&baseline->arena, text, strlen(text));
}

static int add_machine(struct efimap_baseline *baseline, const struct identity *identity,
		       struct efimap_machine **ret_machine)
{
	struct efimap_machine *machine;
	int ret = efimap_baseline_add_machine(baseline, &machine);

	if (ret)
		return ret;
	machine->is_fresh = true;
	if (identity->fingerprint) {
		machine->fingerprint = copy(baseline, identity->fingerprint);
		ret = machine->fingerprint ? 0 : -ENOMEM;
	}
	for (size_t i = 0; !identity->fingerprint && i < EFIMAP_DMI_COUNT && !ret; i++) {
		machine->dmi[i] = copy(baseline, identity->dmi[i]);
		ret = machine->dmi[i] ? 0 : -ENOMEM;
	}
	*ret_machine = machine;
	return ret;
}

/* One machine stands once, also where the document has it twice: in the first. */
static int find_machine(struct efimap_baseline *baseline, const struct identity *identity,
			struct efimap_machine **ret_machine)
{
	for (size_t i = 0; i < baseline->n_machines; i++) {
		if (!is_same(&baseline->machines[i], identity))
			continue;
		*ret_machine = &baseline->machines[i];
		return 0;
	}
	return add_machine(baseline, identity, ret_machine);
}

static int copy_phys(struct efimap_baseline *baseline, const uint64_t *phys, size_t count,
		     struct efimap_accepted *row)
{
	size_t kept = 0;

	row->phys = efimap_arena_alloc(&baseline->arena, (count + 1) * sizeof(*row->phys));
	if (!row->phys)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		if (!kept || row->phys[kept - 1] != phys[i])
			row->phys[kept++] = phys[i];
	row->n_phys = kept;
	return 0;
}

static int copy_facts(struct efimap_baseline *baseline, const struct efimap_finding *finding,
		      struct efimap_accepted *row)
{
	row->facts = efimap_arena_alloc(&baseline->arena,
					(finding->n_evidence + 1) * sizeof(*row->facts));
	if (!row->facts)
		return -ENOMEM;
	for (size_t i = 0; i < finding->n_evidence; i++) {
		row->facts[i] = copy(baseline, finding->evidence[i].value);
		if (!row->facts[i])
			return -ENOMEM;
	}
	row->n_facts = finding->n_evidence;
	return 0;
}

static bool lies_where(const struct efimap_accepted *a, const struct efimap_accepted *b)
{
	if (a->n_phys != b->n_phys || a->n_facts != b->n_facts ||
	    (a->n_phys && memcmp(a->phys, b->phys, a->n_phys * sizeof(*a->phys)) != 0))
		return false;
	for (size_t i = 0; i < a->n_facts; i++)
		if (strcmp(a->facts[i], b->facts[i]) != 0)
			return false;
	return true;
}

/* Findings are sorted by rule and entry, so those of one place follow each other. */
static bool counts_with_last(struct efimap_machine *machine, size_t first,
			     const struct efimap_accepted *row)
{
	struct efimap_accepted *last;

	if (machine->n_accepted == first)
		return false;
	last = &machine->accepted[machine->n_accepted - 1];
	if (last->rule != row->rule || last->severity != row->severity ||
	    last->consequence != row->consequence || !lies_where(last, row))
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
	efimap_auto_free uint64_t *phys = NULL;
	int ret = check_finding_places(map, finding, &phys);

	if (!ret && finding->n_entries)
		ret = copy_phys(baseline, phys, finding->n_entries, &row);
	else if (!ret)
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
			   struct efimap_report *report, struct efimap_baseline_use *use)
{
	efimap_auto_free bool *accepted =
		efimap_array_new(report->n_findings, sizeof(*accepted));
	struct efimap_machine *machine;
	struct identity identity;
	int ret = accepted ? identify(map, by, &identity) : -ENOMEM;
	bool known;

	if (!ret)
		ret = efimap_baseline_apply(baseline, map, options, report, use, &known);
	if (ret || !report->n_findings)
		return ret;
	ret = find_machine(baseline, &identity, &machine);
	if (!ret)
		ret = record_all(baseline, machine, map, report, accepted);
	return ret ? ret : efimap_report_accept(report, accepted, options->fail_on);
}
