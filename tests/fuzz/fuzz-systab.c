/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An accepted line must not change when it is written and read again. */
#include <inttypes.h>

#include "fuzz.h"
#include "input/parse_values.h"

FUZZ_TARGET(const uint8_t *data, size_t size)
{
	struct lines lines = { .data = (const char *)data, .len = size };
	struct named named, again;
	struct capture_fault fault;
	const char *text;
	char line[128];
	size_t len;

	while (lines_next(&lines, &text, &len)) {
		if (!parse_systab_line(text, len, lines.line, &named, &fault)) {
			fuzz_check(fault.line == lines.line && fault.text[0]);
			continue;
		}
		fuzz_check(named.name == text && named.name_len > 0 && named.name_len <= 32);

		int written = snprintf(line, sizeof(line), "%.*s=0x%" PRIx64, (int)named.name_len,
				       named.name, named.value);

		fuzz_check(parse_systab_line(line, (size_t)written, 1, &again, &fault));
		fuzz_check(again.value == named.value && again.name_len == named.name_len);
	}
	return 0;
}
