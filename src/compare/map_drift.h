/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef COMPARE_MAP_DRIFT_H
#define COMPARE_MAP_DRIFT_H

#include "compare/compared_captures.h"

/*
 * Compare the runtime maps and the order of their entries, and fill the rows of the result. Return
 * 0, -ENOMEM or -EOVERFLOW.
 */
int compare_maps(struct compared_captures *compared);

#endif
