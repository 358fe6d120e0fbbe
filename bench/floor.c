/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Measure the minimum cost of reading: list or read each PATH below DIRECTORY, and print short
 * contents. Without arguments, the program does nothing.
 *
 * usage: floor [DIRECTORY PATH...]
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static void list(int fd)
{
	DIR *dir = fdopendir(fd);

	while (dir && readdir(dir))
		;
	if (dir)
		closedir(dir);
}

int main(int argc, char **argv)
{
	static char page[1 << 16];

	if (argc > 1 && chdir(argv[1]) < 0)
		return 1;
	for (int i = 2; i < argc; i++) {
		int fd = open(argv[i], O_RDONLY | O_CLOEXEC);
		ssize_t size = read(fd, page, sizeof(page));

		if (fd >= 0 && size < 0) {
			list(fd);
			continue;
		}
		/* Values of sysfs are shorter than 40 bytes. */
		if (size > 0 && size < 40)
			printf("\"%s\": \"%.*s\",\n", argv[i], (int)size - 1, page);
		while (size == sizeof(page))
			size = read(fd, page, sizeof(page));
		close(fd);
	}
	return 0;
}
