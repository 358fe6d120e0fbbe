/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: predict
 *
 * Can the kernel's layout algorithm have yielded the virtual addresses of a map?
 */
#ifndef CHECK_PREDICT_H
#define CHECK_PREDICT_H

#include "emulate/layout.h"
#include "model/capture.h"
#include "model/report.h"

/**
 * struct efimap_prediction - what predict says of a map
 * @layout: the addresses, as far as they can be computed
 * @report: findings of the families virt, layout (nonidentity aside) and prediction, owned.
 *          Its verdict is EFIMAP_VERDICT_FAIL when one of the addresses is impossible
 */
struct efimap_prediction {
	struct efimap_layout layout;
	struct efimap_report *report;
};

/**
 * efimap_predict() - recompute every virtual address and judge it
 * @map:            a capture with a runtime map
 * @ret_prediction: free with efimap_prediction_free(); untouched on failure
 *
 * Exact where the map is whole (efi=debug), in mixed mode and for the firmware's own map
 * from a kernel's log; a bound otherwise. Of a 32-bit kernel (efimap_is_32bit_kernel()), which
 * has another layout, it must not be asked.
 *
 * Return: 0, -ENOMEM, -EOVERFLOW or -E2BIG.
 */
int efimap_predict(const struct efimap *map, struct efimap_prediction *ret_prediction);

void efimap_prediction_free(struct efimap_prediction *prediction);
#define efimap_auto_prediction __attribute__((cleanup(efimap_prediction_free)))

#endif
