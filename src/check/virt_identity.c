/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The map as a whole: is it mapped onto itself, elsewhere, or both, and what was
 * expected? Each of the three rules speaks once at most.
 */
#include <stdlib.h>

#include <efimap/cleanup.h>

#include "place.h"

/* struct sides - the entries on either side, by index; only @identity and @other listed */
struct sides {
	uint32_t *identity;
	size_t n_identity;
	uint32_t *other;
	size_t n_other;
	bool needed[2];
};

static void sort_out(struct check *c, struct sides *sides)
{
	for (size_t i = 0; i < c->map->n_entries; i++) {
		const struct efimap_entry *entry = &c->map->entries[i];
		const enum check_place place = check_place(c, i);

		if (place == CHECK_PLACE_NONE || place == CHECK_PLACE_ZERO ||
		    place == CHECK_PLACE_NONCANONICAL)
			continue;
		if (place == CHECK_PLACE_IDENTITY)
			sides->identity[sides->n_identity++] = entry->index;
		else
			sides->other[sides->n_other++] = entry->index;
		sides->needed[place == CHECK_PLACE_IDENTITY] |= check_needs_entry(entry);
	}
}

static void name_first(struct check *c, uint32_t index)
{
	const struct efimap_entry *entry = efimap_find_entry(c->map, index);

	check_evidence_field(c, entry, CHECK_FIELD_PHYS);
	check_evidence_field(c, entry, CHECK_FIELD_VIRT);
}

static void identity_partial(struct check *c, const struct sides *sides)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_IDENTITY_PARTIAL;
	/* In a map that should be all identity the others are wrong, else these are. */
	const uint32_t *wrong = c->identity ? sides->other : sides->identity;
	const size_t n_wrong = c->identity ? sides->n_other : sides->n_identity;
	struct check_grade grade = check_usual(rule);

	if (!check_wants(c, rule) || c->options->expect == EFIMAP_EXPECT_IDENTITY ||
	    n_wrong == 0 || (!c->identity && sides->n_other == 0))
		return;
	if (!sides->needed[!c->identity])
		grade.consequence = EFIMAP_CONSEQ_NONE;
	if (check_find_on(c, rule, grade, wrong, n_wrong,
			  c->identity ? "%zu of %zu entries are not mapped onto themselves, in a "
					"map where all should be"
				      : "%zu of %zu entries are mapped onto themselves, the others "
					"are not",
			  n_wrong, sides->n_identity + sides->n_other))
		name_first(c, wrong[0]);
}

static void identity_native(struct check *c, const struct sides *sides)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_IDENTITY_NATIVE;
	const bool virtual = c->options->expect == EFIMAP_EXPECT_VIRTUAL;
	struct check_grade grade = check_usual(rule);

	if (sides->n_identity == 0 || sides->n_other > 0 || !check_wants(c, rule) ||
	    c->options->expect == EFIMAP_EXPECT_IDENTITY || (c->mixed_mode && !virtual))
		return;
	if (!c->native && !virtual) {
		check_skip(c, rule,
			   "neither sys/firmware/efi/fw_platform_size nor boot_params was "
			   "collected, so the map may be that of 32-bit firmware");
		return;
	}
	if (virtual || c->booted_by == EFIMAP_BOOTED_BY_KEXEC)
		grade.severity = EFIMAP_ERROR;
	if (check_find_on(c, rule, grade, sides->identity, sides->n_identity,
			  "all %zu entries are mapped onto themselves, where Linux uses the EFI "
			  "window",
			  sides->n_identity))
		name_first(c, sides->identity[0]);
}

static void nonidentity(struct check *c, const struct sides *sides)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_NONIDENTITY;
	const size_t n_all = sides->n_identity + sides->n_other;

	if (sides->n_other == 0 || !check_wants(c, rule))
		return;
	if (c->options->expect == EFIMAP_EXPECT_IDENTITY) {
		if (check_find_on(c, rule, check_grade(EFIMAP_ERROR, EFIMAP_CONSEQ_NONE),
				  sides->other, sides->n_other,
				  "%zu of %zu entries are not mapped onto themselves, as "
				  "--expect=identity asks",
				  sides->n_other, n_all))
			name_first(c, sides->other[0]);
		return;
	}
	/* What Linux does on 64-bit firmware says nothing about any one entry. */
	if (!c->identity)
		check_find(c, rule, check_usual(rule),
			   "%zu of %zu entries have a virtual address of their own, as Linux "
			   "gives them on 64-bit firmware",
			   sides->n_other, n_all);
}

void check_virt_identity(struct check *c)
{
	struct sides sides = { .identity = check_indices(c), .other = check_indices(c) };
	efimap_auto_free uint32_t *identity = sides.identity;
	efimap_auto_free uint32_t *other = sides.other;

	if (!identity || !other)
		return;
	sort_out(c, &sides);
	/* Skips are noted also for a map without entries. */
	identity_partial(c, &sides);
	(void)check_wants(c, EFIMAP_RULE_IDENTITY_NATIVE);
	(void)check_wants(c, EFIMAP_RULE_NONIDENTITY);
	identity_native(c, &sides);
	nonidentity(c, &sides);
}
