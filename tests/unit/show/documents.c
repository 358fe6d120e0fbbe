/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>

#include "test.h"
#include "base/cleanup.h"
#include "show/dump.h"
#include "show/page_table.h"
#include "show/report.h"
#include "document/snapshot.h"
#include "../sample_capture.h"

static struct efimap *large_map(size_t count)
{
	struct efimap *map = sample_empty("/");

	for (size_t i = 0; i < count; i++) {
		const struct efimap_entry entry = { (uint32_t)i, 99, i << 20, i << 20, 16,
						    0x800000000000000f };

		assert_int_equal(efimap_add_entry(map, &entry), 0);
	}
	add_memmap(map, 0, 0, UINT64_MAX, "Reserved");
	add_iomem(map, 0, UINT64_MAX, 0, "PCI Bus 0000:00 \xc3\xa9");
	add_iomem(map, 0, UINT64_MAX, 1, "Reserved");
	efimap_seal(map);
	return map;
}

static size_t room_for(size_t count)
{
	struct efimap *map efimap_auto_map = large_map(count);
	struct efimap_dump_options options = { .format = EFIMAP_DUMP_JSON };
	int fd efimap_auto_fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_FD(fd);

	assert_int_equal(efimap_dump_write(map, &options, &out), 0);
	assert_int_equal(efimap_out_flush(&out), 0);
	return out.capacity;
}

TEST(memory_does_not_grow_with_the_map)
{
	assert_true(room_for(10000) <= 65536);
	assert_true(room_for(1000) == room_for(10000));
}

TEST(errors_of_the_out_stick)
{
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_report *report efimap_auto_report = sample_report();
	const struct efimap_pagetable table = { .n_pages = 1 };
	const struct efimap_pagetable_view view = { .map = map, .table = &table };
	const struct efimap_recording recording = { .source = "/" };
	efimap_auto_out struct efimap_out out = { .fd = -1, .error = -ENOSPC };

	assert_int_equal(efimap_report_write_json("/", report, false, &out), -ENOSPC);
	assert_int_equal(efimap_snapshot_write(&recording, map, false, &out), -ENOSPC);
	assert_int_equal(efimap_pagetable_write_json(&view, &out), -ENOSPC);
}
