/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules about the memory that a load and the next kernel need. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text_scan.h"
#include "capture/kernel_parameters.h"
#include "infer/distribution.h"
#include "infer/linux_changes.h"
#include "infer/load_limits.h"
#include "linux/crashkernel_parameter.h"
#include "linux/signature_policy.h"
#include "rules/load_rules.h"
#include "rules/machine.h"
#include "rules/memory_spans.h"
#include "rules/read_facts.h"

/*
 * Check for RAM that kexec_file_load does not pass. If the initrd is behind all passed RAM, the
 * next kernel copies it to one passed range.
 */
bool rule_memory_not_passed(const struct facts_for_rules *c, struct match *match)
{
	const struct load_case *load = c->load;
	const struct passed_ram ram = find_passed_ram(c->map);
	const struct load_segment *initrd = find_segment(&load->placement, EFIMAP_SEGMENT_INITRD);

	if (!ram.dropped && !ram.plugged)
		return false;
	set_format(match, VALUE_LOST, "%" PRIu64 " MiB", (ram.dropped + ram.plugged) / MIB);
	set_number(match, VALUE_RANGES, c->map->n_memmap);
	set_number(match, VALUE_FILE_MAX, EFIMAP_E820_MAX);
	/* Nobody misses less than 1 MiB. */
	if (!initrd || initrd->start <= ram.end || load->plan.initrd_size <= ram.largest)
		return ram.dropped + ram.plugged >= MIB &&
		       as(match, ram.dropped ? VARIANT_USUAL : VARIANT_PLUGGED);
	set_format(match, VALUE_SIZE, "%" PRIu64 " MiB", needed_mib(load->plan.initrd_size));
	return as(match, VARIANT_INITRD);
}

/* Set {advice} to @first, or to free space, and to how the initrd of a load is created again. */
static void advise_initrd(const struct facts_for_rules *c, struct match *match, const char *first)
{
	/* A command that ends with a space needs the release. */
	static const char *const tools[][2] = {
		[EFIMAP_CRASH_SERVICE_UNKNOWN] = { "on Fedora and SUSE: dracut -f "
						   "--regenerate-all; on Debian: update-initramfs "
						   "-c -k ",
						   "with the kdump service" },
		[EFIMAP_CRASH_SERVICE_KDUMP_CONFIG] = { "update-initramfs -c -k ",
							"/etc/kernel/postinst.d/kdump-tools " },
		[EFIMAP_CRASH_SERVICE_KDUMPCTL] = { "dracut -f --kver ", "kdumpctl rebuild" },
		[EFIMAP_CRASH_SERVICE_SUSE] = { "dracut -f --kver ", "mkdumprd -f" },
	};
	const char *release = *c->load->release.text ? c->load->release.text : "RELEASE";
	const char *initrd = c->load->kernel->initrd;
	/* The kdump services have initrds of their own, whose paths contain "kdump". */
	const bool is_own =
		c->load->question == EFIMAP_QUESTION_KDUMP && initrd && strstr(initrd, "kdump");
	const char *tool = tools[likely_service(c->map)][is_own];

	set_format(match, VALUE_ADVICE, "%s (%s%s)%s",
		   first ? first
		   : is_own
			   ? "Free space on its file system, and create this initrd again"
			   : "Before any reboot, free space in /boot, and create this initrd again",
		   tool, tool[strlen(tool) - 1] == ' ' ? release : "",
		   c->load->is_loaded ? LOAD_AGAIN(c->machine, ", and ") : "");
}

/*
 * Report an initrd that does not exist. If it is in the directory of kdump-tools, as after the
 * installation, kdump-config creates it before it loads the crash kernel.
 */
static bool report_missing_initrd(const struct facts_for_rules *c, struct match *match)
{
	const struct load_case *load = c->load;
	const struct installed_kernel *kernel = load->kernel;
	static const char own[] = EFIMAP_KDUMP_DIRECTORY "/";
	const bool is_created =
		load->question == EFIMAP_QUESTION_KDUMP &&
		c->machine->state->crash.service == EFIMAP_CRASH_SERVICE_KDUMP_CONFIG &&
		strncmp(kernel->initrd, own, strlen(own)) == 0;

	return as_because(match, is_created ? VARIANT_CREATED : VARIANT_USUAL,
			  arena_printf(c->machine->arena, "the initrd does not exist (%s)",
				       mark_data(match, kernel->initrd)));
}

/* Check that the machine has the initrd that is named, and can read it. */
static bool look_at_initrd(const struct facts_for_rules *c, struct match *match)
{
	const struct load_case *load = c->load;
	const struct installed_kernel *kernel = load->kernel;

	if (load->is_assumed || load->is_from_log || kernel->has_initrd_size ||
	    !kernel->initrd_error || kernel->is_initrd_denied || capture_is_offline(c->map))
		return false;
	advise_initrd(c, match,
		      kernel->is_initrd_missing ? "On this machine, create the initrd"
						: "On this machine, look for disk errors in dmesg. "
						  "Then create the initrd again");
	if (kernel->is_initrd_missing)
		return !load->is_loaded && report_missing_initrd(c, match);
	return as_because(match, VARIANT_UNREAD,
			  arena_printf(c->machine->arena, "the initrd cannot be read (%s: %s)",
				       mark_data(match, kernel->initrd), kernel->initrd_error));
}

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

/* Check that all segments together are not larger than half of the running kernel's memory. */
bool rule_load_half(const struct facts_for_rules *c, struct match *match)
{
	const uint64_t total = c->machine->state->memory.total;
	const struct load_case *load = c->load;
	struct load_parts parts;
	struct need need;

	if (!load_has_sizes(load) || !match_fact(match, memory_is_known(c->map)))
		return false;
	parts = load_parts_of(load);
	need = segments_need(&parts);
	report_kernel(c, match);
	report_memory(match, need.least, total);
	if (fit_of(need, total / 2) == EFIMAP_DOES_NOT_FIT)
		return as_advised(
			match, VARIANT_USUAL,
			load->question == EFIMAP_QUESTION_KDUMP
				? smaller_initrd
				: "Use a smaller initrd, or reboot through the firmware (a "
				  "normal reboot) instead of using kexec");
	return need.most != EFIMAP_NO_UPPER_BOUND && fit_of(need, total / 2) == EFIMAP_MAY_FIT &&
	       as_advised(match, VARIANT_BETWEEN, smaller_initrd);
}

/* Check that the files and their copies fit into available memory. See also rule load-memory. */
bool rule_load_memory_range(const struct facts_for_rules *c, struct match *match)
{
	const struct machine *machine = c->machine;
	const struct load_case *load = c->load;
	const struct kexec_state *state = machine->state;
	struct load_parts parts;
	struct need need;

	/* The rule load-memory names a meminfo that was not read. */
	if (!state->memory.total || !load_has_sizes(load))
		return false;
	parts = load_parts_of(load);
	need = loading_need(&parts, load->question == EFIMAP_QUESTION_KDUMP);
	if (need.most == EFIMAP_NO_UPPER_BOUND ||
	    fit_of(need, state->memory.available) != EFIMAP_MAY_FIT)
		return false;
	return as_because_advised(match, VARIANT_USUAL,
				  arena_printf(machine->arena,
					       "loading needs between %" PRIu64 " MiB and %" PRIu64
					       " MiB of memory, and %" PRIu64 " MiB are available",
					       needed_mib(need.least), needed_mib(need.most),
					       state->memory.available / MIB),
				  fewer_programs);
}

/* Return "98 MiB are reserved", or both bounds of @memory if the lower bound is below @least. */
static const char *describe_memory(const struct machine *machine, struct need memory,
				   uint64_t least, const char *which)
{
	if (least <= memory.least)
		return arena_printf(machine->arena, "%" PRIu64 " MiB %s", memory.least / MIB,
				    which);
	if (memory.most == EFIMAP_NO_UPPER_BOUND)
		return arena_printf(machine->arena, "at least %" PRIu64 " MiB are usable",
				    memory.least / MIB);
	return arena_printf(machine->arena,
			    "between %" PRIu64 " MiB and %" PRIu64 " MiB are usable",
			    memory.least / MIB, memory.most / MIB);
}

/*
 * Check that the next kernel can unpack its initrd. A crash kernel can use only reserved memory.
 * See also the rules crash-memory and boot-memory.
 */
bool rule_boot_memory_range(const struct facts_for_rules *c, struct match *match)
{
	const struct machine *machine = c->machine;
	const struct load_case *load = c->load;
	const bool is_crash = load->question == EFIMAP_QUESTION_KDUMP;
	const char *which = is_crash ? "are reserved" : "of memory are usable";
	struct need need, memory, total;
	uint64_t requested;

	if (!find_boot_need(machine->map, load, &need, &memory) || need.least > memory.most)
		return false;
	/* Other ranges may reserve a part of the memory that is reserved for a crash kernel. */
	if (is_crash && memory.most - memory.least > find_crashkernel_cma(machine->map))
		which = "of the reservation are usable";
	requested = requested_by(machine->map, load);
	if (need.most == EFIMAP_NO_UPPER_BOUND) {
		uint64_t ratio = USUAL_RATIO;
		char more[96] = "";

		if (load_parts_of(load).unpacked.is_known)
			ratio = is_crash ? MAX_RATIO : LIKELY_RATIO;
		/* A tmpfs can use only half of the memory. */
		if (!is_crash && may_unpack_into_tmpfs(load->cmdline))
			ratio *= 2;
		if (need.least + ratio * load->plan.initrd_size + EFIMAP_CRASH_RUNTIME +
			    requested <=
		    memory.least)
			return false;
		if (requested >= MIB)
			snprintf(more, sizeof(more),
				 "CPUs and requests such as hugepages= need up to %" PRIu64
				 " MiB, ",
				 requested / MIB);
		set_format(match, VALUE_AVAILABLE, "%" PRIu64 " MiB", memory.least / MIB);
		return as_because_advised(
			match, VARIANT_UNPACKED,
			arena_printf(machine->arena,
				     "%" PRIu64 " MiB %s, kernel and initrd need %" PRIu64
				     " MiB, %sand the unpacked initrd needs an unknown amount",
				     memory.least / MIB, which, needed_mib(need.least), more),
			is_crash ? advise_crashkernel(machine, need) : NULL);
	}
	if (need.most <= memory.least)
		return false;
	if (!is_crash && need.most - requested <= memory.least)
		return as_because_advised(
			match, VARIANT_REQUESTS,
			arena_printf(
				machine->arena,
				"until it has unpacked its initrd, the next kernel needs between "
				"%" PRIu64 " MiB and %" PRIu64
				" MiB, of which CPUs and requests such as hugepages= "
				"and cma= need up to %" PRIu64 " MiB, and %" PRIu64 " MiB %s",
				needed_mib(need.least), needed_mib(need.most),
				needed_mib(requested), memory.least / MIB, which),
			fewer_requests);
	/* Other ranges use a part of the reservation. */
	total = (struct need){ need.least, need.most + memory.most - memory.least };
	return as_because_advised(
		match, need.least > memory.least ? VARIANT_UNSURE : VARIANT_BETWEEN,
		arena_printf(machine->arena,
			     "until it has unpacked its initrd, %s needs between %" PRIu64
			     " MiB and %" PRIu64 " MiB, and %s",
			     name_next_kernel(load), needed_mib(need.least), needed_mib(need.most),
			     describe_memory(machine, memory, need.least, which)),
		is_crash ? advise_crashkernel(machine, total) : smaller_initrd);
}

/*
 * Check that the files of the loaded crash kernel still exist. The record of the load names them,
 * so they existed during the load. An offline capture may only lack them.
 */
static bool look_at_removed_files(const struct facts_for_rules *c, struct match *match)
{
	const struct load_case *load = c->load;
	const bool lacks_image = load->is_assumed || (load->is_from_log && !load->plan.image);
	const bool lacks_initrd = !load->is_from_log && load->kernel->is_initrd_missing;

	if (!load->is_loaded || !c->machine->uses_record || capture_is_offline(c->map) ||
	    (!lacks_image && !lacks_initrd))
		return false;
	/* kdump-config unloads the kernel and then fails if the image is missing. */
	return as_advised(match, VARIANT_REMOVED,
			  lacks_image
				  ? "Reboot, which loads another crash kernel. Until then, do not "
				    "restart the kdump service, because the service would unload "
				    "the crash kernel and could not load it again"
				  : "Load the crash kernel again");
}

bool rule_sizes_unread(const struct facts_for_rules *c, struct match *match)
{
	static rule_predicate_fn *const parts[] = { look_at_initrd, look_at_removed_files };

	return match_each(c, match, parts, 2);
}

/* Return whether the file may be the initrd of a load, of which a log shows only the pages. */
static bool has_same_initrd(const struct load_case *load)
{
	const uint64_t size = load->kernel->initrd_size + EFIMAP_PAGE_SIZE - 1;

	return !load->is_from_log || load->plan.initrd_size == page_start(size) ||
	       load->plan.initrd_size == load->kernel->initrd_size;
}

/* Check that the initrd contains its end. A full /boot cuts an initrd while it is created. */
bool rule_initrd_cut(const struct facts_for_rules *c, struct match *match)
{
	const struct load_case *load = c->load;

	report_kernel(c, match);
	advise_initrd(c, match, NULL);
	/* An option may name an empty file to load no initrd. */
	if (load_has_image(load) && !load->is_from_log && !c->options->n_kernels &&
	    load->kernel->has_initrd_size && !load->kernel->initrd_size && load->kernel->initrd &&
	    *load->kernel->initrd)
		return as(match, VARIANT_EMPTY);
	if (!load->plan.image || !load->plan.initrd_size || !has_same_initrd(load) ||
	    load_parts_of(load).unpacked.end != EFIMAP_INITRD_CUT)
		return false;
	return as(match, load->is_loaded ? VARIANT_LOADED : VARIANT_USUAL);
}
