/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Rules about the type and attributes of each entry with a valid physical range, and about types
 * that the map lacks.
 */
#include "infer/booted_by.h"
#include "rules/engine.h"

/*
 * Types that the kernel maps in mixed mode even without EFI_MEMORY_RUNTIME
 * (arch/x86/platform/efi/efi.c: should_map_region).
 */
#define MIXED_TYPES (RAM_TYPES | BOOT_TYPES)
#define BOOT_TYPES (TYPE_BIT(BOOT_CODE) | TYPE_BIT(BOOT_DATA))
#define IMPOSSIBLE_TYPES (TYPE_BIT(UNUSABLE) | TYPE_BIT(UNACCEPTED) | TYPE_BIT(PAL_CODE))

static bool may_lack_runtime(const struct capture_facts *c,
			     const struct efimap_entry *entry)
{
	if (c->mixed_mode && entry_has_type(entry, MIXED_TYPES))
		return true;
	/*
	 * With efi=debug, boot services entries may lack EFI_MEMORY_RUNTIME, which is harmless.
	 * After kexec, the first kernel may have had this parameter. The parameter is also assumed
	 * if the command line is unknown.
	 */
	return entry_has_type(entry, BOOT_TYPES) &&
	       (c->efi_debug || c->booted_by == EFIMAP_BOOTED_BY_KEXEC ||
		!efimap_has(c->map, EFIMAP_SRC_CMDLINE));
}

bool rule_runtime_bit_missing(const struct capture_facts *c, struct match *match)
{
	return !efimap_entry_is_runtime(match->entry) &&
	       !may_lack_runtime(c, match->entry);
}

static bool is_runtime_of(const struct efimap_entry *entry, uint32_t types)
{
	return efimap_entry_is_runtime(entry) && entry_has_type(entry, types);
}

bool rule_type_ram_runtime(const struct capture_facts *c, struct match *match)
{
	return is_runtime_of(match->entry, RAM_TYPES);
}

bool rule_type_impossible(const struct capture_facts *c, struct match *match)
{
	if (c->has_runtime_code)
		use_variant(match, VARIANT_DATA);
	return is_runtime_of(match->entry, IMPOSSIBLE_TYPES);
}

bool rule_type_reserved_range(const struct capture_facts *c, struct match *match)
{
	return match->entry->type >= EFIMAP_TYPE_FIRST_UNDEFINED &&
	       match->entry->type < EFIMAP_TYPE_OEM_FIRST;
}

/* Reserved memory and MMIO often lack cacheability bits, which is harmless. */
bool rule_attr_no_cache(const struct capture_facts *c, struct match *match)
{
	return (match->entry->attribute & EFIMAP_ATTR_CACHE) == 0 &&
	       match->entry->type < EFIMAP_TYPE_FIRST_UNDEFINED &&
	       !entry_has_type(match->entry, MAYBE_RAM_TYPES);
}

bool rule_attr_unknown_bits(const struct capture_facts *c, struct match *match)
{
	const uint64_t unknown = efimap_attr_unknown(match->entry->attribute);

	set_hex(match, VALUE_UNKNOWN, unknown);
	return unknown != 0;
}

static bool is_in_ram(const struct capture_facts *c, const struct efimap_entry *entry)
{
	struct efimap_span span;

	return rule_may_match(c, EFIMAP_RULE_BOOT_SERVICES_IN_RAM) &&
	       pages_of(entry, &span) && spans_has(&c->spans, SPANS_RAM, span);
}

/*
 * Before 4.9, the kernel exported no boot services entries (efi.c: save_runtime_map (3.14 to 4.8)),
 * so such an entry contradicts the kernel release in the capture.
 */
bool rule_boot_services_reserved(const struct capture_facts *c, struct match *match)
{
	const enum efimap_change change = EFIMAP_CHANGE_SHOWS_BOOT_SERVICES;

	if (!efimap_entry_is_reserved_boot(match->entry))
		return false;
	if (efimap_kernel_has(c->map, change, true))
		return !is_in_ram(c, match->entry);
	use_variant(match, VARIANT_SHOWN);
	set_text(match, VALUE_SINCE, efimap_kernel_changes[change].release);
	set_text(match, VALUE_RELEASE, c->map->release.text);
	return true;
}

/*
 * Return whether a missing type has another explanation: the map is incomplete, runtime services
 * are off, or another rule reports the type of an entry.
 */
static bool is_absence_explained(const struct capture_facts *c)
{
	if (!c->complete || c->runtime_off)
		return true;
	for (size_t i = 0; i < c->map->n_entries; i++)
		if (is_runtime_of(&c->map->entries[i],
				  RAM_TYPES |
					  (IMPOSSIBLE_TYPES & ~TYPE_BIT(PAL_CODE))))
			return true;
	return false;
}

static bool is_without(const struct capture_facts *c, struct match *match,
		       enum efimap_type type)
{
	for (size_t i = 0; i < c->map->n_entries; i++)
		if (c->map->entries[i].type == type)
			return false;
	if (c->log_incomplete)
		return skip_for_incomplete_log(match);
	set_number(match, VALUE_ENTRIES, c->map->n_entries);
	return !is_absence_explained(c);
}

bool rule_no_runtime_code(const struct capture_facts *c, struct match *match)
{
	return is_without(c, match, EFIMAP_TYPE_RUNTIME_CODE);
}

bool rule_no_runtime_data(const struct capture_facts *c, struct match *match)
{
	return is_without(c, match, EFIMAP_TYPE_RUNTIME_DATA);
}
