/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SHOW_DUMP_VIEW_H
#define SHOW_DUMP_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "infer/memory_coverage.h"
#include "linux/virtual_layout.h"
#include "show/dump_options.h"

/**
 * struct covering_labels - the ranges of MEMMAP or IOMEM that overlap each entry
 * @is_repeated: for each hit of @cover, whether an earlier hit of the entry has the same label
 */
struct covering_labels {
	const struct efimap *map;
	enum efimap_source source;
	struct efimap_coverage cover;
	bool *is_repeated;
};

/**
 * covering_labels_next() - return the next label of an entry, or NULL after the last one
 * @at: position in the list of ranges, which the caller sets to 0 before the first call
 *
 * Each label is returned once. If the list of ranges was cut, the last label is "...".
 */
const char *covering_labels_next(const struct covering_labels *labels, size_t entry, size_t *at);
/**
 * covering_labels_not_read() - return whether an entry has no label, but may overlap ranges that
 * were not read
 */
bool covering_labels_not_read(const struct covering_labels *labels, size_t position);

#define RULE_WORDS ((EFIMAP_RULE_COUNT + 63) / 64)

/**
 * struct dump_view - a capture with the labels, rules and predictions of each entry
 * @bytes:     write sizes as plain numbers of bytes
 * @rows:      positions of the entries that are shown
 * @rules:     for each entry, a bitmap of the rules that matched
 * @layout:    predicted addresses and findings on them; NULL if not requested
 * @predicted: for each entry, its row of @layout, or NULL if there is none; the array is NULL if
 *             @layout is NULL
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

/**
 * dump_view_open() - make a view with a row for each entry
 *
 * The caller calls dump_view_close() even after a failure.
 *
 * Return: 0, -ENOMEM, or -EOVERFLOW if there are too many ranges.
 */
int dump_view_open(const struct efimap *map, const struct efimap_report *report,
		   bool bytes, struct dump_view *view);
void dump_view_close(struct dump_view *view);

/**
 * dump_view_rule() - return the next rule that matched an entry, in the order of the catalogue
 * @from: number of the next rule to check, which the caller sets to 0 before the first call
 *
 * Return: the rule, or NULL after the last one.
 */
const struct efimap_rule *dump_view_rule(const struct dump_view *view, size_t position,
					 size_t *from);

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
