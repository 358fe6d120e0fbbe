/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Find the advice for an answer. A remedy is an alternative load: with the present configuration of
 * the kdump service, with the other loader, with an address limit (kexec_load only), or into a
 * crash kernel reservation of another size. Answer for each remedy, and advise the best one. If no
 * remedy is better than the original load, advise another action.
 */
#include <inttypes.h>
#include <string.h>

#include "answer/advice.h"
#include "answer/answer_form.h"
#include "answer/loads.h"
#include "base/escape_text.h"
#include "base/output_buffer.h"
#include "base/text_scan.h"
#include "capture/kernel_parameters.h"
#include "infer/architecture.h"
#include "infer/booted_by.h"
#include "infer/distribution.h"
#include "infer/hardware.h"
#include "infer/linux_changes.h"
#include "infer/runtime_services_off.h"
#include "linux/crashkernel_parameter.h"
#include "linux/signature_policy.h"
#include "rules/load_rules.h"
#include "rules/memory_spans.h"
#include "rules/rule_bindings.h"

/* Maximum number of obstacles. For each obstacle, loads with --mem-max and --mem-min are tried. */
#define MAX_LIMITS 12

/*
 * The parameter of a crash kernel that is loaded by hand. The kdump services add it, too. Without
 * it, Linux before 6.9 resets the machine after a panic on a CPU other than the first one.
 */
#define ONE_CPU "nr_cpus=1"

/* A path from a file that somebody else may have made is never part of the command. */
static const char *make_command(const struct machine *machine, const struct load_case *load)
{
	const struct installed_kernel *kernel = load->kernel;
	const bool has_paths = machine->map->origin == EFIMAP_ORIGIN_LIVE;
	/* An assumed kernel has at most an assumed header, not an image file. */
	const bool is_named = load_has_image(load) && has_paths;
	auto_out struct out out = EFIMAP_OUT_MEM;

	out_puts(&out, load->question == EFIMAP_QUESTION_KDUMP ? "kexec -p" : "kexec -l");
	out_puts(&out, kexec_option(&machine->state->tools, load->loader));
	if (load->plan.mem_min)
		out_printf(&out, " --mem-min=0x%" PRIx64, load->plan.mem_min);
	if (load->plan.mem_max)
		out_printf(&out, " --mem-max=0x%" PRIx64, load->plan.mem_max);
	if (*kernel->initrd && has_paths) {
		out_puts(&out, " --initrd=");
		out_shell_word(&out, kernel->initrd);
	} else if (!kernel->is_unified) {
		out_puts(&out, " --initrd=INITRD");
	}
	out_puts(&out, " --reuse-cmdline ");
	if (load->question == EFIMAP_QUESTION_KDUMP)
		out_puts(&out, "--append=" ONE_CPU " ");
	/* kexec would parse a file name such as "-e" as an option, so make it "./-e". */
	if (is_named && kernel->header.name[0] == '-')
		out_puts(&out, "./");
	out_shell_word(&out, is_named ? kernel->header.name : "KERNEL");
	return arena_strndup(machine->arena, out.data, out.used);
}

/*
 * struct remedies - the search for the best remedy
 * @original: the answer to improve
 * @best:     the best answer so far; @original at first
 * @found:    owns the answer to which @best points, unless @best is @original
 * @reloads:  @best is a load with the unchanged configuration of the kdump service
 */
struct remedies {
	struct machine *machine;
	const struct answer *original;
	const struct answer *best;
	struct answer found;
	bool reloads;
};

/* Return K, or EFIMAP_OUTCOME_UNKNOWN if U determines the word. */
static enum outcome outcome_of(const struct answer *answer)
{
	return effects_are_unknown(answer->range) ? EFIMAP_OUTCOME_UNKNOWN
						  : effects_known(answer->range);
}

static bool is_headline(const struct answer *answer, enum rule_id rule)
{
	const struct finding *finding = answer_headline(answer);

	return finding && finding->rule->id == rule;
}

/*
 * Return whether the load of an answer is possible, and better than the best one so far. An unknown
 * effect that is not worse than a known one is not in the answer, so it does not count.
 */
static bool is_remedy(const struct remedies *remedies, const struct answer *answer)
{
	const struct load_case *load = &answer->load;
	const struct effects best = remedies->best->range;
	const bool is_known_equal = effects_known(answer->range) == effects_known(best) &&
				    effects_are_certain(answer->range) == effects_are_certain(best);

	return !load->is_refused && outcome_of(answer) != EFIMAP_OUTCOME_UNKNOWN &&
	       !(load->plan.reserved.last > 0 && load->placement.unsure & EFIMAP_UNSURE_ROOM) &&
	       effects_is_better(answer->range, best) &&
	       !(is_known_equal && effects_unknown(best) <= effects_known(best));
}

/* Return whether the parameters of the next kernel determine the outcome. */
static bool is_about_parameters(const struct answer *answer)
{
	return is_headline(answer, EFIMAP_RULE_CRASH_PARAMETERS) ||
	       is_headline(answer, EFIMAP_RULE_CRASH_CPUS) ||
	       is_headline(answer, EFIMAP_RULE_NEXT_RUNTIME_DISABLED);
}

static void try_load(struct remedies *remedies, const struct load_case *load)
{
	struct answer answer = answer_load(remedies->machine, load);

	if (!is_remedy(remedies, &answer)) {
		answer_free(&answer);
		return;
	}
	answer_free(&remedies->found);
	remedies->found = answer;
	remedies->best = &remedies->found;
	remedies->reloads = false;
}

/*
 * Return the kernel that a remedy loads. kdump-config loads the configured kernel, even if the
 * record of the last load names another one. If the configuration names no readable kernel, return
 * NULL.
 */
static const struct installed_kernel *find_kernel(const struct machine *machine,
						  const struct load_case *original)
{
	const struct efimap *map = machine->map;

	if (original->question == EFIMAP_QUESTION_KEXEC || !is_recorded(machine, original->kernel))
		return original->kernel;
	for (size_t i = 0; i < map->n_kernels; i++)
		if (map->kernels[i].is_crash && !map->kernels[i].is_loaded)
			return &map->kernels[i];
	return NULL;
}

/* If a kdump service has loaded a crash kernel, try to load the configured kernel again. */
static void try_configuration(struct remedies *remedies)
{
	const struct load_case *original = &remedies->original->load;
	const struct installed_kernel *kernel = find_kernel(remedies->machine, original);
	auto_loads struct loads loads = { 0 };

	if (!kernel || !original->is_loaded ||
	    remedies->machine->state->crash.service == EFIMAP_CRASH_SERVICE_UNKNOWN)
		return;
	loads_add_kernel(remedies->machine, original->question, kernel, &loads);
	loads.cases[0].is_loaded = false;
	loads.cases[0].is_remedy = true;
	try_load(remedies, &loads.cases[0]);
	remedies->reloads = remedies->best != remedies->original;
}

/*
 * Return whether the only way to select the system call @loader is to call kexec(8). Since 0.9.0,
 * the kdump service of SUSE overrides the configured loader. kdumpctl adds -s if Secure Boot is
 * enabled. Earlier versions of SUSE's service, and an unknown Secure Boot mode, are treated in the
 * same way.
 */
static bool needs_kexec(const struct machine *machine, enum load_question question,
			unsigned int loader)
{
	const enum kdump_service_kind service = machine->state->crash.service;

	return question == EFIMAP_QUESTION_KEXEC || service == EFIMAP_CRASH_SERVICE_UNKNOWN ||
	       service == EFIMAP_CRASH_SERVICE_SUSE ||
	       (service == EFIMAP_CRASH_SERVICE_KDUMPCTL && loader == EFIMAP_LOADER_KEXEC_TOOLS &&
		secure_boot_of(machine->map) != EFIMAP_SECURE_BOOT_DISABLED);
}

static void try_remedy(struct remedies *remedies, unsigned int loader, uint64_t mem_min,
		       uint64_t mem_max)
{
	const struct machine *machine = remedies->machine;
	const struct load_case *original = &remedies->original->load;
	const struct installed_kernel *kernel = find_kernel(machine, original);
	struct load_case load;

	/*
	 * kexec(8) cannot load again before a reboot, and does not change the configuration. Its
	 * parameters are not those of the service, so what is known of them does not hold for it.
	 */
	if (!kernel || (original->question == EFIMAP_QUESTION_KDUMP &&
			needs_kexec(machine, original->question, loader) &&
			(machine_needs_reboot(machine) || original->cmdline ||
			 (is_about_parameters(remedies->original) &&
			  machine->state->crash.service != EFIMAP_CRASH_SERVICE_UNKNOWN))))
		return;
	load = make_load(machine, original->question, loader, kernel);
	load.is_remedy = true;
	load.is_loaded = false;
	/* For kdump, the limits in the configuration of the service apply. */
	if (original->question == EFIMAP_QUESTION_KEXEC) {
		load.plan.mem_min = mem_min;
		load.plan.mem_max = mem_max;
	}
	try_load(remedies, &load);
}

/* Add the span of an EFI table or a runtime map entry, if it is in RAM that the load may use. */
static void add_obstacle(const struct load_case *load, struct span span,
			 struct span obstacles[MAX_LIMITS], size_t *count)
{
	for (size_t k = 0; k < load->n_ram && *count < MAX_LIMITS; k++) {
		if (!span_overlaps(load->ram[k], span))
			continue;
		obstacles[(*count)++] = span;
		return;
	}
}

/*
 * Alignment of the reservation in bytes. The kernel searches the memory below 4 GiB first
 * (arch/x86/kernel/setup.c: CRASH_ALIGN (5.10 to 6.1), reserve_crashkernel (5.10 to 6.1);
 * arch/x86/include/asm/crash_reserve.h: CRASH_ALIGN (6.12 to 7.3); kernel/crash_reserve.c:
 * reserve_crashkernel_generic (6.12 to 7.3)).
 */
#define CRASH_ALIGN (16 * MIB)

/*
 * Find an EFI table or runtime map entry in a span. The kernel reserves this memory before it
 * searches for a place for a crash kernel.
 */
static bool find_reserved(const struct efimap *map, struct span span, uint64_t *ret_start)
{
	struct span entry;

	for (size_t i = 0; i < map->n_tables; i++)
		if (span_overlaps(span, span_of_byte(map->tables[i].value))) {
			*ret_start = map->tables[i].value;
			return true;
		}
	for (size_t i = 0; i < map->n_entries; i++)
		if (entry_phys(&map->entries[i], &entry) == 0 && span_overlaps(span, entry)) {
			*ret_start = entry.first;
			return true;
		}
	return false;
}

static bool find_reservation(const struct machine *machine, uint64_t size, struct span *ret_span)
{
	const struct load_memory *memory = &machine->memory[EFIMAP_LOADER_KERNEL];

	for (size_t i = memory->n_ram; i-- > 0;) {
		const struct span ram = memory->ram[i];
		uint64_t end = ram.last + 1;

		if (ram.last > UINT32_MAX)
			continue;
		while ((end &= ~(CRASH_ALIGN - 1)) >= size && end - size >= ram.first) {
			*ret_span = (struct span){ end - size, end - 1 };
			if (!find_reserved(machine->map, *ret_span, &end))
				return true;
		}
	}
	return false;
}

/*
 * Try remedies with an address limit, which only kexec_load supports, to avoid EFI tables and
 * runtime map entries. Do nothing for kdump.
 */
static void try_limits(struct remedies *remedies)
{
	const struct load_case *load = &remedies->original->load;
	const struct efimap *map = remedies->machine->map;
	struct span obstacles[MAX_LIMITS], span;
	size_t count = 0;

	if (load->question == EFIMAP_QUESTION_KDUMP)
		return;
	/*
	 * The tables that the next kernel zeroes come first, because a kernel that is loaded over
	 * such a table usually crashes.
	 */
	for (int zeroed = 1; zeroed >= 0; zeroed--)
		for (size_t i = 0; i < map->n_tables; i++)
			if ((strcmp(map->tables[i].name, "INITRD") == 0 ||
			     strcmp(map->tables[i].name, "RNG") == 0) == zeroed)
				add_obstacle(load, span_of_byte(map->tables[i].value), obstacles,
					     &count);
	for (size_t i = 0; i < map->n_entries; i++)
		if (entry_phys(&map->entries[i], &span) == 0)
			add_obstacle(load, span, obstacles, &count);
	for (size_t i = 0; i < count; i++) {
		const uint64_t first = page_start(obstacles[i].first);

		if (first > 0)
			try_remedy(remedies, EFIMAP_LOADER_KEXEC_TOOLS, 0, first - 1);
	}
	for (size_t i = 0; i < count; i++) {
		const uint64_t last = page_start(obstacles[i].last);

		if (last <= UINT64_MAX - 2 * EFIMAP_PAGE_SIZE)
			try_remedy(remedies, EFIMAP_LOADER_KEXEC_TOOLS, last + EFIMAP_PAGE_SIZE, 0);
	}
}

/* The number of sizes that are tried, each 64 MiB larger than the last one */
#define N_SIZES 8

/* Try a reservation at the highest possible address in System RAM below 4 GiB. */
static void try_size(struct remedies *remedies, uint64_t size)
{
	struct load_case load = remedies->original->load;

	if (find_reservation(remedies->machine, size, &load.plan.reserved))
		try_load(remedies, &load);
}

/*
 * Try the advised size and larger ones, up to crashkernel_max(). If less memory is reserved than
 * crashkernel= requested, a part was released later (/sys/kernel/kexec_crash_size), and a reboot
 * reserves the requested size again.
 */
static void try_sizes(struct remedies *remedies)
{
	const struct load_case *load = &remedies->original->load;
	const struct machine *machine = remedies->machine;
	const uint64_t step = 64 * MIB, most = crashkernel_max(machine->map);
	const uint64_t reserved = load->has_crash ? span_bytes(load->crash) : 0;
	uint64_t size = advised_crashkernel(machine->map, crash_need(machine->map, load));
	uint64_t requested;

	if (find_crashkernel_size(machine->map, &requested) && requested > reserved)
		try_size(remedies, requested);
	if (!size)
		return;
	if (size <= reserved)
		size = (reserved / step + 1) * step;
	for (unsigned int i = 0; i < N_SIZES && size <= most; i++, size += step)
		try_size(remedies, size);
}

static struct advice make_kexec_advice(struct machine *machine, const struct answer *after)
{
	const struct load_case *load = &after->load;
	const char *option = kexec_option(&machine->state->tools, load->loader);
	struct advice advice = { .command = make_command(machine, load) };

	if (load->question == EFIMAP_QUESTION_KDUMP)
		advice.text = arena_printf(machine->arena, "Load it with kexec%s", option);
	else if (load->plan.mem_max || load->plan.mem_min)
		advice.text = "Reboot normally, or load the kernel elsewhere, and start it (the "
			      "address is valid until the next normal reboot)";
	else
		advice.text =
			arena_printf(machine->arena,
				     "Reboot normally, or load the kernel with kexec%s, which "
				     "avoids this here, and start it",
				     option);
	/* systemctl kexec starts the kernel that is loaded. */
	if (load->question == EFIMAP_QUESTION_KEXEC)
		advice.after = "systemctl kexec";
	else if (machine->state->crash.service != EFIMAP_CRASH_SERVICE_UNKNOWN)
		advice.limits = "After a reboot, the kdump service loads the kernel without these "
				"options again";
	if (machine->state->has_tools == EFIMAP_KNOWN_NO)
		advice.limits =
			arena_printf(machine->arena, "Install kexec-tools first%s%s",
				     advice.limits ? ". " : "", advice.limits ? advice.limits : "");
	return advice;
}

/*
 * struct crash_service - the configuration and the commands of a kdump service
 * @config:   the configuration file
 * @variable: the variable in the configuration that contains options of kexec(8)
 * @reload:   the command that loads the crash kernel again
 * @load:     the command that loads the crash kernel
 * @see:      the command that shows the messages of the service
 * @package:  the package of the service
 * @set_up:   how its tool, as the size depends on the machine, then sets crashkernel=
 */
struct crash_service {
	const char *config;
	const char *variable;
	const char *reload;
	const char *load;
	const char *see;
	const char *package;
	const char *set_up;
};

static const struct crash_service crash_services[] = {
	[EFIMAP_CRASH_SERVICE_UNKNOWN] = { .package = "the kdump service of the distribution "
						      "(Debian, Ubuntu: kdump-tools; "
						      "Fedora: kdump-utils; RHEL 9 and earlier: "
						      "kexec-tools; SUSE: kdump)",
					   .set_up = "let it set crashkernel=" },
	[EFIMAP_CRASH_SERVICE_KDUMP_CONFIG] = { "/etc/default/kdump-tools", "KDUMP_KEXEC_ARGS",
						"kdump-config reload", "kdump-config load",
						"journalctl -b -u kdump-tools", "kdump-tools",
						"which sets crashkernel=" },
	[EFIMAP_CRASH_SERVICE_KDUMPCTL] = { "/etc/sysconfig/kdump", "KEXEC_ARGS", "kdumpctl reload",
					    "kdumpctl start", "journalctl -b -u kdump",
					    "kdump-utils (RHEL 9 and earlier: kexec-tools)",
					    "run kdumpctl reset-crashkernel" },
	[EFIMAP_CRASH_SERVICE_SUSE] = { "/etc/sysconfig/kdump", "KEXEC_OPTIONS",
					"systemctl restart kdump", "systemctl restart kdump",
					"journalctl -b -u kdump", "kdump",
					"set crashkernel= to the sizes that kdumptool calibrate "
					"prints" },
};

static struct advice make_crash_advice(struct machine *machine, const struct answer *after)
{
	const struct load_case *load = &after->load;
	const enum kdump_service_kind known = machine->state->crash.service;
	const struct crash_service *service = &crash_services[known];
	/*
	 * The command in @reload unloads the crash kernel first. Under lockdown, the kernel refuses
	 * to unload with kexec_load, so the command fails before it loads a kernel.
	 */
	const char *command =
		machine->kdump.state == EFIMAP_KDUMP_NOT_LOADED ? service->load : service->reload;
	const bool needs_reboot = machine_needs_reboot(machine);
	const char *option = kexec_option(&machine->state->tools, load->loader);
	struct advice advice = { .text = NULL };
	uint64_t requested;

	if (load->plan.reserved.last > 0 && find_crashkernel_size(machine->map, &requested) &&
	    span_bytes(load->plan.reserved) == requested) {
		advice.text = arena_printf(machine->arena,
					   "Reboot to reserve all %" PRIu64 " MiB that "
					   "crashkernel= requests",
					   requested / MIB);
	} else if (load->plan.reserved.last > 0) {
		advice.text = advise_size(machine, span_bytes(load->plan.reserved), "",
					  crash_need(machine->map, load));
		if (machine->kdump.state == EFIMAP_KDUMP_NOT_LOADED) {
			advice.text = arena_printf(machine->arena,
						   "%s. If no crash kernel is loaded then, load it",
						   advice.text);
			advice.command = crash_services[likely_service(machine->map)].load;
		}
	} else if (needs_kexec(machine, load->question, load->loader)) {
		return make_kexec_advice(machine, after);
	} else {
		advice.text =
			arena_printf(machine->arena, "%s%s%s %s in %s, then %s%s",
				     *option ? "Add" : "Remove -s from", option,
				     *option ? " to" : "", service->variable, service->config,
				     needs_reboot ? "reboot" : "run ", needs_reboot ? "" : command);
	}
	return advice;
}

static struct advice make_load_advice(struct machine *machine, const struct remedies *remedies)
{
	const struct answer *after = remedies->best;
	struct advice advice = { .text = NULL };

	if (remedies->reloads && machine_needs_reboot(machine)) {
		advice.text = "Reboot to load the crash kernel with the present configuration";
	} else if (remedies->reloads) {
		advice.text = "Load the crash kernel with the present configuration";
		advice.command = crash_services[machine->state->crash.service].reload;
	} else if (after->load.question == EFIMAP_QUESTION_KDUMP) {
		advice = make_crash_advice(machine, after);
	} else {
		advice = make_kexec_advice(machine, after);
	}
	advice.then = describe_remedy(machine, after);
	return advice;
}

/*
 * Return the advice not to load the crash kernel again, or NULL. The kdump service unloads the
 * crash kernel first, so a refused load would leave no crash kernel. The configured kernel and
 * loader may be others than those of the last load, so judge the configured kernel as a load to
 * come.
 */
static const char *advise_against_reload(struct machine *machine)
{
#define BECAUSE                                                                                    \
	"the crash kernel again, because the load would fail or the kernel would not "             \
	"boot; efimapctl verify --for=kdump --configured shows the reason"
	const char *fails = machine_needs_reboot(machine) ? "Do not reboot only to load " BECAUSE
							  : "Do not load " BECAUSE;
	const struct efimap *map = machine->map;
	auto_loads struct loads loads = { 0 };

	for (size_t i = 0; i < map->n_unread_kernels; i++)
		if (map->unread_kernels[i].is_crash && !map->unread_kernels[i].is_loaded &&
		    map->unread_kernels[i].fault.state == EFIMAP_STATE_ABSENT)
			return fails;
	for (size_t i = 0; i < map->n_kernels; i++)
		if (map->kernels[i].is_crash && !map->kernels[i].is_loaded)
			loads_add_kernel(machine, EFIMAP_QUESTION_KDUMP, &map->kernels[i], &loads);
	for (size_t i = 0; i < loads.count; i++) {
		auto_answer struct answer answer = { .own = NULL };

		loads.cases[i].is_loaded = false;
		loads.cases[i].is_remedy = true;
		answer = answer_load(machine, &loads.cases[i]);
		if (effects_known(answer.range) >= EFIMAP_OUTCOME_CANNOT_LOAD)
			return fails;
	}
	return NULL;
}

/* The command that shows whether a crash kernel is loaded */
#define CHECK_LOADED "cat /sys/kernel/kexec_crash_loaded"

/*
 * Make the advice to load the crash kernel with the kdump service. If a crash kernel is loaded, and
 * loading it again would fail, the advice is not to load it again. systemctl start has no effect on
 * a unit that is active although no crash kernel is loaded, so the advice is to restart the unit.
 */
static struct advice make_start_advice(struct machine *machine)
{
	const enum kdump_service_kind known = machine->state->crash.service;
	const bool is_loaded = machine->kdump.state == EFIMAP_KDUMP_LOADED;
	/* A copy may lack the configuration. All services require kexec-tools. */
	const bool is_installed =
		known != EFIMAP_CRASH_SERVICE_UNKNOWN ||
		(capture_is_offline(machine->map) && machine->state->has_tools != EFIMAP_KNOWN_NO);
	const struct crash_service *service =
		&crash_services[is_installed ? likely_service(machine->map) : known];
	const char *against = is_loaded ? advise_against_reload(machine) : NULL;

	if (!against && machine_needs_reboot(machine))
		against = "Reboot to load the crash kernel again, because kexec_load_disabled or "
			  "kexec_load_limit_panic does not permit unloading it and then loading it "
			  "again";
	if (against)
		return (struct advice){ .text = against };
	if (machine->state->crash.is_off && !is_loaded)
		return (struct advice){ .text = "Set USE_KDUMP=1 in /etc/default/kdump-tools, "
						"and load the crash kernel",
					.command = service->load,
					.after = CHECK_LOADED };
	return (struct advice){
		.before = is_loaded ? NULL : service->see,
		.command = is_loaded ? service->reload : service->load,
		.after = service->load ? CHECK_LOADED : NULL,
		.text = is_loaded	? "Load the crash kernel again, and check (1: loaded)"
			: service->load ? "See why, load it, and check (1: loaded)"
			: is_installed
				? "See why (journalctl -b -u UNIT), restart the kdump service "
				  "(systemctl restart UNIT), and check that "
				  "/sys/kernel/kexec_crash_loaded contains 1. UNIT is kdump-tools "
				  "on Debian and Ubuntu, and kdump on Fedora, RHEL and SUSE"
				: arena_printf(
					  machine->arena,
					  "Install %s, which loads the crash kernel, or load "
					  "it with kexec -p, with " ONE_CPU " in its parameters",
					  crash_services[likely_service(machine->map)].package),
	};
}

/* Return the advice that names all missing options, or NULL if more options would not help. */
static const char *find_missing_options(const struct machine *machine, const struct answer *answer)
{
	static const char *const missing[2][2] = {
		[true] = { [true] = "Name the kernel and its initrd with --kernel and --initrd",
			   [false] = "Name the kernel with --kernel" },
		[false] = { [true] = "Name the initrd with --initrd" },
	};
	const struct load_case *load = &answer->load;
	const bool needs_kernel = load->is_assumed;
	const bool needs_initrd = !load->kernel->has_initrd_size && !load->kernel->is_unified;

	if (load->is_from_log || !(needs_kernel || needs_initrd) ||
	    !(finding_depends_on_segments(answer_headline(answer)) ||
	      is_headline(answer, EFIMAP_RULE_TABLES_UNREAD) ||
	      is_headline(answer, EFIMAP_RULE_LOAD_SIGNATURE)) ||
	    machine->memory[load->loader].reason != EFIMAP_PLACED)
		return NULL;
	return missing[needs_kernel][needs_initrd];
}

struct advice find_data_advice(const struct machine *machine, const struct answer *answer)
{
	const bool is_offline = capture_is_offline(machine->map);
	struct advice advice = { .asks_machine = is_offline };

	/* No file shows which release the kernel has whose load is in a kexec log. */
	if (answer && answer->load.is_from_log && !is_headline(answer, EFIMAP_RULE_MAP_UNREAD))
		return (struct advice){
			.text = !load_has_image(&answer->load)
					? "Name the image of this load with --kernel"
				: answer->load.question == EFIMAP_QUESTION_KEXEC
					? REBOOT_INSTEAD(machine->map, "If you must reboot, ")
					: NULL
		};
	if (answer && answer->load.is_loaded &&
	    effects_outcome(answer->range) == EFIMAP_OUTCOME_CANNOT_LOAD)
		advice.text = "Name the loaded kernel and its initrd with --kernel and --initrd";
	else if (answer && is_headline(answer, EFIMAP_RULE_TABLES_UNREAD) && !machine->other_boot)
		advice.text = is_offline ? "Collect the kernel log of this boot (journalctl -k -b)"
					 : "Boot with log_buf_len=4M, which keeps the beginning of "
					   "the kernel log";
	/* The reason says who can read the map. */
	else if (answer && is_headline(answer, EFIMAP_RULE_MAP_UNREAD) &&
		 machine->report->missed == EFIMAP_VERDICT_DENIED)
		advice.asks_machine = false;
	else if (machine->other_boot)
		advice = (struct advice){ .text = machine->other_boot };
	/* On the machine of a copy, efimapctl finds the files. */
	else if (answer && outcome_of(answer) == EFIMAP_OUTCOME_UNKNOWN && !is_offline)
		advice.text = find_missing_options(machine, answer);
	return advice;
}

#define MKCONFIG "grub2-mkconfig -o /boot/grub2/grub.cfg. Then reboot through the firmware"

/* Return how crashkernel= in @place, a file of the boot loader, reaches the next boot. */
static const char *find_arrival_advice(const struct machine *machine, const char *place)
{
	const enum kdump_service_kind service = likely_service(machine->map);
	const char *options = find_entry_options(machine->map, machine->arena);

	if (options)
		return arena_printf(machine->arena,
				    "Add the same crashkernel= to %s, and reboot normally",
				    options);
	if (strstr(place, "kernel/cmdline"))
		return "Run kernel-install add $(uname -r) /boot/vmlinuz-$(uname -r), which writes "
		       "the boot loader entry or the unified kernel image again. Then reboot "
		       "through the firmware";
	if (service == EFIMAP_CRASH_SERVICE_KDUMP_CONFIG)
		return "Run update-grub. Then reboot through the firmware";
	if (service == EFIMAP_CRASH_SERVICE_KDUMPCTL)
		return "Run grubby --update-kernel=ALL --args=crashkernel=SIZE, with the SIZE in "
		       "this file, and reboot normally";
	return service ? "Run " MKCONFIG : "Run update-grub (Debian, Ubuntu) or " MKCONFIG;
}

#define IF_NEEDED "If you need dumps: "

/* Return whether the machine of a copy must show whether a crash kernel is loaded. */
static bool lacks_kdump_state(const struct machine *machine)
{
	return machine->kdump.state == EFIMAP_KDUMP_UNKNOWN && capture_is_offline(machine->map);
}

/* Return the advice for a state of kdump in which no crash kernel can be loaded, or NULL. */
static const char *find_state_text(const struct machine *machine)
{
	const char *options = find_entry_options(machine->map, machine->arena);

	switch (machine->kdump.state) {
	case EFIMAP_KDUMP_IN_CRASH_KERNEL:
		if (machine->other_boot)
			return machine->other_boot;
		if (machine->died_of && strcmp(machine->died_of, EFIMAP_DIED_OF_MEMORY) == 0)
			return arena_printf(machine->arena,
					    "Set a larger crashkernel= in %s, and reboot normally. "
					    "If there is a dump, it is usually in /var/crash",
					    find_parameter_files(machine->map, machine->arena));
		return find_first_origin(machine->map) == EFIMAP_ORIGIN_LOG
			       ? "On the machine, look for the dump, which is usually in /var/crash"
			       : "Save the dump (on Debian and Ubuntu: kdump-config savecore), "
				 "then reboot normally. The kdump service usually does both. "
				 "Until then, kexec or another panic loses the dump";
	case EFIMAP_KDUMP_NOT_CONFIGURED:
		if (lacks_load_calls(machine->map))
			return IF_NEEDED "use a kernel with CONFIG_KEXEC_FILE";
		if (machine->state->crashkernel_in)
			return find_arrival_advice(machine, machine->state->crashkernel_in);
		if (options)
			return arena_printf(machine->arena,
					    IF_NEEDED "install kdump-tools, add the crashkernel= "
						      "of /etc/default/grub.d/kdump-tools.cfg to "
						      "%s, and reboot normally",
					    options);
		if (machine->state->crash.service == EFIMAP_CRASH_SERVICE_KDUMP_CONFIG)
			return IF_NEEDED "restore /etc/default/grub.d/kdump-tools.cfg, which sets "
					 "crashkernel= (apt install --reinstall -o "
					 "Dpkg::Options::=--force-confmiss kdump-tools), run "
					 "update-grub, and reboot normally";
		return arena_printf(machine->arena, IF_NEEDED "install %s, %s, and reboot normally",
				    crash_services[likely_service(machine->map)].package,
				    crash_services[likely_service(machine->map)].set_up);
	case EFIMAP_KDUMP_UNKNOWN:
		if (is_under_xen(machine->map))
			return "Look for crashkernel= in the parameters of the hypervisor (xl info "
			       "prints them after xen_commandline)";
		return machine->other_boot;
	default:
		return NULL;
	}
}

struct advice find_state_advice(struct machine *machine)
{
	struct advice advice = { .text = find_state_text(machine) };

	if (machine->kdump.state == EFIMAP_KDUMP_NOT_LOADED && !machine->options.only_configured)
		return make_start_advice(machine);
	advice.asks_machine =
		lacks_kdump_state(machine) && !is_under_xen(machine->map) && !machine->other_boot;
	return advice;
}

struct advice find_no_efi_advice(const struct machine *machine)
{
	const struct efimap *map = machine->map;
	const char *off = find_disabling_parameter(map->cmdline, NULL);

	if (machine->lacks_efi)
		return (struct advice){ .text = NULL };
	if (find_booted_by(map) == EFIMAP_BOOTED_BY_KEXEC)
		return (struct advice){
			.text = "See why (efimapctl received). Then, if " EFI_IS_NEEDED
				"reboot normally"
		};
	if (off)
		return (struct advice){ .text = arena_printf(
						machine->arena,
						"If " EFI_IS_NEEDED "remove %s from %s, and reboot "
						"normally",
						off, find_parameter_files(map, machine->arena)) };
	return (struct advice){ .text = "If " EFI_IS_NEEDED "use a kernel with CONFIG_EFI" };
}

bool is_no_image(const struct capture_fault *fault)
{
	return fault->state == EFIMAP_STATE_NOT_A_FILE || fault->state == EFIMAP_STATE_EMPTY ||
	       fault->state == EFIMAP_STATE_SYNTAX;
}

const char *word_unread_advice(const struct efimap *map, const struct unread_kernel *kernel,
			       struct arena *arena)
{
	const char *file = text_mark(arena, kernel->fault.where);

	if (kernel->fault.state == EFIMAP_STATE_DENIED)
		return "Run efimapctl as root";
	if (!*kernel->image)
		return "Use --kernel=IMAGE and --initrd=INITRD";
	if (*kernel->setting && is_no_image(&kernel->fault))
		return arena_printf(arena, "Set %s to a kernel image", kernel->setting);
	if (*kernel->setting)
		return arena_printf(arena, "Correct %s, or restore %s", kernel->setting, file);
	if (strcmp(kernel->release, map->release.text) == 0)
		return "Reinstall the package of this kernel";
	return arena_printf(arena, "Reinstall the package of this kernel, or remove %s", file);
}

/*
 * Return the advice about a fault in the map that the firmware provided. A reboot through the
 * firmware does not correct it, but the map of a kernel that the firmware started may still work.
 */
static const char *advise_update(const struct efimap *map, enum rule_id rule,
				 enum load_question question, enum outcome outcome)
{
#define UPDATE                                                                                     \
	"Only a firmware update corrects this fault, because it is in the firmware's own map. "    \
	"Ask the vendor of the machine"

	if (rule == EFIMAP_RULE_PAGES_ZERO)
		return "Take the data again, because Linux 4.10 and later export no entry with 0 "
		       "pages";
	return question == EFIMAP_QUESTION_KDUMP || outcome < EFIMAP_OUTCOME_NO_RUNTIME ? UPDATE
	       : outcome < EFIMAP_OUTCOME_CANNOT_LOAD
		       ? REBOOT_INSTEAD(map, UPDATE ". Until then, if " EFI_IS_NEEDED)
		       : REBOOT_INSTEAD(map, UPDATE ". Until then, ");
}

/* Find the advice that applies if no remedy helps. */
static const char *find_fallback(const struct machine *machine, const struct answer *answer,
				 const char **ret_command)
{
	const struct efimap *map = machine->map;
	const struct load_case *load = &answer->load;
	const struct finding *finding = answer_headline(answer);
	const enum outcome outcome = outcome_of(answer);
	const bool is_crash = load->question == EFIMAP_QUESTION_KDUMP;
	/*
	 * The machine does not boot with an incomplete initrd after a reboot either. What disables
	 * EFI in the running kernel also does so after a reboot.
	 */
	const struct finding *first[] = { answer_find_reason(answer, EFIMAP_RULE_INITRD_CUT),
					  finding,
					  answer_find_reason(answer, EFIMAP_RULE_RUNTIME_OFF) };
	/*
	 * The firmware determines the types, the attributes and the physical ranges in the runtime
	 * map of a kernel that it started. The kernel determines the virtual addresses.
	 */
	const bool is_fault_of_firmware =
		find_booted_by(map) == EFIMAP_BOOTED_BY_FIRMWARE &&
		(finding->rule->family == FAMILY_PHYS || finding->rule->family == FAMILY_ATTR);
	const bool is_off_after_reboot = machine->runs_without_services;

	if (is_fault_of_firmware && !first[0])
		return advise_update(map, finding->rule->id, load->question, outcome);
	for (size_t i = 0; i < sizeof(first) / sizeof(first[0]); i++)
		if (first[i] && first[i]->advice && !(is_crash && first[i] == first[2])) {
			*ret_command = first[i]->command;
			return first[i]->advice;
		}
	if (is_crash && outcome == EFIMAP_OUTCOME_UNKNOWN)
		return "Only a test shows it: when this machine may be down, cause a panic, and "
		       "look for a dump after the reboot";
	if (outcome == EFIMAP_OUTCOME_NO_EFI && is_off_after_reboot && is_32bit_kernel(map))
		return REBOOT_INSTEAD(map, "If " EFI_IS_NEEDED "install a 64-bit kernel and ");
	if (outcome == EFIMAP_OUTCOME_NO_EFI && is_headline(answer, EFIMAP_RULE_IMAGE_WITHOUT_EFI))
		return "If " EFI_IS_NEEDED "use a 64-bit kernel that is built with CONFIG_EFI and "
		       "CONFIG_RELOCATABLE";
	/* Whether a crash kernel is loaded matters more than what it loses. */
	if (is_crash && lacks_kdump_state(machine))
		return NULL;
	if (is_crash && (outcome == EFIMAP_OUTCOME_NO_EFI || outcome == EFIMAP_OUTCOME_NO_RUNTIME))
		return "Nothing, unless saving the dump needs a module that is signed with a "
		       "machine owner key (MOK), or pstore in EFI variables";
	if (is_crash || (outcome == EFIMAP_OUTCOME_NO_EFI && is_off_after_reboot))
		return "No other loader or kexec option is known to help";
	if (outcome == EFIMAP_OUTCOME_NO_EFI || outcome == EFIMAP_OUTCOME_NO_RUNTIME)
		return REBOOT_INSTEAD(map, "If " EFI_IS_NEEDED);
	return outcome < EFIMAP_OUTCOME_UNKNOWN ? REBOOT_INSTEAD(map, "To be safe, ")
						: REBOOT_INSTEAD(map, "If you must reboot, ");
}

/* Return whether another loader or other options of kexec may make a load work. */
static bool may_be_loaded(const struct answer *answer)
{
	return (answer->load.plan.image || !answer->load.is_from_log) &&
	       !is_headline(answer, EFIMAP_RULE_LOAD_DISABLED) &&
	       !(is_headline(answer, EFIMAP_RULE_LOAD_FAILED_BEFORE) && !answer->load.plan.image) &&
	       !(is_headline(answer, EFIMAP_RULE_LOAD_ROOM) &&
		 answer_headline(answer)->variant == VARIANT_NOT_RESERVED);
}

/*
 * Find the best alternative load (remedy), or the first of equally good ones. Refused remedies, and
 * remedies whose outcome is unknown, are ignored. If no remedy is better than @answer, the advice
 * is another action, such as a reboot through the firmware, or a statement that nothing helps. An
 * answer with the outcome "ok", or one that lacks data, has no remedy.
 */
static struct advice find_remedy(struct machine *machine, const struct answer *answer)
{
	const struct load_case *load = &answer->load;
	struct remedies remedies = { .machine = machine, .original = answer, .best = answer };
	const struct finding *finding = answer_headline(answer);
	const bool can_be_loaded = may_be_loaded(answer);
	const bool is_unknown = outcome_of(answer) == EFIMAP_OUTCOME_UNKNOWN;
	const bool is_about_size = can_be_loaded && load->plan.image &&
				   (is_headline(answer, EFIMAP_RULE_LOAD_ROOM) ||
				    is_headline(answer, EFIMAP_RULE_CRASH_MEMORY) ||
				    is_headline(answer, EFIMAP_RULE_BOOT_MEMORY_RANGE));
	struct advice advice = { .text = NULL };

	/* If data is missing, the advice is to get this data, unless it cannot be collected. */
	if (!finding || (is_unknown && !finding->advice && !finding->is_untested))
		return advice;
	try_configuration(&remedies);
	/* If systemctl kexec loads another image, kexec(8) can load this one. */
	for (unsigned int i = EFIMAP_LOADER_COUNT; can_be_loaded && i-- > 0;)
		if (i != load->loader || is_headline(answer, EFIMAP_RULE_LOAD_DEFAULT_ENTRY))
			try_remedy(&remedies, i, 0, 0);
	if (can_be_loaded && load->plan.image)
		try_limits(&remedies);
	if (is_about_size)
		try_sizes(&remedies);
	if (remedies.best != answer)
		advice = make_load_advice(machine, &remedies);
	else if (load->is_loaded && !is_unknown && is_about_parameters(answer))
		advice.text = advise_against_reload(machine);
	if (!advice.text && is_unknown && finding->advice)
		advice = (struct advice){ .text = finding->advice, .command = finding->command };
	else if (!advice.text && is_about_size && load->question == EFIMAP_QUESTION_KDUMP)
		advice.text = advise_crashkernel(machine, crash_need(machine->map, load));
	else if (!advice.text)
		advice.text = find_fallback(machine, answer, &advice.command);
	answer_free(&remedies.found);
	return advice;
}

/* Return the advice about the first condition of an answer, or no advice. */
static struct advice find_condition_advice(const struct answer *answer)
{
	for (size_t i = 0; i < answer->n_reasons; i++) {
		const struct finding *finding = &answer->reasons[i];

		if (finding->certainty != EFIMAP_CONDITION)
			continue;
		return (struct advice){ .text = finding->advice, .command = finding->command };
	}
	return (struct advice){ .text = NULL };
}

/* Advise to load a kernel. The kdump service does not load one that only an option names. */
static struct advice make_kernel_advice(struct machine *machine, const struct answer *answer)
{
	const enum kdump_service_kind known = machine->state->crash.service;
	const unsigned int roles = answer->load.roles;

	if (!(roles & EFIMAP_ROLE_GIVEN) || roles & EFIMAP_ROLE_CONFIGURED ||
	    known == EFIMAP_CRASH_SERVICE_UNKNOWN)
		return make_start_advice(machine);
	return (struct advice){
		.text = arena_printf(machine->arena,
				     "Set this kernel and its initrd in %s, then run %s",
				     crash_services[known].config, crash_services[known].load),
	};
}

void advise(struct machine *machine, struct answer *answer)
{
	const bool must_be_loaded = answer->load.question == EFIMAP_QUESTION_KDUMP &&
				    machine->kdump.state == EFIMAP_KDUMP_NOT_LOADED &&
				    !machine->options.only_configured;
	const enum outcome outcome = outcome_of(answer);
	const struct finding *headline = answer_headline(answer);
	struct advice advice = find_remedy(machine, answer);
	const struct finding *disabled = answer_find_reason(answer, EFIMAP_RULE_LOAD_DISABLED);
	bool is_minor;

	if (!advice.text && outcome == EFIMAP_OUTCOME_UNKNOWN)
		advice = find_data_advice(machine, answer);
	/* The first question is whether a crash kernel is loaded. */
	if (answer->load.question == EFIMAP_QUESTION_KDUMP && lacks_kdump_state(machine))
		advice.asks_machine = true;
	/* Only some dumps need EFI, and what is not known of a load does not prevent it. */
	is_minor = !advice.command &&
		   (outcome == EFIMAP_OUTCOME_NO_RUNTIME || outcome == EFIMAP_OUTCOME_NO_EFI ||
		    (outcome == EFIMAP_OUTCOME_UNKNOWN && !advice.then &&
		     !(headline && headline->rule->family == FAMILY_IOMEM) &&
		     !(answer->load.roles & EFIMAP_ROLE_GIVEN)));
	if (must_be_loaded && (is_minor || !has_advice(advice) ||
			       is_headline(answer, EFIMAP_RULE_CRASH_KERNEL_UNKNOWN))) {
		const char *first = advice.text;

		advice = make_kernel_advice(machine, answer);
		if (is_headline(answer, EFIMAP_RULE_SIZES_UNREAD) &&
		    headline->variant != VARIANT_CREATED)
			advice.limits = first;
	} else if (!has_advice(advice) && outcome == EFIMAP_OUTCOME_NONE) {
		advice = find_condition_advice(answer);
	}
	/* On the machine, to try it is safe: a load that is refused changes nothing. */
	if (!advice.text && answer->load.question == EFIMAP_QUESTION_KEXEC &&
	    effects_outcome(answer->range) == EFIMAP_OUTCOME_CANNOT_LOAD) {
		if (answer->load.is_assumed && capture_is_offline(machine->map)) {
			advice.asks_machine = true;
		} else {
			advice = make_kexec_advice(machine, answer);
			advice.text =
				"To use kexec, load and start it, as root. If the load is refused, "
				"nothing changes, and you can reboot normally";
		}
	}
	/* efimapctl does not search for unified images. */
	if (!has_advice(advice) && answer->load.is_assumed && !capture_is_offline(machine->map) &&
	    answer->load.question == EFIMAP_QUESTION_KEXEC)
		advice.text = "Name the kernel with --kernel=IMAGE";
	if (disabled && answer->load.question == EFIMAP_QUESTION_KDUMP && advice.text &&
	    !is_headline(answer, EFIMAP_RULE_LOAD_DISABLED))
		advice.limits =
			arena_printf(machine->arena, REMOVE_SYSCTL, name_load_sysctl(machine->map));
	answer->advice = advice;
}
