/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Determine the width of physical addresses from /proc/cpuinfo or the MTRRs in the kernel log. */
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
