/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_GENERATE_CHECK_STORY_H
#define TESTS_GENERATE_CHECK_STORY_H

#include "rules/report.h"
#include "machine.h"

#define MAX_FAULTS 256

/*
 * The counts of a run. @matched counts findings on healthy machines by rule and severity. For each
 * fault, @applied counts the machines that have the fault, and @found counts the machines on which
 * the fault is reported.
 */
struct tally {
	uint64_t cases;
	uint64_t captures;
	uint64_t pairs;
	uint64_t matched[EFIMAP_RULE_COUNT][3];
	uint64_t faults;
	uint64_t applied[MAX_FAULTS];
	uint64_t found[MAX_FAULTS];
};

struct story {
	struct machine machine;
	struct kernel kernels[3];
	size_t count;
};

void story_generate(struct story *story, struct dice *dice);

/*
 * check_valid() returns false if a command reports an unexpected problem, and check_fault() returns
 * false if the fault is not reported. Unless @out is NULL, the failure is described on @out.
 */
bool check_valid(struct story *story, uint64_t seed, uint64_t number, struct tally *tally,
		 FILE *out);

bool check_fault(struct story *story, uint64_t seed, uint64_t number, struct tally *tally,
		 FILE *out);
struct fault;
/* Return row @number of all fault tables, counted from 0, or NULL after the last row. */
const struct fault *fault_get(size_t number);
size_t fault_count(void);

bool may_warn(const struct kernel *kernel, enum rule_id rule);
/* Return the reason why a healthy machine may have a warning of @rule, or NULL if it may not. */
const char *why_may_warn(enum rule_id rule);

/* Print the map as "efimapctl dump --json" does. */
void print_capture(const struct efimap *map, FILE *out);
void print_findings(const struct report *report, enum severity from, FILE *out);

void report_write(const struct tally *tally, uint64_t seed, FILE *out);

#endif
