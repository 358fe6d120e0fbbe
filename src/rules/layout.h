/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Predict the virtual addresses of a runtime map. */
#ifndef RULES_LAYOUT_H
#define RULES_LAYOUT_H

#include "capture/capture.h"
#include "linux/virtual_layout.h"
#include "rules/report.h"

/**
 * struct efimap_prediction - the virtual addresses that the kernel's algorithm assigns
 * @layout: the addresses, as far as they can be computed
 * @report: findings of the family predicted-addresses, which have no consequences; owned
 */
struct efimap_prediction {
	struct efimap_layout layout;
	struct efimap_report *report;
};

/**
 * efimap_predict() - compute every virtual address of a map
 * @map:            a capture with a runtime map
 * @ret_prediction: free it with efimap_prediction_free(); not modified on failure
 *
 * The addresses are exact if the map is complete (efi=debug), in mixed mode, and for the firmware's
 * own map from a kernel log. Otherwise only bounds are known. Nothing is predicted for a 32-bit
 * kernel, which has another layout, or for a map from the log of a kexec'd kernel.
 *
 * Return: 0, -ENOMEM, -EOVERFLOW or -E2BIG.
 */
int efimap_predict(const struct efimap *map, struct efimap_prediction *ret_prediction);

void efimap_prediction_free(struct efimap_prediction *prediction);
#define efimap_auto_prediction __attribute__((cleanup(efimap_prediction_free)))

#endif
