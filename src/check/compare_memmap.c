/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * /sys/firmware/memmap in two captures: that it differs is normal after a kexec, that
 * firmware memory has become free memory is not. Knows nothing of the map's promise.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/sort.h"
#include "check/sides.h"

/* Ranges that are spelled out as evidence, per side. */
#define MAX_EVIDENCE 8

static int compare_ranges(const void *left, const void *right)
{
	const struct efimap_range *a = *(const struct efimap_range *const *)left;
	const struct efimap_range *b = *(const struct efimap_range *const *)right;
	int order = efimap_order(a->start, b->start);

	if (!order)
		order = efimap_order(a->end, b->end);
	return order ? order : strcmp(a->label, b->label);
}

static const struct efimap_range **sorted(const struct efimap *map)
{
	const struct efimap_range **ranges =
		efimap_array_new(map->n_memmap, sizeof(*ranges));

	for (size_t i = 0; ranges && i < map->n_memmap; i++)
		ranges[i] = &map->memmap[i];
	if (ranges)
		qsort(ranges, map->n_memmap, sizeof(*ranges), compare_ranges);
	return ranges;
}

/* struct only - the ranges that one side alone has; the first few of them */
struct only {
	size_t count;
	const struct efimap_range *some[MAX_EVIDENCE];
};

static void add_only(struct only *only, const struct efimap_range *range)
{
	if (only->count < MAX_EVIDENCE)
		only->some[only->count] = range;
	only->count++;
}

static void find_only(const struct efimap_range **a, size_t n_a,
		      const struct efimap_range **b, size_t n_b, struct only *only_a,
		      struct only *only_b)
{
	size_t i = 0, j = 0;

	while (i < n_a || j < n_b) {
		int order = i == n_a ? 1 : j == n_b ? -1 : compare_ranges(&a[i], &b[j]);

		if (order < 0)
			add_only(only_a, a[i]);
		else if (order > 0)
			add_only(only_b, b[j]);
		i += order <= 0;
		j += order >= 0;
	}
}

static void add_evidence(struct compare *c, const char *side, const struct only *only)
{
	for (size_t i = 0; i < only->count && i < MAX_EVIDENCE; i++)
		check_evidence(&c->check, side, "0x%" PRIx64 "-0x%" PRIx64 " %s",
			       only->some[i]->start, only->some[i]->end,
			       only->some[i]->label);
}

static void say_counts(struct compare *c)
{
	char first[32], second[32];

	snprintf(first, sizeof(first), "%zu ranges", c->first->n_memmap);
	snprintf(second, sizeof(second), "%zu ranges", c->second->n_memmap);
	compare_sides(c, first, second);
}

static void memmap(struct compare *c)
{
	efimap_auto_free const struct efimap_range **a = NULL, **b = NULL;
	const enum efimap_rule_id rule = EFIMAP_RULE_DRIFT_MEMMAP;
	struct only first = { 0 }, second = { 0 };

	if (!compare_wants(c, rule))
		return;
	c->tried++;
	a = sorted(c->first);
	b = sorted(c->second);
	if (!a || !b) {
		c->check.error = -ENOMEM;
		return;
	}
	find_only(a, c->first->n_memmap, b, c->second->n_memmap, &first, &second);
	if ((first.count == 0 && second.count == 0) ||
	    !check_find(&c->check, rule, check_usual(rule),
			"memmap differs: ranges in FIRST only: %zu, in SECOND only: %zu%s",
			first.count, second.count,
			efimap_is_crash_kernel(c->second) ?
				"; a crash kernel is given little but the memory reserved for it" :
				""))
		return;
	check_evidence(&c->check, efimap_source_path(EFIMAP_SRC_MEMMAP), "%zu ranges",
		       c->second->n_memmap);
	add_evidence(c, "FIRST only", &first);
	add_evidence(c, "SECOND only", &second);
	say_counts(c);
}

static void say_in_ram(struct compare *c, const struct efimap_entry *entry,
		       const struct efimap_range *range)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_DRIFT_MEMMAP_RT;

	if (!check_find_entry(&c->check, rule, check_usual(rule), entry,
			      "%s at 0x%" PRIx64 " is reserved in FIRST's memmap and System "
			      "RAM in SECOND's: its kernel may use it",
			      CHECK_TYPE(entry), entry->phys))
		return;
	check_evidence(&c->check, "SECOND only", "0x%" PRIx64 "-0x%" PRIx64 " %s",
		       range->start, range->end, range->label);
	compare_sides(c, "not System RAM", "System RAM");
}

static void memmap_rt(struct compare *c)
{
	auto_spans struct spans first = { 0 }, second = { 0 };
	int ret;

	if (c->first->n_entries == 0 || !compare_wants(c, EFIMAP_RULE_DRIFT_MEMMAP_RT))
		return;
	ret = spans_gather(c->first, &first);
	if (ret == 0)
		ret = spans_gather(c->second, &second);
	if (ret < 0)
		c->check.error = ret;
	for (size_t i = 0; ret == 0 && i < c->first->n_entries; i++) {
		const struct efimap_entry *entry = &c->first->entries[i];
		const struct efimap_range *found;
		struct efimap_span span;

		if (!efimap_entry_is_runtime_services(entry) ||
		    efimap_entry_phys(entry, &span) < 0 ||
		    spans_has(&first, SPANS_RAM, span))
			continue;
		found = spans_range(&second, SPANS_RAM, span);
		if (found)
			say_in_ram(c, entry, found);
	}
}

void compare_memmap(struct compare *c)
{
	memmap(c);
	memmap_rt(c);
}
