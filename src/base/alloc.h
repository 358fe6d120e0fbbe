/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Allocate growing arrays, and the many small strings of a capture or a report. */
#ifndef BASE_ALLOC_H
#define BASE_ALLOC_H

#include <stdarg.h>
#include <stddef.h>

/*
 * Allocate an array of @count zeroed elements of @size bytes.
 *
 * Return an array that the caller frees with free(), even if @count is 0, or NULL if memory cannot
 * be allocated.
 */
void *efimap_array_new(size_t count, size_t size);

/*
 * Ensure that an array has space for one more element.
 *
 * @array:    address of the pointer to the array, which is NULL for an empty array
 * @count:    number of elements in use
 * @capacity: number of allocated elements; it grows by half. With ASan, only the elements
 *            in use and the reserved one are accessible.
 * @size:     bytes of an element
 *
 * Return 0, -ENOMEM or -EOVERFLOW.
 */
int efimap_array_reserve(void *array, size_t count, size_t *capacity, size_t size);

/*
 * Append a copy of @element to an array. Parameters and errors are as for
 * efimap_array_reserve().
 */
int efimap_array_append(void *array, size_t *count, size_t *capacity, const void *element,
			size_t size);

/*
 * A set of allocations that efimap_arena_free() frees together. Initialise the arena with zeros.
 * @blocks is private.
 */
struct efimap_arena {
	struct efimap_arena_block *blocks;
};

/* Return @size zeroed bytes, aligned for any type, or NULL if memory cannot be allocated. */
void *efimap_arena_alloc(struct efimap_arena *arena, size_t size);
/* Return a NUL-terminated copy of @len bytes, or NULL if memory cannot be allocated. */
char *efimap_arena_strndup(struct efimap_arena *arena, const char *text, size_t len);
char *efimap_arena_printf(struct efimap_arena *arena, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
char *efimap_arena_vprintf(struct efimap_arena *arena, const char *fmt, va_list args)
	__attribute__((format(printf, 2, 0)));
void efimap_arena_free(struct efimap_arena *arena);

#endif
