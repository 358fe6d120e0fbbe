/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a run comes to: the capture that was expected held against the one that was seen, by the
 * rules of compare, and the outcome beside the one that the rules of verify foresee.
 */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "check/compare.h"
#include "check/engine.h"
#include "check/verify.h"
#include "judge.h"
#include "model/outcome.h"
#include "read/log/log_lines.h"

/* A kernel that dies says so often, and the first words tell most. */
#define MAX_LAST_WORDS 4

/* Of messages that no rule knows, those of a kernel that dies; the first of them end it */
static const char *const last_words[] = {
	"Kernel panic", "PANIC:", "-- System halted", "BUG:", "Oops", "general protection",
};
#define N_ENDS 3

/* struct listener - the lines that were heard so far, and whether one is of an end */
struct listener {
	struct judge *judge;
	const char **lines;
	size_t count;
	bool has_end;
};

static bool is_heard(const struct listener *listener, const char *text)
{
	for (size_t i = 0; i < listener->count; i++)
		if (strcmp(listener->lines[i], text) == 0)
			return true;
	return false;
}

static int hear(void *context, const struct efimap_log_line *line)
{
	struct listener *listener = context;
	char *text = efimap_arena_strndup(&listener->judge->arena, line->message.at,
					  line->message.len);

	if (!text)
		return -ENOMEM;
	for (size_t i = 0; i < sizeof(last_words) / sizeof(last_words[0]); i++) {
		if (!strstr(text, last_words[i]))
			continue;
		listener->has_end |= i < N_ENDS;
		if (listener->count < MAX_LAST_WORDS && !is_heard(listener, text))
			listener->lines[listener->count++] = text;
	}
	return 0;
}

static int find_complaints(const struct judge_run *run, struct judge *judge)
{
	const size_t most = run->seen->n_complaints + MAX_LAST_WORDS;
	struct listener listener = { .judge = judge };
	int ret = 0;

	listener.lines = efimap_arena_alloc(&judge->arena, most * sizeof(*listener.lines));
	if (!listener.lines)
		return -ENOMEM;
	if (!run->reached_init)
		ret = efimap_log_lines(run->console, run->size, hear, &listener);
	for (size_t i = 0; i < run->seen->n_complaints; i++)
		listener.lines[listener.count++] = run->seen->complaints[i].text;
	judge->rehearsal.complaints = listener.lines;
	judge->rehearsal.n_complaints = listener.count;
	judge->is_open = run->seconds && !listener.has_end;
	return ret;
}

static int make_remarks(const struct judge_run *run, struct judge *judge)
{
	const char **lines = efimap_arena_alloc(&judge->arena, 2 * sizeof(*lines));
	size_t count = 0;

	if (!lines)
		return -ENOMEM;
	if (run->machine->left_out)
		lines[count++] = efimap_arena_printf(
			&judge->arena, "%llu MiB of the machine's memory; the guest has %llu MiB",
			(unsigned long long)run->machine->left_out >> 20,
			(unsigned long long)run->machine->memory >> 20);
	lines[count++] = "its firmware: runtime services answer that they do not exist; ACPI is off";
	for (size_t i = 0; i < count; i++)
		if (!lines[i])
			return -ENOMEM;
	judge->rehearsal.remarks = lines;
	judge->rehearsal.n_remarks = count;
	return 0;
}

/* Is it about entries alone of which the machine's firmware was told nothing? */
static bool is_of_extra(const struct efimap_finding *finding, const struct efimap_report *drift)
{
	size_t n_extra = 0;

	for (size_t k = 0; drift && k < finding->n_entries; k++) {
		bool is_extra = false;

		for (size_t i = 0; i < drift->n_findings && !is_extra; i++)
			is_extra = drift->findings[i].rule->id == EFIMAP_RULE_DRIFT_EXTRA &&
				   drift->findings[i].entries[0] == finding->entries[k];
		n_extra += is_extra;
	}
	return n_extra > 0 && n_extra == finding->n_entries;
}

/*
 * What of it comes in the guest: nobody puts anything over a table there, and no call fails for
 * what its firmware does not know of, which the kernel may still drop.
 */
static enum efimap_consequence find_shown(const struct efimap_finding *finding,
					  const struct efimap_report *drift)
{
	const enum efimap_rule_id rule = finding->rule->id;
	const int unneeded = rule_variants[rule_bindings[rule].variants].unneeded;

	if (finding->consequence == EFIMAP_CONSEQ_MEMORY_AT_RISK ||
	    rule == EFIMAP_RULE_INITRD_IN_RAM || rule == EFIMAP_RULE_SEGMENT_COLLISION)
		return EFIMAP_CONSEQ_NONE;
	if (finding->consequence != EFIMAP_CONSEQ_NO_RUNTIME || !is_of_extra(finding, drift))
		return finding->consequence;
	return unneeded < 0 ? EFIMAP_CONSEQ_NONE : (enum efimap_consequence)unneeded;
}

static enum efimap_consequence find_worst(const struct efimap_report *report,
					  const struct efimap_report *drift)
{
	enum efimap_consequence worst = EFIMAP_CONSEQ_NONE;

	for (size_t i = 0; i < report->n_findings; i++) {
		const enum efimap_consequence shown = find_shown(&report->findings[i], drift);

		worst = shown > worst ? shown : worst;
	}
	return worst;
}

/*
 * Two copies, as if the one had been handed over to the other; where nothing was, nothing must
 * say who started either. Memory was cut, and nobody else's command line is repeated.
 */
static int compare_copies(struct efimap *first, struct efimap *second, bool was_handed,
			  struct efimap_comparison **ret_comparison)
{
	first->states[EFIMAP_SRC_MEMMAP] = EFIMAP_STATE_ABSENT;
	first->boot_id = "";
	if (!was_handed) {
		first->states[EFIMAP_SRC_BOOT_PARAMS] = EFIMAP_STATE_ABSENT;
		second->states[EFIMAP_SRC_BOOT_PARAMS] = EFIMAP_STATE_ABSENT;
		second->states[EFIMAP_SRC_SETUP_DATA] = EFIMAP_STATE_ABSENT;
		second->states[EFIMAP_SRC_RUNTIME] = EFIMAP_STATE_ABSENT;
		second->n_setup_data = 0;
	}
	return efimap_compare(first, second, EFIMAP_ERROR, ret_comparison);
}

/* What of the machine's map is not in the one that is handed over, before it arrives */
static int compare_handed(const struct judge_run *run, struct efimap_comparison **ret_comparison)
{
	struct efimap told = *run->told, handed = *run->promise;

	return compare_copies(&told, &handed, false, ret_comparison);
}

/* What the rules say of the next kernel; nothing of them is about a first one. */
static int foresee(const struct judge_run *run, enum efimap_consequence *ret_outcome,
		   struct efimap_err *err)
{
	struct efimap_verify_options how = EFIMAP_VERIFY_OPTIONS_INIT;
	efimap_auto_comparison struct efimap_comparison *drift = NULL;
	efimap_auto_report struct efimap_report *report = NULL;
	const struct machine_file *kernel = run->kernel;
	enum efimap_consequence drifted;
	struct efimap_image image;
	int ret;

	*ret_outcome = EFIMAP_CONSEQ_NONE;
	if (run->is_first) {
		if (run->fails == REHEARSE_FAILS_SET_VIRTUAL_ADDRESS_MAP)
			*ret_outcome = EFIMAP_CONSEQ_NO_EFI;
		return 0;
	}
	ret = efimap_bzimage_parse(kernel->data, kernel->size, kernel->name, &image, err);
	how.image = &image;
	if (!ret)
		ret = efimap_verify(run->promise, &how, &report);
	if (!ret && run->told)
		ret = compare_handed(run, &drift);
	if (ret)
		return ret;
	*ret_outcome = find_worst(report, drift ? drift->report : NULL);
	/* Of what does not arrive nothing drifts. */
	drifted = drift ? find_worst(drift->report, NULL) : EFIMAP_CONSEQ_NONE;
	if (drifted > *ret_outcome && *ret_outcome != EFIMAP_CONSEQ_NO_EFI)
		*ret_outcome = drifted;
	return 0;
}

/*
 * Of what a firmware's map makes of a kernel's it is not known which boot services the kernel
 * keeps for itself, such as those in its first MiB, or all where services never began: these are
 * neither more nor less than foreseen.
 */
static int leave_kept_out(const struct efimap *expected, struct efimap *seen,
			  struct efimap_arena *arena)
{
	struct efimap_entry *entries =
		efimap_arena_alloc(arena, (seen->n_entries + 1) * sizeof(*entries));
	size_t count = 0;

	if (!entries)
		return -ENOMEM;
	for (size_t i = 0; i < seen->n_entries; i++) {
		bool is_expected = !efimap_entry_is_boot_services(&seen->entries[i]);

		for (size_t k = 0; k < expected->n_entries; k++)
			is_expected |= expected->entries[k].phys == seen->entries[i].phys;
		if (is_expected)
			entries[count++] = seen->entries[i];
	}
	seen->entries = entries;
	seen->n_entries = count;
	return 0;
}

/* A first kernel is handed nothing; but its map is known beforehand. */
static int compare(const struct judge_run *run, struct judge *judge)
{
	struct efimap expected = *run->expected, seen = *run->seen;
	const int ret = run->is_first ? leave_kept_out(&expected, &seen, &judge->arena) : 0;

	return ret ? ret :
		     compare_copies(&expected, &seen, !run->is_first, &judge->comparison);
}

static void count_equal(const struct judge_run *run, struct efimap_rehearsal *rehearsal)
{
	const struct efimap *expected = run->expected, *seen = run->seen;

	rehearsal->n_expected = expected->n_entries;
	for (size_t i = 0; run->reached_init && i < expected->n_entries; i++) {
		for (size_t k = 0; k < seen->n_entries; k++) {
			if (expected->entries[i].phys != seen->entries[k].phys ||
			    expected->entries[i].pages != seen->entries[k].pages ||
			    expected->entries[i].virt != seen->entries[k].virt)
				continue;
			rehearsal->n_equal++;
			break;
		}
	}
}

/*
 * A kernel that did not come to the end of its first program. One that has not said either that
 * this is its end may be slow, as in an emulator on a busy host.
 */
static int conclude_lost(const struct judge_run *run, const struct judge *judge,
			 const char *who, struct efimap_report *report)
{
	const struct efimap_rehearsal *rehearsal = &judge->rehearsal;

	if (judge->is_open)
		return efimap_report_set_answer(
			report, EFIMAP_CONSEQ_UNKNOWN,
			"%s: not known: no result within %u s; --timeout gives it more", who,
			run->seconds);
	return efimap_report_set_answer(report, EFIMAP_CONSEQ_NO_BOOT, "%s: does not boot: %s",
					who, rehearsal->n_complaints ?
					rehearsal->complaints[0] :
					"it restarted before its first program had ended");
}

/* Whether the kernel gave up EFI while it came up: then it has said so. */
static bool has_map(const struct efimap *seen)
{
	for (size_t i = 0; i < seen->n_complaints; i++) {
		const enum efimap_rule_id rule = seen->complaints[i].rule;

		if (rule < EFIMAP_RULE_COUNT &&
		    efimap_rule_get(rule)->consequence == EFIMAP_CONSEQ_NO_EFI)
			return false;
	}
	return efimap_has(seen, EFIMAP_SRC_EFI) && seen->n_entries > 0;
}

/* What the comparison came to is the answer, but for what it cannot know. */
static int conclude(const struct judge_run *run, const struct judge *judge,
		    struct efimap_report *report)
{
	const char *who = run->is_first ? "First kernel" : "Next kernel";
	const char *why = run->passes == EFIMAP_HANDOVER_PASSES ?
				  "" :
				  efimap_handover_reason_text(run->passes);

	if (!run->reached_init)
		return conclude_lost(run, judge, who, report);
	/* What it says of that is about the kernels after it. */
	if (run->seen->services_lost && run->seen->n_entries)
		return efimap_report_set_answer(report, EFIMAP_CONSEQ_NO_RUNTIME,
						"%s: boots, but its EFI runtime services fail", who);
	if (!has_map(run->seen))
		return efimap_report_set_answer(report, EFIMAP_CONSEQ_NO_EFI,
						"%s: boots without EFI runtime services%s%s", who,
						*why ? ": " : "", why);
	if (report->outcome == EFIMAP_CONSEQ_NONE || report->outcome == EFIMAP_CONSEQ_UNKNOWN)
		return efimap_report_set_answer(report, EFIMAP_CONSEQ_NONE,
						"%s: boots, with EFI runtime services", who);
	return efimap_report_set_answer(report, report->outcome, "%s%.*s", who,
					(int)strlen(strchr(report->answer, ':')) - 1,
					strchr(report->answer, ':'));
}

static int judge_with(const struct judge_run *run, struct judge *judge, struct efimap_err *err)
{
	struct efimap_rehearsal *rehearsal = &judge->rehearsal;
	int ret = compare(run, judge);

	if (!ret)
		ret = find_complaints(run, judge);
	if (!ret)
		ret = make_remarks(run, judge);
	if (!ret)
		ret = foresee(run, &rehearsal->predicted, err);
	if (ret)
		return ret;
	rehearsal->source = run->source;
	rehearsal->seen = run->seen;
	rehearsal->as = run->is_first ? "first" : "next";
	rehearsal->loader = run->is_first ? NULL : efimap_loader_name(run->loader);
	rehearsal->reached_init = run->reached_init;
	rehearsal->has_efi = run->reached_init && efimap_has(run->seen, EFIMAP_SRC_EFI);
	rehearsal->report = judge->comparison->report;
	count_equal(run, rehearsal);
	return conclude(run, judge, judge->comparison->report);
}

int judge_make(const struct judge_run *run, struct judge *ret_judge, struct efimap_err *err)
{
	struct judge judge = { .comparison = NULL };
	int ret = judge_with(run, &judge, err);

	if (ret) {
		judge_free(&judge);
		return ret;
	}
	*ret_judge = judge;
	return 0;
}

void judge_free(struct judge *judge)
{
	efimap_comparison_free(judge->comparison);
	judge->comparison = NULL;
	efimap_arena_free(&judge->arena);
}
