/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_UNIT_SAMPLE_CAPTURE_H
#define TESTS_UNIT_SAMPLE_CAPTURE_H

#include "show/dump_columns.h"
#include "map_with_ranges.h"
#include "stock.h"
#include "show/dump.h"
#include "rules/report.h"

static inline struct efimap *sample_empty(const char *name)
{
	struct efimap *map;

	assert_int_equal(capture_create(name, EFIMAP_ORIGIN_TREE, &map), 0);
	map->states[EFIMAP_SRC_EFI] = EFIMAP_STATE_PRESENT;
	map->states[EFIMAP_SRC_RUNTIME_MAP] = EFIMAP_STATE_PRESENT;
	map->states[EFIMAP_SRC_MEMMAP] = EFIMAP_STATE_PRESENT;
	map->states[EFIMAP_SRC_IOMEM] = EFIMAP_STATE_PRESENT;
	return map;
}

static inline struct efimap *sample_map(void)
{
	struct efimap *map = sample_empty("/");

	for (size_t i = 0; i < ARRAY_SIZE(stock_entries); i++) {
		assert_int_equal(capture_add_entry(map, &stock_entries[i]), 0);
		assert_int_equal(capture_add_name(map, stock_entries[i].index), 0);
	}
	add_memmap(map, 0, 0x0, 0x9ffff, "System RAM");
	add_memmap(map, 1, 0x900000, 0x3ea9ffff, "System RAM");
	add_memmap(map, 2, 0x3eaa0000, 0x3eba1fff, "Reserved");
	add_memmap(map, 3, 0x3f4ec000, 0x3f76bfff, "Reserved");
	add_memmap(map, 4, 0x3fef4000, 0x3ff77fff, "Reserved");
	add_memmap(map, 5, 0xffc00000, 0xffffffff, "Reserved");
	add_iomem(map, 0x0, 0xfff, 0, "Reserved");
	add_iomem(map, 0x900000, 0x3d10a017, 0, "System RAM");
	add_iomem(map, 0x3d113c58, 0x3d119fff, 0, "System RAM");
	add_iomem(map, 0x3d11a000, 0x3d122fff, 0, "Reserved");
	add_iomem(map, 0x3eaa0000, 0x3eba1fff, 0, "Reserved");
	add_iomem(map, 0x3f4ec000, 0x3f76bfff, 0, "Reserved");
	add_iomem(map, 0x3fef4000, 0x3ff77fff, 0, "Reserved");
	add_iomem(map, 0xffc00000, 0xffffffff, 0, "Reserved");
	map->states[EFIMAP_SRC_RUNTIME] = EFIMAP_STATE_PRESENT;
	map->runtime = 0x3f5ebb98;
	assert_int_equal(set_release(map, "6.1.0-56-amd64", 14), 0);
	seal(map);
	return map;
}

static inline struct finding *sample_finding(struct report *report, enum rule_id rule,
					     enum severity severity, enum outcome consequence,
					     const uint32_t *entries, size_t count,
					     const char *message)
{
	const struct finding finding = { .rule = rule_get(rule),
					 .consequence = consequence,
					 .certainty = severity == EFIMAP_WARNING ? EFIMAP_CHANCE
										 : EFIMAP_CERTAIN,
					 .entries = entries,
					 .n_entries = count,
					 .message = message };

	assert_int_equal(report_add(report, &finding), 0);
	return &report->findings[report->n_findings - 1];
}

static inline struct report *sample_clean_report(void)
{
	struct report *report;

	assert_int_equal(report_new(&report), 0);
	report_seal(report);
	return report;
}

/* Return the collected text, and empty the buffer. The next output overwrites the text. */
static inline const char *sample_text(struct out *out)
{
	out_putc(out, '\0');
	assert_int_equal(out->error, 0);
	out->used = 0;
	return out->data;
}

static inline const char *sample_dump(const struct efimap *map, struct dump_options options,
				      const char *columns, struct out *out)
{
	size_t numbers[TABLE_MAX_COLUMNS];

	if (columns) {
		assert_int_equal(
			dump_columns_parse(columns, false, numbers, &options.n_columns, NULL), 0);
		options.columns = numbers;
	}
	assert_int_equal(dump_write(map, &options, out), 0);
	return sample_text(out);
}

#endif
