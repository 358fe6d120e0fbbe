/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Determine limits of the memory that a load can use. */
#include <stdlib.h>
#include <string.h>

#include "base/sort.h"
#include "capture/installed_kernels.h"
#include "capture/kernel_parameters.h"
#include "infer/load_limits.h"

uint64_t efimap_fixed_memory(const struct efimap *map)
{
	const struct efimap_kexec_state *kexec = efimap_kexec_of(map);
	const struct efimap_free_memory *memory = &kexec->free;

	if (!memory->is_known || !memory->movable || memory->managed < kexec->mem_total ||
	    memory->fixed < memory->kept || !kexec->has_swap_free)
		return EFIMAP_NO_LIMIT;
	return memory->fixed - memory->kept + memory->reclaimable + kexec->swap_free;
}

uint64_t efimap_commit_left(const struct efimap *map)
{
	const struct efimap_kexec_state *kexec = efimap_kexec_of(map);

	if (efimap_number(kexec, EFIMAP_VALUE_OVERCOMMIT) != EFIMAP_OVERCOMMIT_NEVER ||
	    !kexec->commit_limit)
		return EFIMAP_NO_LIMIT;
	return kexec->commit_limit > kexec->committed ? kexec->commit_limit - kexec->committed : 0;
}

struct spans {
	struct efimap_span *all;
	size_t count;
};

/* Sort spans, and join spans that overlap or touch. */
static void join(struct spans *spans)
{
	size_t count = 0;

	/* The sort key is the first member of the span. */
	if (spans->count)
		qsort(spans->all, spans->count, sizeof(*spans->all), efimap_order_at);
	for (size_t i = 0; i < spans->count; i++) {
		struct efimap_span *last = count ? &spans->all[count - 1] : NULL;

		if (!last || (last->last != UINT64_MAX && spans->all[i].first > last->last + 1))
			spans->all[count++] = spans->all[i];
		else if (spans->all[i].last > last->last)
			last->last = spans->all[i].last;
	}
	spans->count = count;
}

/* Add the complete pages of a span. */
static void add_pages(struct spans *spans, struct efimap_span span)
{
	const uint64_t first = efimap_whole_pages(span.first);
	const uint64_t end = efimap_page_start(span.last + 1);

	if (first >= span.first && end > first)
		spans->all[spans->count++] = (struct efimap_span){ first, end - 1 };
}

/* Return the number of bytes in @spans that are not in @cover. Both are results of join(). */
static uint64_t bytes_outside(const struct spans *spans, const struct spans *cover)
{
	uint64_t bytes = 0;
	size_t at = 0;

	for (size_t i = 0; i < spans->count; i++) {
		const struct efimap_span span = spans->all[i];

		bytes += efimap_span_bytes(span);
		while (at < cover->count && cover->all[at].last < span.first)
			at++;
		for (size_t k = at; k < cover->count && cover->all[k].first <= span.last; k++)
			bytes -= efimap_span_bytes(efimap_span_shared(span, cover->all[k]));
	}
	return bytes;
}

static uint64_t sum_bytes(const struct spans *spans)
{
	return bytes_outside(spans, &(struct spans){ 0 });
}

static void find_ram(const struct efimap *map, struct spans *memmap, struct spans *iomem,
		     struct spans *lines)
{
	for (size_t i = 0; i < map->n_memmap; i++)
		if (!map->memmap[i].bad && strcmp(map->memmap[i].label, "System RAM") == 0)
			add_pages(memmap, map->memmap[i].span);
	for (size_t i = 0; i < map->n_iomem; i++) {
		lines->all[lines->count++] = map->iomem[i].span;
		if (map->iomem[i].depth == 0 && strcmp(map->iomem[i].name, "System RAM") == 0)
			add_pages(iomem, map->iomem[i].span);
	}
	join(memmap);
	join(iomem);
	join(lines);
}

bool efimap_compare_ram(const struct efimap *map, struct efimap_ram *ret_ram)
{
	struct spans memmap, iomem, lines;
	struct efimap_span *all;

	if (!efimap_has(map, EFIMAP_SRC_MEMMAP) || !efimap_has(map, EFIMAP_SRC_IOMEM) ||
	    !map->n_memmap || !map->n_iomem)
		return false;
	all = calloc(map->n_memmap + 2 * map->n_iomem, sizeof(*all));
	if (!all)
		return false;
	memmap = (struct spans){ .all = all };
	iomem = (struct spans){ .all = all + map->n_memmap };
	lines = (struct spans){ .all = iomem.all + map->n_iomem };
	find_ram(map, &memmap, &iomem, &lines);
	*ret_ram = (struct efimap_ram){
		.memmap = sum_bytes(&memmap),
		.plugged = bytes_outside(&iomem, &memmap),
		.missing = bytes_outside(&memmap, &lines),
	};
	free(all);
	return true;
}

bool efimap_iomem_lacks_lines(const struct efimap *map)
{
	/* Parameters that remove memory */
	static const char *const parameters[] = { "mem", "memmap", "efi_fake_mem", "memtest" };
	struct efimap_ram ram;

	if (!efimap_is_offline(map) || !efimap_compare_ram(map, &ram) || !ram.missing)
		return false;
	for (size_t i = 0; i < sizeof(parameters) / sizeof(parameters[0]); i++)
		if (efimap_has_parameter(map, parameters[i]))
			return false;
	return true;
}
