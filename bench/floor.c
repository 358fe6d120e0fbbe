/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Measure the minimum cost of reading a capture: open each PATH below DIRECTORY, list it if it is a
 * directory, read it otherwise, and print short contents. The program checks nothing.
 *
 * usage: floor DIRECTORY PATH...
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* Contents of at least this number of bytes are not printed. Values of sysfs are shorter. */
#define PRINTED 40

static void list(int fd)
{
	DIR *dir = fdopendir(fd);

	while (dir && readdir(dir))
		;
	if (dir)
		closedir(dir);
}

static void read_path(int root, const char *path)
{
	static char page[1 << 16];
	int fd = openat(root, path, O_RDONLY | O_CLOEXEC);
	ssize_t size;

	if (fd < 0)
		return;
	size = read(fd, page, sizeof(page));
	if (size < 0) {
		list(fd);
		return;
	}
	if (size > 0 && size < PRINTED)
		printf("\"%s\": \"%.*s\",\n", path, (int)size - 1, page);
	close(fd);
}

int main(int argc, char **argv)
{
	int root = argc > 1 ? open(argv[1], O_RDONLY | O_DIRECTORY) : -1;

	for (int i = 2; i < argc && root >= 0; i++)
		read_path(root, argv[i]);
	return root < 0;
}
