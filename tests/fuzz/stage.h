/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_FUZZ_STAGE_H
#define TESTS_FUZZ_STAGE_H

#include <stddef.h>
#include <stdint.h>

#include "base/output_buffer.h"

#define STAGE_FILES 2

/* Write the bytes to file @number. Return the operand that makes the program read this file. */
const char *stage_file(unsigned int number, const uint8_t *data, size_t size);
/*
 * Create a directory from the members in @data (see member.h). Return its name. stage_run() removes
 * the directory.
 */
const char *stage_tree(unsigned int number, const uint8_t *data, size_t size);
/*
 * Return the exit status of @run. Its standard output is stored in @ret_out, and its messages are
 * discarded.
 */
int stage_run(int (*run)(int argc, char **argv), int argc, char **argv,
	      struct efimap_out *ret_out);

#endif
