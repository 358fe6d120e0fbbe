/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Entries against /sys/firmware/memmap: what lies in memory that kexec may use. Knows
 * nothing of /proc/iomem.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "check/label.h"
#include "check/list.h"
#include "check/memmap.h"
#include "check/pages.h"

/* Entries whose range is spelled out as evidence of a summary. */
#define SUMMARY_EVIDENCE 8

int memmap_find(const struct efimap *map, memmap_takes *takes, struct reach *ret_ranges)
{
	efimap_auto_free struct reach_range *ranges =
		efimap_array_new(map->n_memmap, sizeof(*ranges));
	size_t count = 0;

	if (!ranges)
		return -ENOMEM;
	for (size_t i = 0; i < map->n_memmap; i++)
		if (!map->memmap[i].bad && (!takes || takes(map->memmap[i].label)))
			ranges[count++] =
				(struct reach_range){ map->memmap[i].span, (uint32_t)i };
	return reach_build(ranges, count, ret_ranges);
}

int memmap_ram(const struct efimap *map, struct reach *ret_ram)
{
	return memmap_find(map, label_is_ram, ret_ram);
}

void memmap_evidence(struct check *c, uint32_t position)
{
	const struct efimap_range *range = &c->map->memmap[position];
	char source[sizeof("memmap/4294967295/start")];

	snprintf(source, sizeof(source), "memmap/%" PRIu32 "/start", range->index);
	check_evidence(c, source, "0x%" PRIx64, range->start);
	snprintf(source, sizeof(source), "memmap/%" PRIu32 "/end", range->index);
	check_evidence(c, source, "0x%" PRIx64, range->end);
	snprintf(source, sizeof(source), "memmap/%" PRIu32 "/type", range->index);
	check_evidence(c, source, "%s", range->label);
}

enum efimap_rule_id memmap_rule_of(const struct efimap_entry *entry)
{
	switch (entry->type) {
	case EFIMAP_TYPE_RESERVED:
	case EFIMAP_TYPE_RUNTIME_CODE:
	case EFIMAP_TYPE_RUNTIME_DATA:
	case EFIMAP_TYPE_ACPI_NVS:
		return efimap_entry_is_runtime(entry) ? EFIMAP_RULE_RUNTIME_IN_RAM
						      : EFIMAP_RULE_COUNT;
	case EFIMAP_TYPE_MMIO:
	case EFIMAP_TYPE_MMIO_PORT:
		return EFIMAP_RULE_MMIO_IN_RAM;
	default:
		return EFIMAP_RULE_COUNT;
	}
}

/*
 * The kernel allocates from the top of what memmap calls RAM, so firmware code or data
 * there is soon overwritten, and the first firmware call comes before init (efi.c:
 * generic_ops_supported). No experiment knows of the rarer types.
 */
static struct check_grade grade_in_ram(enum efimap_rule_id rule,
				       const struct efimap_entry *entry)
{
	if (rule == EFIMAP_RULE_RUNTIME_IN_RAM &&
	    entry->type != EFIMAP_TYPE_RUNTIME_CODE &&
	    entry->type != EFIMAP_TYPE_RUNTIME_DATA)
		return check_grade(EFIMAP_ERROR, EFIMAP_CONSEQ_MEMORY_AT_RISK);
	return check_usual(rule);
}

static void speak_of_ram(struct check *c, const struct efimap_entry *entry,
			 struct efimap_span span, const struct reach_range *ram)
{
	const enum efimap_rule_id rule = memmap_rule_of(entry);
	char name[EFIMAP_TYPE_NAME_SIZE];

	if (!check_find_entry(
		    c, rule, grade_in_ram(rule, entry), entry,
		    PAGES_FMT " %s memmap/%" PRIu32 ", System RAM 0x%" PRIx64
			      "-0x%" PRIx64 ", which kexec may overwrite",
		    PAGES_ARG(entry, span, name),
		    efimap_span_contains(ram->span, span) ? "lies in" : "runs into",
		    c->map->memmap[ram->position].index, ram->span.first, ram->span.last))
		return;
	check_evidence_field(c, entry, CHECK_FIELD_TYPE);
	check_evidence_field(c, entry, CHECK_FIELD_PHYS);
	check_evidence_field(c, entry, CHECK_FIELD_PAGES);
	memmap_evidence(c, ram->position);
}

/* Linux kept these entries, but /sys/firmware/memmap does not know. */
static void speak_of_kept(struct check *c, const struct list *kept,
			  struct reach *ram)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_BOOT_SERVICES_IN_RAM;
	const size_t shown =
		kept->count < SUMMARY_EVIDENCE ? kept->count : SUMMARY_EVIDENCE;

	if (!check_find_on(c, rule, check_usual(rule), kept->indices, kept->count,
			   "%zu boot services %s that Linux kept %s in System RAM, so "
			   "kexec_load may overwrite what is there",
			   kept->count, kept->count == 1 ? "entry" : "entries",
			   kept->count == 1 ? "lies" : "lie"))
		return;
	for (size_t i = 0; i < shown; i++) {
		const struct efimap_entry *entry =
			efimap_find_entry(c->listed, kept->indices[i]);
		const struct reach_range *hit;
		struct efimap_span span;
		char source[sizeof("memmap/4294967295/type")];

		if (!entry || !pages_of(entry, &span))
			continue;
		hit = reach_find(ram, span);
		if (!hit)
			continue;
		check_evidence_field(c, entry, CHECK_FIELD_PHYS);
		snprintf(source, sizeof(source), "memmap/%" PRIu32 "/type",
			 c->map->memmap[hit->position].index);
		check_evidence(c, source, "%s", c->map->memmap[hit->position].label);
	}
}

static void in_ram(struct check *c, struct reach *ram)
{
	/* What they keep is read through EFI, which no kernel has after a 32-bit one. */
	const bool wants_kept = check_wants(c, EFIMAP_RULE_BOOT_SERVICES_IN_RAM) &&
				!c->kernel_32bit;
	const bool wants_runtime = check_wants(c, EFIMAP_RULE_RUNTIME_IN_RAM);
	const bool wants_mmio = check_wants(c, EFIMAP_RULE_MMIO_IN_RAM);
	struct list kept auto_list = { 0 };

	for (size_t i = 0; ram->count && i < c->map->n_entries && !c->error; i++) {
		const struct efimap_entry *entry = &c->map->entries[i];
		const enum efimap_rule_id rule = memmap_rule_of(entry);
		const struct reach_range *hit;
		struct efimap_span span;

		if (!(rule == EFIMAP_RULE_RUNTIME_IN_RAM && wants_runtime) &&
		    !(rule == EFIMAP_RULE_MMIO_IN_RAM && wants_mmio) &&
		    !(wants_kept && efimap_entry_is_kept(entry)))
			continue;
		hit = pages_of(entry, &span) ? reach_find(ram, span) : NULL;
		if (!hit)
			continue;
		if (rule == EFIMAP_RULE_COUNT)
			list_add(c, &kept, entry->index);
		else
			speak_of_ram(c, entry, span, hit);
	}
	if (!c->error && kept.count > 0)
		speak_of_kept(c, &kept, ram);
}

void check_against_memmap(struct check *c)
{
	struct reach ram auto_reach = { 0 };
	int r;

	memmap_ranges(c);
	memmap_shape(c);
	if (c->error)
		return;
	r = memmap_ram(c->map, &ram);
	if (r < 0) {
		c->error = r;
		return;
	}
	in_ram(c, &ram);
	memmap_tables(c, &ram);
	memmap_holes(c);
	if (!c->error)
		memmap_labels(c);
}
