/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the EFI memory descriptor
 *
 * UEFI 2.10 section 7.2.3 (EFI_MEMORY_DESCRIPTOR), as Linux exports it under
 * /sys/firmware/efi/runtime-map/N (arch/x86/platform/efi/runtime-map.c).
 */
#ifndef MODEL_ENTRY_H
#define MODEL_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

/**
 * EFIMAP_PHYS_LIMIT - what an address of the page tables can reach, exclusive: 2^52 bytes
 * (arch/x86/include/asm/page_types.h: __PHYSICAL_MASK_SHIFT)
 */
#define EFIMAP_PHYS_LIMIT (UINT64_C(1) << 52)
/** EFIMAP_VA_START - exclusive top of the EFI window (pgtable_64_types.h: EFI_VA_START) */
#define EFIMAP_VA_START UINT64_C(0xffffffff00000000)
/** EFIMAP_VA_END - lowest address of the EFI window (pgtable_64_types.h: EFI_VA_END) */
#define EFIMAP_VA_END UINT64_C(0xffffffef00000000)

/** efimap_is_in_window() - in the EFI window, where Linux maps the firmware? */
static inline bool efimap_is_in_window(uint64_t address)
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

/** enum efimap_type - EFI_MEMORY_TYPE */
enum efimap_type {
	EFIMAP_TYPE_RESERVED = 0,
	EFIMAP_TYPE_LOADER_CODE = 1,
	EFIMAP_TYPE_LOADER_DATA = 2,
	EFIMAP_TYPE_BOOT_CODE = 3,
	EFIMAP_TYPE_BOOT_DATA = 4,
	EFIMAP_TYPE_RUNTIME_CODE = 5,
	EFIMAP_TYPE_RUNTIME_DATA = 6,
	EFIMAP_TYPE_CONVENTIONAL = 7,
	EFIMAP_TYPE_UNUSABLE = 8,
	EFIMAP_TYPE_ACPI_RECLAIM = 9,
	EFIMAP_TYPE_ACPI_NVS = 10,
	EFIMAP_TYPE_MMIO = 11,
	EFIMAP_TYPE_MMIO_PORT = 12,
	EFIMAP_TYPE_PAL_CODE = 13,
	EFIMAP_TYPE_PERSISTENT = 14,
	EFIMAP_TYPE_UNACCEPTED = 15,
	EFIMAP_TYPE_FIRST_UNDEFINED = 16,
};

#define EFIMAP_TYPE_OEM_FIRST UINT32_C(0x70000000)
#define EFIMAP_TYPE_OS_LOADER_FIRST UINT32_C(0x80000000)

#define EFIMAP_ATTR_UC UINT64_C(0x1)
#define EFIMAP_ATTR_WC UINT64_C(0x2)
#define EFIMAP_ATTR_WT UINT64_C(0x4)
#define EFIMAP_ATTR_WB UINT64_C(0x8)
#define EFIMAP_ATTR_UCE UINT64_C(0x10)
#define EFIMAP_ATTR_WP UINT64_C(0x1000)
#define EFIMAP_ATTR_RP UINT64_C(0x2000)
#define EFIMAP_ATTR_XP UINT64_C(0x4000)
#define EFIMAP_ATTR_NV UINT64_C(0x8000)
#define EFIMAP_ATTR_MORE_RELIABLE UINT64_C(0x10000)
#define EFIMAP_ATTR_RO UINT64_C(0x20000)
#define EFIMAP_ATTR_SP UINT64_C(0x40000)
#define EFIMAP_ATTR_CPU_CRYPTO UINT64_C(0x80000)
#define EFIMAP_ATTR_HOT_PLUGGABLE UINT64_C(0x100000)
#define EFIMAP_ATTR_ISA_MASK UINT64_C(0x0ffff00000000000)
#define EFIMAP_ATTR_ISA_VALID UINT64_C(0x4000000000000000)
#define EFIMAP_ATTR_RUNTIME UINT64_C(0x8000000000000000)

/** EFIMAP_ATTR_CACHE - the cacheability bits */
#define EFIMAP_ATTR_CACHE                                                                  \
	(EFIMAP_ATTR_UC | EFIMAP_ATTR_WC | EFIMAP_ATTR_WT | EFIMAP_ATTR_WB | EFIMAP_ATTR_UCE)

/**
 * enum efimap_virt_from - how the virtual address of an entry is known
 * @EFIMAP_VIRT_READ:      somebody read it: sysfs, a snapshot of it, a crash dump
 * @EFIMAP_VIRT_PREDICTED: computed with the kernel's layout algorithm, because a kernel's
 *                         log does not tell it; right as long as the log was whole
 * @EFIMAP_VIRT_UNKNOWN:   not known; the number is 0 and means nothing
 */
enum efimap_virt_from {
	EFIMAP_VIRT_READ,
	EFIMAP_VIRT_PREDICTED,
	EFIMAP_VIRT_UNKNOWN,
};

/**
 * struct efimap_entry - one descriptor
 * @index:     its number, the name of its directory under runtime-map
 * @type:      EFI_MEMORY_TYPE, any 32-bit value
 * @phys:      physical start
 * @virt:      virtual start, as the firmware was told by SetVirtualAddressMap
 * @pages:     size in EFI pages of 4096 bytes
 * @attribute: EFI_MEMORY_* bits
 * @virt_from: how @virt is known; 0, which is what every reader of values leaves it at, is
 *             EFIMAP_VIRT_READ
 * @unused:    0; it leaves no padding, so that entries can be compared as bytes
 */
struct efimap_entry {
	uint32_t index;
	uint32_t type;
	uint64_t phys;
	uint64_t virt;
	uint64_t pages;
	uint64_t attribute;
	enum efimap_virt_from virt_from;
	uint32_t unused;
};

/**
 * efimap_entry_phys() - its physical range
 *
 * Return: 0, -EINVAL when it has no pages, -EOVERFLOW when it wraps.
 */
static inline int efimap_entry_phys(const struct efimap_entry *entry,
				    struct efimap_span *ret_span)
{
	return efimap_span_from_pages(entry->phys, entry->pages, ret_span);
}

/** efimap_entry_virt() - its virtual range; as efimap_entry_phys(), and -EINVAL when its
 *  address is not known */
static inline int efimap_entry_virt(const struct efimap_entry *entry,
				    struct efimap_span *ret_span)
{
	if (entry->virt_from == EFIMAP_VIRT_UNKNOWN)
		return -EINVAL;
	return efimap_span_from_pages(entry->virt, entry->pages, ret_span);
}

/** efimap_entry_is_runtime() - does it carry EFI_MEMORY_RUNTIME? */
static inline bool efimap_entry_is_runtime(const struct efimap_entry *entry)
{
	return entry->attribute & EFIMAP_ATTR_RUNTIME;
}

/** efimap_entry_is_boot_services() - type 3 or 4 */
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

/** efimap_entry_is_identity() - mapped onto itself */
static inline bool efimap_entry_is_identity(const struct efimap_entry *entry)
{
	return entry->virt == entry->phys && entry->virt_from != EFIMAP_VIRT_UNKNOWN;
}

/** efimap_entry_is_identity_by_page() - the same but for where in their pages both begin */
static inline bool efimap_entry_is_identity_by_page(const struct efimap_entry *entry)
{
	return efimap_page_start(entry->virt) == efimap_page_start(entry->phys);
}

/** EFIMAP_TYPE_NAME_SIZE - enough for every type name */
#define EFIMAP_TYPE_NAME_SIZE 24

/**
 * efimap_type_name() - "RuntimeCode", "MMIO", …; "type=16" for one that has no name
 * @type: any value
 * @buf:  used for types without a name
 *
 * Return: @buf or a static string.
 */
const char *efimap_type_name(uint32_t type, char buf[EFIMAP_TYPE_NAME_SIZE]);

/**
 * struct efimap_attr_name - one attribute bit
 * @bit:  the mask
 * @name: as the kernel's log abbreviates it (drivers/firmware/efi/efi.c:
 *        efi_md_typeattr_format), "RUN", "WB"
 * @uefi: the name in the UEFI specification, "EFI_MEMORY_RUNTIME"
 */
struct efimap_attr_name {
	uint64_t bit;
	const char *name;
	const char *uefi;
};

/** efimap_attr_names - the known bits in the order of the kernel's log; ends with bit 0 */
extern const struct efimap_attr_name efimap_attr_names[];

/** efimap_attr_unknown() - those bits of @attribute that UEFI does not define */
uint64_t efimap_attr_unknown(uint64_t attribute);

/** EFIMAP_ATTR_NAME_SIZE - enough for bits that have no name */
#define EFIMAP_ATTR_NAME_SIZE 24

/**
 * efimap_attr_next_name() - the next name in an attribute mask, in the order of the kernel's
 * log
 * @rest: the bits not yet named; those that have no name come last, as one "0x…"
 * @from: row of efimap_attr_names to start at, 0 at first
 * @buf:  for the bits without a name
 *
 * Return: NULL after the last.
 */
const char *efimap_attr_next_name(uint64_t *rest, size_t *from,
				  char buf[EFIMAP_ATTR_NAME_SIZE]);

#endif
