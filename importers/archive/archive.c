/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * import-archive: the capture in a tar archive, as it stands or compressed, in one pass and
 * without unpacking anything. libarchive finds the members, the read room says which it
 * wants. Must not know a file of a capture by name.
 *
 * What is compressed and no archive is one file by itself, such as a kernel log that was
 * rotated: the read room says what that is.
 *
 * The whole archive is read: only its end tells that no file of the capture comes later,
 * or once more. Its end marks are asked for, too, because an archive that was cut between
 * two members looks like a whole one otherwise.
 */
#include <errno.h>
#include <stdbool.h>

#include <archive.h>
#include <archive_entry.h>

#include "../confine.h"
#include "../importer.h"
#include "base/cleanup.h"
#include "read/read.h"
#include "read/tree/members.h"
#include "unpack.h"

/*
 * Real reports have some ten thousand members, a tree of all of sysfs some hundred thousand.
 * So many take a fraction of a second to pass over, two where each has a long name.
 */
#define MAX_MEMBERS 250000U
/*
 * Of the headers before a member. Names, times, labels take a KiB or two; what is beyond
 * HEADER_BYTES is taken from MAX_HEADER_BYTES for the whole archive, enough for the map of a
 * few sparse files. libarchive compares each line of an access control list with all lines
 * before it, so that a single MiB of header is two seconds of its time.
 */
#define HEADER_BYTES 8192
#define MAX_HEADER_BYTES (256 << 10)
/* An end mark is two blocks of zeros, of which some programs write only one. */
#define MARK_BYTES 512

/*
 * @unpack:    where the bytes come from
 * @archive:   libarchive's reader of tar
 * @entry:     the member that was met last
 * @members:   what is kept
 * @given:     bytes that libarchive has asked for
 * @end:       of the member before, in the unpacked archive
 * @spare:     of MAX_HEADER_BYTES, what is left
 * @in_header: libarchive looks for the next member
 * @has_ended: it asked for more than there is
 * @count:     members so far
 * @err:       where what stops us is said; libarchive's own words come after ours
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
	struct efimap_err *err;
};

static int check_header(const struct reader *reader, int64_t bytes)
{
	if (bytes <= HEADER_BYTES + reader->spare)
		return 0;
	return efimap_err_set(reader->err, E2BIG, reader->unpack.importer->label,
			      "headers of members are longer than %d KiB, by more than %d KiB "
			      "in all", HEADER_BYTES >> 10, MAX_HEADER_BYTES >> 10);
}

/* Whatever is asked for while a header is read is a part of it. */
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
	return efimap_err_at_offset(reader->err, EBADMSG, reader->unpack.importer->label,
				    reader->unpack.importer->taken, "%s", text);
}

static int take_content(struct reader *reader, const struct efimap_room *room)
{
	size_t used = 0;
	int ret = 0;

	while (used < room->size && !ret) {
		const la_ssize_t count = archive_read_data(
			reader->archive, (char *)room->data + used, room->size - used);

		if (count < 0)
			return fail_reading(reader);
		if (count == 0)
			return fail_at_input(reader, "a member is shorter than its header says");
		used += (size_t)count;
		/* A hole is read as zeros that nobody had to write. */
		ret = unpack_count(&reader->unpack, (size_t)count);
	}
	return ret;
}

static int take_archive_member(struct reader *reader, struct archive_entry *entry)
{
	const mode_t type = archive_entry_hardlink(entry) ? EFIMAP_MEMBER_HARDLINK :
							    archive_entry_filetype(entry);
	const char *path = archive_entry_pathname(entry);
	struct efimap_room room = { NULL, 0 };
	int ret = 0;

	if (++reader->count > MAX_MEMBERS)
		return efimap_err_set(reader->err, E2BIG, reader->unpack.importer->label,
				      "more than %u members, which no report has",
				      MAX_MEMBERS);
	/* No file of a capture has a name that is not text. */
	if (path)
		ret = efimap_members_add(reader->members, path, type,
					 (uint64_t)archive_entry_size(entry), &room,
					 reader->err);
	if (!ret)
		ret = take_content(reader, &room);
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
	reader->unpack.ratio = UNPACK_RATIO_TEXT;
	return efimap_read_stream(reader->unpack.importer->name, give_unpacked, reader, ret_map,
				  reader->err);
}

/* What libarchive returns, and in @ret_bytes how much of the archive it took for that. */
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
		/* To try again is to pass over a header that is damaged. */
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
		return fail_at_input(reader, "ends without the mark of an end: it was cut off");
	return efimap_members_read(reader->members, ret_map, reader->err);
}

/* What archive_read_open() does, but that one goes on when it could not keep our reader. */
static int open_archive(struct reader *reader)
{
	int ret = archive_read_set_read_callback(reader->archive, take_block);

	if (ret == ARCHIVE_OK)
		ret = archive_read_set_callback_data(reader->archive, reader);
	return ret == ARCHIVE_OK ? archive_read_open1(reader->archive) : ret;
}

static int read_with(struct reader *reader, struct efimap **ret_map)
{
	int ret = confine_self(reader->err);

	if (ret)
		return ret;
	ret = unpack_open(&reader->unpack);
	if (ret)
		return ret;
	if (archive_read_support_format_tar(reader->archive) != ARCHIVE_OK ||
	    archive_read_support_format_raw(reader->archive) != ARCHIVE_OK)
		return fail_reading(reader);
	if (open_archive(reader) != ARCHIVE_OK)
		return fail_reading(reader);
	return take_archive(reader, ret_map);
}

static int read_archive(struct importer *importer, struct efimap **ret_map,
			struct efimap_err *err)
{
	efimap_auto_members struct efimap_members *members = NULL;
	struct reader reader = { .unpack = { .importer = importer, .err = err,
					     .ratio = UNPACK_RATIO },
				 .spare = MAX_HEADER_BYTES, .err = err };
	int ret = efimap_members_new(importer->name, &members);

	if (ret)
		return ret;
	reader.members = members;
	reader.archive = archive_read_new();
	/* The entry that libarchive would hand out may be missing, which it does not notice. */
	reader.entry = reader.archive ? archive_entry_new2(reader.archive) : NULL;
	ret = reader.entry ? read_with(&reader, ret_map) : -ENOMEM;
	archive_entry_free(reader.entry);
	archive_read_free(reader.archive);
	unpack_close(&reader.unpack);
	return ret;
}

int main(int argc, char **argv)
{
	return importer_main(argc, argv, "import-archive",
			     "Print the capture in a tar archive (also gzip, xz, zstd, bzip2), or "
			     "a kernel log\nor snapshot compressed so, as a snapshot document.\n",
			     read_archive);
}
