/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The virtual addresses that the kernel's algorithm yields. */
#ifndef RULES_LAYOUT_H
#define RULES_LAYOUT_H

#include "capture/capture.h"
#include "linux/virtual_layout.h"
#include "rules/report.h"

/**
 * struct efimap_prediction - the virtual addresses that the kernel's algorithm yields
 * @layout: the addresses, as far as they can be computed
 * @report: findings of the family predicted-addresses, owned; they change nothing for any kernel
 */
struct efimap_prediction {
	struct efimap_layout layout;
	struct efimap_report *report;
};

/**
 * efimap_predict() - recompute every virtual address
 * @map:            a capture with a runtime map
 * @ret_prediction: free with efimap_prediction_free(); untouched on failure
 *
 * Exact where the map is complete (efi=debug), in mixed mode and for the firmware's own map
 * from a kernel's log; a bound otherwise. Nothing is predicted for a 32-bit kernel, whose
 * layout differs, nor for a map that the log of a kexec'ed kernel shows.
 *
 * Return: 0, -ENOMEM, -EOVERFLOW or -E2BIG.
 */
int efimap_predict(const struct efimap *map, struct efimap_prediction *ret_prediction);

void efimap_prediction_free(struct efimap_prediction *prediction);
#define efimap_auto_prediction __attribute__((cleanup(efimap_prediction_free)))

#endif
