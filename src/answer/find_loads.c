/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Find the loads to check, and compute the placement of their segments. */
#include <errno.h>
#include <string.h>

#include "answer/find_loads.h"
#include "answer/loads.h"
#include "answer/refusals.h"
#include "capture/kernel_parameters.h"

/*
 * Smallest and largest assumed size of an unknown initrd, in bytes. The initrds of distributions
 * range from 8 to 200 MiB.
 */
#define MIN_INITRD ((uint64_t)4 << 20)
#define MAX_INITRD ((uint64_t)256 << 20)

/*
 * Reserved memory takes precedence over the kernel parameters, which only show what was requested.
 */
static enum kdump_state find_kdump_state(const struct loads *loads)
{
	const struct efimap *map = loads->map;
	const bool has_cmdline = efimap_has(map, EFIMAP_SRC_CMDLINE);
	const bool is_asked_for = has_cmdline && efimap_has_parameter(map, "crashkernel");

	if (loads->memory[0].crash_reason == EFIMAP_PLACED)
		return KDUMP_CONFIGURED;
	if (loads->state->has_crash_size && loads->state->crash_size > 0)
		return KDUMP_CONFIGURED;
	if (has_cmdline && !is_asked_for)
		return KDUMP_NOT_CONFIGURED;
	if (loads->state->has_crash_size || efimap_has(map, EFIMAP_SRC_IOMEM))
		return is_asked_for ? KDUMP_NOT_RESERVED : KDUMP_NOT_CONFIGURED;
	return is_asked_for ? KDUMP_CONFIGURED : KDUMP_UNKNOWN;
}

static void add_kernel(struct loads *loads, const struct efimap_installed_kernel *installed,
		       bool has_paths)
{
	loads->kernels[loads->n_kernels++] = (struct load_kernel){
		.header = installed->header,
		.has_header = true,
		.has_paths = has_paths,
		.size = installed->size,
		.release = efimap_release_of(installed->header.release),
		.is_unified = installed->is_unified,
		.initrd = installed->initrd,
		.has_initrd_size = installed->has_initrd_size,
		.initrd_size = installed->initrd_size,
	};
}

static void assume_kernel(struct loads *loads, const struct efimap_verify_options *options)
{
	struct load_kernel *kernel = &loads->kernels[loads->n_kernels++];

	*kernel = (struct load_kernel){
		.release = loads->map->release,
		.is_assumed = true,
		.initrd = "",
		.has_initrd_size = options->has_initrd_size,
		.initrd_size = options->initrd_size,
	};
	kernel->has_header = efimap_assume_image(loads->map, &kernel->header,
						 &kernel->init_size_max);
}

static void add_unnamed_kernel(struct loads *loads)
{
	loads->kernels[loads->n_kernels++] = (struct load_kernel){
		.release = efimap_release_of(""),
		.is_unnamed = true,
		.initrd = "",
	};
}

/*
 * With only_configured, no installed kernel is checked for kexec, because no configuration names
 * the kernel that kexec will load.
 */
static bool is_chosen(const struct efimap_installed_kernel *kernel,
		      const struct efimap_verify_options *options, enum efimap_question question)
{
	if (question == EFIMAP_QUESTION_KDUMP)
		return kernel->is_crash;
	return !kernel->is_crash && !options->only_configured;
}

bool is_unread_chosen(const struct loads *loads, const struct efimap_verify_options *options,
		      enum efimap_question question, const struct efimap_unread_kernel *kernel)
{
	if (options->n_kernels > 0 || options->segments)
		return false;
	if (question == EFIMAP_QUESTION_KDUMP)
		return kernel->is_crash && loads->kdump == KDUMP_CONFIGURED;
	return !kernel->is_crash && !options->only_configured;
}

static bool is_any_unread_chosen(const struct loads *loads,
				 const struct efimap_verify_options *options,
				 enum efimap_question question)
{
	for (size_t i = 0; i < loads->map->n_unread_kernels; i++)
		if (is_unread_chosen(loads, options, question, &loads->map->unread_kernels[i]))
			return true;
	return false;
}

static size_t choose_kernels(struct loads *loads, const struct efimap_verify_options *options,
			     enum efimap_question question)
{
	const size_t before = loads->n_kernels;

	for (size_t i = 0; i < options->n_kernels && i < EFIMAP_MAX_KERNELS; i++)
		add_kernel(loads, &options->kernels[i], !options->is_recorded);
	if (options->n_kernels > 0)
		return loads->n_kernels - before;
	for (size_t i = 0; i < loads->map->n_kernels; i++)
		if (is_chosen(&loads->map->kernels[i], options, question))
			add_kernel(loads, &loads->map->kernels[i],
				   loads->map->origin == EFIMAP_ORIGIN_LIVE);
	if (loads->n_kernels == before && is_any_unread_chosen(loads, options, question))
		return 0;
	if (loads->n_kernels == before && options->only_configured)
		add_unnamed_kernel(loads);
	else if (loads->n_kernels == before)
		assume_kernel(loads, options);
	return loads->n_kernels - before;
}

/*
 * In an offline capture, a file of at most EFIMAP_IMAGE_HEAD bytes does not count as truncated,
 * because a collector may copy only the setup sectors, which contain the header.
 */
static enum efimap_known find_truncated(const struct loads *loads, enum efimap_question question,
					const struct load_kernel *kernel)
{
	const bool is_loaded = question == EFIMAP_QUESTION_KDUMP &&
			       loads->state->crash_loaded == EFIMAP_KNOWN_YES;

	if (!kernel->has_header || kernel->size == 0 || kernel->size >= kernel->header.file_size)
		return EFIMAP_KNOWN_NO;
	if (efimap_is_offline(loads->map))
		return kernel->size <= EFIMAP_IMAGE_HEAD ? EFIMAP_KNOWN_NO : EFIMAP_NOT_KNOWN;
	return is_loaded ? EFIMAP_NOT_KNOWN : EFIMAP_KNOWN_YES;
}

static void set_initrd(const struct load_kernel *kernel, struct efimap_load_case *load)
{
	load->load.has_initrd_size = kernel->has_initrd_size;
	load->load.initrd_size = kernel->initrd_size;
	if (!kernel->has_initrd_size) {
		load->load.has_initrd_size = true;
		load->load.initrd_size = MIN_INITRD;
		load->load.initrd_size_max = MAX_INITRD;
	}
	/* kexec_load cannot load the initrd that is part of a unified kernel image. */
	if (kernel->is_unified && load->loader == EFIMAP_LOADER_KEXEC_TOOLS &&
	    !*kernel->initrd) {
		load->load.has_initrd_size = true;
		load->load.initrd_size = 0;
	}
}

static void set_load(const struct loads *loads, const struct efimap_verify_options *options,
		     struct efimap_load_case *load)
{
	const struct efimap_kexec_state *state = loads->state;
	const struct load_kernel *kernel = &loads->kernels[load->kernel];
	const bool is_crash = load->question == EFIMAP_QUESTION_KDUMP;

	load->image = kernel->has_header ? &kernel->header : NULL;
	load->image_size = kernel->size;
	load->is_truncated = find_truncated(loads, load->question, kernel);
	load->release = kernel->release;
	load->is_assumed = kernel->is_assumed;
	load->is_unnamed = kernel->is_unnamed;
	load->load = (struct efimap_load){
		.image = load->image,
		.init_size_max = kernel->init_size_max,
		.tools = state->tools,
		.is_crash = is_crash,
		.mem_min = options->mem_min,
		.mem_max = options->mem_max,
		.cpus = state->cpus_possible,
		.elfcorehdr_size = state->elfcorehdr_size,
		.is_hotplug = is_crash && has_argument(state->crash_args, "--hotplug"),
		.kho = state->kho,
		.is_kho_default = state->is_kho_default,
		.scratch = state->n_scratch ? state->scratch : NULL,
		.n_scratch = state->n_scratch,
	};
	if (state->has_cma_total)
		load->load.cma = state->cma_total ? EFIMAP_KNOWN_YES : EFIMAP_KNOWN_NO;
	/* A kdump service adds kernel parameters, so the length of the command line is unknown. */
	load->load.has_cmdline_len =
		!is_crash &&
		efimap_reused_cmdline_len(loads->map, false, &load->load.cmdline_len);
	set_initrd(kernel, load);
}

void load_place(const struct loads *loads, struct efimap_load_case *load)
{
	const struct efimap_load_memory *memory = &loads->memory[load->loader];

	load->has_crash = load->question == EFIMAP_QUESTION_KDUMP &&
			  memory->crash_reason == EFIMAP_PLACED;
	load->crash = memory->crash;
	if (load->load.reserved.last > 0) {
		load->has_crash = true;
		load->crash = load->load.reserved;
	}
	load->ram = memory->ram;
	load->n_ram = memory->n_ram;
	if (load->image)
		efimap_place(loads->map, memory, &load->load, &load->placement);
	else
		load->placement = (struct efimap_placement){ .reason = EFIMAP_UNPLACED_NO_SIZE };
	load->refusal = find_refusal(loads, load);
}

static struct efimap_load_case *add_load(struct loads *loads,
					 const struct efimap_verify_options *options,
					 enum efimap_question question, unsigned int loader,
					 size_t kernel)
{
	struct efimap_load_case *load;

	if (loads->count == EFIMAP_MAX_LOADS)
		return NULL;
	load = &loads->cases[loads->count++];
	*load = (struct efimap_load_case){ .question = question, .loader = loader,
					   .kernel = kernel };
	set_load(loads, options, load);
	return load;
}

static bool is_wanted_loader(const struct efimap_verify_options *options, unsigned int loader,
			     unsigned int preferred)
{
	if (options->loaders)
		return options->loaders & EFIMAP_LOADER_BIT(loader);
	return !options->only_configured || preferred == EFIMAP_LOADER_COUNT ||
	       loader == preferred;
}

/* Add the loads of a kernel, starting with the loader that the installed tools would use. */
static void add_loads(struct loads *loads, const struct efimap_verify_options *options,
		      enum efimap_question question, size_t kernel)
{
	const unsigned int preferred = preferred_loader(loads, question);
	const size_t before = loads->count;

	for (unsigned int i = 0; i < EFIMAP_LOADER_COUNT; i++) {
		const unsigned int loader =
			preferred == EFIMAP_LOADER_KERNEL ? EFIMAP_LOADER_COUNT - 1 - i : i;
		struct efimap_load_case *load;

		if (!is_wanted_loader(options, loader, preferred))
			continue;
		load = add_load(loads, options, question, loader, kernel);
		if (load)
			load_place(loads, load);
	}
	for (size_t i = before; i < loads->count; i++)
		for (size_t k = before; k < loads->count; k++)
			loads->cases[i].has_alternative |=
				i != k && loads->cases[k].refusal == EFIMAP_NOT_REFUSED;
}

static bool is_log_of_crash_kernel(const struct loads *loads, const struct efimap_segments *log)
{
	const struct efimap_load_memory *memory = &loads->memory[0];

	return log->count > 0 && memory->crash_reason == EFIMAP_PLACED &&
	       efimap_span_contains(memory->crash, log->spans[0]);
}

static void take_log(const struct efimap_segments *log, struct efimap_load_case *load)
{
	load->is_from_log = true;
	load->placement = (struct efimap_placement){ .count = log->count };
	for (size_t i = 0; i < log->count; i++) {
		struct efimap_segment *segment = &load->placement.segments[i];

		*segment = (struct efimap_segment){
			.kind = EFIMAP_SEGMENT_UNKNOWN,
			.start = log->spans[i].first,
			.start_max = log->spans[i].first,
			.end_min = log->spans[i].last,
			.end = log->spans[i].last,
		};
		if (i == log->kernel)
			segment->kind = EFIMAP_SEGMENT_KERNEL;
		else if (i == log->initrd)
			segment->kind = EFIMAP_SEGMENT_INITRD;
		else if (log->kernel != EFIMAP_NO_SEGMENT &&
			 (log->initrd != EFIMAP_NO_SEGMENT || log->is_bare))
			segment->kind = EFIMAP_SEGMENT_OTHER;
	}
	/* Drop the assumed kernel, because the log may be from the load of another kernel. */
	if (load->is_assumed) {
		load->is_assumed = false;
		load->image = NULL;
		load->release = efimap_release_of("");
	}
	/*
	 * The log may show that no initrd was loaded, but it does not show the size of an initrd.
	 */
	load->load.has_initrd_size = log->is_bare;
	load->load.initrd_size = 0;
}

static void add_question(struct loads *loads, const struct efimap_verify_options *options,
			 enum efimap_question question)
{
	const size_t first = loads->n_kernels;
	const size_t count = choose_kernels(loads, options, question);
	const bool is_log_of_crash =
		options->segments && is_log_of_crash_kernel(loads, options->segments);
	struct efimap_load_case *load;

	if (options->segments && is_log_of_crash == (question == EFIMAP_QUESTION_KDUMP)) {
		load = add_load(loads, options, question, EFIMAP_LOADER_ANY, first);
		if (load)
			take_log(options->segments, load);
		return;
	}
	for (size_t i = 0; i < count; i++)
		add_loads(loads, options, question, first + i);
}

int loads_make(const struct efimap *map, const struct efimap_verify_options *options,
	       struct loads *loads)
{
	loads->map = map;
	loads->unknown_state = (struct efimap_kexec_state)EFIMAP_KEXEC_STATE_INIT;
	loads->state = map->kexec ? map->kexec : &loads->unknown_state;
	for (unsigned int i = 0; i < EFIMAP_LOADER_COUNT; i++) {
		const int ret = efimap_load_memory_make(map, (enum efimap_loader)i,
							&loads->memory[i]);

		if (ret)
			return ret;
		loads->n_memory = i + 1;
	}
	loads->kdump = find_kdump_state(loads);
	if (!(options->not_asked & EFIMAP_QUESTION_BIT(EFIMAP_QUESTION_KEXEC)))
		add_question(loads, options, EFIMAP_QUESTION_KEXEC);
	if (!(options->not_asked & EFIMAP_QUESTION_BIT(EFIMAP_QUESTION_KDUMP)) &&
	    (loads->kdump == KDUMP_CONFIGURED || loads->kdump == KDUMP_NOT_RESERVED))
		add_question(loads, options, EFIMAP_QUESTION_KDUMP);
	return 0;
}

void loads_free(struct loads *loads)
{
	for (size_t i = 0; i < loads->n_memory; i++)
		efimap_load_memory_free(&loads->memory[i]);
}
