/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdalign.h>

#include "test.h"
#include "base/cleanup.h"
#include "base/alloc.h"
#include "base/address_sanitizer.h"

TEST(array_grows_and_keeps)
{
	auto_free uint64_t *array = NULL;
	size_t capacity = 0, grown = 0;

	for (size_t i = 0; i < 10000; i++) {
		size_t before = capacity;

		assert_int_equal(array_reserve(&array, i, &capacity, sizeof(*array)), 0);
		assert_true(capacity > i);
		grown += capacity != before;
		array[i] = i * i;
	}
	for (size_t i = 0; i < 10000; i++)
		assert_int_equal(array[i], i * i);
	assert_true(grown < 20);
}

TEST(array_failure_rows)
{
	static const struct {
		const char *name;
		size_t capacity, size;
		int ret;
	} rows[] = {
		{ "capacity wraps", SIZE_MAX - 8, 1, -EOVERFLOW },
		{ "bytes wrap", SIZE_MAX / 16, 64, -EOVERFLOW },
		{ "no memory", SIZE_MAX / 2, 1, -ENOMEM },
	};
	char byte = 'x';

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *array = rows[i].ret == -ENOMEM ? NULL : &byte, *before = array;
		size_t capacity = rows[i].capacity;
		int r = array_reserve(&array, capacity, &capacity, rows[i].size);

		if (r != rows[i].ret)
			fail_msg("%s: returned %d, expected %d", rows[i].name, r, rows[i].ret);
		if (array != before || capacity != rows[i].capacity)
			fail_msg("%s: result modified on failure", rows[i].name);
	}
}

TEST(array_with_room_stays)
{
	char byte = 'x', *array = &byte;
	size_t capacity = 5;

	assert_int_equal(array_reserve(&array, 4, &capacity, 1), 0);
	assert_ptr_equal(array, &byte);
	assert_int_equal(capacity, 5);
}

TEST(a_new_array_is_zero_and_not_null)
{
	for (size_t count = 0; count < 5; count++) {
		auto_free uint64_t *array = array_new(count, sizeof(*array));

		assert_non_null(array);
		for (size_t i = 0; i < count; i++)
			assert_int_equal(array[i], 0);
	}
	assert_null(array_new(SIZE_MAX / 4, 8));
}

#ifdef POISON_IS_ON
TEST(unused_array_capacity_is_poisoned)
{
	static const size_t sizes[] = { 1, 4, 8, 24, 100 };

	for (size_t s = 0; s < ARRAY_SIZE(sizes); s++) {
		auto_free char *array = NULL;
		size_t capacity = 0;

		for (size_t i = 0; i < 100; i++) {
			assert_int_equal(array_reserve(&array, i, &capacity, sizes[s]), 0);
			assert_null(__asan_region_is_poisoned(array, (i + 1) * sizes[s]));
			assert_true(__asan_address_is_poisoned(array + (i + 1) * sizes[s]));
		}
	}
}

TEST(unallocated_arena_memory_is_poisoned)
{
	struct arena arena = { 0 };

	for (size_t size = 1; size < 100; size++) {
		char *memory = arena_alloc(&arena, size);
		const char *text = arena_strndup(&arena, "text", 4);

		assert_null(__asan_region_is_poisoned(memory, size));
		assert_true(__asan_address_is_poisoned(memory + size));
		assert_true(__asan_address_is_poisoned(text + sizeof("text")));
	}
	arena_free(&arena);
}
#endif

TEST(arena_memory_is_zero_aligned_and_disjoint)
{
	static const size_t sizes[] = { 0,    1,    7,	  16,	100,  1000, 1023, 1024,
					1025, 2048, 4071, 4080, 4096, 4097, 9000, 100000 };
	struct arena arena = { 0 };
	unsigned char *all[ARRAY_SIZE(sizes) * 20];
	size_t n = 0;

	for (int round = 0; round < 20; round++) {
		for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
			unsigned char *memory = arena_alloc(&arena, sizes[i]);

			assert_non_null(memory);
			assert_int_equal((uintptr_t)memory % alignof(max_align_t), 0);
			for (size_t j = 0; j < sizes[i]; j++)
				assert_int_equal(memory[j], 0);
			memset(memory, (int)(n & 0x7f) + 1, sizes[i]);
			all[n++] = memory;
			/* The next allocation must be aligned even after these three bytes. */
			assert_string_equal(arena_strndup(&arena, "odd", 2), "od");
		}
	}
	for (size_t k = 0; k < n; k++)
		for (size_t j = 0; j < sizes[k % ARRAY_SIZE(sizes)]; j++)
			assert_int_equal(all[k][j], (int)(k & 0x7f) + 1);
	arena_free(&arena);
	assert_null(arena.blocks);
	arena_free(&arena);
}

TEST(arena_remembers_a_failed_allocation)
{
	struct arena from = { 0 }, to = { 0 };

	assert_non_null(arena_alloc(&from, 8));
	assert_false(from.is_exhausted);
	assert_null(arena_alloc(&from, SIZE_MAX));
	assert_non_null(arena_alloc(&from, 8));
	arena_move(&to, &from);
	assert_true(to.is_exhausted);
	arena_free(&to);
}

TEST(arena_strndup_takes_len_bytes)
{
	struct arena arena = { 0 };
	const char unterminated[] = { 'a', 'b', 'c' };
	char *copy = arena_strndup(&arena, unterminated, 3);

	assert_string_equal(copy, "abc");
	assert_string_equal(arena_strndup(&arena, "", 0), "");
	copy = arena_strndup(&arena, "a\0b", 3);
	assert_memory_equal(copy, "a\0b", 4);
	arena_free(&arena);
}

TEST(arena_printf_of_every_length)
{
	struct arena arena = { 0 };
	char filler[6000];

	memset(filler, 'f', sizeof(filler));
	for (int len = 0; len < 6000; len += len < 250 || len > 260 ? 50 : 1) {
		char *text = arena_printf(&arena, "%.*s|%d", len, filler, 7);

		assert_int_equal(strlen(text), len + 2);
		assert_memory_equal(text, filler, (size_t)len);
		assert_string_equal(text + len, "|7");
	}
	arena_free(&arena);
}

TEST(arena_without_memory)
{
	struct arena arena = { 0 };

	assert_null(arena_alloc(&arena, SIZE_MAX));
	assert_null(arena_alloc(&arena, SIZE_MAX - 15));
	assert_null(arena_alloc(&arena, SIZE_MAX / 2));
	assert_null(arena_strndup(&arena, "x", SIZE_MAX));
	assert_null(arena_strndup(&arena, "x", SIZE_MAX / 2));
	assert_null(arena.blocks);
	assert_non_null(arena_alloc(&arena, 1));
	assert_null(arena_alloc(&arena, SIZE_MAX));
	assert_non_null(arena_alloc(&arena, 1));
	arena_free(&arena);
}
