/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The segments that kexec printed. */
#include "test.h"
#include "model/kexec.h"

static int parse(const char *text, struct efimap_segments *segments, struct efimap_err *err)
{
	return efimap_kexec_log_parse(text, strlen(text), "log", segments, err);
}

#define ONE "segment[0].mem   = 0x100000\nsegment[0].memsz = 0x1000\n"
#define TWO "segment[1].mem   = 0x200000\nsegment[1].memsz = 0x3000\n"

TEST(segments_are_read)
{
	static const struct {
		const char *text;
		size_t count;
		struct efimap_span last;
	} rows[] = {
		{ ONE, 1, { 0x100000, 0x100fff } },
		{ "kernel: 0x7f\nnr_segments = 2\n" ONE TWO, 2, { 0x200000, 0x202fff } },
		{ "segment[0].buf = 0x5\r\nsegment[0].bufsz = 0x1\r\nsegment[0].mem = 0x1000\r\n"
		  "segment[0].memsz = 0x1000\r\n", 1, { 0x1000, 0x1fff } },
		{ "[ 3.1] kexec_file: segment[0]: buf=0x1 bufsz=0x2 mem=0x3000 memsz=0x1000\n",
		  1, { 0x3000, 0x3fff } },
		/* Of two loads the last counts. */
		{ ONE TWO "segment[0].mem = 0x7000\nsegment[0].memsz = 0x1\n", 1,
		  { 0x7000, 0x7000 } },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct efimap_segments segments;

		assert_int_equal(parse(rows[i].text, &segments, NULL), 0);
		assert_int_equal(segments.count, rows[i].count);
		assert_true(efimap_span_equals(segments.spans[segments.count - 1],
					       rows[i].last));
	}
}

TEST(malformed_ones_are_refused)
{
	static const struct {
		const char *text;
		uint64_t line;
	} rows[] = {
		{ "", 0 },
		{ "nothing\n", 0 },
		{ "segment[0].mem = 0x1000\n", 0 },
		{ "segment[0].memsz = 0x1000\n", 0 },
		{ "segment[0].mem = 0x1000\nsegment[0].memsz = 0x0\n", 0 },
		{ "segment[0].mem = 0xfffffffffffff000\nsegment[0].memsz = 0x2000\n", 0 },
		{ "x\nsegment[0].mem = 4096\n", 2 },
		{ "segment[0].mem 0x1000\n", 1 },
		{ "segment[0.mem = 0x1000\n", 1 },
		{ "segment[16].mem = 0x1000\n", 1 },
		{ "segment[-1].mem = 0x1000\n", 1 },
		{ "nr_segments = 2\n" ONE, 3 },
		{ "nr_segments = 1\n" ONE "nr_segments = 1\n", 4 },
		{ ONE "segment[2].mem = 0x1000\n", 3 },
		{ "segment[0].memsz = x\n", 1 },
		{ "segment[0].mem = 0x1000\nsegment[0].memsz 0x1000\n", 2 },
		{ "segment[0]: mem=0x1000 memsz=x\n", 1 },
		{ "segment[0]: mem=4096 memsz=0x1000\n", 1 },
		{ "segment[0]: mem=0x1000 bufsz=0x1\n", 1 },
		{ "segment[0]: buf=0x1\n", 1 },
		{ "segment[0]: buf=0x1 mem=0x1000 bufsz=0x1\n", 1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct efimap_err err = EFIMAP_ERR_INIT;
		struct efimap_segments segments;

		if (parse(rows[i].text, &segments, &err) != -EBADMSG)
			fail_msg("accepted: %s", rows[i].text);
		assert_int_equal(err.line, rows[i].line);
	}
}

TEST(as_many_as_a_kernel_takes)
{
	struct efimap_segments segments;
	char text[4096];
	size_t used = 0;

	for (unsigned int i = 0; i < EFIMAP_MAX_SEGMENTS; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used,
					 "segment[%u].mem = 0x%x000\nsegment[%u].memsz = 0x1000\n",
					 i, i + 1, i);
	assert_int_equal(parse(text, &segments, NULL), 0);
	assert_int_equal(segments.count, EFIMAP_MAX_SEGMENTS);
}
