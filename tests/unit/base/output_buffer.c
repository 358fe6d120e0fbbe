/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "test.h"
#include "base/cleanup.h"
#include "base/output_buffer.h"

TEST(memory_never_flushes)
{
	auto_out struct out out = EFIMAP_OUT_MEM;

	for (int i = 0; i < 100000; i++)
		out_putc(&out, (char)('a' + i % 26));
	assert_int_equal(out_flush(&out), 0);
	assert_int_equal(out.used, 100000);
	for (int i = 0; i < 100000; i++)
		assert_int_equal(out.data[i], 'a' + i % 26);
}

TEST(printf_of_every_length)
{
	char filler[2000];

	memset(filler, 'f', sizeof(filler));
	for (int len = 500; len < 530; len++) {
		auto_out struct out out = EFIMAP_OUT_MEM;

		out_printf(&out, "%.*s|%s", len, filler, "end");
		assert_int_equal(out.used, len + 4);
		assert_memory_equal(out.data, filler, (size_t)len);
		assert_memory_equal(out.data + len, "|end", 4);
	}
}

static size_t slurp(int fd, char *buf, size_t size)
{
	size_t used = 0;

	for (;;) {
		ssize_t got = pread(fd, buf + used, size - used, (off_t)used);

		if (got <= 0)
			return used;
		used += (size_t)got;
	}
}

TEST(descriptor_gets_everything)
{
	static char expected[2000000], got[2000001];
	auto_fd int fd = fileno(tmpfile());
	auto_out struct out out = EFIMAP_OUT_FD(fd);
	size_t used = 0;

	for (size_t i = 0; i < sizeof(expected); i++)
		expected[i] = (char)(i % 251);
	for (size_t size = 1; used < sizeof(expected); size = size * 3 % 200003) {
		size_t piece = size < sizeof(expected) - used ? size : sizeof(expected) - used;

		out_write(&out, expected + used, piece);
		used += piece;
	}
	assert_int_equal(out_flush(&out), 0);
	assert_int_equal(out.used, 0);
	assert_int_equal(slurp(fd, got, sizeof(got)), sizeof(expected));
	assert_memory_equal(got, expected, sizeof(expected));
}

TEST(the_first_error_is_kept)
{
	auto_fd int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
	auto_out struct out out = EFIMAP_OUT_FD(fd);

	assert_true(fd >= 0);
	out_puts(&out, "x");
	assert_int_equal(out.error, 0);
	assert_int_equal(out_flush(&out), -ENOSPC);
	out_puts(&out, "y");
	out_printf(&out, "%d", 1);
	out_printf(&out, "%600d", 1);
	assert_int_equal(out.used, 0);
	assert_int_equal(out_flush(&out), -ENOSPC);
}

TEST(a_full_disk_is_detected_before_the_flush)
{
	auto_fd int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
	auto_out struct out out = EFIMAP_OUT_FD(fd);

	for (int i = 0; i < 200000 && !out.error; i++)
		out_puts(&out, "line\n");
	assert_int_equal(out.error, -ENOSPC);
}

TEST(other_write_errors)
{
	struct out closed = EFIMAP_OUT_FD(1000);
	auto_out struct out broken = { 0 };
	int ends[2];

	out_puts(&closed, "x");
	assert_int_equal(out_flush(&closed), -EBADF);
	out_free(&closed);

	assert_int_equal(pipe(ends), 0);
	close(ends[0]);
	signal(SIGPIPE, SIG_IGN);
	broken = (struct out)EFIMAP_OUT_FD(ends[1]);
	out_puts(&broken, "x");
	assert_int_equal(out_flush(&broken), -EPIPE);
	close(ends[1]);
}
