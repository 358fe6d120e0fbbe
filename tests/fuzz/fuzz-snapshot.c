/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The input is a snapshot. Verifying an accepted snapshot must succeed. The snapshot must not change
 * when it is written and read again. An error must name a line or a member, unless the input is
 * empty or too large.
 */
#include "fuzz.h"
#include "base/cleanup.h"
#include "answer/verify.h"
#include "document/snapshot.h"
#include "input/input_file.h"
#include "input/json/read_snapshot.h"

static int read_text(const void *data, size_t size, struct efimap **ret_map)
{
	efimap_auto_input struct efimap_input input = {
		.name = "fuzz", .fd = -1, .at_end = true, .data = malloc(size + 1), .len = size,
	};
	struct efimap_err err = EFIMAP_ERR_INIT;
	int ret;

	fuzz_check(input.data);
	memcpy(input.data, data, size);
	input.data[size] = '\0';
	ret = efimap_read_snapshot("fuzz", &input, ret_map, &err);
	fuzz_check((ret < 0) == (err.code != 0));
	fuzz_check(ret == 0 || ret == -E2BIG || err.line || strchr(err.text, ':') || size == 0);
	return ret;
}

FUZZ_TARGET(const uint8_t *data, size_t size)
{
	efimap_auto_out struct efimap_out one = EFIMAP_OUT_MEM, other = EFIMAP_OUT_MEM;
	efimap_auto_map struct efimap *map = NULL, *back = NULL;
	efimap_auto_report struct efimap_report *report = NULL;

	if (read_text(data, size, &map))
		return 0;
	fuzz_check(efimap_verify(map, NULL, &report) == 0);
	fuzz_check(efimap_snapshot_write(map, true, &one) == 0);
	fuzz_check(read_text(one.data, one.used, &back) == 0);
	fuzz_check(efimap_snapshot_write(back, true, &other) == 0);
	fuzz_check(one.used == other.used && memcmp(one.data, other.data, one.used) == 0);
	return 0;
}
