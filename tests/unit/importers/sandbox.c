/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/capability.h>

#include "../test.h"
#include "base/address_sanitizer.h"
#include "sandbox.h"

/* Run @test, which returns an error message or "", in a sandboxed child. */
static void confined(const char *(*test)(int fd))
{
	const int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
	int fds[2], status;
	char text[256];
	ssize_t len;
	pid_t child;

	assert_true(fd >= 0);
	assert_int_equal(pipe(fds), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct efimap_err err = EFIMAP_ERR_INIT;
		const char *failure = confine_self(&err) ? err.text : test(fd);

		_exit(dprintf(fds[1], "%s.", failure) > 0 ? 0 : 1);
	}
	close(fds[1]);
	len = read(fds[0], text, sizeof(text) - 1);
	close(fds[0]);
	close(fd);
	assert_true(len >= 0);
	text[len] = '\0';
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	/* The full stop shows that the child ran to its end. */
	assert_string_equal(text, ".");
}

/* A build with AddressSanitizer is hardly restricted (importers/sandbox.c). */
#ifdef POISON_IS_ON
#define IS_CONFINED false
#else
#define IS_CONFINED true
#endif
#define HAS_SECCOMP (IS_CONFINED && CONFINE_HAS_FILTER && prctl(PR_GET_SECCOMP) >= 0)

static const char *use_what_is_open(int fd)
{
	char head[16];
	struct stat st = { .st_mode = 0 }, same = { .st_mode = 0 };
	void *memory = malloc(64 << 20);

	if (!memory)
		return "no memory";
	memset(memory, 1, 64 << 20);
	free(memory);
	if (lseek(fd, 0, SEEK_SET) || read(fd, head, sizeof(head)) != sizeof(head))
		return "an open file cannot be read";
	if (fstat(fd, &st) || !S_ISREG(st.st_mode))
		return "the status of an open file cannot be read";
	if (fstatat(fd, "", &same, AT_EMPTY_PATH) || same.st_ino != st.st_ino)
		return "the status of an open file cannot be read by its empty path";
	if (fstat(-1, &st) != -1 || errno != EBADF)
		return "the status of no file can be read";
	return "";
}

static const char *raise_a_signal(int fd)
{
	struct rlimit limits;

	if (signal(SIGUSR1, SIG_IGN) == SIG_ERR || raise(SIGUSR1))
		return "a signal to itself is refused";
	if (getrlimit(RLIMIT_CPU, &limits) || limits.rlim_cur == RLIM_INFINITY)
		return "its limits cannot be read, or are none";
	if (getrlimit(RLIMIT_CORE, &limits) || limits.rlim_cur || limits.rlim_max)
		return "a core file may be made";
	return "";
}

static const char *use_a_capability(int fd)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { { 1, 1, 1 } };

	/*
	 * With seccomp, capget() fails. Without seccomp, no capability is effective or permitted.
	 */
	if (syscall(SYS_capget, &header, data) == 0 && (data[0].effective | data[0].permitted))
		return "capabilities are left";
	return "";
}

static pid_t victim;
static struct rlimit old_limits, no_limits;
static char *page, path[] = "/etc/passwd", directory[] = "/tmp", buffer[4096];

#define VICTIM ((intptr_t)&victim)
#define PAGE ((intptr_t)&page)

#ifdef SYS_mmap2
#define MAP_CALL SYS_mmap2
#else
#define MAP_CALL SYS_mmap
#endif
#ifdef SYS_newfstatat
#define STATUS_CALL SYS_newfstatat
#else
#define STATUS_CALL SYS_fstatat64
#endif
#define AT(object) ((intptr_t)(object))
#define RWX (PROT_READ | PROT_WRITE | PROT_EXEC)
#define ANYWHERE (MAP_PRIVATE | MAP_ANONYMOUS)

/*
 * System calls that an attacker who controls an importer might try. The arguments are such that a
 * call that is not refused harms only this test. @landlock is the first Landlock ABI version that
 * refuses the call without seccomp, or 0 if no version does.
 */
static const struct attempt {
	const char *name;
	long call;
	intptr_t arguments[6];
	int landlock;
} attempts[] = {
	{ "kill", SYS_kill, { VICTIM, SIGUSR1 }, 6 },
	{ "kill all", SYS_kill, { -1, 0 } },
	{ "tkill", SYS_tkill, { VICTIM, SIGUSR1 }, 6 },
	{ "tgkill", SYS_tgkill, { VICTIM, VICTIM, SIGUSR1 }, 6 },
	{ "rt_sigqueueinfo", SYS_rt_sigqueueinfo, { VICTIM, SIGUSR1, 0 } },
	{ "rt_tgsigqueueinfo", SYS_rt_tgsigqueueinfo, { VICTIM, VICTIM, SIGUSR1, 0 } },
	{ "pidfd_open", SYS_pidfd_open, { VICTIM, 0 } },
	{ "pidfd_send_signal", SYS_pidfd_send_signal, { 0, SIGUSR1, 0, 0 } },
	{ "limits of another", SYS_prlimit64, { VICTIM, RLIMIT_CPU, 0, AT(&old_limits) } },
	{ "limiting another", SYS_prlimit64, { VICTIM, RLIMIT_NOFILE, AT(&no_limits), 0 } },
	{ "limiting itself", SYS_prlimit64, { 0, RLIMIT_NOFILE, AT(&no_limits), 0 } },
	{ "setrlimit", SYS_setrlimit, { RLIMIT_NOFILE, AT(&no_limits) } },
	{ "mapping code", MAP_CALL, { 0, 4096, RWX, ANYWHERE, -1, 0 } },
	{ "mapping only code", MAP_CALL, { 0, 4096, PROT_EXEC, ANYWHERE, -1, 0 } },
	{ "making code", SYS_mprotect, { PAGE, 4096, PROT_READ | PROT_EXEC } },
	{ "making code with a key", SYS_pkey_mprotect, { PAGE, 4096, RWX, -1 } },
	{ "a key", SYS_pkey_alloc, { 0, 0 } },
	{ "personality", SYS_personality, { (long)0xffffffffUL } },
	{ "openat", SYS_openat, { AT_FDCWD, AT(path), O_RDONLY }, 1 },
	{ "openat2", SYS_openat2, { AT_FDCWD, AT(path), 0, 0 } },
	{ "making a file", SYS_openat, { AT_FDCWD, AT(directory), O_TMPFILE | O_RDWR, 0600 }, 1 },
#ifdef SYS_stat
	{ "stat", SYS_stat, { AT(path), AT(buffer) } },
	{ "lstat", SYS_lstat, { AT(path), AT(buffer) } },
	{ "access", SYS_access, { AT(path), F_OK } },
	{ "readlink", SYS_readlink, { AT(path), AT(buffer), sizeof(buffer) } },
#endif
	{ "status of a path", STATUS_CALL, { AT_FDCWD, AT(path), AT(buffer), 0 } },
	{ "status of a path, which may be empty", STATUS_CALL,
	  { AT_FDCWD, AT(path), AT(buffer), AT_EMPTY_PATH } },
	{ "statx", SYS_statx, { AT_FDCWD, AT(path), 0, STATX_SIZE, AT(buffer) } },
	{ "statx of what is open", SYS_statx,
	  { 0, AT(""), AT_EMPTY_PATH, STATX_SIZE, AT(buffer) } },
	{ "statfs", SYS_statfs, { AT(path), AT(buffer) } },
	{ "faccessat", SYS_faccessat, { AT_FDCWD, AT(path), F_OK } },
	{ "faccessat2", SYS_faccessat2, { AT_FDCWD, AT(path), F_OK, 0 } },
	{ "readlinkat", SYS_readlinkat, { AT_FDCWD, AT(path), AT(buffer), sizeof(buffer) } },
	{ "name_to_handle_at", SYS_name_to_handle_at, { AT_FDCWD, AT(path), AT(buffer), 0, 0 } },
	{ "inotify_init1", SYS_inotify_init1, { 0 } },
	{ "getcwd", SYS_getcwd, { AT(buffer), sizeof(buffer) } },
	{ "chdir", SYS_chdir, { AT(directory) } },
	{ "truncate", SYS_truncate, { AT("/tmp/none"), 0 } },
	{ "memfd_create", SYS_memfd_create, { AT(path), 0 } },
	{ "unlinkat", SYS_unlinkat, { AT_FDCWD, AT("/tmp/none"), 0 } },
	{ "fchmodat", SYS_fchmodat, { AT_FDCWD, AT("/tmp/none"), 0 } },
	{ "chroot", SYS_chroot, { AT(directory) } },
	{ "mount", SYS_mount, { 0, 0, 0, 0, 0 } },
	{ "execve", SYS_execve, { AT("/bin/true"), 0, 0 }, 1 },
	{ "execveat", SYS_execveat, { AT_FDCWD, AT("/bin/true"), 0, 0, 0 }, 1 },
	{ "clone", SYS_clone, { SIGCHLD, 0, 0, 0, 0 } },
	{ "clone3", SYS_clone3, { 0, 0 } },
	{ "unshare", SYS_unshare, { 0 } },
	{ "setns", SYS_setns, { -1, 0 } },
	{ "ptrace", SYS_ptrace, { PTRACE_ATTACH, VICTIM, 0, 0 }, 1 },
	{ "process_vm_readv", SYS_process_vm_readv, { VICTIM, 0, 0, 0, 0, 0 } },
	{ "process_vm_writev", SYS_process_vm_writev, { VICTIM, 0, 0, 0, 0, 0 } },
	{ "socket", SYS_socket, { AF_UNIX, SOCK_STREAM, 0 } },
	{ "socketpair", SYS_socketpair, { AF_UNIX, SOCK_STREAM, 0, 0 } },
	{ "connect", SYS_connect, { -1, 0, 0 } },
	{ "ioctl", SYS_ioctl, { 0, 0, 0 } },
	{ "fcntl", SYS_fcntl, { 0, F_GETFD } },
	{ "prctl", SYS_prctl, { PR_SET_DUMPABLE, 1, 0, 0, 0 } },
	{ "seccomp", SYS_seccomp, { 0, 0, 0 } },
	{ "setuid", SYS_setuid, { 0 } },
	{ "setpriority", SYS_setpriority, { PRIO_PROCESS, 0, 0 } },
	{ "sched_setaffinity", SYS_sched_setaffinity, { VICTIM, 0, 0 } },
	{ "bpf", SYS_bpf, { 0, 0, 0 } },
	{ "perf_event_open", SYS_perf_event_open, { 0, 0, -1, -1, 0 } },
	{ "io_uring_setup", SYS_io_uring_setup, { 0, 0 } },
	{ "userfaultfd", SYS_userfaultfd, { 0 } },
	{ "keyctl", SYS_keyctl, { 0, 0, 0, 0, 0 } },
	{ "shmget", SYS_shmget, { 0, 0, 0 } },
	{ "setitimer", SYS_setitimer, { -1, 0, 0 } },
#ifdef __i386__
	{ "mmap with arguments in memory", SYS_mmap, { 0 } },
	{ "socketcall", SYS_socketcall, { -1, 0 } },
	{ "ipc", SYS_ipc, { -1, 0 } },
#endif
};

static const struct attempt *attempt;

static long value_of(intptr_t argument)
{
	if (argument == VICTIM)
		return victim;
	return argument == PAGE ? (long)page : (long)argument;
}

static const char *try_it(int fd)
{
	static char failure[128];
	const intptr_t *args = attempt->arguments;
	const long ret = syscall(attempt->call, value_of(args[0]), value_of(args[1]),
				 value_of(args[2]), value_of(args[3]), value_of(args[4]),
				 value_of(args[5]));

	if (ret == -1 && (errno == EPERM || errno == EACCES))
		return "";
	/* The filter denies statx() with ENOSYS. */
	if (ret == -1 && errno == ENOSYS && attempt->call == SYS_statx)
		return "";
	snprintf(failure, sizeof(failure), "%s: %s", attempt->name,
		 ret == -1 ? strerror(errno) : "it was done");
	return failure;
}

static long landlock_version(void)
{
	return syscall(SYS_landlock_create_ruleset, NULL, 0, 1);
}

static void make_victim(void)
{
	victim = fork();
	assert_true(victim >= 0);
	if (victim == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
}

static void end_victim(void)
{
	struct rlimit limits;
	int status;

	assert_int_equal(waitpid(victim, &status, WNOHANG), 0);
	assert_int_equal(prlimit(victim, RLIMIT_NOFILE, NULL, &limits), 0);
	assert_true(limits.rlim_max > 0);
	assert_int_equal(kill(victim, SIGKILL), 0);
	assert_int_equal(waitpid(victim, &status, 0), victim);
}

static bool is_refused(void)
{
	return HAS_SECCOMP ||
	       (IS_CONFINED && attempt->landlock && landlock_version() >= attempt->landlock);
}

TEST(attacks)
{
	page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, ANYWHERE, -1, 0);
	assert_true(page != MAP_FAILED);
	make_victim();
	for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++) {
		attempt = &attempts[i];
		if (is_refused())
			confined(try_it);
	}
	end_victim();
}

TEST(what_is_open)
{
	confined(use_what_is_open);
}

TEST(what_is_left)
{
	if (!IS_CONFINED)
		return;
	confined(raise_a_signal);
	confined(use_a_capability);
}
