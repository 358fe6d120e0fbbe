/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_FUZZ_STAGE_H
#define TESTS_FUZZ_STAGE_H

#include <stddef.h>
#include <stdint.h>

#include "base/output_buffer.h"

#define STAGE_FILES 2

/* Write the bytes to file @number. Return its name for the program. */
const char *stage_file(unsigned int number, const uint8_t *data, size_t size);
/* Create a directory with the members of member.h. Return its name. */
const char *stage_tree(unsigned int number, const uint8_t *data, size_t size);
/* Return the exit status of @run and its standard output. Messages are discarded. */
int stage_run(int (*run)(int argc, char **argv), int argc, char **argv,
	      struct efimap_out *ret_out);

#endif
