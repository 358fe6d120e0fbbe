/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compare the search with one that tries each address, at both ends of the address space. */
#include "linux/locate_hole.h"
#include "random.h"
#include "test.h"

#define SPACE 40

static bool is_free(const struct hole_search *search, struct span span)
{
	for (size_t i = 0; i < search->n_taken; i++)
		if (span_overlaps(search->taken[i], span))
			return false;
	return true;
}

/* Try each address of a range, from the first one if @bottom_up, or else from the last one. */
static bool try_range(const struct hole_search *search, const struct hole_wanted *wanted,
		      struct span range, uint64_t *ret_start)
{
	const uint64_t bytes = wanted->size + (!wanted->bottom_up && search->skips_last_byte);
	const uint64_t room = range.last - range.first;

	for (uint64_t i = 0; range.first <= range.last && i <= room; i++) {
		const uint64_t start = range.first + (wanted->bottom_up ? i : room - i);

		*ret_start = start;
		if (range.last - start >= bytes - 1 && start % wanted->align == 0 &&
		    is_free(search, (struct span){ start, start + wanted->size - 1 }))
			return true;
	}
	return false;
}

static bool try_all(const struct hole_search *search, const struct hole_wanted *wanted,
		    struct hole *ret_hole)
{
	for (size_t i = 0; i < search->n_ranges; i++) {
		const bool is_reverse = search->from_top && !wanted->bottom_up;
		const size_t at = is_reverse ? search->n_ranges - 1 - i : i;
		struct span range = span_shared(search->ranges[at], search->limits);
		struct hole hole = { .range = at };

		range.first = range.first < wanted->min ? wanted->min : range.first;
		if (!try_range(search, wanted, range, &hole.start))
			continue;
		hole.free_end = hole.start;
		while (hole.free_end < range.last &&
		       is_free(search, (struct span){ hole.free_end + 1, hole.free_end + 1 }))
			hole.free_end++;
		*ret_hole = hole;
		return true;
	}
	return false;
}

TEST(agrees_with_a_search_of_each_address)
{
	uint64_t seed = 7;
	size_t n_found = 0;

	for (int round = 0; round < 100000; round++) {
		const uint64_t base = random_bits(&seed) % 2 ? 0 : UINT64_MAX - SPACE + 1;
		struct span spans[5];
		struct hole_search search = { .ranges = spans, .taken = spans + 3 };
		struct hole_wanted wanted = { 0 };
		struct hole expected, found;

		/* Three ranges in order, and two segments that are already placed */
		for (size_t i = 0; i < ARRAY_SIZE(spans); i++) {
			spans[i].first = base + (i < 3 ? i * 14 + random_bits(&seed) % 6
						       : random_bits(&seed) % 33);
			spans[i].last = spans[i].first + random_bits(&seed) % 7;
		}
		search.n_ranges = (size_t)(random_bits(&seed) % 4);
		search.n_taken = (size_t)(random_bits(&seed) % 3);
		search.from_top = random_bits(&seed) % 2;
		search.skips_last_byte = random_bits(&seed) % 2;
		search.limits.first = base + random_bits(&seed) % 12;
		search.limits.last = base + SPACE - 1 - random_bits(&seed) % 12;
		wanted.size = random_bits(&seed) % 9 + 1;
		wanted.align = UINT64_C(1) << random_bits(&seed) % 4;
		wanted.min = random_bits(&seed) % 2 ? base + random_bits(&seed) % SPACE : 0;
		wanted.bottom_up = random_bits(&seed) % 2;
		if (find_hole(&search, &wanted, &found) != try_all(&search, &wanted, &expected))
			fail_msg("round %d: only one search found memory", round);
		if (!try_all(&search, &wanted, &expected))
			continue;
		assert_int_equal(found.range, expected.range);
		assert_int_equal(found.start, expected.start);
		assert_int_equal(found.free_end, expected.free_end);
		n_found++;
	}
	assert_true(n_found > 10000);
}
