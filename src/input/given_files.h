/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Read the files that --kernel, --initrd and --kexec-log name. In a recording, the path of such a
 * file begins with the option, as in "--kernel=/boot/vmlinuz".
 */
#ifndef INPUT_GIVEN_FILES_H
#define INPUT_GIVEN_FILES_H

#include "base/error.h"
#include "capture/installed_kernels.h"
#include "capture/recording.h"
#include "input/tree/tree_access.h"

/* The arguments of --kernel, --initrd and --kexec-log; NULL if an option is not given. */
struct given_names {
	const char *kernels[EFIMAP_MAX_KERNELS];
	size_t n_kernels;
	const char *initrd;
	const char *kexec_log;
};

/* Return whether a recorded path begins with "--kernel=", "--initrd=" or "--kexec-log=". */
bool path_is_given(const char *path);

/*
 * Read the files @names, and add them to @record unless it is NULL. @ret_files borrows the texts in
 * @names. Return 0 or a negative errno.
 */
int read_given_files(struct given_names names, struct recording *record,
		     struct given_files *ret_files, struct err *err);

/*
 * Parse the files of a recording whose paths path_is_given() accepts, and store them in
 * @map->given. Return 0 or a negative errno.
 */
int replay_given_files(struct root *root, struct efimap *map, struct err *err);

#endif
