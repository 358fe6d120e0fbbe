/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: spans
 *
 * Inclusive byte ranges, because /sys/firmware/memmap and /proc/iomem are inclusive and
 * because 2^64-1 must be expressible. Only this object adds addresses.
 */
#ifndef BASE_ADDRESS_SPAN_H
#define BASE_ADDRESS_SPAN_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/wrapping.h"

/** EFIMAP_PAGE_SIZE - of the firmware's pages, whatever the CPU's or the kernel's are */
#define EFIMAP_PAGE_SIZE UINT64_C(4096)

static inline uint64_t efimap_page_offset(uint64_t address)
{
	return address % EFIMAP_PAGE_SIZE;
}

/** efimap_page_start() - the first byte of the page that an address lies in */
static inline uint64_t efimap_page_start(uint64_t address)
{
	return address - efimap_page_offset(address);
}

/** efimap_whole_pages() - so many bytes, rounded up to whole pages; 0 also stands for 2^64 */
static inline uint64_t efimap_whole_pages(uint64_t bytes)
{
	return efimap_page_start(efimap_wrapping_add(bytes, EFIMAP_PAGE_SIZE - 1));
}

/**
 * struct efimap_span - the bytes @first to @last, both included
 * @last:  highest address, never below @first
 */
struct efimap_span {
	uint64_t first;
	uint64_t last;
};

/** efimap_span_make() - a span from a start and a size */
static inline int efimap_span_make(uint64_t first, uint64_t bytes,
				   struct efimap_span *ret_span)
{
	uint64_t last;

	if (bytes == 0)
		return -EINVAL;
	if (__builtin_add_overflow(first, bytes - 1, &last))
		return -EOVERFLOW;
	*ret_span = (struct efimap_span){ .first = first, .last = last };
	return 0;
}

/** efimap_span_from_pages() - a span from a start and a number of 4096-byte EFI pages */
static inline int efimap_span_from_pages(uint64_t first, uint64_t pages,
					 struct efimap_span *ret_span)
{
	uint64_t bytes;

	if (__builtin_mul_overflow(pages, EFIMAP_PAGE_SIZE, &bytes))
		return -EOVERFLOW;
	return efimap_span_make(first, bytes, ret_span);
}

/** efimap_span_bytes() - its size; 0 stands for 2^64, the whole address space */
static inline uint64_t efimap_span_bytes(struct efimap_span span)
{
	return efimap_wrapping_add(span.last - span.first, 1);
}

static inline bool efimap_span_has(struct efimap_span span, uint64_t address)
{
	return address >= span.first && address <= span.last;
}

/** efimap_span_overlaps() - do the two share a byte? Touching is not sharing. */
static inline bool efimap_span_overlaps(struct efimap_span a, struct efimap_span b)
{
	return a.first <= b.last && b.first <= a.last;
}

/** efimap_span_shared() - the bytes of two that overlap which both have */
static inline struct efimap_span efimap_span_shared(struct efimap_span a, struct efimap_span b)
{
	return (struct efimap_span){ .first = a.first > b.first ? a.first : b.first,
				     .last = a.last < b.last ? a.last : b.last };
}

/** efimap_span_contains() - is all of @inner inside @outer? */
static inline bool efimap_span_contains(struct efimap_span outer, struct efimap_span inner)
{
	return outer.first <= inner.first && inner.last <= outer.last;
}

static inline bool efimap_span_equals(struct efimap_span a, struct efimap_span b)
{
	return a.first == b.first && a.last == b.last;
}

#endif
