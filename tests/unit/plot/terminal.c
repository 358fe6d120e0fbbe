/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The picture for a terminal: no line is too wide. */
#include <string.h>

#include "test.h"
#include "format/sample.h"
#include "plot/plot.h"

static const char *draw(const struct efimap *map, const struct efimap_report *report,
			const struct efimap_plot_options *options, struct efimap_out *out)
{
	const struct efimap_plot_input input = { .map = map, .report = report };

	out->used = 0;
	assert_int_equal(efimap_plot_write_text(&input, options, out), 0);
	return sample_text(out);
}

/* Characters of the widest line before the words below the picture. */
static size_t widest(const char *text)
{
	const char *end = strstr(text, "E  error");
	size_t widest = 0;

	assert_non_null(end);
	while (text < end) {
		const size_t len = strcspn(text, "\n");
		size_t columns = 0;

		for (size_t i = 0; i < len; i++)
			columns += ((unsigned char)text[i] & 0xc0) != 0x80;
		assert_true(len == 0 || text[len - 1] != ' ');
		widest = columns > widest ? columns : widest;
		text += len + 1;
	}
	return widest;
}

TEST(no_line_is_wider_than_the_terminal)
{
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_report *report efimap_auto_report = sample_report();
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;

	for (unsigned int width = 0; width < 300; width += 13) {
		const unsigned int room = width < 80 ? 80 : width;

		for (unsigned int rows = 8; rows < 64; rows *= 2) {
			const struct efimap_plot_options options = {
				.width = width, .rows = rows, .unicode = rows == 16
			};
			const size_t drawn =
				widest(draw(map, report, &options, &out));

			assert_true(drawn >= 60 && drawn <= room);
		}
	}
}
