/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: judging what was decoded
 */
#ifndef CHECK_DECODE_CHECK_H
#define CHECK_DECODE_CHECK_H

#include "emulate/decode.h"
#include "model/report.h"

/**
 * efimap_decode_check() - the findings on a binary
 * @decoded:    what it holds, with its oddities
 * @ret_report: free with efimap_report_free(); its verdict is EFIMAP_VERDICT_FAIL when
 *              there is an error; untouched on failure
 *
 * Rules of the families setup and decode, each with the byte offset of what it speaks of.
 *
 * Return: 0, -ENOMEM or -EOVERFLOW.
 */
int efimap_decode_check(const struct efimap_decoded *decoded,
			struct efimap_report **ret_report);

#endif
