/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Set the values and return the clauses that sentences about loads contain. */
#include <inttypes.h>

#include "capture/kernel_parameters.h"
#include "infer/cpu.h"
#include "infer/distribution.h"
#include "rules/load_rules.h"

void report_kernel(const struct facts_for_rules *c, struct match *match)
{
	const struct load_case *load = c->load;

	if (load->is_assumed && *load->release.text)
		set_format(match, VALUE_KERNEL, "kernel %s (assumed)", load->release.text);
	else if (*load->release.text)
		set_format(match, VALUE_KERNEL, "kernel %s", load->release.text);
	else if (load->plan.image)
		set_text(match, VALUE_KERNEL, mark_data(match, load->plan.image->name));
	else
		set_text(match, VALUE_KERNEL, "the next kernel");
	if (load->release.major)
		set_format(match, VALUE_VERSION, "Linux %u.%u", load->release.major,
			   load->release.minor);
	else
		set_text(match, VALUE_VERSION, "the kernel");
	set_text(match, VALUE_LOADER, loader_name(load->loader));
}

/* Round the needed size up and the available size down, so that the message shows a difference. */
void report_memory(struct match *match, uint64_t needed, uint64_t available)
{
	set_format(match, VALUE_NEEDED, "%" PRIu64 " MiB", needed_mib(needed));
	set_format(match, VALUE_AVAILABLE, "%" PRIu64 " MiB", available / MIB);
}

void report_image_size(const struct facts_for_rules *c, struct match *match)
{
	set_number(match, VALUE_BYTES, c->load->image_size);
	set_number(match, VALUE_EXPECTED, c->load->plan.image->file_size);
}

const char *why_passed_no_efi(const struct kernel_image *image)
{
	if (image->version < EFIMAP_BOOT_PROTOCOL_XLF)
		return "its boot protocol is older than 2.12";
	if (!(image->xloadflags & EFIMAP_XLF_KERNEL_64))
		return "it has no 64-bit entry point (XLF_KERNEL_64)";
	/* kexec_file_load refuses such an image, and the 32-bit loader of kexec-tools loads it. */
	if (!(image->xloadflags & EFIMAP_XLF_ABOVE_4G))
		return "it cannot be loaded above 4 GiB";
	if (!(image->xloadflags & EFIMAP_XLF_EFI_KEXEC))
		return "it does not declare support for EFI after kexec (XLF_EFI_KEXEC)";
	return NULL;
}

bool find_root_pointer(const struct efimap *map, uint64_t *ret_address)
{
	return find_named_address(map->systab, map->n_systab, "ACPI20", ret_address) ||
	       find_named_address(map->systab, map->n_systab, "ACPI", ret_address);
}

bool may_lose_root_pointer(const struct facts_for_rules *c, uint64_t *ret_address)
{
	const struct efimap *map = c->map;
	const struct load_case *load = c->load;
	const struct version *tools = &kexec_of(map)->tools;

	if (!find_root_pointer(map, ret_address) || cmdline_has(load->cmdline, "acpi_rsdp") ||
	    cmdline_has(load->cmdline, "acpi=off") ||
	    (!c->runtime_off && !map->runtime_services_disabled &&
	     cpu_has_nx(map) != EFIMAP_KNOWN_NO))
		return false;
	if (load->loader == EFIMAP_LOADER_KERNEL)
		return !kernel_has(map, EFIMAP_CHANGE_PASSES_RSDP, true);
	return tools->major && !tools->minor && tools->patch < 20 &&
	       load->question == EFIMAP_QUESTION_KEXEC &&
	       find_why_not_passed(map, EFIMAP_LOADER_KEXEC_TOOLS) != EFIMAP_IS_PASSED;
}

struct need crash_need(const struct efimap *map, const struct load_case *load)
{
	struct need need = { 0, EFIMAP_NO_UPPER_BOUND };
	struct load_parts parts;

	if (!load->plan.image || !load->plan.image->init_size)
		return need;
	parts = load_parts_of(load);
	need = boot_need(&parts, load->cmdline);
	if (__builtin_add_overflow(need.most, early_bytes_max(map, load), &need.most))
		need.most = EFIMAP_NO_UPPER_BOUND;
	return need;
}

/* Return where crashkernel= is set. */
static const char *find_place(const struct machine *machine)
{
	return machine->state->crash.service == EFIMAP_CRASH_SERVICE_KDUMP_CONFIG &&
			       !find_entry_options(machine->map, machine->arena)
		       ? "/etc/default/grub.d/kdump-tools.cfg, run update-grub"
		       : find_parameter_files(machine->map, machine->arena);
}

const char *advise_size(const struct machine *machine, uint64_t size, const char *suffix,
			struct need need)
{
	/*
	 * Since kdump 2.0.19, SUSE's kdump-commandline.service replaces crashkernel= in the
	 * configuration of the boot loader with KDUMP_CRASHKERNEL.
	 */
	const char *also = machine->state->crash.service == EFIMAP_CRASH_SERVICE_SUSE
				   ? ", and KDUMP_CRASHKERNEL in /etc/sysconfig/kdump if that "
				     "variable exists"
				   : "";
	const char *why = need.most == EFIMAP_NO_UPPER_BOUND
				  ? ""
				  : arena_printf(machine->arena,
						 ". Of this, up to %" PRIu64 " MiB are for the "
						 "kernel and its initrd, and the rest is for "
						 "programs",
						 needed_mib(need.most));

	if (likely_service(machine->map) == EFIMAP_CRASH_SERVICE_KDUMPCTL)
		return arena_printf(machine->arena,
				    "Run grubby --update-kernel=ALL --args=crashkernel=%" PRIu64
				    "M%s, and reboot normally%s",
				    size / MIB, suffix, why);
	return arena_printf(machine->arena,
			    "Set crashkernel=%" PRIu64 "M%s in %s%s, and reboot normally%s",
			    size / MIB, suffix, find_place(machine), also, why);
}

const char *advise_no5lvl(const struct machine *machine)
{
	return arena_printf(machine->arena, "Add no5lvl to %s, and reboot normally",
			    find_parameter_files(machine->map, machine->arena));
}

const char *advise_crashkernel(const struct machine *machine, struct need need)
{
	static const char *const tools[] = {
		[EFIMAP_CRASH_SERVICE_UNKNOWN] =
			("Set another crashkernel= (Fedora, RHEL 9: kdumpctl reset-crashkernel "
			 "sets it; SUSE: kdumptool calibrate prints it), and reboot normally"),
		[EFIMAP_CRASH_SERVICE_KDUMPCTL] =
			"Run kdumpctl reset-crashkernel, and reboot normally",
		[EFIMAP_CRASH_SERVICE_SUSE] = "Set crashkernel= to the size that kdumptool "
					      "calibrate prints, and reboot normally",
	};
	const uint64_t size = advised_crashkernel(machine->map, need);
	const enum kdump_service_kind service = likely_service(machine->map);

	if (size)
		return advise_size(machine, size, "", need);
	if (need.most != EFIMAP_NO_UPPER_BOUND)
		return "Use a smaller initrd, because the crash kernel needs more than half of the "
		       "RAM";
	return service == EFIMAP_CRASH_SERVICE_KDUMP_CONFIG
		       ? arena_printf(machine->arena,
				      "Set a larger crashkernel= in %s, and reboot normally",
				      find_place(machine))
		       : tools[service];
}
