/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Rules about types and attribute bits that are rare, or normal but of interest. Usually either one
 * entry or every entry of a map matches a rule, so each rule reports all matches in one finding.
 */
#include "infer/booted_by.h"
#include "rules/engine.h"

static bool has(const struct efimap_entry *entry, uint64_t bits)
{
	return (entry->attribute & bits) != 0;
}

bool rule_type_oem(const struct capture_facts *c, struct match *match)
{
	return match->entry->type >= EFIMAP_TYPE_OEM_FIRST;
}

bool rule_type_nvs_acpi_rt(const struct capture_facts *c, struct match *match)
{
	const uint32_t types = TYPE_BIT(RESERVED) | TYPE_BIT(ACPI_RECLAIM) |
			       TYPE_BIT(ACPI_NVS) | TYPE_BIT(PERSISTENT);

	if (match->entry->type == EFIMAP_TYPE_PERSISTENT)
		use_variant(match, VARIANT_PERSISTENT);
	return efimap_entry_is_runtime(match->entry) &&
	       entry_has_type(match->entry, types);
}

/* attr-no-cache reports entries without any cacheability bit. */
bool rule_attr_code_not_wb(const struct capture_facts *c, struct match *match)
{
	return efimap_entry_is_runtime_services(match->entry) &&
	       has(match->entry, EFIMAP_ATTR_CACHE) && !has(match->entry, EFIMAP_ATTR_WB);
}

static bool is_never_uncached(const struct efimap_entry *entry)
{
	return entry_has_type(entry, TYPE_BIT(MMIO) | TYPE_BIT(MMIO_PORT)) &&
	       has(entry, EFIMAP_ATTR_WB) && !has(entry, EFIMAP_ATTR_UC);
}

bool rule_attr_mmio_no_uc(const struct capture_facts *c, struct match *match)
{
	return is_never_uncached(match->entry);
}

bool rule_attr_mmio_wb(const struct capture_facts *c, struct match *match)
{
	return match->entry->type == EFIMAP_TYPE_MMIO &&
	       has(match->entry, EFIMAP_ATTR_WB) &&
	       !(is_never_uncached(match->entry) &&
		 rule_may_match(c, EFIMAP_RULE_ATTR_MMIO_NO_UC));
}

/*
 * Do not report code that the kernel protects with the Memory Attributes Table. Linux 4.11 or later
 * applies this table, unless kexec started the kernel (efi.c: kexec_enter_virtual_mode does not
 * call efi_runtime_update_mappings).
 */
bool rule_attr_wx(const struct capture_facts *c, struct match *match)
{
	const struct efimap *map = c->map;
	uint64_t address;

	if (match->entry->type != EFIMAP_TYPE_RUNTIME_CODE ||
	    has(match->entry, EFIMAP_ATTR_RO | EFIMAP_ATTR_XP))
		return false;
	if (c->booted_by == EFIMAP_BOOTED_BY_KEXEC ||
	    !efimap_kernel_has(map, EFIMAP_CHANGE_APPLIES_MEMATTR, true))
		return true;
	if (efimap_find_named_address(map->tables, map->n_tables, "MEMATTR", &address))
		return false;
	return has_all_tables(map) || skip_rule(match, VARIANT_USUAL);
}

bool rule_attr_xp_code(const struct capture_facts *c, struct match *match)
{
	return match->entry->type == EFIMAP_TYPE_RUNTIME_CODE &&
	       has(match->entry, EFIMAP_ATTR_XP) && !c->split_code;
}

bool rule_attr_rp_wp(const struct capture_facts *c, struct match *match)
{
	return has(match->entry, EFIMAP_ATTR_RP) ||
	       (has(match->entry, EFIMAP_ATTR_WP) &&
		efimap_entry_is_runtime_services(match->entry));
}

bool rule_attr_sp(const struct capture_facts *c, struct match *match)
{
	return efimap_entry_is_runtime(match->entry) && has(match->entry, EFIMAP_ATTR_SP);
}

bool rule_attr_inconsistent(const struct capture_facts *c, struct match *match)
{
	const struct efimap_entry *high = match->entry, *low = match->other;
	struct efimap_span span;

	return low->type == high->type && firmware_calls_need_entry(low) &&
	       ((low->attribute ^ high->attribute) &
		(EFIMAP_ATTR_NV | EFIMAP_ATTR_MORE_RELIABLE)) != 0 &&
	       efimap_entry_phys(low, &span) == 0 && span.last + 1 == high->phys;
}
