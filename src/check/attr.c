/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Type and attributes of each entry. An entry without a physical range has a finding
 * already (phys.c) and is left alone.
 */
#include "check/check.h"
#include "check/list.h"
#include "check/memmap.h"
#include "check/pages.h"

/* Sets of types below 32 as bits. */
#define TYPE(name) CHECK_TYPE_BIT(EFIMAP_TYPE_##name)

/* arch/x86/platform/efi/efi.c: should_map_region, for mixed mode */
#define MIXED_TYPES                                                                        \
	(TYPE(LOADER_CODE) | TYPE(LOADER_DATA) | TYPE(BOOT_CODE) | TYPE(BOOT_DATA) |       \
	 TYPE(CONVENTIONAL))
#define BOOT_TYPES (TYPE(BOOT_CODE) | TYPE(BOOT_DATA))
#define RAM_TYPES (TYPE(LOADER_CODE) | TYPE(LOADER_DATA) | TYPE(CONVENTIONAL))
#define IMPOSSIBLE_TYPES (TYPE(UNUSABLE) | TYPE(UNACCEPTED) | TYPE(PAL_CODE))
/* Types for which "no cacheability bit" is common on real machines, and harmless. */
#define UNCACHED_TYPES (TYPE(RESERVED) | TYPE(MMIO) | TYPE(MMIO_PORT))

static bool is_one_of(const struct efimap_entry *entry, uint32_t types)
{
	return entry->type < 32 && (types >> entry->type & 1);
}

/* What the kernel exports without RUNTIME on purpose. */
static bool may_lack_runtime(const struct check *c, const struct efimap_entry *entry)
{
	if (c->mixed_mode && is_one_of(entry, MIXED_TYPES))
		return true;
	/* Without the command line we cannot tell; a missing bit is harmless there. */
	return is_one_of(entry, BOOT_TYPES) &&
	       (c->efi_debug || !efimap_has(c->map, EFIMAP_SRC_CMDLINE));
}

static bool lacks_runtime(const struct check *c, const struct efimap_entry *entry)
{
	return !efimap_entry_is_runtime(entry) && !may_lack_runtime(c, entry);
}

static void runtime_bit_missing(struct check *c, const struct efimap_entry *entry)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_RUNTIME_BIT_MISSING;

	if (check_find_entry(c, rule, check_usual(rule), entry,
			     "%s at 0x%" PRIx64 " lacks the RUNTIME attribute, 0x%" PRIx64
			     " in 0x%" PRIx64,
			     CHECK_TYPE(entry), entry->phys, EFIMAP_ATTR_RUNTIME,
			     entry->attribute))
		check_evidence_field(c, entry, CHECK_FIELD_ATTRIBUTE);
}

static bool is_ram_runtime(const struct check *c, const struct efimap_entry *entry)
{
	return efimap_entry_is_runtime(entry) && is_one_of(entry, RAM_TYPES);
}

static void type_ram_runtime(struct check *c, const struct efimap_entry *entry)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_TYPE_RAM_RUNTIME;

	if (!check_find_entry(c, rule, check_usual(rule), entry,
			      "%s at 0x%" PRIx64 " carries the RUNTIME attribute, but type %" PRIu32
			      " is memory for the kernel to use",
			      CHECK_TYPE(entry), entry->phys, entry->type))
		return;
	check_evidence_field(c, entry, CHECK_FIELD_TYPE);
	check_evidence_field(c, entry, CHECK_FIELD_ATTRIBUTE);
}

static bool is_impossible(const struct check *c, const struct efimap_entry *entry)
{
	return efimap_entry_is_runtime(entry) && is_one_of(entry, IMPOSSIBLE_TYPES);
}

static void type_impossible(struct check *c, const struct efimap_entry *entry)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_TYPE_IMPOSSIBLE;
	struct check_grade grade = check_usual(rule);

	if (entry->type == EFIMAP_TYPE_PAL_CODE)
		grade.severity = EFIMAP_WARNING;
	if (!check_find_entry(c, rule, grade, entry,
			      "%s at 0x%" PRIx64 " carries the RUNTIME attribute, but firmware "
			      "cannot run in memory of type %" PRIu32,
			      CHECK_TYPE(entry), entry->phys, entry->type))
		return;
	check_evidence_field(c, entry, CHECK_FIELD_TYPE);
	check_evidence_field(c, entry, CHECK_FIELD_ATTRIBUTE);
}

static bool is_undefined(const struct check *c, const struct efimap_entry *entry)
{
	return entry->type >= EFIMAP_TYPE_FIRST_UNDEFINED &&
	       entry->type < EFIMAP_TYPE_OEM_FIRST;
}

static void type_reserved_range(struct check *c, const struct efimap_entry *entry)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_TYPE_RESERVED_RANGE;

	if (check_find_entry(c, rule, check_usual(rule), entry,
			     "the entry at 0x%" PRIx64 " has type 0x%" PRIx32
			     ", which UEFI does not define: known are 0 to 15, and 0x70000000 and "
			     "above",
			     entry->phys, entry->type))
		check_evidence_field(c, entry, CHECK_FIELD_TYPE);
}

static bool lacks_cache(const struct check *c, const struct efimap_entry *entry)
{
	return (entry->attribute & EFIMAP_ATTR_CACHE) == 0 &&
	       entry->type < EFIMAP_TYPE_FIRST_UNDEFINED && !is_one_of(entry, UNCACHED_TYPES);
}

static void attr_no_cache(struct check *c, const struct efimap_entry *entry)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_ATTR_NO_CACHE;

	if (check_find_entry(c, rule, check_usual(rule), entry,
			     "%s at 0x%" PRIx64 " has attribute 0x%" PRIx64
			     " without any of UC, WC, WT, WB, UCE (0x1f): the kernel maps it "
			     "uncached",
			     CHECK_TYPE(entry), entry->phys, entry->attribute))
		check_evidence_field(c, entry, CHECK_FIELD_ATTRIBUTE);
}

static bool has_unknown_bits(const struct check *c, const struct efimap_entry *entry)
{
	return efimap_attr_unknown(entry->attribute) != 0;
}

static void attr_unknown_bits(struct check *c, const struct efimap_entry *entry)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_ATTR_UNKNOWN_BITS;

	if (check_find_entry(c, rule, check_usual(rule), entry,
			     "%s at 0x%" PRIx64 " has attribute 0x%" PRIx64
			     ", of which UEFI does not define 0x%" PRIx64,
			     CHECK_TYPE(entry), entry->phys, entry->attribute,
			     efimap_attr_unknown(entry->attribute)))
		check_evidence_field(c, entry, CHECK_FIELD_ATTRIBUTE);
}

/* What applies is decided by an entry's type and attribute. */
static const struct {
	enum efimap_rule_id rule;
	bool (*applies)(const struct check *c, const struct efimap_entry *entry);
	void (*speak)(struct check *c, const struct efimap_entry *entry);
} rules[] = {
	{ EFIMAP_RULE_RUNTIME_BIT_MISSING, lacks_runtime, runtime_bit_missing },
	{ EFIMAP_RULE_TYPE_RAM_RUNTIME, is_ram_runtime, type_ram_runtime },
	{ EFIMAP_RULE_TYPE_IMPOSSIBLE, is_impossible, type_impossible },
	{ EFIMAP_RULE_TYPE_RESERVED_RANGE, is_undefined, type_reserved_range },
	{ EFIMAP_RULE_ATTR_NO_CACHE, lacks_cache, attr_no_cache },
	{ EFIMAP_RULE_ATTR_UNKNOWN_BITS, has_unknown_bits, attr_unknown_bits },
};

#define N_RULES (sizeof(rules) / sizeof(rules[0]))

static void ask_rules(struct check *c, const struct efimap_entry *entry, const bool *wants)
{
	for (size_t row = 0; row < N_RULES; row++)
		if (wants[row] && rules[row].applies(c, entry))
			rules[row].speak(c, entry);
}

static void each_entry(struct check *c)
{
	bool wants[N_RULES], any = false;

	for (size_t row = 0; row < N_RULES; row++) {
		wants[row] = check_wants(c, rules[row].rule) &&
			     sums_may_apply(c, &c->sums, rules[row].applies);
		any |= wants[row];
	}
	for (size_t i = 0; any && i < c->map->n_entries && !c->error; i++)
		if (c->flags[i] & CHECK_PHYS_SOUND)
			ask_rules(c, &c->map->entries[i], wants);
}

/* boot-services-in-ram says all that there is to say, and more. */
static bool is_in_ram(struct reach *ram, const struct efimap_entry *entry)
{
	struct efimap_span span;

	return ram->count > 0 && pages_of(entry, &span) && reach_find(ram, span) != NULL;
}

/* efi.c before 4.9, save_runtime_map: whose map is this? */
static void boot_services_shown(struct check *c, const uint32_t *shown, size_t count)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_BOOT_SERVICES_KEPT;

	if (!check_find_on(c, rule, check_grade(EFIMAP_WARNING, EFIMAP_CONSEQ_NONE), shown,
			   count,
			   "%zu boot-services %s in the map, but kernels before %s export none: "
			   "this map is not that of kernel %s",
			   count, count == 1 ? "entry is" : "entries are",
			   efimap_kernel_change(EFIMAP_CHANGE_SHOWS_BOOT_SERVICES)->release,
			   c->map->release.text))
		return;
	check_evidence(c, "proc/version", "%s", c->map->release.text);
	check_evidence_field(c, efimap_find_entry(c->listed, shown[0]), CHECK_FIELD_TYPE);
}

static void boot_services_kept(struct check *c)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_BOOT_SERVICES_KEPT;
	const bool keeps =
		efimap_kernel_has(c->map, EFIMAP_CHANGE_SHOWS_BOOT_SERVICES, true);
	struct list kept auto_list = { 0 };
	struct reach ram auto_reach = { 0 };
	const struct efimap_entry *first;

	if (!check_wants(c, rule) || !(c->sums.types & BOOT_TYPES))
		return;
	if (keeps && check_speaks(c, EFIMAP_RULE_BOOT_SERVICES_IN_RAM))
		c->error = memmap_ram(c->map, &ram);
	for (size_t i = 0; i < c->map->n_entries && !c->error; i++) {
		const struct efimap_entry *entry = &c->map->entries[i];

		if ((c->flags[i] & CHECK_PHYS_SOUND) && efimap_entry_is_kept(entry) &&
		    !is_in_ram(&ram, entry))
			list_add(c, &kept, entry->index);
	}
	if (kept.count == 0 || c->error)
		return;
	if (!keeps) {
		boot_services_shown(c, kept.indices, kept.count);
		return;
	}
	check_find_on(c, rule, check_usual(rule), kept.indices, kept.count,
		      "Linux keeps %zu boot-services %s in the map, marked RUNTIME by itself",
		      kept.count, kept.count == 1 ? "entry" : "entries");
	first = efimap_find_entry(c->listed, kept.indices[0]);
	check_evidence_field(c, first, CHECK_FIELD_TYPE);
	check_evidence_field(c, first, CHECK_FIELD_ATTRIBUTE);
}

/* Might an entry that has a finding of its own be the one that is missed? */
static bool is_explained(const struct check *c)
{
	if (!c->complete || c->runtime_off)
		return true;
	if (!(c->sums.types & (RAM_TYPES | IMPOSSIBLE_TYPES)))
		return false;
	for (size_t i = 0; i < c->map->n_entries; i++)
		if (is_ram_runtime(c, &c->map->entries[i]) ||
		    (is_impossible(c, &c->map->entries[i]) &&
		     c->map->entries[i].type != EFIMAP_TYPE_PAL_CODE))
			return true;
	return false;
}

static void no_runtime(struct check *c, enum efimap_rule_id rule, enum efimap_type type,
		       const char *needed_for)
{
	if (!check_wants(c, rule) || (c->sums.types & CHECK_TYPE_BIT(type)) ||
	    check_is_torn(c, rule) || is_explained(c))
		return;
	check_find(c, rule, check_usual(rule), "none of the %zu entries is %s (type %d), %s",
		   c->map->n_entries, CHECK_TYPE(&(struct efimap_entry){ .type = type }),
		   (int)type, needed_for);
	check_evidence(c, "sys/firmware/efi/runtime-map", "%zu entries", c->map->n_entries);
}

void check_attr(struct check *c)
{
	each_entry(c);
	boot_services_kept(c);
	no_runtime(c, EFIMAP_RULE_NO_RUNTIME_CODE, EFIMAP_TYPE_RUNTIME_CODE,
		   "which holds every function that the kernel calls");
	no_runtime(c, EFIMAP_RULE_NO_RUNTIME_DATA, EFIMAP_TYPE_RUNTIME_DATA,
		   "which those functions work on");
}
