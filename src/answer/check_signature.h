/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef ANSWER_CHECK_SIGNATURE_H
#define ANSWER_CHECK_SIGNATURE_H

#include "answer/check_result.h"

/* Check that the image has a signature if kexec_file_load requires one. */
struct check_result look_at_signature(const struct machine *machine,
				      const struct efimap_load_case *load);

/* Check that IMA permits kexec_load. */
struct check_result look_at_ima(const struct machine *machine,
				const struct efimap_load_case *load);

#endif
