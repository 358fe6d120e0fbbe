/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON must be valid, and text must not contain control characters. */
#include <jansson.h>

#include "fuzz.h"
#include "answer/verify.h"
#include "document/json_writer.h"
#include "show/dump.h"
#include "show/dump_columns.h"
#include "show/report_output.h"
#include "show/text_style.h"
#include "capture.h"

static void check_json(const struct out *out)
{
	json_error_t error;
	json_t *document = json_loadb(out->data, out->used, JSON_REJECT_DUPLICATES, &error);

	if (!document)
		fprintf(stderr, "line %d: %s\n", error.line, error.text);
	fuzz_check(document != NULL);
	json_decref(document);
}

static void check_text(const struct out *out)
{
	for (size_t i = 0; i < out->used; i++)
		fuzz_check(out->data[i] == '\n' || (unsigned char)out->data[i] >= ' ');
}

static void render_dump(const struct efimap *map)
{
	size_t columns[TABLE_MAX_COLUMNS], count = 0;

	while (dump_columns[count].name) {
		columns[count] = count;
		count++;
	}
	for (enum dump_format f = EFIMAP_DUMP_TABLE; f <= EFIMAP_DUMP_RAW; f++) {
		struct dump_options options = { .format = f,
						.columns = columns,
						.n_columns = count,
						.text = { .headings = true, .width = 80 } };
		auto_out struct out out = EFIMAP_OUT_MEM;

		fuzz_check(dump_write(map, &options, &out) == 0);
		fuzz_check(out_flush(&out) == 0);
		check_text(&out);
		if (f == EFIMAP_DUMP_JSON || f == EFIMAP_DUMP_NDJSON)
			check_json(&out);
	}
}

static void render_report(const struct report *report)
{
	struct text_options options = { .verbose = true, .notes = true };
	auto_out struct out text = EFIMAP_OUT_MEM, json = EFIMAP_OUT_MEM;

	fuzz_check(report_write_text(report, &options, &text) == 0);
	check_text(&text);
	fuzz_check(json_put_document(&document_report, "fuzz", false, NULL, report, &json) == 0);
	check_json(&json);
}

FUZZ_TARGET(const uint8_t *data, size_t size)
{
	auto_report struct report *report = NULL;
	auto_map struct efimap *map = NULL;

	/* Inputs with more records are slow, and reach no additional code. */
	if (size / FUZZ_RECORD > 256)
		return 0;
	map = fuzz_capture(data, size, false);
	fuzz_check(verify_capture(map, NULL, &report) == 0);
	render_dump(map);
	render_report(report);
	return 0;
}
