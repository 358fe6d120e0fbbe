/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writing a capture as a document that is read back. */
#ifndef FORMAT_SNAPSHOT_H
#define FORMAT_SNAPSHOT_H

#include <stdbool.h>

#include "base/output_buffer.h"
#include "capture/capture.h"

/** efimap_snapshot_write() - an efimap-snapshot document; of a snapshot the same again */
int efimap_snapshot_write(const struct efimap *map, bool compact, struct efimap_out *out);

#endif
