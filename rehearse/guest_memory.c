/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Build the memory of a guest: the kernel with its initramfs and boot_params, and a simulated
 * firmware. The firmware's tables are at the addresses in the capture, or at generated addresses.
 * The firmware's services are in a runtime services code region.
 *
 * Offsets in boot_params are from Documentation/arch/x86/zero-page.rst and boot.rst, and offsets in
 * UEFI tables are from UEFI 2.10, 4.3 to 4.6. This file is built only for little-endian hosts.
 */
#include <errno.h>
#include <string.h>

#include "base/sort.h"
#include "base/wrapping_add.h"
#include "capture/boot_params.h"
#include "capture/kernel_parameters.h"
#include "guest/runtime_services.h"
#include "guest_files.h"
#include "guest_memory.h"
#include "infer/architecture.h"
#include "infer/cpu.h"
#include "input/binary/bzimage.h"
#include "linux/virtual_layout.h"

#define PAGE UINT64_C(4096)
#define ALIGNED(value, to) (((value) + (to)-1) / (to) * (to))
/* Lowest address for place_free(). Kernels use the first MiB before they read a memory map. */
#define FIRST_FREE (UINT64_C(1) << 20)
#define KERNEL_LOW (UINT64_C(16) << 20)
#define KERNEL_ALIGN (UINT64_C(2) << 20)
#define MAX_FILL (UINT64_C(2) << 20)
/* PUSH ES, which raises #UD in 64-bit mode */
#define NO_INSTRUCTION 0x06

enum {
	AT_E820_TABLE = 0x2d0,
	AT_SETUP_SECTS = 0x1f1,
	AT_LOADFLAGS = 0x211,
	AT_CODE32_START = 0x214,
	AT_RAMDISK = 0x218,
	AT_CMD_LINE_PTR = 0x228,
	SETUP_E820_EXT = 1,
	LOADFLAGS_HIGH = 1,
	/* The byte at this offset is the length of the setup header, counted from 0x202. */
	AT_HEADER_JUMP = 0x201,
};

/*
 * Labels of E820 types (arch/x86/kernel/e820.c: e820_type_to_string). Ranges with other labels are
 * reserved memory.
 */
static const struct {
	const char *label;
	uint32_t type;
} labels[] = {
	{ "System RAM", 1 },
	{ "Reserved", 2 },
	{ "ACPI Tables", 3 },
	{ "ACPI Non-volatile Storage", 4 },
	{ "Unusable memory", 5 },
	{ "Persistent Memory", 7 },
	{ "Persistent Memory (legacy)", 12 },
	{ "Soft Reserved", 0xefffffff },
};
enum { E820_RAM = 1, E820_RESERVED = 2 };

struct guid {
	uint32_t a;
	uint16_t b;
	uint16_t c;
	uint8_t d[8];
};

#define ACPI_20                                                                                    \
	{                                                                                          \
		0x8868e871, 0xe4f1, 0x11d3,                                                        \
		{                                                                                  \
			0xbc, 0x22, 0, 0x80, 0xc7, 0x3c, 0x88, 0x81                                \
		}                                                                                  \
	}
#define SMBIOS_3                                                                                   \
	{                                                                                          \
		0xf2fd1544, 0x9794, 0x4a2c,                                                        \
		{                                                                                  \
			0x99, 0x2e, 0xe5, 0xbb, 0xcf, 0x20, 0xe3, 0x94                             \
		}                                                                                  \
	}

/*
 * Configuration tables, by their names in /sys/firmware/efi/systab and in the kernel log
 * (drivers/firmware/efi/efi.c: common_tables). The content is the minimum that the kernel accepts.
 * A table of size 0 has no content.
 */
static const struct known_table {
	const char *name;
	struct guid guid;
	size_t size;
	uint32_t content[4];
} known_tables[] = {
	{ "ACPI20", ACPI_20 },
	{ "ACPI 2.0", ACPI_20 },
	{ "ACPI", { 0xeb9d2d30, 0x2d88, 0x11d3, { 0x9a, 0x16, 0, 0x90, 0x27, 0x3f, 0xc1, 0x4d } } },
	{ "SMBIOS",
	  { 0xeb9d2d31, 0x2d88, 0x11d3, { 0x9a, 0x16, 0, 0x90, 0x27, 0x3f, 0xc1, 0x4d } } },
	{ "SMBIOS3", SMBIOS_3 },
	{ "SMBIOS 3.0", SMBIOS_3 },
	/* Version 1, with one resource and a maximum of one */
	{ "ESRT",
	  { 0xb122a263, 0x3661, 0x4f68, { 0x99, 0x29, 0x78, 0xf8, 0xb0, 0xd6, 0x21, 0x80 } },
	  56,
	  { 1, 1, 1, 0 } },
	/* Version 1, with no descriptors; the descriptor size is 48 bytes */
	{ "MEMATTR",
	  { 0xdcfa911d, 0x26eb, 0x469f, { 0xa2, 0x20, 0x38, 0xb7, 0xdc, 0x46, 0x12, 0x20 } },
	  16,
	  { 1, 0, 48, 0 } },
	/* TPMEventLog: version 2, without events. TPMFinalLog: version 1, without events. */
	{ "TPMEventLog",
	  { 0xb7799cb0, 0xeca2, 0x4943, { 0x96, 0x67, 0x1f, 0xae, 0x07, 0xb7, 0x47, 0xfa } },
	  9,
	  { 0, 0, 2, 0 } },
	{ "TPMFinalLog",
	  { 0x1e2ed096, 0x30e2, 0x4254, { 0xbd, 0x89, 0x86, 0x3b, 0xbe, 0xf8, 0x23, 0x25 } },
	  16,
	  { 1, 0, 0, 0 } },
	/* A seed of four bytes */
	{ "RNG",
	  { 0x1ce1e5bc, 0x7ceb, 0x42f2, { 0x81, 0xe5, 0x8a, 0xad, 0xf1, 0x80, 0xf5, 0x7b } },
	  8,
	  { 4, 4, 0, 0 } },
	/* No reservations, and no further table */
	{ "MEMRESERVE",
	  { 0x888eb0c6, 0x8ede, 0x4ff5, { 0xa8, 0xf0, 0x9a, 0xee, 0x5c, 0xb9, 0x77, 0xc2 } },
	  16,
	  { 0 } },
	/* Base and size 0. The kernel zeroes both after it has read the table. */
	{ "INITRD",
	  { 0x5568e427, 0x68fc, 0x4f3d, { 0xac, 0x74, 0xca, 0x55, 0x52, 0x31, 0xcc, 0x68 } },
	  16,
	  { 0 } },
	/* Version 1, 8 bytes, all runtime services of UEFI 2.8 */
	{ "RTPROP",
	  { 0xeb66918a, 0x7eef, 0x402a, { 0x84, 0x2e, 0x93, 0x1d, 0x21, 0xc3, 0x8a, 0xe9 } },
	  8,
	  { 0x80001, 0x3fff, 0, 0 } },
	/* The entry that ends the list */
	{ "MOKvar",
	  { 0xc451ed2b, 0x9694, 0x45d3, { 0xba, 0xba, 0xed, 0x9f, 0x89, 0x88, 0xa3, 0x89 } },
	  264,
	  { 0 } },
};

static void put(void *base, size_t offset, const void *value, size_t size)
{
	memcpy((uint8_t *)base + offset, value, size);
}

static void put32(void *base, size_t offset, uint64_t value)
{
	const uint32_t low = (uint32_t)value;

	put(base, offset, &low, sizeof(low));
}

static size_t find_memory(const struct machine *machine, struct span ret_spans[2])
{
	if (machine->memory <= MACHINE_LOW_END) {
		ret_spans[0] = (struct span){ 0, machine->memory - 1 };
		return 1;
	}
	ret_spans[0] = (struct span){ 0, MACHINE_LOW_END - 1 };
	ret_spans[1] =
		(struct span){ MACHINE_HIGH_START,
			       MACHINE_HIGH_START + (machine->memory - MACHINE_LOW_END) - 1 };
	return 2;
}

static bool is_backed(const struct machine *machine, uint64_t at, uint64_t size)
{
	struct span memory[2], span;
	const size_t count = find_memory(machine, memory);

	if (span_make(at, size, &span) < 0)
		return false;
	return span_contains(memory[0], span) || (count > 1 && span_contains(memory[1], span));
}

static uint32_t e820_type(const char *label)
{
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
		if (strcmp(label, labels[i].label) == 0)
			return labels[i].type;
	return E820_RESERVED;
}

/* Return the E820 type of a region in the EFI stub (drivers/firmware/efi/libstub/x86-stub.c). */
static uint32_t stub_type(uint32_t type)
{
	static const uint32_t types[] = {
		[EFIMAP_TYPE_LOADER_CODE] = E820_RAM,  [EFIMAP_TYPE_LOADER_DATA] = E820_RAM,
		[EFIMAP_TYPE_BOOT_CODE] = E820_RAM,    [EFIMAP_TYPE_BOOT_DATA] = E820_RAM,
		[EFIMAP_TYPE_CONVENTIONAL] = E820_RAM, [EFIMAP_TYPE_UNUSABLE] = 5,
		[EFIMAP_TYPE_ACPI_RECLAIM] = 3,	       [EFIMAP_TYPE_ACPI_NVS] = 4,
		[EFIMAP_TYPE_PERSISTENT] = 7,
	};

	return type < sizeof(types) / sizeof(types[0]) && types[type] ? types[type] : E820_RESERVED;
}

/* Store an entry's range, clipped to the address space. Return false if the entry has no range. */
static bool find_range(const struct map_entry *entry, struct span *ret_span)
{
	const int ret = entry_phys(entry, ret_span);

	if (ret == -EOVERFLOW)
		*ret_span = (struct span){ entry->phys, UINT64_MAX };
	return ret == 0 || ret == -EOVERFLOW;
}

/* Sort spans, and merge spans that overlap or touch. Return the number of remaining spans. */
static size_t merge_spans(struct span *spans, size_t count)
{
	size_t last = 0;

	/* order_at() compares the first member, which is the first address. */
	sort_items(spans, count, sizeof(*spans), order_at);
	for (size_t i = 1; i < count; i++) {
		if (spans[i].first > spans[last].last && spans[i].first - spans[last].last > 1)
			spans[++last] = spans[i];
		else if (spans[i].last > spans[last].last)
			spans[last].last = spans[i].last;
	}
	return count ? last + 1 : 0;
}

/*
 * Store the parts of @spans that are outside of @taken. Each list is sorted and has no overlaps.
 *
 * Return: the number of spans in @ret_rest, at most @count + @n_taken.
 */
static size_t subtract_spans(const struct span *spans, size_t count, const struct span *taken,
			     size_t n_taken, struct span *ret_rest)
{
	size_t n_rest = 0, k = 0;

	for (size_t i = 0; i < count; i++) {
		struct span rest = spans[i];
		bool is_empty = false;

		while (k < n_taken && taken[k].last < rest.first)
			k++;
		while (!is_empty && k < n_taken && taken[k].first <= rest.last) {
			if (taken[k].first > rest.first)
				ret_rest[n_rest++] =
					(struct span){ rest.first, taken[k].first - 1 };
			/*
			 * If @rest is empty now, @k is not incremented, because this taken span may
			 * also overlap the next span.
			 */
			is_empty = taken[k].last >= rest.last;
			if (!is_empty)
				rest.first = taken[k++].last + 1;
		}
		if (!is_empty)
			ret_rest[n_rest++] = rest;
	}
	return n_rest;
}

static size_t list_ram(const struct machine_range *rows, size_t count, struct span *ret_spans)
{
	size_t n_ram = 0;

	for (size_t i = 0; i < count; i++)
		if (rows[i].type == E820_RAM)
			ret_spans[n_ram++] = rows[i].span;
	return n_ram;
}

/* Derive the guest's memory from the E820 map or, if the capture lacks it, the EFI memory map. */
static int cut_memory(const struct efimap *map, struct machine *machine, struct err *err)
{
	const size_t most = map->n_memmap ? map->n_memmap : map->n_firmware;
	const struct efimap *expected = &machine->expected;
	const size_t most_free =
		2 * most + expected->n_firmware + expected->n_entries + MACHINE_PIECES + 1;
	struct arena *arena = &machine->arena;
	struct span memory[2], *ram, *rest, span;
	const size_t n_memory = find_memory(machine, memory);
	struct machine_range *all;
	size_t count = 0, n_taken = 1, n_ram;

	if (most == 0)
		return err_set(err, ENOTSUP, map->name,
			       "SOURCE lacks a memory map of the machine; use a kernel log with "
			       "BIOS-e820 lines, or a directory with sys/firmware/memmap");
	all = arena_alloc(arena, most * sizeof(*all));
	ram = arena_alloc(arena, most_free * sizeof(*ram));
	rest = arena_alloc(arena, most_free * sizeof(*rest));
	machine->rows = arena_alloc(arena, 2 * most * sizeof(*machine->rows));
	machine->free = arena_alloc(arena, most_free * sizeof(*machine->free));
	for (size_t i = 0; i < map->n_memmap; i++)
		if (!map->memmap[i].bad)
			all[count++] = (struct machine_range){ map->memmap[i].span,
							       e820_type(map->memmap[i].label) };
	for (size_t i = 0; map->n_memmap == 0 && i < map->n_firmware; i++)
		if (find_range(&map->firmware[i], &span))
			all[count++] =
				(struct machine_range){ span, stub_type(map->firmware[i].type) };
	n_ram = merge_spans(ram, list_ram(all, count, ram));
	if (n_ram == 0)
		return err_set(err, ENOTSUP, map->name,
			       "the memory map of the machine has no System RAM (\"usable\" in "
			       "a kernel log), so the map is incomplete");

	/* Only RAM is clipped to the memory that the guest has. */
	for (size_t i = 0; i < count; i++) {
		if (all[i].type != E820_RAM)
			machine->rows[machine->n_rows++] = all[i];
		for (size_t k = 0; all[i].type == E820_RAM && k < n_memory; k++)
			if (span_overlaps(all[i].span, memory[k]))
				machine->rows[machine->n_rows++] =
					(struct machine_range){ span_shared(all[i].span, memory[k]),
								E820_RAM };
	}
	sort_items(machine->rows, machine->n_rows, sizeof(*machine->rows), order_at);
	n_ram = subtract_spans(ram, n_ram, memory, n_memory, rest);
	for (size_t i = 0; i < n_ram; i++)
		machine->left_out += span_bytes(rest[i]);

	/* Free memory is the RAM below 4 GiB that no map uses for another purpose. */
	rest[0] = (struct span){ MACHINE_HIGH_START, UINT64_MAX };
	for (size_t i = 0; i < machine->n_rows; i++)
		if (machine->rows[i].type != E820_RAM)
			rest[n_taken++] = machine->rows[i].span;
	for (size_t i = 0; i < expected->n_firmware; i++)
		if (expected->firmware[i].type != EFIMAP_TYPE_CONVENTIONAL)
			n_taken += find_range(&expected->firmware[i], &rest[n_taken]);
	for (size_t i = 0; i < expected->n_entries; i++)
		if (expected->entries[i].type != EFIMAP_TYPE_CONVENTIONAL)
			n_taken += find_range(&expected->entries[i], &rest[n_taken]);
	n_ram = merge_spans(ram, list_ram(machine->rows, machine->n_rows, ram));
	machine->n_free =
		subtract_spans(ram, n_ram, rest, merge_spans(rest, n_taken), machine->free);
	machine->spare = ram;
	return 0;
}

static void add_piece(struct machine *machine, struct machine_piece piece)
{
	const struct span taken = { piece.at, piece.at + (piece.reserved - 1) };
	struct span *rest = machine->spare;

	machine->pieces[machine->n_pieces++] = piece;
	machine->n_free = subtract_spans(machine->free, machine->n_free, &taken, 1, rest);
	machine->spare = machine->free;
	machine->free = rest;
}

static int place_piece(struct machine *machine, struct machine_piece piece, uint64_t align,
		       uint64_t from, uint64_t *ret_at, struct err *err)
{
	for (size_t i = 0; i < machine->n_free; i++) {
		const struct span *span = &machine->free[i];

		/* Free memory is below 4 GiB, so no sum overflows. */
		piece.at = ALIGNED(span->first > from ? span->first : from, align);
		if (piece.at > span->last || piece.reserved - 1 > span->last - piece.at)
			continue;
		add_piece(machine, piece);
		*ret_at = piece.at;
		return 0;
	}
	return err_set(
		err, E2BIG, machine->expected.name,
		"the guest's memory below 4 GiB has no free range of %llu KiB; try a larger --mem",
		(unsigned long long)piece.reserved >> 10);
}

/* Place bytes on separate pages in free memory at or above @from. */
static int place_free(struct machine *machine, const void *data, size_t size, uint64_t from,
		      uint64_t *ret_at, struct err *err)
{
	const struct machine_piece piece = { 0, ALIGNED(size, PAGE), data, size };

	return place_piece(machine, piece, PAGE, from, ret_at, err);
}

/*
 * Allocate bytes for the firmware at the address @at. Return NULL if the guest has no memory at
 * this address, if a piece overlaps the bytes, or if there are too many pieces. The arena owns the
 * result.
 */
static void *place_at(struct machine *machine, uint64_t at, size_t size)
{
	struct span span;
	uint8_t *data;

	if (machine->n_pieces == MACHINE_PIECES - 8 || !is_backed(machine, at, size) ||
	    span_make(at, size, &span) < 0)
		return NULL;
	for (size_t i = 0; i < machine->n_pieces; i++) {
		const struct machine_piece *piece = &machine->pieces[i];
		const struct span taken = { piece->at, piece->at + (piece->reserved - 1) };

		if (span_overlaps(span, taken))
			return NULL;
	}
	data = arena_alloc(&machine->arena, size);
	add_piece(machine, (struct machine_piece){ at, size, data, size });
	return data;
}

/* Return @virt if no region covers it, or UINT64_MAX if the physical address would overflow. */
static uint64_t to_physical(const struct efimap *map, uint64_t virt)
{
	const struct map_entry *entry = find_covering_entry(map, entry_covers_virt, virt);
	uint64_t phys = virt;

	if (entry && __builtin_add_overflow(entry->phys, virt - entry->virt, &phys))
		return UINT64_MAX;
	return phys;
}

/*
 * Return the address that the firmware uses for a physical address: its virtual address or, if no
 * runtime region covers it, the physical address itself. A first kernel has not called
 * SetVirtualAddressMap() yet, so the firmware uses physical addresses.
 */
static uint64_t to_firmware_address(const struct machine *machine, bool is_first_kernel,
				    uint64_t address)
{
	const struct map_entry *entry =
		find_covering_entry(&machine->expected, entry_covers_phys, address);

	if (is_first_kernel || !entry || !entry_is_runtime(entry))
		return address;
	/* If the sum overflows, the kernel cannot use the address on the real machine either. */
	return wrapping_add(entry->virt, address - entry->phys);
}

/* Return the first runtime region of @type whose first page is in the guest's memory, or NULL. */
static const struct map_entry *find_region(const struct machine *machine, uint32_t type)
{
	const struct efimap *map = &machine->expected;

	for (size_t i = 0; i < map->n_entries; i++) {
		const struct map_entry *entry = &map->entries[i];

		if (entry->type == type && entry_is_runtime(entry) && entry->pages &&
		    is_backed(machine, entry->phys, PAGE))
			return entry;
	}
	return NULL;
}

/* The tables are in the first page of a runtime services data region. */
static int choose_table_addresses(struct machine *machine, struct err *err)
{
	static const enum source synthetic[] = {
		EFIMAP_SRC_EFI,		EFIMAP_SRC_BOOT_PARAMS,	 EFIMAP_SRC_FW_VENDOR,
		EFIMAP_SRC_RUNTIME,	EFIMAP_SRC_CONFIG_TABLE, EFIMAP_SRC_SYSTAB,
		EFIMAP_SRC_RUNTIME_MAP,
	};
	struct efimap *map = &machine->expected;
	struct efi_info *info = &map->boot_params.efi_info;
	const struct map_entry *region = find_region(machine, EFIMAP_TYPE_RUNTIME_DATA);

	if (!region)
		return err_set(err, ENOTSUP, map->name,
			       "no runtime data region is in the guest's memory, so the system "
			       "table cannot be placed; try a larger --mem");
	for (size_t i = 0; i < sizeof(synthetic) / sizeof(synthetic[0]); i++)
		map->states[synthetic[i]] = EFIMAP_STATE_PRESENT;
	memset(&map->boot_params, 0, sizeof(map->boot_params));
	memcpy(info->signature, "EL64", 4);
	info->systab = region->phys;
	info->desc_size = EFIMAP_DESC_SIZE_FIRMWARE;
	info->desc_version = 1;
	info->memmap_size = EFIMAP_DESC_SIZE_FIRMWARE;
	map->runtime = region->phys + 0x100;
	map->fw_vendor = region->phys + 0x200;
	map->config_table = region->phys + 0x300;
	map->platform_size = 64;
	return 0;
}

static const struct known_table *find_known(const char *name)
{
	for (size_t i = 0; i < sizeof(known_tables) / sizeof(known_tables[0]); i++)
		if (strcmp(name, known_tables[i].name) == 0)
			return &known_tables[i];
	return NULL;
}

/*
 * Write the list of known configuration tables, and their content. systab and the kernel log list
 * the same tables under different names, so only one of the two lists is used. If both lists are
 * empty, an ACPI entry is generated, because every machine has configuration tables.
 *
 * Return the number of known tables, even if the list is outside of the guest's memory, so that the
 * kernel tries to read the list, as on the real machine.
 */
static size_t put_config_tables(struct machine *machine)
{
	const struct efimap *map = &machine->expected;
	struct named_address acpi = { "ACPI 2.0", 0 };
	const struct named_address *pairs = map->n_tables   ? map->tables
					    : map->n_systab ? map->systab
							    : &acpi;
	const size_t count = map->n_tables ? map->n_tables : map->n_systab ? map->n_systab : 1;
	size_t n_tables = 0;
	uint8_t *row, *content;

	for (size_t i = 0; i < count; i++)
		n_tables += find_known(pairs[i].name) != NULL;
	row = n_tables ? place_at(machine, map->config_table, n_tables * 24) : NULL;
	/* The address is in the guest's memory, so the sum does not overflow. */
	if (row)
		acpi.value = map->config_table + 0x100;
	for (size_t i = 0; row && i < count; i++) {
		const struct known_table *known = find_known(pairs[i].name);

		if (!known)
			continue;
		put(row, 0, &known->guid, sizeof(known->guid));
		put(row, 16, &pairs[i].value, 8);
		row += 24;
		content = known->size ? place_at(machine, pairs[i].value, known->size) : NULL;
		if (content)
			put(content, 0, known->content,
			    known->size < sizeof(known->content) ? known->size
								 : sizeof(known->content));
	}
	return n_tables;
}

/*
 * Fill the start of the runtime code region with invalid instructions, so that a call to a wrong
 * address faults. The filled part ends at the first table, at the end of the region, or after
 * MAX_FILL bytes. If this part would be smaller than the services' code, or exceed the guest's
 * memory, the filled part has the size of the code.
 *
 * Return a pointer to which to write the services' code, or NULL if the filled part cannot be
 * placed. @ret_at is the offset of the services' code in the region.
 */
static uint8_t *fill_code(struct machine *machine, const struct map_entry *region, uint64_t *ret_at)
{
	const struct efimap *map = &machine->expected;
	const uint64_t tables[] = {
		map->boot_params.efi_info.systab,
		to_physical(map, map->runtime),
		map->fw_vendor,
		map->config_table,
	};
	uint64_t size = region->pages < MAX_FILL / PAGE ? region->pages * PAGE : MAX_FILL;
	uint8_t *code;

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		if (tables[i] >= region->phys && tables[i] - region->phys < size)
			size = tables[i] - region->phys;
	if (size < sizeof(guest_services) || !is_backed(machine, region->phys, size))
		size = sizeof(guest_services);
	code = place_at(machine, region->phys, size);
	if (!code)
		return NULL;
	memset(code, NO_INSTRUCTION, size);
	*ret_at = size >= 2 * PAGE ? PAGE : 0;
	return code + *ret_at;
}

static int put_firmware(struct machine *machine, bool is_first_kernel, struct err *err)
{
	static const char vendor[] = "rehearsal";
	const struct efimap *map = &machine->expected;
	const struct map_entry *region = find_region(machine, EFIMAP_TYPE_RUNTIME_CODE);
	const uint64_t services = to_physical(map, map->runtime);
	struct services_tables tables = { map->boot_params.efi_info.systab, services, 0, { 0 } };
	struct services_head head;
	uint64_t offset = 0, n_tables, *rows;
	uint8_t *code = region ? fill_code(machine, region, &offset) : NULL, *text;

	if (!code)
		return err_set(err, ENOTSUP, map->name,
			       "no runtime code region is in the guest's memory, so runtime "
			       "services cannot be placed; try a larger --mem");
	put(code, 0, guest_services, sizeof(guest_services));
	for (size_t i = 0; i < map->n_entries && tables.n_probes + 2 <= SERVICES_PROBES; i++) {
		const struct map_entry *entry = &map->entries[i];
		const uint64_t at = is_first_kernel ? entry->phys : entry->virt;
		struct span span = { at, UINT64_MAX };

		if (!entry_is_runtime(entry) || entry_is_reserved_boot(entry) || !entry->pages)
			continue;
		/* A region that exceeds the address space is clipped. */
		(void)span_from_pages(at, entry->pages, &span);
		tables.probes[tables.n_probes++] = span.first;
		tables.probes[tables.n_probes++] = span.last;
	}
	put(code, sizeof(struct services_head), &tables, sizeof(tables));

	memcpy(&head, guest_services, sizeof(head));
	/* Write EFI_RUNTIME_SERVICES: signature ("RUNTSERV"), revision and size, then functions. */
	rows = place_at(machine, services, (size_t)SERVICES_END * 8);
	if (rows) {
		rows[0] = UINT64_C(0x56524553544e5552);
		rows[1] = UINT64_C(0x0002001f) | UINT64_C(SERVICES_END * 8) << 32;
		for (unsigned int i = SERVICES_FIRST; i < SERVICES_END; i++)
			rows[i] = head.unsupported;
		rows[SERVICES_GET_NEXT_VARIABLE] = head.not_found;
		rows[SERVICES_SET_VIRTUAL_ADDRESS_MAP] = head.set_virtual_address_map;
		for (unsigned int i = SERVICES_FIRST; i < SERVICES_END; i++)
			rows[i] = to_firmware_address(machine, is_first_kernel,
						      region->phys + offset + rows[i]);
	}
	n_tables = put_config_tables(machine);
	/* Write EFI_SYSTEM_TABLE, which begins with the signature "IBI SYST". */
	rows = place_at(machine, tables.systab, (size_t)SYSTAB_END * 8);
	if (rows) {
		rows[0] = UINT64_C(0x5453595320494249);
		rows[1] = UINT64_C(0x0002001f) | UINT64_C(SYSTAB_END * 8) << 32;
		rows[SYSTAB_VENDOR] = to_firmware_address(machine, is_first_kernel, map->fw_vendor);
		rows[SYSTAB_REVISION] = 1;
		rows[SYSTAB_SERVICES] = to_firmware_address(machine, is_first_kernel, services);
		rows[SYSTAB_N_TABLES] = n_tables;
		rows[SYSTAB_TABLES] =
			to_firmware_address(machine, is_first_kernel, map->config_table);
	}
	/* The vendor is a UTF-16 string. */
	text = place_at(machine, map->fw_vendor, 2 * sizeof(vendor));
	for (size_t i = 0; text && i < sizeof(vendor); i++)
		text[2 * i] = (uint8_t)vendor[i];
	return 0;
}

static uint64_t greater(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static uint64_t find_highest_pointer(const struct efimap *map)
{
	const uint64_t pointers[] = {
		map->boot_params.efi_info.systab,
		to_physical(map, map->runtime),
		map->fw_vendor,
		map->config_table,
	};
	uint64_t highest = 0;

	for (size_t i = 0; i < sizeof(pointers) / sizeof(pointers[0]); i++)
		highest = greater(highest, pointers[i]);
	for (size_t i = 0; i < map->n_tables; i++)
		highest = greater(highest, map->tables[i].value);
	for (size_t i = 0; i < map->n_systab; i++)
		highest = greater(highest, map->systab[i].value);
	return highest;
}

static uint64_t find_highest_range(const struct map_entry *entries, size_t count)
{
	struct span span;
	uint64_t highest = 0;

	for (size_t i = 0; i < count; i++)
		if (find_range(&entries[i], &span))
			highest = greater(highest, span.last);
	return highest;
}

/*
 * Find the width of the guest's physical addresses. If the capture does not contain the width,
 * choose the width that covers all ranges in the capture, but at least MACHINE_USUAL_PHYS_BITS and
 * at most MACHINE_MAX_PHYS_BITS. Pointers do not affect the chosen width, because the rule
 * pointer-unmapped reports a pointer that exceeds this width.
 */
static void find_phys_bits(const struct machine_options *options, struct machine *machine)
{
	const struct efimap *map = &machine->expected, *passed = options->passed;
	uint64_t entries = find_highest_range(map->entries, map->n_entries);
	uint64_t pointer = find_highest_pointer(map);
	uint64_t listed = find_highest_range(map->firmware, map->n_firmware);

	for (size_t i = 0; i < machine->n_rows; i++)
		listed = greater(listed, machine->rows[i].span.last);
	listed = greater(listed, entries);
	machine->phys_bits = cpu_address_bits(map);
	/* No CPU has more, and QEMU refuses more, so the number is malformed. */
	if (machine->phys_bits > MACHINE_MAX_PHYS_BITS)
		machine->phys_bits = 0;
	machine->has_assumed_bits = machine->phys_bits == 0;
	if (machine->has_assumed_bits) {
		while (machine->phys_bits < 64 && listed >> machine->phys_bits)
			machine->phys_bits++;
		if (machine->phys_bits < MACHINE_USUAL_PHYS_BITS)
			machine->phys_bits = MACHINE_USUAL_PHYS_BITS;
		if (machine->phys_bits > MACHINE_MAX_PHYS_BITS)
			machine->phys_bits = MACHINE_MAX_PHYS_BITS;
	}
	if (passed) {
		pointer = greater(pointer, find_highest_pointer(passed));
		entries = greater(entries, find_highest_range(passed->entries, passed->n_entries));
	}
	machine->highest = greater(pointer, entries);
	machine->has_beyond = machine->highest >> machine->phys_bits;
}

/*
 * Write the E820 map. Entries that do not fit into boot_params go to a setup_data node, which is
 * inserted before the node at address *@next. The address of the new node is stored in *@next.
 */
static int put_rows(struct machine *machine, uint8_t *params, uint64_t *next, struct err *err)
{
	const size_t more =
		machine->n_rows > EFIMAP_E820_MAX ? machine->n_rows - EFIMAP_E820_MAX : 0;
	const size_t size = EFIMAP_SETUP_DATA_HEADER + more * EFIMAP_E820_ENTRY;
	uint8_t *node = arena_alloc(&machine->arena, size);

	params[EFIMAP_BOOT_PARAMS_AT_E820_ENTRIES] = (uint8_t)(machine->n_rows - more);
	for (size_t i = 0; i < machine->n_rows; i++) {
		uint8_t *row = i < EFIMAP_E820_MAX
				       ? params + AT_E820_TABLE + i * EFIMAP_E820_ENTRY
				       : node + EFIMAP_SETUP_DATA_HEADER +
						 (i - EFIMAP_E820_MAX) * EFIMAP_E820_ENTRY;
		const uint64_t bytes = span_bytes(machine->rows[i].span);

		put(row, 0, &machine->rows[i].span.first, 8);
		put(row, 8, &bytes, 8);
		put32(row, 16, machine->rows[i].type);
	}
	if (!more)
		return 0;
	put(node, 0, next, 8);
	put32(node, 8, SETUP_E820_EXT);
	put32(node, 12, more * EFIMAP_E820_ENTRY);
	return place_free(machine, node, size, FIRST_FREE, next, err);
}

static int put_efi(const struct machine_options *options, struct machine *machine, uint8_t *params,
		   uint64_t *ret_node, struct err *err)
{
	auto_encoded_setup_data struct encoded_setup_data encoded = { 0 };
	struct setup_data_options how = { .loader = options->asked->loader };
	struct efimap passed = options->passed ? *options->passed : machine->expected;
	size_t size;
	uint8_t *node;
	uint64_t at = 0;
	int ret;

	if (options->asked->is_first_kernel) {
		how.loader = EFIMAP_LOADER_KERNEL;
		how.desc_size = EFIMAP_DESC_SIZE_FIRMWARE;
		passed.entries = passed.firmware;
		passed.n_entries = passed.n_firmware;
		passed.cmdline = "";
	}
	encoded = encode_setup_data(&passed, &how);
	machine->why_not_passed = encoded.reason;
	if (encoded.reason != EFIMAP_IS_PASSED)
		return 0;
	size = sizeof(encoded.node) + encoded.memmap_size;
	node = arena_alloc(&machine->arena, size);
	put(node, 0, encoded.node, sizeof(encoded.node));
	put(node, sizeof(encoded.node), encoded.memmap, encoded.memmap_size);
	ret = place_free(machine, node, size, FIRST_FREE, &at, err);
	if (ret)
		return ret;
	put(params, EFIMAP_BOOT_PARAMS_AT_EFI_INFO, encoded.efi_info, sizeof(encoded.efi_info));
	put32(params, EFIMAP_BOOT_PARAMS_AT_EFI_INFO + 16, at + sizeof(encoded.node));
	*ret_node = options->asked->is_first_kernel ? 0 : at;
	return 0;
}

static int put_params(const struct machine_options *options, const struct kernel_image *image,
		      struct machine *machine, struct err *err)
{
	uint8_t *params = arena_alloc(&machine->arena, EFIMAP_BOOT_PARAMS_BYTES);
	const struct machine_file *kernel = &options->kernel, *initrd = &options->initrd;
	const size_t header = kernel->data[AT_HEADER_JUMP] + EFIMAP_BOOT_PARAMS_AT_HEADER;
	const struct machine_piece piece = {
		.reserved = image->init_size > kernel->size ? image->init_size : kernel->size,
		.data = kernel->data + image->setup_size,
		.size = kernel->size - image->setup_size,
	};
	uint64_t start = 0, at = 0, node = 0;
	char *cmdline;
	int ret;

	/*
	 * Disable ACPI and interrupt controllers (acpi=off, nolapic, noapic), because the guest has
	 * no valid ACPI tables, which describe the controllers. Disable the timer check and the
	 * delay calibration (no_timer_check, lpj), because they can fail in an emulated guest. With
	 * efi=debug, a first kernel does not free boot services regions.
	 */
	cmdline = arena_printf(&machine->arena,
			       "console=ttyS0 earlyprintk=serial,ttyS0,115200 "
			       "acpi=off nolapic noapic nokaslr panic=-1 no_timer_check "
			       "lpj=4000000%s%s%s",
			       machine->has_debug ? " efi=debug" : "",
			       *options->asked->append ? " " : "", options->asked->append);
	ret = place_piece(machine, piece, KERNEL_ALIGN, KERNEL_LOW, &start, err);
	if (!ret)
		ret = place_free(machine, initrd->data, initrd->size, start, &at, err);
	if (ret)
		return ret;
	memcpy(params + AT_SETUP_SECTS, kernel->data + AT_SETUP_SECTS, header - AT_SETUP_SECTS);
	put32(params, AT_CODE32_START, start);
	params[EFIMAP_BOOT_PARAMS_AT_TYPE_OF_LOADER] = 0xff;
	params[AT_LOADFLAGS] |= LOADFLAGS_HIGH;
	put32(params, AT_RAMDISK, at);
	put32(params, AT_RAMDISK + 4, initrd->size);
	ret = place_free(machine, cmdline, strlen(cmdline) + 1, FIRST_FREE, &at, err);
	if (ret)
		return ret;
	put32(params, AT_CMD_LINE_PTR, at);
	ret = put_efi(options, machine, params, &node, err);
	if (!ret)
		ret = put_rows(machine, params, &node, err);
	if (ret)
		return ret;
	put(params, EFIMAP_BOOT_PARAMS_AT_SETUP_DATA, &node, 8);
	ret = place_free(machine, params, EFIMAP_BOOT_PARAMS_BYTES, FIRST_FREE, &at, err);
	if (ret)
		return ret;
	put(machine->rom, MACHINE_ROM_SIZE - sizeof(guest_reset), guest_reset, sizeof(guest_reset));
	put32(machine->rom, MACHINE_ROM_SIZE - sizeof(guest_reset), at);
	put32(machine->rom, MACHINE_ROM_SIZE - sizeof(guest_reset) + 4, start);
	return 0;
}

/* Compute the runtime map that the rehearsed kernel will derive from the EFI memory map. */
static void derive_map(const struct efimap *map, const struct machine_options *options,
		       const struct kernel_image *image, struct machine *machine)
{
	struct efimap *derived = capture_create(map->name, EFIMAP_ORIGIN_LOG);

	machine->derived = derived;
	/*
	 * If the state were EFIMAP_STATE_ABSENT, derive() would assume that a real-time
	 * kernel runs without runtime services.
	 */
	derived->states[EFIMAP_SRC_RUNTIME_MAP] = EFIMAP_STATE_PRESENT;
	set_release(derived, image->release, strlen(image->release));
	derived->cmdline = options->asked->append;
	machine->has_debug = has_efi_option(derived, "debug") || has_efi_option(map, "debug");
	derived->cmdline = "";
	for (size_t i = 0; i < map->n_firmware; i++)
		capture_add_firmware(derived, &map->firmware[i]);
	derive(derived, NULL, 0);
}

/*
 * Copy the capture to @machine->expected, with the derived runtime map, if any, but without the
 * regions that the kernel frees. All entries are marked as if they had been read from sysfs. Fail
 * with -ENOTSUP if the virtual address of a copied entry is unknown.
 */
static int copy_entries(const struct efimap *map, struct machine *machine, struct err *err)
{
	const struct efimap *from = machine->derived ? machine->derived : map;
	struct map_entry *entries =
		arena_alloc(&machine->arena, (from->n_entries + 1) * sizeof(*entries));
	size_t count = 0;

	for (size_t i = 0; i < from->n_entries; i++) {
		struct map_entry *entry = &entries[count];

		*entry = from->entries[i];
		/*
		 * The derived map contains all boot services regions that a kernel with efi=debug
		 * reserves. Without efi=debug, a kernel keeps only the boot services regions with
		 * EFI_MEMORY_RUNTIME.
		 */
		if (machine->derived && !machine->has_debug && entry_is_boot_services(entry) &&
		    !entry_is_runtime(entry))
			continue;
		if (entry->virt_from == EFIMAP_VIRT_UNKNOWN)
			return err_set(err, ENOTSUP, map->name,
				       "virtual addresses are unknown, so the map cannot be "
				       "rehearsed%s",
				       map->n_firmware
					       ? "; try --as=first, which does not need them"
					       : "");
		entry->virt_from = EFIMAP_VIRT_READ;
		count++;
	}
	machine->expected = *map;
	if (machine->derived)
		machine->expected.release = machine->derived->release;
	machine->expected.entries = entries;
	machine->expected.n_entries = count;
	machine->expected.map_from = EFIMAP_MAP_FROM_FILES;
	return 0;
}

int machine_parse_kernel(const struct machine_file *kernel, struct kernel_image *ret_image,
			 struct err *err)
{
	int ret = bzimage_parse(kernel->data, kernel->size, kernel->name, ret_image, err);

	if (!ret)
		ret = bzimage_check_size(ret_image, kernel->size, err);
	if (ret)
		return ret;
	if (ret_image->version < EFIMAP_BOOT_PROTOCOL_XLF ||
	    !(ret_image->xloadflags & EFIMAP_XLF_KERNEL_64) ||
	    kernel->size <= ret_image->setup_size)
		return err_set(err, EBADMSG, kernel->name, "not a 64-bit kernel");
	return 0;
}

int machine_make(const struct efimap *map, const struct machine_options *options,
		 struct machine *machine, struct err *err)
{
	struct kernel_image image;
	int ret = machine_parse_kernel(&options->kernel, &image, err);

	if (ret)
		return ret;
	machine->memory = options->asked->memory;
	if (machine->memory > MACHINE_LOW_END)
		machine->memory -= machine->memory % MACHINE_HIGH_UNIT;
	if (is_other_architecture(map))
		return err_set(err, ENOTSUP, map->name,
			       "SOURCE is of another architecture: only x86 "
			       "kernels can be rehearsed");
	if (is_mixed_mode(map))
		return err_set(err, ENOTSUP, map->name, "32-bit firmware cannot be rehearsed");
	if (options->asked->is_first_kernel && !layout_has_ram(map->firmware, map->n_firmware))
		return err_set(
			err, ENOTSUP, map->name,
			"--as=first requires the complete EFI memory map, which SOURCE lacks; "
			"use --as=next, or a kernel log with efi=debug");
	if (options->asked->is_first_kernel)
		derive_map(map, options, &image, machine);
	ret = copy_entries(map, machine, err);
	if (ret)
		return ret;
	machine->rom = arena_alloc(&machine->arena, MACHINE_ROM_SIZE);
	ret = cut_memory(options->passed ? options->passed : map, machine, err);
	if (ret)
		return ret;
	/* Choose table addresses for a first kernel, or if the capture lacks some. */
	if (options->asked->is_first_kernel || !capture_has(map, EFIMAP_SRC_BOOT_PARAMS) ||
	    !map->boot_params.efi_info.systab || !capture_has(map, EFIMAP_SRC_CONFIG_TABLE))
		ret = choose_table_addresses(machine, err);
	if (!ret)
		ret = put_firmware(machine, options->asked->is_first_kernel, err);
	if (ret)
		return ret;
	find_phys_bits(options, machine);
	return put_params(options, &image, machine, err);
}

void machine_free(struct machine *machine)
{
	capture_free(machine->derived);
	arena_free(&machine->arena);
}
