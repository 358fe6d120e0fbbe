/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Check for bugs of Linux that stop the next kernel only on some machines. To add a bug, add the
 * change that caused it and the change that corrected it to src/infer/linux.changes, and a row to
 * the table bugs[].
 */
#include <string.h>

#include "answer/check_kernel_bugs.h"
#include "capture/kernel_parameters.h"
#include "infer/linux_changes.h"

/* Which loads a bug affects. */
enum affected {
	OF_BOTH,
	OF_KEXEC,
	OF_KDUMP,
	OF_FILE_LOAD,
};

/*
 * struct kernel_bug - a bug that affects machines with certain hardware or parameters
 * @cause:     the change that caused the bug
 * @cure:      the change that corrected it
 * @is_of_next: the next kernel has the bug, not the running kernel
 * @message:   the message of the running kernel that shows that the bug affects this machine, or
 *             NULL
 * @is_met:    returns whether the bug affects this machine, if no message shows this, or NULL if it
 *             affects every machine
 * @text:      the effect, for "cannot tell"; or, if it begins with "if", a condition
 * @whether:   the fact that @message shows, for unseen[]
 */
struct kernel_bug {
	enum efimap_change cause;
	enum efimap_change cure;
	bool is_of_next;
	enum affected affected;
	const char *message;
	bool (*is_met)(const struct efimap *map);
	const char *text;
	const char *whether;
	struct efimap_advice advice;
};

/* Return whether one of the parameters @name in the kernel parameters has the value @option. */
static bool has_option(const struct efimap *map, const char *name, const char *option)
{
	const char *rest = map->cmdline;
	struct kernel_parameter arg;

	while (efimap_has(map, EFIMAP_SRC_CMDLINE) && parameter_next(&rest, &arg))
		if (parameter_is(&arg, name) && parameter_has_option(&arg, option))
			return true;
	return false;
}

static bool has_offline_threads(const struct efimap *map)
{
	return (efimap_has(map, EFIMAP_SRC_CMDLINE) && efimap_has_parameter(map, "nosmt")) ||
	       has_option(map, "mitigations", "nosmt");
}

static bool is_hyperv_guest(const struct efimap *map)
{
	return efimap_log_contains(map, "Hypervisor detected: Microsoft Hyper-V") ||
	       (strcmp(map->dmi[EFIMAP_DMI_SYS_VENDOR], "Microsoft Corporation") == 0 &&
		strcmp(map->dmi[EFIMAP_DMI_PRODUCT_NAME], "Virtual Machine") == 0);
}

static bool has_scalable_mode(const struct efimap *map)
{
	return has_option(map, "intel_iommu", "sm_on");
}

static bool mirrors_memory(const struct efimap *map)
{
	return has_option(map, "kernelcore", "mirror");
}

static const struct kernel_bug bugs[] = {
	{ EFIMAP_CHANGE_TRACKS_CALL_DEPTH, EFIMAP_CHANGE_TRACKS_UNTIL_KEXEC, false, OF_BOTH,
	  .message = "RETBleed: Mitigation: Stuffing",
	  .text = "with retbleed=stuff, the running kernel may crash when it starts another kernel",
	  .whether = "whether the running kernel uses retbleed=stuff, with which it may crash when "
		     "it starts another kernel",
	  .advice = { .text = "Boot Linux 6.6.35, 6.10 or later, or remove retbleed=stuff from "
			      "the kernel parameters" } },
	{ EFIMAP_CHANGE_SPLITS_CONTROL_PAGE, EFIMAP_CHANGE_SPARES_NEXT_PAGE, false, OF_BOTH,
	  .message = "Kernel/User page tables isolation: enabled",
	  .text = "with page table isolation, the running kernel may overwrite a page of memory "
		  "when it loads another kernel",
	  .whether = "whether the running kernel isolates page tables, with which it may overwrite "
		     "a page of memory when it loads another kernel",
	  .advice = { .text = "Boot Linux 6.1.138 or later" } },
	{ EFIMAP_CHANGE_MAPS_EFI_VA_RANGE, EFIMAP_CHANGE_WAKES_OFFLINE_CPUS, false, OF_KEXEC,
	  .is_met = has_offline_threads,
	  .text = "the running kernel leaves offline CPUs in MWAIT, and they may damage the next "
		  "kernel",
	  .advice = { .text = "Enable all CPUs before kexec (echo on | sudo tee "
			      "/sys/devices/system/cpu/smt/control), or boot Linux 6.1.37, 6.5 or "
			      "later" } },
	{ EFIMAP_CHANGE_SETS_UP_HYPERV_CPUS, EFIMAP_CHANGE_RESETS_HYPERV_CPUS, false, OF_KEXEC,
	  .is_met = is_hyperv_guest,
	  .text = "Hyper-V may write to memory of the next kernel, which then crashes",
	  .advice = { .text = "Boot Linux 6.6.52, 6.11 or later, or reboot the guest without "
			      "kexec" } },
	{ EFIMAP_CHANGE_PASSES_HYPERV_SCREEN, EFIMAP_CHANGE_KEEPS_HYPERV_SCREEN, false,
	  OF_FILE_LOAD,
	  .message = "hyperv_fb",
	  .text = "hyperv_fb may have moved the frame buffer, and the next kernel hangs if it uses "
		  "the old address",
	  .whether = "whether hyperv_fb has moved the frame buffer, so that the next kernel hangs "
		     "if it uses the old address",
	  .advice = { .text = "Use kexec_load (kexec --kexec-syscall), or boot Linux 6.12.20, 6.14 "
			      "or later" } },
	{ EFIMAP_CHANGE_SKIPS_AMD_BUFFERS, EFIMAP_CHANGE_REUSES_AMD_BUFFERS, true, OF_KDUMP,
	  .message = "AMD-Vi: Interrupt remapping enabled",
	  .text = "a crash kernel of this release cannot use the AMD IOMMU, and may receive no "
		  "interrupts",
	  .whether = "whether the machine has an AMD IOMMU, which a crash kernel of this release "
		     "cannot use",
	  .advice = { .text = "Use Linux 6.1.160, 6.6.120, 6.12.65 or later as the crash "
			      "kernel" } },
	{ EFIMAP_CHANGE_MAPS_EFI_VA_RANGE, EFIMAP_CHANGE_COPIES_SCALABLE_TABLES, true, OF_KDUMP,
	  .is_met = has_scalable_mode,
	  .text = "a crash kernel of this release cannot use an Intel IOMMU in scalable mode, and "
		  "may not boot",
	  .advice = { .text = "Use Linux 5.15.69, 6.0 or later as the crash kernel, or remove "
			      "sm_on from intel_iommu= in the kernel parameters" } },
	{ EFIMAP_CHANGE_MAPS_EFI_VA_RANGE, EFIMAP_CHANGE_IGNORES_MIRROR, true, OF_KDUMP,
	  .is_met = mirrors_memory,
	  .text = "with kernelcore=mirror, a crash kernel of this release may have too little "
		  "memory",
	  .advice = { .text = "Use Linux 6.6.15, 6.8 or later as the crash kernel, or remove "
			      "kernelcore=mirror from its parameters" } },
	/* The condition is last, because only the first bug is reported. */
	{ EFIMAP_CHANGE_STOPS_KVM_LATE, EFIMAP_CHANGE_STOPS_KVM_FOR_KEXEC, false, OF_KEXEC,
	  .text = "if no virtual machine runs on this machine at that time",
	  .advice = { .text = "Stop the virtual machines before kexec, because the running kernel "
			      "does not disable VMX, or boot Linux 6.6.15, 6.8 or later" } },
};

static bool may_affect(const struct kernel_bug *bug, const struct machine *machine,
		       const struct efimap_load_case *load)
{
	const struct efimap_release *release =
		bug->is_of_next ? &load->release : &machine->map->release;

	if ((bug->affected == OF_KEXEC && load->question != EFIMAP_QUESTION_KEXEC) ||
	    (bug->affected == OF_KDUMP && load->question != EFIMAP_QUESTION_KDUMP) ||
	    (bug->affected == OF_FILE_LOAD && load->loader != EFIMAP_LOADER_KERNEL))
		return false;
	return efimap_release_has(release, bug->cause, false) &&
	       !efimap_release_has(release, bug->cure, true);
}

struct check_result look_at_kernel_bugs(const struct machine *machine,
					const struct efimap_load_case *load)
{
	const struct efimap *map = machine->map;

	for (size_t i = 0; i < sizeof(bugs) / sizeof(bugs[0]); i++) {
		const struct kernel_bug *bug = &bugs[i];

		if (!may_affect(bug, machine, load) ||
		    (bug->message && !efimap_log_contains(map, bug->message)) ||
		    (bug->is_met && !bug->is_met(map)))
			continue;
		return strncmp(bug->text, "if ", 3) == 0 ? depends(bug->text, &bug->advice) :
							     unseen_but(bug->text, &bug->advice);
	}
	return passed;
}

struct check_result look_for_kernel_bugs(const struct machine *machine,
					 const struct efimap_load_case *load)
{
	for (size_t i = 0; i < sizeof(bugs) / sizeof(bugs[0]); i++)
		if (bugs[i].message && !machine->map->log_has_start &&
		    may_affect(&bugs[i], machine, load))
			return (struct check_result){ .state = CHECK_UNSEEN,
						      .text = bugs[i].whether };
	return passed;
}
