/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The prediction for people: each thing that the column SAYS can say. */
#include <string.h>

#include "test.h"
#include "base/cleanup.h"
#include "format/emulation.h"
#include "sample.h"

static const char *write_text(struct efimap_layout *layout, struct efimap_out *out)
{
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_report *report efimap_auto_report = sample_clean_report();
	const struct efimap_text_options options = { .headings = true };

	assert_int_equal(efimap_prediction_write_text(map, layout, report, &options, out), 0);
	return sample_text(out);
}

static struct efimap_layout_row rows[8] = {
	{ .kind = EFIMAP_LAYOUT_BOUND, .bound = 0xfffffffeffc00000 },
	{ .kind = EFIMAP_LAYOUT_BOUND, .bound = 0xfffffffeffef4000 },
	{ .kind = EFIMAP_LAYOUT_BOUND, .bound = 0xfffffffefefec000 },
	{ .kind = EFIMAP_LAYOUT_OVERFLOW },
	{ .kind = EFIMAP_LAYOUT_OVERFLOW },
	{ .kind = EFIMAP_LAYOUT_EXACT,
	  .predicted = 0xfffffffefcd1a000,
	  .bound = 0xfffffffefcd1a000 },
	{ .kind = EFIMAP_LAYOUT_OVERFLOW },
	{ .kind = EFIMAP_LAYOUT_OVERFLOW },
};

TEST(every_row_says_what_it_means)
{
	struct efimap_layout layout = {
		.rows = rows, .n_rows = 8, .n_impossible = 1, .has_virt = true,
	};
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;

	assert_string_equal(
		write_text(&layout, &out),
		" IDX TYPE              PHYS SIZE VIRT               COMPUTED              "
		"SAYS\n"
		"   0 MMIO        0xffc00000   4M 0xfffffffeffc00000 <= 0xfffffffeffc00000 "
		"as computed\n"
		"   1 RuntimeData 0x3fef4000 528K 0xfffffffeffaf4000 <= 0xfffffffeffef4000 "
		"possible, 2 x 2 MiB lower\n"
		"   2 RuntimeCode 0x3f5ec000   1M 0xfffffffeff1ec000 <= 0xfffffffefefec000 "
		"impossible\n"
		"   3 RuntimeData 0x3f4ec000   1M 0xfffffffeff0ec000 -                     "
		"no room left in the window\n"
		"   4 RuntimeData 0x3eaa0000   1M 0xfffffffefe6a0000 -                     "
		"no room left in the window\n"
		"   5 BootData    0x3d11a000  36K 0xfffffffefcd1a000 0xfffffffefcd1a000    "
		"as computed\n"
		"   6 BootData    0x3d117000   4K 0xfffffffefcd17000 -                     "
		"no room left in the window\n"
		"   7 BootCode           0x0   4K 0xfffffffefbe00000 -                     "
		"no room left in the window\n"
		"8 entries, only bounds: freed boot-services regions are missing, walked by "
		"descending physical address; 1 impossible\n"
		"no findings: 0 errors, 0 warnings, 0 notes\n");
}
