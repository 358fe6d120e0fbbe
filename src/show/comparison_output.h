/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SHOW_COMPARISON_OUTPUT_H
#define SHOW_COMPARISON_OUTPUT_H

#include <stdbool.h>

#include "base/output_buffer.h"
#include "compare/comparison.h"
#include "show/text_style.h"

/**
 * comparison_write_text() - write the answer, the verdict, the entries, and the findings
 *
 * A row shows a pair of entries, or an entry that only FIRST or only SECOND has. A cell with two
 * different values shows "FIRST -> SECOND". The mark of a row is "!" for drift, "-" for a lost
 * entry, "+" for an extra entry, and "~" for an expected difference. Rows with the mark "~" or
 * without a mark are shown only in verbose output.
 */
void comparison_write_text(const struct efimap *first, const struct efimap *second,
			   const struct comparison *comparison, const struct text_options *options,
			   struct out *out);

#endif
