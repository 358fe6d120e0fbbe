/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules about what the next kernel needs from the machine, and what was not read of it. */
#include <inttypes.h>
#include <string.h>

#include "base/text_scan.h"
#include "capture/kernel_parameters.h"
#include "infer/architecture.h"
#include "infer/linux_changes.h"
#include "infer/load_limits.h"
#include "infer/why_no_map.h"
#include "linux/encode_setup_data.h"
#include "linux/identity_map.h"
#include "rules/load_rules.h"
#include "rules/machine.h"
#include "rules/memory_spans.h"
#include "rules/read_facts.h"

/* Return whether a segment may be above the RAM of the running kernel. */
static bool may_leave_ram(const struct efimap *map, const struct load_case *load)
{
	const uint64_t last = iomem_ram_last(map);

	for (size_t i = 0; i < load->placement.count; i++)
		if (load->placement.segments[i].end > last)
			return true;
	return load->placement.count == 0;
}

/* The word that replaces the RAM of the firmware's map, instead of changing its ranges */
#define EXACT_MAP "exactmap"

/*
 * Return the first character of the form of memmap= that excludes memory in which a segment may be,
 * or '\0'. Commas separate ranges. SIZE!ADDRESS turns memory into persistent memory, and
 * SIZE#ADDRESS and SIZE%ADDRESS change its type. @may_leave is the result of may_leave_ram().
 */
static char find_excluding_form(const struct load_case *load, bool may_leave, struct text value)
{
	for (const char *comma; value.len; text_skip(&value, value.len > 0)) {
		struct text range = value;
		struct span span;
		uint64_t size;
		char form;

		comma = memchr(value.at, ',', value.len);
		range.len = comma ? (size_t)(comma - value.at) : value.len;
		text_skip(&value, range.len);
		if (may_leave && text_is(range, EXACT_MAP))
			return *EXACT_MAP;
		if (!take_size(&range, &size) || !range.len || !text_is_one_of(range.at[0], "$!#%"))
			continue;
		form = range.at[0];
		text_skip(&range, 1);
		if (!take_size(&range, &span.first) || !size ||
		    __builtin_add_overflow(span.first, size - 1, &span.last) ||
		    load->placement.count == 0)
			return form;
		for (size_t i = 0; i < load->placement.count; i++)
			if (segment_may_hit(&load->placement.segments[i], span))
				return form;
	}
	return '\0';
}

/*
 * Check for memmap=SIZE$ADDRESS and similar forms, which exclude memory from the RAM of the running
 * kernel. /sys/firmware/memmap still lists it as RAM, so kexec-tools may load segments into it
 * (kexec/arch/i386/kexec-x86-common.c: get_memory_ranges). kexec_file_load uses the RAM of the
 * running kernel.
 */
bool rule_memmap_excludes(const struct facts_for_rules *c, struct match *match)
{
	const struct load_case *load = c->load;
	const struct efimap *map = c->map;
	const char *rest = map->cmdline;
	struct kernel_parameter arg;
	bool may_leave;

	if (!match_fact(match, parameter(map, "memmap")))
		return false;
	may_leave = may_leave_ram(map, load);
	while (parameter_next(&rest, &arg)) {
		const struct text value = { arg.value, arg.value_len };
		const char form = parameter_is(&arg, "memmap") && arg.value
					  ? find_excluding_form(load, may_leave, value)
					  : '\0';

		if (form)
			return as(match, form == '!' ? VARIANT_PERSISTENT : VARIANT_USUAL);
	}
	return false;
}

bool rule_map_unread(const struct facts_for_rules *c, struct match *match)
{
	const struct machine *machine = c->machine;

	/* A kernel without EFI has no map, and its crash kernel needs none. */
	if (runs_without_efi(c->map))
		return false;
	if (machine->why_unknown)
		return as_because(match, VARIANT_USUAL, machine->why_unknown);
	return is_other_architecture(c->map) && as(match, VARIANT_ARCHITECTURE);
}

/* Return the reason why the log lists no EFI table. */
static const char *why_no_tables(const struct efimap *map)
{
	if (map->log_is_of_other_boot)
		return "the kernel log is from another boot";
	if (!capture_has(map, EFIMAP_SRC_KERNEL_LOG))
		return "only a kernel log (dmesg) shows them";
	if (map->n_log_lines == 0)
		return "the kernel log has no messages about EFI; journalctl -k may show them";
	if (map->log_has_start)
		return "the kernel log does not list them";
	return capture_is_offline(map)
		       ? "the kernel log lacks messages from the beginning of the boot"
		       : "the kernel log lacks messages from the beginning of the boot; boot with "
			 "log_buf_len=4M";
}

/*
 * Check that the addresses of the EFI tables are known. A next kernel that is loaded over the table
 * INITRD may zero a part of itself.
 */
bool rule_tables_unread(const struct facts_for_rules *c, struct match *match)
{
	const struct load_case *load = c->load;
	const struct efimap *map = c->map;
	const bool is_wiped = release_has(&load->release, EFIMAP_CHANGE_WIPES_INITRD, false);

	if (load->question == EFIMAP_QUESTION_KDUMP || !is_wiped ||
	    map->states[EFIMAP_SRC_RUNTIME_MAP] != EFIMAP_STATE_PRESENT)
		return false;
	if (find_table_fault(map))
		return as(match, VARIANT_FAULT);
	report_kernel(c, match);
	return map->n_tables == 0 && as_because(match, VARIANT_USUAL, why_no_tables(map));
}

static bool look_at_identity_map(const struct facts_for_rules *c, struct match *match)
{
	const struct fact lacks = identity_map_lacks_table(c->map);
	const struct fact halts = fact_and(lacks, reads_table_early(c->map, c->load));

	/* The identity map nearly always contains the table. */
	return !fact_is_unknown(lacks) && !fact_is_no(halts) &&
	       as_of_next(
		       c, match,
		       fact_is_unknown(next_config(c->map, c->load, EFIMAP_CONFIG_AMD_MEM_ENCRYPT))
			       ? VARIANT_SEV
			       : VARIANT_USUAL);
}

/*
 * Check for an RSDP outside the identity map. A kernel from Linux 5.0 to 5.9 with
 * CONFIG_MEMORY_HOTREMOVE reads the RSDP before it handles page faults
 * (arch/x86/boot/compressed/acpi.c). Older kernels of distributions may do the same. Since Linux
 * 5.10, the page tables are complete or extended on demand.
 */
static bool look_for_root_pointer(const struct facts_for_rules *c, struct match *match)
{
	const struct load_case *load = c->load;
	const struct release *next = &load->release;

	return (next->major == 4 || (next->major == 5 && next->minor < 10)) &&
	       identity_map_lacks_root_pointer(c->map) &&
	       as_of_next(c, match, VARIANT_ROOT_POINTER);
}

static bool look_for_uv(const struct facts_for_rules *c, struct match *match)
{
	return identity_map_may_halt_uv(c->map) && as(match, VARIANT_UV);
}

/*
 * Return whether the loader passes setup_data. On a CPU without NX, Linux creates no EFI page
 * tables, so kexec_file_load passes no EFI data.
 */
static enum known passes_setup_data(const struct efimap *map, const struct load_case *load)
{
	const bool is_file_load = load->loader == EFIMAP_LOADER_KERNEL;
	const struct kexec_state *state = kexec_of(map);
	const bool may_pass_seed = is_file_load
					   ? kernel_has(map, EFIMAP_CHANGE_SEEDS_NEXT_KERNEL, true)
					   : tools_has(&state->tools, EFIMAP_TOOLS_RNG_SEED, true);
	const bool passes_seed = is_file_load
					 ? kernel_has(map, EFIMAP_CHANGE_SEEDS_NEXT_KERNEL, false)
					 : tools_has(&state->tools, EFIMAP_TOOLS_RNG_SEED, false);

	if (passes_seed && log_contains(map, "random: crng init done"))
		return EFIMAP_KNOWN_YES;
	if (!is_file_load && load->plan.image &&
	    (load->plan.image->xloadflags & EFIMAP_XLF_EFI_KEXEC) &&
	    find_why_not_passed(map, EFIMAP_LOADER_KEXEC_TOOLS) == EFIMAP_IS_PASSED)
		return EFIMAP_KNOWN_YES;
	if (is_file_load && (state->kho == EFIMAP_KNOWN_YES ||
			     state->config.options[EFIMAP_CONFIG_IMA_KEXEC] == EFIMAP_KNOWN_YES))
		return EFIMAP_KNOWN_YES;
	return may_pass_seed || !load->plan.image ? EFIMAP_NOT_KNOWN : EFIMAP_KNOWN_NO;
}

static bool match_no_nx(const struct facts_for_rules *c, struct match *match,
			enum rule_variant_id variant)
{
	const struct fact has_no_nx = lacks_nx(c->map);

	if (is_32bit_kernel(c->map))
		return false;
	set_text(match, VALUE_LOADER, loader_name(c->load->loader));
	set_text(match, VALUE_ADVICE,
		 c->load->question == EFIMAP_QUESTION_KDUMP
			 ? "Turn on NX (XD, Execute Disable, No-Execute) in the firmware setup"
			 : "Turn on NX (XD, Execute Disable, No-Execute) in the firmware setup, or "
			   "reboot through the firmware (a normal reboot) instead of using kexec");
	if (fact_is_yes(has_no_nx) && capture_has_cpu_flags(c->map))
		add_evidence(match, "proc/cpuinfo", "no nx in the flags");
	else if (fact_is_yes(has_no_nx))
		add_evidence(match, "kernel log", "NX (Execute Disable) protection missing in CPU");
	use_variant(match, variant);
	return match_fact(match, has_no_nx);
}

static bool look_at_setup_data(const struct facts_for_rules *c, struct match *match)
{
	const enum known passes = passes_setup_data(c->map, c->load);

	return passes != EFIMAP_KNOWN_NO &&
	       match_no_nx(c, match, passes == EFIMAP_KNOWN_YES ? VARIANT_USUAL : VARIANT_SEED);
}

static bool look_at_lost_services(const struct facts_for_rules *c, struct match *match)
{
	/* A kernel that halts needs no second finding. */
	return c->load->loader == EFIMAP_LOADER_KERNEL && !c->runtime_off &&
	       passes_setup_data(c->map, c->load) != EFIMAP_KNOWN_YES &&
	       match_no_nx(c, match, VARIANT_OFF);
}

bool rule_cpu_without_nx(const struct facts_for_rules *c, struct match *match)
{
	static rule_predicate_fn *const parts[] = { look_at_setup_data, look_at_lost_services };

	return match_each(c, match, parts, 2);
}

/* Check for a load that passes neither EFI data nor the ACPI root pointer. */
static bool look_for_lost_root_pointer(const struct facts_for_rules *c, struct match *match)
{
	const bool is_file_load = c->load->loader == EFIMAP_LOADER_KERNEL;
	uint64_t address;

	if (!may_lose_root_pointer(c, &address))
		return false;
	as_advised(match, is_file_load ? VARIANT_FILE : VARIANT_OLD_TOOLS,
		   arena_printf(c->machine->arena,
				"Add acpi_rsdp=0x%" PRIx64 " to the parameters of the next kernel",
				address));
	return !is_file_load || match_fact(match, fact_not(boot_params_has_rsdp(c->map)));
}

/*
 * Check for kexec-tools 2.0.31, which may pass a wrong ACPI root pointer. With a wrong pointer, the
 * next kernel has no ACPI. If boot_params lacks the address of the root pointer, kexec-tools parses
 * the address in systab as a decimal number, and uses the digits before the first letter
 * (efi_get_acpi_rsdp() in kexec-tools). A distribution may have added the correction (288e352) to
 * version 2.0.31.
 */
bool rule_root_pointer(const struct facts_for_rules *c, struct match *match)
{
	const struct version *tools = &c->machine->state->tools;
	uint64_t digits;

	if (look_for_lost_root_pointer(c, match))
		return true;
	if (c->load->loader != EFIMAP_LOADER_KEXEC_TOOLS || tools->major != 2 || tools->minor ||
	    tools->patch != 31 || !find_root_pointer(c->map, &digits))
		return false;
	while (digits > 0xf)
		digits >>= 4;
	use_variant(match, VARIANT_USUAL);
	return digits <= 9 && match_hinted(match, fact_not(boot_params_has_rsdp(c->map)),
					   fact_of(true), VARIANT_USUAL);
}

bool rule_identity_map(const struct facts_for_rules *c, struct match *match)
{
	static rule_predicate_fn *const parts[] = { look_at_identity_map, look_for_root_pointer,
						    look_for_uv };

	return match_each(c, match, parts, 3);
}

/*
 * Check for a guest in which kexec fails because of memory that the guest shares with its host for
 * I/O. The next kernel has no list of the shared memory, and crashes when it accesses shared memory
 * as private memory. A confidential guest of Hyper-V may also look like a guest with SEV or TDX,
 * but needs a newer kernel.
 */
bool rule_guest_shared_memory(const struct facts_for_rules *c, struct match *match)
{
	const struct efimap *map = c->map;
	const struct {
		enum rule_variant_id as;
		enum change converts;
		struct fact is_guest;
	} guests[] = {
		{ VARIANT_USUAL, EFIMAP_CHANGE_CONVERTS_SNP, snp_guest(map) },
		{ VARIANT_TDX, EFIMAP_CHANGE_CONVERTS_TDX, tdx_guest(map) },
		{ VARIANT_HYPERV, EFIMAP_CHANGE_CONVERTS_HYPERV, isolated_hyperv_guest(map) },
	};

	for (size_t i = 0; i < sizeof(guests) / sizeof(guests[0]); i++) {
		use_variant(match, guests[i].as);
		if (match_fact(match, fact_and(guests[i].is_guest,
					       fact_not(changed(map, guests[i].converts)))))
			return true;
	}
	return false;
}
