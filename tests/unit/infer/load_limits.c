/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "../test.h"
#include "capture/installed_kernels.h"
#include "infer/load_limits.h"

#define MIB (UINT64_C(1) << 20)
#define GIB (UINT64_C(1) << 30)

struct range {
	uint64_t start, bytes;
	const char *name;
};

static struct efimap *make(const char *cmdline, const struct range *memmap,
			   const struct range *iomem)
{
	struct efimap *map = NULL;

	assert_int_equal(efimap_new("x", EFIMAP_ORIGIN_TREE, &map), 0);
	if (cmdline) {
		efimap_set_cmdline(map, cmdline, strlen(cmdline));
		map->states[EFIMAP_SRC_CMDLINE] = EFIMAP_STATE_PRESENT;
	}
	for (uint32_t i = 0; memmap[i].bytes; i++)
		assert_int_equal(efimap_add_memmap(map, i, memmap[i].start,
						   memmap[i].start + memmap[i].bytes - 1,
						   memmap[i].name, strlen(memmap[i].name)),
				 0);
	for (; iomem->bytes; iomem++)
		assert_int_equal(
			efimap_add_iomem(map,
					 (struct efimap_span){ iomem->start,
							       iomem->start + iomem->bytes - 1 },
					 0, iomem->name, strlen(iomem->name)),
			0);
	map->states[EFIMAP_SRC_MEMMAP] = EFIMAP_STATE_PRESENT;
	map->states[EFIMAP_SRC_IOMEM] = EFIMAP_STATE_PRESENT;
	return map;
}

static const struct range low_and_high[] = {
	{ 0, 0xa0000, "System RAM" },
	{ MIB, 767 * MIB, "System RAM" },
	{ 768 * MIB, MIB, "Reserved" },
	{ 4 * GIB, GIB, "System RAM" },
	{ 0 },
};

TEST(ram_of_memmap_and_iomem_is_compared)
{
	static const struct range same[] = {
		{ 0, 0x1000, "Reserved" },
		{ 0x1000, 0x9f000, "System RAM" },
		{ MIB, 766 * MIB, "System RAM" },
		{ 767 * MIB, MIB, "Reserved" },
		{ 768 * MIB, MIB, "Reserved" },
		{ 4 * GIB, GIB, "System RAM" },
		{ 0 },
	};
	static const struct range plugged[] = {
		{ 0, 0xa0000, "System RAM" },
		{ MIB, 767 * MIB, "System RAM" },
		{ 4 * GIB, 2 * GIB, "System RAM" },
		{ 8 * GIB, GIB, "System RAM (kmem)" },
		{ 0 },
	};
	static const struct range cut[] = {
		{ 0, 0xa0000, "System RAM" },
		{ MIB, 767 * MIB, "System RAM" },
		{ 0 },
	};
	static const struct {
		const char *cmdline;
		const struct range *iomem;
		uint64_t plugged, missing;
		bool lacks_lines;
	} rows[] = {
		{ "quiet", same, 0, 0, false },		{ "quiet", plugged, GIB, 0, false },
		{ "quiet", cut, 0, GIB, true },		{ "mem=1G quiet", cut, 0, GIB, false },
		{ "memmap=1G$4G", cut, 0, GIB, false }, { NULL, cut, 0, GIB, true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		efimap_auto_map struct efimap *map =
			make(rows[i].cmdline, low_and_high, rows[i].iomem);
		struct efimap_ram ram;

		assert_true(efimap_compare_ram(map, &ram));
		assert_int_equal(ram.memmap, 0xa0000 + 767 * MIB + GIB);
		assert_int_equal(ram.plugged, rows[i].plugged);
		assert_int_equal(ram.missing, rows[i].missing);
		assert_int_equal(efimap_iomem_lacks_lines(map), rows[i].lacks_lines);
	}
}

/* Some firmware lists the range of the BIOS as RAM, and the kernel removes it. */
TEST(range_of_the_bios_is_not_missing)
{
	static const struct range memmap[] = { { 0, 768 * MIB, "System RAM" }, { 0 } };
	static const struct range iomem[] = {
		{ 0, 0x1000, "Reserved" },
		{ 0x1000, 0x9f000, "System RAM" },
		{ 0xa0000, 0x20000, "PCI Bus 0000:00" },
		{ MIB, 767 * MIB, "System RAM" },
		{ 0 },
	};
	efimap_auto_map struct efimap *map = make("quiet", memmap, iomem);

	assert_false(efimap_iomem_lacks_lines(map));
	map->kernel_32bit = true;
	map->states[EFIMAP_SRC_CPUINFO] = EFIMAP_STATE_PRESENT;
	map->n_iomem = 1;
	assert_false(efimap_iomem_lacks_lines(map));
}

TEST(hidden_addresses_are_not_compared)
{
	efimap_auto_map struct efimap *map = make("quiet", low_and_high, low_and_high);
	struct efimap_ram ram;

	map->states[EFIMAP_SRC_IOMEM] = EFIMAP_STATE_MASKED;
	assert_false(efimap_compare_ram(map, &ram));
	assert_false(efimap_iomem_lacks_lines(map));
}

TEST(limits_are_those_that_the_kernel_enforces)
{
	efimap_auto_map struct efimap *map = make("", low_and_high, low_and_high);
	struct efimap_kexec_state *kexec;

	assert_int_equal(efimap_add_kexec_state(map), 0);
	kexec = efimap_kexec_state(map);
	assert_int_equal(efimap_commit_left(map), EFIMAP_NO_LIMIT);
	kexec->memory.commit_limit = 300 * MIB;
	kexec->memory.committed = 100 * MIB;
	assert_int_equal(efimap_commit_left(map), EFIMAP_NO_LIMIT);
	kexec->values[EFIMAP_VALUE_OVERCOMMIT] =
		(struct efimap_value){ .is_known = true, .number = EFIMAP_OVERCOMMIT_NEVER };
	assert_int_equal(efimap_commit_left(map), 200 * MIB);
	kexec->memory.committed = 301 * MIB;
	assert_int_equal(efimap_commit_left(map), 0);
	assert_int_equal(efimap_fixed_memory(map), EFIMAP_NO_LIMIT);
	kexec->memory.free =
		(struct efimap_free_memory){ true, 200 * MIB, 10 * MIB, 50 * MIB, GIB, 3 * GIB };
	assert_int_equal(efimap_fixed_memory(map), EFIMAP_NO_LIMIT);
	kexec->memory.has_swap_free = true;
	kexec->memory.total = 3 * GIB;
	assert_int_equal(efimap_fixed_memory(map), 240 * MIB);
	kexec->memory.swap_free = 20 * MIB;
	assert_int_equal(efimap_fixed_memory(map), 260 * MIB);
	kexec->memory.total = 4 * GIB;
	assert_int_equal(efimap_fixed_memory(map), EFIMAP_NO_LIMIT);
	kexec->memory.total = 3 * GIB;
	kexec->memory.free.movable = 0;
	assert_int_equal(efimap_fixed_memory(map), EFIMAP_NO_LIMIT);
}
