/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "../test.h"
#include "base/output_buffer.h"
#include "input/read_snapshot.h"
#include "input/source_limits.h"

#define REGIONS 1000

/* A kernel log in a recording is read completely, even if it is longer than a block (64 KiB). */
TEST(long_log)
{
	auto_recording struct recording recording = { .from = EFIMAP_ORIGIN_LOG, .source = "log" };
	auto_out struct out log = EFIMAP_OUT_MEM;
	auto_map struct efimap *map = NULL;

	for (unsigned int i = 0; i < REGIONS; i++)
		out_printf(&log,
			   "efi: mem%02u: [Runtime Data|RUN|WB] range=[0x%016x-0x%016x] "
			   "(0MB)\n",
			   i, i << 12, (i << 12) + 0xfff);
	assert_true(log.used > 65536);
	record_bytes(&recording, EFIMAP_RECORDED_LOG, 0, log.data, (ssize_t)log.used, true);
	recording_finish(&recording);
	assert_int_equal(read_recording(&recording, "log", EFIMAP_BOOT_DEFAULT, NULL, &map, NULL),
			 0);
	assert_int_equal(map->n_firmware, REGIONS);
}
