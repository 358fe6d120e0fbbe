/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef ANSWER_CHECK_KERNEL_BUGS_H
#define ANSWER_CHECK_KERNEL_BUGS_H

#include "answer/check_result.h"

/* Check for bugs of the running kernel or the next kernel that affect this machine. */
struct check_result look_at_kernel_bugs(const struct machine *machine,
					const struct efimap_load_case *load);

/* Report that the kernel log, which shows whether a bug affects this machine, was not read. */
struct check_result look_for_kernel_bugs(const struct machine *machine,
					 const struct efimap_load_case *load);

#endif
