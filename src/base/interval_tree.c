/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Find the spans that overlap a given span. A sorted array is used as a balanced tree: the middle
 * element of each subarray is the root of a subtree. A search skips subtrees that end before the
 * given span.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/interval_tree.h"
#include "base/out_of_memory.h"
#include "base/sort.h"

void interval_tree_new(struct interval_tree *ret_intervals, size_t capacity)
{
	/* A position has 32 bits. */
	if (capacity >= UINT32_MAX)
		out_of_memory();
	*ret_intervals = (struct interval_tree){
		.all = array_new(capacity, sizeof(*ret_intervals->all)),
	};
}

void interval_tree_add(struct interval_tree *intervals, struct span span, size_t position)
{
	intervals->all[intervals->count++] =
		(struct interval){ .span = span, .position = (uint32_t)position };
}

static int compare_intervals(const void *left, const void *right)
{
	const struct interval *a = left, *b = right;

	return order_u64(a->span.first, b->span.first) ?: order_u64(a->position, b->position);
}

static uint64_t note_highest(struct interval *all, size_t count)
{
	const size_t middle = count / 2;
	struct interval *root = &all[middle];
	uint64_t below, above;

	if (count == 0)
		return 0;
	below = note_highest(all, middle);
	above = note_highest(root + 1, count - middle - 1);
	root->highest = root->span.last;
	if (below > root->highest)
		root->highest = below;
	if (above > root->highest)
		root->highest = above;
	return root->highest;
}

void interval_tree_sort(struct interval_tree *intervals)
{
	sort_items(intervals->all, intervals->count, sizeof(*intervals->all), compare_intervals);
	note_highest(intervals->all, intervals->count);
}

struct question {
	struct span span;
	size_t max;
	uint32_t *positions;
	size_t count;
	bool has_more;
};

static void search_intervals(struct question *question, const struct interval *all, size_t count)
{
	const size_t middle = count / 2;
	const struct interval *root = &all[middle];

	if (count == 0 || root->highest < question->span.first || question->has_more)
		return;
	search_intervals(question, all, middle);
	if (root->span.first > question->span.last || question->has_more)
		return;
	if (root->span.last >= question->span.first) {
		question->has_more = question->count == question->max;
		if (!question->has_more)
			question->positions[question->count++] = root->position;
	}
	search_intervals(question, root + 1, count - middle - 1);
}

size_t interval_tree_find(const struct interval_tree *intervals, struct span span, size_t max,
			  uint32_t *ret_positions, bool *ret_more)
{
	struct question question = { .span = span, .max = max, .positions = ret_positions };

	search_intervals(&question, intervals->all, intervals->count);
	*ret_more = question.has_more;
	return question.count;
}

void interval_tree_free(struct interval_tree *intervals)
{
	free(intervals->all);
}
