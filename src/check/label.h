/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the labels of memmap and iomem mean for memory of the firmware. Knows no rule. */
#ifndef CHECK_LABEL_H
#define CHECK_LABEL_H

#include <stdbool.h>
#include <string.h>

static inline bool label_begins(const char *label, const char *with)
{
	return strncmp(label, with, strlen(with)) == 0;
}

/* arch/x86/kernel/e820.c: e820_type_to_string; lower case before 4.11, "device" from 6.17 */
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

/* Free for the kernel; whole, for "System RAM (kmem)" is something else. */
static inline bool label_is_ram(const char *label)
{
	return strcmp(label, "System RAM") == 0;
}

/* What keeps kernels off memory that belongs to the firmware. */
static inline bool label_is_firmware(const char *label)
{
	return label_is_reserved(label) || label_is_acpi(label);
}

/* Memory that the kernel hands to a driver: nvdimm, device-dax. */
static inline bool label_is_handed_out(const char *label)
{
	return label_begins(label, "Persistent Memory") ||
	       strcmp(label, "Soft Reserved") == 0;
}

#endif
