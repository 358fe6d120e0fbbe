/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* List the loads for which verify answers: each kernel with each loader that may load it. */
#include <stdlib.h>
#include <string.h>

#include "answer/loads.h"
#include "base/alloc.h"
#include "infer/architecture.h"
#include "infer/hardware.h"
#include "linux/kexec_options.h"
#include "linux/signature_policy.h"

/*
 * Smallest and largest assumed size of an unknown initrd, in bytes. The initrds of distributions
 * range from 8 to 200 MiB.
 */
#define MIN_INITRD ((uint64_t)4 << 20)
#define MAX_INITRD ((uint64_t)256 << 20)

/*
 * struct front_end - the program that will load a kernel
 * @loader:     enum kexec_loader, or EFIMAP_LOADER_COUNT if it is unknown
 * @falls_back: the program calls kexec_load if the kernel does not support kexec_file_load or this
 *              image (kexec-tools since 2.0.27, unless an option selects a system call)
 * @retry:      whether the program also calls kexec_load after another failure
 */
struct front_end {
	unsigned int loader;
	bool falls_back;
	enum retry retry;
};

static const struct front_end file_load = { EFIMAP_LOADER_KERNEL, .falls_back = false };
static const struct front_end automatic = { EFIMAP_LOADER_KERNEL, .falls_back = true };
static const struct front_end kexec_load = { EFIMAP_LOADER_KEXEC_TOOLS, .falls_back = false };
static const struct front_end unknown_call = { EFIMAP_LOADER_COUNT, .falls_back = false };

bool is_recorded(const struct machine *machine, const struct installed_kernel *kernel)
{
	return kernel &&
	       (kernel->is_loaded || (kernel == &machine->assumed && machine->uses_record));
}

/* Return the options with which kexec(8) loads a crash kernel, or "" if the question is kexec. */
static const char *find_args(const struct machine *machine, enum load_question question,
			     const struct installed_kernel *kernel)
{
	if (question == EFIMAP_QUESTION_KEXEC)
		return "";
	return is_recorded(machine, kernel) ? machine->state->record.args
					    : machine->state->crash.args;
}

/*
 * Return the system call that kexec-tools and systemctl use if no option selects a system call.
 * systemctl never loads a crash kernel, or the kernel that /etc/default/kexec names. In a
 * paravirtualised dom0 of Xen, kexec-tools 2.0.29 or later never calls kexec_file_load, and a
 * distribution may have corrected 2.0.27 and 2.0.28.
 */
static struct front_end find_default_call(const struct machine *machine, bool is_tools_only)
{
	const struct kexec_state *state = machine->state;
	const bool is_systemctl = !is_tools_only && state->systemd >= SYSTEMD_LOADS;
	const bool has_file_load = tools_has(&state->tools, EFIMAP_TOOLS_FILE_LOAD, false);

	/* Before the load, kexec-tools of any version may be installed on the running system. */
	if (state->has_tools == EFIMAP_KNOWN_NO &&
	    (is_systemctl || capture_is_offline(machine->map)))
		return file_load;
	/* Programs that first call kexec_file_load then call kexec_load. */
	if (is_32bit_kernel(machine->map))
		return kexec_load;
	if (is_under_xen(machine->map))
		return is_systemctl || (has_file_load &&
					!tools_has(&state->tools, EFIMAP_TOOLS_XEN, true))
			       ? unknown_call
			       : kexec_load;
	if (state->tools.major == 0)
		return unknown_call;
	if (has_file_load)
		return automatic;
	return is_systemctl ? unknown_call : kexec_load;
}

/*
 * Return the system calls of SUSE's kdump (load.sh: load_kdump_kexec). @configured is the call of
 * kexec(8) with the configured options. Before 0.9.0, the service calls kexec once, with only these
 * options. From 0.9.0 to 1.9.5, it calls kexec with -s and, after any failure, again without -s.
 * Since 1.9.6, it calls kexec once, with -a after the configured options. Version 1.0.2 in SLES 15
 * SP6 also does this.
 */
static struct front_end find_suse_call(const struct machine *machine, struct front_end configured)
{
	const struct kexec_state *state = machine->state;
	const bool may_use_auto = state->crash.suse_most >= EFIMAP_SUSE_KDUMP(1, 0, 2);

	if (state->crash.suse_least >= EFIMAP_SUSE_KDUMP(1, 9, 6))
		return automatic;
	if (state->crash.suse_most < EFIMAP_SUSE_KDUMP(0, 9, 0))
		return configured;
	if (state->crash.suse_least < EFIMAP_SUSE_KDUMP(0, 9, 0))
		return configured.falls_back ? configured : unknown_call;
	if (configured.loader == EFIMAP_LOADER_KERNEL)
		return may_use_auto && !configured.falls_back ? unknown_call : configured;
	return (struct front_end){
		EFIMAP_LOADER_KERNEL,
		.falls_back = true,
		.retry = may_use_auto || configured.loader == EFIMAP_LOADER_COUNT
				 ? EFIMAP_RETRY_PERHAPS
				 : EFIMAP_RETRY_ALWAYS,
	};
}

/*
 * The conditions are from kexec/kexec.c of kexec-tools and from two kdump services. If Secure
 * Boot is enabled, kdump_load() of Debian's kdump-config puts -s before the configured options, and
 * prepare_kexec_args() in kdump-lib.sh of kdump-utils puts -s after these options. The record of a
 * load contains all options. If a capture lacks the configuration of a service on a machine with
 * Secure Boot or lockdown, a service may add -s.
 */
static struct front_end find_front_end(const struct machine *machine, enum load_question question,
				       const struct installed_kernel *kernel)
{
	const struct kexec_state *state = machine->state;
	const bool is_crash = question == EFIMAP_QUESTION_KDUMP;
	const enum kdump_service_kind service = !is_crash || is_recorded(machine, kernel)
							? EFIMAP_CRASH_SERVICE_UNKNOWN
							: state->crash.service;
	const enum secure_boot secure_boot = secure_boot_of(machine->map);
	const enum kexec_call call = parse_kexec_options(find_args(machine, question, kernel)).call;
	const bool depends_on_secure_boot = secure_boot != EFIMAP_SECURE_BOOT_DISABLED &&
					    (service == EFIMAP_CRASH_SERVICE_KDUMPCTL ||
					     (service == EFIMAP_CRASH_SERVICE_KDUMP_CONFIG &&
					      call == EFIMAP_KEXEC_CALL_DEFAULT));
	const bool may_add_option =
		is_crash && !is_recorded(machine, kernel) && is_service_uncollected(machine) &&
		(fact_is_yes(machine->locked_down) || secure_boot == EFIMAP_SECURE_BOOT_ENABLED);
	struct front_end found = find_default_call(machine, is_crash || kernel->is_for_reboot);

	if (service != EFIMAP_CRASH_SERVICE_UNKNOWN && !state->crash.has_args)
		return unknown_call;
	if (call == EFIMAP_KEXEC_CALL_AUTO)
		found = automatic;
	else if (call == EFIMAP_KEXEC_CALL_FILE_LOAD)
		found = file_load;
	else if (call == EFIMAP_KEXEC_CALL_LOAD)
		found = kexec_load;
	if (service == EFIMAP_CRASH_SERVICE_SUSE)
		return find_suse_call(machine, found);
	if (!depends_on_secure_boot && !may_add_option)
		return found;
	if (depends_on_secure_boot && secure_boot == EFIMAP_SECURE_BOOT_ENABLED)
		return file_load;
	return found.loader == EFIMAP_LOADER_KERNEL ? found : unknown_call;
}

static const struct installed_kernel unnamed_kernel = { .initrd = "" };

/* Return whether /etc/default/kexec names a kernel that a reboot loads. */
static bool has_reboot_kernel(const struct machine *machine)
{
	const struct efimap *map = machine->map;

	for (size_t i = 0; i < map->n_kernels; i++)
		if (map->kernels[i].is_for_reboot)
			return true;
	for (size_t i = 0; i < map->n_unread_kernels; i++)
		if (map->unread_kernels[i].is_for_reboot)
			return true;
	return false;
}

/*
 * Return whether a kernel of the capture is chosen for kexec. If each reboot loads the kernel that
 * /etc/default/kexec names, no other kernel is chosen. Otherwise, this kernel (kexec-load-kernel),
 * that of the default boot loader entry (systemctl kexec), and the other installed kernels (kexec)
 * are chosen.
 */
static bool is_chosen_for_kexec(const struct machine *machine, bool is_crash, bool is_for_reboot,
				bool is_default)
{
	const bool is_only = machine->state->loads_at_reboot && has_reboot_kernel(machine);

	return !is_crash && (is_for_reboot || !is_only) &&
	       (is_for_reboot || is_default || !machine->options.only_configured);
}

/*
 * Return whether kexec-load-kernel loads the kernel of the default boot loader entry with other
 * parameters, or only one of both is loaded with an initrd that exists.
 */
static bool has_own_settings(const struct machine *machine, const struct installed_kernel *kernel,
			     const struct installed_kernel *entry)
{
	const char *cmdline = machine->state->reboot_cmdline;

	return kernel->is_for_reboot &&
	       (!cmdline || *cmdline || kernel->is_initrd_missing != entry->is_initrd_missing ||
		(kernel->has_initrd_size && entry->has_initrd_size &&
		 (kernel->initrd_size == 0) != (entry->initrd_size == 0)));
}

/*
 * Return whether another image of the same release is chosen instead of @kernel. Of the image that
 * the default boot loader entry names and the image in /boot, systemctl kexec loads the first. Only
 * if the installed programs cannot load it, because it is a unified kernel image, the image in
 * /boot is chosen (rule_load_default_entry()). The image that /etc/default/kexec names is usually
 * a link to that in /boot.
 */
static bool is_superseded(const struct machine *machine, const struct installed_kernel *kernel)
{
	const struct efimap *map = machine->map;

	for (size_t i = 0; i < map->n_kernels; i++) {
		const struct installed_kernel *other = &map->kernels[i];
		const struct installed_kernel *entry = kernel->is_default ? kernel : other;
		const bool is_loadable = !entry->is_unified || loads_unified(machine->state);

		if (other->is_for_reboot && !kernel->is_for_reboot && !kernel->is_default &&
		    strcmp(other->header.release, kernel->header.release) == 0)
			return true;
		if (kernel->is_default != other->is_default &&
		    is_chosen_for_kexec(machine, other->is_crash, other->is_for_reboot,
					other->is_default) &&
		    kernel->is_default != is_loadable &&
		    !has_own_settings(machine, kernel, other) &&
		    strcmp(other->header.release, kernel->header.release) == 0)
			return true;
	}
	return false;
}

bool is_unread_chosen(const struct machine *machine, enum load_question question,
		      const struct unread_kernel *kernel)
{
	const struct verify_options *options = &machine->options;

	if (options->n_kernels > 0 || options->segments)
		return false;
	if (question == EFIMAP_QUESTION_KDUMP)
		return kernel->is_crash && kernel->is_loaded == machine->uses_record &&
		       machine->kdump.has_load && machine->kdump.state != EFIMAP_KDUMP_NOT_RESERVED;
	return is_chosen_for_kexec(machine, kernel->is_crash, kernel->is_for_reboot,
				   kernel->is_default);
}

/* Return whether a kernel of the capture is chosen for a question. */
static bool is_chosen(const struct machine *machine, enum load_question question,
		      const struct installed_kernel *kernel)
{
	if (question == EFIMAP_QUESTION_KDUMP)
		return kernel->is_crash && kernel->is_loaded == machine->uses_record;
	return is_chosen_for_kexec(machine, kernel->is_crash, kernel->is_for_reboot,
				   kernel->is_default) &&
	       !is_superseded(machine, kernel);
}

/*
 * Choose the kernels that options name, or else the kernels of the capture: for kexec, the kernel
 * in /etc/default/kexec or, without one, the installed kernels. If there are none, choose an
 * assumed kernel or, with only_configured, an unnamed kernel. With only_configured, the kernel of
 * the default boot loader entry is the only installed kernel that is chosen for kexec. Return the
 * number of kernels, which is 0 if kernels exist, but none of their files can be read.
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
		ret_kernels[count++] =
			options->only_configured ? &unnamed_kernel : &machine->assumed;
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
	const struct efimap *map = machine->map;
	unsigned int roles = kernel->is_newest ? EFIMAP_ROLE_NEWEST : 0;

	if (kernel == &machine->assumed)
		return EFIMAP_ROLE_ASSUMED;
	if (machine->options.n_kernels > 0)
		roles |= EFIMAP_ROLE_GIVEN;
	if (*kernel->header.release && strcmp(kernel->header.release, map->release.text) == 0)
		roles |= EFIMAP_ROLE_RUNNING;
	if (kernel->is_for_reboot || kernel->is_default || (kernel->is_crash && !kernel->is_loaded))
		roles |= EFIMAP_ROLE_CONFIGURED;
	for (size_t i = 0; kernel->is_for_reboot && i < map->n_kernels; i++)
		if (map->kernels[i].is_newest &&
		    strcmp(map->kernels[i].header.release, kernel->header.release) == 0)
			roles |= EFIMAP_ROLE_NEWEST;
	for (size_t i = 0; kernel->is_loaded && i < map->n_kernels; i++)
		if (map->kernels[i].is_crash && !map->kernels[i].is_loaded &&
		    strcmp(map->kernels[i].header.name, kernel->header.name) == 0)
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
	const bool has_append =
		kernel->is_for_reboot && state->reboot_cmdline && *state->reboot_cmdline;
	const bool has_cmdline = has_append || capture_has(machine->map, EFIMAP_SRC_CMDLINE);
	const char *cmdline = has_append ? state->reboot_cmdline : machine->map->cmdline;
	const struct kexec_options crash_options =
		parse_kexec_options(find_args(machine, question, kernel));
	struct load_case load = {
		.question = question,
		.loader = loader,
		.kernel = kernel,
		.roles = find_roles(machine, kernel),
		.release = is_assumed ? machine->map->release :
					release_parse(kernel->header.release),
		.crash_options = crash_options,
		.cmdline = !is_crash ? (has_cmdline ? cmdline : NULL) :
			   is_recorded(machine, kernel) ? state->record.cmdline :
							  state->crash.cmdline,
		.is_assumed = is_assumed,
		.is_unnamed = kernel == &unnamed_kernel,
		.plan = {
			.init_size_max = is_assumed ? machine->assumed_init_size_max : 0,
			.is_crash = is_crash,
			.has_initrd_size = true,
			.initrd_size = kernel->has_initrd_size ? kernel->initrd_size : MIN_INITRD,
			.initrd_size_max = kernel->has_initrd_size ? 0 : MAX_INITRD,
			.mem_min = options->mem_min,
			.mem_max = options->mem_max,
			.is_hotplug = crash_options.is_hotplug,
		},
	};

	if (!is_assumed && !load.release.patch)
		load.release.patch = kernel->header.patch;
	/* Options of verify override those of the kdump service. */
	if (loader == EFIMAP_LOADER_KEXEC_TOOLS && !options->mem_min)
		load.plan.mem_min = crash_options.mem_min;
	if (loader == EFIMAP_LOADER_KEXEC_TOOLS && !options->mem_max)
		load.plan.mem_max = crash_options.mem_max;
	if (!load.is_unnamed && (!is_assumed || machine->has_assumed_header))
		load.plan.image = &kernel->header;
	load.image_size = kernel->size;
	load.is_loaded = is_crash && value_is_set(state, EFIMAP_VALUE_CRASH_LOADED) &&
			 !machine_asks_about_next(machine);
	load.is_truncated = find_truncated(machine, load.is_loaded, kernel);
	/* For kdump, the service adds parameters, so the length of the command line is unknown. */
	load.plan.has_cmdline_len = !is_crash && has_cmdline;
	if (load.plan.has_cmdline_len)
		load.plan.cmdline_len = has_append ? (uint32_t)strlen(cmdline)
						   : (uint32_t)reused_len(cmdline, false);
	return load;
}

static void add_load(struct loads *loads, const struct load_case *load)
{
	array_append(&loads->cases, &loads->count, &loads->capacity, load, sizeof(*load));
}

void loads_add_kernel(const struct machine *machine, enum load_question question,
		      const struct installed_kernel *kernel, struct loads *loads)
{
	const struct verify_options *options = &machine->options;
	const struct front_end front_end = find_front_end(machine, question, kernel);

	for (unsigned int i = EFIMAP_LOADER_COUNT; i-- > 0;) {
		struct load_case load;

		if (options->loaders
			    ? !(options->loaders & EFIMAP_LOADER_BIT(i))
			    : front_end.loader != EFIMAP_LOADER_COUNT && front_end.loader != i)
			continue;
		load = make_load(machine, question, i, kernel);
		load.falls_back = !options->loaders && front_end.falls_back;
		load.retry = front_end.retry;
		add_load(loads, &load);
	}
}

static void take_log(const struct segments *log, struct load_case *load)
{
	load->is_from_log = true;
	load->cmdline = log->cmdline ? log->cmdline : load->cmdline;
	load->placement = (struct placement){ .count = log->count };
	for (size_t i = 0; i < log->count; i++) {
		struct load_segment *segment = &load->placement.segments[i];

		*segment = (struct load_segment){
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
		load->roles = 0;
		load->plan.image = NULL;
		load->release = release_parse("");
	}
	load->plan.has_initrd_size = log->is_bare || log->initrd != EFIMAP_NO_SEGMENT;
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
		    (i == EFIMAP_QUESTION_KEXEC || machine->kdump.has_load))
			add_question(machine, (enum load_question)i, loads);
}

void loads_free(struct loads *loads)
{
	free(loads->cases);
}
