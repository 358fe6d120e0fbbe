/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a loader left for a kernel. */
#ifndef RULES_RECEIVED_SETUP_DATA_H
#define RULES_RECEIVED_SETUP_DATA_H

#include "capture/capture.h"
#include "rules/receipt.h"

/**
 * efimap_handover_judge() - has EFI reached this kernel?
 * @ret_receipt: free with efimap_receipt_free(); untouched on failure
 *
 * Return: 0, -ENOMEM or -EOVERFLOW.
 */
int efimap_handover_judge(const struct efimap *map, struct efimap_receipt **ret_receipt);

#endif
