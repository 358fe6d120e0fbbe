/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SHOW_DUMP_H
#define SHOW_DUMP_H

#include "base/output_buffer.h"
#include "capture/capture.h"
#include "show/dump_columns.h"

/**
 * dump_write() - write a runtime map, or its page table
 *
 * An entry with a file that could not be read is omitted. Labels of memmap or iomem that were not
 * read are written as "?", and other unknown values as empty cells. In JSON, both are null, but the
 * end and the offset of an unknown virtual address are omitted.
 */
void dump_write(const struct efimap *map, const struct dump_options *options, struct out *out);

#endif
