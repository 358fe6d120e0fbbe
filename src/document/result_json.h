/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Write the documents with the results of verify, compare and received. */
#ifndef DOCUMENT_RESULT_JSON_H
#define DOCUMENT_RESULT_JSON_H

#include "base/output_buffer.h"
#include "compare/comparison.h"
#include "compare/received.h"
#include "rules/report.h"

/* Write an efimap-report document. @source is the operand of verify. */
void report_write_json(const struct report *report, const char *source, bool compact,
		       struct out *out);

/*
 * Write an efimap-comparison document. @second is SECOND as given on the command line, which is
 * also the value of the member "source".
 */
void comparison_write_json(const char *first, const char *second,
			   const struct comparison *comparison, bool compact, struct out *out);

void received_write_json(const struct received *received, const char *source, struct out *out);

#endif
