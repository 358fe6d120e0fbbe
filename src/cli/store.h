/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where snapshots are kept for later: see store.c and beside.c. */
#ifndef CLI_STORE_H
#define CLI_STORE_H

#include <time.h>

#include "base/out.h"
#include "cli/cli.h"

/** STORE_KEEP - snapshots that are kept unless --keep says otherwise, and at most: a store
 * that holds more is none of ours
 */
#define STORE_KEEP 8
#define STORE_KEEP_MAX 100000
/** STORE_TAG_MAX - bytes of a tag */
#define STORE_TAG_MAX 32
/** BESIDE_MAX - directories that --beside-vmcore may name */
#define BESIDE_MAX 16

/** store_is_before() - of two times of files */
static inline bool store_is_before(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec != b->tv_sec ? a->tv_sec < b->tv_sec : a->tv_nsec < b->tv_nsec;
}
/** store_tag_is_valid() - lower-case letters, digits and inner hyphens */
bool store_tag_is_valid(const char *tag);

/**
 * store_save() - add a snapshot to the store, and remove the oldest ones
 * @dir:     the store; made when it is not there
 * @tag:     NULL, or a word that comes into the name
 * @keep:    how many with this tag (or without one) are kept, the new one included
 * @boot_id: names the snapshot
 */
enum status store_save(const char *dir, const char *tag, size_t keep, const char *boot_id,
		       const struct efimap_out *out);

/**
 * beside_save() - write a snapshot into the directory of the newest kernel crash dump
 * @dirs:   where to look: in these, and one level below
 * @tag:    NULL, or a word that comes into the name
 * @source: what the snapshot was made of: a crash dump older than this file is not ours
 */
enum status beside_save(const char *const *dirs, size_t n, const char *tag, const char *source,
			const struct efimap_out *out);

#endif
