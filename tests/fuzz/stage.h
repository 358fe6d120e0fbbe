/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_FUZZ_STAGE_H
#define TESTS_FUZZ_STAGE_H

#include <stddef.h>
#include <stdint.h>

#include "base/output_buffer.h"

#define STAGE_FILES 2

/* Write the bytes to file @number. Return its name as an operand. File 0 is standard input. */
const char *stage_file(unsigned int number, const uint8_t *data, size_t size);
/* Create directory @number from the members in @data (see member.h), and return its path. */
const char *stage_tree(unsigned int number, const uint8_t *data, size_t size);
/*
 * Call @run, and return its exit status. Append its standard output to @ret_out, and discard its
 * standard error. Remove the directories that stage_tree() created.
 */
int stage_run(int (*run)(int argc, char **argv), int argc, char **argv, struct out *ret_out);

#endif
