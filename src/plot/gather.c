/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What each lane shows of a capture, as items: which regions, how much their edges
 * matter, and why a lane is empty. Knows nothing of axes.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "plot/draw.h"

/* How much the edges of a region matter where not all of them have room. */
enum {
	RANK_INSIDE = 1,
	RANK_IOMEM,
	RANK_PLAIN_ENTRY,
	RANK_MEMMAP,
	RANK_RUNTIME,
	RANK_MARKED,
};
_Static_assert(RANK_MARKED == PLOT_RANK_MAX, "ranks as the axis knows them");

static uint8_t rank_of_entry(const struct plot_side *side, size_t i)
{
	const struct efimap_entry *entry = &side->map->entries[i];
	const struct plot_mark *mark = &side->marks[i];

	if ((mark->said && mark->severity > EFIMAP_NOTE) ||
	    side->changes[i] >= EFIMAP_MARK_DRIFT)
		return RANK_MARKED;
	return efimap_entry_is_runtime(entry) && !efimap_entry_is_boot_services(entry)
		       ? RANK_RUNTIME
		       : RANK_PLAIN_ENTRY;
}

static void add(struct plot_lane *lane, struct efimap_span span, size_t source,
		uint8_t rank, enum plot_tone tone)
{
	lane->items[lane->n_items++] = (struct plot_item){
		.span = span,
		.source = (uint32_t)source,
		.rank = rank,
		.tone = (uint8_t)tone,
	};
}

static void gather_entries(const struct plot_side *side, struct plot_lane *lane)
{
	for (size_t i = 0; i < side->map->n_entries; i++) {
		const struct efimap_entry *entry = &side->map->entries[i];
		struct efimap_span span;
		int ret = lane->axis == PLOT_PHYS ? efimap_entry_phys(entry, &span)
						  : efimap_entry_virt(entry, &span);

		if (lane->axis == PLOT_VIRT && entry->virt_from == EFIMAP_VIRT_UNKNOWN) {
			lane->n_unknown++;
			continue;
		}
		if (ret < 0) {
			lane->n_left_out++;
			continue;
		}
		add(lane, span, i, rank_of_entry(side, i),
		    plot_tone_of_type(entry->type));
		lane->n_predicted += lane->axis == PLOT_VIRT &&
				     entry->virt_from == EFIMAP_VIRT_PREDICTED;
	}
}

static void gather_memmap(const struct plot_side *side, struct plot_lane *lane)
{
	for (size_t i = 0; i < side->map->n_memmap; i++) {
		const struct efimap_range *range = &side->map->memmap[i];

		if (range->bad)
			lane->n_left_out++;
		else
			add(lane, range->span, i, RANK_MEMMAP,
			    plot_tone_of_label(range->label));
	}
}

/* Inside others, what lies on an entry is of interest, and the kernels; not each device. */
static void show_inner(const struct plot_side *side, bool *shown)
{
	const struct labels *labels = &side->view.iomem;

	for (size_t i = 0; i < labels->cover.n_hits; i++)
		shown[labels->cover.hits[i]] = true;
	for (size_t i = 0; i < side->map->n_iomem; i++) {
		enum plot_tone tone = plot_tone_of_label(side->map->iomem[i].name);

		shown[i] |= side->map->iomem[i].depth == 0 || tone == PLOT_TONE_KERNEL ||
			    tone == PLOT_TONE_CRASH;
	}
}

static int gather_iomem(const struct plot_side *side, struct plot_lane *lane)
{
	bool *shown = efimap_array_new(side->map->n_iomem, sizeof(*shown));

	if (!shown)
		return -ENOMEM;
	show_inner(side, shown);
	for (size_t i = 0; i < side->map->n_iomem; i++) {
		const struct efimap_resource *line = &side->map->iomem[i];

		if (!shown[i])
			continue;
		add(lane, line->span, i, line->depth ? RANK_INSIDE : RANK_IOMEM,
		    plot_tone_of_label(line->name));
		lane->items[lane->n_items - 1].track = line->depth > 0;
	}
	free(shown);
	return 0;
}

/* Places, not regions: they cut no axis. */
static void gather_tables(const struct plot_side *side, struct plot_lane *lane)
{
	for (size_t i = 0; i < side->map->n_tables; i++) {
		const uint64_t at = side->map->tables[i].value;

		add(lane, (struct efimap_span){ at, at }, i, 0, PLOT_TONE_OTHER);
	}
}

static const char *absence(const struct efimap *map, enum efimap_source source)
{
	static const char *const words[] = {
		[EFIMAP_STATE_ABSENT] = "not there",
		[EFIMAP_STATE_PRESENT] = "empty",
		[EFIMAP_STATE_DENIED] = "may not be read",
		[EFIMAP_STATE_MASKED] = "hidden by the kernel",
		[EFIMAP_STATE_BROKEN] = "malformed",
	};

	if (map->states[source] == EFIMAP_STATE_ABSENT && efimap_is_offline(map))
		return "not collected";
	return words[map->states[source]];
}

static enum efimap_source source_of(enum plot_lane_kind kind)
{
	static const enum efimap_source sources[] = {
		[PLOT_LANE_RUNTIME] = EFIMAP_SRC_RUNTIME_MAP,
		[PLOT_LANE_MEMMAP] = EFIMAP_SRC_MEMMAP,
		[PLOT_LANE_IOMEM] = EFIMAP_SRC_IOMEM,
		[PLOT_LANE_TABLES] = EFIMAP_SRC_KERNEL_LOG,
		[PLOT_LANE_VIRT] = EFIMAP_SRC_RUNTIME_MAP,
	};

	return sources[kind];
}

static size_t most(const struct efimap *map, enum plot_lane_kind kind)
{
	switch (kind) {
	case PLOT_LANE_MEMMAP:
		return map->n_memmap;
	case PLOT_LANE_IOMEM:
		return map->n_iomem;
	case PLOT_LANE_TABLES:
		return map->n_tables;
	case PLOT_LANE_RUNTIME:
	case PLOT_LANE_VIRT:
		break;
	}
	return map->n_entries;
}

int plot_gather(const struct plot_side *side, struct plot_lane *lane)
{
	const struct efimap *map = side->map;
	const enum efimap_source source = source_of(lane->kind);
	int ret = 0;

	if (most(map, lane->kind) >= UINT32_MAX)
		return -EOVERFLOW;
	lane->items = efimap_array_new(most(map, lane->kind), sizeof(*lane->items));
	if (!lane->items)
		return -ENOMEM;
	if (lane->kind == PLOT_LANE_MEMMAP)
		gather_memmap(side, lane);
	/* Hidden addresses are all zero. */
	else if (lane->kind == PLOT_LANE_IOMEM &&
		 map->states[source] != EFIMAP_STATE_MASKED)
		ret = gather_iomem(side, lane);
	else if (lane->kind == PLOT_LANE_TABLES)
		gather_tables(side, lane);
	else if (lane->kind != PLOT_LANE_IOMEM)
		gather_entries(side, lane);
	if (lane->n_unknown && lane->n_items == 0)
		lane->absent = "not known";
	else if (lane->n_items == 0)
		lane->absent = absence(map, source);
	return ret;
}
