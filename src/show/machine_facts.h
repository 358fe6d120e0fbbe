/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a report begins with: the machine, its firmware and its kernel. */
#ifndef SHOW_MACHINE_FACTS_H
#define SHOW_MACHINE_FACTS_H

#include <stddef.h>

#include "base/output_buffer.h"
#include "capture/capture.h"

/**
 * machine_fact() - append the fact at position @at, not escaped
 *
 * Return: its name, such as "Vendor"; NULL after the last fact, when nothing is appended.
 */
const char *machine_fact(const struct efimap *map, size_t at, struct efimap_out *value);

#endif
