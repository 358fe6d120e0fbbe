/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is left after giving up: what an importer needs, and none of what it must not do. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/capability.h>

#include "../test.h"
#include "confine.h"

/* Run @test in a child that has given up; what it returns is what it complains of. */
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
		const char *complaint = confine_self(&err) ? err.text : test(fd);

		len = write(fds[1], complaint, strlen(complaint));
		_exit(len == (ssize_t)strlen(complaint) ? 0 : 1);
	}
	close(fds[1]);
	len = read(fds[0], text, sizeof(text) - 1);
	close(fds[0]);
	close(fd);
	assert_true(len >= 0);
	text[len] = '\0';
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_string_equal(text, "");
}

/* A sanitized build gives up next to nothing, because of what sanitizers need. */
#if defined(__SANITIZE_ADDRESS__)
#define IS_CONFINED false
#else
#define IS_CONFINED true
#endif
#define HAS_SECCOMP (IS_CONFINED && CONFINE_HAS_FILTER && prctl(PR_GET_SECCOMP) >= 0)

/* Is there anything that can keep files from being opened? */
static bool can_close_files(void)
{
	return HAS_SECCOMP ||
	       (IS_CONFINED && syscall(SYS_landlock_create_ruleset, NULL, 0, 1) > 0);
}

static const char *use_what_is_open(int fd)
{
	char head[16];
	void *memory = malloc(64 << 20);

	if (!memory)
		return "no memory";
	memset(memory, 1, 64 << 20);
	free(memory);
	if (lseek(fd, 0, SEEK_SET) || read(fd, head, sizeof(head)) != sizeof(head))
		return "an open file cannot be read";
	return "";
}

static const char *open_a_file(int fd)
{
	if (open("/etc/passwd", O_RDONLY) >= 0)
		return "a file was opened";
	return errno == EACCES || errno == EPERM ? "" : strerror(errno);
}

static const char *make_a_file(int fd)
{
	if (open("/tmp", O_TMPFILE | O_RDWR, 0600) >= 0)
		return "a file was made";
	return errno == EACCES || errno == EPERM ? "" : strerror(errno);
}

static const char *execute(int fd)
{
	char *const argv[] = { (char[]){ "true" }, NULL }, *const env[] = { NULL };

	execve("/bin/true", argv, env);
	return errno == EACCES || errno == EPERM ? "" : strerror(errno);
}

static const char *use_the_network(int fd)
{
	return socket(AF_INET, SOCK_STREAM, 0) < 0 && errno == EPERM ? "" : "a socket was made";
}

static const char *make_a_process(int fd)
{
	const pid_t child = fork();

	if (child == 0)
		_exit(0);
	return child < 0 && errno == EPERM ? "" : "a process was made";
}

static const char *use_a_capability(int fd)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { { 1, 1, 1 } };
	struct rlimit limits;

	/* With seccomp it cannot be asked for, and not be got back without. */
	if (syscall(SYS_capget, &header, data) == 0 && (data[0].effective | data[0].permitted))
		return "capabilities are left";
	if (getrlimit(RLIMIT_CORE, &limits) || limits.rlim_cur || limits.rlim_max)
		return "a core file may be made";
	return "";
}

static void what_is_open(void **state)
{
	confined(use_what_is_open);
}

static void files(void **state)
{
	if (!can_close_files())
		return;
	confined(open_a_file);
	confined(make_a_file);
	confined(execute);
}

static void calls(void **state)
{
	if (HAS_SECCOMP) {
		confined(use_the_network);
		confined(make_a_process);
	}
	if (IS_CONFINED)
		confined(use_a_capability);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_open),
		cmocka_unit_test(files),
		cmocka_unit_test(calls),
	};

	return cmocka_run_group_tests_name("confine", tests, NULL, NULL) != 0;
}
