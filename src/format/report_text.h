/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What text, pictures and pages say alike of a report. */
#ifndef FORMAT_REPORT_TEXT_H
#define FORMAT_REPORT_TEXT_H

#include "base/out.h"
#include "model/report.h"

/** report_text_counts() - "0 errors, 1 warning, 2 notes", and what else makes that less */
void report_text_counts(const struct efimap_report *report, struct efimap_out *out);

#endif
