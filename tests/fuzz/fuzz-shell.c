/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The value of a shell variable must be printable, and must be inside the text of the file. */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text_scan.h"
#include "fuzz.h"
#include "input/shell_assignments.h"

FUZZ_TARGET(const uint8_t *data, size_t size)
{
	struct shell_variable variables[] = { { .name = "A" }, { .name = "BC" } };
	auto_free char *text = malloc(size + !size);
	bool is_read;

	fuzz_check(text);
	if (size)
		memcpy(text, data, size);
	is_read = shell_read(text, size, variables, 2);
	for (size_t i = 0; i < 2; i++) {
		const char *value = variables[i].value;

		fuzz_check(is_read || !variables[i].is_set);
		fuzz_check(!value || variables[i].is_set);
		if (value)
			fuzz_check(value >= text && strlen(value) < size &&
				   text_is_clean(value, strlen(value)));
	}
	return 0;
}
