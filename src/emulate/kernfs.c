/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The order in which sysfs lists a directory: by a 31-bit hash of the name, then by the
 * name. Source: fs/kernfs/dir.c; include/linux/stringhash.h: partial_name_hash(),
 * end_name_hash(); include/linux/hash.h: hash_long(). It must not know what is listed.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/mem.h"
#include "base/sort.h"
#include "emulate/kernfs.h"

/* GOLDEN_RATIO_64 */
#define GOLDEN_RATIO UINT64_C(0x61C8864680B583EB)
/* The most digits that 32 bits take. */
#define DIGITS 10

/* The hash of a name without a namespace tag. */
static uint32_t kernfs_hash(const char *name, size_t len)
{
	uint64_t hash = 0;
	uint32_t folded;

	for (size_t i = 0; i < len; i++) {
		const uint64_t c = (unsigned char)name[i];

		hash = (hash + (c << 4) + (c >> 4)) * 11;
	}
	folded = (uint32_t)(hash * GOLDEN_RATIO >> 32) & INT_MAX;
	/* 0, 1 and INT_MAX are reserved for "." and ".." and the end. */
	if (folded < 2)
		folded += 2;
	return folded == INT_MAX ? INT_MAX - 1 : folded;
}

static size_t write_decimal(uint32_t number, char text[DIGITS])
{
	char reversed[DIGITS];
	size_t len = 0;

	do {
		reversed[len++] = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	for (size_t i = 0; i < len; i++)
		text[i] = reversed[len - 1 - i];
	return len;
}

/* Digits as base 11, the end below 0, so that numbers compare as their texts do. */
static uint64_t text_rank(const char *text, size_t len)
{
	uint64_t rank = 0;

	for (size_t i = 0; i < DIGITS; i++)
		rank = rank * 11 + (i < len ? (uint64_t)(text[i] - '0') + 1 : 0);
	return rank;
}

/* struct listed - a name as a number, and where it stands in the list */
struct listed {
	uint32_t hash;
	uint32_t position;
	uint64_t rank;
};

static int compare_listed(const void *left, const void *right)
{
	const struct listed *a = left, *b = right;
	int order = efimap_order(a->hash, b->hash);

	if (order == 0)
		order = efimap_order(a->rank, b->rank);
	/* The same name twice, in the order in which it was given. */
	return order ? order : efimap_order(a->position, b->position);
}

int efimap_kernfs_order(const uint32_t *names, size_t count, uint32_t *ret_order)
{
	efimap_auto_free struct listed *list = NULL;
	char text[DIGITS];

	list = efimap_array_new(count, sizeof(*list));
	if (!list)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		const size_t len = write_decimal(names[i], text);

		list[i] = (struct listed){ kernfs_hash(text, len), (uint32_t)i,
					   text_rank(text, len) };
	}
	qsort(list, count, sizeof(*list), compare_listed);
	for (size_t i = 0; i < count; i++)
		ret_order[i] = list[i].position;
	return 0;
}
