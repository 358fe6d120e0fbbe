/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "show/picture/terminal.h"
#include "test.h"
#include "sample_capture.h"
#include "show/picture/picture.h"
#include "show/picture/svg.h"

#define MANY 100000

typedef int writer(const struct efimap_plot_input *input,
		   const struct efimap_plot_options *options, struct efimap_out *out);

static const char *draw(writer *write, const struct efimap *map,
			const struct efimap_report *report,
			const struct efimap_plot_options *options, struct efimap_out *out)
{
	const struct efimap_plot_input input = { .map = map, .report = report };

	assert_int_equal(write(&input, options, out), 0);
	return sample_text(out);
}

static struct efimap *many_entries(uint32_t count)
{
	struct efimap *map = sample_empty("many");

	for (uint32_t i = 0; i < count; i++) {
		const struct efimap_entry entry = { i, 6, i * UINT64_C(0x3000),
						    0xffffffef00000000 + i * UINT64_C(0x3000),
						    1 + i % 2, 0x800000000000000f };

		assert_int_equal(efimap_add_entry(map, &entry), 0);
	}
	efimap_seal(map);
	return map;
}

TEST(it_does_not_grow_with_the_map)
{
	struct efimap *map efimap_auto_map = many_entries(MANY);
	struct efimap_report *report efimap_auto_report = sample_clean_report();
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;
	const struct efimap_plot_options options = { 0 };

	assert_true(strlen(draw(efimap_plot_write_svg, map, report, &options, &out)) < 600000);
}

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
		const unsigned int wanted = width ? width : 80;
		const unsigned int room = wanted < 60 ? 60 : wanted;

		for (unsigned int rows = 8; rows < 64; rows *= 2) {
			const struct efimap_plot_options options = {
				.width = width, .rows = rows, .unicode = rows == 16
			};
			const size_t drawn = widest(draw(efimap_plot_write_text, map, report,
							 &options, &out));

			assert_true(drawn >= 45 && drawn <= room);
		}
	}
}
