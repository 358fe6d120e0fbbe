/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The map as a whole: is it mapped onto itself, elsewhere, or both, and what was
 * expected? Each of the three rules speaks once at most.
 */
#include "check/list.h"
#include "check/place.h"

/*
 * struct side - the entries that are mapped onto themselves, or those that are not
 * @first:  the lowest by address
 * @needed: a firmware call needs one of them
 */
struct side {
	size_t count;
	const struct efimap_entry *first;
	bool needed;
};

struct sides {
	struct side identity;
	struct side other;
};

static bool has_side(enum check_place place)
{
	return place != CHECK_PLACE_NONE && place != CHECK_PLACE_ZERO &&
	       place != CHECK_PLACE_NONCANONICAL;
}

static bool is_one_place(uint32_t places)
{
	return (places & (places - 1)) == 0;
}

static struct sides sort_out(const struct check *c)
{
	struct sides sides = { 0 };

	for (size_t i = 0; i < c->map->n_entries; i++) {
		const struct efimap_entry *entry = &c->map->entries[i];
		const enum check_place place = check_place(c, i);
		struct side *side = place == CHECK_PLACE_IDENTITY ? &sides.identity :
								    &sides.other;

		if (!has_side(place))
			continue;
		if (side->count++ == 0)
			side->first = entry;
		if (!side->needed)
			side->needed = check_needs_entry(entry);
		/* As in most maps: then the others add nothing but to the count. */
		if (side->needed && is_one_place(c->sums.places)) {
			side->count = c->map->n_entries;
			break;
		}
	}
	return sides;
}

/* The entries of one side, for a finding on them. */
static void gather(struct check *c, const struct sides *sides, const struct side *side,
		   struct list *list)
{
	for (size_t i = 0; i < c->map->n_entries && !c->error; i++) {
		const enum check_place place = check_place(c, i);

		if (has_side(place) &&
		    (place == CHECK_PLACE_IDENTITY) == (side == &sides->identity))
			list_add(c, list, c->map->entries[i].index);
	}
}

static void name_first(struct check *c, const struct side *side)
{
	check_evidence_field(c, side->first, CHECK_FIELD_PHYS);
	check_evidence_field(c, side->first, CHECK_FIELD_VIRT);
}

static void identity_partial(struct check *c, const struct sides *sides)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_IDENTITY_PARTIAL;
	/* In a map that should be all identity the others are wrong, else these are. */
	const struct side *wrong = c->identity ? &sides->other : &sides->identity;
	struct check_grade grade = check_usual(rule);
	struct list list auto_list = { 0 };

	if (!check_wants(c, rule) || c->options->expect == EFIMAP_EXPECT_IDENTITY ||
	    wrong->count == 0 || (!c->identity && sides->other.count == 0))
		return;
	if (!wrong->needed)
		grade.consequence = EFIMAP_CONSEQ_NONE;
	gather(c, sides, wrong, &list);
	if (check_find_on(c, rule, grade, list.indices, list.count,
			  c->identity ? "%zu of %zu entries are not mapped onto themselves, in a "
					"map where all should be"
				      : "%zu of %zu entries are mapped onto themselves, the others "
					"are not",
			  wrong->count, sides->identity.count + sides->other.count))
		name_first(c, wrong);
}

static void identity_native(struct check *c, const struct sides *sides)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_IDENTITY_NATIVE;
	const bool virtual = c->options->expect == EFIMAP_EXPECT_VIRTUAL;
	struct check_grade grade = check_usual(rule);
	struct list list auto_list = { 0 };

	if (sides->identity.count == 0 || sides->other.count > 0 || !check_wants(c, rule) ||
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
	gather(c, sides, &sides->identity, &list);
	if (check_find_on(c, rule, grade, list.indices, list.count,
			  "all %zu entries are mapped onto themselves, where %s",
			  sides->identity.count,
			  c->kernel_32bit ? "a 32-bit kernel uses addresses of its own" :
					    "Linux uses the EFI window"))
		name_first(c, &sides->identity);
}

static void nonidentity(struct check *c, const struct sides *sides)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_NONIDENTITY;
	const size_t n_all = sides->identity.count + sides->other.count;
	struct list list auto_list = { 0 };

	if (sides->other.count == 0 || !check_wants(c, rule))
		return;
	if (c->options->expect == EFIMAP_EXPECT_IDENTITY) {
		gather(c, sides, &sides->other, &list);
		if (check_find_on(c, rule, check_grade(EFIMAP_ERROR, EFIMAP_CONSEQ_NONE),
				  list.indices, list.count,
				  "%zu of %zu entries are not mapped onto themselves, as "
				  "--expect=identity asks",
				  sides->other.count, n_all))
			name_first(c, &sides->other);
		return;
	}
	/* What Linux always does says nothing about any one entry. */
	if (c->kernel_32bit)
		check_find(c, rule, check_grade(EFIMAP_NOTE, EFIMAP_CONSEQ_NO_EFI),
			   "%zu of %zu entries have addresses of a 32-bit kernel, which no other "
			   "can use: kexec passes no EFI from here, whatever it starts",
			   sides->other.count, n_all);
	else if (!c->identity)
		check_find(c, rule, check_usual(rule),
			   "%zu of %zu entries have a virtual address of their own, as Linux "
			   "gives them on 64-bit firmware",
			   sides->other.count, n_all);
}

void check_virt_identity(struct check *c)
{
	const struct sides sides = sort_out(c);

	/* Skips are noted also for a map without entries. */
	identity_partial(c, &sides);
	(void)check_wants(c, EFIMAP_RULE_IDENTITY_NATIVE);
	(void)check_wants(c, EFIMAP_RULE_NONIDENTITY);
	identity_native(c, &sides);
	nonidentity(c, &sides);
}
