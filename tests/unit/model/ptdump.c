/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs come in ascending order. */
#include <errno.h>

#include "test.h"
#include "model/ptdump.h"

#define RW EFIMAP_PTE_RW
#define PTE EFIMAP_PTLEVEL_PTE

static int add(struct efimap_ptdump *dump, uint64_t first, uint64_t last, uint64_t flags,
	       enum efimap_ptlevel level)
{
	const struct efimap_ptrun run = { { first, last }, flags, level };

	return efimap_ptdump_add(dump, &run);
}

TEST(test_order)
{
	struct efimap_ptdump dump = { 0 };

	assert_int_equal(add(&dump, 0x1000, 0xfff, RW, PTE), -EINVAL);
	assert_int_equal(add(&dump, 0x1000, UINT64_MAX, RW, PTE), 0);
	assert_int_equal(add(&dump, UINT64_MAX, UINT64_MAX, RW, PTE), -EINVAL);
	assert_int_equal(add(&dump, 0, 0xfff, RW, PTE), -EINVAL);
	assert_int_equal(dump.n_runs, 1);
	efimap_ptdump_free(&dump);
}
