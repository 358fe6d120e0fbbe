/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef ANSWER_VERIFY_H
#define ANSWER_VERIFY_H

#include "answer/answers.h"
#include "capture/capture.h"
#include "rules/report.h"
#include "rules/verify_options.h"

/**
 * efimap_verify() - check a capture, and answer the questions about kexec and kdump
 * @options:    NULL for the defaults
 * @ret_report: free it with efimap_report_free(); not modified on failure
 *
 * In the following cases, the report contains a reason but no findings. If the machine was booted
 * without EFI, the verdict is EFIMAP_VERDICT_NOT_APPLICABLE. If permission to read the runtime map
 * was denied, it is EFIMAP_VERDICT_DENIED. If the path of the map is not a directory, or the
 * directory cannot be read, it is EFIMAP_VERDICT_UNREADABLE. If the map was not collected, it is
 * EFIMAP_VERDICT_INCOMPLETE.
 *
 * The time is O(n log n), where n is the number of entries, ranges and lines.
 *
 * Return: 0, -ENOMEM, -EOVERFLOW or -E2BIG.
 */
int efimap_verify(const struct efimap *map, const struct efimap_verify_options *options,
		  struct efimap_report **ret_report);

#endif
