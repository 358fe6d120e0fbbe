/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel.h"

#define OTHER 0x100U
#define HEAD 0x200U
#define LABEL 0x300U
#define KTYPE (KERNEL_BASE + 0x400)
#define FIRST 0x1000U

enum { START, END, TYPE, LIST, PREV, KOBJ, SIZE = 64 };

static void put(struct kernel *kernel, unsigned int number, uint64_t start, uint64_t next)
{
	const size_t at = FIRST + number * SIZE;

	kernel_u64(kernel, at + 8 * START, start);
	kernel_u64(kernel, at + 8 * END, start + 0xfff);
	kernel_u64(kernel, at + 8 * TYPE, KERNEL_BASE + LABEL);
	kernel_u64(kernel, at + 8 * LIST, KERNEL_BASE + next);
	kernel_u64(kernel, at + 8 * KOBJ, KTYPE);
}

static size_t list_of(unsigned int number)
{
	return FIRST + number * SIZE + 8 * LIST;
}

static void prepare(struct kernel *kernel)
{
	static const char *const kobject[] = { "ktype" };
	static const char *const numbers[] = { "start", "end", "type", "list" };
	const int inner = kernel_struct(kernel, "kobject", kobject, 1);
	const int id = kernel_struct(kernel, "firmware_map_entry", numbers, 4);

	assert_true(id > 0);
	assert_int_equal(btf__add_field(kernel->vm.btf, "kobj", inner, 64 * KOBJ, 0), 0);
	kernel_text(kernel, LABEL, "System RAM");
	kernel_u64(kernel, OTHER, KERNEL_BASE + OTHER);
	kernel_u64(kernel, HEAD, KERNEL_BASE + list_of(0));
	kernel->vm.namesakes[SYM_MAP_ENTRIES][0] = KERNEL_BASE + OTHER;
	kernel->vm.namesakes[SYM_MAP_ENTRIES][1] = KERNEL_BASE + HEAD;
	kernel->vm.symbols[SYM_MEMMAP_KTYPE] = KTYPE;
}

static const struct efimap *take(struct kernel *kernel)
{
	assert_int_equal(take_memmap(&kernel->vm), 0);
	efimap_seal(kernel->vm.map);
	return kernel->vm.map;
}

KERNEL_TEST(two_ranges)
{
	const struct efimap *map;

	prepare(*state);
	put(*state, 0, 0x1000, list_of(1));
	put(*state, 1, 0x9000, HEAD);
	map = take(*state);
	assert_true(efimap_has(map, EFIMAP_SRC_MEMMAP));
	assert_int_equal(map->n_memmap, 2);
	assert_int_equal(map->memmap[1].index, 1);
	assert_int_equal(map->memmap[1].end, 0x9fff);
	assert_string_equal(map->memmap[1].label, "System RAM");
}

KERNEL_TEST(circle)
{
	const struct efimap *map;

	prepare(*state);
	put(*state, 0, 0x1000, list_of(1));
	put(*state, 1, 0x9000, list_of(0));
	map = take(*state);
	assert_int_equal(map->states[EFIMAP_SRC_MEMMAP], EFIMAP_STATE_BROKEN);
	assert_int_equal(map->n_memmap, 0);
	assert_int_equal(map->n_faults, 1);
}

KERNEL_TEST(strange_label)
{
	const struct efimap *map;

	prepare(*state);
	put(*state, 0, 0x1000, HEAD);
	kernel_text(*state, LABEL, "System\nRAM");
	map = take(*state);
	assert_int_equal(map->states[EFIMAP_SRC_MEMMAP], EFIMAP_STATE_BROKEN);
	assert_int_equal(map->n_memmap, 0);
}

KERNEL_TEST(of_somebody_else)
{
	struct kernel *kernel = *state;

	prepare(kernel);
	put(kernel, 0, 0x1000, HEAD);
	kernel->vm.symbols[SYM_MEMMAP_KTYPE] = KTYPE + 8;
	assert_int_equal(take(kernel)->states[EFIMAP_SRC_MEMMAP], EFIMAP_STATE_ABSENT);
}
