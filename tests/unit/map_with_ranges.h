/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_UNIT_MAP_WITH_RANGES_H
#define TESTS_UNIT_MAP_WITH_RANGES_H

#include "test.h"
#include "capture/capture.h"

#define PAGE UINT64_C(0x1000)

static inline struct efimap *empty(void)
{
	return capture_create("/", EFIMAP_ORIGIN_LIVE);
}

static inline struct efimap *with_cmdline(const char *text)
{
	struct efimap *map = empty();

	map->cmdline = capture_copy_text(map, text);
	return map;
}

static inline void add_entry(struct efimap *map, uint64_t phys, uint64_t pages)
{
	struct map_entry entry = { .index = (uint32_t)map->n_entries,
				   .phys = phys,
				   .pages = pages };

	capture_add_entry(map, &entry);
}

static inline void add_memmap(struct efimap *map, uint32_t index, uint64_t start, uint64_t end,
			      const char *label)
{
	capture_add_memmap(map, index, start, end, label, strlen(label));
}

static inline void add_iomem(struct efimap *map, uint64_t first, uint64_t last, uint32_t depth,
			     const char *name)
{
	const struct span span = { first, last };

	capture_add_iomem(map, span, depth, name, strlen(name));
}

static inline void add_range(struct efimap *map, uint64_t start, uint64_t end)
{
	add_memmap(map, (uint32_t)map->n_memmap, start, end, "x");
}

#endif
