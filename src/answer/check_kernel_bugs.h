/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef ANSWER_CHECK_KERNEL_BUGS_H
#define ANSWER_CHECK_KERNEL_BUGS_H

#include "answer/check_result.h"

/* Check for bugs of the running kernel or the next kernel that affect this machine. */
struct check_result look_at_kernel_bugs(const struct machine *machine,
					const struct efimap_load_case *load);

/* Name the bugs for which the capture does not show whether they affect this machine. */
struct check_result look_for_kernel_bugs(const struct machine *machine,
					 const struct efimap_load_case *load);

/* Check that virtual machines on this machine do not stop the next kernel. */
struct check_result look_at_guests(const struct machine *machine,
				   const struct efimap_load_case *load);

#endif
