/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Types and attribute bits that are rare, or normal but worth a line. A map has them on
 * one entry or on all, so each rule makes one finding. Entries without a physical range
 * have a finding already (phys.c) and are left alone.
 */
#include <stdio.h>

#include "base/cleanup.h"
#include "check/check.h"
#include "check/list.h"

static bool is_mmio(const struct efimap_entry *entry)
{
	return entry->type == EFIMAP_TYPE_MMIO || entry->type == EFIMAP_TYPE_MMIO_PORT;
}

static bool has(const struct efimap_entry *entry, uint64_t bits)
{
	return (entry->attribute & bits) != 0;
}

static bool is_oem(const struct check *c, const struct efimap_entry *entry)
{
	return entry->type >= EFIMAP_TYPE_OEM_FIRST;
}

static bool is_rare(const struct check *c, const struct efimap_entry *entry)
{
	return efimap_entry_is_runtime(entry) &&
	       (entry->type == EFIMAP_TYPE_RESERVED ||
		entry->type == EFIMAP_TYPE_ACPI_RECLAIM ||
		entry->type == EFIMAP_TYPE_ACPI_NVS);
}

static bool is_persistent(const struct check *c, const struct efimap_entry *entry)
{
	return efimap_entry_is_runtime(entry) && entry->type == EFIMAP_TYPE_PERSISTENT;
}

/* attr-no-cache has those that have no such bit at all. */
static bool is_not_wb(const struct check *c, const struct efimap_entry *entry)
{
	return efimap_entry_is_runtime_services(entry) && has(entry, EFIMAP_ATTR_CACHE) &&
	       !has(entry, EFIMAP_ATTR_WB);
}

static bool is_never_uncached(const struct check *c, const struct efimap_entry *entry)
{
	return is_mmio(entry) && has(entry, EFIMAP_ATTR_WB) &&
	       !has(entry, EFIMAP_ATTR_UC);
}

static bool is_cached_mmio(const struct check *c, const struct efimap_entry *entry)
{
	return entry->type == EFIMAP_TYPE_MMIO && has(entry, EFIMAP_ATTR_WB) &&
	       !(is_never_uncached(c, entry) &&
		 check_speaks(c, EFIMAP_RULE_ATTR_MMIO_NO_UC));
}

static bool is_writable_code(const struct check *c, const struct efimap_entry *entry)
{
	return entry->type == EFIMAP_TYPE_RUNTIME_CODE &&
	       !has(entry, EFIMAP_ATTR_RO | EFIMAP_ATTR_XP);
}

static bool is_protected_code(const struct check *c, const struct efimap_entry *entry)
{
	return entry->type == EFIMAP_TYPE_RUNTIME_CODE && has(entry, EFIMAP_ATTR_XP);
}

static bool has_rp_or_wp(const struct check *c, const struct efimap_entry *entry)
{
	return has(entry, EFIMAP_ATTR_RP) ||
	       (has(entry, EFIMAP_ATTR_WP) && efimap_entry_is_runtime_services(entry));
}

static bool is_special(const struct check *c, const struct efimap_entry *entry)
{
	return efimap_entry_is_runtime(entry) && has(entry, EFIMAP_ATTR_SP);
}

/*
 * Since 4.11 the kernel applies the Memory Attributes Table, unless it was
 * kexec'ed (efi.c: kexec_enter_virtual_mode makes no efi_runtime_update_mappings).
 */
static bool is_code_unprotected(struct check *c)
{
	const struct efimap *map = c->map;
	uint64_t address;

	if (c->booted_by == EFIMAP_BOOTED_BY_KEXEC ||
	    !efimap_kernel_has(map, EFIMAP_CHANGE_APPLIES_MEMATTR, true))
		return true;
	if (!efimap_has(map, EFIMAP_SRC_KERNEL_LOG) || map->n_tables == 0) {
		check_skip(
			c, EFIMAP_RULE_ATTR_WX,
			"no kernel log says whether there is a Memory Attributes Table");
		return false;
	}
	return !efimap_find_pair(map->tables, map->n_tables, "MEMATTR", &address);
}

static bool is_executable_code(const struct check *c, const struct efimap_entry *entry)
{
	return entry->type == EFIMAP_TYPE_RUNTIME_CODE && has(entry, EFIMAP_ATTR_RO) &&
	       !has(entry, EFIMAP_ATTR_XP);
}

/* An image split by EFI_PROPERTIES_TABLE has code that is read-only beside its data. */
static bool is_code_never_executable(struct check *c)
{
	return !sums_may_apply(c, &c->sums, is_executable_code);
}

/*
 * One row makes at most one finding: @what, and the entries to which it applies, which
 * their type and attribute decide.
 * @asked: whether the capture as a whole calls for it, or NULL
 */
static const struct summary {
	enum efimap_rule_id rule;
	enum efimap_severity severity;
	enum check_field field;
	bool (*applies)(const struct check *c, const struct efimap_entry *entry);
	bool (*asked)(struct check *c);
	const char *what;
} summaries[] = {
	{ EFIMAP_RULE_TYPE_OEM, EFIMAP_NOTE, CHECK_FIELD_TYPE, is_oem, NULL,
	  "a type of a vendor or a boot loader, which memmap does not list" },
	{ EFIMAP_RULE_TYPE_NVS_ACPI_RT, EFIMAP_NOTE, CHECK_FIELD_TYPE, is_rare, NULL,
	  "the RUNTIME attribute on a type that rarely has it" },
	{ EFIMAP_RULE_TYPE_NVS_ACPI_RT, EFIMAP_WARNING, CHECK_FIELD_TYPE, is_persistent,
	  NULL, "the RUNTIME attribute on persistent memory, which belongs to users" },
	{ EFIMAP_RULE_ATTR_CODE_NOT_WB, EFIMAP_WARNING, CHECK_FIELD_ATTRIBUTE, is_not_wb,
	  NULL, "no WB (0x8) on runtime code or data, so the kernel maps it uncached" },
	{ EFIMAP_RULE_ATTR_MMIO_NO_UC, EFIMAP_WARNING, CHECK_FIELD_ATTRIBUTE,
	  is_never_uncached, NULL,
	  "WB (0x8) without UC (0x1) on a device, so the kernel maps it cached" },
	{ EFIMAP_RULE_ATTR_MMIO_WB, EFIMAP_NOTE, CHECK_FIELD_ATTRIBUTE, is_cached_mmio,
	  NULL, "WB (0x8) on MMIO, so only the MTRRs keep it uncached" },
	{ EFIMAP_RULE_ATTR_WX, EFIMAP_NOTE, CHECK_FIELD_ATTRIBUTE, is_writable_code,
	  is_code_unprotected,
	  "neither RO nor XP on runtime code, so it is writable and executable" },
	{ EFIMAP_RULE_ATTR_XP_CODE, EFIMAP_WARNING, CHECK_FIELD_ATTRIBUTE,
	  is_protected_code, is_code_never_executable,
	  "XP (0x4000) on runtime code, and none beside it that is read-only code" },
	{ EFIMAP_RULE_ATTR_RP_WP, EFIMAP_NOTE, CHECK_FIELD_ATTRIBUTE, has_rp_or_wp, NULL,
	  "RP (0x2000), or WP (0x1000) on runtime code or data, which Linux ignores" },
	{ EFIMAP_RULE_ATTR_SP, EFIMAP_WARNING, CHECK_FIELD_ATTRIBUTE, is_special, NULL,
	  "both RUNTIME and SP (0x40000): memory set aside for applications" },
};

#define N_SUMMARIES (sizeof(summaries) / sizeof(summaries[0]))

/* struct found - the entries of each row, and the first of them by address */
struct found {
	struct list lists[N_SUMMARIES];
	const struct efimap_entry *first[N_SUMMARIES];
	bool wanted[N_SUMMARIES];
};

static void found_free(struct found *found)
{
	for (size_t row = 0; row < N_SUMMARIES; row++)
		list_free(&found->lists[row]);
}

static void speak(struct check *c, const struct summary *row, const struct list *list,
		  const struct efimap_entry *first)
{
	const struct check_grade grade = { row->severity,
					   check_usual(row->rule).consequence };
	char more[sizeof(" and 18446744073709551615 more")] = "";

	if (list->count > 1)
		snprintf(more, sizeof(more), " and %zu more", list->count - 1);
	if (check_find_on(c, row->rule, grade, list->indices, list->count,
			  "%s: %s at 0x%" PRIx64 "%s", row->what, CHECK_TYPE(first),
			  first->phys, more))
		check_evidence_field(c, first, row->field);
}

static void ask_rows(struct check *c, const struct efimap_entry *entry, struct found *found)
{
	for (size_t row = 0; row < N_SUMMARIES && !c->error; row++) {
		if (!found->wanted[row] || !summaries[row].applies(c, entry))
			continue;
		list_add(c, &found->lists[row], entry->index);
		if (!found->first[row])
			found->first[row] = entry;
	}
}

static void sum_up(struct check *c)
{
	efimap_cleanup(found_free) struct found found = { 0 };
	bool any = false;

	for (size_t row = 0; row < N_SUMMARIES; row++) {
		found.wanted[row] = check_wants(c, summaries[row].rule) &&
				    sums_may_apply(c, &c->sums, summaries[row].applies) &&
				    (!summaries[row].asked || summaries[row].asked(c));
		any |= found.wanted[row];
	}
	for (size_t i = 0; any && i < c->map->n_entries && !c->error; i++)
		if (c->flags[i] & CHECK_PHYS_SOUND)
			ask_rows(c, &c->map->entries[i], &found);
	for (size_t row = 0; row < N_SUMMARIES && !c->error; row++) {
		const struct summary *summary = &summaries[row];

		if (found.first[row])
			speak(c, summary, &found.lists[row], found.first[row]);
	}
}

/* What says what kind of memory it is. */
#define KIND_BITS (EFIMAP_ATTR_NV | EFIMAP_ATTR_MORE_RELIABLE)

/* Do two neighbours, @low below @high, disagree on what kind of memory they are? */
static bool disagree(const struct efimap_entry *low, const struct efimap_entry *high)
{
	struct efimap_span span;

	return low->type == high->type && check_needs_entry(low) &&
	       ((low->attribute ^ high->attribute) & KIND_BITS) != 0 &&
	       efimap_entry_phys(low, &span) == 0 && span.last != UINT64_MAX &&
	       span.last + 1 == high->phys;
}

static bool is_of_a_kind(const struct check *c, const struct efimap_entry *entry)
{
	return has(entry, KIND_BITS);
}

static void attr_inconsistent(struct check *c)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_ATTR_INCONSISTENT;
	const struct efimap_entry *low = NULL, *first = NULL;
	struct list found auto_list = { 0 };

	if (!check_wants(c, rule) || !sums_may_apply(c, &c->sums, is_of_a_kind))
		return;
	for (size_t i = 0; i < c->map->n_entries && !c->error; i++) {
		const struct efimap_entry *high = &c->map->entries[i];

		if (!(c->flags[i] & CHECK_PHYS_SOUND))
			continue;
		if (low && disagree(low, high)) {
			list_add(c, &found, low->index);
			if (!c->error)
				list_add(c, &found, high->index);
			first = first ? first : low;
		}
		low = high;
	}
	if (!first || c->error ||
	    !check_find_on(
		    c, rule, check_usual(rule), found.indices, found.count,
		    "NV (0x8000) or MORE_RELIABLE (0x10000) on one of two neighbours "
		    "of the same type, the lower %s at 0x%" PRIx64,
		    CHECK_TYPE(first), first->phys))
		return;
	check_evidence_field(c, first, CHECK_FIELD_ATTRIBUTE);
}

void check_bits(struct check *c)
{
	sum_up(c);
	attr_inconsistent(c);
}
