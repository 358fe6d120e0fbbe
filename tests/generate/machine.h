/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The complete state of a generated machine, from which capture.c makes captures. */
#ifndef TESTS_GENERATE_MACHINE_H
#define TESTS_GENERATE_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/address_span.h"
#include "capture/capture.h"
#include "capture/entry.h"
#include "dice.h"

#define MIB (UINT64_C(1) << 20)
#define GIB (UINT64_C(1) << 30)

/* The largest EFI memory map in the captures and logs of real machines has 255 descriptors. */
#define MACHINE_MAX 300
#define MACHINE_MAX_TABLES 12
#define KERNEL_MAX_RANGES 700

/* The boot loader determines how EFI memory descriptors are converted to e820 entries. */
enum loader {
	LOADER_STUB,	 /* the EFI stub, x86-stub.c: setup_e820 */
	LOADER_TYPE_20,	 /* GRUB without the EFI stub: runtime code becomes type 20 */
	LOADER_UNUSABLE, /* another loader: runtime code becomes unusable memory */
	LOADER_RAM_ONLY, /* a loader that passes only RAM */
};

struct range {
	struct span span;
	const char *label;
};

struct ranges {
	struct range at[KERNEL_MAX_RANGES];
	size_t count;
};

struct table {
	const char *name;
	uint64_t address;
};

/*
 * @map:   the EFI memory map, in the firmware's order
 * @block: the start of the firmware regions that end at @low
 * @low:   the end of memory below 4 GiB; MMIO regions are above this address
 * @high:  the end of RAM above 4 GiB, or 4 GiB if there is none
 */
struct machine {
	struct map_entry map[MACHINE_MAX];
	size_t n_map;
	uint64_t block;
	uint64_t low;
	uint64_t high;
	unsigned int phys_bits;
	bool is_32bit;
	bool is_encrypted;
	enum loader loader;
	uint64_t systab;
	uint64_t fw_vendor;
	uint64_t runtime;
	uint64_t config_table;
	uint64_t rsdp;
	uint64_t smbios;
	uint64_t smbios3;
	struct table tables[MACHINE_MAX_TABLES];
	size_t n_tables;
};

enum start {
	START_FIRMWARE,
	START_KEXEC_LOAD,
	START_KEXEC_FILE,
	START_CRASH_LOAD,
	START_CRASH_FILE,
};

/*
 * @before:  the kernel that started this kernel, or NULL if the firmware did
 * @e820:    the e820 table that the kernel received, which memmap shows
 * @lines:   the lines of /proc/iomem
 * @crash:   the crash kernel reservation
 * @runtime: the value of the sysfs file "runtime"
 * @payload: the SETUP_EFI data that the kernel received
 */
struct kernel {
	const struct machine *machine;
	const struct kernel *before;
	enum start start;
	unsigned int major;
	unsigned int minor;
	unsigned int patch;
	bool debug;
	bool old_map;
	bool noruntime;
	bool xen;
	bool has_map;
	struct map_entry entries[MACHINE_MAX];
	size_t n_entries;
	struct ranges e820;
	struct ranges lines;
	struct span image;
	struct span crash;
	bool has_crash;
	uint64_t runtime;
	uint64_t payload[4];
	uint32_t desc_size;
	uint64_t memmap;
	uint32_t memmap_size;
};

static inline bool kernel_is_at_least(const struct kernel *kernel, unsigned int major,
				      unsigned int minor)
{
	return kernel->major > major || (kernel->major == major && kernel->minor >= minor);
}

static inline bool kernel_is_crash(const struct kernel *kernel)
{
	return kernel->start == START_CRASH_LOAD || kernel->start == START_CRASH_FILE;
}

static inline bool kernel_is_by_tools(const struct kernel *kernel)
{
	return kernel->start == START_KEXEC_LOAD || kernel->start == START_CRASH_LOAD;
}

void machine_roll(struct machine *machine, struct dice *dice);

void kernel_boot(struct kernel *kernel, const struct machine *machine, struct dice *dice);
/* Generate a kernel that @before starts. Return false if @before cannot start a kernel with EFI. */
bool kernel_kexec(struct kernel *kernel, const struct kernel *before, struct dice *dice);

bool kernel_reserves(const struct kernel *kernel, struct span span);
void kernel_map_firmware(struct kernel *kernel, struct dice *dice);
void kernel_map_received(struct kernel *kernel);
void kernel_e820_of_firmware(struct kernel *kernel);
void kernel_e820_of_kexec(struct kernel *kernel, struct dice *dice);
void kernel_make_lines(struct kernel *kernel, struct dice *dice);

void ranges_add(struct ranges *ranges, uint64_t first, uint64_t last, const char *label);
void ranges_sort(struct ranges *ranges);
/* Sort by address, and merge adjacent ranges with the same label (e820.c: e820__update_table). */
void ranges_order(struct ranges *ranges);
void ranges_carve(struct ranges *ranges, struct span span, const char *label);
bool ranges_nest(const struct ranges *ranges, struct span span);
const struct range *ranges_find(const struct ranges *ranges, uint64_t address);

void must(int error);

struct efimap *capture_make(const struct kernel *kernel, struct dice *dice, bool complete);

#endif
