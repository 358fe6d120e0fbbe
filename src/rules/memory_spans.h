/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RULES_MEMORY_SPANS_H
#define RULES_MEMORY_SPANS_H

#include <string.h>

#include "base/interval_tree.h"
#include "capture/capture.h"

/* Every complete memmap of a PC lists memory below this address. */
#define LOW_MEMORY_END UINT64_C(0x100000)

#define EFI_VA_RANGE_PAGES ((EFIMAP_VA_START - EFIMAP_VA_END) / EFIMAP_PAGE_SIZE)

/*
 * Get the physical pages of an entry. The kernel ignores an offset inside a page
 * (arch/x86/platform/efi/efi_64.c: __map_region).
 *
 * Return: false for an invalid range, which pages-zero, range-overflow, range-above-52-bits or
 * range-exceeds-efi-va-range reports.
 */
static inline bool pages_of(const struct map_entry *entry, struct span *ret_span)
{
	const uint64_t first = page_start(entry->phys);

	if (entry->pages > EFI_VA_RANGE_PAGES && !entry_is_identity_by_page(entry))
		return false;
	return span_from_pages(first, entry->pages, ret_span) == 0 &&
	       ret_span->last < EFIMAP_PHYS_LIMIT;
}

static inline bool pages_cover_address(const struct map_entry *entry, uint64_t address)
{
	struct span span;

	return pages_of(entry, &span) && span_has(span, address);
}

/*
 * enum spans_kind - kinds of spans
 * @SPANS_LISTED:        all ranges of memmap that are not malformed
 * @SPANS_RAM:           System RAM, reduced to complete pages
 * @SPANS_DRIVER_MEMORY: memory that the kernel assigns to a driver
 * @SPANS_OTHER:         memory that is neither RAM, driver memory, reserved nor ACPI memory
 * @SPANS_LINES:         all lines of iomem
 * @SPANS_USED:          top-level System RAM, reduced to complete pages
 * @SPANS_CRASH:         memory reserved for a crash kernel
 * @SPANS_KERNEL:        the running kernel
 *
 * Kinds before SPANS_LINES are ranges of memmap. The others are lines of iomem.
 */
enum spans_kind {
	SPANS_LISTED,
	SPANS_RAM,
	SPANS_DRIVER_MEMORY,
	SPANS_OTHER,
	SPANS_LINES,
	SPANS_USED,
	SPANS_CRASH,
	SPANS_KERNEL,
	SPANS_COUNT,
};

/* struct spans - all spans of a capture, by kind; must be zero before spans_gather() */
struct spans {
	const struct efimap *map;
	struct interval_tree of[SPANS_COUNT];
};

/* Collect all spans. Free them with spans_free(). */
void spans_gather(const struct efimap *map, struct spans *spans);
void spans_free(struct spans *spans);

static inline struct span span_of_byte(uint64_t address)
{
	return (struct span){ address, address };
}

/*
 * Return the lowest range or line of this kind that overlaps @span, or NULL. spans_range() takes
 * only kinds of memmap ranges, and spans_line() takes only kinds of iomem lines.
 */
const struct memory_range *spans_range(const struct spans *spans, enum spans_kind kind,
				       struct span span);
const struct resource *spans_line(const struct spans *spans, enum spans_kind kind,
				  struct span span);

bool spans_has(const struct spans *spans, enum spans_kind kind, struct span span);

/* Return whether @entry, because of its type, must not overlap a System RAM line of iomem. */
bool spans_forbids_ram(const struct map_entry *entry);

/*
 * Return whether a label means reserved memory: "reserved" before Linux 4.11, "Reserved" since
 * 4.11, and "device reserved" since 7.0 (arch/x86/kernel/e820.c: e820_type_to_string).
 */
static inline bool label_is_reserved(const char *label)
{
	return strcmp(label, "Reserved") == 0 || strcmp(label, "reserved") == 0 ||
	       strcmp(label, "device reserved") == 0;
}

static inline bool label_is_acpi(const char *label)
{
	return strcmp(label, "ACPI Tables") == 0 || strcmp(label, "ACPI Non-volatile Storage") == 0;
}

static inline bool label_is_firmware(const char *label)
{
	return label_is_reserved(label) || label_is_acpi(label);
}

/* Return whether the kernel assigns memory with this label to nvdimm or device-dax. */
static inline bool label_is_driver_memory(const char *label)
{
	return strncmp(label, "Persistent Memory", strlen("Persistent Memory")) == 0 ||
	       strcmp(label, "Soft Reserved") == 0;
}

/*
 * Return whether memmap may lack ranges. The result is true if memmap is empty. In an offline
 * capture, the result is also true if the numbers of the ranges have a gap, if no range begins
 * below 1 MiB, or if the e820 table of a log lists memory of the firmware, but lacks an EFI table
 * that the log names. The kernel numbers the ranges from 0 (drivers/firmware/memmap.c:
 * add_sysfs_fw_map_entry). On a running system, a gap only means that memory was removed.
 */
bool memmap_may_lack_range(const struct efimap *map);

#endif
