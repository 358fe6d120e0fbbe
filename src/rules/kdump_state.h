/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RULES_KDUMP_STATE_H
#define RULES_KDUMP_STATE_H

#include "capture/installed_kernels.h"

/**
 * enum kdump_state - whether a panic now would start a crash kernel, or the reason why not
 * @EFIMAP_KDUMP_NOT_RESERVED:    crashkernel= is given, but no memory is reserved
 * @EFIMAP_KDUMP_NOT_CONFIGURED:  crashkernel= is not given
 * @EFIMAP_KDUMP_IN_CRASH_KERNEL: the running kernel is a crash kernel
 */
enum kdump_state {
	EFIMAP_KDUMP_LOADED,
	EFIMAP_KDUMP_NOT_LOADED,
	EFIMAP_KDUMP_NOT_RESERVED,
	EFIMAP_KDUMP_NOT_CONFIGURED,
	EFIMAP_KDUMP_IN_CRASH_KERNEL,
	EFIMAP_KDUMP_UNKNOWN,
};

#define EFIMAP_KDUMP_STATE_COUNT (EFIMAP_KDUMP_UNKNOWN + 1)

const char *kdump_state_name(unsigned int state);

/*
 * struct kdump - the state of kdump
 * @state:    whether a panic now would start a crash kernel
 * @why:      the reason why @state is EFIMAP_KDUMP_UNKNOWN
 * @contradiction: a contradiction between the files about reserved memory, or NULL
 * @why_maybe_reserved: the reason why memory may be reserved for a crash kernel although the iomem
 *            that was read does not list it, or NULL
 * @has_load: the running kernel is not itself a crash kernel, and a crash kernel is loaded, or
 *            memory for one is reserved or requested
 */
struct kdump {
	enum kdump_state state;
	const char *why;
	const char *contradiction;
	const char *why_maybe_reserved;
	bool has_load;
};

/*
 * find_kdump_state() - find out whether a panic now would start a crash kernel
 * @is_in_iomem: iomem lists memory that is reserved for a crash kernel
 *
 * Reserved memory takes precedence over the kernel parameters, which only request memory.
 */
struct kdump find_kdump_state(const struct efimap *map, bool is_in_iomem);

/* Return whether the running kernel has no system call that loads a kernel. */
bool lacks_load_calls(const struct efimap *map);

#endif
