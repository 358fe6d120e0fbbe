/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * verify over many sources in worker processes: names go in, reports come out in order,
 * the line of progress between them. A signal ends it without leaving anything behind.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "cli/many.h"
#include "cli/pool.h"

/*
 * Held back while there are workers and a line to clear away; what came meanwhile does
 * its work when they are let in again. Nobody waits for one that was ignored all along.
 */
static int hold_signals(sigset_t *ret_before)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	sigset_t waited, held;

	sigemptyset(&waited);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		struct sigaction action;

		if (sigaction(signals[i], NULL, &action) == 0 &&
		    action.sa_handler != SIG_IGN)
			sigaddset(&waited, signals[i]);
	}
	held = waited;
	sigaddset(&held, SIGPIPE);
	if (sigprocmask(SIG_BLOCK, &held, ret_before) < 0)
		return -errno;
	return signalfd(-1, &waited, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void work(const void *context, const char *name, struct efimap_out *out,
		 void *ret_record)
{
	verify_source(context, name, out, ret_record);
}

static void write_said(const struct pool_result *result)
{
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_FD(STDERR_FILENO);

	efimap_out_write(&out, result->said, result->said_size);
	efimap_out_flush(&out);
}

static void describe_death(int wait_status, char *buf, size_t size)
{
	if (WIFSIGNALED(wait_status))
		snprintf(buf, size, "the process that judged it was killed by signal %d (%s)",
			 WTERMSIG(wait_status), strsignal(WTERMSIG(wait_status)));
	else
		snprintf(buf, size, "the process that judged it ended with status %d",
			 WEXITSTATUS(wait_status));
}

static void write_result(struct many *many, const struct pool_result *result)
{
	struct outcome outcome;
	char why[128];

	if ((result->out_size && many->shares_screen) || result->said_size ||
	    result->is_lost)
		progress_hide(&many->progress);
	efimap_out_write(many->out, result->out, result->out_size);
	outcome.status = output_end(many->out);
	many->status = status_worse(many->status, outcome.status);
	write_said(result);
	if (result->is_lost) {
		describe_death(result->wait_status, why, sizeof(why));
		verify_lost(many->verify, result->name, why, many->out, &outcome);
	} else {
		memcpy(&outcome, result->record, sizeof(outcome));
	}
	many_count(many, &outcome);
}

static void write_results(struct many *many, struct pool *pool)
{
	struct pool_result result;

	while (!many->out->error && pool_oldest(pool, &result)) {
		write_result(many, &result);
		pool_drop(pool);
	}
}

/* As many names as there is room for and as have been read; then what next_name() said. */
static int add_names(struct many *many, struct pool *pool, enum names_got *ret_got)
{
	const char *name;
	int ret = 0;

	*ret_got = NAMES_NAME;
	while (ret == 0 && pool_has_room(pool)) {
		*ret_got = names_next(&many->names, &name);
		if (*ret_got == NAMES_NAME)
			ret = pool_add(pool, name);
		else if (*ret_got == NAMES_BAD)
			many_say_bad(many, name);
		else
			break;
	}
	return ret;
}

/*
 * Output and the line of progress take turns, not more often than the line is drawn: it
 * would flicker, and be away most of the time.
 */
static void write_in_turn(struct many *many, struct pool *pool)
{
	if (progress_pause(&many->progress) > 0 && pool_has_room(pool))
		return;
	write_results(many, pool);
	progress_draw(&many->progress);
}

/* Milliseconds to wait at most: results can lie ready that nothing will announce again. */
static int time_to_wait(const struct many *many, const struct pool *pool)
{
	struct pool_result result;
	int pause = progress_pause(&many->progress);

	if (pool_oldest(pool, &result) || (many->progress.is_due && pause > 0))
		return pause;
	return -1;
}

/* 1 when all is done, or a signal or an error of the output says to stop. */
static int turn(struct many *many, struct pool *pool, int signals)
{
	struct pollfd others[POOL_OTHERS] = { { .fd = signals, .events = POLLIN } };
	enum names_got got;
	int ret = add_names(many, pool, &got);

	if (ret < 0)
		return ret;
	if (got == NAMES_END && pool_is_empty(pool))
		return 1;
	others[1].fd = got == NAMES_MORE ? many->names.fd : -1;
	others[1].events = POLLIN;
	ret = pool_wait(pool, others, POOL_OTHERS, time_to_wait(many, pool));
	if (ret < 0)
		return ret;
	if (others[0].revents)
		return 1;
	if (others[1].revents)
		many_fill(many);
	write_in_turn(many, pool);
	return many->out->error ? 1 : 0;
}

int many_run_pool(struct many *many, unsigned int jobs)
{
	const struct pool_work judging = { work, many->verify, sizeof(struct outcome) };
	efimap_auto_fd int signals = -1;
	struct pool pool = { 0 };
	sigset_t before;
	int ret;

	if (!many->names.list && jobs > many->names.n_operands)
		jobs = (unsigned int)many->names.n_operands;
	signals = hold_signals(&before);
	ret = signals < 0 ? signals : pool_open(&pool, jobs, &judging);
	while (ret == 0)
		ret = turn(many, &pool, signals);
	pool_close(&pool);
	progress_hide(&many->progress);
	/* A signal that came meanwhile ends us here. */
	sigprocmask(SIG_SETMASK, &before, NULL);
	return ret < 0 ? ret : 0;
}
