/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_CMD_REHEARSE_H
#define CLI_CMD_REHEARSE_H

#include "cli/option_parser.h"
#include "linux/encode_setup_data.h"

/* Minimum and usual default of --mem, in bytes. */
#define REHEARSE_LEAST_MEMORY (UINT64_C(256) << 20)
#define REHEARSE_USUAL_MEMORY (UINT64_C(4096) << 20)

/** REHEARSE_SETUP_DATA_FD - descriptor of the snapshot made from --setup-data-from */
#define REHEARSE_SETUP_DATA_FD 3

/**
 * struct rehearse - the options of rehearse
 * @argv:    the command line, which is passed to the program that boots the kernel
 * @passed:  name of the capture whose map is passed to the kernel, or NULL for the map of SOURCE
 * @loader:  the loader whose data is passed to the kernel; kernels_choose() chooses the loader
 * @memory:  argument of --mem, in bytes after check(); 0 if --mem is not given
 * @timeout: time limit for each kernel in seconds, 0 for no limit
 */
struct rehearse {
	struct common common;
	char **argv;
	const char *second_kernel;
	const char *append;
	const char *console;
	const char *keep;
	const char *gdb;
	const char *passed;
	bool is_first_kernel;
	enum kexec_loader loader;
	uint64_t memory;
	uint64_t timeout;
};

/** rehearse_find_one_kernel_option() - return a given option that requires one kernel, or NULL */
const char *rehearse_find_one_kernel_option(const struct rehearse *rehearse);

void rehearse_begin(int argc, char **argv, void *args);

/** rehearse_end_on_alarm() - end with STATUS_UNREADABLE when the timer of --timeout expires */
void rehearse_end_on_alarm(void);

#endif
