/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines with a word of ours are found wherever they lie, and no others. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../test.h"
#include "read/log/log_scan.h"

struct seen {
	size_t count;
	size_t len;
	enum efimap_log_kind kind;
	char text[128];
	int answer;
};

static int see(void *context, enum efimap_log_kind kind, const char *text, size_t len)
{
	struct seen *seen = context;

	seen->count++;
	seen->kind = kind;
	seen->len = len;
	memcpy(seen->text, text, len < sizeof(seen->text) ? len : sizeof(seen->text));
	return seen->answer;
}

/* At every place in a text, and so at every place of a block. */
static void everywhere(void **state)
{
	static const struct {
		const char *line;
		enum efimap_log_kind kind;
	} rows[] = {
		{ "efi: mem00", EFIMAP_LOG_EFI },
		{ "EFI: mem00", EFIMAP_LOG_EFI },
		{ "efi:", EFIMAP_LOG_EFI },
		{ "BIOS-e820: x", EFIMAP_LOG_E820 },
		{ "Command line: x", EFIMAP_LOG_CMDLINE },
		{ "Linux version 6", EFIMAP_LOG_VERSION },
		{ "Features active: x", EFIMAP_LOG_CRYPT },
	};
	char text[400];

	for (size_t row = 0; row < ARRAY_SIZE(rows); row++)
		for (size_t at = 0; at < 130; at++) {
			const size_t len = strlen(rows[row].line);
			struct seen seen = { 0 };

			memset(text, '.', sizeof(text));
			memcpy(text + at, rows[row].line, len);
			if (at > 0)
				text[at - 1] = '\n';
			text[at + len] = '\n';
			/* With much, with little and with nothing behind it. */
			for (size_t rest = 0; rest < 3; rest++) {
				seen.count = 0;
				efimap_log_scan(text, at + len + rest * 100, see, &seen);
				assert_int_equal(seen.count, 1);
				assert_int_equal(seen.kind, rows[row].kind);
				assert_int_equal(seen.len, len);
				assert_memory_equal(seen.text, rows[row].line, len);
			}
		}
}

static void one_line_once(void **state)
{
	static const char text[] = "efi: efi: line: e820:\nx v fi: ne: 20: Linux vers \nefi:";
	struct seen seen = { 0 };

	assert_int_equal(efimap_log_scan(text, sizeof(text) - 1, see, &seen), 0);
	assert_int_equal(seen.count, 2);
	assert_int_equal(efimap_log_scan("", 0, see, &seen), 0);
	assert_int_equal(seen.count, 2);
}

static void stops(void **state)
{
	struct seen seen = { .answer = -ENOMEM };

	assert_int_equal(efimap_log_scan("efi:\nefi:\n", 10, see, &seen), -ENOMEM);
	assert_int_equal(seen.count, 1);
}

/* Lines across the ends of what is read at once, after a line that does not end. */
static void from_a_file(void **state)
{
	char path[] = "/tmp/efimapctl-log-XXXXXX";
	struct efimap_input input = EFIMAP_INPUT_INIT;
	struct seen seen = { 0 };
	int fd = mkstemp(path);
	FILE *file = fdopen(fd, "w");

	assert_non_null(file);
	for (int i = 0; i < 700000; i++)
		putc('x', file);
	for (int i = 0; i < 50000; i++)
		fprintf(file, "\n%d efi: %d", i, i);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(efimap_input_open(path, &input, NULL), 0);
	assert_int_equal(efimap_log_scan_input(&input, see, &seen, NULL), 0);
	assert_int_equal(seen.count, 50000);
	assert_memory_equal(seen.text, "49999 efi: 49999", 16);
	efimap_input_free(&input);
	unlink(path);
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everywhere),
		cmocka_unit_test(one_line_once),
		cmocka_unit_test(stops),
		cmocka_unit_test(from_a_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
