/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the EFI memory descriptor
 *
 * Linux exports each EFI_MEMORY_DESCRIPTOR (UEFI 2.10 section 7.2.3) of the runtime map as
 * /sys/firmware/efi/runtime-map/N (arch/x86/platform/efi/runtime-map.c). Types and attributes
 * have the values that UEFI defines. Firmware may also use undefined values.
 */
#ifndef EFIMAP_ENTRY_H
#define EFIMAP_ENTRY_H

#include <stdint.h>

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

#endif
