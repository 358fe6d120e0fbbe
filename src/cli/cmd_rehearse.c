/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command "efimapctl rehearse" reads SOURCE, and then executes a separate program, which reads
 * a snapshot of SOURCE from standard input and boots the kernel.
 */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cli/cmd_rehearse.h"
#include "cli/command_list.h"
#include "cli/error_output.h"
#include "cli/exit_status.h"
#include "cli/option_parser.h"
#include "cli/output_file.h"
#include "cli/source_operand.h"
#include "document/snapshot.h"
#include "infer/architecture.h"

/* Environment variables for the path of the program or, as in earlier releases, its directory. */
#define VARIABLE "EFIMAPCTL_REHEARSE"
#define DIRECTORY_VARIABLE "EFIMAPCTL_IMPORTERS"
#define PACKAGE "efimapctl-rehearse"
#define DEFAULT_TIMEOUT 120
#define MIB (UINT64_C(1) << 20)
#define MOST_MIB (UINT64_C(1) << 20)

static const char *const ways[] = { "next", "first", NULL };
static const struct range mib_range = { REHEARSE_LEAST_MEMORY / MIB, MOST_MIB };

static const struct range seconds_range = { 1, 86400 };
static const struct command_option options[] = {
	OPTION_KERNEL("kernel to boot; can be repeated; default: the kernels that verify "
		      "checks"),
	{ "second-kernel", 0, "IMAGE", "kernel that the booted kernel loads and starts",
	  NAME_AT(rehearse, second_kernel, "the second kernel") },
	{ "as", 0, "HOW",
	  "next (the default): boot as kexec does; first: boot as the firmware does, with the "
	  "complete EFI memory map",
	  SWITCH_AT(rehearse, is_first_kernel, ways) },
	OPTION_LOADER("kexec-load or kexec-file-load; default: kexec-load with --kernel, else the "
		      "loader in verify's answer"),
	{ "setup-data-from", 0, "CAPTURE", "with --as=next: pass the map of this capture",
	  NAME_AT(rehearse, passed, "the capture to pass") },
	{ "append", 0, "WORDS", "add these kernel parameters", NAME_AT(rehearse, append, NULL) },
	{ "initrd", 0, "FILE", "also load this initramfs; its init is not run",
	  NAME_AT(common, given.initrd, "the initramfs") },
	{ "mem", 0, "MIB",
	  "memory of the virtual machine, at most half of the available memory (default: 4096)",
	  NUMBER_AT(rehearse, memory, &mib_range) },
	{ "console", 0, "FILE", "write the console output of the kernel to FILE",
	  NAME_AT(rehearse, console, "the console log"), .group = GROUP_OUTPUT },
	{ "snapshot", 0, "FILE", "write a snapshot of the guest to FILE",
	  NAME_AT(rehearse, keep, "the snapshot"), .group = GROUP_OUTPUT },
	{ "gdb", 0, "WHERE", "wait for a debugger, as with -gdb of QEMU",
	  NAME_AT(rehearse, gdb, NULL) },
	OPTION_IF_EFI,
	OPTION_BOOT,
	{ "timeout", 0, "SECONDS", "time limit for each kernel (default: 120)",
	  NUMBER_AT(rehearse, timeout, &seconds_range) },
	OPTION_JSON_LINES("kernel"),
	OPTION_OUTPUT("write atomically to FILE (-: standard output)"),
	{ 0 },
};

const char *rehearse_find_one_kernel_option(const struct rehearse *rehearse)
{
	const struct {
		const char *value;
		const char *name;
	} given[] = {
		{ rehearse->second_kernel, "--second-kernel" },
		{ rehearse->console, "--console" },
		{ rehearse->keep, "--snapshot" },
		{ rehearse->gdb, "--gdb" },
	};

	for (size_t i = 0; i < sizeof(given) / sizeof(given[0]); i++)
		if (given[i].value)
			return given[i].name;
	return NULL;
}

static void refuse_standard_output(const struct argp_state *state, const char *option,
				   const char *name)
{
	if (name && output_is_stdout(name))
		usage_error(state,
			    "--%s=%s cannot be used with --json, because the output would not be a "
			    "JSON document; specify a file",
			    option, name);
}

/* The program that boots the kernel reads a snapshot of SOURCE from standard input. */
static void refuse_standard_input(const struct argp_state *state, const char *option,
				  const char *name)
{
	if (name && strcmp(name, "-") == 0)
		usage_error(state,
			    "--%s=-: standard input is not supported; specify a "
			    "file",
			    option);
}

static void check(void *args, const struct argp_state *state)
{
	struct rehearse *rehearse = args;
	const char *option = rehearse_find_one_kernel_option(rehearse);

	for (size_t i = 0; i < rehearse->common.given.n_kernels; i++)
		refuse_standard_input(state, "kernel", rehearse->common.given.kernels[i]);
	refuse_standard_input(state, "second-kernel", rehearse->second_kernel);
	refuse_standard_input(state, "initrd", rehearse->common.given.initrd);
	if (rehearse->common.json) {
		refuse_standard_output(state, "console", rehearse->console);
		refuse_standard_output(state, "snapshot", rehearse->keep);
	}
	if (rehearse->common.given.n_kernels > 1 && option)
		usage_error(state, "%s cannot be used with several kernels", option);
	if (rehearse->passed && rehearse->is_first_kernel)
		usage_error(state, "--setup-data-from cannot be used with --as=first, "
				   "because a first kernel receives no EFI data from a "
				   "loader");
	rehearse->memory *= MIB;
	if (rehearse->gdb)
		rehearse->timeout = 0;
}

void rehearse_begin(int argc, char **argv, void *args)
{
	struct rehearse *rehearse = args;

	rehearse->argv = argv;
	rehearse->append = "";
	rehearse->timeout = DEFAULT_TIMEOUT;
}

static void end_on_signal(int number)
{
	static const char text[] = "efimapctl: timed out; use a longer --timeout\n";

	if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
		_exit(STATUS_UNREADABLE);
	_exit(STATUS_UNREADABLE);
}

void rehearse_end_on_alarm(void)
{
	signal(SIGALRM, end_on_signal);
}

/* Write a snapshot to a memfd with descriptor @where, from which the program reads the snapshot. */
static int put_source(const struct recording *recording, const struct efimap *map, int where)
{
	auto_fd int fd = memfd_create("source", 0);
	auto_out struct out out = { .fd = fd };
	int ret;

	if (fd < 0)
		return -errno;
	snapshot_write(recording, map, true, &out);
	ret = out_flush(&out);
	if (!ret && lseek(fd, 0, SEEK_END) > (off_t)EFIMAP_DOCUMENT_MAX_BYTES)
		return -EFBIG;
	if (!ret && (lseek(fd, 0, SEEK_SET) < 0 || dup2(fd, where) < 0))
		return -errno;
	/* Do not close the memfd if its descriptor is already @where. */
	if (fd == where)
		(void)steal_fd(&fd);
	return ret;
}

static enum status rehearse_run(void *args)
{
	const struct rehearse *rehearse = args;
	auto_recording struct recording recording = { 0 }, passed_recording = { 0 };
	auto_map struct efimap *map = NULL;
	auto_map struct efimap *passed = NULL;
	enum status status;
	const char *program = secure_getenv(VARIABLE);
	const char *directory = secure_getenv(DIRECTORY_VARIABLE);
	char path[PATH_MAX];
	int ret;

	/*
	 * The timer survives execve(), so reading SOURCE counts towards --timeout. The program
	 * reads the remaining time from the timer.
	 */
	rehearse_end_on_alarm();
	alarm((unsigned int)rehearse->timeout);
	status = source_record(rehearse->common.source, &rehearse->common, &recording, &map);
	/* The program itself refuses other architectures, because it boots only x86 kernels. */
	if (status == STATUS_OK && !is_other_architecture(map))
		status = source_check_map(&rehearse->common, map, true);
	/* Do not check the map of @rehearse->passed, because an invalid map may be rehearsed. */
	if (status == STATUS_OK && rehearse->passed)
		status = source_record(rehearse->passed, &rehearse->common, &passed_recording,
				       &passed);
	if (status != STATUS_OK)
		return source_excuse(&rehearse->common, map, status);
	ret = put_source(&recording, map, STDIN_FILENO);
	if (!ret && passed)
		ret = put_source(&passed_recording, passed, REHEARSE_SETUP_DATA_FD);
	if (ret == -EFBIG)
		return report_snapshot_too_long(map->name);
	if (ret < 0)
		return report_errno(map->name, ret);
	if (!program || !*program) {
		snprintf(path, sizeof(path), "%s/rehearse",
			 directory && *directory ? directory : EFIMAP_PROGRAM_DIR);
		program = path;
	}
	/* The program parses the same command line again. */
	execv(program, rehearse->argv);
	if (errno == ENOENT)
		put_message("%s, which boots kernels, is not installed; install the "
			    "package " PACKAGE " (x86-64 only)",
			    program);
	else
		put_message("%s: %s", program, strerror(errno));
	return STATUS_UNREADABLE;
}

const struct command cmd_rehearse = {
	.name = "rehearse",
	.summary = "boot a kernel in a virtual machine with the runtime map",
	.quiet = "print no informational messages",
	.verbose = "add notes, evidence and skipped rules",
	.options = options,
	.doc = "Boot a kernel in a virtual machine that has the memory map of SOURCE, "
	       "but not its firmware, and show the outcome. The status is 0 if the "
	       "kernel booted as expected, 1 if it did not, and 4 if the outcome is "
	       "unknown. " SOURCE_IS,
	.size = sizeof(struct rehearse),
	.begin = rehearse_begin,
	.check = check,
	.run = rehearse_run,
};
