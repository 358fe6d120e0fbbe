/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where something is to be written, as a directory that is open and a name: see place.c.
 */
#ifndef CLI_PLACE_H
#define CLI_PLACE_H

#include <limits.h>
#include <stdbool.h>
#include <sys/stat.h>

/**
 * struct place - what a path leads to
 * @dir:     the directory, O_PATH; -1: nothing was found
 * @name:    in it, and no symbolic link; "." is the directory itself
 * @st:      of it; st_mode is 0 where there is none yet
 * @is_open: it has no other name: a descriptor of some process, as /proc shows them
 */
struct place {
	int dir;
	char name[NAME_MAX + 1];
	struct stat st;
	bool is_open;
};

void place_close(struct place *place);
#define auto_place __attribute__((cleanup(place_close)))

/** place_find() - follow @path, whatever slashes it ends in; 0 or a negative errno */
int place_find(const char *path, struct place *ret_place);
/** place_is_trusted() - would fs.protected_symlinks let us follow it, were it a link? */
bool place_is_trusted(int dir, const struct stat *st);
/** place_open() - open what was found, and nothing that took its place; or a negative
 * errno */
int place_open(const struct place *place, int flags);
/**
 * place_open_dir() - open a directory for reading
 * @make: make it where there is nothing, for us alone
 *
 * Return: a descriptor or a negative errno.
 */
int place_open_dir(const char *path, bool make);

#endif
