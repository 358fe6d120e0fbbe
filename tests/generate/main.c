/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Healthy machines and machines with one fault, made up by the million: the first must
 * pass, every fault must be found under its rule. See --help.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "judge.h"

#define SEED UINT64_C(20140314)

struct options {
	uint64_t seed;
	uint64_t valid;
	uint64_t first;
	uint64_t show;
};

static uint64_t number_of(const char *text)
{
	char *end;
	uint64_t value;

	errno = 0;
	value = strtoull(text, &end, 0);
	if (errno || *end || end == text) {
		fprintf(stderr, "generate: %s is no number\n", text);
		exit(2);
	}
	return value;
}

static uint64_t run_valid(const struct options *options, struct tally *tally)
{
	static struct story story;
	uint64_t failed = 0;

	for (uint64_t i = options->first; i < options->first + options->valid; i++) {
		if (judge_valid(&story, options->seed, i, tally, NULL))
			continue;
		if (failed++ < options->show) {
			printf("seed %" PRIu64 " number %" PRIu64 "\n", options->seed, i);
			judge_valid(&story, options->seed, i, tally, stdout);
		}
	}
	return failed;
}

int main(int argc, char **argv)
{
	static struct tally tally;
	struct options options = { .seed = SEED, .valid = 20000, .show = 3 };
	uint64_t failed;
	int c;

	while ((c = getopt(argc, argv, "s:v:n:p:")) != -1) {
		if (c == 's')
			options.seed = number_of(optarg);
		else if (c == 'v')
			options.valid = number_of(optarg);
		else if (c == 'p')
			options.show = number_of(optarg);
		else if (c == 'n')
			options.first = number_of(optarg);
		else
			return 2;
	}
	failed = run_valid(&options, &tally);
	printf("%" PRIu64 " cases, %" PRIu64 " captures, %" PRIu64 " pairs, %" PRIu64
	       " failed\n",
	       tally.cases, tally.captures, tally.pairs, failed);
	return failed ? 1 : 0;
}
