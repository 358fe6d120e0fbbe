/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a binary is that holds no runtime map, and its fields. */
#ifndef SHOW_DUMP_BINARY_H
#define SHOW_DUMP_BINARY_H

#include "base/output_buffer.h"
#include "capture/capture.h"
#include "document/field_tables.h"

/** dump_write_binary() - what a binary is that holds no runtime map, and its fields */
void dump_write_binary(const struct efimap *map, struct efimap_out *out);

/** dump_binary_fields - of a &struct efimap whose SOURCE is a binary */
extern const struct fields dump_binary_fields;

#endif
