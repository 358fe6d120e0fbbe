/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A library for LD_PRELOAD that intercepts kexec_load() in kexec(8). It writes the buffer of each
 * segment to a file in the directory $SPY_DIR, named by the address of the segment. If SPY_LIST is
 * set, it instead writes a line for each segment to the file "segments": address, size in memory,
 * and size of the buffer. The file "loaded" shows that the library was loaded.
 */
#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>

/* include/uapi/linux/kexec.h: struct kexec_segment */
struct segment {
	const void *buf;
	size_t bufsz;
	const void *mem;
	size_t memsz;
};

__attribute__((visibility("default"))) long syscall(long number, ...);

static FILE *create_file(const char *name)
{
	const char *directory = getenv("SPY_DIR");
	char path[4096];
	FILE *file;

	if (!directory)
		abort();
	snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, "wb");
	if (!file)
		abort();
	return file;
}

static void write_file(const char *name, const void *data, size_t size)
{
	FILE *file = create_file(name);

	if (fwrite(data, 1, size, file) != size || fclose(file))
		abort();
}

static void write_segments(const struct segment *segments, long count)
{
	for (long i = 0; i < count; i++) {
		char name[64];

		snprintf(name, sizeof(name), "%p", segments[i].mem);
		write_file(name, segments[i].buf, segments[i].bufsz);
	}
}

static void write_list(const struct segment *segments, long count)
{
	FILE *file = create_file("segments");

	for (long i = 0; i < count; i++)
		fprintf(file, "%p 0x%zx 0x%zx\n", segments[i].mem, segments[i].memsz,
			segments[i].bufsz);
	if (fclose(file))
		abort();
}

__attribute__((constructor)) static void report_start(void)
{
	write_file("loaded", "", 0);
}

long syscall(long number, ...)
{
	long (*real)(long, ...);
	const struct segment *segments;
	long args[6];
	va_list list;

	va_start(list, number);
	for (size_t i = 0; i < 6; i++)
		args[i] = va_arg(list, long);
	va_end(list);
	if (number == SYS_kexec_load) {
		segments = (const struct segment *)args[2];
		if (getenv("SPY_LIST"))
			write_list(segments, args[1]);
		else
			write_segments(segments, args[1]);
		return 0;
	}
	*(void **)&real = dlsym(RTLD_NEXT, "syscall");
	return real(number, args[0], args[1], args[2], args[3], args[4], args[5]);
}
