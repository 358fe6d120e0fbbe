/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: arrays of many elements
 *
 * A map of a million entries is judged in less time than its pages take to be handed out
 * one by one, so large arrays ask for huge ones.
 */
#ifndef BASE_BULK_H
#define BASE_BULK_H

#include <stddef.h>

/** EFIMAP_BULK_MIN - bytes from which on an array is large: a huge page fits in anywhere */
#define EFIMAP_BULK_MIN ((size_t)4 << 20)

/**
 * efimap_bulk_new() - room for @count elements of @size bytes, which hold anything
 *
 * Return: memory for free(), also for no element; NULL without memory.
 */
void *efimap_bulk_new(size_t count, size_t size);

/** efimap_bulk_advise() - memory that is about to be filled: huge pages where it is large */
void efimap_bulk_advise(void *memory, size_t bytes);

#endif
