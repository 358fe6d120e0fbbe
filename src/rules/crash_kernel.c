/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules about the crash kernel: its record, its configuration, and the panic. */
#include <string.h>

#include "base/text_set.h"
#include "capture/kernel_parameters.h"
#include "infer/hardware.h"
#include "infer/linux_changes.h"
#include "rules/load_rules.h"
#include "rules/machine.h"
#include "rules/memory_spans.h"
#include "rules/read_facts.h"
#include "rules/unread_verdict.h"

/* Check that the memory of the crash kernel is known, because it may contain firmware memory. */
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

	if (load->is_unnamed && load->question == EFIMAP_QUESTION_KDUMP && !load->is_loaded &&
	    machine->state->crash.is_off)
		return as_advised(match, VARIANT_SWITCHED_OFF,
				  "Set USE_KDUMP=1 in /etc/default/kdump-tools, then run "
				  "kdump-config load");
	if (load->is_unnamed)
		return as(match, VARIANT_USUAL);
	if (load->question != EFIMAP_QUESTION_KDUMP || machine->kdump.state != EFIMAP_KDUMP_LOADED)
		return false;
	if (load->is_assumed && machine->state->crash.is_off)
		return as_advised(match, VARIANT_SERVICE_OFF, name);
	if (machine->state->record.is_old == EFIMAP_KNOWN_YES &&
	    !machine_asks_about_next(machine)) {
		const char *path = arena_printf(machine->arena, "/%s", machine->state->record.path);

		return as_because_advised(
			match, VARIANT_OLD_RECORD,
			arena_printf(machine->arena,
				     "%s is older than the last boot, so a program other than "
				     "kdump-config may have loaded the kernel",
				     text_mark(machine->arena, path)),
			name);
	}
	/*
	 * If neither the configuration of a kdump service nor the record of a load was found, a
	 * script or unit of the administrator may have loaded the kernel, or a container may hide
	 * the configuration. The load may have used another image, --noefi or noefi. An offline
	 * capture is not checked, because it may lack a configuration that the machine has.
	 */
	if (load->is_assumed && load->is_loaded && !machine->uses_record &&
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
	return match_fact(match, fact_then(runs_notifiers(c->map), stores_log_in_efi(c->map)));
}

/*
 * Check whether the crash kernel resets the machine if the panic occurs on a CPU other than the
 * first one. Before Linux 6.9, a crash kernel that starts all CPUs also sends INIT to the first CPU
 * (5c5682b9f87a, "x86/cpu: Detect real BSP on crash kernels"). kdumpctl always adds a parameter
 * that prevents the INIT. The kdump service of SUSE adds this parameter only if KDUMP_COMMANDLINE
 * is empty.
 */
bool rule_crash_cpus(const struct facts_for_rules *c, struct match *match)
{
	const struct load_case *load = c->load;
	const struct kexec_state *state = c->machine->state;
	const bool is_suse = state->crash.service == EFIMAP_CRASH_SERVICE_SUSE;
	const bool is_of_kdumpctl =
		!load->kernel->is_loaded && state->crash.service == EFIMAP_CRASH_SERVICE_KDUMPCTL;
	const struct fact has_one_cpu =
		fact_presumed(value_is(c->map, EFIMAP_NEEDED_CPUS_POSSIBLE, 1), EFIMAP_KNOWN_NO,
			      "more than one CPU");
	const struct fact sends_init =
		fact_and(fact_not(has_one_cpu),
			 fact_not(contains(&load->release, EFIMAP_CHANGE_DETECTS_FIRST_CPU)));
	/* A value of KDUMP_CMDLINE_APPEND replaces the default. */
	const char *advice = LOAD_AGAIN(
		c->machine, "Add nr_cpus=1 to KDUMP_CMDLINE_APPEND in the configuration of "
			    "kdump-config, keep the default parameters in this variable, and ");

	if (is_of_kdumpctl)
		return false;
	if (is_suse)
		advice = LOAD_AGAIN(c->machine, "Add nr_cpus=1 to KDUMP_COMMANDLINE_APPEND in "
						"/etc/sysconfig/kdump, and ");
	else if (load->kernel->is_loaded && cmdline_spares_first_cpu(state->crash.cmdline))
		advice = LOAD_AGAIN(c->machine, "The configuration of kdump-config contains "
						"nr_cpus=1 or a similar parameter. To use it, ");
	set_text(match, VALUE_ADVICE, advice);
	return match_hinted(match, fact_then(sends_init, fact_not(load_spares_first_cpu(load))),
			    fact_then(sends_init, fact_of(!load->cmdline)), VARIANT_UNREAD);
}

/*
 * Check for memory that was plugged in after the boot. The ACPI driver of the crash kernel adds it
 * again (drivers/acpi/acpi_memhotplug.c), so the crash kernel may run out of memory, or overwrite
 * memory that belongs in the dump. kdumpctl and the service of SUSE set acpi_no_memhotplug.
 */
bool rule_crash_plugged_memory(const struct facts_for_rules *c, struct match *match)
{
	const struct load_case *load = c->load;
	const enum kdump_service_kind service = c->machine->state->crash.service;
	const struct fact is_plugged = memory_was_plugged(c->map);

	if ((!load->kernel->is_loaded && service != EFIMAP_CRASH_SERVICE_KDUMP_CONFIG &&
	     service != EFIMAP_CRASH_SERVICE_UNKNOWN) ||
	    is_hyperv_guest(c->map) == EFIMAP_KNOWN_YES || fact_is_yes(under_xen(c->map)))
		return false;
	set_text(match, VALUE_ADVICE,
		 service == EFIMAP_CRASH_SERVICE_UNKNOWN
			 ? "Load the crash kernel again, with acpi_no_memhotplug in its parameters "
			   "(kexec -p --append)"
			 : LOAD_AGAIN(c->machine,
				      "Add acpi_no_memhotplug to KDUMP_CMDLINE_APPEND in the "
				      "configuration of kdump-config, keep the default parameters "
				      "in this variable, and "));
	return match_hinted(
		match, fact_then(is_plugged, fact_not(load_parameter(load, "acpi_no_memhotplug"))),
		is_plugged, VARIANT_USUAL);
}

/*
 * Check for a host of SEV-SNP guests. While such a guest runs, the firmware refuses to shut down
 * SNP. A crash kernel before Linux 6.18 then panics, because the IOMMU rejects the buffers of the
 * crash kernel ("timer doesn't work through Interrupt-remapped IO-APIC").
 */
bool rule_snp_host(const struct facts_for_rules *c, struct match *match)
{
	const struct fact is_corrected = contains(&c->load->release, EFIMAP_CHANGE_DUMPS_SNP_HOST);

	/* At a panic, only a panic notifier shuts down SNP (drivers/crypto/ccp/sev-dev.c). */
	if (!fact_is_yes(value_is(c->map, EFIMAP_NEEDED_NOTIFIERS, 0)))
		use_variant(match, VARIANT_GUEST);
	return match_fact(match, fact_then(snp_host(c->map), fact_not(is_corrected)));
}

static void set_record(const struct machine *machine, struct match *match)
{
	set_format(match, VALUE_RECORD, "%s%s", source_path_prefix(machine->map, EFIMAP_SRC_KEXEC),
		   machine->state->record.path);
}

/*
 * Check that the record of the loaded crash kernel is from the current boot, and that the image and
 * the initrd have not changed since the load.
 */
static bool look_at_record(const struct facts_for_rules *c, struct match *match)
{
	const struct machine *machine = c->machine;

	if (!c->load->kernel->is_loaded)
		return false;
	if (!machine->state->record.newer_file)
		return machine->state->record.is_old != EFIMAP_NOT_KNOWN ? false
									 : as(match, VARIANT_TIME);
	return as_because(
		match, VARIANT_USUAL,
		arena_printf(machine->arena, "if the changes to %s since the load do not matter",
			     text_mark(machine->arena, machine->state->record.newer_file)));
}

/*
 * Check for a record of the loaded crash kernel that exists but cannot be used. The configuration
 * may have changed since the load, so it does not show which kernel is loaded.
 */
static bool look_for_record(const struct facts_for_rules *c, struct match *match)
{
	const struct machine *machine = c->machine;
	const struct load_case *load = c->load;
	const struct efimap *map = machine->map;
	const char *record = machine->state->record.path;

	if (!load->is_loaded || load->kernel->is_loaded || !record)
		return false;
	for (size_t i = 0; i < map->n_faults; i++)
		if (strcmp(map->faults[i].where, record) == 0 &&
		    map->faults[i].state != EFIMAP_STATE_ABSENT)
			return as_because(
				match, VARIANT_UNUSABLE,
				arena_printf(machine->arena,
					     "the record of the load (%s%s) cannot be used, and "
					     "the configuration may have changed since the load",
					     source_path_prefix(map, EFIMAP_SRC_KEXEC), record));
	return false;
}

/*
 * Check for --real-mode and --entry-32bit. With these options, kexec-tools uses other segments than
 * segment_placement.c computes (kexec/arch/x86_64/kexec-bzImage64.c: do_bzImage64_load).
 */
static bool look_at_entry(const struct facts_for_rules *c, struct match *match)
{
	const struct load_case *load = c->load;

	return load->loader == EFIMAP_LOADER_KEXEC_TOOLS && load->crash_options.has_other_entry &&
	       as(match, VARIANT_ENTRY);
}

/*
 * Check for options whose effect verify does not evaluate, and for unknown options, with which
 * kexec fails. With --type=bzImage, kexec-tools passes no EFI data
 * (kexec/arch/x86_64/kexec-bzImage64.c: bzImage64_probe). With --status, kexec loads nothing. With
 * --append, the crash kernel may receive other parameters. Before 2.0.28, kexec has no option
 * --hotplug. kexec_file_load supports neither --real-mode nor --entry-32bit.
 */
static bool look_at_options(const struct facts_for_rules *c, struct match *match)
{
	const struct kexec_options *options = &c->load->crash_options;

	return (options->has_unsupported ||
		(options->is_hotplug &&
		 !tools_has(&kexec_of(c->map)->tools, EFIMAP_TOOLS_HOTPLUG, true)) ||
		(options->has_other_entry && c->load->loader == EFIMAP_LOADER_KERNEL)) &&
	       as(match, VARIANT_USUAL);
}

/*
 * Check that the options of kexec and the parameters of the crash kernel are known, because noefi
 * and --noefi disable EFI, and --mem-max can make the load fail. For a loaded kernel, both are
 * known, because the record of the load contains them.
 */
static bool look_at_crash_settings(const struct facts_for_rules *c, struct match *match)
{
	const struct machine *machine = c->machine;
	const struct load_case *load = c->load;
	const char *name = machine->state->crash.unexpanded;

	if (load->kernel->is_loaded)
		return false;
	if (load->loader == EFIMAP_LOADER_KEXEC_TOOLS && load->retry == EFIMAP_RETRY_PERHAPS)
		return as(match, VARIANT_RETRY);
	if (machine->state->crash.may_add_noefi &&
	    machine->state->crash.suse_least < EFIMAP_SUSE_KDUMP(0, 9, 1))
		return as(match, VARIANT_NOEFI);
	if (machine->state->crash.changes_parameters &&
	    machine->state->crash.service == EFIMAP_CRASH_SERVICE_KDUMPCTL)
		return as(match, VARIANT_KDUMPCTL_QUOTES);
	if (machine->state->crash.changes_parameters)
		return as(match, VARIANT_QUOTES);
	if (!name)
		return false;
	/* kdump-config is a script for sh. kdumpctl is a script for bash, which knows "+=". */
	if (machine->state->crash.is_appended &&
	    machine->state->crash.service == EFIMAP_CRASH_SERVICE_KDUMP_CONFIG)
		return as_because(match, VARIANT_APPENDED,
				  arena_printf(machine->arena,
					       "the configuration of the kdump service "
					       "contains %s+=, which dash, the usual "
					       "/bin/sh of Debian and Ubuntu, ignores",
					       name));
	return as_because(match, VARIANT_USUAL,
			  arena_printf(machine->arena,
				       "only a shell can determine the value of %s, which "
				       "affects the crash kernel",
				       name));
}

/*
 * Return the advice to remove a parameter of the crash kernel. The kdump services pass the
 * parameters of the running kernel, unless the configuration names others. @is_running: the running
 * kernel has the same parameter
 */
static const char *advise_omission(const struct machine *machine,
				   const struct kernel_parameter *arg, bool is_running)
{
	const enum kdump_service_kind service = machine->state->crash.service;
	const char *name = parameter_is(arg, "mem")	 ? "mem"
			   : parameter_is(arg, "memmap") ? "memmap"
							 : "hugepages";

	if (!is_running)
		return arena_printf(machine->arena,
				    LOAD_AGAIN(machine,
					       "Remove %s= from the configuration of the kdump "
					       "service, and "),
				    name);
	if (service == EFIMAP_CRASH_SERVICE_KDUMPCTL)
		return arena_printf(machine->arena,
				    LOAD_AGAIN(machine, "Add %s to KDUMP_COMMANDLINE_REMOVE in "
							"/etc/sysconfig/kdump, and "),
				    name);
	return arena_printf(
		machine->arena,
		LOAD_AGAIN(machine,
			   "Set all parameters of the crash kernel in the configuration of the "
			   "kdump service (KDUMP_CMDLINE on Debian, KDUMP_COMMANDLINE on SUSE), "
			   "omit %s=, and "),
		name);
}

/*
 * Return whether memmap= may add RAM: SIZE@ADDRESS adds a range, and SIZE%ADDRESS-TYPE+TYPE changes
 * the type of a range, where 1 is RAM (arch/x86/kernel/e820.c: parse_memmap_one).
 */
static bool may_add_memory(struct text value)
{
	uint64_t type;

	if (value.len && memchr(value.at, '@', value.len))
		return true;
	while (text_find(&value, "+"))
		if (take_integer(&value, &type) && type == 1)
			return true;
	return false;
}

/*
 * Report that an offline capture lacks the configuration of a kdump service, which determines the
 * system call and the parameters of the crash kernel. A kernel log contains no configuration.
 */
static bool look_for_crash_settings(const struct facts_for_rules *c, struct match *match)
{
	const struct machine *machine = c->machine;
	const struct load_case *load = c->load;

	return !load->is_loaded && !load->is_from_log &&
	       find_first_origin(machine->map) != EFIMAP_ORIGIN_LOG &&
	       is_service_uncollected(machine) && as(match, VARIANT_UNCOLLECTED);
}

/* Return whether a parameter affects the memory that a kernel uses. */
static bool is_about_memory(const struct kernel_parameter *arg)
{
	return parameter_is(arg, "mem") || parameter_is(arg, "memmap") ||
	       parameter_is(arg, "hugepages");
}

static void find_memory_parameters(const struct efimap *map, struct text_set *set)
{
	const char *rest = map->cmdline;
	struct kernel_parameter arg;

	while (parameter_next(&rest, &arg))
		if (is_about_memory(&arg))
			text_set_add(set, (struct text){ arg.text, arg.text_len });
	text_set_sort(set);
}

/*
 * Check for parameters that make the memory of the crash kernel differ from its reservation. If the
 * running kernel has the same mem= or memmap=, the reservation is within these limits, so nothing
 * changes, unless memmap= adds memory of the running kernel. memmap=exactmap replaces the memory
 * map that the loader passes, and hugepages= allocates a part of the memory.
 */
bool rule_crash_memory_limits(const struct facts_for_rules *c, struct match *match)
{
	const struct machine *machine = c->machine;
	auto_text_set struct text_set running = { .count = 0 };
	/* Only kdump-config and the service of SUSE pass the parameters to eval. */
	const enum kdump_service_kind service = machine->state->crash.service;
	const bool is_evaluated = service == EFIMAP_CRASH_SERVICE_KDUMP_CONFIG ||
				  service == EFIMAP_CRASH_SERVICE_SUSE;
	const char *rest = c->load->cmdline;
	struct kernel_parameter arg;

	find_memory_parameters(machine->map, &running);
	while (parameter_next(&rest, &arg)) {
		const bool is_memmap = parameter_is(&arg, "memmap");
		bool is_running;
		const char *text;

		if (!is_about_memory(&arg))
			continue;
		if (is_evaluated && is_memmap && arg.value && memchr(arg.value, '$', arg.value_len))
			return as(match, VARIANT_DOLLAR);
		is_running = text_set_has(&running, (struct text){ arg.text, arg.text_len });
		if (is_running && !parameter_is(&arg, "hugepages") &&
		    !(is_memmap && parameter_has_option(&arg, "exactmap")) &&
		    !may_add_memory((struct text){ arg.value, arg.value_len }))
			continue;
		text = arena_printf(machine->arena, "%.*s", (int)arg.text_len, arg.text);
		set_text(match, VALUE_PARAMETER, mark_data(match, text));
		return as_advised(match, VARIANT_USUAL, advise_omission(machine, &arg, is_running));
	}
	return false;
}

/* Check whether kdump-config, which records each load, left no record of this load. */
static bool look_for_missing_record(const struct facts_for_rules *c, struct match *match)
{
	const struct machine *machine = c->machine;

	if (!lacks_record(machine, c->load))
		return false;
	set_record(machine, match);
	return as(match, VARIANT_MISSING);
}

/* Report that another kernel may have been loaded after the record, or that one was loaded. */
static bool look_behind_record(const struct facts_for_rules *c, struct match *match)
{
	const struct machine *machine = c->machine;

	if (!c->load->is_loaded || !machine->uses_record)
		return false;
	set_record(machine, match);
	/* On a machine whose record is from this boot, hardly anybody loads another kernel. */
	match->is_excluded = machine->state->record.is_old == EFIMAP_KNOWN_NO;
	return as(match, machine_has_later_load(machine) ? VARIANT_REPLACED : VARIANT_BY_HAND);
}

static bool look_at_newer_settings(const struct facts_for_rules *c, struct match *match)
{
	const char *file = c->machine->state->record.newer_settings;

	if (!c->load->is_loaded || !file)
		return false;
	set_text(match, VALUE_RECORD, mark_data(match, file));
	return as(match, VARIANT_SETTINGS);
}

bool rule_load_record(const struct facts_for_rules *c, struct match *match)
{
	static rule_predicate_fn *const parts[] = { look_at_record, look_for_record,
						    look_for_missing_record, look_behind_record,
						    look_at_newer_settings };

	return match_each(c, match, parts, 5);
}

bool rule_kexec_options(const struct facts_for_rules *c, struct match *match)
{
	static rule_predicate_fn *const parts[] = { look_at_entry, look_at_options };

	return match_each(c, match, parts, 2);
}

bool rule_crash_settings(const struct facts_for_rules *c, struct match *match)
{
	static rule_predicate_fn *const parts[] = { look_at_crash_settings,
						    look_for_crash_settings };

	return match_each(c, match, parts, 2);
}

bool rule_crash_kernel_changed(const struct facts_for_rules *c, struct match *match)
{
	const struct machine *machine = c->machine;
	const struct load_case *load = c->load;
	const struct finding *refusal = find_refusal(match->run->report);

	if (!load->is_loaded)
		return as(match, VARIANT_ENTRY);
	if (load->is_refused)
		return as_because(match, VARIANT_OTHER, refusal ? finding_why(refusal) : "");
	if (!load->kernel->is_loaded || !machine->state->record.newer_file)
		return false;
	set_text(match, VALUE_FILE, mark_data(match, machine->state->record.newer_file));
	return true;
}
