/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Describe the machine, its firmware, its kernel and its kexec settings, one fact on each line. */
#include <inttypes.h>
#include <limits.h>
#include <string.h>

#include "answer/loads.h"
#include "rules/machine.h"
#include "base/escape_text.h"
#include "base/text_scan.h"
#include "infer/architecture.h"
#include "infer/booted_by.h"
#include "infer/why_no_map.h"
#include "rules/memory_spans.h"
#include "show/dump.h"
#include "show/form_output.h"
#include "show/machine_facts.h"
#include "show/report_output.h"
#include "show/text_style.h"

/* Column of the values, after "Tables at risk: ". */
#define VALUE_COLUMN 16

/* Return the maker and the model of a machine, or "". */
static const char *name_machine(const struct efimap *map, struct arena *arena)
{
	const char *vendor = map->dmi[EFIMAP_DMI_SYS_VENDOR];
	const char *product = map->dmi[EFIMAP_DMI_PRODUCT_NAME];

	if (!*vendor && !*product)
		return map->log_model;
	return arena_printf(arena, "%s%s%s", vendor, *vendor && *product ? " " : "", product);
}

/* Write the names of the machine and of its firmware, marked as text from the capture. */
static void put_dmi(const struct efimap *map, struct out *out)
{
	const char *bios = map->dmi[EFIMAP_DMI_BIOS_VERSION];
	struct arena arena = { NULL };
	const char *name = name_machine(map, &arena);
	const char *marked_name = text_mark(&arena, name);
	const char *marked_bios = text_mark(&arena, bios);

	if (*name && *bios)
		out_printf(out, " (%s, BIOS %s)", marked_name, marked_bios);
	else if (*name)
		out_printf(out, " (%s)", marked_name);
	else if (*bios)
		out_printf(out, " (BIOS %s)", marked_bios);
	arena_free(&arena);
}

static void put_firmware(const struct machine *machine, struct out *out)
{
	const struct efimap *map = machine->map;
	const bool has_dmi = capture_has(map, EFIMAP_SRC_DMI);

	if (capture_has(map, EFIMAP_SRC_FW_PLATFORM_SIZE))
		out_printf(out, "%u-bit EFI", map->platform_size);
	else if (map->states[EFIMAP_SRC_EFI] == EFIMAP_STATE_PRESENT)
		out_puts(out, "EFI");
	else if (runs_without_efi(map))
		out_puts(out, "booted without EFI");
	else if (has_dmi)
		out_puts(out, "unknown whether EFI");
	else
		return;
	if (has_dmi)
		put_dmi(map, out);
}

/*
 * Write the Secure Boot mode. Use the mode that the EFI stub stored in boot_params or, if that mode
 * is unset or unknown, the mode in the kernel log.
 */
static void put_secure_boot(const struct machine *machine, struct out *out)
{
	const struct efimap *map = machine->map;
	unsigned int mode = map->secure_boot;

	if (capture_has(map, EFIMAP_SRC_BOOT_PARAMS) &&
	    map->boot_params.secure_boot >= EFIMAP_SECURE_BOOT_DISABLED &&
	    map->boot_params.secure_boot <= EFIMAP_SECURE_BOOT_ENABLED)
		mode = map->boot_params.secure_boot;
	if (runs_without_efi(map))
		out_puts(out, "none (booted without EFI)");
	else if (mode >= EFIMAP_SECURE_BOOT_DISABLED)
		out_puts(out, secure_boot_name(mode));
}

static void put_lockdown(const struct machine *machine, struct out *out)
{
	if (machine->state->lockdown != EFIMAP_LOCKDOWN_UNKNOWN)
		out_puts(out, lockdown_name(machine->state->lockdown));
	else if (fact_is_yes(machine->locked_down))
		out_puts(out, "enabled (kernel log)");
}

static void put_booted_by(const struct machine *machine, struct out *out)
{
	const enum find_booted_by by = find_booted_by(machine->map);
	const char *loaded_by = report_loaded_by(find_loaded_by(machine->map));

	if (by == EFIMAP_BOOTED_BY_FIRMWARE)
		out_puts(out, "firmware");
	else if (by == EFIMAP_BOOTED_BY_KEXEC)
		out_printf(out, *loaded_by ? "kexec, %s" : "kexec%s", loaded_by);
}

static void put_kernel(const struct machine *machine, struct out *out)
{
	const struct efimap *map = machine->map;
	const bool has_cpu = capture_has(map, EFIMAP_SRC_CPUINFO);

	if (!*map->release.text && !has_cpu)
		return;
	out_printf(out, "%s%s", *map->release.text ? map->release.text : "unknown release",
		   is_32bit_kernel(map) ? " (32-bit)" : "");
	if (has_cpu && map->phys_bits)
		out_printf(out, ", %u-bit physical addresses", map->phys_bits);
	if (has_cpu && map->la57)
		out_puts(out, ", 5-level paging");
}

static const char *describe_front_end(struct front_end front_end)
{
	if (front_end.loader == EFIMAP_LOADER_COUNT)
		return "unknown";
	return front_end.falls_back ? "kexec_file_load, else kexec_load"
				    : loader_call(front_end.loader);
}

static void put_loader(const struct machine *machine, struct out *out)
{
	const struct version *tools = &machine->state->tools;
	const char *kexec =
		describe_front_end(find_front_end(machine, EFIMAP_QUESTION_KEXEC, NULL));
	const char *kdump =
		describe_front_end(find_front_end(machine, EFIMAP_QUESTION_KDUMP, NULL));
	const bool is_equal = strcmp(kexec, kdump) == 0;

	if (is_equal && strcmp(kexec, "unknown") == 0 && !tools->major)
		return;
	out_printf(out, "%s%s%s", kexec, is_equal ? "" : "; for kdump: ", is_equal ? "" : kdump);
	if (tools->major)
		out_printf(out, " (kexec-tools %u.%u.%u)", tools->major, tools->minor,
			   tools->patch);
}

/* Return whether the running kernel certainly has no runtime map. */
static bool is_without_map(const struct no_map *found)
{
	return (found->kind == EFIMAP_MAP_ABSENT && !found->may_be_uncollected) ||
	       found->kind == EFIMAP_MAP_WITHOUT_EFI;
}

static void put_map(const struct machine *machine, struct out *out)
{
	const struct efimap *map = machine->map;
	const struct no_map found = find_no_map(map);

	if (map->n_names > map->n_entries)
		out_printf(out, "%zu of ", map->n_entries);
	if (map->n_entries || map->n_names) {
		text_plural(out, map->n_names > map->n_entries ? map->n_names : map->n_entries,
			    "entry", "entries");
		if (map->n_names > map->n_entries)
			out_puts(out, " could be read");
		out_puts(out, map->n_entries ? ", " : "");
		dump_put_mapping(map, out);
	} else if (found.kind == EFIMAP_MAP_THERE) {
		out_puts(out, "empty");
	} else if (is_without_map(&found)) {
		out_puts(out, "none");
	}
}

/* The memory of the video and system BIOS below 1 MiB */
#define BIOS_START UINT64_C(0xa0000)
#define BIOS_END UINT64_C(0x100000)

/*
 * Name the tables in System RAM of memmap. If there are none, write "none" only if memmap covers
 * all tables, or if kexec passes no EFI data.
 */
static void put_tables(const struct machine *machine, struct out *out)
{
	const struct efimap *map = machine->map;
	auto_out struct out names = EFIMAP_OUT_MEM;
	const struct no_map found = find_no_map(map);
	size_t n_listed = 0, n_ram = 0;

	if (is_without_map(&found) || is_32bit_kernel(map)) {
		out_puts(out, "none, because kexec passes no EFI data");
		return;
	}
	for (size_t i = 0; i < map->n_tables; i++) {
		const uint64_t address = map->tables[i].value;
		/*
		 * e820 often omits the range from 0xa0000, in which many firmwares have SMBIOS
		 * tables. Linux never uses this range as RAM.
		 */
		bool is_listed =
			(address >= BIOS_START && address < BIOS_END) || address == UINT64_MAX;
		bool is_ram = false;

		for (size_t k = 0; k < map->n_memmap; k++) {
			const struct memory_range *range = &map->memmap[k];

			if (range->bad || !span_has(range->span, address))
				continue;
			is_listed = true;
			is_ram |= label_is_ram(range->label);
		}
		n_listed += is_listed;
		if (is_ram)
			out_printf(&names, "%s%s", n_ram++ ? ", " : "", map->tables[i].name);
	}
	if (n_ram)
		out_printf(out, "%s (%zu of %zu EFI tables; in System RAM according to memmap)",
			   out_text(&names), n_ram, map->n_tables);
	else if (map->n_tables && n_listed == map->n_tables)
		out_printf(out, "none of %zu", map->n_tables);
}

static void put_crash_memory(const struct machine *machine, struct out *out)
{
	static const char *const words[] = {
		[EFIMAP_KDUMP_LOADED] = "crash kernel loaded",
		[EFIMAP_KDUMP_NOT_LOADED] = "no crash kernel loaded",
		[EFIMAP_KDUMP_NOT_RESERVED] = "none reserved, although crashkernel= is given",
		[EFIMAP_KDUMP_NOT_CONFIGURED] = "none (no crashkernel=)",
		[EFIMAP_KDUMP_IN_CRASH_KERNEL] = "not applicable (this is a crash kernel)",
		[EFIMAP_KDUMP_UNKNOWN] = "unknown whether a crash kernel is loaded",
	};
	const struct kexec_state *state = machine->state;
	const struct load_memory *memory = &machine->memory[0];
	const bool has_span = memory->crash_reason == EFIMAP_PLACED && memory->crash.last > 0;
	const bool has_size = has_span || value_is_set(state, EFIMAP_VALUE_CRASH_SIZE);

	if (machine->kdump.state == EFIMAP_KDUMP_UNKNOWN && !has_size)
		return;
	if (has_size) {
		text_span_size(out, has_span ? span_bytes(memory->crash)
					     : value_number(state, EFIMAP_VALUE_CRASH_SIZE));
		if (has_span)
			out_printf(out, " at 0x%" PRIx64, memory->crash.first);
		out_puts(out, ", ");
	}
	out_puts(out, words[machine->kdump.state]);
}

void machine_facts_write(const struct efimap *map, unsigned int width, struct out *out)
{
	static const struct {
		const char *name;
		void (*put)(const struct machine *machine, struct out *out);
	} facts[] = {
		{ "Firmware", put_firmware },
		{ "Secure Boot", put_secure_boot },
		{ "Lockdown", put_lockdown },
		{ "Booted by", put_booted_by },
		{ "Kernel", put_kernel },
		{ "Loader", put_loader },
		{ "Map", put_map },
		{ "Tables at risk", put_tables },
		{ "Crash memory", put_crash_memory },
	};
	auto_out struct out unknown = EFIMAP_OUT_MEM;
	struct machine machine;

	machine_open(map, NULL, &machine);
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		auto_out struct out value = EFIMAP_OUT_MEM;
		const char *text;

		facts[i].put(&machine, &value);
		text = out_text(&value);
		if (*text)
			machine_fact_write(facts[i].name, text, width, out);
		else
			out_printf(&unknown, "%s%s", unknown.used ? ", " : "", facts[i].name);
	}
	machine_close(&machine);
	if (unknown.used)
		machine_fact_write("Unknown", out_text(&unknown), width, out);
}

void machine_fact_write(const char *name, const char *value, unsigned int width, struct out *out)
{
	auto_out struct out escaped = EFIMAP_OUT_MEM;
	const char *text;

	out_printf(out, "%s:", name);
	text_blanks(out, VALUE_COLUMN - strlen(name) - 1);
	out_escaped(&escaped, value);
	text = out_text(&escaped);
	text_flow(out, text, strlen(text), VALUE_COLUMN, VALUE_COLUMN, width ? width : UINT_MAX);
}

/* Append an item to a list, unless it is NULL or "". */
static void put_item(const char *item, struct out *out)
{
	if (item && *item)
		out_printf(out, "%s%s", out->used ? ", " : "", item);
}

/* Append the date of a copy, in words that do not depend on the current date. */
static void put_date(const struct efimap *map, struct out *out)
{
	static const char *const months[] = { "January",   "February", "March",	   "April",
					      "May",	   "June",     "July",	   "August",
					      "September", "October",  "November", "December" };
	const uint32_t date = map->read_on ? map->read_on : map->log_date;

	if (date && map->origin != EFIMAP_ORIGIN_LIVE)
		out_printf(out, "; %s %" PRIu32 " %s %" PRIu32, map->read_on ? "read on" : "log of",
			   date % 100, months[date / 100 % 100 - 1], date / 10000);
}

void machine_line_write(const struct efimap *map, const struct report *report, const char *name,
			const struct text_options *options, struct out *out)
{
	const struct report_machine *machine = &report->machine;
	const bool has_secure_boot = strcmp(machine->secure_boot, "unknown") != 0;
	const bool is_locked =
		strcmp(machine->lockdown, "unknown") != 0 && strcmp(machine->lockdown, "none") != 0;
	auto_out struct out line = EFIMAP_OUT_MEM;
	struct arena arena = { NULL };

	/* Advice may ask to run efimapctl on the machine, so say that this is not the machine. */
	if (name && map->origin != EFIMAP_ORIGIN_LIVE &&
	    find_first_origin(map) != EFIMAP_ORIGIN_LOG)
		put_item(arena_printf(&arena, "%s (a copy)", name), &line);
	else
		put_item(name, &line);
	put_item(machine->kernel, &line);
	if (*name_machine(map, &arena))
		put_item(text_mark(&arena, name_machine(map, &arena)), &line);
	put_item(strcmp(machine->firmware, "efi") == 0	  ? "UEFI"
		 : strcmp(machine->firmware, "none") == 0 ? "no EFI"
							  : NULL,
		 &line);
	if (has_secure_boot)
		put_item(strcmp(machine->secure_boot, "enabled") == 0 ? "Secure Boot on"
								      : "Secure Boot off",
			 &line);
	if (is_locked)
		put_item(arena_printf(&arena, "lockdown %s", machine->lockdown), &line);
	put_date(map, &line);
	form_write_fact("machine", out_text(&line), options, out);
	arena_free(&arena);
}
