/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Fill the form of an answer from its word, its range and its reasons. No line joins two findings.
 */
#include <inttypes.h>
#include <string.h>

#include "answer/answer_form.h"
#include "base/output_buffer.h"
#include "base/text_scan.h"
#include "infer/runtime_services_off.h"
#include "rules/unread_verdict.h"

/*
 * struct phrase - the words for an effect; the name of a kernel is between the two parts
 * @is: the effect is certain
 * @may: the effect is a matter of chance, or unknown
 * @unseen: the effect of a file that was not read
 */
struct phrase {
	const char *is[2];
	const char *may[2];
	const char *unseen;
};

static const struct phrase phrases[EFIMAP_OUTCOME_COUNT] = {
	[EFIMAP_OUTCOME_ENTRY_DROPPED] = { { "", " drops an entry of the runtime map" },
					   { "", " may drop an entry of the runtime map" },
					   "may drop an entry" },
	[EFIMAP_OUTCOME_MEMORY_AT_RISK] = { { "firmware memory is overwritten before ", " starts" },
					    { "firmware memory may be overwritten before ",
					      " starts" },
					    "may overwrite firmware memory" },
	[EFIMAP_OUTCOME_NO_RUNTIME] = { { "EFI calls fail in ", "" },
					{ "EFI calls may fail in ", "" },
					"EFI calls may fail" },
	[EFIMAP_OUTCOME_NO_EFI] = { { "", " boots without EFI" },
				    { "", " may boot without EFI" },
				    "may boot without EFI" },
	[EFIMAP_OUTCOME_CANNOT_LOAD] = { { "", " cannot be loaded" },
					 { "", " may be refused" },
					 "may be refused" },
	[EFIMAP_OUTCOME_NO_BOOT] = { { "", " does not boot" },
				     { "", " may fail to boot" },
				     "may fail to boot" },
};
/* The words for EFIMAP_OUTCOME_MEMORY_AT_RISK if runtime services do not need the memory at risk */
static const struct phrase of_tables = { { "an EFI table is overwritten before ", " starts" },
					 { "an EFI table may be overwritten before ", " starts" },
					 "may overwrite an EFI table" };

/* The words if memory of the next kernel is at risk, and not that of the firmware */
static const struct phrase of_ram = { { "", " has less memory" },
				      { "", " may have less memory" },
				      "may have less memory" };

/* A form that is being filled */
struct filling {
	const struct machine *machine;
	const struct load_answer *answer;
	struct arena *arena;
	struct form *form;
};

#define NOT_IN_LOG "this log does not contain enough"

struct word_facts find_word_facts(enum load_question question, enum kdump_state state,
				  struct effects range, const struct not_checked *items,
				  size_t n_items)
{
	struct word_facts facts = { .question = question, .state = state, .range = range };

	for (size_t i = 0; i < n_items; i++) {
		const enum outcome worst = worst_outcome(items[i].unseen.outcomes &
							 ~OUTCOME_BIT(EFIMAP_OUTCOME_CANNOT_LOAD));

		if (items[i].is_excluded)
			continue;
		facts.lacks_boot |= outcome_is_bad(worst);
		facts.lacks_load |=
			items[i].unseen.outcomes & OUTCOME_BIT(EFIMAP_OUTCOME_CANNOT_LOAD);
	}
	return facts;
}

static const char *name_kernel(enum load_question question)
{
	return question == EFIMAP_QUESTION_KDUMP ? "the crash kernel" : "the next kernel";
}

/* Return a clause that states an effect. */
static const char *word_effect(enum load_question question, enum outcome effect, bool is_certain,
			       const struct rule *rule, struct arena *arena)
{
	const bool is_at_risk = effect == EFIMAP_OUTCOME_MEMORY_AT_RISK && rule;
	const struct phrase *phrase = is_at_risk && rule->id == EFIMAP_RULE_MEMORY_NOT_PASSED
					      ? &of_ram
				      : is_at_risk && rule->spares_runtime ? &of_tables
									   : &phrases[effect];
	const char *const *words = is_certain ? phrase->is : phrase->may;

	return arena_printf(arena, "%s%s%s", words[0], name_kernel(question), words[1]);
}

static bool is_good(enum word word)
{
	return word >= EFIMAP_WORD_OK_IF && word <= EFIMAP_WORD_OK;
}

/*
 * Return a text with the options of kexec(8) instead of the names of system calls, except in
 * quotations.
 */
static const char *name_options(const char *text, struct arena *arena)
{
	static const char *const names[][2] = {
		{ "system call kexec_file_load", "system call kexec_file_load" },
		{ "system call kexec_load", "system call kexec_load" },
		{ "kexec_file_load (kexec -s)", "kexec -s" },
		{ "kexec_load (kexec -c)", "kexec -c" },
		{ "kexec_file_load", "kexec -s" },
		{ "kexec_load", "kexec -c" },
	};
	auto_out struct out out = EFIMAP_OUT_MEM;
	bool is_quoted = false;

	while (*text) {
		size_t i = 0, len = 0;

		is_quoted ^= *text == '"';
		for (; i < sizeof(names) / sizeof(names[0]) && !len; i++)
			if (!is_quoted && strncmp(text, names[i][0], strlen(names[i][0])) == 0)
				len = strlen(names[i][0]);
		/* Not in names such as kexec_load_disabled and kexec_loaded */
		if (text[len] == '_' || (text[len] >= 'a' && text[len] <= 'z'))
			len = 0;
		if (len)
			out_puts(&out, names[i - 1][1]);
		else
			out_putc(&out, *text);
		text += len ? len : 1;
	}
	return arena_strndup(arena, out.data ? out.data : "", out.used);
}

const char *describe_remedy(const struct answer *answer, struct arena *arena)
{
	const struct load_case *load = &answer->load;
	struct word_facts facts =
		find_word_facts(load->question, EFIMAP_KDUMP_LOADED, answer->range,
				answer->not_checked, answer->n_not_checked);
	const struct reason *reason =
		outcome_is_bad(answer->range.known) || !outcome_is_bad(answer->range.unknown)
			? answer->known
			: answer->unknown;
	enum word word;

	facts.is_hazard_seen = answer->is_hazard_seen;
	word = word_of(&facts);
	if (word == EFIMAP_WORD_OK_IF)
		for (size_t i = 0; i < answer->n_reasons; i++)
			if (answer->reasons[i].certainty == EFIMAP_CONDITION)
				return arena_printf(arena, "ok, %s",
						    finding_why(answer->reasons[i].finding));
	if (is_good(word) || !reason)
		return word_text(word);
	return arena_printf(arena, "%s%s%s", word_text(word), word_joint(word),
			    name_options(finding_why(reason->finding), arena));
}

static bool is_kdump(const struct filling *to)
{
	return to->answer->question == EFIMAP_QUESTION_KDUMP;
}

bool is_as_if_loaded(const struct machine *machine, const struct load_answer *answer)
{
	return machine->options.only_configured || (answer->kernel.roles & EFIMAP_ROLE_GIVEN);
}

bool is_log_too_short(const struct machine *machine, const struct load_answer *answer)
{
	if (find_first_origin(machine->map) != EFIMAP_ORIGIN_LOG)
		return false;
	for (size_t i = 0; i < answer->n_reasons; i++)
		if (answer->reasons[i].rule->id == EFIMAP_RULE_MAP_UNREAD)
			return true;
	return false;
}

static const struct answer_reason *find_reason(const struct load_answer *answer, bool is_known)
{
	const int number = is_known ? answer->known : answer->unknown;

	return number < 0 ? NULL : &answer->reasons[number];
}

/* Return the reason for the word of an answer, or NULL. */
static const struct answer_reason *find_headline(const struct load_answer *answer)
{
	return find_reason(answer, effects_outcome(answer->range) != EFIMAP_OUTCOME_UNKNOWN);
}

/* Add a sentence, whose full stop is missing, and the rule that states it. */
static void say_reason(struct filling *to, enum form_label label, const char *text,
		       const struct answer_reason *reason)
{
	form_add(to->form, to->arena,
		 (struct form_line){
			 .label = label,
			 .text = name_options(arena_printf(to->arena, "%s.", text), to->arena),
			 .rule = reason->rule->name });
}

static const char *after_panic(const struct filling *to)
{
	const struct value *timeout = &to->machine->state->values[EFIMAP_VALUE_PANIC_TIMEOUT];

	if (!timeout->is_known)
		return "a panic now leaves no dump";
	if (timeout->number == 0)
		return "after a panic, the machine stands still, without a dump";
	if (timeout->number < 0)
		return "after a panic, the machine reboots at once, without a dump";
	return arena_printf(
		to->arena, "after a panic, the machine reboots after %" PRId64 " s, without a dump",
		timeout->number);
}

/* Return the sentence about a state of kdump in which no crash kernel is loaded, or NULL. */
static const char *word_state(const struct filling *to)
{
	const struct machine *machine = to->machine;
	const char *place = machine->state->crashkernel_in;

	switch (to->answer->state) {
	case EFIMAP_KDUMP_IN_CRASH_KERNEL:
		return machine->has_died ? "this kernel was started by a panic, and it crashed too"
					 : "this kernel was started by a panic, and has its dump";
	case EFIMAP_KDUMP_NOT_CONFIGURED:
		if (place)
			return arena_printf(to->arena,
					    "crashkernel= is in %s%s, but not in the parameters of "
					    "the running kernel; %s",
					    source_path_prefix(machine->map, EFIMAP_SRC_KEXEC),
					    text_mark(to->arena, place), after_panic(to));
		return arena_printf(to->arena, "crashkernel= is not set; %s", after_panic(to));
	case EFIMAP_KDUMP_NOT_RESERVED:
		return arena_printf(to->arena,
				    "no memory is reserved for a crash kernel, although "
				    "crashkernel= is set; %s",
				    after_panic(to));
	case EFIMAP_KDUMP_NOT_LOADED:
		return arena_printf(to->arena, "no crash kernel is loaded; %s", after_panic(to));
	case EFIMAP_KDUMP_UNKNOWN:
		return find_first_origin(machine->map) == EFIMAP_ORIGIN_LOG
			       ? NOT_IN_LOG
			       : "whether a crash kernel is loaded was not seen";
	case EFIMAP_KDUMP_LOADED:
		break;
	}
	return NULL;
}

/* Return whether the state of kdump, and not the load, determines the word. */
static bool is_about_state(const struct filling *to)
{
	return is_kdump(to) && !is_as_if_loaded(to->machine, to->answer) &&
	       to->answer->state != EFIMAP_KDUMP_LOADED;
}

/* Return the condition of a reason, without its first word "if". */
static const char *word_condition(const struct answer_reason *reason)
{
	return reason->text + (strncmp(reason->text, "if ", 3) == 0 ? 3 : 0);
}

static size_t count_conditions(const struct load_answer *answer)
{
	size_t count = 0;

	for (size_t i = 0; i < answer->n_reasons; i++)
		count += answer->reasons[i].certainty == EFIMAP_CONDITION;
	return count;
}

static const char *word_conditions(const struct load_answer *answer)
{
	if (count_conditions(answer) != 1)
		return "the conditions below are met";
	for (size_t i = 0; i < answer->n_reasons; i++)
		if (answer->reasons[i].certainty == EFIMAP_CONDITION)
			return word_condition(&answer->reasons[i]);
	return "";
}

/* Return the sentence for the word of a load. Set what joins them if it is not the usual joint. */
static const char *word_load(const struct filling *to)
{
	const struct load_answer *answer = to->answer;
	const enum word word = answer->word;
	const struct answer_reason *headline = find_headline(answer);
	const bool is_unknown = answer_outcome(answer) == EFIMAP_OUTCOME_UNKNOWN;
	const enum outcome effect = is_unknown ? answer->range.unknown : answer->range.known;
	const bool is_loaded = is_kdump(to) && !is_as_if_loaded(to->machine, answer) &&
			       answer->state == EFIMAP_KDUMP_LOADED;

	switch (word) {
	case EFIMAP_WORD_OK:
		return is_loaded      ? "a crash kernel is loaded, and no fault was found"
		       : is_kdump(to) ? "no fault was found"
				      : "no fault was found, and everything that decides was seen";
	case EFIMAP_WORD_OK_IF_IT_LOADS:
		return "no fault was found, and what was not seen could only refuse the load";
	case EFIMAP_WORD_NO_FAULT_FOUND:
		if (!is_loaded)
			return "not everything was seen";
		to->form->joint = ": ";
		return "a crash kernel is loaded, but not everything was seen";
	case EFIMAP_WORD_OK_IF:
		return word_conditions(answer);
	case EFIMAP_WORD_TRY:
		if (find_word_facts(answer->question, answer->state, answer->range,
				    answer->not_checked, answer->n_not_checked)
			    .lacks_boot)
			return "the load may be refused; the machine then keeps running. Not "
			       "everything that decides whether the kernel boots was seen";
		return "the load may be refused; the machine then keeps running";
	case EFIMAP_WORD_MAY_BE_REFUSED:
		return "the load may be refused; the machine then keeps running";
	case EFIMAP_WORD_LOADED:
		return "a crash kernel is loaded";
	case EFIMAP_WORD_REFUSED:
		return "the next kernel cannot be loaded; the machine keeps running";
	case EFIMAP_WORD_UNKNOWN:
		if (effect == EFIMAP_OUTCOME_CANNOT_LOAD)
			return "not everything that decides about the load was seen";
		if (headline && !headline->is_unseen)
			return arena_printf(to->arena, "%s%s may fail to boot",
					    is_loaded ? "a crash kernel is loaded, but " : "",
					    is_loaded ? "it" : name_kernel(answer->question));
		return arena_printf(to->arena,
				    "not everything that decides whether %s boots was seen",
				    name_kernel(answer->question));
	default:
		return arena_printf(
			to->arena, "%s%s",
			is_loaded && word == EFIMAP_WORD_MAY_LEAVE_NO_DUMP
				? "a crash kernel is loaded, but "
				: "",
			word_effect(answer->question, effect,
				    !is_unknown && answer->range.certainty == EFIMAP_CERTAIN,
				    headline ? headline->rule : NULL, to->arena));
	}
}

static void set_headline(struct filling *to)
{
	const struct load_answer *answer = to->answer;
	const char *sentence = answer->why;

	to->form->word = word_text(answer->word);
	to->form->joint = word_joint(answer->word);
	if (!sentence && answer->word == EFIMAP_WORD_LOADED && is_as_if_loaded(to->machine, answer))
		sentence = "the load was not checked";
	/* Without a load to speak of, the state is all that is known. */
	if (!sentence && (is_about_state(to) || (is_kdump(to) && !to->machine->kdump.has_load)))
		sentence = word_state(to);
	if (!sentence && is_log_too_short(to->machine, answer))
		sentence = NOT_IN_LOG;
	if (!sentence)
		sentence = word_load(to);
	to->form->sentence = arena_printf(to->arena, "%s.", sentence);
	if (is_as_if_loaded(to->machine, to->answer) && is_kdump(to))
		to->form->word = arena_printf(to->arena, "would: %s", to->form->word);
}

/* Add the reason for an unknown effect: what was seen, or what was not seen. */
static void say_unknown(struct filling *to, const struct load_answer *answer, enum form_label label,
			const struct answer_reason *reason)
{
	if (reason->is_unseen)
		say_reason(to, EFIMAP_LABEL_UNSEEN, reason->text, reason);
	else if (reason->condition)
		say_reason(to, label,
			   arena_printf(to->arena, "%s. If %s, %s", reason->text, reason->condition,
					word_effect(answer->question, reason->outcome, true,
						    reason->rule, to->arena)),
			   reason);
	else
		say_reason(to, label, reason->text, reason);
}

/*
 * Return the reason whose unknown effect determines the word, or NULL. The headline of an unknown
 * answer may be a milder one that no further data can change.
 */
static const struct answer_reason *find_worst_unknown(const struct load_answer *answer)
{
	const struct answer_reason *headline = find_reason(answer, false);

	for (size_t i = 0; i < answer->n_reasons; i++)
		if (answer->reasons[i].certainty == EFIMAP_UNKNOWN &&
		    answer->reasons[i].outcome == answer->range.unknown &&
		    (!headline || headline->outcome < answer->range.unknown))
			return &answer->reasons[i];
	return headline;
}

/* Add the findings behind the word of a load, and lesser ones. */
static void say_reasons(struct filling *to, const struct load_answer *answer)
{
	const struct answer_reason *known = find_reason(answer, true);
	const struct answer_reason *unknown = find_reason(answer, false);
	const struct answer_reason *worst = find_worst_unknown(answer);
	const bool is_bad = outcome_is_bad(answer->range.known);

	if (known)
		say_reason(to,
			   is_bad || !outcome_is_bad(answer->range.unknown) ? EFIMAP_LABEL_WHY
									    : EFIMAP_LABEL_BUT,
			   known->text, known);
	if (unknown && outcome_is_bad(answer->range.unknown) && !answer->is_refused &&
	    answer->range.unknown > answer->range.known)
		say_unknown(to, answer, is_bad ? EFIMAP_LABEL_BUT : EFIMAP_LABEL_WHY, unknown);
	if (worst != unknown && !answer->is_refused)
		say_unknown(to, answer, is_bad ? EFIMAP_LABEL_BUT : EFIMAP_LABEL_WHY, worst);
	/* Behind a refusal, nothing but another refusal happens. */
	for (size_t i = 0; is_bad && i < answer->n_reasons; i++)
		if ((!answer->is_refused ||
		     answer->reasons[i].outcome == EFIMAP_OUTCOME_CANNOT_LOAD) &&
		    (int)i != answer->known && answer->reasons[i].certainty <= EFIMAP_CHANCE &&
		    !(known && answer->reasons[i].rule == known->rule) &&
		    outcome_is_bad(answer->reasons[i].outcome))
			say_reason(to, answer->is_refused ? EFIMAP_LABEL_WHY : EFIMAP_LABEL_BUT,
				   answer->reasons[i].text, &answer->reasons[i]);
}

/* Add each condition with its effect if it is not met. */
static void say_conditions(struct filling *to, const struct load_answer *answer)
{
	const bool is_in_headline =
		answer->word == EFIMAP_WORD_OK_IF && count_conditions(answer) == 1;

	for (size_t i = 0; i < answer->n_reasons; i++) {
		const struct answer_reason *reason = &answer->reasons[i];

		if (reason->certainty != EFIMAP_CONDITION || answer->is_refused ||
		    (outcome_is_bad(answer->range.known) && reason->outcome <= answer->range.known))
			continue;
		say_reason(to, EFIMAP_LABEL_IF,
			   arena_printf(to->arena, "%s%sotherwise, %s",
					is_in_headline ? "" : word_condition(reason),
					is_in_headline ? "" : "; ",
					word_effect(answer->question, reason->outcome, true,
						    reason->rule, to->arena)),
			   reason);
	}
}

/* Return whether a reason is that EFI runtime services failed in the running kernel. */
static bool has_failed_services(const struct load_answer *answer)
{
	static const enum rule_id rules[] = {
		EFIMAP_RULE_EFI_PAGE_TABLE_FAILED,
		EFIMAP_RULE_RUNTIME_SERVICES_DISABLED,
		EFIMAP_RULE_RUNTIME_SERVICES_UNAVAILABLE,
	};

	for (size_t i = 0; i < answer->n_reasons; i++)
		for (size_t k = 0; k < sizeof(rules) / sizeof(*rules); k++)
			if (answer->reasons[i].rule->id == rules[k])
				return true;
	return false;
}

static void say_lost(struct filling *to)
{
	const struct efimap *map = to->machine->map;
	const enum word word = to->answer->word;
	const bool is_unsure =
		word == EFIMAP_WORD_MAY_LOSE_EFI || word == EFIMAP_WORD_DUMP_PERHAPS_WITHOUT_EFI;
	/* A parameter or a fault turned EFI off in this kernel. */
	const bool is_off = (why_runtime_services_off(map) && !is_off_after_kexec(map) &&
			     !is_before_runtime_map(map)) ||
			    has_failed_services(to->answer);
	const char *what = "EFI variables in the crash kernel, which saves the dump without them.";

	if (word == EFIMAP_WORD_LOSES_EFI || word == EFIMAP_WORD_MAY_LOSE_EFI)
		what = is_off ? "EFI variables (efibootmgr, mokutil, fwupd), as in this kernel."
			      : "EFI variables (efibootmgr, mokutil, fwupd), until the next "
				"normal reboot.";
	else if (word != EFIMAP_WORD_DUMP_WITHOUT_EFI && !is_unsure)
		return;
	form_say(to->form, to->arena, EFIMAP_LABEL_LOST,
		 arena_printf(to->arena, "%s%s", is_unsure ? "perhaps " : "", what));
}

/* Maximum number of files in the line "unseen:" */
#define MAX_UNSEEN 3

/* Return whether an item could change the word: it may be worse than everything that is known. */
static bool is_decisive(const struct load_answer *answer, const struct not_checked *item)
{
	const enum outcome worst = worst_outcome(item->unseen.outcomes);
	const enum outcome above = outcome_is_bad(answer->range.known)	   ? answer->range.known
				   : outcome_is_bad(answer->range.unknown) ? answer->range.unknown
									   : EFIMAP_OUTCOME_NONE;

	return !item->is_excluded && !item->is_reason && outcome_is_bad(worst) &&
	       (!answer->has_range || worst > above);
}

static bool has_name(const char *const names[MAX_UNSEEN], size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

/* Add what was not seen and could change the word, the worst effect first, and each name once. */
static void say_unseen(struct filling *to)
{
	const struct load_answer *answer = to->answer;
	enum outcome worst = EFIMAP_OUTCOME_NONE;
	struct form_line line = { .label = EFIMAP_LABEL_UNSEEN };
	size_t count = 0, n_listed = 0, n_named = 0;
	const char *names[MAX_UNSEEN];
	auto_out struct out out = EFIMAP_OUT_MEM;

	if (answer->is_refused || answer->word == EFIMAP_WORD_OK)
		return;
	for (size_t i = 0; i < answer->n_not_checked; i++)
		if (is_decisive(answer, &answer->not_checked[i])) {
			count++;
			if (worst_outcome(answer->not_checked[i].unseen.outcomes) > worst)
				worst = worst_outcome(answer->not_checked[i].unseen.outcomes);
		}
	if (!count)
		return;
	out_printf(&out, "%s: ", phrases[worst].unseen);
	for (size_t i = 0; i < answer->n_not_checked && n_named < MAX_UNSEEN; i++) {
		const struct not_checked *item = &answer->not_checked[i];
		const char *name = item->name ? item->name : item->check;

		if (!is_decisive(answer, item) || worst_outcome(item->unseen.outcomes) != worst ||
		    (!item->name && count > 1))
			continue;
		n_listed++;
		if (has_name(names, n_named, name))
			continue;
		out_printf(&out, "%s%s", n_named ? ", " : "", name);
		names[n_named++] = name;
	}
	if (!n_named)
		out_printf(&out, "%zu files", count);
	line.text = arena_strndup(to->arena, out.data, out.used);
	line.n_more = n_named ? count - n_listed : 0;
	form_add(to->form, to->arena, line);
}

/* Return the answer about a crash kernel as if it were loaded. */
static const char *word_if_loaded(const struct filling *to, const struct answer_reason *reason)
{
	const struct load_answer *answer = to->answer;
	const char *word = word_text(answer->load_word), *joint = word_joint(answer->load_word);

	if (answer->load_word == EFIMAP_WORD_OK)
		return "no fault found";
	if (answer->load_word == EFIMAP_WORD_OK_IF)
		return arena_printf(to->arena, "%s %s.", word, word_conditions(answer));
	return reason ? arena_printf(to->arena, "%s%s%s.", word, joint, reason->text) : word;
}

/* Add the answer about a crash kernel that is not loaded. */
static void say_load(struct filling *to)
{
	const struct load_answer *answer = to->answer;
	const struct answer_reason *reason =
		is_good(answer->load_word) ? NULL : find_headline(answer);
	struct form_line line = { .label = EFIMAP_LABEL_LOAD,
				  .rule = reason ? reason->rule->name : NULL };

	if (answer->load_why)
		form_say(to->form, to->arena, EFIMAP_LABEL_LOAD,
			 arena_printf(to->arena, "not checked: %s.", answer->load_why));
	if (answer->load_why || !is_about_state(to) || answer->why || !to->machine->kdump.has_load)
		return;
	if (reason && answer->range.known == EFIMAP_OUTCOME_CANNOT_LOAD) {
		line.label = answer->state == EFIMAP_KDUMP_NOT_RESERVED ? EFIMAP_LABEL_WHY
									: EFIMAP_LABEL_LOAD;
		line.text = arena_printf(
			to->arena, "%s%s.",
			answer->state == EFIMAP_KDUMP_NOT_RESERVED ? "" : "it cannot be loaded: ",
			reason->text);
	} else {
		line.text = arena_printf(to->arena, "%s: %s",
					 answer->state == EFIMAP_KDUMP_UNKNOWN ? "if it is loaded"
									       : "if it loads",
					 word_if_loaded(to, reason));
	}
	line.text = name_options(line.text, to->arena);
	form_add(to->form, to->arena, line);
}

/* Add the advice: sentences before commands, and a command that restarts the machine last. */
static void say_advice(struct filling *to, const struct advice *advice)
{
	if (!advice)
		return;
	if (advice->limits)
		form_say(to->form, to->arena, EFIMAP_LABEL_DO,
			 arena_printf(to->arena, "%s.", advice->limits));
	if (advice->text)
		form_say(
			to->form, to->arena, EFIMAP_LABEL_DO,
			arena_printf(to->arena, "%s%s", advice->text, advice->command ? ":" : "."));
	form_run(to->form, to->arena, advice->before);
	form_run(to->form, to->arena, advice->command);
	form_run(to->form, to->arena, advice->after);
	if (advice->asks_machine && !is_kdump(to) &&
	    to->answer->range.unknown == EFIMAP_OUTCOME_NO_BOOT)
		form_say(to->form, to->arena, EFIMAP_LABEL_DO,
			 "Until more is known, reboot normally (not with kexec).");
	if (advice->asks_machine) {
		form_say(to->form, to->arena, EFIMAP_LABEL_DO,
			 "On the machine (as root; it changes nothing):");
		form_run(to->form, to->arena, "efimapctl verify");
		form_say(to->form, to->arena, EFIMAP_LABEL_DO,
			 "Without a login: ask for a sosreport, or for machine.json of");
		form_run(to->form, to->arena, "efimapctl snapshot -O machine.json");
	}
	form_say(to->form, to->arena, EFIMAP_LABEL_THEN, advice->then);
}

/* If the state of kdump is unknown, add what was seen of the memory of a crash kernel. */
static void say_reserved(struct filling *to)
{
	const struct load_memory *memory = &to->machine->memory[EFIMAP_LOADER_KERNEL];

	if (is_kdump(to) && to->answer->state == EFIMAP_KDUMP_UNKNOWN &&
	    memory->crash_reason == EFIMAP_PLACED && memory->crash.last > 0)
		form_say(to->form, to->arena, EFIMAP_LABEL_SEEN,
			 arena_printf(to->arena, "%" PRIu64 " MiB are reserved for a crash kernel.",
				      span_bytes(memory->crash) >> 20));
}

/* Add "RELEASE (IMAGE, ROLES), with kexec -s". */
static void say_kernel(struct filling *to)
{
	static const struct {
		enum kernel_role role;
		const char *words;
		const char *recorded;
	} roles[] = {
		{ EFIMAP_ROLE_RUNNING, "running", "running" },
		{ EFIMAP_ROLE_NEWEST, "newest", "newest" },
		{ EFIMAP_ROLE_CONFIGURED, "configured", "recorded" },
		{ EFIMAP_ROLE_GIVEN, "given", "given" },
		{ EFIMAP_ROLE_ASSUMED, "assumed: like the running one",
		  "assumed: like the running one" },
	};
	const struct load_answer *answer = to->answer;
	const struct answer_kernel *kernel = &answer->kernel;
	const bool is_recorded =
		to->machine->uses_record && is_kdump(to) && !(kernel->roles & EFIMAP_ROLE_GIVEN);
	const bool is_assumed = kernel->roles & EFIMAP_ROLE_ASSUMED;
	const unsigned int printed =
		kernel->roles | (is_recorded && !is_assumed ? EFIMAP_ROLE_CONFIGURED : 0);
	const char *name = kernel->release ? kernel->release : kernel->image, *before = " (";
	auto_out struct out out = EFIMAP_OUT_MEM;

	if (kernel->unnamed)
		return;
	out_puts(&out, name	    ? text_mark(to->arena, name)
		       : is_assumed ? "unknown release"
				    : "the kernel in the kexec log");
	if (kernel->image && *kernel->image && kernel->release) {
		out_printf(&out, "%s%s", before, text_mark(to->arena, kernel->image));
		before = ", ";
	}
	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
		if (!(printed & roles[i].role))
			continue;
		out_printf(&out, "%s%s", before, is_recorded ? roles[i].recorded : roles[i].words);
		before = ", ";
	}
	if (*before == ',')
		out_putc(&out, ')');
	if (answer->loader != EFIMAP_LOADER_ANY)
		out_printf(&out, ", with kexec%s%s",
			   kexec_option(&to->machine->state->tools, answer->loader),
			   answer->is_loader_assumed ? " (assumed)" : "");
	form_say(to->form, to->arena, EFIMAP_LABEL_KERNEL,
		 arena_strndup(to->arena, out.data, out.used));
}

/* Set the reason why a block has no colour and does not affect the status. */
static void set_end(struct filling *to)
{
	if (to->answer->counts)
		return;
	to->form->end = is_kdump(to) ? "(does not count for the exit status without --for=kdump)"
			: to->answer->is_refused ? "(does not count for the exit status: a policy "
						   "refuses kexec, and nothing uses it)"
						 : "(does not count for the exit status)";
}

static enum tone tone_of(const struct load_answer *answer)
{
	static const enum tone tones[] = {
		[EFIMAP_NAGIOS_OK] = EFIMAP_TONE_GOOD,
		[EFIMAP_NAGIOS_WARNING] = EFIMAP_TONE_WARNING,
		[EFIMAP_NAGIOS_CRITICAL] = EFIMAP_TONE_BAD,
		[EFIMAP_NAGIOS_UNKNOWN] = EFIMAP_TONE_WARNING,
	};

	if (!answer->counts || answer->word == EFIMAP_WORD_NOT_SET_UP)
		return EFIMAP_TONE_PLAIN;
	return tones[word_nagios(answer->word)];
}

void fill_form(const struct machine *machine, const struct load_answer *answer, struct arena *arena,
	       struct form *form)
{
	struct filling to = { machine, answer, arena, form };
	const bool has_range = answer->has_range || is_about_state(&to);

	*form = (struct form){
		.head = question_name(answer->question),
		.tone = tone_of(answer),
	};
	set_headline(&to);
	if (answer->question == EFIMAP_QUESTION_KEXEC &&
	    value_is_set(machine->state, EFIMAP_VALUE_LOADED))
		form_say(form, arena, EFIMAP_LABEL_LOADED,
			 "a kernel is loaded for kexec. systemctl kexec starts it, and systemctl "
			 "reboot may; kexec -u unloads it.");
	if (answer->question == EFIMAP_QUESTION_KEXEC &&
	    answer->state == EFIMAP_KDUMP_IN_CRASH_KERNEL)
		form_say(form, arena, EFIMAP_LABEL_BUT,
			 "This is the crash kernel. kexec discards the dump, unless you save the "
			 "dump first.");
	if (has_range && !is_about_state(&to) && !answer->why) {
		say_reasons(&to, answer);
		say_conditions(&to, answer);
		say_lost(&to);
	}
	if (answer->state == EFIMAP_KDUMP_UNKNOWN && is_about_state(&to))
		form_say(form, arena, EFIMAP_LABEL_UNSEEN,
			 arena_printf(arena, "%s.", machine->kdump.why));
	say_reserved(&to);
	say_unseen(&to);
	say_load(&to);
	say_advice(&to, answer->advice);
	say_kernel(&to);
	set_end(&to);
}
