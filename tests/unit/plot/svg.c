/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The picture as SVG: that it stays small. */
#include <string.h>

#include "test.h"
#include "format/sample.h"
#include "plot/plot.h"

#define MANY 100000

static const char *draw(const struct efimap *map, const struct efimap_report *report,
			struct efimap_out *out)
{
	const struct efimap_plot_input input = { .map = map, .report = report };
	const struct efimap_plot_options options = { 0 };

	out->used = 0;
	assert_int_equal(efimap_plot_write_svg(&input, &options, out), 0);
	return sample_text(out);
}

TEST(it_does_not_grow_with_the_map)
{
	struct efimap *map efimap_auto_map = sample_empty("many");
	struct efimap_report *report efimap_auto_report = sample_clean_report();
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;

	for (uint32_t i = 0; i < MANY; i++) {
		const struct efimap_entry entry = { i, 6, i * UINT64_C(0x3000),
						    0xffffffef00000000 + i * UINT64_C(0x1000),
						    1 + i % 4, 0x800000000000000f };

		assert_int_equal(efimap_add_entry(map, &entry), 0);
	}
	assert_int_equal(efimap_seal(map), 0);
	assert_true(strlen(draw(map, report, &out)) < 600000);
}
