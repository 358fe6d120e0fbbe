/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "test.h"
#include "base/cleanup.h"
#include "show/dump_options.h"
#include "../sample_capture.h"

TEST(no_format_lets_control_bytes_through)
{
	static const struct {
		enum efimap_dump_format format;
		const char *text;
	} rows[] = {
		{ EFIMAP_DUMP_TABLE, " \\x1b[2J \\xc3\\xbc\\xff\\x0a\\x7f\n" },
		{ EFIMAP_DUMP_PAIRS, "MEMMAP=\"\\x1b[2J \\xc3\\xbc\\xff\\x0a\\x7f\"\n" },
		{ EFIMAP_DUMP_RAW, "\\x1b[2J\\x20\\xc3\\xbc\\xff\\x0a\\x7f\n" },
	};
	static const struct efimap_entry entry = { .pages = 1 };
	struct efimap *map efimap_auto_map = sample_empty("/");

	assert_int_equal(efimap_add_entry(map, &entry), 0);
	add_memmap(map, 0, 0, 0xffff, "\033[2J \303\274\377\n\177");
	efimap_seal(map);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct efimap_dump_options options = { .format = rows[i].format };
		struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;

		assert_string_equal(sample_dump(map, options, "MEMMAP", &out),
				    rows[i].text);
	}
}

