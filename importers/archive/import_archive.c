/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * import-archive: read the capture in a tar archive, compressed or not, in one pass and without
 * unpacking it to disk. libarchive finds the members, and src/input selects the ones to read. Input
 * that is not an archive is read as a single file, such as a rotated kernel log.
 *
 * The complete archive is read, because its last member may be a file of the capture, and a file
 * may occur twice. The end-of-archive marker is required, because an archive that was cut off
 * between two members would otherwise look complete.
 *
 * Any input may unpack to FREE_BYTES, which is enough for a log that repeats one line. A
 * decompression bomb of this size takes a second with bzip2, the slowest format. Beyond FREE_BYTES,
 * the input may unpack to a fixed multiple of its compressed size, but not to more than MAX_BYTES.
 *
 * MAX_BYTES allows a compressed report of 1 GiB, which unpacks to 10 GiB. MAX_CPU_SECONDS
 * (sandbox.c) is derived from MAX_BYTES.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>

#include "../importer_main.h"
#include "../sandbox.h"
#include "base/cleanup.h"
#include "input/read_source.h"
#include "input/tree/archive_members.h"

#define BLOCK_BYTES ((size_t)64 << 10)
#define FREE_BYTES ((uint64_t)64 << 20)
#define MAX_BYTES ((uint64_t)16 << 30)

/*
 * Compression formats. libarchive does not detect the format, because it would also unpack nested
 * layers of compression, and only the output of the last layer would count towards the limits.
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

#define MAGIC_BYTES 6

/*
 * Number of bytes to keep from the end of the input, enough for a gzip header with a long file name
 */
#define UNPACK_TAIL 512U
/*
 * Highest ratios of unpacked to compressed size: UNPACK_RATIO for an archive, UNPACK_RATIO_TEXT for
 * a single log or snapshot. The most compressible real archives contain sysfs, whose files of a few
 * bytes take up a page each. The ratio of such an archive is 291 with xz and 414 with bzip2. The
 * ratio of a log that repeats one message with different times is 26 with xz.
 */
#define UNPACK_RATIO 500
#define UNPACK_RATIO_TEXT 100

/*
 * struct unpack - an input that is being unpacked
 * @err:       receives the error; this program's message takes precedence over libarchive's
 * @archive:   libarchive's decompressor, NULL if the input is not compressed
 * @n_read:    bytes of @block that were read for detection and not yet passed to libarchive
 * @tail:      the last bytes of the input so far
 * @bytes:     number of unpacked bytes so far, plus those that take_content() has read
 * @has_ended: the end of the input was reached
 */
struct unpack {
	struct importer *importer;
	struct efimap_err *err;
	struct archive *archive;
	const struct filter *filter;
	char *block;
	size_t n_read;
	uint8_t tail[UNPACK_TAIL];
	size_t n_tail;
	uint64_t bytes;
	uint32_t ratio;
	bool has_ended;
};

/* Report a failure of @archive, unless an error is already set. */
static int unpack_fail(const struct unpack *unpack, struct archive *archive, bool has_ended)
{
	const char *text = archive_error_string(archive);
	const int code = archive_errno(archive);

	if (unpack->err->code)
		return -unpack->err->code;
	if (code == ENOMEM)
		return efimap_err_set(unpack->err, code, unpack->importer->label, "%s",
				      text ? text : strerror(code));
	/* Replace libarchive's message for a truncated input, which varies between versions. */
	if (has_ended)
		text = unpack->bytes ? "the file is truncated"
				     : "the file is empty or truncated: nothing could be "
				       "unpacked";
	return efimap_err_at_offset(unpack->err, EBADMSG, unpack->importer->label,
				    unpack->importer->taken, "%s",
				    text ? text : "cannot be unpacked");
}

static int unpack_count(struct unpack *unpack, size_t bytes)
{
	unpack->bytes += bytes;
	if (unpack->bytes > MAX_BYTES)
		return efimap_err_set(
			unpack->err, E2BIG, unpack->importer->label,
			"unpacks to more than the limit of %d GiB",
			(int)(MAX_BYTES >> 30));
	if (unpack->bytes > FREE_BYTES &&
	    unpack->bytes / unpack->ratio > unpack->importer->taken)
		return efimap_err_set(unpack->err, E2BIG, unpack->importer->label,
				      "unpacks to more than both limits: %d MiB and %u "
				      "times its size",
				      (int)(FREE_BYTES >> 20), unpack->ratio);
	return 0;
}

/* Update the saved last UNPACK_TAIL bytes of the input with the current block of @count bytes. */
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

static ssize_t take_packed(struct unpack *unpack)
{
	ssize_t count = (ssize_t)unpack->n_read;

	unpack->n_read = 0;
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
 * Return an error if the input ends with an incomplete stream header. For such a header, libarchive
 * reports the end of the input, as it does for padding.
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
				    "a truncated %s header",
				    unpack->filter->name);
}

static ssize_t unpack_take(struct unpack *unpack, const void **ret_block)
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

/* Like archive_read_open(), but fail if the callback cannot be set. */
static bool open_archive(struct archive *archive, archive_read_callback *give, void *data)
{
	return archive_read_set_read_callback(archive, give) == ARCHIVE_OK &&
	       archive_read_set_callback_data(archive, data) == ARCHIVE_OK &&
	       archive_read_open1(archive) == ARCHIVE_OK;
}

/* Open a decompressor. With the raw format, its complete output is one member. */
static int open_filter(struct unpack *unpack, const struct filter *filter)
{
	struct archive *archive = archive_read_new();
	struct archive_entry *entry = archive ? archive_entry_new2(archive) : NULL;
	int ret = 0;

	unpack->archive = archive;
	if (!entry)
		return -ENOMEM;
	/*
	 * Reject a compression format that is not compiled in. libarchive would run an external
	 * program, which the sandbox denies.
	 */
	if (archive_read_support_filter_by_code(archive, filter->code) != ARCHIVE_OK)
		ret = efimap_err_set(unpack->err, ENOTSUP, unpack->importer->label,
				     "libarchive (%s) was built without support for %s",
				     archive_version_string(), filter->name);
	else if (archive_read_set_format(archive, ARCHIVE_FORMAT_RAW) != ARCHIVE_OK ||
		 archive_read_append_filter(archive, filter->code) != ARCHIVE_OK ||
		 !open_archive(archive, give_packed, unpack) ||
		 archive_read_next_header2(archive, entry) != ARCHIVE_OK)
		ret = unpack_fail(unpack, archive, unpack->has_ended);
	archive_entry_free(entry);
	return ret;
}

/* Only one layer of compression is unpacked. */
static int unpack_open(struct unpack *unpack)
{
	ssize_t count;

	unpack->block = malloc(BLOCK_BYTES);
	if (!unpack->block)
		return -ENOMEM;
	count = importer_fill(unpack->importer, unpack->block, MAGIC_BYTES, unpack->err);
	if (count < 0)
		return (int)count;
	unpack->n_read = (size_t)count;
	for (size_t i = 0; i < sizeof(filters) / sizeof(filters[0]) && !unpack->filter; i++)
		if (unpack->n_read >= filters[i].len &&
		    memcmp(unpack->block, filters[i].magic, filters[i].len) == 0)
			unpack->filter = &filters[i];
	return unpack->filter ? open_filter(unpack, unpack->filter) : 0;
}

/*
 * Real reports have about ten thousand members, and a copy of all of sysfs has about a hundred
 * thousand. Skipping 250,000 members takes at most two seconds.
 */
#define MAX_MEMBERS 250000U
/*
 * Limits in bytes. The headers of a member take 1 or 2 KiB if they contain names, times and labels.
 * If the headers of a member are longer than HEADER_BYTES, the excess counts towards
 * MAX_HEADER_BYTES, the limit for all members together. libarchive compares each line of an access
 * control list with all previous lines, so 1 MiB of such lines takes two seconds.
 */
#define HEADER_BYTES 8192
#define MAX_HEADER_BYTES (256 << 10)
/* The end-of-archive marker is two blocks of zeros, but some programs write only one. */
#define MARK_BYTES 512

/*
 * struct reader - an archive that is being read
 * @given:     number of unpacked bytes that libarchive has read
 * @end:       offset of the end of the previous member in the unpacked archive
 * @spare:     the unused rest of MAX_HEADER_BYTES
 * @in_header: libarchive is looking for the next member
 * @has_ended: libarchive reached the end of the unpacked archive
 */
struct reader {
	struct unpack unpack;
	struct archive *archive;
	struct archive_entry *entry;
	struct efimap_members *members;
	int64_t given;
	int64_t end;
	int64_t spare;
	bool in_header;
	bool has_ended;
	uint32_t count;
};

static int check_header(const struct reader *reader, int64_t bytes)
{
	if (bytes <= HEADER_BYTES + reader->spare)
		return 0;
	return efimap_err_set(reader->unpack.err, E2BIG, reader->unpack.importer->label,
			      "the parts of member headers beyond the first %d KiB exceed "
			      "%d KiB in total, the limit for an archive",
			      HEADER_BYTES >> 10, MAX_HEADER_BYTES >> 10);
}

/* Bytes that libarchive reads while @in_header is set count towards the limits for headers. */
static la_ssize_t take_block(struct archive *archive, void *data, const void **ret_block)
{
	struct reader *reader = data;
	ssize_t count = -1;

	if (!reader->in_header || !check_header(reader, reader->given - reader->end))
		count = unpack_take(&reader->unpack, ret_block);
	if (count < 0)
		return ARCHIVE_FATAL;
	reader->given += count;
	reader->has_ended |= count == 0;
	return count;
}

static int fail_reading(const struct reader *reader)
{
	return unpack_fail(&reader->unpack, reader->archive, reader->has_ended);
}

static int fail_at_input(const struct reader *reader, const char *text)
{
	return efimap_err_at_offset(reader->unpack.err, EBADMSG, reader->unpack.importer->label,
				    reader->unpack.importer->taken, "%s", text);
}

static int take_content(struct reader *reader, const struct efimap_member_buffer *buffer)
{
	size_t used = 0;
	int ret = 0;

	while (used < buffer->size && !ret) {
		const la_ssize_t count = archive_read_data(
			reader->archive, (char *)buffer->data + used, buffer->size - used);

		if (count < 0)
			return fail_reading(reader);
		if (count == 0)
			return fail_at_input(
				reader, "a member is shorter than its header specifies");
		used += (size_t)count;
		/*
		 * Count the content in addition to the unpacked archive, because holes of sparse
		 * files take no space in the archive.
		 */
		ret = unpack_count(&reader->unpack, (size_t)count);
	}
	return ret;
}

static int take_archive_member(struct reader *reader, struct archive_entry *entry)
{
	const mode_t type = archive_entry_hardlink(entry) ? EFIMAP_MEMBER_HARDLINK :
							    archive_entry_filetype(entry);
	const char *path = archive_entry_pathname(entry);
	struct efimap_member_buffer buffer = { NULL, 0 };
	int ret = 0;

	if (++reader->count > MAX_MEMBERS)
		return efimap_err_set(reader->unpack.err, E2BIG, reader->unpack.importer->label,
				      "more than %u members, the limit for an archive",
				      MAX_MEMBERS);
	/*
	 * libarchive returns NULL for a name that is not valid UTF-8. No file of a capture has such
	 * a name.
	 */
	if (path)
		ret = efimap_members_add(reader->members, path, type,
					 (uint64_t)archive_entry_size(entry), &buffer,
					 reader->unpack.err);
	if (ret)
		return ret;
	ret = take_content(reader, &buffer);
	if (ret)
		return ret;
	if (archive_read_data_skip(reader->archive) < ARCHIVE_WARN)
		return fail_reading(reader);
	return 0;
}

static ssize_t give_unpacked(void *context, void *data, size_t size)
{
	const struct reader *reader = context;
	const la_ssize_t count = archive_read_data(reader->archive, data, size);

	return count < 0 ? fail_reading(reader) : count;
}

static int take_single_file(struct reader *reader, struct efimap **ret_map)
{
	const struct importer *importer = reader->unpack.importer;
	const char *name = importer->name;
	efimap_auto_map struct efimap *map = NULL;
	int ret;

	reader->unpack.ratio = UNPACK_RATIO_TEXT;
	ret = efimap_read_stream(name, importer->boot, give_unpacked, reader, &map,
				 reader->unpack.err);
	if (ret)
		return ret;
	*ret_map = efimap_steal(map);
	return 0;
}

/*
 * Read the next header, and return libarchive's result. @ret_bytes is the number of bytes that were
 * read.
 */
static int next_header(struct reader *reader, int64_t *ret_bytes)
{
	int ret;

	reader->end = archive_filter_bytes(reader->archive, 0);
	reader->in_header = true;
	ret = archive_read_next_header2(reader->archive, reader->entry);
	reader->in_header = false;
	*ret_bytes = archive_filter_bytes(reader->archive, 0) - reader->end;
	return ret;
}

static int take_archive(struct reader *reader, struct efimap **ret_map)
{
	int64_t bytes;
	int ret;

	while ((ret = next_header(reader, &bytes)) != ARCHIVE_EOF) {
		if (archive_format(reader->archive) == ARCHIVE_FORMAT_RAW)
			return take_single_file(reader, ret_map);
		/* The next read after ARCHIVE_RETRY would silently skip a damaged header. */
		if (ret < ARCHIVE_WARN || ret == ARCHIVE_RETRY)
			return fail_reading(reader);
		if (check_header(reader, bytes))
			return -E2BIG;
		if (bytes > HEADER_BYTES)
			reader->spare -= bytes - HEADER_BYTES;
		ret = take_archive_member(reader, reader->entry);
		if (ret)
			return ret;
	}
	if (bytes < MARK_BYTES)
		return fail_at_input(
			reader,
			"the end-of-archive marker is missing: the file is truncated");
	return efimap_members_read(reader->members, reader->unpack.importer->boot, ret_map,
				   reader->unpack.err);
}

static int read_with(struct reader *reader, struct efimap **ret_map)
{
	int ret = confine_self(reader->unpack.err);

	if (ret)
		return ret;
	ret = unpack_open(&reader->unpack);
	if (ret)
		return ret;
	if (archive_read_support_format_tar(reader->archive) != ARCHIVE_OK ||
	    archive_read_support_format_raw(reader->archive) != ARCHIVE_OK ||
	    !open_archive(reader->archive, take_block, reader))
		return fail_reading(reader);
	return take_archive(reader, ret_map);
}

static int read_archive(struct importer *importer, struct efimap **ret_map,
			struct efimap_err *err)
{
	efimap_auto_members struct efimap_members *members = NULL;
	struct reader reader = { .unpack = { .importer = importer, .err = err,
					     .ratio = UNPACK_RATIO },
				 .spare = MAX_HEADER_BYTES };
	int ret = efimap_members_new(importer->name, &members);

	if (ret)
		return ret;
	reader.members = members;
	reader.archive = archive_read_new();
	/* Allocate the entry here. archive_read_next_header() does not check its own allocation. */
	reader.entry = reader.archive ? archive_entry_new2(reader.archive) : NULL;
	ret = reader.entry ? read_with(&reader, ret_map) : -ENOMEM;
	archive_entry_free(reader.entry);
	archive_read_free(reader.archive);
	archive_read_free(reader.unpack.archive);
	free(reader.unpack.block);
	return ret;
}

int main(int argc, char **argv)
{
	return importer_main(argc, argv, "import-archive",
			     "Print a capture (a tar archive, a kernel log or a "
			     "snapshot) as a snapshot document.\nThe input may be "
			     "compressed with gzip, xz, zstd or bzip2.\n",
			     read_archive);
}
