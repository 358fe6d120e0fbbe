/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compare the expected capture with the capture that the guest sent, and predict the outcome with
 * the rules of verify. The data from the guest is untrusted. This file starts no process and opens
 * no file.
 */
#include <string.h>

#include "base/cleanup.h"
#include "base/sort.h"
#include "compare/compare.h"
#include "compare_run.h"
#include "cpio_archive.h"
#include "input/log/line_prefixes.h"
#include "input/read_snapshot.h"
#include "input/source_limits.h"
#include "rules/engine.h"
#include "rules/outcome.h"
#include "answer/verify.h"

/* Maximum number of fatal messages that are kept. The first messages are the most informative. */
#define MAX_FATAL_MESSAGES 4
#define MAX_REMARKS 5

/*
 * Read the console output as a kernel log into @result->seen. If the output cannot be read, for
 * example because the kernel died before its first message, use an empty capture.
 */
static void read_console(const struct trial *trial, struct result *result)
{
	auto_recording struct recording console = { .from = EFIMAP_ORIGIN_LOG };

	recording_set_source(&console, "console");
	record_bytes(&console, EFIMAP_RECORDED_LOG, 0, trial->console, (ssize_t)trial->console_size,
		     true);
	if (read_recording(&console, "console", EFIMAP_BOOT_DEFAULT, &result->recording,
			   &result->seen, NULL))
		result->seen = capture_create("console", EFIMAP_ORIGIN_LOG);
	else
		recording_finish(&result->recording);
}

static bool has_one(const void *text, size_t size, const char *const *words)
{
	for (; *words; words++)
		if (memmem(text, size, *words, strlen(*words)))
			return true;
	return false;
}

/*
 * Sources: kernel/panic.c: panic; arch/x86/mm/extable.c: early_fixup_exception;
 * arch/x86/mm/fault.c: show_fault_oops; arch/x86/kernel/dumpstack.c: __die_header;
 * arch/x86/boot/compressed/error.c: error.
 */
enum fatal_message find_fatal_message(const void *text, size_t size)
{
	static const char *const ends[] = { "Kernel panic", "PANIC:", "-- System halted", NULL };
	static const char *const faults[] = { "BUG:", "Oops", "general protection", NULL };

	if (has_one(text, size, ends))
		return FATAL_MESSAGE_END;
	return has_one(text, size, faults) ? FATAL_MESSAGE_FAULT : FATAL_MESSAGE_NONE;
}

/* The fatal messages that were found so far. @has_end: one of them is a FATAL_MESSAGE_END. */
struct fatal_lines {
	struct result *result;
	const char **lines;
	size_t count;
	bool has_end;
};

static void keep_fatal_line(void *context, const struct log_line *line)
{
	struct fatal_lines *found = context;
	const struct text message = line->message;
	const enum fatal_message words = find_fatal_message(message.at, message.len);

	if (words == FATAL_MESSAGE_NONE)
		return;
	found->has_end |= words == FATAL_MESSAGE_END;
	if (found->count == MAX_FATAL_MESSAGES)
		return;
	for (size_t i = 0; i < found->count; i++)
		if (strlen(found->lines[i]) == message.len &&
		    memcmp(found->lines[i], message.at, message.len) == 0)
			return;
	found->lines[found->count++] =
		arena_strndup(&found->result->arena, message.at, message.len);
}

static void find_kernel_messages(struct result *result)
{
	const struct kernel_messages *messages = &result->messages;
	const struct trial *trial = result->trial;
	struct fatal_lines found = { .result = result };

	match_kernel_messages(result->seen, &result->messages);
	found.lines = arena_alloc(&result->arena,
				  (messages->count + MAX_FATAL_MESSAGES) * sizeof(*found.lines));
	if (!result->rehearsal.reached_init)
		log_lines((const char *)trial->console, trial->console_size, keep_fatal_line,
			  &found);
	/* Each guest reports missing variables for keys, because its firmware has no variables. */
	for (size_t i = 0; i < messages->count; i++)
		if (messages->list[i].rule != EFIMAP_RULE_MOK_KEYS_MISSING)
			found.lines[found.count++] = messages->list[i].text;
	result->rehearsal.kernel_messages = found.lines;
	result->rehearsal.n_kernel_messages = found.count;
	result->is_open = trial->timed_out && !found.has_end;
}

static void make_remarks(struct result *result)
{
	const struct machine *machine = result->trial->machine;
	const char **lines = arena_alloc(&result->arena, MAX_REMARKS * sizeof(*lines));
	const char *crash = result->trial->earlier_crash;
	size_t count = 0;

	if (crash && result->rehearsal.reached_init)
		lines[count++] = arena_printf(&result->arena,
					      "the first of two runs under emulation crashed "
					      "(%s), but the second did not",
					      crash);
	if (machine->has_assumed_bits && machine->has_beyond)
		lines[count++] =
			arena_printf(&result->arena,
				     "the guest is assumed to have %u physical address "
				     "bits, so an access to address 0x%llx causes a fault",
				     machine->phys_bits, (unsigned long long)machine->highest);
	if (machine->left_out)
		lines[count++] = arena_printf(&result->arena,
					      "the guest has %llu MiB of memory; %llu MiB of "
					      "the machine's memory are omitted",
					      (unsigned long long)machine->memory >> 20,
					      (unsigned long long)machine->left_out >> 20);
	if (result->trial->question == EFIMAP_QUESTION_KDUMP)
		lines[count++] = "the crash kernel uses all of the guest's memory, not only the "
				 "reserved memory";
	lines[count++] = "runtime services return EFI_UNSUPPORTED; ACPI is off, so the "
			 "guest has one processor and one NUMA node";
	result->rehearsal.remarks = lines;
	result->rehearsal.n_remarks = count;
}

/* Return whether an entry of the passed map is missing from the runtime map of the machine. */
static bool is_extra(const struct report *drift, uint32_t entry)
{
	for (size_t i = 0; drift && i < drift->n_findings; i++) {
		const struct finding *finding = &drift->findings[i];

		if (finding->rule->id == EFIMAP_RULE_DRIFT_EXTRA && finding->n_entries > 0 &&
		    finding->entries[0] == entry)
			return true;
	}
	return false;
}

/*
 * Return the outcome that a finding predicts for the guest. This outcome may be better than the
 * consequence of the finding, because the kernel is already loaded, no table is overwritten, and
 * runtime services do not use entries that the machine's own map lacks.
 */
static enum outcome find_shown(const struct finding *finding, const struct report *drift)
{
	const enum rule_id rule = finding->rule->id;
	const int unneeded = (int)rule_variants[rule_bindings[rule].variants].unneeded;
	size_t n_extra = 0;

	/* An unknown effect and a condition predict nothing. */
	if (finding->certainty == EFIMAP_UNKNOWN || finding->certainty == EFIMAP_CONDITION ||
	    finding->consequence == EFIMAP_OUTCOME_MEMORY_AT_RISK ||
	    finding->consequence == EFIMAP_OUTCOME_CANNOT_LOAD ||
	    rule == EFIMAP_RULE_INITRD_TABLE_IN_RAM || rule == EFIMAP_RULE_RNG_SEED_TABLE_IN_RAM ||
	    rule == EFIMAP_RULE_SEGMENT_COLLISION)
		return EFIMAP_OUTCOME_NONE;
	for (size_t i = 0;
	     finding->consequence == EFIMAP_OUTCOME_NO_RUNTIME && i < finding->n_entries; i++)
		n_extra += is_extra(drift, finding->entries[i]);
	if (n_extra == 0 || n_extra < finding->n_entries)
		return finding->consequence;
	return unneeded < 0 ? EFIMAP_OUTCOME_NONE : (enum outcome)unneeded;
}

static enum outcome find_worst(const struct report *report, const struct report *drift)
{
	enum outcome worst = EFIMAP_OUTCOME_NONE;

	for (size_t i = 0; i < report->n_findings; i++) {
		const enum outcome shown = find_shown(&report->findings[i], drift);

		if (shown > worst)
			worst = shown;
	}
	return worst;
}

/*
 * Compare two captures. The captures are modified, so callers pass copies. If EFI data was passed,
 * assume that the first kernel started the second kernel by kexec. Otherwise, remove all evidence
 * of the kernels' loaders. /sys/firmware/memmap is not compared, because the guest may have less
 * memory than the machine.
 */
static struct comparison *compare_copies(struct efimap *first, struct efimap *second,
					 bool was_passed)
{
	enum relation relation;

	first->states[EFIMAP_SRC_MEMMAP] = EFIMAP_STATE_ABSENT;
	first->boot_id = "";
	if (!was_passed) {
		first->states[EFIMAP_SRC_BOOT_PARAMS] = EFIMAP_STATE_ABSENT;
		second->states[EFIMAP_SRC_BOOT_PARAMS] = EFIMAP_STATE_ABSENT;
		second->states[EFIMAP_SRC_SETUP_DATA] = EFIMAP_STATE_ABSENT;
		second->states[EFIMAP_SRC_RUNTIME] = EFIMAP_STATE_ABSENT;
		second->n_setup_data = 0;
	}
	/* Specify the relation, because the guest may look like another machine than SOURCE. */
	relation = was_passed ? EFIMAP_RELATION_KEXEC : EFIMAP_RELATION_UNKNOWN;
	return compare_captures(first, second, &relation);
}

/* A first kernel is expected to boot with EFI. The rules of verify are used for second kernels. */
static void predict(struct result *result)
{
	struct verify_options how = { 0 };
	auto_comparison struct comparison *drift = NULL;
	const struct trial *trial = result->trial;
	const bool is_second = result->before;
	/* If true, the guest received the map of another capture (--setup-data-from). */
	const bool is_foreign = trial->passed && !is_second;
	const struct efimap *source = is_second ? result->before : trial->passed ?: trial->source;
	enum outcome *outcome = &result->rehearsal.predicted, drifted;

	*outcome = EFIMAP_OUTCOME_NONE;
	if (result->is_first_kernel)
		return;
	how.not_asked = ~EFIMAP_QUESTION_BIT(trial->question);
	how.kernels = &(is_second ? trial->second_kernel : trial->kernel)->installed;
	how.n_kernels = 1;
	how.loaders = EFIMAP_LOADER_BIT(is_second ? EFIMAP_LOADER_KERNEL : trial->asked->loader);
	result->prediction = verify_capture(source, &how);
	if (is_foreign) {
		struct efimap own = *trial->source, passed = *source;

		drift = compare_copies(&own, &passed, false);
	}
	*outcome = find_worst(result->prediction, drift ? drift->report : NULL);
	/* Differences do not affect a kernel that will boot without EFI, and so without the map. */
	drifted = drift ? find_worst(drift->report, NULL) : EFIMAP_OUTCOME_NONE;
	if (drifted > *outcome && *outcome != EFIMAP_OUTCOME_NO_EFI)
		*outcome = drifted;
	if (!is_foreign && !is_second && result->prediction->n_answers > 0)
		result->rehearsal.verify = &result->prediction->answers[0];
}

static int order_by_phys(const void *a, const void *b)
{
	const struct map_entry *one = a, *other = b;

	return order_u64(one->phys, other->phys);
}

static int order_entries(const void *a, const void *b)
{
	const struct map_entry *one = a, *other = b;
	int order = order_by_phys(a, b);

	if (order == 0)
		order = order_u64(one->pages, other->pages);
	return order ? order : order_u64(one->virt, other->virt);
}

static struct map_entry *sort_entries(const struct efimap *map, struct arena *arena)
{
	struct map_entry *entries = arena_alloc(arena, (map->n_entries + 1) * sizeof(*entries));

	for (size_t i = 0; i < map->n_entries; i++)
		entries[i] = map->entries[i];
	sort_items(entries, map->n_entries, sizeof(*entries), order_entries);
	return entries;
}

static void count_equal(struct result *result)
{
	struct rehearsal *rehearsal = &result->rehearsal;
	const struct map_entry *expected, *seen;
	struct rehearsal_difference *differences;
	size_t count = result->seen->n_entries, k = 0, first = 0;

	rehearsal->n_expected_entries = result->expected->n_entries;
	if (!rehearsal->reached_init)
		return;
	expected = sort_entries(result->expected, &result->arena);
	seen = sort_entries(result->seen, &result->arena);
	differences = arena_alloc(&result->arena,
				  (rehearsal->n_expected_entries + 1) * sizeof(*differences));
	rehearsal->differences = differences;
	for (size_t i = 0; i < rehearsal->n_expected_entries; i++) {
		while (k < count && order_entries(&seen[k], &expected[i]) < 0)
			k++;
		/* Of several entries at the expected address, a difference shows the first one. */
		while (first < count && seen[first].phys < expected[i].phys)
			first++;
		if (k < count && order_entries(&seen[k], &expected[i]) == 0)
			rehearsal->n_equal_entries++;
		/* If the guest has no map, the expected entries are not listed as differences. */
		else if (count > 0)
			differences[rehearsal->n_differences++] = (struct rehearsal_difference){
				&expected[i], first < count && seen[first].phys == expected[i].phys
						      ? &seen[first]
						      : NULL
			};
	}
}

static const char *name_kernel(bool is_first_kernel)
{
	return is_first_kernel ? "First kernel" : "Second kernel";
}

const char *result_fatal_line(const struct result *result)
{
	return result->rehearsal.n_kernel_messages ? result->rehearsal.kernel_messages[0]
						   : "the guest restarted before init ended";
}

/* Return whether the guest has a map that shows that EFI runtime services work. */
static bool has_working_map(const struct result *result)
{
	const struct efimap *seen = result->seen;
	bool has_map = false;

	/*
	 * In a first kernel, boot services regions do not count as a map, because they may not have
	 * been compared.
	 */
	for (size_t i = 0; capture_has(seen, EFIMAP_SRC_EFI) && i < seen->n_entries; i++)
		has_map |= !result->is_first_kernel || entry_is_runtime_services(&seen->entries[i]);
	/* If a kernel message reports that the kernel disabled EFI, the map does not count. */
	for (size_t i = 0; i < result->messages.count; i++)
		if (rule_get(result->messages.list[i].rule)->consequence == EFIMAP_OUTCOME_NO_EFI)
			has_map = false;
	return has_map;
}

/* Return the first finding that predicts that the kernel does not boot, or NULL. */
static const struct finding *find_crash(const struct report *report)
{
	for (size_t i = 0; i < report->n_findings; i++)
		if (report->findings[i].consequence == EFIMAP_OUTCOME_NO_BOOT)
			return &report->findings[i];
	return NULL;
}

static void conclude(const struct result *result, struct report *report)
{
	const struct rehearsal *rehearsal = &result->rehearsal;
	const struct efimap *seen = result->seen;
	const char *who = name_kernel(result->is_first_kernel),
		   *crash = result->trial->earlier_crash, *what = strchr(report->answer, ':');
	const enum not_passed reason =
		result->before ? EFIMAP_IS_PASSED : result->trial->machine->why_not_passed;
	const bool is_passed = reason == EFIMAP_IS_PASSED;
	const struct finding *predicted = find_crash(report);

	if (result->load_error)
		report_set_answer(report, EFIMAP_OUTCOME_CANNOT_LOAD,
				  "%s: cannot be loaded: kexec_file_load failed: %s", who,
				  strerror(result->load_error));
	/*
	 * If the time limit was reached before the kernel died, the outcome is unknown, because the
	 * kernel may just be slow, for example in an emulator on a busy host.
	 */
	else if (!rehearsal->reached_init && result->is_open && crash)
		report_set_answer(report, EFIMAP_OUTCOME_UNKNOWN,
				  "%s: cannot tell: the first run crashed (%s), and no time was "
				  "left for a second run to confirm the crash; use a longer "
				  "--timeout",
				  who, crash);
	else if (!rehearsal->reached_init && result->is_open)
		report_set_answer(report, EFIMAP_OUTCOME_UNKNOWN,
				  "%s: cannot tell: no result within %llu s; use a longer "
				  "--timeout",
				  who, (unsigned long long)result->trial->asked->timeout);
	else if (!rehearsal->reached_init)
		report_set_answer(report, EFIMAP_OUTCOME_NO_BOOT, "%s: did not boot (%s)", who,
				  result_fatal_line(result));
	/*
	 * If runtime services are disabled, replace the comparison's answer, which applies only to
	 * later kernels.
	 */
	else if (seen->runtime_services_disabled && seen->n_entries)
		report_set_answer(report, EFIMAP_OUTCOME_NO_RUNTIME,
				  "%s: booted, but EFI runtime services did not work", who);
	else if (!has_working_map(result))
		report_set_answer(report, EFIMAP_OUTCOME_NO_EFI,
				  "%s: booted without EFI runtime services%s%s", who,
				  is_passed ? "" : ": ", is_passed ? "" : not_passed_text(reason));
	else if (!report_is_checked(report))
		report_set_answer(report, EFIMAP_OUTCOME_UNKNOWN, "%s: cannot tell: %s", who,
				  report->reason);
	else if (report->outcome == EFIMAP_OUTCOME_NONE ||
		 report->outcome == EFIMAP_OUTCOME_UNKNOWN)
		report_set_answer(report, EFIMAP_OUTCOME_NONE,
				  "%s: booted with EFI runtime services", who);
	/*
	 * If a finding predicts a crash, report instead that runtime services did not work, because
	 * the guest reached init.
	 */
	else if (predicted)
		report_set_answer(report, EFIMAP_OUTCOME_NO_RUNTIME,
				  "%s: booted, but EFI runtime services did not work: %s", who,
				  finding_why(predicted));
	else
		report_set_answer(report, report->outcome, "%s%.*s", who, (int)strlen(what) - 1,
				  what);
}

/*
 * Compare the captures. Unexpected boot services regions of a first kernel are ignored, because the
 * EFI memory map does not show which boot services regions a kernel reserves.
 */
static void compare_with_expected(struct result *result)
{
	struct efimap expected = *result->expected, seen = *result->seen;
	const struct map_entry *sorted;
	struct map_entry *entries;
	size_t count = 0;

	if (!result->is_first_kernel) {
		result->comparison = compare_copies(&expected, &seen, true);
		return;
	}
	sorted = sort_entries(&expected, &result->arena);
	entries = arena_alloc(&result->arena, (seen.n_entries + 1) * sizeof(*entries));
	for (size_t i = 0; i < seen.n_entries; i++)
		if (!entry_is_boot_services(&seen.entries[i]) ||
		    bsearch(&seen.entries[i], sorted, expected.n_entries, sizeof(*sorted),
			    order_by_phys))
			entries[count++] = seen.entries[i];
	seen.entries = entries;
	seen.n_entries = count;
	result->comparison = compare_copies(&expected, &seen, false);
}

void result_make_untried(const struct trial *trial, const char *why, struct result *result)
{
	const bool is_first_kernel = trial->asked->is_first_kernel;
	struct rehearsal *rehearsal = &result->rehearsal;

	result->seen = capture_create("guest", EFIMAP_ORIGIN_TREE);
	result->report = report_new();
	result->trial = trial;
	rehearsal->source = trial->source->name;
	rehearsal->seen = result->seen;
	rehearsal->as = is_first_kernel ? "first" : "next";
	if (!is_first_kernel)
		rehearsal->loader = loader_name(trial->asked->loader);
	rehearsal->predicted = EFIMAP_OUTCOME_UNKNOWN;
	rehearsal->report = result->report;
	report_set_answer(result->report, EFIMAP_OUTCOME_UNKNOWN, "%s: cannot tell: %s",
			  name_kernel(is_first_kernel), why);
}

int result_make(const struct trial *trial, struct result *result, struct err *err)
{
	const char *at = (const char *)trial->line, *end = at + trial->line_size;
	struct rehearsal *rehearsal = &result->rehearsal;
	bool is_second;
	int ret;

	result->trial = trial;
	ret = archive_read(&at, end, &result->recording, &result->seen, err);
	/* If the guest had to start a second kernel, the first archive is from the first kernel. */
	if (!ret && result->seen && trial->second_kernel) {
		result->before = steal(result->seen);
		recording_free(&result->recording);
		result->load_error = archive_load_error(at, end);
		ret = archive_read(&at, end, &result->recording, &result->seen, err);
	}
	if (ret)
		return ret;
	rehearsal->reached_init = result->seen != NULL;
	if (!result->seen)
		read_console(trial, result);

	is_second = result->before;
	result->expected = is_second ? result->before : &trial->machine->expected;
	result->is_first_kernel = trial->asked->is_first_kernel && !is_second;
	rehearsal->as = result->is_first_kernel ? "first" : "next";
	if (!result->is_first_kernel)
		rehearsal->loader =
			loader_name(is_second ? EFIMAP_LOADER_KERNEL : trial->asked->loader);

	compare_with_expected(result);
	find_kernel_messages(result);
	make_remarks(result);
	predict(result);
	count_equal(result);
	rehearsal->was_tried = true;
	rehearsal->source = trial->source->name;
	rehearsal->seen = result->seen;
	rehearsal->has_efi = rehearsal->reached_init && capture_has(result->seen, EFIMAP_SRC_EFI);
	rehearsal->report = result->comparison->report;
	conclude(result, result->comparison->report);
	return 0;
}

void result_free(struct result *result)
{
	comparison_free(result->comparison);
	report_free(result->prediction);
	report_free(result->report);
	arena_free(&result->arena);
	capture_free(result->before);
	capture_free(result->seen);
	free_kernel_messages(&result->messages);
	recording_free(&result->recording);
}
