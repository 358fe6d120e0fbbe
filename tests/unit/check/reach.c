/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A hit is found exactly when there is one, however the ranges lie. */
#include "test.h"
#include "check/reach.h"

#define RANGES 40
#define SPACE 64

static void nothing_is_found_in_nothing(void **state)
{
	struct reach reach;

	assert_int_equal(reach_build(NULL, 0, &reach), 0);
	assert_null(reach_find(&reach, (struct efimap_span){ 0, UINT64_MAX }));
	reach_free(&reach);
}

static void ends_of_the_address_space(void **state)
{
	static const struct reach_range ranges[] = {
		{ { UINT64_MAX, UINT64_MAX }, 7 },
		{ { 0, 0 }, 8 },
	};
	struct reach reach auto_reach = { 0 };

	assert_int_equal(reach_build(ranges, ARRAY_SIZE(ranges), &reach), 0);
	assert_int_equal(reach_find(&reach, (struct efimap_span){ 0, 5 })->position, 8);
	assert_null(reach_find(&reach, (struct efimap_span){ 1, UINT64_MAX - 1 }));
	assert_int_equal(
		reach_find(&reach, (struct efimap_span){ 9, UINT64_MAX })->position, 7);
}

/* It is the evidence of a finding, so which one is found must not change. */
static void of_two_that_end_together_the_first_is_found(void **state)
{
	static const struct reach_range ranges[] = {
		{ { 5, 9 }, 2 }, { { 0, 9 }, 1 }, { { 3, 4 }, 3 },
	};
	struct reach reach auto_reach = { 0 };

	assert_int_equal(reach_build(ranges, ARRAY_SIZE(ranges), &reach), 0);
	assert_int_equal(reach_find(&reach, (struct efimap_span){ 7, 8 })->position, 1);
}

static uint32_t next(uint32_t *seed)
{
	*seed = *seed * 1664525U + 1013904223U;
	return *seed >> 16;
}

static struct efimap_span random_span(uint32_t *seed)
{
	const uint64_t first = next(seed) % SPACE;

	return (struct efimap_span){ first, first + next(seed) % 6 };
}

static void agrees_with_looking_at_all(void **state)
{
	uint32_t seed = 1;

	for (int round = 0; round < 200; round++) {
		struct reach_range ranges[RANGES];
		struct reach reach auto_reach = { 0 };
		const size_t count =
			1 + next(&seed) % RANGES / (1 + (unsigned int)round % 8);

		for (uint32_t i = 0; i < count; i++)
			ranges[i] = (struct reach_range){ random_span(&seed), i };
		assert_int_equal(reach_build(ranges, count, &reach), 0);
		for (int question = 0; question < 50; question++) {
			const struct efimap_span asked = random_span(&seed);
			const struct reach_range *found = reach_find(&reach, asked);
			bool any = false;

			for (size_t i = 0; i < count; i++)
				any |= efimap_span_overlaps(ranges[i].span, asked);
			assert_int_equal(found != NULL, any);
			if (found) {
				assert_true(efimap_span_overlaps(found->span, asked));
				assert_true(efimap_span_equals(
					ranges[found->position].span, found->span));
			}
		}
	}
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_found_in_nothing),
		cmocka_unit_test(ends_of_the_address_space),
		cmocka_unit_test(of_two_that_end_together_the_first_is_found),
		cmocka_unit_test(agrees_with_looking_at_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
