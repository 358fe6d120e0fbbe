/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Combine the answers for the two loaders of each kernel, and merge equal lines and findings. */
#include <errno.h>
#include <string.h>

#include "answer/advice.h"
#include "answer/conclude.h"
#include "answer/loads.h"
#include "base/output_buffer.h"
#include "base/text_scan.h"
#include "rules/engine.h"

/* One answer for each load, each unread kernel, and each question without a load */
#define MAX_ANSWERS (2 * EFIMAP_MAX_KERNELS * EFIMAP_LOADER_COUNT + EFIMAP_MAX_UNREAD_KERNELS + 2)

/*
 * struct concluding - state while the answers of all loads are combined
 * @of:     the answers for the loads
 * @joined: for each of @of, the position in @answers of the answer that contains it
 * @shared: the advice that keep_advice() has copied
 * @error:  0 or a negative errno
 */
struct concluding {
	struct machine *machine;
	const struct answer *of;
	size_t n_of;
	struct efimap_report *report;
	struct efimap_load_answer answers[MAX_ANSWERS];
	size_t joined[MAX_ANSWERS];
	size_t count;
	const struct efimap_advice *shared[MAX_ANSWERS];
	size_t n_shared;
	int error;
};

static const char *keep(struct concluding *to, const char *text)
{
	if (!text)
		to->error = -ENOMEM;
	return text ? text : "";
}

/*
 * Return a copy of a text, so that the report does not depend on the capture. Return NULL for an
 * empty text.
 */
static const char *copy_text(struct concluding *to, const char *text)
{
	return *text ? keep(to, efimap_arena_strndup(&to->report->arena, text, strlen(text))) :
		       NULL;
}

static void *copy_array(struct concluding *to, const void *array, size_t bytes)
{
	void *copy = bytes ? efimap_arena_alloc(&to->report->arena, bytes) : NULL;

	if (copy)
		memcpy(copy, array, bytes);
	else if (bytes)
		to->error = -ENOMEM;
	return copy;
}

/*
 * Return a copy of @advice, or NULL if @advice has no text or memory is exhausted. Answers with the
 * same constant advice share a copy.
 */
static const struct efimap_advice *keep_advice(struct concluding *to, struct efimap_advice advice)
{
	const struct efimap_advice *copy = NULL;

	for (size_t i = 0; i < to->n_shared; i++)
		if (to->shared[i]->text == advice.text && to->shared[i]->command == advice.command)
			return to->shared[i];
	if (advice.text)
		copy = copy_array(to, &advice, sizeof(advice));
	if (copy)
		to->shared[to->n_shared++] = copy;
	return copy;
}

static bool is_asked(const struct machine *machine, enum efimap_question question)
{
	return !(machine->options.not_asked & EFIMAP_QUESTION_BIT(question));
}

/* Return whether the state of kdump itself is asked for: --for=kdump without --configured. */
static bool is_state_asked(const struct machine *machine)
{
	return !is_asked(machine, EFIMAP_QUESTION_KEXEC) && !machine->options.only_configured;
}

/* Return whether the answer for a question is the outcome of a load, not a state of kdump. */
static bool has_outcome(const struct machine *machine, enum efimap_question question)
{
	return question == EFIMAP_QUESTION_KEXEC || machine->kdump.state == EFIMAP_KDUMP_LOADED ||
	       machine->kdump.state == EFIMAP_KDUMP_NOT_LOADED ||
	       machine->kdump.state == EFIMAP_KDUMP_NOT_RESERVED;
}

/*
 * Return whether an answer affects the verdict. Without a load to predict, the state of kdump
 * affects the verdict only with --for=kdump or --configured.
 */
static bool is_counted(const struct machine *machine, enum efimap_question question)
{
	if (has_outcome(machine, question) || is_state_asked(machine))
		return true;
	/* With --configured, an unknown state makes the configured load unknown, and so counts. */
	return machine->options.only_configured &&
	       (machine->kdump.has_load || (machine->kdump.state == EFIMAP_KDUMP_UNKNOWN &&
					    !is_asked(machine, EFIMAP_QUESTION_KEXEC)));
}

/* Return whether the outcome of a load is unknown because the state of kdump is unknown. */
static bool hides_outcome(const struct machine *machine, enum efimap_question question)
{
	return question == EFIMAP_QUESTION_KDUMP && machine->kdump.state == EFIMAP_KDUMP_UNKNOWN &&
	       !machine->options.only_configured;
}

static struct efimap_load_answer *add_answer(struct concluding *to, enum efimap_question question)
{
	struct efimap_load_answer *answer = &to->answers[to->count++];

	*answer = (struct efimap_load_answer){
		.question = question,
		.state = to->machine->kdump.state,
		.loader = EFIMAP_LOADER_ANY,
		.counts = is_counted(to->machine, question),
		.outcome = EFIMAP_OUTCOME_UNKNOWN,
		.certainty = EFIMAP_CANNOT_TELL,
		.verdict = CANNOT_TELL,
		.reason = "",
	};
	return answer;
}

/* List the rules of the findings that determine the outcome of an answer, without duplicates. */
static void set_rules(struct concluding *to, const struct answer *of,
		      struct efimap_load_answer *answer)
{
	const struct efimap_report *reports[] = { to->report, of->own };
	bool listed[EFIMAP_RULE_COUNT] = { false };
	enum efimap_rule_id rules[EFIMAP_RULE_COUNT];

	for (size_t i = 0; of->finding && i < 2; i++)
		for (size_t k = 0; k < reports[i]->n_findings; k++) {
			const struct efimap_finding *finding = &reports[i]->findings[k];

			listed[finding->rule->id] |=
				finding->consequence == of->outcome &&
				finding->certainty == of->certainty &&
				(i == 1 || answer_has_finding(of, finding));
		}
	for (unsigned int id = 0; id < EFIMAP_RULE_COUNT; id++)
		if (listed[id])
			rules[answer->n_rules++] = (enum efimap_rule_id)id;
	answer->rules = copy_array(to, rules, answer->n_rules * sizeof(*rules));
}

static void set_advice(struct concluding *to, const struct answer *of,
		       struct efimap_load_answer *answer)
{
	const bool is_stale = of->load.kernel->is_loaded && to->machine->state->newer_file;
	struct efimap_advice advice, start = { .text = NULL };
	int ret = find_advice(to->machine, of, &advice);

	if (!advice.text && answer->outcome == EFIMAP_OUTCOME_UNKNOWN) {
		if (of->unknown && (of->remedy.text || of->is_untried))
			advice = of->remedy;
		else
			advice.text = find_data_advice(to->machine, of);
	}
	if (!ret && !advice.text && answer->question == EFIMAP_QUESTION_KDUMP &&
	    (answer->state == EFIMAP_KDUMP_NOT_LOADED || is_stale) &&
	    !to->machine->options.only_configured)
		ret = make_start_advice(to->machine, &start);
	if (!advice.text && !start.text && of->outcome == EFIMAP_OUTCOME_NONE && of->condition)
		advice = of->remedy;
	answer->advice = start.text ? copy_array(to, &start, sizeof(start)) :
				      keep_advice(to, advice);
	if (ret)
		to->error = ret;
}

static struct efimap_load_answer *add_load_answer(struct concluding *to, const struct answer *of)
{
	const struct efimap_load_case *load = &of->load;
	struct efimap_load_answer *answer = add_answer(to, load->question);

	to->joined[of - to->of] = to->count - 1;
	answer->kernel = (struct efimap_answer_kernel){
		.release = copy_text(to, load->release.text),
		.image = load->image && !load->is_assumed ? copy_text(to, load->image->name) :
							    NULL,
		.roles = load->roles,
		.unnamed = load->is_unnamed,
	};
	answer->loader = load->loader;
	answer->verdict = word_verdict(of);
	answer->reason = keep(to, word_reason(of, &to->report->arena));
	if (!hides_outcome(to->machine, load->question)) {
		answer->outcome = of->outcome;
		answer->certainty = of->certainty;
	}
	answer->unseen = copy_array(to, of->unseen, of->n_unseen * sizeof(*of->unseen));
	answer->n_unseen = of->n_unseen;
	answer->n_segments = load->placement.count;
	answer->segments = copy_array(to, load->placement.segments,
				      answer->n_segments * sizeof(*answer->segments));
	set_rules(to, of, answer);
	set_advice(to, of, answer);
	return answer;
}

/*
 * Add the answers of the loads from @first to @end - 1. There is one load of a kernel, or two loads
 * of the same kernel with different loaders. Two loads share an answer if their outcomes and
 * certainties are equal.
 */
static void add_load_answers(struct concluding *to, const struct answer *first,
			     const struct answer *end)
{
	const struct answer *other = end - 1;
	const bool fails = first->outcome >= EFIMAP_OUTCOME_NO_RUNTIME &&
			   other->outcome >= EFIMAP_OUTCOME_NO_RUNTIME;
	struct efimap_load_answer *answer = add_load_answer(to, first);

	if (first == other)
		return;
	if (first->outcome == other->outcome && first->certainty == other->certainty) {
		answer->loader = EFIMAP_LOADER_ANY;
		to->joined[other - to->of] = to->count - 1;
		return;
	}
	answer->names_loader = true;
	answer->is_split = !fails;
	answer = add_load_answer(to, other);
	answer->names_loader = true;
	answer->is_split = !fails;
}

static void add_unread_answer(struct concluding *to, enum efimap_question question,
			      const struct efimap_unread_kernel *kernel)
{
	struct efimap_arena *arena = &to->report->arena;
	const char *file = keep(to, efimap_text_mark(arena, kernel->fault.where));
	struct efimap_load_answer *answer = add_answer(to, question);
	const bool is_running = *kernel->release &&
				strcmp(kernel->release, to->machine->map->release.text) == 0;
	const struct efimap_advice advice = {
		.text = word_unread_advice(to->machine->map, kernel, arena),
	};

	answer->kernel = (struct efimap_answer_kernel){
		.release = copy_text(to, kernel->release),
		.image = copy_text(to, kernel->image),
		.roles = (is_running ? EFIMAP_ROLE_RUNNING : 0) |
			 (kernel->is_crash && !kernel->is_loaded ? EFIMAP_ROLE_CONFIGURED : 0),
		.unnamed = !*kernel->release && !*kernel->image,
	};
	answer->reason = keep(to, efimap_arena_printf(arena, ": %s%s%s%s cannot be read: %s",
						      file, *kernel->setting ? " (" : "",
						      kernel->setting, *kernel->setting ? ")" : "",
						      kernel->fault.text));
	answer->advice = copy_array(to, &advice, sizeof(advice));
	if (!advice.text)
		to->error = -ENOMEM;
}

static void add_question_answers(struct concluding *to, enum efimap_question question)
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

/* Add the answer for kdump if there is no load of a crash kernel to predict. */
static void add_kdump_state(struct concluding *to)
{
	struct machine *machine = to->machine;
	struct efimap_load_answer *answer;

	if (!is_asked(machine, EFIMAP_QUESTION_KDUMP) || machine->kdump.has_load)
		return;
	answer = add_answer(to, EFIMAP_QUESTION_KDUMP);
	answer->kernel.unnamed = true;
	switch (machine->kdump.state) {
	case EFIMAP_KDUMP_IN_CRASH_KERNEL:
		answer->verdict = "this is the crash kernel";
		break;
	case EFIMAP_KDUMP_NOT_CONFIGURED:
		answer->verdict = "not configured";
		answer->reason = " (no crashkernel=), so a panic leaves no dump";
		break;
	default:
		answer->verdict = "cannot tell whether kdump is configured";
		answer->reason = keep(to, efimap_arena_printf(&to->report->arena, ": %s",
							      machine->kdump.why));
		break;
	}
	if (is_state_asked(machine) || machine->kdump.state == EFIMAP_KDUMP_UNKNOWN ||
	    machine->kdump.state == EFIMAP_KDUMP_IN_CRASH_KERNEL)
		answer->advice = keep_advice(to, (struct efimap_advice){
							 .text = find_state_advice(machine) });
}

/* Add "RELEASE, ROLES" to a text. */
static void put_kernel(struct concluding *to, const struct efimap_load_answer *answer,
		       struct efimap_out *out)
{
	static const struct {
		enum efimap_kernel_role role;
		const char *words;
	} roles[] = {
		{ EFIMAP_ROLE_RUNNING, ", running" },
		{ EFIMAP_ROLE_NEWEST, ", newest" },
		{ EFIMAP_ROLE_CONFIGURED, ", configured" },
	};
	const struct efimap_answer_kernel *kernel = &answer->kernel;
	const bool is_assumed = kernel->roles & EFIMAP_ROLE_ASSUMED;
	const char *name = kernel->release || is_assumed ? kernel->release : kernel->image;
	const struct efimap *map = to->machine->map;

	if (is_assumed)
		efimap_out_puts(out, "assuming a kernel like ");
	if (name)
		efimap_out_puts(out, keep(to, efimap_text_mark(&to->report->arena, name)));
	else if (!is_assumed)
		efimap_out_puts(out, "the kernel in the kexec log");
	else
		efimap_out_puts(out, efimap_first_origin(map) == EFIMAP_ORIGIN_LOG ?
					     "the one in the log" :
				     efimap_is_offline(map) ? "the captured one" :
							      "the running one");
	for (size_t i = 0; !is_assumed && i < sizeof(roles) / sizeof(roles[0]); i++)
		if (kernel->roles & roles[i].role)
			efimap_out_puts(out, roles[i].words);
}

/*
 * Return the words before the verdict, such as "kexec: ". For kdump, they may include the state of
 * kdump.
 */
static const char *word_before(struct concluding *to, const struct efimap_load_answer *answer)
{
	const struct machine *machine = to->machine;
	const bool is_unknown = strcmp(answer->verdict, CANNOT_TELL) == 0;
	const bool is_about_boot = strncmp(answer->verdict, "cannot", strlen("cannot")) != 0;

	if (answer->question == EFIMAP_QUESTION_KEXEC)
		return "kexec: ";
	if (!machine->kdump.has_load || machine->options.only_configured)
		return "kdump: ";
	switch (answer->state) {
	case EFIMAP_KDUMP_LOADED:
		/* --kernel may name another kernel than the loaded one, so name both. */
		if (answer->kernel.roles & EFIMAP_ROLE_GIVEN)
			return is_unknown ? "kdump: loaded. Outcome with the given kernel: " :
					    "kdump: loaded. The given kernel ";
		if (!is_about_boot)
			return is_unknown ? "kdump: loaded. Outcome after a panic: " :
					    "kdump: loaded; ";
		return machine->uses_record || !(answer->kernel.roles & EFIMAP_ROLE_CONFIGURED) ?
			       "kdump: loaded. After a panic, " :
			       "kdump: loaded; assuming the configured kernel. After a panic, ";
	case EFIMAP_KDUMP_NOT_LOADED:
		if (!is_about_boot)
			return is_unknown ? "kdump: not loaded. Outcome once loaded: " :
					    "kdump: not loaded; ";
		return "kdump: not loaded. Once loaded, ";
	case EFIMAP_KDUMP_NOT_RESERVED:
		return "kdump: not reserved, ";
	default:
		return keep(to, efimap_arena_printf(&to->report->arena,
						    "kdump: cannot tell whether a crash kernel is "
						    "loaded (%s)%s", machine->kdump.why,
						    is_about_boot ? ". Once loaded, " :
						    is_unknown ? ". Outcome once loaded: " :
								 "; "));
	}
}

static bool is_same_advice(const struct efimap_advice *a, const struct efimap_advice *b)
{
	if (!a || !b)
		return !a && !b;
	if (!a->command || !b->command)
		return !a->command && !b->command && strcmp(a->text, b->text) == 0;
	return strcmp(a->command, b->command) == 0;
}

static bool is_same_line(const struct efimap_load_answer *a, const struct efimap_load_answer *b)
{
	return a->question == b->question && !a->kernel.unnamed && !b->kernel.unnamed &&
	       a->names_loader == b->names_loader &&
	       (!a->names_loader || a->loader == b->loader) &&
	       is_same_advice(a->advice, b->advice) && a->outcome == b->outcome &&
	       strcmp(a->verdict, b->verdict) == 0 && strcmp(a->reason, b->reason) == 0;
}

/* Return " (KERNELS)REASON." for the answers of a line. */
static const char *word_after(struct concluding *to, const size_t *numbers, size_t count)
{
	const struct efimap_load_answer *answer = &to->answers[numbers[0]];
	efimap_auto_out struct efimap_out text = EFIMAP_OUT_MEM;

	for (size_t i = 0; i < count && !answer->kernel.unnamed; i++) {
		efimap_out_puts(&text, i ? "; " : " (");
		put_kernel(to, &to->answers[numbers[i]], &text);
	}
	if (answer->names_loader)
		efimap_out_printf(&text, "%s %s", answer->kernel.unnamed ? " (with" : "; with",
				  efimap_loader_call(answer->loader));
	if (answer->names_loader || !answer->kernel.unnamed)
		efimap_out_putc(&text, ')');
	efimap_out_printf(&text, "%s.", answer->reason);
	return keep(to, text.error ? NULL : efimap_arena_strndup(&to->report->arena, text.data,
								 text.used));
}

/* Add the line for the answer @from. Later answers with the same wording share this line. */
static void add_line(struct concluding *to, size_t from, bool *was_put,
		     struct efimap_answer_line *ret_line)
{
	const struct efimap_load_answer *answers = to->report->answers;
	size_t numbers[MAX_ANSWERS] = { from }, count = 1, n_unseen = answers[from].n_unseen;

	was_put[from] = true;
	for (size_t i = from + 1; i < to->count; i++) {
		if (was_put[i] || !is_same_line(&answers[from], &answers[i]))
			continue;
		was_put[i] = true;
		numbers[count++] = i;
		n_unseen += answers[i].n_unseen;
	}
	*ret_line = (struct efimap_answer_line){ .of = &answers[from],
						 .before = word_before(to, &answers[from]),
						 .after = word_after(to, numbers, count),
						 .unseen = efimap_arena_alloc(
							 &to->report->arena,
							 n_unseen * sizeof(char *)) };
	if (!ret_line->unseen)
		to->error = -ENOMEM;
	for (size_t i = 0; i < count && ret_line->unseen; i++) {
		const struct efimap_load_answer *answer = &answers[numbers[i]];

		for (size_t k = 0; k < answer->n_unseen; k++)
			add_once(ret_line->unseen, &ret_line->n_unseen, answer->unseen[k]);
	}
}

static void set_answers(struct concluding *to)
{
	struct efimap_report *report = to->report;
	bool was_put[MAX_ANSWERS] = { false };
	struct efimap_answer_line *lines =
		efimap_arena_alloc(&report->arena, to->count * sizeof(*lines));

	for (size_t i = 0; i < to->count; i++) {
		struct efimap_load_answer *answer = &to->answers[i];

		answer->answer = keep(to, efimap_arena_printf(&report->arena, "%s%s%s",
							      word_before(to, answer),
							      answer->verdict,
							      word_after(to, &i, 1)));
	}
	report->answers = copy_array(to, to->answers, to->count * sizeof(*to->answers));
	if (!lines)
		to->error = -ENOMEM;
	if (to->error)
		return;
	report->n_answers = to->count;
	for (size_t i = 0; i < to->count; i++)
		if (!was_put[i])
			add_line(to, i, was_put, &lines[report->n_lines++]);
	report->lines = lines;
}

/*
 * With --for=kdump and without --configured, let the state of kdump affect the verdict. Return
 * whether the state is a failure.
 */
static bool count_state(struct concluding *to)
{
	const struct machine *machine = to->machine;
	struct efimap_report *report = to->report;

	if (!is_state_asked(machine) || !is_asked(machine, EFIMAP_QUESTION_KDUMP))
		return false;
	switch (machine->kdump.state) {
	case EFIMAP_KDUMP_NOT_LOADED:
	case EFIMAP_KDUMP_NOT_RESERVED:
	case EFIMAP_KDUMP_NOT_CONFIGURED:
		report->fails = true;
		return true;
	case EFIMAP_KDUMP_IN_CRASH_KERNEL:
	case EFIMAP_KDUMP_UNKNOWN:
		report->is_unknown = true;
		break;
	case EFIMAP_KDUMP_LOADED:
		break;
	}
	return false;
}

/* Set the worst outcome of the answers that count, and the members that determine the verdict. */
static void set_outcome(struct concluding *to)
{
	struct efimap_report *report = to->report;

	report->outcome = EFIMAP_OUTCOME_NONE;
	report->certainty = EFIMAP_WILL;
	for (size_t i = 0; i < to->count; i++) {
		const struct efimap_load_answer *answer = &to->answers[i];
		const enum efimap_outcome outcome = efimap_effective_outcome(answer);

		if (!answer->counts)
			continue;
		report->fails |= outcome >= EFIMAP_OUTCOME_NO_RUNTIME;
		report->is_unknown |= outcome == EFIMAP_OUTCOME_UNKNOWN;
		if (outcome == EFIMAP_OUTCOME_UNKNOWN && !*report->unseen) {
			report->unseen = answer->verdict;
			if (answer->is_split)
				report->unseen = "the loader is unknown, and the outcomes of "
						 "kexec_load and kexec_file_load differ";
			else if (hides_outcome(to->machine, answer->question))
				report->unseen = to->machine->kdump.why;
			else if (strncmp(answer->reason, ": ", 2) == 0)
				report->unseen = answer->reason + 2;
		}
		if (outcome < report->outcome)
			continue;
		report->outcome = outcome;
		report->certainty = answer->is_split ? EFIMAP_CANNOT_TELL : answer->certainty;
		report->answer = answer->answer;
	}
	count_state(to);
}

/*
 * Make a finding a note, because each answer that it affects does not count or is split. @to is
 * EFIMAP_OUTCOME_NONE if the finding affects no answer, and EFIMAP_OUTCOME_UNKNOWN otherwise.
 */
static void demote(struct efimap_finding *finding, enum efimap_outcome to)
{
	finding->consequence = to;
	finding->certainty = to == EFIMAP_OUTCOME_UNKNOWN ? EFIMAP_CANNOT_TELL : EFIMAP_WILL;
	finding->severity = EFIMAP_NOTE;
	finding->answer = NULL;
}

static bool is_decided(const struct concluding *to, const struct answer *of)
{
	const struct efimap_load_answer *answer = &to->answers[to->joined[of - to->of]];

	return answer->counts && !answer->is_split;
}

/* Make a note of each finding in the report that affects no decided answer. */
static void grade_shared(struct concluding *to)
{
	/* Even without loads, a finding may affect a kernel whose file cannot be read. */
	const bool affects_unread = to->n_of == 0 &&
				    (is_asked(to->machine, EFIMAP_QUESTION_KEXEC) ||
				     to->machine->kdump.has_load);

	for (size_t i = 0; !affects_unread && i < to->report->n_findings; i++) {
		struct efimap_finding *finding = &to->report->findings[i];
		bool is_of_any = false, is_of_decided = false;

		for (size_t k = 0; k < to->n_of; k++) {
			if (!answer_has_finding(&to->of[k], finding) ||
			    (finding_depends_on_segments(finding) && to->of[k].load.is_unnamed))
				continue;
			is_of_any = true;
			is_of_decided |= is_decided(to, &to->of[k]);
		}
		if (finding->consequence == EFIMAP_OUTCOME_NONE || is_of_decided)
			continue;
		demote(finding, is_of_any ? EFIMAP_OUTCOME_UNKNOWN : EFIMAP_OUTCOME_NONE);
	}
}

/* Return whether an earlier load that shares the answer has a finding of the same rule. */
static bool is_reported_earlier(const struct concluding *to, const struct answer *of,
				const struct efimap_finding *finding)
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

/* Add the findings of the rules that depend on a load to the report, without duplicates. */
static void join_findings(struct concluding *to, const struct answer *of, size_t from)
{
	for (size_t i = 0; i < of->own->n_findings && !to->error; i++) {
		struct efimap_finding finding = of->own->findings[i];
		size_t at = from;

		if (is_reported_earlier(to, of, &finding))
			continue;
		if (of->load.is_unnamed && finding_depends_on_segments(&finding))
			demote(&finding, EFIMAP_OUTCOME_NONE);
		else if (finding.consequence != EFIMAP_OUTCOME_NONE && !is_decided(to, of))
			demote(&finding, EFIMAP_OUTCOME_UNKNOWN);
		while (at < to->report->n_findings &&
		       efimap_finding_compare(&to->report->findings[at], &finding) != 0)
			at++;
		if (at == to->report->n_findings)
			to->error = efimap_report_add(to->report, &finding);
	}
}

int conclude(struct machine *machine, const struct answer *answers, size_t n_answers)
{
	struct concluding to = { .machine = machine, .of = answers, .n_of = n_answers,
				 .report = machine->report };
	const size_t from = machine->report->n_findings;

	for (unsigned int i = EFIMAP_QUESTION_KEXEC; i <= EFIMAP_QUESTION_KDUMP; i++)
		if (is_asked(machine, (enum efimap_question)i))
			add_question_answers(&to, (enum efimap_question)i);
	add_kdump_state(&to);
	set_answers(&to);
	if (!to.error)
		grade_shared(&to);
	for (size_t i = 0; i < n_answers && !to.error; i++)
		join_findings(&to, &answers[i], from);
	for (size_t i = 0; i < n_answers && !to.error; i++)
		to.error = efimap_report_join(to.report, answers[i].own);
	if (!to.error)
		efimap_report_seal(to.report);
	set_outcome(&to);
	return to.error;
}

int conclude_unchecked(struct machine *machine, enum efimap_outcome outcome, const char *sentence,
		       const char *advice, struct efimap_report *report)
{
	struct concluding to = { .machine = machine, .report = report };
	struct efimap_answer_line *line = efimap_arena_alloc(&report->arena, sizeof(*line));
	const char *before = "";

	efimap_report_seal(report);
	/* The state of kdump may be known even if no load is checked. */
	if (count_state(&to) && report->missed != EFIMAP_VERDICT_NOT_APPLICABLE)
		before = machine->kdump.state == EFIMAP_KDUMP_NOT_LOADED ?
				 "kdump: not loaded. " :
			 machine->kdump.state == EFIMAP_KDUMP_NOT_RESERVED ?
				 "kdump: not reserved. " :
				 "kdump: not configured (no crashkernel=). ";
	for (unsigned int i = EFIMAP_QUESTION_KEXEC; i <= EFIMAP_QUESTION_KDUMP; i++) {
		struct efimap_load_answer *answer;

		if (!is_asked(machine, (enum efimap_question)i))
			continue;
		answer = add_answer(&to, (enum efimap_question)i);
		answer->kernel.unnamed = true;
		if (outcome != EFIMAP_OUTCOME_UNKNOWN &&
		    has_outcome(machine, answer->question)) {
			answer->outcome = outcome;
			answer->certainty = EFIMAP_WILL;
		}
		answer->verdict = sentence;
		answer->advice = keep_advice(&to, (struct efimap_advice){ .text = advice });
		answer->answer = keep(&to, efimap_arena_printf(&report->arena, "%s%s.", before,
							       sentence));
	}
	report->answers = copy_array(&to, to.answers, to.count * sizeof(*to.answers));
	if (!line || to.error || to.count == 0)
		return -ENOMEM;
	report->n_answers = to.count;
	report->answer = report->answers[0].answer;
	report->outcome = report->answers[0].outcome;
	report->certainty = report->answers[0].certainty;
	*line = (struct efimap_answer_line){ &report->answers[0], before, "." };
	report->lines = line;
	report->n_lines = 1;
	return 0;
}
