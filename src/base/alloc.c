/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Growable arrays, and an arena for the many short strings of a capture or a report. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/address_sanitizer.h"
#include "base/alloc.h"
#include "base/out_of_memory.h"

#define FIRST_CAPACITY 16
#define BLOCK_SIZE ((size_t)4096)

struct arena_block {
	struct arena_block *next;
	size_t used;
	size_t size;
	max_align_t data[];
};

/* Return @memory, the result of an allocation. */
static void *not_null(void *memory)
{
	if (!memory)
		out_of_memory();
	return memory;
}

void *memory_new(size_t size)
{
	return not_null(malloc(size ? size : 1));
}

void *memory_resize(void *memory, size_t size)
{
	return not_null(realloc(memory, size ? size : 1));
}

char *memory_strndup(const char *text, size_t len)
{
	char *copy = memory_new(len + 1);

	memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

void *array_new(size_t count, size_t size)
{
	return not_null(calloc(count ? count : 1, size));
}

void array_reserve(void *array, size_t count, size_t *capacity, size_t size)
{
	size_t wanted, bytes;
	void *old, *grown;

	memcpy(&old, array, sizeof(old));
	if (count < *capacity) {
		unpoison((char *)old + count * size, size);
		return;
	}
	if (__builtin_add_overflow(*capacity, *capacity / 2 + FIRST_CAPACITY, &wanted) ||
	    __builtin_mul_overflow(wanted, size, &bytes))
		out_of_memory();
	grown = memory_resize(old, bytes);
	poison((char *)grown + (count + 1) * size, bytes - (count + 1) * size);
	memcpy(array, &grown, sizeof(grown));
	*capacity = wanted;
}

void array_append(void *array, size_t *count, size_t *capacity, const void *element, size_t size)
{
	char *elements;

	array_reserve(array, *count, capacity, size);
	memcpy(&elements, array, sizeof(elements));
	memcpy(elements + (*count)++ * size, element, size);
}

static void *arena_take(struct arena *arena, size_t size, size_t align)
{
	struct arena_block *block = arena->blocks;
	size_t start = block ? (block->used + align - 1) / align * align : 0;

	if (!block || start > block->size || size > block->size - start) {
		const size_t room = size > BLOCK_SIZE / 4 ? size : BLOCK_SIZE - sizeof(*block);
		size_t bytes;

		if (__builtin_add_overflow(room, sizeof(*block), &bytes))
			out_of_memory();
		block = memory_new(bytes);
		block->used = 0;
		block->size = room;
		poison(block->data, room);
		block->next = arena->blocks;
		arena->blocks = block;
		start = 0;
	}
	block->used = start + size + POISON_GAP;
	unpoison((char *)block->data + start, size);
	return (char *)block->data + start;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	return memset(arena_take(arena, size, _Alignof(max_align_t)), 0, size);
}

char *arena_strndup(struct arena *arena, const char *text, size_t len)
{
	char *copy;

	if (len == SIZE_MAX)
		out_of_memory();
	copy = arena_take(arena, len + 1, 1);
	if (len)
		memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

char *arena_vprintf(struct arena *arena, const char *fmt, va_list args)
{
	va_list again;
	int len;
	char *text;

	va_copy(again, args);
	len = vsnprintf(NULL, 0, fmt, args);
	if (len < 0)
		out_of_memory();
	text = arena_take(arena, (size_t)len + 1, 1);
	vsnprintf(text, (size_t)len + 1, fmt, again);
	va_end(again);
	return text;
}

char *arena_printf(struct arena *arena, const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	text = arena_vprintf(arena, fmt, args);
	va_end(args);
	return text;
}

void arena_move(struct arena *to, struct arena *from)
{
	struct arena_block **end = &to->blocks;

	while (*end)
		end = &(*end)->next;
	*end = from->blocks;
	from->blocks = NULL;
}

void arena_free(struct arena *arena)
{
	struct arena_block *block = arena->blocks;

	while (block) {
		struct arena_block *next = block->next;

		free(block);
		block = next;
	}
	arena->blocks = NULL;
}
