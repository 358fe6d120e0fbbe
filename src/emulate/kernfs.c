/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The order in which sysfs lists a directory: by a 31-bit hash of the name, then by the
 * name. Source: fs/kernfs/dir.c; include/linux/stringhash.h: partial_name_hash(),
 * end_name_hash(); include/linux/hash.h: hash_long(). It must not know what is listed.
 */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/mem.h"
#include "base/sort.h"
#include "emulate/kernfs.h"

/* GOLDEN_RATIO_64 */
#define GOLDEN_RATIO UINT64_C(0x61C8864680B583EB)
/* The most digits that 32 bits take. */
#define DIGITS 10

uint32_t efimap_kernfs_hash(const char *name, size_t len)
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

int efimap_kernfs_compare(const char *a, const char *b)
{
	const uint32_t left = efimap_kernfs_hash(a, strlen(a));
	const uint32_t right = efimap_kernfs_hash(b, strlen(b));

	if (left != right)
		return left < right ? -1 : 1;
	return strcmp(a, b);
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
static uint64_t text_rank(uint32_t number)
{
	char text[DIGITS];
	const size_t len = write_decimal(number, text);
	uint64_t rank = 0;

	for (size_t i = 0; i < DIGITS; i++)
		rank = rank * 11 + (i < len ? (uint64_t)(text[i] - '0') + 1 : 0);
	return rank;
}

/* What they are sorted by. */
struct names {
	const uint32_t *list;
};

static int by_text(const void *a, const void *b, void *data)
{
	const struct efimap_key *left = a, *right = b;
	const struct names *names = data;
	const uint64_t ranks[] = { text_rank(names->list[left->index]),
				   text_rank(names->list[right->index]) };

	if (ranks[0] != ranks[1])
		return ranks[0] < ranks[1] ? -1 : 1;
	/* The same name twice, in the order in which it was given. */
	return (left->index > right->index) - (left->index < right->index);
}

int efimap_kernfs_order(const uint32_t *names, size_t count, uint32_t *ret_order)
{
	efimap_auto_free struct efimap_key *keys = NULL;
	struct names ties = { names };
	char text[DIGITS];
	int err;

	if (count >= UINT32_MAX)
		return -EOVERFLOW;
	keys = efimap_array_new(count, sizeof(*keys));
	if (!keys)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		const size_t len = write_decimal(names[i], text);

		keys[i] = (struct efimap_key){ efimap_kernfs_hash(text, len), (uint32_t)i };
	}
	err = efimap_sort_keys(keys, count);
	if (err)
		return err;
	/* Names of equal hash are few, unless somebody chose them. */
	efimap_sort_ties(keys, count, by_text, &ties);
	for (size_t i = 0; i < count; i++)
		ret_order[i] = keys[i].index;
	return 0;
}
