/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <inttypes.h>

#include "faults.h"
#include "check_story.h"

static void write_start(enum rule_id id, FILE *out)
{
	const struct fault *fault;
	const char *before = "";

	fprintf(out, "| `%s` | ", rule_get(id)->name);
	for (size_t row = 0; (fault = fault_get(row)); row++) {
		if (fault->rule != id && fault->other != id)
			continue;
		fprintf(out, "%s%s", before, fault->name);
		before = "; ";
	}
	fprintf(out, " | ");
}

static void write_end(const struct tally *tally, enum rule_id id, FILE *out)
{
	static const enum severity severities[] = { EFIMAP_WARNING, EFIMAP_NOTE };
	const char *why = why_may_warn(id);
	bool any = false;

	for (size_t i = 0; i < 2; i++) {
		const uint64_t times = tally->matched[id][severities[i]];

		if (times == 0)
			continue;
		fprintf(out, "%s%s, %" PRIu64 " times", any ? "; " : "",
			severity_name(severities[i]), times);
		if (severities[i] == EFIMAP_WARNING && why)
			fprintf(out, ": %s", why);
		any = true;
	}
	fprintf(out, "%s |\n", any ? "" : "none");
}

void report_write(const struct tally *tally, uint64_t seed, FILE *out)
{
	fprintf(out,
		"# Findings on generated machines\n\n"
		"Written by `scripts/generate N --report=FILE` with seed %" PRIu64 ".\n\n"
		"- Healthy machines: %" PRIu64 " cases with %" PRIu64 " captures and %" PRIu64
		" pairs of kernels. They have no errors.\n  The last "
		"column contains the reason for each warning.\n"
		"- Machines with one fault: %" PRIu64
		" of %zu kinds. Fixtures test the faults that\n  concern only one value.\n\n"
		"| rule | faults that the rule must report | findings on healthy machines |\n"
		"|---|---|---|\n",
		seed, tally->cases, tally->captures, tally->pairs, tally->faults, fault_count());
	for (unsigned int id = 0; id < EFIMAP_RULE_COUNT; id++) {
		write_start((enum rule_id)id, out);
		write_end(tally, (enum rule_id)id, out);
	}
}
