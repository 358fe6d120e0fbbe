/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Run a program, stop it when it is about to exit, and print its private dirty memory in
 * KiB.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

static void stop(const char *what)
{
	perror(what);
	exit(1);
}

static void start(char **command)
{
	/* The program's output is discarded. */
	if (!freopen("/dev/null", "w", stdout) || ptrace(PTRACE_TRACEME, 0, NULL, NULL))
		stop("tracing");
	raise(SIGSTOP);
	/* SIGSTOP stops the process but does not end it. cppcheck-suppress
	 * unreachableCode */
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
	long kib = -1;
	int status;
	pid_t pid = argc < 2 ? -1 : fork();

	if (argc < 2) {
		fprintf(stderr, "usage: watch PROGRAM [ARGUMENT…]\n");
		return 2;
	}
	if (pid == 0)
		start(argv + 1);
	if (pid < 0 || waitpid(pid, &status, 0) < 0 ||
	    ptrace(PTRACE_SETOPTIONS, pid, NULL, PTRACE_O_TRACEEXIT | PTRACE_O_EXITKILL))
		stop("starting");
	while (!ptrace(PTRACE_CONT, pid, NULL, NULL)) {
		if (waitpid(pid, &status, 0) < 0)
			stop("waiting");
		if (WIFEXITED(status) || WIFSIGNALED(status))
			break;
		if (status >> 8 == (SIGTRAP | PTRACE_EVENT_EXIT << 8))
			kib = private_dirty_kib(pid);
	}
	if (!WIFEXITED(status))
		return 1;
	printf("%ld\n", kib);
	return 0;
}
