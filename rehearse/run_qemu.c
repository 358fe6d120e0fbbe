/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Run a QEMU virtual machine without a disk, network or display. Its input and output are memfds,
 * so no file remains even if QEMU is killed. QEMU inherits no other file descriptor.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "compare_run.h"
#include "run_qemu.h"

#define PROGRAM "qemu-system-x86_64"
#define PACKAGE "qemu-system-x86"
#define MAX_ARGS (2 * MACHINE_PIECES + 48)
/* The ROM, the pieces, and two serial ports. */
#define MAX_FILES (MACHINE_PIECES + 3)
/* Address space for QEMU itself and for translated code, in addition to the guest's memory. */
#define OWN_MEMORY (UINT64_C(4) << 30)
/* Value of max-ram-below-4g. The machine type pc places the memory beyond this limit at 4 GiB. */
#define MAX_LOW_MEMORY 0xf0000000ULL
#define MAX_OUTPUT (UINT64_C(64) << 20)
/* Interval between checks for a dead guest, and the time to wait for a dead guest to restart. */
#define LOOK_MILLISECONDS 250
#define HALT_MILLISECONDS 3000
#define NOBODY 65534
#define MIB (UINT64_C(1) << 20)
#define MEMINFO "/proc/meminfo"
#define MAX_MEMINFO ((size_t)64 << 10)

/* A command line, and the file descriptors to which its arguments refer. */
struct args {
	char *list[MAX_ARGS];
	size_t count;
	char text[8192];
	size_t used;
	bool is_full;
	int files[MAX_FILES];
	size_t n_files;
};

static void close_files(struct args *args)
{
	for (size_t i = 0; i < args->n_files; i++)
		close_fd(&args->files[i]);
}
#define auto_args __attribute__((cleanup(close_files)))

__attribute__((format(printf, 2, 3))) static void add_arg(struct args *args, const char *fmt, ...)
{
	const size_t room = sizeof(args->text) - args->used;
	char *at = args->text + args->used;
	va_list values;
	size_t len;

	/* The last element stays NULL, because it ends the list. */
	if (args->count == MAX_ARGS - 1) {
		args->is_full = true;
		return;
	}
	va_start(values, fmt);
	len = (size_t)vsnprintf(at, room, fmt, values);
	va_end(values);
	args->is_full |= len >= room;
	args->used += len < room ? len + 1 : 0;
	args->list[args->count++] = at;
}

/* Return a memfd that contains @data, or a negative errno. QEMU opens /proc/self/fd/N. */
static int add_file(struct args *args, const char *name, const void *data, size_t size)
{
	auto_fd int fd = memfd_create(name, MFD_CLOEXEC);
	const int ret = fd < 0 ? -errno : write_all(fd, data, size);

	if (ret)
		return ret;
	args->files[args->n_files++] = fd;
	return steal_fd(&fd);
}

/* Add a serial port that writes to @line. QEMU accepts only a write-only descriptor for output. */
static int add_serial(struct args *args, int line, int set)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", line);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	args->files[args->n_files++] = fd;
	add_arg(args, "-add-fd");
	add_arg(args, "fd=%d,set=%d", fd, set);
	add_arg(args, "-serial");
	add_arg(args, "file:/dev/fdset/%d", set);
	return 0;
}

/*
 * Add the options for the guest's memory. The machine type pc gets only the low memory, and the
 * memory above 4 GiB is a DIMM. If pc got all memory, low memory would end at 3 GiB, regardless of
 * max-ram-below-4g.
 */
static void add_memory(struct args *args, uint64_t memory)
{
	const uint64_t low = memory < MACHINE_LOW_END ? memory : MACHINE_LOW_END;
	const uint64_t high = memory - low;

	add_arg(args, "-M");
	add_arg(args, "pc,max-ram-below-4g=0x%llx", MAX_LOW_MEMORY);
	add_arg(args, "-m");
	if (high == 0) {
		add_arg(args, "%llu", (unsigned long long)(low / MIB));
		return;
	}
	add_arg(args, "%llu,slots=1,maxmem=%lluM", (unsigned long long)(low / MIB),
		(unsigned long long)(memory / MIB));
	add_arg(args, "-object");
	add_arg(args, "memory-backend-ram,id=high,size=%lluM", (unsigned long long)(high / MIB));
	add_arg(args, "-device");
	add_arg(args, "pc-dimm,memdev=high,addr=0x%llx", MACHINE_HIGH_START);
}

static int make_args(const struct qemu *qemu, const struct machine *machine, struct args *args)
{
	static const char *const fixed[] = {
		PROGRAM,
		"-nodefaults",
		"-no-user-config",
		"-display",
		"none",
		"-no-reboot",
		"-sandbox",
		"on,obsolete=deny,elevateprivileges=deny,spawn=deny",
	};
	const int rom = add_file(args, "rom", machine->rom, MACHINE_ROM_SIZE);
	int ret = rom < 0 ? rom : 0;

	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		add_arg(args, "%s", fixed[i]);
	/*
	 * Disable cmpxchg16b, because QEMU 7.2 can leave a part of an address in RFLAGS after this
	 * instruction. Linux 6.5 and later use cmpxchg16b in the memory allocator, and can then
	 * stop with a double fault.
	 */
	add_arg(args, "-cpu");
	add_arg(args, "max,la57=off,cx16=off,host-phys-bits=off,phys-bits=%u", machine->phys_bits);
	add_arg(args, "-accel");
	add_arg(args, "%s", qemu->accelerator);
	add_memory(args, machine->memory);
	add_arg(args, "-bios");
	add_arg(args, "/proc/self/fd/%d", rom);
	if (!ret)
		ret = add_serial(args, qemu->console, 1);
	if (!ret)
		ret = add_serial(args, qemu->line, 2);
	if (qemu->gdb) {
		add_arg(args, "-gdb");
		add_arg(args, "%s", qemu->gdb);
		add_arg(args, "-S");
	}
	for (size_t i = 0; i < machine->n_pieces && !ret; i++) {
		const struct machine_piece *piece = &machine->pieces[i];
		const int fd = piece->size ? add_file(args, "piece", piece->data, piece->size) : 0;

		ret = fd < 0 ? fd : 0;
		if (fd <= 0)
			continue;
		add_arg(args, "-device");
		add_arg(args, "loader,file=/proc/self/fd/%d,addr=0x%llx,force-raw=on", fd,
			(unsigned long long)piece->at);
	}
	return !ret && args->is_full ? -E2BIG : ret;
}

/*
 * If running as root, become nobody. The only supplementary group is the group of /dev/kvm, which
 * grants access to KVM, or the group of nobody if /dev/kvm is missing.
 */
static int drop_root(void)
{
	struct stat kvm;
	gid_t group;

	if (geteuid() != 0)
		return 0;
	group = stat("/dev/kvm", &kvm) == 0 ? kvm.st_gid : NOBODY;
	if (setgroups(1, &group) || setresgid(NOBODY, NOBODY, NOBODY) ||
	    setresuid(NOBODY, NOBODY, NOBODY))
		return -errno;
	return 0;
}

static int prepare_child(const struct args *args, uint64_t memory, int error)
{
	const struct rlimit space = { memory + OWN_MEMORY, memory + OWN_MEMORY }, none = { 0, 0 };
	const struct rlimit output = { MAX_OUTPUT, MAX_OUTPUT };
	const int null = memfd_create("input", MFD_CLOEXEC);
	auto_fd int score = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
	sigset_t signals;

	/* SIGINT from the terminal must not reach QEMU, because QEMU would exit with status 0. */
	setsid();
	/* QEMU must not inherit ignored or blocked signals. */
	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_DFL);
	sigemptyset(&signals);
	sigprocmask(SIG_SETMASK, &signals, NULL);
	/* If memory is short, the kernel should kill QEMU first. */
	if (score >= 0)
		(void)write_all(score, "1000", 4);
	/* QEMU must not load files from the user's current directory. */
	if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(error, STDOUT_FILENO) < 0 ||
	    dup2(error, STDERR_FILENO) < 0 || chdir("/"))
		return -errno;
	/* On exec, close all descriptors except the standard streams and @args->files. */
	if (syscall(SYS_close_range, STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC))
		return -errno;
	for (size_t i = 0; i < args->n_files; i++)
		if (fcntl(args->files[i], F_SETFD, 0))
			return -errno;
	setrlimit(RLIMIT_AS, &space);
	setrlimit(RLIMIT_FSIZE, &output);
	setrlimit(RLIMIT_CORE, &none);
	return drop_root();
}

static _Noreturn void become_qemu(struct args *args, uint64_t memory, int error, pid_t parent)
{
	int ret = prepare_child(args, memory, error);

	/* The kernel clears pdeath_signal when credentials change, so drop_root() comes first. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(126);
	if (!ret) {
		execvp(PROGRAM, args->list);
		ret = -errno;
	}
	if (ret == -ENOENT)
		_exit(127);
	dprintf(error, PROGRAM " cannot run: %s\n", strerror(-ret));
	_exit(126);
}

/* Search the output after @offset for a FATAL_MESSAGE_END. Advance @offset if there is none. */
static bool is_dying(int console, off_t *offset)
{
	char text[4096];
	ssize_t count;

	do {
		count = TEMP_FAILURE_RETRY(pread(console, text, sizeof(text), *offset));
		if (count <= 0)
			return false;
		if (find_fatal_message(text, (size_t)count) == FATAL_MESSAGE_END)
			return true;
		/* A message may continue in the next block, so read the end of this block again. */
		*offset += count > FATAL_MESSAGE_MAX ? count - FATAL_MESSAGE_MAX : 0;
	} while (count == sizeof(text));
	return false;
}

/* Wait until QEMU ends, or for @milliseconds if they are not 0. Return whether QEMU has ended. */
static bool has_ended(int pidfd, unsigned int milliseconds)
{
	struct pollfd end = { pidfd, POLLIN, 0 };

	return TEMP_FAILURE_RETRY(poll(&end, 1, milliseconds ? (int)milliseconds : -1)) != 0;
}

/*
 * Wait until QEMU ends, and return whether it has ended. With a time limit, stop waiting at the
 * limit, or if the guest has died and does not restart. A kernel that dies before it has parsed
 * panic=-1 halts, so QEMU does not end.
 */
static bool wait_for_end(pid_t pid, struct qemu *qemu)
{
	auto_fd int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	unsigned int left = qemu->milliseconds, slice;
	off_t offset = 0;

	qemu->timed_out = false;
	if (left == 0)
		return has_ended(pidfd, 0);
	while (left > 0) {
		slice = left < LOOK_MILLISECONDS ? left : LOOK_MILLISECONDS;
		if (has_ended(pidfd, slice))
			return true;
		left -= slice;
		if (!is_dying(qemu->console, &offset))
			continue;
		slice = left < HALT_MILLISECONDS ? left : HALT_MILLISECONDS;
		return slice && has_ended(pidfd, slice);
	}
	qemu->timed_out = true;
	return false;
}

static int check_end(int status, int error, struct err *err)
{
	char buffer[1024], *text;
	const ssize_t count = pread(error, buffer, sizeof(buffer) - 1, 0);

	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return err_set(err, ENOENT, PROGRAM, "not installed; install the package " PACKAGE);
	/* The last line of QEMU's messages contains the reason for its failure. */
	buffer[count > 0 ? count : 0] = '\0';
	while (*buffer && buffer[strlen(buffer) - 1] == '\n')
		buffer[strlen(buffer) - 1] = '\0';
	text = strrchr(buffer, '\n');
	text = text ? text + 1 : buffer;
	/*
	 * Status 0 is not a success after SIGTERM, which QEMU reports in a message
	 * (system/runstate.c: qemu_kill_report).
	 */
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && !strstr(text, "terminating on signal"))
		return 0;
	if (WIFSIGNALED(status))
		return err_set(err, EIO, PROGRAM, "killed by a signal (%s)%s%s",
			       strsignal(WTERMSIG(status)), *text ? ": " : "", text);
	return err_set(err, EIO, NULL, "%s", *text ? text : PROGRAM " failed");
}

int qemu_run(struct qemu *qemu, const struct machine *machine, struct err *err)
{
	auto_fd int error = memfd_create("error", MFD_CLOEXEC);
	struct args args auto_args = { .count = 0 };
	const pid_t parent = getpid();
	int ret = error < 0 ? -errno : make_args(qemu, machine, &args), status = 0;
	bool ended;
	pid_t pid;

	if (ret)
		return err_set(err, -ret, PROGRAM, "%s", strerror(-ret));
	pid = fork();
	if (pid < 0)
		return err_set(err, errno, PROGRAM, "%s", strerror(errno));
	if (pid == 0)
		become_qemu(&args, machine->memory, error, parent);
	ended = wait_for_end(pid, qemu);
	if (!ended)
		kill(pid, SIGKILL);
	if (TEMP_FAILURE_RETRY(waitpid(pid, &status, 0)) < 0)
		return err_set(err, errno, PROGRAM, "%s", strerror(errno));
	return ended ? check_end(status, error, err) : 0;
}

static bool find_available(uint64_t *ret_bytes)
{
	static const char name[] = "MemAvailable:";
	auto_free uint8_t *data = NULL;
	const char *at;
	size_t size, digits;
	uint64_t kib;

	if (read_file(MEMINFO, MAX_MEMINFO, &data, &size, NULL))
		return false;
	at = strstr((const char *)data, name);
	if (!at)
		return false;
	at += strlen(name);
	at += strspn(at, " ");
	digits = strspn(at, "0123456789");
	if (number_parse_dec(at, digits, UINT64_MAX >> 10, &kib, NULL) != EFIMAP_NUMBER_OK)
		return false;
	*ret_bytes = kib << 10;
	return true;
}

int qemu_choose_memory(uint64_t asked, uint64_t *ret_memory, struct err *err)
{
	uint64_t available, most = UINT64_MAX;

	if (find_available(&available))
		most = available / 2 / MIB * MIB;
	if (most < REHEARSE_LEAST_MEMORY)
		return err_set(err, ENOMEM, NULL,
			       "this host has only %llu MiB of available memory; a virtual machine "
			       "can use at most half of it, but needs at least %llu MiB",
			       (unsigned long long)available / MIB,
			       (unsigned long long)REHEARSE_LEAST_MEMORY / MIB);
	if (asked > most)
		return err_set(err, ENOMEM, NULL,
			       "--mem=%llu is more than half of the %llu MiB of "
			       "available memory on this host; use --mem=%llu or less",
			       (unsigned long long)asked / MIB, (unsigned long long)available / MIB,
			       (unsigned long long)most / MIB);
	*ret_memory = asked;
	if (asked == 0)
		*ret_memory = most < REHEARSE_USUAL_MEMORY ? most : REHEARSE_USUAL_MEMORY;
	return 0;
}
