/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <time.h>

#include "base/interval_tree.h"

#include "random.h"
#include "test.h"

#define MAX 12

static struct span random_span(uint64_t *seed)
{
	const uint64_t base = random_bits(seed) % 8 ? 100 : UINT64_MAX - 40;
	const uint64_t first = base + random_bits(seed) % 30;

	return (struct span){ first, first + random_bits(seed) % 10 };
}

static bool is_before(const struct span *spans, uint32_t a, uint32_t b)
{
	return spans[a].first < spans[b].first || (spans[a].first == spans[b].first && a < b);
}

static void check_query(const struct interval_tree *set, const struct span *spans, size_t count,
			struct span wanted, size_t max)
{
	uint32_t found[MAX + 1];
	size_t expected = 0;
	bool more;
	const size_t n = interval_tree_find(set, wanted, max, found, &more);

	for (size_t i = 0; i < count; i++)
		expected += span_overlaps(spans[i], wanted);
	assert_int_equal(more, expected > max);
	assert_int_equal(n, more ? max : expected);
	for (size_t i = 0; i < n; i++) {
		assert_true(span_overlaps(spans[found[i]], wanted));
		if (i > 0)
			assert_true(is_before(spans, found[i - 1], found[i]));
		/* If more spans overlap than fit in @found, found[0] must be the first of them. */
		for (uint32_t k = 0; more && k < count; k++)
			if (span_overlaps(spans[k], wanted) && is_before(spans, k, found[i]))
				assert_true(i > 0);
	}
}

TEST(agrees_with_all_pairs)
{
	uint64_t seed = 20240101;

	for (int round = 0; round < 5000; round++) {
		auto_interval_tree struct interval_tree set = { 0 };
		const size_t count = (size_t)(random_bits(&seed) % (MAX + 1));
		struct span spans[MAX];

		interval_tree_new(&set, count);
		for (size_t i = 0; i < count; i++) {
			spans[i] = random_span(&seed);
			interval_tree_add(&set, spans[i], i);
		}
		interval_tree_sort(&set);
		for (int i = 0; i < 10; i++)
			check_query(&set, spans, count, random_span(&seed),
				    (size_t)(random_bits(&seed) % (MAX + 1)));
		check_query(&set, spans, count, (struct span){ 0, UINT64_MAX }, MAX);
	}
}
