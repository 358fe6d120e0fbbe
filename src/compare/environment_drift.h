/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What differs between two captures apart from the runtime map. */
#ifndef COMPARE_ENVIRONMENT_DRIFT_H
#define COMPARE_ENVIRONMENT_DRIFT_H

#include "compare/compared_captures.h"

/* compare_environment() - Compare everything but the runtime maps; 0 or a negative errno */
int compare_environment(struct compared_captures *compared);

#endif
