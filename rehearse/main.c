/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rehearse: boot a real kernel on the memory map of a capture. efimapctl executes this program with
 * its own arguments, and passes the capture as a snapshot on standard input (cli/cmd_rehearse.c).
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text_scan.h"
#include "cli/cmd_rehearse.h"
#include "cli/command_list.h"
#include "cli/error_output.h"
#include "cli/exit_status.h"
#include "cli/option_parser.h"
#include "cli/output_file.h"
#include "compare_run.h"
#include "cpio_archive.h"
#include "document/snapshot.h"
#include "input/read_source.h"
#include "run_qemu.h"
#include "show/rehearsal.h"
#include "show/text_style.h"

#define MAX_INITRD ((size_t)1 << 30)
/* Time limit in milliseconds for a run with KVM; half of the remaining time if that is less. */
#define KVM_MILLISECONDS 20000
/* Time in milliseconds to read the guest's output; a quarter of --timeout if that is less. */
#define MAX_RESERVE 5000
#define MAX_CAPTURE ((size_t)64 << 20)

/*
 * struct session - the data that all runs share
 * @passed:     the capture of --setup-data-from, or NULL
 * @is_printed: the result of a run has been printed
 */
struct session {
	struct rehearse asked;
	struct efimap *map;
	struct efimap *passed;
	struct kernel_list kernels;
	bool is_printed;
};

static void session_free(struct session *session)
{
	capture_free(session->passed);
	capture_free(session->map);
}
#define auto_session __attribute__((cleanup(session_free)))

/*
 * struct run - the inputs and outputs of a run, in the order in which they are used
 * @choice:    the kernel to rehearse, or NULL if no kernel image is known
 * @guest_end: time at which the guest must end, in milliseconds of the monotonic clock; 0 for no
 *             limit
 * @first:     the result of the first of two runs
 */
struct run {
	struct session *session;
	struct rehearse asked;
	const struct kernel_choice *choice;
	struct kernel_file kernel;
	struct kernel_file second_kernel;
	struct out initrd;
	struct machine machine;
	struct qemu qemu;
	int64_t guest_end;
	uint8_t *line;
	uint8_t *console;
	struct trial trial;
	struct result first;
	struct result result;
};

static void run_free(struct run *run)
{
	result_free(&run->first);
	result_free(&run->result);
	free(run->kernel.data);
	free(run->second_kernel.data);
	free(run->line);
	free(run->console);
	out_free(&run->initrd);
	machine_free(&run->machine);
	close_fd(&run->qemu.console);
	close_fd(&run->qemu.line);
}
#define auto_run __attribute__((cleanup(run_free)))

static int read_back(int fd, uint8_t **ret_data, size_t *ret_size, struct err *err)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return read_file(path, MAX_CAPTURE, ret_data, ret_size, err);
}

static int read_guest(struct run *run, struct err *err)
{
	struct trial *trial = &run->trial;
	int ret;

	free(run->line);
	free(run->console);
	run->line = run->console = NULL;
	ret = read_back(run->qemu.line, &run->line, &trial->line_size, err);
	if (!ret)
		ret = read_back(run->qemu.console, &run->console, &trial->console_size, err);
	if (ret)
		return ret;
	trial->line = run->line;
	trial->console = run->console;
	trial->timed_out = run->qemu.timed_out;
	return result_make(trial, &run->result, err);
}

static int64_t read_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/*
 * Run the guest for at most @most milliseconds, or without a limit if run->guest_end is 0. If no
 * time is left, do not start QEMU, but set run->qemu.timed_out.
 */
static int run_until(struct run *run, const char *accelerator, int64_t most, struct err *err)
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
 * Run the guest with KVM, if possible. Return whether the guest sent data and ended in time. If the
 * guest did not, for example because nested KVM aborted or hung, the caller uses emulation, so
 * errors are not reported. With KVM, addresses beyond the guest's address width may not fault, so
 * KVM is not used if an address exceeds this width.
 */
static bool has_run_with_kvm(struct run *run)
{
	const int64_t half = (run->guest_end - read_clock()) / 2;
	struct stat st;
	int ret;

	if (run->qemu.gdb || run->machine.has_beyond || access("/dev/kvm", R_OK | W_OK))
		return false;
	ret = run_until(run, "kvm", half < KVM_MILLISECONDS ? half : KVM_MILLISECONDS, NULL);
	return !ret && !run->qemu.timed_out && fstat(run->qemu.line, &st) == 0 && st.st_size > 0;
}

static int run_with_tcg(struct run *run, struct err *err)
{
	if (ftruncate(run->qemu.console, 0) || ftruncate(run->qemu.line, 0))
		return -errno;
	return run_until(run, "tcg", run->guest_end - read_clock(), err);
}

/* A boot takes long enough that a user at a terminal may think that nothing happens. */
static void report_start(const struct run *run)
{
	const struct rehearse *asked = &run->asked;

	if (asked->common.quiet || !isatty(STDERR_FILENO))
		return;
	if (asked->gdb)
		put_message("booting %s; waiting for a debugger at %s", run->choice->name,
			    asked->gdb);
	else
		put_message("booting %s, which may take up to %llu s (--timeout)",
			    run->choice->name, (unsigned long long)asked->timeout);
}

static int rehearse_kernel(struct run *run, struct err *err)
{
	const struct installed_kernel *installed = run->choice->installed;
	const char *initrd = run->asked.common.given.initrd;
	auto_free uint8_t *data = NULL;
	struct machine_options options = { .asked = &run->asked, .passed = run->session->passed };
	struct kernel_image image;
	size_t size = 0;
	int ret;

	if (installed)
		ret = kernel_file_read_installed(run->asked.common.source, installed, &run->kernel,
						 &run->result.arena, err);
	else
		ret = kernel_file_read(run->choice->name, &run->kernel, err);
	if (!ret && run->asked.second_kernel) {
		ret = kernel_file_read(run->asked.second_kernel, &run->second_kernel, err);
		if (!ret)
			ret = machine_parse_kernel(&run->second_kernel.image, &image, err);
	}
	if (!ret && initrd)
		ret = read_file(initrd, MAX_INITRD, &data, &size, err);
	if (ret)
		return ret;
	out_write(&run->initrd, data, size);
	archive_put_initrd(&run->initrd, run->second_kernel.image.data,
			   run->second_kernel.image.size);
	if (initrd) {
		run->kernel.installed.initrd = initrd;
		run->kernel.installed.has_initrd_size = true;
		run->kernel.installed.initrd_size = size;
	}
	options.kernel = run->kernel.image;
	options.initrd =
		(struct machine_file){ initrd, (uint8_t *)run->initrd.data, run->initrd.used };
	ret = machine_make(run->session->map, &options, &run->machine, err);
	/* If the capture cannot be rehearsed, the result states the reason. */
	if (ret == -ENOTSUP || ret == -E2BIG) {
		result_make_untried(&run->trial, err->text, &run->result);
		return 0;
	}
	if (ret)
		return ret;

	run->qemu.gdb = run->asked.gdb;
	run->qemu.line = memfd_create("line", MFD_CLOEXEC);
	run->qemu.console = memfd_create("console", MFD_CLOEXEC);
	if (run->qemu.line < 0 || run->qemu.console < 0)
		return err_set(err, errno, "rehearse", "%s", strerror(errno));
	report_start(run);
	if (!has_run_with_kvm(run))
		ret = run_with_tcg(run, err);
	if (!ret)
		ret = read_guest(run, err);
	if (ret || run->asked.gdb || !result_died(&run->result))
		return ret;
	/*
	 * Run the guest again, because a crash that the emulator caused may not recur. The second
	 * run determines the result.
	 */
	run->first = run->result;
	run->result = (struct result){ 0 };
	run->trial.earlier_crash = result_fatal_line(&run->first);
	ret = run_with_tcg(run, err);
	return ret ? ret : read_guest(run, err);
}

static enum status save_console(const char *name, struct run *run)
{
	auto_free uint8_t *data = NULL;
	struct err err = EFIMAP_ERR_INIT;
	size_t size = 0;
	int ret;

	if (!name || run->qemu.console < 0)
		return STATUS_OK;
	ret = read_back(run->qemu.console, &data, &size, &err);
	return ret ? report_error(ret, name, &err) : output_save(name, data, size);
}

/* Write the snapshot of the guest, unless efimapctl could not read the snapshot again. */
static enum status save_snapshot(const char *name, const struct result *result)
{
	auto_out struct out out = EFIMAP_OUT_MEM;

	/* A guest that dies before its first message sends no data. */
	if (result->recording.n_files == 0) {
		put_message("%s: not written, because the guest sent no data for a snapshot", name);
		return STATUS_OK;
	}
	snapshot_write(&result->recording, result->rehearsal.seen, false, &out);
	if (out.used > EFIMAP_DOCUMENT_MAX_BYTES)
		return report_snapshot_too_long(result->rehearsal.seen->name);
	return output_finish(name, 0600, &out);
}

static enum status finish(struct run *run)
{
	struct session *session = run->session;
	const struct common *common = &run->asked.common;
	struct rehearsal *rehearsal = &run->result.rehearsal;
	auto_out struct out out = EFIMAP_OUT_FD(STDOUT_FILENO);
	struct text_options how = common_text(common);
	enum status status = STATUS_OK;

	if (run->asked.keep && rehearsal->was_tried)
		status = save_snapshot(run->asked.keep, &run->result);
	how.notes = common->verbose;
	how.headings = !common->quiet;
	rehearsal->image = run->choice ? run->choice->name : NULL;
	if (!common->json && session->is_printed)
		out_putc(&out, '\n');
	/* If --kernel names only one kernel, the text does not repeat the name of its image. */
	if (!common->json && common->given.n_kernels != 1 && rehearsal->image)
		out_printf(&out, "%s:\n", text_mark(&run->result.arena, rehearsal->image));
	session->is_printed = true;
	if (common->json)
		rehearsal_write_json(rehearsal, session->kernels.count > 1 || common->lines, &out);
	else
		rehearsal_write_text(rehearsal, &how, &out);
	status = combine_status(status, output_end(&out));
	/* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): compare_run.c always sets report. */
	if (rehearsal->report->outcome == EFIMAP_OUTCOME_NONE)
		return status;
	return combine_status(status, rehearsal->report->outcome == EFIMAP_OUTCOME_UNKNOWN
					      ? STATUS_NOT_APPLICABLE
					      : STATUS_FINDINGS);
}

static enum status rehearse_one(struct session *session, const struct kernel_choice *choice)
{
	const struct rehearse *asked = &session->asked;
	auto_run struct run run = { .session = session,
				    .asked = *asked,
				    .choice = choice,
				    .initrd = EFIMAP_OUT_MEM,
				    .qemu = { .console = -1, .line = -1 } };
	const struct unread_kernel *unread = choice ? choice->unread : NULL;
	const int64_t quarter = (int64_t)asked->timeout * 1000 / 4;
	const char *why = "no kernel image is known; use --kernel=IMAGE", *file;
	struct err err = EFIMAP_ERR_INIT;
	struct itimerval timer;
	enum status status;
	int ret = 0;

	run.asked.loader = choice ? choice->loader : EFIMAP_LOADER_KEXEC_TOOLS;
	run.trial = (struct trial){
		.asked = &run.asked,
		.question = choice ? choice->question : EFIMAP_QUESTION_KEXEC,
		.source = session->map,
		.passed = session->passed,
		.machine = &run.machine,
		.kernel = &run.kernel,
		.second_kernel = asked->second_kernel ? &run.second_kernel : NULL,
	};
	/* The timer of --timeout is already running. Leave time for reading the guest's output. */
	if (asked->timeout) {
		getitimer(ITIMER_REAL, &timer);
		run.guest_end = read_clock() + (int64_t)timer.it_value.tv_sec * 1000 +
				timer.it_value.tv_usec / 1000 -
				(quarter < MAX_RESERVE ? quarter : MAX_RESERVE);
	}
	if (unread) {
		file = text_mark(&run.result.arena, unread->fault.where);
		why = arena_printf(&run.result.arena, "%s cannot be read: %s", file,
				   unread->fault.text);
	}
	if (choice && !unread)
		ret = rehearse_kernel(&run, &err);
	else
		result_make_untried(&run.trial, why, &run.result);
	status = ret ? report_error(ret, asked->common.source, &err) : finish(&run);
	/* The console is saved last, because opening a FIFO without a reader blocks. */
	return combine_status(status, save_console(asked->console, &run));
}

static enum status rehearse_all(void *args)
{
	struct session *session = args;
	const struct rehearse *asked = &session->asked;
	const struct kernel_list *kernels = &session->kernels;
	const char *option = rehearse_find_one_kernel_option(asked);
	enum status status = STATUS_OK;

	if (kernels->count == 0)
		return rehearse_one(session, NULL);
	if (kernels->count > 1 && option) {
		put_message("%s has %zu kernels, but %s can be used with only one kernel; use "
			    "--kernel=IMAGE",
			    asked->common.source, kernels->count, option);
		return STATUS_USAGE;
	}
	for (size_t i = 0; i < kernels->count; i++) {
		const struct itimerval timer = { .it_value.tv_sec = (time_t)asked->timeout };

		/* efimapctl started the timer for the first kernel. */
		if (i > 0)
			setitimer(ITIMER_REAL, &timer, NULL);
		status = combine_status(status, rehearse_one(session, &kernels->choices[i]));
	}
	return status;
}

int main(int argc, char **argv)
{
	auto_session struct session session = { .asked.common = { .command = &cmd_rehearse,
								  .source = "/" } };
	struct rehearse *asked = &session.asked;
	const struct argp argp = command_argp(&cmd_rehearse);
	struct err err = EFIMAP_ERR_INIT;
	int ret;

	stdio_prepare();
	rehearse_end_on_alarm();
	argp_err_exit_status = STATUS_USAGE;
	rehearse_begin(argc, argv, asked);
	common_parse(&argp, argc, argv, &asked->common);
	ret = qemu_choose_memory(asked->memory, &asked->memory, &err);
	if (!ret)
		ret = read_stream(asked->common.source, asked->common.boot, STDIN_FILENO,
				  &session.map, &err);
	if (!ret && asked->passed)
		ret = read_stream(asked->passed, asked->common.boot, REHEARSE_SETUP_DATA_FD,
				  &session.passed, &err);
	if (ret) {
		report_error(ret, asked->common.source, &err);
		return STATUS_UNREADABLE;
	}
	kernels_choose(asked, session.map, &session.kernels);
	return (int)output_redirect(asked->common.file, rehearse_all, &session);
}
