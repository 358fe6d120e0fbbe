/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The facts of a capture that several rules use. They are determined before any rule is run, and
 * rules do not change them.
 */
#ifndef RULES_CAPTURE_FACTS_H
#define RULES_CAPTURE_FACTS_H

#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/address_span.h"
#include "base/interval_tree.h"
#include "base/sort.h"
#include "capture/capture.h"
#include "capture/entry.h"
#include "capture/kernel_release.h"
#include "infer/booted_by.h"
#include "infer/linux_changes.h"
#include "infer/memory_coverage.h"
#include "rules/load_case.h"
#include "rules/report.h"
#include "rules/rule_catalogue.h"
#include "rules/verify_options.h"

/*
 * Flags of an entry. If an entry is not sound, it already has a finding, so other rules ignore it.
 */
#define ENTRY_FLAG_PHYS_SOUND 0x1U /* Linux keeps the entry (efimap_entry_is_valid()) */
#define ENTRY_FLAG_CUT_OFF 0x2U    /* a kexec'd kernel split the entry from another one */

/*
 * Maximum size of one early mapping in bytes, including the offset in its first page
 * (mm/early_ioremap.c: NR_FIX_BTMAPS).
 */
#define EARLY_MAP_MAX (64 * EFIMAP_PAGE_SIZE)

/* TYPE_BIT() - the bit of a type below 32 in a set */
#define TYPE_BIT(name) (UINT32_C(1) << EFIMAP_TYPE_##name)
/* Types of usable RAM. The kernel exports them only in mixed mode. */
#define RAM_TYPES                                                                  \
	(TYPE_BIT(LOADER_CODE) | TYPE_BIT(LOADER_DATA) | TYPE_BIT(CONVENTIONAL))
/* Types of memory that is not necessarily RAM. */
#define MAYBE_RAM_TYPES (TYPE_BIT(RESERVED) | TYPE_BIT(MMIO) | TYPE_BIT(MMIO_PORT))

/* --- ranges of memmap and iomem --- */

/* Every PC has memory below 1 MiB, and every memory map lists some of it. */
#define LOW_MEMORY_END UINT64_C(0x100000)

/*
 * enum spans_kind - kinds of spans: valid ranges of memmap, then lines of iomem, then entries
 * @SPANS_LISTED:        all ranges of memmap
 * @SPANS_RAM:           ranges that kexec-tools uses as free memory, reduced to complete pages
 * @SPANS_DRIVER_MEMORY: ranges that the kernel assigns to a driver
 * @SPANS_OTHER:         other ranges that do not belong to the firmware
 * @SPANS_TOP:           top-level lines of iomem
 * @SPANS_USED:          System RAM of the running kernel, reduced to complete pages
 * @SPANS_CRASH:         memory reserved for a crash kernel
 * @SPANS_KERNEL:        the running kernel
 * @SPANS_PCI_WINDOW:    address ranges from which PCI devices get their addresses
 * @SPANS_OWNED:         top-level lines whose name shows an owner other than the firmware
 * @SPANS_ENTRIES:       entries that must not be in RAM, and runtime entries
 */
enum spans_kind {
	SPANS_LISTED,
	SPANS_RAM,
	SPANS_DRIVER_MEMORY,
	SPANS_OTHER,
	SPANS_TOP,
	SPANS_USED,
	SPANS_CRASH,
	SPANS_KERNEL,
	SPANS_PCI_WINDOW,
	SPANS_OWNED,
	SPANS_ENTRIES,
	SPANS_COUNT,
};

/* struct spans - all spans of a capture, by kind; zero-initialise it */
struct spans {
	const struct efimap *map;
	struct efimap_interval_tree of[SPANS_COUNT];
};

/*
 * spans_gather() - collect all spans of a capture
 * @spans: free it with spans_free(), even on failure
 *
 * Return: 0 or -ENOMEM.
 */
int spans_gather(const struct efimap *map, struct spans *spans);
void spans_free(struct spans *spans);

static inline struct efimap_span span_of_byte(uint64_t address)
{
	return (struct efimap_span){ address, address };
}

/* spans_range() - find the lowest memmap range of this kind that overlaps @span, or NULL */
const struct efimap_range *spans_range(const struct spans *spans, enum spans_kind kind,
				       struct efimap_span span);
/* spans_line() - find the lowest iomem line of this kind that overlaps @span, or NULL */
const struct efimap_resource *spans_line(const struct spans *spans, enum spans_kind kind,
					 struct efimap_span span);

/* spans_has() - return whether a span of this kind overlaps @span */
bool spans_has(const struct spans *spans, enum spans_kind kind, struct efimap_span span);

/*
 * spans_forbids_ram() - return whether an entry of this type must not overlap System RAM of iomem
 */
bool spans_forbids_ram(const struct efimap_entry *entry);
/*
 * spans_keeps_devices_off() - return whether an iomem line with this name prevents the kernel from
 * assigning its memory to devices
 */
bool spans_keeps_devices_off(const char *name);

/* --- labels of memmap and names of iomem --- */

static inline bool label_begins(const char *label, const char *with)
{
	return strncmp(label, with, strlen(with)) == 0;
}

/*
 * The labels are those of the kernel (arch/x86/kernel/e820.c: e820_type_to_string). "reserved" was
 * in lower case before 4.11, and there is "device reserved" since 7.0.
 */
static inline bool label_is_reserved(const char *label)
{
	return strcmp(label, "Reserved") == 0 || strcmp(label, "reserved") == 0 ||
	       strcmp(label, "device reserved") == 0;
}

static inline bool label_is_acpi(const char *label)
{
	return strcmp(label, "ACPI Tables") == 0 ||
	       strcmp(label, "ACPI Non-volatile Storage") == 0;
}

/* Return whether the range is usable RAM. A label such as "System RAM (kmem)" does not match. */
static inline bool label_is_ram(const char *label)
{
	return strcmp(label, "System RAM") == 0;
}

/* Return whether the label prevents kernels from using firmware memory. */
static inline bool label_is_firmware(const char *label)
{
	return label_is_reserved(label) || label_is_acpi(label);
}

/* Return whether the kernel assigns the memory to a driver (nvdimm, device-dax). */
static inline bool label_is_driver_memory(const char *label)
{
	return label_begins(label, "Persistent Memory") ||
	       strcmp(label, "Soft Reserved") == 0;
}

/* --- facts of a run --- */

struct rule_plan;
struct efimap_layout;
struct rule_binding;
/*
 * struct capture_facts - facts that rules use; free it with free_facts()
 * @map:         the capture, with its entries sorted by physical address, regardless of their
 *               numbers (sort_capture_entries())
 * @listed:      the original capture, for rules about the numbers
 * @flags:       ENTRY_FLAG_*, one byte for each position in map->entries
 * @places:      enum address_place, one byte for each position in map->entries
 * @lacks:       EFIMAP_NEEDS_* that the map and the options do not provide; missing sources are not
 *               included
 * @load:        the load for which rules are currently run, or NULL
 * @memmap_last: the highest address that memmap lists, 0 if memmap is empty
 * @memmap_begins: memmap lists memory below 1 MiB, as on every PC
 * @phys_last:   the highest possible physical address. If the address width of the CPU is unknown,
 *               this is the highest address that memmap lists, but at least 4 GiB - 1. If memmap is
 *               not complete either, this is UINT64_MAX.
 * @identity:    every entry should be identity-mapped: in mixed mode or with --expect=identity. If
 *               the capture does not show the mode, the majority of the entries determines this.
 * @native:      the capture shows that the firmware is 64-bit or the kernel is 32-bit, so no entry
 *               should be identity-mapped
 * @log_incomplete: the map is from a kernel log in which lines are missing or damaged
 * @complete:    the map has entries, none was lost, and all of them could be read
 * @has_sound_runtime_data: all entries, including runtime data, could be read and have valid
 *               addresses, so a pointer outside them is invalid
 * @old_map:     the kernel (4.9 to 5.8) may export addresses of efi=old_map
 * @efi_debug:   efi=debug is on the command line, so boot services entries are kept
 * @by_virt:     entries with a sound place (place_is_sound()), sorted by virtual address, then by
 *               position. The index of a key is the position in map->entries.
 * @memmap, @iomem: ranges that overlap each entry
 * @spans:       ranges of memmap and iomem, and entries, by kind
 * @split_code:  some runtime code is read-only and executable, like an image that
 *               EFI_PROPERTIES_TABLE has split from its data
 * @has_unmarked: there are boot services entries without EFI_MEMORY_RUNTIME
 * @has_runtime_code: an entry has the type RuntimeCode
 * @layout:      predicted addresses, with a row for each of map->entries; NULL if they were not
 *               requested
 * @ordered:     private: the copy to which @map points after sort_capture_entries()
 * @data:        additional data for the rules of one plan, or NULL
 */
struct capture_facts {
	const struct efimap *map;
	const struct efimap *listed;
	const struct efimap_verify_options *options;

	uint8_t *flags;
	uint8_t *places;
	uint32_t lacks;
	enum efimap_booted_by booted_by;
	const struct efimap_load_case *load;
	uint64_t memmap_last;
	bool memmap_begins;
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
	bool efi_debug;
	bool split_code;
	bool has_unmarked;
	bool has_runtime_code;

	struct efimap ordered;
	struct spans spans;
	struct efimap_sort_key *by_virt;
	size_t n_by_virt;
	struct efimap_coverage memmap;
	struct efimap_coverage iomem;
	const struct efimap_layout *layout;
	const void *data;
};

/* init_facts() - initialise the facts that do not depend on single entries */
void init_facts(struct capture_facts *c, const struct efimap *map,
		const struct efimap_verify_options *options);
/* sort_capture_entries() - make c->map a sorted copy of the capture; return 0 or -ENOMEM */
int sort_capture_entries(struct capture_facts *c);
/*
 * find_facts() - determine the facts of the entries
 *
 * Return: 0 or a negative errno.
 */
int find_facts(struct capture_facts *c);
/*
 * find_overlaps() - set @memmap, @iomem and @spans: which ranges and lines overlap which entries
 *
 * Return: 0 or a negative errno.
 */
int find_overlaps(struct capture_facts *c);
void free_facts(struct capture_facts *c);

/*
 * runtime_is_off_by_parameter() - return whether a kernel parameter disables runtime services, not
 * another reason in @runtime_off
 */
bool runtime_is_off_by_parameter(const struct capture_facts *c);

static inline bool entry_has_type(const struct efimap_entry *entry, uint32_t types)
{
	return entry->type < 32 && (types >> entry->type & 1);
}

/*
 * firmware_calls_need_entry() - return whether a firmware call needs this entry
 *
 * No firmware call needs boot services, loader or conventional memory, which the kernel exports
 * for other reasons.
 */
static inline bool firmware_calls_need_entry(const struct efimap_entry *entry)
{
	return !efimap_entry_is_boot_services(entry) && !entry_has_type(entry, RAM_TYPES);
}

/*
 * next_kernel_has() - return whether the kernel of the load contains the change
 * @unknown: the result if the release of that kernel is unknown; pass the value that avoids a
 *           finding
 */
static inline bool next_kernel_has(const struct capture_facts *c,
				   enum efimap_change change, bool unknown)
{
	return efimap_release_has(&c->load->release, change, unknown);
}

/* entries_are_equal() - return whether all fields except the index are equal */
static inline bool entries_are_equal(const struct efimap_entry *left,
				     const struct efimap_entry *right)
{
	return left->phys == right->phys && left->virt == right->virt &&
	       left->pages == right->pages && left->type == right->type &&
	       left->attribute == right->attribute;
}

/*
 * find_incomplete_log_fault() - return the fault for missing or damaged lines of the map in a log,
 * or NULL
 *
 * log-incomplete reports this fault, and missing lines of the log's e820 table.
 */
const struct efimap_fault *find_incomplete_log_fault(const struct efimap *map);

/*
 * has_all_tables() - return whether the log has a complete list of configuration tables
 *
 * If the list is not complete, a table that is not listed may still exist.
 */
bool has_all_tables(const struct efimap *map);

/* --- places of virtual addresses --- */

/*
 * enum address_place - where the virtual range of an entry is
 * @PLACE_NONE:         there is no virtual range to check, because a rule reports the physical
 *                      range, or because virt_addr was not read
 * @PLACE_ZERO:         virt_addr is 0, but phys_addr is not
 * @PLACE_NONCANONICAL: the address is not canonical
 * @PLACE_IDENTITY:     the entry is identity-mapped
 * @PLACE_NONIDENTITY:  the entry is not identity-mapped, although all entries should be
 * @PLACE_EFI_VA_RANGE: in the EFI runtime virtual address range
 * @PLACE_OLD_MAP:      among the kernel's own addresses, because of efi=old_map
 * @PLACE_KERNEL_32BIT: among the addresses of a 32-bit kernel, and the kernel is 32-bit
 * @PLACE_STRADDLE:     across an end of the EFI runtime virtual address range
 * @PLACE_KERNEL:       among the kernel's own addresses
 * @PLACE_OUTSIDE:      anywhere else
 *
 * The first three values do not allow further checks of the address.
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
	PLACE_STRADDLE,
	PLACE_KERNEL,
	PLACE_OUTSIDE,
};

/* EFI_VA_RANGE_PAGES - number of pages in the EFI runtime virtual address range, 64 GiB */
#define EFI_VA_RANGE_PAGES ((EFIMAP_VA_START - EFIMAP_VA_END) / EFIMAP_PAGE_SIZE)

static inline enum address_place place_of(const struct capture_facts *c, size_t position)
{
	return (enum address_place)c->places[position];
}

/*
 * place_is_sound() - return whether the virtual range is valid, so that it is compared with others
 */
static inline bool place_is_sound(enum address_place place)
{
	return place == PLACE_IDENTITY || place == PLACE_EFI_VA_RANGE ||
	       place == PLACE_OLD_MAP || place == PLACE_KERNEL_32BIT;
}

/*
 * pages_of() - get the physical pages of an entry
 *
 * The kernel ignores an offset inside a page (efi_64.c: __map_region uses pa >> PAGE_SHIFT).
 * phys-unaligned reports the offset, so other rules ignore it. An invalid range would overlap
 * any other range, so only one rule reports it.
 *
 * Return: false for an invalid range (pages-zero, range-overflow, range-above-52-bits,
 * range-exceeds-efi-va-range).
 */
static inline bool pages_of(const struct efimap_entry *entry, struct efimap_span *ret_span)
{
	const uint64_t first = efimap_page_start(entry->phys);

	if (entry->pages > EFI_VA_RANGE_PAGES && !efimap_entry_is_identity_by_page(entry))
		return false;
	return efimap_span_from_pages(first, entry->pages, ret_span) == 0 &&
	       ret_span->last < EFIMAP_PHYS_LIMIT;
}

/* pages_cover_address() - return whether the pages of an entry contain this physical address */
static inline bool pages_cover_address(const struct efimap_entry *entry, uint64_t address)
{
	struct efimap_span span;

	return pages_of(entry, &span) && efimap_span_has(span, address);
}

/*
 * is_firmware_memmap() - return whether the map is a binary map from the firmware, not from a
 * loader
 *
 * The firmware's map does not have virtual addresses yet, and lists memory that no kernel keeps. A
 * runtime map with the same contents would be invalid.
 */
bool is_firmware_memmap(const struct efimap *map);

/* memmap_is_read() - return whether all memmap ranges could be read */
bool memmap_is_read(const struct efimap *map);

/*
 * memmap_may_lack_range() - return whether a range of memmap may be missing from the capture
 *
 * The kernel numbers the ranges from 0 (drivers/firmware/memmap.c: add_sysfs_fw_map_entry). On a
 * running system, a gap in the numbers only means that memory was removed.
 */
bool memmap_may_lack_range(const struct efimap *map);

/*
 * memmap_is_complete() - return whether memmap lists all memory of the machine
 *
 * The result is false if a range could not be read or may be missing, if no range starts below 1
 * MiB, if the map is from a log that lacks lines, or if the loader of a crash kernel created
 * memmap. Rules then must not conclude anything from a missing range. Call this function after
 * find_facts().
 */
bool memmap_is_complete(const struct capture_facts *c);

#endif
