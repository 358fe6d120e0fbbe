/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What kexec was given and what it did: the kernel image, and the segments against the
 * entries and the configuration tables. Silent without --kernel and --kexec-log.
 */
#include <stdio.h>
#include <string.h>

#include "check/check.h"
#include "check/pages.h"
#include "model/boot_params.h"
#include "model/kexec.h"

/* The reason why kexec-tools would not pass EFI to it, or NULL. */
static const char *why_without_efi(const struct efimap_image *image)
{
	if (image->version < EFIMAP_BOOT_PROTOCOL_XLF)
		return "its boot protocol is older than 2.12";
	if (!(image->xloadflags & EFIMAP_XLF_KERNEL_64))
		return "it has no 64-bit entry point (XLF_KERNEL_64)";
	if (!(image->xloadflags & EFIMAP_XLF_EFI_KEXEC))
		return "it lacks XLF_EFI_KEXEC";
	return NULL;
}

static void image_without_efi(struct check *c, const struct efimap_image *image)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_IMAGE_WITHOUT_EFI;
	const char *why = why_without_efi(image);

	if (!why || !check_wants(c, rule) ||
	    !check_find(c, rule, check_usual(rule),
			"kexec-tools passes no EFI to %s, and says nothing of it: %s",
			image->name, why))
		return;
	check_evidence(c, image->name, "boot protocol %u.%u, xloadflags 0x%x",
		       image->version >> 8, image->version & 0xffu, image->xloadflags);
}

static const struct efimap_span *find_segment(const struct efimap_segments *segments,
					      struct efimap_span span, size_t *ret_number)
{
	for (size_t i = 0; i < segments->count; i++) {
		if (!efimap_span_overlaps(segments->spans[i], span))
			continue;
		*ret_number = i;
		return &segments->spans[i];
	}
	return NULL;
}

static void segment_evidence(struct check *c, size_t number, struct efimap_span segment)
{
	char source[sizeof("segment[15]")];

	snprintf(source, sizeof(source), "segment[%u]",
		 (unsigned int)number % EFIMAP_MAX_SEGMENTS);
	check_evidence(c, source, "0x%" PRIx64 "-0x%" PRIx64, segment.first, segment.last);
}

/*
 * drivers/firmware/efi/efi.c: common_tables, arch_tables; what a table in the log is
 * called. INITRD and RNG are used up in this boot and may be overwritten. Only these, so
 * that the work does not grow with what a log holds.
 */
static const char *const names[] = {
	"MEMATTR", "ESRT", "BGRT", "TPMEventLog", "TPMFinalLog", "CCFinalLog", "MOKvar",
	"RTPROP", "CocoSecret", "Unaccepted", "MEMRESERVE", "ACPI 2.0", "ACPI", "SMBIOS",
	"SMBIOS 3.0",
};

#define N_NAMES (sizeof(names) / sizeof(names[0]))

/* struct table - one that the log names, and whether an entry covers it */
struct table {
	const char *name;
	uint64_t address;
	bool in_entry;
};

struct tables {
	struct table list[N_NAMES];
	size_t count;
};

static void find_tables(const struct efimap *map, struct tables *tables)
{
	for (size_t i = 0; i < N_NAMES; i++) {
		struct table *table = &tables->list[tables->count];

		*table = (struct table){ .name = names[i] };
		if (efimap_find_pair(map->tables, map->n_tables, names[i], &table->address))
			tables->count++;
	}
}

/* One cause, one finding: a table in an entry is evidence of that one. */
static void tables_evidence(struct check *c, struct tables *tables, struct efimap_span span,
			    bool speaks)
{
	for (size_t i = 0; i < tables->count; i++) {
		struct table *table = &tables->list[i];

		if (!efimap_span_has(span, table->address))
			continue;
		table->in_entry = true;
		if (speaks)
			check_evidence(c, "kernel log", "%s=0x%" PRIx64, table->name,
				       table->address);
	}
}

static void collide_with_entry(struct check *c, const struct efimap_segments *segments,
			       const struct efimap_entry *entry, struct tables *tables)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_SEGMENT_COLLISION;
	const struct efimap_span *segment;
	char type[EFIMAP_TYPE_NAME_SIZE];
	struct efimap_span span;
	size_t number = 0;
	bool speaks;

	if (!efimap_entry_is_runtime(entry) || !pages_of(entry, &span))
		return;
	segment = find_segment(segments, span, &number);
	if (!segment)
		return;
	speaks = check_find_entry(
		c, rule,
		check_grade(EFIMAP_ERROR, check_at_stake(entry, EFIMAP_CONSEQ_MEMORY_AT_RISK)),
		entry, "segment %zu of kexec, 0x%" PRIx64 "-0x%" PRIx64 ", lands on " PAGES_FMT,
		number, segment->first, segment->last, PAGES_ARG(entry, span, type));
	if (speaks) {
		segment_evidence(c, number, *segment);
		check_evidence_field(c, entry, CHECK_FIELD_PHYS);
	}
	tables_evidence(c, tables, span, speaks);
}

static void collide_with_table(struct check *c, const struct efimap_segments *segments,
			       const struct table *table)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_SEGMENT_COLLISION;
	const struct efimap_span byte = { table->address, table->address };
	size_t number = 0;
	const struct efimap_span *segment = find_segment(segments, byte, &number);

	if (!segment || table->in_entry)
		return;
	if (!check_find(c, rule, check_usual(rule),
			"segment %zu of kexec, 0x%" PRIx64 "-0x%" PRIx64
			", lands on the configuration table %s (0x%" PRIx64 ")",
			number, segment->first, segment->last, table->name, table->address))
		return;
	segment_evidence(c, number, *segment);
	check_evidence(c, "kernel log", "%s=0x%" PRIx64, table->name, table->address);
}

void check_kexec(struct check *c)
{
	const struct efimap_segments *segments = c->options->segments;
	struct tables tables = { .count = 0 };

	if (c->options->image)
		image_without_efi(c, c->options->image);
	if (!segments || !check_wants(c, EFIMAP_RULE_SEGMENT_COLLISION))
		return;
	find_tables(c->map, &tables);
	for (size_t i = 0; i < c->map->n_entries && !c->error; i++)
		collide_with_entry(c, segments, &c->map->entries[i], &tables);
	for (size_t i = 0; i < tables.count && !c->error; i++)
		collide_with_table(c, segments, &tables.list[i]);
}
