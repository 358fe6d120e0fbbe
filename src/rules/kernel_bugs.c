/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules about bugs of Linux that stop the next kernel only on some machines. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text_scan.h"
#include "capture/kernel_parameters.h"
#include "infer/architecture.h"
#include "infer/booted_by.h"
#include "infer/hardware.h"
#include "infer/linux_changes.h"
#include "linux/crashkernel_parameter.h"
#include "linux/identity_map.h"
#include "linux/signature_policy.h"
#include "rules/load_rules.h"
#include "rules/machine.h"
#include "rules/memory_spans.h"
#include "rules/unread_verdict.h"

/* The loads that a bug affects */
enum affected {
	OF_BOTH,
	OF_KEXEC,
	OF_KDUMP,
	OF_FILE_LOAD,
};

/*
 * struct kernel_bug - a bug that affects machines with certain hardware or parameters
 * @cause:      the change that caused the bug, or ALWAYS
 * @cure:       the change that corrected it
 * @is_of_next: the next kernel has the bug, not the running kernel
 * @affected:   the loads that the bug affects
 * @text:       the effect
 * @whether:    what is unknown if is_met() returns EFIMAP_NOT_KNOWN
 * @instead:    what the user can do without a corrected kernel
 */
struct kernel_bug {
	enum change cause;
	enum change cure;
	bool is_of_next;
	enum affected affected;
	const char *text;
	const char *whether;
	const char *instead;
};

/* Return whether the running kernel may use an Intel IOMMU in scalable mode. */
static enum known has_scalable_mode(const struct efimap *map)
{
	const char *rest = map->cmdline;
	enum known mode = kernel_has(map, EFIMAP_CHANGE_DEFAULTS_TO_SCALABLE_MODE, true)
				  ? EFIMAP_NOT_KNOWN
				  : EFIMAP_KNOWN_NO;
	struct kernel_parameter arg;
	bool is_off = false;

	if (!capture_has(map, EFIMAP_SRC_CMDLINE))
		return EFIMAP_NOT_KNOWN;
	while (parameter_next(&rest, &arg)) {
		if (!parameter_is(&arg, "intel_iommu"))
			continue;
		is_off = parameter_has_option(&arg, "off") ||
			 (is_off && !parameter_has_option(&arg, "on"));
		if (parameter_has_option(&arg, "sm_on"))
			mode = EFIMAP_KNOWN_YES;
		else if (parameter_has_option(&arg, "sm_off"))
			mode = EFIMAP_KNOWN_NO;
	}
	return is_off ? EFIMAP_KNOWN_NO : mode;
}

/* The runtime map exists since this change, so each kernel with a runtime map has the change. */
#define ALWAYS EFIMAP_CHANGE_MAPS_EFI_VA_RANGE

static const struct kernel_bug bugs[] = {
	{ EFIMAP_CHANGE_TRACKS_CALL_DEPTH, EFIMAP_CHANGE_TRACKS_UNTIL_KEXEC, false, OF_BOTH,
	  .text = "with retbleed=stuff, the running kernel may crash when it starts another kernel",
	  .whether = "whether the running kernel uses retbleed=stuff, which may crash it when "
		     "it starts another kernel",
	  .instead = ", or remove retbleed=stuff from the kernel parameters" },
	{ EFIMAP_CHANGE_SPLITS_CONTROL_PAGE, EFIMAP_CHANGE_SPARES_NEXT_PAGE, false, OF_BOTH,
	  .text = "with page table isolation, the running kernel may overwrite a page of memory "
		  "when it loads another kernel",
	  .whether = "whether the running kernel uses page table isolation, with which it may "
		     "overwrite a page of memory when it loads another kernel",
	  .instead = "" },
	{ ALWAYS, EFIMAP_CHANGE_WAKES_OFFLINE_CPUS, false, OF_KEXEC,
	  .text = "the running kernel may leave offline CPUs in MWAIT, in which they may damage "
		  "the next kernel",
	  .whether = "whether CPUs are offline, which may damage the next kernel",
	  .instead = ", or start all CPUs before kexec" },
	{ EFIMAP_CHANGE_SETS_UP_HYPERV_CPUS, EFIMAP_CHANGE_RESETS_HYPERV_CPUS, false, OF_KEXEC,
	  .text = "Hyper-V may write to memory of the next kernel",
	  .whether = "whether this machine is a guest of Hyper-V, which may write to memory of the "
		     "next kernel",
	  .instead = ", or reboot the guest without kexec" },
	{ EFIMAP_CHANGE_PASSES_HYPERV_SCREEN, EFIMAP_CHANGE_KEEPS_HYPERV_SCREEN, false,
	  OF_FILE_LOAD,
	  .text = "hyperv_fb may have moved the framebuffer, whose old address the next kernel "
		  "may use",
	  .whether = "whether hyperv_fb has moved the framebuffer, whose old address the next "
		     "kernel may use",
	  .instead = "" },
	{ EFIMAP_CHANGE_SKIPS_AMD_BUFFERS, EFIMAP_CHANGE_REUSES_AMD_BUFFERS, true, OF_KDUMP,
	  .text = "with an AMD IOMMU, a crash kernel of this release may receive no interrupts",
	  .whether = "whether the machine has an AMD IOMMU, with which a crash kernel of this "
		     "release may receive no interrupts",
	  .instead = "" },
	{ ALWAYS, EFIMAP_CHANGE_COPIES_SCALABLE_TABLES, true, OF_KDUMP,
	  .text = "with an Intel IOMMU in scalable mode, a crash kernel of this release may stop "
		  "during boot",
	  .whether = "whether an Intel IOMMU is in scalable mode, with which a crash kernel of "
		     "this release may fail to boot",
	  .instead = ", or boot the running kernel with intel_iommu=sm_off" },
	{ ALWAYS, EFIMAP_CHANGE_IGNORES_MIRROR, true, OF_KDUMP,
	  .text = "with kernelcore=mirror, a crash kernel of this release may have too little "
		  "memory",
	  .whether = "whether kernelcore=mirror is used, with which a crash kernel of this release "
		     "may have too little memory",
	  .instead = ", or remove kernelcore=mirror from the parameters of the crash kernel" },
};

#define N_BUGS (sizeof(bugs) / sizeof(bugs[0]))

/* Return whether the machine has the hardware or the parameters on which a bug depends. */
static enum known is_met(const struct kernel_bug *bug, const struct machine *machine,
			 const struct load_case *load)
{
	const struct efimap *map = machine->map;
	const struct kexec_state *state = machine->state;
	const char *cmdline;
	enum known met;

	switch (bug->cure) {
	case EFIMAP_CHANGE_TRACKS_UNTIL_KEXEC:
		met = was_printed(map, "RETBleed: Mitigation: Stuffing");
		/* Only the parameter selects this mitigation. */
		return met == EFIMAP_NOT_KNOWN && capture_has(map, EFIMAP_SRC_CMDLINE) &&
				       !has_parameter(map, "retbleed")
			       ? EFIMAP_KNOWN_NO
			       : met;
	case EFIMAP_CHANGE_SPARES_NEXT_PAGE:
		met = was_printed(map, "Kernel/User page tables isolation: enabled");
		return met == EFIMAP_NOT_KNOWN && has_parameter(map, "nopti") ? EFIMAP_KNOWN_NO
									      : met;
	case EFIMAP_CHANGE_WAKES_OFFLINE_CPUS:
		if (!knows(state, EFIMAP_VALUE_CPUS_PRESENT) ||
		    !knows(state, EFIMAP_VALUE_CPUS_ONLINE))
			return EFIMAP_NOT_KNOWN;
		return value_number(state, EFIMAP_VALUE_CPUS_PRESENT) >
				       value_number(state, EFIMAP_VALUE_CPUS_ONLINE)
			       ? EFIMAP_KNOWN_YES
			       : EFIMAP_KNOWN_NO;
	case EFIMAP_CHANGE_RESETS_HYPERV_CPUS:
		return is_hyperv_guest(map);
	case EFIMAP_CHANGE_KEEPS_HYPERV_SCREEN:
		/* hyperv_fb can be loaded at any time, so the log cannot show that it is unused. */
		if (log_contains(map, "hyperv_fb: "))
			return EFIMAP_KNOWN_YES;
		return is_hyperv_guest(map) == EFIMAP_KNOWN_NO ? EFIMAP_KNOWN_NO : EFIMAP_NOT_KNOWN;
	case EFIMAP_CHANGE_REUSES_AMD_BUFFERS:
		if (log_contains(map, "AMD-Vi: Extended features") ||
		    log_contains(map, "AMD-Vi: Interrupt remapping enabled"))
			return EFIMAP_KNOWN_YES;
		return was_printed(map, "AMD-Vi: Found IOMMU cap");
	case EFIMAP_CHANGE_COPIES_SCALABLE_TABLES:
		return has_scalable_mode(map);
	case EFIMAP_CHANGE_IGNORES_MIRROR:
		cmdline = likely_cmdline(map, load);
		return !cmdline					   ? EFIMAP_NOT_KNOWN
		       : cmdline_has(cmdline, "kernelcore=mirror") ? EFIMAP_KNOWN_YES
								   : EFIMAP_KNOWN_NO;
	default:
		return EFIMAP_NOT_KNOWN;
	}
}

/*
 * Return whether the release of the running kernel or, if @bug->is_of_next is set, of the next
 * kernel has the bug. Return EFIMAP_KNOWN_NO if the bug does not affect this kind of load, or if
 * the release is unknown.
 */
static enum known has_bug(const struct kernel_bug *bug, const struct machine *machine,
			  const struct load_case *load)
{
	const struct release *release = bug->is_of_next ? &load->release : &machine->map->release;

	if ((bug->affected == OF_KEXEC && load->question != EFIMAP_QUESTION_KEXEC) ||
	    (bug->affected == OF_KDUMP && load->question != EFIMAP_QUESTION_KDUMP) ||
	    (bug->affected == OF_FILE_LOAD && load->loader != EFIMAP_LOADER_KERNEL) ||
	    !release->major || !release_has(release, bug->cause, true) ||
	    release_has(release, bug->cure, false))
		return EFIMAP_KNOWN_NO;
	return release_has(release, bug->cause, false) && !release_has(release, bug->cure, true)
		       ? EFIMAP_KNOWN_YES
		       : EFIMAP_NOT_KNOWN;
}

/* Return the advice to use another kernel. */
static const char *name_cure(const struct machine *machine, enum change correction,
			     const char *what, const char *instead)
{
	const struct kernel_change *cure = &kernel_changes[correction];
	const char *releases = "";

	for (size_t i = 0; i < EFIMAP_MAX_STABLE && cure->stable[i].major; i++)
		releases = arena_printf(machine->arena, "%s%s%u.%u.%u", releases, i ? ", " : "",
					cure->stable[i].major, cure->stable[i].minor,
					cure->stable[i].patch);
	return arena_printf(machine->arena, "%s without this bug (fixed in Linux %s and %s)%s",
			    what, releases, cure->release, instead);
}

/* Check for bugs of the running kernel or the next kernel that affect this machine. */
static bool look_at_kernel_bugs(const struct facts_for_rules *c, struct match *match)
{
	const struct machine *machine = c->machine;
	const struct load_case *load = c->load;

	for (size_t i = 0; i < N_BUGS; i++)
		if (has_bug(&bugs[i], machine, load) == EFIMAP_KNOWN_YES &&
		    is_met(&bugs[i], machine, load) == EFIMAP_KNOWN_YES)
			return as_because_advised(match, VARIANT_USUAL, bugs[i].text,
						  name_cure(machine, bugs[i].cure,
							    bugs[i].is_of_next
								    ? "Use a crash kernel"
								    : "Boot a kernel",
							    bugs[i].instead));
	return false;
}

/* Name the bugs for which the capture does not show whether they affect this machine. */
static bool look_for_kernel_bugs(const struct facts_for_rules *c, struct match *match)
{
	const struct machine *machine = c->machine;
	const struct load_case *load = c->load;
	const char *texts = "";

	for (size_t i = 0; i < N_BUGS && texts; i++) {
		const enum known has = has_bug(&bugs[i], machine, load);
		const enum known known =
			has == EFIMAP_KNOWN_NO ? EFIMAP_KNOWN_NO : is_met(&bugs[i], machine, load);

		if (known == EFIMAP_NOT_KNOWN)
			texts = arena_printf(machine->arena, "%s%s%s", texts, *texts ? "; " : "",
					     bugs[i].whether);
		else if (known == EFIMAP_KNOWN_YES && has == EFIMAP_NOT_KNOWN)
			texts = arena_printf(machine->arena,
					     "%s%swhether the kernel has the fix for "
					     "this bug: %s",
					     texts, *texts ? "; " : "", bugs[i].text);
	}
	return texts && *texts ? as_because(match, VARIANT_UNREAD, texts) : false;
}

/*
 * Check for a release in which kexec does not stop KVM. The next kernel crashes if virtualization
 * is enabled, as it is while a virtual machine runs.
 */
bool rule_guests_running(const struct facts_for_rules *c, struct match *match)
{
	const struct machine *machine = c->machine;
	const struct efimap *map = machine->map;

	if (!kernel_has(map, EFIMAP_CHANGE_STOPS_KVM_LATE, false) ||
	    kernel_has(map, EFIMAP_CHANGE_STOPS_KVM_FOR_KEXEC, true))
		return false;
	return as_advised(match, VARIANT_USUAL,
			  name_cure(machine, EFIMAP_CHANGE_STOPS_KVM_FOR_KEXEC, "Boot a kernel",
				    ", or stop all virtual machines before kexec"));
}

bool rule_kernel_bug(const struct facts_for_rules *c, struct match *match)
{
	static rule_predicate_fn *const parts[] = { look_at_kernel_bugs, look_for_kernel_bugs };

	return match_each(c, match, parts, 2);
}
