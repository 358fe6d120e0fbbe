/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two kernels in memory: a first one that the firmware booted, and the second one that
 * received its map through kexec_file_load. A test changes one of them.
 */
#ifndef TESTS_UNIT_CHECK_PAIR_H
#define TESTS_UNIT_CHECK_PAIR_H

#include <endian.h>

#include "base/cleanup.h"
#include "test.h"
#include "stock.h"
#include "check/verify.h"
#include "emulate/handover.h"

#define PAIR_MAX 128

/* struct kernel - what a capture of it is made from */
struct kernel {
	struct efimap_entry entries[PAIR_MAX];
	size_t n_entries;
	enum efimap_state states[EFIMAP_SRC_COUNT];
	uint64_t fw_vendor, runtime, config_table;
	uint64_t acpi20, smbios;
	unsigned int platform_size;
	const char *cmdline, *release, *boot_id;
	struct efimap_boot_params boot_params;
	bool has_node;
	uint64_t node[4];
	struct {
		uint64_t start, end;
		const char *label;
	} memmap[4];
};

struct pair_of_kernels {
	struct kernel first, second;
};

static inline void pair_first(struct kernel *kernel)
{
	*kernel = (struct kernel){
		.n_entries = ARRAY_SIZE(stock_entries),
		.fw_vendor = 0x3f52aa18,
		.runtime = 0x3f5ebb98 + 0x1000,
		.config_table = 0x3f5ebc98,
		.acpi20 = 0x3f77d014,
		.smbios = 0x3f520000,
		.platform_size = 64,
		.cmdline = "console=ttyS0",
		.release = "6.1.0-56-amd64",
		.boot_id = "11111111-0000-0000-0000-000000000000",
		.boot_params = { .efi_info = { "EL64", 0x3f5eb018, 48, 1, 0x3f771040, 0x17d0 },
				 .type_of_loader = 0x21 },
		.memmap = { { 0, 0x3ea9ffff, "System RAM" },
			    { 0x3eaa0000, 0x3eba1fff, "Reserved" },
			    { 0x3f4ec000, 0x3f76bfff, "Reserved" },
			    { 0x3fef4000, 0x3ff77fff, "Reserved" } },
	};
	memcpy(kernel->entries, stock_entries, sizeof(stock_entries));
	kernel->entries[5].attribute = 0xf;
	for (unsigned int i = 0; i < EFIMAP_SRC_COUNT; i++)
		kernel->states[i] = EFIMAP_STATE_PRESENT;
	/* So that the release tells how wide the kernel is. */
	kernel->states[EFIMAP_SRC_CPUINFO] = EFIMAP_STATE_ABSENT;
}

/* Number the entries in the order of @order. */
static inline void pair_renumber(struct kernel *kernel, const uint32_t *order)
{
	struct efimap_entry old[PAIR_MAX];

	memcpy(old, kernel->entries, sizeof(old));
	for (uint32_t i = 0; i < kernel->n_entries; i++) {
		kernel->entries[i] = old[order[i]];
		kernel->entries[i].index = i;
	}
}

static inline void pair_shuffle_as_sysfs(struct kernel *kernel)
{
	uint32_t names[PAIR_MAX], order[PAIR_MAX];

	for (uint32_t i = 0; i < kernel->n_entries; i++)
		names[i] = i;
	assert_int_equal(efimap_kernfs_order(names, kernel->n_entries, order), 0);
	pair_renumber(kernel, order);
}

/* As kexec_file_load hands it on; the kernel marks all boot services that it reserves. */
static inline void pair_init(struct pair_of_kernels *pair)
{
	struct kernel *second = &pair->second;

	pair_first(&pair->first);
	*second = pair->first;
	second->boot_id = "22222222-0000-0000-0000-000000000000";
	second->cmdline = "console=ttyS0 second";
	second->runtime = 0xfffffffeff1ebb98 + 0x1000;
	second->boot_params.type_of_loader = 0xd0;
	second->boot_params.efi_info.memmap = 0x3fee6040;
	second->has_node = true;
	second->node[0] = 0x3f52aa18;
	second->node[2] = 0x3f5ebc98;
	second->node[3] = 0x3f520000;
}

/* The entry of a kernel that starts at @phys */
static inline struct efimap_entry *pair_at(struct kernel *kernel, uint64_t phys)
{
	for (size_t i = 0; i < kernel->n_entries; i++)
		if (kernel->entries[i].phys == phys)
			return &kernel->entries[i];
	fail_msg("no entry at 0x%llx", (unsigned long long)phys);
	return NULL;
}

static inline struct efimap_entry *pair_add(struct kernel *kernel, uint32_t type, uint64_t phys,
					    uint64_t virt, uint64_t pages, uint64_t attribute)
{
	struct efimap_entry *entry = &kernel->entries[kernel->n_entries];

	assert_true(kernel->n_entries < PAIR_MAX);
	*entry = (struct efimap_entry){ (uint32_t)kernel->n_entries++, type, phys, virt, pages,
					attribute };
	return entry;
}

static inline void pair_remove(struct kernel *kernel, uint64_t phys)
{
	struct efimap_entry *entry = pair_at(kernel, phys);
	const size_t behind = kernel->n_entries - (size_t)(entry + 1 - kernel->entries);

	memmove(entry, entry + 1, behind * sizeof(*entry));
	kernel->n_entries--;
	for (uint32_t i = 0; i < kernel->n_entries; i++)
		kernel->entries[i].index = i;
}

/* What a kernel does with entries that have no pages. */
static inline void pair_drop_unsound(struct kernel *kernel)
{
	uint32_t kept = 0;

	for (size_t i = 0; i < kernel->n_entries; i++) {
		if (!kernel->entries[i].pages)
			continue;
		kernel->entries[kept] = kernel->entries[i];
		kernel->entries[kept].index = kept;
		kept++;
	}
	kernel->n_entries = kept;
}

static inline struct efimap *pair_build(const struct kernel *kernel, const char *name)
{
	uint64_t number[4];
	struct efimap_setup_node node = { .type = EFIMAP_SETUP_EFI, .len = 96,
					  .payload_size = 96 };
	struct efimap *map = NULL;

	assert_int_equal(efimap_new(name, EFIMAP_ORIGIN_TREE, &map), 0);
	memcpy(map->states, kernel->states, sizeof(map->states));
	map->fw_vendor = kernel->fw_vendor;
	map->runtime = kernel->runtime;
	map->config_table = kernel->config_table;
	map->platform_size = kernel->platform_size;
	map->boot_params = kernel->boot_params;
	for (size_t i = 0; i < kernel->n_entries; i++) {
		assert_int_equal(efimap_add_entry(map, &kernel->entries[i]), 0);
		assert_int_equal(efimap_add_name(map, kernel->entries[i].index), 0);
	}
	for (uint32_t i = 0; i < ARRAY_SIZE(kernel->memmap); i++)
		if (kernel->memmap[i].label)
			assert_int_equal(efimap_add_memmap(map, i, kernel->memmap[i].start,
							   kernel->memmap[i].end,
							   kernel->memmap[i].label,
							   strlen(kernel->memmap[i].label)),
					 0);
	assert_int_equal(efimap_add_systab(map, "ACPI20", 6, kernel->acpi20), 0);
	assert_int_equal(efimap_add_systab(map, "SMBIOS", 6, kernel->smbios), 0);
	assert_int_equal(efimap_set_cmdline(map, kernel->cmdline, strlen(kernel->cmdline)), 0);
	assert_int_equal(efimap_set_release(map, kernel->release, strlen(kernel->release)), 0);
	assert_int_equal(efimap_set_boot_id(map, kernel->boot_id, strlen(kernel->boot_id)), 0);
	for (size_t i = 0; i < 4; i++)
		number[i] = htole64(kernel->node[i]);
	memcpy(node.payload, number, sizeof(number));
	if (kernel->has_node)
		assert_int_equal(efimap_add_setup_node(map, &node), 0);
	assert_int_equal(efimap_seal(map), 0);
	return map;
}

/* To be freed; it does not point into the captures. */
static inline struct efimap_comparison *pair_compare(const struct pair_of_kernels *pair)
{
	efimap_auto_map struct efimap *first = pair_build(&pair->first, "first");
	efimap_auto_map struct efimap *second = pair_build(&pair->second, "second");
	struct efimap_comparison *comparison = NULL;

	assert_int_equal(efimap_compare(first, second, EFIMAP_ERROR, &comparison), 0);
	return comparison;
}

#endif
