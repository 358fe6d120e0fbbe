/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the writers of a comparison share. */
#ifndef FORMAT_COMPARISON_H
#define FORMAT_COMPARISON_H

#include "format/format.h"

/** comparison_write_table() - entries side by side; nothing where there is no row */
int comparison_write_table(const struct efimap *first, const struct efimap *second,
			   const struct efimap_comparison *comparison,
			   const struct efimap_comparison_options *options,
			   struct efimap_out *out);

#endif
