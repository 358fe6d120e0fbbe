/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The checks that determine whether a load works. checks.h describes the steps to add a check. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "answer/checks.h"
#include "answer/loads.h"
#include "base/text_scan.h"
#include "capture/kernel_parameters.h"
#include "infer/architecture.h"
#include "infer/booted_by.h"
#include "infer/hardware.h"
#include "infer/linux_changes.h"
#include "linux/crashkernel_parameter.h"
#include "linux/identity_map.h"
#include "rules/facts_for_rules.h"
#include "rules/memory_spans.h"
#include "rules/unread_sources.h"

static struct check_result look_at_system_call(const struct machine *machine,
					       const struct efimap_load_case *load)
{
	const struct efimap_kernel_config *running = &machine->state->config;

	if ((load->loader == EFIMAP_LOADER_KEXEC_TOOLS &&
	     efimap_option_is_off(running, EFIMAP_CONFIG_KEXEC)) ||
	    (load->loader == EFIMAP_LOADER_KERNEL &&
	     efimap_option_is_off(running, EFIMAP_CONFIG_KEXEC_FILE)))
		return refuse(EFIMAP_REFUSED_NO_CALL);
	return passed;
}

/*
 * Check that kexec-tools is installed or, for kexec, that systemctl loads kernels itself. Only a
 * list of packages shows that kexec-tools is not installed.
 */
static struct check_result look_for_program(const struct machine *machine,
					    const struct efimap_load_case *load)
{
	const struct efimap_kexec_state *state = machine->state;

	if (load->question == EFIMAP_QUESTION_KEXEC && load->loader == EFIMAP_LOADER_KEXEC_TOOLS &&
	    state->tools.major == 0 && efimap_is_under_xen(machine->map))
		return unseen("the version of kexec-tools; 2.0.27 and 2.0.28 may call "
			      "kexec_file_load, after which a PV domain of Xen powers off");
	if (state->has_tools != EFIMAP_KNOWN_NO || load->is_loaded || load->is_from_log ||
	    state->systemd == 0 ||
	    (load->question == EFIMAP_QUESTION_KEXEC && state->systemd >= SYSTEMD_LOADS))
		return passed;
	return depends("if kexec-tools is installed", "Install kexec-tools");
}

/*
 * Check the sysctls that forbid kexec (kernel/kexec_core.c: kexec_load_permitted). The sysctls do
 * not affect a kernel that was loaded before they were set.
 */
static struct check_result look_at_sysctls(const struct machine *machine,
					   const struct efimap_load_case *load)
{
	const struct efimap_kexec_state *state = machine->state;
	const bool is_crash = load->question == EFIMAP_QUESTION_KDUMP;
	const enum efimap_value_id loaded =
		is_crash ? EFIMAP_VALUE_CRASH_LOADED : EFIMAP_VALUE_LOADED;
	const int32_t limit = machine_load_limit(machine, load->question);
	const bool is_disabled = machine_is_load_disabled(machine);

	if ((!is_disabled && limit != 0) || load->is_loaded)
		return passed;
	/* A remedy that needs a reboot is loaded before the sysctls are set. */
	if (load->is_remedy && is_crash && machine_needs_reboot(machine))
		return passed;
	if (!is_crash && efimap_is_set(state, loaded))
		return depends("if this kernel is the one that is loaded, because no other kernel "
			       "can be loaded", NULL);
	if (!efimap_knows(state, loaded) && !(is_crash && machine_asks_about_next(machine)))
		return unseen(is_crash ? "loading is disabled, but sys/kernel/kexec_crash_loaded, "
					 "which shows whether a crash kernel is loaded, was not "
					 "read" :
					 "loading is disabled, but sys/kernel/kexec_loaded, which "
					 "shows whether a kernel is loaded, was not read");
	return refuse(is_disabled ? EFIMAP_REFUSED_DISABLED : EFIMAP_REFUSED_LIMIT);
}

/*
 * Check for TDX on a CPU with the erratum tdx_pw_mce, which the kernel detects only if the firmware
 * enables TDX. Since 6.18, Linux then refuses both system calls (machine_kexec_prepare() in
 * arch/x86), until 5b25f249be32 ("x86/tdx: Disable the TDX module during kexec and kdump"). Before
 * 6.18, an upstream kernel supports either TDX hosts or kexec, but a kernel of a distribution may
 * support both.
 */
static struct check_result look_at_tdx_erratum(const struct machine *machine,
					       const struct efimap_load_case *load)
{
	const struct efimap *map = machine->map;

	if (map->tdx_erratum != EFIMAP_KNOWN_YES || load->is_loaded || load->is_from_log ||
	    efimap_kernel_has(map, EFIMAP_CHANGE_RESETS_TDX_MEMORY, true))
		return passed;
	return efimap_kernel_has(map, EFIMAP_CHANGE_REFUSES_TDX_ERRATUM, false) ?
		       refuse(EFIMAP_REFUSED_ERRATUM) :
		       unseen("TDX is enabled on a CPU with an erratum (tdx_pw_mce), because of "
			      "which the running kernel may refuse kexec and kdump");
}

/*
 * Report that nothing shows whether the CPU has this erratum. In a virtual machine, the kernel does
 * not detect it.
 */
static struct check_result look_for_tdx_erratum(const struct machine *machine,
						const struct efimap_load_case *load)
{
	const struct efimap *map = machine->map;
	const bool is_virtual = efimap_has_cpu_flags(map) && !map->is_bare_machine;

	if (map->tdx_erratum != EFIMAP_NOT_KNOWN || is_virtual || load->is_loaded ||
	    load->is_from_log ||
	    efimap_kernel_has(map, EFIMAP_CHANGE_RESETS_TDX_MEMORY, true) ||
	    !efimap_kernel_has(map, EFIMAP_CHANGE_REFUSES_TDX_ERRATUM, false))
		return passed;
	return unseen("whether TDX is enabled on a CPU with an erratum (tdx_pw_mce), because of "
		      "which the running kernel refuses kexec and kdump (no list of bugs in "
		      "proc/cpuinfo was read)");
}

/* Check for lockdown, in which the kernel refuses kexec_load (kernel/kexec.c: kexec_load_check). */
static struct check_result look_at_lockdown(const struct machine *machine,
					    const struct efimap_load_case *load)
{
	/* In dom0 of Xen, kexec-tools calls the hypervisor instead of kexec_load. */
	if (load->loader != EFIMAP_LOADER_KEXEC_TOOLS || load->is_loaded ||
	    efimap_is_under_xen(machine->map))
		return passed;
	if (machine->is_locked_down)
		return refuse(EFIMAP_REFUSED_LOCKDOWN);
	return machine->why_maybe_locked_down ? unseen(machine->why_maybe_locked_down) : passed;
}

/*
 * Check for LoadPin, which refuses kexec_load. For kexec_file_load, it refuses all files that are
 * not on the file system of the first file that the kernel loaded (security/loadpin/loadpin.c:
 * loadpin_check).
 */
static struct check_result look_at_loadpin(const struct machine *machine,
					   const struct efimap_load_case *load)
{
	const char *rest = machine->map->cmdline;
	bool pins_image = true, pins_initrd = true;
	struct kernel_parameter arg;

	if (load->is_loaded || load->is_from_log ||
	    !efimap_log_contains(machine->map, "LoadPin: ready to pin (currently enforcing)"))
		return passed;
	while (parameter_next(&rest, &arg))
		if (parameter_is(&arg, "loadpin.exclude")) {
			pins_image = !parameter_has_option(&arg, "kexec-image");
			pins_initrd = !parameter_has_option(&arg, "kexec-initramfs");
		}
	if (!pins_image && (!pins_initrd || load->loader == EFIMAP_LOADER_KEXEC_TOOLS))
		return passed;
	return load->loader == EFIMAP_LOADER_KERNEL ?
		       depends("if LoadPin accepts the file system of the image and the initrd",
			       NULL) :
		       unseen_but("LoadPin is enforcing, so the running kernel refuses kexec_load",
				  "Set loadpin.enforce=0 in the kernel parameters, and reboot");
}

/*
 * Check for a running kernel without /proc/kcore, which kexec-tools reads to load a crash kernel
 * (kexec/arch/i386/crashdump-x86.c: get_kernel_vaddr_and_size).
 */
static struct check_result look_at_kcore(const struct machine *machine,
					 const struct efimap_load_case *load)
{
	if (load->question != EFIMAP_QUESTION_KDUMP || load->is_loaded || load->is_from_log ||
	    load->loader != EFIMAP_LOADER_KEXEC_TOOLS ||
	    !efimap_option_is_off(&machine->state->config, EFIMAP_CONFIG_PROC_KCORE))
		return passed;
	return unseen_but("kexec-tools reads /proc/kcore to load a crash kernel with kexec_load, "
			  "and the running kernel is built without CONFIG_PROC_KCORE",
			  "Use a kernel that is built with CONFIG_PROC_KCORE");
}

/*
 * Check whether a boot loader entry of the kernel disables EFI runtime services, or lacks the
 * efi=runtime that the kernel needs. systemctl kexec uses the parameters of the entry, while
 * kexec -l --reuse-cmdline uses those of the running kernel. The rule next-runtime-disabled
 * considers an entry that enables runtime services.
 */
static struct check_result look_at_boot_entry(const struct machine *machine,
					      const struct efimap_load_case *load)
{
	const struct efimap_installed_kernel *kernel = load->kernel;
	const struct efimap_kernel_config config = efimap_load_config(machine->map, load);
	const bool needs_runtime =
		kernel && !kernel->disabling_entry && kernel->plain_entry &&
		efimap_has_efi_option(machine->map, "runtime") &&
		efimap_option_is_on(&config, EFIMAP_CONFIG_EFI_DISABLE_RUNTIME);
	const char *path, *condition = NULL;

	/* If a kernel is loaded, systemctl kexec starts it, and reads no entry. */
	if (!efimap_load_may_use_entry(load) ||
	    efimap_is_set(machine->state, EFIMAP_VALUE_LOADED) ||
	    !(needs_runtime || (kernel && kernel->disabling_entry)))
		return passed;
	path = efimap_text_mark(machine->arena, needs_runtime ? kernel->plain_entry :
								kernel->disabling_entry);
	if (path && needs_runtime)
		condition = efimap_arena_printf(machine->arena,
						"if systemctl kexec does not use %s, which lacks "
						"efi=runtime", path);
	else if (path)
		condition = efimap_arena_printf(machine->arena,
						"if systemctl kexec does not pass %s from %s",
						kernel->disabling_parameter, path);
	return depends(condition,
		       "Load the kernel with kexec -l --reuse-cmdline first. systemctl kexec then "
		       "starts the loaded kernel");
}

/*
 * Check for a kernel that ignores the parameters that the loader passes, such as elfcorehdr= for a
 * crash kernel. With kexec, a kernel of the running release passes the check, because it has the
 * built-in parameters of the running kernel.
 */
static struct check_result look_at_override(const struct machine *machine,
					    const struct efimap_load_case *load)
{
	const struct efimap_kernel_config config = efimap_load_config(machine->map, load);

	return efimap_option_is_on(&config, EFIMAP_CONFIG_CMDLINE_OVERRIDE) &&
			       (load->question == EFIMAP_QUESTION_KDUMP ||
				strcmp(load->release.text, machine->map->release.text) != 0) ?
		       unseen_but("the next kernel ignores all parameters that the loader passes "
				  "(CONFIG_CMDLINE_OVERRIDE)",
				  "Use a kernel without CONFIG_CMDLINE_OVERRIDE") :
		       passed;
}

/*
 * struct failed_load - a message about a load that failed
 * @loader:    the loader that will fail again, or EFIMAP_LOADER_ANY
 * @is_hidden: no other check finds the cause, so the message matters even if the image is known
 * @text:      the reason why the outcome is unknown
 */
struct failed_load {
	const char *message;
	enum efimap_loader loader;
	bool is_hidden;
	const char *text;
};

static const struct failed_load failed_loads[] = {
	{ "kexec-bzImage64: Loading purgatory failed", EFIMAP_LOADER_KERNEL, true,
	  "the running kernel failed to load its purgatory, without which kexec_file_load fails" },
	{ "kexec_file: Enforced kernel signature verification failed", EFIMAP_LOADER_KERNEL, false,
	  "the running kernel refused an image because of its signature" },
	{ "kexec_load failed: Operation not permitted", EFIMAP_LOADER_ANY, false,
	  "the running kernel did not permit kexec_load" },
	{ "kexec_file_load failed: Operation not permitted", EFIMAP_LOADER_ANY, false,
	  "the running kernel did not permit kexec_file_load" },
	{ "kexec_load failed:", EFIMAP_LOADER_KEXEC_TOOLS, false, "an earlier kexec_load failed" },
	{ "kexec_file_load failed:", EFIMAP_LOADER_KERNEL, false,
	  "an earlier kexec_file_load failed" },
};

/*
 * Check whether the log shows that a load failed. If the image is known, the other checks find most
 * causes.
 */
static struct check_result look_at_failed_loads(const struct machine *machine,
						const struct efimap_load_case *load)
{
	const bool is_image_known = load->image && !load->is_assumed;

	if (load->is_loaded || load->is_from_log ||
	    (load->question == EFIMAP_QUESTION_KEXEC &&
	     efimap_is_set(machine->state, EFIMAP_VALUE_LOADED)))
		return passed;
	for (size_t i = 0; i < sizeof(failed_loads) / sizeof(failed_loads[0]); i++) {
		const struct failed_load *failed = &failed_loads[i];

		if ((failed->loader == load->loader || failed->loader == EFIMAP_LOADER_ANY) &&
		    (failed->is_hidden || !is_image_known) &&
		    efimap_log_contains(machine->map, failed->message))
			return unseen_but(failed->text,
					  "Run efimapctl explain with the message about the failed "
					  "load, which is in the kernel log");
	}
	return passed;
}

/*
 * Check for a crash kernel that is not relocatable, which kexec-tools refuses. Only its 32-bit
 * loader checks this (kexec/arch/i386/kexec-bzImage.c: do_bzImage_load). Its 64-bit loader loads
 * images with XLF_KERNEL_64 and XLF_CAN_BE_LOADED_ABOVE_4G (kexec/arch/x86_64/kexec-bzImage64.c:
 * bzImage64_probe). If init_size is 0, the header does not show whether the kernel is relocatable.
 */
static struct check_result look_at_image_format(const struct machine *machine,
						const struct efimap_load_case *load)
{
	const uint16_t flags = EFIMAP_XLF_KERNEL_64 | EFIMAP_XLF_ABOVE_4G;
	const struct efimap_image *image = load->image;

	return load->question == EFIMAP_QUESTION_KDUMP &&
			       load->loader == EFIMAP_LOADER_KEXEC_TOOLS && !load->is_loaded &&
			       image && (image->xloadflags & flags) != flags &&
			       image->init_size > 0 && !image->is_relocatable ?
		       refuse(EFIMAP_REFUSED_IMAGE) :
		       passed;
}

/*
 * Check the size of the image file. Both loaders check only that the file contains the setup
 * sectors. A locked-down kernel also requires the signature, which is at the end of the file.
 */
static struct check_result look_at_image_size(const struct machine *machine,
					      const struct efimap_load_case *load)
{
	const struct efimap_installed_kernel *kernel = load->kernel;

	if (load->is_truncated != EFIMAP_KNOWN_YES)
		return passed;
	if ((!kernel->is_unified && kernel->size < kernel->header.setup_size) ||
	    (load->loader == EFIMAP_LOADER_KERNEL && machine->is_locked_down))
		return refuse(EFIMAP_REFUSED_TRUNCATED);
	return passed;
}

/*
 * Check that memmap and, for kexec_file_load, iomem are complete. If ranges are missing, the memory
 * that the loader uses is unknown, and RAM may overlap firmware memory. A crash kernel is loaded
 * into known reserved memory, so neither list matters.
 */
static struct check_result look_at_memmap(const struct machine *machine,
					  const struct efimap_load_case *load)
{
	const struct efimap *map = machine->map;
	const bool is_absent = map->states[EFIMAP_SRC_MEMMAP] == EFIMAP_STATE_ABSENT;
	const bool is_log = efimap_first_origin(map) == EFIMAP_ORIGIN_LOG;

	if (load->loader == EFIMAP_LOADER_KERNEL && !load->has_crash && iomem_lacks_end(map))
		return unseen("the end of proc/iomem is missing");
	/* If the running kernel has no memmap, kexec-tools reads iomem, so nothing is missing. */
	if (load->has_crash || (is_absent && !efimap_is_offline(map)) ||
	    (efimap_has_all_of(map, EFIMAP_SRC_MEMMAP) && map->n_memmap > 0 &&
	     !memmap_may_lack_range(map)))
		return passed;
	if (!is_absent)
		return unseen(is_log ? "ranges of the e820 table in the kernel log are missing or "
				       "could not be read" :
				       "ranges of sys/firmware/memmap are missing or could not be "
				       "read");
	return unseen(is_log ?
			      "the kernel log has no e820 map, so the memory that kexec "
			      "overwrites is unknown" :
			      "sys/firmware/memmap was not collected, so the memory that kexec "
			      "overwrites is unknown");
}

/*
 * Return whether a segment may be in a range that memmap= excludes. Commas separate ranges, and
 * SIZE#ADDRESS and SIZE%ADDRESS change the type of memory.
 */
static bool may_use_excluded(const struct efimap_load_case *load, struct efimap_text value)
{
	for (const char *comma; value.len; efimap_text_skip(&value, value.len > 0)) {
		struct efimap_text range = value;
		struct efimap_span span;
		uint64_t size;

		comma = memchr(value.at, ',', value.len);
		range.len = comma ? (size_t)(comma - value.at) : value.len;
		efimap_text_skip(&value, range.len);
		if (!efimap_take_size(&range, &size) || !range.len ||
		    !efimap_text_is_one_of(range.at[0], "$!#%"))
			continue;
		efimap_text_skip(&range, 1);
		if (!efimap_take_size(&range, &span.first) || !size ||
		    __builtin_add_overflow(span.first, size - 1, &span.last) ||
		    load->placement.count == 0)
			return true;
		for (size_t i = 0; i < load->placement.count; i++)
			if (efimap_segment_may_hit(&load->placement.segments[i], span))
				return true;
	}
	return false;
}

/*
 * Check for memmap=SIZE$ADDRESS and similar forms, which exclude memory from the RAM of the running
 * kernel. /sys/firmware/memmap still lists it as RAM, so kexec-tools may load segments into it
 * (kexec/arch/i386/kexec-x86-common.c: get_memory_ranges). kexec_file_load uses the RAM of the
 * running kernel.
 */
static struct check_result look_at_excluded_memory(const struct machine *machine,
						   const struct efimap_load_case *load)
{
	const struct efimap *map = machine->map;
	const char *rest = map->cmdline;
	struct kernel_parameter arg;

	if (load->loader != EFIMAP_LOADER_KEXEC_TOOLS ||
	    load->question != EFIMAP_QUESTION_KEXEC || !efimap_has(map, EFIMAP_SRC_CMDLINE))
		return passed;
	while (parameter_next(&rest, &arg))
		if (parameter_is(&arg, "memmap") && arg.value &&
		    may_use_excluded(load, (struct efimap_text){ arg.value, arg.value_len }))
			return unseen_but("memmap= excludes memory from the RAM of the running "
					  "kernel, and kexec_load may use this memory",
					  "Remove memmap= from the kernel parameters, and reboot");
	return passed;
}

static struct check_result look_at_placement(const struct machine *machine,
					     const struct efimap_load_case *load)
{
	/* If the load is a remedy that assumes another reservation, has_crash is set. */
	if (load->question == EFIMAP_QUESTION_KDUMP && !load->has_crash &&
	    machine->kdump.state == EFIMAP_KDUMP_NOT_RESERVED)
		return refuse(EFIMAP_REFUSED_NOT_RESERVED);
	if (load->question == EFIMAP_QUESTION_KDUMP && machine->kdump.contradiction)
		return unseen(machine->kdump.contradiction);
	switch (load->placement.reason) {
	case EFIMAP_UNPLACED_MIXED_MODE:
		return refuse(EFIMAP_REFUSED_MIXED);
	case EFIMAP_UNPLACED_IMAGE:
		/*
		 * kexec_load is not refused. If the image lacks XLF_KERNEL_64 or
		 * XLF_CAN_BE_LOADED_ABOVE_4G, kexec-tools uses its 32-bit entry point, and passes
		 * no EFI data. The rule image-without-efi reports such an image.
		 */
		return load->loader == EFIMAP_LOADER_KERNEL ? refuse(EFIMAP_REFUSED_IMAGE) : passed;
	case EFIMAP_UNPLACED_FIVE_LEVELS:
		return refuse(EFIMAP_REFUSED_FIVE_LEVELS);
	case EFIMAP_UNPLACED_NO_ROOM:
		/* If memmap is incomplete, a missing range may be large enough: do not refuse. */
		return look_at_memmap(machine, load).state == CHECK_PASSED ?
			       refuse(EFIMAP_REFUSED_ROOM) :
			       passed;
	default:
		return passed;
	}
}

/* Check that the memory of the crash kernel is known, because it may contain firmware memory. */
static struct check_result look_at_crash_range(const struct machine *machine,
					       const struct efimap_load_case *load)
{
	const struct efimap *map = machine->map;

	if (load->question != EFIMAP_QUESTION_KDUMP || load->has_crash)
		return passed;
	if (machine->kdump.why_maybe_reserved)
		return unseen(machine->kdump.why_maybe_reserved);
	if (!efimap_is_uncollected(map, EFIMAP_SRC_IOMEM))
		return passed;
	return unseen(efimap_first_origin(map) == EFIMAP_ORIGIN_LOG ?
			      "the memory of the crash kernel is unknown, because a kernel log "
			      "does not contain proc/iomem" :
			      "the memory of the crash kernel is unknown, because proc/iomem was "
			      "not collected");
}

static struct check_result look_at_map(const struct machine *machine,
				       const struct efimap_load_case *load)
{
	if (machine->why_unknown)
		return unseen(machine->why_unknown);
	return efimap_is_other_architecture(machine->map) ?
		       unseen("only x86 kernels have a runtime map, but the architecture is not "
			      "x86") :
		       passed;
}

/*
 * Check that a capture contains the files without which kexec-tools passes no EFI data
 * (kexec/arch/i386/x86-linux-setup.c: setup_efi_data). On a running system, the rule
 * pointer-missing reports a missing file.
 */
static struct check_result look_at_pointers(const struct machine *machine,
					    const struct efimap_load_case *load)
{
	static const struct {
		enum efimap_source source;
		const char *text;
	} files[] = {
		{ EFIMAP_SRC_FW_VENDOR, "kexec_load needs sys/firmware/efi/fw_vendor, which was "
					"not collected" },
		{ EFIMAP_SRC_RUNTIME, "kexec_load needs sys/firmware/efi/runtime, which was not "
				      "collected" },
		{ EFIMAP_SRC_CONFIG_TABLE, "kexec_load needs sys/firmware/efi/config_table, which "
					   "was not collected" },
		{ EFIMAP_SRC_SYSTAB, "kexec_load needs sys/firmware/efi/systab, which was not "
				     "collected" },
	};
	const struct efimap *map = machine->map;

	if (load->loader != EFIMAP_LOADER_KEXEC_TOOLS || !efimap_is_offline(map) ||
	    map->map_from != EFIMAP_MAP_FROM_FILES)
		return passed;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (map->states[files[i].source] == EFIMAP_STATE_ABSENT)
			return unseen(files[i].text);
	return passed;
}

static struct check_result look_at_kernel(const struct machine *machine,
					  const struct efimap_load_case *load)
{
	static const char name[] =
		"Name the loaded kernel and its initrd with --kernel and --initrd";

	if (load->is_unnamed)
		return unseen("no configuration names a readable kernel image");
	if (load->question != EFIMAP_QUESTION_KDUMP || machine->kdump.state != EFIMAP_KDUMP_LOADED)
		return passed;
	if (load->is_assumed && machine->state->is_service_off)
		return unseen_but("USE_KDUMP is not 1, so a program other than kdump-config may "
				  "have loaded the kernel", name);
	if (machine->state->is_record_old == EFIMAP_KNOWN_YES &&
	    !machine_asks_about_next(machine)) {
		const char *path =
			efimap_arena_printf(machine->arena, "/%s", machine->state->record);

		path = path ? efimap_text_mark(machine->arena, path) : NULL;
		return unseen_but(path ? efimap_arena_printf(machine->arena,
							     "%s is older than the last boot, so "
							     "a program other than kdump-config "
							     "may have loaded the kernel", path) :
					 NULL, name);
	}
	/*
	 * If neither the configuration of a kdump service nor the record of a load was found, a
	 * script or unit of the administrator may have loaded the kernel, or a container may hide
	 * the configuration. The load may have used another image, --noefi or noefi. An offline
	 * capture is not checked, because it may lack a configuration that the machine has.
	 */
	if (load->is_assumed && load->is_loaded && !machine->uses_record &&
	    machine->state->crash_service == EFIMAP_CRASH_SERVICE_UNKNOWN &&
	    !efimap_is_offline(machine->map))
		return depends("if its parameters do not disable EFI", name);
	return passed;
}

/*
 * Check whether a kernel is already loaded for kexec. systemctl kexec and kexec -e start this
 * kernel, and no file shows its image or its parameters. look_at_sysctls() reports a loaded kernel
 * that cannot be replaced.
 */
static struct check_result look_for_loaded_kernel(const struct machine *machine,
						  const struct efimap_load_case *load)
{
	const struct efimap_kexec_state *state = machine->state;

	if (load->question != EFIMAP_QUESTION_KEXEC || load->is_from_log || load->is_remedy ||
	    !efimap_is_set(state, EFIMAP_VALUE_LOADED) || machine_asks_about_next(machine) ||
	    efimap_is_set(state, EFIMAP_VALUE_LOAD_DISABLED) ||
	    efimap_load_limit(state, EFIMAP_VALUE_REBOOT_LIMIT) == 0)
		return passed;
	return depends("if this kernel is the one that is loaded, or if you load it now",
		       "Load this kernel now (kexec -l), or name the loaded kernel and its "
		       "initrd with --kernel and --initrd");
}

/*
 * Check that the addresses of the EFI tables are known. A next kernel that is loaded over a table
 * may zero a part of itself, or lack the table. Memory that is reserved for a crash kernel contains
 * no table except possibly INITRD, which Linux does not reserve.
 */
static struct check_result look_at_tables(const struct machine *machine,
					  const struct efimap_load_case *load)
{
	const struct efimap *map = machine->map;

	if ((load->has_crash &&
	     !efimap_release_has(&load->release, EFIMAP_CHANGE_WIPES_INITRD, false)) ||
	    map->states[EFIMAP_SRC_RUNTIME_MAP] != EFIMAP_STATE_PRESENT)
		return passed;
	if (map->n_tables > 0)
		return !efimap_find_table_fault(map) ?
			       passed :
			       unseen("the address of an EFI table may be unknown, because the "
				      "list of tables in the kernel log is incomplete");
	if (map->log_is_of_other_boot)
		return unseen("the addresses of the EFI tables are unknown, because the kernel log "
			      "is from another boot");
	if (!efimap_has(map, EFIMAP_SRC_KERNEL_LOG))
		return unseen("the addresses of the EFI tables are unknown without a kernel log "
			      "(dmesg)");
	if (map->n_log_lines == 0)
		return unseen("the addresses of the EFI tables are unknown, because the kernel log "
			      "has no messages about EFI; journalctl -k may show them");
	if (map->log_has_start)
		return unseen("the addresses of the EFI tables are unknown, because the kernel log "
			      "does not list them");
	return unseen(efimap_is_offline(map) ?
			      "the addresses of the EFI tables are unknown, because the kernel log "
			      "lacks messages from the beginning of the boot" :
			      "the addresses of the EFI tables are unknown, because the kernel log "
			      "lacks messages from the beginning of the boot; boot with "
			      "log_buf_len=4M");
}

/*
 * Check that the log contains the EFI runtime memory map, which shows whether the kernel runs in
 * mixed mode: only in mixed mode, this map contains conventional memory without EFI_MEMORY_RUNTIME.
 * A kernel with efi=debug prints the runtime memory map long after the EFI memory map, so the log
 * may end before it.
 */
static struct check_result look_for_mixed_mode(const struct machine *machine,
					       const struct efimap_load_case *load)
{
	const struct efimap *map = machine->map;

	if (map->map_from != EFIMAP_MAP_FROM_FIRMWARE || !efimap_has_efi_option(map, "debug") ||
	    efimap_is_32bit_kernel(map) || map->width_mismatch)
		return passed;
	return unseen("the word size of the firmware is unknown, because the kernel log lacks the "
		      "EFI runtime memory map");
}

/* Report that the kernel log may lack messages about the firmware, the IOMMU and Secure Boot. */
static struct check_result look_for_log_start(const struct machine *machine,
					      const struct efimap_load_case *load)
{
	const struct efimap *map = machine->map;

	if (!efimap_has(map, EFIMAP_SRC_KERNEL_LOG) || efimap_log_contains(map, "Linux version"))
		return passed;
	return unseen(map->log_is_of_other_boot ?
			      "the kernel log is from another boot" :
			      "the kernel log lacks messages from the beginning of the boot");
}

/* Check that the image and the initrd are known, because they determine the sizes of segments. */
static struct check_result look_at_sizes(const struct machine *machine,
					 const struct efimap_load_case *load)
{
	if (load->is_assumed || (load->is_from_log && !load->image))
		return unseen("no image of the next kernel; name it with --kernel");
	if (!load->is_from_log && !load->is_unnamed && !load->kernel->has_initrd_size)
		return unseen("the size of the initrd; name the initrd with --initrd");
	return passed;
}

/*
 * Check whether the presence of an initrd affects the outcome. Without an initrd, a kernel uses the
 * EFI INITRD table, and panics if the table has been overwritten. The table may be overwritten if
 * it is in usable RAM.
 */
static struct check_result look_at_initrd(const struct machine *machine,
					  const struct efimap_load_case *load)
{
	const struct efimap_installed_kernel *kernel = load->kernel;
	const struct efimap *map = machine->map;
	uint64_t table;

	if (load->is_from_log || load->is_assumed || load->is_unnamed || kernel->is_unified ||
	    kernel->has_initrd_size ||
	    !efimap_find_named_address(map->tables, map->n_tables, "INITRD", &table))
		return passed;
	for (size_t i = 0; i < load->n_ram; i++)
		if (efimap_span_contains(load->ram[i], (struct efimap_span){ table, table }))
			return depends("if an initrd is loaded with the kernel", NULL);
	return passed;
}

/*
 * Check for crash_kexec_post_notifiers. With this parameter, efi_pstore calls the firmware to save
 * the kernel log before the crash kernel starts (kernel/panic.c). Linux sets the parameter on a
 * host of SEV-SNP guests, because a notifier shuts down SNP for the crash kernel
 * (arch/x86/virt/svm/sev.c: snp_rmptable_init). On such a host, users must not clear the parameter.
 */
static struct check_result look_at_notifiers(const struct machine *machine,
					     const struct efimap_load_case *load)
{
	const bool is_snp_host =
		efimap_log_contains(machine->map, "SEV-SNP: RMP table physical range") ||
		efimap_log_contains(machine->map, "SEV-SNP API:");

	if (load->question != EFIMAP_QUESTION_KDUMP ||
	    !efimap_is_set(machine->state, EFIMAP_VALUE_NOTIFIERS) ||
	    machine->state->has_efi_pstore != EFIMAP_KNOWN_YES)
		return passed;
	return depends("if efi_pstore, which calls the firmware before the crash kernel starts, "
		       "does not hang",
		       is_snp_host ? NULL :
		       "To start the crash kernel without a firmware call, write N to "
		       "/sys/module/kernel/parameters/crash_kexec_post_notifiers");
}

/*
 * Return whether @cmdline prevents a crash kernel from starting the first CPU. kdumpctl and the
 * kdump service of SUSE set disable_cpu_apicid= to the APIC ID of the first CPU.
 */
static bool spares_first_cpu(const char *cmdline)
{
	struct kernel_parameter arg;
	bool is_limited = false;

	while (parameter_next(&cmdline, &arg)) {
		if (parameter_is(&arg, "nosmp") || parameter_is(&arg, "disable_cpu_apicid") ||
		    (parameter_is(&arg, "nr_cpus") && parameter_has_option(&arg, "1")))
			return true;
		/* The last maxcpus= applies. */
		if (parameter_is(&arg, "maxcpus"))
			is_limited = parameter_has_option(&arg, "0") ||
				     parameter_has_option(&arg, "1");
	}
	return is_limited;
}

/*
 * Check whether the crash kernel resets the machine if the panic occurs on a CPU other than the
 * first one. Before Linux 6.9, a crash kernel that starts all CPUs also sends INIT to the first CPU
 * (5c5682b9f87a, "x86/cpu: Detect real BSP on crash kernels"). kdumpctl always adds a parameter
 * that prevents the INIT. The kdump service of SUSE adds this parameter only if KDUMP_COMMANDLINE
 * is empty.
 */
static struct check_result look_at_cpus(const struct machine *machine,
					const struct efimap_load_case *load)
{
	const struct efimap_kexec_state *state = machine->state;
	const bool is_suse = state->crash_service == EFIMAP_CRASH_SERVICE_SUSE;
	/* A value of KDUMP_CMDLINE_APPEND replaces the default. */
	const char *advice = LOAD_AGAIN(
		machine, "Add nr_cpus=1 to KDUMP_CMDLINE_APPEND in the configuration of "
			 "kdump-config, keep the default parameters in this variable, and ");

	if (!load->crash_cmdline || efimap_number(state, EFIMAP_VALUE_CPUS_POSSIBLE) == 1 ||
	    (!load->kernel->is_loaded && !is_suse &&
	     state->crash_service != EFIMAP_CRASH_SERVICE_KDUMP_CONFIG) ||
	    efimap_release_has(&load->release, EFIMAP_CHANGE_DETECTS_FIRST_CPU, true) ||
	    spares_first_cpu(load->crash_cmdline))
		return passed;
	if (is_suse)
		advice = LOAD_AGAIN(machine, "Add nr_cpus=1 to KDUMP_COMMANDLINE_APPEND in "
					     "/etc/sysconfig/kdump, and ");
	else if (load->kernel->is_loaded && state->crash_cmdline &&
		 spares_first_cpu(state->crash_cmdline))
		advice = LOAD_AGAIN(machine, "The configuration of kdump-config contains nr_cpus=1 "
					     "or a similar parameter. To use it, ");
	return depends("if the panic occurs on the first CPU", advice);
}

/*
 * Check for memory that was plugged in after the boot. The ACPI driver of the crash kernel adds it
 * again (drivers/acpi/acpi_memhotplug.c), so the crash kernel may run out of memory, or overwrite
 * memory that belongs in the dump. kdumpctl and the service of SUSE set acpi_no_memhotplug.
 */
static struct check_result look_at_plugged_memory(const struct machine *machine,
						  const struct efimap_load_case *load)
{
	const struct efimap *map = machine->map;

	/* With more than 128 ranges, Linux prints the other ranges in an extended map. */
	if (!load->crash_cmdline || !map->log_ram_last ||
	    efimap_log_contains(map, "extended: [mem") ||
	    (!load->kernel->is_loaded &&
	     machine->state->crash_service != EFIMAP_CRASH_SERVICE_KDUMP_CONFIG) ||
	    efimap_cmdline_has(load->crash_cmdline, "acpi_no_memhotplug") ||
	    efimap_is_hyperv_guest(map) == EFIMAP_KNOWN_YES || efimap_is_under_xen(map))
		return passed;
	for (size_t i = 0; i < map->n_iomem; i++)
		if (label_is_ram(map->iomem[i].name) &&
		    map->iomem[i].span.first > map->log_ram_last)
			return unseen_but(
				"memory was plugged in after the boot, and the crash kernel adds "
				"it again unless acpi_no_memhotplug is in its parameters",
				LOAD_AGAIN(machine, "Add acpi_no_memhotplug to "
						    "KDUMP_CMDLINE_APPEND in the configuration of "
						    "kdump-config, keep the default parameters in "
						    "this variable, and "));
	return passed;
}

/*
 * Check for a host of SEV-SNP guests. While such a guest runs, the firmware refuses to shut down
 * SNP. A crash kernel before Linux 6.18 then panics, because the IOMMU rejects the buffers of the
 * crash kernel ("timer doesn't work through Interrupt-remapped IO-APIC").
 */
static struct check_result look_at_snp_host(const struct machine *machine,
					    const struct efimap_load_case *load)
{
	if (load->question != EFIMAP_QUESTION_KDUMP ||
	    efimap_release_has(&load->release, EFIMAP_CHANGE_DUMPS_SNP_HOST, true) ||
	    !efimap_log_contains(machine->map, "SEV-SNP API:"))
		return passed;
	/* At a panic, only a panic notifier shuts down SNP (drivers/crypto/ccp/sev-dev.c). */
	if (efimap_is_clear(machine->state, EFIMAP_VALUE_NOTIFIERS))
		return unseen_but("the running kernel does not shut down SEV-SNP at a panic, "
				  "because crash_kexec_post_notifiers is N",
				  "Write Y, which is the default on a host of SEV-SNP guests, to "
				  "/sys/module/kernel/parameters/crash_kexec_post_notifiers");
	return depends("if no SEV-SNP guest runs at the panic", NULL);
}

/*
 * Check that the record of the loaded crash kernel is from the current boot, and that the image and
 * the initrd have not changed since the load.
 */
static struct check_result look_at_record(const struct machine *machine,
					  const struct efimap_load_case *load)
{
	const char *file;

	if (!load->kernel->is_loaded)
		return passed;
	if (!machine->state->newer_file)
		return machine->state->is_record_old != EFIMAP_NOT_KNOWN ?
			       passed :
			       unseen("whether the record of the loaded crash kernel is from this "
				      "boot, because the time of the boot (proc/stat) or of the "
				      "load is unknown");
	file = efimap_text_mark(machine->arena, machine->state->newer_file);
	return depends(file ? efimap_arena_printf(machine->arena, "if the changes to %s since the "
								  "load do not matter", file) :
			      NULL,
		       NULL);
}

/*
 * Check for a record of the loaded crash kernel that exists but cannot be used. The configuration
 * may have changed since the load, so it does not show which kernel is loaded.
 */
static struct check_result look_for_record(const struct machine *machine,
					   const struct efimap_load_case *load)
{
	const struct efimap *map = machine->map;
	const char *record = machine->state->record;

	if (!load->is_loaded || load->kernel->is_loaded || !record)
		return passed;
	for (size_t i = 0; i < map->n_faults; i++)
		if (strcmp(map->faults[i].where, record) == 0 &&
		    map->faults[i].state != EFIMAP_STATE_ABSENT)
			return unseen_but(
				efimap_arena_printf(
					machine->arena,
					"the record of the load (%s) cannot be used, and the "
					"configuration may have changed since the load", record),
				"Load the crash kernel again. The kdump service then writes a new "
				"record");
	return passed;
}

static struct check_result look_at_identity_map(const struct machine *machine,
						const struct efimap_load_case *load)
{
	enum efimap_source missing;
	bool is_seen;

	if (efimap_load_reads_unmapped(machine->map, load, &is_seen))
		return passed;
	if (is_seen)
		return unseen("the next kernel resets if it is built with CONFIG_AMD_MEM_ENCRYPT, "
			      "because the identity map lacks the EFI configuration table; collect "
			      "the next kernel's configuration from /boot");
	efimap_identity_map_lacks_config_table(machine->map, &missing);
	return missing == EFIMAP_SRC_COUNT ?
		       unseen_but("the next kernel may reset, because it may read the EFI "
				  "configuration table before it handles page faults, and the "
				  "identity map may lack this table (both depend on the exact "
				  "releases)",
				  "Update both kernels to Linux 6.12 or later") :
		       passed;
}

/*
 * Check for an RSDP outside the identity map. A kernel from Linux 5.0 to 5.9 with
 * CONFIG_MEMORY_HOTREMOVE reads the RSDP before it handles page faults
 * (arch/x86/boot/compressed/acpi.c). Older kernels of distributions may do the same. Since Linux
 * 5.10, the page tables are complete or extended on demand.
 */
static struct check_result look_for_root_pointer(const struct machine *machine,
						 const struct efimap_load_case *load)
{
	const struct efimap_release *next = &load->release;

	return (next->major == 4 || (next->major == 5 && next->minor < 10)) &&
			       efimap_identity_map_lacks_root_pointer(machine->map) ?
		       unseen_but("the next kernel may reset, because it may read the ACPI tables "
				  "before it handles page faults, and the identity map lacks the "
				  "RSDP",
				  "Load Linux 5.10 or later") :
		       passed;
}

static struct check_result look_for_uv(const struct machine *machine,
				       const struct efimap_load_case *load)
{
	return efimap_identity_map_may_halt_uv(machine->map) ?
		       unseen_but("unless the running kernel has a change of Linux 6.12, an HPE UV "
				  "machine may halt, because the identity map contains reserved "
				  "memory",
				  "Boot the running kernel with nogbpages, or boot Linux 6.12 or "
				  "later through the firmware, before kexec") :
		       passed;
}

/*
 * Check whether the running kernel may have freed the memory of its EFI memory map. kexec_file_load
 * copies the map from this memory (efi_runtime_map_copy() in arch/x86/platform/efi). From Linux 5.6
 * to 75dde792d6f6 ("efi/x86: Free EFI memory map only when installing a new one."), a second kernel
 * frees this memory if it has reserved a boot services region again. kexec_load is not affected,
 * because kexec-tools reads the copy of the map in /sys/firmware/efi/runtime-map.
 */
static struct check_result look_at_freed_map(const struct machine *machine,
					     const struct efimap_load_case *load)
{
	const struct efimap *map = machine->map;

	if (load->loader != EFIMAP_LOADER_KERNEL ||
	    efimap_booted_by(map) != EFIMAP_BOOTED_BY_KEXEC ||
	    !efimap_kernel_has(map, EFIMAP_CHANGE_FREES_SECOND_MAP, false) ||
	    efimap_kernel_has(map, EFIMAP_CHANGE_KEEPS_SECOND_MAP, true))
		return passed;
	for (size_t i = 0; i < map->n_entries; i++)
		if (efimap_entry_is_boot_services(&map->entries[i]) &&
		    efimap_entry_is_runtime(&map->entries[i]))
			return unseen_but("kexec started the running kernel, which may lack a "
					  "correction (75dde792d6f6), so kexec_file_load may pass "
					  "a damaged EFI memory map",
					  "Reboot through the firmware (a normal reboot, not "
					  "kexec)");
	return passed;
}

/*
 * Report that nothing shows whether the running kernel uses 5-level paging, which a next kernel
 * with 4-level paging may not support. A kernel like the running one supports what the running
 * kernel uses. See also rule five-level-paging.
 */
static struct check_result look_for_five_levels(const struct machine *machine,
						const struct efimap_load_case *load)
{
	const uint16_t flags = load->image ? load->image->xloadflags : 0;

	if (load->is_assumed || strcmp(load->release.text, machine->map->release.text) == 0)
		return passed;
	return (flags & EFIMAP_XLF_KERNEL_64) && !(flags & EFIMAP_XLF_5LEVEL_ENABLED) &&
			       !efimap_has_cpu_flags(machine->map) ?
		       unseen("whether the running kernel uses 5-level paging, which the next "
			      "kernel may not support (no flags in proc/cpuinfo were read)") :
		       passed;
}

/*
 * Report that it is unknown whether the identity map lacks the EFI configuration table, because a
 * source is missing. The outcome remains known, because the identity map nearly always contains
 * the table.
 */
static struct check_result look_for_identity_map(const struct machine *machine,
						 const struct efimap_load_case *load)
{
	const struct efimap *map = machine->map;
	enum efimap_source missing;
	bool is_seen;

	if (efimap_load_reads_unmapped(map, load, &is_seen) || is_seen)
		return passed;
	efimap_identity_map_lacks_config_table(map, &missing);
	if (missing == EFIMAP_SRC_COUNT)
		return passed;
	return unseen(efimap_arena_printf(machine->arena,
					  "whether the next kernel resets because the identity map "
					  "lacks the EFI configuration table (%s%s %s)",
					  source_path_prefix(map, missing),
					  efimap_source_path(missing),
					  efimap_has(map, missing) ? "lacks the flags of the CPU" :
								     "was not read"));
}

/*
 * Check whether the next kernel may lack two fixes. After kexec, Linux before 5.3 may search for
 * the RSDP at a virtual address (0a23ebc66a46), and Linux before 5.4 may reset a virtual machine
 * ("efi/x86: Do not clean dummy variable in kexec path"). Stable series and distributions have both
 * fixes, so the release does not show whether a kernel has them.
 */
static struct check_result look_for_old_kernel(const struct machine *machine,
					       const struct efimap_load_case *load)
{
	const struct efimap_release *next = &load->release;

	return next->major > 0 && (next->major < 5 || (next->major == 5 && next->minor < 4)) ?
		       unseen("whether the next kernel has the fixes for EFI after kexec that "
			      "Linux 5.3 and 5.4 introduced") :
		       passed;
}

/*
 * Return whether the running kernel is a guest with SEV and @features. The three messages are from
 * Linux 6.0 and later, 5.10 to 5.19, and earlier releases.
 */
static bool is_sev_guest(const struct efimap *map, const char *features)
{
	static const char *const starts[] = {
		"Memory Encryption Features active: AMD SEV",
		"AMD Memory Encryption Features active: SEV",
		"AMD Secure Encrypted Virtualization (SEV) active",
	};
	char message[128];

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		snprintf(message, sizeof(message), "%s%s", starts[i], features);
		if (efimap_log_contains(map, message))
			return true;
	}
	return false;
}

/*
 * Return whether the running kernel is a guest with SEV-SNP. The firmware passes the address of the
 * Confidential Computing blob to such a guest, and sev_enable() in the decompressor or the EFI stub
 * stores the address in boot_params.
 */
static bool is_snp_guest(const struct efimap *map)
{
	return is_sev_guest(map, " SEV-ES SEV-SNP") ||
	       (efimap_has(map, EFIMAP_SRC_BOOT_PARAMS) && map->boot_params.cc_blob_address);
}

static bool is_tdx_guest(const struct efimap *map)
{
	return efimap_log_contains(map, "Memory Encryption Features active: Intel TDX") ||
	       map->is_tdx_guest;
}

/*
 * Check for a guest in which kexec fails because of memory that the guest shares with its host for
 * I/O. The next kernel has no list of the shared memory, and dies when it accesses shared memory as
 * private memory.
 */
static struct check_result look_at_shared_memory(const struct machine *machine,
						 const struct efimap_load_case *load)
{
	const struct efimap *map = machine->map;

	if (is_snp_guest(map) && !efimap_kernel_has(map, EFIMAP_CHANGE_CONVERTS_SNP, true))
		return unseen_but("before Linux 6.13, an SEV-SNP guest leaves memory shared with "
				  "its host, and the next kernel dies if it uses this memory",
				  "Use Linux 6.13 or later, or reboot the guest without kexec");
	if (is_tdx_guest(map) && !efimap_kernel_has(map, EFIMAP_CHANGE_CONVERTS_TDX, true))
		return unseen_but("before Linux 6.11, a TDX guest leaves memory shared with its "
				  "host, and the next kernel dies if it uses this memory",
				  "Use Linux 6.11 or later, or reboot the guest without kexec");
	/*
	 * A confidential guest of Hyper-V may also look like a guest with SEV or TDX, but needs a
	 * newer kernel.
	 */
	if (efimap_log_contains(map, "Hyper-V: Isolation Config:") &&
	    !efimap_kernel_has(map, EFIMAP_CHANGE_CONVERTS_HYPERV, true))
		return unseen_but("before Linux 6.18, a confidential guest of Hyper-V leaves "
				  "memory shared with its host, and the next kernel hangs if it "
				  "uses this memory",
				  "Use Linux 6.18 or later, or reboot the guest without kexec");
	return passed;
}

/*
 * Report that nothing shows whether the machine is a guest in which kexec fails because of shared
 * memory. Without the start of the kernel log, boot_params shows SEV-SNP, cpuinfo shows TDX, and
 * nothing shows whether a guest of Hyper-V is confidential.
 */
static struct check_result look_for_shared_memory(const struct machine *machine,
						  const struct efimap_load_case *load)
{
	const struct efimap *map = machine->map;

	if (map->log_has_start || map->is_bare_machine)
		return passed;
	if (!efimap_has(map, EFIMAP_SRC_BOOT_PARAMS) &&
	    !efimap_kernel_has(map, EFIMAP_CHANGE_CONVERTS_SNP, true))
		return unseen("whether this machine is an SEV-SNP guest, in which the next kernel "
			      "dies if it uses memory that is shared with the host");
	if (!efimap_has_cpu_flags(map) &&
	    !efimap_kernel_has(map, EFIMAP_CHANGE_CONVERTS_TDX, true))
		return unseen("whether this machine is a TDX guest, in which the next kernel dies "
			      "if it uses memory that is shared with the host");
	if (efimap_is_hyperv_guest(map) == EFIMAP_KNOWN_YES &&
	    !efimap_log_contains(map, "Linux version") &&
	    !efimap_kernel_has(map, EFIMAP_CHANGE_CONVERTS_HYPERV, true))
		return unseen("whether this guest of Hyper-V is confidential, so that the next "
			      "kernel hangs if it uses memory that is shared with the host");
	return passed;
}

/*
 * Check that the next kernel supports the encrypted guest in which it starts. Linux has
 * supported SEV-SNP and TDX guests since 5.19, and unaccepted memory since 6.5. A distribution may
 * support both in an earlier release.
 */
static struct check_result look_at_guest_support(const struct machine *machine,
						 const struct efimap_load_case *load)
{
	const struct efimap *map = machine->map;
	const struct efimap_kernel_config config = efimap_load_config(map, load);
	const struct efimap_release *next = &load->release;
	const bool is_snp = is_snp_guest(map), is_tdx = is_tdx_guest(map);
	uint64_t table;

	if (is_snp && efimap_option_is_off(&config, EFIMAP_CONFIG_AMD_MEM_ENCRYPT))
		return unseen_but("the next kernel is built without CONFIG_AMD_MEM_ENCRYPT, which "
				  "SEV-SNP guests need",
				  "Use a kernel that is built with CONFIG_AMD_MEM_ENCRYPT");
	if (is_tdx && efimap_option_is_off(&config, EFIMAP_CONFIG_INTEL_TDX_GUEST))
		return unseen_but("the next kernel is built without CONFIG_INTEL_TDX_GUEST, which "
				  "TDX guests need",
				  "Use a kernel that is built with CONFIG_INTEL_TDX_GUEST");
	/* The running kernel supports the guest. */
	if (!next->major || strcmp(next->text, map->release.text) == 0)
		return passed;
	if ((is_snp || is_tdx) &&
	    (next->major < 5 || (next->major == 5 && next->minor < 19)))
		return unseen_but("before 5.19, upstream Linux supports neither SEV-SNP nor TDX "
				  "guests", "Use a kernel that supports this guest");
	if (efimap_find_named_address(map->tables, map->n_tables, "Unaccepted", &table) &&
	    !efimap_has_parameter(map, "accept_memory=eager") &&
	    !efimap_release_has(next, EFIMAP_CHANGE_READS_UNACCEPTED, true))
		return unseen_but("before 6.5, upstream Linux uses unaccepted memory of a guest "
				  "like other memory, which terminates the guest",
				  "Use Linux 6.5 or later as the next kernel, or boot the running "
				  "kernel with accept_memory=eager");
	return passed;
}

/*
 * Check for AMD SME with a measurement list of IMA. The next kernel maps the end of the setup_data
 * element as encrypted memory, so it reads a wrong address of the list, and crashes when it reads
 * the list.
 */
static struct check_result look_at_encrypted_setup_data(const struct machine *machine,
							const struct efimap_load_case *load)
{
	const struct efimap *map = machine->map;

	if (load->loader != EFIMAP_LOADER_KERNEL ||
	    efimap_option_is_off(&machine->state->config, EFIMAP_CONFIG_IMA_KEXEC) ||
	    efimap_release_has(&load->release, EFIMAP_CHANGE_DECRYPTS_SETUP_DATA, false) ||
	    !efimap_log_contains(map, "Memory Encryption Features active: AMD SME"))
		return passed;
	return unseen_but("with AMD SME and CONFIG_IMA_KEXEC, a next kernel of this release "
			  "crashes if kexec_file_load passes it the measurement list of IMA",
			  "Use Linux 6.12 or later as the next kernel, or boot the running kernel "
			  "with mem_encrypt=off");
}

/* Check for an SEV or SEV-ES guest, in which kexec was not tested. */
static struct check_result look_for_encrypted_guest(const struct machine *machine,
						    const struct efimap_load_case *load)
{
	const struct efimap *map = machine->map;

	return is_sev_guest(map, "") && !is_snp_guest(map) ?
		       unseen("whether kexec works in a guest with SEV or SEV-ES, which was not "
			      "tested") :
		       passed;
}

/*
 * Check for --real-mode and --entry-32bit. With these options, kexec-tools uses other segments than
 * segment_placement.c computes (kexec/arch/x86_64/kexec-bzImage64.c: do_bzImage64_load).
 */
static struct check_result look_at_entry(const struct machine *machine,
					 const struct efimap_load_case *load)
{
	return load->loader == EFIMAP_LOADER_KEXEC_TOOLS && !load->is_from_log &&
			       load->crash_options.has_other_entry ?
		       unseen_but("with --real-mode or --entry-32bit, kexec_load places the kernel "
				  "at other addresses, which verify does not compute",
				  "Remove --real-mode and --entry-32bit from the configuration of "
				  "the kdump service, or give verify the output of kexec -d with "
				  "--kexec-log") :
		       passed;
}

/*
 * Check for options whose effect verify does not evaluate, and for unknown options, with which
 * kexec fails. With --type=bzImage, kexec-tools passes no EFI data
 * (kexec/arch/x86_64/kexec-bzImage64.c: bzImage64_probe). With --status, kexec loads nothing. With
 * --append, the crash kernel may receive other parameters. Before 2.0.28, kexec has no option
 * --hotplug. kexec_file_load supports neither --real-mode nor --entry-32bit.
 */
static struct check_result look_at_options(const struct machine *machine,
					   const struct efimap_load_case *load)
{
	const struct efimap_kexec_options *options = &load->crash_options;
	const bool may_change_load =
		options->has_unsupported ||
		(options->is_hotplug &&
		 !efimap_tools_has(&load->load.tools, EFIMAP_TOOLS_HOTPLUG, true)) ||
		(options->has_other_entry && load->loader == EFIMAP_LOADER_KERNEL);

	return may_change_load && !load->is_from_log ?
		       unseen_but("the kdump service calls kexec with an option that may prevent "
				  "or change the load, such as --type or --append",
				  "Remove all options except -a, -c, -s and -d from the options of "
				  "kexec in the configuration of the kdump service") :
		       passed;
}

/*
 * Check for kexec-tools 2.0.31, which may pass a wrong ACPI root pointer. With a wrong pointer, the
 * next kernel has no ACPI. If boot_params lacks the address of the root pointer, kexec-tools parses
 * the address in systab as a decimal number, and uses the digits before the first letter
 * (efi_get_acpi_rsdp() in kexec-tools). A distribution may have added the correction (288e352) to
 * version 2.0.31.
 */
static struct check_result look_at_root_pointer(const struct machine *machine,
						const struct efimap_load_case *load)
{
	const struct efimap_version *tools = &machine->state->tools;
	const struct efimap *map = machine->map;
	uint64_t digits;

	if (load->loader != EFIMAP_LOADER_KEXEC_TOOLS || tools->major != 2 || tools->minor ||
	    tools->patch != 31 || map->boot_params.acpi_rsdp_addr ||
	    (!efimap_find_named_address(map->systab, map->n_systab, "ACPI20", &digits) &&
	     !efimap_find_named_address(map->systab, map->n_systab, "ACPI", &digits)))
		return passed;
	while (digits > 0xf)
		digits >>= 4;
	return digits > 9 ? passed :
			    unseen_but("with kexec_load, kexec-tools 2.0.31 passes a wrong ACPI "
				       "root pointer, unless the distribution has corrected it",
				       "Use kexec-tools 2.0.32 or later");
}

/* Return whether the kernel parameters of a machine contain the text of a parameter. */
static bool has_same_parameter(const struct efimap *map, const struct kernel_parameter *arg)
{
	const char *rest = map->cmdline;
	struct kernel_parameter other;

	while (parameter_next(&rest, &other))
		if (other.text_len == arg->text_len &&
		    memcmp(other.text, arg->text, arg->text_len) == 0)
			return true;
	return false;
}

/*
 * Return the advice to remove a parameter of the crash kernel. The kdump services pass the
 * parameters of the running kernel, unless the configuration names others.
 */
static const char *advise_omission(const struct machine *machine,
				   const struct kernel_parameter *arg)
{
	const enum efimap_crash_service service = machine->state->crash_service;

	if (!has_same_parameter(machine->map, arg))
		return LOAD_AGAIN(machine, "Remove this parameter from the configuration of the "
					   "kdump service, and ");
	if (service == EFIMAP_CRASH_SERVICE_KDUMPCTL)
		return LOAD_AGAIN(machine,
				  "Add the name of this parameter to KDUMP_COMMANDLINE_REMOVE in "
				  "/etc/sysconfig/kdump, and ");
	return LOAD_AGAIN(machine,
			  "Set all parameters of the crash kernel in the configuration of the "
			  "kdump service (KDUMP_CMDLINE on Debian, KDUMP_COMMANDLINE on SUSE), "
			  "omit this parameter, and ");
}

/*
 * Check whether acpi_rsdp= in the parameters of a crash kernel may be wrong. Its address takes
 * precedence over the address of the ACPI root pointer in boot_params (drivers/acpi/osl.c:
 * acpi_os_get_root_pointer). The kernel ignores the address 0.
 */
static struct check_result look_at_given_root_pointer(const struct machine *machine,
						      const struct efimap_load_case *load)
{
	const struct efimap *map = machine->map;
	const char *rest = load->crash_cmdline;
	uint64_t root = map->boot_params.acpi_rsdp_addr, given = 0;
	struct kernel_parameter arg, last = { .text = "" };

	while (rest && parameter_next(&rest, &arg)) {
		struct efimap_text value = { arg.value, arg.value_len };
		uint64_t address = 0;

		if (!parameter_is(&arg, "acpi_rsdp") || !arg.value_len)
			continue;
		/* The kernel accepts "+", 0x or 0X, and any number of zeros (kstrtoul). */
		efimap_text_take(&value, "+");
		if (!efimap_text_take(&value, "0x"))
			efimap_text_take(&value, "0X");
		efimap_text_skip(&value, efimap_text_span(value, "0"));
		/* The kernel ignores a malformed value. */
		if (value.len && (!efimap_text_take_hex(&value, 1, &address) || value.len))
			continue;
		given = address;
		last = arg;
	}
	if (!root &&
	    !efimap_find_named_address(map->systab, map->n_systab, "ACPI20", &root) &&
	    !efimap_find_named_address(map->tables, map->n_tables, "ACPI 2.0", &root))
		efimap_find_named_address(map->systab, map->n_systab, "ACPI", &root);
	return !given || given == root ?
		       passed :
		       unseen_but("acpi_rsdp= in its parameters may not be the address of the "
				  "ACPI root pointer",
				  advise_omission(machine, &last));
}

/*
 * Check that the options of kexec and the parameters of the crash kernel are known, because noefi
 * and --noefi disable EFI, and --mem-max can make the load fail. For a loaded kernel, both are
 * known, because the record of the load contains them.
 */
static struct check_result look_at_crash_settings(const struct machine *machine,
						  const struct efimap_load_case *load)
{
	const char *name = machine->state->unexpanded;

	if (load->question != EFIMAP_QUESTION_KDUMP || load->kernel->is_loaded)
		return passed;
	if (load->loader == EFIMAP_LOADER_KEXEC_TOOLS && load->retry == EFIMAP_RETRY_PERHAPS)
		return unseen("kexec_file_load fails, and the versions of kdump and kexec-tools "
			      "determine whether the service then calls kexec_load");
	if (machine->state->may_add_noefi &&
	    machine->state->suse_least < EFIMAP_SUSE_KDUMP(0, 9, 1))
		return (struct check_result){
			.state = CHECK_UNSEEN,
			.text = "SUSE's kdump before 0.9.1 adds noefi to the parameters of the "
				"crash kernel, unless SUSE has corrected this version",
			.advice = { .command = "journalctl -t kdump | grep noefi",
				    .text = "Look for noefi in the command that kdump logged" },
		};
	if (machine->state->changes_parameters &&
	    machine->state->crash_service == EFIMAP_CRASH_SERVICE_KDUMPCTL)
		return unseen_but("kdumpctl removes quotes and backslashes from the parameters of "
				  "the crash kernel, so the meaning of a parameter may change",
				  "Set all parameters of the crash kernel in KDUMP_COMMANDLINE in "
				  "/etc/sysconfig/kdump, and omit parameters with quotes or "
				  "backslashes");
	if (machine->state->changes_parameters)
		return unseen_but("a shell in the kdump service splits parameters of the crash "
				  "kernel that contain quotes and spaces, so the load may fail",
				  "Set all parameters of the crash kernel in the configuration of "
				  "the kdump service (KDUMP_CMDLINE on Debian, KDUMP_COMMANDLINE "
				  "on SUSE), and omit parameters with quotes");
	if (!name)
		return passed;
	return unseen_but(efimap_arena_printf(machine->arena,
					      "only a shell can determine the value of %s, which "
					      "affects the crash kernel", name),
			  "Replace the shell expansion in the configuration of the kdump service "
			  "with its value");
}

/*
 * Return whether memmap= may add RAM: SIZE@ADDRESS adds a range, and SIZE%ADDRESS-TYPE+TYPE changes
 * the type of a range, where 1 is RAM (arch/x86/kernel/e820.c: parse_memmap_one).
 */
static bool may_add_memory(struct efimap_text value)
{
	uint64_t type;

	if (value.len && memchr(value.at, '@', value.len))
		return true;
	while (efimap_text_find(&value, "+"))
		if (efimap_take_integer(&value, &type) && type == 1)
			return true;
	return false;
}

/*
 * Report that an offline capture lacks the configuration of a kdump service, which determines the
 * system call and the parameters of the crash kernel. A kernel log contains no configuration.
 */
static struct check_result look_for_crash_settings(const struct machine *machine,
						   const struct efimap_load_case *load)
{
	return load->question == EFIMAP_QUESTION_KDUMP && !load->is_loaded && !load->is_from_log &&
			       efimap_first_origin(machine->map) != EFIMAP_ORIGIN_LOG &&
			       is_service_uncollected(machine) ?
		       unseen("the configuration of the kdump service, which was not found") :
		       passed;
}

/*
 * Check for parameters that make the memory of the crash kernel differ from its reservation. If the
 * running kernel has the same mem= or memmap=, the reservation is within these limits, so nothing
 * changes, unless memmap= adds memory of the running kernel. memmap=exactmap replaces the memory
 * map that the loader passes, and hugepages= allocates a part of the memory.
 */
static struct check_result look_at_memory_parameters(const struct machine *machine,
						     const struct efimap_load_case *load)
{
	/* kdump-config and the service of SUSE pass the parameters to eval. */
	const bool is_evaluated = machine->state->crash_service != EFIMAP_CRASH_SERVICE_KDUMPCTL;
	const char *rest = load->crash_cmdline;
	struct kernel_parameter arg;

	while (rest && parameter_next(&rest, &arg)) {
		if (is_evaluated && parameter_is(&arg, "memmap") && arg.value &&
		    memchr(arg.value, '$', arg.value_len))
			return unseen_but("a shell in the kdump service expands \"$\" in memmap=, "
					  "which changes the memory that the crash kernel uses",
					  "Set all parameters of the crash kernel in the "
					  "configuration of the kdump service (KDUMP_CMDLINE on "
					  "Debian, KDUMP_COMMANDLINE on SUSE), and omit memmap=");
		if (parameter_is(&arg, "hugepages") ||
		    (parameter_is(&arg, "memmap") && parameter_has_option(&arg, "exactmap")) ||
		    ((parameter_is(&arg, "mem") || parameter_is(&arg, "memmap")) &&
		     (!has_same_parameter(machine->map, &arg) ||
		      may_add_memory((struct efimap_text){ arg.value, arg.value_len }))))
			return unseen_but("mem=, memmap= or hugepages= in the parameters of the "
					  "crash kernel changes the memory that it uses",
					  advise_omission(machine, &arg));
	}
	return passed;
}

/*
 * Numbers of bytes that are added to the kernel parameters. kexec_file_load reserves
 * ELFCOREHDR_BYTES for elfcorehdr=, even if the image is not a crash kernel
 * (arch/x86/kernel/kexec-bzimage64.c: bzImage64_load). CRASH_BYTES is a bound for a crash kernel: a
 * kdump service adds at most 180 bytes, and kexec_load adds elfcorehdr= and acpi_rsdp=
 * (kexec/arch/i386/crashdump-x86.c: cmdline_add_elfcorehdr, cmdline_add_efi).
 */
#define ELFCOREHDR_BYTES 30
#define CRASH_BYTES 256

/* Check that the kernel parameters are not longer than the next kernel accepts. */
static struct check_result look_at_cmdline(const struct machine *machine,
					   const struct efimap_load_case *load)
{
	const bool is_crash = load->question == EFIMAP_QUESTION_KDUMP;
	uint64_t size = load->image ? load->image->cmdline_size : 0;
	const bool is_file_load = !is_crash && load->loader == EFIMAP_LOADER_KERNEL;
	const uint64_t added = is_crash ? CRASH_BYTES : is_file_load ? ELFCOREHDR_BYTES : 0;
	uint64_t len = load->load.has_cmdline_len ? load->load.cmdline_len : 0;

	if (is_crash && load->crash_cmdline)
		len = strlen(load->crash_cmdline);
	if (!size || len + 1 + added <= size || load->is_loaded || load->is_from_log)
		return passed;
	/* kexec_file_load reserves space for elfcorehdr=. A '\0' follows the parameters. */
	if (is_file_load)
		size -= size > added ? added : 0;
	return unseen_but(efimap_arena_printf(machine->arena,
					      "%s accepts %" PRIu64 " bytes of parameters, and the "
					      "parameters of this load may be longer",
					      is_file_load ? "kexec_file_load" : "the next kernel",
					      size - 1), "Load the kernel with shorter parameters");
}

const struct check checks[] = {
	{ "system-call", CHECK_COMPLETES, look_at_system_call },
	{ "program", CHECK_COMPLETES, look_for_program },
	{ "sysctls", CHECK_DECIDES, look_at_sysctls },
	{ "tdx-erratum", CHECK_DECIDES, look_at_tdx_erratum },
	{ "tdx-erratum-seen", CHECK_COMPLETES, look_for_tdx_erratum },
	{ "ima", CHECK_DECIDES, look_at_ima },
	{ "lockdown", CHECK_DECIDES, look_at_lockdown },
	{ "loadpin", CHECK_DECIDES, look_at_loadpin },
	{ "kcore", CHECK_DECIDES, look_at_kcore },
	{ "signature", CHECK_DECIDES, look_at_signature },
	{ "secure-boot", CHECK_COMPLETES, look_for_secure_boot },
	{ "failed-loads", CHECK_DECIDES, look_at_failed_loads },
	{ "boot-entry", CHECK_DECIDES, look_at_boot_entry },
	{ "override", CHECK_DECIDES, look_at_override },
	{ "half", CHECK_DECIDES, look_at_half },
	{ "free-memory", CHECK_DECIDES, look_at_free_memory },
	{ "memory-parameters", CHECK_DECIDES, look_at_memory_parameters },
	{ "boot-memory", CHECK_DECIDES, look_at_boot_memory },
	{ "own-reservation", CHECK_DECIDES, look_at_own_reservation },
	{ "cpus", CHECK_COMPLETES, look_at_cpus },
	{ "plugged-memory", CHECK_DECIDES, look_at_plugged_memory },
	{ "snp-host", CHECK_DECIDES, look_at_snp_host },
	{ "notifiers", CHECK_COMPLETES, look_at_notifiers },
	{ "unified-image", CHECK_COMPLETES, look_at_unified_image },
	{ "image-format", CHECK_COMPLETES, look_at_image_format },
	{ "image-size", CHECK_COMPLETES, look_at_image_size },
	{ "entry", CHECK_DECIDES, look_at_entry },
	{ "options", CHECK_DECIDES, look_at_options },
	{ "root-pointer", CHECK_DECIDES, look_at_root_pointer },
	{ "given-root-pointer", CHECK_DECIDES, look_at_given_root_pointer },
	{ "crash-settings", CHECK_DECIDES, look_at_crash_settings },
	{ "crash-settings-seen", CHECK_COMPLETES, look_for_crash_settings },
	{ "cmdline", CHECK_DECIDES, look_at_cmdline },
	{ "placement", CHECK_DECIDES, look_at_placement },
	{ "map", CHECK_DECIDES, look_at_map },
	{ "pointers", CHECK_DECIDES, look_at_pointers },
	{ "kernel", CHECK_DECIDES, look_at_kernel },
	{ "loaded-kernel", CHECK_COMPLETES, look_for_loaded_kernel },
	{ "tables", CHECK_DECIDES, look_at_tables },
	{ "log-start", CHECK_COMPLETES, look_for_log_start },
	{ "mixed-mode", CHECK_DECIDES, look_for_mixed_mode },
	{ "memmap", CHECK_DECIDES, look_at_memmap },
	{ "excluded-memory", CHECK_DECIDES, look_at_excluded_memory },
	{ "freed-map", CHECK_DECIDES, look_at_freed_map },
	{ "old-kernel", CHECK_COMPLETES, look_for_old_kernel },
	{ "shared-memory", CHECK_DECIDES, look_at_shared_memory },
	{ "shared-memory-seen", CHECK_COMPLETES, look_for_shared_memory },
	{ "guest-support", CHECK_DECIDES, look_at_guest_support },
	{ "encrypted-guest", CHECK_COMPLETES, look_for_encrypted_guest },
	{ "encrypted-setup-data", CHECK_DECIDES, look_at_encrypted_setup_data },
	{ "guests", CHECK_COMPLETES, look_at_guests },
	{ "kernel-bugs", CHECK_DECIDES, look_at_kernel_bugs },
	{ "kernel-bugs-seen", CHECK_COMPLETES, look_for_kernel_bugs },
	{ "record", CHECK_COMPLETES, look_at_record },
	{ "record-seen", CHECK_DECIDES, look_for_record },
	{ "sizes", CHECK_COMPLETES, look_at_sizes },
	{ "unpacked-size", CHECK_COMPLETES, look_at_unpacked_size },
	{ "initrd", CHECK_COMPLETES, look_at_initrd },
	{ "identity-map", CHECK_DECIDES, look_at_identity_map },
	{ "identity-map-root-pointer", CHECK_DECIDES, look_for_root_pointer },
	{ "identity-map-uv", CHECK_DECIDES, look_for_uv },
	{ "crash-range", CHECK_DECIDES, look_at_crash_range },
	{ "identity-map-seen", CHECK_COMPLETES, look_for_identity_map },
	{ "five-levels-seen", CHECK_COMPLETES, look_for_five_levels },
	{ NULL, CHECK_COMPLETES, NULL },
};

/*
 * Return whether kexec_file_load fails with ENOSYS, EINVAL, ENOEXEC or ENOTSUP, after which
 * kexec-tools calls kexec_load (kexec/kexec.c: main).
 */
static bool is_unsupported(enum efimap_refusal refusal)
{
	return refusal == EFIMAP_REFUSED_NO_CALL || refusal == EFIMAP_REFUSED_MIXED ||
	       refusal == EFIMAP_REFUSED_IMAGE || refusal == EFIMAP_REFUSED_FIVE_LEVELS ||
	       refusal == EFIMAP_REFUSED_TRUNCATED;
}

/* Return whether kexec_load follows only because the kdump service retries each failed load. */
static bool is_retried_by_service(const struct efimap_load_case *load)
{
	return load->retry != EFIMAP_RETRY_NEVER && load->refusal != EFIMAP_NOT_REFUSED &&
	       !is_unsupported(load->refusal);
}

bool falls_back_from(const struct machine *machine, const struct efimap_load_case *load)
{
	/*
	 * A refused load may use up the last permitted load, because the kernel counts each
	 * permitted call, even if the call fails later (kexec_load_permitted).
	 */
	return load->falls_back && (is_unsupported(load->refusal) || is_retried_by_service(load)) &&
	       (load->refusal == EFIMAP_REFUSED_NO_CALL ||
		machine_load_limit(machine, load->question) != 1);
}

struct efimap_load_case fallback_of(const struct machine *machine,
				       const struct efimap_load_case *load)
{
	struct efimap_load_case other =
		make_load(machine, load->question, EFIMAP_LOADER_KEXEC_TOOLS, load->kernel);

	other.retry = is_retried_by_service(load) ? load->retry : EFIMAP_RETRY_NEVER;
	return other;
}

enum efimap_refusal find_refusal(const struct machine *machine,
				 const struct efimap_load_case *load)
{
	for (const struct check *check = checks; check->name; check++) {
		const struct check_result result = check->look(machine, load);

		if (result.state == CHECK_REFUSES)
			return result.refusal;
	}
	return EFIMAP_NOT_REFUSED;
}
