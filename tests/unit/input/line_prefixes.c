/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <unistd.h>

#include "../test.h"
#include "input/log/boots.h"
#include "input/log/line_prefixes.h"

struct seen {
	size_t count;
	char text[128];
	int answer;
};

static int see(void *context, const struct efimap_log_line *line)
{
	struct seen *seen = context;

	seen->count++;
	snprintf(seen->text, sizeof(seen->text), "%.*s", (int)line->message.len,
		 line->message.at);
	return seen->answer;
}

TEST(stops)
{
	struct seen seen = { .answer = -ENOMEM };

	assert_int_equal(efimap_log_lines("efi:\nefi:\n", 10, see, &seen), -ENOMEM);
	assert_int_equal(seen.count, 1);
}

/* Lines cross the boundaries of the read buffer. The first line is longer than the buffer. */
TEST(from_a_file)
{
	char path[] = "/tmp/efimapctl-log-XXXXXX";
	efimap_auto_input struct efimap_input input = EFIMAP_INPUT_INIT;
	struct seen seen = { 0 };
	int fd = mkstemp(path);
	FILE *file = fdopen(fd, "w");

	assert_non_null(file);
	for (int i = 0; i < 700000; i++)
		putc('x', file);
	for (int i = 0; i < 50000; i++)
		fprintf(file, "\n[%5d.000000] efi: %d", i, i);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(efimap_input_open(path, &input, NULL), 0);
	assert_int_equal(efimap_log_lines_input(&input, see, &seen, NULL), 0);
	assert_string_equal(seen.text, "efi: 49999");
	unlink(path);
}

static int add(struct efimap_log_list *list, uint32_t index, uint64_t phys)
{
	const struct efimap_entry entry = { .index = index, .phys = phys, .pages = 1 };

	return efimap_log_list_add(list, &entry);
}

TEST(orders)
{
	static const uint32_t numbers[] = { 1, 2, 5, 3, 3, 4, 0, 7 };
	static const uint32_t sorted[] = { 0, 1, 2, 3, 4, 5, 7 };
	struct efimap_log_list list = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		assert_int_equal(add(&list, numbers[i], numbers[i]), 0);
	assert_int_equal(list.count, ARRAY_SIZE(sorted));
	for (size_t i = 0; i < list.count; i++)
		assert_int_equal(list.entries[i].index, sorted[i]);
	efimap_log_list_free(&list);
}

TEST(another_begins)
{
	struct efimap_log_list list = { 0 };

	for (uint32_t i = 0; i < 100; i++)
		assert_int_equal(add(&list, i, i), 0);
	assert_int_equal(add(&list, 99, 99), 0);
	assert_int_equal(add(&list, 99, 98), -EEXIST);
	assert_int_equal(add(&list, 50, 51), -EEXIST);
	/*
	 * Entry 0 is too far before the last entry to count as a repetition, whatever its content.
	 */
	assert_int_equal(add(&list, 0, 0), -EEXIST);
	assert_int_equal(list.count, 100);
	efimap_log_list_free(&list);
}
