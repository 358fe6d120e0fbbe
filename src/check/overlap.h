/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of the overlap family share. */
#ifndef CHECK_OVERLAP_H
#define CHECK_OVERLAP_H

#include "check/check.h"

/* overlap_order() - phys-adjacent, phys-unsorted */
void overlap_order(struct check *c);

#endif
