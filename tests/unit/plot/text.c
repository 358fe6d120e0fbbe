/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The picture for a terminal: no line too wide, every address said, no escape uninvited. */
#include <stdio.h>
#include <string.h>

#include "test.h"
#include "format/sample.h"
#include "plot/draw.h"

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

static void no_line_is_wider_than_the_terminal(void **state)
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

			assert_in_range(widest(draw(map, report, &options, &out)), 60, room);
		}
	}
}

static void every_entry_and_address_is_said(void **state)
{
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_report *report efimap_auto_report = sample_report();
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;
	const char *text = draw(map, report, &(struct efimap_plot_options){ 0 }, &out);
	char wanted[64];

	for (size_t i = 0; i < map->n_entries; i++) {
		const struct efimap_entry *entry = &map->entries[i];

		snprintf(wanted, sizeof(wanted), "0x%llx ", (unsigned long long)entry->phys);
		assert_non_null(strstr(text, wanted));
		snprintf(wanted, sizeof(wanted), "0x%llx ", (unsigned long long)entry->virt);
		assert_non_null(strstr(text, wanted));
	}
	assert_non_null(strstr(text, "0x3d117000 W ++ 6 BootData 4K"));
	assert_non_null(strstr(text, "[table-in-ram]"));
	assert_null(strchr(text, '\033'));
	assert_null(strstr(text, "\xe2"));
}

static void colour_and_blocks_are_asked_for(void **state)
{
	const struct efimap_plot_options options = { .color = true, .unicode = true };
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_report *report efimap_auto_report = sample_report();
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;
	const char *text = draw(map, report, &options, &out);

	assert_non_null(strstr(text, "\033[33m\u2592\033[0m\033[33m\u2592\033[0m 6 BootData"));
	assert_non_null(strstr(text, "\033[33mW\033[0m"));
	assert_non_null(strstr(text, "\033[1m   ADDRESS"));
}

static void notes_and_rules_are_shown_when_wanted(void **state)
{
	struct efimap_plot_options options = { .width = 120 };
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_report *report efimap_auto_report = sample_report();
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;
	const char *text = draw(map, report, &options, &out);

	assert_non_null(strstr(text, "table-in-ram +2"));
	assert_null(strstr(text, " N "));
	options.notes = true;
	text = draw(map, report, &options, &out);
	assert_non_null(strstr(text, "N ++ 5 BootData 36K"));
	assert_non_null(strstr(text, "N note"));
}

static void nothing_is_left_out_without_a_word(void **state)
{
	const struct efimap_plot_options options = { .rows = 8 };
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_report *report efimap_auto_report = sample_clean_report();
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;
	const char *text;

	map->entries[3].pages = 0;
	map->entries[4].virt_from = EFIMAP_VIRT_UNKNOWN;
	map->states[EFIMAP_SRC_IOMEM] = EFIMAP_STATE_MASKED;
	text = draw(map, report, &options, &out);
	assert_non_null(strstr(text, "not drawn in RUNTIME MAP: 1 region without"));
	assert_non_null(strstr(text, "not drawn in VIRTUAL: 1 whose address is not known"));
	assert_non_null(strstr(text, "hidden by the kernel"));
	assert_non_null(strstr(text, "--rows=N"));
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_line_is_wider_than_the_terminal),
		cmocka_unit_test(every_entry_and_address_is_said),
		cmocka_unit_test(colour_and_blocks_are_asked_for),
		cmocka_unit_test(notes_and_rules_are_shown_when_wanted),
		cmocka_unit_test(nothing_is_left_out_without_a_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
