/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef ANSWER_CHECK_MEMORY_H
#define ANSWER_CHECK_MEMORY_H

#include "answer/check_result.h"

/* Check that all segments together are not larger than half of the running kernel's memory. */
struct check_result look_at_half(const struct machine *machine,
				 const struct efimap_load_case *load);

/* Check that the files and their copies fit into available memory. See also rule load-memory. */
struct check_result look_at_free_memory(const struct machine *machine,
					const struct efimap_load_case *load);

/* Check that a crash kernel fits into reserved memory. See also the rule crash-memory. */
struct check_result look_at_crash_memory(const struct machine *machine,
					 const struct efimap_load_case *load);

/* Check whether the crash kernel reserves memory because of crashkernel= in its own parameters. */
struct check_result look_at_own_reservation(const struct machine *machine,
					    const struct efimap_load_case *load);

/* Check that the size of the unpacked initrd, and thus the need of a crash kernel, is known. */
struct check_result look_at_unpacked_size(const struct machine *machine,
					  const struct efimap_load_case *load);

#endif
