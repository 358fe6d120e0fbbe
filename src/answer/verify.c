/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Find the loads of a capture, run the rules, make the answers, and decide which of them count for
 * the verdict.
 */
#include <string.h>

#include "answer/advice.h"
#include "answer/answer_form.h"
#include "answer/loads.h"
#include "answer/verify.h"
#include "base/sort.h"
#include "base/text_scan.h"
#include "capture/capture.h"
#include "infer/booted_by.h"
#include "infer/why_no_map.h"
#include "linux/signature_policy.h"
#include "rules/check_capture.h"
#include "rules/engine.h"
#include "rules/matched_messages.h"
#include "rules/unread_verdict.h"

/*
 * struct concluding - state while the answers of a report are made
 * @answers: in the arena of @report
 */
struct concluding {
	struct machine *machine;
	struct report *report;
	struct answer *answers;
	size_t count;
};

static bool is_asked(const struct machine *machine, enum load_question question)
{
	return !(machine->options.not_asked & EFIMAP_QUESTION_BIT(question));
}

/*
 * Return whether an answer counts for the verdict. With --for, every answer does. Without it, a
 * load that a policy may refuse, and kdump that nobody has set up, are as the administrator wants
 * them.
 */
static bool is_counted(const struct machine *machine, const struct answer *answer)
{
	if (machine->options.not_asked)
		return true;
	switch (answer->word) {
	case EFIMAP_WORD_REFUSED:
	case EFIMAP_WORD_NOT_SET_UP:
	case EFIMAP_WORD_IN_THE_CRASH_KERNEL:
		return false;
	case EFIMAP_WORD_NO_DUMP:
		return machine->kdump.has_load;
	case EFIMAP_WORD_UNKNOWN:
		return answer->load.question == EFIMAP_QUESTION_KEXEC
			       ? effects_unknown(answer->range) != EFIMAP_OUTCOME_CANNOT_LOAD
			       : answer->state != EFIMAP_KDUMP_UNKNOWN;
	default:
		return true;
	}
}

static struct answer *add_answer(struct concluding *to, enum load_question question)
{
	struct answer *answer = &to->answers[to->count++];

	*answer = (struct answer){
		.load = { .question = question, .loader = EFIMAP_LOADER_ANY },
		.state = to->machine->kdump.state,
	};
	return answer;
}

/* Set the word of an answer whose other members are set. */
static void set_word(const struct concluding *to, struct answer *answer)
{
	answer->word = answer_word(to->machine, answer, kdump_state_for(to->machine, answer));
	answer->counts = is_counted(to->machine, answer);
}

/* Answer for a load. If kexec_file_load fails and kexec_load follows, answer for kexec_load. */
static void add_load_answer(struct concluding *to, const struct load_case *load)
{
	struct answer *answer = &to->answers[to->count++];

	*answer = answer_load(to->machine, load);
	if (answer->load.is_refused && answer->load.falls_back) {
		struct load_case other = make_load(to->machine, load->question,
						   EFIMAP_LOADER_KEXEC_TOOLS, load->kernel);

		other.is_loader_assumed = load->is_loader_assumed;
		answer_free(answer);
		*answer = answer_load(to->machine, &other);
	}
	answer->kernel = (struct answer_kernel){
		.release = *answer->load.release.text ? answer->load.release.text : NULL,
		.image = load_has_image(load) ? load->plan.image->name : NULL,
	};
	advise(to->machine, answer);
	set_word(to, answer);
}

static void add_unread_answer(struct concluding *to, enum load_question question,
			      const struct unread_kernel *kernel)
{
	struct arena *arena = &to->report->arena;
	const char *file = text_mark(arena, kernel->fault.where);
	struct answer *answer = add_answer(to, question);
	const bool is_running =
		*kernel->release && strcmp(kernel->release, to->machine->map->release.text) == 0;
	struct finding *reason = arena_alloc(arena, sizeof(*reason));

	*reason = (struct finding){
		.rule = rule_get(EFIMAP_RULE_KERNEL_UNREAD),
		.outcome = kernel->fault.state == EFIMAP_STATE_ABSENT ? EFIMAP_OUTCOME_CANNOT_LOAD
								      : EFIMAP_OUTCOME_NO_BOOT,
		.certainty = EFIMAP_UNKNOWN,
		.message = arena_printf(
			arena, "%s%s%s%s cannot be %s: %s", file, *kernel->setting ? " (" : "",
			kernel->setting, *kernel->setting ? ")" : "",
			is_no_image(&kernel->fault) ? "used" : "read", kernel->fault.text),
	};
	answer->kernel = (struct answer_kernel){
		.release = *kernel->release ? kernel->release : NULL,
		.image = *kernel->image ? kernel->image : NULL,
		.unnamed = !*kernel->release && !*kernel->image,
	};
	answer->load.roles = (is_running ? EFIMAP_ROLE_RUNNING : 0) |
			     (kernel->is_default || (kernel->is_crash && !kernel->is_loaded)
				      ? EFIMAP_ROLE_CONFIGURED
				      : 0);
	answer->is_judged = true;
	answer->reasons = reason;
	answer->n_reasons = 1;
	answer->unknown = reason;
	answer->advice.text = word_unread_advice(to->machine->map, kernel, arena);
	if (question == EFIMAP_QUESTION_KDUMP && answer->state == EFIMAP_KDUMP_NOT_LOADED &&
	    !to->machine->options.only_configured) {
		const char *first = *kernel->image ? answer->advice.text : NULL;

		answer->advice = find_state_advice(to->machine);
		answer->advice.limits = first;
	}
	/* In a copy, nothing is known of the kernel, and so no fault was found. */
	if (!capture_is_offline(to->machine->map))
		effects_add(&answer->range, reason->outcome, reason->certainty, false);
	answer->n_lacking = find_lacking(to->machine->map, question, NULL, &kernel->fault, arena,
					 &answer->lacking);
	set_word(to, answer);
}

/* Add an answer without a load, for the reason @why, which may be NULL. */
static struct answer *add_unjudged(struct concluding *to, enum load_question question,
				   const char *why, struct advice advice)
{
	struct answer *answer = add_answer(to, question);

	answer->kernel.unnamed = true;
	answer->why = why;
	answer->advice = advice;
	answer->n_lacking = find_lacking(to->machine->map, question, NULL, NULL, &to->report->arena,
					 &answer->lacking);
	return answer;
}

/* Add the answer for kexec if the kernel has no EFI to pass, or if this is the crash kernel. */
static void add_kexec_state(struct concluding *to)
{
	struct machine *machine = to->machine;
	const bool in_crash_kernel = machine->kdump.state == EFIMAP_KDUMP_IN_CRASH_KERNEL;
	struct answer *answer = add_unjudged(
		to, EFIMAP_QUESTION_KEXEC, in_crash_kernel ? NULL : machine->why_no_kexec,
		in_crash_kernel ? find_state_advice(machine) : find_no_efi_advice(machine));

	if (machine->has_lost_efi) {
		effects_add(&answer->range, EFIMAP_OUTCOME_NO_EFI, EFIMAP_CERTAIN, true);
		answer->is_judged = true;
		answer->because = machine->why_lost_efi;
	}
	set_word(to, answer);
}

static void add_question_answers(struct concluding *to, const struct loads *loads,
				 enum load_question question)
{
	const struct machine *machine = to->machine;
	const struct efimap *map = machine->map;
	const bool in_crash_kernel = machine->kdump.state == EFIMAP_KDUMP_IN_CRASH_KERNEL;

	if (question == EFIMAP_QUESTION_KEXEC && (in_crash_kernel || machine->why_no_kexec)) {
		if (!in_crash_kernel || !is_asked(machine, EFIMAP_QUESTION_KDUMP))
			add_kexec_state(to);
		return;
	}
	for (size_t i = 0; i < loads->count; i++)
		if (loads->cases[i].question == question)
			add_load_answer(to, &loads->cases[i]);
	for (size_t i = 0; i < map->n_unread_kernels; i++)
		if (is_unread_chosen(machine, question, &map->unread_kernels[i]))
			add_unread_answer(to, question, &map->unread_kernels[i]);
	if (question == EFIMAP_QUESTION_KDUMP && !machine->kdump.has_load)
		set_word(to, add_unjudged(to, question, NULL, find_state_advice(to->machine)));
}

/* Return whether two forms differ only in their kernels. */
static bool is_same_form(const struct form *a, const struct form *b)
{
	const size_t count = form_count_lines(a);

	if (count != form_count_lines(b) || order_texts(a->head, b->head) != 0 ||
	    order_texts(a->word, b->word) != 0 || order_texts(a->sentence, b->sentence) != 0)
		return false;
	for (size_t i = 0; i < count; i++)
		if (a->lines[i].label != b->lines[i].label ||
		    a->lines[i].n_more != b->lines[i].n_more ||
		    order_texts(a->lines[i].text, b->lines[i].text) != 0)
			return false;
	return true;
}

static void add_lines(struct concluding *to, struct form *form, const struct form *from,
		      enum form_label label)
{
	for (size_t i = 0; i < from->n_lines; i++)
		if (from->lines[i].label == label)
			form_add(form, &to->report->arena, from->lines[i]);
}

/* Return the first line of advice in a form, and set the number of its lines. */
static const struct form_line *find_advice(const struct form *form, size_t *ret_count)
{
	size_t first = 0, end;

	while (first < form->n_lines && form->lines[first].label != EFIMAP_LABEL_DO)
		first++;
	for (end = first; end < form->n_lines && form->lines[end].label == EFIMAP_LABEL_DO;)
		end++;
	*ret_count = end - first;
	return end > first ? &form->lines[first] : NULL;
}

/* Return whether two forms give the same advice. */
static bool is_same_advice(const struct form *a, const struct form *b)
{
	size_t n_a, n_b;
	const struct form_line *of_a = find_advice(a, &n_a), *of_b = find_advice(b, &n_b);

	if (n_a != n_b)
		return false;
	for (size_t i = 0; i < n_a; i++)
		if (order_texts(of_a[i].text, of_b[i].text) != 0)
			return false;
	return true;
}

/* Remove the advice of a form, or, if @requests_only, only how to get more from the machine. */
static void remove_advice(struct concluding *to, struct form *form, bool requests_only)
{
	const struct form from = *form;

	*form = (struct form){
		.head = from.head, .word = from.word, .sentence = from.sentence, .tone = from.tone
	};
	for (size_t i = 0; i < from.n_lines; i++)
		if (from.lines[i].label != EFIMAP_LABEL_DO ||
		    (requests_only && !from.lines[i].is_request))
			form_add(form, &to->report->arena, from.lines[i]);
}

/*
 * Let the forms say the same advice once: how to get more from the machine in the last form that
 * needs it, other advice in the first one.
 */
static void join_advice(struct concluding *to)
{
	struct report *report = to->report;
	bool is_requested = false;

	for (size_t i = report->n_forms; i-- > 0;) {
		size_t count;
		const struct form_line *advice = find_advice(&report->forms[i], &count);
		const bool requests = count && advice[count - 1].is_request;

		if (requests && is_requested)
			remove_advice(to, &report->forms[i], true);
		is_requested |= requests;
	}
	for (size_t i = 1; i < report->n_forms; i++)
		for (size_t k = 0; k < i; k++)
			if (is_same_advice(&report->forms[k], &report->forms[i]))
				remove_advice(to, &report->forms[i], false);
}

/* Return "kexec to A, B" for the kernels of the answers that have a form. */
static const char *name_kernels(struct concluding *to, const struct form *form)
{
	const char *head = form->head, *before = " to ";

	for (size_t i = 0; i < to->count; i++) {
		const struct answer *answer = &to->answers[i];
		const char *name =
			answer->kernel.release ? answer->kernel.release : answer->kernel.image;

		if (!name || !is_same_form(form, &answer->form))
			continue;
		head = arena_printf(&to->report->arena, "%s%s%s", head, before,
				    text_mark(&to->report->arena, name));
		before = ", ";
	}
	return head;
}

/* Set the forms that text output shows: those of all answers, but equal ones once. */
static void set_forms(struct concluding *to)
{
	struct report *report = to->report;
	size_t of_question[2] = { 0 };
	size_t *first = arena_alloc(&report->arena, (to->count + 1) * sizeof(*first));

	report->forms = arena_alloc(&report->arena, (to->count + 1) * sizeof(*report->forms));
	for (size_t i = 0; i < to->count; i++) {
		const struct answer *answer = &to->answers[i];
		struct form *same = NULL;

		for (size_t k = 0; k < report->n_forms && !same; k++)
			if (is_same_form(&report->forms[k], &answer->form))
				same = &report->forms[k];
		if (same) {
			add_lines(to, same, &answer->form, EFIMAP_LABEL_KERNEL);
			continue;
		}
		first[report->n_forms] = i;
		report->forms[report->n_forms] = answer->form;
		report->forms[report->n_forms].capacity = report->forms[report->n_forms].n_lines;
		report->n_forms++;
		of_question[answer->load.question]++;
	}
	/* Name the kernels if there are several forms for a question. */
	for (size_t i = 0; i < report->n_forms; i++)
		if (of_question[to->answers[first[i]].load.question] > 1)
			report->forms[i].head = name_kernels(to, &report->forms[i]);
	join_advice(to);
}

static void set_answers(struct concluding *to)
{
	struct report *report = to->report;

	for (size_t i = 0; i < to->count; i++)
		fill_form(to->machine, &to->answers[i], &report->arena, &to->answers[i].form);
	set_forms(to);
	report->answers = to->answers;
	report->n_answers = to->count;
}

/* Return the severity of the worst finding about the map, or EFIMAP_NOTE. */
static enum severity find_map_severity(const struct report *report)
{
	enum severity worst = EFIMAP_NOTE;

	for (size_t i = 0; i < report->n_findings; i++) {
		const struct finding *finding = &report->findings[i];

		if (finding_is_about_map(finding) && finding->severity > worst)
			worst = finding->severity;
	}
	return worst;
}

/*
 * Set the words of the questions, and the members that determine the verdict. @map is the severity
 * of the map, which counts only without --for.
 */
static void set_verdict(struct concluding *to, enum severity map)
{
	struct report *report = to->report;
	const struct machine *machine = to->machine;
	bool is_not_checked = false;
	size_t n_with[EFIMAP_WORD_IS_UNKNOWN + 1] = { 0 };

	report->map_severity = map;
	for (size_t i = 0; i < sizeof(report->words) / sizeof(*report->words); i++)
		report->words[i] = EFIMAP_WORD_COUNT;
	for (size_t i = 0; i < to->count; i++) {
		const struct answer *answer = &to->answers[i];

		if (answer->word < report->words[answer->load.question])
			report->words[answer->load.question] = answer->word;
		if (answer->word == EFIMAP_WORD_NOT_CHECKED)
			is_not_checked = true;
		else if (answer->counts)
			n_with[word_severity(answer->word)]++;
		if (answer->counts && word_severity(answer->word) == EFIMAP_WORD_IS_UNKNOWN &&
		    !*report->unseen)
			report->unseen = answer->n_reasons ? finding_why(answer->reasons)
							   : answer->form.sentence;
	}
	report->fails = n_with[EFIMAP_WORD_IS_ERROR];
	report->is_unknown = n_with[EFIMAP_WORD_IS_UNKNOWN];
	report->warns = n_with[EFIMAP_WORD_IS_WARNING];
	/* What firmware without EFI hides is of no interest. */
	if (machine->lacks_efi || report->missed == EFIMAP_VERDICT_INCOMPLETE)
		report->missed = EFIMAP_VERDICT_PASS;
	if (is_not_checked && !report->fails && !report->is_unknown && !report->warns)
		report_note_unread(report, EFIMAP_VERDICT_NOT_APPLICABLE, "%s",
				   machine->why_no_kexec);
	if (machine->options.not_asked)
		return;
	report->fails |= map == EFIMAP_ERROR;
	report->warns |= map == EFIMAP_WARNING;
}

/* Note which answers a finding of a report affects. */
static void note_answers(struct concluding *to)
{
	for (size_t i = 0; i < to->report->n_findings; i++)
		for (size_t k = 0; k < to->count; k++)
			if (to->answers[k].own &&
			    answer_has_finding(&to->answers[k], &to->report->findings[i]))
				to->report->findings[i].answers |= UINT64_C(1) << k;
}

/*
 * Add the findings of the rules that depend on the load of an answer to the report, without
 * duplicates.
 */
static void join_findings(struct concluding *to, size_t number, size_t from)
{
	const struct report *own = to->answers[number].own;

	for (size_t i = 0; own && i < own->n_findings; i++) {
		struct finding finding = own->findings[i];
		size_t at = from;

		while (at < to->report->n_findings &&
		       finding_compare(&to->report->findings[at], &finding) != 0)
			at++;
		finding.answers = UINT64_C(1) << number;
		if (at < to->report->n_findings)
			to->report->findings[at].answers |= finding.answers;
		else
			report_add(to->report, &finding);
	}
}

/*
 * Answer for all loads, in the report of a machine. Set the answers, their forms and the members
 * that determine the verdict, add the findings, and seal the report.
 */
static void conclude(struct machine *machine)
{
	struct concluding to = { .machine = machine, .report = machine->report };
	const size_t from = machine->report->n_findings;
	const enum severity map = find_map_severity(to.report);
	auto_loads struct loads loads = { 0 };

	loads_add_all(machine, &loads);
	/* One answer for each load, each unread kernel, and each question without a load */
	to.answers = arena_alloc(&to.report->arena,
				 (loads.count + 2 * machine->map->n_unread_kernels + 2) *
					 sizeof(*to.answers));
	for (unsigned int i = EFIMAP_QUESTION_KEXEC; i <= EFIMAP_QUESTION_KDUMP; i++)
		if (is_asked(machine, (enum load_question)i))
			add_question_answers(&to, &loads, (enum load_question)i);
	set_answers(&to);
	note_answers(&to);
	for (size_t i = 0; i < to.count; i++)
		join_findings(&to, i, from);
	for (size_t i = 0; i < to.count; i++) {
		if (!to.answers[i].own)
			continue;
		/* The texts of the findings remain valid. */
		arena_move(&to.report->arena, &to.answers[i].own->arena);
		answer_free(&to.answers[i]);
	}
	report_seal(to.report);
	set_verdict(&to, map);
}

/*
 * Give the same answer to each question, without checking a load.
 * @why:    the reason, without the last full stop
 * @advice: the advice for the user
 */
static void conclude_unchecked(struct machine *machine, const char *why, struct advice advice,
			       struct report *report)
{
	struct concluding to = {
		.machine = machine,
		.report = report,
		.answers = arena_alloc(&report->arena, 2 * sizeof(*to.answers)),
	};
	const bool in_crash_kernel = machine->kdump.state == EFIMAP_KDUMP_IN_CRASH_KERNEL;
	struct answer *answer;

	if (in_crash_kernel)
		advice = find_state_advice(machine);
	report_seal(report);
	if (is_asked(machine, EFIMAP_QUESTION_KEXEC) &&
	    !(in_crash_kernel && is_asked(machine, EFIMAP_QUESTION_KDUMP)))
		set_word(&to, add_unjudged(&to, EFIMAP_QUESTION_KEXEC, in_crash_kernel ? NULL : why,
					   advice));
	if (is_asked(machine, EFIMAP_QUESTION_KDUMP)) {
		const bool is_loaded = machine->kdump.state == EFIMAP_KDUMP_LOADED;

		if (is_loaded)
			why = arena_printf(&report->arena,
					   "a crash kernel is loaded, but it was not checked: %s",
					   why);
		answer = add_unjudged(&to, EFIMAP_QUESTION_KDUMP, is_loaded ? why : NULL,
				      to.count == 0 || is_loaded ? advice
								 : find_state_advice(machine));
		effects_add(&answer->range, EFIMAP_OUTCOME_NO_BOOT, EFIMAP_UNKNOWN, false);
		set_word(&to, answer);
	}
	set_answers(&to);
	set_verdict(&to, EFIMAP_NOTE);
}

/*
 * Find out why a kernel has no EFI: the firmware has none, or the kernel lost it, because it was
 * started by kexec without EFI data or with a parameter that disables EFI.
 */
static void find_lost_efi(struct machine *machine, const struct no_map *no_map)
{
	const enum known has_efi = firmware_has_efi(machine->map);

	machine->lacks_efi = has_efi == EFIMAP_KNOWN_NO;
	machine->has_lost_efi = has_efi == EFIMAP_KNOWN_YES;
	machine->why_lost_efi = no_map->why;
	machine->why_no_kexec =
		machine->lacks_efi
			? "kexec does not need EFI, and the firmware booted this machine without it"
		: machine->has_lost_efi
			? "this kernel has no EFI, although the firmware has, and the next kernel "
			  "would have none either"
			: "this kernel has no EFI, and no file shows whether the firmware has";
}

static void refuse_map(struct machine *machine, const struct no_map *no_map, struct report *report)
{
	const bool is_uncollected = no_map->kind == EFIMAP_MAP_UNCOLLECTED;

	report->refused = true;
	if (no_map->kind == EFIMAP_MAP_DENIED)
		report_map_denied(machine->map, report);
	else if (no_map->kind == EFIMAP_MAP_UNREADABLE)
		report_note_unread(report, EFIMAP_VERDICT_UNREADABLE, "%s: %s",
				   no_map->fault->where, no_map->fault->text);
	else
		report_note_unread(report, EFIMAP_VERDICT_INCOMPLETE, "%s", no_map->why);
	conclude_unchecked(machine, report->reason,
			   is_uncollected ? find_data_advice(machine, NULL)
					  : (struct advice){ .text = NULL },
			   report);
}

/*
 * Return whether rules cannot check the capture. Even without a runtime map, or on another
 * architecture, the kernel log may contain messages that rules match.
 */
static bool is_refused(const struct efimap *map, const struct no_map *no_map)
{
	const bool is_foreign = no_map->kind == EFIMAP_MAP_FOREIGN;

	if (no_map->kind == EFIMAP_MAP_DENIED || no_map->kind == EFIMAP_MAP_UNREADABLE)
		return true;
	if (no_map->kind == EFIMAP_MAP_WITHOUT_EFI)
		return false;
	if (!is_foreign && map->states[EFIMAP_SRC_EFI] != EFIMAP_STATE_ABSENT)
		return false;
	return !((is_foreign || find_first_origin(map) == EFIMAP_ORIGIN_LOG) &&
		 has_kernel_message(map, EFIMAP_RULE_COUNT));
}

/* Predict nothing of a kernel that died. */
static void refuse_dead(struct machine *machine, const char *died_of, struct report *report)
{
	struct advice advice = { .text = EFIMAP_AFTER_DEATH, .command = EFIMAP_CHECK_LOAD };

	if (find_booted_by(machine->map) != EFIMAP_BOOTED_BY_KEXEC)
		advice = (struct advice){ .text = NULL };
	report_note_unread(report, EFIMAP_VERDICT_INCOMPLETE, "this kernel stopped (%s)", died_of);
	report->refused = true;
	machine->died_of = died_of;
	machine->died_because = find_cause_of_death(machine->map, died_of);
	conclude_unchecked(machine, report->reason, advice, report);
}

/* Set the facts of the report about the machine. */
static void describe_machine(const struct machine *machine, struct report *report)
{
	static const char *const firmware_names[] = {
		[EFIMAP_NOT_KNOWN] = "unknown",
		[EFIMAP_KNOWN_NO] = "none",
		[EFIMAP_KNOWN_YES] = "efi",
	};
	const struct efimap *map = machine->map;
	const enum secure_boot secure_boot = secure_boot_of(map);
	const char *release = *map->release.text ? arena_strndup(&report->arena, map->release.text,
								 strlen(map->release.text))
						 : NULL;

	report->machine = (struct report_machine){
		.firmware = runs_without_efi(map) ? firmware_names[firmware_has_efi(map)]
			    : map->states[EFIMAP_SRC_EFI] == EFIMAP_STATE_PRESENT || map->n_entries
				    ? "efi"
				    : "unknown",
		.secure_boot = secure_boot == EFIMAP_SECURE_BOOT_ENABLED    ? "enabled"
			       : secure_boot == EFIMAP_SECURE_BOOT_DISABLED ? "disabled"
									    : "unknown",
		.lockdown = machine->state->lockdown != EFIMAP_LOCKDOWN_UNKNOWN
				    ? lockdown_name(machine->state->lockdown)
			    : fact_is_yes(machine->locked_down) ? "enabled"
								: "unknown",
		.booted_by = booted_by_name(find_booted_by(map)),
		.kernel = release,
	};
}

struct report *verify_capture(const struct efimap *map, const struct verify_options *options)
{
	struct report *report = report_new();
	const struct no_map no_map = find_no_map(map);
	const char *died_of = find_death(map);
	struct machine machine;

	summarise_no_map(map, report);
	machine_open(map, options, &report->arena, &machine);
	describe_machine(&machine, report);
	if (died_of) {
		refuse_dead(&machine, died_of, report);
	} else if (is_refused(map, &no_map)) {
		refuse_map(&machine, &no_map, report);
	} else {
		if (no_map.kind == EFIMAP_MAP_WITHOUT_EFI)
			find_lost_efi(&machine, &no_map);
		machine_check(&machine, report);
		/* Rules match kernel messages of all architectures; predictions are for x86. */
		if (no_map.kind == EFIMAP_MAP_FOREIGN)
			conclude_unchecked(&machine, no_map.why, (struct advice){ .text = NULL },
					   report);
		else
			conclude(&machine);
	}
	machine_close(&machine);
	return report;
}
