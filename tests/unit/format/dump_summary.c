/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines below the table. */
#include "test.h"
#include "base/cleanup.h"
#include "format/dump.h"
#include "sample.h"

struct row {
	struct efimap_entry entries[2];
	size_t count;
	const char *release;
	uint64_t runtime;
	const char *text;
	bool bytes;
};

#define WINDOW                                                                           \
	{                                                                                \
		0, 6, 0x1000, 0xfffffffeff001000, 1, 1                                   \
	}
#define DIRECT                                                                           \
	{                                                                                \
		1, 6, 0x3000, 0xffff888000003000, 2, 1                                   \
	}
#define UNKNOWN                                                                          \
	{                                                                                \
		1, 6, 0x3000, 0x5000, 2, 1                                               \
	}
#define HUGE_ENTRY(index)                                                                \
	{                                                                                \
		index, 6, 0, 0, 0x8000000000000, 1                                       \
	}

static const struct row window = {
	{ WINDOW },
	1,
	"6.1.0",
	0x1000,
	"1 entry, 4K; mapped in the EFI window; booted by firmware; kernel 6.1.0\n",
	false,
};
static const struct row kexeced = {
	{ WINDOW },
	1,
	"6.1.0",
	0xfffffffeff001000,
	"1 entry, 4096 bytes; mapped in the EFI window; booted by kexec; kernel 6.1.0\n",
	true,
};
static const struct row direct = {
	{ DIRECT },
	1,
	"",
	0,
	"1 entry, 8K; mapped in the kernel's direct map; not known what booted it; "
	"kernel "
	"unknown\n",
	false,
};
static const struct row mixed = {
	{ WINDOW, DIRECT },
	2,
	"",
	0,
	"2 entries, 12K; mapped in more than one way; not known what booted it; kernel "
	"unknown\n",
	false,
};
static const struct row elsewhere = {
	{ UNKNOWN },
	1,
	"",
	0,
	"1 entry, 8K; mapped in no way that Linux uses; not known what booted it; kernel "
	"unknown\n",
	false,
};
static const struct row just_fits = {
	{ HUGE_ENTRY(0) },
	1,
	"",
	0,
	"1 entry, 8E; mapped onto itself (identity); not known what booted it; kernel "
	"unknown\n",
	false,
};
static const struct row too_large = {
	{ HUGE_ENTRY(0), HUGE_ENTRY(1) },
	2,
	"",
	0,
	"2 entries, 16E or more; mapped onto itself (identity); not known what booted "
	"it; "
	"kernel unknown\n",
	false,
};
static const struct row too_large_bytes = {
	{ HUGE_ENTRY(0), HUGE_ENTRY(1) },
	2,
	"",
	0,
	"2 entries, 2^64 bytes or more; mapped onto itself (identity); not known what "
	"booted it; kernel unknown\n",
	true,
};

static void sums_up(void **state)
{
	const struct row *row = *state;
	struct efimap *map efimap_auto_map = sample_empty("/");
	struct efimap_report *report efimap_auto_report = sample_clean_report();
	struct efimap_dump_options options = { .headings = true };
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;
	struct dump_view view;
	const char *text;

	for (size_t i = 0; i < row->count; i++)
		assert_int_equal(efimap_add_entry(map, &row->entries[i]), 0);
	if (row->runtime) {
		map->states[EFIMAP_SRC_RUNTIME] = EFIMAP_STATE_PRESENT;
		map->runtime = row->runtime;
	}
	assert_int_equal(efimap_set_release(map, row->release, strlen(row->release)), 0);
	assert_int_equal(efimap_seal(map), 0);
	assert_int_equal(dump_view_open(map, report, row->bytes, &view), 0);
	assert_int_equal(dump_write_summary(&view, &options, &out), 0);
	dump_view_close(&view);
	text = sample_text(&out);
	assert_memory_equal(text, row->text, strlen(row->text));
	assert_string_equal(text + strlen(row->text),
			    "no findings: 0 errors, 0 warnings, 0 notes\n");
}

/* A blank line stands before findings, and only there. */
static void notes_are_listed_on_request(void **state)
{
	static const struct {
		enum efimap_severity severity;
		bool notes;
		bool listed;
	} rows[] = {
		{ EFIMAP_NOTE, false, false },
		{ EFIMAP_NOTE, true, true },
		{ EFIMAP_WARNING, false, true },
		{ EFIMAP_ERROR, false, true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct efimap *map efimap_auto_map = sample_map();
		struct efimap_report *report efimap_auto_report = NULL;
		struct efimap_dump_options options = { .headings = true,
						       .notes = rows[i].notes };
		struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;
		const char *text;

		assert_int_equal(efimap_report_new(&report), 0);
		sample_finding(report, EFIMAP_RULE_MIXED_MODE, rows[i].severity,
			       EFIMAP_CONSEQ_NONE, NULL, 0, "m");
		assert_int_equal(efimap_report_seal(report, EFIMAP_ERROR), 0);
		assert_int_equal(efimap_dump_write(map, report, &options, &out), 0);
		text = sample_text(&out);
		assert_int_equal(strstr(text, "amd64\n\n") != NULL, rows[i].listed);
		assert_int_equal(strstr(text, ": m [mixed-mode]\n") != NULL,
				 rows[i].listed);
	}
}

#define ROW(row)                                                                         \
	{                                                                                \
#row, sums_up, NULL, NULL, (void *)(uintptr_t) & (row)                   \
	}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		ROW(window),
		ROW(kexeced),
		ROW(direct),
		ROW(mixed),
		ROW(elsewhere),
		ROW(just_fits),
		ROW(too_large),
		ROW(too_large_bytes),
		cmocka_unit_test(notes_are_listed_on_request),
	};

	return cmocka_run_group_tests_name("format/dump_summary", tests, NULL, NULL) != 0;
}
