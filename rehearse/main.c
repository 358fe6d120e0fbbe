/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rehearse: boot a real kernel on the memory map of a capture. The capture is a snapshot on
 * standard input. efimapctl executes this program with the command line of "efimapctl rehearse"
 * (cli/cmd_rehearse.c).
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

#include "base/cleanup.h"
#include "cli/cmd_rehearse.h"
#include "cli/command_list.h"
#include "cli/exit_status.h"
#include "cli/messages.h"
#include "cli/option_parser.h"
#include "cli/output_file.h"
#include "compare_run.h"
#include "cpio_archive.h"
#include "document/snapshot.h"
#include "guest_memory.h"
#include "input/read_source.h"
#include "run_qemu.h"
#include "show/rehearsal.h"
#include "show/text_style.h"

#define MAX_KERNEL ((size_t)256 << 20)
#define MAX_INITRD ((size_t)1 << 30)
/*
 * Time limit of a run with KVM, which also gets at most half of the remaining time. A successful
 * run takes a second.
 */
#define KVM_MILLISECONDS 20000
/*
 * Maximum time in milliseconds that is reserved for reading the guest's output. The time is a
 * quarter of --timeout if that is less.
 */
#define MAX_RESERVE 5000
#define MAX_CAPTURE ((size_t)64 << 20)

/*
 * struct run - the inputs and outputs of a run, in the order in which they are used
 * @died:      the first fatal message of the guest that died in the first of two runs
 * @guest_end: time at which the guest must end, in milliseconds of the monotonic clock; 0 for no
 *             limit
 */
struct run {
	struct machine_options options;
	struct efimap_out initrd;
	struct machine_file then;
	struct efimap *map;
	struct efimap *passed;
	struct machine machine;
	struct qemu qemu;
	int64_t guest_end;
	uint8_t *line;
	uint8_t *console;
	char *died;
	struct trial trial;
	struct result result;
};

static void run_free(struct run *run)
{
	result_free(&run->result);
	free((void *)(uintptr_t)run->options.kernel.data);
	free((void *)(uintptr_t)run->then.data);
	free(run->line);
	free(run->console);
	free(run->died);
	efimap_out_free(&run->initrd);
	machine_free(&run->machine);
	efimap_free(run->passed);
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

/* Report a machine on which no kernel can be booted. */
static int report_untried(const struct rehearse *rehearse, struct run *run, struct efimap_err *err)
{
	run->trial.asked = rehearse;
	run->trial.source = run->map;
	return result_make_untried(&run->trial, err->text, &run->result);
}

static int read_guest(const struct rehearse *rehearse, struct run *run, struct efimap_err *err)
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
	trial->asked = rehearse;
	trial->source = run->map;
	trial->passed = run->passed;
	trial->machine = &run->machine;
	trial->kernel = run->options.kernel;
	trial->then = run->then;
	trial->line = run->line;
	trial->console = run->console;
	trial->timed_out = run->qemu.timed_out;
	trial->died = run->died;
	return result_make(trial, &run->result, err);
}

static int64_t read_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/*
 * Return the time at which the guest must end, so that its output can be read before --timeout
 * expires. efimapctl started the timer before it read SOURCE, so the value of the timer is the
 * remaining time.
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

/* Run the guest until it ends. If there is a time limit, run it for at most @most milliseconds. */
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
 * Run the guest with KVM, and return whether it finished. Other results are ignored, because nested
 * KVM can abort or hang. KVM is not used if an address exceeds the guest's address width, because
 * the host's CPU decides which addresses fault.
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

static int run_with_tcg(struct run *run, struct efimap_err *err)
{
	if (ftruncate(run->qemu.console, 0) || ftruncate(run->qemu.line, 0))
		return -errno;
	return run_until(run, "tcg", run->guest_end - read_clock(), err);
}

static int run_guest(struct run *run, struct efimap_err *err)
{
	return has_run_with_kvm(run) ? 0 : run_with_tcg(run, err);
}

/*
 * Run the guest a second time after its kernel died, because a fault of the emulator may not recur.
 * The second run decides.
 */
static int confirm_death(const struct rehearse *rehearse, struct run *run, struct efimap_err *err)
{
	int ret;

	run->died = result_fatal_line(&run->result);
	if (!run->died)
		return -ENOMEM;
	result_free(&run->result);
	run->result = (struct result){ 0 };
	ret = run_with_tcg(run, err);
	return ret ? ret : read_guest(rehearse, run, err);
}

static int rehearse_kernel(const struct rehearse *rehearse, struct run *run,
			   struct efimap_err *err)
{
	struct machine_options *options = &run->options;
	int source = STDIN_FILENO, passed = REHEARSE_SETUP_DATA_FD;
	struct efimap_image image;
	int ret = efimap_read_stream(rehearse->common.source, EFIMAP_BOOT_DEFAULT, give_file,
				     &source, &run->map, err);

	if (ret)
		return ret;
	run->qemu.gdb = rehearse->gdb;
	if (rehearse->passed) {
		ret = efimap_read_stream(rehearse->passed, EFIMAP_BOOT_DEFAULT, give_file,
					 &passed, &run->passed, err);
		if (ret)
			return ret;
	}
	options->passed = run->passed;
	options->asked = rehearse;
	ret = read_kernel(rehearse->kernel, &options->kernel, err);
	if (ret)
		return ret;
	if (rehearse->then) {
		ret = read_kernel(rehearse->then, &run->then, err);
		if (!ret)
			ret = machine_parse_kernel(&run->then, &image, err);
		if (ret)
			return ret;
	}
	ret = make_initrd(rehearse->initrd, run, err);
	if (ret)
		return ret;
	ret = machine_make(run->map, options, &run->machine, err);
	if (ret == -ENOTSUP || ret == -E2BIG)
		return report_untried(rehearse, run, err);
	if (ret)
		return ret;
	ret = open_lines(run, err);
	if (ret)
		return ret;
	ret = run_guest(run, err);
	if (!ret)
		ret = read_guest(rehearse, run, err);
	if (!ret && !rehearse->gdb && result_died(&run->result))
		ret = confirm_death(rehearse, run, err);
	return ret;
}

static enum status show(const struct rehearse *rehearse, const struct run *run)
{
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_FD(STDOUT_FILENO);
	struct efimap_text_options how = common_text(&rehearse->common);
	int ret;

	how.notes = rehearse->common.verbose;
	how.headings = !rehearse->common.quiet;
	if (rehearse->common.json)
		ret = efimap_rehearsal_write_json(&run->result.rehearsal, &out);
	else
		ret = efimap_rehearsal_write_text(&run->result.rehearsal, &how, &out);
	return output_finish(NULL, 0644, ret, &out);
}

/* Save the console output, which is most useful if the guest sent nothing else. */
static enum status save_console(const char *name, struct run *run)
{
	efimap_auto_free uint8_t *data = NULL;
	struct efimap_err err = EFIMAP_ERR_INIT;
	size_t size = 0;
	int ret;

	if (!name || run->qemu.console < 0)
		return STATUS_OK;
	ret = read_back(run->qemu.console, &data, &size, &err);
	return ret ? report_error(ret, name, &err) : output_save(name, data, size);
}

static enum status status_of(enum efimap_outcome outcome)
{
	if (outcome == EFIMAP_OUTCOME_UNKNOWN)
		return STATUS_NOT_APPLICABLE;
	return outcome == EFIMAP_OUTCOME_NONE ? STATUS_OK : STATUS_FINDINGS;
}

static enum status finish(const struct rehearse *rehearse, const struct run *run)
{
	const struct efimap_rehearsal *rehearsal = &run->result.rehearsal;
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;
	enum status status = STATUS_OK;

	if (rehearse->keep && rehearsal->was_tried)
		status = output_finish(rehearse->keep, 0600,
				       efimap_snapshot_write(rehearsal->seen, false, &out), &out);
	status = combine_status(status, show(rehearse, run));
	return combine_status(status, status_of(rehearsal->report->outcome));
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
	if (ret) {
		report_error(ret, rehearse.common.source, &err);
		status = STATUS_UNREADABLE;
	} else {
		status = finish(&rehearse, &run);
	}
	/* Opening a FIFO without a reader blocks, so the console output is saved last. */
	return (int)combine_status(status, save_console(rehearse.console, &run));
}
