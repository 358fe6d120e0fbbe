/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The input is a snapshot. If it is rejected, an error message must exist. If it is accepted,
 * verification must succeed. The snapshot must not change when it is written, read and written
 * again, with and without redaction. Only verification is tested if the input has no data about EFI
 * or kexec, because "efimapctl snapshot" refuses such a source.
 */
#include "fuzz.h"
#include "base/cleanup.h"
#include "answer/verify.h"
#include "document/snapshot.h"
#include "infer/booted_by.h"
#include "input/input_file.h"
#include "input/read_snapshot.h"
#include "input/redaction.h"

static int read_text(const void *data, size_t size, struct recording *record,
		     struct efimap **ret_map)
{
	auto_input struct input input = {
		.name = "fuzz",
		.fd = -1,
		.at_end = true,
		.data = malloc(size + 1),
		.len = size,
		.record = record,
	};
	struct err err = EFIMAP_ERR_INIT;
	int ret;

	fuzz_check(input.data);
	memcpy(input.data, data, size);
	input.data[size] = '\0';
	ret = read_snapshot("fuzz", &input, ret_map, &err);
	fuzz_check(ret == 0 || err.text[0]);
	recording_finish(record);
	return ret;
}

/* Write a recording, read it, and check that writing it again gives the same text. */
static void check_stable(const struct recording *recording, const struct efimap *map)
{
	auto_recording struct recording again = { 0 };
	auto_out struct out one = EFIMAP_OUT_MEM, other = EFIMAP_OUT_MEM;
	auto_map struct efimap *back = NULL;

	snapshot_write(recording, map, true, &one);
	fuzz_check(read_text(one.data, one.used, &again, &back) == 0);
	snapshot_write(&again, back, true, &other);
	fuzz_check(one.used == other.used && memcmp(one.data, other.data, one.used) == 0);
}

FUZZ_TARGET(const uint8_t *data, size_t size)
{
	auto_recording struct recording recording = { 0 }, redacted = { 0 };
	auto_map struct efimap *map = NULL, *shown = NULL;
	auto_report struct report *report = NULL;
	auto_recording struct recording used = { 0 };

	if (read_text(data, size, &recording, &map))
		return 0;
	report = verify_capture(map, NULL);
	if (map->states[EFIMAP_SRC_EFI] == EFIMAP_STATE_ABSENT &&
	    find_booted_by(map) != EFIMAP_BOOTED_BY_KEXEC)
		return 0;
	check_stable(&recording, map);
	redact_recording(&recording, &redacted);
	fuzz_check(read_recording(&redacted, "fuzz", 0, &used, &shown, NULL) == 0);
	recording_finish(&used);
	check_stable(&used, shown);
	return 0;
}
