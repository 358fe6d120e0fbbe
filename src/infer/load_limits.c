/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compare the lists of the memory that a load can use. */
#include <string.h>

#include "capture/installed_kernels.h"
#include "capture/kernel_parameters.h"
#include "infer/architecture.h"
#include "infer/load_limits.h"

/* The lists that are compared: RAM in memmap, in complete pages, and top-level lines of iomem */
enum list {
	MEMMAP,
	IOMEM,
};

static size_t count_of(const struct efimap *map, enum list list)
{
	return list == MEMMAP ? map->n_memmap : map->n_iomem;
}

/* Find the complete pages of a span. */
static bool find_pages(struct span span, struct span *ret_pages)
{
	const uint64_t first = whole_pages(span.first);
	const uint64_t end = page_start(span.last + 1);

	*ret_pages = (struct span){ first, end - 1 };
	return first >= span.first && end > first;
}

/* Find the span of an element. Return false if the element does not belong to the list. */
static bool find_span(const struct efimap *map, enum list list, size_t i, struct span *ret_span)
{
	if (list == MEMMAP)
		return range_is_ram(&map->memmap[i]) && !range_is_plugged(map, &map->memmap[i]) &&
		       find_pages(map->memmap[i].span, ret_span);
	*ret_span = map->iomem[i].span;
	return map->iomem[i].depth == 0;
}

static bool is_ascending(const struct efimap *map, enum list list)
{
	struct span span, last;
	bool is_first = true;

	for (size_t i = 0; i < count_of(map, list); i++) {
		if (!find_span(map, list, i, &span))
			continue;
		if (!is_first && span.first <= last.last)
			return false;
		last = span;
		is_first = false;
	}
	return true;
}

/* Return the number of bytes of @span outside a list. @at is the first element to look at. */
static uint64_t bytes_outside(const struct efimap *map, enum list list, size_t *at,
			      struct span span)
{
	const size_t count = count_of(map, list);
	uint64_t bytes = span_bytes(span);
	struct span cover;

	while (*at < count && (!find_span(map, list, *at, &cover) || cover.last < span.first))
		(*at)++;
	for (size_t i = *at; i < count; i++) {
		if (!find_span(map, list, i, &cover))
			continue;
		if (cover.first > span.last)
			break;
		bytes -= span_bytes(span_shared(span, cover));
	}
	return bytes;
}

/*
 * Return the number of bytes of RAM in memmap that iomem lacks. The kernel removes the range of the
 * BIOS (640 KiB to 1 MiB) if the firmware lists it as RAM.
 */
static uint64_t bytes_missing(const struct efimap *map, size_t *at, struct span span)
{
	static const struct span sides[] = { { 0, 0x9ffff }, { 0x100000, UINT64_MAX } };
	uint64_t bytes = 0;

	for (size_t i = 0; i < 2; i++)
		if (span_overlaps(span, sides[i]))
			bytes += bytes_outside(map, IOMEM, at, span_shared(span, sides[i]));
	return bytes;
}

bool compare_ram(const struct efimap *map, struct ram *ret_ram)
{
	struct ram ram = { 0 };
	size_t at_memmap = 0, at_iomem = 0;
	struct span span;

	if (!capture_has(map, EFIMAP_SRC_MEMMAP) || !capture_has(map, EFIMAP_SRC_IOMEM) ||
	    !map->n_memmap || !map->n_iomem || !is_ascending(map, MEMMAP) ||
	    !is_ascending(map, IOMEM))
		return false;
	for (size_t i = 0; i < map->n_memmap; i++) {
		if (range_is_plugged(map, &map->memmap[i]))
			ram.added += span_bytes(map->memmap[i].span);
		if (!find_span(map, MEMMAP, i, &span))
			continue;
		ram.memmap += span_bytes(span);
		ram.missing += bytes_missing(map, &at_iomem, span);
	}
	for (size_t i = 0; i < map->n_iomem; i++)
		if (map->iomem[i].depth == 0 && label_is_ram(map->iomem[i].name) &&
		    find_pages(map->iomem[i].span, &span))
			ram.plugged += bytes_outside(map, MEMMAP, &at_memmap, span);
	*ret_ram = ram;
	return true;
}

/* Return the size of the RAM in memmap at or above an address. */
static uint64_t ram_above(const struct efimap *map, uint64_t address)
{
	uint64_t bytes = 0;
	struct span span;

	for (size_t i = 0; i < map->n_memmap; i++)
		if (find_span(map, MEMMAP, i, &span) && span.last >= address)
			bytes += span.last - (span.first > address ? span.first : address) + 1;
	return bytes;
}

/*
 * Return the bytes that memmap= removes from RAM: SIZE limits it as mem= does, and SIZE$ADDRESS and
 * similar forms exclude a range.
 */
static uint64_t bytes_excluded(const struct efimap *map, struct text value)
{
	uint64_t bytes = 0, size;

	do {
		if (!take_size(&value, &size))
			return UINT64_MAX;
		if (value.len && value.at[0] == '@')
			continue;
		if (!value.len || !text_is_one_of(value.at[0], "$!#%"))
			size = ram_above(map, size);
		if (__builtin_add_overflow(bytes, size, &bytes) ||
		    __builtin_add_overflow(bytes, 2 * EFIMAP_PAGE_SIZE, &bytes))
			return UINT64_MAX;
	} while (text_find(&value, ","));
	return bytes;
}

/*
 * Return an upper bound of the RAM in memmap that the kernel parameters remove, or UINT64_MAX if it
 * is unknown.
 */
static uint64_t bytes_removed(const struct efimap *map)
{
	const char *rest = map->cmdline;
	uint64_t bytes = 0, size;
	struct kernel_parameter arg;

	while (parameter_next(&rest, &arg)) {
		struct text value = { arg.value, arg.value_len };
		uint64_t removed = 0;

		if (parameter_is(&arg, "efi_fake_mem") || parameter_is(&arg, "memtest"))
			return UINT64_MAX;
		if (parameter_is(&arg, "mem"))
			removed = take_size(&value, &size) ? ram_above(map, size) : UINT64_MAX;
		else if (parameter_is(&arg, "memmap"))
			removed = bytes_excluded(map, value);
		if (__builtin_add_overflow(bytes, removed, &bytes))
			return UINT64_MAX;
	}
	return bytes;
}

const char *why_ram_may_lack_range(const struct efimap *map)
{
	const uint64_t total = kexec_of(map)->memory.total;
	uint64_t listed = 0;
	struct ram ram;

	if (compare_ram(map, &ram)) {
		if (ram.plugged != ram.added || ram.missing > bytes_removed(map))
			return "sys/firmware/memmap and proc/iomem differ in the RAM";
	} else if (!total) {
		return "no other file shows whether the list of RAM is complete";
	}
	for (size_t i = 0; i < map->n_iomem; i++)
		if (label_is_ram(map->iomem[i].name))
			listed = wrapping_add(listed, span_bytes(map->iomem[i].span));
	return map->n_iomem && listed < total ? "proc/iomem lists less RAM than proc/meminfo"
					      : NULL;
}

/*
 * Return whether the head of iomem was lost. If memmap begins at address 0, iomem does, too: the
 * kernel reserves the first page, whatever mem= removes.
 */
static bool lacks_first_page(const struct efimap *map)
{
	return map->n_memmap && !map->memmap[0].bad && map->memmap[0].span.first == 0 &&
	       map->n_iomem && map->iomem[0].span.first > 0 && bytes_removed(map) != UINT64_MAX;
}

uint64_t iomem_ram_last(const struct efimap *map)
{
	uint64_t last = 0;

	for (size_t i = 0; i < map->n_iomem; i++)
		if (label_is_ram(map->iomem[i].name) && map->iomem[i].span.last > last)
			last = map->iomem[i].span.last;
	return last;
}

bool iomem_lacks_lines(const struct efimap *map)
{
	struct ram ram;

	if (map->is_iomem_cut || lacks_first_page(map))
		return true;

	/* Without PAE, a 32-bit kernel does not list RAM above 4 GiB. */
	if (!capture_is_offline(map) || is_32bit_kernel(map) || !compare_ram(map, &ram) ||
	    !ram.missing)
		return false;
	return ram.missing > bytes_removed(map);
}
