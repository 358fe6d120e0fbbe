/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Determine properties of the CPU from /proc/cpuinfo or the kernel log. */
#include "capture/capture.h"
#include "infer/cpu.h"

unsigned int cpu_address_bits(const struct efimap *map)
{
	return capture_has(map, EFIMAP_SRC_CPUINFO) ? map->phys_bits : map->mtrr_bits;
}

uint64_t cpu_last_address(const struct efimap *map)
{
	const unsigned int bits = cpu_address_bits(map);

	return bits && bits < 64 ? (UINT64_C(1) << bits) - 1 : UINT64_MAX;
}

enum known cpu_has_nx(const struct efimap *map)
{
	if (capture_has_cpu_flags(map))
		return map->lacks_nx ? EFIMAP_KNOWN_NO : EFIMAP_KNOWN_YES;
	if (log_contains(map, "NX (Execute Disable) protection missing in CPU"))
		return EFIMAP_KNOWN_NO;
	return log_contains(map, "NX (Execute Disable) protection") ? EFIMAP_KNOWN_YES
								    : EFIMAP_NOT_KNOWN;
}
