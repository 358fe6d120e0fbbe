/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>

#include "faults.h"
#include "check_story.h"

#define SEED UINT64_C(20140314)
/* With at least this number of cases per fault, each fault must be put into a machine. */
#define ENOUGH 50

static const char usage[] =
	"usage: generate [OPTION...]\n"
	"  -v, --valid=N      generate N healthy machines\n"
	"  -f, --faults=N     generate N machines with one fault each\n"
	"  -s, --seed=N       seed of the random numbers (default: 20140314)\n"
	"  -n, --number=N     begin with case N (default: 0)\n"
	"  -p, --show=N       describe at most N failures of each kind (default: 3)\n"
	"  -r, --report=FILE  write a table of the rules that matched\n";

static const struct option long_options[] = {
	{ "valid", required_argument, NULL, 'v' }, { "faults", required_argument, NULL, 'f' },
	{ "seed", required_argument, NULL, 's' },  { "number", required_argument, NULL, 'n' },
	{ "show", required_argument, NULL, 'p' },  { "report", required_argument, NULL, 'r' },
	{ "help", no_argument, NULL, 'h' },	   { NULL, 0, NULL, 0 },
};

struct options {
	uint64_t seed;
	uint64_t valid;
	uint64_t faults;
	uint64_t first;
	uint64_t show;
	const char *report;
};

static uint64_t number_of(const char *text)
{
	char *end;
	uint64_t value;

	errno = 0;
	value = strtoull(text, &end, 0);
	if (errno || *end || end == text) {
		fprintf(stderr, "generate: %s: not a number\n", text);
		exit(2);
	}
	return value;
}

typedef bool check_one(struct story *story, uint64_t seed, uint64_t number, struct tally *tally,
		       FILE *out);

static uint64_t run(const struct options *options, uint64_t count, const char *option,
		    check_one *check, struct tally *tally)
{
	static struct story story;
	static struct tally ignored;
	uint64_t failed = 0;

	for (uint64_t i = options->first; i < options->first + count; i++) {
		if (check(&story, options->seed, i, tally, NULL))
			continue;
		if (failed++ >= options->show)
			continue;
		printf("to repeat: generate -s %" PRIu64 " -n %" PRIu64 " %s 1\n", options->seed, i,
		       option);
		check(&story, options->seed, i, &ignored, stdout);
	}
	return failed;
}

static bool write_report(const struct options *options, const struct tally *tally)
{
	FILE *out = fopen(options->report, "w");

	if (!out) {
		perror(options->report);
		return false;
	}
	report_write(tally, options->seed, out);
	return fclose(out) == 0;
}

static bool is_each_tried(const struct options *options, const struct tally *tally)
{
	bool each = true;

	if (options->faults < ENOUGH * fault_count())
		return true;
	for (size_t row = 0; row < fault_count(); row++) {
		if (tally->applied[row] > 0)
			continue;
		printf("the fault could not be put into any machine: %s\n", fault_get(row)->name);
		each = false;
	}
	return each;
}

static void take_option(int c, struct options *options)
{
	uint64_t *const numbers[] = { ['v'] = &options->valid,
				      ['f'] = &options->faults,
				      ['s'] = &options->seed,
				      ['n'] = &options->first,
				      ['p'] = &options->show };

	if (c == 'h') {
		fputs(usage, stdout);
		exit(0);
	}
	if (c == 'r')
		options->report = optarg;
	else if (c == '?')
		exit(2);
	else
		*numbers[c] = number_of(optarg);
}

int main(int argc, char **argv)
{
	static struct tally tally;
	struct options options = { .seed = SEED, .show = 3 };
	uint64_t alarms, misses;
	bool good;
	int c;

	while ((c = getopt_long(argc, argv, "v:f:s:n:p:r:h", long_options, NULL)) != -1)
		take_option(c, &options);
	alarms = run(&options, options.valid, "-v", check_valid, &tally);
	misses = run(&options, options.faults, "-f", check_fault, &tally);
	printf("seed %" PRIu64 ": %" PRIu64 " healthy machines, %" PRIu64 " captures, %" PRIu64
	       " pairs, %" PRIu64 " false alarms; %" PRIu64 " faults of %zu kinds, %" PRIu64
	       " missed\n",
	       options.seed, tally.cases, tally.captures, tally.pairs, alarms, tally.faults,
	       fault_count(), misses);
	good = is_each_tried(&options, &tally);
	if (good && options.report)
		good = write_report(&options, &tally);
	return alarms || misses || !good ? 1 : 0;
}
