/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <inttypes.h>

#include "faults.h"
#include "check_story.h"

static void write_start(enum efimap_rule_id id, FILE *out)
{
	const struct fault *fault;
	const char *before = "";

	fprintf(out, "| `%s` | ", efimap_rule_get(id)->name);
	for (size_t row = 0; (fault = fault_get(row)); row++) {
		if (fault->rule != id && fault->other != id)
			continue;
		fprintf(out, "%s%s", before, fault->name);
		before = "; ";
	}
	fprintf(out, " | ");
}

static void write_end(const struct tally *tally, enum efimap_rule_id id, FILE *out)
{
	static const enum efimap_severity severities[] = { EFIMAP_WARNING, EFIMAP_NOTE };
	const char *why = why_may_warn(id);
	bool any = false;

	for (size_t i = 0; i < 2; i++) {
		const uint64_t times = tally->matched[id][severities[i]];

		if (times == 0)
			continue;
		fprintf(out, "%s%s, %" PRIu64 " times", any ? "; " : "",
			efimap_severity_name(severities[i]), times);
		if (severities[i] == EFIMAP_WARNING && why)
			fprintf(out, ": %s", why);
		any = true;
	}
	fprintf(out, "%s |\n", any ? "" : "silent");
}

void report_write(const struct tally *tally, uint64_t seed, FILE *out)
{
	fprintf(out,
		"# What the generators reach\n\n"
		"Written by `scripts/generate --report`; see tests/generate. Seed "
		"%" PRIu64 ".\n\n"
		"- Healthy machines: %" PRIu64 " cases with %" PRIu64
		" captures and %" PRIu64 " pairs of kernels. None has an error; a "
					 "warning only\n  where the last column "
		"says why it is true.\n"
		"- Machines with one fault: %" PRIu64
		" of %zu kinds, each found under the rule "
		"of its row, on its entry. What\n  a rule sees in one value by itself "
		"its "
		"fixture holds, and no row here.\n\n"
		"| rule | faults that it must find | on healthy machines |\n"
		"|---|---|---|\n",
		seed, tally->cases, tally->captures, tally->pairs, tally->faults,
		fault_count());
	for (unsigned int id = 0; id < EFIMAP_RULE_COUNT; id++) {
		write_start((enum efimap_rule_id)id, out);
		write_end(tally, (enum efimap_rule_id)id, out);
	}
}
