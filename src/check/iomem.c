/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Entries against /proc/iomem: memory that the running kernel uses itself. Knows nothing
 * of /sys/firmware/memmap, which can say something else.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "check/iomem.h"
#include "check/pages.h"
#include "check/reach.h"

static bool is_ram(const struct efimap_resource *line)
{
	return line->depth == 0 && strcmp(line->name, "System RAM") == 0;
}

/* arch/x86/kernel/setup.c: crashk_res, crashk_low_res */
static bool is_crash(const struct efimap_resource *line)
{
	return strcmp(line->name, "Crash kernel") == 0;
}

/* arch/x86/kernel/setup.c: code_resource, rodata_resource, data_resource, bss_resource */
static bool is_kernel(const struct efimap_resource *line)
{
	static const char *const names[] = {
		"Kernel code",
		"Kernel rodata",
		"Kernel data",
		"Kernel bss",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(line->name, names[i]) == 0)
			return true;
	return false;
}

/* Memory that is RAM by its type; only mixed mode exports it. */
static bool is_ram_type(const struct efimap_entry *entry)
{
	return entry->type == EFIMAP_TYPE_LOADER_CODE ||
	       entry->type == EFIMAP_TYPE_LOADER_DATA ||
	       entry->type == EFIMAP_TYPE_CONVENTIONAL;
}

bool iomem_forbids_ram(const struct efimap_entry *entry)
{
	return entry->type == EFIMAP_TYPE_RUNTIME_CODE ||
	       entry->type == EFIMAP_TYPE_RUNTIME_DATA ||
	       entry->type == EFIMAP_TYPE_MMIO || entry->type == EFIMAP_TYPE_RESERVED;
}

/* The crash kernel must lie in RAM, so in mixed mode it lies in such an entry. */
static bool must_not_be_crash(const struct efimap_entry *entry)
{
	return !is_ram_type(entry) || efimap_entry_is_runtime(entry);
}

/* quirks.c: efi_reserve_boot_services tags the entries that overlap the kernel. */
static bool must_not_be_kernel(const struct efimap_entry *entry)
{
	return !is_ram_type(entry) && !efimap_entry_is_boot_services(entry);
}

/* A rule is a kind of line that certain entries must not share a byte with. */
static const struct test {
	enum efimap_rule_id rule;
	iomem_takes *takes_line;
	bool (*takes_entry)(const struct efimap_entry *entry);
	const char *why;
} tests[] = {
	{ EFIMAP_RULE_RUNTIME_IOMEM_RAM, is_ram, iomem_forbids_ram,
	  "which the running kernel uses itself" },
	{ EFIMAP_RULE_RUNTIME_IN_CRASH, is_crash, must_not_be_crash,
	  "which the crash kernel overwrites" },
	{ EFIMAP_RULE_RUNTIME_IN_KERNEL, is_kernel, must_not_be_kernel,
	  "where the running kernel lies" },
};

void iomem_evidence(struct check *c, size_t position)
{
	const struct efimap_resource *line = &c->map->iomem[position];
	char source[sizeof("proc/iomem:18446744073709551615")];

	snprintf(source, sizeof(source), "proc/iomem:%zu", position + 1);
	check_evidence(c, source, "%08" PRIx64 "-%08" PRIx64 " : %s", line->span.first,
		       line->span.last, line->name);
}

int iomem_lines(const struct efimap *map, iomem_takes *takes, struct reach *ret_lines)
{
	efimap_auto_free struct reach_range *ranges =
		efimap_array_new(map->n_iomem, sizeof(*ranges));
	size_t count = 0;

	if (!ranges)
		return -ENOMEM;
	for (size_t i = 0; i < map->n_iomem; i++)
		if (takes(&map->iomem[i]))
			ranges[count++] =
				(struct reach_range){ map->iomem[i].span, (uint32_t)i };
	return reach_build(ranges, count, ret_lines);
}

static void speak(struct check *c, const struct test *test,
		  const struct efimap_entry *entry, struct efimap_span span,
		  const struct reach_range *hit)
{
	const struct efimap_resource *line = &c->map->iomem[hit->position];
	char name[EFIMAP_TYPE_NAME_SIZE];

	if (!check_find_entry(
		    c, test->rule, check_usual(test->rule), entry,
		    PAGES_FMT " %s \"%s\" 0x%" PRIx64 "-0x%" PRIx64 " of iomem, %s",
		    PAGES_ARG(entry, span, name),
		    efimap_span_contains(line->span, span) ? "lies in" : "runs into",
		    line->name, line->span.first, line->span.last, test->why))
		return;
	check_evidence_field(c, entry, CHECK_FIELD_TYPE);
	check_evidence_field(c, entry, CHECK_FIELD_PHYS);
	check_evidence_field(c, entry, CHECK_FIELD_PAGES);
	iomem_evidence(c, hit->position);
}

static void run(struct check *c, const struct test *test)
{
	struct reach lines auto_reach = { 0 };
	int r;

	if (!check_wants(c, test->rule))
		return;
	r = iomem_lines(c->map, test->takes_line, &lines);
	if (r < 0) {
		c->error = r;
		return;
	}
	if (lines.count == 0)
		return;
	for (size_t i = 0; i < c->map->n_entries && !c->error; i++) {
		const struct efimap_entry *entry = &c->map->entries[i];
		const struct reach_range *hit;
		struct efimap_span span;

		if (!test->takes_entry(entry) || !pages_of(entry, &span))
			continue;
		hit = reach_find(&lines, span);
		if (hit)
			speak(c, test, entry, span, hit);
	}
}

static void hidden(struct check *c)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_IOMEM_HIDDEN;

	if (!check_wants(c, rule) ||
	    c->map->states[EFIMAP_SRC_IOMEM] != EFIMAP_STATE_MASKED)
		return;
	check_find(
		c, rule, check_usual(rule),
		"iomem shows only zeros, so nothing can be held against it: read it, or "
		"collect it, as root");
	check_evidence(c, "proc/iomem", "00000000-00000000 on every line");
}

void check_against_iomem(struct check *c)
{
	hidden(c);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		run(c, &tests[i]);
	if (!c->error)
		iomem_labels(c);
	if (!c->error)
		iomem_ranges(c);
}
