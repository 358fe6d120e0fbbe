/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SHOW_DUMP_BINARY_H
#define SHOW_DUMP_BINARY_H

#include "base/output_buffer.h"
#include "capture/capture.h"
#include "document/field_tables.h"

/** dump_write_binary() - write the kind and the fields of a binary that contains no runtime map */
void dump_write_binary(const struct efimap *map, struct efimap_out *out);

extern const struct fields dump_binary_fields;

#endif
