/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the CPU
 *
 * How many bits a physical address has.
 */
#ifndef INFER_CPU_H
#define INFER_CPU_H

#include <stdint.h>

#include "capture/capture.h"

/** efimap_cpu_address_bits() - bits of a physical address, by /proc/cpuinfo or a kernel's
 * log; 0 where neither tells */
unsigned int efimap_cpu_address_bits(const struct efimap *map);
/** efimap_cpu_last_address() - the last address that these make; UINT64_MAX where neither tells */
uint64_t efimap_cpu_last_address(const struct efimap *map);

#endif
