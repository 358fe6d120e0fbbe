/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Predict the virtual addresses of a capture. */
#ifndef LINUX_PREDICTED_ADDRESSES_H
#define LINUX_PREDICTED_ADDRESSES_H

#include "capture/capture.h"
#include "linux/virtual_layout.h"

/* Return whether the map contains all regions that the kernel mapped. */
bool efimap_layout_is_complete(const struct efimap *map);

/*
 * Compute the virtual addresses of a map.
 *
 * @ret_layout: free it with efimap_layout_free(); not modified on failure
 *
 * The addresses are exact if the map is complete (efi=debug), if the kernel runs in mixed mode, or
 * if they were computed from the firmware's map in a kernel log. Otherwise, only bounds are known.
 * If nothing can be predicted, @ret_layout->reason is not NULL.
 *
 * Return 0 or -ENOMEM.
 */
int efimap_predict(const struct efimap *map, struct efimap_layout *ret_layout);

void efimap_layout_free(struct efimap_layout *layout);
#define efimap_auto_layout __attribute__((cleanup(efimap_layout_free)))

#endif
