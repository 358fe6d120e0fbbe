/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Make the answers of a report from those of the loads, and decide which of them count. */
#include <string.h>

#include "answer/advice.h"
#include "answer/answer_form.h"
#include "answer/conclude.h"
#include "answer/loads.h"
#include "base/output_buffer.h"
#include "base/text_scan.h"
#include "rules/engine.h"
#include "rules/file_faults.h"

/* One answer for each load, each unread kernel, and each question without a load */
#define MAX_ANSWERS (2 * EFIMAP_MAX_KERNELS + EFIMAP_MAX_UNREAD_KERNELS + 2)

/*
 * struct concluding - state while the answers of a report are made
 * @of:     the answers for the loads
 * @place:  for each of @of, the position of its answer in @answers
 */
struct concluding {
	struct machine *machine;
	const struct answer *of;
	size_t n_of;
	struct report *report;
	struct load_answer answers[MAX_ANSWERS];
	size_t place[MAX_ANSWERS];
	size_t count;
};

/*
 * Return a copy of a text, so that the report does not depend on the capture. Return NULL for an
 * empty text.
 */
static const char *copy_text(struct concluding *to, const char *text)
{
	return *text ? arena_strndup(&to->report->arena, text, strlen(text)) : NULL;
}

static void *copy_array(struct concluding *to, const void *array, size_t bytes)
{
	return bytes ? memcpy(arena_alloc(&to->report->arena, bytes), array, bytes) : NULL;
}

/* Return a copy of @advice, or NULL if it is empty. */
static const struct advice *keep_advice(struct concluding *to, struct advice advice)
{
	return has_advice(advice) ? copy_array(to, &advice, sizeof(advice)) : NULL;
}

static bool is_asked(const struct machine *machine, enum load_question question)
{
	return !(machine->options.not_asked & EFIMAP_QUESTION_BIT(question));
}

/* Return whether the state of kdump itself is asked for: --for=kdump without --configured. */
static bool is_state_asked(const struct machine *machine)
{
	return !is_asked(machine, EFIMAP_QUESTION_KEXEC) && !machine->options.only_configured;
}

/* Return whether a state of kdump says that a panic now leaves no dump. */
static bool leaves_no_dump(enum kdump_state state)
{
	return state == EFIMAP_KDUMP_NOT_LOADED || state == EFIMAP_KDUMP_NOT_RESERVED ||
	       state == EFIMAP_KDUMP_NOT_CONFIGURED;
}

/*
 * Return whether the outcome of an answer is unknown because the state of kdump is unknown. What a
 * crash kernel would do if it were loaded does not depend on this state.
 */
static bool hides_outcome(const struct machine *machine, const struct load_answer *answer)
{
	return answer->question == EFIMAP_QUESTION_KDUMP &&
	       machine->kdump.state == EFIMAP_KDUMP_UNKNOWN && !is_as_if_loaded(machine, answer);
}

/*
 * Return whether an answer to a question affects the verdict. Without a load to predict, the state
 * of kdump affects the verdict only with --for=kdump.
 */
static bool is_counted(const struct machine *machine, enum load_question question)
{
	if (question == EFIMAP_QUESTION_KEXEC || !is_asked(machine, EFIMAP_QUESTION_KEXEC) ||
	    machine->kdump.state == EFIMAP_KDUMP_LOADED ||
	    machine->kdump.state == EFIMAP_KDUMP_NOT_LOADED ||
	    machine->kdump.state == EFIMAP_KDUMP_NOT_RESERVED)
		return true;
	return machine->options.only_configured && machine->kdump.has_load;
}

/* Return whether a policy of the administrator refuses the load of an answer. */
static bool is_refused_by_policy(const struct answer *of)
{
	if (!of->load.is_refused || !of->known)
		return false;
	switch (of->known->finding->rule->id) {
	case EFIMAP_RULE_LOAD_DISABLED:
	case EFIMAP_RULE_LOAD_LOCKDOWN:
	case EFIMAP_RULE_LOAD_IMA:
	case EFIMAP_RULE_LOAD_SIGNATURE:
		return true;
	default:
		return false;
	}
}

/*
 * Return whether nobody uses kexec on a machine whose policy refuses it. Such a machine is as its
 * administrator wants it, so the answer does not count.
 */
static bool is_left_alone(const struct machine *machine, const struct answer *of)
{
	return of->load.question == EFIMAP_QUESTION_KEXEC &&
	       is_asked(machine, EFIMAP_QUESTION_KDUMP) &&
	       !value_is_set(machine->state, EFIMAP_VALUE_LOADED) &&
	       !machine_asks_about_next(machine) && is_refused_by_policy(of);
}

static struct load_answer *add_answer(struct concluding *to, enum load_question question)
{
	struct load_answer *answer = &to->answers[to->count++];

	*answer = (struct load_answer){
		.question = question,
		.state = to->machine->kdump.state,
		.loader = EFIMAP_LOADER_ANY,
		.counts = is_counted(to->machine, question),
		.known = -1,
		.unknown = -1,
	};
	return answer;
}

/* Return what determines the word of an answer whose range and lists are set. */
static struct word_facts facts_of(const struct concluding *to, const struct load_answer *answer)
{
	const bool is_loaded = is_as_if_loaded(to->machine, answer);
	struct word_facts facts =
		find_word_facts(answer->question, is_loaded ? EFIMAP_KDUMP_LOADED : answer->state,
				answer->range, answer->not_checked, answer->n_not_checked);

	if (is_log_too_short(to->machine, answer))
		facts.checked = EFIMAP_CHECKED_NOTHING;
	return facts;
}

static void take_words(struct load_answer *answer, struct word_facts facts)
{
	answer->word = word_of(&facts);
	facts.state = EFIMAP_KDUMP_LOADED;
	answer->load_word = word_of(&facts);
}

static void set_word(const struct concluding *to, struct load_answer *answer, bool is_hazard_seen)
{
	struct word_facts facts = facts_of(to, answer);

	facts.is_hazard_seen = is_hazard_seen;
	take_words(answer, facts);
}

/* Return the position of a reason in a list, or -1. */
static int find_position(const struct answer_reason *reasons, size_t count,
			 const struct reason *reason)
{
	for (size_t i = 0; reason && i < count; i++)
		if (reasons[i].rule == reason->finding->rule &&
		    reasons[i].certainty == reason->certainty &&
		    strcmp(reasons[i].text, finding_why(reason->finding)) == 0)
			return (int)i;
	return -1;
}

/* Append the reasons of an answer: the headline first, then the others, without duplicates. */
static void put_reasons(const struct answer *of, struct answer_reason *reasons, size_t *count)
{
	const struct reason *first = answer_headline(of);

	for (size_t i = 0; i <= of->n_reasons; i++) {
		const struct reason *reason = i == 0 ? first : &of->reasons[i - 1];

		if (reason && find_position(reasons, *count, reason) < 0)
			reasons[(*count)++] = (struct answer_reason){
				.rule = reason->finding->rule,
				.outcome = reason->finding->consequence,
				.certainty = reason->certainty,
				.text = finding_why(reason->finding),
				.condition = reason->finding->condition,
				.is_unseen = reason->certainty == EFIMAP_UNKNOWN &&
					     !reason->finding->is_hazard_seen &&
					     !reason->finding->condition,
			};
	}
}

/* Add to an answer that was not computed that it may have any effect, because of @why. */
static void allow_all(struct concluding *to, struct load_answer *answer, const char *check,
		      const char *why)
{
	struct not_checked *items =
		arena_alloc(&to->report->arena, (answer->n_not_checked + 1) * sizeof(*items));

	if (answer->n_not_checked)
		memcpy(items, answer->not_checked, answer->n_not_checked * sizeof(*items));
	items[answer->n_not_checked] = (struct not_checked){
		.check = check,
		.text = why,
		.unseen.outcomes = OUTCOME_BIT(EFIMAP_OUTCOME_COUNT) - 1 -
				   OUTCOME_BIT(EFIMAP_OUTCOME_NONE) -
				   OUTCOME_BIT(EFIMAP_OUTCOME_UNKNOWN),
		.is_reason = true,
	};
	answer->not_checked = items;
	answer->n_not_checked++;
}

/* Set the reasons of an answer, and what was not checked. */
static void set_lists(struct concluding *to, const struct answer *of, struct load_answer *answer)
{
	struct arena *arena = &to->report->arena;
	struct answer_reason *reasons = arena_alloc(arena, (of->n_reasons + 1) * sizeof(*reasons));

	answer->n_reasons = 0;
	put_reasons(of, reasons, &answer->n_reasons);
	answer->reasons = reasons;
	answer->known = find_position(reasons, answer->n_reasons, of->known);
	answer->unknown = find_position(reasons, answer->n_reasons, of->unknown);
	answer->not_checked =
		copy_array(to, of->not_checked, of->n_not_checked * sizeof(*of->not_checked));
	answer->n_not_checked = of->n_not_checked;
	if (!answer->has_range)
		allow_all(to, answer, "crash-loaded", to->machine->kdump.why);
}

static void add_load_answer(struct concluding *to, const struct answer *of)
{
	const struct load_case *load = &of->load;
	struct load_answer *answer = add_answer(to, load->question);

	to->place[of - to->of] = to->count - 1;
	answer->kernel = (struct answer_kernel){
		.release = copy_text(to, load->release.text),
		.image = load_has_image(load) ? copy_text(to, load->plan.image->name) : NULL,
		.roles = load->roles,
	};
	answer->loader = load->loader;
	answer->is_loader_assumed = load->is_loader_assumed;
	answer->is_refused = load->is_refused;
	answer->has_range = !hides_outcome(to->machine, answer);
	answer->range = of->range;
	answer->n_segments = load->placement.count;
	answer->segments = copy_array(to, load->placement.segments,
				      answer->n_segments * sizeof(*answer->segments));
	set_lists(to, of, answer);
	set_word(to, answer, of->is_hazard_seen);
	answer->advice = keep_advice(to, of->advice);
	answer->counts &= !is_left_alone(to->machine, of);
}

static bool is_same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static void add_unread_answer(struct concluding *to, enum load_question question,
			      const struct unread_kernel *kernel)
{
	struct arena *arena = &to->report->arena;
	const char *file = text_mark(arena, kernel->fault.where);
	struct load_answer *answer = add_answer(to, question);
	const bool is_running =
		*kernel->release && strcmp(kernel->release, to->machine->map->release.text) == 0;
	struct answer_reason reason = {
		.rule = rule_get(EFIMAP_RULE_SOURCE_UNREAD),
		.outcome = kernel->fault.state == EFIMAP_STATE_ABSENT ? EFIMAP_OUTCOME_CANNOT_LOAD
								      : EFIMAP_OUTCOME_NO_BOOT,
		.certainty = EFIMAP_UNKNOWN,
		.is_unseen = true,
	};
	const struct advice advice = {
		.text = word_unread_advice(to->machine->map, kernel, arena),
	};

	answer->kernel = (struct answer_kernel){
		.release = copy_text(to, kernel->release),
		.image = copy_text(to, kernel->image),
		.roles = (is_running ? EFIMAP_ROLE_RUNNING : 0) |
			 (kernel->is_default || (kernel->is_crash && !kernel->is_loaded)
				  ? EFIMAP_ROLE_CONFIGURED
				  : 0),
		.unnamed = !*kernel->release && !*kernel->image,
	};
	reason.text =
		arena_printf(arena, "%s%s%s%s cannot be %s: %s", file, *kernel->setting ? " (" : "",
			     kernel->setting, *kernel->setting ? ")" : "",
			     is_no_image(&kernel->fault) ? "used" : "read", kernel->fault.text);
	answer->has_range = !hides_outcome(to->machine, answer);
	answer->range = (struct effects){ .known = EFIMAP_OUTCOME_NONE };
	answer->reasons = copy_array(to, &reason, sizeof(reason));
	answer->n_reasons = 1;
	answer->unknown = 0;
	answer->advice = copy_array(to, &advice, sizeof(advice));
	/* In a copy, nothing is known of the kernel, and so no fault was found. */
	if (!capture_is_offline(to->machine->map))
		effects_add(&answer->range, reason.outcome, reason.certainty);
	allow_all(to, answer, "kernel-image", reason.text);
	set_word(to, answer, false);
}

static void add_question_answers(struct concluding *to, enum load_question question)
{
	const struct machine *machine = to->machine;
	const struct efimap *map = machine->map;

	for (size_t i = 0; i < to->n_of; i++)
		if (to->of[i].load.question == question)
			add_load_answer(to, &to->of[i]);
	for (size_t i = 0; i < map->n_unread_kernels; i++)
		if (is_unread_chosen(machine, question, &map->unread_kernels[i]))
			add_unread_answer(to, question, &map->unread_kernels[i]);
}

/* Set the word of an answer for which no load was predicted. */
static void set_unchecked_word(const struct concluding *to, struct load_answer *answer,
			       enum checked checked)
{
	struct word_facts facts = facts_of(to, answer);

	facts.checked = checked;
	take_words(answer, facts);
}

/* Add the answer for kdump if there is no load of a crash kernel to predict. */
static void add_kdump_state(struct concluding *to)
{
	struct machine *machine = to->machine;
	struct load_answer *answer;

	if (!is_asked(machine, EFIMAP_QUESTION_KDUMP) || machine->kdump.has_load)
		return;
	answer = add_answer(to, EFIMAP_QUESTION_KDUMP);
	answer->kernel.unnamed = true;
	answer->advice = keep_advice(to, find_state_advice(machine));
	if (answer->state == EFIMAP_KDUMP_UNKNOWN)
		allow_all(to, answer, "crash-loaded", to->machine->kdump.why);
	set_unchecked_word(to, answer, EFIMAP_CHECKED_NOTHING);
}

/* Return whether two forms differ only in their kernels. */
static bool is_same_form(const struct form *a, const struct form *b)
{
	const size_t count = form_count_lines(a);

	if (count != form_count_lines(b) || !is_same_text(a->head, b->head) ||
	    !is_same_text(a->word, b->word) || !is_same_text(a->sentence, b->sentence) ||
	    !is_same_text(a->end, b->end))
		return false;
	for (size_t i = 0; i < count; i++)
		if (a->lines[i].label != b->lines[i].label ||
		    a->lines[i].n_more != b->lines[i].n_more ||
		    !is_same_text(a->lines[i].text, b->lines[i].text))
			return false;
	return true;
}

/* Add the lines of a form that have a label. */
static void add_lines(struct concluding *to, struct form *form, const struct form *from,
		      enum form_label label)
{
	for (size_t i = 0; i < from->n_lines; i++)
		if (from->lines[i].label == label)
			form_add(form, &to->report->arena, from->lines[i]);
}

/*
 * If a log does not contain enough for both questions, say so once. The lines are those about
 * kexec, and what the log shows about the memory of a crash kernel.
 */
static bool join_log_forms(struct concluding *to)
{
	struct form *kexec = to->report->forms, *kdump = kexec + 1;

	if (to->report->n_forms != 2 || !is_same_text(kexec->word, kdump->word) ||
	    !is_same_text(kexec->sentence, kdump->sentence) ||
	    is_same_text(kexec->head, kdump->head))
		return false;
	kexec->head = "kexec, kdump";
	add_lines(to, kexec, kdump, EFIMAP_LABEL_SEEN);
	to->report->n_forms = 1;
	return true;
}

/* Return "kexec to A, B" for the kernels of the answers that have a form. */
static const char *name_kernels(struct concluding *to, const struct form *form)
{
	const char *head = form->head, *before = " to ";

	for (size_t i = 0; i < to->count; i++) {
		const struct load_answer *answer = &to->answers[i];
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
	size_t of_question[2] = { 0 }, first[MAX_ANSWERS];
	const char *heads[MAX_ANSWERS];

	report->forms = arena_alloc(&report->arena, (to->count + 1) * sizeof(*report->forms));
	for (size_t i = 0; i < to->count; i++) {
		const struct load_answer *answer = &to->answers[i];
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
		of_question[answer->question]++;
	}
	if (join_log_forms(to))
		return;
	/* Name the kernels if there are several forms for a question. */
	for (size_t i = 0; i < report->n_forms; i++)
		heads[i] = of_question[to->answers[first[i]].question] > 1
				   ? name_kernels(to, &report->forms[i])
				   : report->forms[i].head;
	for (size_t i = 0; i < report->n_forms; i++)
		report->forms[i].head = heads[i];
}

static void set_answers(struct concluding *to)
{
	struct report *report = to->report;

	for (size_t i = 0; i < to->count; i++)
		fill_form(to->machine, &to->answers[i], &report->arena, &to->answers[i].form);
	set_forms(to);
	report->answers = copy_array(to, to->answers, to->count * sizeof(*to->answers));
	report->n_answers = to->count;
}

/* With --for=kdump and without --configured, let the state of kdump affect the verdict. */
static void count_state(struct concluding *to)
{
	const struct machine *machine = to->machine;
	struct report *report = to->report;

	if (!is_state_asked(machine) || !is_asked(machine, EFIMAP_QUESTION_KDUMP))
		return;
	if (leaves_no_dump(machine->kdump.state)) {
		report->fails = report->state_fails = true;
	} else if (machine->kdump.state != EFIMAP_KDUMP_LOADED) {
		report->is_unknown = true;
		if (!*report->unseen)
			report->unseen = machine->kdump.why ? machine->kdump.why
							    : "this is the crash kernel";
	}
}

/* Set the worst outcome of the answers that count, and the members that determine the verdict. */
static void set_outcome(struct concluding *to)
{
	struct report *report = to->report;

	report->outcome = EFIMAP_OUTCOME_NONE;
	report->certainty = EFIMAP_CERTAIN;
	for (size_t i = 0; i < to->count; i++) {
		const struct load_answer *answer = &to->answers[i];
		const enum outcome outcome = answer_outcome(answer);

		if (!answer->counts)
			continue;
		report->fails |= outcome_is_bad(outcome);
		report->is_unknown |= outcome == EFIMAP_OUTCOME_UNKNOWN;
		if (outcome == EFIMAP_OUTCOME_UNKNOWN && !*report->unseen) {
			report->unseen = answer->form.sentence;
			if (hides_outcome(to->machine, answer))
				report->unseen = to->machine->kdump.why;
			else if (answer->n_reasons)
				report->unseen = answer->reasons[0].text;
		}
		if (outcome < report->outcome)
			continue;
		report->outcome = outcome;
		report->certainty = effects_certainty(answer->range);
		report->answer =
			arena_printf(&report->arena, "%s: %s%s%s", answer->form.head,
				     answer->form.word, answer->form.joint, answer->form.sentence);
	}
	count_state(to);
}

/* Return whether an answer counts, and no state hides its outcome. */
static bool is_decided(const struct concluding *to, const struct answer *of)
{
	const struct load_answer *answer = &to->answers[to->place[of - to->of]];

	return answer->counts && answer->has_range;
}

/* Make a note of a finding that concerns only answers that do not count. */
static void demote(struct finding *finding)
{
	finding->severity = EFIMAP_NOTE;
}

/* Make a note of each finding in the report that affects no decided answer. */
static void grade_shared(struct concluding *to)
{
	/* Even without loads, a finding may affect a kernel whose file cannot be read. */
	const bool affects_unread =
		to->n_of == 0 &&
		(is_asked(to->machine, EFIMAP_QUESTION_KEXEC) || to->machine->kdump.has_load);

	for (size_t i = 0; !affects_unread && i < to->report->n_findings; i++) {
		struct finding *finding = &to->report->findings[i];
		bool is_of_decided = false;

		for (size_t k = 0; k < to->n_of; k++)
			if (answer_has_finding(&to->of[k], finding)) {
				is_of_decided |= is_decided(to, &to->of[k]);
				finding->answers |= UINT64_C(1) << to->place[k];
			}
		if (finding->consequence != EFIMAP_OUTCOME_NONE && !is_of_decided)
			demote(finding);
	}
}

/*
 * Add the findings of the rules that depend on a load to the report, without duplicates. Data that
 * was not checked is listed in the answer only.
 */
static void join_findings(struct concluding *to, const struct answer *of, size_t from)
{
	for (size_t i = 0; i < of->own->n_findings; i++) {
		struct finding finding = of->own->findings[i];
		size_t at = from;

		if (finding.not_checked)
			continue;
		for (size_t k = 0; k < of->n_reasons; k++)
			if (of->reasons[k].finding == &of->own->findings[i])
				finding.certainty = of->reasons[k].certainty;
		while (at < to->report->n_findings &&
		       finding_compare(&to->report->findings[at], &finding) != 0)
			at++;
		finding.answers = UINT64_C(1) << to->place[of - to->of];
		if (at < to->report->n_findings) {
			to->report->findings[at].answers |= finding.answers;
			continue;
		}
		report_add(to->report, &finding);
		if (!is_decided(to, of))
			demote(&to->report->findings[at]);
	}
}

void conclude(struct machine *machine, const struct answer *answers, size_t n_answers)
{
	struct concluding to = {
		.machine = machine, .of = answers, .n_of = n_answers, .report = machine->report
	};
	const size_t from = machine->report->n_findings;

	for (unsigned int i = EFIMAP_QUESTION_KEXEC; i <= EFIMAP_QUESTION_KDUMP; i++)
		if (is_asked(machine, (enum load_question)i))
			add_question_answers(&to, (enum load_question)i);
	add_kdump_state(&to);
	set_answers(&to);
	grade_shared(&to);
	for (size_t i = 0; i < n_answers; i++)
		join_findings(&to, &answers[i], from);
	for (size_t i = 0; i < n_answers; i++)
		report_join(to.report, answers[i].own);
	report_seal(to.report);
	set_outcome(&to);
}

void conclude_unchecked(struct machine *machine, const char *why, struct advice advice,
			struct report *report)
{
	const enum checked checked = report->missed == EFIMAP_VERDICT_NOT_APPLICABLE
					     ? EFIMAP_CHECKED_NO_EFI
					     : EFIMAP_CHECKED_NOTHING;
	struct concluding to = { .machine = machine, .report = report };
	const bool is_crash_kernel = machine->kdump.state == EFIMAP_KDUMP_IN_CRASH_KERNEL;
	struct load_answer *answer;

	if (is_crash_kernel)
		advice = find_crash_kernel_advice(machine);
	report_seal(report);
	if (is_asked(machine, EFIMAP_QUESTION_KEXEC)) {
		answer = add_answer(&to, EFIMAP_QUESTION_KEXEC);
		answer->kernel.unnamed = true;
		answer->why = why;
		answer->advice = keep_advice(&to, advice);
		if (checked == EFIMAP_CHECKED_NOTHING)
			allow_all(&to, answer, "runtime-map", why);
		set_unchecked_word(&to, answer, checked);
	}
	if (is_asked(machine, EFIMAP_QUESTION_KDUMP)) {
		const bool is_alone = to.count == 0;

		answer = add_answer(&to, EFIMAP_QUESTION_KDUMP);
		answer->kernel.unnamed = true;
		answer->load_why = machine->kdump.has_load || is_alone ? why : NULL;
		if (is_alone && has_advice(advice) && !is_crash_kernel)
			answer->advice = keep_advice(&to, advice);
		else if (leaves_no_dump(answer->state) || is_crash_kernel)
			answer->advice = keep_advice(&to, find_state_advice(machine));
		if (checked == EFIMAP_CHECKED_NOTHING)
			allow_all(&to, answer, "runtime-map", why);
		set_unchecked_word(&to, answer, checked);
		machine->kdump.has_load = false;
	}
	set_answers(&to);
	set_outcome(&to);
}
