/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs join where they touch and agree, and come in ascending order. */
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

TEST(test_join)
{
	struct efimap_ptdump dump = { 0 };

	assert_int_equal(add(&dump, 0, 0xfff, RW, PTE), 0);
	assert_int_equal(add(&dump, 0x1000, 0x1fff, RW, PTE), 0);
	assert_int_equal(dump.n_runs, 1);
	assert_int_equal(dump.runs[0].span.last, 0x1fff);
	/* Other flags, another level, a gap: each a run of its own. */
	assert_int_equal(add(&dump, 0x2000, 0x2fff, 0, PTE), 0);
	assert_int_equal(add(&dump, 0x3000, 0x3fff, 0, EFIMAP_PTLEVEL_PMD), 0);
	assert_int_equal(add(&dump, 0x5000, 0x5fff, 0, EFIMAP_PTLEVEL_PMD), 0);
	assert_int_equal(dump.n_runs, 4);
	efimap_ptdump_free(&dump);
	assert_null(dump.runs);
	assert_int_equal(dump.n_runs, 0);
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

TEST(test_names)
{
	assert_string_equal(efimap_ptlevel_name(EFIMAP_PTLEVEL_PTE), "pte");
	assert_string_equal(efimap_ptlevel_name(EFIMAP_PTLEVEL_PMD), "pmd");
	assert_string_equal(efimap_ptlevel_name(EFIMAP_PTLEVEL_PUD), "pud");
	assert_string_equal(efimap_ptlevel_name(EFIMAP_PTLEVEL_P4D), "p4d");
	assert_string_equal(efimap_ptlevel_name(EFIMAP_PTLEVEL_PGD), "pgd");
}
