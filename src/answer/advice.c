/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Find the advice for an answer. Try alternative loads, called remedies: with the other loader,
 * with an address limit (kexec_load only), or into a crash kernel reservation of another size. Run
 * the rules on each remedy, and advise the best one.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "answer/advice.h"
#include "answer/find_loads.h"
#include "answer/load_outcome.h"
#include "base/escape_text.h"
#include "base/output_buffer.h"
#include "infer/booted_by.h"
#include "infer/runtime_services_off.h"
#include "linux/crashkernel_parameter.h"
#include "rules/check_capture.h"
#include "rules/matched_messages.h"
#include "rules/rule_bindings.h"

/* Maximum number of obstacles for which --mem-max and --mem-min are tried. */
#define MAX_LIMITS 12
#define MIB (UINT64_C(1) << 20)

/* An assumed kernel has no image, even if it has a header. */
static bool has_image(const struct load_kernel *kernel)
{
	return kernel->has_header && !kernel->is_assumed;
}

static bool names_files(const struct load_kernel *kernel)
{
	return has_image(kernel) && kernel->has_paths && (*kernel->initrd || kernel->is_unified);
}

const char *name_loader_option(unsigned int loader)
{
	return loader == EFIMAP_LOADER_KERNEL ? "--kexec-file-syscall" : "--kexec-syscall";
}

/* A path in a file that somebody else made is never part of a command. */
static const char *make_command(const struct loads *loads, const struct efimap_load_case *load,
				struct efimap_arena *arena)
{
	const struct load_kernel *kernel = &loads->kernels[load->kernel];
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;

	efimap_out_puts(&out, load->question == EFIMAP_QUESTION_KDUMP ? "kexec -p " : "kexec -l ");
	efimap_out_puts(&out, name_loader_option(load->loader));
	if (load->load.mem_min)
		efimap_out_printf(&out, " --mem-min=0x%" PRIx64, load->load.mem_min);
	if (load->load.mem_max)
		efimap_out_printf(&out, " --mem-max=0x%" PRIx64, load->load.mem_max);
	if (*kernel->initrd && kernel->has_paths) {
		efimap_out_puts(&out, " --initrd=");
		efimap_out_shell_word(&out, kernel->initrd);
	} else if (!kernel->is_unified) {
		efimap_out_puts(&out, " --initrd=INITRD");
	}
	efimap_out_puts(&out, " --reuse-cmdline ");
	/* kexec would parse a name such as "-e" as an option. */
	if (has_image(kernel) && kernel->has_paths && kernel->header.name[0] == '-')
		efimap_out_puts(&out, "./");
	efimap_out_shell_word(&out, has_image(kernel) && kernel->has_paths ? kernel->header.name :
									     "KERNEL");
	return out.error ? NULL : efimap_arena_strndup(arena, out.data, out.used);
}

/*
 * struct remedies - alternative loads, in order of preference
 * @loads:    a copy of the run's struct loads, in which cases[] contains only the remedies
 * @original: the load to improve
 */
struct remedies {
	struct loads *loads;
	const struct efimap_load_case *original;
};

static void add_remedy(struct remedies *remedies, unsigned int loader, uint64_t mem_min,
		       uint64_t mem_max)
{
	struct loads *loads = remedies->loads;
	struct efimap_load_case *load;

	if (loads->count == EFIMAP_MAX_LOADS)
		return;
	load = &loads->cases[loads->count];
	*load = *remedies->original;
	load->loader = loader;
	load->is_from_log = false;
	load->has_alternative = false;
	load->load.mem_min = mem_min;
	load->load.mem_max = mem_max;
	load_place(loads, load);
	if (load->refusal == EFIMAP_NOT_REFUSED)
		loads->count++;
}

/*
 * struct obstacles - EFI tables and runtime map entries in usable RAM, to be avoided with --mem-max
 * or --mem-min
 */
struct obstacles {
	struct efimap_span spans[MAX_LIMITS];
	size_t count;
};

static void add_obstacle(const struct efimap_load_case *load, struct efimap_span span,
			 struct obstacles *obstacles)
{
	for (size_t k = 0; k < load->n_ram && obstacles->count < MAX_LIMITS; k++) {
		if (!efimap_span_overlaps(load->ram[k], span))
			continue;
		obstacles->spans[obstacles->count++] = span;
		return;
	}
}

static bool is_zeroed_table(const struct efimap_named_address *table)
{
	return strcmp(table->name, "INITRD") == 0 || strcmp(table->name, "RNG") == 0;
}

/*
 * The tables that the next kernel zeroes come first, because a kernel that is loaded over such a
 * table usually crashes.
 */
static void find_obstacles(const struct efimap *map, const struct efimap_load_case *load,
			   struct obstacles *obstacles)
{
	for (int zeroed = 1; zeroed >= 0; zeroed--)
		for (size_t i = 0; i < map->n_tables; i++)
			if (is_zeroed_table(&map->tables[i]) == zeroed)
				add_obstacle(load,
					     (struct efimap_span){ map->tables[i].value,
								   map->tables[i].value },
					     obstacles);
	for (size_t i = 0; i < map->n_entries; i++) {
		struct efimap_span span;

		if (efimap_entry_phys(&map->entries[i], &span) == 0)
			add_obstacle(load, span, obstacles);
	}
}

/*
 * The kernel aligns the reservation, and searches the memory below 4 GiB first
 * (arch/x86/kernel/setup.c: CRASH_ALIGN (5.10 to 6.1), reserve_crashkernel (5.10 to 6.1);
 * arch/x86/include/asm/crash_reserve.h: CRASH_ALIGN (6.12 to 7.3); kernel/crash_reserve.c:
 * reserve_crashkernel_generic (6.12 to 7.3)).
 */
#define CRASH_ALIGN (16 * MIB)

static bool find_reservation(const struct loads *loads, uint64_t size,
			     struct efimap_span *ret_span)
{
	const struct efimap_load_memory *memory = &loads->memory[EFIMAP_LOADER_KERNEL];

	for (size_t i = memory->n_ram; i-- > 0;) {
		const struct efimap_span ram = memory->ram[i];
		const uint64_t end = (ram.last + 1) & ~(CRASH_ALIGN - 1);

		if (ram.last > UINT32_MAX || end < size || end - size < ram.first)
			continue;
		*ret_span = (struct efimap_span){ end - size, end - 1 };
		return true;
	}
	return false;
}

/* For kexec, add remedies with an address limit, which only kexec_load supports. */
static void add_limits(struct remedies *remedies)
{
	const struct efimap_load_case *load = remedies->original;
	struct obstacles obstacles = { .count = 0 };

	if (load->question == EFIMAP_QUESTION_KDUMP)
		return;
	find_obstacles(remedies->loads->map, load, &obstacles);
	for (size_t i = 0; i < obstacles.count; i++) {
		const uint64_t first = efimap_page_start(obstacles.spans[i].first);

		if (first > 0)
			add_remedy(remedies, EFIMAP_LOADER_KEXEC_TOOLS, 0, first - 1);
	}
	for (size_t i = 0; i < obstacles.count; i++) {
		const uint64_t last = efimap_page_start(obstacles.spans[i].last);

		if (last <= UINT64_MAX - 2 * EFIMAP_PAGE_SIZE)
			add_remedy(remedies, EFIMAP_LOADER_KEXEC_TOOLS, last + EFIMAP_PAGE_SIZE,
				   0);
	}
}

/* Exclusive bounds, in bytes, of the size that another crashkernel= may request. */
struct sizes {
	uint64_t above;
	uint64_t below;
};

/*
 * The kernel reserves either the requested size or nothing. If less is reserved, the rest was
 * released later (/sys/kernel/kexec_crash_size), and a reboot reserves the requested size again. If
 * nothing is reserved, only a smaller reservation may succeed.
 */
static struct sizes find_sizes(const struct efimap *map, const struct efimap_load_case *load)
{
	const uint64_t reserved = load->has_crash ? efimap_span_bytes(load->crash) : 0;
	struct sizes sizes = { reserved, UINT64_MAX };
	uint64_t requested;

	if (!efimap_find_crashkernel_size(map, &requested) || requested <= reserved)
		return sizes;
	if (reserved > 0)
		sizes.above = requested - 1;
	else
		sizes.below = requested;
	return sizes;
}

/* Try a reservation of @size bytes, assumed to be as high as possible in System RAM below 4 GiB. */
static void add_size(struct remedies *remedies, uint64_t size)
{
	const struct efimap_load_case *original = remedies->original;
	struct loads *loads = remedies->loads;
	const size_t before = loads->count;
	struct efimap_load_case other = *original;

	if (!find_reservation(loads, size, &other.load.reserved))
		return;
	remedies->original = &other;
	add_remedy(remedies, original->loader, 0, 0);
	remedies->original = original;
	/* Drop a remedy whose load may fail for lack of room in the reservation. */
	if (loads->count > before &&
	    loads->cases[before].placement.unsure & EFIMAP_UNSURE_ROOM)
		loads->count = before;
}

static void add_sizes(struct remedies *remedies)
{
	static const uint64_t candidates[] = { 128, 192, 256,  320,  384,
					       512, 768, 1024, 1536, 2048 };
	const struct sizes sizes = find_sizes(remedies->loads->map, remedies->original);

	for (size_t i = 0; i < sizeof(candidates) / sizeof(candidates[0]); i++)
		if (candidates[i] * MIB > sizes.above && candidates[i] * MIB < sizes.below)
			add_size(remedies, candidates[i] * MIB);
}

static bool is_better(const struct load_outcome *a, const struct load_outcome *b)
{
	return a->outcome < b->outcome ||
	       (a->outcome == b->outcome && a->outcome > EFIMAP_OUTCOME_NONE &&
		a->certainty > b->certainty);
}

static const char *describe_command(bool works, bool has_limit)
{
	if (works && has_limit)
		return "Loaded this way, the kernel will boot with EFI runtime services. The "
		       "address in the command is valid until the next reboot through the "
		       "firmware";
	if (works)
		return "Loaded this way, the kernel will boot with EFI runtime services";
	return has_limit ? "The address in the command is valid until the next reboot through the "
			   "firmware"
			 : NULL;
}

static int make_kexec_advice(const struct loads *loads, const struct efimap_load_case *load,
			     bool works, struct efimap_report *report,
			     const struct efimap_advice **ret_advice)
{
	const uint64_t limit = load->load.mem_max ? load->load.mem_max : load->load.mem_min;
	struct efimap_arena *arena = &report->arena;
	struct efimap_advice *advice = efimap_arena_alloc(arena, sizeof(*advice));

	if (!advice)
		return -ENOMEM;
	*advice = (struct efimap_advice){ .command = make_command(loads, load, arena) };
	if (limit) {
		advice->text = efimap_arena_printf(
			arena,
			"Load the kernel with %s (kexec %s --mem-%s=0x%" PRIx64 "). The address is "
			"valid until the next reboot through the firmware",
			efimap_loader_call(load->loader), name_loader_option(load->loader),
			load->load.mem_max ? "max" : "min", limit);
	} else {
		advice->text = efimap_arena_printf(arena, "Load the kernel with %s (kexec %s)",
						   efimap_loader_call(load->loader),
						   name_loader_option(load->loader));
	}
	if (!names_files(&loads->kernels[load->kernel]))
		advice->command_note = describe_command(works, limit);
	if (!advice->command || !advice->text)
		return -ENOMEM;
	*ret_advice = advice;
	return 0;
}

/* struct crash_service - how a kdump service is configured, and how it loads the crash kernel */
struct crash_service {
	const char *variable;
	const char *file;
	const char *reload;
	const char *load;
};

static const struct crash_service crash_services[] = {
	[EFIMAP_CRASH_SERVICE_KDUMP_CONFIG] = { "KDUMP_KEXEC_ARGS", "/etc/default/kdump-tools",
						"kdump-config reload", "kdump-config load" },
	[EFIMAP_CRASH_SERVICE_KDUMPCTL] = { "KEXEC_ARGS", "/etc/sysconfig/kdump",
					    "kdumpctl reload", "kdumpctl start" },
};

static const char *word_setting(const struct loads *loads, const struct efimap_load_case *load,
				struct efimap_arena *arena)
{
	const struct crash_service *service = &crash_services[loads->state->crash_service];
	uint64_t requested;

	if (load->load.reserved.last > 0 && efimap_find_crashkernel_size(loads->map, &requested) &&
	    efimap_span_bytes(load->load.reserved) == requested)
		return efimap_arena_printf(arena, "Reboot to reserve all %" PRIu64 " MiB that "
						  "crashkernel= requests", requested / MIB);
	if (load->load.reserved.last > 0)
		return efimap_arena_printf(arena, "Set crashkernel=%" PRIu64 "M and reboot",
					   efimap_span_bytes(load->load.reserved) / MIB);
	return efimap_arena_printf(arena, "Add %s to %s in %s, then run %s",
				   name_loader_option(load->loader), service->variable,
				   service->file, service->reload);
}

static int make_setting_advice(const struct loads *loads, const struct efimap_load_case *load,
			       bool works, struct efimap_report *report,
			       const struct efimap_advice **ret_advice)
{
	struct efimap_advice *advice;

	if (loads->state->crash_service == EFIMAP_CRASH_SERVICE_UNKNOWN &&
	    load->load.reserved.last == 0)
		return make_kexec_advice(loads, load, works, report, ret_advice);
	advice = efimap_arena_alloc(&report->arena, sizeof(*advice));
	if (!advice)
		return -ENOMEM;
	*advice = (struct efimap_advice){ .text = word_setting(loads, load, &report->arena) };
	if (!advice->text)
		return -ENOMEM;
	*ret_advice = advice;
	return 0;
}

int make_load_advice(const struct loads *loads, const struct efimap_load_case *load, bool works,
		     struct efimap_report *report, const struct efimap_advice **ret_advice)
{
	return load->question == EFIMAP_QUESTION_KDUMP ?
		       make_setting_advice(loads, load, works, report, ret_advice) :
		       make_kexec_advice(loads, load, works, report, ret_advice);
}

int make_start_advice(const struct loads *loads, struct efimap_report *report,
		      const struct efimap_advice **ret_advice)
{
	const enum efimap_crash_service service = loads->state->crash_service;
	struct efimap_advice *advice;

	if (service == EFIMAP_CRASH_SERVICE_UNKNOWN)
		return 0;
	advice = efimap_arena_alloc(&report->arena, sizeof(*advice));
	if (!advice)
		return -ENOMEM;
	*advice = (struct efimap_advice){ .command = crash_services[service].load,
					  .text = "Load the crash kernel with the kdump service" };
	*ret_advice = advice;
	return 0;
}

static const char *word_unread_advice(const struct efimap *map,
				      const struct efimap_unread_kernel *kernel,
				      struct efimap_arena *arena)
{
	const char *file = map->origin == EFIMAP_ORIGIN_SNAPSHOT ? "this file" : kernel->file;

	if (!*kernel->image)
		return "Use --kernel=IMAGE";
	if (efimap_is_offline(map))
		return efimap_arena_printf(arena, "Collect %s, or use --kernel=IMAGE", file);
	if (kernel->is_denied)
		return "Run efimapctl as root";
	if (*kernel->setting)
		return efimap_arena_printf(arena, "Fix %s, or provide %s", kernel->setting,
					   file);
	if (kernel->is_crash)
		return efimap_arena_printf(arena, "Provide %s", file);
	if (strcmp(kernel->release, map->release.text) == 0)
		return "Reinstall the package of this kernel";
	return efimap_arena_printf(arena, "Reinstall the package of this kernel, or remove %s",
				   file);
}

int make_unread_advice(const struct efimap *map, const struct efimap_unread_kernel *kernel,
		       struct efimap_report *report, const struct efimap_advice **ret_advice)
{
	struct efimap_advice *advice = efimap_arena_alloc(&report->arena, sizeof(*advice));

	if (!advice)
		return -ENOMEM;
	*advice = (struct efimap_advice){
		.text = word_unread_advice(map, kernel, &report->arena),
	};
	if (!advice->text)
		return -ENOMEM;
	*ret_advice = advice;
	return 0;
}

/*
 * The firmware determines the types, the attributes and the physical ranges in the runtime map of a
 * kernel that it started. The kernel determines the virtual addresses.
 */
static bool is_fault_of_firmware(const struct efimap *map, const struct load_outcome *result)
{
	if (!result->finding || efimap_booted_by(map) != EFIMAP_BOOTED_BY_FIRMWARE)
		return false;
	switch (result->finding->rule->family) {
	case FAMILY_PHYS:
	case FAMILY_ATTR:
		return true;
	default:
		return false;
	}
}

static const struct efimap_advice *find_reinstallation(const struct efimap *map,
						       const struct efimap_load_case *load,
						       const struct load_outcome *result)
{
	static const struct efimap_advice install = {
		.text = "Reinstall the package of this kernel",
	};
	static const struct efimap_advice install_and_load = {
		.text = "Reinstall the package of this kernel, and load the crash kernel "
			"again",
	};
	static const struct efimap_advice install_if_truncated = {
		.text = "If the image is truncated, reinstall the package of this kernel",
	};

	if (load->is_truncated == EFIMAP_KNOWN_YES)
		return &install;
	if (load->is_truncated == EFIMAP_KNOWN_NO || result->outcome != EFIMAP_OUTCOME_NO_BOOT ||
	    result->certainty != EFIMAP_MAY)
		return NULL;
	return efimap_is_offline(map) ? &install_if_truncated : &install_and_load;
}

static const struct efimap_advice *find_parameter(const struct efimap *map)
{
	static const struct efimap_advice noefi = {
		.text = "If you need EFI, remove noefi from the kernel parameters and reboot",
	};
	static const struct efimap_advice noruntime = {
		.text = "If you need EFI, remove efi=noruntime from the kernel parameters and "
			"reboot",
	};
	const char *reason = efimap_why_runtime_services_off(map);

	if (reason && strcmp(reason, "noefi") == 0)
		return &noefi;
	return reason && strcmp(reason, "efi=noruntime") == 0 ? &noruntime : NULL;
}

/*
 * Find the advice that applies if no remedy helps. A reboot through the firmware usually does not
 * help if the firmware itself provided the faulty map, or if runtime services are off in the
 * running kernel.
 */
static const struct efimap_advice *find_fallback(const struct efimap *map,
						 const struct efimap_load_case *load,
						 const struct load_outcome *result)
{
	static const struct efimap_advice reboot = {
		.text = "Reboot through the firmware (a normal reboot) instead of using kexec",
	};
	static const struct efimap_advice reboot_for_efi = {
		.text = "If you need EFI, reboot through the firmware (a normal reboot) instead of "
			"using kexec",
	};
	static const struct efimap_advice none = {
		.text = "No other loader or kexec option is known to help",
	};
	static const struct efimap_advice none_smaller = {
		.text = "No smaller crashkernel= is known to be large enough",
	};
	static const struct efimap_advice unreserved = {
		.command = "dmesg | grep -i crashkernel",
		.text = "Look in the kernel log to find out why no memory is reserved",
	};
	static const struct efimap_advice firmware = {
		.text = "The fault is in the firmware's own map, so no kexec option or reboot "
			"corrects it. Ask the firmware vendor for an update",
	};
	const struct efimap_advice *install = find_reinstallation(map, load, result);
	const struct efimap_advice *parameter = find_parameter(map);

	if (install)
		return install;
	if (load->refusal == EFIMAP_REFUSED_NOT_RESERVED)
		return efimap_has_kernel_message(map, EFIMAP_RULE_CRASHKERNEL_FAILED) ?
			       &none_smaller : &unreserved;
	if (is_fault_of_firmware(map, result))
		return &firmware;
	if (result->outcome == EFIMAP_OUTCOME_NO_EFI && parameter)
		return parameter;
	if (load->question == EFIMAP_QUESTION_KDUMP ||
	    (result->outcome == EFIMAP_OUTCOME_NO_EFI &&
	     efimap_why_runtime_services_off(map)))
		return &none;
	return result->outcome == EFIMAP_OUTCOME_NO_EFI ||
			       result->outcome == EFIMAP_OUTCOME_NO_RUNTIME ?
		       &reboot_for_efi :
		       &reboot;
}

/*
 * Return the index of the first remedy with the best outcome, or -1 if none is better than @result.
 */
static int find_best(const struct loads *loads, const struct efimap_report *checked,
		     const struct load_outcome *result)
{
	struct load_outcome best = *result;
	int found = -1;

	for (size_t i = 0; i < loads->count; i++) {
		const struct load_outcome of = find_load_outcome(checked, loads, i);

		if (of.outcome == EFIMAP_OUTCOME_UNKNOWN || !is_better(&of, &best))
			continue;
		best = of;
		found = (int)i;
	}
	return found;
}

static bool is_improvable(const struct load_outcome *result)
{
	return result->outcome > EFIMAP_OUTCOME_NONE && result->outcome != EFIMAP_OUTCOME_UNKNOWN;
}

static void add_remedies(struct remedies *remedies, const struct efimap_verify_options *options)
{
	const struct efimap_load_case *original = remedies->original;

	if (!original->image || original->is_from_log)
		return;
	for (unsigned int i = 0; i < EFIMAP_LOADER_COUNT; i++)
		if (i != original->loader && !options->loaders)
			add_remedy(remedies, i, 0, 0);
	if (options->loaders != EFIMAP_LOADER_BIT(EFIMAP_LOADER_KERNEL))
		add_limits(remedies);
	if (original->refusal == EFIMAP_REFUSED_ROOM ||
	    original->refusal == EFIMAP_REFUSED_NOT_RESERVED)
		add_sizes(remedies);
}

int find_advice(const struct efimap_verify_options *options, const struct loads *loads,
		const struct efimap_load_case *load, const struct load_outcome *result,
		struct efimap_report *report, const struct efimap_advice **ret_advice)
{
	efimap_auto_report struct efimap_report *checked = NULL;
	efimap_auto_free struct loads *others = NULL;
	bool works;
	int best, ret;

	*ret_advice = NULL;
	if (!is_improvable(result))
		return 0;
	others = malloc(sizeof(*others));
	if (!others)
		return -ENOMEM;
	*others = *loads;
	others->count = 0;
	add_remedies(&(struct remedies){ others, load }, options);
	ret = efimap_report_new(&checked);
	if (ret)
		return ret;
	ret = check_capture(loads->map, options, others->cases, others->count, checked);
	if (ret)
		return ret;
	best = find_best(others, checked, result);
	*ret_advice = find_fallback(loads->map, load, result);
	if (best < 0)
		return 0;
	works = find_load_outcome(checked, others, (size_t)best).outcome == EFIMAP_OUTCOME_NONE;
	return make_load_advice(others, &others->cases[best], works, report, ret_advice);
}
