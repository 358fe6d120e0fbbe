/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Report files that affect the outcome of a load and were not read. */
#include <stdio.h>
#include <string.h>

#include "base/text_scan.h"
#include "capture/kernel_parameters.h"
#include "capture/needed_files.h"
#include "infer/cpu.h"
#include "infer/hardware.h"
#include "infer/linux_changes.h"
#include "rules/file_faults.h"
#include "rules/load_rules.h"
#include "rules/machine.h"
#include "rules/unread_files.h"
#include "rules/unread_verdict.h"

/*
 * Return "WHAT (PATH:LINE", @mark, @why and ")". WHAT is row->decides, or the name of the file.
 * Omit a @line of 0.
 */
static const char *word_path(const struct machine *machine, const struct needed_file *row,
			     const char *path, unsigned int line, const char *mark, const char *why)
{
	const char *prefix = source_path_prefix(machine->map, row->source);
	char number[16] = "";

	if (line)
		snprintf(number, sizeof(number), ":%u", line);
	return arena_printf(machine->arena, "%s%s (%s%s%s%s%s)", row->decides ? "" : "the ",
			    row->decides ?: row->name, prefix, path, number, mark, why);
}

/*
 * Return a sentence about a file that exists but was not read, and about what it decides. @fault is
 * NULL if access was denied to a file of which no path is known to be faulty.
 */
static const char *word_unread(const struct machine *machine, const struct needed_file *row,
			       const struct capture_fault *fault, const char *path)
{
	const char *prefix = source_path_prefix(machine->map, row->source);
	const bool is_denied = !fault || fault->state == EFIMAP_STATE_DENIED;
	const char *why = "permission denied; run as root";
	char number[16] = "";

	if (!is_denied && fault->line)
		snprintf(number, sizeof(number), ":%u", fault->line);
	if (!is_denied)
		why = fault->text;
	else if (capture_is_offline(machine->map))
		why = "permission denied";
	return arena_printf(machine->arena, "%s%s%s cannot be %s: %s%s%s", prefix,
			    fault ? fault->where : path, number, is_denied ? "read" : "used", why,
			    row->decides ? ". It shows " : "", row->decides ? row->decides : "");
}

/* Return whether a file that was collected may lack the line with the value. */
static bool may_lack_line(const struct machine *machine, const struct needed_file *row)
{
	if (row == &needed_files[EFIMAP_NEEDED_MEMINFO])
		return machine->state->memory.total > 0;
	return row->paths && strchr(row->paths[0], '%');
}

static const char *word_missing(const struct machine *machine, const struct needed_file *row,
				const char *path)
{
	/* If the release is unknown, the path of a configuration ends in "-". */
	if (path[strlen(path) - 1] == '-')
		return arena_printf(machine->arena, "%s, whose release is unknown", row->decides);
	if (!row->paths && capture_has(machine->map, row->source))
		return word_path(machine, row, path, 0, " is incomplete", "");
	return word_path(machine, row, path, 0,
			 capture_is_offline(machine->map) ? " was not collected" : " was not found",
			 may_lack_line(machine, row) ? ", or is incomplete" : "");
}

/* Return the conditions of sources.table that apply to an answer, a set of enum source_asked. */
static unsigned int find_asked(const struct machine *machine, const struct load_case *load)
{
	const struct kexec_state *state = machine->state;
	const bool is_crash = load->question == EFIMAP_QUESTION_KDUMP;
	/* Restrictions of kexec affect only a load that is still to come. */
	const bool is_to_come = !load->is_loaded && !load->is_from_log;
	const struct {
		enum source_asked condition;
		bool applies;
	} conditions[] = {
		{ EFIMAP_ASKED_KEXEC_LOAD, load->loader != EFIMAP_LOADER_KERNEL },
		{ EFIMAP_ASKED_TO_COME, is_to_come },
		{ EFIMAP_ASKED_LOADED, is_crash && !load->is_from_log &&
					       machine->kdump.state == EFIMAP_KDUMP_LOADED &&
					       !machine->options.only_configured },
		{ EFIMAP_ASKED_PACKAGES,
		  is_to_come && state->has_tools != EFIMAP_KNOWN_NO && !state->tools.major },
		{ EFIMAP_ASKED_ENTRY, load_may_use_entry(load) },
		{ EFIMAP_ASKED_HANDOVER, load->loader == EFIMAP_LOADER_KERNEL && !is_crash &&
						 state->kho != EFIMAP_KNOWN_NO },
		{ EFIMAP_ASKED_ALL_CPUS, is_crash && load_starts_all_cpus(load) },
	};
	unsigned int asked = 0;

	for (size_t i = 0; i < sizeof(conditions) / sizeof(conditions[0]); i++)
		asked |= conditions[i].applies ? conditions[i].condition : 0;
	return asked;
}

/*
 * Return whether the capture lacks the value of a file that the answer needs. A file without a
 * single value that is not listed here is named only if it has a fault.
 */
static bool is_lacking(const struct facts_for_rules *c, enum needed_file_id file)
{
	const struct machine *machine = c->machine;
	const struct efimap *map = machine->map;
	const struct load_case *load = c->load;
	const struct kexec_state *state = machine->state;
	const enum value_id value = needed_files[file].value;

	if (value)
		return !state->values[value].is_known;
	switch (file) {
	case EFIMAP_NEEDED_CPUINFO:
		return !capture_has_cpu_flags(map) && cpu_has_nx(map) == EFIMAP_NOT_KNOWN;
	case EFIMAP_NEEDED_FW_PLATFORM_SIZE:
		return map->map_from == EFIMAP_MAP_FROM_FILES && map->n_names > 0 && !c->native &&
		       !c->mixed_mode;
	case EFIMAP_NEEDED_SETUP_DATA:
		/* A copy need not contain setup_data, but an empty list is incomplete. */
		return (capture_has(map, EFIMAP_SRC_SETUP_DATA) || !capture_is_offline(map)) &&
		       map->boot_params.setup_data && map->n_setup_data == 0;
	case EFIMAP_NEEDED_BOOT_ENTRIES:
		return find_file_fault(machine->map, load, file);
	case EFIMAP_NEEDED_PACKAGES:
		return !capture_is_offline(map);
	case EFIMAP_NEEDED_LOAD_RECORD:
		return !load->kernel->is_loaded && !machine->uses_record &&
		       state->record.is_old != EFIMAP_KNOWN_YES;
	default:
		return false;
	}
}

struct unseen_effects unite_effects(struct unseen_effects a, struct unseen_effects b)
{
	a.outcomes |= b.outcomes;
	for (size_t i = 0; i < sizeof(a.rules.bits) / sizeof(*a.rules.bits); i++)
		a.rules.bits[i] |= b.rules.bits[i];
	return a;
}

/* Return the effects of all rules that need a source, or that read one of @files. */
static struct unseen_effects find_effects(uint32_t needs, uint64_t files,
					  const struct load_case *load)
{
	struct unseen_effects found = { .outcomes = 0 };

	for (unsigned int id = 0; id < EFIMAP_RULE_COUNT; id++) {
		const struct rule *rule = rule_get(id);

		if (!(rule->needs & needs || rule->reads & files) ||
		    strcmp(rule_command(id), "verify") != 0)
			continue;
		found.outcomes |= outcomes_of_rule(id, load);
		rule_set_add(&found.rules, id);
	}
	return found;
}

struct unseen_effects unseen_of_source(enum source source, const struct load_case *load)
{
	return find_effects(EFIMAP_NEEDS(source), 0, load);
}

struct unseen_effects unseen_of_file(enum needed_file_id file, const struct load_case *load)
{
	const struct needed_file *row = &needed_files[file];

	return find_effects(row->paths ? 0 : EFIMAP_NEEDS(row->source), NEEDED_BIT(file), load);
}

/*
 * Return whether a file that was not read cannot matter, because of what was read: a kernel that is
 * loaded for kexec is another load; a record of this boot shows what is loaded; without a hint, no
 * notifier runs.
 */
static bool is_excluded(const struct facts_for_rules *c, enum needed_file_id file)
{
	const struct efimap *map = c->machine->map;

	switch (file) {
	case EFIMAP_NEEDED_LOADED:
		return capture_is_offline(map);
	case EFIMAP_NEEDED_NOTIFIERS:
	case EFIMAP_NEEDED_PSTORE_BACKEND:
		return capture_has(map, EFIMAP_SRC_CMDLINE) &&
		       !has_parameter(map, "crash_kexec_post_notifiers") &&
		       !has_parameter(map, "kernel.crash_kexec_post_notifiers") &&
		       !log_contains(map, "SEV-SNP API:") &&
		       is_hyperv_guest(map) != EFIMAP_KNOWN_YES &&
		       !log_contains(map, "Hyper-V: enabling crash_kexec_post_notifiers");
	default:
		return false;
	}
}

/*
 * Match if a file was not read: with the usual variant if the file exists, and as data that was not
 * checked if the file may only be missing from the capture. @is_asked is false if only facts lack
 * the file.
 */
static bool match_file(const struct facts_for_rules *c, enum needed_file_id file, bool is_asked,
		       struct match *match)
{
	const struct machine *machine = c->machine;
	const struct needed_file *row = &needed_files[file];
	struct needed_file version;
	const struct efimap *map = machine->map;
	const struct capture_fault *fault = find_file_fault(map, c->load, file);
	const char *path = path_of_source(row->source), *text;
	/* A file may be missing or empty only because it was not copied. */
	const bool may_be_uncopied =
		fault && row->paths &&
		(fault->state == EFIMAP_STATE_ABSENT ||
		 (fault->state == EFIMAP_STATE_EMPTY && capture_is_offline(map)));
	const bool is_denied =
		fault ? fault->state == EFIMAP_STATE_DENIED
		      : !row->paths && map->states[row->source] == EFIMAP_STATE_DENIED;
	const bool is_unread = is_denied || (fault && !may_be_uncopied);
	struct unseen_effects unseen = match->run->unseen[file];
	char place[FILE_PATH_SIZE];

	if (is_asked && (is_unread || (file_may_exist(map, c->load, file) && is_lacking(c, file))))
		unseen = unite_effects(unseen, unseen_of_file(file, c->load));
	if (!unseen.outcomes)
		return false;
	if (file == EFIMAP_NEEDED_PACKAGES && machine->state->has_tools) {
		version = *row;
		version.decides = "the version of kexec-tools, which decides who uses "
				  "/etc/default/kexec";
		row = &version;
	}
	if (fault)
		path = fault->where;
	else if (find_file_path(map, c->load, file, 0, place))
		path = arena_printf(machine->arena, "%s", text_mark(machine->arena, place));
	if (is_unread)
		text = word_unread(machine, row, fault, path);
	else if (fault)
		text = word_path(machine, row, fault->where, fault->line, ": ", fault->text);
	else
		text = word_missing(machine, row, path);
	match->file = file;
	match->unseen = unseen;
	match->is_excluded = is_excluded(c, file);
	set_text(match, VALUE_CHECK, row->id);
	set_text(match, VALUE_NAME, row->name);
	set_text(match, VALUE_SOURCE, path);
	if (is_unread)
		set_consequence(match, worst_outcome(unseen.outcomes));
	return as_because(match, is_unread ? VARIANT_USUAL : VARIANT_MISSING, text);
}

/*
 * Visit the files that affect the outcome. To add a file, add a block to src/capture/sources.table.
 *
 * If a file was not read, no other rule considers its content. If the file exists but reading was
 * denied or failed, or if its content is malformed, the effect is unknown. A file that is missing
 * from a capture was not checked. On the running system, a missing file means that the kernel lacks
 * the feature, unless the block has "Absent: always".
 */
bool rule_source_unread(const struct facts_for_rules *c, struct match *match)
{
	const unsigned int asked = find_asked(c->machine, c->load);

	for (unsigned int i = 0; i < EFIMAP_N_NEEDED_FILES; i++)
		if (match_file(c, i, (needed_files[i].asked & asked) == needed_files[i].asked,
			       match))
			finish_finding(match);
	return false;
}
