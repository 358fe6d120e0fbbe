/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Determine what all loads of a run have in common. */
#include "answer/machine.h"
#include "capture/kernel_parameters.h"
#include "linux/segment_placement.h"
#include "rules/matched_messages.h"

/*
 * Reserved memory takes precedence over the kernel parameters, which only show what was requested.
 */
static enum kdump_state find_kdump_state(const struct machine *machine)
{
	const struct efimap *map = machine->map;
	const struct efimap_kexec_state *state = machine->state;
	const bool has_cmdline = efimap_has(map, EFIMAP_SRC_CMDLINE);
	const bool is_asked_for = has_cmdline && efimap_has_parameter(map, "crashkernel");

	if (machine->memory[0].crash_reason == EFIMAP_PLACED)
		return KDUMP_CONFIGURED;
	if (state->has_crash_size && state->crash_size > 0)
		return KDUMP_CONFIGURED;
	if (has_cmdline && !is_asked_for)
		return KDUMP_NOT_CONFIGURED;
	if (state->has_crash_size || efimap_has(map, EFIMAP_SRC_IOMEM))
		return is_asked_for ? KDUMP_NOT_RESERVED : KDUMP_NOT_CONFIGURED;
	if (!is_asked_for)
		return KDUMP_UNKNOWN;
	return efimap_has_kernel_message(map, EFIMAP_RULE_CRASHKERNEL_FAILED) ? KDUMP_NOT_RESERVED :
										KDUMP_CONFIGURED;
}

/* security/lockdown/lockdown.c: lockdown_is_locked_down */
bool machine_is_locked_down(const struct machine *machine)
{
	const struct efimap *map = machine->map;

	if (machine->state->lockdown != EFIMAP_LOCKDOWN_UNKNOWN)
		return machine->state->lockdown != EFIMAP_LOCKDOWN_NONE;
	return efimap_has_kernel_message(map, EFIMAP_RULE_KEXEC_LOCKDOWN);
}

bool machine_has_loaded(const struct machine *machine, enum efimap_question question)
{
	const struct efimap_kexec_state *state = machine->state;

	return (question == EFIMAP_QUESTION_KDUMP ? state->crash_loaded : state->loaded) ==
	       EFIMAP_KNOWN_YES;
}

int machine_open(const struct efimap *map, const struct efimap_verify_options *options,
		 struct machine *ret_machine)
{
	struct machine *machine = ret_machine;

	*machine = (struct machine){
		.map = map,
		.options = options,
		.unknown_state = EFIMAP_KEXEC_STATE_INIT,
		.assumed = { .initrd = "",
			     .has_initrd_size = options->has_initrd_size,
			     .initrd_size = options->initrd_size,
			     .unpacked = options->unpacked },
	};
	machine->state = map->kexec ? map->kexec : &machine->unknown_state;
	machine->has_assumed_header = efimap_assume_image(map, &machine->assumed.header,
							  &machine->assumed_init_size_max);
	for (unsigned int i = 0; i < EFIMAP_LOADER_COUNT; i++) {
		const int ret = efimap_load_memory_make(map, (enum efimap_loader)i,
							&machine->memory[i]);

		if (ret)
			return ret;
		machine->n_memory = i + 1;
	}
	machine->kdump = find_kdump_state(machine);
	return 0;
}

int machine_check(struct machine *machine, struct efimap_report *report)
{
	const int ret = check_capture(machine->map, machine->options, report, &machine->rules);

	machine->report = report;
	if (report->missed != EFIMAP_VERDICT_PASS)
		machine->why_unknown = report->reason;
	else if (*report->unseen)
		machine->why_unknown = report->unseen;
	return ret;
}

void machine_close(struct machine *machine)
{
	if (machine->report)
		close_capture_rules(&machine->rules);
	for (size_t i = 0; i < machine->n_memory; i++)
		efimap_load_memory_free(&machine->memory[i]);
}
