/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The facts of one capture that several rules start from. They are found before any rule is asked,
 * and rules read them only.
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
 * Flags of an entry. An entry that is not sound already has a finding, so other rules ignore it.
 */
#define ENTRY_FLAG_PHYS_SOUND 0x1U /* Linux keeps it (efimap_entry_is_valid()) */
#define ENTRY_FLAG_CUT_OFF 0x2U    /* a part that a kexec'd kernel split from another entry */

/* TYPE_BIT() - a type below 32 as a bit of a set */
#define TYPE_BIT(name) (UINT32_C(1) << EFIMAP_TYPE_##name)
/* Types of usable RAM. Only mixed mode exports them. */
#define RAM_TYPES                                                                  \
	(TYPE_BIT(LOADER_CODE) | TYPE_BIT(LOADER_DATA) | TYPE_BIT(CONVENTIONAL))
/* Types of memory that may not be RAM */
#define MAYBE_RAM_TYPES (TYPE_BIT(RESERVED) | TYPE_BIT(MMIO) | TYPE_BIT(MMIO_PORT))

/* --- what memmap and iomem list --- */

/* Every PC has memory below 1 MiB, and every memory map lists some of it. */
#define CHECK_LOW_MEMORY UINT64_C(0x100000)

/*
 * enum spans_kind - those of memmap that are sound, then those of iomem, then entries
 * @SPANS_LISTED:     all of memmap
 * @SPANS_RAM:        that kexec-tools takes for free memory; whole pages
 * @SPANS_DRIVER_MEMORY: that the kernel hands to a driver
 * @SPANS_OTHER:        neither of these, nor what belongs to the firmware
 * @SPANS_TOP:        lines of iomem that lie under no other
 * @SPANS_USED:       that the running kernel uses itself; whole pages
 * @SPANS_CRASH:      the crash kernel
 * @SPANS_KERNEL:     the running kernel
 * @SPANS_PCI_WINDOW:     out of which devices get their addresses
 * @SPANS_OWNED:      whose name is that of another owner than the firmware
 * @SPANS_ENTRIES:    entries that must not lie in RAM, or reserved boot services regions inside it
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

/* struct spans - all spans of a capture; zero-initialise it */
struct spans {
	const struct efimap *map;
	struct efimap_interval_tree of[SPANS_COUNT];
};

/*
 * spans_gather() - collect all spans
 *
 * Free them with spans_free(), even on failure.
 *
 * Return: 0 or -ENOMEM.
 */
int spans_gather(const struct efimap *map, struct spans *spans);
void spans_free(struct spans *spans);

/* spans_range() - find the lowest memmap range of this kind that shares a byte, or NULL */
const struct efimap_range *spans_range(const struct spans *spans, enum spans_kind kind,
				       struct efimap_span span);
/* spans_line() - find the lowest iomem line of this kind that shares a byte, or NULL */
const struct efimap_resource *spans_line(const struct spans *spans, enum spans_kind kind,
					 struct efimap_span span);

/* spans_has() - return whether a span of this kind shares a byte */
bool spans_has(const struct spans *spans, enum spans_kind kind, struct efimap_span span);

/*
 * spans_forbids_ram() - return whether this entry must not share a byte with System RAM of iomem
 */
bool spans_forbids_ram(const struct efimap_entry *entry);
/*
 * spans_keeps_devices_off() - return whether a line of this name keeps devices out of its range
 */
bool spans_keeps_devices_off(const char *name);

/* The meaning of labels for firmware memory */

static inline bool label_begins(const char *label, const char *with)
{
	return strncmp(label, with, strlen(with)) == 0;
}

/* arch/x86/kernel/e820.c: e820_type_to_string; lower case before 4.11, "device" from 7.0 */
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

/* Usable RAM. The label must match completely: "System RAM (kmem)" is different. */
static inline bool label_is_ram(const char *label)
{
	return strcmp(label, "System RAM") == 0;
}

/* Labels that keep kernels from using firmware memory */
static inline bool label_is_firmware(const char *label)
{
	return label_is_reserved(label) || label_is_acpi(label);
}

/* Memory that the kernel assigns to a driver: nvdimm, device-dax */
static inline bool label_is_driver_memory(const char *label)
{
	return label_begins(label, "Persistent Memory") ||
	       strcmp(label, "Soft Reserved") == 0;
}

/* --- one run --- */

struct rule_plan;
struct efimap_layout;
struct rule_binding;
/*
 * struct capture_facts - what rules start from; free it with free_facts()
 * @map:         the capture, with its entries in the order of sort_capture_entries(): by
 * physical address, and never as somebody happened to number them
 * @listed:      the capture as it was given, for rules on the numbering itself
 * @flags:       CHECK_*, one byte per position in map->entries
 * @places:      enum address_place, likewise
 * @lacks:       needs (EFIMAP_NEEDS_…) in addition to sources that map and options do not meet
 * @load:        the load that rules are asked about now, or NULL
 * @memmap_last: the end of what memmap lists, 0 for nothing
 * @memmap_begins: it lists memory below 1 MiB, as that of every PC does
 * @phys_last:   the last physical address that can be meant: of this CPU, or where its
 * bits are not known, of memory that memmap lists, or below 4 GiB
 * @identity:    every entry is expected to be identity-mapped: mixed mode or
 *               --expect=identity; by majority where the capture does not tell
 * @native:      the capture says that the firmware is 64-bit, or the kernel 32-bit: it is
 *               known that nothing is identity-mapped
 * @log_incomplete: the map is from a kernel's log in which lines of it are missing or
 * spoilt
 * @complete:    the map has entries, none was lost, and every one could be read
 * @has_sound_runtime_data:     every entry could be read and lies where it may, runtime
 * data among them: what points outside of them points at nothing
 * @old_map:     a kernel (4.9 to 5.8) that may export addresses of efi=old_map
 * @efi_debug:   efi=debug on the command line: boot-services entries are kept
 * @by_virt:     entries that lie where Linux maps (place_is_sound()), ascending by virt,
 *               then as sort_capture_entries() has it. The index of a key is a position
 * in map->entries
 * @memmap, @iomem: what they say of each entry
 * @spans:       what they list, by what it means to rules
 * @split_code:  some runtime code is read-only and executable, as an image is that
 *               EFI_PROPERTIES_TABLE has split from its data
 * @has_unmarked: there are boot-services entries that are not marked to be kept
 * @has_runtime_code: an entry has the type RuntimeCode
 * @layout:      predicted addresses, a row for each of map->entries; NULL where none were
 * asked for
 * @ordered:     private; what sort_capture_entries() makes @map of
 * @data:        what the rules of one plan need besides, or NULL
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

/* init_facts() - initialise the facts of the capture, but not those of its entries */
void init_facts(struct capture_facts *c, const struct efimap *map,
		const struct efimap_verify_options *options);
/* sort_capture_entries() - make c->map a sorted copy of the capture; 0 or a negative errno */
int sort_capture_entries(struct capture_facts *c);
/* find_facts() - find the facts of the entries, and the spans; 0 or -ENOMEM */
int find_facts(struct capture_facts *c);
void free_facts(struct capture_facts *c);

static inline bool entry_has_type(const struct efimap_entry *entry, uint32_t types)
{
	return entry->type < 32 && (types >> entry->type & 1);
}

/*
 * firmware_calls_need_entry() - return whether a firmware call needs this entry
 *
 * No firmware call needs boot services, loader and conventional memory, which the kernel exports
 * for other reasons.
 */
static inline bool firmware_calls_need_entry(const struct efimap_entry *entry)
{
	return !efimap_entry_is_boot_services(entry) && !entry_has_type(entry, RAM_TYPES);
}

/*
 * next_kernel_has() - return whether the kernel of the load has the change
 * @unknown: the result if its release is unknown; choose the one that avoids a finding
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
 * find_incomplete_log_fault() - return the fault that shows lost lines of the map in a log, or
 * NULL
 *
 * log-incomplete reports this fault, and lost lines of memmap's e820 table.
 */
const struct efimap_fault *find_incomplete_log_fault(const struct efimap *map);

/*
 * check_has_all_tables() - return whether the log has a complete list of configuration tables
 *
 * Otherwise a table that is not listed may still exist.
 */
bool check_has_all_tables(const struct efimap *map);

/* --- where an entry lies --- */

/*
 * enum address_place - those up to @PLACE_NONCANONICAL are no addresses to ask more of
 * @PLACE_NONE:         no virtual range to judge: a rule on the physical range spoke,
 *                            or it was not read
 * @PLACE_ZERO:         virt is 0 and phys is not
 * @PLACE_NONCANONICAL: an address that no CPU takes
 * @PLACE_IDENTITY:     identity-mapped
 * @PLACE_NONIDENTITY:  elsewhere, in a map whose entries should be mapped onto
 *                            themselves
 * @PLACE_EFI_VA_RANGE:       in the EFI runtime virtual address range
 * @PLACE_OLD_MAP:      among the kernel's own addresses, and efi=old_map explains it
 * @PLACE_KERNEL_32BIT: among the addresses of a 32-bit kernel, and it is one
 * @PLACE_STRADDLE:     across an end of the window
 * @PLACE_KERNEL:       among the kernel's own addresses
 * @PLACE_OUTSIDE:      anywhere else
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

/* EFI_VA_RANGE_PAGES - the size of the EFI runtime virtual address range, 64 GiB */
#define EFI_VA_RANGE_PAGES ((EFIMAP_VA_START - EFIMAP_VA_END) / EFIMAP_PAGE_SIZE)

static inline enum address_place place_of(const struct capture_facts *c, size_t position)
{
	return (enum address_place)c->places[position];
}

/* place_is_sound() - return whether the range of an entry is compared with others */
static inline bool place_is_sound(enum address_place place)
{
	return place == PLACE_IDENTITY || place == PLACE_EFI_VA_RANGE ||
	       place == PLACE_OLD_MAP || place == PLACE_KERNEL_32BIT;
}

/*
 * pages_of() - get the pages of an entry
 *
 * The kernel drops an offset inside a page (efi_64.c: __map_region uses pa >> PAGE_SHIFT).
 * phys-unaligned reports the offset, so other rules ignore it. An invalid range would overlap
 * anything. It has one finding and is ignored by other rules.
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

/* pages_cover_address() - return whether an entry's pages contain this physical address */
static inline bool pages_cover_address(const struct efimap_entry *entry, uint64_t address)
{
	struct efimap_span span;

	return pages_of(entry, &span) && efimap_span_has(span, address);
}

/*
 * is_firmware_memmap() - return whether the map is a binary that the firmware made, not a loader
 *
 * The firmware's map has no virtual addresses yet, and lists memory that no kernel keeps. A
 * runtime map with the same contents would be invalid (verify.c).
 */
bool is_firmware_memmap(const struct efimap *map);

/* memmap_is_read() - return whether every memmap range could be read */
bool memmap_is_read(const struct efimap *map);

/*
 * memmap_may_lack_range() - return whether a capture may have lost a range of memmap
 *
 * The kernel numbers the ranges from 0 (drivers/firmware/memmap.c: add_sysfs_fw_map_entry).
 * Only the removal of memory leaves a gap, which a running system shows as it is.
 */
bool memmap_may_lack_range(const struct efimap *map);

/*
 * memmap_is_whole() - return whether memmap lists all memory of the machine
 *
 * It does not if a range could not be read or may be missing, if the list comes from a log that
 * lost lines or starts too high, or if the loader of a crash kernel made it. Then nothing follows
 * from missing ranges. Call it after find_facts().
 */
bool memmap_is_whole(const struct capture_facts *c);

#endif
