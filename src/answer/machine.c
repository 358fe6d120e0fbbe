/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Determine the facts that apply to all loads of a run. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "answer/machine.h"
#include "capture/kernel_parameters.h"
#include "infer/architecture.h"
#include "infer/booted_by.h"
#include "infer/hardware.h"
#include "linux/crashkernel_parameter.h"
#include "linux/segment_placement.h"
#include "linux/signature_policy.h"
#include "rules/matched_messages.h"
#include "rules/memory_spans.h"

/* Return the fault of the file with @name in its path, or NULL. */
static const struct efimap_fault *find_kexec_fault(const struct efimap *map, const char *name)
{
	for (size_t i = 0; i < map->n_faults; i++)
		if (map->faults[i].source == EFIMAP_SRC_KEXEC &&
		    strstr(map->faults[i].where, name))
			return &map->faults[i];
	return NULL;
}

/* Return the reason why it is unknown whether a crash kernel is loaded. */
static const char *find_unread_state(const struct efimap *map)
{
	const struct efimap_fault *fault = find_kexec_fault(map, "crash_loaded");

	if (fault)
		return fault->state == EFIMAP_STATE_DENIED ?
			       "permission to read sys/kernel/kexec_crash_loaded was denied" :
			       "sys/kernel/kexec_crash_loaded cannot be read";
	if (efimap_first_origin(map) == EFIMAP_ORIGIN_LOG)
		return "a kernel log does not show it";
	return efimap_is_offline(map) ? "sys/kernel/kexec_crash_loaded was not collected" :
					"/sys/kernel/kexec_crash_loaded was not found";
}

static const char *find_unread_parameters(const struct efimap *map, bool is_not_reserved)
{
	if (efimap_first_origin(map) == EFIMAP_ORIGIN_LOG)
		return "the kernel log does not show the kernel parameters";
	if (!efimap_is_uncollected(map, EFIMAP_SRC_CMDLINE))
		return is_not_reserved ? "no memory is reserved, and the kernel parameters could "
					 "not be read" :
					 "the kernel parameters could not be read";
	return is_not_reserved ? "no memory is reserved, and proc/cmdline was not collected" :
				 "proc/cmdline was not collected";
}

/*
 * Return whether the end of the kernel parameters in a log may be missing. printk() truncates lines
 * with more than about 970 bytes. Mailing lists and web forms truncate even shorter lines, which
 * are detected only if the last word is a prefix of "crashkernel=".
 */
static bool may_cmdline_be_cut(const struct efimap *map)
{
	const char *space = strrchr(map->cmdline, ' '), *last = space ? space + 1 : map->cmdline;

	return efimap_first_origin(map) == EFIMAP_ORIGIN_LOG &&
	       (strlen(map->cmdline) >= 900 ||
		(*last && strncmp("crashkernel=", last, strlen(last)) == 0));
}

/*
 * Return whether the kernel may run under Xen: the kernel log could not be read, and neither a
 * runtime map nor boot_params excludes Xen.
 */
static bool may_be_under_xen(const struct efimap *map)
{
	const enum efimap_state log = map->states[EFIMAP_SRC_KERNEL_LOG];

	return log != EFIMAP_STATE_PRESENT && log != EFIMAP_STATE_ABSENT &&
	       !efimap_is_other_architecture(map) &&
	       map->states[EFIMAP_SRC_RUNTIME_MAP] == EFIMAP_STATE_ABSENT &&
	       !efimap_has(map, EFIMAP_SRC_BOOT_PARAMS);
}

/*
 * Return a contradiction that shows that the files about reserved memory were collected at
 * different times, or NULL. In Linux before 6.6, kexec_crash_size is also 0 if only the low part of
 * a reservation above 4 GiB is left. Such a reservation also counts as a contradiction.
 */
static const char *find_contradiction(const struct efimap *map,
				      const struct efimap_kexec_state *state, bool is_in_iomem)
{
	if (!state->has_crash_size || !efimap_has(map, EFIMAP_SRC_IOMEM))
		return NULL;
	if (state->crash_size == 0 && is_in_iomem)
		return "iomem lists memory of a crash kernel, but kexec_crash_size is 0";
	if (state->crash_size > 0 && !is_in_iomem)
		return "kexec_crash_size is not 0, but iomem lists no memory of a crash kernel";
	if (state->crash_size == 0 && state->crash_loaded == EFIMAP_KNOWN_YES)
		return "kexec_crash_loaded is 1, but kexec_crash_size is 0";
	return NULL;
}

/*
 * Return the reason why memory may be reserved for a crash kernel although iomem was read and does
 * not list it, or NULL. kexec_crash_size takes precedence over this reason.
 */
static const char *find_why_maybe_reserved(const struct efimap *map)
{
	if (!efimap_has(map, EFIMAP_SRC_IOMEM))
		return NULL;
	if (iomem_lacks_end(map))
		return "the memory of the crash kernel is unknown, because the end of proc/iomem "
		       "is missing";
	if (find_kexec_fault(map, "kexec_crash_size"))
		return "the memory of the crash kernel is unknown, because "
		       "sys/kernel/kexec_crash_size cannot be read";
	return efimap_has_reserved_crashkernel(map) ?
		       "the kernel log shows a reservation for a crash kernel, but proc/iomem does "
		       "not, and sys/kernel/kexec_crash_size, which shows whether the memory was "
		       "released, was not read" :
		       NULL;
}

/*
 * Find out whether a panic now would start a crash kernel. Reserved memory takes precedence over
 * the kernel parameters, which only request memory.
 */
static void find_kdump_state(struct machine *machine)
{
	const struct efimap *map = machine->map;
	const struct efimap_kexec_state *state = machine->state;
	const bool has_cmdline = efimap_has(map, EFIMAP_SRC_CMDLINE);
	/* The kernel reports a failure only if crashkernel= is given. */
	const bool has_failed = efimap_has_kernel_message(map, EFIMAP_RULE_CRASHKERNEL_FAILED);
	/* A log shows a reservation even if its copy of the parameters is cut. */
	const bool is_requested = has_failed ||
				  (efimap_first_origin(map) == EFIMAP_ORIGIN_LOG &&
				   efimap_has_reserved_crashkernel(map)) ||
				  (has_cmdline && efimap_has_parameter(map, "crashkernel"));
	const bool is_in_iomem = machine->memory[0].crash_reason == EFIMAP_PLACED;
	const bool is_reserved = is_in_iomem || (state->has_crash_size && state->crash_size > 0);
	const char *maybe = is_reserved || state->has_crash_size || has_failed ?
				    NULL :
				    find_why_maybe_reserved(map);
	const bool is_not_reserved =
		!is_reserved && !maybe &&
		(state->has_crash_size || efimap_has(map, EFIMAP_SRC_IOMEM) || has_failed);

	machine->why_maybe_reserved = maybe;
	machine->contradiction = find_contradiction(map, state, is_in_iomem);
	machine->kdump = EFIMAP_KDUMP_UNKNOWN;
	if (efimap_is_crash_kernel(map)) {
		machine->kdump = EFIMAP_KDUMP_IN_CRASH_KERNEL;
		return;
	}
	/* Xen has its own crashkernel=, which is not in the parameters of a domain's kernel. */
	if (!is_reserved && state->crash_loaded != EFIMAP_KNOWN_YES && efimap_is_under_xen(map)) {
		machine->why_kdump = "under Xen, the hypervisor reserves the memory and loads the "
				     "crash kernel";
		return;
	}
	if (!is_reserved && has_cmdline && !is_requested &&
	    state->crash_loaded != EFIMAP_KNOWN_YES) {
		if (may_cmdline_be_cut(map))
			machine->why_kdump = "the kernel parameters in the log may be incomplete";
		else if (may_be_under_xen(map))
			machine->why_kdump = "the kernel log, which shows whether the kernel runs "
					     "under Xen, could not be read";
		else
			machine->kdump = EFIMAP_KDUMP_NOT_CONFIGURED;
		return;
	}
	machine->has_crash_load =
		is_reserved || is_requested || state->crash_loaded == EFIMAP_KNOWN_YES;
	if (machine->contradiction) {
		machine->why_kdump = machine->contradiction;
	} else if (state->crash_loaded == EFIMAP_KNOWN_YES) {
		machine->kdump = EFIMAP_KDUMP_LOADED;
		machine->uses_record = state->loaded_args && !machine->options.only_configured;
	} else if (is_not_reserved && is_requested) {
		machine->kdump = EFIMAP_KDUMP_NOT_RESERVED;
	} else if (machine->has_crash_load && state->crash_loaded == EFIMAP_KNOWN_NO) {
		machine->kdump = EFIMAP_KDUMP_NOT_LOADED;
	} else {
		machine->why_kdump = machine->has_crash_load ?
					     find_unread_state(map) :
					     find_unread_parameters(map, is_not_reserved);
	}
}

/*
 * Return the reason why the running kernel may be locked down, or NULL. Distributions lock the
 * kernel down if Secure Boot is enabled.
 */
static const char *find_why_maybe_locked_down(const struct machine *machine)
{
	const struct efimap *map = machine->map;
	/*
	 * The log would contain the message of a kernel that is locked down at boot
	 * (security/lockdown/lockdown.c: lock_kernel_down). The log of a tree is usually complete
	 * from its first message on, but a log that is the only source may be an excerpt.
	 */
	const bool is_log_whole = efimap_first_origin(map) == EFIMAP_ORIGIN_LOG ?
					  map->log_has_start :
					  efimap_log_contains(map, "Linux version");

	if (machine->state->lockdown != EFIMAP_LOCKDOWN_UNKNOWN || machine->is_locked_down ||
	    is_log_whole)
		return NULL;
	if (efimap_has_parameter(map, "lockdown"))
		return "lockdown= is in the kernel parameters, and sys/kernel/security/lockdown, "
		       "which shows whether the kernel is locked down, was not read";
	return efimap_secure_boot_of(map) == EFIMAP_SECURE_BOOT_ENABLED ?
		       "Secure Boot is enabled, and sys/kernel/security/lockdown, which shows "
		       "whether the kernel is locked down, was not read" :
		       NULL;
}

bool machine_is_load_disabled(const struct machine *machine)
{
	const enum efimap_known disabled = machine->state->load_disabled;

	return disabled == EFIMAP_KNOWN_YES ||
	       (!disabled && efimap_has_parameter(machine->map,
						  "sysctl.kernel.kexec_load_disabled=1"));
}

bool machine_needs_reboot(const struct machine *machine)
{
	const int32_t limit = machine->state->panic_limit;

	/*
	 * A kdump service unloads the crash kernel first, and the limit counts the unload and the
	 * load (kernel/kexec_core.c: kexec_load_permitted).
	 */
	return machine->kdump == EFIMAP_KDUMP_LOADED &&
	       (machine_is_load_disabled(machine) || limit == 0 || limit == 1);
}

bool machine_asks_about_next(const struct machine *machine)
{
	return machine->options.only_configured || machine->options.n_kernels > 0;
}

int machine_open(const struct efimap *map, const struct efimap_verify_options *options,
		 struct machine *ret_machine)
{
	struct machine *machine = ret_machine;
	struct efimap_verify_options *used = &machine->options;

	*machine = (struct machine){
		.map = map,
		.state = efimap_kexec_of(map),
		.arena = &machine->own,
		.assumed = { .initrd = "" },
	};
	if (options)
		*used = *options;
	if (map->given && !used->n_kernels && !used->has_initrd_size && !used->segments)
		efimap_verify_given(map->given, used);
	machine->assumed.has_initrd_size = used->has_initrd_size;
	machine->assumed.initrd_size = used->initrd_size;
	machine->assumed.unpacked = used->unpacked;
	machine->is_locked_down = efimap_is_locked_down(map);
	machine->why_maybe_locked_down = find_why_maybe_locked_down(machine);
	machine->has_assumed_header = efimap_assume_image(map, &machine->assumed.header,
							  &machine->assumed_init_size_max);
	for (unsigned int i = 0; i < EFIMAP_LOADER_COUNT; i++) {
		const int ret = efimap_load_memory_make(map, (enum efimap_loader)i,
							&machine->memory[i]);

		if (ret)
			return ret;
	}
	find_kdump_state(machine);
	return 0;
}

/*
 * If the selected boot of a log is that of a crash kernel, advise the user to select the previous
 * boot, which is more likely to be of interest.
 */
static int advise_other_boot(struct machine *machine)
{
	const struct efimap *map = machine->map;

	if (machine->kdump != EFIMAP_KDUMP_IN_CRASH_KERNEL || map->boot < 2)
		return 0;
	machine->other_boot = efimap_arena_printf(machine->arena, "Use --boot=%" PRIu32 " to check "
						  "the kernel that crashed", map->boot - 1);
	if (!machine->why_unknown)
		return machine->other_boot ? 0 : -ENOMEM;
	machine->why_unknown = efimap_arena_printf(
		machine->arena, "boot %" PRIu32 " of this log is the boot of a crash kernel, and "
		"the log does not show its map", map->boot);
	return machine->other_boot && machine->why_unknown ? 0 : -ENOMEM;
}

int machine_check(struct machine *machine, struct efimap_report *report)
{
	const int ret = check_capture(machine->map, &machine->options, report, &machine->rules);

	machine->report = report;
	machine->arena = &report->arena;
	if (report->missed != EFIMAP_VERDICT_PASS)
		machine->why_unknown = report->reason;
	else if (*report->unseen)
		machine->why_unknown = report->unseen;
	return ret ? ret : advise_other_boot(machine);
}

void machine_close(struct machine *machine)
{
	if (machine->report)
		close_rules(&machine->rules.run);
	for (unsigned int i = 0; i < EFIMAP_LOADER_COUNT; i++)
		efimap_load_memory_free(&machine->memory[i]);
	efimap_arena_free(&machine->own);
}
