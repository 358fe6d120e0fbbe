/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the writers of dump share: the view of a capture, row by row. */
#ifndef SHOW_DUMP_VIEW_H
#define SHOW_DUMP_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "infer/memory_coverage.h"
#include "linux/virtual_layout.h"
#include "show/dump_options.h"

/* --- labels over each entry, each said once --- */

/** struct covering_labels - who covers what, by name: those of MEMMAP or IOMEM */
struct covering_labels {
	const struct efimap *map;
	enum efimap_source source;
	struct efimap_coverage cover;
};

/** covering_labels_next() - the next label that was not listed before; @at is 0 at first */
const char *covering_labels_next(const struct covering_labels *labels, size_t entry, size_t *at);
/** covering_labels_not_read() - could the source not be read, or not all of it? */
bool covering_labels_not_read(const struct covering_labels *labels, size_t position);

/* --- the view --- */

#define RULE_WORDS ((EFIMAP_RULE_COUNT + 63) / 64)

/**
 * struct dump_view - a capture with what is known of each of its entries
 * @bytes:   sizes as plain numbers
 * @rows:    positions of the entries that are shown
 * @memmap:  labels over each entry
 * @iomem:   labels over each entry
 * @rules:   per entry the rules that spoke of it, a bit each: bytes would be 16 KiB of a usual map
 * @layout:  predicted addresses and the findings on them; NULL where none were asked for
 * @predicted: per entry its row of @layout; NULL of an incomplete one
 */
struct dump_view {
	const struct efimap *map;
	const struct efimap_report *report;
	bool bytes;
	size_t *rows;
	size_t n_rows;
	struct covering_labels memmap;
	struct covering_labels iomem;
	uint64_t (*rules)[RULE_WORDS];
	const struct efimap_dump_layout *layout;
	const struct efimap_layout_row **predicted;
};

/** dump_view_open() - with a row for each entry; 0, -ENOMEM, -EOVERFLOW; close it in any case */
int dump_view_open(const struct efimap *map, const struct efimap_report *report,
		   bool bytes, struct dump_view *view);
void dump_view_close(struct dump_view *view);

/** dump_view_rule() - the next rule on an entry, in the order of the catalogue, NULL after the
 * last; @from is 0 at first */
const struct efimap_rule *dump_view_rule(const struct dump_view *view, size_t position,
					 size_t *from);

/** struct dump_row - an entry in a view */
struct dump_row {
	const struct efimap_entry *entry;
	const struct dump_view *view;
	size_t position;
};

static inline struct dump_row dump_row_at(const struct dump_view *view, size_t position)
{
	return (struct dump_row){ &view->map->entries[position], view, position };
}

#endif
