/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Run a complete program repeatedly: create files from an input, and collect its output. */
#ifndef TESTS_FUZZ_STAGE_H
#define TESTS_FUZZ_STAGE_H

#include <stddef.h>
#include <stdint.h>

#include "base/output_buffer.h"

/** STAGE_FILES - number of files that exist at a time; the first is also standard input */
#define STAGE_FILES 2

/** stage_file() - write the bytes to file @number; return its name for the program */
const char *stage_file(unsigned int number, const uint8_t *data, size_t size);
/** stage_tree() - create a directory with the members of member.h; return its name */
const char *stage_tree(unsigned int number, const uint8_t *data, size_t size);
/**
 * stage_run() - call @run, and return its exit status and standard output; messages are discarded
 */
int stage_run(int (*run)(int argc, char **argv), int argc, char **argv,
	      struct efimap_out *ret_out);

#endif
