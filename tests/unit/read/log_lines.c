/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What may stand before the message of a line, and lines of texts and files. A list of
 * memory: in order, late, twice, and where another list begins.
 */
#include <unistd.h>

#include "../test.h"
#include "read/log/log_lines.h"
#include "read/log/log_state.h"

static int compare_message(void *context, const struct efimap_log_line *line)
{
	bool *is_same = context;

	*is_same = efimap_text_is(line->message, "efi: x");
	return 0;
}

/* Is "efi: x" the message behind this? */
static bool is_message(const char *before)
{
	char line[256];
	int len = snprintf(line, sizeof(line), "%sefi: x", before);
	bool is_same = false;

	assert_int_equal(efimap_log_lines(line, (size_t)len, compare_message, &is_same),
			 0);
	return is_same;
}

TEST(accepted)
{
	static const char *const rows[] = {
		"",
		" ",
		"<6>",
		"[    0.000000] ",
		"[    0.000000][    T0] ",
		"<6>[    0.000000] ",
		"[Fri Nov 20 07:51:48 2026] ",
		"[Nov20 07:51] ",
		"Nov 20 07:51:48 host kernel: ",
		"Nov 20 07:51:48 host kernel: [    0.000000] ",
		"2026-11-20T07:51:48+0000 host kernel: ",
		"kernel: ",
		"6,45,0,-;",
		"2026-11-20T07:51:48,000000+00:00 ",
		"kern  :info  : [    0.000000] ",
		"kern:info: ",
		"\t",
		"host\tkernel:\t",
		"[    0.000000]\t",
		"[2026-11-20 07:51:48] [    0.000000] ",
		"[    0.000000 <    0.000000>] ",
		"03:09:07,531 INFO kernel:",
		"Fri 2026-11-20 07:51:48 UTC fe80::1 kernel: ",
		"> ",
		">",
		">> > [    0.000000] ",
		"> <6>[    0.000000] ",
		"> Nov 20 07:51:48 host kernel: ",
		" > ",
		"   12  ",
		"12 | ",
		"12 |[    0.000000] ",
		"Nov 20 07:51:48 ",
		"Nov  2 07:51:48 [    0.000000] ",
		"01-20 07:51:48.000     0     0 I ",
		"<6>1 2026-11-20T07:51:48.1+01:00 host kernel - - - ",
		"&lt;6&gt;[    0.000000] ",
		"&gt; ",
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (!is_message(rows[i]))
			fail_msg("\"%s\"", rows[i]);
}

TEST(refused)
{
	static const char *const rows[] = {
		"u",
		"read ",
		"program: ",
		"[    0.000000] Command line: ",
		"[    0.000000",
		"[    0.000000]] ",
		"[Firmware Bug]: ",
		"mykernel: ",
		"] ",
		"u> ",
		"[    0.000000] > ",
		"mykernel:",
		"kernel:x",
		"> read ",
		"> program: > ",
		"=> ",
		"[    0.000000] efi=debug ",
		"Nov 20 07:51:48 host myd: [x] ",
		"one: two: three: ",
		"Kern :info : ",
		"2026-11-20T07:51:48x ",
		"kern:info;x ",
		"kern: info",
		"kern  :inf0  : ",
		"kern:info: and ",
		"host-kernel: ",
		"<6",
		"6>7] ",
		"Nov 20 07:51:48 host logger[42]: kernel: ",
		"host root: kernel: [    0.000000] ",
		"Nov 20 07:51:48 host root: host kernel: ",
		"host root:\tkernel: ",
		"host root: evil kernel:",
		"user  :info  : [    0.000000] ",
		"host: root: ",
		"kernel:info: ",
		"kern",
		"kern:",
		"Nov 20 host ",
		"No1 20 07:51:48 ",
		"Nov 20 07:51:48x ",
		"01-20 07:51:48.000     0     0 x ",
		"01-20 07:51:48.000     0     0 IX ",
		"1 2026-11-20T07:51:48Z host other - - - ",
		"&lt ",
		"&lte; ",
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (is_message(rows[i]))
			fail_msg("\"%s\"", rows[i]);
}

/* The last line, and how many there were. */
struct seen {
	size_t count;
	uint32_t number;
	char text[128];
	int answer;
};

static int see(void *context, const struct efimap_log_line *line)
{
	struct seen *seen = context;

	seen->count++;
	seen->number = line->number;
	snprintf(seen->text, sizeof(seen->text), "%.*s", (int)line->message.len,
		 line->message.at);
	return seen->answer;
}

TEST(cleaned)
{
	static const struct {
		const char *text, *message;
		uint32_t number;
	} rows[] = {
		{ "a\n\n[    0.0] \nefi: x\n", "efi: x", 4 },
		{ "\xef\xbb\xbf<6>efi: x\r\r\n", "efi: x", 1 },
		{ "\033[32m[    0.0] \033[0m\033[33mefi:\033[0m x\r", "efi: x", 1 },
		{ "efi: x\033[1;3", "efi: x", 1 },
		{ "efi: x\033", "efi: x", 1 },
		{ "\033", "", 0 },
		{ "", "", 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct seen seen = { 0 };

		assert_int_equal(
			efimap_log_lines(rows[i].text, strlen(rows[i].text), see, &seen),
			0);
		assert_string_equal(seen.text, rows[i].message);
		assert_int_equal(seen.number, rows[i].number);
	}
}

TEST(stops)
{
	struct seen seen = { .answer = -ENOMEM };

	assert_int_equal(efimap_log_lines("efi:\nefi:\n", 10, see, &seen), -ENOMEM);
	assert_int_equal(seen.count, 1);
}

/* Lines across the ends of what is read at once, after a line that does not end. */
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

/* Behind the last entry of a journal there is an empty line, or none, or more. */
TEST(gives_an_entry_once)
{
	static char entry[] = "__CURSOR=a\n_TRANSPORT=kernel\nMESSAGE=efi: 1\n\n\n";

	for (size_t cut = 0; cut < 4; cut++) {
		struct efimap_input input = { .fd = -1, .at_end = true, .data = entry,
					      .len = sizeof(entry) - 1 - cut };
		struct seen seen = { 0 };

		assert_int_equal(efimap_log_lines_input(&input, see, &seen, NULL), 0);
		assert_int_equal(seen.count, 1);
		assert_string_equal(seen.text, "efi: 1");
	}
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
	/* Too far up, whatever it says. */
	assert_int_equal(add(&list, 0, 0), -EEXIST);
	assert_int_equal(list.count, 100);
	efimap_log_list_free(&list);
}
