/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * efimap_verify(): the order of the entries decides nothing. The same entries numbered
 * backwards give the same verdict, the same rules as often, and each rule lies on the same
 * entries.
 */
#include <string.h>

#include <efimap/verify.h>

#include "capture.h"
#include "fuzz.h"

struct spoken {
	size_t findings[EFIMAP_RULE_COUNT];
	uint8_t lies_on[EFIMAP_RULE_COUNT][FUZZ_MAX_RECORDS];
};

static void gather(const struct efimap_report *report, size_t count, bool reverse,
		   struct spoken *spoken)
{
	memset(spoken, 0, sizeof(*spoken));
	for (size_t i = 0; i < report->n_findings; i++) {
		const struct efimap_finding *finding = &report->findings[i];

		fuzz_check(finding->message && finding->message[0]);
		spoken->findings[finding->rule->id]++;
		for (size_t k = 0; k < finding->n_entries; k++) {
			size_t index = finding->entries[k];

			fuzz_check(index < count);
			fuzz_check(k == 0 || finding->entries[k - 1] < index);
			spoken->lies_on[finding->rule->id]
				       [reverse ? count - 1 - index : index] = 1;
		}
	}
}

static struct efimap_report *judge(const uint8_t *data, size_t size, bool reverse,
				   struct spoken *spoken)
{
	struct efimap *map = fuzz_capture(data, size, reverse);
	struct efimap_report *report;

	fuzz_check(efimap_verify(map, NULL, &report) == 0);
	gather(report, map->n_entries, reverse, spoken);
	efimap_free(map);
	return report;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct spoken forward, backward;

	if (size / FUZZ_RECORD > FUZZ_MAX_RECORDS)
		return 0;
	struct efimap_report *one = judge(data, size, false, &forward);
	struct efimap_report *other = judge(data, size, true, &backward);

	fuzz_check(one->verdict == other->verdict);
	fuzz_check(memcmp(one->counts, other->counts, sizeof(one->counts)) == 0);
	for (size_t rule = 0; rule < EFIMAP_RULE_COUNT; rule++) {
		fuzz_check(forward.findings[rule] == backward.findings[rule]);
		fuzz_check(memcmp(forward.lies_on[rule], backward.lies_on[rule],
				  sizeof(forward.lies_on[rule])) == 0);
	}
	efimap_report_free(one);
	efimap_report_free(other);
	return 0;
}
