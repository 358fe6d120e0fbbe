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
#include <unistd.h>

#include "archive.h"
#include "base/cleanup.h"
#include "cli/rehearse.h"
#include "format/format.h"
#include "judge.h"
#include "machine.h"
#include "qemu.h"
#include "read/read.h"

#define MAX_KERNEL ((size_t)256 << 20)
#define MAX_INITRD ((size_t)1 << 30)
/* What takes a second there if it works. */
#define KVM_SECONDS 20
#define MAX_CAPTURE ((size_t)64 << 20)

/* struct run - what a run needs and leaves, in the order in which it comes */
struct run {
	struct machine_options options;
	struct efimap_out initrd;
	uint8_t *kernel;
	uint8_t *then_kernel;
	struct machine_file then;
	struct efimap *map;
	struct efimap *handed;
	struct machine machine;
	struct qemu qemu;
	struct efimap *before;
	struct efimap *seen;
	bool reached_init;
	uint8_t *console;
	size_t console_size;
	uint8_t *line;
};

static void run_free(struct run *run)
{
	free(run->kernel);
	free(run->then_kernel);
	free(run->console);
	free(run->line);
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

static int read_kernel(const char *name, struct machine_file *file, uint8_t **data,
		       struct efimap_err *err)
{
	int ret = efimap_read_file(name, MAX_KERNEL, data, &file->size, err);

	file->name = name;
	file->data = *data;
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
	archive_pad(&run->initrd);
	archive_put_initrd(&run->initrd, run->then.data, run->then.size);
	run->options.initrd = (struct machine_file){ name, (uint8_t *)run->initrd.data,
						     run->initrd.used };
	return run->initrd.error;
}

static int read_files(const struct rehearse *rehearse, struct run *run,
		      struct efimap_err *err)
{
	int ret = read_kernel(rehearse->kernel, &run->options.kernel, &run->kernel, err);

	run->options.asked = rehearse;
	if (!ret && rehearse->then)
		ret = read_kernel(rehearse->then, &run->then, &run->then_kernel, err);
	return ret ? ret : make_initrd(rehearse->initrd, run, err);
}

/* The console's file is the user's own: it can be watched while the guest runs. */
static int open_lines(const struct rehearse *rehearse, struct run *run, struct efimap_err *err)
{
	run->qemu.line = memfd_create("line", 0);
	if (rehearse->console)
		run->qemu.console = open(rehearse->console, O_RDWR | O_CREAT | O_TRUNC, 0666);
	else
		run->qemu.console = memfd_create("console", 0);
	if (run->qemu.line < 0 || run->qemu.console < 0)
		return efimap_err_set(err, errno,
				      rehearse->console ? rehearse->console : "rehearse", "%s",
				      strerror(errno));
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
	struct efimap *seen = NULL;
	size_t size = 0;
	const char *at, *end;
	int ret = read_back(run->qemu.console, &run->console, &run->console_size, err);

	if (!ret)
		ret = read_back(run->qemu.line, &run->line, &size, err);
	if (ret)
		return ret;
	at = (const char *)run->line;
	end = at + size;
	ret = archive_read(&at, end, &seen, err);
	/* Of a kernel that was to start another this one is only the first half. */
	if (!ret && seen && run->then.size) {
		run->before = efimap_steal(seen);
		ret = archive_read(&at, end, &seen, err);
	}
	run->seen = seen;
	run->reached_init = seen != NULL;
	return !ret && !seen ? read_console(run) : ret;
}

/*
 * KVM is worth a try, but only a guest that comes to its end there has proved anything: where KVM
 * is itself within a virtual machine, it can abort or hang.
 */
static bool has_run_with_kvm(struct run *run)
{
	struct qemu *qemu = &run->qemu;
	const unsigned int timeout = qemu->timeout;
	struct stat st;
	int ret;

	if (qemu->gdb || access("/dev/kvm", R_OK | W_OK))
		return false;
	qemu->accelerator = "kvm";
	qemu->timeout = timeout < KVM_SECONDS ? timeout : KVM_SECONDS;
	ret = qemu_run(qemu, &run->machine, NULL);
	if (!ret && !qemu->timed_out && fstat(qemu->line, &st) == 0 && st.st_size > 0)
		return true;
	qemu->timeout = timeout;
	return false;
}

static int run_guest(struct run *run, struct efimap_err *err)
{
	if (has_run_with_kvm(run))
		return 0;
	if (ftruncate(run->qemu.console, 0) || ftruncate(run->qemu.line, 0))
		return -errno;
	run->qemu.accelerator = "tcg";
	return qemu_run(&run->qemu, &run->machine, err);
}

static int rehearse_kernel(const struct rehearse *rehearse, struct run *run,
			   struct efimap_err *err)
{
	int source = STDIN_FILENO, handed = REHEARSE_HANDED_FD;
	int ret = efimap_read_stream(rehearse->common.source, give_file, &source, &run->map,
				     err);

	run->qemu.timeout = rehearse->common.timeout;
	run->qemu.gdb = rehearse->gdb;
	if (!ret && rehearse->handed)
		ret = efimap_read_stream(rehearse->handed, give_file, &handed, &run->handed,
					 err);
	run->options.handed = run->handed;
	if (!ret)
		ret = read_files(rehearse, run, err);
	if (!ret)
		ret = machine_make(run->map, &run->options, &run->machine, err);
	if (!ret)
		ret = open_lines(rehearse, run, err);
	if (!ret)
		ret = run_guest(run, err);
	return ret ? ret : look_at_guest(run, err);
}

static enum status keep_seen(const char *file, const struct efimap *seen)
{
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;

	return output_finish(file, READ_BY_NOBODY, efimap_snapshot_write(seen, false, &out), &out);
}

static enum status show(const struct rehearse *rehearse, const struct judge *judge)
{
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_FD(STDOUT_FILENO);
	struct efimap_text_options how = common_text(&rehearse->common);
	int ret;

	how.notes = rehearse->common.verbose;
	how.headings = !rehearse->common.quiet;
	if (rehearse->common.json)
		ret = efimap_rehearsal_write_json(&judge->rehearsal, &out);
	else
		ret = efimap_rehearsal_write_text(&judge->rehearsal, &how, &out);
	return output_finish(NULL, READ_BY_UMASK, ret, &out);
}

static enum status status_of(enum efimap_consequence outcome)
{
	if (outcome == EFIMAP_CONSEQ_UNKNOWN)
		return STATUS_UNREADABLE;
	return outcome == EFIMAP_CONSEQ_NONE ? STATUS_OK : STATUS_FINDINGS;
}

static enum status finish(const struct rehearse *rehearse, const struct run *run)
{
	struct judge_run what = {
		.source = run->map->name,
		.promise = run->handed ? run->handed : run->map,
		.told = run->handed ? run->map : NULL,
		.expected = &run->machine.expected,
		.machine = &run->machine, .kernel = &run->options.kernel,
		.is_first = rehearse->is_first, .loader = rehearse->loader,
		.passes = run->machine.passes, .fails = rehearse->fails,
		.seen = run->seen, .reached_init = run->reached_init,
		.seconds = run->qemu.timed_out ? run->qemu.timeout : 0,
		.console = (const char *)run->console, .size = run->console_size,
	};
	auto_judge struct judge judge = { .comparison = NULL };
	struct efimap_err err = EFIMAP_ERR_INIT;
	enum status status = STATUS_OK;
	int ret;

	/* The one before has shown what it hands over. */
	if (run->before) {
		what.promise = what.expected = run->before;
		what.told = NULL;
		what.kernel = &run->then;
		what.is_first = false;
		what.loader = EFIMAP_LOADER_KERNEL;
		what.passes = EFIMAP_HANDOVER_PASSES;
	}
	ret = judge_make(&what, &judge, &err);
	if (ret)
		return say_errno(run->map->name, ret);
	if (rehearse->keep)
		status = keep_seen(rehearse->keep, run->seen);
	status = status_worse(status, show(rehearse, &judge));
	return status_worse(status, status_of(judge.rehearsal.report->outcome));
}

int main(int argc, char **argv)
{
	struct rehearse rehearse = { .common = { .source = "/", .fail_on = EFIMAP_ERROR } };
	auto_run struct run run = { .initrd = EFIMAP_OUT_MEM, .qemu = { .console = -1,
									.line = -1 } };
	const struct argp argp = command_argp(&cmd_rehearse);
	struct efimap_err err = EFIMAP_ERR_INIT;
	int ret;

	stdio_prepare();
	argp_err_exit_status = STATUS_USAGE;
	rehearse_begin(argc, argv, &rehearse);
	common_parse(&argp, argc, argv, &rehearse);
	ret = rehearse_kernel(&rehearse, &run, &err);
	if (ret) {
		efimap_err_set(&err, -ret, rehearse.common.source, "%s", strerror(-ret));
		say_error(&err);
		return STATUS_UNREADABLE;
	}
	return (int)finish(&rehearse, &run);
}
