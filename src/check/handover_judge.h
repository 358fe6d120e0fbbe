/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: judging a hand-over
 *
 * From the receiving side: what did the loader leave for this kernel? Neither kexec-tools
 * nor the kernel says a word when EFI is dropped.
 */
#ifndef CHECK_HANDOVER_JUDGE_H
#define CHECK_HANDOVER_JUDGE_H

#include "model/capture.h"
#include "model/receipt.h"
#include "model/traits.h"

/**
 * efimap_handover_judge() - has EFI reached this kernel?
 * @ret_receipt: free with efimap_receipt_free(); untouched on failure
 *
 * Return: 0, -ENOMEM or -EOVERFLOW.
 */
int efimap_handover_judge(const struct efimap *map, struct efimap_receipt **ret_receipt);

#endif
