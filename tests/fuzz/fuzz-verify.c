/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reversing the indices of the entries must not change the verdict, the number of findings, or the
 * entries that each rule reports. Entries with equal fields are interchangeable. The report, the
 * entries and the pictures are written in all formats: JSON must be valid, markup must be
 * well-formed, and text must not contain control characters.
 */
#include <jansson.h>

#include "fuzz.h"
#include "answer/verify.h"
#include "document/result_json.h"
#include "rules/facts_for_rules.h"
#include "show/dump.h"
#include "show/dump_columns.h"
#include "show/picture_output.h"
#include "show/report_output.h"
#include "show/text_style.h"
#include "capture.h"

#define MAX_RECORDS 512u
/* Output of inputs with more records is slow, and reaches no additional code. */
#define MAX_WRITTEN 64u
#define MAX_DEPTH 64
/* A picture with a thousand rows is smaller than this limit. */
#define MAX_PICTURE ((size_t)16 << 20)

struct matched {
	size_t findings[EFIMAP_RULE_COUNT];
	size_t counts[EFIMAP_ERROR + 1];
	uint8_t entries_of[EFIMAP_RULE_COUNT][MAX_RECORDS];
};

static size_t first_equal(const struct efimap *map, size_t index, bool reverse)
{
	size_t last = map->n_entries - 1;

	for (size_t i = 0; i <= last; i++)
		if (entries_are_equal(&map->entries[reverse ? last - i : i], &map->entries[index]))
			return i;
	abort();
}

static void gather(const struct report *report, const struct efimap *map, bool reverse,
		   struct matched *matched)
{
	memset(matched, 0, sizeof(*matched));
	for (size_t i = 0; i < report->n_findings; i++) {
		const struct finding *finding = &report->findings[i];

		fuzz_check(finding->message && finding->message[0]);
		matched->findings[finding->rule->id]++;
		matched->counts[finding->severity]++;
		for (size_t k = 0; k < finding->n_entries; k++) {
			size_t index = finding->entries[k];

			fuzz_check(index < map->n_entries);
			fuzz_check(k == 0 || finding->entries[k - 1] < index);
			matched->entries_of[finding->rule->id][first_equal(map, index, reverse)] =
				1;
		}
	}
}

static struct report *verify(const struct efimap *map, bool reverse, struct matched *matched)
{
	struct report *report;

	report = verify_capture(map, NULL);
	gather(report, map, reverse, matched);
	return report;
}

static void compare(enum rule_id rule, const struct matched *forward,
		    const struct matched *backward)
{
	const uint8_t *one = forward->entries_of[rule], *other = backward->entries_of[rule];
	bool same = forward->findings[rule] == backward->findings[rule];

	if (same && memcmp(one, other, MAX_RECORDS) == 0)
		return;
	fprintf(stderr, "%s: %zu findings, %zu with reversed indices; entries in one run only:",
		rule_get(rule)->name, forward->findings[rule], backward->findings[rule]);
	for (size_t i = 0; i < MAX_RECORDS; i++)
		if (one[i] != other[i])
			fprintf(stderr, " %zu%s", i, one[i] ? "" : " (reversed)");
	fprintf(stderr, "\n");
	abort();
}

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

static void write_dump(const struct efimap *map)
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

		dump_write(map, &options, &out);
		fuzz_check(out_flush(&out) == 0);
		check_text(&out);
		if (f == EFIMAP_DUMP_JSON || f == EFIMAP_DUMP_NDJSON)
			check_json(&out);
	}
}

static void write_report(const struct report *report)
{
	struct text_options options = { .verbose = true, .notes = true };
	auto_out struct out text = EFIMAP_OUT_MEM, json = EFIMAP_OUT_MEM;

	report_write_text(report, &options, &text);
	check_text(&text);
	report_write_json(report, "fuzz", false, &json);
	check_json(&json);
}

struct tag {
	const char *name;
	size_t len;
};

static void check_picture(const struct out *out)
{
	fuzz_check(out->used < MAX_PICTURE);
	for (size_t i = 0; i < out->used; i++)
		fuzz_check(out->data[i] == '\n' || (out->data[i] >= ' ' && out->data[i] <= '~'));
}

/* Return the position of the ">" that ends the tag. Quotation marks in the tag must be closed. */
static const char *end_of_tag(const char *at, const char *end)
{
	char quote = 0;

	for (at++; at < end; at++) {
		fuzz_check(*at != '<');
		if (quote && *at == quote)
			quote = 0;
		else if (quote)
			continue;
		else if (*at == '"' || *at == '\'')
			quote = *at;
		else if (*at == '>')
			return at;
	}
	fuzz_check(at < end);
	return end;
}

static void check_markup(const struct out *out)
{
	const char *at = out->data, *end = out->data + out->used;
	struct tag stack[MAX_DEPTH];
	size_t depth = 0;

	check_picture(out);
	for (; at < end; at++) {
		struct tag tag;
		const char *close;

		fuzz_check(*at != '&' ||
			   memchr(at, ';', (size_t)(end - at) < 8 ? (size_t)(end - at) : 8));
		if (*at != '<')
			continue;
		close = end_of_tag(at, end);
		tag.name = at[1] == '/' ? at + 2 : at + 1;
		tag.len = strcspn(tag.name, " />\n");
		if (at[1] == '/') {
			fuzz_check(depth > 0);
			depth--;
			fuzz_check(stack[depth].len == tag.len &&
				   strncmp(stack[depth].name, tag.name, tag.len) == 0);
		} else if (at[1] != '?' && at[1] != '!' && close[-1] != '/') {
			fuzz_check(depth < MAX_DEPTH);
			stack[depth++] = tag;
		}
		at = close;
	}
	fuzz_check(depth == 0);
}

static void draw(const struct efimap *map, const struct report *report, unsigned int columns)
{
	const struct picture_options options = { .width = columns, .ascii = true };
	auto_out struct out text = EFIMAP_OUT_MEM, svg = EFIMAP_OUT_MEM;

	picture_write_text(map, report, &options, &text);
	check_picture(&text);
	picture_write_svg(map, report, &svg);
	check_markup(&svg);
}

FUZZ_TARGET(const uint8_t *data, size_t size)
{
	static struct matched forward, backward;

	if (size / FUZZ_RECORD > MAX_RECORDS)
		return 0;
	auto_map struct efimap *map = fuzz_capture(data, size, false);
	auto_map struct efimap *reversed = fuzz_capture(data, size, true);
	auto_report struct report *one = verify(map, false, &forward);
	auto_report struct report *other = verify(reversed, true, &backward);

	for (enum rule_id rule = 0; rule < EFIMAP_RULE_COUNT; rule++)
		compare(rule, &forward, &backward);
	fuzz_check(report_verdict(one) == report_verdict(other));
	fuzz_check(memcmp(forward.counts, backward.counts, sizeof(forward.counts)) == 0);
	if (size / FUZZ_RECORD > MAX_WRITTEN)
		return 0;
	write_dump(map);
	write_report(one);
	draw(map, one, 60 + (unsigned int)(size % 160));
	return 0;
}
