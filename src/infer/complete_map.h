/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Determine whether a capture contains every entry of the runtime map. */
#ifndef INFER_COMPLETE_MAP_H
#define INFER_COMPLETE_MAP_H

#include "capture/capture.h"

/*
 * Return the fault for missing or damaged lines of the map in a log. Return NULL if there is none,
 * or if the map is not from a log. The rule log-incomplete reports this fault.
 */
const struct efimap_fault *efimap_find_incomplete_log_fault(const struct efimap *map);

/* Return whether the map has entries, none of them is missing, and all of them could be read. */
bool efimap_is_map_complete(const struct efimap *map);

#endif
