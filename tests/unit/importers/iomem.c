/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel.h"

#define ROOT 0x1000U
#define NAME 0x200U

static const char *const fields[] = { "start", "end", "name", "flags", "desc", "parent",
				      "sibling", "child" };

enum { START, END, NAME_FIELD, SIBLING = 6, CHILD = 7, SIZE = 64 };

static size_t at(unsigned int number)
{
	return ROOT + number * SIZE;
}

static void put(struct kernel *kernel, unsigned int number, uint64_t start, uint64_t end,
		unsigned int sibling, unsigned int child)
{
	kernel_u64(kernel, at(number) + 8 * START, start);
	kernel_u64(kernel, at(number) + 8 * END, end);
	kernel_u64(kernel, at(number) + 8 * NAME_FIELD, KERNEL_BASE + NAME);
	kernel_u64(kernel, at(number) + 8 * SIBLING, sibling ? KERNEL_BASE + at(sibling) : 0);
	kernel_u64(kernel, at(number) + 8 * CHILD, child ? KERNEL_BASE + at(child) : 0);
}

static const struct efimap *take(struct kernel *kernel)
{
	kernel_struct(kernel, "resource", fields, 8);
	kernel_text(kernel, NAME, "System RAM");
	kernel->vm.symbols[SYM_IOMEM_RESOURCE] = KERNEL_BASE + ROOT;
	assert_int_equal(take_iomem(&kernel->vm), 0);
	efimap_seal(kernel->vm.map);
	return kernel->vm.map;
}

KERNEL_TEST(a_tree)
{
	const struct efimap *map;

	/* The tree is 1 (2 (3), 4), 5. */
	put(*state, 0, 0, UINT64_MAX, 0, 1);
	put(*state, 1, 0x1000, 0x4fff, 5, 2);
	put(*state, 2, 0x1000, 0x1fff, 4, 3);
	put(*state, 3, 0x1000, 0x17ff, 0, 0);
	put(*state, 4, 0x2000, 0x2fff, 0, 0);
	put(*state, 5, 0x5000, UINT64_MAX, 0, 0);
	map = take(*state);
	assert_true(efimap_has(map, EFIMAP_SRC_IOMEM));
	assert_int_equal(map->n_iomem, 5);
	assert_int_equal(map->iomem[2].depth, 2);
	assert_int_equal(map->iomem[2].span.last, 0x17ff);
	assert_int_equal(map->iomem[3].depth, 1);
	assert_int_equal(map->iomem[4].depth, 0);
	assert_string_equal(map->iomem[4].name, "System RAM");
}

static void must_be_broken(const struct efimap *map)
{
	assert_int_equal(map->states[EFIMAP_SRC_IOMEM], EFIMAP_STATE_BROKEN);
	assert_int_equal(map->n_iomem, 0);
	assert_int_equal(map->n_faults, 1);
	assert_string_equal(map->faults[0].where, "proc/iomem");
}

KERNEL_TEST(siblings_in_a_circle)
{
	put(*state, 0, 0, UINT64_MAX, 0, 1);
	put(*state, 1, 0x1000, 0x4fff, 2, 0);
	put(*state, 2, 0x5000, 0x5fff, 1, 0);
	must_be_broken(take(*state));
}

KERNEL_TEST(its_own_child)
{
	put(*state, 0, 0, UINT64_MAX, 0, 1);
	put(*state, 1, 0x1000, 0x4fff, 0, 1);
	must_be_broken(take(*state));
}

KERNEL_TEST(backwards)
{
	put(*state, 0, 0, UINT64_MAX, 0, 1);
	put(*state, 1, 0x1000, 0xfff, 0, 0);
	must_be_broken(take(*state));
}

KERNEL_TEST(excluded)
{
	struct kernel *kernel = *state;

	put(kernel, 0, 0, UINT64_MAX, 0, 1);
	put(kernel, 1, 0x1000, 0x4fff, 100, 0);
	kernel->has_missing = true;
	kernel->missing_page = at(100) / 4096;
	must_be_broken(take(kernel));
	assert_non_null(strstr(kernel->vm.map->faults[0].text, "Excluded page"));
}

KERNEL_TEST(unexpected_names)
{
	struct kernel *kernel = *state;
	const struct efimap *map;
	char name[201];

	put(kernel, 0, 0, UINT64_MAX, 0, 1);
	put(kernel, 1, 0x1000, 0x1fff, 2, 0);
	put(kernel, 2, 0x2000, 0x2fff, 3, 0);
	put(kernel, 3, 0x3000, 0x3fff, 0, 0);
	memset(name, 'n', sizeof(name) - 1);
	name[200] = '\0';
	kernel_text(kernel, 0x300, name);
	kernel_text(kernel, 0x500, "a\x1b[31mb\xff");
	kernel_u64(kernel, at(1) + 8 * NAME_FIELD, 0);
	kernel_u64(kernel, at(2) + 8 * NAME_FIELD, KERNEL_BASE + 0x300);
	kernel_u64(kernel, at(3) + 8 * NAME_FIELD, KERNEL_BASE + 0x500);
	map = take(kernel);
	assert_string_equal(map->iomem[0].name, "<BAD>");
	assert_int_equal(strlen(map->iomem[1].name), 127);
	assert_string_equal(map->iomem[2].name, "a?[31mb?");
}

KERNEL_TEST(not_there)
{
	struct kernel *kernel = *state;

	assert_int_equal(take_iomem(&kernel->vm), 0);
	assert_int_equal(kernel->vm.map->states[EFIMAP_SRC_IOMEM], EFIMAP_STATE_ABSENT);
}
