/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Determine from memmap and iomem the memory that a loader may use. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/sort.h"
#include "capture/installed_kernels.h"
#include "infer/architecture.h"
#include "infer/load_limits.h"
#include "infer/runtime_services_off.h"
#include "linux/encode_setup_data.h"
#include "linux/kexec_memory.h"

/*
 * kexec-tools backs up the first range of System RAM that ends at or below this address or, without
 * such a range, all memory below this address (crashdump-x86.c: get_backup_area()).
 */
#define LOW_RAM_END UINT64_C(0xa0000)
/* Number of bytes of proc/cmdline that kexec-tools reads (kexec-x86-common.c: efi_map_added()). */
#define CMDLINE_READ 511

const char *unplaced_text(enum unplaced reason)
{
	static const char *const texts[] = {
		[EFIMAP_PLACED] = "",
		[EFIMAP_UNPLACED_NO_MEMMAP] = "sys/firmware/memmap was not read",
		[EFIMAP_UNPLACED_NO_IOMEM] = "proc/iomem was not read",
		[EFIMAP_UNPLACED_MASKED_IOMEM] = "the kernel hides the addresses in proc/iomem",
		[EFIMAP_UNPLACED_CUT_IOMEM] = "proc/iomem is incomplete",
		[EFIMAP_UNPLACED_OVERLAP] = "ranges of System RAM overlap",
		[EFIMAP_UNPLACED_NO_RAM] = "no System RAM is listed",
		[EFIMAP_UNPLACED_NOT_RESERVED] = "iomem lists no memory of a crash kernel",
		[EFIMAP_UNPLACED_ARCHITECTURE] = "the running kernel is not for x86-64",
		[EFIMAP_UNPLACED_RELEASE] = "the release of the running kernel is unknown",
		[EFIMAP_UNPLACED_NO_SIZE] =
			"the kernel image does not specify a valid size and alignment",
		[EFIMAP_UNPLACED_IMAGE] =
			"the kernel image lacks XLF_KERNEL_64 or XLF_CAN_BE_LOADED_ABOVE_4G",
		[EFIMAP_UNPLACED_MIXED_MODE] =
			"kexec -s rejects all kernels if EFI runtime services are 32-bit",
		[EFIMAP_UNPLACED_FIVE_LEVELS] =
			"5-level paging is enabled, but the kernel image does not support it",
		[EFIMAP_UNPLACED_KHO] =
			"Kexec HandOver (KHO) is enabled, and its scratch areas are unknown",
		[EFIMAP_UNPLACED_CMA] = "the CMA area that kexec -s uses is unknown",
		[EFIMAP_UNPLACED_NO_ROOM] = "no free memory range is large enough",
		[EFIMAP_UNPLACED_PARTIAL_LOG] = "the kernel log may lack segments of the load",
	};

	return texts[reason];
}

bool is_passed_range(const char *name)
{
	static const char *const names[] = {
		"ACPI Tables",
		"ACPI Non-volatile Storage",
		"Persistent Memory (legacy)",
		"Persistent Memory",
		"Reserved",
		"reserved",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static void take_memmap(const struct efimap *map, struct load_memory *memory)
{
	auto_free struct sort_key *keys = array_new(map->n_memmap, sizeof(*keys));
	size_t count = 0;

	memory->ram = array_new(map->n_memmap, sizeof(*memory->ram));
	for (size_t i = 0; i < map->n_memmap; i++)
		if (range_is_ram(&map->memmap[i]))
			keys[count++] = (struct sort_key){ map->memmap[i].start, (uint32_t)i };
	sort_keys(keys, count);
	for (size_t i = 0; i < count; i++)
		memory->ram[i] = map->memmap[keys[i].index].span;
	memory->n_ram = count;
	memory->n_e820 = map->n_memmap;
}

/*
 * Return whether a line of iomem is inside the line of System RAM above it. If a reservation for a
 * crash kernel shrinks, the kernel lists the freed part there. Its own walks of System RAM do not
 * enter a line.
 */
static bool is_freed_part(const struct resource *line, const struct span *ram, size_t n_ram)
{
	return line->depth > 0 && n_ram > 0 && span_contains(ram[n_ram - 1], line->span);
}

static enum unplaced find_iomem_reason(const struct efimap *map)
{
	if (map->states[EFIMAP_SRC_IOMEM] == EFIMAP_STATE_MASKED)
		return EFIMAP_UNPLACED_MASKED_IOMEM;
	return capture_has(map, EFIMAP_SRC_IOMEM) ? EFIMAP_PLACED : EFIMAP_UNPLACED_NO_IOMEM;
}

static void take_ranges(const struct efimap *map, struct load_memory *memory)
{
	static const char word[] = "add_efi_memmap";
	/* kexec-tools finds the word even inside another parameter. */
	const char *at = strstr(map->cmdline, word);
	const bool is_efi_map_added =
		at && (size_t)(at - map->cmdline) + strlen(word) <= CMDLINE_READ;

	if (memory->loader == EFIMAP_LOADER_KEXEC_TOOLS && !is_efi_map_added) {
		if (has_all_of(map, EFIMAP_SRC_MEMMAP)) {
			take_memmap(map, memory);
			return;
		}
		if (capture_lacks(map, EFIMAP_SRC_MEMMAP)) {
			memory->reason = EFIMAP_UNPLACED_NO_MEMMAP;
			return;
		}
	}
	memory->reason = find_iomem_reason(map);
	if (memory->reason == EFIMAP_PLACED && iomem_lacks_lines(map))
		memory->reason = EFIMAP_UNPLACED_CUT_IOMEM;
	if (memory->reason != EFIMAP_PLACED)
		return;
	memory->ram = array_new(map->n_iomem, sizeof(*memory->ram));
	for (size_t i = 0; i < map->n_iomem; i++) {
		const struct resource *line = &map->iomem[i];

		if (label_is_ram(line->name) && is_freed_part(line, memory->ram, memory->n_ram))
			continue;
		if (label_is_ram(line->name))
			memory->ram[memory->n_ram++] = line->span;
		memory->n_e820 += label_is_ram(line->name) || is_passed_range(line->name);
	}
}

/*
 * Set the members of @memory that concern a crash kernel. Both loaders use the highest reserved
 * region (crashdump-x86.c: get_crash_memory_ranges(), get_crash_kernel_load_range()).
 */
static void take_crash(const struct efimap *map, struct load_memory *memory)
{
	struct span ram = { 0 };
	bool has_low = false;

	memory->crash_reason = find_iomem_reason(map);
	/* A log shows where the memory is, but not which ranges a dump contains. */
	for (size_t i = 0; i < kexec_of(map)->n_log_crash; i++)
		if (memory->crash_reason == EFIMAP_UNPLACED_NO_IOMEM &&
		    kexec_of(map)->log_crash[i].last > memory->crash.last)
			memory->crash = kexec_of(map)->log_crash[i];
	if (memory->crash_reason != EFIMAP_PLACED)
		return;
	memory->backup_size = LOW_RAM_END;
	for (size_t i = 0; i < map->n_iomem; i++) {
		const struct resource *line = &map->iomem[i];

		if (strcmp(line->name, "Crash kernel") == 0) {
			memory->crash = line->span;
			memory->n_crash++;
		} else if (strstr(line->name, "System RAM")) {
			/* kexec-tools dumps a freed part twice. */
			if (memory->loader == EFIMAP_LOADER_KERNEL &&
			    is_freed_part(line, &ram, memory->n_dumped > 0))
				continue;
			ram = line->span;
			memory->n_dumped++;
			if (!has_low && line->span.last <= LOW_RAM_END)
				memory->backup_size = span_bytes(line->span);
			has_low |= line->span.last <= LOW_RAM_END;
		} else if (is_passed_range(line->name)) {
			memory->n_crash_e820++;
		}
	}
	if (memory->loader == EFIMAP_LOADER_KEXEC_TOOLS)
		memory->n_dumped += memory->n_crash_e820;
	/* Add a range for the low memory that is backed up, and one for each reserved region. */
	memory->n_crash_e820 += memory->n_crash + 1;
	if (memory->n_crash == 0)
		memory->crash_reason = EFIMAP_UNPLACED_NOT_RESERVED;
}

struct load_memory load_memory_make(const struct efimap *map, enum kexec_loader loader)
{
	struct load_memory memory = { .loader = loader };

	if (is_other_architecture(map) || is_32bit_kernel(map))
		memory.reason = EFIMAP_UNPLACED_ARCHITECTURE;
	/* Source: arch/x86/kernel/kexec-bzimage64.c: bzImage64_probe */
	else if (loader == EFIMAP_LOADER_KERNEL && is_mixed_mode(map) &&
		 !why_runtime_services_off(map))
		memory.reason = EFIMAP_UNPLACED_MIXED_MODE;
	else
		take_ranges(map, &memory);
	if (memory.reason == EFIMAP_PLACED && memory.n_ram == 0)
		memory.reason = EFIMAP_UNPLACED_NO_RAM;
	for (size_t i = 1; i < memory.n_ram; i++)
		if (memory.ram[i].first <= memory.ram[i - 1].last)
			memory.reason = EFIMAP_UNPLACED_OVERLAP;
	take_crash(map, &memory);
	return memory;
}

void load_memory_free(struct load_memory *memory)
{
	free(memory->ram);
	memory->ram = NULL;
	memory->n_ram = 0;
}

struct passed_ram find_passed_ram(const struct efimap *map)
{
	struct passed_ram ram = { 0 };

	if (!has_all_of(map, EFIMAP_SRC_MEMMAP))
		return ram;
	for (size_t i = 0; i < map->n_memmap; i++) {
		const struct memory_range *range = &map->memmap[i];
		const uint64_t bytes = span_bytes(range->span);

		if (!range_is_ram(range))
			continue;
		if (range_is_plugged(map, range)) {
			ram.plugged = wrapping_add(ram.plugged, bytes);
			continue;
		}
		if (i >= EFIMAP_E820_MAX) {
			ram.dropped = wrapping_add(ram.dropped, bytes);
			continue;
		}
		ram.largest = bytes > ram.largest ? bytes : ram.largest;
		ram.end = range->span.last;
	}
	return ram;
}
