/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Small captures made row by row, and what one rule says of them in one line of text, so
 * that a table of rows can hold both.
 */
#ifndef TESTS_UNIT_CHECK_WORLD_H
#define TESTS_UNIT_CHECK_WORLD_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"
#include "check/verify.h"
#include "model/capture.h"
#include "model/report.h"

#define WORLD_ROWS 8
#define WORLD_TEXT 4096

#define RT EFIMAP_ATTR_RUNTIME
#define RT_WB (EFIMAP_ATTR_RUNTIME | EFIMAP_ATTR_WB)

/* An entry; a row without pages ends a list of them (bad ones are made by hand). */
struct world_entry {
	uint32_t type;
	uint64_t phys;
	uint64_t pages;
	uint64_t attribute;
	uint64_t virt;
};

/* A range of memmap; a row without a label ends the list. */
struct world_range {
	uint64_t start;
	uint64_t end;
	const char *label;
};

/* A line of iomem; a row without a name ends the list. */
struct world_line {
	uint32_t depth;
	uint64_t first;
	uint64_t last;
	const char *name;
};

/* An empty capture of a machine with 64-bit firmware, everything read. */
static inline struct efimap *world_new(enum efimap_origin origin)
{
	struct efimap *map = NULL;

	assert_int_equal(efimap_new("test", origin, &map), 0);
	for (unsigned int source = 0; source < EFIMAP_SRC_COUNT; source++)
		map->states[source] = EFIMAP_STATE_PRESENT;
	map->platform_size = 64;
	map->fw_vendor = 0x3f52aa18;
	map->runtime = 0x3f5ebb98;
	map->config_table = 0x3f5ebc98;
	memcpy(map->boot_params.efi_info.signature, "EL64", sizeof("EL64"));
	return map;
}

static inline void world_entry(struct efimap *map, uint32_t index,
			       const struct world_entry *entry)
{
	const struct efimap_entry made = {
		.index = index,
		.type = entry->type,
		.phys = entry->phys,
		.virt = entry->virt,
		.pages = entry->pages,
		.attribute = entry->attribute,
	};

	assert_int_equal(efimap_add_entry(map, &made), 0);
	assert_int_equal(efimap_add_name(map, index), 0);
}

static inline size_t world_count(const struct world_entry *entries)
{
	size_t count = 0;

	while (count < WORLD_ROWS && entries[count].pages)
		count++;
	return count;
}

/* @reversed numbers them from the other end. */
static inline void world_entries(struct efimap *map, const struct world_entry *entries,
				 bool reversed)
{
	const size_t count = world_count(entries);

	for (size_t i = 0; i < count; i++)
		world_entry(map, (uint32_t)(reversed ? count - 1 - i : i), &entries[i]);
}

static inline void world_ranges(struct efimap *map, const struct world_range *ranges,
				bool reversed)
{
	size_t count = 0;

	while (count < WORLD_ROWS && ranges[count].label)
		count++;
	for (size_t i = 0; i < count; i++) {
		const struct world_range *range = &ranges[reversed ? count - 1 - i : i];

		assert_int_equal(efimap_add_memmap(map, (uint32_t)i, range->start,
						   range->end, range->label,
						   strlen(range->label)),
				 0);
	}
}

static inline void world_lines(struct efimap *map, const struct world_line *lines)
{
	for (size_t i = 0; i < WORLD_ROWS && lines[i].name; i++) {
		const struct efimap_span span = { lines[i].first, lines[i].last };

		assert_int_equal(efimap_add_iomem(map, span, lines[i].depth,
						  lines[i].name, strlen(lines[i].name)),
				 0);
	}
}

static inline void world_systab(struct efimap *map, const char *name, uint64_t value)
{
	assert_int_equal(efimap_add_systab(map, name, strlen(name), value), 0);
}

static inline void world_table(struct efimap *map, const char *name, uint64_t value)
{
	assert_int_equal(efimap_add_table(map, name, strlen(name), value), 0);
}

static inline void world_fault(struct efimap *map, enum efimap_source source,
			       enum efimap_fault_kind kind, const char *where)
{
	const struct efimap_fault fault = {
		.source = source,
		.kind = kind,
		.index = EFIMAP_NO_INDEX,
		.where = where,
		.text = "found something else",
	};

	assert_int_equal(efimap_add_fault(map, &fault), 0);
	map->states[source] = EFIMAP_STATE_BROKEN;
}

static inline void world_cmdline(struct efimap *map, const char *text)
{
	assert_int_equal(efimap_set_cmdline(map, text, strlen(text)), 0);
}

static inline struct efimap_report *world_judge(struct efimap *map,
						enum efimap_rule_id rule)
{
	struct efimap_verify_options options = EFIMAP_VERIFY_OPTIONS_INIT;
	struct efimap_report *report = NULL;

	for (unsigned int i = 0; i < EFIMAP_RULE_COUNT; i++)
		options.disabled[i] = i != rule;
	assert_int_equal(efimap_verify(map, &options, &report), 0);
	return report;
}

static inline int world_compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

/*
 * "error memory-at-risk 0,2; note none -": the rule's findings, sorted as text. "skipped"
 * stands for a skip. With @mirror entries are named as if they had been numbered from the
 * other end: index i is @mirror - 1 - i.
 */
static inline void world_text(const struct efimap_report *report, size_t mirror,
			      char text[WORLD_TEXT])
{
	static char lines[64][256];
	size_t used = 0, count = report->n_findings;

	assert_true(count <= ARRAY_SIZE(lines));
	for (size_t i = 0; i < count; i++) {
		const struct efimap_finding *f = &report->findings[i];
		int at = snprintf(lines[i], sizeof(lines[i]), "%s %s ",
				  efimap_severity_name(f->severity),
				  efimap_consequence_name(f->consequence));

		assert_true(f->message && *f->message);
		if (f->n_entries == 0)
			strcpy(lines[i] + at, "-");
		for (size_t k = 0; k < f->n_entries; k++) {
			uint32_t index = f->entries[mirror ? f->n_entries - 1 - k : k];

			at += snprintf(lines[i] + at, sizeof(lines[i]) - (size_t)at,
				       "%s%" PRIu32, k ? "," : "",
				       mirror ? (uint32_t)mirror - 1 - index : index);
		}
	}
	qsort(lines, count, sizeof(lines[0]), world_compare);
	text[0] = '\0';
	for (size_t i = 0; i < count; i++)
		used += (size_t)snprintf(text + used, WORLD_TEXT - used, "%s%s",
					 used ? "; " : "", lines[i]);
	if (report->n_skipped)
		snprintf(text + used, WORLD_TEXT - used, "%sskipped", used ? "; " : "");
}

/* What one rule says of a capture; frees it. */
static inline void world_expect(const char *name, struct efimap *map,
				enum efimap_rule_id rule, size_t mirror,
				const char *expected)
{
	struct efimap_report *report;
	char text[WORLD_TEXT];

	assert_int_equal(efimap_seal(map), 0);
	report = world_judge(map, rule);
	world_text(report, mirror, text);
	if (strcmp(text, expected) != 0)
		fail_msg("%s: %s\n     expected \"%s\"\n          found \"%s\"", name,
			 efimap_rule_get(rule)->name, expected, text);
	efimap_report_free(report);
	efimap_free(map);
}

/* "source=value; source=value": the facts behind what one rule says of a capture; frees it. */
static inline void world_facts(const char *name, struct efimap *map,
			       enum efimap_rule_id rule, const char *expected)
{
	struct efimap_report *report;
	char text[WORLD_TEXT] = "";
	size_t used = 0;

	assert_int_equal(efimap_seal(map), 0);
	report = world_judge(map, rule);
	for (size_t i = 0; i < report->n_findings; i++)
		for (size_t k = 0; k < report->findings[i].n_evidence; k++)
			used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s=%s",
						 used ? "; " : "",
						 report->findings[i].evidence[k].source,
						 report->findings[i].evidence[k].value);
	if (strcmp(text, expected) != 0)
		fail_msg("%s: expected \"%s\", found \"%s\"", name, expected, text);
	efimap_report_free(report);
	efimap_free(map);
}

#endif
