/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines of a kernel's log: messages lie in the text, names of tables are short and plain,
 * and reading them ends.
 */
#include "fuzz.h"
#include "read/log/log_lines.h"
#include "read/log/log_parse.h"

static int check_line(void *context, const struct efimap_log_line *line)
{
	uint32_t *number = context;
	struct efimap_text rest = line->message;
	struct efimap_named named;

	fuzz_check(rest.len > 0 && rest.len <= EFIMAP_LOG_LINE_MAX &&
		   line->number > *number);
	*number = line->number;
	if (!efimap_text_take(&rest, "efi:"))
		return 0;
	for (size_t before = rest.len; efimap_log_parse_table(&rest, &named);
	     before = rest.len) {
		fuzz_check(rest.len < before);
		fuzz_check(rest.at + rest.len == line->message.at + line->message.len);
		fuzz_check(named.name_len > 0 && named.name_len <= 32);
		fuzz_check(named.name > line->message.at &&
			   named.name + named.name_len < rest.at);
		for (size_t i = 0; i < named.name_len; i++)
			fuzz_check(named.name[i] >= ' ' && named.name[i] <= 'z');
	}
	return 0;
}

FUZZ_TARGET(const uint8_t *data, size_t size)
{
	uint32_t number = 0;

	fuzz_check(efimap_log_lines((const char *)data, size, check_line, &number) == 0);
	return 0;
}
