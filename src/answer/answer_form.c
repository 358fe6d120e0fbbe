/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Fill the form of an answer from its word, its range and its reasons. No line joins two findings.
 */
#include <inttypes.h>
#include <string.h>

#include "answer/answer_form.h"
#include "base/output_buffer.h"
#include "base/text_scan.h"
#include "rules/load_rules.h"
#include "rules/rule_bindings.h"
#include "rules/unread_verdict.h"

/*
 * struct phrase - the words for an effect; the name of a kernel is between the two parts
 * @is: the effect is certain
 * @may: the effect is a matter of chance, or unknown
 */
struct phrase {
	const char *is[2];
	const char *may[2];
};

static const struct phrase phrases[EFIMAP_OUTCOME_COUNT] = {
	[EFIMAP_OUTCOME_ENTRY_DROPPED] = { { "", " drops an entry of the runtime map" },
					   { "", " may drop an entry of the runtime map" } },
	[EFIMAP_OUTCOME_MEMORY_AT_RISK] = { { "firmware memory is overwritten before ", " starts" },
					    { "firmware memory may be overwritten before ",
					      " starts" } },
	[EFIMAP_OUTCOME_NO_RUNTIME] = { { "EFI calls fail in ", "" },
					{ "EFI calls may fail in ", "" } },
	[EFIMAP_OUTCOME_NO_EFI] = { { "", " boots without EFI" }, { "", " may boot without EFI" } },
	[EFIMAP_OUTCOME_CANNOT_LOAD] = { { "", " cannot be loaded" }, { "", " may be refused" } },
	[EFIMAP_OUTCOME_NO_BOOT] = { { "", " does not boot" }, { "", " may fail to boot" } },
};
/* The words for EFIMAP_OUTCOME_MEMORY_AT_RISK if runtime services do not need the memory at risk */
static const struct phrase of_tables = { { "an EFI table is overwritten before ", " starts" },
					 { "an EFI table may be overwritten before ", " starts" } };

/* The words for EFIMAP_OUTCOME_NO_EFI if the next kernel keeps the EFI tables */
static const struct phrase of_services = { { "", " boots without EFI runtime services" },
					   { "", " may boot without EFI runtime services" } };

/* The words if memory of the next kernel is at risk, and not that of the firmware */
static const struct phrase of_ram = { { "", " has less memory" }, { "", " may have less memory" } };

/* A form that is being filled */
struct filling {
	const struct machine *machine;
	const struct answer *answer;
	struct arena *arena;
	struct form *form;
};

/* Return whether a kernel that loses EFI for this reason still has the EFI tables. */
static bool keeps_tables(const struct finding *reason)
{
	return reason && (reason->rule->id == EFIMAP_RULE_MIXED_MODE ||
			  reason->rule->id == EFIMAP_RULE_CRASH_PARAMETERS ||
			  reason->rule->id == EFIMAP_RULE_NEXT_RUNTIME_DISABLED);
}

/* Return the first reason equal to the headline that also loses the EFI tables, or the headline. */
static const struct finding *find_worded_reason(const struct answer *answer)
{
	const struct finding *headline = answer_headline(answer);

	for (size_t i = 0; headline && i < answer->n_reasons; i++)
		if (answer->reasons[i].outcome == headline->outcome &&
		    answer->reasons[i].certainty == headline->certainty &&
		    !keeps_tables(&answer->reasons[i]))
			return &answer->reasons[i];
	return headline;
}

/*
 * Return a clause that states an effect on @kernel, which is such as "the next kernel". @reason may
 * be NULL.
 */
static const char *word_effect(const char *kernel, enum outcome effect, bool is_certain,
			       const struct finding *reason, struct arena *arena)
{
	const bool is_at_risk = effect == EFIMAP_OUTCOME_MEMORY_AT_RISK && reason;
	const struct phrase *phrase =
		is_at_risk && reason->rule->id == EFIMAP_RULE_MEMORY_NOT_PASSED ? &of_ram
		: is_at_risk && reason->rule->spares_runtime && reason->variant != VARIANT_OTHER
			? &of_tables
		: effect == EFIMAP_OUTCOME_NO_EFI && keeps_tables(reason) ? &of_services
									  : &phrases[effect];
	const char *const *words = is_certain ? phrase->is : phrase->may;

	return arena_printf(arena, "%s%s%s", words[0], kernel, words[1]);
}

static bool is_good(enum word word)
{
	return word_severity(word) == EFIMAP_WORD_IS_OK;
}

const char *describe_remedy(const struct machine *machine, const struct answer *answer)
{
	const struct finding *reason = answer_headline(answer);
	const enum word word = answer_word(machine, answer, EFIMAP_KDUMP_LOADED);
	const char *condition = "";

	for (size_t i = 0; i < answer->n_reasons && !*condition; i++)
		if (answer->reasons[i].certainty == EFIMAP_CONDITION)
			condition = arena_printf(machine->arena, ", %s",
						 finding_why(&answer->reasons[i]));
	if (is_good(word) || !reason)
		return arena_printf(machine->arena, "%s%s",
				    word == EFIMAP_WORD_OK_IF ? "ok" : word_text(word), condition);
	return arena_printf(machine->arena, "%s: %s%s", word_text(word), finding_why(reason),
			    condition);
}

static bool is_kdump(const struct filling *to)
{
	return to->answer->load.question == EFIMAP_QUESTION_KDUMP;
}

enum kdump_state kdump_state_for(const struct machine *machine, const struct answer *answer)
{
	const bool is_as_if_loaded =
		machine->options.only_configured || (answer->load.roles & EFIMAP_ROLE_GIVEN);

	return is_as_if_loaded && (answer->state == EFIMAP_KDUMP_NOT_LOADED ||
				   answer->state == EFIMAP_KDUMP_UNKNOWN)
		       ? EFIMAP_KDUMP_LOADED
		       : answer->state;
}

static bool is_log_too_short(const struct machine *machine, const struct answer *answer)
{
	return find_first_origin(machine->map) == EFIMAP_ORIGIN_LOG &&
	       answer_find_reason(answer, EFIMAP_RULE_MAP_UNREAD);
}

/* Add a sentence, whose full stop is missing, and the rule that states it. */
static void say_reason(struct filling *to, enum form_label label, const char *text,
		       const struct finding *reason)
{
	form_add(to->form, to->arena,
		 (struct form_line){ .label = label,
				     .text = arena_printf(to->arena, "%s.", text),
				     .rule = reason->rule->name });
}

static const char *after_panic(const struct filling *to)
{
	const struct value *timeout = &to->machine->state->values[EFIMAP_VALUE_PANIC_TIMEOUT];

	if (!timeout->is_known)
		return capture_is_offline(to->machine->map) ? "a panic leaves no dump"
							    : "a panic now leaves no dump";
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
		return machine->died_of
			       ? arena_printf(to->arena,
					      "this kernel was started by a panic, and it crashed "
					      "too (%s)",
					      machine->died_of)
		       : capture_is_offline(machine->map)
			       ? "this kernel was started by a panic"
			       : "this kernel was started by a panic; the dump is lost if the "
				 "machine reboots before it is saved";
	case EFIMAP_KDUMP_NOT_CONFIGURED:
		if (lacks_load_calls(machine->map))
			return arena_printf(to->arena,
					    "the running kernel is built without CONFIG_KEXEC and "
					    "CONFIG_KEXEC_FILE; %s",
					    after_panic(to));
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
			       ? "a log does not show whether a crash kernel is loaded"
			       : "whether a crash kernel is loaded was not seen";
	case EFIMAP_KDUMP_LOADED:
		break;
	}
	return NULL;
}

/* Return whether the state of kdump, and not the load, determines the word. */
static bool is_about_state(const struct filling *to)
{
	const enum kdump_state state = kdump_state_for(to->machine, to->answer);

	/* A load that fails leaves no dump, whether it was made or not. */
	return is_kdump(to) && state != EFIMAP_KDUMP_LOADED &&
	       !(state == EFIMAP_KDUMP_UNKNOWN && to->answer->word == EFIMAP_WORD_NO_DUMP);
}

/* Return the condition of a reason, without its first word "if". */
static const char *word_condition(const struct finding *reason)
{
	return finding_why(reason) + (strncmp(finding_why(reason), "if ", 3) == 0 ? 3 : 0);
}

/* Return whether a crash kernel is loaded, and the answer is about this kernel. */
static bool is_loaded(const struct filling *to)
{
	return is_kdump(to) && !to->machine->options.only_configured &&
	       !(to->answer->load.roles & EFIMAP_ROLE_GIVEN) &&
	       to->answer->state == EFIMAP_KDUMP_LOADED;
}

/* Return the sentence for an answer in which no fault was found. */
static const char *word_good(const struct filling *to)
{
	const enum origin origin = find_first_origin(to->machine->map);
	const char *start = is_loaded(to) ? "a crash kernel is loaded, and no fault was found"
					  : "no fault was found";
	const char *where = origin == EFIMAP_ORIGIN_LIVE  ? ", but not everything was read"
			    : origin == EFIMAP_ORIGIN_LOG ? " in this log"
							  : " in this copy";

	if (to->answer->word == EFIMAP_WORD_OK_IF)
		return arena_printf(to->arena, "%s, but a condition decides", start);
	if (to->answer->word == EFIMAP_WORD_OK)
		return start;
	return arena_printf(to->arena, "no fault found%s%s", where,
			    is_loaded(to) ? "; a crash kernel is loaded" : "");
}

static const char *word_load(const struct filling *to)
{
	const struct answer *answer = to->answer;
	const struct finding *headline = answer_headline(answer);
	const bool is_unknown = effects_are_unknown(answer->range);
	const enum outcome effect = effects_outcome(answer->range);
	const char *start = is_loaded(to) ? "a crash kernel is loaded, but " : "";

	if (is_good(answer->word))
		return word_good(to);
	if (effect == EFIMAP_OUTCOME_CANNOT_LOAD && is_loaded(to))
		return "a crash kernel is loaded, and it may be another one, because this one may "
		       "be refused";
	if (effect == EFIMAP_OUTCOME_CANNOT_LOAD && !is_kdump(to))
		return answer->load.is_refused
			       ? "the next kernel cannot be loaded; the machine keeps running"
			       : "the load may be refused; the machine then keeps running";
	if (effect == EFIMAP_OUTCOME_NO_BOOT && answer->word == EFIMAP_WORD_UNKNOWN && headline &&
	    headline->rule->family == FAMILY_UNREAD)
		return arena_printf(to->arena,
				    "not everything that decides whether %s boots was read",
				    name_next_kernel(&answer->load));
	/* A line below says that the load may be refused. */
	if (!is_loaded(to) && effect < EFIMAP_OUTCOME_CANNOT_LOAD &&
	    (answer->range.conditions | answer->range.unknowns) &
		    OUTCOME_BIT(EFIMAP_OUTCOME_CANNOT_LOAD))
		start = "if the load is not refused, ";
	return arena_printf(to->arena, "%s%s", start,
			    word_effect(is_loaded(to) ? "it" : name_next_kernel(&answer->load),
					effect, !is_unknown && effects_are_certain(answer->range),
					find_worded_reason(answer), to->arena));
}

static void set_headline(struct filling *to)
{
	const struct answer *answer = to->answer;
	const char *sentence = answer->why;

	to->form->word = word_text(answer->word);
	/* Without a load to speak of, the state is all that is known. */
	if (!sentence && (is_about_state(to) || answer->word == EFIMAP_WORD_IN_THE_CRASH_KERNEL))
		sentence = word_state(to);
	if (!sentence && answer->word == EFIMAP_WORD_UNKNOWN &&
	    is_log_too_short(to->machine, answer))
		sentence = "this log does not contain enough";
	if (!sentence)
		sentence = word_load(to);
	to->form->sentence = arena_printf(to->arena, "%s.", sentence);
	if (is_kdump(to) && to->machine->options.only_configured)
		to->form->head = "kdump, next load";
}

static void say_unknown(struct filling *to, const struct answer *answer, enum form_label label,
			const struct finding *reason)
{
	if (reason->condition)
		say_reason(to, label,
			   arena_printf(to->arena, "%s. If %s, %s", finding_why(reason),
					reason->condition,
					word_effect(name_next_kernel(&answer->load),
						    reason->outcome, true, reason, to->arena)),
			   reason);
	else
		say_reason(to, label, finding_why(reason), reason);
}

/*
 * Return the reason whose unknown effect determines the word, or NULL. The headline of an unknown
 * answer may be a milder one that no further data can change.
 */
static const struct finding *find_worst_unknown(const struct answer *answer)
{
	const struct finding *headline = answer->unknown;

	for (size_t i = 0; i < answer->n_reasons; i++)
		if (answer->reasons[i].certainty == EFIMAP_UNKNOWN &&
		    answer->reasons[i].outcome == effects_unknown(answer->range) &&
		    (!headline || headline->outcome < effects_unknown(answer->range)))
			return &answer->reasons[i];
	return headline;
}

/* Add the findings behind the word of a load, and lesser ones. */
static void say_reasons(struct filling *to, const struct answer *answer)
{
	const struct finding *known = answer->known;
	const struct finding *unknown = answer->unknown;
	const struct finding *worst = find_worst_unknown(answer);
	const bool is_bad = outcome_is_bad(effects_known(answer->range));

	if (known)
		say_reason(to,
			   effects_are_unknown(answer->range) ? EFIMAP_LABEL_BUT : EFIMAP_LABEL_WHY,
			   finding_why(known), known);
	if (unknown && outcome_is_bad(effects_unknown(answer->range)) &&
	    !(answer->load.is_refused && known) &&
	    effects_unknown(answer->range) > effects_known(answer->range))
		say_unknown(to, answer, is_bad ? EFIMAP_LABEL_BUT : EFIMAP_LABEL_WHY, unknown);
	if (worst != unknown && !answer->load.is_refused)
		say_unknown(to, answer, is_bad ? EFIMAP_LABEL_BUT : EFIMAP_LABEL_WHY, worst);
	/* Behind a refusal, nothing but another refusal happens. */
	for (size_t i = 0; is_bad && i < answer->n_reasons; i++)
		if ((!answer->load.is_refused ||
		     answer->reasons[i].outcome == EFIMAP_OUTCOME_CANNOT_LOAD) &&
		    &answer->reasons[i] != answer->known &&
		    answer->reasons[i].certainty <= EFIMAP_CHANCE &&
		    !(known && answer->reasons[i].rule == known->rule) &&
		    /* The crash kernel has the parameters of the running one. */
		    !(known && known->rule->id == EFIMAP_RULE_RUNTIME_OFF &&
		      answer->reasons[i].rule->id == EFIMAP_RULE_CRASH_PARAMETERS) &&
		    outcome_is_bad(answer->reasons[i].outcome))
			say_reason(to,
				   answer->reasons[i].outcome == effects_known(answer->range) &&
						   answer->reasons[i].certainty == known->certainty
					   ? EFIMAP_LABEL_WHY
					   : EFIMAP_LABEL_BUT,
				   finding_why(&answer->reasons[i]), &answer->reasons[i]);
}

/* Add each condition with its effect if it is not met. */
static void say_conditions(struct filling *to, const struct answer *answer)
{
	for (size_t i = 0; i < answer->n_reasons; i++) {
		const struct finding *reason = &answer->reasons[i];
		const bool is_other = reason->rule->id == EFIMAP_RULE_KERNEL_LOADED;
		const char *effect = word_effect(name_next_kernel(&answer->load), reason->outcome,
						 true, reason, to->arena);

		if (reason->certainty != EFIMAP_CONDITION || answer->load.is_refused ||
		    (is_other && !is_good(answer->word) && answer->word != EFIMAP_WORD_WARNING) ||
		    (outcome_is_bad(effects_known(answer->range)) &&
		     reason->outcome <= effects_known(answer->range)))
			continue;
		if (reason->outcome == EFIMAP_OUTCOME_CANNOT_LOAD && !is_kdump(to))
			effect = "the next kernel cannot be loaded, and the machine keeps running";
		if (is_other)
			effect = "systemctl kexec starts a kernel that was not checked";
		say_reason(to, EFIMAP_LABEL_IF,
			   arena_printf(to->arena, "%s; otherwise, %s", word_condition(reason),
					effect),
			   reason);
	}
}

/* Return whether a reason is that EFI runtime services failed in the running kernel. */
static bool has_failed_services(const struct answer *answer)
{
	return answer_find_reason(answer, EFIMAP_RULE_EFI_PAGE_TABLE_FAILED) ||
	       answer_find_reason(answer, EFIMAP_RULE_RUNTIME_SERVICES_DISABLED) ||
	       answer_find_reason(answer, EFIMAP_RULE_RUNTIME_SERVICES_UNAVAILABLE);
}

static void say_lost(struct filling *to)
{
	const struct effects *range = &to->answer->range;
	const bool is_unsure = !outcome_is_bad(effects_known(*range));
	const enum outcome effect = is_unsure ? effects_unknown(*range) : effects_known(*range);
	const bool is_off = to->machine->runs_without_services || has_failed_services(to->answer);
	const char *what = is_kdump(to) ? "EFI runtime services in the crash kernel"
			   : is_off	? LOST_SERVICES
				   ". This kernel has no EFI runtime services either"
				    : LOST_SERVICES ", until the next normal reboot";

	if (effect != EFIMAP_OUTCOME_NO_RUNTIME && effect != EFIMAP_OUTCOME_NO_EFI)
		return;
	form_say(to->form, to->arena, EFIMAP_LABEL_LOST,
		 arena_printf(to->arena, "%s%s%s.", is_unsure ? "perhaps " : "",
			      effect == EFIMAP_OUTCOME_NO_EFI && !is_kdump(to) &&
					      !keeps_tables(find_worded_reason(to->answer))
				      ? "firmware tables, such as the ESRT; "
				      : "",
			      what));
}

/* Add what was checked, if a good word is about the machine. */
static void say_checked(struct filling *to)
{
	if (!is_good(to->answer->word) || find_first_origin(to->machine->map) != EFIMAP_ORIGIN_LIVE)
		return;
	form_say(to->form, to->arena, EFIMAP_LABEL_CHECKED,
		 !is_kdump(to)	 ? "may it be loaded, does it fit, what it overwrites, EFI data "
				   "(not: drivers)"
		 : is_loaded(to) ? "does it fit, EFI data (not: drivers, dump target, free space)"
				 : "may it be loaded, does it fit, EFI data (not: drivers, dump "
				   "target, free space)");
}

/* Maximum number of items in the line "lacking:" */
#define MAX_LACKING 3

/* Add what was not read, if a good word or a warning depends on it. */
static void say_lacking(struct filling *to)
{
	const struct answer *answer = to->answer;
	const enum word_severity severity = word_severity(answer->word);
	struct form_line line = { .label = EFIMAP_LABEL_LACKING };
	auto_out struct out out = EFIMAP_OUT_MEM;

	if (!answer->n_lacking || severity == EFIMAP_WORD_IS_ERROR ||
	    severity == EFIMAP_WORD_IS_UNKNOWN)
		return;
	for (size_t i = 0; i < answer->n_lacking && i < MAX_LACKING; i++) {
		const struct lacking *item = &answer->lacking[i];

		out_printf(&out, "%s%s", i ? ", " : "", item->source);
		if (item->reason != EFIMAP_LACKING_NOT_COLLECTED)
			out_printf(&out, " (%s)", lacking_reason_name(item->reason));
	}
	line.text = arena_strndup(to->arena, out.data, out.used);
	line.n_more = answer->n_lacking > MAX_LACKING ? answer->n_lacking - MAX_LACKING : 0;
	form_add(to->form, to->arena, line);
}

/* Return whether a load that has not been made has a fault that is known. */
static bool says_load(const struct filling *to)
{
	const enum word word = answer_word(to->machine, to->answer, EFIMAP_KDUMP_LOADED);

	return is_about_state(to) && answer_headline(to->answer) && !to->answer->why &&
	       (word == EFIMAP_WORD_UNKNOWN ? to->answer->advice.text != NULL : !is_good(word));
}

/* Add the fault of a load that has not been made. */
static void say_load(struct filling *to)
{
	const struct answer *answer = to->answer;
	const struct finding *reason = answer_headline(answer);
	const bool is_reserved = answer->state != EFIMAP_KDUMP_NOT_RESERVED;
	const bool is_refused = effects_known(answer->range) == EFIMAP_OUTCOME_CANNOT_LOAD;
	const enum form_label label =
		is_reserved && !is_refused ? EFIMAP_LABEL_BUT : EFIMAP_LABEL_WHY;
	const char *start = is_refused ? "it cannot be loaded: " : "if it is loaded: ";

	if (!says_load(to))
		return;
	say_reason(to, label,
		   arena_printf(to->arena, "%s%s", is_reserved ? start : "", finding_why(reason)),
		   reason);
	for (size_t i = 0; i < answer->n_reasons; i++)
		if (answer->load.is_refused && answer->reasons[i].rule != reason->rule)
			say_reason(to, label, finding_why(&answer->reasons[i]),
				   &answer->reasons[i]);
}

/* How to get more from the machine of a copy: sentences and their commands */
static const char *const requests[][2] = {
	{ "On the machine, as root (it changes nothing):", "efimapctl verify" },
	{ "Or write machine.json there, as root:", "efimapctl snapshot -O machine.json" },
	{ "Then copy machine.json here, and read it:", "efimapctl verify machine.json" },
};

/* Add the advice: sentences before commands, and a command that restarts the machine last. */
static void say_advice(struct filling *to, const struct advice *advice)
{
	if (!has_advice(*advice))
		return;
	if (advice->limits)
		form_say(to->form, to->arena, EFIMAP_LABEL_DO,
			 arena_printf(to->arena, "%s.", advice->limits));
	if (advice->text)
		form_say(
			to->form, to->arena, EFIMAP_LABEL_DO,
			arena_printf(to->arena, "%s%s", advice->text, advice->command ? ":" : "."));
	form_run(to->form, to->arena, advice->before);
	form_run(to->form, to->arena,
		 advice->after ? arena_printf(to->arena, "%s && %s", advice->command, advice->after)
			       : advice->command);
	if (advice->asks_machine && to->answer->word == EFIMAP_WORD_DO_NOT_USE_IT_YET)
		form_say(to->form, to->arena, EFIMAP_LABEL_DO,
			 "If you must reboot, reboot normally (not with kexec).");
	for (size_t i = 0; advice->asks_machine && i < 2 * sizeof(requests) / sizeof(*requests);
	     i++)
		form_add(to->form, to->arena,
			 (struct form_line){ .label = EFIMAP_LABEL_DO,
					     .text = requests[i / 2][i % 2],
					     .is_command = i % 2 == 1,
					     .is_request = true });
	form_say(to->form, to->arena, EFIMAP_LABEL_THEN, advice->then);
}

/* Add "RELEASE (IMAGE, ROLES), with kexec -s". */
static void say_kernel(struct filling *to)
{
	static const struct {
		enum kernel_role role;
		const char *words;
	} roles[] = {
		{ EFIMAP_ROLE_RUNNING, "running" },
		{ EFIMAP_ROLE_NEWEST, "newest" },
		{ EFIMAP_ROLE_CONFIGURED, "configured" },
		{ EFIMAP_ROLE_GIVEN, "given" },
		{ EFIMAP_ROLE_ASSUMED, "assumed: like the running one" },
	};
	const struct answer *answer = to->answer;
	const struct answer_kernel *kernel = &answer->kernel;
	const bool is_recorded = to->machine->uses_record && is_kdump(to) &&
				 !(answer->load.roles & EFIMAP_ROLE_GIVEN);
	const bool is_assumed = answer->load.roles & EFIMAP_ROLE_ASSUMED;
	const unsigned int printed =
		answer->load.roles | (is_recorded && !is_assumed ? EFIMAP_ROLE_CONFIGURED : 0);
	const char *name = kernel->release ? kernel->release : kernel->image, *before = " (";
	auto_out struct out out = EFIMAP_OUT_MEM;

	/* An assumed kernel that nothing is said about is nothing to name. */
	if (kernel->unnamed || (is_assumed && (!name || (is_about_state(to) && !says_load(to)))))
		return;
	out_puts(&out, name ? text_mark(to->arena, name) : "the kernel in the kexec log");
	if (kernel->image && *kernel->image && kernel->release) {
		out_printf(&out, "%s%s", before, text_mark(to->arena, kernel->image));
		before = ", ";
	}
	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
		const bool is_record = is_recorded && roles[i].role == EFIMAP_ROLE_CONFIGURED;

		if (!(printed & roles[i].role))
			continue;
		out_printf(&out, "%s%s", before, is_record ? "recorded" : roles[i].words);
		before = ", ";
	}
	if (*before == ',')
		out_putc(&out, ')');
	if (answer->load.loader != EFIMAP_LOADER_ANY)
		out_printf(&out, ", with kexec%s%s",
			   kexec_option(&to->machine->state->tools, answer->load.loader),
			   answer->load.is_loader_assumed ? " (assumed)" : "");
	form_say(to->form, to->arena, EFIMAP_LABEL_KERNEL,
		 arena_strndup(to->arena, out.data, out.used));
}

static enum tone tone_of(const struct answer *answer)
{
	static const enum tone tones[] = {
		[EFIMAP_WORD_IS_OK] = EFIMAP_TONE_GOOD,
		[EFIMAP_WORD_IS_WARNING] = EFIMAP_TONE_WARNING,
		[EFIMAP_WORD_IS_ERROR] = EFIMAP_TONE_BAD,
		[EFIMAP_WORD_IS_UNKNOWN] = EFIMAP_TONE_WARNING,
	};

	if (!answer->counts || answer->word == EFIMAP_WORD_NO_FAULT_FOUND ||
	    answer->word == EFIMAP_WORD_NOT_CHECKED ||
	    answer->word == EFIMAP_WORD_IN_THE_CRASH_KERNEL)
		return EFIMAP_TONE_PLAIN;
	return tones[word_severity(answer->word)];
}

void fill_form(const struct machine *machine, const struct answer *answer, struct arena *arena,
	       struct form *form)
{
	struct filling to = { machine, answer, arena, form };
	const char *cause = is_kdump(&to) ? NULL : machine->died_because;
	const char *kept = why_kept(machine->map);

	*form = (struct form){
		.head = question_name(answer->load.question),
		.tone = tone_of(answer),
	};
	set_headline(&to);
	if (answer->load.question == EFIMAP_QUESTION_KEXEC &&
	    value_is_set(machine->state, EFIMAP_VALUE_LOADED))
		form_say(form, arena, EFIMAP_LABEL_LOADED,
			 arena_printf(arena,
				      "a kernel is loaded for kexec. systemctl kexec starts it, "
				      "and systemctl reboot may; %s%s.",
				      kept ? "it can be neither replaced nor unloaded, because "
					   : "kexec -u unloads it",
				      kept ?: ""));
	if (!is_about_state(&to) && !answer->why) {
		say_reasons(&to, answer);
		say_conditions(&to, answer);
		say_lost(&to);
	}
	if (cause || answer->because)
		form_say(form, arena, EFIMAP_LABEL_WHY,
			 arena_printf(arena, "%s%s.", cause ?: answer->because,
				      cause ? " (initrd-table-in-ram)" : ""));
	if (answer->state == EFIMAP_KDUMP_UNKNOWN && is_about_state(&to) && machine->kdump.why)
		form_say(form, arena, EFIMAP_LABEL_WHY,
			 arena_printf(arena, "%s.", machine->kdump.why));
	if (answer->word == EFIMAP_WORD_IN_THE_CRASH_KERNEL)
		form_say(form, arena, EFIMAP_LABEL_WHY, "elfcorehdr= is in the kernel parameters.");
	say_checked(&to);
	say_lacking(&to);
	say_load(&to);
	say_advice(&to, &answer->advice);
	say_kernel(&to);
}
