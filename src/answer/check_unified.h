/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef ANSWER_CHECK_UNIFIED_H
#define ANSWER_CHECK_UNIFIED_H

#include "answer/check_result.h"

/* Check that a program extracts the kernel of a unified kernel image. */
struct check_result look_at_unified_image(const struct machine *machine,
					  const struct efimap_load_case *load);

/* Check that the signature of the kernel in a unified kernel image remains valid. */
struct check_result look_at_padding(const struct machine *machine,
				    const struct efimap_load_case *load);

#endif
