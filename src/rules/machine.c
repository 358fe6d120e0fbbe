/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Determine the facts that apply to all loads of a run. */
#include <inttypes.h>
#include <string.h>

#include "base/text_scan.h"
#include "infer/runtime_services_off.h"
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
	machine->runs_without_services =
		why_runtime_services_off(map) && !is_off_after_kexec(map) && !lacks_only_map(map);
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
