/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Collect spans of memory by kind, and find out whether memmap or iomem may lack ranges. */
#include "capture/kernel_parameters.h"
#include "infer/booted_by.h"
#include "rules/memory_spans.h"

static bool is_other_type(const char *label)
{
	return !label_is_firmware(label) && !label_is_ram(label) && !label_is_driver_memory(label);
}

/* Source: kernel/crash_reserve.c: crashk_res, crashk_low_res */
static bool is_crash(const char *name)
{
	return strcmp(name, "Crash kernel") == 0;
}

/* Source: arch/x86/kernel/setup.c: code_resource, rodata_resource, data_resource, bss_resource */
static bool is_kernel(const char *name)
{
	return strcmp(name, "Kernel code") == 0 || strcmp(name, "Kernel rodata") == 0 ||
	       strcmp(name, "Kernel data") == 0 || strcmp(name, "Kernel bss") == 0;
}

/*
 * How spans are selected: by label if @takes is set, and only top-level lines of iomem if @top is
 * set.
 */
static const struct {
	bool (*takes)(const char *label);
	bool top;
} kinds[SPANS_COUNT] = {
	[SPANS_RAM] = { label_is_ram },	   [SPANS_DRIVER_MEMORY] = { label_is_driver_memory },
	[SPANS_OTHER] = { is_other_type }, [SPANS_USED] = { label_is_ram, true },
	[SPANS_CRASH] = { is_crash },	   [SPANS_KERNEL] = { is_kernel },
};

bool spans_forbids_ram(const struct map_entry *entry)
{
	return entry->type == EFIMAP_TYPE_RUNTIME_CODE || entry->type == EFIMAP_TYPE_RUNTIME_DATA ||
	       entry->type == EFIMAP_TYPE_MMIO || entry->type == EFIMAP_TYPE_RESERVED;
}

static void gather_kind(const struct efimap *map, enum spans_kind kind,
			struct interval_tree *ret_found)
{
	const bool is_memmap = kind < SPANS_LINES;
	const size_t count = is_memmap ? map->n_memmap : map->n_iomem;

	interval_tree_new(ret_found, count);
	for (size_t i = 0; i < count; i++) {
		const char *label = is_memmap ? map->memmap[i].label : map->iomem[i].name;
		const bool may_count = is_memmap ? !map->memmap[i].bad
						 : !kinds[kind].top || map->iomem[i].depth == 0;

		if (may_count && (!kinds[kind].takes || kinds[kind].takes(label)))
			interval_tree_add(ret_found,
					  is_memmap ? map->memmap[i].span : map->iomem[i].span, i);
	}
	interval_tree_sort(ret_found);
}

static bool find_overlap(const struct interval_tree *tree, struct span span, uint32_t *ret_position)
{
	bool more;

	return interval_tree_find(tree, span, 1, ret_position, &more) == 1;
}

static bool has_byte(const struct interval_tree *ram, uint64_t address)
{
	uint32_t position;

	return find_overlap(ram, span_of_byte(address), &position);
}

/*
 * Remove the partial page at each end of a span, unless another RAM range contains the adjacent
 * byte. Return false if no complete page remains.
 */
static bool cut_to_pages(const struct interval_tree *ram, struct span *span)
{
	const uint64_t in_first = span->first % EFIMAP_PAGE_SIZE;
	const uint64_t behind = (span->last + 1) % EFIMAP_PAGE_SIZE;
	struct span cut = *span;

	if (in_first != 0 && !has_byte(ram, span->first - 1) &&
	    __builtin_add_overflow(cut.first, EFIMAP_PAGE_SIZE - in_first, &cut.first))
		return false;
	if (behind != 0 && !has_byte(ram, span->last + 1) &&
	    __builtin_sub_overflow(cut.last, behind, &cut.last))
		return false;
	*span = cut;
	return cut.first <= cut.last;
}

/*
 * Reduce System RAM to complete pages. Neither the kernel nor kexec uses a partial page
 * (mm/memblock.c: memblock_trim_memory; kexec-tools kexec/kexec.c: locate_hole).
 */
static void keep_whole_pages(struct interval_tree *ram)
{
	auto_interval_tree struct interval_tree rounded = { 0 };
	struct interval_tree parts;

	interval_tree_new(&rounded, ram->count);
	for (size_t i = 0; i < ram->count; i++) {
		struct span span = ram->all[i].span;

		if (cut_to_pages(ram, &span))
			interval_tree_add(&rounded, span, ram->all[i].position);
	}
	interval_tree_sort(&rounded);
	parts = *ram;
	*ram = rounded;
	rounded = parts;
}

void spans_gather(const struct efimap *map, struct spans *spans)
{
	spans->map = map;
	for (unsigned int kind = 0; kind < SPANS_COUNT; kind++)
		gather_kind(map, kind, &spans->of[kind]);
	keep_whole_pages(&spans->of[SPANS_RAM]);
	keep_whole_pages(&spans->of[SPANS_USED]);
}

void spans_free(struct spans *spans)
{
	for (unsigned int kind = 0; kind < SPANS_COUNT; kind++)
		interval_tree_free(&spans->of[kind]);
}

const struct memory_range *spans_range(const struct spans *spans, enum spans_kind kind,
				       struct span span)
{
	uint32_t position;

	return find_overlap(&spans->of[kind], span, &position) ? &spans->map->memmap[position]
							       : NULL;
}

const struct resource *spans_line(const struct spans *spans, enum spans_kind kind, struct span span)
{
	uint32_t position;

	return find_overlap(&spans->of[kind], span, &position) ? &spans->map->iomem[position]
							       : NULL;
}

bool spans_has(const struct spans *spans, enum spans_kind kind, struct span span)
{
	uint32_t position;

	return find_overlap(&spans->of[kind], span, &position);
}

/* Return whether the log names an EFI table that is above 1 MiB and in no range of memmap. */
static bool is_any_table_unlisted(const struct efimap *map)
{
	for (size_t i = 0; i < map->n_tables; i++) {
		const uint64_t address = map->tables[i].value;
		/* UINT64_MAX marks a table that the kernel ignores (quirks.c: efi_reuse_config). */
		bool is_listed = address < LOW_MEMORY_END || address == UINT64_MAX;

		for (size_t k = 0; k < map->n_memmap && !is_listed; k++)
			is_listed = !map->memmap[k].bad && span_has(map->memmap[k].span, address);
		if (!is_listed)
			return true;
	}
	return false;
}

bool memmap_may_lack_range(const struct efimap *map)
{
	bool begins = false, lists_firmware = false;

	if (map->n_memmap == 0)
		return true;
	if (!capture_is_offline(map))
		return false;
	for (size_t i = 0; i < map->n_memmap; i++) {
		const struct memory_range *range = &map->memmap[i];

		if (range->index != i)
			return true;
		if (range->bad)
			continue;
		begins |= range->span.first < LOW_MEMORY_END;
		lists_firmware |=
			range->span.first >= LOW_MEMORY_END && !label_is_ram(range->label);
	}
	/*
	 * Some boot loaders pass only RAM (tests/fixtures/real/real-003), and loaders pass only
	 * some of the ranges to a crash kernel.
	 */
	return !begins || (lists_firmware && map->map_from != EFIMAP_MAP_FROM_FILES &&
			   !is_crash_kernel(map) && is_any_table_unlisted(map));
}
