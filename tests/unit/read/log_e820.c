/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of e820: both shapes, every word, and lines that lost a byte. */
#include <string.h>

#include "../test.h"
#include "read/parse.h"

#define TEXT(string) ((struct efimap_text){ string, strlen(string) })

static void shapes_and_words(void **state)
{
	static const struct {
		const char *text;
		uint64_t start, end;
		const char *label;
	} rows[] = {
		{ " [mem 0x0000000000000000-0x000000000009efff] usable", 0, 0x9efff, "System RAM" },
		{ " [mem 0x0000000000100000-0xffffffffffffffff] reserved ", 0x100000, UINT64_MAX,
		  "Reserved" },
		{ " [mem 0x0000000000000000-0x000000000009efff] System RAM", 0, 0x9efff,
		  "System RAM" },
		{ " [mem 0x0000000000000000-0x000000000009efff] device reserved", 0, 0x9efff,
		  "Reserved" },
		{ " [mem 0x0000000000000000-0x000000000009efff]  System RAM", 0, 0x9efff,
		  "System RAM" },
		{ " [mem 0x0000000000000000-0x000000000009efff]  persistent RAM (type 7)", 0,
		  0x9efff, "Persistent Memory" },
		{ " [mem 0x0000000000000000-0x000000000009efff] soft reserved", 0, 0x9efff,
		  "Soft Reserved" },
		{ " [mem 0x0000000000000000-0x000000000009efff] ACPI data", 0, 0x9efff,
		  "ACPI Tables" },
		{ " [mem 0x0000000000000000-0x000000000009efff] ACPI NVS", 0, 0x9efff,
		  "ACPI Non-volatile Storage" },
		{ " [mem 0x0000000000000000-0x000000000009efff] unusable", 0, 0x9efff,
		  "Unusable memory" },
		{ " [mem 0x0000000000000000-0x000000000009efff] persistent (type 12)", 0, 0x9efff,
		  "Persistent Memory (legacy)" },
		{ "[mem 0x0000000000000000-0x000000000009efff]   usable  ", 0, 0x9efff,
		  "System RAM" },
		{ " [mem 0x0000000000000000-0x000000000009efff] type 20", 0, 0x9efff,
		  "Unknown E820 type" },
		{ " 0000000000000000 - 000000000009ec00 (usable)", 0, 0x9ebff, "System RAM" },
		{ " 00000000000e0000 - 0000000000100000 (type 9)", 0xe0000, 0xfffff,
		  "Unknown E820 type" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct efimap_log_e820 range;

		if (!efimap_parse_log_e820(TEXT(rows[i].text), &range))
			fail_msg("%s", rows[i].text);
		assert_int_equal(range.start, rows[i].start);
		assert_int_equal(range.end, rows[i].end);
		assert_string_equal(range.label, rows[i].label);
	}
}

static void spoilt(void **state)
{
	static const char *const rows[] = {
		"",
		" [mem 0x0000000000000000-0x000000000009efff]",
		" [mem 0x0000000000000000-0x000000000009efff] usabl",
		" [mem 0x0000000000000000-0x000000000009efff usable",
		" [mem 0x000000000000000-0x000000000009efff] usable",
		" [mem 0x0000000000000000-0x00000000009efff] usable",
		" [mem 0x000000000000000g-0x000000000009efff] usable",
		" 0000000000000000 - 000000000009ec00 (usable",
		" 0000000000000000 - 0000000000000000 (usable)",
		" 0000000000000000 -000000000009ec00 (usable)",
		" 0000000000000000 - 00000000009ec00 (usable)",
		" 0000000000000000 - 000000000009ec00 [usable)",
		" 0000000000000000 - 000000000009ec00 (",
		" 0000000000000000 - 000000000009ec00 (something with a very long name)",
		" 000000000000000g - 000000000009ec00 (usable)",
		" [mem 0x0000000000000000+0x000000000009efff] usable",
		" [mem 0x0000000000000000-0x000000000009efff] typo 20",
		" [mem 0x0000000000000000-0x000000000009efff] type",
	};
	struct efimap_log_e820 range;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (efimap_parse_log_e820(TEXT(rows[i]), &range))
			fail_msg("%s", rows[i]);
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shapes_and_words),
		cmocka_unit_test(spoilt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
