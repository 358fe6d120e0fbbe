/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A child process does the work, and this process only waits. If a disk or file server does not
 * respond, the child may be in uninterruptible sleep, but this process can still exit. A boot or a
 * crash dump may be waiting for this process.
 */
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/exit_status.h"
#include "cli/messages.h"
#include "cli/timeout.h"

/* Seconds for which a child may run after SIGTERM, so that it can finish replacing a file. */
#define GRACE_SECONDS 1

/*
 * Wait until the child has ended or a signal has arrived. Return 0 if the child has ended, or the
 * number of the signal: SIGALRM if the time limit has expired.
 */
static int wait_for(pid_t child, const sigset_t *signals, unsigned int seconds,
		    int *ret_state)
{
	int number = 0;

	/* alarm() uses the monotonic clock (kernel/fork.c: copy_signal). */
	alarm(seconds);
	while (number <= 0 || number == SIGCHLD) {
		if (waitpid(child, ret_state, WNOHANG) == child)
			return 0;
		number = sigwaitinfo(signals, NULL);
	}
	return number;
}

/*
 * Send SIGTERM, which the child blocks while it replaces a file, so that no unfinished file
 * remains. If the child does not end, kill it without waiting for its end.
 */
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
		put_message("terminated by signal %d (%s)", WTERMSIG(state),
			    strsignal(WTERMSIG(state)));
		return STATUS_UNREADABLE;
	}
	stop(child, signals);
	if (number == SIGALRM) {
		put_message("timed out after %u %s", seconds,
			    seconds == 1 ? "second" : "seconds");
		return STATUS_UNREADABLE;
	}
	/* End with the signal that arrived, as a process without a child would. */
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
	/* If SIGCHLD or SIGALRM were inherited as ignored, sigwaitinfo() would not return them. */
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
		/* If fork() fails, do the work in this process, without a time limit. */
		sigprocmask(SIG_SETMASK, &before, NULL);
		return work(input);
	}
	status = watch(child, &signals, (unsigned int)seconds);
	alarm(0);
	/* A pending SIGALRM must not end this process. */
	signal(SIGALRM, SIG_IGN);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return status;
}
