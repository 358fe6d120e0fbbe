/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_UNIT_SMALL_CAPTURES_H
#define TESTS_UNIT_SMALL_CAPTURES_H

#include <inttypes.h>

#include "test.h"
#include "answer/verify.h"
#include "capture/capture.h"
#include "rules/report.h"

#define RT EFIMAP_ATTR_RUNTIME

struct world_entry {
	uint32_t type;
	uint64_t phys;
	uint64_t pages;
	uint64_t attribute;
	uint64_t virt;
};

/* Return a capture with 64-bit firmware, in which all sources but cpuinfo are present. */
static inline struct efimap *world_new(enum origin origin)
{
	struct efimap *map = capture_create("test", origin);

	for (unsigned int source = 0; source < EFIMAP_SRC_COUNT; source++)
		map->states[source] = EFIMAP_STATE_PRESENT;
	/* If cpuinfo were present, it would show a 64-bit kernel. */
	map->states[EFIMAP_SRC_CPUINFO] = EFIMAP_STATE_ABSENT;
	map->platform_size = 64;
	map->fw_vendor = 0x3f52aa18;
	map->runtime = 0x3f5ebb98;
	map->config_table = 0x3f5ebc98;
	memcpy(map->boot_params.efi_info.signature, "EL64", sizeof("EL64"));
	return map;
}

static inline void world_entry(struct efimap *map, uint32_t index, const struct world_entry *entry)
{
	const struct map_entry made = {
		.index = index,
		.type = entry->type,
		.phys = entry->phys,
		.virt = entry->virt,
		.pages = entry->pages,
		.attribute = entry->attribute,
	};

	capture_add_entry(map, &made);
	capture_add_name(map, index);
}

static inline void world_cmdline(struct efimap *map, const char *text)
{
	map->cmdline = capture_copy_text(map, text);
}

/* Verify @map, and keep only the findings of @rule. */
static inline struct report *world_verify(struct efimap *map, enum rule_id rule)
{
	static const struct verify_options options = { 0 };
	struct report *report = verify_capture(map, &options);
	size_t count = 0;

	for (size_t i = 0; i < report->n_findings; i++)
		if (report->findings[i].rule->id == rule)
			report->findings[count++] = report->findings[i];
	report->n_findings = count;
	return report;
}

#endif
