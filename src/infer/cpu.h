/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INFER_CPU_H
#define INFER_CPU_H

#include "capture/capture.h"

/* Return the width of physical addresses in bits, or 0 if it is unknown. */
unsigned int cpu_address_bits(const struct efimap *map);
/* Return the highest physical address that the CPU supports, or UINT64_MAX if it is unknown. */
uint64_t cpu_last_address(const struct efimap *map);

/*
 * Return whether the CPU supports NX (Execute Disable), which the firmware setup can turn off. With
 * noexec=off, a kernel does not use NX, but the CPU has it.
 */
enum known cpu_has_nx(const struct efimap *map);

#endif
