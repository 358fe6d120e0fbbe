/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Create a capture from one boot of a kernel log, or add the facts of a log to a capture. If no
 * other file contains memory maps, the runtime map is derived from the memory lists in the log.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/klog.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "capture/boot_params.h"
#include "capture/installed_kernels.h"
#include "capture/kernel_parameters.h"
#include "capture/kernel_release.h"
#include "infer/architecture.h"
#include "infer/booted_by.h"
#include "input/file_readers.h"
#include "input/kept_parameters.h"
#include "input/log/boots.h"
#include "input/log/capture_from_log.h"
#include "input/log/kexec_debug_output.h"
#include "input/parse_values.h"
#include "input/source_limits.h"
#include "linux/virtual_layout.h"

#define TOO_LONG "more than the limit of %u lines in one memory map"

#define MAX_GAPS 16

#define add_missing(map, ...)                                                                      \
	capture_add_lines_fault(map, EFIMAP_SRC_KERNEL_LOG, EFIMAP_STATE_LINES_MISSING, 0,         \
				__VA_ARGS__)

static void add_bad_fault(struct efimap *map, enum source source, const struct log_bad *bad,
			  const char *what)
{
	if (bad->count)
		capture_add_lines_fault(map, source, EFIMAP_STATE_LINES_MALFORMED, bad->line,
					"%" PRIu32 " %s of %s cannot be read; the first is \"%s\"",
					bad->count, bad->count == 1 ? "line" : "lines", what,
					bad->first);
}

/* Add faults for gaps in the entry numbers. Entries that are missing at the end leave no gap. */
static void add_gaps_fault(struct efimap *map, const struct log_list *list, const char *what)
{
	unsigned int gaps = 0;
	uint32_t next = 0;

	for (size_t i = 0; i < list->count; i++) {
		const uint32_t index = list->entries[i].index;

		if (index > next && ++gaps <= MAX_GAPS) {
			if (index == next + 1)
				add_missing(map, "%s lacks the line for mem%02" PRIu32, what, next);
			else
				add_missing(map,
					    "%s lacks the lines for mem%02" PRIu32
					    " to mem%02" PRIu32,
					    what, next, index - 1);
		}
		next = index + 1;
	}
	if (gaps > MAX_GAPS)
		add_missing(map, "further missing lines are not reported");
}

/*
 * Add a fault if a list has no gaps, but lacks runtime code or runtime data. All firmware has both,
 * so the end of the list may be missing.
 */
static void add_cut_end_fault(struct efimap *map, const struct log_list *list, const char *what)
{
	const char *lacks = layout_lacks(list->entries, list->count);

	if (list->count && lacks && list->entries[list->count - 1].index < list->count)
		add_missing(map, "%s has no %s region, so the end of the map may be missing", what,
			    lacks);
}

/*
 * Add a fault if the firmware's map ends below RAM of the e820 table, and no other fault shows that
 * lines of the map are missing. The boot loader or the EFI stub creates the e820 table from the map
 * (drivers/firmware/efi/libstub/x86-stub.c: setup_e820), so a complete map covers this RAM.
 */
static void add_uncovered_ram_fault(struct efimap *map, const struct log_list *list,
				    const struct efimap *facts)
{
	uint64_t last = 0;

	if (!layout_has_ram(list->entries, list->count) ||
	    layout_lacks(list->entries, list->count) ||
	    list->entries[list->count - 1].index >= list->count)
		return;
	for (size_t i = 0; i < list->count; i++) {
		struct span span;

		if (!entry_phys(&list->entries[i], &span) && span.last > last)
			last = span.last;
	}
	for (size_t i = 0; i < facts->n_memmap; i++) {
		const struct memory_range *range = &facts->memmap[i];

		if (range->end <= last || !label_is_ram(range->label))
			continue;
		add_missing(map,
			    "the EFI memory map ends at 0x%" PRIx64
			    ", and the e820 table lists usable memory up to 0x%" PRIx64
			    ", so the end of the map may be missing",
			    last, range->end);
		return;
	}
}

static bool has_e820(const struct boot_messages *boot)
{
	return boot->seen[EFIMAP_LOG_E820] || boot->seen[EFIMAP_LOG_XEN_E820];
}

static void add_faults(const struct boot_messages *boot, struct efimap *map)
{
	const struct log_list *firmware = &boot->lists.firmware;
	const struct log_list *runtime = &boot->lists.runtime;
	const size_t n_faults = map->n_faults;

	add_gaps_fault(map, firmware, "the EFI memory map");
	if (runtime->count) {
		add_cut_end_fault(map, runtime, "the EFI runtime memory map");
	} else {
		add_cut_end_fault(map, firmware, "the EFI memory map");
		add_uncovered_ram_fault(map, firmware, boot->facts);
	}
	add_gaps_fault(map, runtime, "the EFI runtime memory map");
	add_bad_fault(map, EFIMAP_SRC_KERNEL_LOG, &boot->bad_mem, "the EFI memory map");
	/*
	 * If the log is not an excerpt, it does not end in a memory list: an x86 kernel prints
	 * further messages about EFI, DMI, ACPI or memory after each list.
	 */
	if (map->n_faults == n_faults && boot->ends_in_list && boot->has_version &&
	    boot->has_cmdline && has_e820(boot))
		add_missing(map,
			    "the log ends in the EFI %smemory map, so the end of the map may be "
			    "missing",
			    runtime->count ? "runtime " : "");
}

/*
 * Add the runtime regions of the EFI memory map, without virtual addresses, for a kernel of an
 * architecture other than x86. Such a kernel exports no runtime map.
 */
static void add_foreign_map(struct efimap *map)
{
	for (size_t i = 0; i < map->n_firmware; i++) {
		struct map_entry entry = map->firmware[i];

		if (!entry_is_runtime(&entry))
			continue;
		entry.index = (uint32_t)map->n_entries;
		capture_add_name(map, entry.index);
		capture_add_entry(map, &entry);
	}
	if (map->n_entries) {
		map->map_from = EFIMAP_MAP_FROM_FIRMWARE;
		map->states[EFIMAP_SRC_RUNTIME_MAP] = EFIMAP_STATE_PRESENT;
	}
}

/*
 * Return the system call that loaded the kernel, UNKNOWN if only MEMATTR shows that kexec started
 * the kernel, or NONE without any trace of kexec. kexec-tools places the SETUP_EFI node at the
 * start of a page, and kexec_file_load() places the node after other data.
 */
static enum find_loaded_by log_loader_of(const struct boot_messages *boot)
{
	const struct efimap *facts = boot->facts;
	uint64_t memattr;

	if (boot->efi_node)
		return (boot->efi_node % EFIMAP_PAGE_SIZE) ? EFIMAP_LOADED_BY_KEXEC_FILE_LOAD
							   : EFIMAP_LOADED_BY_KEXEC_LOAD;
	/* kexec-tools passes an e820 map without memory below 0x100 or 0x400 (setup_e820()). */
	if (facts->n_memmap && (facts->memmap[0].start == 0x100 || facts->memmap[0].start == 0x400))
		return EFIMAP_LOADED_BY_KEXEC_LOAD;
	/*
	 * A kexec'd kernel sets all bits of the address of MEMATTR, to ignore this table
	 * (arch/x86/platform/efi/quirks.c: efi_reuse_config).
	 */
	return find_named_address(facts->tables, facts->n_tables, "MEMATTR", &memattr) &&
			       memattr == UINT64_MAX
		       ? EFIMAP_LOADED_BY_UNKNOWN
		       : EFIMAP_LOADED_BY_NONE;
}

/*
 * Return whether a log has the lines of the beginning of the boot. The e820 table is not checked. A
 * log without an NX line was filtered, so other lines may also be missing.
 */
static bool has_start_lines(const struct boot_messages *boot)
{
	return boot->seen[EFIMAP_LOG_VERSION] && boot->seen[EFIMAP_LOG_CMDLINE] &&
	       boot->seen[EFIMAP_LOG_NX] && boot->seen[EFIMAP_LOG_DMI] &&
	       !boot->seen[EFIMAP_LOG_LOST];
}

/* Return the RAM in the e820 table, or 0 ranges if lines of the table may be missing. */
static struct booted_ram find_ram(const struct boot_messages *boot)
{
	struct booted_ram ram = { 0 };

	if (!has_start_lines(boot) || boot->bad_e820.count)
		return ram;
	ram.count = (uint32_t)boot->facts->n_memmap;
	for (size_t i = 0; i < ram.count; i++)
		if (range_is_ram(&boot->facts->memmap[i]))
			ram.last = boot->facts->memmap[i].end;
	return ram;
}

/* Add the facts in a log except the maps, the release and the command line. */
static void add_log_facts(struct boot_messages *boot, struct efimap *map)
{
	const uint32_t *seen = boot->seen;

	map->runtime_services_disabled |= seen[EFIMAP_LOG_SERVICES_LOST] > 0;
	map->width_mismatch |= seen[EFIMAP_LOG_WIDTH_MISMATCH] > 0;
	map->encrypted |= seen[EFIMAP_LOG_ENCRYPTED] > 0;
	map->is_foreign_architecture |= boot->is_plain || boot->facts->is_foreign_architecture ||
					seen[EFIMAP_LOG_OTHER_ARCH] ||
					seen[EFIMAP_LOG_OTHER_ARCH_EFI] ||
					seen[EFIMAP_LOG_ARM_START] || seen[EFIMAP_LOG_NO_UEFI];
	map->log_is_of_x86 = has_e820(boot) || seen[EFIMAP_LOG_NX] || seen[EFIMAP_LOG_MTRR];
	/* Xen starts PVH domains without firmware, so among them, only dom0 has EFI. */
	map->log_is_of_xen = seen[EFIMAP_LOG_XEN_E820] || seen[EFIMAP_LOG_XEN_PV] ||
			     (seen[EFIMAP_LOG_XEN_PVH] && boot->shows_efi);
	map->secure_boot = seen[EFIMAP_LOG_SECURE_BOOT_ON]	  ? EFIMAP_SECURE_BOOT_ENABLED
			   : seen[EFIMAP_LOG_SECURE_BOOT_OFF]	  ? EFIMAP_SECURE_BOOT_DISABLED
			   : seen[EFIMAP_LOG_SECURE_BOOT_UNKNOWN] ? EFIMAP_SECURE_BOOT_UNKNOWN
								  : EFIMAP_SECURE_BOOT_NOT_SHOWN;
	map->mtrr_bits = boot->facts->mtrr_bits;
	map->log_ram = find_ram(boot);
	map->rsdp = boot->facts->rsdp;
	map->log_date = boot->facts->log_date;
	map->log_model = capture_copy_text(map, boot->facts->log_model);
	map->log_bios = capture_copy_text(map, boot->facts->log_bios);
	map->rsdp_above_1mib |= seen[EFIMAP_LOG_RSDP] > 0;
	map->has_kexec_messages |= seen[EFIMAP_LOG_TOOL] > 0;
	map->efi_variables |= seen[EFIMAP_LOG_EFIVARS] > 0;
	map->efi_framebuffer |= seen[EFIMAP_LOG_EFI_FRAMEBUFFER] > 0;
	map->log_lacks_efi = has_start_lines(boot) && !boot->shows_efi;
	map->log_loaded_by = log_loader_of(boot);
	map->n_log_lines = boot->n_lines;
	map->log_len = boot->messages.used;
	map->log = steal(boot->messages.data);
	for (size_t i = 0; i < boot->facts->n_tables; i++) {
		const struct named_address *pair = &boot->facts->tables[i];

		/* A kernel that kexec started sets all bits of a table that it ignores. */
		if (pair->value != UINT64_MAX)
			capture_add_table(map, pair->name, strlen(pair->name), pair->value);
	}
	for (size_t i = 0; i < boot->facts->n_faults; i++)
		capture_add_fault(map, &boot->facts->faults[i]);
}

/* Ignore an e820 table with malformed lines: gaps would cause false runtime-uncovered findings. */
static void add_log_memmap(const struct boot_messages *boot, struct efimap *map)
{
	const struct efimap *facts = boot->facts;

	add_bad_fault(map, EFIMAP_SRC_MEMMAP, &boot->bad_e820, "the e820 table, which is ignored,");
	if (boot->bad_e820.count || !facts->n_memmap)
		return;
	for (size_t i = 0; i < facts->n_memmap; i++) {
		const struct memory_range *range = &facts->memmap[i];

		capture_add_memmap(map, range->index, range->start, range->end, range->label,
				   strlen(range->label));
	}
	map->states[EFIMAP_SRC_MEMMAP] = EFIMAP_STATE_PRESENT;
}

/* Use the release from the log if proc/version was not collected or is malformed. */
static void add_log_release(const struct boot_messages *boot, struct efimap *map)
{
	const struct release *release = &boot->facts->release;
	const char *problem = boot->bad_release.text;
	const enum state state = map->states[EFIMAP_SRC_VERSION];

	if ((state != EFIMAP_STATE_ABSENT && state != EFIMAP_STATE_MALFORMED) ||
	    (!*release->text && !*problem))
		return;
	if (!*release->text) {
		capture_add_lines_fault(map, EFIMAP_SRC_VERSION, EFIMAP_STATE_LINES_MALFORMED, 0,
					"the line \"Linux version\" cannot be read: %s", problem);
		return;
	}
	map->states[EFIMAP_SRC_VERSION] = EFIMAP_STATE_PRESENT;
	map->is_preempt_rt = boot->facts->is_preempt_rt;
	map->clang = boot->facts->clang;
	set_release(map, release->text, strlen(release->text));
	map->release.patch = release->patch;
}

/*
 * Add a fault if the release is unknown and the runtime map depends on it. The list of runtime
 * memory is printed only with efi=debug. With this parameter, Linux 5.7 or later reserves boot
 * services regions that earlier kernels free (see derive()).
 */
static void add_release_fault(const struct boot_messages *boot, struct efimap *map)
{
	if (kernel_is_known(map) || map->map_from != EFIMAP_MAP_FROM_RUNTIME)
		return;
	for (size_t i = 0; i < boot->lists.runtime.count; i++)
		if (entry_is_boot_services(&boot->lists.runtime.entries[i]) &&
		    !entry_is_runtime(&boot->lists.runtime.entries[i])) {
			add_missing(map,
				    "without a readable \"Linux version\" line, the release is "
				    "unknown, so the map leaves out boot services regions that "
				    "only Linux 5.7 or later reserves");
			return;
		}
}

static void add_kernel_map(const struct boot_messages *boot, struct efimap *map)
{
	const struct log_list *runtime = &boot->lists.runtime;

	for (size_t i = 0; i < boot->lists.firmware.count; i++)
		capture_add_firmware(map, &boot->lists.firmware.entries[i]);
	if (is_other_architecture(map)) {
		add_foreign_map(map);
		return;
	}
	/*
	 * If a log is in reverse order, as in the output of journalctl -r, most lines have a lower
	 * number than the previous line. If two programs write to a log, neighbouring lines may be
	 * swapped, which affects at most half of the lines.
	 */
	if (2 * boot->lists.n_descents > boot->lists.n_lines) {
		add_missing(map, "the lines of the log are in reverse order, so its memory lists "
				 "are ignored");
		return;
	}
	add_faults(boot, map);
	derive(map, runtime->entries, runtime->count);
	add_release_fault(boot, map);
}

/*
 * Read the range that a message about crashkernel= states: "crashkernel reserved: 0x1000 - 0x2000
 * (1 MB)" (Linux 6.7 or later), or "Reserving 256MB of memory at 1024MB for crashkernel".
 */
static bool parse_crash_memory(struct text message, struct span *ret_span)
{
	static const char *const starts[] = { "crashkernel reserved: ",
					      "crashkernel low memory reserved: " };
	const uint64_t most = EFIMAP_PHYS_LIMIT >> 21;
	uint64_t start, end, size;

	if (text_take(&message, "Reserving ") && text_take_number(&message, most, &size) && size &&
	    text_take(&message, "MB of ")) {
		text_take(&message, "low ");
		if (!text_take(&message, "memory at ") || !text_take_number(&message, most, &start))
			return false;
		*ret_span = (struct span){ start << 20, ((start + size) << 20) - 1 };
		return true;
	}
	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (text_take(&message, starts[i]) && text_take(&message, "0x") &&
		    text_take_hex(&message, 1, &start) && text_take(&message, " - 0x") &&
		    text_take_hex(&message, 1, &end) && start < end && end <= EFIMAP_PHYS_LIMIT) {
			*ret_span = (struct span){ start, end - 1 };
			return true;
		}
	return false;
}

static void add_crash_memory(struct kexec_state *state, struct span span)
{
	struct value *size = &state->values[EFIMAP_VALUE_CRASH_SIZE];

	if (state->n_log_crash == EFIMAP_MAX_LOG_CRASH)
		return;
	state->log_crash[state->n_log_crash++] = span;
	size->is_known = true;
	size->number += (int64_t)span_bytes(span);
}

/*
 * Return the parameters of the last load in @lines, which the kernel prints before the segments, or
 * NULL if the line is missing.
 */
static const char *find_logged_cmdline(struct efimap *map, struct text lines)
{
	struct text found = { NULL, 0 };

	for (size_t next; lines.len; text_skip(&lines, next)) {
		struct text line = { lines.at, text_line(lines.at, lines.len, &next) };

		if (text_contains(line, "kernel_size: 0x"))
			found.at = NULL;
		else if (text_take(&line, EFIMAP_LOG_NEXT_CMDLINE))
			found = line;
	}
	if (!found.at || found.len >= EFIMAP_LOG_NEXT_CMDLINE_MAX)
		return NULL;
	text_trim(&found);
	return arena_strndup(&map->arena, found.at, found.len);
}

/*
 * Add a load by kexec_file_load. @lines are the lines before "kexec_file_load: type:...", which the
 * kernel prints last, if it loaded all segments. If lines of this load are missing or malformed,
 * remove an earlier load of this type, which this load replaced. The parameters are unknown if a
 * terminal cut the lines of the log.
 */
static void add_logged_load(struct efimap *map, struct text lines, bool is_crash, bool is_cut)
{
	struct segments *load = &map->kexec->log_loads[is_crash];
	struct err err = EFIMAP_ERR_INIT;

	if (!text_contains(lines, "kexec_file: nr_segments = ") ||
	    kexec_log_parse(lines.at, lines.len, "kernel log", load, &err) || !load->is_by_kernel ||
	    load->failed[0])
		*load = (struct segments){ .count = 0 };
	else if (!is_cut)
		load->cmdline = find_logged_cmdline(map, lines);
}

/*
 * Add a load for kexec by a kernel before Linux 6.8, which prints nothing after the last segment.
 * @lines are the lines up to this segment. Loads of a crash kernel, whose segments are in the
 * memory that crashkernel= reserved, are not added.
 */
static void add_uncounted_load(struct efimap *map, struct text lines)
{
	struct segments load = { .count = 0 };
	struct err err = EFIMAP_ERR_INIT;

	/* The lines about crashkernel= may be missing. */
	if (!lines.len || (!map->kexec->n_log_crash && (!*map->cmdline || map->is_cmdline_cut ||
							has_parameter(map, "crashkernel"))))
		return;
	if (kexec_log_parse(lines.at, lines.len, "kernel log", &load, &err) || load.failed[0])
		load.count = 0;
	for (size_t i = 0; load.count && i < map->kexec->n_log_crash; i++)
		if (span_contains(map->kexec->log_crash[i], load.spans[0]))
			return;
	map->kexec->log_loads[false] = load;
}

/*
 * Add what a log shows of the state of kexec: the memory that crashkernel= reserved, and loads by
 * kexec_file_load with --debug (since Linux 6.8: "kexec_file: kexec_file_load: type:1, start:...";
 * the type is 1 for a crash kernel). EFIMAP_SRC_KEXEC remains absent, because the log does not show
 * the other state.
 */
static void add_log_kexec_state(const struct boot_messages *boot, struct efimap *map)
{
	const bool is_cut = log_cut_column(boot) > 0;
	struct text log = { map->log, map->log_len }, before = { map->log, 0 };
	const struct value yes = { .is_known = true, .number = 1 };

	for (size_t next; log.len; text_skip(&log, next)) {
		const struct text line = { log.at, text_line(log.at, log.len, &next) };
		const bool is_crash = text_contains(line, "kexec_file_load: type:1,");
		const bool is_load = is_crash || text_contains(line, "kexec_file_load: type:0,");
		struct span span = { 0 };
		const bool is_memory = parse_crash_memory(line, &span);
		const bool is_segment = text_contains(line, "kexec_file: Loading segment ");

		if (is_segment && text_contains(line, " segment 0:")) {
			add_uncounted_load(map, before);
			text_skip(&before, before.len);
		}
		if (is_segment)
			before.len = (size_t)(line.at + line.len - before.at);
		if ((is_load || is_memory || is_segment) && !map->kexec)
			capture_add_kexec_state(map);
		if (is_memory)
			add_crash_memory(map->kexec, span);
		if (!is_load)
			continue;
		before.len = (size_t)(line.at - before.at);
		add_logged_load(map, before, is_crash, is_cut);
		before = (struct text){ line.at, 0 };
		map->kexec->values[is_crash ? EFIMAP_VALUE_CRASH_LOADED : EFIMAP_VALUE_LOADED] =
			yes;
	}
	add_uncounted_load(map, before);
}

/* Add the kernel parameters of a boot if the capture has none. */
static void add_log_parameters(const struct boot_messages *boot, struct efimap *map)
{
	if (map->states[EFIMAP_SRC_CMDLINE] != EFIMAP_STATE_ABSENT || !*boot->facts->cmdline)
		return;
	map->states[EFIMAP_SRC_CMDLINE] = EFIMAP_STATE_PRESENT;
	map->is_cmdline_logged = true;
	map->is_cmdline_cut = boot->is_cmdline_cut ||
			      (boot->cmdline_width && boot->cmdline_width == log_cut_column(boot));
	map->cmdline = capture_copy_text(map, boot->facts->cmdline);
}

/* Add the data of a boot. Add the release only if the capture has no valid release. */
static void add_boot(struct boot_messages *boot, struct efimap *map)
{
	add_log_facts(boot, map);
	add_log_memmap(boot, map);
	add_log_parameters(boot, map);
	add_log_release(boot, map);
	if (!capture_has(map, EFIMAP_SRC_IOMEM) && !map->kexec)
		add_log_kexec_state(boot, map);
	map->log_lists_setup_data = boot->seen[EFIMAP_LOG_SETUP_DATA] > 0;
	map->log_has_start =
		(has_e820(boot) || boot->seen[EFIMAP_LOG_E820_GAP]) && has_start_lines(boot);
	/*
	 * A Chromebook without EFI also has EFI variables (drivers/firmware/google/gsmi.c).
	 * Therefore, EFI variables show EFI only if the beginning of the log, which would contain
	 * "efi:" lines, is missing.
	 */
	if (boot->shows_efi || (boot->seen[EFIMAP_LOG_EFIVARS] && !map->log_has_start))
		map->states[EFIMAP_SRC_EFI] = EFIMAP_STATE_PRESENT;
	add_kernel_map(boot, map);
	/*
	 * "Starting new kernel" in the previous boot may be from a kexec that failed, so the
	 * message counts only if there is no other evidence.
	 */
	if (boot->follows && find_booted_by(map) == EFIMAP_BOOTED_BY_UNKNOWN)
		map->log_loaded_by = EFIMAP_LOADED_BY_UNKNOWN;
}

static int refuse_boot(const struct kernel_log *log, const char *where, struct err *err)
{
	if (log->only)
		return err_set(err, ENOENT, where,
			       "only boot %" PRIu32 " of %" PRIu32 " was recorded", log->only,
			       log->n_before);
	return err_set(err, ENOENT, where, "contains %" PRIu32 " %s, but not boot %d", log->n_boots,
		       log->n_boots == 1 ? "boot" : "boots", log->wanted);
}

/* Maximum number of bytes for the lines of all boots of a log. A snapshot can have 4 MiB. */
#define MAX_ALL_BOOTS ((size_t)2 << 20)

/* Record all boots of a log or, if they are too long, the chosen boot. */
static void record_log(struct recording *recording, const char *path, const struct kernel_log *log)
{
	const struct out *kept = log->recorded;
	struct text text = { kept->data, kept->used };

	if (text.len > MAX_ALL_BOOTS && log->boot && log->n_boots > 1) {
		text = (struct text){ text.at + log->boot->recorded_from,
				      log->boot->recorded_to - log->boot->recorded_from };
		text_skip(&text, text_span(text, "\n"));
		recording->boot = log->number;
		recording->n_boots = log->n_boots;
	}
	record_bytes(recording, path, 0, text.at, (ssize_t)text.len, true);
}

int read_log_source(const char *name, struct input *input, struct efimap **ret_map, struct err *err)
{
	auto_out struct out kept = EFIMAP_OUT_MEM;
	auto_log struct kernel_log log = { .recorded = input->record ? &kept : NULL };
	auto_map struct efimap *map = NULL;
	struct efimap **next = &map;
	/* Another program may append to a log while it is read. */
	const bool may_grow = true;
	int ret;

	if (!log_choose(&log, input->boot, input->replay))
		return refuse_boot(&log, input->name, err);
	ret = log_lines_input(input, log_take, &log, err);
	if (!ret)
		ret = input_check(input, may_grow, err);
	if (!ret)
		ret = log_end(&log);
	if (!ret && !log.has_word)
		return err_set(err, EBADMSG, input->name,
			       "%s; expected a snapshot document, a kernel log, or a "
			       "directory that contains sys/ or proc/",
			       input->len ? "unknown kind of source" : "empty");
	if (!ret && !log.boot)
		return refuse_boot(&log, input->name, err);
	if (!ret && input->record)
		record_log(input->record, EFIMAP_RECORDED_LOG, &log);
	while (!ret && log.boot) {
		struct efimap *one = *next = capture_create(name, EFIMAP_ORIGIN_LOG);

		add_boot(log.boot, one);
		one->states[EFIMAP_SRC_KERNEL_LOG] = EFIMAP_STATE_PRESENT;
		one->n_boots = log.n_boots;
		one->boot = log.number;
		seal(one);
		next = &one->next;
		ret = log_next(&log);
	}
	if (ret == -E2BIG)
		err_set(err, E2BIG, input->name, TOO_LONG, EFIMAP_MAX_ENTRIES);
	if (!ret)
		*ret_map = steal(map);
	return ret;
}

/*
 * Prefer /dev/kmsg to syslog(2). Each read() of /dev/kmsg returns one record, starting with the
 * oldest.
 */

/* Actions of syslog(2). */
#define ACTION_READ_ALL 3
#define ACTION_SIZE_BUFFER 10

/*
 * Buffer size for a record and a NUL byte. A record has up to 2048 bytes (kernel/printk/internal.h:
 * PRINTK_MESSAGE_MAX), or up to 8192 bytes in older kernels.
 */
#define RECORD_SIZE 8193
/* More than a log of 32 MiB has (CONFIG_LOG_BUF_SHIFT). A kernel may print faster than we read. */
#define MAX_RECORDS (1U << 20)

/*
 * Read the next record, such as "6,45,0,-;efi: …\n". The message of a program is empty. Return
 * false if there is no record, or if it is malformed.
 */
static bool next_record(int fd, char record[RECORD_SIZE], struct log_line *ret_line)
{
	uint64_t priority, number, usec;
	struct text rest;
	ssize_t len;

	/* EPIPE: a record was overwritten before it was read. The next record can be read. */
	do
		len = read(fd, record, RECORD_SIZE - 1);
	while (len < 0 && (errno == EPIPE || errno == EINTR));
	if (len <= 0)
		return false;
	record[len] = '\0';
	rest = (struct text){ record, (size_t)len };
	if (!text_take_number(&rest, UINT64_MAX, &priority) || !text_take(&rest, ",") ||
	    !text_take_number(&rest, UINT64_MAX, &number) || !text_take(&rest, ",") ||
	    !text_take_number(&rest, UINT64_MAX, &usec) || !text_take(&rest, ",") ||
	    !text_find(&rest, ";"))
		return false;
	/* Programs may write to the log, too. The facility of the kernel is 0. */
	ret_line->message = (struct text){ rest.at, priority >> 3 ? 0 : strcspn(rest.at, "\n") };
	return true;
}

static void take_records(int fd, struct kernel_log *log)
{
	struct log_line line = { 0 };
	char record[RECORD_SIZE];

	for (size_t i = 0; i < MAX_RECORDS && next_record(fd, record, &line); i++)
		log_take(log, &line);
}

/* Read the log with syslog(2). Return 0 or -errno. */
static int take_syslog(struct kernel_log *log)
{
	const int size = klogctl(ACTION_SIZE_BUFFER, NULL, 0);
	auto_free char *data = size > 0 ? memory_new((size_t)size) : NULL;
	const int len = size > 0 ? klogctl(ACTION_READ_ALL, data, size) : size;

	if (len < 0)
		return -errno;
	log_lines(data, (size_t)len, log_take, log);
	return 0;
}

/*
 * Read the messages in a recording, which contains them without the prefixes of a log. Return 0 or
 * the recorded -errno.
 */
static int take_recorded(struct root *root, struct kernel_log *log)
{
	auto_file struct tree_file file = { 0 };
	struct log_line line = { 0 };
	const int ret = root_read(root, EFIMAP_RECORDED_LOG, EFIMAP_READ_WHOLE, EFIMAP_FILE_BYTES,
				  NULL, &file);
	struct lines lines = { .data = file.data, .len = file.len };

	while (lines_next(&lines, &line.message.at, &line.message.len))
		log_take(log, &line);
	return ret;
}

/*
 * Return whether the parameters in /proc/cmdline end before or inside of a parameter of kdump that
 * follows in the log: they were cut, or the log is from another boot.
 */
static bool ends_before_kdump(const struct boot_messages *boot, const struct efimap *map)
{
	const char *logged = boot->facts->cmdline;
	size_t len = strlen(map->cmdline);

	if (!capture_has(map, EFIMAP_SRC_CMDLINE) || strncmp(logged, map->cmdline, len) != 0)
		return false;
	/* Go back to the start of a word that was cut. */
	while (len && logged[len] && logged[len] != ' ' && logged[len - 1] != ' ')
		len--;
	return cmdline_has(logged + len, "crashkernel") || cmdline_has(logged + len, "elfcorehdr");
}

static int read_running_log(struct root *root, struct efimap *map)
{
	auto_out struct out kept = EFIMAP_OUT_MEM;
	auto_log struct kernel_log log = {
		.is_one = true,
		.skips_lists = true,
		.recorded = root->record && !root->replay ? &kept : NULL,
	};
	int ret, refused = 0;

	/*
	 * Without EFI, the log contains none of the needed lines, so do not read it. If boot_params
	 * shows EFI, a container may hide sys/firmware/efi.
	 */
	if (map->states[EFIMAP_SRC_EFI] == EFIMAP_STATE_ABSENT && !is_started_by_efi(map))
		return 0;
	if (root->replay) {
		refused = take_recorded(root, &log);
	} else {
		auto_fd int fd = root->open_at(root, "dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

		if (fd >= 0)
			take_records(fd, &log);
		else
			refused = take_syslog(&log);
	}
	if (log.recorded && refused)
		record_bytes(root->record, EFIMAP_RECORDED_LOG, 0, NULL, refused, false);
	else if (log.recorded)
		record_log(root->record, EFIMAP_RECORDED_LOG, &log);
	map->states[EFIMAP_SRC_KERNEL_LOG] = errno_state(refused);
	if (refused && map->states[EFIMAP_SRC_KERNEL_LOG] != EFIMAP_STATE_DENIED)
		map->states[EFIMAP_SRC_KERNEL_LOG] = EFIMAP_STATE_ABSENT;
	ret = log_end(&log);
	if (!ret && log.boot) {
		add_log_facts(log.boot, map);
		add_log_parameters(log.boot, map);
		map->is_cmdline_short = ends_before_kdump(log.boot, map);
	}
	return ret;
}

/*
 * Return whether the log is from another boot, because its release or parameters differ from those
 * in the other files of the capture. In the same boot, /proc/cmdline contains all parameters of the
 * log. The log may lack parameters, because printk() truncates its lines, and because built-in
 * parameters and those of a boot configuration are added after the line "Command line:"
 * (arch/x86/kernel/setup.c: setup_arch). A parameter that the log lacks therefore shows another
 * boot only if boot->has_whole_cmdline is set.
 */
static bool is_of_other_boot(const struct boot_messages *boot, const struct efimap *map)
{
	const char *release = boot->facts->release.text;
	const char *cmdline = boot->facts->cmdline;

	if (*release && *map->release.text && strcmp(release, map->release.text) != 0)
		return true;
	if (!boot->has_cmdline || !capture_has(map, EFIMAP_SRC_CMDLINE))
		return false;
	return has_other_parameter(cmdline, map->cmdline) ||
	       (boot->has_whole_cmdline && has_other_parameter(map->cmdline, cmdline));
}

/*
 * struct log_choice - the choice between the logs of a capture
 * @needs_start: do not use a log that lacks the beginning of the boot
 * @is_skipped:  a log that lacks the beginning was not used
 */
struct log_choice {
	bool needs_start;
	bool is_skipped;
};

/* Return the command that unpacks a compressed log, which is FILE, or NULL. */
static const char *find_unpacking(const struct input *log)
{
	static const char *const packed[][2] = {
		{ "\x1f\x8b", "mv FILE FILE.gz && gunzip FILE.gz" },
		{ "\xfd\x37zXZ", "mv FILE FILE.xz && unxz FILE.xz" },
		{ "\x28\xb5\x2f\xfd", "mv FILE FILE.zst && unzstd --rm FILE.zst" },
	};

	for (size_t i = 0; i < sizeof(packed) / sizeof(packed[0]); i++)
		if (text_begins((struct text){ log->data, log->len }, packed[i][0]))
			return packed[i][1];
	return NULL;
}

static int take_log(struct root *root, struct efimap *map, struct input *input, const char *path,
		    struct log_choice *choice, struct err *err)
{
	/* Use memory lists only if sys/firmware/efi and memmap are missing, as in a sos report. */
	const bool is_only_source = map->states[EFIMAP_SRC_EFI] == EFIMAP_STATE_ABSENT &&
				    map->states[EFIMAP_SRC_MEMMAP] == EFIMAP_STATE_ABSENT;
	auto_out struct out kept = EFIMAP_OUT_MEM;
	auto_log struct kernel_log log = {
		.skips_lists = !is_only_source,
		.recorded = root->record ? &kept : NULL,
	};
	char where[EFIMAP_WHERE_SIZE];
	const char *command;
	int ret;

	source_where(map, path, where);
	command = input_fill(input, EFIMAP_INPUT_HEAD, NULL) ? NULL : find_unpacking(input);
	if (command)
		return err_set(err, EBADMSG, where, "compressed; use: %s", command);
	if (!log_choose(&log, root->boot == EFIMAP_BOOT_EACH ? EFIMAP_BOOT_DEFAULT : root->boot,
			root->replay))
		return refuse_boot(&log, where, err);
	ret = log_lines_input(input, log_take, &log, NULL);
	if (ret == -E2BIG && is_only_source)
		return err_too_long(err, where, EFIMAP_LOG_BYTES);
	if (ret && root->record)
		record_bytes(root->record, path, 0, NULL, ret, false);
	if (ret)
		return source_add_errno(map, EFIMAP_SRC_KERNEL_LOG, path, ret);
	ret = log_end(&log);
	if (ret)
		return ret;
	if (root->record)
		record_log(root->record, path, &log);
	if (!log.boot && log.n_boots)
		return refuse_boot(&log, where, err);
	map->is_cmdline_short |= log.boot && ends_before_kdump(log.boot, map);
	map->log_is_of_other_boot = log.boot && is_of_other_boot(log.boot, map);
	if (map->log_is_of_other_boot)
		return 0;
	/*
	 * A log that follows a skipped log is used only if its parameters show that it is from the
	 * same boot.
	 */
	if (choice->needs_start &&
	    (!log.boot || !log.boot->has_version ||
	     (choice->is_skipped &&
	      !(log.boot->has_cmdline && capture_has(map, EFIMAP_SRC_CMDLINE))))) {
		choice->is_skipped = true;
		return 0;
	}
	map->states[EFIMAP_SRC_KERNEL_LOG] = EFIMAP_STATE_PRESENT;
	if (!log.boot)
		return 0;
	if (is_only_source) {
		add_boot(log.boot, map);
		return 0;
	}
	add_log_facts(log.boot, map);
	add_log_parameters(log.boot, map);
	/* If the log contains several boots, the capture may be of a boot other than log.boot. */
	if (log.n_boots > 1) {
		map->log_loaded_by = EFIMAP_LOADED_BY_NONE;
		map->log_lacks_efi = false;
	} else {
		add_log_release(log.boot, map);
	}
	return 0;
}

static int read_first_log(struct root *root, struct efimap *map, const struct capture_file *file,
			  struct log_choice *choice, struct err *err)
{
	char path[EFIMAP_WHERE_SIZE], where[EFIMAP_WHERE_SIZE];
	int ret = 0;

	for (size_t i = 0;
	     !ret && file->places[i] && map->states[EFIMAP_SRC_KERNEL_LOG] == EFIMAP_STATE_ABSENT;
	     i++) {
		auto_input struct input input = EFIMAP_INPUT_INIT;
		const char *const place[] = { file->places[i], NULL };
		struct capture_file one = *file;

		one.places = place;
		ret = file_get(root, &one, path, NULL, &input);
		if (!ret)
			ret = take_log(root, map, &input, path, choice, err);
		/* If a skipped log can be used instead, a log that cannot be read is not needed. */
		else if (choice->is_skipped && !errno_is_fatal(ret))
			ret = 0;
		else
			ret = source_add_errno(map, EFIMAP_SRC_KERNEL_LOG, path, ret);
	}
	if (ret != -E2BIG)
		return ret;
	source_where(map, path, where);
	return err_set(err, E2BIG, where, TOO_LONG, EFIMAP_MAX_ENTRIES);
}

/* Prefer a log with the beginning of the boot, which the ring buffer of dmesg may have lost. */
int read_kernel_log(struct root *root, struct efimap *map, const struct capture_file *file,
		    struct err *err)
{
	struct log_choice choice = { .needs_start = true };
	struct recording *record = root->record;
	int ret;

	if (find_first_origin(map) == EFIMAP_ORIGIN_LIVE)
		return read_running_log(root, map);
	ret = read_first_log(root, map, file, &choice, err);
	if (ret || !choice.is_skipped || map->states[EFIMAP_SRC_KERNEL_LOG] != EFIMAP_STATE_ABSENT)
		return ret;
	choice = (struct log_choice){ 0 };
	/* The first pass has recorded all logs. */
	root->record = NULL;
	ret = read_first_log(root, map, file, &choice, err);
	root->record = record;
	return ret;
}
