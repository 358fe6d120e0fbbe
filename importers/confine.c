/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Giving up rights. Must not know what an importer does with those that are left.
 */
#include <endian.h>
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>

#include "confine.h"

/*
 * What an importer lets an archive unpack to (archive/archive.c) takes bzip2 five minutes, xz
 * less than three; a slower machine has three times that.
 */
#define MAX_CPU_SECONDS 900
/*
 * Addresses, so that what is resident is less. The largest needs of what is real: 128 MiB
 * for zstd --ultra or 65 MiB for xz -9, and 64 MiB of a log beside that.
 */
#define MAX_MEMORY ((rlim_t)512 << 20)

/*
 * Sanitizers need far more calls and address space than what they watch, and in the end
 * the file system, to look for leaks: a sanitized build only shows that it is harmless.
 */
#if defined(__SANITIZE_ADDRESS__)
#define IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_SANITIZED 1
#endif
#endif
#ifndef IS_SANITIZED
#define IS_SANITIZED 0
#endif

static int fail_to_give_up(struct efimap_err *err, const char *what)
{
	const int code = errno;

	return efimap_err_set(err, code, NULL, "cannot give up %s: %s", what, strerror(code));
}

static int lower_limit(int resource, rlim_t most)
{
	struct rlimit limits;

	if (getrlimit((__rlimit_resource_t)resource, &limits))
		return -1;
	if (limits.rlim_max > most)
		limits.rlim_max = most;
	if (limits.rlim_cur > limits.rlim_max)
		limits.rlim_cur = limits.rlim_max;
	return setrlimit((__rlimit_resource_t)resource, &limits);
}

static int drop_capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { { 0 } };

	return (int)syscall(SYS_capset, &header, none);
}

/*
 * What Landlock can take away, and the version of its ABI that does so first. Headers are
 * often older than the kernel, so the bits stand here (include/uapi/linux/landlock.h).
 */
enum right_kind { RIGHT_FS, RIGHT_NET, RIGHT_SCOPE, N_RIGHT_KINDS };

static const struct right {
	int version;
	enum right_kind kind;
	uint64_t bits;
} rights[] = {
	{ 1, RIGHT_FS, (1 << 13) - 1 },	/* Linux 5.13: execute, open, make, remove */
	{ 2, RIGHT_FS, 1 << 13 },	/* 5.19: LANDLOCK_ACCESS_FS_REFER */
	{ 3, RIGHT_FS, 1 << 14 },	/* 6.2: LANDLOCK_ACCESS_FS_TRUNCATE */
	{ 4, RIGHT_NET, 1 << 0 },	/* 6.7: LANDLOCK_ACCESS_NET_BIND_TCP */
	{ 4, RIGHT_NET, 1 << 1 },	/* 6.7: LANDLOCK_ACCESS_NET_CONNECT_TCP */
	{ 5, RIGHT_FS, 1 << 15 },	/* 6.10: LANDLOCK_ACCESS_FS_IOCTL_DEV */
	{ 6, RIGHT_SCOPE, 1 << 0 },	/* 6.12: LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET */
	{ 6, RIGHT_SCOPE, 1 << 1 },	/* 6.12: LANDLOCK_SCOPE_SIGNAL */
};

/*
 * Files, the network, and signals to others. The kinds of rights are, in this order, struct
 * landlock_ruleset_attr; an older kernel takes a longer one whose end is 0.
 */
static void close_world(void)
{
	const long version = syscall(SYS_landlock_create_ruleset, NULL, 0,
				     LANDLOCK_CREATE_RULESET_VERSION);
	uint64_t handled[N_RIGHT_KINDS] = { 0 };
	int fd;

	for (size_t i = 0; i < sizeof(rights) / sizeof(rights[0]); i++)
		if (rights[i].version <= version)
			handled[rights[i].kind] |= rights[i].bits;
	fd = (int)syscall(SYS_landlock_create_ruleset, handled, sizeof(handled), 0);
	if (fd < 0)
		return;
	/* Without a rule nothing of it is allowed. */
	syscall(SYS_landlock_restrict_self, fd, 0);
	close(fd);
}

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#elif defined(__i386__)
#define ARCH AUDIT_ARCH_I386
#endif

#if CONFINE_HAS_FILTER
_Static_assert(__BYTE_ORDER == __LITTLE_ENDIAN, "the low word of an argument comes first");

/* struct test - a word of an argument, of which the bits in @mask must be those of @value */
struct test {
	uint8_t argument;
	uint8_t word;
	uint32_t mask;
	uint32_t value;
};

#define MAX_TESTS 3

/* struct rule - a system call that is allowed, if its arguments pass */
struct rule {
	int call;
	struct test tests[MAX_TESTS];
};

#define SAME UINT32_MAX
#define LOW(argument, mask, value) { argument, 0, mask, value }
#define HIGH(argument, mask, value) { argument, 1, mask, value }
#define NO_CODE LOW(2, PROT_EXEC, 0)
/* Stands for a value that only the process knows. */
#define MYSELF UINT32_MAX

/*
 * Reading, writing, memory without code, the clock, and the end. Of calls that name a
 * process only those that name this one: abort() sends it a signal, and its limits may be
 * read, but nothing can be set. A process is an int, of which the kernel looks at the low
 * word only. mremap() keeps the rights that memory has.
 */
static const struct rule rules[] = {
	{ .call = SYS_read }, { .call = SYS_readv }, { .call = SYS_pread64 },
	{ .call = SYS_write }, { .call = SYS_writev }, { .call = SYS_lseek },
	{ .call = SYS_close }, { .call = SYS_fstat },
	{ .call = SYS_munmap }, { .call = SYS_mremap }, { .call = SYS_madvise },
	{ .call = SYS_brk }, { .call = SYS_futex }, { .call = SYS_sched_yield },
	{ .call = SYS_getpid }, { .call = SYS_gettid }, { .call = SYS_getrandom },
	{ .call = SYS_clock_gettime }, { .call = SYS_gettimeofday }, { .call = SYS_sysinfo },
	{ .call = SYS_rt_sigprocmask }, { .call = SYS_rt_sigreturn },
	{ .call = SYS_rt_sigaction }, { .call = SYS_restart_syscall },
	{ .call = SYS_exit }, { .call = SYS_exit_group },
	{ SYS_mprotect, { NO_CODE } },
	{ SYS_tgkill, { LOW(0, SAME, MYSELF) } },
	{ SYS_prlimit64, { LOW(0, SAME, 0), LOW(2, SAME, 0), HIGH(2, SAME, 0) } },
#ifdef SYS_newfstatat
	{ .call = SYS_newfstatat }, { SYS_mmap, { NO_CODE } },
#else
	/*
	 * With 32 bits, what takes offsets and times of 64 has names of its own, and the mmap()
	 * that has not takes its arguments from memory, where they cannot be looked at.
	 */
	{ .call = SYS__llseek }, { .call = SYS_fstat64 }, { .call = SYS_fstatat64 },
	{ .call = SYS_statx }, { SYS_mmap2, { NO_CODE } }, { .call = SYS_ugetrlimit },
	{ .call = SYS_clock_gettime64 }, { .call = SYS_futex_time64 },
#endif
};

#define N_RULES (sizeof(rules) / sizeof(rules[0]))
#define STEPS_OF_TEST 4
#define STEPS_OF_RULE (2 + MAX_TESTS * STEPS_OF_TEST)

struct program {
	struct sock_filter steps[4 + N_RULES * STEPS_OF_RULE + 1];
	unsigned short used;
};

#define LOAD_WORD (BPF_LD | BPF_W | BPF_ABS)

static void add_step(struct program *program, uint16_t code, uint32_t value)
{
	program->steps[program->used++] = (struct sock_filter)BPF_STMT(code, value);
}

static void add_jump_step(struct program *program, uint32_t value, uint8_t same, uint8_t other)
{
	program->steps[program->used++] = (struct sock_filter)BPF_JUMP(
		BPF_JMP | BPF_JEQ | BPF_K, value, same, other);
}

static void add_argument_test(struct program *program, const struct test *test)
{
	const size_t offset = offsetof(struct seccomp_data, args) +
			      test->argument * sizeof(uint64_t) + test->word * sizeof(uint32_t);

	add_step(program, LOAD_WORD, (uint32_t)offset);
	add_step(program, BPF_ALU | BPF_AND | BPF_K, test->mask);
	add_jump_step(program, test->value == MYSELF ? (uint32_t)getpid() : test->value, 1, 0);
	add_step(program, BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
}

static void add_call_rule(struct program *program, const struct rule *rule)
{
	const unsigned short jump = program->used;

	add_jump_step(program, (uint32_t)rule->call, 0, 0);
	for (size_t i = 0; i < MAX_TESTS && rule->tests[i].mask; i++)
		add_argument_test(program, &rule->tests[i]);
	add_step(program, BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	program->steps[jump].jf = (uint8_t)(program->used - jump - 1);
}

/* What is not allowed fails: libraries have other ways where they can, and errors else. */
static int filter_calls(void)
{
	struct program program = { .used = 0 };
	struct sock_fprog filter = { .filter = program.steps };

	add_step(&program, LOAD_WORD, offsetof(struct seccomp_data, arch));
	add_jump_step(&program, ARCH, 1, 0);
	add_step(&program, BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
	add_step(&program, LOAD_WORD, offsetof(struct seccomp_data, nr));
	for (size_t i = 0; i < N_RULES; i++)
		add_call_rule(&program, &rules[i]);
	add_step(&program, BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
	filter.len = program.used;
	if (!prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter))
		return 0;
	/* A kernel without seccomp, or a sandbox that does not let another be made. */
	return errno == EINVAL || errno == ENOSYS ? 0 : -1;
}
#else
static int filter_calls(void)
{
	return 0;
}
#endif

int confine_self(struct efimap_err *err)
{
	if (lower_limit(RLIMIT_CORE, 0) || lower_limit(RLIMIT_CPU, MAX_CPU_SECONDS))
		return fail_to_give_up(err, "processor time");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return fail_to_give_up(err, "new privileges");
	if (IS_SANITIZED)
		return 0;
	if (lower_limit(RLIMIT_AS, MAX_MEMORY))
		return fail_to_give_up(err, "memory");
	/* A core that a program takes is made whatever the limit is, and can hold keys. */
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
		return fail_to_give_up(err, "being looked at");
	close_world();
	if (drop_capabilities())
		return fail_to_give_up(err, "capabilities");
	if (filter_calls())
		return fail_to_give_up(err, "system calls");
	return 0;
}
