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

TEST(long_zeros_are_not_stored)
{
	auto_recording struct recording recording = { .from = EFIMAP_ORIGIN_LIVE };
	char data[100] = "", back[100];

	data[5] = data[20] = data[90] = 'x';
	record_bytes(&recording, "a", 0, data, 100, true);
	assert_int_equal(recording.files[0].n_parts, 2);
	assert_int_equal(recorded_read(&recording.files[0], 0, back, 100), 100);
	assert_memory_equal(data, back, 100);
}

/*
 * In a tree, a path that was not recorded does not exist. On the running system, a path is known
 * not to exist only if -ENOENT was recorded for it.
 */
TEST(missing_files)
{
	auto_recording struct recording live = { .from = EFIMAP_ORIGIN_LIVE };
	auto_recording struct recording tree = { .from = EFIMAP_ORIGIN_TREE };
	const struct recorded_file *file;

	record_bytes(&live, "a", 0, NULL, -ENOENT, false);
	record_bytes(&tree, "a", 0, NULL, -ENOENT, false);
	assert_int_equal(live.n_files, 1);
	assert_int_equal(tree.n_files, 0);
	assert_int_equal(recorded_read(&live.files[0], 0, NULL, 1), -ENOENT);
	assert_int_equal(recording_find(&live, "b", &file), -EFIMAP_NOT_RECORDED);
	assert_int_equal(recording_find(&tree, "b", &file), -ENOENT);
}

/* A file whose size or first part is known may be unreadable. */
TEST(errors_and_sizes)
{
	auto_recording struct recording recording = { .from = EFIMAP_ORIGIN_LIVE };
	const struct recorded_file *file;
	char data[4];

	record_size(&recording, "a", 4, 0);
	record_bytes(&recording, "a", 0, NULL, -EACCES, false);
	record_text(&recording, "b", "text");
	record_bytes(&recording, "b", 0, NULL, -EIO, false);
	recording_finish(&recording);
	file = find(&recording, "a");
	assert_true(file->has_size);
	assert_int_equal(recorded_read(file, 0, data, 4), -EACCES);
	assert_int_equal(recorded_read(find(&recording, "b"), 0, data, 4), -EIO);
}

TEST(lists_are_sorted_sets)
{
	static const char *const names[] = { "10", "1", "a", "1", "a", "b" };
	auto_recording struct recording recording = { .from = EFIMAP_ORIGIN_LIVE };
	const size_t list = record_list(&recording, "d");

	record_text(&recording, "d/x", "");
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		record_name(&recording, list, names[i], i == 4);
	recording_finish(&recording);
	assert_int_equal(recording.files[0].n_parts, 4);
	assert_string_equal(recording.files[0].parts[0].data, "1");
	assert_string_equal(recording.files[0].parts[1].data, "10");
	assert_string_equal(recording.files[0].parts[2].data, "a");
	assert_string_equal(recording.files[0].parts[3].data, "b");
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
