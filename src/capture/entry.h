/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the EFI memory descriptor
 *
 * What it is lies in <efimap/entry.h>, for programs that use the library as for us. Here
 * is what only the rooms ask of one.
 */
#ifndef CAPTURE_ENTRY_H
#define CAPTURE_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <efimap/entry.h>

#include "base/address_span.h"

/** EFIMAP_MISSING_* - bits of @missing_values: values of a torn entry that could not be read */
#define EFIMAP_MISSING_TYPE 1U
#define EFIMAP_MISSING_ATTRIBUTE 2U
#define EFIMAP_MISSING_PHYS 4U
#define EFIMAP_MISSING_VIRT 8U
#define EFIMAP_MISSING_PAGES 16U

/**
 * EFIMAP_PHYS_LIMIT - what an address of the page tables can reach, exclusive: 2^52 bytes
 * (arch/x86/include/asm/page_types.h: __PHYSICAL_MASK_SHIFT)
 */
#define EFIMAP_PHYS_LIMIT (UINT64_C(1) << 52)
/** EFIMAP_VA_START - exclusive top of the EFI window (pgtable_64_types.h: EFI_VA_START) */
#define EFIMAP_VA_START UINT64_C(0xffffffff00000000)
/** EFIMAP_VA_END - lowest address of the EFI window (pgtable_64_types.h: EFI_VA_END) */
#define EFIMAP_VA_END UINT64_C(0xffffffef00000000)

/** efimap_is_in_efi_va_range() - in the EFI window, where Linux maps the firmware? */
static inline bool efimap_is_in_efi_va_range(uint64_t address)
{
	return address >= EFIMAP_VA_END && address < EFIMAP_VA_START;
}

/**
 * efimap_is_virtual() - is it an address that only SetVirtualAddressMap makes of one of the
 * firmware's? No memory lies so high. 2^64 - 1 is none: whoever has no address says it.
 */
static inline bool efimap_is_virtual(uint64_t address)
{
	return address >= EFIMAP_VA_END && address != UINT64_MAX;
}

/**
 * EFIMAP_KERNEL_FIRST - lowest address of the kernel's half with 5 levels of page tables
 * (Documentation/arch/x86/x86_64/mm.rst); with 4 nothing canonical lies below its half
 */
#define EFIMAP_KERNEL_FIRST UINT64_C(0xff00000000000000)
/**
 * EFIMAP_KERNEL_32_FIRST - lowest address that a 32-bit kernel can keep for itself
 * (arch/x86/Kconfig: PAGE_OFFSET with VMSPLIT_1G); mostly it is 0xc0000000
 */
#define EFIMAP_KERNEL_32_FIRST UINT64_C(0x40000000)

#define EFIMAP_TYPE_FIRST_UNDEFINED 16

#define EFIMAP_ATTR_CACHE                                                                  \
	(EFIMAP_ATTR_UC | EFIMAP_ATTR_WC | EFIMAP_ATTR_WT | EFIMAP_ATTR_WB | EFIMAP_ATTR_UCE)

/** efimap_entry_phys() - its physical range */
static inline int efimap_entry_phys(const struct efimap_entry *entry,
				    struct efimap_span *ret_span)
{
	if (entry->missing_values & (EFIMAP_MISSING_PHYS | EFIMAP_MISSING_PAGES))
		return -EINVAL;
	return efimap_span_from_pages(entry->phys, entry->pages, ret_span);
}

/** EFIMAP_PAGES_MAX - pages that Linux allows below the end of a descriptor: EFI_PAGES_MAX */
#define EFIMAP_PAGES_MAX (UINT64_MAX / EFIMAP_PAGE_SIZE)

/**
 * efimap_entry_is_valid() - does Linux keep the descriptor? It removes a descriptor without
 * pages, and one that reaches the last page below 2^64
 * (arch/x86/platform/efi/efi.c: efi_memmap_entry_valid).
 */
static inline bool efimap_entry_is_valid(const struct efimap_entry *entry)
{
	struct efimap_span span;

	return efimap_entry_phys(entry, &span) == 0 &&
	       entry->pages <= EFIMAP_PAGES_MAX - entry->phys / EFIMAP_PAGE_SIZE;
}

/** efimap_entry_virt() - its virtual range; as efimap_entry_phys(), and -EINVAL when its
 *  address is not known */
static inline int efimap_entry_virt(const struct efimap_entry *entry,
				    struct efimap_span *ret_span)
{
	if (entry->virt_from == EFIMAP_VIRT_UNKNOWN ||
	    entry->missing_values & (EFIMAP_MISSING_VIRT | EFIMAP_MISSING_PAGES))
		return -EINVAL;
	return efimap_span_from_pages(entry->virt, entry->pages, ret_span);
}

typedef bool efimap_covers_fn(const struct efimap_entry *entry, uint64_t address);

/** efimap_entry_covers_phys() - is this address in its physical range? */
static inline bool efimap_entry_covers_phys(const struct efimap_entry *entry, uint64_t address)
{
	struct efimap_span span;

	return efimap_entry_phys(entry, &span) == 0 && efimap_span_has(span, address);
}

/** efimap_entry_covers_virt() - is this address in its virtual range? */
static inline bool efimap_entry_covers_virt(const struct efimap_entry *entry, uint64_t address)
{
	struct efimap_span span;

	return efimap_entry_virt(entry, &span) == 0 && efimap_span_has(span, address);
}

static inline bool efimap_entry_is_runtime(const struct efimap_entry *entry)
{
	return entry->attribute & EFIMAP_ATTR_RUNTIME;
}

static inline bool efimap_entry_is_boot_services(const struct efimap_entry *entry)
{
	return entry->type == EFIMAP_TYPE_BOOT_CODE || entry->type == EFIMAP_TYPE_BOOT_DATA;
}

/** efimap_entry_is_kept() - boot services memory that Linux marked for itself */
static inline bool efimap_entry_is_kept(const struct efimap_entry *entry)
{
	return efimap_entry_is_boot_services(entry) && efimap_entry_is_runtime(entry);
}

/** efimap_entry_is_runtime_services() - type 5 or 6; vendors' types are neither */
static inline bool efimap_entry_is_runtime_services(const struct efimap_entry *entry)
{
	return entry->type == EFIMAP_TYPE_RUNTIME_CODE ||
	       entry->type == EFIMAP_TYPE_RUNTIME_DATA;
}

static inline bool efimap_entry_is_identity(const struct efimap_entry *entry)
{
	return entry->virt == entry->phys && entry->virt_from != EFIMAP_VIRT_UNKNOWN;
}

/** efimap_add_bytes() - of an entry; stays at 2^64-1: a map can claim more than there is */
static inline void efimap_add_bytes(uint64_t *bytes, const struct efimap_entry *entry)
{
	uint64_t size;

	if (__builtin_mul_overflow(entry->pages, EFIMAP_PAGE_SIZE, &size) ||
	    __builtin_add_overflow(*bytes, size, bytes))
		*bytes = UINT64_MAX;
}

/** efimap_entry_is_identity_by_page() - the same but for where in their pages both begin */
static inline bool efimap_entry_is_identity_by_page(const struct efimap_entry *entry)
{
	return efimap_page_start(entry->virt) == efimap_page_start(entry->phys);
}

/** efimap_entry_order() - for qsort(): by what they say; the index decides last */
int efimap_entry_order(const void *a, const void *b);

/**
 * struct efimap_attr_name - one attribute bit
 * @name: as the kernel's log abbreviates it (drivers/firmware/efi/efi.c:
 *        efi_md_typeattr_format), "RUN", "WB"
 */
struct efimap_attr_name {
	uint64_t bit;
	const char *name;
};

/** efimap_attr_names - the known bits in the order of the kernel's log; ends with bit 0 */
extern const struct efimap_attr_name efimap_attr_names[];

uint64_t efimap_attr_unknown(uint64_t attribute);

#define EFIMAP_ATTR_NAME_SIZE 24

/**
 * efimap_attr_next_name() - the next name in an attribute mask, in the order of the kernel's
 * log
 * @rest: the bits not yet named; those that have no name come last, as one "0x…"
 * @buf:  for the bits without a name
 *
 * Return: NULL after the last.
 */
const char *efimap_attr_next_name(uint64_t *rest, char buf[EFIMAP_ATTR_NAME_SIZE]);

#endif
