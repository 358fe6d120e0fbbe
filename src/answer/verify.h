/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a capture to a report with answers. */
#ifndef ANSWER_VERIFY_H
#define ANSWER_VERIFY_H

#include "answer/answers.h"
#include "capture/capture.h"
#include "rules/report.h"
#include "rules/verify_options.h"

/**
 * efimap_verify() - judge a capture, and answer the questions about kexec and kdump
 * @options:    NULL for the defaults
 * @ret_report: free with efimap_report_free(); untouched on failure
 *
 * A machine booted without EFI yields EFIMAP_VERDICT_NOT_APPLICABLE, a runtime map that
 * may not be read EFIMAP_VERDICT_DENIED, one whose directory is none or fails
 * EFIMAP_VERDICT_UNREADABLE, each with a reason and no findings.
 * Time is O(n log n) in entries, ranges and lines together.
 *
 * Return: 0, -ENOMEM, -EOVERFLOW or -E2BIG.
 */
int efimap_verify(const struct efimap *map, const struct efimap_verify_options *options,
		  struct efimap_report **ret_report);

#endif
