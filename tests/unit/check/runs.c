/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sums over the runs of a dump, held against counting page by page. */
#include "test.h"
#include "check/runs.h"
#include "model/ptdump.h"

#define NX EFIMAP_PTE_NX
#define RW EFIMAP_PTE_RW
#define PCD EFIMAP_PTE_PCD
#define PAGE UINT64_C(0x1000)
#define PAGES 16

static struct efimap_ptrun some[] = {
	{ { 1 * PAGE, 3 * PAGE - 1 }, RW | NX, EFIMAP_PTLEVEL_PTE },
	{ { 3 * PAGE, 4 * PAGE - 1 }, RW, EFIMAP_PTLEVEL_PTE },
	{ { 6 * PAGE, 8 * PAGE - 1 }, PCD | RW | NX, EFIMAP_PTLEVEL_PTE },
	{ { 8 * PAGE, 9 * PAGE - 1 }, 0, EFIMAP_PTLEVEL_PTE },
	{ { 12 * PAGE, 14 * PAGE - 1 }, PCD, EFIMAP_PTLEVEL_PTE },
};

static const struct efimap_ptdump dump = { some, ARRAY_SIZE(some), 0 };

/* One letter a page: '.' absent, d data, w writable code, u uncached data, x code, v. */
static const char pages[PAGES + 1] = ".ddw..uux...vv..";

static bool is_so(size_t page, enum runs_what what)
{
	const char c = pages[page];

	switch (what) {
	case RUNS_PRESENT:
		return c != '.';
	case RUNS_EXECUTABLE:
		return c == 'w' || c == 'x' || c == 'v';
	case RUNS_WRITABLE_EXECUTABLE:
		return c == 'w';
	default:
		return c == 'u' || c == 'v';
	}
}

static void check_range(const struct runs *runs, enum runs_what what, size_t from, size_t to)
{
	const struct efimap_span span = { from * PAGE, to * PAGE - 1 };
	uint64_t bytes = 0, first = 0, first_not = 0;
	bool any = false, any_not = false;

	for (size_t i = to; i-- > from;) {
		if (is_so(i, what)) {
			bytes += PAGE;
			first = i * PAGE;
			any = true;
		} else {
			first_not = i * PAGE;
			any_not = true;
		}
	}
	assert_int_equal(runs_bytes(runs, what, span), bytes);
	if (any)
		assert_int_equal(runs_first(runs, what, span), first);
	if (any_not)
		assert_int_equal(runs_first_not(runs, what, span), first_not);
}

TEST(every_range_is_counted)
{
	struct runs runs;

	assert_int_equal(runs_open(&dump, &runs), 0);
	for (unsigned int what = 0; what < RUNS_WHAT_COUNT; what++)
		for (size_t from = 0; from < PAGES; from++)
			for (size_t to = from + 1; to <= PAGES; to++)
				check_range(&runs, (enum runs_what)what, from, to);
	runs_close(&runs);
}

TEST(the_end_of_the_address_space)
{
	struct efimap_ptrun last[] = {
		{ { UINT64_MAX - PAGE + 1, UINT64_MAX }, RW, EFIMAP_PTLEVEL_PTE },
	};
	const struct efimap_ptdump top = { last, 1, 0 };
	const struct efimap_span span = { UINT64_MAX - 2 * PAGE + 1, UINT64_MAX };
	struct runs runs;

	assert_int_equal(runs_open(&top, &runs), 0);
	assert_int_equal(runs_bytes(&runs, RUNS_EXECUTABLE, span), PAGE);
	assert_int_equal(runs_first(&runs, RUNS_EXECUTABLE, span), UINT64_MAX - PAGE + 1);
	runs_close(&runs);
}
