/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One note for each kind of legitimate difference. Compares nothing itself. */
#include <stdio.h>
#include <stdlib.h>

#include "check/compare_notes.h"

static const struct {
	enum efimap_rule_id rule;
	const char *message;
	const char *first;
	const char *second;
} kinds[NOTE_COUNT] = {
	[NOTE_RUNTIME_ADDED] = {
		EFIMAP_RULE_DRIFT_ATTR_RT_ADDED,
		"boot services that SECOND's kernel reserves, which it marks with "
		"EFI_MEMORY_RUNTIME",
		"without EFI_MEMORY_RUNTIME", "with EFI_MEMORY_RUNTIME",
	},
	[NOTE_CUT] = {
		EFIMAP_RULE_DRIFT_PAGES,
		"the same memory at the same virtual addresses, split or merged",
		"in these entries", "in other pieces",
	},
	[NOTE_DROPPED] = {
		EFIMAP_RULE_DRIFT_LOST,
		"without pages, or beyond 2^64: SECOND's kernel removes them as firmware bugs",
		"no valid range", NULL,
	},
	[NOTE_FREED] = {
		EFIMAP_RULE_DRIFT_LOST,
		"without EFI_MEMORY_RUNTIME: FIRST's kernel shows them (efi=debug), SECOND's "
		"frees them",
		"without EFI_MEMORY_RUNTIME", NULL,
	},
	[NOTE_NOT_SHOWN] = {
		EFIMAP_RULE_DRIFT_LOST,
		"boot services, which kernels before 4.9 do not export",
		"boot services", NULL,
	},
	[NOTE_OTHER_BOOT] = {
		EFIMAP_RULE_DRIFT_PAGES,
		"boot services, whose memory the firmware chooses anew in every boot",
		"as of this boot", "as of another boot",
	},
	[NOTE_OTHER_BOOT_LOST] = {
		EFIMAP_RULE_DRIFT_LOST,
		"boot services, whose memory the firmware chooses anew in every boot",
		"as of this boot", NULL,
	},
	[NOTE_OTHER_BOOT_EXTRA] = {
		EFIMAP_RULE_DRIFT_EXTRA,
		"boot services, whose memory the firmware chooses anew in every boot",
		NULL, "as of another boot",
	},
};

void notes_add(struct notes *notes, enum note_kind kind, uint32_t index)
{
	const size_t count = notes->lists[kind].count;
	int ret;

	if (notes->error)
		return;
	ret = efimap_array_reserve(&notes->lists[kind].indices, count,
				   &notes->lists[kind].capacity,
				   sizeof(*notes->lists[kind].indices));
	if (ret < 0) {
		notes->error = ret;
		return;
	}
	notes->lists[kind].indices[count] = index;
	notes->lists[kind].count++;
}

/* An entry in several pieces was added for each; it counts once. There is one at least. */
static size_t count_of(const uint32_t *indices, size_t count)
{
	size_t different = 1;

	for (size_t i = 1; i < count; i++)
		different += indices[i] != indices[i - 1];
	return different;
}

void notes_say(struct compare *c, const struct notes *notes)
{
	if (!c->check.error)
		c->check.error = notes->error;
	for (unsigned int kind = 0; kind < NOTE_COUNT; kind++) {
		const uint32_t *indices = notes->lists[kind].indices;
		const size_t count = notes->lists[kind].count;
		size_t entries;

		if (count == 0)
			continue;
		entries = count_of(indices, count);
		if (check_find_on(&c->check, kinds[kind].rule,
				  check_grade(EFIMAP_NOTE, EFIMAP_CONSEQ_NONE), indices,
				  count, "%zu %s %s", entries,
				  entries == 1 ? "entry:" : "entries:",
				  kinds[kind].message))
			compare_sides(c, kinds[kind].first, kinds[kind].second);
	}
}

void notes_free(struct notes *notes)
{
	for (unsigned int kind = 0; kind < NOTE_COUNT; kind++)
		free(notes->lists[kind].indices);
}
