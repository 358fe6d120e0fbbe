/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A comparison of a capture with itself must pass or be refused, in any order of the entries. */
#include "fuzz.h"
#include "compare/compare.h"
#include "capture.h"

static struct comparison *compare(const struct efimap *first, const struct efimap *second)
{
	struct comparison *comparison = NULL;

	comparison = compare_captures(first, second);
	return comparison;
}

static int is_refused(const struct comparison *comparison)
{
	const enum verdict verdict = report_verdict(comparison->report);

	return verdict == EFIMAP_VERDICT_NOT_APPLICABLE || verdict == EFIMAP_VERDICT_INCOMPLETE;
}

static void check_itself(const struct efimap *map)
{
	auto_comparison struct comparison *comparison = compare(map, map);

	/* If the map is empty, one note may report that FIRST has no map. */
	fuzz_check(comparison->report->n_findings <= (map->n_entries == 0));
	fuzz_check(comparison->report->n_findings == comparison->report->counts[EFIMAP_NOTE]);
	fuzz_check(is_refused(comparison) ||
		   report_verdict(comparison->report) == EFIMAP_VERDICT_PASS);
}

static void check_renumbered(const struct efimap *map, const struct efimap *other)
{
	auto_comparison struct comparison *comparison = compare(map, other);

	fuzz_check(is_refused(comparison) ||
		   report_verdict(comparison->report) == EFIMAP_VERDICT_PASS);
	for (size_t i = 0; i < comparison->n_matches; i++)
		fuzz_check(comparison->matches[i].mark == EFIMAP_MARK_SAME);
}

static void check_pair(const struct efimap *first, const struct efimap *second)
{
	auto_comparison struct comparison *comparison = compare(first, second);

	for (size_t i = 0; i < comparison->n_matches; i++) {
		const struct entry_match *match = &comparison->matches[i];

		fuzz_check(match->first != EFIMAP_NO_ENTRY || match->second != EFIMAP_NO_ENTRY);
		fuzz_check(match->first == EFIMAP_NO_ENTRY || match->first < first->n_entries);
		fuzz_check(match->second == EFIMAP_NO_ENTRY || match->second < second->n_entries);
	}
	if (report_verdict(comparison->report) == EFIMAP_VERDICT_PASS)
		fuzz_check(comparison->report->counts[EFIMAP_ERROR] == 0);
}

FUZZ_TARGET(const uint8_t *data, size_t size)
{
	const size_t half = size / FUZZ_RECORD / 2 * FUZZ_RECORD;
	auto_map struct efimap *map = fuzz_capture(data, size, false);
	auto_map struct efimap *renumbered = fuzz_capture(data, size, true);
	auto_map struct efimap *front = fuzz_capture(data, half, false);
	auto_map struct efimap *back = fuzz_capture(data + half, size - half, false);

	if (!map)
		return 0;
	check_itself(map);
	check_renumbered(map, renumbered);
	check_pair(front, back);
	return 0;
}
