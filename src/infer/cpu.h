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

/** efimap_phys_bits() - bits of a physical address, by /proc/cpuinfo or a kernel's log; 0 where
 * neither tells */
unsigned int efimap_phys_bits(const struct efimap *map);
/** efimap_phys_last() - the last address that these make; UINT64_MAX where neither tells */
uint64_t efimap_phys_last(const struct efimap *map);

#endif
