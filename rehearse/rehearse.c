/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rehearse: a real kernel on the memory map of a capture, which it finds as a snapshot on its
 * standard input. efimapctl becomes this program, and its command line is that of efimapctl
 * rehearse (cli/cmd_rehearse.c).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "archive.h"
#include "base/cleanup.h"
#include "base/sort.h"
#include "check/engine.h"
#include "check/verify.h"
#include "cli/rehearse.h"
#include "format/format.h"
#include "machine.h"
#include "model/outcome.h"
#include "model/rehearsal.h"
#include "qemu.h"
#include "read/log/log_lines.h"
#include "read/read.h"

#define MAX_KERNEL ((size_t)256 << 20)
#define MAX_INITRD ((size_t)1 << 30)
/* KVM gets at most half of the time. If it works, a second is enough. */
#define KVM_MILLISECONDS 20000
/* The guest's answer is read within a quarter of --timeout, or this. */
#define MAX_RESERVE 5000
#define MAX_CAPTURE ((size_t)64 << 20)

/* A kernel that dies says so often, and the first words tell most. */
#define MAX_LAST_WORDS 4

/* Of messages that no rule knows, those of a kernel that dies; the first of them end it */
static const char *const last_words[] = {
	"Kernel panic", "PANIC:", "-- System halted", "BUG:", "Oops", "general protection",
};
#define N_ENDS 3

/*
 * struct run - what a run needs and leaves, in the order in which it comes
 * @guest_end: by the monotonic clock, in milliseconds: until then the guest may run; 0: for ever
 * @before:   what a kernel showed that was to start another one
 * @seen:     the guest's capture, where it reached init, or what its log says
 * @promise:  the capture whose kernel hands over, from which rules foresee the outcome
 * @told:     the machine's own, if that is another; or NULL
 * @expected: what the kernel is to show if all goes well
 * @judged:   its file
 * @is_first: it was started as by the firmware
 * @passes:   why it got no EFI, or EFIMAP_HANDOVER_PASSES
 * @is_open:  time was over, and the kernel had not said that it died
 */
struct run {
	struct machine_options options;
	struct efimap_out initrd;
	struct machine_file then;
	struct efimap *map;
	struct efimap *handed;
	struct machine machine;
	struct qemu qemu;
	int64_t guest_end;
	struct efimap *before;
	struct efimap *seen;
	uint8_t *console;
	size_t console_size;
	const struct efimap *promise;
	const struct efimap *told;
	const struct efimap *expected;
	const struct machine_file *judged;
	bool is_first;
	enum efimap_handover_reason passes;
	bool is_open;
	struct efimap_rehearsal rehearsal;
	struct efimap_comparison *comparison;
	struct efimap_arena arena;
};

static void run_free(struct run *run)
{
	efimap_comparison_free(run->comparison);
	efimap_arena_free(&run->arena);
	free((void *)(uintptr_t)run->options.kernel.data);
	free((void *)(uintptr_t)run->then.data);
	free(run->console);
	efimap_out_free(&run->initrd);
	efimap_free(run->before);
	efimap_free(run->seen);
	machine_free(&run->machine);
	efimap_free(run->handed);
	efimap_free(run->map);
	efimap_close_fd(&run->qemu.console);
	efimap_close_fd(&run->qemu.line);
}
#define auto_run __attribute__((cleanup(run_free)))

static ssize_t give_file(void *context, void *data, size_t size)
{
	const ssize_t count = TEMP_FAILURE_RETRY(read(*(const int *)context, data, size));

	return count < 0 ? -errno : count;
}

static int read_kernel(const char *name, struct machine_file *file, struct efimap_err *err)
{
	uint8_t *data = NULL;
	int ret = efimap_read_file(name, MAX_KERNEL, &data, &file->size, err);

	file->name = name;
	file->data = data;
	return ret;
}

static int make_initrd(const char *name, struct run *run, struct efimap_err *err)
{
	efimap_auto_free uint8_t *data = NULL;
	size_t size = 0;
	int ret = name ? efimap_read_file(name, MAX_INITRD, &data, &size, err) : 0;

	if (ret)
		return ret;
	efimap_out_write(&run->initrd, data, size);
	archive_put_initrd(&run->initrd, run->then.data, run->then.size);
	run->options.initrd = (struct machine_file){ name, (uint8_t *)run->initrd.data,
						     run->initrd.used };
	return run->initrd.error;
}

static int open_lines(struct run *run, struct efimap_err *err)
{
	run->qemu.line = memfd_create("line", MFD_CLOEXEC);
	run->qemu.console = memfd_create("console", MFD_CLOEXEC);
	if (run->qemu.line < 0 || run->qemu.console < 0)
		return efimap_err_set(err, errno, "rehearse", "%s", strerror(errno));
	return 0;
}

static int read_back(int fd, uint8_t **ret_data, size_t *ret_size, struct efimap_err *err)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return efimap_read_file(path, MAX_CAPTURE, ret_data, ret_size, err);
}

/* A kernel that was lost before it said a word leaves nothing. */
static int read_console(struct run *run)
{
	int ret = efimap_read_stream("console", give_file, &run->qemu.console, &run->seen, NULL);

	if (ret == -ENOMEM)
		return ret;
	return ret ? efimap_new("console", EFIMAP_ORIGIN_LOG, &run->seen) : 0;
}

static int look_at_guest(struct run *run, struct efimap_err *err)
{
	efimap_auto_free uint8_t *line = NULL;
	struct efimap *seen = NULL;
	size_t size = 0;
	const char *at, *end;
	int ret = read_back(run->qemu.console, &run->console, &run->console_size, err) ?:
		  read_back(run->qemu.line, &line, &size, err);
	if (ret)
		return ret;
	at = (const char *)line;
	end = at + size;
	ret = archive_read(&at, end, &seen, err);
	/* Of a kernel that was to start another this one is only the first half. */
	if (!ret && seen && run->then.size) {
		run->before = efimap_steal(seen);
		ret = archive_read(&at, end, &seen, err);
	}
	run->seen = seen;
	run->rehearsal.reached_init = seen != NULL;
	return !ret && !seen ? read_console(run) : ret;
}

static int64_t read_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/*
 * When the guest has to end, so that its answer can be read before --timeout is over. The timer
 * tells what is left of that: efimapctl started it before it read SOURCE, and gives up when it ends.
 */
static int64_t find_guest_end(uint64_t seconds)
{
	const int64_t most = (int64_t)seconds * 1000;
	const int64_t reserve = most / 4 < MAX_RESERVE ? most / 4 : MAX_RESERVE;
	struct itimerval timer;
	int64_t left;

	if (seconds == 0)
		return 0;
	getitimer(ITIMER_REAL, &timer);
	left = (int64_t)timer.it_value.tv_sec * 1000 + timer.it_value.tv_usec / 1000;
	return read_clock() + left - reserve;
}

/* Run the guest until its end, or until @guest_end, and no longer than @most milliseconds. */
static int run_until(struct run *run, const char *accelerator, int64_t most, struct efimap_err *err)
{
	run->qemu.accelerator = accelerator;
	run->qemu.milliseconds = 0;
	if (run->guest_end) {
		run->qemu.timed_out = most <= 0;
		if (most <= 0)
			return 0;
		run->qemu.milliseconds = (unsigned int)most;
	}
	return qemu_run(&run->qemu, &run->machine, err);
}

/*
 * KVM is worth a try, but only a guest that comes to its end there has proved anything: where KVM
 * is itself within a virtual machine, it can abort or hang.
 */
static bool has_run_with_kvm(struct run *run)
{
	const int64_t half = (run->guest_end - read_clock()) / 2;
	struct stat st;
	int ret;

	if (run->qemu.gdb || access("/dev/kvm", R_OK | W_OK))
		return false;
	ret = run_until(run, "kvm", half < KVM_MILLISECONDS ? half : KVM_MILLISECONDS, NULL);
	return !ret && !run->qemu.timed_out && fstat(run->qemu.line, &st) == 0 && st.st_size > 0;
}

static int run_guest(struct run *run, struct efimap_err *err)
{
	if (has_run_with_kvm(run))
		return 0;
	if (ftruncate(run->qemu.console, 0) || ftruncate(run->qemu.line, 0))
		return -errno;
	return run_until(run, "tcg", run->guest_end - read_clock(), err);
}

static int rehearse_kernel(const struct rehearse *rehearse, struct run *run,
			   struct efimap_err *err)
{
	struct machine_options *options = &run->options;
	int source = STDIN_FILENO, handed = REHEARSE_HANDED_FD;
	int ret = efimap_read_stream(rehearse->common.source, give_file, &source, &run->map,
				     err);

	run->qemu.gdb = rehearse->gdb;
	if (!ret && rehearse->handed)
		ret = efimap_read_stream(rehearse->handed, give_file, &handed, &run->handed,
					 err);
	options->handed = run->handed;
	options->asked = rehearse;
	ret = ret ?: read_kernel(rehearse->kernel, &options->kernel, err);
	if (!ret && rehearse->then)
		ret = read_kernel(rehearse->then, &run->then, err);
	return ret ?: make_initrd(rehearse->initrd, run, err) ?:
	       machine_make(run->map, options, &run->machine, err) ?:
	       open_lines(run, err) ?:
	       run_guest(run, err) ?:
	       look_at_guest(run, err);
}

/*
 * What a run comes to: the capture that was expected held against the one that was seen, by the
 * rules of compare, and the outcome beside the one that the rules of verify foresee.
 */

/* struct listener - the lines that were heard so far, and whether one is of an end */
struct listener {
	struct run *run;
	const char **lines;
	size_t count;
	bool has_end;
};

static bool is_heard(const struct listener *listener, const struct efimap_log_line *line)
{
	for (size_t i = 0; i < listener->count; i++)
		if (strlen(listener->lines[i]) == line->message.len &&
		    memcmp(listener->lines[i], line->message.at, line->message.len) == 0)
			return true;
	return false;
}

/* A guest can print millions of lines: those that are not kept are not copied. */
static int hear(void *context, const struct efimap_log_line *line)
{
	struct listener *listener = context;
	char *text;

	for (size_t i = 0; i < sizeof(last_words) / sizeof(last_words[0]); i++) {
		if (!memmem(line->message.at, line->message.len, last_words[i],
			    strlen(last_words[i])))
			continue;
		listener->has_end |= i < N_ENDS;
		if (listener->count == MAX_LAST_WORDS || is_heard(listener, line))
			continue;
		text = efimap_arena_strndup(&listener->run->arena, line->message.at,
					    line->message.len);
		if (!text)
			return -ENOMEM;
		listener->lines[listener->count++] = text;
	}
	return 0;
}

static int find_complaints(struct run *run)
{
	const size_t most = run->seen->n_complaints + MAX_LAST_WORDS;
	struct listener listener = { .run = run };
	int ret = 0;

	listener.lines = efimap_arena_alloc(&run->arena, most * sizeof(*listener.lines));
	if (!listener.lines)
		return -ENOMEM;
	if (!run->rehearsal.reached_init)
		ret = efimap_log_lines((const char *)run->console, run->console_size, hear,
				       &listener);
	for (size_t i = 0; i < run->seen->n_complaints; i++)
		listener.lines[listener.count++] = run->seen->complaints[i].text;
	run->rehearsal.complaints = listener.lines;
	run->rehearsal.n_complaints = listener.count;
	run->is_open = run->qemu.timed_out && !listener.has_end;
	return ret;
}

static int make_remarks(struct run *run)
{
	const char **lines = efimap_arena_alloc(&run->arena, 2 * sizeof(*lines));
	size_t count = 0;

	if (!lines)
		return -ENOMEM;
	if (run->machine.left_out)
		lines[count++] = efimap_arena_printf(
			&run->arena, "%llu MiB of the machine's memory; the guest has %llu MiB",
			(unsigned long long)run->machine.left_out >> 20,
			(unsigned long long)run->machine.memory >> 20);
	if (count && !lines[0])
		return -ENOMEM;
	lines[count++] = "its firmware: runtime services answer that they do not exist; "
			 "ACPI is off";
	run->rehearsal.remarks = lines;
	run->rehearsal.n_remarks = count;
	return 0;
}

/* struct extras - indices of entries that the machine's firmware was told nothing of, ascending */
struct extras {
	uint32_t *indices;
	size_t count;
};

static int find_extras(const struct efimap_report *drift, struct efimap_arena *arena,
		       struct extras *extras)
{
	extras->indices = efimap_arena_alloc(arena, (drift->n_findings + 1) *
							    sizeof(*extras->indices));
	if (!extras->indices)
		return -ENOMEM;
	for (size_t i = 0; i < drift->n_findings; i++) {
		const struct efimap_finding *finding = &drift->findings[i];

		if (finding->rule->id == EFIMAP_RULE_DRIFT_EXTRA && finding->n_entries > 0)
			extras->indices[extras->count++] = finding->entries[0];
	}
	efimap_sort(extras->indices, extras->count, sizeof(*extras->indices),
		    efimap_order_at_32);
	return 0;
}

/* Is it about such entries alone? */
static bool is_of_extras(const struct efimap_finding *finding, const struct extras *extras)
{
	size_t n_extra = 0;

	for (size_t i = 0; extras->count > 0 && i < finding->n_entries; i++)
		n_extra += bsearch(&finding->entries[i], extras->indices, extras->count,
				   sizeof(*extras->indices), efimap_order_at_32) != NULL;
	return n_extra > 0 && n_extra == finding->n_entries;
}

/*
 * What of it comes in the guest: nobody puts anything over a table there, and no call fails for
 * what its firmware does not know of, which the kernel may still drop.
 */
static enum efimap_consequence find_shown(const struct efimap_finding *finding,
					  const struct extras *extras)
{
	const enum efimap_rule_id rule = finding->rule->id;
	const int unneeded = (int)rule_variants[rule_bindings[rule].variants].unneeded;

	if (finding->consequence == EFIMAP_CONSEQ_MEMORY_AT_RISK ||
	    rule == EFIMAP_RULE_INITRD_IN_RAM || rule == EFIMAP_RULE_SEGMENT_COLLISION)
		return EFIMAP_CONSEQ_NONE;
	if (finding->consequence != EFIMAP_CONSEQ_NO_RUNTIME || !is_of_extras(finding, extras))
		return finding->consequence;
	return unneeded < 0 ? EFIMAP_CONSEQ_NONE : (enum efimap_consequence)unneeded;
}

static enum efimap_consequence find_worst(const struct efimap_report *report,
					  const struct extras *extras)
{
	enum efimap_consequence worst = EFIMAP_CONSEQ_NONE;

	for (size_t i = 0; i < report->n_findings; i++) {
		const enum efimap_consequence shown = find_shown(&report->findings[i], extras);

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
	/* Both are of the machine that is rehearsed, whatever a guest says of itself. */
	return efimap_compare_as(first, second,
				 was_handed ? EFIMAP_RELATION_KEXEC : EFIMAP_RELATION_UNKNOWN,
				 EFIMAP_ERROR, ret_comparison);
}

/* What the rules say of the next kernel; nothing of them is about a first one. */
static int foresee(struct run *run, enum efimap_consequence *ret_outcome, struct efimap_err *err)
{
	struct efimap_verify_options how = EFIMAP_VERIFY_OPTIONS_INIT;
	efimap_auto_comparison struct efimap_comparison *drift = NULL;
	efimap_auto_report struct efimap_report *report = NULL;
	const struct machine_file *kernel = run->judged;
	struct extras extras = { NULL, 0 }, none = { NULL, 0 };
	enum efimap_consequence drifted;
	struct efimap_image image;
	int ret;

	*ret_outcome = EFIMAP_CONSEQ_NONE;
	if (run->is_first) {
		if (run->options.asked->fails == REHEARSE_FAILS_SET_VIRTUAL_ADDRESS_MAP)
			*ret_outcome = EFIMAP_CONSEQ_NO_EFI;
		return 0;
	}
	ret = efimap_bzimage_parse(kernel->data, kernel->size, kernel->name, &image, err);
	how.image = &image;
	if (!ret)
		ret = efimap_verify(run->promise, &how, &report);
	/* What of the machine's map is not in the one that is handed over, before it arrives */
	if (!ret && run->told) {
		struct efimap told = *run->told, handed = *run->promise;

		ret = compare_copies(&told, &handed, false, &drift);
		if (!ret)
			ret = find_extras(drift->report, &run->arena, &extras);
	}
	if (ret)
		return ret;
	*ret_outcome = find_worst(report, &extras);
	/* Of what does not arrive nothing drifts. */
	drifted = drift ? find_worst(drift->report, &none) : EFIMAP_CONSEQ_NONE;
	if (drifted > *ret_outcome && *ret_outcome != EFIMAP_CONSEQ_NO_EFI)
		*ret_outcome = drifted;
	return 0;
}

static int order_by_phys(const void *a, const void *b)
{
	const struct efimap_entry *one = a, *other = b;

	return efimap_order(one->phys, other->phys);
}

/* Of two entries, by what is the same if all goes well */
static int order_entries(const void *a, const void *b)
{
	const struct efimap_entry *one = a, *other = b;
	int order = order_by_phys(a, b);

	if (order == 0)
		order = efimap_order(one->pages, other->pages);
	return order ? order : efimap_order(one->virt, other->virt);
}

/* A sorted copy of a map's entries, NULL without memory */
static struct efimap_entry *sort_entries(const struct efimap *map, struct efimap_arena *arena)
{
	struct efimap_entry *entries =
		efimap_arena_alloc(arena, (map->n_entries + 1) * sizeof(*entries));

	if (!entries)
		return NULL;
	for (size_t i = 0; i < map->n_entries; i++)
		entries[i] = map->entries[i];
	efimap_sort(entries, map->n_entries, sizeof(*entries), order_entries);
	return entries;
}

/*
 * Of what a firmware's map makes of a kernel's it is not known which boot services the kernel
 * keeps for itself, such as those in its first MiB, or all where services never began: these are
 * neither more nor less than foreseen.
 */
static int leave_kept_out(const struct efimap *expected, struct efimap *seen,
			  struct efimap_arena *arena)
{
	const struct efimap_entry *sorted = sort_entries(expected, arena);
	struct efimap_entry *entries =
		efimap_arena_alloc(arena, (seen->n_entries + 1) * sizeof(*entries));
	size_t count = 0;

	if (!sorted || !entries)
		return -ENOMEM;
	for (size_t i = 0; i < seen->n_entries; i++)
		if (!efimap_entry_is_boot_services(&seen->entries[i]) ||
		    bsearch(&seen->entries[i], sorted, expected->n_entries, sizeof(*sorted),
			    order_by_phys))
			entries[count++] = seen->entries[i];
	seen->entries = entries;
	seen->n_entries = count;
	return 0;
}

/* A first kernel is handed nothing; but its map is known beforehand. */
static int compare_seen(struct run *run)
{
	struct efimap expected = *run->expected, seen = *run->seen;
	const int ret = run->is_first ? leave_kept_out(&expected, &seen, &run->arena) : 0;

	return ret ? ret :
		     compare_copies(&expected, &seen, !run->is_first, &run->comparison);
}

static int count_equal(struct run *run)
{
	struct efimap_rehearsal *rehearsal = &run->rehearsal;
	const struct efimap_entry *expected, *seen;
	size_t k = 0;

	rehearsal->n_expected = run->expected->n_entries;
	if (!rehearsal->reached_init)
		return 0;
	expected = sort_entries(run->expected, &run->arena);
	seen = sort_entries(run->seen, &run->arena);
	if (!expected || !seen)
		return -ENOMEM;
	for (size_t i = 0; i < run->expected->n_entries; i++) {
		while (k < run->seen->n_entries && order_entries(&seen[k], &expected[i]) < 0)
			k++;
		if (k < run->seen->n_entries && order_entries(&seen[k], &expected[i]) == 0)
			rehearsal->n_equal++;
	}
	return 0;
}

/*
 * A kernel that did not come to the end of its first program. One that has not said either that
 * this is its end may be slow, as in an emulator on a busy host.
 */
static int conclude_lost(const struct run *run, const char *who, struct efimap_report *report)
{
	const struct efimap_rehearsal *rehearsal = &run->rehearsal;

	if (run->is_open)
		return efimap_report_set_answer(
			report, EFIMAP_CONSEQ_UNKNOWN,
			"%s: not known: no result within %llu s; --timeout gives it more", who,
			(unsigned long long)run->options.asked->common.timeout);
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

static const struct efimap_finding *find_fatal(const struct efimap_report *report)
{
	for (size_t i = 0; i < report->n_findings; i++)
		if (report->findings[i].consequence == EFIMAP_CONSEQ_NO_BOOT)
			return &report->findings[i];
	return NULL;
}

/*
 * Conclude with the outcome of the comparison. The guest reached init, so a fatal finding costs
 * it only its runtime services.
 */
static int conclude_compared(const char *who, struct efimap_report *report)
{
	const struct efimap_finding *fatal = find_fatal(report);
	const char *what = strchr(report->answer, ':');

	if (fatal)
		return efimap_report_set_answer(report, EFIMAP_CONSEQ_NO_RUNTIME,
						"%s: boots, but its EFI runtime services fail: %s",
						who, fatal->answer ? fatal->answer : fatal->message);
	return efimap_report_set_answer(report, report->outcome, "%s%.*s", who,
					(int)strlen(what) - 1, what);
}

/* What the comparison came to is the answer, but for what it cannot know. */
static int conclude(const struct run *run, struct efimap_report *report)
{
	const char *who = run->is_first ? "First kernel" : "Next kernel";
	const char *why = run->passes == EFIMAP_HANDOVER_PASSES ?
				  "" :
				  efimap_handover_reason_text(run->passes);

	if (!run->rehearsal.reached_init)
		return conclude_lost(run, who, report);
	/* What it says of that is about the kernels after it. */
	if (run->seen->services_lost && run->seen->n_entries)
		return efimap_report_set_answer(report, EFIMAP_CONSEQ_NO_RUNTIME,
						"%s: boots, but its EFI runtime services fail",
						who);
	if (!has_map(run->seen))
		return efimap_report_set_answer(report, EFIMAP_CONSEQ_NO_EFI,
						"%s: boots without EFI runtime services%s%s", who,
						*why ? ": " : "", why);
	/* A map that cannot be read was not compared. */
	if (!efimap_report_is_judged(report))
		return efimap_report_set_answer(report, EFIMAP_CONSEQ_UNKNOWN,
						"%s: not known: %s", who, report->reason);
	if (report->outcome == EFIMAP_CONSEQ_NONE || report->outcome == EFIMAP_CONSEQ_UNKNOWN)
		return efimap_report_set_answer(report, EFIMAP_CONSEQ_NONE,
						"%s: boots, with EFI runtime services", who);
	return conclude_compared(who, report);
}

static int judge_run(struct run *run, struct efimap_err *err)
{
	struct efimap_rehearsal *rehearsal = &run->rehearsal;
	int ret = compare_seen(run) ?:
		  find_complaints(run) ?:
		  make_remarks(run) ?:
		  foresee(run, &rehearsal->predicted, err) ?:
		  count_equal(run);
	if (ret)
		return ret;
	rehearsal->source = run->map->name;
	rehearsal->seen = run->seen;
	rehearsal->has_efi = rehearsal->reached_init && efimap_has(run->seen, EFIMAP_SRC_EFI);
	rehearsal->report = run->comparison->report;
	return conclude(run, run->comparison->report);
}

/* The one before has shown what it hands over. */
static void choose_judged(const struct rehearse *rehearse, struct run *run)
{
	const bool is_second = run->before;

	run->promise = is_second ? run->before : run->handed ? run->handed : run->map;
	run->told = run->handed && !is_second ? run->map : NULL;
	run->expected = is_second ? run->before : &run->machine.expected;
	run->judged = is_second ? &run->then : &run->options.kernel;
	run->is_first = rehearse->is_first && !is_second;
	run->rehearsal.as = run->is_first ? "first" : "next";
	if (!run->is_first)
		run->rehearsal.loader = efimap_loader_name(
			is_second ? EFIMAP_LOADER_KERNEL : rehearse->loader);
	run->passes = is_second ? EFIMAP_HANDOVER_PASSES : run->machine.passes;
}

static enum status show(const struct rehearse *rehearse, const struct run *run)
{
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_FD(STDOUT_FILENO);
	struct efimap_text_options how = common_text(&rehearse->common);
	int ret;

	how.notes = rehearse->common.verbose;
	how.headings = !rehearse->common.quiet;
	if (rehearse->common.json)
		ret = efimap_rehearsal_write_json(&run->rehearsal, &out);
	else
		ret = efimap_rehearsal_write_text(&run->rehearsal, &how, &out);
	return output_finish(NULL, 0644, ret, &out);
}

/* What the guest printed is worth most where nothing else came of it. */
static enum status save_console(const char *name, struct run *run)
{
	efimap_auto_free uint8_t *data = NULL;
	struct efimap_err err = EFIMAP_ERR_INIT;
	size_t size = 0;
	int ret;

	if (!name || run->qemu.console < 0)
		return STATUS_OK;
	ret = read_back(run->qemu.console, &data, &size, &err);
	return ret ? say_error(ret, name, &err) : output_save(name, data, size);
}

static enum status status_of(enum efimap_consequence outcome)
{
	if (outcome == EFIMAP_CONSEQ_UNKNOWN)
		return STATUS_UNREADABLE;
	return outcome == EFIMAP_CONSEQ_NONE ? STATUS_OK : STATUS_FINDINGS;
}

static enum status finish(const struct rehearse *rehearse, struct run *run)
{
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;
	struct efimap_err err = EFIMAP_ERR_INIT;
	enum status status = STATUS_OK;
	int ret;

	choose_judged(rehearse, run);
	ret = judge_run(run, &err);
	if (ret)
		return say_errno(run->map->name, ret);
	if (rehearse->keep)
		status = output_finish(rehearse->keep, 0600,
				       efimap_snapshot_write(run->seen, false, &out), &out);
	status = status_worse(status, show(rehearse, run));
	return status_worse(status, status_of(run->rehearsal.report->outcome));
}

int main(int argc, char **argv)
{
	struct rehearse rehearse = { .common = { .command = &cmd_rehearse, .source = "/",
						 .fail_on = EFIMAP_ERROR } };
	auto_run struct run run = { .initrd = EFIMAP_OUT_MEM, .qemu = { .console = -1,
									.line = -1 } };
	const struct argp argp = command_argp(&cmd_rehearse);
	struct efimap_err err = EFIMAP_ERR_INIT;
	enum status status;
	int ret;

	stdio_prepare();
	argp_err_exit_status = STATUS_USAGE;
	rehearse_begin(argc, argv, &rehearse);
	common_parse(&argp, argc, argv, &rehearse.common);
	ret = qemu_choose_memory(rehearse.memory, &rehearse.memory, &err);
	if (!ret) {
		run.guest_end = find_guest_end(rehearse.common.timeout);
		ret = rehearse_kernel(&rehearse, &run, &err);
	}
	status = save_console(rehearse.console, &run);
	if (ret) {
		say_error(ret, rehearse.common.source, &err);
		return STATUS_UNREADABLE;
	}
	return (int)status_worse(status, finish(&rehearse, &run));
}
