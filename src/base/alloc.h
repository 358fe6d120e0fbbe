/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: memory
 *
 * Growing arrays and an arena for the small strings of a capture or a report.
 */
#ifndef BASE_ALLOC_H
#define BASE_ALLOC_H

#include <stdarg.h>
#include <stddef.h>

/**
 * efimap_array_new() - @count elements of @size bytes, zeroed
 *
 * Return: memory for free(), also for no element; NULL without memory.
 */
void *efimap_array_new(size_t count, size_t size);

/**
 * efimap_array_reserve() - make room for one more element
 * @array:    address of the array's pointer (NULL pointer for an empty array)
 * @capacity: elements allocated; grows by half. Under ASan those that were not asked for
 *            may not be touched.
 */
int efimap_array_reserve(void *array, size_t count, size_t *capacity, size_t size);

/** efimap_array_append() - one more element, copied; 0 or as efimap_array_reserve() */
int efimap_array_append(void *array, size_t *count, size_t *capacity, const void *element,
			size_t size);

/**
 * struct efimap_arena - memory that is freed all at once
 * @blocks: private; NULL for an empty arena
 *
 * Zero-initialise it. Pointers into it are valid until efimap_arena_free().
 */
struct efimap_arena {
	struct efimap_arena_block *blocks;
};

/** efimap_arena_alloc() - @size bytes aligned for any type, zeroed; NULL without memory */
void *efimap_arena_alloc(struct efimap_arena *arena, size_t size);
/** efimap_arena_strndup() - a terminated copy of @len bytes; NULL without memory */
char *efimap_arena_strndup(struct efimap_arena *arena, const char *text, size_t len);
char *efimap_arena_printf(struct efimap_arena *arena, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
char *efimap_arena_vprintf(struct efimap_arena *arena, const char *fmt, va_list args)
	__attribute__((format(printf, 2, 0)));
void efimap_arena_free(struct efimap_arena *arena);

#endif
