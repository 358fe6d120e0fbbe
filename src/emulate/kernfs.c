/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The order in which sysfs lists a directory: by a 31-bit hash of the name, then by the
 * name. Source: fs/kernfs/dir.c; include/linux/stringhash.h: partial_name_hash(),
 * end_name_hash(); include/linux/hash.h: hash_long(). It must not know what is listed.
 */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* struct listed - a name, and where it stands in the list */
struct listed {
	uint32_t hash;
	uint32_t position;
	char name[DIGITS + 1];
};

static int compare_listed(const void *left, const void *right)
{
	const struct listed *a = left, *b = right;
	int order = efimap_order(a->hash, b->hash);

	if (order == 0)
		order = strcmp(a->name, b->name);
	/* The same name twice, in the order in which it was given. */
	return order ? order : efimap_order(a->position, b->position);
}

int efimap_kernfs_order(const uint32_t *names, size_t count, uint32_t *ret_order)
{
	efimap_auto_free struct listed *list = efimap_array_new(count, sizeof(*list));

	if (!list)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		struct listed *one = &list[i];
		const int len = snprintf(one->name, sizeof(one->name), "%" PRIu32, names[i]);

		one->hash = kernfs_hash(one->name, (size_t)len);
		one->position = (uint32_t)i;
	}
	qsort(list, count, sizeof(*list), compare_listed);
	for (size_t i = 0; i < count; i++)
		ret_order[i] = list[i].position;
	return 0;
}
