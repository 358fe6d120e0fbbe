/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Determine the facts that apply to all loads of a run. */
#include <inttypes.h>
#include <string.h>

#include "base/text_scan.h"
#include "capture/kernel_parameters.h"
#include "capture/kernel_release.h"
#include "linux/segment_placement.h"
#include "rules/machine.h"
#include "rules/read_facts.h"

bool machine_needs_reboot(const struct machine *machine)
{
	const int32_t limit = load_limit(machine->state, EFIMAP_VALUE_PANIC_LIMIT);

	/*
	 * A kdump service unloads the crash kernel first, and the limit counts the unload and the
	 * load (kernel/kexec_core.c: kexec_load_permitted).
	 */
	return machine->kdump.state == EFIMAP_KDUMP_LOADED &&
	       (fact_is_yes(loads_disabled(machine->map)) || limit == 0 || limit == 1);
}

/* Return the service of the distribution that the name of the running kernel shows. */
static enum kdump_service_kind service_of_release(const struct efimap *map)
{
	static const struct {
		const char *words[6];
		const char *ends;
		enum kdump_service_kind service;
	} families[] = {
		{ { "amd", "generic", "lowlatency", "aws", "azure" },
		  EFIMAP_RELEASE_SIGNS "0123456789",
		  EFIMAP_CRASH_SERVICE_KDUMP_CONFIG },
		/* A number must follow. Kernels of Firecracker are named "-fc-". */
		{ { "fc", "el" }, "0123456789", EFIMAP_CRASH_SERVICE_KDUMPCTL },
		{ { "default" }, EFIMAP_RELEASE_SIGNS, EFIMAP_CRASH_SERVICE_SUSE },
	};

	/* SUSE has kernels named "-azure", too. */
	if (has_suse_build(map->release.text))
		return EFIMAP_CRASH_SERVICE_SUSE;
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++)
		if (release_has_word(map->release.text, families[i].ends, families[i].words))
			return families[i].service;
	return EFIMAP_CRASH_SERVICE_UNKNOWN;
}

enum kdump_service_kind likely_service(const struct machine *machine)
{
	return machine->state->crash.service ?: service_of_release(machine->map);
}

const char *find_entry_options(const struct machine *machine)
{
	const char *entry = machine->state->default_entry;

	/* GRUB passes BOOT_IMAGE=. Entries may be left from another boot loader. */
	if (!entry || boot_image_of(machine->map).len ||
	    likely_service(machine) != EFIMAP_CRASH_SERVICE_KDUMP_CONFIG)
		return NULL;
	return arena_printf(machine->arena,
			    " to the options of /%s and, if it exists, to /etc/kernel/cmdline",
			    text_mark(machine->arena, entry));
}

bool machine_asks_about_next(const struct machine *machine)
{
	return machine->options.only_configured || machine->options.n_kernels > 0;
}

void machine_open(const struct efimap *map, const struct verify_options *options,
		  struct arena *arena, struct machine *ret_machine)
{
	struct machine *machine = ret_machine;
	struct verify_options *used = &machine->options;

	*machine = (struct machine){
		.map = map,
		.state = kexec_of(map),
		.arena = arena,
		.assumed = { .initrd = "" },
	};
	if (options)
		*used = *options;
	machine->assumed.has_initrd_size = used->has_initrd_size;
	machine->assumed.initrd_size = used->initrd_size;
	machine->assumed.unpacked = used->unpacked;
	machine->locked_down = locked_down(map);
	machine->seems_locked_down = seems_locked_down(map);
	machine->has_assumed_header =
		assume_image(map, &machine->assumed.header, &machine->assumed_init_size_max);
	for (unsigned int i = 0; i < EFIMAP_LOADER_COUNT; i++)
		machine->memory[i] = load_memory_make(map, (enum kexec_loader)i);
	machine->kdump = find_kdump_state(map, machine->memory[0].crash_reason == EFIMAP_PLACED);
	machine->uses_record = machine->kdump.state == EFIMAP_KDUMP_LOADED &&
			       machine->state->record.has_load && !used->only_configured;
}

/*
 * If the selected boot of a log is that of a crash kernel, advise the user to select the previous
 * boot, which is more likely to be of interest.
 */
static void advise_other_boot(struct machine *machine)
{
	const struct efimap *map = machine->map;

	if (machine->kdump.state != EFIMAP_KDUMP_IN_CRASH_KERNEL || map->boot < 2)
		return;
	machine->other_boot = arena_printf(machine->arena,
					   "To check the kernel that crashed, add --boot=%" PRIu32
					   ". The dump is usually in /var/crash of the machine",
					   map->boot - 1);
	if (machine->why_unknown)
		machine->why_unknown =
			arena_printf(machine->arena,
				     "boot %" PRIu32 " of this log is that of a crash kernel, and "
				     "the log lacks its EFI memory map",
				     map->boot);
}

void machine_check(struct machine *machine, struct report *report)
{
	check_capture(machine->map, &machine->options, report, &machine->rules);
	machine->rules.run.facts.machine = machine;
	machine->report = report;
	if (report->missed != EFIMAP_VERDICT_PASS)
		machine->why_unknown = report->reason;
	else if (*report->unseen)
		machine->why_unknown = report->unseen;
	advise_other_boot(machine);
}

void machine_close(struct machine *machine)
{
	if (machine->report)
		close_rules(&machine->rules.run);
	for (unsigned int i = 0; i < EFIMAP_LOADER_COUNT; i++)
		load_memory_free(&machine->memory[i]);
}
