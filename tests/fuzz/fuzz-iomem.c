/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An accepted line must not change when it is written and read again. */
#include <inttypes.h>

#include "fuzz.h"
#include "input/parse_values.h"

#define MAX_LINE 4096

static void check_again(const struct iomem_line *line)
{
	char text[MAX_LINE + 64];
	struct iomem_line again;
	struct capture_fault fault;

	if (line->name_len + line->depth * 2 > MAX_LINE)
		return;

	int len = snprintf(text, sizeof(text), "%*s%08" PRIx64 "-%08" PRIx64 " : ",
			   (int)line->depth * 2, "", line->span.first, line->span.last);

	memcpy(text + len, line->name, line->name_len);
	fuzz_check(parse_iomem_line(text, (size_t)len + line->name_len, 1, line->depth, &again,
				    &fault));
	fuzz_check(again.span.first == line->span.first);
	fuzz_check(again.span.last == line->span.last);
	fuzz_check(again.depth == line->depth && again.name_len == line->name_len);
	fuzz_check(memcmp(again.name, line->name, line->name_len) == 0);
}

FUZZ_TARGET(const uint8_t *data, size_t size)
{
	struct lines lines = { .data = (const char *)data, .len = size };
	struct iomem_line line;
	struct capture_fault fault;
	uint32_t max_depth = 0, count = 0;
	const char *text;
	size_t len;

	while (lines_next(&lines, &text, &len)) {
		fuzz_check(lines.line == ++count);
		if (!parse_iomem_line(text, len, count, max_depth, &line, &fault)) {
			fuzz_check(fault.line == count && fault.text[0]);
			continue;
		}
		fuzz_check(line.span.first <= line.span.last && line.depth <= max_depth);
		fuzz_check(line.name_len > 0 && line.name + line.name_len == text + len);
		check_again(&line);
		max_depth = line.depth + 1;
	}
	fuzz_check(lines.len == 0);
	return 0;
}
