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
 * Create directory @number from the members in @data (see member.h). Return its path. stage_run()
 * removes the directory.
 */
const char *stage_tree(unsigned int number, const uint8_t *data, size_t size);
/*
 * Call @run, and return its exit status. Store its standard output in @ret_out, and discard its
 * messages.
 */
int stage_run(int (*run)(int argc, char **argv), int argc, char **argv,
	      struct efimap_out *ret_out);

#endif
