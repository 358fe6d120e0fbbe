/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An accepted log must have at least one segment and at most as many as Linux accepts. Each segment
 * must be a valid range.
 */
#include "fuzz.h"
#include "input/log/kexec_debug_output.h"

FUZZ_TARGET(const uint8_t *data, size_t size)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	struct efimap_segments segments = { .count = 99 };
	int ret = efimap_kexec_log_parse((const char *)data, size, "log", &segments, &err);

	if (ret == 0) {
		fuzz_check(segments.count >= 1 && segments.count <= EFIMAP_MAX_SEGMENTS);
		for (size_t i = 0; i < segments.count; i++)
			fuzz_check(segments.spans[i].first <= segments.spans[i].last);
	} else {
		fuzz_check(ret == -EBADMSG && err.code == EBADMSG);
		fuzz_check(segments.count == 99);
	}
	return 0;
}
