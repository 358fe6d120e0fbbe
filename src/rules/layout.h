/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RULES_LAYOUT_H
#define RULES_LAYOUT_H

#include "capture/capture.h"
#include "linux/virtual_layout.h"
#include "rules/report.h"

struct efimap_prediction {
	struct efimap_layout layout;
	struct efimap_report *report;
};

/**
 * efimap_predict() - compute the virtual addresses of a map
 * @ret_prediction: free it with efimap_prediction_free(); not modified on failure
 *
 * The addresses are exact if the map is complete (efi=debug), if the kernel runs in mixed mode, or
 * if they were computed from the firmware's map in a kernel log. Otherwise, only bounds are known.
 * If nothing can be predicted, layout.reason is not NULL.
 *
 * Return: 0, -ENOMEM or -EOVERFLOW.
 */
int efimap_predict(const struct efimap *map, struct efimap_prediction *ret_prediction);

void efimap_prediction_free(struct efimap_prediction *prediction);
#define efimap_auto_prediction __attribute__((cleanup(efimap_prediction_free)))

#endif
