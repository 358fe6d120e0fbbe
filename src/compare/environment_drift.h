/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef COMPARE_ENVIRONMENT_DRIFT_H
#define COMPARE_ENVIRONMENT_DRIFT_H

#include "compare/compared_captures.h"

/*
 * Find the first firmware address that SECOND maps to other memory, and collect the memory ranges
 * of SECOND. Return 0, -ENOMEM or -EOVERFLOW.
 */
int compare_environment(struct compared_captures *compared);

#endif
