/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The output of a plugin: its one status line, what may be in it, and how long it is. */
#include <string.h>

#include "test.h"
#include "format/nagios.h"
#include "format/sample.h"

static char *text_of(const struct efimap_nagios *nagios)
{
	struct efimap_out out = EFIMAP_OUT_MEM;

	assert_int_equal(efimap_nagios_write(nagios, &out), 0);
	efimap_out_putc(&out, '\0');
	return out.data;
}

static void thresholds_follow_fail_on(void **state)
{
	static const struct {
		enum efimap_severity fail_on;
		const char *text;
	} rows[] = {
		{ EFIMAP_ERROR, " | entries=8;;;0 errors=0;;0;0 warnings=0;0;;0 notes=0;;;0 "
				"bytes=7933952B;;;0\n" },
		{ EFIMAP_WARNING, " errors=0;;0;0 warnings=0;;0;0 notes=0;;;0 " },
		{ EFIMAP_NOTE, " errors=0;;0;0 warnings=0;;0;0 notes=0;;0;0 " },
	};
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_report *report efimap_auto_report = sample_clean_report();

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct efimap_nagios nagios = {
			.level = EFIMAP_LEVEL_OK, .map = map, .report = report,
			.fail_on = rows[i].fail_on,
		};
		efimap_auto_free char *text = text_of(&nagios);

		assert_ptr_equal(strstr(text, "EFIMAP OK - 8 entries, 0 errors, 0 warnings |"),
				 text);
		assert_non_null(strstr(text, rows[i].text));
		assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
	}
}

static void the_worst_finding_is_in_the_status_line(void **state)
{
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_report *report efimap_auto_report = sample_report();
	struct efimap_nagios nagios = {
		.level = EFIMAP_LEVEL_WARNING, .map = map, .report = report,
		.fail_on = EFIMAP_ERROR,
	};
	efimap_auto_free char *text = text_of(&nagios), *all = NULL;
	const char *second = strchr(text, '\n') + 1;

	assert_ptr_equal(strstr(text, "EFIMAP WARNING - 8 entries, 0 errors, 1 warning, 1 rule "
				      "not tried; warning: "), text);
	assert_ptr_equal(strstr(second, "warning: "), second);
	assert_null(strstr(text, "note: "));
	nagios.notes = true;
	all = text_of(&nagios);
	assert_non_null(strstr(all, "\nnote: "));
}

static void what_stood_in_the_way_is_the_reason(void **state)
{
	const struct efimap_nagios unknown = {
		.level = EFIMAP_LEVEL_UNKNOWN, .said = "efimapctl: a|b\033\nefimapctl: more\n",
	};
	const struct efimap_nagios silent = { .level = EFIMAP_LEVEL_UNKNOWN };
	efimap_auto_free char *text = text_of(&unknown), *none = text_of(&silent);

	assert_string_equal(text, "EFIMAP UNKNOWN - a\\x7cb\nmore\n");
	assert_string_equal(none, "EFIMAP UNKNOWN - no answer\n");
}

static void a_machine_without_efi_has_a_reason_and_no_numbers(void **state)
{
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_report *report efimap_auto_report = sample_clean_report();
	const struct efimap_nagios nagios = {
		.level = EFIMAP_LEVEL_OK, .map = map, .report = report,
	};
	efimap_auto_free char *text = NULL;

	report->verdict = EFIMAP_VERDICT_NOT_APPLICABLE;
	report->reason = "booted without EFI\nperhaps";
	text = text_of(&nagios);
	assert_string_equal(text, "EFIMAP OK - booted without EFI\\x0aperhaps\n");
}

/* On the status line; beside an error on a line of its own, and never with numbers. */
static void what_was_not_seen_has_no_numbers(void **state)
{
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_report *report efimap_auto_report = sample_report();
	struct efimap_nagios nagios = {
		.level = EFIMAP_LEVEL_UNKNOWN, .map = map, .report = report,
	};
	efimap_auto_free char *unknown = NULL, *critical = NULL;

	efimap_report_fall_short(report, EFIMAP_VERDICT_DENIED, "no|iomem");
	assert_int_equal(efimap_report_seal(report, EFIMAP_ERROR), 0);
	unknown = text_of(&nagios);
	assert_ptr_equal(strstr(unknown, "EFIMAP UNKNOWN - no\\x7ciomem\nwarning: "), unknown);
	nagios.level = EFIMAP_LEVEL_CRITICAL;
	critical = text_of(&nagios);
	assert_ptr_equal(strstr(critical, "EFIMAP CRITICAL - 8 entries, "), critical);
	assert_non_null(strstr(critical, "\nno\\x7ciomem\nwarning: "));
	assert_null(strchr(unknown, '|'));
	assert_null(strchr(critical, '|'));
}

/* @width bytes of message in each of @count errors, ending in a character of two bytes */
static struct efimap_report *long_report(size_t count, size_t width)
{
	struct efimap_finding *finding;
	struct efimap_report *report;
	char message[1024];

	memset(message, '|', sizeof(message));
	memcpy(message + width, "\xc3\xa9", 3);
	assert_int_equal(efimap_report_new(&report), 0);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(efimap_report_add(report, EFIMAP_RULE_VIRT_ZERO, EFIMAP_ERROR,
						   EFIMAP_CONSEQ_NONE, &finding), 0);
		assert_int_equal(efimap_finding_set_message(report, finding, "%s", message), 0);
	}
	assert_int_equal(efimap_report_seal(report, EFIMAP_ERROR), 0);
	return report;
}

static void it_is_never_too_long(void **state)
{
	struct efimap *map efimap_auto_map = sample_map();
	static const size_t widths[] = { 1, 100, 390, 391, 392, 1000 };

	for (size_t i = 0; i < ARRAY_SIZE(widths); i++) {
		struct efimap_report *report efimap_auto_report = long_report(200, widths[i]);
		const struct efimap_nagios nagios = {
			.level = EFIMAP_LEVEL_CRITICAL, .map = map, .report = report,
		};
		efimap_auto_free char *text = text_of(&nagios);
		const char *bar = strchr(text, '|');

		assert_true(strlen(text) < EFIMAP_NAGIOS_MAX);
		assert_non_null(strstr(text, " more\n"));
		assert_non_null(bar);
		assert_null(strchr(bar + 1, '|'));
		/* Not cut within a character. */
		for (const char *at = text; (at = strchr(at, '\xc3')); at++)
			assert_int_equal(at[1], '\xa9');
	}
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(thresholds_follow_fail_on),
		cmocka_unit_test(the_worst_finding_is_in_the_status_line),
		cmocka_unit_test(what_stood_in_the_way_is_the_reason),
		cmocka_unit_test(a_machine_without_efi_has_a_reason_and_no_numbers),
		cmocka_unit_test(what_was_not_seen_has_no_numbers),
		cmocka_unit_test(it_is_never_too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
