/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Read an efimap-baseline document. */
#ifndef INPUT_JSON_READ_BASELINE_H
#define INPUT_JSON_READ_BASELINE_H

#include "base/error.h"
#include "rules/baseline.h"

/* efimap_baseline_read() - read the baseline in the file @name; return 0 or a negative errno */
int efimap_baseline_read(const char *name, struct efimap_baseline **ret_baseline,
			 struct efimap_err *err);

#endif
