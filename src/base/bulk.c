/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Arrays of many elements: where their memory comes from, and nothing of what is in them. */
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/bulk.h"

/*
 * Whole pages, also those at the ends: advice for a part of what mmap(2) gave makes two
 * areas of it, and then mremap(2), by which realloc(3) grows an array without a copy, fails.
 */
void efimap_bulk_advise(void *memory, size_t bytes)
{
	const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	const size_t before = (uintptr_t)memory & (page - 1);

	/* Advice: a kernel without huge pages, or without a free one, does as well. */
	if (bytes >= EFIMAP_BULK_MIN)
		(void)madvise((char *)memory - before,
			      (before + bytes + page - 1) & ~(page - 1), MADV_HUGEPAGE);
}

void *efimap_bulk_new(size_t count, size_t size)
{
	size_t bytes;
	void *memory;

	if (__builtin_mul_overflow(count, size, &bytes))
		return NULL;
	memory = malloc(bytes ? bytes : 1);
	if (memory)
		efimap_bulk_advise(memory, bytes);
	return memory;
}
