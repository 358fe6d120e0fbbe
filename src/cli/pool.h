/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Worker processes: jobs go in, results come out in the same order, and a worker that
 * dies takes no more than its job with it. Nothing here knows what the work is.
 */
#ifndef CLI_POOL_H
#define CLI_POOL_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/out.h"

/** POOL_DEPTH - jobs that a worker has been given: the next one lies ready */
#define POOL_DEPTH 2

/**
 * struct pool_work - what workers do
 * @run:         do one job; runs in a worker, where standard error is gathered
 * @context:     the first argument of @run
 * @record_size: bytes that @run fills at @ret_record
 */
struct pool_work {
	void (*run)(const void *context, const char *name, struct efimap_out *out,
		    void *ret_record);
	const void *context;
	size_t record_size;
};

/**
 * struct pool_result - what came of one job
 * @name:        the job
 * @is_lost:     its worker died: there is no record, and nothing was printed
 * @wait_status: of that worker, as waitpid() tells
 * @record:      what @run left there
 * @out:         what it printed, @out_size bytes
 * @said:        what it wrote on standard error, @said_size bytes
 */
struct pool_result {
	const char *name;
	bool is_lost;
	int wait_status;
	const void *record;
	const char *out;
	size_t out_size;
	const char *said;
	size_t said_size;
};

/** struct pool_head - goes before each result on its way from a worker */
struct pool_head {
	size_t out_size;
	size_t said_size;
};

/** struct pool_slot - a job between pool_add() and pool_drop() */
struct pool_slot {
	char *name;
	bool is_done;
	bool is_lost;
	int wait_status;
	struct pool_head head;
	char *data;
};

/** struct pool_worker - one worker; @pid is 0 while there is none */
struct pool_worker {
	pid_t pid;
	int socket;
	int said;
	uint64_t given[POOL_DEPTH];
	size_t n_given;
	struct pool_head head;
	size_t received;
};

/**
 * struct pool - workers and the window of jobs that are not yet dropped
 * @first: the oldest job of the window
 * @ungiven: the oldest that no worker has
 * @next:  the one to come
 * @held:  bytes of finished results
 */
struct pool {
	struct pool_work work;
	struct pool_worker *workers;
	size_t n_workers;
	struct pool_slot *slots;
	size_t n_slots;
	struct pollfd *fds;
	uint64_t first;
	uint64_t ungiven;
	uint64_t next;
	size_t held;
};

/** pool_open() - room for @n_workers, which start when there is work; 0 or -ENOMEM */
int pool_open(struct pool *pool, size_t n_workers, const struct pool_work *work);
/** pool_close() - end all workers, busy or not, and free everything */
void pool_close(struct pool *pool);
/** pool_has_room() - may another job be added? Not for ever: memory is limited */
bool pool_has_room(const struct pool *pool);
/** pool_is_empty() - have all results been dropped? */
bool pool_is_empty(const struct pool *pool);
/** pool_add() - add a job; @name is copied. 0 or a negative errno */
int pool_add(struct pool *pool, const char *name);
/** pool_oldest() - the oldest result, valid until pool_drop(); false while it is not there */
bool pool_oldest(const struct pool *pool, struct pool_result *ret_result);
/** pool_drop() - forget the oldest result */
void pool_drop(struct pool *pool);
/**
 * pool_wait() - wait until something has happened
 * @others:   what else to wait for; their revents are filled in
 * @n_others: how many, at most POOL_OTHERS
 * @timeout:  milliseconds, -1 for ever
 *
 * Return: 0 or a negative errno.
 */
int pool_wait(struct pool *pool, struct pollfd *others, size_t n_others, int timeout);

#define POOL_OTHERS 2

/* For pool.c alone, in pool_worker.c. */

/** pool_worker_start() - fork; the child closes what belongs to others and never returns */
int pool_worker_start(struct pool *pool, struct pool_worker *worker);
/** pool_worker_end() - kill it and wait for it; its wait status */
int pool_worker_end(struct pool_worker *worker);

#endif
