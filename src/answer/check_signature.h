/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef ANSWER_CHECK_SIGNATURE_H
#define ANSWER_CHECK_SIGNATURE_H

#include "answer/check_result.h"

/* kexec_file_load may require a signature. */
struct check_result look_at_signature(const struct machine *machine,
				      const struct efimap_load_case *load);

/* With Secure Boot, IMA may refuse kexec_load. */
struct check_result look_at_ima(const struct machine *machine,
				const struct efimap_load_case *load);

#endif
