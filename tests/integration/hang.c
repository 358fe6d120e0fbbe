/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A library for LD_PRELOAD. No read returns, and SIGTERM is ignored, as in a process that waits for
 * a disk that does not respond.
 */
#include <signal.h>
#include <stddef.h>
#include <sys/types.h>
#include <unistd.h>

#pragma GCC visibility push(default)

ssize_t read(int fd, void *buf, size_t size)
{
	for (;;)
		pause();
}

ssize_t pread(int fd, void *buf, size_t size, off_t offset)
{
	return read(fd, buf, size);
}

__attribute__((constructor)) static void ignore_sigterm(void)
{
	signal(SIGTERM, SIG_IGN);
}
