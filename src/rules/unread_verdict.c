/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Report data that exists but could not be read. Rules that lack data report nothing, so a report
 * without findings could be mistaken for a good result.
 */
#include <string.h>

#include "base/output_buffer.h"
#include "infer/booted_by.h"
#include "infer/why_no_map.h"
#include "rules/unread_verdict.h"

/* Maximum number of files that a message names */
#define MAX_NAMED 4

const char *source_path_prefix(const struct efimap *map, enum source source)
{
	return capture_is_offline(map) || source == EFIMAP_SRC_KERNEL_LOG ? "" : "/";
}

/*
 * struct unseen - data of a capture that could not be read
 * @denied:    paths of files to which access was denied
 * @verdict:   the worst verdict that this data causes
 */
struct unseen {
	struct out *denied;
	size_t n_denied;
	bool is_readable_by_root; /* root can read at least one of the denied files */
	enum verdict verdict;
};

static bool is_pointer(enum source source)
{
	return source == EFIMAP_SRC_FW_VENDOR || source == EFIMAP_SRC_RUNTIME ||
	       source == EFIMAP_SRC_CONFIG_TABLE || source == EFIMAP_SRC_SYSTAB;
}

/*
 * In a capture, a file without content may be the result of a failed copy: sos leaves an empty
 * file. On the running system, kexec-tools reads the same file, so a rule reports the fault.
 */
bool is_pointer_uncopied(const struct efimap *map, const struct capture_fault *fault)
{
	return capture_is_offline(map) && is_pointer(fault->source) &&
	       is_fault_without_content(fault);
}

bool is_fault_unseen(const struct efimap *map, const struct capture_fault *fault)
{
	if (fault->state == EFIMAP_STATE_DENIED || fault->state == EFIMAP_STATE_ABSENT)
		return true;
	return is_pointer(fault->source) ? is_pointer_uncopied(map, fault)
					 : !fault_is_of_lines(fault);
}

bool root_can_read(const struct efimap *map, enum source source)
{
	return map->origin == EFIMAP_ORIGIN_LIVE ||
	       (map->origin == EFIMAP_ORIGIN_TREE && map->states[source] != EFIMAP_STATE_MASKED);
}

static void worsen(struct unseen *unseen, enum verdict verdict)
{
	if (verdict > unseen->verdict)
		unseen->verdict = verdict;
}

static void add_denied(struct unseen *unseen, const struct efimap *map, enum source source,
		       const char *path)
{
	unseen->is_readable_by_root |= root_can_read(map, source);
	if (unseen->n_denied++ >= MAX_NAMED)
		return;
	out_printf(unseen->denied, "%s%s%s", unseen->n_denied > 1 ? ", " : "",
		   source_path_prefix(map, source), path);
	if (map->states[source] == EFIMAP_STATE_MASKED)
		out_puts(unseen->denied, " (only zeros)");
}

/*
 * REQUIRED - sources that verify needs. The verdict is "denied" if access to one of them was
 * denied, and "unreadable" if the whole content of one is malformed. Rules report single malformed
 * files of these sources and of firmware pointers, and answers name unread data of other sources.
 */
#define REQUIRED                                                                                   \
	(EFIMAP_NEEDS(EFIMAP_SRC_EFI) | EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |                     \
	 EFIMAP_NEEDS(EFIMAP_SRC_MEMMAP) | EFIMAP_NEEDS(EFIMAP_SRC_IOMEM))

#define RECEIVED                                                                                   \
	(EFIMAP_NEEDS(EFIMAP_SRC_EFI) | EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |                     \
	 EFIMAP_NEEDS(EFIMAP_SRC_BOOT_PARAMS) | EFIMAP_NEEDS(EFIMAP_SRC_SETUP_DATA) |              \
	 EFIMAP_NEEDS(EFIMAP_SRC_KERNEL_LOG))

/*
 * struct scope - the data that a command needs, as sets of EFIMAP_NEEDS()
 * @required:  sources whose unread data makes the verdict "denied" or "unreadable"
 * @denied:    sources whose denied files are noted
 * @malformed: sources whose malformed files are all noted. Of other required sources, only
 *             malformed data that makes the whole source unusable is noted.
 * @partial:   the verdict for malformed data that does not make a required source unusable
 */
struct scope {
	uint32_t required;
	uint32_t denied;
	uint32_t malformed;
	enum verdict partial;
};

static void put_more(size_t count, struct out *out)
{
	if (count > MAX_NAMED)
		out_printf(out, " and %zu more", count - MAX_NAMED);
}

static const char *how_to_read(bool is_readable_by_root)
{
	return is_readable_by_root ? "run as root" : "repeat the capture as root";
}

/*
 * Append a sentence about the unread data of a capture, if any, to the reason in @report. The
 * verdict for this data replaces a better one. @name is the name of the capture, or NULL if there
 * is only one capture.
 */
static void note_unread(const struct efimap *map, const struct scope *scope, const char *name,
			struct report *report)
{
	auto_out struct out denied = EFIMAP_OUT_MEM, malformed = EFIMAP_OUT_MEM;
	auto_out struct out out = EFIMAP_OUT_MEM;
	struct unseen unseen = { .denied = &denied, .verdict = report->missed };
	const bool is_hidden =
		capture_hides_firmware(map) && scope->denied & EFIMAP_NEEDS(EFIMAP_SRC_EFI);
	size_t n_malformed = 0;

	/* Note sources that are denied or masked as a whole. */
	for (unsigned int source = 0; source < EFIMAP_SRC_COUNT; source++) {
		const enum state state = map->states[source];
		const bool is_required = scope->required & EFIMAP_NEEDS(source);

		if (!(scope->denied & EFIMAP_NEEDS(source)) ||
		    (state != EFIMAP_STATE_DENIED && state != EFIMAP_STATE_MASKED))
			continue;
		worsen(&unseen, is_required ? EFIMAP_VERDICT_DENIED : EFIMAP_VERDICT_INCOMPLETE);
		if (source != EFIMAP_SRC_EFI || state == EFIMAP_STATE_DENIED)
			add_denied(&unseen, map, source, path_of_source(source));
	}
	/* Note single files that are denied or malformed. */
	for (size_t i = 0; i < map->n_faults; i++) {
		const struct capture_fault *fault = &map->faults[i];
		const uint32_t source = EFIMAP_NEEDS(fault->source);
		const bool is_required = scope->required & source;
		const bool is_whole = strcmp(fault->where, path_of_source(fault->source)) == 0;

		if (fault_is_of_lines(fault))
			continue;
		if (fault->state == EFIMAP_STATE_DENIED && scope->denied & source) {
			worsen(&unseen,
			       is_required ? EFIMAP_VERDICT_DENIED : EFIMAP_VERDICT_INCOMPLETE);
			add_denied(&unseen, map, fault->source, fault->where);
		} else if (fault->state != EFIMAP_STATE_DENIED &&
			   ((is_required && is_whole) || scope->malformed & source)) {
			worsen(&unseen, is_required && is_whole ? EFIMAP_VERDICT_UNREADABLE
								: scope->partial);
			if (n_malformed++ >= MAX_NAMED)
				continue;
			out_printf(&malformed, "%s%s%s", n_malformed > 1 ? "; " : "",
				   source_path_prefix(map, fault->source), fault->where);
			if (fault->line)
				out_printf(&malformed, ":%u", fault->line);
			out_printf(&malformed, ": %s", fault->text);
		}
	}
	if (!unseen.n_denied && !n_malformed && !is_hidden)
		return;
	out_printf(&out, "%s%s%s%s", report->reason, report->missed ? "; " : "", name ? name : "",
		   name ? ": " : "");
	if (n_malformed) {
		out_write(&out, malformed.data, malformed.used);
		put_more(n_malformed, &out);
		out_puts(&out, unseen.n_denied || is_hidden ? "; " : "");
	}
	if (is_hidden)
		out_printf(&out, "%s%s", EFIMAP_FIRMWARE_HIDDEN, unseen.n_denied ? "; " : "");
	if (unseen.n_denied) {
		out_write(&out, denied.data, denied.used);
		put_more(unseen.n_denied, &out);
		out_printf(&out, ": readable only by root; %s",
			   how_to_read(unseen.is_readable_by_root));
	}
	report_note_unread(report, unseen.verdict, "%.*s", (int)out.used, out.data);
}

void report_map_denied(const struct efimap *map, struct report *report)
{
	const bool is_readable_by_root = root_can_read(map, EFIMAP_SRC_RUNTIME_MAP) &&
					 !capture_has_fault(map, EFIMAP_SRC_RUNTIME_MAP,
							    EFIMAP_STATE_BIT(EFIMAP_STATE_ABSENT));

	if (capture_hides_firmware(map))
		report_note_unread(report, EFIMAP_VERDICT_DENIED, "%s", EFIMAP_FIRMWARE_HIDDEN);
	else
		report_note_unread(report, EFIMAP_VERDICT_DENIED, "%s%s: readable only by root; %s",
				   source_path_prefix(map, EFIMAP_SRC_RUNTIME_MAP),
				   path_of_source(EFIMAP_SRC_RUNTIME_MAP),
				   how_to_read(is_readable_by_root));
}

/* Set report->unseen to the data that the map lacks, or to "" if the map is complete. */
void report_unread_map(const struct efimap *map, struct report *report)
{
	const struct capture_fault *fault = find_incomplete_log_fault(map);
	const struct map_entry *lines = map->n_firmware ? map->firmware : map->entries;
	const size_t n_lines = map->n_firmware ? map->n_firmware : map->n_entries;
	struct arena *arena = &report->arena;
	const char *why = "";
	size_t total = 0;

	if (fault) {
		for (size_t i = 0; i < n_lines; i++)
			if (lines[i].index >= total)
				total = (size_t)lines[i].index + 1;
		why = fault->text;
		if (total > n_lines)
			why = arena_printf(arena, "the log lacks %zu of %zu lines of the map",
					   total - n_lines, total);
	} else {
		/* The kernel numbers entries without gaps, so an entry in a gap was lost later. */
		if (map->n_names)
			total = (size_t)map->names[map->n_names - 1] + 1;
		for (size_t i = map->n_faults; i-- > 0;)
			if (map->faults[i].source == EFIMAP_SRC_RUNTIME_MAP)
				fault = &map->faults[i];
		if (fault)
			why = arena_printf(arena, "%s%s: %s",
					   source_path_prefix(map, fault->source), fault->where,
					   fault->state == EFIMAP_STATE_DENIED
						   ? "readable only by root"
						   : fault->text);
		else if (map->map_from == EFIMAP_MAP_FROM_FILES && total > map->n_names)
			why = arena_printf(arena, "the runtime map lacks %zu of %zu entries",
					   total - map->n_names, total);
		else if (map->map_from == EFIMAP_MAP_FROM_FILES && map->n_names > map->n_entries)
			why = "entries of the runtime map are missing from the snapshot";
	}
	report->unseen = why;
}

void report_unread(const struct efimap *map, struct report *report)
{
	static const struct scope scope = { REQUIRED, .denied = REQUIRED };

	note_unread(map, &scope, NULL, report);
}

void report_unread_pair(const struct efimap *first, const struct efimap *second,
			struct report *report)
{
	static const struct scope scope = { REQUIRED, LISTED_SOURCES, LISTED_SOURCES,
					    EFIMAP_VERDICT_INCOMPLETE };

	note_unread(first, &scope, first->name, report);
	note_unread(second, &scope, second->name, report);
}

void report_unread_received(const struct efimap *map, struct report *report)
{
	const bool is_answered = find_booted_by(map) == EFIMAP_BOOTED_BY_FIRMWARE;
	const struct scope scope = { RECEIVED, is_answered ? 0 : RECEIVED, LISTED_SOURCES,
				     EFIMAP_VERDICT_UNREADABLE };

	note_unread(map, &scope, NULL, report);
}
