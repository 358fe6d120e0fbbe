/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the EFI memory descriptor
 *
 * Linux exports each EFI_MEMORY_DESCRIPTOR (UEFI 2.10 section 7.2.3) of the runtime map as
 * /sys/firmware/efi/runtime-map/N (arch/x86/platform/efi/runtime-map.c). Types and attributes
 * have the values that UEFI defines. Firmware may also use undefined values.
 */
#ifndef CAPTURE_ENTRY_H
#define CAPTURE_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address_span.h"

/** enum memory_type - memory type of a descriptor (EFI_MEMORY_TYPE) */
enum memory_type {
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
};

/** EFIMAP_TYPE_OEM_FIRST - first memory type for firmware vendors (OEMs) and OS loaders */
#define EFIMAP_TYPE_OEM_FIRST UINT32_C(0x70000000)

/* EFI_MEMORY_* bits of &map_entry.attribute */
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
#define EFIMAP_ATTR_ISA_VALID UINT64_C(0x4000000000000000)
#define EFIMAP_ATTR_RUNTIME UINT64_C(0x8000000000000000)

/**
 * enum virt_from - origin of the virtual address of an entry
 * @EFIMAP_VIRT_READ:      read from the source, such as sysfs or a snapshot
 * @EFIMAP_VIRT_PREDICTED: computed with the kernel's layout algorithm, because the source, such as
 *                         a kernel log, does not contain the address
 * @EFIMAP_VIRT_UNKNOWN:   unknown; the address is 0 and has no meaning
 */
enum virt_from {
	EFIMAP_VIRT_READ,
	EFIMAP_VIRT_PREDICTED,
	EFIMAP_VIRT_UNKNOWN,
};

/**
 * struct map_entry - one EFI memory descriptor
 * @index:     number of the entry, which is also the name of its directory in runtime-map
 * @type:      EFI_MEMORY_TYPE; any 32-bit value is possible
 * @phys:      physical address of the first byte
 * @virt:      virtual address of the first byte, as set with SetVirtualAddressMap()
 * @pages:     size in EFI pages of 4096 bytes
 * @attribute: EFI_MEMORY_* bits
 * @virt_from: origin of @virt
 */
struct map_entry {
	uint32_t index;
	uint32_t type;
	uint64_t phys;
	uint64_t virt;
	uint64_t pages;
	uint64_t attribute;
	enum virt_from virt_from;
};

/** EFIMAP_TYPE_NAME_SIZE - buffer size in bytes that is large enough for every type name */
#define EFIMAP_TYPE_NAME_SIZE 24

/**
 * memory_type_name() - return the name of a memory type
 * @type: any value
 * @buf:  buffer for the text of a type without a name
 *
 * Return: a static string such as "RuntimeCode" or "MMIO"; for a type without a name, @buf with a
 * text such as "type=16".
 */
const char *memory_type_name(uint32_t type, char buf[EFIMAP_TYPE_NAME_SIZE]);

/*
 * Exclusive upper limit of physical addresses (arch/x86/include/asm/page_types.h:
 * __PHYSICAL_MASK_SHIFT).
 */
#define EFIMAP_PHYS_LIMIT (UINT64_C(1) << 52)
/*
 * The EFI runtime virtual address range (arch/x86/include/asm/pgtable_64_types.h: EFI_VA_START,
 * EFI_VA_END). The kernel allocates downwards, so EFIMAP_VA_END is the lowest address of the range,
 * and EFIMAP_VA_START is its exclusive upper end.
 */
#define EFIMAP_VA_START UINT64_C(0xffffffff00000000)
#define EFIMAP_VA_END UINT64_C(0xffffffef00000000)

static inline bool is_in_efi_va_range(uint64_t address)
{
	return address >= EFIMAP_VA_END && address < EFIMAP_VA_START;
}

/*
 * Return whether an address is in or above the EFI runtime virtual address range, and therefore
 * cannot be physical. 2^64 - 1 is excluded, because it stands for a missing address.
 */
static inline bool address_is_virtual(uint64_t address)
{
	return address >= EFIMAP_VA_END && address != UINT64_MAX;
}

/*
 * Lowest address of the kernel's half of the address space with 5-level paging
 * (Documentation/arch/x86/x86_64/mm.rst). With 4-level paging, the kernel's half begins at a higher
 * address.
 */
#define EFIMAP_KERNEL_FIRST UINT64_C(0xff00000000000000)
/*
 * Lowest address that a 32-bit kernel can reserve for itself (arch/x86/Kconfig: PAGE_OFFSET with
 * VMSPLIT_1G). The default is 0xc0000000.
 */
#define EFIMAP_KERNEL_32_FIRST UINT64_C(0x40000000)

#define EFIMAP_TYPE_FIRST_UNDEFINED 16

/*
 * Compute the physical range of an entry. Return 0; -EINVAL if the size is 0; or -EOVERFLOW if the
 * range would end above 2^64 - 1.
 */
static inline int entry_phys(const struct map_entry *entry, struct span *ret_span)
{
	return span_from_pages(entry->phys, entry->pages, ret_span);
}

/*
 * The kernel's EFI_PAGES_MAX. Linux accepts only descriptors whose page numbers are all lower than
 * this limit.
 */
#define EFIMAP_PAGES_MAX (UINT64_MAX / EFIMAP_PAGE_SIZE)

/*
 * Return whether Linux accepts the descriptor (arch/x86/platform/efi/efi.c:
 * efi_memmap_entry_valid). Linux removes descriptors without pages, and descriptors that reach the
 * last page below 2^64.
 */
static inline bool entry_is_valid(const struct map_entry *entry)
{
	struct span span;

	return entry_phys(entry, &span) == 0 &&
	       entry->pages <= EFIMAP_PAGES_MAX - entry->phys / EFIMAP_PAGE_SIZE;
}

/*
 * Compute the virtual range of an entry. Return 0; -EINVAL if the size is 0 or the virtual address
 * is unknown; or -EOVERFLOW if the range would end above 2^64 - 1.
 */
static inline int entry_virt(const struct map_entry *entry, struct span *ret_span)
{
	if (entry->virt_from == EFIMAP_VIRT_UNKNOWN)
		return -EINVAL;
	return span_from_pages(entry->virt, entry->pages, ret_span);
}

typedef bool covers_fn(const struct map_entry *entry, uint64_t address);

static inline bool entry_covers_phys(const struct map_entry *entry, uint64_t address)
{
	struct span span;

	return entry_phys(entry, &span) == 0 && span_has(span, address);
}

static inline bool entry_covers_virt(const struct map_entry *entry, uint64_t address)
{
	struct span span;

	return entry_virt(entry, &span) == 0 && span_has(span, address);
}

static inline bool entry_is_runtime(const struct map_entry *entry)
{
	return entry->attribute & EFIMAP_ATTR_RUNTIME;
}

static inline bool entry_is_boot_services(const struct map_entry *entry)
{
	return entry->type == EFIMAP_TYPE_BOOT_CODE || entry->type == EFIMAP_TYPE_BOOT_DATA;
}

static inline bool entry_is_runtime_services(const struct map_entry *entry)
{
	return entry->type == EFIMAP_TYPE_RUNTIME_CODE || entry->type == EFIMAP_TYPE_RUNTIME_DATA;
}

/*
 * Return whether the values of two entries are equal. The index, which may differ between two maps,
 * and the origin of the virtual address are not compared.
 */
static inline bool entries_are_equal(const struct map_entry *left, const struct map_entry *right)
{
	return left->phys == right->phys && left->virt == right->virt &&
	       left->pages == right->pages && left->type == right->type &&
	       left->attribute == right->attribute;
}

static inline bool entry_is_identity(const struct map_entry *entry)
{
	return entry->virt == entry->phys && entry->virt_from != EFIMAP_VIRT_UNKNOWN;
}

/* Add the size of an entry. The sum saturates, because an invalid map can exceed 2^64 bytes. */
static inline void add_bytes(uint64_t *bytes, const struct map_entry *entry)
{
	uint64_t size;

	if (__builtin_mul_overflow(entry->pages, EFIMAP_PAGE_SIZE, &size) ||
	    __builtin_add_overflow(*bytes, size, bytes))
		*bytes = UINT64_MAX;
}

/* Ignore offsets within pages. The caller checks whether the virtual address is known. */
static inline bool entry_is_identity_by_page(const struct map_entry *entry)
{
	return page_start(entry->virt) == page_start(entry->phys);
}

int entry_order(const void *a, const void *b);

/*
 * An attribute bit. @name is its abbreviation in the kernel log (drivers/firmware/efi/efi.c:
 * efi_md_typeattr_format), or "ISA" for EFIMAP_ATTR_ISA_VALID, which the kernel does not log.
 */
struct attr_name {
	uint64_t bit;
	const char *name;
};

/* The known attribute bits in the order of the kernel log. The @bit of the last element is 0. */
extern const struct attr_name attr_names[];

#define EFIMAP_ATTR_NAME_SIZE 24

/*
 * Return the name of the next attribute bit in @rest in the order of the kernel log, or NULL if no
 * bits remain.
 *
 * @rest: the remaining bits; the function clears the bits whose name it returns. The bits without
 *        a name come last, and are returned together as one number "0x…".
 * @buf:  buffer for the text of the bits without a name
 */
const char *attr_next_name(uint64_t *rest, char buf[EFIMAP_ATTR_NAME_SIZE]);

#endif
