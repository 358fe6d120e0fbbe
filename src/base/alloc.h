/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef BASE_ALLOC_H
#define BASE_ALLOC_H

#include <stdarg.h>
#include <stddef.h>

/*
 * If memory is exhausted, the functions of this header end the program with out_of_memory(), so
 * they never return NULL.
 */

/* As malloc(), realloc() and strndup(). The caller frees the memory with free(). */
void *memory_new(size_t size) __attribute__((returns_nonnull));
void *memory_resize(void *memory, size_t size);
char *memory_strndup(const char *text, size_t len);

/* Allocate an array of zeroed elements. The caller frees it with free(). */
void *array_new(size_t count, size_t size);

/*
 * Ensure that an array has space for one more element.
 *
 * @array:    address of the pointer to the array. The pointer is NULL before the first call.
 * @capacity: number of allocated elements. With ASan, only @count + 1 elements are accessible.
 */
void array_reserve(void *array, size_t count, size_t *capacity, size_t size);

void array_append(void *array, size_t *count, size_t *capacity, const void *element, size_t size);

/* A set of allocations that arena_free() frees together. Initialise the arena with zeros. */
struct arena {
	struct arena_block *blocks;
};

/* Return @size zeroed bytes, aligned for any type. */
void *arena_alloc(struct arena *arena, size_t size) __attribute__((returns_nonnull));
char *arena_strndup(struct arena *arena, const char *text, size_t len);
char *arena_printf(struct arena *arena, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *fmt, va_list args)
	__attribute__((format(printf, 2, 0)));
/* Move all allocations of @from to @to, without changing their addresses. */
void arena_move(struct arena *to, struct arena *from);
void arena_free(struct arena *arena);

#endif
