/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Small captures made row by row, and what one rule says of them in one line of text, so
 * that a table of rows can hold both.
 */
#ifndef TESTS_UNIT_CHECK_WORLD_H
#define TESTS_UNIT_CHECK_WORLD_H

#include <inttypes.h>

#include "test.h"
#include "check/verify.h"
#include "model/capture.h"
#include "model/report.h"

#define WORLD_ROWS 8
#define WORLD_TEXT 4096

#define RT EFIMAP_ATTR_RUNTIME

struct world_entry {
	uint32_t type;
	uint64_t phys;
	uint64_t pages;
	uint64_t attribute;
	uint64_t virt;
};

struct world_range {
	uint64_t start;
	uint64_t end;
	const char *label;
};

/* An empty capture of a machine with 64-bit firmware, everything read. */
static inline struct efimap *world_new(enum efimap_origin origin)
{
	struct efimap *map = NULL;

	assert_int_equal(efimap_new("test", origin, &map), 0);
	for (unsigned int source = 0; source < EFIMAP_SRC_COUNT; source++)
		map->states[source] = EFIMAP_STATE_PRESENT;
	/* So that the release tells how wide the kernel is. */
	map->states[EFIMAP_SRC_CPUINFO] = EFIMAP_STATE_ABSENT;
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

static inline void world_ranges(struct efimap *map, const struct world_range *ranges,
				size_t count, bool reversed)
{
	for (size_t i = 0; i < count; i++) {
		const struct world_range *range = &ranges[reversed ? count - 1 - i : i];

		assert_int_equal(efimap_add_memmap(map, (uint32_t)i, range->start,
						   range->end, range->label,
						   strlen(range->label)),
				 0);
	}
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

/* What one rule says of a capture, and a message that is among it or NULL; frees it. */
static inline void world_expect(const char *name, struct efimap *map,
				enum efimap_rule_id rule, size_t mirror,
				const char *expected, const char *says)
{
	efimap_auto_report struct efimap_report *report = NULL;
	char text[WORLD_TEXT];
	bool said = !says;

	assert_int_equal(efimap_seal(map), 0);
	report = world_judge(map, rule);
	world_text(report, mirror, text);
	if (strcmp(text, expected) != 0)
		fail_msg("%s: %s\n     expected \"%s\"\n          found \"%s\"", name,
			 efimap_rule_get(rule)->name, expected, text);
	for (size_t i = 0; i < report->n_findings && !said; i++)
		said = strstr(report->findings[i].message, says) != NULL;
	if (!said)
		fail_msg("%s is not said: %s", name, says);
	efimap_free(map);
}

/* struct world_items - what is numbered, so that it can be added in either order */
struct world_items {
	struct world_entry entries[WORLD_ROWS];
	size_t n_entries;
	struct world_range ranges[WORLD_ROWS];
	size_t n_ranges;
};

static inline bool world_take_entry(struct world_items *items, const char *key,
				    const char *value)
{
	static const struct {
		const char *name;
		uint32_t type;
	} types[] = {
		{ "code", EFIMAP_TYPE_RUNTIME_CODE },  { "data", EFIMAP_TYPE_RUNTIME_DATA },
		{ "boot", EFIMAP_TYPE_BOOT_DATA },     { "mmio", EFIMAP_TYPE_MMIO },
		{ "nvs", EFIMAP_TYPE_ACPI_NVS },       { "reclaim", EFIMAP_TYPE_ACPI_RECLAIM },
	};
	struct world_entry entry = { .type = (uint32_t)strtoul(key, NULL, 0), .attribute = RT };
	bool taken = *key >= '0' && *key <= '9';

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (strcmp(types[i].name, key) == 0) {
			entry.type = types[i].type;
			taken = true;
		}
	if (!taken)
		return false;
	assert_true(items->n_entries < WORLD_ROWS);
	assert_true(sscanf(value, "%" SCNx64 " %" SCNx64 " %" SCNx64 " %" SCNx64, &entry.phys,
			   &entry.pages, &entry.attribute, &entry.virt) >= 2);
	items->entries[items->n_entries++] = entry;
	return true;
}

static inline void world_take_range(struct world_items *items, const char *value)
{
	struct world_range *range = &items->ranges[items->n_ranges++];
	int at = 0;

	assert_true(items->n_ranges <= WORLD_ROWS);
	assert_int_equal(sscanf(value, "%" SCNx64 "-%" SCNx64 " %n", &range->start,
				&range->end, &at), 2);
	range->label = value + at;
}

static inline void world_take_line(struct efimap *map, uint32_t depth, const char *value)
{
	struct efimap_span span;
	int at = 0;

	assert_int_equal(sscanf(value, "%" SCNx64 "-%" SCNx64 " %n", &span.first, &span.last,
				&at), 2);
	assert_int_equal(efimap_add_iomem(map, span, depth, value + at, strlen(value + at)), 0);
}

/* "SMBIOS=0x1000" */
static inline void world_take_pair(struct efimap *map, bool is_log, char *value)
{
	char *equals = strrchr(value, '=');
	const uint64_t number = strtoull(equals + 1, NULL, 0);

	*equals = '\0';
	if (is_log)
		assert_int_equal(efimap_add_table(map, value, strlen(value), number), 0);
	else
		assert_int_equal(efimap_add_systab(map, value, strlen(value), number), 0);
}

static inline bool world_take_number(struct efimap *map, const char *key, const char *value)
{
	const struct {
		const char *key;
		uint64_t *field;
	} fields[] = {
		{ "fw_vendor", &map->fw_vendor },
		{ "runtime", &map->runtime },
		{ "config_table", &map->config_table },
	};

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		if (strcmp(fields[i].key, key) == 0) {
			*fields[i].field = strtoull(value, NULL, 0);
			return true;
		}
	return false;
}

/* "absent proc/iomem", "denied ..." */
static inline bool world_take_state(struct efimap *map, const char *key, const char *path)
{
	for (unsigned int state = 0; state <= EFIMAP_STATE_BROKEN; state++)
		for (unsigned int source = 0; source < EFIMAP_SRC_COUNT; source++)
			if (strcmp(efimap_state_name(state), key) == 0 &&
			    strcmp(efimap_source_path(source), path) == 0) {
				map->states[source] = (enum efimap_state)state;
				return true;
			}
	return false;
}

/* "fault empty sys/firmware/memmap/3/end": of the source with the longest path before it */
static inline void world_take_fault(struct efimap *map, char *value)
{
	struct efimap_fault fault = {
		.source = EFIMAP_SRC_COUNT,
		.index = EFIMAP_NO_INDEX,
		.text = "found something else",
	};
	const char *kind = strsep(&value, " ");
	size_t longest = 0;

	fault.where = value;
	for (unsigned int i = 0; i <= EFIMAP_FAULT_EXTRA; i++)
		if (strcmp(efimap_fault_kind_name(i), kind) == 0)
			fault.kind = (enum efimap_fault_kind)i;
	for (unsigned int source = 0; source < EFIMAP_SRC_COUNT; source++) {
		const size_t length = strlen(efimap_source_path(source));

		if (length > longest && strncmp(value, efimap_source_path(source), length) == 0) {
			fault.source = (enum efimap_source)source;
			longest = length;
		}
	}
	assert_true(longest > 0);
	assert_int_equal(efimap_add_fault(map, &fault), 0);
	map->states[fault.source] = EFIMAP_STATE_BROKEN;
}

static inline void world_take(struct efimap *map, struct world_items *items, char *words)
{
	const char *key = strsep(&words, " ");
	static char none[] = "";
	char *value = words ? words : none;

	if (strcmp(key, "memmap") == 0)
		world_take_range(items, value);
	else if (strncmp(key, "iomem", 5) == 0)
		world_take_line(map, (uint32_t)strlen(key + 5), value);
	else if (strcmp(key, "systab") == 0 || strcmp(key, "log") == 0)
		world_take_pair(map, *key == 'l', value);
	else if (strcmp(key, "cmdline") == 0)
		world_cmdline(map, value);
	else if (strcmp(key, "release") == 0)
		assert_int_equal(efimap_set_release(map, value, strlen(value)), 0);
	else if (strcmp(key, "fault") == 0)
		world_take_fault(map, value);
	else if (!world_take_number(map, key, value) && !world_take_state(map, key, value) &&
		 !world_take_entry(items, key, value))
		fail_msg("a world has no %s", key);
}

/*
 * world_make() - a capture by words, each with what follows up to a semicolon:
 *
 *   code 0x10000 0x10       an entry: its type (or number), phys, pages, then attribute and
 *                           virt if they matter; RUNTIME is the usual attribute
 *   memmap 0x0-0xffff System RAM        a range
 *   iomem 0x0-0xffff Reserved           a line; "iomem." is a level deeper
 *   systab SMBIOS=0x1000; log ESRT=0x1000; cmdline quiet; release 6.1;
 *   fw_vendor 0x1000                    (or runtime, config_table)
 *   absent proc/iomem                   a source, or any other of its states
 *   fault empty sys/firmware/memmap/3/end
 *
 * All other sources are there. @ret_mirror: how many entries there are where they and the
 * ranges are numbered from the other end, else 0.
 */
static inline struct efimap *world_make(const char *capture, bool reversed,
					size_t *ret_mirror)
{
	struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);
	struct world_items items = { .n_entries = 0 };
	char words[1024], *rest = NULL;

	assert_true(strlen(capture) < sizeof(words));
	strcpy(words, capture);
	for (char *item = strtok_r(words, ";", &rest); item; item = strtok_r(NULL, ";", &rest))
		if (item[strspn(item, " ")])
			world_take(map, &items, item + strspn(item, " "));
	for (size_t i = 0; i < items.n_entries; i++)
		world_entry(map, (uint32_t)(reversed ? items.n_entries - 1 - i : i),
			    &items.entries[i]);
	world_ranges(map, items.ranges, items.n_ranges, reversed);
	*ret_mirror = reversed ? items.n_entries : 0;
	return map;
}

/*
 * struct world_case - a capture, and what one rule says of it
 * @says:  a message that is among those, or NULL
 */
struct world_case {
	const char *name;
	const char *capture;
	const char *expected;
	const char *says;
};

/* No rule depends on how entries and ranges are numbered. */
static inline void world_run(enum efimap_rule_id rule, const struct world_case *rows,
			     size_t count)
{
	for (size_t i = 0; i < count; i++) {
		for (int reversed = 0; reversed < 2; reversed++) {
			size_t mirror;
			struct efimap *map = world_make(rows[i].capture, reversed, &mirror);

			world_expect(rows[i].name, map, rule, mirror, rows[i].expected,
				     reversed ? NULL : rows[i].says);
		}
	}
}

#endif
