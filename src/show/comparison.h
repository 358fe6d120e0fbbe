/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writing a comparison, and a receipt. */
#ifndef SHOW_COMPARISON_H
#define SHOW_COMPARISON_H

#include <stdbool.h>

#include "base/output_buffer.h"
#include "compare/comparison.h"
#include "rules/received.h"
#include "show/text_style.h"

/**
 * efimap_comparison_write_text() - the verdict, entries side by side, findings
 *
 * Entries that differ stand in one row, "FIRST -> SECOND" in the cells that do; the mark
 * is "!" for drift, "-" for one that is lost, "+" for one too many, "~" for a difference
 * that a kernel makes.
 */
int efimap_comparison_write_text(const struct efimap *first, const struct efimap *second,
				 const struct efimap_comparison *comparison,
				 const struct efimap_text_options *options,
				 struct efimap_out *out);

/** efimap_comparison_write_json() - an efimap-comparison document; @second is its "source" */
int efimap_comparison_write_json(const char *first, const char *second,
				 const struct efimap_comparison *comparison, bool compact,
				 struct efimap_out *out);

/** RECEIVED_REMEDY - how a kernel to which EFI has not come gets it back */
#define RECEIVED_REMEDY                                                                  \
	"To get EFI back: boot through the firmware. For the next kexec remove the "     \
	"cause, or "                                                                     \
	"load with the other loader (kexec -s: kexec_file_load, kexec -c: kexec_load)."

/** efimap_received_write_text() - verdict, causes, findings */
int efimap_received_write_text(const struct efimap_received *received,
			       const struct efimap_text_options *options,
			       struct efimap_out *out);

/** efimap_received_write_json() - an efimap-received document */
int efimap_received_write_json(const char *source, const struct efimap_received *received,
			       bool compact, struct efimap_out *out);

extern const struct document document_comparison;
extern const struct document document_received;

#endif
