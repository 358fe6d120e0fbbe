/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Line numbers must ascend, and messages must be neither empty nor too long. */
#include "fuzz.h"
#include "input/log/line_prefixes.h"

static int check_line(void *context, const struct log_line *line)
{
	uint32_t *number = context;

	fuzz_check(line->message.len > 0 && line->message.len <= EFIMAP_LOG_LINE_MAX &&
		   line->number > *number);
	*number = line->number;
	return 0;
}

FUZZ_TARGET(const uint8_t *data, size_t size)
{
	uint32_t number = 0;

	fuzz_check(log_lines((const char *)data, size, check_line, &number) == 0);
	return 0;
}
