/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A kernel log: table names are short and plain, lie in the line, and reading one ends. */
#include <string.h>

#include "fuzz.h"
#include "read/parse.h"

static void check_tables(const char *text, size_t len)
{
	struct efimap_text rest;
	struct efimap_named named;

	if (!efimap_log_message(text, len, "efi:", &rest))
		return;
	for (size_t before = rest.len; efimap_parse_log_table(&rest, &named);
	     before = rest.len) {
		fuzz_check(rest.len < before);
		fuzz_check(rest.at + rest.len == text + len);
		fuzz_check(named.name_len > 0 && named.name_len <= 32);
		fuzz_check(named.name >= text && named.name + named.name_len < rest.at);
		for (size_t i = 0; i < named.name_len; i++)
			fuzz_check(named.name[i] >= ' ' && named.name[i] <= 'z');
	}
}

FUZZ_TARGET(const uint8_t *data, size_t size)
{
	struct efimap_lines lines = { .data = (const char *)data, .len = size };
	const char *text;
	size_t len;

	while (efimap_lines_next(&lines, &text, &len))
		check_tables(text, len);
	return 0;
}
