/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * "Which of these ranges shares a byte with that one?", exactly, in O(log n), however
 * much the ranges overlap each other. Knows spans and positions, no rule and no label.
 */
#ifndef CHECK_REACH_H
#define CHECK_REACH_H

#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

/**
 * struct reach_range - one range
 * @span:     its bytes
 * @position: where it comes from, the caller's business
 */
struct reach_range {
	struct efimap_span span;
	uint32_t position;
};

/**
 * struct reach - ranges that can be asked
 * @ranges:   ascending by start
 * @furthest: furthest[i] is that of ranges 0 to i which ends last
 * @count:    ranges
 */
struct reach {
	struct reach_range *ranges;
	uint32_t *furthest;
	size_t count;
};

/**
 * reach_build() - sort @count ranges and make them ready
 * @ranges:    copied
 * @ret_reach: free with reach_free(); untouched on failure
 *
 * Return: 0, -ENOMEM, or -EOVERFLOW with more than 2^32 ranges.
 */
int reach_build(const struct reach_range *ranges, size_t count, struct reach *ret_reach);

/** reach_find() - a range that shares a byte with @span, or NULL if none does */
const struct reach_range *reach_find(const struct reach *reach, struct efimap_span span);

/** reach_free() - free its arrays */
void reach_free(struct reach *reach);
#define auto_reach __attribute__((cleanup(reach_free)))

#endif
