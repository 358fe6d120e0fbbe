/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Collect the labels of the ranges that overlap each entry, select the entries that cover an
 * address, and translate this address.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "show/dump_view.h"

static const char *label_of(const struct covering_labels *labels, uint32_t range)
{
	return labels->source == EFIMAP_SRC_MEMMAP ? labels->map->memmap[range].label :
						     labels->map->iomem[range].name;
}

static int compare_labels(const void *a, const void *b, void *labels)
{
	const uint32_t one = *(const uint32_t *)a, other = *(const uint32_t *)b;

	return strcmp(label_of(labels, one), label_of(labels, other));
}

/*
 * For each entry, mark each range that has the same label as an earlier range of the entry. The
 * labels are sorted only once, because many entries can overlap many ranges in a crafted capture.
 */
static int mark_repeated(struct covering_labels *labels)
{
	const struct efimap *map = labels->map;
	const struct efimap_coverage *cover = &labels->cover;
	const size_t count = labels->source == EFIMAP_SRC_MEMMAP ? map->n_memmap : map->n_iomem;
	efimap_auto_free uint32_t *order = efimap_array_new(count, sizeof(*order));
	/* For each range, the number of its label. Distinct labels are numbered from 0. */
	efimap_auto_free uint32_t *numbers = efimap_array_new(count, sizeof(*numbers));
	/* For each label, 1 plus the position of the last visited entry with this label, or 0. */
	efimap_auto_free size_t *last = efimap_array_new(count, sizeof(*last));
	uint32_t number = 0;

	labels->is_repeated = efimap_array_new(cover->n_hits, sizeof(*labels->is_repeated));
	if (!order || !numbers || !last || !labels->is_repeated)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		order[i] = (uint32_t)i;
	qsort_r(order, count, sizeof(*order), compare_labels, labels);
	for (size_t i = 0; i < count; i++) {
		if (i > 0 && compare_labels(&order[i - 1], &order[i], labels) != 0)
			number++;
		numbers[order[i]] = number;
	}
	for (size_t i = 0; i < map->n_entries; i++)
		for (size_t hit = cover->begin[i]; hit < cover->begin[i + 1]; hit++) {
			size_t *of_label = &last[numbers[cover->hits[hit]]];

			labels->is_repeated[hit] = *of_label == i + 1;
			*of_label = i + 1;
		}
	return 0;
}

const char *covering_labels_next(const struct covering_labels *labels, size_t entry, size_t *at)
{
	const struct efimap_coverage *cover = &labels->cover;
	const size_t count = cover->begin[entry + 1] - cover->begin[entry];

	while (*at < count) {
		const size_t hit = cover->begin[entry] + (*at)++;

		if (!labels->is_repeated[hit])
			return label_of(labels, cover->hits[hit]);
	}
	if (*at > count || !cover->cut[entry])
		return NULL;
	*at = count + 1;
	/* The list was cut at EFIMAP_COVER_CUT ranges. */
	return "...";
}

int dump_view_open(const struct efimap *map, bool bytes, struct dump_view *view)
{
	int ret;

	*view = (struct dump_view){
		.map = map,
		.bytes = bytes,
		.n_rows = map->n_entries,
		.memmap = { .map = map, .source = EFIMAP_SRC_MEMMAP },
		.iomem = { .map = map, .source = EFIMAP_SRC_IOMEM },
	};
	ret = efimap_coverage_memmap(map, &view->memmap.cover);
	if (!ret)
		ret = mark_repeated(&view->memmap);
	if (!ret)
		ret = efimap_coverage_iomem(map, &view->iomem.cover);
	return ret ? ret : mark_repeated(&view->iomem);
}

void dump_view_close(struct dump_view *view)
{
	efimap_coverage_free(&view->memmap.cover);
	efimap_coverage_free(&view->iomem.cover);
	free(view->memmap.is_repeated);
	free(view->iomem.is_repeated);
	free(view->rows);
}

int dump_view_select(struct dump_view *view, const uint64_t *address)
{
	const struct efimap *map = view->map;

	if (!address)
		return 0;
	view->address = address;
	view->rows = efimap_array_new(map->n_entries, 2 * sizeof(*view->rows));
	if (!view->rows)
		return -ENOMEM;
	view->n_rows = 0;
	for (size_t i = 0; i < map->n_entries; i++) {
		const struct efimap_entry *entry = &map->entries[i];
		const bool is_physical = efimap_entry_covers_phys(entry, *address);

		if (is_physical)
			view->rows[view->n_rows++] = (struct dump_row){ entry, view, i, false };
		if (efimap_entry_covers_virt(entry, *address) &&
		    !(is_physical && entry->phys == entry->virt))
			view->rows[view->n_rows++] = (struct dump_row){ entry, view, i, true };
	}
	return 0;
}

/*
 * Translate the view's address from the range that starts at @from to the range that starts at @to.
 * Return false if the result is above 2^64 - 1.
 */
static bool move_address(const struct dump_view *view, uint64_t from, uint64_t to,
			 uint64_t *ret_address)
{
	return !__builtin_add_overflow(to, *view->address - from, ret_address);
}

bool dump_row_phys_at(const struct dump_row *row, uint64_t *ret_address)
{
	const struct efimap_entry *entry = row->entry;

	if (!row->view->address)
		return false;
	return move_address(row->view, row->is_virtual ? entry->virt : entry->phys, entry->phys,
			    ret_address);
}

bool dump_row_virt_at(const struct dump_row *row, uint64_t *ret_address)
{
	const struct efimap_entry *entry = row->entry;

	if (!row->view->address || entry->virt_from == EFIMAP_VIRT_UNKNOWN)
		return false;
	return move_address(row->view, row->is_virtual ? entry->virt : entry->phys, entry->virt,
			    ret_address);
}

bool covering_labels_not_read(const struct covering_labels *labels, size_t position)
{
	const struct efimap *map = labels->map;
	const enum efimap_state state = map->states[labels->source];
	size_t at = 0;

	if (covering_labels_next(labels, position, &at))
		return false;
	return (state != EFIMAP_STATE_PRESENT && state != EFIMAP_STATE_ABSENT) ||
	       efimap_has_fault(map, labels->source, EFIMAP_ANY_FAULT);
}
