/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Derive the answers and their sentences from findings and loads. */
#include <errno.h>
#include <string.h>

#include "answer/advice.h"
#include "answer/conclude.h"
#include "answer/find_loads.h"
#include "answer/load_outcome.h"
#include "answer/refusals.h"

/* At most one answer for each load, each unread kernel, and each question without a load. */
#define MAX_ANSWERS (EFIMAP_MAX_LOADS + EFIMAP_MAX_UNREAD_KERNELS + 2)

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

static const char *find_phrase(const struct load_outcome *of)
{
	const struct phrase *phrase = &phrases[of->outcome];

	if (of->outcome == EFIMAP_OUTCOME_MEMORY_AT_RISK && of->finding->rule->spares_runtime)
		phrase = &of_tables;
	return of->certainty == EFIMAP_WILL ? phrase->will : phrase->may;
}

/*
 * Return whether the outcome depends on the presence of an initrd: the kernel is known but its
 * initrd is not, and an EFI INITRD table is in usable RAM. Without an initrd, a kernel uses the one
 * to which this table points, and panics if the table has been overwritten.
 */
static bool needs_initrd(const struct loads *loads, const struct efimap_load_case *load)
{
	const struct load_kernel *kernel = &loads->kernels[load->kernel];

	if (load->is_from_log || kernel->is_assumed || kernel->is_unnamed || kernel->is_unified ||
	    kernel->has_initrd_size)
		return false;
	for (size_t i = 0; i < loads->map->n_tables; i++) {
		const struct efimap_named_address *table = &loads->map->tables[i];
		const struct efimap_span span = { table->value, table->value };

		if (strcmp(table->name, "INITRD") != 0)
			continue;
		for (size_t k = 0; k < load->n_ram; k++)
			if (efimap_span_overlaps(load->ram[k], span))
				return true;
	}
	return false;
}

static const char *word_predicate(const struct load_outcome *of, const struct loads *loads,
				  const struct efimap_load_case *load, struct efimap_arena *arena)
{
	const char *reason = of->unknown;

	if (of->outcome == EFIMAP_OUTCOME_NONE && of->certainty != EFIMAP_WILL)
		return "will boot with EFI runtime services, as far as the capture shows";
	if (of->outcome == EFIMAP_OUTCOME_NONE && needs_initrd(loads, load))
		return "will boot with EFI runtime services if an initrd is loaded with the kernel";
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

	return efimap_arena_printf(arena, "%s%s", name ? name : "the kernel in the kexec log",
				   kernel->running ? " (running)" : "");
}

/* @unknown: why the outcome of an answer is unknown, or NULL */
struct concluding {
	const struct efimap_verify_options *options;
	const struct loads *loads;
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
	const struct efimap_load_case *cases = to->loads->cases;
	const size_t count = to->loads->count;

	if (answer->kernel.unnamed)
		return false;
	if (answer->question == EFIMAP_QUESTION_KEXEC)
		return true;
	for (size_t i = 0; i + 1 < count; i++)
		if (cases[i].question == EFIMAP_QUESTION_KDUMP &&
		    cases[i].kernel != cases[count - 1].kernel)
			return true;
	return false;
}

static bool is_unloaded(const struct concluding *to)
{
	return to->loads->state->crash_loaded == EFIMAP_KNOWN_NO;
}

static void word_answer(struct concluding *to, struct efimap_load_answer *answer)
{
	struct efimap_arena *arena = &to->report->arena;
	const char *kernel = has_name(to, answer) ? keep(to, word_kernel(answer, arena)) : "";

	answer->answer = keep(to, word_sentence(answer, kernel, is_unloaded(to), arena));
}

static void set_rules(struct concluding *to, size_t number, const struct load_outcome *of,
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
	for (size_t i = 0; i < to->report->n_findings; i++) {
		const struct efimap_finding *finding = &to->report->findings[i];
		const enum efimap_rule_id id = finding->rule->id;

		if (!finding_concerns_load(finding, number) || is_listed[id] ||
		    finding->consequence != of->outcome || finding->certainty != of->certainty)
			continue;
		is_listed[id] = true;
		rules[answer->n_rules++] = id;
	}
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

static void set_advice(struct concluding *to, const struct efimap_load_case *load,
		       const struct load_outcome *of, struct efimap_load_answer *answer)
{
	int ret = find_advice(to->options, to->loads, load, of, to->report,
			      &answer->advice);

	if (!ret && !answer->advice && of->outcome == EFIMAP_OUTCOME_NONE &&
	    load->question == EFIMAP_QUESTION_KDUMP && is_unloaded(to))
		ret = make_start_advice(to->loads, to->report, &answer->advice);
	if (ret)
		to->error = ret;
}

static void add_answer(struct concluding *to, size_t number, unsigned int loader,
		       bool names_loader)
{
	const struct efimap_load_case *load = &to->loads->cases[number];
	const struct load_outcome of = find_load_outcome(to->report, to->loads, number);
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
				   strcmp(load->release.text, to->loads->map->release.text) == 0,
			.unnamed = is_load_unnamed(to->loads, number),
		},
		.loader = loader,
		.names_loader = names_loader,
		.outcome = of.outcome,
		.certainty = of.certainty,
	};
	if (of.unknown)
		to->unknown = of.unknown;
	answer->predicate =
		keep(to, word_predicate(&of, to->loads, load, &to->report->arena));
	set_advice(to, load, &of, answer);
	set_rules(to, number, &of, answer);
	set_segments(to, load, answer);
}

static bool is_same_outcome(const struct concluding *to, size_t a, size_t b)
{
	const struct load_outcome one = find_load_outcome(to->report, to->loads, a);
	const struct load_outcome other = find_load_outcome(to->report, to->loads, b);

	return one.outcome == other.outcome && one.certainty == other.certainty;
}

/*
 * Add the answer for a kernel for which all loads except @left are refused. If the installed tools
 * would use the loader of the refused load @first, and find_advice() finds no advice, advise the
 * loader of @left.
 */
static void add_only_answer(struct concluding *to, size_t first, size_t left)
{
	const struct efimap_load_case *load = &to->loads->cases[left];
	const bool is_other = left != first && preferred_loader(to->loads, load->question) ==
						       to->loads->cases[first].loader;
	struct efimap_load_answer *answer = &to->answers[to->count];
	int ret;

	add_answer(to, left, load->loader, is_other);
	if (!is_other || answer->advice)
		return;
	ret = make_load_advice(to->loads, load, false, to->report, &answer->advice);
	if (ret)
		to->error = ret;
}

/*
 * Add the answers of the loads from @first to @end - 1, which load the same kernel. If all are
 * refused, only the load @first has an answer. Otherwise, refused loads have no answer, and loads
 * with the same outcome share one answer.
 */
static void add_answers(struct concluding *to, size_t first, size_t end)
{
	const struct efimap_load_case *cases = to->loads->cases;
	size_t left[EFIMAP_LOADER_COUNT];
	size_t n_left = 0;

	for (size_t i = first; i < end; i++)
		if (cases[i].refusal == EFIMAP_NOT_REFUSED)
			left[n_left++] = i;
	if (n_left == 0)
		add_answer(to, first, cases[first].loader, false);
	else if (n_left == 1)
		add_only_answer(to, first, left[0]);
	else if (is_same_outcome(to, left[0], left[1]))
		add_answer(to, left[0], EFIMAP_LOADER_ANY, false);
	else
		for (size_t i = 0; i < n_left; i++)
			add_answer(to, left[i], cases[left[i]].loader, true);
}

static void add_unread_answer(struct concluding *to, enum efimap_question question,
			      const struct efimap_unread_kernel *kernel)
{
	struct efimap_arena *arena = &to->report->arena;
	const char *named_by = *kernel->setting ?
				       efimap_arena_printf(arena, " (%s)", kernel->setting) : "";
	const char *why = keep(to, efimap_arena_printf(arena, "%s%s cannot be read: %s",
						       kernel->file, keep(to, named_by),
						       kernel->why));
	struct efimap_load_answer *answer = &to->answers[to->count++];
	int ret;

	*answer = (struct efimap_load_answer){
		.question = question,
		.kernel = {
			.release = copy_text(to, kernel->release),
			.image = copy_text(to, kernel->image),
			.running = *kernel->release &&
				   strcmp(kernel->release, to->loads->map->release.text) == 0,
		},
		.loader = EFIMAP_LOADER_ANY,
		.outcome = EFIMAP_OUTCOME_UNKNOWN,
		.certainty = EFIMAP_MAY,
		.predicate = keep(to, efimap_arena_printf(arena, "cannot tell: %s", why)),
	};
	to->unknown = why;
	ret = make_unread_advice(to->loads->map, kernel, to->report, &answer->advice);
	if (ret)
		to->error = ret;
}

static void add_question_answers(struct concluding *to, enum efimap_question question)
{
	const struct efimap_load_case *cases = to->loads->cases;
	const struct efimap *map = to->loads->map;
	size_t end;

	for (size_t i = 0; i < to->loads->count; i = end) {
		for (end = i + 1; end < to->loads->count; end++)
			if (cases[end].kernel != cases[i].kernel)
				break;
		if (cases[i].question == question)
			add_answers(to, i, end);
	}
	for (size_t i = 0; i < map->n_unread_kernels; i++)
		if (is_unread_chosen(to->loads, to->options, question, &map->unread_kernels[i]))
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
	switch (to->loads->kdump) {
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

int conclude(const struct efimap_verify_options *options, const struct loads *loads,
	     struct efimap_report *report)
{
	struct concluding to = { .options = options, .loads = loads, .report = report };

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
	return to.error;
}

int conclude_unchecked(const struct efimap_verify_options *options, enum efimap_outcome outcome,
		       struct efimap_report *report, const char *sentence)
{
	const struct loads none = { .map = NULL };
	struct concluding to = { .options = options, .loads = &none, .report = report };
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
