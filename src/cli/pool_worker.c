/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One worker process of a pool: its start, its end, and the loop in which it takes a job
 * and sends the result. Standard error is gathered, so that messages keep to their job.
 */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cli/pool.h"

/* A buffer that one large result has made larger is not kept. */
#define KEEP_BUFFER ((size_t)1 << 20)
#define MAX_SAID ((size_t)1 << 20)

static bool receive_all(int fd, void *to, size_t size)
{
	return size == 0 || recv(fd, to, size, MSG_WAITALL) == (ssize_t)size;
}

/* At once: each piece of its own would wake the parent for nothing. */
static bool send_result(int fd, struct pool_head *head, char *record, size_t record_size,
			const struct efimap_out *out)
{
	struct iovec parts[] = {
		{ .iov_base = head, .iov_len = sizeof(*head) },
		{ .iov_base = record, .iov_len = record_size },
		{ .iov_base = out->data, .iov_len = out->used },
	};
	const struct msghdr message = { .msg_iov = parts, .msg_iovlen = 3 };

	/* It blocks until all of it is on its way, unless the parent is gone. */
	return sendmsg(fd, &message, MSG_NOSIGNAL) ==
	       (ssize_t)(sizeof(*head) + record_size + out->used);
}

/* What was written to standard error since the last job, behind what was printed. */
static size_t append_said(int said, struct efimap_out *out)
{
	off_t size = said < 0 ? 0 : lseek(said, 0, SEEK_CUR);
	char block[4096];
	off_t at = 0;

	if (size > (off_t)MAX_SAID)
		size = (off_t)MAX_SAID;
	while (at < size && !out->error) {
		ssize_t got = pread(said, block, sizeof(block), at);

		if (got <= 0)
			break;
		efimap_out_write(out, block, (size_t)got);
		at += got;
	}
	if (size > 0 && (ftruncate(said, 0) < 0 || lseek(said, 0, SEEK_SET) < 0))
		_exit(EXIT_FAILURE);
	return out->error ? 0 : (size_t)at;
}

static bool do_job(const struct pool *pool, const struct pool_worker *worker,
		   const char *name, struct efimap_out *out)
{
	efimap_auto_free char *record = calloc(1, pool->work.record_size);
	struct pool_head head;

	if (!record)
		return false;
	pool->work.run(pool->work.context, name, out, record);
	head.out_size = out->used;
	head.said_size = append_said(worker->said, out);
	/* Half a report would look like a whole one. */
	return !out->error && send_result(worker->socket, &head, record,
					  pool->work.record_size, out);
}

static _Noreturn void work(const struct pool *pool, const struct pool_worker *worker)
{
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;
	char name[PATH_MAX];
	uint32_t len;

	while (receive_all(worker->socket, &len, sizeof(len)) && len < sizeof(name) &&
	       receive_all(worker->socket, name, len)) {
		name[len] = '\0';
		if (!do_job(pool, worker, name, &out))
			_exit(EXIT_FAILURE);
		out.used = 0;
		if (out.capacity > KEEP_BUFFER)
			efimap_out_free(&out);
	}
	_exit(EXIT_SUCCESS);
}

/* Whoever holds the other end of a socket keeps its owner from seeing that it is gone. */
static void leave_parent(const struct pool *pool, pid_t parent, int parent_end)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EXIT_FAILURE);
	close(parent_end);
	for (size_t i = 0; i < pool->n_workers; i++)
		if (pool->workers[i].pid)
			close(pool->workers[i].socket);
}

int pool_worker_start(struct pool *pool, struct pool_worker *worker)
{
	const pid_t parent = getpid();
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return -errno;
	/* Without it (Linux before 3.17) messages come as they are said. */
	worker->said = memfd_create("messages", MFD_CLOEXEC);
	worker->received = 0;
	worker->pid = fork();
	if (worker->pid < 0) {
		const int error = errno;

		close(ends[0]);
		close(ends[1]);
		if (worker->said >= 0)
			close(worker->said);
		worker->pid = 0;
		return -error;
	}
	worker->socket = ends[0];
	if (worker->pid == 0) {
		leave_parent(pool, parent, ends[0]);
		worker->socket = ends[1];
		if (worker->said >= 0 && dup2(worker->said, STDERR_FILENO) < 0)
			_exit(EXIT_FAILURE);
		work(pool, worker);
	}
	close(ends[1]);
	return 0;
}

int pool_worker_end(struct pool_worker *worker)
{
	int status = 0;

	if (!worker->pid)
		return 0;
	close(worker->socket);
	if (worker->said >= 0)
		close(worker->said);
	kill(worker->pid, SIGKILL);
	while (waitpid(worker->pid, &status, 0) < 0 && errno == EINTR)
		;
	worker->pid = 0;
	return status;
}
