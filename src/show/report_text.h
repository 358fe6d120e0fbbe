/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A report as plain text, for a mailing list. */
#ifndef SHOW_REPORT_TEXT_H
#define SHOW_REPORT_TEXT_H

#include "base/output_buffer.h"
#include "capture/capture.h"
#include "rules/received.h"
#include "rules/report.h"

#define REPORT_TEXT_LINES 60U
#define REPORT_TEXT_COLUMNS 76U

/**
 * efimap_report_write_mail() - the machine, the answers, the findings with advice, and the map
 * @map:      the capture; what efimap_redact_capture() leaves out is not written
 * @report:   of verify
 * @received: what received reports of a kernel that kexec started; otherwise NULL
 *
 * At most REPORT_TEXT_LINES lines of REPORT_TEXT_COLUMNS columns. A section that is longer ends
 * with the number of its other lines. Only a word of a command that is longer than a line is
 * written whole.
 *
 * Return: 0, the error of @out, -ENOMEM or -EOVERFLOW.
 */
int efimap_report_write_mail(const struct efimap *map, const struct efimap_report *report,
			     const struct efimap_received *received, struct efimap_out *out);

#endif
