/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What colour a region has, for every type and label there is. */
#include "test.h"
#include "plot/draw.h"

static void labels_have_tones(void **state)
{
	static const struct {
		const char *label;
		enum plot_tone tone;
	} rows[] = {
		{ "System RAM", PLOT_TONE_RAM },
		{ "System ROM", PLOT_TONE_DEVICE },
		{ "Reserved", PLOT_TONE_RESERVED },
		{ "reserved", PLOT_TONE_RESERVED },
		{ "ACPI Tables", PLOT_TONE_ACPI },
		{ "ACPI Non-volatile Storage", PLOT_TONE_ACPI },
		{ "Kernel bss", PLOT_TONE_KERNEL },
		{ "Crash kernel", PLOT_TONE_CRASH },
		{ "RAM buffer", PLOT_TONE_OTHER },
		{ "PCI Bus 0000:00", PLOT_TONE_DEVICE },
		{ "", PLOT_TONE_DEVICE },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_int_equal(plot_tone_of_label(rows[i].label), rows[i].tone);
}

static void types_have_tones(void **state)
{
	assert_int_equal(plot_tone_of_type(EFIMAP_TYPE_RESERVED), PLOT_TONE_RESERVED);
	assert_int_equal(plot_tone_of_type(EFIMAP_TYPE_BOOT_DATA), PLOT_TONE_BOOT);
	assert_int_equal(plot_tone_of_type(EFIMAP_TYPE_RUNTIME_CODE), PLOT_TONE_CODE);
	assert_int_equal(plot_tone_of_type(EFIMAP_TYPE_RUNTIME_DATA), PLOT_TONE_DATA);
	assert_int_equal(plot_tone_of_type(EFIMAP_TYPE_MMIO_PORT), PLOT_TONE_MMIO);
	assert_int_equal(plot_tone_of_type(EFIMAP_TYPE_UNACCEPTED), PLOT_TONE_RAM);
	assert_int_equal(plot_tone_of_type(EFIMAP_TYPE_FIRST_UNDEFINED), PLOT_TONE_OTHER);
	assert_int_equal(plot_tone_of_type(UINT32_MAX), PLOT_TONE_OTHER);
}

static void tones_have_words(void **state)
{
	for (enum plot_tone tone = 0; tone < PLOT_TONE_COUNT; tone++)
		assert_non_null(plot_tone_words(tone));
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(labels_have_tones),
		cmocka_unit_test(types_have_tones),
		cmocka_unit_test(tones_have_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
