/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A case: a number from which a machine and its kernels are generated, and the result. */
#ifndef TESTS_GENERATE_CHECK_STORY_H
#define TESTS_GENERATE_CHECK_STORY_H

#include "rules/report.h"
#include "machine.h"

#define MAX_FAULTS 256

/* struct tally - the counts of a run: findings per rule for healthy machines, results per fault */
struct tally {
	uint64_t cases;
	uint64_t captures;
	uint64_t pairs;
	uint64_t matched[EFIMAP_RULE_COUNT][3];
	uint64_t faults;
	uint64_t applied[MAX_FAULTS];
	uint64_t found[MAX_FAULTS];
};

/* struct story - the machine and the kernels of a case; the memory is reused for the next case */
struct story {
	struct machine machine;
	struct kernel kernels[3];
	size_t count;
};

/* story_generate() - generate a machine, and one to three kernels, each of which starts the next */
void story_generate(struct story *story, struct dice *dice);

/*
 * check_valid() - return whether no command reports a problem in this healthy machine
 * @out: stream for the description of a failure; NULL to print nothing
 */
bool check_valid(struct story *story, uint64_t seed, uint64_t number, struct tally *tally,
		 FILE *out);

/* check_fault() - return whether fault @number is reported on a machine that can have it */
bool check_fault(struct story *story, uint64_t seed, uint64_t number, struct tally *tally,
		 FILE *out);
struct fault;
/*
 * fault_get() - return a row of all tables, or NULL after the last; fault_count() - return the
 * number of rows
 */
const struct fault *fault_get(size_t number);
size_t fault_count(void);

/* may_warn() - return whether a warning of this rule is correct for this kernel */
bool may_warn(const struct kernel *kernel, enum efimap_rule_id rule);
/* why_may_warn() - return when a warning of this rule is correct; NULL if it never is */
const char *why_may_warn(enum efimap_rule_id rule);

/* print_capture() - print the capture as a snapshot, which can become a fixture */
void print_capture(const struct efimap *map, FILE *out);
/* print_findings() - print findings of at least this severity, one per line */
void print_findings(const struct efimap_report *report, enum efimap_severity from,
		    FILE *out);

/* report_write() - write the table of --report: the rules that the generators reach */
void report_write(const struct tally *tally, uint64_t seed, FILE *out);

#endif
