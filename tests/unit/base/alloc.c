/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdalign.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"
#include "base/cleanup.h"
#include "base/alloc.h"
#include "base/out_of_memory.h"
#include "base/address_sanitizer.h"

TEST(array_grows_and_keeps)
{
	auto_free uint64_t *array = NULL;
	size_t capacity = 0, grown = 0;

	for (size_t i = 0; i < 10000; i++) {
		size_t before = capacity;

		array_reserve(&array, i, &capacity, sizeof(*array));
		assert_true(capacity > i);
		grown += capacity != before;
		array[i] = i * i;
	}
	for (size_t i = 0; i < 10000; i++)
		assert_int_equal(array[i], i * i);
	assert_true(grown < 20);
}

/* Run a function in a child process. Its allocation must end the child with status 3. */
static void expect_exhausted(const char *name, void (*allocate)(void))
{
	/* AddressSanitizer writes a warning before the message, which is the last line. */
	static const char expected[] = "efimapctl: out of memory\n";
	char message[4096] = "";
	size_t used = 0;
	ssize_t len;
	int status = 0, fds[2];
	pid_t child;

	assert_int_equal(pipe(fds), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		dup2(fds[1], STDERR_FILENO);
		allocate();
		_exit(0);
	}
	close(fds[1]);
	while ((len = read(fds[0], message + used, sizeof(message) - 1 - used)) > 0)
		used += (size_t)len;
	assert_int_equal(len, 0);
	close(fds[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != STATUS_OUT_OF_MEMORY ||
	    used < strlen(expected) || strcmp(message + used - strlen(expected), expected) != 0)
		fail_msg("%s: status 0x%x, message \"%s\"", name, (unsigned int)status, message);
}

static void reserve(size_t capacity, size_t size)
{
	char byte = 'x', *array = &byte;

	array_reserve(&array, capacity, &capacity, size);
}

static void wrap_capacity(void)
{
	reserve(SIZE_MAX - 8, 1);
}

static void wrap_bytes(void)
{
	reserve(SIZE_MAX / 16, 64);
}

static void take_array(void)
{
	char *array = NULL;
	size_t capacity = SIZE_MAX / 2;

	array_reserve(&array, capacity, &capacity, 1);
}

static void take_new_array(void)
{
	array_new(SIZE_MAX / 4, 8);
}

static void take_arena(size_t size)
{
	struct arena arena = { 0 };

	arena_alloc(&arena, size);
}

static void take_all(void)
{
	take_arena(SIZE_MAX);
}

static void take_all_with_header(void)
{
	take_arena(SIZE_MAX - 15);
}

static void take_half(void)
{
	take_arena(SIZE_MAX / 2);
}

static void take_text(void)
{
	struct arena arena = { 0 };

	arena_strndup(&arena, "x", SIZE_MAX);
}

TEST(exhausted_memory_ends_the_program)
{
	static const struct {
		const char *name;
		void (*allocate)(void);
	} rows[] = {
		{ "capacity wraps", wrap_capacity },
		{ "bytes wrap", wrap_bytes },
		{ "large array", take_array },
		{ "large new array", take_new_array },
		{ "all memory", take_all },
		{ "all memory with a header", take_all_with_header },
		{ "half of memory", take_half },
		{ "long text", take_text },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		expect_exhausted(rows[i].name, rows[i].allocate);
}

TEST(a_new_array_is_zero_and_not_null)
{
	for (size_t count = 0; count < 5; count++) {
		auto_free uint64_t *array = array_new(count, sizeof(*array));

		assert_non_null(array);
		for (size_t i = 0; i < count; i++)
			assert_int_equal(array[i], 0);
	}
}

#ifdef POISON_IS_ON
TEST(unused_array_capacity_is_poisoned)
{
	static const size_t sizes[] = { 1, 4, 8, 24, 100 };

	for (size_t s = 0; s < ARRAY_SIZE(sizes); s++) {
		auto_free char *array = NULL;
		size_t capacity = 0;

		for (size_t i = 0; i < 100; i++) {
			array_reserve(&array, i, &capacity, sizes[s]);
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
			assert_memory_equal(arena_strndup(&arena, "o\0dd", 3), "o\0d", 4);
		}
	}
	for (size_t k = 0; k < n; k++)
		for (size_t j = 0; j < sizes[k % ARRAY_SIZE(sizes)]; j++)
			assert_int_equal(all[k][j], (int)(k & 0x7f) + 1);
	arena_free(&arena);
	assert_null(arena.blocks);
	arena_free(&arena);
}

TEST(arena_move_keeps_addresses)
{
	struct arena from = { 0 }, to = { 0 };
	const char *first = arena_strndup(&from, "first", 5);
	const char *other = arena_strndup(&to, "other", 5);

	arena_move(&to, &from);
	assert_null(from.blocks);
	assert_string_equal(first, "first");
	assert_string_equal(other, "other");
	arena_free(&to);
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
