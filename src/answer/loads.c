/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* List the loads for which verify answers: each kernel with the loader that will load it. */
#include <stdlib.h>
#include <string.h>

#include "answer/loads.h"
#include "base/alloc.h"
#include "infer/architecture.h"
#include "infer/hardware.h"
#include "linux/signature_policy.h"

/*
 * Smallest and largest assumed size of an unknown initrd, in bytes. The initrds of distributions
 * range from 8 to 200 MiB.
 */
#define MIN_INITRD ((uint64_t)4 << 20)
#define MAX_INITRD ((uint64_t)256 << 20)

/*
 * struct loader - what loads a kernel
 * @id:         enum kexec_loader
 * @falls_back: kexec-tools calls kexec_load if the kernel does not support kexec_file_load or this
 *              image
 * @is_assumed: the version of kexec-tools, which decides, is unknown
 */
struct loader {
	unsigned int id;
	bool falls_back;
	bool is_assumed;
};

bool is_recorded(const struct machine *machine, const struct installed_kernel *kernel)
{
	return kernel->is_loaded || (kernel == &machine->assumed && machine->uses_record);
}

/* Return the system call that a setting or a record selects for a crash kernel. */
static enum kexec_call find_selected_call(const struct machine *machine,
					  enum load_question question,
					  const struct installed_kernel *kernel)
{
	if (question == EFIMAP_QUESTION_KEXEC)
		return EFIMAP_KEXEC_CALL_DEFAULT;
	if (is_recorded(machine, kernel))
		return machine->state->record.options.call;
	/* If the running kernel is locked down, the kdump services use -s. */
	if (fact_is_yes(machine->locked_down))
		return EFIMAP_KEXEC_CALL_FILE_LOAD;
	return machine->state->crash.options.call;
}

/* Linux 3.17 and later has kexec_file_load, if it is configured. */
static bool has_file_load(const struct efimap *map)
{
	return !*map->release.text || release_compare(map->release.text, "3.17") >= 0;
}

/*
 * The version of kexec-tools decides. Since 2.0.27, it calls kexec_file_load and, after certain
 * errors, kexec_load (kexec/kexec.c).
 */
static struct loader find_loader(const struct machine *machine, enum load_question question,
				 const struct installed_kernel *kernel)
{
	const struct version *tools = &machine->state->tools;
	const bool is_for_file_load = tools_has(tools, EFIMAP_TOOLS_FILE_LOAD, true);

	if (machine->options.loaders)
		return (struct loader){ (machine->options.loaders &
					 EFIMAP_LOADER_BIT(EFIMAP_LOADER_KERNEL))
						? EFIMAP_LOADER_KERNEL
						: EFIMAP_LOADER_KEXEC_TOOLS };
	/* 32-bit kernels have no kexec_file_load. */
	if (is_32bit_kernel(machine->map))
		return (struct loader){ EFIMAP_LOADER_KEXEC_TOOLS };
	switch (find_selected_call(machine, question, kernel)) {
	case EFIMAP_KEXEC_CALL_FILE_LOAD:
		return (struct loader){ EFIMAP_LOADER_KERNEL };
	case EFIMAP_KEXEC_CALL_LOAD:
		return (struct loader){ EFIMAP_LOADER_KEXEC_TOOLS };
	default:
		return (struct loader){
			.id = is_for_file_load && has_file_load(machine->map)
				      ? EFIMAP_LOADER_KERNEL
				      : EFIMAP_LOADER_KEXEC_TOOLS,
			.falls_back = is_for_file_load,
			.is_assumed = !tools->major,
		};
	}
}

bool is_unread_chosen(const struct machine *machine, enum load_question question,
		      const struct unread_kernel *kernel)
{
	const struct verify_options *options = &machine->options;

	if (options->n_kernels > 0 || options->segments ||
	    kernel->is_crash != (question == EFIMAP_QUESTION_KDUMP))
		return false;
	return !kernel->is_crash ||
	       (kernel->is_loaded == machine->uses_record && machine->kdump.has_load &&
		machine->kdump.state != EFIMAP_KDUMP_NOT_RESERVED);
}

static bool is_chosen(const struct machine *machine, enum load_question question,
		      const struct installed_kernel *kernel)
{
	if (question == EFIMAP_QUESTION_KDUMP)
		return kernel->is_crash && kernel->is_loaded == machine->uses_record;
	return !kernel->is_crash;
}

/*
 * Choose the kernels that options name, or else those of the capture. If there are none, choose an
 * assumed kernel. Return the number of kernels, which is 0 if kernels exist, but none of their
 * files can be read.
 */
static size_t choose_kernels(const struct machine *machine, enum load_question question,
			     const struct installed_kernel *ret_kernels[EFIMAP_MAX_KERNELS])
{
	const struct verify_options *options = &machine->options;
	const struct efimap *map = machine->map;
	size_t count = 0;

	for (size_t i = 0; i < options->n_kernels && i < EFIMAP_MAX_KERNELS; i++)
		ret_kernels[count++] = &options->kernels[i];
	if (count > 0)
		return count;
	for (size_t i = 0; i < map->n_kernels; i++)
		if (is_chosen(machine, question, &map->kernels[i]))
			ret_kernels[count++] = &map->kernels[i];
	for (size_t i = 0; count == 0 && i < map->n_unread_kernels; i++)
		if (is_unread_chosen(machine, question, &map->unread_kernels[i]))
			return 0;
	if (count == 0)
		ret_kernels[count++] = &machine->assumed;
	return count;
}

/*
 * Return whether the image file is shorter than its header requires. In an offline capture, a file
 * of at most EFIMAP_IMAGE_HEAD bytes does not count as truncated, because a collector may copy only
 * the setup sectors, which contain the header.
 */
static enum known find_truncated(const struct machine *machine, bool is_loaded,
				 const struct installed_kernel *kernel)
{
	if (kernel->size == 0 || kernel->size >= kernel->header.file_size)
		return EFIMAP_KNOWN_NO;
	if (capture_is_offline(machine->map))
		return kernel->size <= EFIMAP_IMAGE_HEAD ? EFIMAP_KNOWN_NO : EFIMAP_NOT_KNOWN;
	return is_loaded ? EFIMAP_NOT_KNOWN : EFIMAP_KNOWN_YES;
}

static unsigned int find_roles(const struct machine *machine, const struct installed_kernel *kernel)
{
	unsigned int roles = kernel->is_newest ? EFIMAP_ROLE_NEWEST : 0;

	if (kernel == &machine->assumed)
		return EFIMAP_ROLE_ASSUMED;
	if (machine->options.n_kernels > 0)
		roles |= EFIMAP_ROLE_GIVEN;
	if (*kernel->header.release &&
	    strcmp(kernel->header.release, machine->map->release.text) == 0)
		roles |= EFIMAP_ROLE_RUNNING;
	if (kernel->is_default || (kernel->is_crash && !kernel->is_loaded))
		roles |= EFIMAP_ROLE_CONFIGURED;
	return roles;
}

struct load_case make_load(const struct machine *machine, enum load_question question,
			   unsigned int loader, const struct installed_kernel *kernel)
{
	const struct kexec_state *state = machine->state;
	const struct verify_options *options = &machine->options;
	const bool is_crash = question == EFIMAP_QUESTION_KDUMP;
	const bool is_assumed = kernel == &machine->assumed;
	const bool has_cmdline = capture_has(machine->map, EFIMAP_SRC_CMDLINE);
	const bool has_noefi = is_recorded(machine, kernel) ? state->record.options.has_noefi
							    : state->crash.options.has_noefi;
	struct load_case load = {
		.question = question,
		.loader = loader,
		.kernel = kernel,
		.roles = find_roles(machine, kernel),
		.release = is_assumed ? machine->map->release :
					release_parse(kernel->header.release),
		.cmdline = !is_crash ? (has_cmdline ? machine->map->cmdline : NULL) :
			   is_recorded(machine, kernel) ? state->record.cmdline :
							  state->crash.cmdline,
		.is_assumed = is_assumed,
		.plan = {
			.init_size_max = is_assumed ? machine->assumed_init_size_max : 0,
			.is_crash = is_crash,
			.has_initrd_size = true,
			.initrd_size = kernel->has_initrd_size ? kernel->initrd_size : MIN_INITRD,
			.initrd_size_max = kernel->has_initrd_size ? 0 : MAX_INITRD,
			.mem_min = options->mem_min,
			.mem_max = options->mem_max,
		},
	};

	/* With --noefi, kexec_load passes no EFI data, which has the effect of noefi. */
	if (is_crash && loader == EFIMAP_LOADER_KEXEC_TOOLS && has_noefi && load.cmdline)
		load.cmdline = arena_printf(machine->arena, "%s noefi", load.cmdline);
	if (!is_assumed && !load.release.patch)
		load.release.patch = kernel->header.patch;
	if (!is_assumed || machine->has_assumed_header)
		load.plan.image = &kernel->header;
	load.image_size = kernel->size;
	load.is_loaded = is_crash && value_is_set(state, EFIMAP_VALUE_CRASH_LOADED) &&
			 !machine_asks_about_next(machine);
	load.is_truncated = find_truncated(machine, load.is_loaded, kernel);
	/* For kdump, the service adds parameters, so the length of the command line is unknown. */
	load.plan.has_cmdline_len = !is_crash && has_cmdline;
	if (load.plan.has_cmdline_len)
		load.plan.cmdline_len = (uint32_t)reused_len(machine->map->cmdline, false);
	return load;
}

static void add_load(struct loads *loads, const struct load_case *load)
{
	array_append(&loads->cases, &loads->count, &loads->capacity, load, sizeof(*load));
}

void loads_add_kernel(const struct machine *machine, enum load_question question,
		      const struct installed_kernel *kernel, struct loads *loads)
{
	const struct loader loader = find_loader(machine, question, kernel);
	struct load_case load = make_load(machine, question, loader.id, kernel);

	load.falls_back = loader.falls_back;
	load.is_loader_assumed = loader.is_assumed;
	add_load(loads, &load);
}

static void take_log(const struct segments *log, struct load_case *load)
{
	const bool is_initrd_known = log->is_bare || log->initrd != EFIMAP_NO_SEGMENT;

	load->is_from_log = true;
	load->cmdline = log->cmdline ? log->cmdline : load->cmdline;
	load->placement = (struct placement){
		.reason = log->is_partial ? EFIMAP_UNPLACED_PARTIAL_LOG : EFIMAP_PLACED,
		.count = log->count,
	};
	for (size_t i = 0; i < log->count; i++)
		load->placement.segments[i] = (struct load_segment){
			.kind = i == log->kernel   ? EFIMAP_SEGMENT_KERNEL
				: i == log->initrd ? EFIMAP_SEGMENT_INITRD
				: is_initrd_known && log->kernel != EFIMAP_NO_SEGMENT
					? EFIMAP_SEGMENT_OTHER
					: EFIMAP_SEGMENT_UNKNOWN,
			.start = log->spans[i].first,
			.start_max = log->spans[i].first,
			.end_min = log->spans[i].last,
			.end = log->spans[i].last,
		};
	/* Drop the assumed kernel, because the log may be from the load of another kernel. */
	if (load->is_assumed) {
		load->is_assumed = false;
		load->roles = 0;
		load->plan.image = NULL;
		load->release = release_parse("");
	}
	load->plan.has_initrd_size = is_initrd_known;
	load->plan.initrd_size =
		log->initrd == EFIMAP_NO_SEGMENT ? 0 : span_bytes(log->spans[log->initrd]);
	load->plan.initrd_size_max = 0;
}

/*
 * Return the load that the kernel log of SOURCE shows, or NULL. It is not used if options ask about
 * another load. An image that --kernel names is that of the load if both sizes are equal.
 */
static const struct segments *find_logged_load(const struct machine *machine,
					       enum load_question question)
{
	const struct verify_options *options = &machine->options;
	const bool is_crash = question == EFIMAP_QUESTION_KDUMP;
	const struct segments *log = &machine->state->log_loads[is_crash];

	if (!log->count || options->only_configured || options->n_kernels > 1 ||
	    options->has_initrd_size || options->mem_min || options->mem_max ||
	    (options->loaders && !(options->loaders & EFIMAP_LOADER_BIT(EFIMAP_LOADER_KERNEL))))
		return NULL;
	if (options->n_kernels > 0 && (log->kernel == EFIMAP_NO_SEGMENT ||
				       span_bytes(log->spans[log->kernel]) !=
					       whole_pages(options->kernels[0].header.init_size)))
		return NULL;
	return log;
}

static void add_question(const struct machine *machine, enum load_question question,
			 struct loads *loads)
{
	const struct segments *logged = find_logged_load(machine, question);
	const struct segments *log = machine->options.segments ? machine->options.segments : logged;
	const struct installed_kernel *kernels[EFIMAP_MAX_KERNELS];
	const size_t count = choose_kernels(machine, question, kernels);
	const struct load_memory *memory = &machine->memory[0];
	/* A log of a failed load may contain no segments, and may be about either question. */
	const bool is_of_question = log && (log == logged || log->count == 0 ||
					    (memory->crash_reason == EFIMAP_PLACED &&
					     span_contains(memory->crash, log->spans[0])) ==
						    (question == EFIMAP_QUESTION_KDUMP));

	if (is_of_question && count > 0) {
		const unsigned int loader = !log->count		? EFIMAP_LOADER_ANY
					    : log->is_by_kernel ? EFIMAP_LOADER_KERNEL
								: EFIMAP_LOADER_KEXEC_TOOLS;
		struct load_case load = make_load(machine, question, loader, kernels[0]);

		take_log(log, &load);
		add_load(loads, &load);
		return;
	}
	for (size_t i = 0; i < count; i++)
		loads_add_kernel(machine, question, kernels[i], loads);
}

void loads_add_all(const struct machine *machine, struct loads *loads)
{
	for (unsigned int i = EFIMAP_QUESTION_KEXEC; i <= EFIMAP_QUESTION_KDUMP; i++)
		if (!(machine->options.not_asked & EFIMAP_QUESTION_BIT(i)) &&
		    (i == EFIMAP_QUESTION_KEXEC
			     ? !machine->why_no_kexec &&
				       machine->kdump.state != EFIMAP_KDUMP_IN_CRASH_KERNEL
			     : machine->kdump.has_load))
			add_question(machine, (enum load_question)i, loads);
}

void loads_free(struct loads *loads)
{
	free(loads->cases);
}
