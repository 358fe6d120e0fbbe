/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef ANSWER_VERIFY_H
#define ANSWER_VERIFY_H

#include "answer/answer.h"
#include "capture/capture.h"
#include "rules/report.h"
#include "rules/verify_options.h"

/**
 * verify_capture() - check a capture, and answer the questions about kexec and kdump
 * @options: NULL for the defaults. Without files in @options, the files recorded in @map are used.
 *
 * If there is nothing to check, or the runtime map could not be read, the report contains a reason
 * but no findings. The verdict is then
 * - EFIMAP_VERDICT_NOT_APPLICABLE if the kernel was booted without EFI,
 * - EFIMAP_VERDICT_DENIED if permission to read the map was denied,
 * - EFIMAP_VERDICT_UNREADABLE if the directory of the map or /sys/firmware/efi could not be read,
 * - EFIMAP_VERDICT_INCOMPLETE otherwise.
 *
 * The time is O(n log n), where n is the number of map entries, memmap ranges and iomem lines.
 *
 * Return: the report. Free it with report_free().
 */
struct report *verify_capture(const struct efimap *map, const struct verify_options *options);

#endif
