/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef DOCUMENT_CAPTURE_JSON_H
#define DOCUMENT_CAPTURE_JSON_H

#include <jansson.h>

#include "capture/capture.h"

/* Return the release of a kernel, and how it was booted. */
json_t *kernel_json(const struct efimap *map);
/* Return what follows from the files of a capture. A snapshot contains only the files. */
json_t *facts_json(const struct efimap *map);

#endif
