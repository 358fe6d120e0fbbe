/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SHOW_REPORT_TEXT_H
#define SHOW_REPORT_TEXT_H

#include "base/output_buffer.h"
#include "capture/capture.h"
#include "compare/received.h"
#include "rules/report.h"

#define REPORT_TEXT_LINES 60U
#define REPORT_TEXT_COLUMNS 76U

/**
 * report_write_mail() - write the machine, the answers, the findings, and the map
 * @map:      the capture of a redacted recording
 * @report:   report of verify
 * @received: result of "efimapctl received" if kexec started the kernel, otherwise NULL
 *
 * The report has at most REPORT_TEXT_LINES lines of at most REPORT_TEXT_COLUMNS columns. Only a
 * command that text_command() cannot shorten is wider. A section that is shortened ends with the
 * number of omitted lines and a command that shows these lines.
 */
void report_write_mail(const struct efimap *map, const struct report *report,
		       const struct received *received, struct out *out);

#endif
