/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which rules the generators reach. */
#ifndef TESTS_GENERATE_REPORT_H
#define TESTS_GENERATE_REPORT_H

#include "judge.h"

/* report_write() - the table of docs/generators.md */
void report_write(const struct tally *tally, uint64_t seed, FILE *out);

#endif
