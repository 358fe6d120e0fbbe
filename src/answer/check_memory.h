/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef ANSWER_CHECK_MEMORY_H
#define ANSWER_CHECK_MEMORY_H

#include "answer/check_result.h"

/* The segments of a load must not be larger than half of the running kernel's memory. */
struct check_result look_at_half(const struct machine *machine,
				 const struct efimap_load_case *load);

/* The files and their copies must fit into the available memory. See also the rule load-memory. */
struct check_result look_at_free_memory(const struct machine *machine,
					const struct efimap_load_case *load);

/* A crash kernel and its initrd must fit into reserved memory. See also the rule crash-memory. */
struct check_result look_at_crash_memory(const struct machine *machine,
					 const struct efimap_load_case *load);

/* Without the size of the unpacked initrd, no check shows that the reserved memory suffices. */
struct check_result look_at_unpacked_size(const struct machine *machine,
					  const struct efimap_load_case *load);

#endif
