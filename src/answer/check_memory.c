/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Check whether there is enough memory to load a kernel, and to boot a crash kernel. */
#include <inttypes.h>
#include <stdio.h>

#include "answer/check_memory.h"
#include "linux/crashkernel_parameter.h"
#include "linux/load_memory.h"

#define MIB (UINT64_C(1) << 20)

/*
 * Usual maximum compression ratio of an initrd, and the maximum of deflate. An initrd whose format
 * is known may contain several parts with a high ratio, for which no upper bound was found.
 */
#define USUAL_RATIO 4
#define MAX_RATIO 1032

static struct check_result unseen(const char *text, const struct efimap_advice *advice)
{
	return (struct check_result){ .state = text ? CHECK_UNSEEN : CHECK_PASSED, .text = text,
				      .advice = advice };
}

static const struct efimap_advice smaller_initrd = { .text = "Use a smaller initrd" };
static const struct efimap_advice fewer_programs = {
	.text = "Stop programs until the larger size is available (MemAvailable in /proc/meminfo), "
		"or use a smaller initrd",
};
static const struct efimap_advice larger_reservation = {
	.text = "Increase crashkernel= in the kernel parameters, and reboot",
};

/* Return whether the size of the kernel is known, and the segments were not read from a log. */
static bool has_sizes(const struct efimap_load_case *load)
{
	return load->image && load->image->init_size && !load->is_from_log;
}

struct check_result look_at_half(const struct machine *machine, const struct efimap_load_case *load)
{
	const uint64_t half = machine->state->mem_total / 2;
	struct efimap_load_parts parts;
	struct efimap_need need;

	if (!half || !has_sizes(load) || load->is_loaded)
		return (struct check_result){ .state = CHECK_PASSED };
	parts = efimap_load_parts_of(load);
	need = efimap_segments_need(&parts);
	if (efimap_fit_of(need, half) == EFIMAP_DOES_NOT_FIT)
		return (struct check_result){ .state = CHECK_REFUSES,
					      .refusal = EFIMAP_REFUSED_HALF };
	if (need.most == EFIMAP_NO_UPPER_BOUND || efimap_fit_of(need, half) == EFIMAP_FITS)
		return (struct check_result){ .state = CHECK_PASSED };
	return unseen("Linux refuses a load that is larger than half of the memory, and kernel and "
		      "initrd need about half", &smaller_initrd);
}

struct check_result look_at_free_memory(const struct machine *machine,
					const struct efimap_load_case *load)
{
	const struct efimap_kexec_state *state = machine->state;
	struct efimap_load_parts parts;
	struct efimap_need need;

	/* If the load is refused for another reason, the available memory does not matter. */
	if (!state->mem_total || !has_sizes(load) || load->refusal != EFIMAP_NOT_REFUSED ||
	    load->is_loaded)
		return (struct check_result){ .state = CHECK_PASSED };
	parts = efimap_load_parts_of(load);
	need = efimap_loading_need(&parts, load->question == EFIMAP_QUESTION_KDUMP);
	if (need.most == EFIMAP_NO_UPPER_BOUND ||
	    efimap_fit_of(need, state->mem_available) != EFIMAP_MAY_FIT || !machine->report)
		return (struct check_result){ .state = CHECK_PASSED };
	return unseen(efimap_arena_printf(
		&machine->report->arena,
		"loading needs between %" PRIu64 " MiB and %" PRIu64 " MiB of memory, and %" PRIu64
		" MiB are available; without enough memory, loading fails",
		(need.least + MIB - 1) / MIB, (need.most + MIB - 1) / MIB,
		state->mem_available / MIB), &fewer_programs);
}

struct check_result look_at_crash_memory(const struct machine *machine,
					 const struct efimap_load_case *load)
{
	struct efimap_need need, memory;

	if (load->refusal != EFIMAP_NOT_REFUSED ||
	    !efimap_find_crash_need(machine->map, load, &need, &memory) ||
	    need.least > memory.most || !machine->report)
		return (struct check_result){ .state = CHECK_PASSED };
	if (need.most == EFIMAP_NO_UPPER_BOUND) {
		const uint64_t requested = efimap_requested_by(machine->map, load);
		const uint64_t ratio = efimap_load_parts_of(load).unpacked.is_known ? MAX_RATIO :
										      USUAL_RATIO;
		char more[64] = "";

		if (need.least + ratio * load->load.initrd_size + EFIMAP_CRASH_RUNTIME +
			    requested <=
		    memory.least)
			return (struct check_result){ .state = CHECK_PASSED };
		if (requested >= MIB)
			snprintf(more, sizeof(more), "parameters and CPUs up to %" PRIu64 " MiB, ",
				 requested / MIB);
		return unseen(efimap_arena_printf(
			&machine->report->arena,
			"kernel and initrd need %" PRIu64 " MiB, %sthe size of the unpacked initrd "
			"is unknown, and %" PRIu64 " MiB are reserved",
			(need.least + MIB - 1) / MIB, more, memory.least / MIB),
			      &larger_reservation);
	}
	if (need.most <= memory.least)
		return (struct check_result){ .state = CHECK_PASSED };
	return unseen(efimap_arena_printf(
		&machine->report->arena,
		"until it has unpacked its initrd, the crash kernel needs between %" PRIu64
		" MiB and %" PRIu64 " MiB, and %" PRIu64 " MiB are reserved",
		(need.least + MIB - 1) / MIB, (need.most + MIB - 1) / MIB, memory.least / MIB),
		      &larger_reservation);
}

struct check_result look_at_own_reservation(const struct machine *machine,
					    const struct efimap_load_case *load)
{
	static const struct efimap_advice remove = {
		.text = "Remove crashkernel= from the parameters in the configuration of the kdump "
			"service, and load the crash kernel again",
	};
	struct efimap_need need, memory;
	uint64_t reserved;

	if (!load->crash_cmdline ||
	    !efimap_find_crash_need(machine->map, load, &need, &memory))
		return (struct check_result){ .state = CHECK_PASSED };
	reserved = efimap_find_crashkernel_in(load->crash_cmdline, memory.most);
	if (!reserved || (need.most <= memory.least && reserved <= memory.least - need.most))
		return (struct check_result){ .state = CHECK_PASSED };
	return unseen("crashkernel= in its parameters may reserve memory that the crash kernel "
		      "itself needs", &remove);
}

struct check_result look_at_unpacked_size(const struct machine *machine,
					  const struct efimap_load_case *load)
{
	struct efimap_need need, memory;

	if (load->refusal != EFIMAP_NOT_REFUSED || !load->load.has_initrd_size ||
	    !efimap_find_crash_need(machine->map, load, &need, &memory) ||
	    need.least > memory.most || need.most != EFIMAP_NO_UPPER_BOUND)
		return (struct check_result){ .state = CHECK_PASSED };
	return unseen("the size of the unpacked initrd, because the initrd has an unknown format "
		      "or could not be read", NULL);
}
