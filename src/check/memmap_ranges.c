/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The ranges of /sys/firmware/memmap themselves: what kexec-tools and the next kernel
 * make of malformed ones and of too many. Looks at no entry.
 */
#include <stdio.h>
#include <string.h>

#include "check/memmap.h"

/* kexec-tools, kexec/arch/i386/kexec-x86.h: MAX_MEMORY_RANGES */
#define TOOLS_MAX_RANGES 2048
/* arch/x86/include/uapi/asm/bootparam.h: E820_MAX_ENTRIES_ZEROPAGE */
#define FILE_MAX_RANGES 128

static void speak_of_range(struct check *c, uint32_t position)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_MEMMAP_BAD_RANGE;
	const struct efimap_range *range = &c->map->memmap[position];
	struct check_grade grade = check_usual(rule);

	/* end - start + 1 is 0, and __append_e820_table lets a size of 0 pass */
	if (range->end == range->start - 1)
		grade.consequence = EFIMAP_CONSEQ_NONE;
	if (check_find(c, rule, grade,
		       "memmap/%" PRIu32 " (%s) ends at 0x%" PRIx64
		       ", below its start 0x%" PRIx64
		       ", of which kexec-tools makes a size of 0x%" PRIx64 " bytes",
		       range->index, range->label, range->end, range->start,
		       range->end - range->start + 1))
		memmap_evidence(c, position);
}

static bool is_type_file(const struct efimap_fault *fault)
{
	const char *slash = strrchr(fault->where, '/');

	return slash && strcmp(slash, "/type") == 0;
}

/* firmware_memmap.c: parse_numeric_sysfs, parse_string_sysfs, parse_memmap_entry */
static void speak_of_fault(struct check *c, const struct efimap_fault *fault)
{
	enum efimap_consequence consequence = EFIMAP_CONSEQ_NONE;
	const char *effect = "kexec-tools falls back to /proc/iomem";

	switch (fault->kind) {
	case EFIMAP_FAULT_SYNTAX:
	case EFIMAP_FAULT_TOO_LONG:
		if (is_type_file(fault)) {
			effect = "kexec-tools takes the range for reserved";
			break;
		}
		effect = "kexec-tools passes on the number up to its first odd character";
		consequence = EFIMAP_CONSEQ_MEMORY_AT_RISK;
		break;
	case EFIMAP_FAULT_MISSING:
	case EFIMAP_FAULT_EMPTY:
	case EFIMAP_FAULT_NOT_A_FILE:
	case EFIMAP_FAULT_IO:
		break;
	/* kexec runs as root, who may read it; the verdict says that we may not. */
	case EFIMAP_FAULT_DENIED:
	case EFIMAP_FAULT_NAME:
	case EFIMAP_FAULT_EXTRA:
		return;
	}
	if (check_find(c, EFIMAP_RULE_MEMMAP_BAD_RANGE,
		       check_grade(EFIMAP_ERROR, consequence), "%s: %s; %s", fault->where,
		       fault->text, effect))
		check_evidence(c, fault->where, "%s", fault->text);
}

static void bad_range(struct check *c)
{
	if (!check_wants(c, EFIMAP_RULE_MEMMAP_BAD_RANGE))
		return;
	for (size_t i = 0; i < c->map->n_memmap; i++)
		if (c->map->memmap[i].bad)
			speak_of_range(c, (uint32_t)i);
	for (size_t i = 0; i < c->map->n_faults; i++)
		if (c->map->faults[i].source == EFIMAP_SRC_MEMMAP)
			speak_of_fault(c, &c->map->faults[i]);
}

static void count(struct check *c)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_MEMMAP_COUNT;
	const size_t ranges = c->map->n_memmap;

	if (!check_wants(c, rule) || ranges <= FILE_MAX_RANGES)
		return;
	if (ranges > TOOLS_MAX_RANGES)
		check_find(c, rule, check_usual(rule),
			   "memmap has %zu ranges; kexec-tools refuses more than %d and "
			   "falls back to /proc/iomem, kexec_file_load passes on only %d",
			   ranges, TOOLS_MAX_RANGES, FILE_MAX_RANGES);
	else
		check_find(c, rule,
			   check_grade(EFIMAP_WARNING, EFIMAP_CONSEQ_MEMORY_AT_RISK),
			   "memmap has %zu ranges; kexec_file_load passes on only %d "
			   "and drops the rest without a message",
			   ranges, FILE_MAX_RANGES);
	check_evidence(c, "sys/firmware/memmap", "%zu ranges", ranges);
}

void memmap_ranges(struct check *c)
{
	bad_range(c);
	count(c);
}
