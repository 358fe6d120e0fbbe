/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A whole program, again and again: files made of an input, and what it writes. */
#ifndef TESTS_FUZZ_STAGE_H
#define TESTS_FUZZ_STAGE_H

#include <stddef.h>
#include <stdint.h>

#include "base/output_buffer.h"

/** STAGE_FILES - files at a time; the first one is standard input */
#define STAGE_FILES 2

/** stage_file() - file @number holds these bytes; its name, for the program */
const char *stage_file(unsigned int number, const uint8_t *data, size_t size);
/** stage_tree() - the same for a directory, of the members that member.h tells of */
const char *stage_tree(unsigned int number, const uint8_t *data, size_t size);
/** stage_run() - what @run returns, and writes to standard output; its messages are lost */
int stage_run(int (*run)(int argc, char **argv), int argc, char **argv,
	      struct efimap_out *ret_out);

#endif
