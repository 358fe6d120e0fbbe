/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "map_with_ranges.h"
#include "capture/kernel_release.h"
#include "linux/kexec_memory.h"

#define M UINT64_C(0x100000)

/* memmap and iomem differ, so that the result shows which one a loader read. */
static struct efimap *make_machine(enum origin origin)
{
	struct efimap *map = capture_create("machine", origin);

	set_release(map, "6.12.1", 6);
	/* memtest= may remove any RAM from iomem. */
	map->cmdline = capture_copy_text(map, "memtest=1");
	add_memmap(map, 0, M, 32 * M - 1, "System RAM");
	add_memmap(map, 1, 32 * M, 33 * M - 1, "Reserved");
	add_memmap(map, 2, 64 * M, 128 * M - 1, "System RAM");
	add_memmap(map, 3, 200 * M, 100 * M, "System RAM");
	add_iomem(map, 0x1000, 0x9ffff, 0, "System RAM");
	add_iomem(map, M, 32 * M - 1, 0, "System RAM");
	add_iomem(map, 16 * M, 20 * M - 1, 1, "Kernel code");
	add_iomem(map, 32 * M, 33 * M - 1, 0, "Reserved");
	add_iomem(map, 64 * M, 127 * M - 1, 0, "System RAM");
	add_iomem(map, 4096 * M, 4100 * M - 1, 1, "System RAM (kmem)");
	map->states[EFIMAP_SRC_MEMMAP] = EFIMAP_STATE_PRESENT;
	map->states[EFIMAP_SRC_IOMEM] = EFIMAP_STATE_PRESENT;
	return map;
}

static enum unplaced reason_of(const struct efimap *map, enum kexec_loader loader)
{
	auto_load_memory struct load_memory memory = { 0 };

	memory = load_memory_make(map, loader);
	return memory.reason;
}

static uint64_t highest(const struct efimap *map, enum kexec_loader loader)
{
	auto_load_memory struct load_memory memory = { 0 };

	memory = load_memory_make(map, loader);
	assert_int_equal(memory.reason, EFIMAP_PLACED);
	for (size_t i = 1; i < memory.n_ram; i++)
		assert_true(memory.ram[i].first > memory.ram[i - 1].last);
	return memory.ram[memory.n_ram - 1].last;
}

TEST(kexec_tools_falls_back_to_iomem)
{
	static const struct capture_fault fault = { .source = EFIMAP_SRC_MEMMAP,
						    .state = EFIMAP_STATE_ABSENT,
						    .where = "sys/firmware/memmap/4/type",
						    .text = "" };
	auto_map struct efimap *live = make_machine(EFIMAP_ORIGIN_SNAPSHOT);
	auto_map struct efimap *faulty = make_machine(EFIMAP_ORIGIN_TREE);
	auto_map struct efimap *added = make_machine(EFIMAP_ORIGIN_TREE);

	/*
	 * If memmap is absent, kexec-tools reads iomem. The result for a snapshot of a running
	 * system does not depend on the architecture of the host.
	 */
	live->first_origin = EFIMAP_ORIGIN_LIVE;
	assert_int_equal(highest(live, EFIMAP_LOADER_KEXEC_TOOLS), 128 * M - 1);
	live->states[EFIMAP_SRC_MEMMAP] = EFIMAP_STATE_ABSENT;
	assert_int_equal(highest(live, EFIMAP_LOADER_KEXEC_TOOLS), 127 * M - 1);
	capture_add_fault(faulty, &fault);
	assert_int_equal(highest(faulty, EFIMAP_LOADER_KEXEC_TOOLS), 127 * M - 1);
	/* With add_efi_memmap, kexec-tools reads iomem (kexec-x86-common.c: efi_map_added()). */
	added->cmdline = capture_copy_text(added, "memtest=1 add_efi_memmap");
	assert_int_equal(highest(added, EFIMAP_LOADER_KEXEC_TOOLS), 127 * M - 1);
}

TEST(missing_data_is_reported)
{
	auto_map struct efimap *map = make_machine(EFIMAP_ORIGIN_TREE);

	map->states[EFIMAP_SRC_MEMMAP] = EFIMAP_STATE_ABSENT;
	assert_int_equal(reason_of(map, EFIMAP_LOADER_KEXEC_TOOLS), EFIMAP_UNPLACED_NO_MEMMAP);
	assert_int_equal(reason_of(map, EFIMAP_LOADER_KERNEL), EFIMAP_PLACED);
	map->states[EFIMAP_SRC_IOMEM] = EFIMAP_STATE_MASKED;
	assert_int_equal(reason_of(map, EFIMAP_LOADER_KERNEL), EFIMAP_UNPLACED_MASKED_IOMEM);
	map->states[EFIMAP_SRC_IOMEM] = EFIMAP_STATE_ABSENT;
	assert_int_equal(reason_of(map, EFIMAP_LOADER_KERNEL), EFIMAP_UNPLACED_NO_IOMEM);
	map->n_iomem = 0;
	map->states[EFIMAP_SRC_IOMEM] = EFIMAP_STATE_PRESENT;
	assert_int_equal(reason_of(map, EFIMAP_LOADER_KERNEL), EFIMAP_UNPLACED_NO_RAM);
	map->states[EFIMAP_SRC_MEMMAP] = EFIMAP_STATE_PRESENT;
	add_memmap(map, 4, 31 * M, 40 * M, "System RAM");
	assert_int_equal(reason_of(map, EFIMAP_LOADER_KEXEC_TOOLS), EFIMAP_UNPLACED_OVERLAP);
	map->kernel_32bit = true;
	map->states[EFIMAP_SRC_CPUINFO] = EFIMAP_STATE_PRESENT;
	assert_int_equal(reason_of(map, EFIMAP_LOADER_KEXEC_TOOLS), EFIMAP_UNPLACED_ARCHITECTURE);
	for (int reason = EFIMAP_PLACED + 1; reason <= EFIMAP_UNPLACED_NO_ROOM; reason++)
		assert_true(*unplaced_text((enum unplaced)reason));
}

TEST(crash_kernels_go_into_the_highest_reserved_region)
{
	auto_map struct efimap *map = make_machine(EFIMAP_ORIGIN_TREE);
	auto_load_memory struct load_memory none = { 0 }, tools = { 0 }, kernel = { 0 };

	none = load_memory_make(map, EFIMAP_LOADER_KEXEC_TOOLS);
	assert_int_equal(none.crash_reason, EFIMAP_UNPLACED_NOT_RESERVED);
	add_iomem(map, 70 * M, 80 * M - 1, 1, "Crash kernel");
	add_iomem(map, 90 * M, 110 * M - 1, 1, "Crash kernel");
	tools = load_memory_make(map, EFIMAP_LOADER_KEXEC_TOOLS);
	assert_int_equal(tools.crash_reason, EFIMAP_PLACED);
	assert_int_equal(tools.crash.first, 90 * M);
	assert_int_equal(tools.n_crash, 2);
	assert_int_equal(tools.backup_size, 0x9f000);
	/* Low memory that is backed up, two crash kernel regions, and a reserved range */
	assert_int_equal(tools.n_crash_e820, 4);
	assert_int_equal(tools.n_dumped, 5);
	kernel = load_memory_make(map, EFIMAP_LOADER_KERNEL);
	assert_int_equal(kernel.crash.first, 90 * M);
	assert_int_equal(kernel.n_dumped, 4);
}
