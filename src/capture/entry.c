/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names of memory types and attribute bits, and the order of entries. */
#include <stdio.h>

#include "base/sort.h"
#include "capture/entry.h"

/* Short names of the types in EFI_MEMORY_TYPE (UEFI 2.10, table 7.10). */
static const char *const type_names[EFIMAP_TYPE_FIRST_UNDEFINED] = {
	[EFIMAP_TYPE_RESERVED] = "Reserved",	    [EFIMAP_TYPE_LOADER_CODE] = "LoaderCode",
	[EFIMAP_TYPE_LOADER_DATA] = "LoaderData",   [EFIMAP_TYPE_BOOT_CODE] = "BootCode",
	[EFIMAP_TYPE_BOOT_DATA] = "BootData",	    [EFIMAP_TYPE_RUNTIME_CODE] = "RuntimeCode",
	[EFIMAP_TYPE_RUNTIME_DATA] = "RuntimeData", [EFIMAP_TYPE_CONVENTIONAL] = "Conventional",
	[EFIMAP_TYPE_UNUSABLE] = "Unusable",	    [EFIMAP_TYPE_ACPI_RECLAIM] = "ACPIReclaim",
	[EFIMAP_TYPE_ACPI_NVS] = "ACPINVS",	    [EFIMAP_TYPE_MMIO] = "MMIO",
	[EFIMAP_TYPE_MMIO_PORT] = "MMIOPort",	    [EFIMAP_TYPE_PAL_CODE] = "PALCode",
	[EFIMAP_TYPE_PERSISTENT] = "Persistent",    [EFIMAP_TYPE_UNACCEPTED] = "Unaccepted",
};

const struct attr_name attr_names[] = {
	{ EFIMAP_ATTR_RUNTIME, "RUN" },
	{ EFIMAP_ATTR_HOT_PLUGGABLE, "HP" },
	{ EFIMAP_ATTR_MORE_RELIABLE, "MR" },
	{ EFIMAP_ATTR_CPU_CRYPTO, "CC" },
	{ EFIMAP_ATTR_SP, "SP" },
	{ EFIMAP_ATTR_NV, "NV" },
	{ EFIMAP_ATTR_XP, "XP" },
	{ EFIMAP_ATTR_RP, "RP" },
	{ EFIMAP_ATTR_WP, "WP" },
	{ EFIMAP_ATTR_RO, "RO" },
	{ EFIMAP_ATTR_UCE, "UCE" },
	{ EFIMAP_ATTR_WB, "WB" },
	{ EFIMAP_ATTR_WT, "WT" },
	{ EFIMAP_ATTR_WC, "WC" },
	{ EFIMAP_ATTR_UC, "UC" },
	{ EFIMAP_ATTR_ISA_VALID, "ISA" },
	{ 0, NULL },
};

const char *memory_type_name(uint32_t type, char buf[EFIMAP_TYPE_NAME_SIZE])
{
	if (type < EFIMAP_TYPE_FIRST_UNDEFINED)
		return type_names[type];
	snprintf(buf, EFIMAP_TYPE_NAME_SIZE, "type=%u", type);
	return buf;
}

const char *attr_next_name(uint64_t *rest, char buf[EFIMAP_ATTR_NAME_SIZE])
{
	for (const struct attr_name *name = attr_names; name->bit; name++)
		if (*rest & name->bit) {
			*rest &= ~name->bit;
			return name->name;
		}
	if (!*rest)
		return NULL;
	snprintf(buf, EFIMAP_ATTR_NAME_SIZE, "0x%llx", (unsigned long long)*rest);
	*rest = 0;
	return buf;
}

int entry_order(const void *a, const void *b)
{
	const struct map_entry *left = a, *right = b;

	return order_u64(left->phys, right->phys) ?:
	       order_u64(left->virt, right->virt) ?:
	       order_u64(left->pages, right->pages) ?:
	       order_u64(left->type, right->type) ?:
	       order_u64(left->attribute, right->attribute) ?:
	       order_u64(left->index, right->index);
}
