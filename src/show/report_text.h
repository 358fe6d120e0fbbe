/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Write a report as plain text for a mailing list. */
#ifndef SHOW_REPORT_TEXT_H
#define SHOW_REPORT_TEXT_H

#include "base/output_buffer.h"
#include "capture/capture.h"
#include "rules/received.h"
#include "rules/report.h"

#define REPORT_TEXT_LINES 60U
#define REPORT_TEXT_COLUMNS 76U

/**
 * efimap_report_write_mail() - Write the machine, the answers, the findings, and the map
 * @map:      the capture; data that efimap_redact_capture() removes is not written
 * @report:   report of verify
 * @received: result of received if kexec started the kernel, otherwise NULL
 *
 * The report has at most REPORT_TEXT_LINES lines of REPORT_TEXT_COLUMNS columns. If a section is
 * too long, it ends with the number of lines that were left out. A word of a command is never
 * truncated, so a line with such a word can be longer.
 *
 * Return: 0, the error of @out, -ENOMEM or -EOVERFLOW.
 */
int efimap_report_write_mail(const struct efimap *map, const struct efimap_report *report,
			     const struct efimap_received *received, struct efimap_out *out);

#endif
