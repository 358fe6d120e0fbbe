/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Store the results of reading files and directories in a recording, and look them up. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/sort.h"
#include "base/text_scan.h"
#include "capture/recording.h"

/* Maximum length of a sequence of zeros that is stored. A longer sequence separates two parts. */
#define MAX_ZEROS 32U

void recording_set_source(struct recording *recording, const char *source)
{
	recording->source = arena_strndup(&recording->texts, source, strlen(source));
}

static struct recorded_file *add_file(struct recording *recording, const char *path)
{
	char *clean = arena_alloc(&recording->texts, strlen(path) + 1);
	struct recorded_file file = {
		.path = clean,
		.number = (uint32_t)recording->n_files,
	};

	clean_path(path, clean);
	array_append(&recording->files, &recording->n_files, &recording->capacity, &file,
		     sizeof(file));
	return &recording->files[recording->n_files - 1];
}

static void add_part(struct recording *recording, struct recorded_file *file, uint64_t at,
		     const char *data, size_t len)
{
	const struct recorded_part part = {
		.at = at,
		.len = len,
		.data = arena_strndup(&recording->texts, data, len),
	};

	array_append(&file->parts, &file->n_parts, &file->capacity, &part, sizeof(part));
}

static size_t count_zeros(const char *data, size_t len)
{
	size_t count = 0;

	while (count < len && !data[count])
		count++;
	return count;
}

/* Return the number of bytes before the first sequence of more than MAX_ZEROS zeros. */
static size_t length_of_part(const char *data, size_t len)
{
	size_t at = 0;

	while (at < len) {
		const size_t zeros = count_zeros(data + at, len - at);

		if (zeros > MAX_ZEROS)
			break;
		at += zeros ? zeros : 1;
	}
	return at;
}

void record_bytes(struct recording *recording, const char *path, uint64_t offset, const void *data,
		  ssize_t len, bool is_end)
{
	struct recorded_file *file;
	const char *at = data;
	size_t left = len < 0 ? 0 : (size_t)len;

	if ((len == -ENOENT && recording->from != EFIMAP_ORIGIN_LIVE) ||
	    len == -EFIMAP_NOT_RECORDED)
		return;
	file = add_file(recording, path);
	file->error = len < 0 ? (int)len : 0;
	file->has_size = len >= 0 && is_end;
	file->size = file->has_size ? offset + left : 0;
	/* Skip long sequences of zeros. */
	while (left) {
		const size_t zeros = count_zeros(at, left);
		const size_t part = zeros > MAX_ZEROS ? 0 : length_of_part(at, left);
		const size_t taken = part ? part : zeros;

		if (part)
			add_part(recording, file, offset, at, part);
		at += taken;
		offset += taken;
		left -= taken;
	}
}

bool path_is_log(const char *path)
{
	return strcmp(path, EFIMAP_RECORDED_LOG) == 0 || strcmp(path, "dmesg.txt") == 0 ||
	       strcmp(path, "var/log/dmesg") == 0 ||
	       strcmp(path, "sos_commands/logs/journalctl_--no-pager_--boot") == 0 ||
	       strncmp(path, "sos_commands/kernel/dmesg", 25) == 0;
}

void record_size(struct recording *recording, const char *path, uint64_t size, int64_t mtime)
{
	struct recorded_file *file = add_file(recording, path);

	file->has_size = true;
	file->size = size;
	if (mtime)
		file->mtime = mtime;
}

void record_unpacked_size(struct recording *recording, const char *path,
			  const struct unpacked_size *unpacked)
{
	add_file(recording, path)->unpacked = *unpacked;
}

size_t record_list(struct recording *recording, const char *path)
{
	add_file(recording, path)->is_list = true;
	return recording->n_files - 1;
}

void record_list_error(struct recording *recording, size_t list, int error)
{
	struct recorded_file *file = &recording->files[list];

	file->is_list = false;
	file->n_parts = 0;
	file->error = error;
}

void record_name(struct recording *recording, size_t list, const char *name, bool is_directory)
{
	char *text = arena_printf(&recording->texts, "%s%s", name, is_directory ? "/" : "");

	add_part(recording, &recording->files[list], 0, text, strlen(text));
}

static int compare_files(const void *a, const void *b)
{
	const struct recorded_file *one = a, *other = b;
	const int order = strcmp(one->path, other->path);

	return order ? order : one->number < other->number ? -1 : one->number > other->number;
}

static int compare_parts(const void *a, const void *b)
{
	const struct recorded_part *one = a, *other = b;

	if (one->at != other->at)
		return one->at < other->at ? -1 : 1;
	return one->len > other->len ? -1 : one->len < other->len;
}

/* Sort the parts of a file, and shorten or remove a part that overlaps an earlier part. */
static void tidy_parts(struct recorded_file *file)
{
	uint64_t end = 0;
	size_t count = 0;

	sort_items(file->parts, file->n_parts, sizeof(*file->parts), compare_parts);
	for (size_t i = 0; i < file->n_parts; i++) {
		struct recorded_part part = file->parts[i];
		const size_t known = part.at < end ? (size_t)(end - part.at) : 0;

		if (known >= part.len)
			continue;
		part.at += known;
		part.data += known;
		part.len -= known;
		end = part.at + part.len;
		file->parts[count++] = part;
	}
	file->n_parts = count;
}

/*
 * Merge a later record of the same path into @file. Data that was read earlier takes precedence. An
 * error in either record of a file is kept, so that a reader that failed also fails during replay.
 * The names in both records of a directory are kept, because readers may list different names.
 */
static void merge(struct recorded_file *file, struct recorded_file *later)
{
	if (!file->error && !file->is_list)
		file->error = later->error;
	if (!file->mtime)
		file->mtime = later->mtime;
	if (!file->unpacked.is_known)
		file->unpacked = later->unpacked;
	if (file->is_list == later->is_list) {
		if (!file->has_size && later->has_size) {
			file->has_size = true;
			file->size = later->size;
		}
		for (size_t i = 0; i < later->n_parts; i++)
			array_append(&file->parts, &file->n_parts, &file->capacity,
				     &later->parts[i], sizeof(later->parts[i]));
	}
	free(later->parts);
}

static int compare_names(const void *a, const void *b)
{
	const struct recorded_part *one = a, *other = b;

	return strcmp(one->data, other->data);
}

/* Sort the names in a directory, and remove duplicates, which only a forged recording contains. */
static void tidy_list(struct recorded_file *file)
{
	size_t count = 0;

	sort_items(file->parts, file->n_parts, sizeof(*file->parts), compare_names);
	for (size_t i = 0; i < file->n_parts; i++) {
		const char *name = file->parts[i].data;
		const size_t len = strcspn(name, "/");

		if (count && strncmp(file->parts[count - 1].data, name, len) == 0 &&
		    strcspn(file->parts[count - 1].data, "/") == len)
			continue;
		file->parts[count++] = file->parts[i];
	}
	file->n_parts = count;
}

void recording_finish(struct recording *recording)
{
	struct recorded_file *files = recording->files;
	size_t count = 0;

	sort_items(files, recording->n_files, sizeof(*files), compare_files);
	for (size_t i = 0; i < recording->n_files; i++) {
		if (count && strcmp(files[count - 1].path, files[i].path) == 0)
			merge(&files[count - 1], &files[i]);
		else
			files[count++] = files[i];
	}
	recording->n_files = count;
	for (size_t i = 0; i < count; i++)
		(files[i].is_list ? tidy_list : tidy_parts)(&files[i]);
}

/* Return the number of files whose path sorts before @path, comparing only @len bytes. */
static size_t count_before(const struct recording *recording, const char *path, size_t len)
{
	size_t low = 0, high = recording->n_files;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (strncmp(recording->files[middle].path, path, len) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

int recording_find(const struct recording *recording, const char *path,
		   const struct recorded_file **ret_file)
{
	const int absent = recording->from == EFIMAP_ORIGIN_LIVE ? -EFIMAP_NOT_RECORDED : -ENOENT;
	char clean[PATH_MAX];
	size_t at;

	if (strlen(path) >= sizeof(clean))
		return absent;
	clean_path(path, clean);
	at = count_before(recording, clean, strlen(clean) + 1);
	if (at == recording->n_files || strcmp(recording->files[at].path, clean) != 0)
		return absent;
	*ret_file = &recording->files[at];
	return 0;
}

const struct recorded_file *recording_next_below(const struct recording *recording,
						 const char *path,
						 const struct recorded_file *previous)
{
	const struct recorded_file *file = previous ? previous + 1 : recording->files;
	const size_t len = strlen(path);

	if (!recording->n_files)
		return NULL;
	if (!previous)
		file += count_before(recording, path, len);
	for (; file < recording->files + recording->n_files && strncmp(file->path, path, len) == 0;
	     file++)
		if (file->path[len] == '/')
			return file;
	return NULL;
}

ssize_t recorded_read(const struct recorded_file *file, uint64_t offset, void *data, size_t size)
{
	uint64_t end = file->has_size ? file->size : 0;

	if (file->error)
		return file->error;
	if (file->is_list)
		return -EISDIR;
	if (!file->has_size && file->n_parts) {
		const struct recorded_part *last = &file->parts[file->n_parts - 1];

		end = last->at + last->len;
	}
	if (offset >= end)
		return 0;
	if (size > end - offset)
		size = (size_t)(end - offset);
	/* Bytes that no part contains are zeros. */
	memset(data, 0, size);
	for (size_t i = 0; i < file->n_parts; i++) {
		const struct recorded_part *part = &file->parts[i];
		const uint64_t from = part->at > offset ? part->at : offset;
		const uint64_t part_end = part->at + part->len;
		const uint64_t to = part_end < offset + size ? part_end : offset + size;

		if (from < to)
			memcpy((char *)data + (from - offset), part->data + (from - part->at),
			       (size_t)(to - from));
	}
	return (ssize_t)size;
}

void recording_free(struct recording *recording)
{
	for (size_t i = 0; i < recording->n_files; i++)
		free(recording->files[i].parts);
	free(recording->files);
	arena_free(&recording->texts);
	*recording = (struct recording){ 0 };
}
