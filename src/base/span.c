/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The one place where addresses are added. */
#include <errno.h>

#include <efimap/span.h>

#define EFI_PAGE_SIZE 4096U

int efimap_span_make(uint64_t first, uint64_t bytes, struct efimap_span *ret_span)
{
	uint64_t last;

	if (bytes == 0)
		return -EINVAL;
	if (__builtin_add_overflow(first, bytes - 1, &last))
		return -EOVERFLOW;
	*ret_span = (struct efimap_span){ .first = first, .last = last };
	return 0;
}

int efimap_span_from_pages(uint64_t first, uint64_t pages, struct efimap_span *ret_span)
{
	uint64_t bytes;

	if (__builtin_mul_overflow(pages, EFI_PAGE_SIZE, &bytes))
		return -EOVERFLOW;
	return efimap_span_make(first, bytes, ret_span);
}
