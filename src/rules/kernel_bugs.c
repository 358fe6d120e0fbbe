/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules about bugs of Linux that stop the next kernel only on some machines. */
#include "infer/linux_changes.h"
#include "rules/load_rules.h"
#include "rules/machine.h"
#include "rules/read_facts.h"

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
 * @instead:    what the user can do without a corrected kernel
 */
struct kernel_bug {
	enum change cause;
	enum change cure;
	bool is_of_next;
	enum affected affected;
	const char *text;
	const char *instead;
};

/* The runtime map exists since this change, so each kernel with a runtime map has the change. */
#define ALWAYS EFIMAP_CHANGE_MAPS_EFI_VA_RANGE

static const struct kernel_bug bugs[] = {
	{ EFIMAP_CHANGE_TRACKS_CALL_DEPTH, EFIMAP_CHANGE_TRACKS_UNTIL_KEXEC, false, OF_BOTH,
	  .text = "with retbleed=stuff, the running kernel may crash when it starts another kernel",
	  .instead = ", or remove retbleed=stuff from the kernel parameters" },
	{ EFIMAP_CHANGE_SPLITS_CONTROL_PAGE, EFIMAP_CHANGE_SPARES_NEXT_PAGE, false, OF_BOTH,
	  .text = "with page table isolation, the running kernel may overwrite a page of memory "
		  "when it loads another kernel",
	  .instead = "" },
	{ ALWAYS, EFIMAP_CHANGE_WAKES_OFFLINE_CPUS, false, OF_KEXEC,
	  .text = "the running kernel may leave offline CPUs in MWAIT, in which they may damage "
		  "the next kernel",
	  .instead = ", or start all CPUs before kexec" },
	{ EFIMAP_CHANGE_SETS_UP_HYPERV_CPUS, EFIMAP_CHANGE_RESETS_HYPERV_CPUS, false, OF_KEXEC,
	  .text = "Hyper-V may write to memory of the next kernel",
	  .instead = ", or reboot the guest without kexec" },
	{ EFIMAP_CHANGE_PASSES_HYPERV_SCREEN, EFIMAP_CHANGE_KEEPS_HYPERV_SCREEN, false,
	  OF_FILE_LOAD,
	  .text = "hyperv_fb may have moved the framebuffer, whose old address the next kernel "
		  "may use",
	  .instead = "" },
	{ EFIMAP_CHANGE_SKIPS_AMD_BUFFERS, EFIMAP_CHANGE_REUSES_AMD_BUFFERS, true, OF_KDUMP,
	  .text = "with an AMD IOMMU, a crash kernel of this release may receive no interrupts",
	  .instead = "" },
	{ ALWAYS, EFIMAP_CHANGE_COPIES_SCALABLE_TABLES, true, OF_KDUMP,
	  .text = "with an Intel IOMMU in scalable mode, a crash kernel of this release may stop "
		  "during boot",
	  .instead = ", or boot the running kernel with intel_iommu=sm_off" },
	{ ALWAYS, EFIMAP_CHANGE_IGNORES_MIRROR, true, OF_KDUMP,
	  .text = "with kernelcore=mirror, a crash kernel of this release may have too little "
		  "memory",
	  .instead = ", or remove kernelcore=mirror from the parameters of the crash kernel" },
};

#define N_BUGS (sizeof(bugs) / sizeof(bugs[0]))

/* Return whether the machine has the hardware or the parameters on which a bug depends. */
static struct fact is_met(const struct kernel_bug *bug, const struct efimap *map,
			  const struct load_case *load)
{
	struct fact is_logged;

	switch (bug->cure) {
	case EFIMAP_CHANGE_TRACKS_UNTIL_KEXEC:
		/* Only the parameter selects this mitigation. */
		is_logged = printed(map, "RETBleed: Mitigation: Stuffing");
		return fact_only_if(is_logged, parameter(map, "retbleed"));
	case EFIMAP_CHANGE_SPARES_NEXT_PAGE:
		is_logged = printed(map, "Kernel/User page tables isolation: enabled");
		return fact_only_if(is_logged, fact_not(parameter(map, "nopti")));
	case EFIMAP_CHANGE_WAKES_OFFLINE_CPUS:
		return has_offline_cpus(map);
	case EFIMAP_CHANGE_RESETS_HYPERV_CPUS:
		return hyperv_guest(map);
	case EFIMAP_CHANGE_KEEPS_HYPERV_SCREEN:
		return moves_hyperv_screen(map);
	case EFIMAP_CHANGE_REUSES_AMD_BUFFERS:
		return uses_amd_iommu(map);
	case EFIMAP_CHANGE_COPIES_SCALABLE_TABLES:
		return uses_scalable_mode(map);
	case EFIMAP_CHANGE_IGNORES_MIRROR:
		return likely_parameter(map, load, "kernelcore=mirror");
	default:
		return fact_of(false);
	}
}

/* Return whether a bug affects a kind of load. */
static bool is_affected(const struct kernel_bug *bug, const struct load_case *load)
{
	return (bug->affected != OF_KEXEC || load->question == EFIMAP_QUESTION_KEXEC) &&
	       (bug->affected != OF_KDUMP || load->question == EFIMAP_QUESTION_KDUMP) &&
	       (bug->affected != OF_FILE_LOAD || load->loader == EFIMAP_LOADER_KERNEL);
}

/* Return whether the running kernel or, if @bug->is_of_next is set, the next kernel has the bug. */
static struct fact has_bug(const struct kernel_bug *bug, const struct efimap *map,
			   const struct load_case *load)
{
	return bug->is_of_next
		       ? fact_and(contains(&load->release, bug->cause),
				  fact_not(contains(&load->release, bug->cure)))
		       : fact_and(changed(map, bug->cause), fact_not(changed(map, bug->cure)));
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

/*
 * Check for a release in which kexec does not stop KVM. The next kernel crashes if virtualization
 * is enabled, as it is while a virtual machine runs.
 */
bool rule_guests_running(const struct facts_for_rules *c, struct match *match)
{
	as_advised(match, VARIANT_USUAL,
		   name_cure(c->machine, EFIMAP_CHANGE_STOPS_KVM_FOR_KEXEC, "Boot a kernel",
			     ", or stop all virtual machines before kexec"));
	return match_fact(match,
			  fact_and(changed(c->map, EFIMAP_CHANGE_STOPS_KVM_LATE),
				   fact_not(changed(c->map, EFIMAP_CHANGE_STOPS_KVM_FOR_KEXEC))));
}

/* Report the first bug that affects this machine, or those of which no file shows it. */
bool rule_kernel_bug(const struct facts_for_rules *c, struct match *match)
{
	const char *texts = "";

	for (size_t i = 0; i < N_BUGS; i++) {
		const struct kernel_bug *bug = &bugs[i];
		const struct fact has = has_bug(bug, c->map, c->load);
		struct fact affects;

		if (!is_affected(bug, c->load) || fact_is_no(has))
			continue;
		affects = fact_and(has, is_met(bug, c->map, c->load));
		if (match_fact(match, affects))
			return as_because_advised(
				match, VARIANT_USUAL, bug->text,
				name_cure(c->machine, bug->cure,
					  bug->is_of_next ? "Use a crash kernel" : "Boot a kernel",
					  bug->instead));
		if (fact_is_unknown(affects) && !affects.lacks)
			texts = arena_printf(c->machine->arena,
					     "%s%swhether this bug affects the machine: %s", texts,
					     *texts ? "; " : "", bug->text);
	}
	return *texts && as_because(match, VARIANT_UNREAD, texts);
}
