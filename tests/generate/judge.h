/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cases: one number, one machine and its kernels, one verdict. */
#ifndef TESTS_GENERATE_JUDGE_H
#define TESTS_GENERATE_JUDGE_H

#include "rules/report.h"
#include "machine.h"

#define MAX_FAULTS 256

/* struct tally - what a run has seen: on healthy machines per rule, of faults per row */
struct tally {
	uint64_t cases;
	uint64_t captures;
	uint64_t pairs;
	uint64_t matched[EFIMAP_RULE_COUNT][3];
	uint64_t faults;
	uint64_t applied[MAX_FAULTS];
	uint64_t found[MAX_FAULTS];
};

/* struct story - the machine and the kernels of one case, reused for the next */
struct story {
	struct machine machine;
	struct kernel kernels[3];
	size_t count;
};

/* story_tell() - roll a machine, and one to three kernels that start each other */
void story_tell(struct story *story, struct dice *dice);

/*
 * check_valid() - is everything said of this case what may be said of a healthy machine?
 * @out: where a failure is described; NULL to be silent
 */
bool check_valid(struct story *story, uint64_t seed, uint64_t number, struct tally *tally,
		 FILE *out);

/* check_fault() - is fault number @number of the rows found, on a machine that can have
 * it? */
bool check_fault(struct story *story, uint64_t seed, uint64_t number, struct tally *tally,
		 FILE *out);
/* check_bytes() - is what both loaders hand over read back as it was? */
bool check_bytes(const struct efimap *map);

struct fault;
/* fault_get() - a row of all tables, NULL behind the last; fault_count() - how many */
const struct fault *fault_get(size_t number);
size_t fault_count(void);

/* may_warn() - a warning of this rule is true of this kernel */
bool may_warn(const struct kernel *kernel, enum efimap_rule_id rule);
/* why_may_warn() - where it is, in words; NULL: nowhere */
const char *why_may_warn(enum efimap_rule_id rule);

/* print_capture() - the capture as a snapshot document, to make a fixture of */
void print_capture(const struct efimap *map, FILE *out);
/* print_findings() - one line each, from this severity on */
void print_findings(const struct efimap_report *report, enum efimap_severity from,
		    FILE *out);

/* report_write() - the table of docs/generators.md: which rules the generators reach */
void report_write(const struct tally *tally, uint64_t seed, FILE *out);

#endif
