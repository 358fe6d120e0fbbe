/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What colour a region has: one table for EFI types, one for labels. */
#include <string.h>

#include "plot/draw.h"

enum plot_tone plot_tone_of_type(uint32_t type)
{
	static const enum plot_tone tones[] = {
		[EFIMAP_TYPE_RESERVED] = PLOT_TONE_RESERVED,
		[EFIMAP_TYPE_LOADER_CODE] = PLOT_TONE_RAM,
		[EFIMAP_TYPE_LOADER_DATA] = PLOT_TONE_RAM,
		[EFIMAP_TYPE_BOOT_CODE] = PLOT_TONE_BOOT,
		[EFIMAP_TYPE_BOOT_DATA] = PLOT_TONE_BOOT,
		[EFIMAP_TYPE_RUNTIME_CODE] = PLOT_TONE_CODE,
		[EFIMAP_TYPE_RUNTIME_DATA] = PLOT_TONE_DATA,
		[EFIMAP_TYPE_CONVENTIONAL] = PLOT_TONE_RAM,
		[EFIMAP_TYPE_UNUSABLE] = PLOT_TONE_RESERVED,
		[EFIMAP_TYPE_ACPI_RECLAIM] = PLOT_TONE_ACPI,
		[EFIMAP_TYPE_ACPI_NVS] = PLOT_TONE_ACPI,
		[EFIMAP_TYPE_MMIO] = PLOT_TONE_MMIO,
		[EFIMAP_TYPE_MMIO_PORT] = PLOT_TONE_MMIO,
		[EFIMAP_TYPE_PAL_CODE] = PLOT_TONE_CODE,
		[EFIMAP_TYPE_PERSISTENT] = PLOT_TONE_RAM,
		[EFIMAP_TYPE_UNACCEPTED] = PLOT_TONE_RAM,
	};

	return type < sizeof(tones) / sizeof(tones[0]) ? tones[type] : PLOT_TONE_OTHER;
}

/*
 * By the first words: kernel/resource.c and arch/x86/kernel/e820.c: e820_type_to_string
 * have the fixed ones, drivers the rest.
 */
enum plot_tone plot_tone_of_label(const char *label)
{
	static const struct {
		const char *prefix;
		enum plot_tone tone;
	} rows[] = {
		{ "System RAM", PLOT_TONE_RAM },
		{ "Reserved", PLOT_TONE_RESERVED },
		{ "reserved", PLOT_TONE_RESERVED },
		{ "ACPI ", PLOT_TONE_ACPI },
		{ "Persistent Memory", PLOT_TONE_RAM },
		{ "Soft Reserved", PLOT_TONE_RAM },
		{ "Unusable memory", PLOT_TONE_RESERVED },
		{ "Unknown E820 type", PLOT_TONE_OTHER },
		{ "Kernel ", PLOT_TONE_KERNEL },
		{ "Crash kernel", PLOT_TONE_CRASH },
		{ "RAM buffer", PLOT_TONE_OTHER },
		{ "", PLOT_TONE_DEVICE },
	};
	size_t i = 0;

	while (strncmp(label, rows[i].prefix, strlen(rows[i].prefix)) != 0)
		i++;
	return rows[i].tone;
}

const char *plot_tone_words(enum plot_tone tone)
{
	static const char *const words[] = {
		[PLOT_TONE_CODE] = "runtime code",
		[PLOT_TONE_DATA] = "runtime data",
		[PLOT_TONE_MMIO] = "MMIO",
		[PLOT_TONE_BOOT] = "boot services",
		[PLOT_TONE_RAM] = "RAM",
		[PLOT_TONE_ACPI] = "ACPI",
		[PLOT_TONE_RESERVED] = "reserved",
		[PLOT_TONE_DEVICE] = "device",
		[PLOT_TONE_KERNEL] = "running kernel",
		[PLOT_TONE_CRASH] = "crash kernel",
		[PLOT_TONE_OTHER] = "other",
		[PLOT_TONE_MIXED] = "several kinds",
	};

	return words[tone];
}
