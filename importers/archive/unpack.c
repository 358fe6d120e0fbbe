/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unpacking, one layer deep, and its limits. Must not know what the bytes are.
 *
 * An input is let unpack to FREE_BYTES, and beyond that to so many times its size. That is
 * asked for each block that comes out, so it holds however little goes in, and the time that
 * an input takes is in proportion to it.
 *
 * UNPACK_RATIO_TEXT: logs are packed to a tenth, one that says the same again and again, but
 * for the time, to a twenty-sixth (xz). UNPACK_RATIO: what packs best of all that is real is
 * sysfs as tar stores it, a page for each few bytes: 291 times (xz), 414 times (bzip2).
 *
 * FREE_BYTES: a bomb is told by them, so they are what one costs: bzip2, the slowest, made
 * to unpack as slowly as it can, takes half a second, and to look for lines in them takes
 * another half. They are enough for a log in which a single line stands again and again,
 * which is packed to a thousandth and less: a log in a tree is not read any farther either.
 *
 * MAX_BYTES: a report packed to a GiB unpacks to ten. It is bound to be there for the limit
 * of processor time, in which they must be read (confine.c).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>

#include "unpack.h"

#define BLOCK_BYTES ((size_t)64 << 10)
#define FREE_BYTES ((uint64_t)64 << 20)
#define MAX_BYTES ((uint64_t)16 << 30)

/*
 * What libarchive's own choice would be, which goes on choosing for what comes out: gzip in
 * gzip in gzip costs without ever giving a byte that could be counted.
 */
static const struct filter {
	const char *magic;
	size_t len;
	int code;
	const char *name;
} filters[] = {
	{ "\x1f\x8b\x08", 3, ARCHIVE_FILTER_GZIP, "gzip" },
	{ "\xfd" "7zXZ", 6, ARCHIVE_FILTER_XZ, "xz" },
	{ "\x28\xb5\x2f\xfd", 4, ARCHIVE_FILTER_ZSTD, "zstd" },
	{ "BZh", 3, ARCHIVE_FILTER_BZIP2, "bzip2" },
};

#define N_FILTERS (sizeof(filters) / sizeof(filters[0]))
#define MAGIC_BYTES 6

int unpack_fail(const struct unpack *unpack, struct archive *archive, bool has_ended)
{
	const char *text = archive_error_string(archive);
	const int code = archive_errno(archive);

	if (unpack->err->code)
		return -unpack->err->code;
	if (code == ENOMEM)
		return efimap_err_set(unpack->err, code, unpack->importer->label, "%s",
				      text ? text : strerror(code));
	/* That it ended is known here; each release of libarchive has other words for it. */
	if (has_ended)
		text = unpack->bytes ? "ends too early: it was cut off" :
				       "ends before anything is unpacked: it was cut off, "
				       "or is empty";
	return efimap_err_at_offset(unpack->err, EBADMSG, unpack->importer->label,
				    unpack->importer->taken, "%s",
				    text ? text : "it cannot be unpacked");
}

int unpack_count(struct unpack *unpack, size_t bytes)
{
	unpack->bytes += bytes;
	if (unpack->bytes > MAX_BYTES)
		return efimap_err_set(unpack->err, E2BIG, unpack->importer->label,
				      "unpacks to more than %d GiB, which is more than is "
				      "read", (int)(MAX_BYTES >> 30));
	if (unpack->bytes > FREE_BYTES &&
	    unpack->bytes / unpack->ratio > unpack->importer->taken)
		return efimap_err_set(unpack->err, E2BIG, unpack->importer->label,
				      "unpacks to more than %d MiB and %u times its size, as "
				      "no report does", (int)(FREE_BYTES >> 20), unpack->ratio);
	return 0;
}

/* Of the input so far the last bytes, when @count more are in the block. */
static void keep_tail(struct unpack *unpack, size_t count)
{
	const size_t added = count < UNPACK_TAIL ? count : UNPACK_TAIL;
	size_t kept = UNPACK_TAIL - added;

	if (kept > unpack->n_tail)
		kept = unpack->n_tail;
	memmove(unpack->tail, unpack->tail + unpack->n_tail - kept, kept);
	memcpy(unpack->tail + kept, unpack->block + count - added, added);
	unpack->n_tail = kept + added;
}

/* The next bytes of the input as it is. */
static ssize_t take_packed(struct unpack *unpack)
{
	ssize_t count = (ssize_t)unpack->held;

	unpack->held = 0;
	if (count == 0)
		count = importer_take(unpack->importer, unpack->block, BLOCK_BYTES,
				      unpack->err);
	if (count > 0)
		keep_tail(unpack, (size_t)count);
	unpack->has_ended |= count == 0;
	return count;
}

static la_ssize_t give_packed(struct archive *archive, void *data, const void **ret_block)
{
	struct unpack *unpack = data;
	const ssize_t count = take_packed(unpack);

	*ret_block = unpack->block;
	return count < 0 ? ARCHIVE_FATAL : count;
}

/*
 * Several streams can follow each other. Where of the next one not even the header is whole,
 * libarchive ends as if nothing came, as it does before padding.
 */
static int check_end(const struct unpack *unpack)
{
	const uint64_t used = (uint64_t)archive_filter_bytes(unpack->archive, -1);
	const uint64_t left = unpack->importer->taken - used;
	const size_t len = left < unpack->filter->len ? (size_t)left : unpack->filter->len;

	if (left == 0 || left > unpack->n_tail ||
	    memcmp(unpack->tail + unpack->n_tail - left, unpack->filter->magic, len) != 0)
		return 0;
	return efimap_err_at_offset(unpack->err, EBADMSG, unpack->importer->label, used,
				    "a part of a %s header: it was cut off",
				    unpack->filter->name);
}

ssize_t unpack_take(struct unpack *unpack, const void **ret_block)
{
	la_int64_t offset;
	size_t size = 0;
	int ret = 0;

	if (unpack->archive) {
		ret = archive_read_data_block(unpack->archive, ret_block, &size, &offset);
		if (ret < ARCHIVE_WARN)
			return unpack_fail(unpack, unpack->archive, unpack->has_ended);
		if (ret == ARCHIVE_EOF)
			return check_end(unpack);
	} else {
		const ssize_t count = take_packed(unpack);

		if (count < 0)
			return count;
		*ret_block = unpack->block;
		size = (size_t)count;
	}
	ret = unpack_count(unpack, size);
	return ret ? ret : (ssize_t)size;
}

static const struct filter *find_filter(const struct unpack *unpack)
{
	for (size_t i = 0; i < N_FILTERS; i++)
		if (unpack->held >= filters[i].len &&
		    memcmp(unpack->block, filters[i].magic, filters[i].len) == 0)
			return &filters[i];
	return NULL;
}

/* A library that lacks a decompressor would start a program instead, which is refused. */
static bool has_filter(struct archive *archive, const struct filter *filter)
{
	return archive_read_support_filter_by_code(archive, filter->code) == ARCHIVE_OK;
}

static bool open_with_filter(struct unpack *unpack, struct archive *archive, int code)
{
	return archive_read_set_format(archive, ARCHIVE_FORMAT_RAW) == ARCHIVE_OK &&
	       archive_read_append_filter(archive, code) == ARCHIVE_OK &&
	       archive_read_set_read_callback(archive, give_packed) == ARCHIVE_OK &&
	       archive_read_set_callback_data(archive, unpack) == ARCHIVE_OK &&
	       archive_read_open1(archive) == ARCHIVE_OK;
}

/* One filter, and one "member" that is all that comes out of it. */
static int open_filter(struct unpack *unpack, const struct filter *filter)
{
	struct archive *archive = archive_read_new();
	struct archive_entry *entry = archive ? archive_entry_new2(archive) : NULL;
	int ret = 0;

	unpack->archive = archive;
	if (!entry)
		return -ENOMEM;
	if (!has_filter(archive, filter))
		ret = efimap_err_set(unpack->err, ENOTSUP, unpack->importer->label,
				     "this libarchive (%s) cannot read %s",
				     archive_version_string(), filter->name);
	else if (!open_with_filter(unpack, archive, filter->code) ||
		 archive_read_next_header2(archive, entry) != ARCHIVE_OK)
		ret = unpack_fail(unpack, archive, unpack->has_ended);
	archive_entry_free(entry);
	return ret;
}

int unpack_open(struct unpack *unpack)
{
	ssize_t count;

	unpack->block = malloc(BLOCK_BYTES);
	if (!unpack->block)
		return -ENOMEM;
	count = importer_fill(unpack->importer, unpack->block, MAGIC_BYTES, unpack->err);
	if (count < 0)
		return (int)count;
	unpack->held = (size_t)count;
	unpack->filter = find_filter(unpack);
	return unpack->filter ? open_filter(unpack, unpack->filter) : 0;
}

void unpack_close(struct unpack *unpack)
{
	archive_read_free(unpack->archive);
	free(unpack->block);
}
