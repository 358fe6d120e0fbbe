/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Check whether there is enough memory to load a kernel, and to boot a crash kernel. */
#include <inttypes.h>
#include <stdio.h>

#include "answer/checks.h"
#include "linux/crashkernel_parameter.h"
#include "linux/load_memory.h"

#define MIB (UINT64_C(1) << 20)

/*
 * Maximum ratios of the unpacked size to the size of an initrd. USUAL_RATIO is used if the format
 * is unknown. If the format is known but does not show the unpacked size, MAX_RATIO is used for a
 * crash kernel, because content such as a file system image with free space compresses well. For
 * another kernel, which has more memory, LIKELY_RATIO is used.
 */
#define USUAL_RATIO 4
#define MAX_RATIO 32
#define LIKELY_RATIO 8

static const char smaller_initrd[] = "Use a smaller initrd";
static const char fewer_programs[] =
	"Stop programs until the larger size is available (MemAvailable in /proc/meminfo), or use "
	"a smaller initrd";
static const char fewer_requests[] =
	"Reduce these requests, limit the CPUs with nr_cpus=, or use a smaller initrd";

/*
 * Since kdump 2.0.19, SUSE's kdump-commandline.service replaces crashkernel= in the configuration
 * of the boot loader with KDUMP_CRASHKERNEL.
 */
static const char *larger_reservation(const struct machine *machine)
{
	return machine->state->crash_service == EFIMAP_CRASH_SERVICE_SUSE ?
		       "Increase crashkernel= in the kernel parameters, and KDUMP_CRASHKERNEL in "
		       "/etc/sysconfig/kdump if that variable exists, and reboot" :
		       "Increase crashkernel= in the kernel parameters, and reboot";
}

/* Return whether the size of the kernel is known, and the segments were not read from a log. */
static bool has_sizes(const struct efimap_load_case *load)
{
	return load->image && load->image->init_size && !load->is_from_log;
}

/* Check that all segments together are not larger than half of the running kernel's memory. */
struct check_result look_at_half(const struct machine *machine, const struct efimap_load_case *load)
{
	const uint64_t half = machine->state->mem_total / 2;
	struct efimap_load_parts parts;
	struct efimap_need need;

	if (!half || !has_sizes(load) || load->is_loaded)
		return passed;
	parts = efimap_load_parts_of(load);
	need = efimap_segments_need(&parts);
	if (efimap_fit_of(need, half) == EFIMAP_DOES_NOT_FIT)
		return refuse(EFIMAP_REFUSED_HALF);
	if (need.most == EFIMAP_NO_UPPER_BOUND || efimap_fit_of(need, half) == EFIMAP_FITS)
		return passed;
	return unseen_but("Linux refuses a load that is larger than half of the memory, and kernel "
			  "and initrd need about half", smaller_initrd);
}

/* Check that the files and their copies fit into available memory. See also rule load-memory. */
struct check_result look_at_free_memory(const struct machine *machine,
					const struct efimap_load_case *load)
{
	const struct efimap_kexec_state *state = machine->state;
	struct efimap_load_parts parts;
	struct efimap_need need;

	/* If the load is refused for another reason, the available memory does not matter. */
	if (!state->mem_total || !has_sizes(load) || load->refusal != EFIMAP_NOT_REFUSED ||
	    load->is_loaded)
		return passed;
	parts = efimap_load_parts_of(load);
	need = efimap_loading_need(&parts, load->question == EFIMAP_QUESTION_KDUMP);
	if (need.most == EFIMAP_NO_UPPER_BOUND ||
	    efimap_fit_of(need, state->mem_available) != EFIMAP_MAY_FIT)
		return passed;
	return unseen_but(efimap_arena_printf(
		machine->arena,
		"loading needs between %" PRIu64 " MiB and %" PRIu64 " MiB of memory, and %" PRIu64
		" MiB are available; without enough memory, loading fails",
		(need.least + MIB - 1) / MIB, (need.most + MIB - 1) / MIB,
		state->mem_available / MIB), fewer_programs);
}

/*
 * Check that the next kernel can unpack its initrd. A crash kernel can use only reserved memory.
 * See also the rules crash-memory and boot-memory.
 */
struct check_result look_at_boot_memory(const struct machine *machine,
					const struct efimap_load_case *load)
{
	const bool is_crash = load->question == EFIMAP_QUESTION_KDUMP;
	const char *which = is_crash ? "are reserved" : "of memory are usable";
	struct efimap_need need, memory;
	uint64_t requested;

	if (load->refusal != EFIMAP_NOT_REFUSED ||
	    !efimap_find_boot_need(machine->map, load, &need, &memory) ||
	    need.least > memory.most)
		return passed;
	/* Other ranges may reserve a part of the memory that is reserved for a crash kernel. */
	if (is_crash && memory.most - memory.least > efimap_find_crashkernel_cma(machine->map))
		which = "of the reservation are usable";
	requested = efimap_requested_by(machine->map, load);
	if (need.most == EFIMAP_NO_UPPER_BOUND) {
		uint64_t ratio = USUAL_RATIO;
		char more[64] = "";

		if (efimap_load_parts_of(load).unpacked.is_known)
			ratio = is_crash ? MAX_RATIO : LIKELY_RATIO;
		/* A tmpfs can use only half of the memory. */
		if (!is_crash &&
		    efimap_may_unpack_into_tmpfs(efimap_load_cmdline(machine->map, load)))
			ratio *= 2;
		if (need.least + ratio * load->load.initrd_size + EFIMAP_CRASH_RUNTIME +
			    requested <=
		    memory.least)
			return passed;
		if (requested >= MIB)
			snprintf(more, sizeof(more), "parameters and CPUs up to %" PRIu64 " MiB, ",
				 requested / MIB);
		return unseen_but(efimap_arena_printf(
			machine->arena,
			"kernel and initrd need %" PRIu64 " MiB, %sthe size of the unpacked initrd "
			"is unknown, and %" PRIu64 " MiB %s",
			(need.least + MIB - 1) / MIB, more, memory.least / MIB, which),
				  is_crash ? larger_reservation(machine) : NULL);
	}
	if (need.most <= memory.least)
		return passed;
	if (!is_crash && need.most - requested <= memory.least)
		return unseen_but(efimap_arena_printf(
			machine->arena,
			"until it has unpacked its initrd, the next kernel needs between %" PRIu64
			" MiB and %" PRIu64 " MiB, of which CPUs and requests such as hugepages= "
			"and cma= need up to %" PRIu64 " MiB, and %" PRIu64 " MiB %s",
			(need.least + MIB - 1) / MIB, (need.most + MIB - 1) / MIB,
			(requested + MIB - 1) / MIB, memory.least / MIB, which), fewer_requests);
	return unseen_but(efimap_arena_printf(
		machine->arena,
		"until it has unpacked its initrd, the %s kernel needs between %" PRIu64 " MiB and "
		"%" PRIu64 " MiB, and %" PRIu64 " MiB %s",
		is_crash ? "crash" : "next", (need.least + MIB - 1) / MIB,
		(need.most + MIB - 1) / MIB, memory.least / MIB, which),
			  is_crash ? larger_reservation(machine) : smaller_initrd);
}

/* Check whether the crash kernel reserves memory because of crashkernel= in its own parameters. */
struct check_result look_at_own_reservation(const struct machine *machine,
					    const struct efimap_load_case *load)
{
	struct efimap_need need, memory;
	uint64_t reserved;

	if (load->question != EFIMAP_QUESTION_KDUMP || !load->crash_cmdline ||
	    !efimap_find_boot_need(machine->map, load, &need, &memory))
		return passed;
	reserved = efimap_find_crashkernel_in(load->crash_cmdline, memory.most);
	if (!reserved || (need.most <= memory.least && reserved <= memory.least - need.most))
		return passed;
	return unseen_but("crashkernel= in its parameters may reserve memory that the crash kernel "
			  "itself needs",
			  LOAD_AGAIN(machine, "Remove crashkernel= from the parameters in the "
					      "configuration of the kdump service, and "));
}

/* Check that the size of the unpacked initrd, and thus the need of a crash kernel, is known. */
struct check_result look_at_unpacked_size(const struct machine *machine,
					  const struct efimap_load_case *load)
{
	struct efimap_need need, memory;

	if (load->refusal != EFIMAP_NOT_REFUSED || !load->load.has_initrd_size ||
	    !efimap_find_boot_need(machine->map, load, &need, &memory) ||
	    need.least > memory.most || need.most != EFIMAP_NO_UPPER_BOUND)
		return passed;
	return unseen("the size of the unpacked initrd, because its format does not show the size, "
		      "or because the initrd could not be read");
}
