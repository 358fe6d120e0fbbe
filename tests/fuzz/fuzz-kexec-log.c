/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An accepted log must have at most as many segments as Linux accepts. Each segment must be a valid
 * range. A log without segments is accepted if it shows that kexec started to load a kernel.
 */
#include "fuzz.h"
#include "input/log/kexec_debug_output.h"

FUZZ_TARGET(const uint8_t *data, size_t size)
{
	struct err err = EFIMAP_ERR_INIT;
	struct segments segments = { .count = 99 };
	int ret = kexec_log_parse((const char *)data, size, "log", &segments, &err);

	if (ret == 0) {
		fuzz_check(segments.count <= EFIMAP_MAX_SEGMENTS);
		for (size_t i = 0; i < segments.count; i++)
			fuzz_check(segments.spans[i].first <= segments.spans[i].last);
	} else {
		fuzz_check(ret == -EBADMSG && err.code == EBADMSG);
		fuzz_check(segments.count == 99);
	}
	return 0;
}
