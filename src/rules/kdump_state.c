/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Find out whether a panic now would start a crash kernel. */
#include <string.h>

#include "base/enum_name.h"
#include "capture/kernel_parameters.h"
#include "infer/architecture.h"
#include "infer/booted_by.h"
#include "infer/hardware.h"
#include "infer/load_limits.h"
#include "linux/crashkernel_parameter.h"
#include "linux/memory_needs.h"
#include "rules/kdump_state.h"
#include "rules/matched_messages.h"
#include "rules/memory_spans.h"

static const char *const kdump_state_names[] = {
	[EFIMAP_KDUMP_LOADED] = "loaded",
	[EFIMAP_KDUMP_NOT_LOADED] = "not-loaded",
	[EFIMAP_KDUMP_NOT_RESERVED] = "not-reserved",
	[EFIMAP_KDUMP_NOT_CONFIGURED] = "not-configured",
	[EFIMAP_KDUMP_IN_CRASH_KERNEL] = "in-crash-kernel",
	[EFIMAP_KDUMP_UNKNOWN] = "unknown",
};
EFIMAP_NAME_OF(kdump_state)

/* Return the fault of the file with @name in its path, or NULL. */
static const struct capture_fault *find_kexec_fault(const struct efimap *map, const char *name)
{
	for (size_t i = 0; i < map->n_faults; i++)
		if (map->faults[i].source == EFIMAP_SRC_KEXEC && strstr(map->faults[i].where, name))
			return &map->faults[i];
	return NULL;
}

/* Return the reason why it is unknown whether a crash kernel is loaded. */
static const char *find_unread_state(const struct efimap *map, bool is_not_reserved)
{
	const struct capture_fault *fault = find_kexec_fault(map, "crash_loaded");

	if (fault)
		return fault->state == EFIMAP_STATE_DENIED
			       ? "permission to read sys/kernel/kexec_crash_loaded was denied"
			       : "sys/kernel/kexec_crash_loaded cannot be read";
	/* The sentence of the answer says it. */
	if (find_first_origin(map) == EFIMAP_ORIGIN_LOG)
		return NULL;
	if (!capture_is_offline(map))
		return "/sys/kernel/kexec_crash_loaded was not found";
	return is_not_reserved
		       ? "sys/kernel/kexec_crash_loaded was not collected. Probably no crash "
			 "kernel is loaded, because no memory seems to be reserved for one"
		       : "sys/kernel/kexec_crash_loaded was not collected";
}

/*
 * Return whether the end of the kernel parameters in a log may be missing. printk() truncates lines
 * with more than about 970 bytes. Mailing lists and web forms truncate even shorter lines, which
 * are detected if all lines are cut or wrapped at the same column, or if the last word is a prefix
 * of "crashkernel=".
 */
static bool may_cmdline_be_cut(const struct efimap *map)
{
	const char *space = strrchr(map->cmdline, ' '), *last = space ? space + 1 : map->cmdline;

	return map->is_cmdline_cut ||
	       (map->is_cmdline_logged &&
		(strlen(map->cmdline) >= 900 ||
		 (*last && strncmp("crashkernel=", last, strlen(last)) == 0)));
}

/*
 * Return whether the kernel may run under Xen: the kernel log could not be read, and neither a
 * runtime map nor boot_params excludes Xen.
 */
static bool may_be_under_xen(const struct efimap *map)
{
	const enum state log = map->states[EFIMAP_SRC_KERNEL_LOG];

	return log != EFIMAP_STATE_PRESENT && log != EFIMAP_STATE_ABSENT &&
	       !is_other_architecture(map) &&
	       map->states[EFIMAP_SRC_RUNTIME_MAP] == EFIMAP_STATE_ABSENT &&
	       !capture_has(map, EFIMAP_SRC_BOOT_PARAMS);
}

/*
 * Return a contradiction that shows that the files about reserved memory were collected at
 * different times, or that iomem lacks lines, or NULL. In Linux before 6.6, kexec_crash_size is
 * also 0 if only the low part of a reservation above 4 GiB is left. Such a reservation also counts
 * as a contradiction.
 */
static const char *find_contradiction(const struct efimap *map, const struct kexec_state *state,
				      bool is_in_iomem)
{
	if (!knows(state, EFIMAP_VALUE_CRASH_SIZE) || !capture_has(map, EFIMAP_SRC_IOMEM))
		return NULL;
	if (is_clear(state, EFIMAP_VALUE_CRASH_SIZE) && is_in_iomem)
		return "iomem lists memory of a crash kernel, but kexec_crash_size is 0";
	if (value_is_set(state, EFIMAP_VALUE_CRASH_SIZE) && !is_in_iomem)
		return "kexec_crash_size is not 0, but iomem lists no memory of a crash kernel";
	if (iomem_lacks_crash_memory(map))
		return "kexec_crash_size is larger than the memory of the crash kernel in iomem";
	if (is_clear(state, EFIMAP_VALUE_CRASH_SIZE) &&
	    value_is_set(state, EFIMAP_VALUE_CRASH_LOADED))
		return "kexec_crash_loaded is 1, but kexec_crash_size is 0";
	return NULL;
}

/*
 * Return the reason why memory may be reserved for a crash kernel although iomem was read and does
 * not list it, or NULL. kexec_crash_size takes precedence over this reason.
 */
static const char *find_why_maybe_reserved(const struct efimap *map)
{
	if (!capture_has(map, EFIMAP_SRC_IOMEM))
		return NULL;
	if (iomem_lacks_lines(map))
		return "the memory range of the crash kernel is unknown, because proc/iomem is "
		       "incomplete";
	if (find_kexec_fault(map, "crash_size"))
		return "the memory range of the crash kernel is unknown, because "
		       "sys/kernel/kexec_crash_size cannot be read";
	return has_reserved_crashkernel(map)
		       ? "the kernel log shows a reservation for a crash kernel, but proc/iomem "
			 "does not, and sys/kernel/kexec_crash_size, which shows whether the "
			 "memory was released, was not read"
		       : NULL;
}

bool lacks_load_calls(const struct efimap *map)
{
	const struct kernel_config *config = &kexec_of(map)->config;

	return option_is_off(config, EFIMAP_CONFIG_KEXEC) &&
	       option_is_off(config, EFIMAP_CONFIG_KEXEC_FILE);
}

struct kdump find_kdump_state(const struct efimap *map, bool is_in_iomem)
{
	const struct kexec_state *state = kexec_of(map);
	const bool has_cmdline = capture_has(map, EFIMAP_SRC_CMDLINE);
	/* The kernel reports a failure only if crashkernel= is given. */
	const bool has_failed = has_kernel_message(map, EFIMAP_RULE_CRASHKERNEL_FAILED);
	/* A log shows a reservation even if its copy of the parameters is cut. */
	const bool is_requested =
		has_failed ||
		((map->is_cmdline_logged || find_first_origin(map) == EFIMAP_ORIGIN_LOG) &&
		 has_reserved_crashkernel(map)) ||
		(has_cmdline && has_parameter(map, "crashkernel"));
	const bool is_reserved = is_in_iomem || value_is_set(state, EFIMAP_VALUE_CRASH_SIZE);
	const bool is_loaded = value_is_set(state, EFIMAP_VALUE_CRASH_LOADED);
	const bool has_size = knows(state, EFIMAP_VALUE_CRASH_SIZE);
	const char *maybe =
		is_reserved || has_size || has_failed ? NULL : find_why_maybe_reserved(map);
	const bool has_only_low =
		has_cmdline && !may_cmdline_be_cut(map) && has_only_additional_crashkernel(map);
	const bool is_not_reserved =
		!is_reserved && (!maybe || has_only_low) &&
		(has_size || has_only_low || capture_has(map, EFIMAP_SRC_IOMEM) || has_failed);
	/* Neither a crash kernel nor a guest of Xen */
	const bool is_other_kernel =
		!may_be_under_xen(map) &&
		(has_cmdline || find_booted_by(map) == EFIMAP_BOOTED_BY_FIRMWARE);
	struct kdump kdump = {
		.state = EFIMAP_KDUMP_UNKNOWN,
		.contradiction = find_contradiction(map, state, is_in_iomem),
		.why_maybe_reserved = maybe,
	};

	if (is_crash_kernel(map)) {
		kdump.state = EFIMAP_KDUMP_IN_CRASH_KERNEL;
		return kdump;
	}
	/* Xen has its own crashkernel=, which is not in the parameters of a domain's kernel. */
	if (!is_reserved && !is_loaded && is_under_xen(map)) {
		kdump.why = "under Xen, the hypervisor reserves the memory and loads the crash "
			    "kernel";
		return kdump;
	}
	if (lacks_load_calls(map)) {
		kdump.state = EFIMAP_KDUMP_NOT_CONFIGURED;
		return kdump;
	}
	if (!is_reserved && has_cmdline && !is_requested && !is_loaded) {
		if (map->is_cmdline_short) {
			kdump.why = "proc/cmdline ends before a parameter of kdump that is in the "
				    "kernel log";
		} else if (may_cmdline_be_cut(map)) {
			kdump.why = "the kernel parameters in the log may be incomplete";
		} else if (!may_be_under_xen(map)) {
			kdump.state = EFIMAP_KDUMP_NOT_CONFIGURED;
			return kdump;
		}
	}
	kdump.has_load = is_reserved || is_requested || is_loaded;
	if (is_loaded && !kdump.contradiction)
		kdump.state = EFIMAP_KDUMP_LOADED;
	else if (is_not_reserved && is_requested && !is_loaded)
		kdump.state = EFIMAP_KDUMP_NOT_RESERVED;
	else if (is_clear(state, EFIMAP_VALUE_CRASH_LOADED) && (kdump.has_load || is_other_kernel))
		kdump.state = EFIMAP_KDUMP_NOT_LOADED;
	else if (kdump.contradiction || (maybe && find_kexec_fault(map, "crash_size")))
		kdump.why = kdump.contradiction ? kdump.contradiction : maybe;
	else if (is_clear(state, EFIMAP_VALUE_CRASH_LOADED))
		kdump.why =
			"nothing shows whether this kernel runs under Xen, or is a crash kernel";
	else if (!kdump.why)
		kdump.why = find_unread_state(map, !kdump.has_load && is_not_reserved);
	return kdump;
}
