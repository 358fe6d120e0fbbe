/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Page tables for people. */
#include <string.h>

#include "test.h"
#include "base/cleanup.h"
#include "format/format.h"
#include "sample.h"

TEST(what_is_left_out_is_limited)
{
	struct efimap_pagetable_skip skips[25] = { { 0 } };
	const struct efimap_pagetable table = { .n_pages = 1, .skips = skips,
						.n_skips = ARRAY_SIZE(skips) };
	struct efimap *map efimap_auto_map = sample_map();
	const struct efimap_text_options options = { 0 };
	const struct efimap_pagetable_view view = {
		.map = map, .mode = EFIMAP_PAGETABLE_VIRTUAL, .table = &table,
	};
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;
	const char *text;
	size_t lines = 0;

	skips[0].identity = true;
	assert_int_equal(efimap_pagetable_write_text(&view, &options, &out), 0);
	text = sample_text(&out);
	assert_non_null(strstr(text, "runtime-map/0: not mapped at its physical address: no "
				     "pages\nruntime-map/0: not mapped at its virtual "));
	assert_non_null(strstr(text, "and 5 more are not mapped\n"));
	for (const char *at = text; (at = strchr(at, '\n')); at++)
		lines++;
	assert_int_equal(lines, 22);
}
