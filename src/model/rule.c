/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Look-ups in the catalogue of rules, which is made of rules/. Knows no rule.
 */
#include <string.h>

#include "base/names.h"
#include "model/rule.h"

/* NULL when there is no such rule. */
static const struct efimap_rule_family *family_of(enum efimap_rule_id id)
{
	size_t position = (size_t)id;

	for (const struct efimap_rule_family *f = efimap_rule_families; f->name; f++) {
		if (position < f->n_rules)
			return f;
		position -= f->n_rules;
	}
	return NULL;
}

const struct efimap_rule *efimap_rule_get(enum efimap_rule_id id)
{
	const struct efimap_rule_family *family = family_of(id);

	return family ? &family->rules[id - family->rules[0].id] : NULL;
}

const char *efimap_rule_family_name(enum efimap_rule_id id)
{
	const struct efimap_rule_family *family = family_of(id);

	return family ? family->name : NULL;
}

const char *efimap_rule_command(enum efimap_rule_id id)
{
	const struct efimap_rule_family *family = family_of(id);

	return family ? family->command : NULL;
}

const struct efimap_rule *efimap_rule_find(const char *name)
{
	for (const struct efimap_rule_family *f = efimap_rule_families; f->name; f++)
		for (size_t i = 0; i < f->n_rules; i++)
			if (strcmp(f->rules[i].name, name) == 0)
				return &f->rules[i];
	return NULL;
}

const char *efimap_rule_lacks(const struct efimap *map, uint32_t needs)
{
	if ((needs & EFIMAP_NEEDS_VIRT) && !efimap_has_read_virt(map))
		return "virtual addresses, which no kernel log shows";
	if ((needs & EFIMAP_NEEDS_FILES) && map->map_from != EFIMAP_MAP_FROM_FILES)
		return "the files of sys/firmware/efi/runtime-map, which are not in a kernel "
		       "log";
	if ((needs & EFIMAP_NEEDS_MARKS) &&
	    (map->map_from == EFIMAP_MAP_FROM_FIRMWARE ||
	     map->map_from == EFIMAP_MAP_FROM_RECEIVED))
		return "the boot-services entries that the kernel keeps, which this kernel log "
		       "does not show";
	return NULL;
}

static const char *const severity_names[] = {
	[EFIMAP_NOTE] = "note",
	[EFIMAP_WARNING] = "warning",
	[EFIMAP_ERROR] = "error",
};
EFIMAP_NAME_OF(severity)

static const char *const consequence_names[] = {
	[EFIMAP_CONSEQ_NONE] = "none",
	[EFIMAP_CONSEQ_ENTRY_DROPPED] = "entry-dropped",
	[EFIMAP_CONSEQ_MEMORY_AT_RISK] = "memory-at-risk",
	[EFIMAP_CONSEQ_NO_RUNTIME] = "runtime-services-fail",
	[EFIMAP_CONSEQ_NO_EFI] = "boots-without-efi",
	[EFIMAP_CONSEQ_NO_BOOT] = "does-not-boot",
	[EFIMAP_CONSEQ_UNKNOWN] = "unknown",
};
EFIMAP_NAME_OF(consequence)
