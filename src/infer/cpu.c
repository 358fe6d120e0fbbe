/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Determine properties of the CPU from /proc/cpuinfo or the kernel log. */
#include "capture/capture.h"
#include "infer/cpu.h"

unsigned int efimap_cpu_address_bits(const struct efimap *map)
{
	return efimap_has(map, EFIMAP_SRC_CPUINFO) ? map->phys_bits : map->mtrr_bits;
}

uint64_t efimap_cpu_last_address(const struct efimap *map)
{
	const unsigned int bits = efimap_cpu_address_bits(map);

	return bits && bits < 64 ? (UINT64_C(1) << bits) - 1 : UINT64_MAX;
}

enum efimap_known efimap_cpu_has_nx(const struct efimap *map)
{
	if (efimap_has_cpu_flags(map))
		return map->lacks_nx ? EFIMAP_KNOWN_NO : EFIMAP_KNOWN_YES;
	if (efimap_log_contains(map, "NX (Execute Disable) protection missing in CPU"))
		return EFIMAP_KNOWN_NO;
	return efimap_log_contains(map, "NX (Execute Disable) protection") ? EFIMAP_KNOWN_YES
									   : EFIMAP_NOT_KNOWN;
}
