/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_JSON_READ_BASELINE_H
#define INPUT_JSON_READ_BASELINE_H

#include "base/error.h"
#include "rules/baseline.h"

int efimap_baseline_read(const char *name, struct efimap_baseline **ret_baseline,
			 struct efimap_err *err);

#endif
