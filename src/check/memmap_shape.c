/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Ranges of memmap against each other and against what kexec-tools understands. Ranges
 * that are malformed are memmap_ranges.c. Looks at no entry.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "check/label.h"
#include "check/list.h"
#include "check/memmap.h"

/* The ROMs and the extended BIOS data area of a PC end inside pages. */
#define LOW_MEMORY UINT64_C(0x100000)

static int compare_ranges(const void *left, const void *right, void *data)
{
	const struct efimap_range *ranges = data;
	const struct efimap_range *a = &ranges[*(const uint32_t *)left];
	const struct efimap_range *b = &ranges[*(const uint32_t *)right];

	if (a->span.first != b->span.first)
		return a->span.first < b->span.first ? -1 : 1;
	if (a->span.last != b->span.last)
		return a->span.last < b->span.last ? -1 : 1;
	if (strcmp(a->label, b->label) != 0)
		return strcmp(a->label, b->label);
	return (a->index > b->index) - (a->index < b->index);
}

/* The kernel's own list is ascending and overlaps nothing: then there is nothing to do. */
static bool is_in_order(const struct efimap *map)
{
	const struct efimap_range *last = NULL;

	for (size_t i = 0; i < map->n_memmap; i++) {
		if (map->memmap[i].bad)
			continue;
		if (last && map->memmap[i].span.first <= last->span.last)
			return false;
		last = &map->memmap[i];
	}
	return true;
}

static void speak_of_overlap(struct check *c, uint32_t position, uint32_t other)
{
	const struct efimap_range *a = &c->map->memmap[other];
	const struct efimap_range *b = &c->map->memmap[position];
	struct check_grade grade = check_usual(EFIMAP_RULE_MEMMAP_OVERLAP);

	if (!label_is_ram(a->label) && !label_is_ram(b->label))
		grade.consequence = EFIMAP_CONSEQ_NONE;
	if (!check_find(c, EFIMAP_RULE_MEMMAP_OVERLAP, grade,
			"memmap/%" PRIu32 " (%s) and memmap/%" PRIu32
			" (%s) overlap from 0x%" PRIx64 " on",
			a->index, a->label, b->index, b->label, b->span.first))
		return;
	memmap_evidence(c, other);
	memmap_evidence(c, position);
}

/*
 * Of the ranges so far, the one that ends last, and the one that ends last among those
 * with another label: they decide whether a range overlaps one that is called otherwise.
 */
struct ends {
	const struct efimap_range *furthest;
	const struct efimap_range *other;
};

static void note_end(struct ends *ends, const struct efimap_range *range)
{
	if (!ends->furthest || strcmp(range->label, ends->furthest->label) == 0) {
		if (!ends->furthest || range->span.last > ends->furthest->span.last)
			ends->furthest = range;
	} else if (range->span.last > ends->furthest->span.last) {
		ends->other = ends->furthest;
		ends->furthest = range;
	} else if (!ends->other || range->span.last > ends->other->span.last) {
		ends->other = range;
	}
}

static const struct efimap_range *find_other(const struct ends *ends,
					     const struct efimap_range *range)
{
	const struct efimap_range *found = ends->furthest;

	if (found && strcmp(found->label, range->label) == 0)
		found = ends->other;
	return found && found->span.last >= range->span.first ? found : NULL;
}

static void memmap_overlap(struct check *c)
{
	const struct efimap *map = c->map;
	efimap_auto_free uint32_t *order = NULL;
	struct ends ends = { 0 };
	size_t count = 0;

	if (!check_wants(c, EFIMAP_RULE_MEMMAP_OVERLAP) || is_in_order(map))
		return;
	order = calloc(map->n_memmap, sizeof(*order));
	if (!order) {
		c->error = -ENOMEM;
		return;
	}
	for (size_t i = 0; i < map->n_memmap; i++)
		if (!map->memmap[i].bad)
			order[count++] = (uint32_t)i;
	qsort_r(order, count, sizeof(*order), compare_ranges, map->memmap);
	for (size_t i = 0; i < count && !c->error; i++) {
		const struct efimap_range *range = &map->memmap[order[i]];
		const struct efimap_range *other = find_other(&ends, range);

		if (other)
			speak_of_overlap(c, order[i], (uint32_t)(other - map->memmap));
		note_end(&ends, range);
	}
}

static bool is_unaligned(const struct efimap_range *range)
{
	return !range->bad && range->span.last >= LOW_MEMORY &&
	       ((range->span.first >= LOW_MEMORY &&
		 range->span.first % EFIMAP_PAGE_SIZE != 0) ||
		(range->span.last + 1) % EFIMAP_PAGE_SIZE != 0);
}

/* kexec-tools, kexec/firmware_memmap.c: parse_memmap_entry */
static bool is_unknown(const struct efimap_range *range)
{
	static const char *const known[] = {
		"System RAM",	     "ACPI Tables",
		"Unusable memory",   "reserved",
		"Reserved",	     "ACPI Non-volatile Storage",
		"Persistent Memory", "Persistent Memory (legacy)",
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(range->label, known[i]) == 0)
			return false;
	return !range->bad;
}

static void sum_up(struct check *c, enum efimap_rule_id rule,
		   bool (*applies)(const struct efimap_range *range), const char *what)
{
	size_t count = 0;
	uint32_t first = 0;

	for (size_t i = 0; i < c->map->n_memmap; i++)
		if (applies(&c->map->memmap[i]) && count++ == 0)
			first = (uint32_t)i;
	if (count > 0 && check_find(c, rule, check_usual(rule),
				    "%s: %zu of %zu, the first is memmap/%" PRIu32, what,
				    count, c->map->n_memmap, c->map->memmap[first].index))
		memmap_evidence(c, first);
}

void memmap_shape(struct check *c)
{
	memmap_overlap(c);
	if (check_wants(c, EFIMAP_RULE_MEMMAP_UNALIGNED) &&
	    c->booted_by != EFIMAP_BOOTED_BY_KEXEC)
		sum_up(c, EFIMAP_RULE_MEMMAP_UNALIGNED, is_unaligned,
		       "ranges of memmap begin or end inside a page");
	if (check_wants(c, EFIMAP_RULE_MEMMAP_UNKNOWN_TYPE))
		sum_up(c, EFIMAP_RULE_MEMMAP_UNKNOWN_TYPE, is_unknown,
		       "ranges of memmap have a type that kexec-tools takes for "
		       "reserved");
}
