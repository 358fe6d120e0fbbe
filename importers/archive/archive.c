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
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <archive.h>
#include <archive_entry.h>

#include <efimap/cleanup.h>
#include <efimap/members.h>
#include <efimap/stream.h>

#include "../confine.h"
#include "../importer.h"

#define BLOCK_BYTES ((size_t)256 << 10)
/* Of what the archive unpacks to: real reports take some GiB at most. */
#define MAX_BYTES ((int64_t)64 << 30)
/* Beyond the first GiB, no real report is so much smaller than what it holds. */
#define FREE_BYTES ((int64_t)1 << 30)
#define MAX_RATIO 250
#define MAX_HEADERS 50000000U
/* An end mark is two blocks of zeros, of which some programs write only one. */
#define MARK_BYTES 512

/*
 * @importer: where the bytes come from
 * @archive:  libarchive's
 * @entry:    the member that was met last
 * @members:  what is kept
 * @block:    BLOCK_BYTES
 * @end:      of the member before, in the unpacked archive
 * @count:    members so far
 * @err:      where what stops us is said; libarchive's own words come after ours
 */
struct reader {
	struct importer *importer;
	struct archive *archive;
	struct archive_entry *entry;
	struct efimap_members *members;
	char *block;
	int64_t end;
	uint32_t count;
	struct efimap_err *err;
};

static int check_size(struct reader *reader)
{
	const int64_t bytes = archive_filter_bytes(reader->archive, 0);

	if (bytes > MAX_BYTES)
		return efimap_err_set(reader->err, E2BIG, reader->importer->label,
				      "unpacks to more than %d GiB, which is more than is "
				      "read", (int)(MAX_BYTES >> 30));
	if (bytes > FREE_BYTES && (uint64_t)bytes / MAX_RATIO > reader->importer->taken)
		return efimap_err_set(reader->err, E2BIG, reader->importer->label,
				      "unpacks to more than %d times its size, as no report "
				      "does", MAX_RATIO);
	return 0;
}

static la_ssize_t take_block(struct archive *archive, void *data, const void **ret_block)
{
	struct reader *reader = data;
	ssize_t count;

	/* Also asked while a member is skipped, however long that is. */
	if (check_size(reader))
		return -1;
	count = importer_take(reader->importer, reader->block, BLOCK_BYTES);
	if (count < 0)
		efimap_err_set(reader->err, (int)-count, reader->importer->label, "%s",
			       strerror((int)-count));
	*ret_block = reader->block;
	return count;
}

/* A library that lacks a decompressor would start a program instead, which is refused. */
static int add_filters(struct archive *archive)
{
	static const int filters[] = { ARCHIVE_FILTER_GZIP, ARCHIVE_FILTER_XZ,
				       ARCHIVE_FILTER_ZSTD, ARCHIVE_FILTER_BZIP2 };

	for (size_t i = 0; i < sizeof(filters) / sizeof(filters[0]); i++)
		if (archive_read_support_filter_by_code(archive, filters[i]) != ARCHIVE_OK)
			return -ENOTSUP;
	return archive_read_support_format_tar(archive) == ARCHIVE_OK &&
	       archive_read_support_format_raw(archive) == ARCHIVE_OK ? 0 : -ENOTSUP;
}

static enum efimap_member_type type_of(struct archive_entry *entry)
{
	if (archive_entry_hardlink(entry))
		return EFIMAP_MEMBER_HARDLINK;
	switch (archive_entry_filetype(entry)) {
	case AE_IFREG:
		return EFIMAP_MEMBER_FILE;
	case AE_IFDIR:
		return EFIMAP_MEMBER_DIR;
	case AE_IFLNK:
		return EFIMAP_MEMBER_SYMLINK;
	default:
		return EFIMAP_MEMBER_SPECIAL;
	}
}

/* What libarchive says, where it says it of itself and not of the file. */
static const char *reword(const char *text)
{
	static const struct {
		const char *theirs;
		const char *ours;
	} words[] = {
		{ "Unrecognized archive format", "it unpacks to nothing" },
		{ "Lzma library error:  No progress is possible", "truncated xz input" },
	};

	for (size_t i = 0; text && i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(text, words[i].theirs) == 0)
			return words[i].ours;
	return text ? text : "it cannot be unpacked";
}

static int fail(const struct reader *reader)
{
	const char *text = reword(archive_error_string(reader->archive));
	const int code = archive_errno(reader->archive);

	if (reader->err->code)
		return -reader->err->code;
	if (code == ENOMEM)
		return efimap_err_set(reader->err, code, reader->importer->label, "%s", text);
	return efimap_err_at_offset(reader->err, EBADMSG, reader->importer->label,
				    reader->importer->taken, "%s", text);
}

static int take_content(struct reader *reader, const struct efimap_room *room)
{
	size_t used = 0;

	while (used < room->size) {
		const la_ssize_t count = archive_read_data(
			reader->archive, (char *)room->data + used, room->size - used);

		if (count < 0)
			return fail(reader);
		if (count == 0)
			return efimap_err_at_offset(reader->err, EBADMSG, reader->importer->label,
						    reader->importer->taken,
						    "a member is shorter than its header "
						    "says");
		used += (size_t)count;
	}
	return 0;
}

static int take_member(struct reader *reader, struct archive_entry *entry)
{
	const char *path = archive_entry_pathname(entry);
	struct efimap_room room = { NULL, 0 };
	int ret = 0;

	if (++reader->count > MAX_HEADERS)
		return efimap_err_set(reader->err, E2BIG, reader->importer->label,
				      "more than %u members", MAX_HEADERS);
	/* No file of a capture has a name that is not text. */
	if (path)
		ret = efimap_members_add(reader->members, path, type_of(entry),
					 (uint64_t)archive_entry_size(entry), &room, reader->err);
	if (!ret)
		ret = take_content(reader, &room);
	if (ret)
		return ret;
	if (archive_read_data_skip(reader->archive) < ARCHIVE_WARN)
		return fail(reader);
	reader->end = archive_filter_bytes(reader->archive, 0);
	return 0;
}

static ssize_t give(void *context, void *data, size_t size)
{
	const struct reader *reader = context;
	const la_ssize_t count = archive_read_data(reader->archive, data, size);

	return count < 0 ? fail(reader) : count;
}

static int take_members(struct reader *reader, struct efimap **ret_map)
{
	int ret;

	while ((ret = archive_read_next_header2(reader->archive, reader->entry)) !=
	       ARCHIVE_EOF) {
		if (archive_format(reader->archive) == ARCHIVE_FORMAT_RAW)
			return efimap_read_stream(reader->importer->name, give, reader, ret_map,
						  reader->err);
		if (ret < ARCHIVE_WARN && ret != ARCHIVE_RETRY)
			return fail(reader);
		if (ret == ARCHIVE_RETRY)
			continue;
		ret = take_member(reader, reader->entry);
		if (ret)
			return ret;
	}
	if (archive_filter_bytes(reader->archive, 0) - reader->end < MARK_BYTES)
		return efimap_err_at_offset(reader->err, EBADMSG, reader->importer->label,
					    reader->importer->taken,
					    "ends without the mark of an end: it was cut off");
	return efimap_members_read(reader->members, ret_map, reader->err);
}

/* What archive_read_open() does, but that one goes on when it could not keep our reader. */
static int open_stream(struct reader *reader)
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
	reader->block = malloc(BLOCK_BYTES);
	if (!reader->block)
		return -ENOMEM;
	if (add_filters(reader->archive))
		return efimap_err_set(reader->err, ENOTSUP, reader->importer->label,
				      "this libarchive (%s) cannot read all of tar, gzip, xz, "
				      "zstd and bzip2", archive_version_string());
	if (open_stream(reader) != ARCHIVE_OK)
		return fail(reader);
	return take_members(reader, ret_map);
}

static int read_archive(struct importer *importer, struct efimap **ret_map,
			struct efimap_err *err)
{
	efimap_auto_members struct efimap_members *members = NULL;
	struct reader reader = { .importer = importer, .err = err };
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
	free(reader.block);
	return ret;
}

int main(int argc, char **argv)
{
	return importer_main(argc, argv, "import-archive",
			     "Print the capture in a tar archive (also gzip, xz, zstd, bzip2), or "
			     "a kernel log\nor snapshot compressed so, as a snapshot document.\n",
			     read_archive);
}
