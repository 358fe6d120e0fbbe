/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where a loader will put the image of the next kernel: its ranges of free memory, what it has
 * placed there before, and its search. Must not know what lies in that memory.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/mem.h"
#include "base/sort.h"
#include "emulate/placement.h"
#include "model/kernel.h"

/* kexec-bzImage64.c: 0x3000 for purgatory and parameters; arch/x86/kernel/kexec-bzimage64.c:
 * MIN_PURGATORY_ADDR, MIN_BOOTPARAM_ADDR */
#define MIN_SMALL 0x3000
/* KERN32_BASE; MIN_KERNEL_LOAD_ADDR */
#define MIN_KERNEL 0x100000
/* Purgatory as kexec-tools 2.0.20 to 2.0.32 and Linux 6.12 to 7.3 place it */
#define TOOLS_PURGATORY 0x9000
#define KERNEL_PURGATORY 0x5000
/* x86-linux-setup.h: PURGATORY_CMDLINE_SIZE */
#define TOOLS_BEHIND_CMDLINE 64
/* kexec-bzimage64.c: room for elfcorehdr=, and for nodes of setup_data behind the map */
#define KERNEL_BEHIND_CMDLINE 256

/* What is placed before the kernel */
#define MAX_TAKEN 2

/*
 * struct placing - a search
 * @free:     ranges that the loader takes for free memory, ascending
 * @taken:    what it has placed so far
 * @min, @max: bounds of all
 * @top_only: it begins with the highest range
 * @is_short: a range's last page-aligned place is missed by one byte
 */
struct placing {
	struct efimap_span *free;
	size_t n_free;
	struct efimap_span taken[MAX_TAKEN];
	size_t n_taken;
	uint64_t min;
	uint64_t max;
	bool top_only;
	bool is_short;
};

static void free_placing(struct placing *placing)
{
	free(placing->free);
}

/* struct wanted - a piece of memory */
struct wanted {
	uint64_t size;
	uint64_t align;
	uint64_t min;
};

static bool is_ram(const char *name)
{
	return strcmp(name, "System RAM") == 0;
}

/* In the order of their addresses, as firmware need not list them. */
static int take_memmap(const struct efimap *map, struct placing *placing)
{
	efimap_auto_free struct efimap_key *keys = efimap_array_new(map->n_memmap, sizeof(*keys));
	size_t count = 0;

	if (!keys)
		return -ENOMEM;
	for (size_t i = 0; i < map->n_memmap; i++)
		if (!map->memmap[i].bad && is_ram(map->memmap[i].label))
			keys[count++] = (struct efimap_key){ map->memmap[i].start, (uint32_t)i };
	efimap_sort_keys(keys, count);
	for (size_t i = 0; i < count; i++)
		placing->free[i] = map->memmap[keys[i].index].span;
	placing->n_free = count;
	return 0;
}

static int take_ranges(const struct efimap *map, enum efimap_loader loader,
		       struct placing *placing)
{
	/* kexec-x86-common.c: efi_map_added */
	const bool by_memmap = loader == EFIMAP_LOADER_KEXEC_TOOLS &&
			       efimap_has(map, EFIMAP_SRC_MEMMAP) &&
			       !efimap_cmdline_has(map, "add_efi_memmap");

	if (!by_memmap && !efimap_has(map, EFIMAP_SRC_IOMEM))
		return -ENOENT;
	placing->free = efimap_array_new(by_memmap ? map->n_memmap : map->n_iomem,
					 sizeof(*placing->free));
	if (!placing->free)
		return -ENOMEM;
	if (by_memmap)
		return take_memmap(map, placing);
	for (size_t i = 0; i < map->n_iomem; i++)
		if (map->iomem[i].depth == 0 && is_ram(map->iomem[i].name))
			placing->free[placing->n_free++] = map->iomem[i].span;
	return 0;
}

/* The highest place in a range, below all that is taken already; false where there is none. */
static bool find_in_range(const struct placing *placing, const struct wanted *wanted,
			  struct efimap_span range, struct efimap_span *ret_span)
{
	const uint64_t first = range.first > wanted->min ? range.first : wanted->min;
	uint64_t end = range.last, at;
	struct efimap_span span;

	for (;;) {
		size_t i = 0;

		if (end < first || end - first < wanted->size - 1)
			return false;
		at = end - wanted->size + (placing->is_short ? 0 : 1);
		at -= at % wanted->align;
		if (at < first || efimap_span_make(at, wanted->size, &span) < 0)
			return false;
		while (i < placing->n_taken && !efimap_span_overlaps(placing->taken[i], span))
			i++;
		if (i == placing->n_taken) {
			*ret_span = span;
			return true;
		}
		end = placing->taken[i].first - 1;
	}
}

/* A loader that begins with the lowest range takes the first that has room. */
static bool find_hole(const struct placing *placing, const struct wanted *wanted,
		      struct efimap_span *ret_span)
{
	for (size_t i = 0; i < placing->n_free; i++) {
		struct efimap_span range =
			placing->free[placing->top_only ? placing->n_free - 1 - i : i];

		if (range.first < placing->min)
			range.first = placing->min;
		if (range.last > placing->max)
			range.last = placing->max;
		if (range.first <= range.last && find_in_range(placing, wanted, range, ret_span))
			return true;
	}
	return false;
}

static bool place_small(struct placing *placing, uint64_t bytes)
{
	const struct wanted wanted = { efimap_whole_pages(bytes), EFIMAP_PAGE_SIZE, MIN_SMALL };
	struct efimap_span span;

	if (!find_hole(placing, &wanted, &span))
		return false;
	placing->taken[placing->n_taken++] = span;
	return true;
}

/* The parameters of the next kernel, with a command line as long as this one's. */
static uint64_t size_of_parameters(const struct efimap *map, const struct efimap_load *load)
{
	const uint64_t cmdline = strlen(map->cmdline) + 1;

	if (load->loader == EFIMAP_LOADER_KEXEC_TOOLS)
		return load->image->setup_size + cmdline + TOOLS_BEHIND_CMDLINE;
	return EFIMAP_BOOT_PARAMS_BYTES + cmdline + map->n_entries * EFIMAP_DESC_SIZE_FIRMWARE +
	       KERNEL_BEHIND_CMDLINE;
}

/*
 * Memory that is handed over leaves kexec_file_load no other (kernel/liveupdate), and where there
 * is a contiguous area it takes that first (kernel/kexec_file.c: kexec_alloc_contig).
 */
static bool is_foreseeable(const struct efimap *map, const struct efimap_load *load)
{
	const uint64_t align = load->image->alignment;

	if (load->image->init_size == 0 || align < EFIMAP_PAGE_SIZE || (align & (align - 1)) != 0)
		return false;
	return load->loader == EFIMAP_LOADER_KEXEC_TOOLS ||
	       (efimap_kernel_is_known(map) && !efimap_cmdline_has(map, "kho") &&
		!efimap_cmdline_has(map, "cma"));
}

static struct placing begin_placing(const struct efimap *map, const struct efimap_load *load)
{
	const bool by_tools = load->loader == EFIMAP_LOADER_KEXEC_TOOLS;
	const bool is_late =
		by_tools || efimap_kernel_has(map, EFIMAP_CHANGE_LOADS_FROM_TOP, false);

	return (struct placing){
		.min = by_tools ? load->mem_min : 0,
		.max = by_tools ? load->mem_max : UINT64_MAX,
		.top_only = is_late,
		.is_short = !is_late,
	};
}

int efimap_place_kernel(const struct efimap *map, const struct efimap_load *load,
			struct efimap_span *ret_span)
{
	efimap_cleanup(free_placing) struct placing placing = begin_placing(map, load);
	const struct efimap_image *image = load->image;
	const struct wanted wanted = {
		.size = efimap_whole_pages(image->init_size),
		.align = image->alignment,
		.min = image->pref_address > MIN_KERNEL ? image->pref_address : MIN_KERNEL,
	};
	int ret;

	if (!is_foreseeable(map, load))
		return -ENOENT;
	ret = take_ranges(map, load->loader, &placing);
	if (ret < 0)
		return ret;
	if (!place_small(&placing, load->loader == EFIMAP_LOADER_KEXEC_TOOLS ? TOOLS_PURGATORY :
									 KERNEL_PURGATORY) ||
	    !place_small(&placing, size_of_parameters(map, load)) ||
	    !find_hole(&placing, &wanted, ret_span))
		return -ENOENT;
	return 0;
}
