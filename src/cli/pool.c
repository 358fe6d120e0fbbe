/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parent's side of a pool of worker processes: a window of jobs in the order in which
 * they came, who has which, and what came back. What a worker does is in pool_worker.c.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cli/pool.h"

/* So many results may wait for one that takes long, for each worker. */
#define WINDOW 64
/* No new job while finished results of more bytes wait to be written. */
#define MAX_HELD ((size_t)64 << 20)
/* What a worker that died had said; the end of a sanitizer's report is of no use. */
#define MAX_LAST_WORDS ((size_t)16 << 10)

int pool_open(struct pool *pool, size_t n_workers, const struct pool_work *work)
{
	*pool = (struct pool){ .work = *work, .n_slots = WINDOW * n_workers };
	pool->workers = calloc(n_workers, sizeof(*pool->workers));
	pool->slots = calloc(pool->n_slots, sizeof(*pool->slots));
	pool->fds = calloc(n_workers + POOL_OTHERS, sizeof(*pool->fds));
	pool->n_workers = pool->workers ? n_workers : 0;
	if (pool->workers && pool->slots && pool->fds)
		return 0;
	pool_close(pool);
	return -ENOMEM;
}

void pool_close(struct pool *pool)
{
	for (size_t i = 0; i < pool->n_workers; i++)
		pool_worker_end(&pool->workers[i]);
	for (; pool->slots && pool->first < pool->next; pool->first++) {
		free(pool->slots[pool->first % pool->n_slots].name);
		free(pool->slots[pool->first % pool->n_slots].data);
	}
	free(pool->workers);
	free(pool->slots);
	free(pool->fds);
	*pool = (struct pool){ 0 };
}

bool pool_has_room(const struct pool *pool)
{
	return pool->next - pool->first < pool->n_slots && pool->held <= MAX_HELD;
}

bool pool_is_empty(const struct pool *pool)
{
	return pool->first == pool->next;
}

static struct pool_slot *slot_of(const struct pool *pool, uint64_t job)
{
	return &pool->slots[job % pool->n_slots];
}

static size_t data_size(const struct pool *pool, const struct pool_head *head)
{
	return pool->work.record_size + head->out_size + head->said_size;
}

/* What cannot be sent now is sent to the worker that takes over when this one is gone. */
static void send_job(struct pool_worker *worker, char *name)
{
	uint32_t len = (uint32_t)strlen(name);
	struct iovec parts[] = {
		{ .iov_base = &len, .iov_len = sizeof(len) },
		{ .iov_base = name, .iov_len = len },
	};
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };

	while (sendmsg(worker->socket, &message, MSG_NOSIGNAL) < 0 && errno == EINTR)
		;
}

static int give(struct pool *pool, struct pool_worker *worker, uint64_t job)
{
	int ret = worker->pid ? 0 : pool_worker_start(pool, worker);

	if (ret < 0)
		return ret;
	worker->given[worker->n_given++] = job;
	send_job(worker, slot_of(pool, job)->name);
	return 0;
}

/* The one with the least to do; NULL when all have enough. */
static struct pool_worker *find_worker(struct pool *pool)
{
	struct pool_worker *best = NULL;

	for (size_t i = 0; i < pool->n_workers; i++) {
		struct pool_worker *worker = &pool->workers[i];

		if (worker->n_given < (best ? best->n_given : POOL_DEPTH))
			best = worker;
	}
	return best;
}

static int give_all(struct pool *pool)
{
	struct pool_worker *worker;

	while (pool->ungiven < pool->next && (worker = find_worker(pool))) {
		int ret = give(pool, worker, pool->ungiven);

		if (ret < 0)
			return ret;
		pool->ungiven++;
	}
	return 0;
}

int pool_add(struct pool *pool, const char *name)
{
	struct pool_slot *slot = slot_of(pool, pool->next);

	*slot = (struct pool_slot){ .name = strdup(name) };
	if (!slot->name)
		return -ENOMEM;
	pool->next++;
	return give_all(pool);
}

bool pool_oldest(const struct pool *pool, struct pool_result *ret_result)
{
	const struct pool_slot *slot = slot_of(pool, pool->first);
	const char *data = slot->data;

	if (pool_is_empty(pool) || !slot->is_done)
		return false;
	*ret_result = (struct pool_result){
		.name = slot->name,
		.is_lost = slot->is_lost,
		.wait_status = slot->wait_status,
		.record = data,
		.out = data ? data + pool->work.record_size : NULL,
		.out_size = slot->head.out_size,
		.said = data ? data + pool->work.record_size + slot->head.out_size : NULL,
		.said_size = slot->head.said_size,
	};
	return true;
}

void pool_drop(struct pool *pool)
{
	struct pool_slot *slot = slot_of(pool, pool->first++);

	pool->held -= data_size(pool, &slot->head);
	free(slot->name);
	free(slot->data);
	*slot = (struct pool_slot){ 0 };
}

static void finish(struct pool *pool, struct pool_worker *worker)
{
	struct pool_slot *slot = slot_of(pool, worker->given[0]);

	slot->is_done = true;
	pool->held += data_size(pool, &slot->head);
	worker->n_given--;
	memmove(worker->given, worker->given + 1, worker->n_given * sizeof(worker->given[0]));
	worker->received = 0;
}

/* What it said before it died may tell why. */
static int keep_last_words(struct pool *pool, const struct pool_worker *worker,
			   struct pool_slot *slot)
{
	ssize_t size = -1;

	slot->data = calloc(1, pool->work.record_size + MAX_LAST_WORDS);
	if (!slot->data)
		return -ENOMEM;
	if (worker->said >= 0)
		size = pread(worker->said, slot->data + pool->work.record_size,
			     MAX_LAST_WORDS, 0);
	slot->head = (struct pool_head){ .said_size = size > 0 ? (size_t)size : 0 };
	return 0;
}

/* Its job is lost with it; what it had not begun goes to its successor. */
static int bury(struct pool *pool, struct pool_worker *worker)
{
	uint64_t rest[POOL_DEPTH];
	size_t n_rest;
	int ret = 0;

	if (worker->n_given) {
		struct pool_slot *slot = slot_of(pool, worker->given[0]);

		free(slot->data);
		slot->is_lost = true;
		ret = keep_last_words(pool, worker, slot);
		slot->wait_status = pool_worker_end(worker);
		finish(pool, worker);
	} else {
		pool_worker_end(worker);
	}
	n_rest = worker->n_given;
	memcpy(rest, worker->given, sizeof(rest));
	worker->n_given = 0;
	for (size_t i = 0; i < n_rest && ret == 0; i++)
		ret = give(pool, worker, rest[i]);
	return ret;
}

/* -EAGAIN when nothing more is there, -EPIPE when nothing will ever be. */
static int receive_into(struct pool_worker *worker, char *to, size_t from, size_t size)
{
	while (worker->received < from + size) {
		const size_t at = worker->received - from;
		ssize_t got = recv(worker->socket, to + at, size - at, MSG_DONTWAIT);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got < 0 && errno == EAGAIN ? -EAGAIN : -EPIPE;
		worker->received += (size_t)got;
	}
	return 0;
}

static int receive_result(struct pool *pool, struct pool_worker *worker)
{
	const size_t head = sizeof(worker->head);
	struct pool_slot *slot;
	int ret = 0;

	if (worker->received < head)
		ret = receive_into(worker, (char *)&worker->head, 0, head);
	if (ret < 0)
		return ret;
	/* Only a broken worker speaks without having been asked. */
	if (!worker->n_given)
		return -EPIPE;
	slot = slot_of(pool, worker->given[0]);
	if (!slot->data) {
		slot->head = worker->head;
		slot->data = malloc(data_size(pool, &slot->head));
	}
	if (!slot->data)
		return -ENOMEM;
	return receive_into(worker, slot->data, head, data_size(pool, &slot->head));
}

static int receive(struct pool *pool, struct pool_worker *worker)
{
	int ret;

	while ((ret = receive_result(pool, worker)) == 0)
		finish(pool, worker);
	if (ret == -EPIPE)
		return bury(pool, worker);
	return ret == -EAGAIN ? 0 : ret;
}

int pool_wait(struct pool *pool, struct pollfd *others, size_t n_others, int timeout)
{
	struct pollfd *fds = pool->fds;
	int ret = 0;

	memcpy(fds, others, n_others * sizeof(*fds));
	for (size_t i = 0; i < pool->n_workers; i++)
		fds[n_others + i] = (struct pollfd){
			.fd = pool->workers[i].pid ? pool->workers[i].socket : -1,
			.events = POLLIN,
		};
	if (poll(fds, n_others + pool->n_workers, timeout) < 0)
		return errno == EINTR ? 0 : -errno;
	memcpy(others, fds, n_others * sizeof(*fds));
	for (size_t i = 0; i < pool->n_workers && ret == 0; i++)
		if (fds[n_others + i].revents)
			ret = receive(pool, &pool->workers[i]);
	return ret == 0 ? give_all(pool) : ret;
}
