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

/*
 * Unsigned arithmetic that may wrap around. Fuzz targets abort on any other unsigned wraparound in
 * src/linux/.
 */
#ifdef __clang__
#define EFIMAP_WRAPS __attribute__((no_sanitize("unsigned-integer-overflow")))
#else
#define EFIMAP_WRAPS
#endif

EFIMAP_WRAPS
static inline uint64_t wrapping_add(uint64_t a, uint64_t b)
{
	return a + b;
}

/* Size of an EFI page in bytes, which does not depend on the page size of the CPU or the kernel. */
#define EFIMAP_PAGE_SIZE UINT64_C(4096)

static inline uint64_t page_offset(uint64_t address)
{
	return address % EFIMAP_PAGE_SIZE;
}

static inline uint64_t page_start(uint64_t address)
{
	return address - page_offset(address);
}

/* Return @bytes rounded up to a multiple of the EFI page size. 2^64 is returned as 0. */
static inline uint64_t whole_pages(uint64_t bytes)
{
	return page_start(wrapping_add(bytes, EFIMAP_PAGE_SIZE - 1));
}

struct span {
	uint64_t first;
	uint64_t last;
};

/*
 * Make a span of @bytes bytes. Return 0, -EINVAL if @bytes is 0, or -EOVERFLOW if the span would
 * end above 2^64-1.
 */
static inline int span_make(uint64_t first, uint64_t bytes, struct span *ret_span)
{
	uint64_t last;

	if (bytes == 0)
		return -EINVAL;
	if (__builtin_add_overflow(first, bytes - 1, &last))
		return -EOVERFLOW;
	*ret_span = (struct span){ .first = first, .last = last };
	return 0;
}

/* Make a span of @pages EFI pages. The results are those of span_make(). */
static inline int span_from_pages(uint64_t first, uint64_t pages, struct span *ret_span)
{
	uint64_t bytes;

	if (__builtin_mul_overflow(pages, EFIMAP_PAGE_SIZE, &bytes))
		return -EOVERFLOW;
	return span_make(first, bytes, ret_span);
}

/* Return the size of a span in bytes, or 0 for the full address space of 2^64 bytes. */
static inline uint64_t span_bytes(struct span span)
{
	return wrapping_add(span.last - span.first, 1);
}

static inline bool span_has(struct span span, uint64_t address)
{
	return address >= span.first && address <= span.last;
}

static inline bool span_overlaps(struct span a, struct span b)
{
	return a.first <= b.last && b.first <= a.last;
}

/* Return the intersection of two spans. For disjoint spans, @last of the result is below @first. */
static inline struct span span_shared(struct span a, struct span b)
{
	return (struct span){ .first = a.first > b.first ? a.first : b.first,
			      .last = a.last < b.last ? a.last : b.last };
}

static inline bool span_contains(struct span outer, struct span inner)
{
	return outer.first <= inner.first && inner.last <= outer.last;
}

#endif
