/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INFER_CPU_H
#define INFER_CPU_H

#include "capture/capture.h"

/* Return the width of physical addresses in bits, or 0 if it is unknown. */
unsigned int efimap_cpu_address_bits(const struct efimap *map);
/* Return the highest physical address that the CPU supports, or UINT64_MAX if it is unknown. */
uint64_t efimap_cpu_last_address(const struct efimap *map);

#endif
