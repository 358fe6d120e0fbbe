/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The time limit of --timeout. The work is done in a child, and this process only waits:
 * a disk or a file server that no longer answers can keep a process from ever being
 * interrupted, but never the one that a boot or a crash dump is waiting for.
 */
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/messages_and_status.h"
#include "cli/timeout.h"


/* What a child that was asked to stop may still take: a file is replaced whole. */
#define GRACE_SECONDS 1

/* 0: the child has ended; else the signal that came, SIGALRM for the time limit. */
static int wait_for(pid_t child, const sigset_t *signals, unsigned int seconds,
		    int *ret_state)
{
	int number = 0;

	/* Its clock is the monotonic one (kernel/time/itimer.c). */
	alarm(seconds);
	while (number <= 0 || number == SIGCHLD) {
		if (waitpid(child, ret_state, WNOHANG) == child)
			return 0;
		number = sigwaitinfo(signals, NULL);
	}
	return number;
}

/* It is asked first, so that nothing half-written is left; one that hangs is not waited for. */
static void stop(pid_t child, const sigset_t *signals)
{
	int state;

	kill(child, SIGTERM);
	if (wait_for(child, signals, GRACE_SECONDS, &state) != 0)
		kill(child, SIGKILL);
}

static enum status watch(pid_t child, const sigset_t *signals, unsigned int seconds)
{
	int state = 0;
	int number = wait_for(child, signals, seconds, &state);

	if (number == 0 && WIFEXITED(state))
		return (enum status)WEXITSTATUS(state);
	if (number == 0) {
		put_message("ended by signal %d (%s)", WTERMSIG(state), strsignal(WTERMSIG(state)));
		return STATUS_UNREADABLE;
	}
	stop(child, signals);
	if (number == SIGALRM) {
		put_message("not done within %u %s: given up", seconds,
			    seconds == 1 ? "second" : "seconds");
		return STATUS_UNREADABLE;
	}
	/* As if there were no second process: die of the signal that came. */
	signal(number, SIG_DFL);
	raise(number);
	return STATUS_UNREADABLE;
}

enum status deadline_run(uint64_t seconds, enum status (*work)(void *), void *input)
{
	sigset_t signals;
	sigset_t before;
	pid_t parent = getpid();
	pid_t child;
	enum status status;

	if (seconds == 0)
		return work(input);
	sigemptyset(&signals);
	sigaddset(&signals, SIGCHLD);
	sigaddset(&signals, SIGALRM);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGHUP);
	sigprocmask(SIG_BLOCK, &signals, &before);
	/* Where they were inherited as ignored, nothing would tell of the end. */
	signal(SIGCHLD, SIG_DFL);
	signal(SIGALRM, SIG_DFL);
	child = fork();
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		sigprocmask(SIG_SETMASK, &before, NULL);
		if (getppid() != parent)
			_exit(STATUS_UNREADABLE);
		_exit((int)work(input));
	}
	if (child < 0) {
		/* Without a process to wait with, the work is still worth trying. */
		sigprocmask(SIG_SETMASK, &before, NULL);
		return work(input);
	}
	status = watch(child, &signals, (unsigned int)seconds);
	alarm(0);
	/* One that came meanwhile is nobody's any more. */
	signal(SIGALRM, SIG_IGN);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return status;
}
