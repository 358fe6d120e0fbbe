/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "../test.h"
#include "capture/recording.h"

static const struct recorded_file *find(const struct recording *recording, const char *path)
{
	const struct recorded_file *file = NULL;

	assert_int_equal(recording_find(recording, path, &file), 0);
	return file;
}

static void record_text(struct recording *recording, const char *path, const char *text)
{
	record_bytes(recording, path, 0, text, (ssize_t)strlen(text), true);
}

/* A head, the size and a later range of one file are read separately. */
TEST(ranges_of_a_file_are_merged)
{
	auto_recording struct recording recording = { .from = EFIMAP_ORIGIN_LIVE };
	const struct recorded_file *file;
	char data[8];

	record_bytes(&recording, "b", 1000, "tail", 4, false);
	record_text(&recording, "a", "text");
	record_size(&recording, "b", 2000, 77);
	record_bytes(&recording, "b", 0, "head", 4, false);
	record_bytes(&recording, "b", 0, "HEAD", 4, false);
	recording_finish(&recording);
	assert_int_equal(recording.n_files, 2);
	file = find(&recording, "b");
	assert_int_equal(file->n_parts, 2);
	assert_int_equal(file->size, 2000);
	assert_int_equal(file->mtime, 77);
	assert_int_equal(recorded_read(file, 2, data, 4), 4);
	assert_memory_equal(data, "ad\0\0", 4);
	assert_int_equal(recorded_read(file, 998, data, 8), 8);
	assert_memory_equal(data, "\0\0tail\0\0", 8);
	assert_int_equal(recorded_read(file, 1999, data, 8), 1);
	assert_int_equal(recorded_read(file, 2000, data, 8), 0);
}

TEST(finds_files_below_a_directory)
{
	static const char *const paths[] = { "a", "a-b", "a/c", "a/d/e", "a0", "b/c" };
	auto_recording struct recording recording = { .from = EFIMAP_ORIGIN_TREE };
	const struct recorded_file *file;

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		record_text(&recording, paths[i], "");
	recording_finish(&recording);
	file = recording_next_below(&recording, "a", NULL);
	assert_string_equal(file->path, "a/c");
	file = recording_next_below(&recording, "a", file);
	assert_string_equal(file->path, "a/d/e");
	assert_null(recording_next_below(&recording, "a", file));
	assert_null(recording_next_below(&recording, "a/c", NULL));
}
