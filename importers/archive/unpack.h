/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an input unpacks to, block by block. Every byte is counted as it comes out, whoever
 * it is for: an archive's reader may skip it, or take it for a part of a header.
 */
#ifndef IMPORTERS_ARCHIVE_UNPACK_H
#define IMPORTERS_ARCHIVE_UNPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "../importer.h"
#include "base/err.h"

/** UNPACK_TAIL - the header of a stream, with a long name in it, and some more */
#define UNPACK_TAIL 512U

/**
 * struct unpack - an input that is being unpacked
 * @importer: where it comes from
 * @archive:  libarchive's decompressor, NULL where nothing is compressed
 * @filter:   of that
 * @block:    what was read last of the input
 * @held:     bytes of @block that were read to look at, and are still to be handed on
 * @tail:     the last bytes of the input so far
 * @bytes:    that came out so far
 * @ratio:    how many times its size the input may unpack to
 * @has_ended: libarchive asked for more than there is
 */
struct unpack {
	struct importer *importer;
	struct efimap_err *err;
	struct archive *archive;
	const struct filter *filter;
	char *block;
	size_t held;
	uint8_t tail[UNPACK_TAIL];
	size_t n_tail;
	uint64_t bytes;
	uint32_t ratio;
	bool has_ended;
};

/** UNPACK_RATIO - of an archive, and UNPACK_RATIO_TEXT - of a log or a snapshot */
#define UNPACK_RATIO 500
#define UNPACK_RATIO_TEXT 100

/** unpack_open() - look at how the input begins; 0, or a negative errno and @err */
int unpack_open(struct unpack *unpack);
/** unpack_close() - also what was not opened, if @archive and @block are NULL */
void unpack_close(struct unpack *unpack);

/**
 * unpack_take() - the next bytes
 * @ret_block: where they are, until the next call
 *
 * Return: how many; 0 at the end; or a negative errno and why: -E2BIG for an input that
 * unpacks to more than is in proportion to it.
 */
ssize_t unpack_take(struct unpack *unpack, const void **ret_block);

/** unpack_count() - bytes came out that no block holds, such as a sparse file's zeros */
int unpack_count(struct unpack *unpack, size_t bytes);

/**
 * unpack_fail() - what libarchive says of @archive, or what was said before it
 * @has_ended: it asked for more than there is
 */
int unpack_fail(const struct unpack *unpack, struct archive *archive, bool has_ended);

#endif
