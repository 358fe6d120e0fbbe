/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a finding lies, in words of a baseline. */
#ifndef CHECK_BASELINE_H
#define CHECK_BASELINE_H

#include <stdint.h>

#include "model/capture.h"
#include "model/report.h"

/**
 * check_finding_places() - starts of the entries that a finding lies on, ascending
 * @ret_phys: @finding->n_entries of them; free()
 *
 * Return: 0; -ENODATA when one of the entries could not be read; -ENOMEM.
 */
int check_finding_places(const struct efimap *map, const struct efimap_finding *finding,
			 uint64_t **ret_phys);

#endif
