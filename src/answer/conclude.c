/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Derive the answers and their sentences from findings and loads. */
#include <errno.h>
#include <string.h>

#include "answer/advice.h"
#include "answer/conclude.h"
#include "answer/loads.h"
#include "base/text_scan.h"
#include "rules/engine.h"

/* At most one answer for each load, each unread kernel, and each question without a load. */
#define MAX_ANSWERS (2 * EFIMAP_MAX_KERNELS * EFIMAP_LOADER_COUNT + EFIMAP_MAX_UNREAD_KERNELS + 2)

struct phrase {
	const char *will;
	const char *may;
};

static const struct phrase phrases[] = {
	[EFIMAP_OUTCOME_ENTRY_DROPPED] = {
		"will boot with EFI runtime services, but will drop an entry of the runtime map",
		"will boot with EFI runtime services, but may drop an entry of the runtime map" },
	[EFIMAP_OUTCOME_MEMORY_AT_RISK] = {
		"will boot, but firmware memory will be overwritten",
		"will boot, but firmware memory may be overwritten" },
	[EFIMAP_OUTCOME_CANNOT_LOAD] = { "cannot be loaded", "may fail to load" },
	[EFIMAP_OUTCOME_UNKNOWN] = { "cannot tell", "cannot tell" },
	[EFIMAP_OUTCOME_NO_RUNTIME] = { "will boot, but EFI runtime services will fail",
					"will boot, but EFI runtime services may fail" },
	[EFIMAP_OUTCOME_NO_EFI] = { "will boot without EFI", "may boot without EFI" },
	[EFIMAP_OUTCOME_NO_BOOT] = { "will not boot", "may not boot" },
};
/* For EFIMAP_OUTCOME_MEMORY_AT_RISK, if runtime services do not need the memory at risk */
static const struct phrase of_tables = {
	"will boot with EFI runtime services, but an EFI table will be overwritten",
	"will boot with EFI runtime services, but an EFI table may be overwritten",
};

static const char *find_phrase(const struct answer *of)
{
	const struct phrase *phrase = &phrases[of->outcome];

	if (of->outcome == EFIMAP_OUTCOME_MEMORY_AT_RISK && of->finding->rule->spares_runtime)
		phrase = &of_tables;
	return of->certainty == EFIMAP_WILL ? phrase->will : phrase->may;
}

static const char *word_predicate(const struct answer *of, struct efimap_arena *arena)
{
	const char *reason = of->unknown;

	if (of->outcome == EFIMAP_OUTCOME_NONE && of->certainty != EFIMAP_WILL)
		return "will boot with EFI runtime services, as far as the capture shows";
	if (of->outcome == EFIMAP_OUTCOME_NONE && of->condition)
		return efimap_arena_printf(arena, "will boot with EFI runtime services %s",
					   of->condition);
	if (of->outcome == EFIMAP_OUTCOME_NONE)
		return "will boot with EFI runtime services";
	if (of->finding)
		reason = of->finding->answer ? of->finding->answer : of->finding->message;
	return efimap_arena_printf(arena, "%s: %s", find_phrase(of), reason);
}

static const char *word_loader(const struct efimap_load_answer *answer,
			       struct efimap_arena *arena)
{
	if (!answer->names_loader || answer->loader == EFIMAP_LOADER_ANY)
		return "";
	return efimap_arena_printf(arena, " with %s (kexec %s)",
				   efimap_loader_call(answer->loader),
				   name_loader_option(answer->loader));
}

static const char *word_subject(const struct efimap_load_answer *answer, const char *kernels,
				const char *loader, struct efimap_arena *arena)
{
	const struct efimap_answer_kernel *kernel = &answer->kernel;
	const char *question = efimap_question_name(answer->question);

	if (kernel->assumed && kernel->release)
		return efimap_arena_printf(arena,
					   "%s%s, assuming a kernel like the running one (%s)",
					   question, loader, kernel->release);
	if (kernel->assumed)
		return efimap_arena_printf(arena, "%s%s, assuming a kernel like the running one",
					   question, loader);
	if (!*kernels)
		return efimap_arena_printf(arena, "%s%s", question, loader);
	return efimap_arena_printf(arena, "%s %s %s%s", question,
				   answer->question == EFIMAP_QUESTION_KDUMP ? "with" : "to",
				   kernels, loader);
}

static const char *word_crash_kernel(const struct efimap_load_answer *answer, const char *kernels,
				     struct efimap_arena *arena)
{
	const struct efimap_answer_kernel *kernel = &answer->kernel;

	if (kernel->assumed && kernel->release)
		return efimap_arena_printf(
			arena, "the crash kernel (assuming a kernel like the running one, %s)",
			kernel->release);
	if (kernel->assumed)
		return "the crash kernel (assuming a kernel like the running one)";
	return *kernels ? kernels : "the crash kernel";
}

static const char *word_unloaded(const struct efimap_load_answer *answer, const char *kernels,
				 const char *loader, struct efimap_arena *arena)
{
	const char *who = word_crash_kernel(answer, kernels, arena);
	const char *reason;

	if (!who)
		return NULL;
	switch (answer->outcome) {
	case EFIMAP_OUTCOME_UNKNOWN:
		reason = answer->predicate + strlen(phrases[EFIMAP_OUTCOME_UNKNOWN].may);
		return efimap_arena_printf(arena, "kdump: no crash kernel is loaded. Cannot tell "
						  "whether %s would boot%s.", who, reason);
	case EFIMAP_OUTCOME_CANNOT_LOAD:
		return efimap_arena_printf(arena, "kdump: no crash kernel is loaded, and %s %s.",
					   who, answer->predicate);
	default:
		return efimap_arena_printf(arena, "kdump: no crash kernel is loaded. Once "
						  "loaded%s, %s %s.", loader, who,
					   answer->predicate);
	}
}

/*
 * @kernels contains names such as "6.1.0 (running) and 6.12.1", or is "" if the sentence does not
 * name a kernel.
 */
static const char *word_sentence(const struct efimap_load_answer *answer, const char *kernels,
				 bool is_unloaded, struct efimap_arena *arena)
{
	const char *loader = word_loader(answer, arena), *subject;

	if (!loader)
		return NULL;
	if (answer->question == EFIMAP_QUESTION_KDUMP && is_unloaded)
		return word_unloaded(answer, kernels, loader, arena);
	subject = word_subject(answer, kernels, loader, arena);
	return subject ? efimap_arena_printf(arena, "%s: %s.", subject, answer->predicate) : NULL;
}

static const char *word_kernel(const struct efimap_load_answer *answer,
			       struct efimap_arena *arena)
{
	const struct efimap_answer_kernel *kernel = &answer->kernel;
	const char *name = kernel->release ? kernel->release : kernel->image;

	if (!name)
		return "the kernel in the kexec log";
	name = efimap_text_mark(arena, name);
	return name ? efimap_arena_printf(arena, "%s%s", name,
					  kernel->running ? " (running)" : "") : NULL;
}

/*
 * struct concluding - the joining of answers
 * @of:      the answers for the loads
 * @unknown: why the outcome of an answer is unknown, or NULL
 */
struct concluding {
	struct machine *machine;
	const struct answer *of;
	size_t n_of;
	struct efimap_report *report;
	struct efimap_load_answer answers[MAX_ANSWERS];
	size_t count;
	const char *unknown;
	int error;
};

static const char *keep(struct concluding *to, const char *text)
{
	if (!text)
		to->error = -ENOMEM;
	return text ? text : "";
}

/* A crash kernel is named only if several crash kernels are checked. */
static bool has_name(const struct concluding *to, const struct efimap_load_answer *answer)
{
	if (answer->kernel.unnamed)
		return false;
	if (answer->question == EFIMAP_QUESTION_KEXEC)
		return true;
	for (size_t i = 0; i + 1 < to->n_of; i++)
		if (to->of[i].load.question == EFIMAP_QUESTION_KDUMP &&
		    to->of[i].load.kernel != to->of[to->n_of - 1].load.kernel)
			return true;
	return false;
}

static bool is_unloaded(const struct concluding *to)
{
	return to->machine->state->crash_loaded == EFIMAP_KNOWN_NO;
}

static void word_answer(struct concluding *to, struct efimap_load_answer *answer)
{
	struct efimap_arena *arena = &to->report->arena;
	const char *kernel = has_name(to, answer) ? keep(to, word_kernel(answer, arena)) : "";

	answer->answer = keep(to, word_sentence(answer, kernel, is_unloaded(to), arena));
}

static void list_rule(const struct answer *of, const struct efimap_finding *finding,
		      bool is_listed[EFIMAP_RULE_COUNT])
{
	is_listed[finding->rule->id] |= finding->consequence == of->outcome &&
					finding->certainty == of->certainty;
}

/* Add the rules of the findings that determine an outcome, each once, in the order of findings. */
static void set_rules(struct concluding *to, const struct answer *of,
		      struct efimap_load_answer *answer)
{
	struct efimap_arena *arena = &to->report->arena;
	bool is_listed[EFIMAP_RULE_COUNT] = { false };
	enum efimap_rule_id *rules;

	if (!of->finding)
		return;
	rules = efimap_arena_alloc(arena, EFIMAP_RULE_COUNT * sizeof(*rules));
	if (!rules) {
		to->error = -ENOMEM;
		return;
	}
	for (size_t i = 0; i < to->report->n_findings; i++)
		if (answer_has_finding(of, &to->report->findings[i]))
			list_rule(of, &to->report->findings[i], is_listed);
	for (size_t i = 0; i < of->own->n_findings; i++)
		list_rule(of, &of->own->findings[i], is_listed);
	for (unsigned int id = 0; id < EFIMAP_RULE_COUNT; id++)
		if (is_listed[id])
			rules[answer->n_rules++] = (enum efimap_rule_id)id;
	answer->rules = rules;
}

static void set_segments(struct concluding *to, const struct efimap_load_case *load,
			 struct efimap_load_answer *answer)
{
	const size_t bytes = load->placement.count * sizeof(*answer->segments);
	struct efimap_segment *copy;

	if (load->placement.count == 0)
		return;
	copy = efimap_arena_alloc(&to->report->arena, bytes);
	if (!copy) {
		to->error = -ENOMEM;
		return;
	}
	memcpy(copy, load->placement.segments, bytes);
	answer->segments = copy;
	answer->n_segments = load->placement.count;
}

/*
 * Copy a text to the report, which may outlive the owner of @text. Return NULL for an empty text.
 */
static const char *copy_text(struct concluding *to, const char *text)
{
	return *text ? keep(to, efimap_arena_strndup(&to->report->arena, text, strlen(text))) :
		       NULL;
}

static void set_advice(struct concluding *to, const struct answer *of,
		       struct efimap_load_answer *answer)
{
	int ret = find_advice(to->machine, of, &answer->advice);

	if (!ret && !answer->advice && of->outcome == EFIMAP_OUTCOME_NONE &&
	    of->load.question == EFIMAP_QUESTION_KDUMP && is_unloaded(to))
		ret = make_start_advice(to->machine, &answer->advice);
	if (ret)
		to->error = ret;
}

static void add_answer(struct concluding *to, const struct answer *of, unsigned int loader,
		       bool names_loader)
{
	const struct efimap_load_case *load = &of->load;
	struct efimap_load_answer *answer = &to->answers[to->count++];

	*answer = (struct efimap_load_answer){
		.question = load->question,
		.kernel = {
			.release = copy_text(to, load->release.text),
			.image = load->image && !load->is_assumed ?
					 copy_text(to, load->image->name) :
					 NULL,
			.assumed = load->is_assumed,
			.running = !load->is_assumed && *load->release.text &&
				   strcmp(load->release.text, to->machine->map->release.text) == 0,
			.unnamed = load->is_unnamed,
		},
		.loader = loader,
		.names_loader = names_loader,
		.outcome = of->outcome,
		.certainty = of->certainty,
	};
	if (of->unknown)
		to->unknown = of->unknown;
	answer->predicate = keep(to, word_predicate(of, &to->report->arena));
	set_advice(to, of, answer);
	set_rules(to, of, answer);
	set_segments(to, load, answer);
}

/*
 * Add the answer for a kernel for which all loads except @left are refused. If the installed tools
 * would use the loader of the refused load @first, and find_advice() finds no advice, advise the
 * loader of @left.
 */
static void add_only_answer(struct concluding *to, const struct answer *first,
			    const struct answer *left)
{
	const struct efimap_load_case *load = &left->load;
	const bool is_other = left != first && preferred_loader(to->machine, load->question) ==
						       first->load.loader;
	struct efimap_load_answer *answer = &to->answers[to->count];
	int ret;

	add_answer(to, left, load->loader, is_other);
	if (!is_other || answer->advice)
		return;
	ret = make_load_advice(to->machine, load, false, &answer->advice);
	if (ret)
		to->error = ret;
}

/*
 * Add the answers of the loads from @first to @end - 1, which load the same kernel. If all are
 * refused, only the load @first has an answer. Otherwise, refused loads have no answer, and loads
 * with the same outcome share one answer.
 */
static void add_answers(struct concluding *to, const struct answer *first,
			const struct answer *end)
{
	const struct answer *left[EFIMAP_LOADER_COUNT];
	size_t n_left = 0;

	for (const struct answer *of = first; of < end; of++)
		if (of->load.refusal == EFIMAP_NOT_REFUSED)
			left[n_left++] = of;
	if (n_left == 0)
		add_answer(to, first, first->load.loader, false);
	else if (n_left == 1)
		add_only_answer(to, first, left[0]);
	else if (left[0]->outcome == left[1]->outcome &&
		 left[0]->certainty == left[1]->certainty)
		add_answer(to, left[0], EFIMAP_LOADER_ANY, false);
	else
		for (size_t i = 0; i < n_left; i++)
			add_answer(to, left[i], left[i]->load.loader, true);
}

static void add_unread_answer(struct concluding *to, enum efimap_question question,
			      const struct efimap_unread_kernel *kernel)
{
	struct efimap_arena *arena = &to->report->arena;
	const char *named_by = *kernel->setting ?
				       efimap_arena_printf(arena, " (%s)", kernel->setting) : "";
	const char *file = keep(to, efimap_text_mark(arena, kernel->file));
	const char *why = keep(to, efimap_arena_printf(arena, "%s%s cannot be read: %s", file,
						       keep(to, named_by), kernel->why));
	struct efimap_load_answer *answer = &to->answers[to->count++];
	int ret;

	*answer = (struct efimap_load_answer){
		.question = question,
		.kernel = {
			.release = copy_text(to, kernel->release),
			.image = copy_text(to, kernel->image),
			.running = *kernel->release &&
				   strcmp(kernel->release, to->machine->map->release.text) == 0,
		},
		.loader = EFIMAP_LOADER_ANY,
		.outcome = EFIMAP_OUTCOME_UNKNOWN,
		.certainty = EFIMAP_MAY,
		.predicate = keep(to, efimap_arena_printf(arena, "cannot tell: %s", why)),
	};
	to->unknown = why;
	ret = make_unread_advice(to->machine, kernel, &answer->advice);
	if (ret)
		to->error = ret;
}

static void add_question_answers(struct concluding *to, enum efimap_question question)
{
	const struct efimap *map = to->machine->map;
	size_t end;

	for (size_t i = 0; i < to->n_of; i = end) {
		for (end = i + 1; end < to->n_of; end++)
			if (to->of[end].load.kernel != to->of[i].load.kernel ||
			    to->of[end].load.question != to->of[i].load.question)
				break;
		if (to->of[i].load.question == question)
			add_answers(to, &to->of[i], &to->of[end]);
	}
	for (size_t i = 0; i < map->n_unread_kernels; i++)
		if (is_unread_chosen(to->machine, question, &map->unread_kernels[i]))
			add_unread_answer(to, question, &map->unread_kernels[i]);
}

static struct efimap_load_answer *add_plain(struct concluding *to, enum efimap_question question,
					    enum efimap_outcome outcome, const char *predicate)
{
	struct efimap_load_answer *answer = &to->answers[to->count++];

	*answer = (struct efimap_load_answer){
		.question = question,
		.kernel = { .assumed = true },
		.loader = EFIMAP_LOADER_ANY,
		.outcome = outcome,
		.certainty = EFIMAP_WILL,
		.predicate = predicate,
	};
	answer->answer = keep(to, efimap_arena_printf(&to->report->arena, "%s: %s.",
						      efimap_question_name(question), predicate));
	return answer;
}

static void add_kdump_state(struct concluding *to)
{
	switch (to->machine->kdump) {
	case KDUMP_UNKNOWN:
		add_plain(to, EFIMAP_QUESTION_KDUMP, EFIMAP_OUTCOME_NOT_CONFIGURED,
			  "not known to be set up (the capture lacks the kernel parameters)");
		break;
	case KDUMP_NOT_CONFIGURED:
		add_plain(to, EFIMAP_QUESTION_KDUMP, EFIMAP_OUTCOME_NOT_CONFIGURED,
			  "not set up (no crashkernel=)");
		break;
	case KDUMP_NOT_RESERVED:
	case KDUMP_CONFIGURED:
		break;
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
	return a->question == b->question && !a->kernel.assumed && !b->kernel.assumed &&
	       a->names_loader == b->names_loader &&
	       (!a->names_loader || a->loader == b->loader) &&
	       is_same_advice(a->advice, b->advice) && a->outcome == b->outcome &&
	       strcmp(a->predicate, b->predicate) == 0;
}

static const char *join_kernels(struct concluding *to, const size_t *numbers, size_t count)
{
	struct efimap_arena *arena = &to->report->arena;
	const char *joined = keep(to, word_kernel(&to->answers[numbers[0]], arena));

	for (size_t i = 1; i < count; i++)
		joined = keep(to, efimap_arena_printf(
					  arena, "%s%s%s", joined,
					  i + 1 == count ? " and " : ", ",
					  keep(to, word_kernel(&to->answers[numbers[i]], arena))));
	return joined;
}

/* Add the line for the answer @from. Later answers with the same wording share this line. */
static void add_line(struct concluding *to, size_t from, bool *was_put,
		     struct efimap_answer_line *ret_line)
{
	size_t numbers[MAX_ANSWERS], count = 0;
	const struct efimap_load_answer *answer = &to->answers[from];

	for (size_t i = from; i < to->count; i++) {
		if (was_put[i] || (i != from && !is_same_line(answer, &to->answers[i])))
			continue;
		was_put[i] = true;
		numbers[count++] = i;
	}
	*ret_line = (struct efimap_answer_line){ answer->answer, answer->advice };
	if (count > 1)
		ret_line->text = keep(to, word_sentence(answer, join_kernels(to, numbers, count),
							is_unloaded(to), &to->report->arena));
}

static void add_lines(struct concluding *to)
{
	bool was_put[MAX_ANSWERS] = { false };
	struct efimap_answer_line *lines =
		efimap_arena_alloc(&to->report->arena, to->count * sizeof(*lines));

	if (!lines) {
		to->error = -ENOMEM;
		return;
	}
	for (size_t i = 0; i < to->count; i++)
		if (!was_put[i])
			add_line(to, i, was_put, &lines[to->report->n_lines++]);
	to->report->lines = lines;
}

static void set_report(struct concluding *to)
{
	struct efimap_report *report = to->report;
	const size_t bytes = to->count * sizeof(*to->answers);
	struct efimap_load_answer *answers = efimap_arena_alloc(&report->arena, bytes);
	const struct efimap_load_answer *worst = NULL;

	if (!answers) {
		to->error = -ENOMEM;
		return;
	}
	memcpy(answers, to->answers, bytes);
	for (size_t i = 0; i < to->count; i++)
		if (!worst || answers[i].outcome > worst->outcome)
			worst = &answers[i];
	report->answers = answers;
	report->n_answers = to->count;
	report->outcome = EFIMAP_OUTCOME_NONE;
	if (!worst)
		return;
	if (worst->outcome > EFIMAP_OUTCOME_NONE)
		report->outcome = worst->outcome;
	report->certainty = worst->certainty;
	report->answer = worst->answer;
}

/* Prevent EFIMAP_VERDICT_PASS if the outcome of an answer is unknown. */
static void note_unknown_answer(struct concluding *to)
{
	if (to->unknown && !*to->report->unseen)
		to->report->unseen = to->unknown;
}

static bool is_asked(const struct efimap_verify_options *options, enum efimap_question question)
{
	return !(options->not_asked & EFIMAP_QUESTION_BIT(question));
}

/* Return whether a finding of a refused load is a note, because another load is not refused. */
static bool has_alternative(const struct concluding *to, const struct answer *of)
{
	for (size_t i = 0; of->load.refusal != EFIMAP_NOT_REFUSED && i < to->n_of; i++)
		if (to->of[i].load.kernel == of->load.kernel &&
		    to->of[i].load.question == of->load.question &&
		    to->of[i].load.refusal == EFIMAP_NOT_REFUSED)
			return true;
	return false;
}

static bool is_reported(const struct efimap_report *report, size_t from,
			const struct efimap_finding *finding)
{
	for (size_t i = from; i < report->n_findings; i++)
		if (efimap_finding_compare(&report->findings[i], finding) == 0)
			return true;
	return false;
}

/* Add the findings of the rules that depend on a load to the report, each once. */
static int join_findings(struct concluding *to, const struct answer *of, size_t from)
{
	const bool has_other = has_alternative(to, of);

	for (size_t i = 0; i < of->own->n_findings; i++) {
		struct efimap_finding finding = of->own->findings[i];
		int ret;

		if (has_other || (of->load.is_unnamed && finding.certainty == EFIMAP_MAY)) {
			finding.consequence = EFIMAP_OUTCOME_NONE;
			finding.certainty = EFIMAP_WILL;
			finding.answer = NULL;
		}
		finding.severity = efimap_severity_of(finding.consequence, finding.certainty);
		if (is_reported(to->report, from, &finding))
			continue;
		ret = efimap_report_add(to->report, &finding);
		if (ret)
			return ret;
	}
	return efimap_report_join(to->report, of->own);
}

/* A finding that affects no load is a note. */
static void grade_shared(struct concluding *to)
{
	for (size_t i = 0; to->n_of > 0 && i < to->report->n_findings; i++) {
		struct efimap_finding *finding = &to->report->findings[i];
		bool is_of_any = false;

		for (size_t k = 0; k < to->n_of && !is_of_any; k++)
			is_of_any = answer_has_finding(&to->of[k], finding) &&
				    !(finding->certainty == EFIMAP_MAY &&
				      to->of[k].load.is_unnamed);
		if (is_of_any)
			continue;
		finding->consequence = EFIMAP_OUTCOME_NONE;
		finding->certainty = EFIMAP_WILL;
		finding->severity = EFIMAP_NOTE;
		finding->answer = NULL;
	}
}

static int join_all_findings(struct concluding *to)
{
	const size_t from = to->report->n_findings;
	int ret = 0;

	grade_shared(to);
	for (size_t i = 0; i < to->n_of && !ret; i++)
		ret = join_findings(to, &to->of[i], from);
	return ret;
}

int conclude(struct machine *machine, const struct answer *answers, size_t n_answers)
{
	const struct efimap_verify_options *options = machine->options;
	struct concluding to = { .machine = machine, .of = answers, .n_of = n_answers,
				 .report = machine->report };

	for (unsigned int i = EFIMAP_QUESTION_KEXEC; i <= EFIMAP_QUESTION_KDUMP; i++)
		if (is_asked(options, (enum efimap_question)i))
			add_question_answers(&to, (enum efimap_question)i);
	if (is_asked(options, EFIMAP_QUESTION_KDUMP))
		add_kdump_state(&to);
	for (size_t i = 0; i < to.count; i++)
		if (!to.answers[i].answer)
			word_answer(&to, &to.answers[i]);
	add_lines(&to);
	set_report(&to);
	note_unknown_answer(&to);
	return to.error ? to.error : join_all_findings(&to);
}

int conclude_unchecked(const struct efimap_verify_options *options, enum efimap_outcome outcome,
		       struct efimap_report *report, const char *sentence)
{
	struct concluding to = { .report = report };
	struct efimap_answer_line *line =
		efimap_arena_alloc(&report->arena, sizeof(*line));

	for (unsigned int i = EFIMAP_QUESTION_KEXEC; i <= EFIMAP_QUESTION_KDUMP; i++)
		if (is_asked(options, (enum efimap_question)i))
			add_plain(&to, (enum efimap_question)i, outcome, sentence);
	set_report(&to);
	report->answer = keep(&to, efimap_arena_printf(&report->arena, "%s.", sentence));
	report->outcome = outcome;
	if (!line)
		return -ENOMEM;
	*line = (struct efimap_answer_line){ report->answer, NULL };
	report->lines = line;
	report->n_lines = 1;
	return to.error;
}
