/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Run a program, count its system calls, and look at its memory when it is about to exit,
 * where it still has all of it. Prints "calls private-dirty-KiB".
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

static void stop(const char *what)
{
	perror(what);
	exit(1);
}

static void run(char **command)
{
	/* What it writes is not of interest. */
	if (!freopen("/dev/null", "w", stdout) || ptrace(PTRACE_TRACEME, 0, NULL, NULL))
		stop("tracing");
	raise(SIGSTOP);
	/* A signal that stops, and does not end. cppcheck-suppress unreachableCode */
	execv(command[0], command);
	stop(command[0]);
}

static long private_dirty_kib(pid_t pid)
{
	char path[64], line[256];
	long kib = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", (int)pid);
	file = fopen(path, "r");
	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "Private_Dirty: %ld kB", &kib) == 1)
			break;
	if (file)
		fclose(file);
	return kib;
}

int main(int argc, char **argv)
{
	long stops = 0, kib = -1;
	int status;
	pid_t pid;

	if (argc < 2) {
		fprintf(stderr, "usage: watch PROGRAM [ARGUMENT…]\n");
		return 2;
	}
	pid = fork();
	if (pid == 0)
		run(argv + 1);
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		stop("starting");
	if (ptrace(PTRACE_SETOPTIONS, pid, NULL,
		   PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXIT | PTRACE_O_EXITKILL))
		stop("tracing");
	while (!ptrace(PTRACE_SYSCALL, pid, NULL, NULL)) {
		if (waitpid(pid, &status, 0) < 0)
			stop("waiting");
		if (WIFEXITED(status) || WIFSIGNALED(status))
			break;
		if (status >> 8 == (SIGTRAP | PTRACE_EVENT_EXIT << 8))
			kib = private_dirty_kib(pid);
		else if (WSTOPSIG(status) == (SIGTRAP | 0x80))
			stops++;
	}
	if (!WIFEXITED(status)) {
		fprintf(stderr, "watch: %s did not exit\n", argv[1]);
		return 1;
	}
	/* Each call stops twice, but for the two that do not return to this program. */
	printf("%ld %ld\n", (stops + 1) / 2, kib);
	return 0;
}
