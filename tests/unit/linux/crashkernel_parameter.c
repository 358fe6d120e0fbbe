/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <inttypes.h>

#include "../map_with_ranges.h"
#include "linux/crashkernel_parameter.h"

#define MIB (UINT64_C(1) << 20)
#define UNKNOWN UINT64_MAX

/* The machine has 2 GiB of RAM, of which the firmware uses 9 MiB. */
TEST(sizes)
{
	static const struct {
		const char *cmdline;
		uint64_t size;
	} rows[] = {
		{ "quiet", UNKNOWN },
		{ "crashkernel", UNKNOWN },
		{ "crashkernel=", UNKNOWN },
		{ "crashkernel=auto", UNKNOWN },
		{ "crashkernel=0", 0 },
		{ "crashkernel=4096", 4096 },
		{ "crashkernel=4k", 4096 },
		{ "crashkernel=384M", 384 * MIB },
		{ "crashkernel=1G", 1024 * MIB },
		{ "crashkernel=0X100000", MIB },
		{ "crashkernel=0x1aBM", 427 * MIB },
		{ "crashkernel=0200M", 128 * MIB },
		{ "crashkernel=08M", UNKNOWN },
		{ "crashkernel=0xM", UNKNOWN },
		{ "crashkernel=384X", UNKNOWN },
		{ "crashkernel=16E", UNKNOWN },
		{ "crashkernel=384M@16M", UNKNOWN },
		{ "crashkernel=384M,high", UNKNOWN },
		{ "crashkernel=384M crashkernel=128M", 128 * MIB },
		{ "crashkernel=384M crashkernel=auto", UNKNOWN },
		{ "crashkernel=1G-:128M", 128 * MIB },
		{ "crashkernel=1G-2G:64M,2G-:128M", UNKNOWN },
		{ "crashkernel=512M-4G:64M,1G-:128M", 64 * MIB },
		{ "crashkernel=4G-8G:64M,8G-:128M", 0 },
		{ "crashkernel=1G-4G:64M@16M", UNKNOWN },
		{ "crashkernel=1G-4G:", UNKNOWN },
		{ "crashkernel=1G:64M", UNKNOWN },
		{ "crashkernel=-4G:64M", UNKNOWN },
		{ "crashkernel=1G-4G:64M,", UNKNOWN },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_map struct efimap *map = with_cmdline(rows[i].cmdline);
		uint64_t size = UNKNOWN;

		map->states[EFIMAP_SRC_CMDLINE] = EFIMAP_STATE_PRESENT;
		add_memmap(map, 0, 0, MIB - 1, "System RAM");
		add_memmap(map, 1, MIB, 10 * MIB - 1, "Reserved");
		add_memmap(map, 2, 10 * MIB, 2048 * MIB - 1, "System RAM");
		if (find_crashkernel_size(map, &size) != (rows[i].size != UNKNOWN) ||
		    (rows[i].size != UNKNOWN && size != rows[i].size))
			fail_msg("[%s]: %" PRIu64 ", expected %" PRIu64, rows[i].cmdline, size,
				 rows[i].size);
	}
}

TEST(no_size_for_more_ram_than_addresses)
{
	auto_map struct efimap *map = with_cmdline("crashkernel=1M-1G:64M");
	uint64_t size;

	map->states[EFIMAP_SRC_CMDLINE] = EFIMAP_STATE_PRESENT;
	add_memmap(map, 0, 0, UINT64_MAX - 1, "System RAM");
	add_memmap(map, 1, 0, 2 * MIB, "System RAM");
	assert_false(find_crashkernel_size(map, &size));
}
