/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SHOW_MACHINE_FACTS_H
#define SHOW_MACHINE_FACTS_H

#include <stddef.h>

#include "base/output_buffer.h"
#include "capture/capture.h"

/**
 * machine_fact() - append the fact with index @at to @value, unescaped
 *
 * Return: the name of the fact, such as "Vendor", or NULL after the last fact.
 */
const char *machine_fact(const struct efimap *map, size_t at, struct efimap_out *value);

#endif
