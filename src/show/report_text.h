/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SHOW_REPORT_TEXT_H
#define SHOW_REPORT_TEXT_H

#include "base/output_buffer.h"
#include "capture/capture.h"
#include "compare/received.h"
#include "rules/report.h"

#define REPORT_TEXT_LINES 120U
#define REPORT_TEXT_COLUMNS 100U

/**
 * report_write_mail() - write facts about a machine for kernel developers
 * @map:      the capture of a redacted recording
 * @report:   report of verify
 * @received: result of "efimapctl received" if kexec started the kernel, otherwise NULL
 * @width:    width of the terminal; 0 if there is none
 *
 * The report has at most REPORT_TEXT_LINES lines of at most REPORT_TEXT_COLUMNS columns. A section
 * that is shortened ends with the number of omitted lines.
 */
void report_write_mail(const struct efimap *map, const struct report *report,
		       const struct received *received, unsigned int width, struct out *out);

#endif
