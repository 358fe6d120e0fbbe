/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RULES_FACTS_FOR_RULES_H
#define RULES_FACTS_FOR_RULES_H

#include <inttypes.h>

#include "base/sort.h"
#include "capture/capture.h"
#include "infer/booted_by.h"
#include "infer/linux_changes.h"
#include "infer/memory_coverage.h"
#include "rules/load_case.h"
#include "rules/matched_messages.h"
#include "rules/memory_spans.h"
#include "rules/report.h"
#include "rules/rule_catalogue.h"
#include "rules/verify_options.h"

/* physical_range.c reports entries without ENTRY_FLAG_PHYS_SOUND; most other rules ignore them. */
#define ENTRY_FLAG_PHYS_SOUND 0x1U /* Linux accepts the entry (entry_is_valid()) */
#define ENTRY_FLAG_CUT_OFF 0x2U	   /* a kexec'd kernel split the entry from a larger one */

/*
 * Maximum size of one early mapping in bytes, including the offset in its first page
 * (mm/early_ioremap.c: NR_FIX_BTMAPS).
 */
#define EARLY_MAP_MAX (64 * EFIMAP_PAGE_SIZE)

#define TYPE_BIT(name) (UINT32_C(1) << EFIMAP_TYPE_##name)
/* Types of usable RAM, exported only in mixed mode or with EFI_MEMORY_RUNTIME. */
#define RAM_TYPES (TYPE_BIT(LOADER_CODE) | TYPE_BIT(LOADER_DATA) | TYPE_BIT(CONVENTIONAL))
#define FIRMWARE_TYPES (TYPE_BIT(RUNTIME_CODE) | TYPE_BIT(RUNTIME_DATA) | TYPE_BIT(MMIO))

struct machine;

/*
 * struct facts_for_rules - facts that rules use
 * @map:         the capture; its entries are sorted by physical address, unless the plan needs the
 *               original order
 * @flags:       ENTRY_FLAG_* for each of map->entries
 * @places:      enum address_place for each of map->entries
 * @lacks:       EFIMAP_NEEDS_* bits of missing data, without the bits of sources
 * @load:        the load for which rules are currently run, or NULL
 * @memmap_last: the highest address that memmap lists, or 0
 * @phys_last:   the highest possible physical address. If the address width of the CPU is unknown,
 *               this is @memmap_last, but at least 4 GiB - 1. If memmap is incomplete, too, this is
 *               UINT64_MAX.
 * @runtime_off: the reason why runtime services are off, or NULL if they are on
 * @identity:    every entry should be identity-mapped
 * @native:      the capture shows that this kernel does not run in mixed mode
 * @log_incomplete: the map is from a kernel log in which lines are missing or damaged
 * @complete:    the map has entries, none was lost, and all of them could be read
 * @has_sound_runtime_data: runtime services are on, and the map is complete and valid and contains
 *               runtime data, so a pointer outside the map is invalid
 * @old_map:     the map may have been exported with efi=old_map
 * @has_boot_code: an entry is, or a missing entry may be, boot services code. It may be runtime
 *               code with the wrong type, and Linux maps it as executable
 *               (arch/x86/platform/efi/efi_64.c: __map_region). The page at address 0, which Linux
 *               always reserves, is not counted.
 * @ordered:     a copy of the capture with sorted entries, to which @map may point
 * @messages:    the kernel messages that rules match
 * @by_virt:     entries with place_is_sound(), sorted by virtual address. The index of a key is the
 *               position in map->entries.
 * @memmap:      for each entry, the overlapping memmap ranges and the number of bytes in no range
 * @data:        additional data for the rules of one plan, or NULL
 * @machine:     for rules about loads, the facts that apply to all loads; otherwise NULL
 */
struct facts_for_rules {
	const struct efimap *map;
	const struct verify_options *options;

	uint8_t *flags;
	uint8_t *places;
	uint32_t lacks;
	enum find_booted_by booted_by;
	const struct load_case *load;
	uint64_t memmap_last;
	uint64_t phys_last;
	const char *runtime_off;
	bool mixed_mode;
	bool kernel_32bit;
	bool crash_kernel;
	bool identity;
	bool native;
	bool log_incomplete;
	bool complete;
	bool has_sound_runtime_data;
	bool old_map;
	size_t n_runtime_code;
	bool has_boot_code;

	struct efimap ordered;
	struct kernel_messages messages;
	struct spans spans;
	struct sort_key *by_virt;
	size_t n_by_virt;
	struct coverage memmap;
	const void *data;
	const struct machine *machine;
};

/*
 * Determine all facts. If @is_sorted is set, sort the entries by physical address. Free the facts
 * with free_facts().
 */
void find_facts(struct facts_for_rules *c, const struct efimap *map,
		const struct verify_options *options, bool is_sorted);
void free_facts(struct facts_for_rules *c);

/* Return whether runtime services are off because of noefi or efi=noruntime. */
bool runtime_is_off_by_parameter(const struct facts_for_rules *c);

static inline bool entry_has_type(const struct map_entry *entry, uint32_t types)
{
	return entry->type < 32 && (types >> entry->type & 1);
}

/* Return whether firmware calls may need an entry. No call needs boot services or RAM entries. */
static inline bool firmware_calls_need_entry(const struct map_entry *entry)
{
	return !entry_is_boot_services(entry) && !entry_has_type(entry, RAM_TYPES);
}

/*
 * Return whether the next kernel contains the change, or @unknown if the release of the next kernel
 * is unknown or inconclusive.
 */
static inline bool next_kernel_has(const struct facts_for_rules *c, enum change change,
				   bool unknown)
{
	return release_has(&c->load->release, change, unknown);
}

/* Return the rule that reports @entry if it is in System RAM, or EFIMAP_RULE_COUNT if none does. */
enum rule_id memmap_rule_of_type(const struct map_entry *entry);

/* Return whether the kernel log lists all configuration tables. */
bool has_all_tables(const struct efimap *map);

/*
 * enum address_place - where the virtual range of an entry is
 * @PLACE_NONE:         not checked, because a rule reports the physical range or its size, or
 *                      because virt_addr was not read
 * @PLACE_ZERO:         virt_addr is 0, but phys_addr is not
 * @PLACE_NONIDENTITY:  the entry is not identity-mapped, although all entries should be
 * @PLACE_OLD_MAP:      in the kernel half of the address space, below the EFI runtime virtual
 *                      address range; only if the map may have been exported with efi=old_map
 * @PLACE_KERNEL_32BIT: in the part of the address space that a 32-bit kernel uses; only if the
 *                      kernel is 32-bit
 * @PLACE_STRADDLES_EFI_VA_RANGE: partly in the EFI runtime virtual address range
 * @PLACE_KERNEL:       overlaps a virtual range that a 64-bit kernel uses for itself
 * @PLACE_OUTSIDE:      in none of the virtual ranges above
 *
 * Rules check the alignment and the mapping only if the value is above PLACE_NONCANONICAL.
 */
enum address_place {
	PLACE_NONE,
	PLACE_ZERO,
	PLACE_NONCANONICAL,
	PLACE_IDENTITY,
	PLACE_NONIDENTITY,
	PLACE_EFI_VA_RANGE,
	PLACE_OLD_MAP,
	PLACE_KERNEL_32BIT,
	PLACE_STRADDLES_EFI_VA_RANGE,
	PLACE_KERNEL,
	PLACE_OUTSIDE,
};

static inline enum address_place place_of(const struct facts_for_rules *c, size_t position)
{
	return (enum address_place)c->places[position];
}

/*
 * Return whether memmap lists all memory of the machine. The memmap of a crash kernel never does,
 * because the loader passes only some of the ranges. Call this function after find_facts().
 */
bool memmap_is_complete(const struct facts_for_rules *c);

#endif
