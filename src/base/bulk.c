/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Arrays of many elements: where their memory comes from, and nothing of what is in them. */
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#include <efimap/bulk.h>

/* Pages of every size are multiples of the smallest, which is enough to round by. */
#define PAGE ((uintptr_t)65536)

void efimap_bulk_advise(void *memory, size_t bytes)
{
	char *const first = (char *)memory + (-(uintptr_t)memory & (PAGE - 1));

	/* Advice: a kernel without huge pages, or without a free one, does as well. */
	if (bytes >= EFIMAP_BULK_MIN)
		(void)madvise(first, (bytes - PAGE) & ~(PAGE - 1), MADV_HUGEPAGE);
}

void *efimap_bulk_new(size_t count, size_t size)
{
	size_t bytes;
	void *memory;

	if (__builtin_mul_overflow(count, size, &bytes))
		return NULL;
	memory = malloc(bytes);
	if (memory)
		efimap_bulk_advise(memory, bytes);
	return memory;
}
