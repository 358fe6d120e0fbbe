/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Type and attributes of each entry. An entry without a physical range has a finding
 * already (physical_range.c) and is left alone.
 */
#include "infer/booted_by.h"
#include "rules/engine.h"

/* arch/x86/platform/efi/efi.c: should_map_region, for mixed mode */
#define MIXED_TYPES (CHECK_RAM_TYPES | BOOT_TYPES)
#define BOOT_TYPES (CHECK_TYPE(BOOT_CODE) | CHECK_TYPE(BOOT_DATA))
#define IMPOSSIBLE_TYPES (CHECK_TYPE(UNUSABLE) | CHECK_TYPE(UNACCEPTED) | CHECK_TYPE(PAL_CODE))

/* What the kernel exports without RUNTIME on purpose. */
static bool may_lack_runtime(const struct check *c, const struct efimap_entry *entry)
{
	if (c->mixed_mode && check_is_of(entry, MIXED_TYPES))
		return true;
	/*
	 * A kexec'ed kernel has them where the first one had efi=debug. Without the command line
	 * we cannot tell; a missing bit is harmless there.
	 */
	return check_is_of(entry, BOOT_TYPES) &&
	       (c->efi_debug || c->booted_by == EFIMAP_BOOTED_BY_KEXEC ||
		!efimap_has(c->map, EFIMAP_SRC_CMDLINE));
}

bool rule_runtime_bit_missing(const struct check *c, struct say *say)
{
	return !efimap_entry_is_runtime(say->entry) && !may_lack_runtime(c, say->entry);
}

static bool is_runtime_of(const struct efimap_entry *entry, uint32_t types)
{
	return efimap_entry_is_runtime(entry) && check_is_of(entry, types);
}

bool rule_type_ram_runtime(const struct check *c, struct say *say)
{
	return is_runtime_of(say->entry, CHECK_RAM_TYPES);
}

bool rule_type_impossible(const struct check *c, struct say *say)
{
	if (c->has_runtime_code)
		say_as(say, AS_DATA);
	return is_runtime_of(say->entry, IMPOSSIBLE_TYPES);
}

bool rule_type_reserved_range(const struct check *c, struct say *say)
{
	return say->entry->type >= EFIMAP_TYPE_FIRST_UNDEFINED &&
	       say->entry->type < EFIMAP_TYPE_OEM_FIRST;
}

/* Where there is no RAM, that is common on real machines, and harmless. */
bool rule_attr_no_cache(const struct check *c, struct say *say)
{
	return (say->entry->attribute & EFIMAP_ATTR_CACHE) == 0 &&
	       say->entry->type < EFIMAP_TYPE_FIRST_UNDEFINED &&
	       !check_is_of(say->entry, CHECK_OTHER_TYPES);
}

bool rule_attr_unknown_bits(const struct check *c, struct say *say)
{
	const uint64_t unknown = efimap_attr_unknown(say->entry->attribute);

	say_hex(say, SAY_UNKNOWN, unknown);
	return unknown != 0;
}

/* boot-services-in-ram says all that there is to say of it, and more. */
static bool is_in_ram(const struct check *c, const struct efimap_entry *entry)
{
	struct efimap_span span;

	return check_speaks(c, EFIMAP_RULE_BOOT_SERVICES_IN_RAM) &&
	       pages_of(entry, &span) && spans_has(&c->spans, SPANS_RAM, span);
}

/* efi.c before 4.9, save_runtime_map, showed none: whose map is this? */
bool rule_boot_services_reserved(const struct check *c, struct say *say)
{
	const enum efimap_change change = EFIMAP_CHANGE_SHOWS_BOOT_SERVICES;

	if (!efimap_entry_is_kept(say->entry))
		return false;
	if (efimap_kernel_has(c->map, change, true))
		return !is_in_ram(c, say->entry);
	say_as(say, AS_SHOWN);
	say_text(say, SAY_SINCE, efimap_kernel_changes[change].release);
	say_text(say, SAY_RELEASE, c->map->release.text);
	return true;
}

/* Might an entry that has a finding of its own be the one that is missed? */
static bool is_explained(const struct check *c)
{
	if (!c->complete || c->runtime_off)
		return true;
	for (size_t i = 0; i < c->map->n_entries; i++)
		if (is_runtime_of(&c->map->entries[i],
				  CHECK_RAM_TYPES |
					  (IMPOSSIBLE_TYPES & ~CHECK_TYPE(PAL_CODE))))
			return true;
	return false;
}

static bool is_without(const struct check *c, struct say *say, enum efimap_type type)
{
	for (size_t i = 0; i < c->map->n_entries; i++)
		if (c->map->entries[i].type == type)
			return false;
	if (c->torn)
		return say_torn(say);
	say_number(say, SAY_ENTRIES, c->map->n_entries);
	return !is_explained(c);
}

bool rule_no_runtime_code(const struct check *c, struct say *say)
{
	return is_without(c, say, EFIMAP_TYPE_RUNTIME_CODE);
}

bool rule_no_runtime_data(const struct check *c, struct say *say)
{
	return is_without(c, say, EFIMAP_TYPE_RUNTIME_DATA);
}
