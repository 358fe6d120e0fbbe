/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Report data that exists but could not be read. Rules that lack data report nothing, so a report
 * without findings could be mistaken for a good result.
 */
#include <string.h>

#include "infer/booted_by.h"
#include "infer/why_no_map.h"
#include "rules/unread_verdict.h"

const char *source_path_prefix(const struct efimap *map, enum source source)
{
	return capture_is_offline(map) || source == EFIMAP_SRC_KERNEL_LOG ? "" : "/";
}

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

bool root_can_read(const struct efimap *map, enum source source)
{
	return map->origin == EFIMAP_ORIGIN_LIVE ||
	       (map->origin == EFIMAP_ORIGIN_TREE && map->states[source] != EFIMAP_STATE_MASKED);
}

/*
 * REQUIRED - sources that verify needs. The verdict is "denied" if access to one of them was
 * denied, and "unreadable" if the whole content of one is malformed. Rules report single malformed
 * files of these sources and of firmware pointers.
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
 * @name:      name of the capture, or NULL if there is only one
 */
struct scope {
	uint32_t required;
	uint32_t denied;
	uint32_t malformed;
	enum verdict partial;
	const char *name;
};

/* Note that a file could not be read, unless the report has a reason that is at least as bad. */
static void note(const struct efimap *map, const struct scope *scope, enum source source,
		 const char *where, const char *why, enum verdict verdict, struct report *report)
{
	if (verdict <= report->missed)
		return;
	report_note_unread(report, verdict, "%s%s%s%s: %s", scope->name ? scope->name : "",
			   scope->name ? ": " : "", source_path_prefix(map, source), where, why);
}

/* Note that access to a file was denied, and who can read it. */
static void note_denied(const struct efimap *map, const struct scope *scope, enum source source,
			const char *where, struct report *report)
{
	const bool is_masked = map->states[source] == EFIMAP_STATE_MASKED;
	const char *why = root_can_read(map, source) ? "readable only by root; run as root"
			  : is_masked
				  ? "only zeros; readable only by root; repeat the capture as root"
				  : "readable only by root; repeat the capture as root";

	note(map, scope, source, where, why,
	     (scope->required & EFIMAP_NEEDS(source)) ? EFIMAP_VERDICT_DENIED
						      : EFIMAP_VERDICT_INCOMPLETE,
	     report);
}

/* Note the worst data of a capture that could not be read, if any. */
static void note_unread(const struct efimap *map, const struct scope *scope, struct report *report)
{
	if (capture_hides_firmware(map) && scope->denied & EFIMAP_NEEDS(EFIMAP_SRC_EFI))
		report_note_unread(report, EFIMAP_VERDICT_DENIED, "%s", EFIMAP_FIRMWARE_HIDDEN);
	for (unsigned int source = 0; source < EFIMAP_SRC_COUNT; source++)
		if (scope->denied & EFIMAP_NEEDS(source) &&
		    (map->states[source] == EFIMAP_STATE_DENIED ||
		     map->states[source] == EFIMAP_STATE_MASKED))
			note_denied(map, scope, (enum source)source, path_of_source(source),
				    report);
	for (size_t i = 0; i < map->n_faults; i++) {
		const struct capture_fault *fault = &map->faults[i];
		const uint32_t source = EFIMAP_NEEDS(fault->source);
		const bool is_whole = scope->required & source &&
				      strcmp(fault->where, path_of_source(fault->source)) == 0;
		const char *why = fault->line ? arena_printf(&report->arena, "line %u: %s",
							     fault->line, fault->text)
					      : fault->text;

		if (fault_is_of_lines(fault))
			continue;
		if (fault->state == EFIMAP_STATE_DENIED && scope->denied & source)
			note_denied(map, scope, fault->source, fault->where, report);
		else if (fault->state != EFIMAP_STATE_DENIED &&
			 (is_whole || scope->malformed & source))
			note(map, scope, fault->source, fault->where, why,
			     is_whole ? EFIMAP_VERDICT_UNREADABLE : scope->partial, report);
	}
}

void report_map_denied(const struct efimap *map, struct report *report)
{
	static const struct scope scope = { .required = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) };

	if (capture_hides_firmware(map))
		report_note_unread(report, EFIMAP_VERDICT_DENIED, "%s", EFIMAP_FIRMWARE_HIDDEN);
	else
		note_denied(map, &scope, EFIMAP_SRC_RUNTIME_MAP,
			    path_of_source(EFIMAP_SRC_RUNTIME_MAP), report);
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

	note_unread(map, &scope, report);
}

void report_unread_pair(const struct efimap *first, const struct efimap *second,
			struct report *report)
{
	struct scope scope = { REQUIRED, LISTED_SOURCES, LISTED_SOURCES, EFIMAP_VERDICT_INCOMPLETE,
			       first->name };

	note_unread(first, &scope, report);
	scope.name = second->name;
	note_unread(second, &scope, report);
}

void report_unread_received(const struct efimap *map, struct report *report)
{
	const bool is_answered = find_booted_by(map) == EFIMAP_BOOTED_BY_FIRMWARE;
	const struct scope scope = { RECEIVED, is_answered ? 0 : RECEIVED, LISTED_SOURCES,
				     EFIMAP_VERDICT_UNREADABLE };

	note_unread(map, &scope, report);
}
