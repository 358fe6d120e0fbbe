/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the sums deny is true of no entry; what is true of one they never deny. */
#include "test.h"
#include "check/sums.h"

static bool is_code(const struct check *c, const struct efimap_entry *entry)
{
	return entry->type == EFIMAP_TYPE_RUNTIME_CODE;
}

static bool is_uncached(const struct check *c, const struct efimap_entry *entry)
{
	return !(entry->attribute & EFIMAP_ATTR_WB);
}

static void nothing_is_said_of_nothing(void **state)
{
	const struct sums sums = SUMS_INIT;

	assert_false(sums_may_apply(NULL, &sums, is_code));
	assert_int_equal(sums.last, 0);
	assert_true(sums.least_phys == UINT64_MAX);
}

static void extremes_are_kept(void **state)
{
	static const struct efimap_entry entries[] = {
		{ .type = 5, .phys = 0x3000, .virt = 0x103000, .pages = 2, .attribute = 8 },
		{ .type = 6, .phys = 0x1000, .virt = 0x101000, .pages = 1, .attribute = 8 },
		{ .type = 0x80000000, .phys = 0x8008, .virt = 0x108000, .pages = 0 },
	};
	struct sums sums = SUMS_INIT;

	for (size_t i = 0; i < ARRAY_SIZE(entries); i++)
		sums_add(&sums, &entries[i]);
	assert_int_equal(sums.types, 0x60);
	assert_int_equal(sums.phys_bits, 0xb008);
	assert_int_equal(sums.differing, 0x100008);
	assert_int_equal(sums.least_phys, 0x1000);
	assert_int_equal(sums.last, 0x8008);
	assert_int_equal(sums.pages, 2);
	assert_true(sums.any_empty);
	assert_int_equal(sums.n_kinds, 3);
	assert_true(sums_may_apply(NULL, &sums, is_code));
}

static void a_range_that_wraps_reaches_the_end(void **state)
{
	const struct efimap_entry entry = { .phys = UINT64_MAX - 0xfff, .pages = 2 };
	struct sums sums = SUMS_INIT;

	sums_add(&sums, &entry);
	assert_true(sums.last == UINT64_MAX);
}

/* Beyond what fits, the sums know nothing and deny nothing. */
static void too_many_kinds_deny_nothing(void **state)
{
	for (uint32_t count = SUMS_MAX_KINDS - 1; count <= SUMS_MAX_KINDS + 2; count++) {
		struct sums sums = SUMS_INIT;

		for (uint32_t i = 0; i < count; i++) {
			const struct efimap_entry entry = { .type = 100 + i, .pages = 1,
							    .attribute = EFIMAP_ATTR_WB };

			sums_add(&sums, &entry);
			sums_add(&sums, &entry);
		}
		assert_int_equal(sums_may_apply(NULL, &sums, is_uncached),
				 count > SUMS_MAX_KINDS);
	}
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_said_of_nothing),
		cmocka_unit_test(extremes_are_kept),
		cmocka_unit_test(a_range_that_wraps_reaches_the_end),
		cmocka_unit_test(too_many_kinds_deny_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
