/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Look up rules in the catalogue, and return the names of severities, certainties and outcomes. */
#include <string.h>

#include "base/enum_name.h"
#include "base/text_prefix.h"
#include "rules/rule_catalogue.h"

const struct rule *rule_find(const char *name)
{
	for (size_t i = 0; i < EFIMAP_RULE_COUNT; i++)
		if (strcasecmp(rule_table[i].name, name) == 0)
			return &rule_table[i];
	return NULL;
}

const char *rule_lacks(const struct efimap *map, uint32_t needs)
{
	if ((needs & EFIMAP_NEEDS_VIRT) && !has_read_virt(map))
		return "virtual addresses";
	if ((needs & EFIMAP_NEEDS_FILES) && map->map_from != EFIMAP_MAP_FROM_FILES)
		return "the files of sys/firmware/efi/runtime-map";
	if ((needs & EFIMAP_NEEDS_RESERVED_REGIONS) && (map->map_from == EFIMAP_MAP_FROM_FIRMWARE ||
							map->map_from == EFIMAP_MAP_FROM_RECEIVED))
		return "the list of reserved boot services regions";
	return NULL;
}

enum rule_id find_message_rule(const char *text, size_t len)
{
	size_t first = 0, end = n_message_prefixes, used;

	while (first < end) {
		const size_t middle = first + (end - first) / 2;
		const int order = prefix_compare(text, len, message_prefix[middle].words, &used);

		if (order == 0)
			return message_prefix[middle].rule;
		if (order < 0)
			end = middle;
		else
			first = middle + 1;
	}
	return EFIMAP_RULE_COUNT;
}

static const char *const severity_names[] = {
	[EFIMAP_NOTE] = "note",
	[EFIMAP_WARNING] = "warning",
	[EFIMAP_ERROR] = "error",
};
EFIMAP_NAME_OF(severity)

enum severity severity_of(enum outcome outcome, enum certainty certainty)
{
	if (certainty == EFIMAP_CONDITION || certainty == EFIMAP_UNKNOWN)
		return EFIMAP_NOTE;
	if (outcome >= EFIMAP_OUTCOME_NO_RUNTIME)
		return EFIMAP_ERROR;
	return outcome == EFIMAP_OUTCOME_ENTRY_DROPPED || outcome == EFIMAP_OUTCOME_MEMORY_AT_RISK
		       ? EFIMAP_WARNING
		       : EFIMAP_NOTE;
}

static const char *const certainty_names[] = {
	[EFIMAP_CERTAIN] = "certain",
	[EFIMAP_CHANCE] = "chance",
	[EFIMAP_CONDITION] = "condition",
	[EFIMAP_UNKNOWN] = "unknown",
};
EFIMAP_NAME_OF(certainty)

static const char *const outcome_names[] = {
	[EFIMAP_OUTCOME_NONE] = "ok",
	[EFIMAP_OUTCOME_ENTRY_DROPPED] = "entry-dropped",
	[EFIMAP_OUTCOME_MEMORY_AT_RISK] = "memory-at-risk",
	[EFIMAP_OUTCOME_CANNOT_LOAD] = "cannot-load",
	[EFIMAP_OUTCOME_NO_RUNTIME] = "runtime-services-fail",
	[EFIMAP_OUTCOME_NO_EFI] = "boots-without-efi",
	[EFIMAP_OUTCOME_NO_BOOT] = "does-not-boot",
	[EFIMAP_OUTCOME_UNKNOWN] = "unknown",
};
EFIMAP_NAME_OF(outcome)
