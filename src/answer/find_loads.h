/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Find the loads that a capture and the options ask about. */
#ifndef ANSWER_FIND_LOADS_H
#define ANSWER_FIND_LOADS_H

#include "answer/loads.h"

/* loads_make() - find all loads; 0 or -ENOMEM */
int loads_make(const struct efimap *map, const struct efimap_verify_options *options,
	       struct loads *loads);
void loads_free(struct loads *loads);

/* load_place() - compute the segments of a load, and whether it is refused */
void load_place(const struct loads *loads, struct efimap_load_case *load);

#endif
