/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Join the answers for the two loaders of each kernel, decide which answers count, and write their
 * lines. This is the only place that joins loaders.
 */
#include <string.h>

#include "answer/advice.h"
#include "answer/conclude.h"
#include "answer/loads.h"
#include "answer/sentences.h"
#include "base/output_buffer.h"
#include "base/text_scan.h"
#include "rules/engine.h"
#include "rules/unread_verdict.h"

/* One answer for each load, each unread kernel, and each question without a load */
#define MAX_ANSWERS (2 * EFIMAP_MAX_KERNELS * EFIMAP_LOADER_COUNT + EFIMAP_MAX_UNREAD_KERNELS + 2)

#define NO_DUMP ": a panic now leaves no dump"

/*
 * struct concluding - state while the answers of all loads are combined
 * @of:     the answers for the loads
 * @lines:  the lines of the report
 * @joined: for each of @of, the position in @answers of the answer that contains it
 * @shared: the advice that keep_advice() has copied
 */
struct concluding {
	struct machine *machine;
	const struct answer *of;
	size_t n_of;
	struct report *report;
	struct load_answer answers[MAX_ANSWERS];
	size_t joined[MAX_ANSWERS];
	size_t count;
	size_t n_groups;
	struct answer_line *lines;
	const struct advice *shared[MAX_ANSWERS];
	size_t n_shared;
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

/*
 * Return a copy of @advice, or NULL if @advice has no text. Answers with the same constant advice
 * share a copy.
 */
static const struct advice *keep_advice(struct concluding *to, struct advice advice)
{
	if (!advice.text)
		return NULL;
	for (size_t i = 0; i < to->n_shared; i++)
		if (to->shared[i]->text == advice.text && to->shared[i]->command == advice.command)
			return to->shared[i];
	to->shared[to->n_shared] = copy_array(to, &advice, sizeof(advice));
	return to->shared[to->n_shared++];
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

/* Return whether the outcome of a load is unknown because the state of kdump is unknown. */
static bool hides_outcome(const struct machine *machine, enum load_question question)
{
	return question == EFIMAP_QUESTION_KDUMP && machine->kdump.state == EFIMAP_KDUMP_UNKNOWN &&
	       !machine->options.only_configured;
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
static bool is_left_alone(const struct machine *machine, const struct answer *first,
			  const struct answer *end)
{
	const bool is_only_question = !is_asked(machine, EFIMAP_QUESTION_KDUMP);

	if (first->load.question != EFIMAP_QUESTION_KEXEC || is_only_question ||
	    value_is_set(machine->state, EFIMAP_VALUE_LOADED) || machine_asks_about_next(machine) ||
	    machine->state->loads_at_reboot)
		return false;
	for (; first < end; first++)
		if (!is_refused_by_policy(first))
			return false;
	return true;
}

static struct load_answer *add_answer(struct concluding *to, enum load_question question)
{
	struct load_answer *answer = &to->answers[to->count++];

	*answer = (struct load_answer){
		.question = question,
		.state = to->machine->kdump.state,
		.loader = EFIMAP_LOADER_ANY,
		.group = to->n_groups++,
		.counts = is_counted(to->machine, question),
		.verdict = CANNOT_TELL,
		.middle = "",
		.after = "",
	};
	return answer;
}

/* Return what determines the word of an answer whose range and lists are set. */
static struct word_facts find_word_facts(const struct concluding *to,
					 const struct load_answer *answer)
{
	const bool is_as_if_loaded =
		to->machine->options.only_configured || (answer->kernel.roles & EFIMAP_ROLE_GIVEN);
	struct word_facts facts = {
		.question = answer->question,
		.state = is_as_if_loaded ? EFIMAP_KDUMP_LOADED : answer->state,
		.range = answer->range,
	};

	for (size_t i = 0; i < answer->n_not_checked; i++) {
		const struct not_checked *item = &answer->not_checked[i];
		const enum outcome worst = worst_outcome(item->unseen.outcomes &
							 ~OUTCOME_BIT(EFIMAP_OUTCOME_CANNOT_LOAD));

		if (item->is_excluded)
			continue;
		facts.lacks_boot |= outcome_is_bad(worst);
		facts.lacks_load |= item->unseen.outcomes & OUTCOME_BIT(EFIMAP_OUTCOME_CANNOT_LOAD);
	}
	for (size_t i = 0; i < answer->n_reasons; i++)
		if (answer->reasons[i].rule->id == EFIMAP_RULE_MAP_UNREAD &&
		    find_first_origin(to->machine->map) == EFIMAP_ORIGIN_LOG)
			facts.checked = EFIMAP_CHECKED_NOTHING;
	return facts;
}

/* Set the word of an answer that has no group. */
static void set_word(const struct concluding *to, struct load_answer *answer, bool is_hazard_seen)
{
	struct word_facts facts = find_word_facts(to, answer);

	facts.is_hazard_seen = is_hazard_seen;
	answer->word = answer->group_word = word_of(&facts);
}

/* Return whether a load causes the unknown effect @unknown of its group, and its cause was seen. */
static bool shows_hazard(const struct answer *of, enum outcome unknown)
{
	return of->range.known == unknown || (of->range.unknown == unknown && of->is_hazard_seen);
}

/*
 * Set the words of two loads of a group. What was not seen, and the conditions, are those of the
 * better load.
 */
static void set_group_word(const struct concluding *to, struct load_answer *answer,
			   const struct answer *of, struct load_answer *second,
			   const struct answer *other)
{
	const bool is_second_better = effects_is_better(other->range, of->range);
	const struct answer *worse = is_second_better ? of : other;
	struct word_facts facts = find_word_facts(to, is_second_better ? second : answer);

	facts.range = answer->joined;
	facts.is_hazard_seen = (is_second_better ? other : of)->is_hazard_seen ||
			       shows_hazard(worse, answer->joined.unknown);
	answer->group_word = second->group_word = word_of(&facts);
}

/* Append the reasons of an answer: the headline first, then the others, without duplicates. */
static void put_reasons(const struct answer *of, struct answer_reason *reasons, size_t *count)
{
	const struct reason *first =
		effects_outcome(of->range) == EFIMAP_OUTCOME_UNKNOWN ? of->unknown : of->known;

	for (size_t i = 0; i <= of->n_reasons; i++) {
		const struct reason *reason = i == 0 ? first : &of->reasons[i - 1];
		bool is_listed = !reason;

		for (size_t k = 0; k < *count && !is_listed; k++)
			is_listed = reasons[k].rule == reason->finding->rule &&
				    reasons[k].certainty == reason->certainty &&
				    strcmp(reasons[k].text, text_of_reason(reason)) == 0;
		if (!is_listed)
			reasons[(*count)++] = (struct answer_reason){
				.rule = reason->finding->rule,
				.outcome = reason->finding->consequence,
				.certainty = reason->certainty,
				.text = text_of_reason(reason),
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

/* Set the reasons of an answer, and what was not checked, from one load or from two loads. */
static void set_lists(struct concluding *to, const struct answer *of, const struct answer *other,
		      struct load_answer *answer)
{
	struct arena *arena = &to->report->arena;
	const size_t n_other = other ? other->n_reasons : 0;
	const size_t n_items = other ? other->n_not_checked : 0;
	struct answer_reason *reasons =
		arena_alloc(arena, (of->n_reasons + n_other + 2) * sizeof(*reasons));
	struct not_checked *items =
		arena_alloc(arena, (of->n_not_checked + n_items + 1) * sizeof(*items));

	answer->n_reasons = answer->n_not_checked = 0;
	put_reasons(of, reasons, &answer->n_reasons);
	for (size_t i = 0; i < of->n_not_checked; i++)
		add_not_checked(items, &answer->n_not_checked, &of->not_checked[i]);
	if (other)
		put_reasons(other, reasons, &answer->n_reasons);
	for (size_t i = 0; i < n_items; i++)
		add_not_checked(items, &answer->n_not_checked, &other->not_checked[i]);
	answer->reasons = reasons;
	answer->not_checked = items;
	if (!answer->has_range)
		allow_all(to, answer, "crash-loaded", to->machine->kdump.why);
}

/* Return whether words about the state of kdump precede the verdict of an answer. */
static bool names_state(const struct machine *machine, const struct load_answer *answer)
{
	return answer->question == EFIMAP_QUESTION_KDUMP && machine->kdump.has_load &&
	       !machine->options.only_configured && answer->state != EFIMAP_KDUMP_LOADED;
}

static struct load_answer *add_load_answer(struct concluding *to, const struct answer *of)
{
	const struct load_case *load = &of->load;
	struct load_answer *answer = add_answer(to, load->question);
	const struct wording wording =
		word_answer(of, names_state(to->machine, answer), &to->report->arena);

	to->joined[of - to->of] = to->count - 1;
	answer->kernel = (struct answer_kernel){
		.release = copy_text(to, load->release.text),
		.image = load_has_image(load) ? copy_text(to, load->plan.image->name) : NULL,
		.roles = load->roles,
		.unnamed = load->is_unnamed,
	};
	answer->loader = load->loader;
	answer->verdict = wording.verdict;
	answer->middle = wording.middle;
	answer->after = wording.after;
	answer->rule = wording.rule;
	answer->has_range = !hides_outcome(to->machine, load->question);
	answer->range = answer->joined = of->range;
	answer->n_segments = load->placement.count;
	answer->segments = copy_array(to, load->placement.segments,
				      answer->n_segments * sizeof(*answer->segments));
	set_lists(to, of, NULL, answer);
	set_word(to, answer, of->is_hazard_seen);
	answer->advice = keep_advice(to, of->advice);
	return answer;
}

static bool is_same_advice(const struct advice *a, const struct advice *b)
{
	if (!a || !b)
		return !a && !b;
	if (!a->command || !b->command)
		return !a->command && !b->command && strcmp(a->text, b->text) == 0;
	return strcmp(a->command, b->command) == 0;
}

/*
 * If the headline of two loads that share an answer names the loader of one, add a sentence about
 * the other, so that nobody tries it.
 */
static void add_other_loader(struct concluding *to, struct load_answer *answer,
			     const struct answer *of, const struct answer *other)
{
	const bool is_unknown = effects_outcome(other->range) == EFIMAP_OUTCOME_UNKNOWN;
	const struct reason *reason = is_unknown ? other->unknown : other->known;
	const char *call = loader_call(other->load.loader);
	struct arena *arena = &to->report->arena;

	if (!reason || !strstr(answer->after, loader_call(of->load.loader)))
		return;
	if (reason->finding->rule == answer->rule)
		answer->after =
			arena_printf(arena, "%s. The same applies to %s", answer->after, call);
	else
		answer->after = arena_printf(arena, "%s. With %s: %s", answer->after, call,
					     text_of_reason(reason));
}

/*
 * Add the answers of the loads from @first to @end - 1. There is one load of a kernel, or two loads
 * of the same kernel with different loaders. Two loads share an answer if their ranges are equal.
 * Otherwise, they are a group.
 */
static void add_load_answers(struct concluding *to, const struct answer *first,
			     const struct answer *end)
{
	const struct answer *other = end - 1;
	const bool is_counting = !is_left_alone(to->machine, first, end);
	const struct effects joined = effects_join(first->range, other->range);
	struct load_answer *answer, *second;

	if (first == other || effects_are_equal(first->range, other->range)) {
		/* Of a plain "ok" and one with conditions, the one with conditions applies. */
		const struct answer *of =
			other->range.n_conditions > first->range.n_conditions ? other : first;

		answer = add_load_answer(to, of);
		answer->counts &= is_counting;
		if (first == other)
			return;
		answer->loader = EFIMAP_LOADER_ANY;
		answer->range = answer->joined = joined;
		add_other_loader(to, answer, of, of == first ? other : first);
		to->joined[first - to->of] = to->joined[other - to->of] = to->count - 1;
		set_lists(to, of, of == first ? other : first, answer);
		set_word(to, answer, first->is_hazard_seen || other->is_hazard_seen);
		return;
	}
	/* Since systemd 261 and kexec-tools 2.0.27, kexec_file_load is the usual loader. */
	if (other->load.loader == EFIMAP_LOADER_KERNEL) {
		const struct answer *swapped = first;

		first = other;
		other = swapped;
	}
	answer = add_load_answer(to, first);
	second = add_load_answer(to, other);
	if (is_same_advice(answer->advice, second->advice))
		second->advice = answer->advice;
	second->group = answer->group;
	to->n_groups--;
	answer->is_split = second->is_split = true;
	answer->joined = second->joined = joined;
	answer->counts &= is_counting;
	second->counts &= is_counting;
	set_group_word(to, answer, first, second, other);
}

static void add_unread_answer(struct concluding *to, enum load_question question,
			      const struct unread_kernel *kernel)
{
	struct arena *arena = &to->report->arena;
	const char *file = text_mark(arena, kernel->fault.where);
	struct load_answer *answer = add_answer(to, question);
	const bool is_running =
		*kernel->release && strcmp(kernel->release, to->machine->map->release.text) == 0;
	/*
	 * On the running system, no program can load a file that does not exist. The file of a
	 * crash kernel may have been removed after the load.
	 */
	const bool may_be_loaded = question == EFIMAP_QUESTION_KDUMP &&
				   to->machine->kdump.state == EFIMAP_KDUMP_LOADED &&
				   !to->machine->options.only_configured;
	const bool is_missing = kernel->fault.state == EFIMAP_STATE_ABSENT &&
				!capture_is_offline(to->machine->map) && !kernel->is_loaded &&
				!may_be_loaded;
	struct answer_reason reason = {
		.rule = rule_get(EFIMAP_RULE_SOURCE_UNREAD),
		.outcome = is_missing ? EFIMAP_OUTCOME_CANNOT_LOAD : EFIMAP_OUTCOME_NO_BOOT,
		.certainty = is_missing ? EFIMAP_CERTAIN : EFIMAP_UNKNOWN,
	};
	const struct advice advice = {
		.text = word_unread_advice(to->machine->map, kernel, arena),
	};

	answer->kernel = (struct answer_kernel){
		.release = copy_text(to, kernel->release),
		.image = copy_text(to, kernel->image),
		.roles = (is_running ? EFIMAP_ROLE_RUNNING : 0) |
			 (kernel->is_for_reboot || (kernel->is_crash && !kernel->is_loaded)
				  ? EFIMAP_ROLE_CONFIGURED
				  : 0),
		.unnamed = !*kernel->release && !*kernel->image,
	};
	reason.text =
		arena_printf(arena, "%s%s%s%s cannot be %s: %s", file, *kernel->setting ? " (" : "",
			     kernel->setting, *kernel->setting ? ")" : "",
			     is_no_image(&kernel->fault) ? "used" : "read", kernel->fault.text);
	answer->after = arena_printf(arena, ": %s", reason.text);
	answer->has_range = !hides_outcome(to->machine, question);
	if (is_missing)
		answer->verdict = "cannot be loaded";
	answer->range = (struct effects){ .known = EFIMAP_OUTCOME_NONE };
	effects_add(&answer->range, reason.outcome, reason.certainty);
	answer->joined = answer->range;
	answer->reasons = copy_array(to, &reason, sizeof(reason));
	answer->n_reasons = 1;
	answer->rule = reason.rule;
	answer->advice = copy_array(to, &advice, sizeof(advice));
	if (!is_missing)
		allow_all(to, answer, "kernel-image", reason.text);
	set_word(to, answer, false);
}

static void add_question_answers(struct concluding *to, enum load_question question)
{
	const struct machine *machine = to->machine;
	const struct efimap *map = machine->map;
	size_t end;

	for (size_t i = 0; i < to->n_of; i = end) {
		for (end = i + 1; end < to->n_of; end++)
			if (to->of[end].load.kernel != to->of[i].load.kernel ||
			    to->of[end].load.question != to->of[i].load.question)
				break;
		if (to->of[i].load.question == question)
			add_load_answers(to, &to->of[i], &to->of[end]);
	}
	for (size_t i = 0; i < map->n_unread_kernels; i++)
		if (is_unread_chosen(machine, question, &map->unread_kernels[i]))
			add_unread_answer(to, question, &map->unread_kernels[i]);
}

static const char *word_not_configured(struct concluding *to)
{
	struct arena *arena = &to->report->arena;
	const char *place = to->machine->state->crashkernel_in;

	if (!place)
		return " (no crashkernel=)" NO_DUMP;
	return arena_printf(arena,
			    " (crashkernel= is in %s%s, but not in the parameters of the running "
			    "kernel)" NO_DUMP,
			    source_path_prefix(to->machine->map, EFIMAP_SRC_KEXEC),
			    text_mark(arena, place));
}

/* Set the words of an answer about a state of kdump in which no load is predicted. */
static void word_state(struct concluding *to, struct load_answer *answer)
{
	const struct machine *machine = to->machine;

	switch (machine->kdump.state) {
	case EFIMAP_KDUMP_IN_CRASH_KERNEL:
		answer->verdict = "this is the crash kernel";
		if (machine->has_died)
			answer->after = ", and it crashed too, so it probably saved no dump";
		break;
	case EFIMAP_KDUMP_NOT_CONFIGURED:
		answer->verdict = "not configured";
		answer->after = word_not_configured(to);
		break;
	case EFIMAP_KDUMP_NOT_RESERVED:
		answer->verdict = "not reserved";
		answer->after = NO_DUMP;
		break;
	case EFIMAP_KDUMP_NOT_LOADED:
		answer->verdict = "not loaded";
		answer->after = NO_DUMP;
		break;
	case EFIMAP_KDUMP_LOADED:
		answer->verdict = "loaded";
		break;
	case EFIMAP_KDUMP_UNKNOWN:
		answer->verdict = "cannot tell whether a crash kernel is loaded";
		answer->after = arena_printf(&to->report->arena, ": %s", machine->kdump.why);
		break;
	}
}

/* Set the word of an answer for which no load was predicted. */
static void set_unchecked_word(const struct concluding *to, struct load_answer *answer,
			       enum checked checked)
{
	struct word_facts facts = find_word_facts(to, answer);

	facts.checked = checked;
	answer->word = answer->group_word = word_of(&facts);
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
	word_state(to, answer);
	answer->advice = keep_advice(to, find_state_advice(machine));
	if (answer->state == EFIMAP_KDUMP_UNKNOWN)
		allow_all(to, answer, "crash-loaded", to->machine->kdump.why);
	set_unchecked_word(to, answer, EFIMAP_CHECKED_NOTHING);
}

/* Add "RELEASE, ROLES" to a text. */
static void put_kernel(struct concluding *to, const struct load_answer *answer, struct out *out)
{
	static const struct {
		enum kernel_role role;
		const char *words;
	} roles[] = {
		{ EFIMAP_ROLE_RUNNING, "running" },
		{ EFIMAP_ROLE_NEWEST, "newest" },
		{ EFIMAP_ROLE_CONFIGURED, "configured" },
		{ EFIMAP_ROLE_ASSUMED, "assumed" },
	};
	const struct answer_kernel *kernel = &answer->kernel;
	const bool is_recorded = to->machine->uses_record && !(kernel->roles & EFIMAP_ROLE_GIVEN) &&
				 answer->question == EFIMAP_QUESTION_KDUMP;
	const bool is_assumed = kernel->roles & EFIMAP_ROLE_ASSUMED;
	const unsigned int printed =
		kernel->roles | (is_recorded && !is_assumed ? EFIMAP_ROLE_CONFIGURED : 0);
	const char *name = kernel->release ? kernel->release : kernel->image;

	out_puts(out, name	   ? text_mark(&to->report->arena, name)
		      : is_assumed ? "kernel release unknown"
				   : "the kernel in the kexec log");
	/* "Unknown, assumed" would contradict itself. */
	if (!name && is_assumed && !is_recorded)
		return;
	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
		if (!(printed & roles[i].role))
			continue;
		out_printf(out, ", %s",
			   !is_recorded				  ? roles[i].words
			   : roles[i].role == EFIMAP_ROLE_ASSUMED ? "assumed for the recorded load"
			   : roles[i].role == EFIMAP_ROLE_CONFIGURED ? "recorded"
								     : roles[i].words);
	}
}

static bool is_same_line(const struct load_answer *a, const struct load_answer *b)
{
	return a->question == b->question && !a->kernel.unnamed && !b->kernel.unnamed &&
	       !a->is_split && !b->is_split && is_same_advice(a->advice, b->advice) &&
	       strcmp(a->verdict, b->verdict) == 0 && strcmp(a->middle, b->middle) == 0 &&
	       strcmp(a->after, b->after) == 0;
}

/* Return a copy of a text in the arena of the report. */
static const char *take_text(struct concluding *to, struct out *out)
{
	return arena_strndup(&to->report->arena, out->data ? out->data : "", out->used);
}

static void put_kernels(struct concluding *to, const size_t *numbers, size_t count, struct out *out)
{
	if (to->answers[numbers[0]].kernel.unnamed)
		return;
	for (size_t i = 0; i < count; i++) {
		out_puts(out, i ? "; " : " (");
		put_kernel(to, &to->answers[numbers[i]], out);
	}
	out_putc(out, ')');
}

/* Add MIDDLE (KERNELS) AFTER. [RULE] for the answers with the given numbers. */
static void put_rest(struct concluding *to, const size_t *numbers, size_t count, struct out *out)
{
	const struct load_answer *answer = &to->answers[numbers[0]];

	out_puts(out, answer->middle);
	if (!answer->is_split)
		put_kernels(to, numbers, count, out);
	out_printf(out, "%s.", answer->after);
	if (answer->rule)
		out_printf(out, " [%s]", answer->rule->name);
}

static const char *name_loader(unsigned int loader)
{
	return loader == EFIMAP_LOADER_KERNEL ? "kexec_file_load (kexec -s): "
					      : "kexec_load (kexec -c): ";
}

static enum tone tone_of(const struct load_answer *answer)
{
	const enum outcome outcome = effects_outcome(answer->range);

	if (outcome_is_bad(outcome))
		return EFIMAP_TONE_BAD;
	return outcome == EFIMAP_OUTCOME_NONE ? EFIMAP_TONE_GOOD : EFIMAP_TONE_WARNING;
}

/*
 * Return the reason for an answer that is also @why the state of kdump is unknown, or NULL. Such a
 * fact is stated once, after the prediction.
 */
static const struct answer_reason *find_repeated(const struct load_answer *answer, const char *why)
{
	for (size_t i = 0; i < answer->n_reasons; i++)
		if (strcmp(answer->reasons[i].text, why) == 0 &&
		    (i == 0 || (answer->after && strstr(answer->after, why))))
			return &answer->reasons[i];
	return NULL;
}

/*
 * Begin a line with the question and, for kdump, the state. If the state itself is the most
 * important word, it becomes the coloured verdict, and the function returns the words after it.
 */
static void begin_line(struct concluding *to, const struct load_answer *answer,
		       struct answer_line *line, struct out *after)
{
	const bool is_kdump = answer->question == EFIMAP_QUESTION_KDUMP;
	const bool cannot_load =
		!answer->is_split && effects_outcome(answer->range) == EFIMAP_OUTCOME_CANNOT_LOAD;
	const struct answer_reason *reason;

	line->of = answer;
	line->tone = tone_of(answer);
	line->verdict = answer->verdict;
	line->before = !is_kdump ? "kexec: " : "kdump: ";
	if (!is_kdump || !to->machine->kdump.has_load || to->machine->options.only_configured) {
		if (is_kdump && leaves_no_dump(answer->state) && answer->kernel.unnamed)
			line->tone = EFIMAP_TONE_BAD;
		return;
	}
	if (answer->state == EFIMAP_KDUMP_LOADED) {
		line->before = !(answer->kernel.roles & EFIMAP_ROLE_GIVEN)
				       ? "kdump: loaded. After a panic: "
			       : cannot_load ? "kdump: loaded. The given kernel "
					     : "kdump: loaded. With the given kernel: ";
		return;
	}
	line->tone = leaves_no_dump(answer->state) ? EFIMAP_TONE_BAD : EFIMAP_TONE_WARNING;
	switch (answer->state) {
	case EFIMAP_KDUMP_NOT_LOADED:
		line->verdict = "not loaded";
		out_puts(after, NO_DUMP);
		out_puts(after, cannot_load ? ". The crash kernel " : ". Once loaded: ");
		break;
	case EFIMAP_KDUMP_NOT_RESERVED:
		line->verdict = "not reserved";
		out_puts(after, NO_DUMP ". The crash kernel ");
		break;
	default:
		line->verdict = "cannot tell whether a crash kernel is loaded";
		reason = find_repeated(answer, to->machine->kdump.why);
		if (!reason)
			out_printf(after, ": %s", to->machine->kdump.why);
		if (!reason && answer->n_reasons)
			reason = &answer->reasons[0];
		/* A kernel that is loaded was not refused, so the answer is about another load. */
		out_puts(after, reason && reason->outcome == EFIMAP_OUTCOME_CANNOT_LOAD
					? ". Its load: "
					: ". If it is loaded: ");
		break;
	}
	out_puts(after, answer->is_split ? "" : answer->verdict);
}

/* Add the line for the answer @from. Later answers with the same wording share this line. */
static void add_line(struct concluding *to, size_t from, bool *was_put)
{
	const struct load_answer *answers = to->report->answers;
	struct answer_line *line = &to->lines[to->report->n_lines++];
	auto_out struct out after = EFIMAP_OUT_MEM;
	size_t numbers[MAX_ANSWERS] = { from }, count = 1;

	was_put[from] = true;
	for (size_t i = from + 1; i < to->count; i++)
		if (!was_put[i] && is_same_line(&answers[from], &answers[i])) {
			was_put[i] = true;
			numbers[count++] = i;
		}
	*line = (struct answer_line){ .of = &answers[from] };
	begin_line(to, &answers[from], line, &after);
	put_rest(to, numbers, count, &after);
	line->after = take_text(to, &after);
}

/* Add the lines of a group: one about the question, and an indented one for each loader. */
static void add_group_lines(struct concluding *to, size_t from, bool *was_put)
{
	struct report *report = to->report;
	struct answer_line *head = &to->lines[report->n_lines++];
	auto_out struct out after = EFIMAP_OUT_MEM;

	*head = (struct answer_line){ .of = &report->answers[from] };
	begin_line(to, &report->answers[from], head, &after);
	if (head->verdict == report->answers[from].verdict)
		head->verdict = "depends on the loader";
	else
		out_puts(&after, "depends on the loader");
	head->tone = EFIMAP_TONE_WARNING;
	head->is_heading = true;
	out_puts(&after, ", which is unknown");
	put_kernels(to, &from, 1, &after);
	out_putc(&after, ':');
	head->after = take_text(to, &after);
	for (size_t i = from; i < to->count; i++) {
		const struct load_answer *answer = &report->answers[i];
		struct answer_line *line;

		if (answer->group != report->answers[from].group)
			continue;
		was_put[i] = true;
		line = &to->lines[report->n_lines++];
		after.used = 0;
		put_rest(to, &i, 1, &after);
		*line = (struct answer_line){
			.of = answer,
			.before = name_loader(answer->loader),
			.verdict = answer->verdict,
			.after = take_text(to, &after),
			.tone = tone_of(answer),
			.is_indented = true,
		};
	}
}

/* Set the complete sentence of an answer. */
static void set_sentence(struct concluding *to, size_t number)
{
	struct load_answer *answer = &to->answers[number];
	struct answer_line line = { .before = "" };
	auto_out struct out after = EFIMAP_OUT_MEM, loader = EFIMAP_OUT_MEM;
	const char *words;

	begin_line(to, answer, &line, &after);
	if (answer->is_split) {
		const bool names = line.verdict != answer->verdict;

		out_printf(&loader, "%s%s%s%s", names ? line.verdict : "",
			   after.used ? take_text(to, &after) : "", name_loader(answer->loader),
			   answer->verdict);
		after.used = 0;
		line.verdict = take_text(to, &loader);
	}
	put_rest(to, &number, 1, &after);
	words = take_text(to, &after);
	answer->answer =
		arena_printf(&to->report->arena, "%s%s%s", line.before, line.verdict, words);
}

static void set_answers(struct concluding *to)
{
	struct report *report = to->report;
	bool was_put[MAX_ANSWERS] = { false };

	to->lines = arena_alloc(&report->arena, 2 * (to->count + 1) * sizeof(*to->lines));
	for (size_t i = 0; i < to->count; i++)
		set_sentence(to, i);
	report->answers = copy_array(to, to->answers, to->count * sizeof(*to->answers));
	report->n_answers = to->count;
	report->lines = to->lines;
	for (size_t i = 0; i < to->count; i++) {
		if (was_put[i])
			continue;
		if (report->answers[i].is_split)
			add_group_lines(to, i, was_put);
		else
			add_line(to, i, was_put);
	}
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

/* Set the worst outcome of the groups that count, and the members that determine the verdict. */
static void set_outcome(struct concluding *to)
{
	struct report *report = to->report;

	report->outcome = EFIMAP_OUTCOME_NONE;
	report->certainty = EFIMAP_CERTAIN;
	for (size_t i = 0; i < to->count; i++) {
		const struct load_answer *answer = &to->answers[i];
		const enum outcome outcome = group_outcome(answer);

		if (!answer->counts)
			continue;
		report->fails |= outcome_is_bad(outcome);
		report->is_unknown |= outcome == EFIMAP_OUTCOME_UNKNOWN;
		if (outcome == EFIMAP_OUTCOME_UNKNOWN && !*report->unseen) {
			report->unseen = answer->verdict;
			if (answer->is_split)
				report->unseen = "the loader is unknown, and the outcomes of "
						 "kexec_load and kexec_file_load differ";
			else if (hides_outcome(to->machine, answer->question))
				report->unseen = to->machine->kdump.why;
			else if (answer->n_reasons)
				report->unseen = answer->reasons[0].text;
		}
		if (outcome < report->outcome)
			continue;
		report->outcome = outcome;
		report->certainty = effects_certainty(answer->joined);
		report->answer = answer->answer;
	}
	count_state(to);
}

/* Return whether an answer counts, and its loader is the one that will be used. */
static bool is_decided(const struct concluding *to, const struct answer *of)
{
	const struct load_answer *answer = &to->answers[to->joined[of - to->of]];

	return answer->counts && (!answer->is_split || outcome_is_bad(group_outcome(answer)));
}

/* Make a note of a finding that concerns only answers that do not count. */
static void demote(struct finding *finding)
{
	finding->severity = EFIMAP_NOTE;
	finding->is_demoted = true;
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
			if (answer_has_finding(&to->of[k], finding) &&
			    !(finding_depends_on_segments(finding) && to->of[k].load.is_unnamed)) {
				is_of_decided |= is_decided(to, &to->of[k]);
				finding->answers |= UINT64_C(1) << to->joined[k];
			}
		if (finding->consequence != EFIMAP_OUTCOME_NONE && !is_of_decided)
			demote(finding);
	}
}

/* Return whether an earlier load that shares the answer has a finding of the same rule. */
static bool is_reported_earlier(const struct concluding *to, const struct answer *of,
				const struct finding *finding)
{
	for (const struct answer *before = to->of; before < of; before++) {
		if (to->joined[before - to->of] != to->joined[of - to->of])
			continue;
		for (size_t i = 0; i < before->own->n_findings; i++)
			if (before->own->findings[i].rule == finding->rule)
				return true;
	}
	return false;
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

		if (finding.not_checked || is_reported_earlier(to, of, &finding))
			continue;
		for (size_t k = 0; k < of->n_reasons; k++)
			if (of->reasons[k].finding == &of->own->findings[i])
				finding.certainty = of->reasons[k].certainty;
		while (at < to->report->n_findings &&
		       finding_compare(&to->report->findings[at], &finding) != 0)
			at++;
		finding.answers = UINT64_C(1) << to->joined[of - to->of];
		if (at < to->report->n_findings) {
			to->report->findings[at].answers |= finding.answers;
			continue;
		}
		report_add(to->report, &finding);
		if ((of->load.is_unnamed && finding_depends_on_segments(&finding)) ||
		    !is_decided(to, of))
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

void conclude_unchecked(struct machine *machine, const char *verdict, const char *why,
			const char *advice, struct report *report)
{
	const enum checked checked = report->missed == EFIMAP_VERDICT_NOT_APPLICABLE
					     ? EFIMAP_CHECKED_NO_EFI
					     : EFIMAP_CHECKED_NOTHING;
	struct concluding to = { .machine = machine, .report = report };
	struct load_answer *answer;

	report_seal(report);
	if (is_asked(machine, EFIMAP_QUESTION_KEXEC)) {
		answer = add_answer(&to, EFIMAP_QUESTION_KEXEC);
		answer->kernel.unnamed = true;
		answer->verdict = verdict;
		answer->after = arena_printf(&report->arena, ": %s", why);
		answer->advice = keep_advice(&to, (struct advice){ .text = advice });
		if (checked == EFIMAP_CHECKED_NOTHING)
			allow_all(&to, answer, "runtime-map", why);
		set_unchecked_word(&to, answer, checked);
	}
	if (is_asked(machine, EFIMAP_QUESTION_KDUMP)) {
		const bool is_alone = to.count == 0;

		answer = add_answer(&to, EFIMAP_QUESTION_KDUMP);
		answer->kernel.unnamed = true;
		word_state(&to, answer);
		if (machine->kdump.has_load || is_alone)
			answer->after =
				arena_printf(&report->arena,
					     is_alone ? "%s. Its load: %s: %s" : "%s. Its load: %s",
					     answer->after, verdict, why);
		if (is_alone && advice)
			answer->advice = keep_advice(&to, (struct advice){ .text = advice });
		else if (leaves_no_dump(answer->state))
			answer->advice = keep_advice(&to, find_state_advice(machine));
		if (checked == EFIMAP_CHECKED_NOTHING)
			allow_all(&to, answer, "runtime-map", why);
		set_unchecked_word(&to, answer, checked);
		machine->kdump.has_load = false;
	}
	set_answers(&to);
	set_outcome(&to);
}
