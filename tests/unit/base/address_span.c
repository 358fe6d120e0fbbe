/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <inttypes.h>

#include "random.h"
#include "test.h"
#include "base/address_span.h"

#define TOP UINT64_MAX

struct row {
	const char *name;
	uint64_t first, count;
	int ret;
	uint64_t last;
};

#define UNTOUCHED                                                                                  \
	{                                                                                          \
		7, 9                                                                               \
	}

static void expect_span(const struct row *row, int ret, struct span span)
{
	if (ret != row->ret)
		fail_msg("%s: returned %d, expected %d", row->name, ret, row->ret);
	if (ret == 0 && (span.first != row->first || span.last != row->last))
		fail_msg("%s: 0x%" PRIx64 "-0x%" PRIx64 ", expected 0x%" PRIx64 "-0x%" PRIx64,
			 row->name, span.first, span.last, row->first, row->last);
	if (ret < 0 && (span.first != 7 || span.last != 9))
		fail_msg("%s: result modified on failure", row->name);
}

TEST(make_rows)
{
	static const struct row rows[] = {
		{ "one byte at 0", 0, 1, 0, 0 },
		{ "one byte at the top", TOP, 1, 0, TOP },
		{ "ends at 2^64", TOP - 4095, 4096, 0, TOP },
		{ "one byte beyond 2^64", TOP - 4095, 4097, -EOVERFLOW, 0 },
		{ "wraps to 0", TOP, 2, -EOVERFLOW, 0 },
		{ "all but one byte", 0, TOP, 0, TOP - 1 },
		{ "all but the first byte", 1, TOP, 0, TOP },
		{ "2^64 - 1 bytes from 2", 2, TOP, -EOVERFLOW, 0 },
		{ "nothing at 0", 0, 0, -EINVAL, 0 },
		{ "nothing at the top", TOP, 0, -EINVAL, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct span span = UNTOUCHED;
		int r = span_make(rows[i].first, rows[i].count, &span);

		expect_span(&rows[i], r, span);
	}
}

TEST(bytes_take_whole_pages)
{
	static const uint64_t bytes[] = { 0, 1, 4096, 4097 }, pages[] = { 0, 1, 1, 2 };

	for (size_t i = 0; i < ARRAY_SIZE(bytes); i++)
		assert_int_equal(whole_pages(bytes[i]), pages[i] * EFIMAP_PAGE_SIZE);
}

TEST(from_pages_rows)
{
	static const struct row rows[] = {
		{ "one page", 0x1000, 1, 0, 0x1fff },
		{ "unaligned start", 0x1018, 1, 0, 0x2017 },
		{ "no page", 0x1000, 0, -EINVAL, 0 },
		{ "last page of the address space", TOP - 4095, 1, 0, TOP },
		{ "one page too many", TOP - 4095, 2, -EOVERFLOW, 0 },
		{ "2^52 - 1 pages", 0, (UINT64_C(1) << 52) - 1, 0, TOP - 4096 },
		{ "2^52 - 1 pages, to the top", 0x1000, (UINT64_C(1) << 52) - 1, 0, TOP },
		{ "2^52 pages", 0, UINT64_C(1) << 52, -EOVERFLOW, 0 },
		{ "product wraps to a page", 0, (UINT64_C(1) << 52) + 1, -EOVERFLOW, 0 },
		{ "all ones", 0, TOP, -EOVERFLOW, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct span span = UNTOUCHED;
		int r = span_from_pages(rows[i].first, rows[i].count, &span);

		expect_span(&rows[i], r, span);
	}
}

TEST(relation_rows)
{
	static const struct {
		const char *name;
		struct span a, b;
		bool overlaps, contains;
	} rows[] = {
		{ "the same", { 5, 9 }, { 5, 9 }, true, true },
		{ "touching", { 5, 9 }, { 10, 12 }, false, false },
		{ "one byte shared", { 5, 9 }, { 9, 12 }, true, false },
		{ "inside", { 5, 9 }, { 6, 8 }, true, true },
		{ "around", { 6, 8 }, { 5, 9 }, true, false },
		{ "apart", { 0, 1 }, { TOP, TOP }, false, false },
		{ "everything", { 0, TOP }, { TOP, TOP }, true, true },
		{ "same start", { 5, 9 }, { 5, 10 }, true, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct span a = rows[i].a, b = rows[i].b;

		if (span_overlaps(a, b) != rows[i].overlaps ||
		    span_overlaps(b, a) != rows[i].overlaps)
			fail_msg("%s: overlaps %d, expected %d", rows[i].name, !rows[i].overlaps,
				 rows[i].overlaps);
		if (span_contains(a, b) != rows[i].contains)
			fail_msg("%s: contains %d, expected %d", rows[i].name, !rows[i].contains,
				 rows[i].contains);
	}
}

TEST(span_sizes_and_members)
{
	assert_int_equal(span_bytes((struct span){ 4096, 8191 }), 4096);
	assert_int_equal(span_bytes((struct span){ TOP, TOP }), 1);
	assert_int_equal(span_bytes((struct span){ 0, TOP }), 0);
	assert_true(span_has((struct span){ 4, 6 }, 4));
	assert_true(span_has((struct span){ 4, 6 }, 6));
	assert_false(span_has((struct span){ 4, 6 }, 3));
	assert_false(span_has((struct span){ 4, 6 }, 7));
}

TEST(relations_agree_with_bytes)
{
	for (uint64_t code = 0; code < 7 * 7 * 7 * 7; code++) {
		struct span a = { code % 7, code / 7 % 7 };
		struct span b = { code / 49 % 7, code / 343 };
		unsigned int shared = 0, inside = 0, size = 0;

		if (a.first > a.last || b.first > b.last)
			continue;
		for (uint64_t x = 0; x < 7; x++) {
			shared += span_has(a, x) && span_has(b, x);
			inside += span_has(b, x);
			size += span_has(a, x);
		}
		assert_int_equal(span_overlaps(a, b), shared > 0);
		if (shared)
			assert_int_equal(span_bytes(span_shared(a, b)), shared);
		assert_int_equal(span_contains(a, b), shared == inside);
		assert_int_equal(span_bytes(a), size);
	}
}

TEST(make_is_exact)
{
	uint64_t seed = 1;

	for (int i = 0; i < 20000; i++) {
		struct span span;
		uint64_t first, bytes;

		first = random_bits(&seed) >> (i % 64);
		bytes = (random_bits(&seed) >> (i / 64 % 64)) | 1;
		if (span_make(first, bytes, &span) == 0) {
			assert_true(span.first == first && span.last >= first);
			assert_true(span_bytes(span) == bytes);
		} else {
			assert_true(first + (bytes - 1) < first);
		}
	}
}
