/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reversing the indices of the entries must not change the verdict, the number of findings, or the
 * entries that each rule reports. Entries with equal fields are interchangeable.
 */
#include "fuzz.h"
#include "answer/verify.h"
#include "rules/facts_for_rules.h"
#include "capture.h"

#define MAX_RECORDS 512u

struct matched {
	size_t findings[EFIMAP_RULE_COUNT];
	size_t counts[EFIMAP_ERROR + 1];
	uint8_t entries_of[EFIMAP_RULE_COUNT][MAX_RECORDS];
};

static size_t first_equal(const struct efimap *map, size_t index, bool reverse)
{
	size_t last = map->n_entries - 1;

	for (size_t i = 0; i <= last; i++)
		if (entries_are_equal(&map->entries[reverse ? last - i : i], &map->entries[index]))
			return i;
	abort();
}

static void gather(const struct report *report, const struct efimap *map, bool reverse,
		   struct matched *matched)
{
	memset(matched, 0, sizeof(*matched));
	for (size_t i = 0; i < report->n_findings; i++) {
		const struct finding *finding = &report->findings[i];

		fuzz_check(finding->message && finding->message[0]);
		matched->findings[finding->rule->id]++;
		matched->counts[finding->severity]++;
		for (size_t k = 0; k < finding->n_entries; k++) {
			size_t index = finding->entries[k];

			fuzz_check(index < map->n_entries);
			fuzz_check(k == 0 || finding->entries[k - 1] < index);
			matched->entries_of[finding->rule->id][first_equal(map, index, reverse)] =
				1;
		}
	}
}

static struct report *verify(const uint8_t *data, size_t size, bool reverse,
			     struct matched *matched)
{
	auto_map struct efimap *map = fuzz_capture(data, size, reverse);
	struct report *report;

	fuzz_check(verify_capture(map, NULL, &report) == 0);
	gather(report, map, reverse, matched);
	return report;
}

static void compare(enum rule_id rule, const struct matched *forward,
		    const struct matched *backward)
{
	const uint8_t *one = forward->entries_of[rule], *other = backward->entries_of[rule];
	bool same = forward->findings[rule] == backward->findings[rule];

	if (same && memcmp(one, other, MAX_RECORDS) == 0)
		return;
	fprintf(stderr, "%s: %zu findings, %zu with reversed indices; entries in one run only:",
		rule_get(rule)->name, forward->findings[rule], backward->findings[rule]);
	for (size_t i = 0; i < MAX_RECORDS; i++)
		if (one[i] != other[i])
			fprintf(stderr, " %zu%s", i, one[i] ? "" : " (reversed)");
	fprintf(stderr, "\n");
	abort();
}

FUZZ_TARGET(const uint8_t *data, size_t size)
{
	static struct matched forward, backward;

	if (size / FUZZ_RECORD > MAX_RECORDS)
		return 0;
	auto_report struct report *one = verify(data, size, false, &forward);
	auto_report struct report *other = verify(data, size, true, &backward);

	for (enum rule_id rule = 0; rule < EFIMAP_RULE_COUNT; rule++)
		compare(rule, &forward, &backward);
	fuzz_check(report_verdict(one) == report_verdict(other));
	fuzz_check(memcmp(forward.counts, backward.counts, sizeof(forward.counts)) == 0);
	return 0;
}
