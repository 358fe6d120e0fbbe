/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Predict the outcome of one load, and write the sentences of the answer. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "answer/answer.h"
#include "answer/checks.h"
#include "base/enum_name.h"
#include "base/text_scan.h"
#include "capture/needed_files.h"
#include "infer/linux_changes.h"
#include "rules/unread_sources.h"

void place_load(const struct machine *machine, struct efimap_load_case *load)
{
	const struct efimap_load_memory *memory;

	if (load->is_from_log)
		return;
	memory = &machine->memory[load->loader];
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
		efimap_place(machine->map, memory, &load->load, &load->placement);
	else
		load->placement = (struct efimap_placement){
			.reason = memory->reason != EFIMAP_PLACED ? memory->reason :
								    EFIMAP_UNPLACED_NO_SIZE,
		};
	load->refusal = find_refusal(machine, load);
	if (load->refusal == EFIMAP_REFUSED_UNIFIED)
		load->placement.count = 0;
}

bool answer_has_finding(const struct answer *answer, const struct efimap_finding *finding)
{
	return answer->load.refusal == EFIMAP_NOT_REFUSED &&
	       is_load_concerned(&answer->load, finding->concerns);
}

/*
 * Return whether a finding replaces the finding of an answer. Of findings with equal consequence
 * and certainty, the answer keeps the one that comes first in a sorted report.
 */
static bool is_worse(const struct efimap_finding *finding, const struct answer *than)
{
	if (finding->consequence != than->outcome)
		return finding->consequence > than->outcome;
	if (finding->certainty != than->certainty)
		return finding->certainty < than->certainty;
	return than->finding && efimap_finding_compare(finding, than->finding) < 0;
}

bool finding_depends_on_segments(const struct efimap_finding *finding)
{
	switch (finding->rule->family) {
	case FAMILY_IOMEM:
	case FAMILY_KEXEC:
	case FAMILY_MEMMAP:
		return finding->certainty != EFIMAP_WILL;
	default:
		return false;
	}
}

static void take_finding(struct answer *answer, const struct efimap_finding *finding)
{
	if (answer->load.is_unnamed && finding->certainty == EFIMAP_MAY &&
	    finding_depends_on_segments(finding))
		return;
	if (finding->consequence <= EFIMAP_OUTCOME_NONE || !is_worse(finding, answer))
		return;
	answer->outcome = finding->consequence;
	answer->certainty = finding->certainty;
	/* A crash kernel that was loaded before a firmware call faulted has received EFI data. */
	if (answer->load.is_loaded && finding->rule->id == EFIMAP_RULE_RUNTIME_SERVICES_DISABLED)
		answer->certainty = EFIMAP_MAY;
	answer->finding = finding;
}

void add_once(const char **texts, size_t *count, const char *text)
{
	for (size_t i = 0; i < *count; i++)
		if (strcmp(texts[i], text) == 0)
			return;
	texts[(*count)++] = text;
}

static void add_unseen(struct answer *answer, const char *text)
{
	if (answer->n_unseen < MAX_UNSEEN)
		add_once(answer->unseen, &answer->n_unseen, text);
}

/*
 * Add the reasons why rules with the severity error were skipped to @answer->unseen, because these
 * rules might have matched.
 */
static void take_skipped(struct answer *answer, const struct efimap_report *report)
{
	for (size_t i = 0; i < report->n_skipped; i++)
		if (report->skipped[i].rule->severity == EFIMAP_ERROR)
			add_unseen(answer, report->skipped[i].why);
}

static int take_checks(const struct machine *machine, struct answer *answer)
{
	for (const struct check *check = checks; check->name; check++) {
		const struct check_result result = check->look(machine, &answer->load);

		if (result.state == CHECK_CONDITION && !result.text)
			return -ENOMEM;
		/* Several clauses form "if A, and if B". The advice is about the first one. */
		if (result.state == CHECK_CONDITION && answer->condition) {
			answer->condition = efimap_arena_printf(machine->arena, "%s, and %s",
								answer->condition, result.text);
			if (!answer->condition)
				return -ENOMEM;
		} else if (result.state == CHECK_CONDITION) {
			answer->condition = result.text;
			if (!answer->unknown)
				answer->remedy = result.advice;
		}
		if (result.state != CHECK_UNSEEN)
			continue;
		if (check->weight == CHECK_COMPLETES) {
			add_unseen(answer, result.text);
		} else if (!answer->unknown) {
			answer->unknown = result.text;
			answer->remedy = result.advice;
		}
	}
	return 0;
}

/* Size of a buffer for a path. The longest is the path of a load record (EFIMAP_WHERE_SIZE). */
#define PATH_SIZE 512U

/* Write the path @number of a file to @path. Return false if the file has fewer paths. */
static bool find_path(const struct machine *machine, const struct efimap_load_case *load,
		      const struct efimap_needed_file *row, size_t number, char path[PATH_SIZE])
{
	const char *release = row->is_of_next ? load->release.text : machine->map->release.text;
	const char *form = row->paths ? row->paths[number] : NULL;
	const char *at = form ? strstr(form, "%s") : NULL;

	if (!form)
		return false;
	if (strcmp(form, EFIMAP_LOAD_RECORD) == 0)
		form = machine->state->record;
	if (at)
		snprintf(path, PATH_SIZE, "%.*s%s%s", (int)(at - form), form, release, at + 2);
	else
		snprintf(path, PATH_SIZE, "%s", form);
	return true;
}

/* Return whether @where, which may be in quotes, is @path or a file in this directory. */
static bool is_at_or_below(const char *where, const char *path)
{
	const size_t len = strlen(path);

	where += *where == '"';
	return strncmp(where, path, len) == 0 && strchr("/\"", where[len]);
}

static const struct efimap_fault *find_fault(const struct machine *machine,
					     const struct efimap_load_case *load,
					     const struct efimap_needed_file *row)
{
	const struct efimap *map = machine->map;
	char path[PATH_SIZE];

	for (size_t i = 0; i < map->n_faults; i++) {
		const struct efimap_fault *fault = &map->faults[i];

		if (fault->source != row->source)
			continue;
		if (!row->paths && is_fault_unseen(map, fault))
			return fault;
		for (size_t k = 0; find_path(machine, load, row, k, path); k++)
			if (is_at_or_below(fault->where, path))
				return fault;
	}
	return NULL;
}

/*
 * Return "WHAT (PATH:LINE", @mark, @why and ")". Without row->decides, omit WHAT and the
 * parentheses. Omit a @line of 0.
 */
static const char *word_path(const struct machine *machine, const struct efimap_needed_file *row,
			     const char *path, unsigned int line, const char *mark,
			     const char *why)
{
	const char *prefix = source_path_prefix(machine->map, row->source);
	char number[16] = "";

	if (line)
		snprintf(number, sizeof(number), ":%u", line);
	return efimap_arena_printf(machine->arena, "%s%s%s%s%s%s%s%s",
				   row->decides ? row->decides : "", row->decides ? " (" : "",
				   prefix, path, number, mark, why, row->decides ? ")" : "");
}

static const char *word_missing(const struct machine *machine,
				const struct efimap_needed_file *row, const char *path)
{
	/* If the release is unknown, the path of a configuration ends in "-". */
	if (path[strlen(path) - 1] == '-')
		return efimap_arena_printf(machine->arena, "%s (its release is unknown)",
					   row->decides);
	/* A configuration that was collected may still lack the line with the option. */
	return word_path(machine, row, path, 0,
			 efimap_is_offline(machine->map) ? " was not collected" : " was not found",
			 strchr(row->paths[0], '%') ? ", or is incomplete" : "");
}

/* Return the conditions of sources.table that apply to an answer, a set of enum efimap_asked. */
static unsigned int find_asked(const struct machine *machine, const struct efimap_load_case *load)
{
	const struct efimap_kexec_state *state = machine->state;
	const bool is_crash = load->question == EFIMAP_QUESTION_KDUMP;
	/* Restrictions of kexec affect only a load that is still to come. */
	const bool is_to_come = !load->is_loaded && !load->is_from_log;
	/*
	 * kexec-tools before 2.0.27 calls kexec_load, but systemctl kexec of systemd 261 or later
	 * calls kexec_file_load itself (find_front_end()).
	 */
	const bool depends_on_systemd =
		!is_crash && !load->is_from_log && !machine->options.loaders &&
		state->tools.major &&
		!efimap_tools_has(&state->tools, EFIMAP_TOOLS_FILE_LOAD, false);
	const struct {
		enum efimap_asked condition;
		bool applies;
	} conditions[] = {
		{ EFIMAP_ASKED_KEXEC, !is_crash },
		{ EFIMAP_ASKED_KDUMP, is_crash },
		{ EFIMAP_ASKED_KEXEC_LOAD, load->loader != EFIMAP_LOADER_KERNEL },
		{ EFIMAP_ASKED_TO_COME, is_to_come },
		{ EFIMAP_ASKED_LIMITED,
		  is_to_come &&
			  efimap_kernel_has(machine->map, EFIMAP_CHANGE_LIMITS_LOADS, true) },
		{ EFIMAP_ASKED_NEXT_KEXEC,
		  !is_crash && !load->is_from_log && !load->is_remedy &&
			  !machine_asks_about_next(machine) &&
			  efimap_first_origin(machine->map) != EFIMAP_ORIGIN_LOG },
		{ EFIMAP_ASKED_LOADED, is_crash && !load->is_from_log &&
					       machine->kdump.state == EFIMAP_KDUMP_LOADED &&
					       !machine->options.only_configured },
		{ EFIMAP_ASKED_IMAGE, load->image && !load->is_assumed },
		{ EFIMAP_ASKED_IMA,
		  is_to_come && !state->ima.has_loaded_policy &&
			  !efimap_option_is_off(&state->config, EFIMAP_CONFIG_IMA_APPRAISE) },
		{ EFIMAP_ASKED_PACKAGES, is_to_come && !state->has_tools },
		{ EFIMAP_ASKED_ENTRY, efimap_load_may_use_entry(load) },
		{ EFIMAP_ASKED_SYSTEMD, depends_on_systemd },
		{ EFIMAP_ASKED_HANDOVER, load->loader == EFIMAP_LOADER_KERNEL && !is_crash &&
						 state->kho != EFIMAP_KNOWN_NO },
		{ EFIMAP_ASKED_ALL_CPUS,
		  is_crash && efimap_load_starts_all_cpus(machine->map, load) },
		{ EFIMAP_ASKED_NOTIFIERS,
		  is_crash && efimap_is_set(state, EFIMAP_VALUE_NOTIFIERS) },
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
static bool is_lacking(const struct machine *machine, const struct answer *answer,
		       enum efimap_needed_file_id file)
{
	const struct efimap_load_case *load = &answer->load;
	const struct efimap_kexec_state *state = machine->state;
	const uint8_t *running = state->config.options;
	const enum efimap_value_id value = efimap_needed_files[file].value;
	struct efimap_kernel_config next;

	if (value)
		return !state->values[value].is_known;
	switch (file) {
	case EFIMAP_NEEDED_LOCKDOWN:
		return state->lockdown == EFIMAP_LOCKDOWN_UNKNOWN && !machine->is_locked_down;
	case EFIMAP_NEEDED_MEMINFO:
		return !state->mem_total;
	case EFIMAP_NEEDED_KERNEL_CONFIG:
		return !running[EFIMAP_CONFIG_KEXEC_SIG] ||
		       !running[EFIMAP_CONFIG_IMA_SECURE_AND_OR_TRUSTED_BOOT];
	case EFIMAP_NEEDED_NEXT_KERNEL_CONFIG:
		next = efimap_load_config(machine->map, load);
		return !next.options[EFIMAP_CONFIG_EFI_DISABLE_RUNTIME] && !next.is_complete;
	case EFIMAP_NEEDED_IMA_POLICY:
		return efimap_option_is_on(&state->config, EFIMAP_CONFIG_IMA_APPRAISE) &&
		       !state->ima.has_policy && efimap_is_offline(machine->map);
	case EFIMAP_NEEDED_BOOT_ENTRIES:
		return answer->finding &&
		       answer->finding->rule->id == EFIMAP_RULE_NEXT_RUNTIME_DISABLED &&
		       !efimap_load_enabling_entry(load) && !load->kernel->disabling_entry &&
		       !load->kernel->plain_entry;
	case EFIMAP_NEEDED_SYSTEMD:
		return !state->systemd;
	case EFIMAP_NEEDED_LOAD_RECORD:
		return !load->kernel->is_loaded && !machine->uses_record &&
		       state->is_record_old != EFIMAP_KNOWN_YES;
	case EFIMAP_NEEDED_PSTORE_BACKEND:
		return state->has_efi_pstore == EFIMAP_NOT_KNOWN;
	default:
		return false;
	}
}

/*
 * Store why a file was not read: as the reason for an unknown outcome if the file exists, or in the
 * unseen data if it may only be missing from the capture.
 */
static int take_file(const struct machine *machine, const struct efimap_needed_file *row,
		     bool is_value_lacking, struct answer *answer)
{
	const struct efimap *map = machine->map;
	const struct efimap_fault *fault = find_fault(machine, &answer->load, row);
	const char *path = efimap_source_path(row->source), *text;
	/* A file may be missing or empty only because it was not copied. */
	const bool may_be_uncopied =
		fault && row->paths &&
		(fault->state == EFIMAP_STATE_ABSENT ||
		 (fault->state == EFIMAP_STATE_EMPTY && efimap_is_offline(map)));
	const bool is_denied = fault ? fault->state == EFIMAP_STATE_DENIED :
				       !row->paths &&
					       map->states[row->source] == EFIMAP_STATE_DENIED;
	const bool is_unread = is_denied || (fault && !may_be_uncopied);
	char place[PATH_SIZE];

	if (!is_unread && (!is_value_lacking ||
			   (!fault && !efimap_is_offline(map) && !row->is_always)))
		return 0;
	if (find_path(machine, &answer->load, row, 0, place))
		path = efimap_text_mark(machine->arena, place);
	if (!path)
		return -ENOMEM;
	if (is_denied)
		text = word_path(machine, row, fault ? fault->where : path, 0, ": ",
				 efimap_is_offline(map) ?
					 "permission denied; collect it as root" :
					 "permission denied; run as root");
	else if (fault)
		text = word_path(machine, row, fault->where, fault->line, ": ", fault->text);
	else
		text = word_missing(machine, row, path);
	if (!text)
		return -ENOMEM;
	if (!is_unread)
		add_unseen(answer, text);
	else if (!answer->unknown)
		answer->unknown = text;
	return 0;
}

/*
 * Add the files that affect the outcome and were not read. To add a file, add a block to
 * src/capture/sources.table.
 *
 * If a file was not read, no check or rule considers its content. If the file exists but reading
 * was denied or failed, or if its content is malformed, the answer is "cannot tell". If the file is
 * missing from a capture, the answer ends "as far as the capture shows". On the running system, a
 * missing file means that the kernel lacks the feature, unless the block has "Absent: always".
 */
static int take_evidence(const struct machine *machine, struct answer *answer)
{
	const unsigned int asked = find_asked(machine, &answer->load);
	int ret = 0;

	for (unsigned int i = 0; i < EFIMAP_N_NEEDED_FILES && !ret; i++) {
		const struct efimap_needed_file *file = &efimap_needed_files[i];

		if ((file->asked & asked) == file->asked)
			ret = take_file(machine, file, is_lacking(machine, answer, i), answer);
	}
	return ret;
}

static bool is_unreadable(const struct machine *machine, const struct efimap_load_case *load,
			  enum efimap_needed_file_id file)
{
	const struct efimap_fault *fault =
		find_fault(machine, load, &efimap_needed_files[file]);

	return fault && fault->state != EFIMAP_STATE_ABSENT;
}

/*
 * Return whether the finding that determines the outcome may not apply. A boot loader entry that
 * could not be read may enable runtime services. The finding may be about files other than those of
 * the loaded crash kernel: the kernel could not be loaded, the record of the load is older than the
 * last boot or could not be read, or a file is newer than the record. The parameters in a record
 * remain valid if a file changes.
 */
static bool may_not_apply(const struct machine *machine, const struct answer *answer)
{
	const struct efimap_report *own = answer->own;
	const struct efimap_kexec_state *state = machine->state;
	const struct efimap_load_case *load = &answer->load;
	const struct efimap_finding *finding = answer->finding;

	if (!own->n_findings || finding < own->findings ||
	    finding >= own->findings + own->n_findings)
		return false;
	if (!load->is_loaded)
		return finding->rule->id == EFIMAP_RULE_NEXT_RUNTIME_DISABLED &&
		       efimap_load_may_use_entry(load) &&
			       is_unreadable(machine, load, EFIMAP_NEEDED_BOOT_ENTRIES);
	/* If the record is old, look_at_kernel() has set @answer->unknown. */
	return load->refusal != EFIMAP_NOT_REFUSED ||
	       (state->is_record_old == EFIMAP_KNOWN_YES && answer->unknown) ||
	       (!load->kernel->is_loaded &&
		is_unreadable(machine, load, EFIMAP_NEEDED_LOAD_RECORD)) ||
	       (load->kernel->is_loaded && state->newer_file &&
		finding->rule->id != EFIMAP_RULE_CRASH_PARAMETERS);
}

static const char ask_about_present_files[] =
	"Run efimapctl verify --configured, which answers for the present files";

/* Derive the answer from the worst result of the findings, the evidence and the checks. */
static int conclude_answer(const struct machine *machine, struct answer *answer)
{
	const struct efimap_report *shared = machine->report;
	bool is_doubtful;
	int ret;

	answer->outcome = EFIMAP_OUTCOME_NONE;
	answer->certainty = EFIMAP_WILL;
	for (size_t i = 0; i < shared->n_findings; i++)
		if (answer_has_finding(answer, &shared->findings[i]))
			take_finding(answer, &shared->findings[i]);
	for (size_t i = 0; i < answer->own->n_findings; i++)
		take_finding(answer, &answer->own->findings[i]);
	ret = take_evidence(machine, answer);
	if (!ret)
		ret = take_checks(machine, answer);
	if (ret)
		return ret;
	take_skipped(answer, shared);
	take_skipped(answer, answer->own);
	is_doubtful = may_not_apply(machine, answer);
	if (is_doubtful && !answer->unknown && answer->load.refusal != EFIMAP_NOT_REFUSED) {
		answer->unknown = "a crash kernel is loaded, but this kernel and initrd cannot be "
				  "loaded, so another kernel or initrd is loaded";
		answer->remedy = (struct efimap_advice){ .text = ask_about_present_files };
	} else if (is_doubtful && !answer->unknown && machine->state->newer_file) {
		const char *file = efimap_text_mark(machine->arena, machine->state->newer_file);

		answer->unknown = file ? efimap_arena_printf(machine->arena,
							     "%s was changed after the crash "
							     "kernel had been loaded", file) :
					 NULL;
		if (!answer->unknown)
			return -ENOMEM;
		answer->remedy = (struct efimap_advice){ .text = ask_about_present_files };
	}
	/* A failure that a finding predicts takes precedence over an unknown outcome. */
	if (answer->unknown && (is_doubtful || answer->outcome < EFIMAP_OUTCOME_UNKNOWN)) {
		answer->outcome = EFIMAP_OUTCOME_UNKNOWN;
		answer->certainty = EFIMAP_CANNOT_TELL;
		answer->finding = NULL;
	} else {
		answer->unknown = NULL;
	}
	if (answer->outcome == EFIMAP_OUTCOME_NONE && answer->condition)
		answer->certainty = EFIMAP_MAY;
	return 0;
}

int answer_load(struct machine *machine, const struct efimap_load_case *load,
		struct answer *ret_answer)
{
	struct answer answer = { .load = *load };
	int ret = efimap_report_new(&answer.own);

	if (ret)
		return ret;
	place_load(machine, &answer.load);
	ret = run_rules(&machine->rules.run, &answer.load, answer.own);
	if (!ret)
		ret = find_untried(&machine->rules, machine->report, answer.own, &answer.unknown);
	answer.is_untried = answer.unknown != NULL;
	if (!ret)
		ret = conclude_answer(machine, &answer);
	if (ret) {
		answer_free(&answer);
		return ret;
	}
	*ret_answer = answer;
	return 0;
}

void answer_free(struct answer *answer)
{
	efimap_report_free(answer->own);
	answer->own = NULL;
}

struct phrase {
	const char *will;
	const char *may;
};

static const struct phrase phrases[] = {
	[EFIMAP_OUTCOME_NONE] = { "will boot with EFI runtime services",
				  "will boot with EFI runtime services" },
	[EFIMAP_OUTCOME_ENTRY_DROPPED] = {
		"will boot with EFI runtime services, but will drop an entry of the runtime map",
		"will boot with EFI runtime services, but may drop an entry of the runtime map" },
	[EFIMAP_OUTCOME_MEMORY_AT_RISK] = {
		"will boot, but firmware memory will be overwritten",
		"will boot, but firmware memory may be overwritten" },
	[EFIMAP_OUTCOME_UNKNOWN] = { CANNOT_TELL, CANNOT_TELL },
	[EFIMAP_OUTCOME_NO_RUNTIME] = { "will boot, but EFI runtime services will fail",
					"will boot, but EFI runtime services may fail" },
	[EFIMAP_OUTCOME_NO_EFI] = { "will boot without EFI", "may boot without EFI" },
	[EFIMAP_OUTCOME_CANNOT_LOAD] = { "cannot be loaded", "may fail to load" },
	[EFIMAP_OUTCOME_NO_BOOT] = { "will not boot", "may not boot" },
};
/* The words for EFIMAP_OUTCOME_MEMORY_AT_RISK if runtime services do not need the memory at risk */
static const struct phrase of_tables = {
	"will boot with EFI runtime services, but an EFI table will be overwritten",
	"will boot with EFI runtime services, but an EFI table may be overwritten",
};

const char *word_verdict(const struct answer *answer)
{
	const struct phrase *phrase = &phrases[answer->outcome];

	if (answer->outcome == EFIMAP_OUTCOME_MEMORY_AT_RISK && answer->finding &&
	    answer->finding->rule->spares_runtime)
		phrase = &of_tables;
	return answer->certainty == EFIMAP_WILL ? phrase->will : phrase->may;
}

const char *word_reason(const struct answer *answer, struct efimap_arena *arena)
{
	const bool is_proviso =
		answer->n_unseen > 0 && answer->outcome < EFIMAP_OUTCOME_UNKNOWN;
	const char *proviso = is_proviso ? ", as far as the capture shows" : "";
	const char *reason = answer->unknown;

	if (answer->finding)
		reason = answer->finding->answer ? answer->finding->answer :
						   answer->finding->message;
	/* The proviso precedes the reason, because the proviso limits only the verdict. */
	if (reason)
		return efimap_arena_printf(arena, "%s: %s", proviso, reason);
	if (answer->condition)
		return efimap_arena_printf(arena, " %s%s", answer->condition, proviso);
	return proviso;
}
