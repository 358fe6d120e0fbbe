/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules about whether the running kernel and the loader load a kernel. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text_scan.h"
#include "capture/kernel_parameters.h"
#include "infer/architecture.h"
#include "infer/booted_by.h"
#include "infer/distribution.h"
#include "infer/hardware.h"
#include "infer/linux_changes.h"
#include "infer/load_limits.h"
#include "linux/crashkernel_parameter.h"
#include "linux/signature_policy.h"
#include "rules/load_rules.h"
#include "rules/machine.h"
#include "rules/memory_spans.h"
#include "rules/read_facts.h"

bool rule_load_failed(const struct facts_for_rules *c, struct match *match)
{
	if (!c->options->segments || !c->options->segments->failed[0])
		return false;
	set_text(match, VALUE_FAILED, c->options->segments->failed);
	return true;
}

/*
 * Check that the running kernel has the system call. A 32-bit kernel never has kexec_file_load
 * (arch/x86/Kconfig: ARCH_SUPPORTS_KEXEC_FILE).
 */
bool rule_load_call(const struct facts_for_rules *c, struct match *match)
{
	const bool is_file_load = c->load->loader == EFIMAP_LOADER_KERNEL;
	struct fact lacks = fact_not(
		config(c->map, is_file_load ? EFIMAP_CONFIG_KEXEC_FILE : EFIMAP_CONFIG_KEXEC));

	if (is_file_load)
		lacks = fact_or(kernel_is_32bit(c->map), lacks);
	if (c->load->is_loaded)
		lacks = fact_presumed(lacks, EFIMAP_KNOWN_NO,
				      "the system call with which a kernel was loaded");
	report_kernel(c, match);
	return match_fact(match, lacks);
}

/*
 * Check the sysctls that forbid kexec (kernel/kexec_core.c: kexec_load_permitted). The sysctls do
 * not affect a kernel that was loaded before they were set.
 */
bool rule_load_disabled(const struct facts_for_rules *c, struct match *match)
{
	const struct machine *machine = c->machine;
	const bool is_crash = c->load->question == EFIMAP_QUESTION_KDUMP;
	const struct fact is_disabled = loads_disabled(c->map);
	const struct fact is_refused =
		fact_or(is_disabled, load_limit_reached(c->map, c->load->question));
	const struct fact is_loaded = kernel_is_loaded(c->map, c->load->question);
	const char *why =
		is_crash ? "loading is disabled, but sys/kernel/kexec_crash_loaded, which shows "
			   "whether a crash kernel is loaded, was not read"
			 : "loading is disabled, but sys/kernel/kexec_loaded, which shows whether "
			   "a kernel is loaded, was not read";

	/* A remedy that needs a reboot is loaded before the sysctls are set. */
	if (c->load->is_remedy && is_crash && machine_needs_reboot(machine))
		return false;
	/* systemctl kexec starts the loaded kernel (rule_kernel_loaded). */
	if (!is_crash && !c->load->is_remedy && fact_is_yes(is_loaded))
		return false;
	/* A load to come replaces a crash kernel. */
	if (fact_is_unknown(is_loaded) && !(is_crash && machine_asks_about_next(machine)))
		use_variant(match, VARIANT_UNREAD);
	else
		use_variant(match, fact_is_yes(is_disabled) ? VARIANT_USUAL : VARIANT_LIMIT);
	set_text(match, VALUE_LIMIT,
		 is_crash ? "kexec_load_limit_panic" : "kexec_load_limit_reboot");
	/* A reboot through the firmware replaces kexec, but not a crash kernel. */
	if (is_crash)
		set_format(match, VALUE_ADVICE, REMOVE_SYSCTL ", and reboot normally",
			   name_load_sysctl(c->map));
	set_text(match, VALUE_BECAUSE, is_crash ? "" : ", which only a reboot can change");
	return match_fact(match, fact_because(is_refused, why));
}

/* Check whether systemctl kexec starts a kernel that was loaded before, and that no file names. */
bool rule_kernel_loaded(const struct facts_for_rules *c, struct match *match)
{
	const struct fact is_loaded = kernel_is_loaded(c->map, EFIMAP_QUESTION_KEXEC);

	if (c->load->is_remedy || fact_is_no(is_loaded))
		return false;
	use_variant(match, fact_is_yes(is_loaded) ? VARIANT_USUAL : VARIANT_UNREAD);
	set_text(match, VALUE_ADVICE,
		 why_kept(c->map) ? REBOOT_WITH_LOADED
				  : "load this one with kexec -l --reuse-cmdline, which replaces "
				    "it");
	return fact_is_yes(is_loaded) || !capture_is_offline(c->map);
}

/* Check for lockdown, in which the kernel refuses kexec_load (kernel/kexec.c: kexec_load_check). */
bool rule_load_lockdown(const struct facts_for_rules *c, struct match *match)
{
	/* In dom0 of Xen, kexec-tools calls the hypervisor instead of kexec_load. */
	const struct fact calls_kernel = fact_not(under_xen(c->map));

	report_kernel(c, match);
	return match_hinted(match, fact_and(c->machine->locked_down, calls_kernel),
			    fact_and(c->machine->seems_locked_down, calls_kernel), VARIANT_PERHAPS);
}

/*
 * Check whether the boot loader entry of the kernel disables EFI runtime services. systemctl kexec
 * uses the parameters of the entry, while kexec -l --reuse-cmdline uses those of the running
 * kernel. If a kernel is loaded, systemctl kexec starts it, and reads no entry.
 */
bool rule_boot_entry(const struct facts_for_rules *c, struct match *match)
{
	const struct machine *machine = c->machine;
	const struct kexec_state *state = machine->state;
	const struct load_case *load = c->load;

	if (!load_may_use_entry(load) || value_is_set(state, EFIMAP_VALUE_LOADED) ||
	    !load->kernel->is_default || !state->entry_off)
		return false;
	set_path(match, VALUE_FILE, state->default_entry);
	set_text(match, VALUE_PARAMETER, state->entry_off);
	return true;
}

/*
 * struct failed_load - a message about a load that failed
 * @loader:    the loader that will fail again, or EFIMAP_LOADER_ANY
 * @is_hidden: no other check finds the cause, so the message matters even if the image is known
 * @text:      the reason why the outcome is unknown
 */
struct failed_load {
	const char *message;
	enum kexec_loader loader;
	bool is_hidden;
	const char *text;
};

static const struct failed_load failed_loads[] = {
	{ "kexec-bzImage64: Loading purgatory failed", EFIMAP_LOADER_KERNEL, true,
	  "the running kernel failed to load its purgatory, without which kexec -s fails" },
	{ "kexec_file: Enforced kernel signature verification failed", EFIMAP_LOADER_KERNEL, false,
	  "the running kernel refused an image because of its signature" },
	{ "kexec_load failed: Operation not permitted", EFIMAP_LOADER_ANY, false,
	  "the running kernel did not permit kexec -c" },
	{ "kexec_file_load failed: Operation not permitted", EFIMAP_LOADER_ANY, false,
	  "the running kernel did not permit kexec -s" },
	{ "kexec_load failed:", EFIMAP_LOADER_KEXEC_TOOLS, false, "an earlier kexec -c failed" },
	{ "kexec_file_load failed:", EFIMAP_LOADER_KERNEL, false, "an earlier kexec -s failed" },
};

/*
 * Check whether the log shows that a load failed. If the image is known, the other checks find most
 * causes.
 */
bool rule_load_failed_before(const struct facts_for_rules *c, struct match *match)
{
	const struct machine *machine = c->machine;
	const struct load_case *load = c->load;
	const bool is_image_known = load_has_image(load);

	/* A kernel that is loaded for kexec shows that a later load succeeded. */
	if (load->question == EFIMAP_QUESTION_KEXEC &&
	    value_is_set(machine->state, EFIMAP_VALUE_LOADED))
		return false;
	for (size_t i = 0; i < sizeof(failed_loads) / sizeof(failed_loads[0]); i++) {
		const struct failed_load *failed = &failed_loads[i];

		if ((failed->loader == load->loader || failed->loader == EFIMAP_LOADER_ANY) &&
		    (failed->is_hidden || !is_image_known) &&
		    match_fact(match, logged(machine->map, failed->message))) {
			set_text(match, VALUE_MESSAGE, failed->message);
			return as_because(match, VARIANT_USUAL, failed->text);
		}
	}
	return false;
}

/* The first version of clang that splits the code of a purgatory with the large code model */
#define SPLITTING_CLANG 18

/* Check whether the running kernel may have a purgatory that kexec_file_load cannot load. */
bool rule_load_purgatory(const struct facts_for_rules *c, struct match *match)
{
	const struct fact is_split =
		fact_and(built_by_clang(c->map, SPLITTING_CLANG),
			 fact_not(changed(c->map, EFIMAP_CHANGE_SMALL_PURGATORY_CODE)));
	/* A kernel that is locked down refuses the call to which kexec-tools falls back. */
	const struct fact is_final =
		fact_or(fact_of(!c->load->falls_back), c->machine->locked_down);

	set_number(match, VALUE_VERSION, c->map->clang);
	return match_fact(match, fact_and(is_split, is_final));
}

/* Check whether the kernel must fit into scratch areas of KHO whose sizes are unknown. */
bool rule_load_scratch(const struct facts_for_rules *c, struct match *match)
{
	return c->load->placement.reason == EFIMAP_UNPLACED_KHO;
}

/*
 * Return why kexec_file_load may accept a kernel on 32-bit firmware, or NULL if it refuses each
 * one. With efi=noruntime, the running kernel exports no map (arch/x86/platform/efi/efi.c:
 * efi_init).
 */
static const char *why_not_refused(const struct efimap *map)
{
	if (find_32bit_kernel(map) == EFIMAP_NOT_KNOWN)
		return "no file shows the width of the running kernel";
	return capture_has(map, EFIMAP_SRC_CMDLINE) ||
			       (map->n_entries > 0 && map->map_from == EFIMAP_MAP_FROM_FILES)
		       ? NULL
		       : "the kernel parameters, which may contain efi=noruntime, were not read";
}

/*
 * Check for a crash kernel that is not relocatable, which kexec-tools refuses. Only its 32-bit
 * loader checks this (kexec/arch/i386/kexec-bzImage.c: do_bzImage_load). Its 64-bit loader loads
 * images with XLF_KERNEL_64 and XLF_CAN_BE_LOADED_ABOVE_4G (kexec/arch/x86_64/kexec-bzImage64.c:
 * bzImage64_probe). If init_size is 0, the header does not show whether the kernel is relocatable.
 */
bool rule_load_format(const struct facts_for_rules *c, struct match *match)
{
	const struct load_case *load = c->load;
	const uint16_t flags = EFIMAP_XLF_KERNEL_64 | EFIMAP_XLF_ABOVE_4G;
	const struct kernel_image *image = load->plan.image;
	const bool is_crash = load->question == EFIMAP_QUESTION_KDUMP;
	const bool is_width_unread =
		load->is_assumed && find_32bit_kernel(c->map) == EFIMAP_NOT_KNOWN;
	const char *why;

	report_kernel(c, match);
	switch (load->placement.reason) {
	case EFIMAP_UNPLACED_MIXED_MODE:
		why = why_not_refused(c->map);
		return why ? as_because(match, VARIANT_MIXED_UNREAD, why)
			   : as(match, VARIANT_MIXED);
	case EFIMAP_UNPLACED_FIVE_LEVELS:
		return as_advised(match, VARIANT_FIVE_LEVELS,
				  is_crash ? advise_no5lvl(c->machine) : NULL);
	case EFIMAP_UNPLACED_IMAGE:
		/*
		 * kexec_load is not refused. If the image lacks XLF_KERNEL_64 or
		 * XLF_CAN_BE_LOADED_ABOVE_4G, kexec-tools uses its 32-bit entry point, and passes
		 * no EFI data. The rule image-without-efi reports such an image.
		 */
		if (load->loader == EFIMAP_LOADER_KERNEL)
			return as_because(match,
					  is_width_unread ? VARIANT_WIDTH_UNREAD : VARIANT_USUAL,
					  why_passed_no_efi(image));
		break;
	default:
		break;
	}
	if (!is_crash || load->loader != EFIMAP_LOADER_KEXEC_TOOLS || load->is_loaded || !image ||
	    (image->xloadflags & flags) == flags || !image->init_size || image->is_relocatable)
		return false;
	return as_because(match, VARIANT_USUAL, "it is not relocatable (CONFIG_RELOCATABLE)");
}

/*
 * Report a truncated image that the loader refuses: it ends in its setup sectors, which both
 * loaders need, or lacks the signature at its end, which the running kernel requires. Any other
 * truncated image is loaded, and rule_image_truncated() reports it.
 */
bool rule_load_truncated(const struct facts_for_rules *c, struct match *match)
{
	const struct load_case *load = c->load;
	const struct installed_kernel *kernel = load->kernel;
	const bool is_locked_down = fact_is_yes(c->machine->locked_down);
	enum signature_need need;

	if (load->is_truncated != EFIMAP_KNOWN_YES)
		return false;
	report_kernel(c, match);
	report_image_size(c, match);
	if (!kernel->is_unified && kernel->size < kernel->header.setup_size)
		return true;
	use_variant(match, VARIANT_UNSIGNED);
	need = signature_policy_of(c->map, is_locked_down).need;
	return load->loader == EFIMAP_LOADER_KERNEL && need != EFIMAP_SIGNATURE_NOT_NEEDED &&
	       (is_locked_down || need == EFIMAP_SIGNATURE_NEEDED);
}

/*
 * Return whether crashkernel= requests at least as much memory as there is. The kernel then
 * reserves nothing, and recent kernels print no message (kernel/crash_reserve.c:
 * parse_crashkernel).
 */
static bool is_reservation_too_large(const struct efimap *map)
{
	const uint64_t ram = ram_bytes(map);
	uint64_t size;

	return ram && find_crashkernel_size(map, &size) && size >= ram;
}

/* Set {because} to the reason why no memory is reserved for a crash kernel. */
static void report_reservation(const struct facts_for_rules *c, struct match *match)
{
	const char *rest = c->map->cmdline;
	const uint64_t ram = ram_bytes(c->map);
	struct kernel_parameter arg;
	char asked[64] = "crashkernel=";
	uint64_t size;

	/* The last one applies. */
	while (parameter_next(&rest, &arg))
		if (parameter_is(&arg, "crashkernel"))
			snprintf(asked, sizeof(asked), "%.*s", (int)arg.text_len, arg.text);
	set_format(match, VALUE_WHERE,
		   ram ? "%s is given on a machine with %" PRIu64 " MiB of RAM" : "%s is given",
		   mark_data(match, asked), ram >> 20);
	for (size_t i = 0; i < c->messages.count; i++) {
		if (c->messages.list[i].rule != EFIMAP_RULE_CRASHKERNEL_FAILED)
			continue;
		set_format(match, VALUE_BECAUSE, " (kernel log: %s)",
			   mark_data(match, c->messages.list[i].text));
		return;
	}
	set_text(match, VALUE_BECAUSE,
		 has_only_additional_crashkernel(c->map)
			 ? ", because Linux ignores crashkernel= with the suffix \",low\" or "
			   "\",cma\", unless another crashkernel= has neither suffix"
		 : find_crashkernel_size(c->map, &size) && size == 0
			 ? ", because crashkernel= requests no memory for this size of RAM"
		 : is_reservation_too_large(c->map)
			 ? ", because crashkernel= requests more memory than this machine has"
		 : has_reserved_crashkernel(c->map) ? ", because the reserved memory was released "
						      "(/sys/kernel/kexec_crash_size)"
						    : "; the kernel log may show the reason");
}

/*
 * Return the advice to reserve less memory than crashkernel= requests or, if the crash kernel needs
 * as much, memory at a higher address.
 */
static const char *advise_smaller(const struct machine *machine, const struct load_case *load)
{
	const struct efimap *map = machine->map;
	const struct need need = crash_need(map, load);
	const uint64_t size = advised_crashkernel(map, need);
	const bool is_old = !kernel_has(map, EFIMAP_CHANGE_RESERVES_ABOVE_4G, true);
	uint64_t requested = 0;

	if (!size)
		return "Set a smaller crashkernel=, or the same size with the suffix \",high\", "
		       "and reboot normally";
	if (!find_crashkernel_size(map, &requested) || !requested || size < requested)
		return advise_size(machine, size, is_old ? ",high" : "", need);
	return advise_size(machine, size, ",high", need);
}

/*
 * Return the advice for crashkernel= if the running kernel reserved nothing. The message in the
 * kernel log determines the advice (kernel/crash_reserve.c: reserve_crashkernel_generic; before 6.7
 * arch/x86/kernel/setup.c: reserve_crashkernel).
 */
static const char *find_reservation_advice(const struct machine *machine,
					   const struct load_case *load, const char **ret_command)
{
	const struct efimap *map = machine->map;
	uint64_t size;
	const bool has_no_range = (find_crashkernel_size(map, &size) && size == 0) ||
				  log_contains(map, "crashkernel size resulted in zero bytes");

	if (log_contains(map, "crashkernel reservation failed - memory is in use"))
		return arena_printf(machine->arena,
				    "Remove @OFFSET from crashkernel= in %s, and reboot normally",
				    find_parameter_files(map, machine->arena));
	if (log_contains(map, "crashkernel low memory"))
		return "Set a smaller crashkernel=SIZE,low, and reboot normally";
	if (log_contains(map, "crashkernel reservation failed") ||
	    log_contains(map, "cannot allocate crashkernel") || is_reservation_too_large(map))
		return advise_smaller(machine, load);
	if (has_no_range && !has_only_additional_crashkernel(map) &&
	    !advised_crashkernel(map, crash_need(map, load)))
		return "Set crashkernel= to one size without ranges, because the present value "
		       "requests no memory for this size of RAM, and reboot normally";
	if (has_only_additional_crashkernel(map) || has_no_range ||
	    has_kernel_message(map, EFIMAP_RULE_CRASHKERNEL_FAILED))
		return advise_crashkernel(machine, crash_need(map, load));
	if (has_reserved_crashkernel(map))
		return "Reboot to reserve the memory again";
	*ret_command = "dmesg | grep -i crashkernel";
	return "Look in the kernel log for the reason";
}

/* Return whether ranges of RAM may be missing from the list that the loader uses. */
static bool may_lack_memory(const struct facts_for_rules *c)
{
	const struct efimap *map = c->map;

	if (c->load->has_crash)
		return false;
	if (c->load->loader == EFIMAP_LOADER_KERNEL && iomem_lacks_lines(map))
		return true;
	/* If the running kernel has no memmap, kexec-tools reads iomem, so nothing is missing. */
	if (map->states[EFIMAP_SRC_MEMMAP] == EFIMAP_STATE_ABSENT)
		return capture_is_offline(map);
	return !has_all_of(map, EFIMAP_SRC_MEMMAP) || map->n_memmap == 0 ||
	       memmap_may_lack_range(map);
}

bool rule_load_room(const struct facts_for_rules *c, struct match *match)
{
	const struct machine *machine = c->machine;
	const struct load_case *load = c->load;
	const bool is_crash = load->question == EFIMAP_QUESTION_KDUMP;
	const char *command = NULL, *why = why_ram_may_lack_range(c->map);

	report_kernel(c, match);
	/* If the load is a remedy that assumes another reservation, has_crash is set. */
	if (is_crash && !load->has_crash && machine->kdump.state == EFIMAP_KDUMP_NOT_RESERVED) {
		report_reservation(c, match);
		as_advised(match, VARIANT_NOT_RESERVED,
			   find_reservation_advice(machine, load, &command));
		if (command)
			set_text(match, VALUE_COMMAND, command);
		return true;
	}
	if (is_crash && machine->kdump.contradiction)
		return as_because(match, VARIANT_CONTRADICTION, machine->kdump.contradiction);
	/* If memmap is incomplete, a missing range may be large enough: do not refuse. */
	if (load->placement.reason != EFIMAP_UNPLACED_NO_ROOM || may_lack_memory(c))
		return false;
	if (is_crash && load->has_crash)
		set_format(match, VALUE_WHERE, "the %" PRIu64 " MiB that are reserved",
			   span_bytes(load->crash) >> 20);
	else
		set_text(match, VALUE_WHERE, is_crash ? "the reserved memory" : "memory");
	set_format(match, VALUE_NEEDED,
		   load->kernel->has_initrd_size ? "the kernel (%" PRIu64
						   " MiB) or the initrd (%" PRIu64 " MiB)"
						 : "the kernel (%" PRIu64 " MiB) or the initrd",
		   needed_mib(load->plan.image->init_size), needed_mib(load->plan.initrd_size));
	if (!load->has_crash && why)
		return as_because(match, VARIANT_LISTS, why);
	if (is_crash && load->loader == EFIMAP_LOADER_KEXEC_TOOLS && memmap_may_lack_range(c->map))
		return as(match, VARIANT_RANGES);
	set_text(match, VALUE_BECAUSE,
		 load->plan.mem_min || load->plan.mem_max
			 ? " within the limits --mem-min and --mem-max"
			 : "");
	return as(match, VARIANT_USUAL);
}

/*
 * Check whether the presence of an initrd affects the outcome. Without an initrd, a kernel uses the
 * EFI INITRD table, and panics if the table has been overwritten. The table may be overwritten if
 * it is in usable RAM.
 */
bool rule_initrd_missing(const struct facts_for_rules *c, struct match *match)
{
	const struct load_case *load = c->load;
	const struct installed_kernel *kernel = load->kernel;
	const struct efimap *map = c->machine->map;
	uint64_t table;

	if (load->is_assumed || kernel->is_unified || kernel->has_initrd_size ||
	    !find_named_address(map->tables, map->n_tables, "INITRD", &table))
		return false;
	for (size_t i = 0; i < load->n_ram; i++)
		if (span_contains(load->ram[i], (struct span){ table, table }))
			return as(match, VARIANT_USUAL);
	return false;
}

/*
 * Return whether the service may extract the kernel. From version 1.0.42 to 1.0.56, kdumpctl of
 * kdump-utils extracts it with objcopy and passes it to kexec-tools (load_kdump).
 */
static bool may_be_extracted(const struct machine *machine, const struct load_case *load)
{
	return load->question == EFIMAP_QUESTION_KDUMP &&
	       machine->state->crash.service == EFIMAP_CRASH_SERVICE_KDUMPCTL;
}

/*
 * Check that kexec-tools or another program can extract the kernel. With kexec_load, kexec-tools
 * loads the complete UKI as a bzImage (kexec/kexec-uki.c: uki_image_load).
 */
bool rule_load_unified(const struct facts_for_rules *c, struct match *match)
{
	const struct machine *machine = c->machine;
	const struct load_case *load = c->load;
	static const char update[] =
		"Use kexec-tools 2.0.31 or later, and -s in the options of kexec";
	const struct kexec_state *state = machine->state;

	if (!load->kernel->is_unified)
		return false;
	if (load->loader == EFIMAP_LOADER_KERNEL &&
	    (state->has_tools == EFIMAP_KNOWN_NO ||
	     tools_has(&state->tools, EFIMAP_TOOLS_UKI, false)))
		return false;
	if (may_be_extracted(machine, load))
		return as_advised(match, VARIANT_KDUMPCTL, update);
	if (load->loader == EFIMAP_LOADER_KERNEL &&
	    tools_has(&state->tools, EFIMAP_TOOLS_UKI, true))
		return as_advised(match, VARIANT_VERSION, update);
	report_kernel(c, match);
	return as(match, load->loader == EFIMAP_LOADER_KEXEC_TOOLS ? VARIANT_LOAD : VARIANT_USUAL);
}

/*
 * Check whether systemctl kexec refuses the default boot loader entry (systemd: load_kexec_kernel).
 * kexec -l can still load the kernel. If a kernel is loaded, systemctl starts that kernel.
 */
bool rule_load_default_entry(const struct facts_for_rules *c, struct match *match)
{
	const struct kexec_state *state = c->machine->state;
	const struct load_case *load = c->load;
	const bool lacks_initrd = load->kernel->is_default && load->kernel->is_initrd_missing;

	if (!load_may_use_entry(load) || c->options->n_kernels > 0 || !state->default_entry ||
	    value_is_set(state, EFIMAP_VALUE_LOADED) ||
	    (state->entry_refusal == EFIMAP_ENTRY_ACCEPTED && !lacks_initrd))
		return false;
	set_path(match, VALUE_FILE, state->default_entry);
	set_text(match, VALUE_RELEASE, load->release.text);
	return as(match, lacks_initrd					? VARIANT_INITRD
			 : state->entry_refusal == EFIMAP_ENTRY_PROGRAM ? VARIANT_PROGRAM
									: VARIANT_USUAL);
}

/* Only an attempt shows whether IMA permits the load. A refused load changes nothing. */
#define TRY_LOAD(option)                                                                           \
	"Load the kernel without starting it (kexec " option " -l). If kexec succeeds, IMA "       \
	"permits the load"

/* Check that IMA permits kexec_load. efimapctl reads no security.ima and no appended signature. */
bool rule_load_ima(const struct facts_for_rules *c, struct match *match)
{
	const struct fact by_policy = fact_or(secure_boot_makes_ima_appraise(c->map),
					      ima_appraises(c->map, EFIMAP_IMA_KERNEL));
	/* Without any policy (ima_load_data) */
	const struct fact looks_at_secure_boot =
		fact_or(config(c->map, EFIMAP_CONFIG_IMA_SECURE_AND_OR_TRUSTED_BOOT),
			fact_and(config(c->map, EFIMAP_CONFIG_IMA),
				 config(c->map, EFIMAP_CONFIG_HAVE_ARCH_GET_SECUREBOOT)));
	const struct fact by_secure_boot =
		fact_and(fact_and(config(c->map, EFIMAP_CONFIG_KEXEC_SIG), looks_at_secure_boot),
			 secure_boot(c->map));
	const struct fact refused =
		fact_or(fact_or(fact_because(by_policy, "its policy appraises kernel images"),
				fact_because(by_secure_boot, "Secure Boot is enabled")),
			fact_because(ima_refused_kexec_load(c->map),
				     "it cannot appraise the image without a file"));

	set_text(match, VALUE_ADVICE, TRY_LOAD("-c"));
	if (match_hinted(match, refused, ima_seems_to_appraise(c->map, EFIMAP_IMA_KERNEL),
			 VARIANT_KERNEL))
		return true;
	use_variant(match, VARIANT_ALL_FILES);
	return match_fact(match, ima_seems_to_appraise(c->map, EFIMAP_IMA_ALL_FILES));
}

static const char *advise_signed_kernel(const struct facts_for_rules *c)
{
	return c->load->question == EFIMAP_QUESTION_KDUMP
		       ? "Load a kernel that is signed with a key that the running kernel trusts"
		       : "Load a kernel that is signed with a key that the running kernel trusts, "
			 "or reboot through the firmware (a normal reboot)";
}

/*
 * Return whether the running kernel trusts a key of the signer. The log names each certificate that
 * the kernel trusts, with the identifier of its key (x509_key_preparse): those that were built in,
 * and those of the firmware, which the kernel reads only if it has runtime services
 * (security/integrity/platform_certs/load_uefi.c: load_uefi_certs).
 */
static enum known trusts_signer(const struct efimap *map, const struct kernel_image *image)
{
	char name[sizeof(": 0123456789abcdef")];

	for (size_t i = 0; i < EFIMAP_IMAGE_KEYS && image->keys[i]; i++) {
		snprintf(name, sizeof(name), ": %016" PRIx64, image->keys[i]);
		if (log_contains(map, name))
			return EFIMAP_KNOWN_YES;
	}
	return image->keys[0] && log_is_whole(map) && log_contains(map, "Loaded X.509 cert '")
		       ? EFIMAP_KNOWN_NO
		       : EFIMAP_NOT_KNOWN;
}

/*
 * Return whether kexec -s has loaded the image of a load as the crash kernel, and nothing shows
 * that the file, or what the running kernel requires, has changed since then.
 */
static bool is_accepted(const struct facts_for_rules *c)
{
	const struct recorded_load *record = &c->machine->state->record;
	const struct installed_kernel *kernel = c->load->kernel, *loaded;

	if (!c->machine->uses_record || record->is_old != EFIMAP_KNOWN_NO ||
	    !record->is_image_kept || record->options.call != EFIMAP_KEXEC_CALL_FILE_LOAD ||
	    log_contains(c->map, "Kernel is locked down from securityfs") ||
	    log_contains(c->map, "Enforced kernel signature verification failed"))
		return false;
	for (size_t i = 0; i < c->map->n_kernels; i++) {
		loaded = &c->map->kernels[i];
		if (loaded->is_loaded && loaded->size == kernel->size &&
		    strcmp(loaded->header.release, kernel->header.release) == 0)
			return true;
	}
	return false;
}

/* Check the signer of a signed image. @untrusted: the variant for a signer without trust. */
static bool look_at_signed_image(const struct facts_for_rules *c, struct match *match,
				 enum rule_variant_id untrusted, const char *why)
{
	const struct kernel_image *image = c->load->plan.image;

	switch (trusts_signer(c->map, image)) {
	case EFIMAP_KNOWN_YES:
		return false;
	case EFIMAP_KNOWN_NO:
		report_kernel(c, match);
		return as_because_advised(match, untrusted, why, advise_signed_kernel(c));
	default:
		return !is_accepted(c) && as(match, VARIANT_USUAL);
	}
}

/*
 * Check the signature of an image that is not in the capture. Under Secure Boot, the firmware has
 * verified the image of the running kernel, and this image is assumed. Otherwise, nothing shows
 * whether the image has a signature.
 */
static bool look_at_unseen_image(const struct facts_for_rules *c, struct match *match,
				 const char *why)
{
	return secure_boot_of(c->map) == EFIMAP_SECURE_BOOT_ENABLED
		       ? as(match, VARIANT_USUAL)
		       : as_because(match, VARIANT_UNSEEN, why);
}

/*
 * Check the image if it is unknown whether a signature is needed (EFIMAP_SIGNATURE_UNKNOWN). The
 * configuration of the running kernel may or may not be known. What only lockdown or Secure Boot
 * leaves open is not reported here.
 */
static bool look_without_policy(const struct facts_for_rules *c, struct match *match)
{
	const struct machine *machine = c->machine;
	const struct kernel_config *running = &machine->state->config;

	if (load_has_image(c->load) && !c->load->plan.image->has_signature) {
		if (fact_is_yes(machine->locked_down))
			return as(match, VARIANT_UNVERIFIABLE);
		return secure_boot_of(c->map) == EFIMAP_SECURE_BOOT_ENABLED &&
		       running->options[EFIMAP_CONFIG_IMA_ARCH_POLICY] == EFIMAP_NOT_KNOWN &&
		       as(match, VARIANT_ARCH_POLICY);
	}
	if (!fact_is_yes(machine->locked_down))
		return false;
	return load_has_image(c->load)
		       ? look_at_signed_image(c, match, VARIANT_UNTRUSTED,
					      "the running kernel is locked down")
		       : look_at_unseen_image(c, match, "the running kernel is locked down");
}

/* Check that kexec_file_load accepts the signature of the image, and that IMA accepts the files. */
bool rule_load_signature(const struct facts_for_rules *c, struct match *match)
{
	const struct machine *machine = c->machine;
	const struct load_case *load = c->load;
	const struct signature_policy policy =
		signature_policy_of(machine->map, fact_is_yes(machine->locked_down));
	const struct kernel_config *running = &machine->state->config;
	const bool may_verify = !option_is_off(running, EFIMAP_CONFIG_KEXEC_BZIMAGE_VERIFY_SIG);
	const unsigned int rules = ima_rules_of(machine->map);
	const bool is_seen = load_has_image(load);
	const bool is_needed = policy.need == EFIMAP_SIGNATURE_NEEDED;
	const char *maybe = option_is_off(running, EFIMAP_CONFIG_KEXEC_SIG)
				    ? NULL
				    : machine->seems_locked_down.because;

	if (load->is_from_log && !is_seen)
		return false;
	if (is_needed && is_seen && !load->plan.image->has_signature) {
		report_kernel(c, match);
		return as_because_advised(match, VARIANT_UNSIGNED, policy.why,
					  advise_signed_kernel(c));
	}
	if (is_needed && !may_verify)
		return as_because(match, VARIANT_UNVERIFIED, policy.why);
	if (rules & (EFIMAP_IMA_KERNEL | EFIMAP_IMA_ALL_FILES))
		return as_advised(match, VARIANT_APPRAISED, TRY_LOAD("-s"));
	if (load->plan.initrd_size > 0 && rules & EFIMAP_IMA_INITRD)
		return as_advised(match, VARIANT_INITRD, TRY_LOAD("-s"));
	if (maybe && is_seen && load->plan.image->has_signature && may_verify)
		return look_at_signed_image(c, match, VARIANT_LOCKED_DOWN, maybe);
	if (maybe && !is_seen && may_verify &&
	    secure_boot_of(machine->map) == EFIMAP_SECURE_BOOT_ENABLED)
		return as(match, VARIANT_USUAL);
	if (maybe)
		return as_because(match, VARIANT_LOCKED_DOWN, maybe);
	if (policy.need == EFIMAP_SIGNATURE_NOT_NEEDED)
		return false;
	if (policy.need == EFIMAP_SIGNATURE_UNKNOWN)
		return look_without_policy(c, match);
	return is_seen ? look_at_signed_image(c, match, VARIANT_UNTRUSTED, policy.why)
		       : look_at_unseen_image(c, match, policy.why);
}

/* The answers report a kernel that cannot be read, because there is no load to check. */
bool rule_kernel_unread(const struct facts_for_rules *c, struct match *match)
{
	return false;
}
