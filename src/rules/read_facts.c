/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Read facts about the running system. */
#include <string.h>

#include "capture/kernel_parameters.h"
#include "infer/architecture.h"
#include "infer/cpu.h"
#include "infer/hardware.h"
#include "linux/identity_map.h"
#include "linux/signature_policy.h"
#include "rules/matched_messages.h"
#include "rules/memory_spans.h"
#include "rules/read_facts.h"

static enum known known_of(bool is)
{
	return is ? EFIMAP_KNOWN_YES : EFIMAP_KNOWN_NO;
}

/* Return whether the next kernel has the release of the running kernel. */
static bool is_running_release(const struct efimap *map, const struct load_case *load)
{
	return strcmp(load->release.text, map->release.text) == 0 && *load->release.text;
}

struct fact value_is(const struct efimap *map, enum value_id id, int64_t number)
{
	const struct value *value = &kexec_of(map)->values[id];

	/* A file that the running system lacks shows that the fact is no. */
	if (!value->is_known && value->is_absent && !capture_is_offline(map))
		return fact_of(false);
	return fact_known(value->is_known ? known_of(value->number == number) : EFIMAP_NOT_KNOWN);
}

struct fact contains(const struct release *release, enum change change)
{
	return fact_any(release_has(release, change, false), !release_has(release, change, true));
}

struct fact changed(const struct efimap *map, enum change change)
{
	return contains(&map->release, change);
}

/* Return a fact that the parameters of the running kernel show. */
static struct fact in_parameters(const struct efimap *map, bool is_found)
{
	return fact_any(is_found, capture_has(map, EFIMAP_SRC_CMDLINE));
}

struct fact parameter(const struct efimap *map, const char *word)
{
	return in_parameters(map, has_parameter(map, word));
}

/* Whether efi= in the parameters of the running kernel has an option. */
static struct fact efi_option(const struct efimap *map, const char *option)
{
	return in_parameters(map, has_efi_option(map, option));
}

struct fact logged(const struct efimap *map, const char *message)
{
	return fact_any(log_contains(map, message), false);
}

struct fact config(const struct efimap *map, enum config_option option)
{
	return fact_known((enum known)kexec_of(map)->config.options[option]);
}

struct fact next_config(const struct efimap *map, const struct load_case *load,
			enum config_option option)
{
	return fact_known((enum known)load_config(map, load).options[option]);
}

struct fact kernel_is_32bit(const struct efimap *map)
{
	return fact_known(find_32bit_kernel(map));
}

struct fact built_by_clang(const struct efimap *map, unsigned int version)
{
	const struct fact is_named = fact_any(map->clang >= version, false);

	/* uname(1) prints the release, but not the compiler. */
	return kernel_is_known(map) ? fact_presumed(is_named, EFIMAP_KNOWN_NO,
						    "gcc, unless the version text names clang")
				    : is_named;
}

struct fact secure_boot(const struct efimap *map)
{
	const enum secure_boot mode = secure_boot_of(map);

	/* Without the EFI stub, boot_params does not contain the state. */
	return fact_any(mode == EFIMAP_SECURE_BOOT_ENABLED, mode == EFIMAP_SECURE_BOOT_DISABLED);
}

struct fact under_xen(const struct efimap *map)
{
	return fact_presumed(fact_any(is_under_xen(map), false), EFIMAP_KNOWN_NO,
			     "no hypervisor Xen");
}

struct fact lacks_nx(const struct efimap *map)
{
	return fact_not(fact_known(cpu_has_nx(map)));
}

struct fact uses_five_levels(const struct efimap *map)
{
	return fact_any(map->la57, capture_has_cpu_flags(map));
}

struct fact locked_down(const struct efimap *map)
{
	const enum lockdown mode = kexec_of(map)->lockdown;
	const struct fact shown = fact_known(mode == EFIMAP_LOCKDOWN_UNKNOWN
						     ? EFIMAP_NOT_KNOWN
						     : known_of(mode != EFIMAP_LOCKDOWN_NONE));

	/* A refused call, or a lockdown during the boot (security/lockdown/lockdown.c) */
	return fact_else(shown,
			 fact_any(has_kernel_message(map, EFIMAP_RULE_KEXEC_LOCKDOWN), false));
}

/* Distributions lock the kernel down if Secure Boot is enabled. */
struct fact seems_locked_down(const struct efimap *map)
{
	/*
	 * A complete log would contain the message of a kernel that is locked down at boot
	 * (security/lockdown/lockdown.c: lock_kernel_down). A log that is the only source may be
	 * an excerpt.
	 */
	const bool shows_boot = log_is_whole(map) &&
				(find_first_origin(map) != EFIMAP_ORIGIN_LOG || map->log_has_start);
	/* Linux ignores other values of lockdown=. */
	const struct fact given = fact_or(parameter(map, "lockdown=integrity"),
					  parameter(map, "lockdown=confidentiality"));
	const struct fact is_known = fact_of(!is_parameter_unknown(map, "lockdown"));

	if (shows_boot || !fact_is_unknown(locked_down(map)))
		return fact_of(false);
	return fact_or(
		fact_because(fact_and(given, is_known),
			     "lockdown= is in the kernel parameters, and "
			     "sys/kernel/security/lockdown, which shows whether the kernel is "
			     "locked down, was not read"),
		fact_because(secure_boot(map),
			     "Secure Boot is enabled, and sys/kernel/security/lockdown, "
			     "which shows whether the kernel is locked down, was not read"));
}

struct fact loads_disabled(const struct efimap *map)
{
	return fact_else(value_is(map, EFIMAP_VALUE_LOAD_DISABLED, 1),
			 fact_and(parameter(map, "sysctl.kernel.kexec_load_disabled=1"),
				  changed(map, EFIMAP_CHANGE_READS_SYSCTL_PARAMETERS)));
}

struct fact load_limit_reached(const struct efimap *map, enum load_question question)
{
	const struct fact is_zero =
		value_is(map,
			 question == EFIMAP_QUESTION_KDUMP ? EFIMAP_VALUE_PANIC_LIMIT
							   : EFIMAP_VALUE_REBOOT_LIMIT,
			 0);

	return fact_only_if(is_zero, changed(map, EFIMAP_CHANGE_LIMITS_LOADS));
}

struct fact kernel_is_loaded(const struct efimap *map, enum load_question question)
{
	const struct value *crash = &kexec_of(map)->values[EFIMAP_VALUE_CRASH_LOADED];

	/* The state of kdump reports a missing kexec_crash_loaded. */
	return question == EFIMAP_QUESTION_KEXEC
		       ? value_is(map, EFIMAP_VALUE_LOADED, 1)
		       : fact_any(crash->is_known && crash->number, crash->is_known);
}

const char *why_kept(const struct efimap *map)
{
	if (fact_is_yes(loads_disabled(map)))
		return "kernel.kexec_load_disabled is 1";
	return fact_is_yes(load_limit_reached(map, EFIMAP_QUESTION_KEXEC))
		       ? "kexec_load_limit_reboot is 0"
		       : NULL;
}

struct fact runs_notifiers(const struct efimap *map)
{
	const struct fact is_on = value_is(map, EFIMAP_VALUE_NOTIFIERS, 1);

	if (kexec_of(map)->values[EFIMAP_VALUE_NOTIFIERS].is_known)
		return is_on;
	/* hv_common_init() of a guest of Hyper-V */
	return fact_or(is_on, fact_any(has_parameter(map, "crash_kexec_post_notifiers") ||
					       log_contains(map, "Hyper-V: enabling crash_kexec_"
								 "post_notifiers"),
				       true));
}

struct fact stores_log_in_efi(const struct efimap *map)
{
	return fact_known(kexec_of(map)->has_efi_pstore);
}

struct fact boot_params_has_rsdp(const struct efimap *map)
{
	return fact_any(map->boot_params.acpi_rsdp_addr, capture_has(map, EFIMAP_SRC_BOOT_PARAMS));
}

struct fact memory_is_known(const struct efimap *map)
{
	return fact_any(kexec_of(map)->memory.total, false);
}

struct fact snp_host(const struct efimap *map)
{
	return logged(map, "SEV-SNP API:");
}

struct fact secure_boot_makes_ima_appraise(const struct efimap *map)
{
	return fact_and(fact_and(config(map, EFIMAP_CONFIG_IMA_ARCH_POLICY),
				 fact_not(config(map, EFIMAP_CONFIG_KEXEC_SIG))),
			secure_boot(map));
}

struct fact ima_appraises(const struct efimap *map, unsigned int rules)
{
	const struct ima_policy *ima = &kexec_of(map)->ima;
	/* Linux ignores the mode under Secure Boot (security/integrity/ima/ima_appraise.c). */
	const struct fact is_permissive = fact_and(in_parameters(map, has_permissive_ima_mode(map)),
						   fact_not(secure_boot(map)));
	const enum file_state state = map->files[EFIMAP_NEEDED_IMA_POLICY];
	const bool is_unread = state != EFIMAP_FILE_READ && state != EFIMAP_FILE_ABSENT;
	struct fact has_rule = fact_unknown();

	if (ima->has_loaded_policy)
		has_rule = fact_of(ima->rules & rules);
	else if (is_unread)
		has_rule = fact_and(config(map, EFIMAP_CONFIG_IMA_APPRAISE), has_rule);
	else
		has_rule = fact_presumed(has_rule, EFIMAP_KNOWN_NO,
					 "no IMA policy, unless something suggests one");
	return fact_and(has_rule, fact_not(is_permissive));
}

struct fact ima_seems_to_appraise(const struct efimap *map, unsigned int rules)
{
	const struct ima_policy *ima = &kexec_of(map)->ima;
	const struct fact needs_signatures =
		config(map, EFIMAP_CONFIG_IMA_APPRAISE_REQUIRE_KEXEC_SIGS);
	const struct fact is_secure =
		has_permissive_ima_mode(map) ? secure_boot(map) : fact_of(false);

	if (ima->has_loaded_policy)
		return fact_because(fact_of(ima->rules & rules),
				    "the policy of IMA appraises kernel images, and not everything "
				    "that may switch this off (ima_appraise= without Secure Boot) "
				    "was read");
	if (fact_is_no(config(map, EFIMAP_CONFIG_IMA_APPRAISE)))
		return fact_of(false);
	return fact_because(
		fact_any(ima_rules_of(map) & rules, capture_has(map, EFIMAP_SRC_CMDLINE) &&
							    !fact_is_unknown(needs_signatures) &&
							    !fact_is_unknown(is_secure)),
		"IMA is enabled, and its policy, which may apply to kernel images, was not read");
}

struct fact ima_refused_kexec_load(const struct efimap *map)
{
	return logged(map, "ima: impossible to appraise a kernel image");
}

bool cmdline_spares_first_cpu(const char *cmdline)
{
	struct kernel_parameter arg;
	bool is_limited = false;

	while (parameter_next(&cmdline, &arg)) {
		if (parameter_is(&arg, "nosmp") || parameter_is(&arg, "disable_cpu_apicid") ||
		    (parameter_is(&arg, "nr_cpus") && parameter_has_option(&arg, "1")))
			return true;
		/* The last maxcpus= applies. */
		if (parameter_is(&arg, "maxcpus"))
			is_limited =
				parameter_has_option(&arg, "0") || parameter_has_option(&arg, "1");
	}
	return is_limited;
}

struct fact load_spares_first_cpu(const struct load_case *load)
{
	return fact_any(cmdline_spares_first_cpu(load->cmdline), load->cmdline);
}

/* Return what the parameters of a load contain or, if they are unknown, those of @running. */
static struct fact in_likely_cmdline(const struct load_case *load, bool has, struct fact running)
{
	if (load->cmdline)
		return fact_of(has);
	return fact_is_unknown(running) ? running
					: fact_presumed(fact_unknown(), running.is,
							"the parameters of the running kernel, if "
							"no file shows others");
}

struct fact load_efi_option(const struct efimap *map, const struct load_case *load,
			    const char *option)
{
	return in_likely_cmdline(load, cmdline_has_efi_option(load->cmdline, option),
				 efi_option(map, option));
}

struct fact likely_parameter(const struct efimap *map, const struct load_case *load,
			     const char *word)
{
	return in_likely_cmdline(load, cmdline_has(load->cmdline, word), parameter(map, word));
}

struct fact runtime_seems_off_by_default(const struct load_case *load)
{
	return fact_because(fact_of(load->plan.image && load->plan.image->is_preempt_rt),
			    "the kernel is a real-time kernel (PREEMPT_RT)");
}

struct fact runtime_is_off_by_default(const struct efimap *map, const struct load_case *load)
{
	const struct fact is_off = next_config(map, load, EFIMAP_CONFIG_EFI_DISABLE_RUNTIME);
	/* Without efi=runtime, only a kernel that does not disable runtime services has a map. */
	const struct fact runs = fact_and(
		fact_of(is_running_release(map, load) && map->map_from == EFIMAP_MAP_FROM_FILES),
		fact_not(efi_option(map, "runtime")));
	const bool is_off_by_parameters = load_config(map, load).cmdline_off == EFIMAP_KNOWN_YES;

	if (!fact_is_unknown(is_off))
		return fact_because(is_off, is_off_by_parameters
						    ? "the kernel's built-in parameters "
						      "(CONFIG_CMDLINE) disable EFI"
						    : "the kernel is built with "
						      "CONFIG_EFI_DISABLE_RUNTIME");
	return fact_and(fact_or(runtime_seems_off_by_default(load), is_off), fact_not(runs));
}

struct fact identity_map_lacks_table(const struct efimap *map)
{
	enum source missing;

	if (map->n_entries == 0)
		return fact_of(false);
	return fact_known(identity_map_lacks_config_table(map, &missing));
}

struct fact reads_table_early(const struct efimap *map, const struct load_case *load)
{
	return fact_and(fact_known(reads_tables_early(map, &load->release)),
			next_config(map, load, EFIMAP_CONFIG_AMD_MEM_ENCRYPT));
}

/* Return a fact that is yes only in a virtual machine, whose kernel prints a message. */
static struct fact in_guest(const struct efimap *map, bool is_found, bool is_excluded)
{
	return fact_any(is_found, is_excluded || log_is_whole(map) || map->is_bare_machine);
}

/*
 * The firmware passes the address of the Confidential Computing blob to such a guest, and
 * sev_enable() in the decompressor or the EFI stub stores the address in boot_params.
 */
struct fact snp_guest(const struct efimap *map)
{
	const bool has_params = capture_has(map, EFIMAP_SRC_BOOT_PARAMS);

	return in_guest(map, is_snp_guest(map) || (has_params && map->boot_params.cc_blob_address),
			has_params);
}

struct fact tdx_guest(const struct efimap *map)
{
	return in_guest(map,
			log_contains(map, "Memory Encryption Features active: Intel TDX") ||
				map->is_tdx_guest,
			capture_has_cpu_flags(map));
}

struct fact isolated_hyperv_guest(const struct efimap *map)
{
	/* setup_arch() finds the hypervisor before the RSDP. */
	const bool has_start = log_contains(map, "Linux version");

	return in_guest(map, log_contains(map, "Hyper-V: Isolation Config:"),
			is_hyperv_guest(map) == EFIMAP_KNOWN_NO || (has_start && map->rsdp));
}
