/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Entries that memmap lists, but not as what they are. System RAM has rules of its own
 * (memmap.c), and so has what is not listed at all (memmap_holes.c).
 */
#include <stdio.h>
#include <string.h>

#include "check/label.h"
#include "check/list.h"
#include "check/memmap.h"
#include "check/pages.h"

static bool is_odd(const char *label)
{
	return !label_is_firmware(label) && !label_is_ram(label) &&
	       !label_is_handed_out(label);
}

/* A kind of label, and what it means for runtime code and data. */
static const struct kind {
	enum efimap_severity severity;
	enum efimap_consequence consequence;
	memmap_takes *takes;
	const char *effect;
} kinds[] = {
	{ EFIMAP_WARNING, EFIMAP_CONSEQ_MEMORY_AT_RISK, label_is_handed_out,
	  "the next kernel may hand it to a driver" },
	{ EFIMAP_NOTE, EFIMAP_CONSEQ_NONE, is_odd,
	  "which keeps kernels off it all the same" },
};

static void speak_of_kind(struct check *c, const struct kind *kind,
			  const struct list *found, const struct efimap_entry *first,
			  const struct reach_range *hit)
{
	const struct check_grade grade = { kind->severity, kind->consequence };
	const struct efimap_range *range = &c->map->memmap[hit->position];
	char more[sizeof(" and 18446744073709551615 more")] = "";

	if (found->count > 1)
		snprintf(more, sizeof(more), " and %zu more", found->count - 1);
	if (!check_find_on(c, EFIMAP_RULE_RUNTIME_WRONG_LABEL, grade, found->indices,
			   found->count,
			   "%s at 0x%" PRIx64 "%s: memmap calls the memory \"%s\"; %s",
			   CHECK_TYPE(first), first->phys, more, range->label,
			   kind->effect))
		return;
	check_evidence_field(c, first, CHECK_FIELD_TYPE);
	check_evidence_field(c, first, CHECK_FIELD_PHYS);
	memmap_evidence(c, hit->position);
}

static void judge_kind(struct check *c, const struct kind *kind)
{
	const struct efimap_entry *first = NULL;
	const struct reach_range *first_hit = NULL;
	struct reach ranges auto_reach = { 0 };
	struct list found auto_list = { 0 };

	c->error = memmap_find(c->map, kind->takes, &ranges);
	for (size_t i = 0; ranges.count && i < c->map->n_entries && !c->error; i++) {
		const struct efimap_entry *entry = &c->map->entries[i];
		const struct reach_range *hit;
		struct efimap_span span;

		if (!efimap_entry_is_runtime_services(entry) || !pages_of(entry, &span))
			continue;
		hit = reach_find(&ranges, span);
		if (!hit)
			continue;
		list_add(c, &found, entry->index);
		if (first)
			continue;
		first = entry;
		first_hit = hit;
	}
	if (first && !c->error)
		speak_of_kind(c, kind, &found, first, first_hit);
}

static bool is_acpi(const struct check *c, const struct efimap_entry *entry)
{
	return efimap_entry_is_runtime(entry) &&
	       (entry->type == EFIMAP_TYPE_ACPI_RECLAIM ||
		entry->type == EFIMAP_TYPE_ACPI_NVS);
}

/* A boot loader that is no EFI stub may have joined the region with what lies beside it. */
static bool is_right_for(const struct efimap_entry *entry, struct efimap_span span,
			 const struct efimap_range *range)
{
	const bool is_nvs = entry->type == EFIMAP_TYPE_ACPI_NVS;
	const char *wanted = is_nvs ? "ACPI Non-volatile Storage" : "ACPI Tables";

	if (strcmp(range->label, wanted) == 0)
		return true;
	if (label_is_ram(range->label))
		return is_nvs; /* runtime-in-ram */
	return label_is_reserved(range->label) &&
	       (range->span.first < span.first || range->span.last > span.last);
}

static void judge_acpi(struct check *c, size_t position)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_ACPI_LABEL;
	const struct efimap_entry *entry = &c->map->entries[position];
	const struct efimap_cover *cover;
	struct efimap_span span;

	if (!is_acpi(c, entry) || !pages_of(entry, &span) || !(cover = check_memmap(c)))
		return;
	for (size_t i = cover->begin[position]; i < cover->begin[position + 1]; i++) {
		const struct efimap_range *range = &c->map->memmap[cover->hits[i]];

		if (is_right_for(entry, span, range))
			continue;
		if (!check_find_entry(c, rule, check_usual(rule), entry,
				      "%s at 0x%" PRIx64 " lies in memmap/%" PRIu32
				      ", which is called \"%s\"",
				      CHECK_TYPE(entry), entry->phys, range->index,
				      range->label))
			return;
		check_evidence_field(c, entry, CHECK_FIELD_TYPE);
		memmap_evidence(c, cover->hits[i]);
		return;
	}
}

void memmap_labels(struct check *c)
{
	const bool wants_wrong = check_wants(c, EFIMAP_RULE_RUNTIME_WRONG_LABEL);
	const bool wants_acpi = check_wants(c, EFIMAP_RULE_ACPI_LABEL) &&
				sums_may_apply(c, &c->sums, is_acpi);

	for (size_t i = 0; wants_wrong && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!c->error)
			judge_kind(c, &kinds[i]);
	for (size_t i = 0; wants_acpi && i < c->map->n_entries && !c->error; i++)
		judge_acpi(c, i);
}
