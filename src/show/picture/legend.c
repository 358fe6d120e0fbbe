/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Define the tones of regions, how tones are drawn, and the names of lanes. */
#include <string.h>

#include "capture/entry.h"
#include "show/picture/legend.h"

const struct plot_look plot_looks[] = {
	[PLOT_TONE_CODE] = { "runtime code", "code", "#", "\u2588", "31" },
	[PLOT_TONE_DATA] = { "runtime data", "data", "%", "\u2593", "34" },
	[PLOT_TONE_MMIO] = { "MMIO", "mmio", "@", "\u259e", "36" },
	[PLOT_TONE_BOOT] = { "boot services", "boot", "+", "\u2592", "33" },
	[PLOT_TONE_RAM] = { "RAM", "ram", ".", "\u2591", "32" },
	[PLOT_TONE_ACPI] = { "ACPI", "acpi", "&", "\u2584", "35" },
	[PLOT_TONE_RESERVED] = { "reserved", "reserved", "=", "\u259a", "90" },
	[PLOT_TONE_DEVICE] = { "device", "device", "|", "\u258c", "36" },
	[PLOT_TONE_KERNEL] = { "running kernel", "kernel", "K", "\u2590", "94" },
	[PLOT_TONE_CRASH] = { "crash kernel", "crash", "X", "\u2580", "91" },
	[PLOT_TONE_OTHER] = { "other", "other", "?", "\u2596", "37" },
	[PLOT_TONE_MIXED] = { "several kinds", "mixed", "*", "\u2599", "37" },
};

enum plot_tone plot_tone_of_entry(const struct efimap_entry *entry)
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

	return entry->type < sizeof(tones) / sizeof(tones[0]) &&
			       !(entry->missing_values & EFIMAP_MISSING_TYPE) ?
		       tones[entry->type] : PLOT_TONE_OTHER;
}

/*
 * The labels of firmware ranges are in arch/x86/kernel/e820.c: e820_type_to_string(). Labels that
 * are not in this table name devices.
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

bool plot_has_tone(const struct plot *plot, enum plot_tone tone)
{
	for (size_t i = 0; i < plot->n_lanes; i++)
		for (size_t c = 0; c < plot->lanes[i].n_cells; c++)
			if (plot->lanes[i].cells[c].tone == tone &&
			    plot->lanes[i].kind != PLOT_LANE_TABLES)
				return true;
	return false;
}

const struct plot_lane_name plot_lane_names[] = {
	[PLOT_LANE_RUNTIME] = { "RUNTIME MAP", EFIMAP_SRC_RUNTIME_MAP, "entry" },
	[PLOT_LANE_MEMMAP] = { "MEMMAP", EFIMAP_SRC_MEMMAP, "memmap" },
	[PLOT_LANE_IOMEM] = { "IOMEM", EFIMAP_SRC_IOMEM, "iomem" },
	[PLOT_LANE_TABLES] = { "TABLES", EFIMAP_SRC_KERNEL_LOG, "table" },
	[PLOT_LANE_VIRT] = { "VIRTUAL", EFIMAP_SRC_RUNTIME_MAP, "entry" },
};
