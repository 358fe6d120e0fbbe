/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Address ranges. Both bounds are inclusive, because an exclusive end could not express a range
 * that ends at 2^64-1.
 */
#ifndef BASE_ADDRESS_SPAN_H
#define BASE_ADDRESS_SPAN_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/wrapping_add.h"

/* Size of an EFI page in bytes, which does not depend on the page size of the CPU or the kernel. */
#define EFIMAP_PAGE_SIZE UINT64_C(4096)

static inline uint64_t efimap_page_offset(uint64_t address)
{
	return address % EFIMAP_PAGE_SIZE;
}

static inline uint64_t efimap_page_start(uint64_t address)
{
	return address - efimap_page_offset(address);
}

/* Return @bytes rounded up to a multiple of the EFI page size. 2^64 is returned as 0. */
static inline uint64_t efimap_whole_pages(uint64_t bytes)
{
	return efimap_page_start(efimap_wrapping_add(bytes, EFIMAP_PAGE_SIZE - 1));
}

struct efimap_span {
	uint64_t first;
	uint64_t last;
};

/*
 * Make a span of @bytes bytes. Return 0, -EINVAL if @bytes is 0, or -EOVERFLOW if the span would
 * end above 2^64-1.
 */
static inline int efimap_span_make(uint64_t first, uint64_t bytes, struct efimap_span *ret_span)
{
	uint64_t last;

	if (bytes == 0)
		return -EINVAL;
	if (__builtin_add_overflow(first, bytes - 1, &last))
		return -EOVERFLOW;
	*ret_span = (struct efimap_span){ .first = first, .last = last };
	return 0;
}

/* Make a span of @pages EFI pages. The results are those of efimap_span_make(). */
static inline int efimap_span_from_pages(uint64_t first, uint64_t pages,
					 struct efimap_span *ret_span)
{
	uint64_t bytes;

	if (__builtin_mul_overflow(pages, EFIMAP_PAGE_SIZE, &bytes))
		return -EOVERFLOW;
	return efimap_span_make(first, bytes, ret_span);
}

/* Return the size of a span in bytes, or 0 for the full address space of 2^64 bytes. */
static inline uint64_t efimap_span_bytes(struct efimap_span span)
{
	return efimap_wrapping_add(span.last - span.first, 1);
}

static inline bool efimap_span_has(struct efimap_span span, uint64_t address)
{
	return address >= span.first && address <= span.last;
}

static inline bool efimap_span_overlaps(struct efimap_span a, struct efimap_span b)
{
	return a.first <= b.last && b.first <= a.last;
}

/* Return the intersection of two spans. For disjoint spans, @last of the result is below @first. */
static inline struct efimap_span efimap_span_shared(struct efimap_span a, struct efimap_span b)
{
	return (struct efimap_span){ .first = a.first > b.first ? a.first : b.first,
				     .last = a.last < b.last ? a.last : b.last };
}

static inline bool efimap_span_contains(struct efimap_span outer, struct efimap_span inner)
{
	return outer.first <= inner.first && inner.last <= outer.last;
}

#endif
