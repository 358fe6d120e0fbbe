/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Read the files that --kernel, --initrd and --kexec-log name. */
#ifndef INPUT_GIVEN_FILES_H
#define INPUT_GIVEN_FILES_H

#include "base/error.h"
#include "capture/installed_kernels.h"

/* The arguments of --kernel, --initrd and --kexec-log; NULL if an option is not given. */
struct given_names {
	const char *kernels[EFIMAP_MAX_KERNELS];
	size_t n_kernels;
	const char *initrd;
	const char *kexec_log;
};

/* Read files. @ret_files borrows the texts in @names. Return 0 or a negative errno. */
int read_given_files(struct given_names names, struct given_files *ret_files, struct err *err);

#endif
