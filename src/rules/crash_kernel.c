/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules about the crash kernel: which one is loaded, its configuration, and the panic. */
#include <string.h>

#include "capture/kernel_parameters.h"
#include "infer/hardware.h"
#include "infer/linux_changes.h"
#include "rules/load_rules.h"
#include "rules/machine.h"
#include "rules/memory_spans.h"
#include "rules/read_facts.h"
#include "rules/unread_verdict.h"

bool rule_crash_range_unread(const struct facts_for_rules *c, struct match *match)
{
	const struct machine *machine = c->machine;
	const struct efimap *map = machine->map;

	if (c->load->has_crash)
		return false;
	if (machine->kdump.why_maybe_reserved)
		return as_because(match, VARIANT_USUAL, machine->kdump.why_maybe_reserved);
	if (!capture_lacks(map, EFIMAP_SRC_IOMEM))
		return false;
	return as_because(
		match, VARIANT_USUAL,
		find_first_origin(map) == EFIMAP_ORIGIN_LOG
			? "the memory range of the crash kernel is unknown, because a kernel log "
			  "does not contain proc/iomem"
			: "the memory range of the crash kernel is unknown, because proc/iomem was "
			  "not collected");
}

bool rule_crash_kernel_unknown(const struct facts_for_rules *c, struct match *match)
{
	const struct machine *machine = c->machine;
	const struct load_case *load = c->load;
	static const char name[] =
		"Name the loaded kernel and its initrd with --kernel and --initrd";

	if (load->question != EFIMAP_QUESTION_KDUMP)
		return false;
	if (!load->is_loaded)
		return machine->state->crash.is_off &&
		       as_advised(match, VARIANT_SWITCHED_OFF,
				  "Set USE_KDUMP=1 in /etc/default/kdump-tools, then run "
				  "kdump-config load");
	if (load->is_assumed && machine->state->crash.is_off)
		return as_advised(match, VARIANT_SERVICE_OFF, name);
	if (machine->state->record.is_old == EFIMAP_KNOWN_YES)
		return as_because_advised(match, VARIANT_OLD_RECORD,
					  "/" EFIMAP_LOAD_RECORD
					  " is of an earlier boot, of unknown age or damaged, so a "
					  "program other than kdump-config may have loaded the "
					  "kernel",
					  name);
	/*
	 * If neither the configuration of a kdump service nor the record of a load was found, a
	 * script or unit of the administrator may have loaded the kernel, or a container may hide
	 * the configuration. The load may have used another image or noefi. An offline capture is
	 * not checked, because it may lack a configuration that the machine has.
	 */
	if (load->is_assumed && !machine->uses_record &&
	    machine->state->crash.service == EFIMAP_CRASH_SERVICE_UNKNOWN &&
	    !capture_is_offline(machine->map))
		return as_advised(match, VARIANT_UNNAMED, name);
	return false;
}

/*
 * Check for crash_kexec_post_notifiers. With this parameter, efi_pstore calls the firmware to save
 * the kernel log before the crash kernel starts (kernel/panic.c). Linux sets the parameter on a
 * host of SEV-SNP guests, because a notifier shuts down SNP for the crash kernel
 * (arch/x86/virt/svm/sev.c: snp_rmptable_init). On such a host, users must not clear the parameter.
 */
bool rule_panic_notifiers(const struct facts_for_rules *c, struct match *match)
{
	if (!fact_is_yes(snp_host(c->map)) &&
	    !log_contains(c->map, "SEV-SNP: RMP table physical range"))
		set_text(match, VALUE_ADVICE,
			 "To start the crash kernel without a firmware call, write N to "
			 "/sys/module/kernel/parameters/crash_kexec_post_notifiers");
	return match_fact(match, fact_and(runs_notifiers(c->map), stores_log_in_efi(c->map)));
}

bool rule_crash_cpus(const struct facts_for_rules *c, struct match *match)
{
	const struct load_case *load = c->load;
	const struct kexec_state *state = c->machine->state;
	const bool is_suse = state->crash.service == EFIMAP_CRASH_SERVICE_SUSE;
	const struct fact has_one_cpu =
		fact_presumed(value_is(c->map, EFIMAP_VALUE_CPUS_POSSIBLE, 1), EFIMAP_KNOWN_NO,
			      "more than one CPU");
	const struct fact sends_init =
		fact_and(fact_not(has_one_cpu),
			 fact_not(contains(&load->release, EFIMAP_CHANGE_DETECTS_FIRST_CPU)));
	/* A value of KDUMP_CMDLINE_APPEND replaces the default. */
	const char *advice = LOAD_AGAIN(
		c->machine, "Add nr_cpus=1 to KDUMP_CMDLINE_APPEND in the configuration of "
			    "kdump-config, keep the default parameters in this variable, and ");

	if (is_suse)
		advice = LOAD_AGAIN(c->machine, "Add nr_cpus=1 to KDUMP_COMMANDLINE_APPEND in "
						"/etc/sysconfig/kdump, and ");
	else if (load->kernel->is_loaded && cmdline_spares_first_cpu(state->crash.cmdline))
		advice = LOAD_AGAIN(c->machine, "The configuration of kdump-config contains "
						"nr_cpus=1 or a similar parameter. To use it, ");
	set_text(match, VALUE_ADVICE, advice);
	return match_fact(match, fact_and(sends_init, fact_not(load_spares_first_cpu(load))));
}

/* The record of a load contains the parameters of a loaded kernel. */
bool rule_crash_settings(const struct facts_for_rules *c, struct match *match)
{
	const struct machine *machine = c->machine;
	const struct load_case *load = c->load;
	const char *name = machine->state->crash.unexpanded;

	return !load->kernel->is_loaded && name && !capture_is_offline(machine->map) &&
	       as_because(match, VARIANT_USUAL,
			  arena_printf(machine->arena,
				       "only a shell can determine the value of %s, which affects "
				       "the crash kernel",
				       name));
}
